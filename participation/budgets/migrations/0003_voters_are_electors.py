"""A line of the roll is of an elector, who may have no account.

Each account that voted gets an elector in the electorate of its budget, made from what the process
asks; the lines of the roll then point at them.
"""

import django.db.models.deletion
from django.db import migrations, models

TO_ELECTORS = """
    -- The foreign key still points at accounts: it goes before the lines change hands.
    DO $$
    DECLARE name text;
    BEGIN
        FOR name IN
            SELECT conname FROM pg_constraint
            WHERE conrelid = 'budgets_voterrecord'::regclass AND contype = 'f'
              AND confrelid = 'accounts_user'::regclass
        LOOP
            EXECUTE format('ALTER TABLE budgets_voterrecord DROP CONSTRAINT %I', name);
        END LOOP;
    END $$;

    -- Through negative numbers, so that no line passes by the key of another.
    UPDATE budgets_voterrecord AS roll SET voter_id = -elector.id
    FROM electors_elector AS elector, budgets_envelope AS envelope
    WHERE envelope.id = roll.poll_id AND elector.electorate_id = envelope.budget_id
      AND elector.account_id = roll.voter_id;
    UPDATE budgets_voterrecord SET voter_id = -voter_id;
"""


def to_electors(apps, schema_editor):
    """By the models as they are at this point: the electorate may have more columns by then."""
    record = apps.get_model("budgets", "VoterRecord")
    electorate, elector = (apps.get_model("electors", name) for name in ("Electorate", "Elector"))
    lines = list(
        record.objects.order_by().values_list("poll__envelope__budget_id", "voter_id").distinct()
    )
    activities = apps.get_model("core", "Activity").objects.select_related("process")
    electorate.objects.bulk_create(
        electorate(
            activity=activity,
            minimum_age=activity.process.minimum_age,
            perimeter_id=activity.process.perimeter_id,
            links=["resident"] if activity.process.residents_only else [],
            ways=["account"],
        )
        for activity in activities.filter(pk__in={budget for budget, _ in lines}).order_by("pk")
    )
    elector.objects.bulk_create(
        (elector(electorate_id=budget, account_id=account) for budget, account in sorted(lines)),
        batch_size=5000,
    )
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(TO_ELECTORS)


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0002_counting_options"),
        ("electors", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(to_electors, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="voterrecord",
            name="voter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="voter_records",
                to="electors.elector",
            ),
        ),
    ]
