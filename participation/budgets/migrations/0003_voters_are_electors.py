"""A line of the roll is of an elector, who may have no account.

Each account that voted gets an elector in the electorate of its budget, made from what the process
asks; the lines of the roll then point at them.
"""

import django.db.models.deletion
from django.db import migrations, models

TO_ELECTORS = """
    INSERT INTO electors_electorate
        (activity_id, minimum_age, perimeter_id, links, ways, is_roll_closed, paper_policy,
         shows_turnout)
    SELECT DISTINCT activity.id, process.minimum_age, process.perimeter_id,
           CASE WHEN process.residents_only THEN ARRAY['resident'] ELSE ARRAY[]::text[] END,
           ARRAY['account'], false, 'paper_prevails', true
    FROM budgets_voterrecord AS roll
    JOIN budgets_envelope AS envelope ON envelope.id = roll.poll_id
    JOIN core_activity AS activity ON activity.id = envelope.budget_id
    JOIN core_process AS process ON process.id = activity.process_id;

    INSERT INTO electors_elector
        (electorate_id, account_id, family_name, given_names, is_on_roll)
    SELECT DISTINCT envelope.budget_id, roll.voter_id, '', '', false
    FROM budgets_voterrecord AS roll
    JOIN budgets_envelope AS envelope ON envelope.id = roll.poll_id;

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
