import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# All that a cast asks before it writes. A function, so that each connection plans it once: planning
# eight tables costs six times what reading them does. `visitor` is the elector who came without an
# account, if any, else the elector of `account` is meant. No row: there is no such poll.
BEFORE = """
CREATE FUNCTION budgets_before_cast(
    activity_slug text, envelope_slug text, visitor bigint, account bigint
) RETURNS TABLE (
    moment timestamptz,
    poll bigint, board bigint, public_key bytea, options_sha256 text, closed timestamptz,
    opened timestamptz, envelope_name text,
    activity bigint, activity_title text,
    process bigint, published timestamptz, cancelled timestamptz,
    has_electorate boolean, minimum_age smallint, age_on date, links text[], ways text[],
    is_roll_closed boolean, frozen timestamptz, perimeter bigint, perimeter_name text,
    elector bigint, elector_account bigint, elector_ways text[], is_on_roll boolean,
    birth_date date, link text,
    cast_keys text[], cast_digest text, deposit_code text, casts integer, voted_on date,
    mailboxes text[]
) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT clock_timestamp(),
        p.envelope_id, p.board_id, p.public_key, p.options_sha256::text, p.closed_at,
        p.opened_at, e.name::text,
        a.id, a.title::text,
        o.id, o.published_at, o.cancelled_at,
        r.activity_id IS NOT NULL, r.minimum_age, r.age_on, r.links::text[], r.ways::text[],
        r.is_roll_closed, r.frozen_at, r.perimeter_id, t.name::text,
        v.id, v.account_id, v.ways::text[], v.is_on_roll, v.birth_date, v.link::text,
        l.cast_keys::text[], l.cast_digest::text, l.deposit_code::text, l.casts::integer,
        l.voted_on,
        (SELECT array_agg(m.email::text ORDER BY m.email) FROM account_emailaddress AS m
         WHERE m.user_id = account AND m.verified)
    FROM core_activity AS a
    JOIN core_process AS o ON o.id = a.process_id
    JOIN budgets_envelope AS e ON e.budget_id = a.id AND e.slug = envelope_slug
    JOIN budgets_poll AS p ON p.envelope_id = e.id
    LEFT JOIN electors_electorate AS r ON r.activity_id = a.id
    LEFT JOIN maps_territory AS t ON t.id = r.perimeter_id
    LEFT JOIN electors_elector AS v ON v.id = coalesce(
        (SELECT w.id FROM electors_elector AS w WHERE w.id = visitor AND w.electorate_id = a.id),
        (SELECT w.id FROM electors_elector AS w
         WHERE w.account_id = account AND w.electorate_id = a.id)
    )
    LEFT JOIN budgets_voterrecord AS l ON l.poll_id = p.envelope_id AND l.voter_id = v.id
    WHERE a.slug = activity_slug;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0005_paper_and_desks"),
        ("electors", "0002_ways_letters_and_roll"),
    ]

    operations = [
        migrations.RunSQL(BEFORE, "DROP FUNCTION budgets_before_cast"),
        pgtrigger.migrations.RemoveTrigger(model_name="poll", name="poll_frozen"),
        pgtrigger.migrations.AddTrigger(
            model_name="poll",
            trigger=pgtrigger.compiler.Trigger(
                name="poll_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."board_id" IS DISTINCT FROM (NEW."board_id") OR OLD."envelope_id" IS DISTINCT FROM (NEW."envelope_id") OR OLD."options" IS DISTINCT FROM (NEW."options") OR OLD."options_sha256" IS DISTINCT FROM (NEW."options_sha256") OR OLD."public_key" IS DISTINCT FROM (NEW."public_key") OR OLD."sealed_at" IS DISTINCT FROM (NEW."sealed_at") OR OLD."tie_seed" IS DISTINCT FROM (NEW."tie_seed"))',
                    func='RAISE EXCEPTION \'pgtrigger: Cannot update of "envelope_id", "board_id", "public_key", "tie_seed", "options", "options_sha256", "sealed_at" rows from % table\', TG_TABLE_NAME;',
                    hash="1c21592dde82e35652e32f5b875e2feb166ea407",
                    operation='UPDATE OF "envelope_id", "board_id", "public_key", "tie_seed", "options", "options_sha256", "sealed_at"',
                    pgid="pgtrigger_poll_frozen_47343",
                    table="budgets_poll",
                    when="BEFORE",
                ),
            ),
        ),
    ]
