"""The public agenda as one relation: items, events, phases and restitution dates."""

from django.db import migrations

ENTRIES = """
CREATE VIEW agenda_entry AS
SELECT
    'item-' || item.id AS key, 'item' AS source, item.id AS source_id, item.uid::text AS uid,
    item.kind AS kind, item.title AS title, item.summary AS summary,
    lower(item.window)::timestamp AT TIME ZONE agenda.timezone AS starts_at,
    upper(item.window)::timestamp AT TIME ZONE agenda.timezone AS ends_at,
    item.precision AS precision, item.certainty AS certainty, false AS takes_part,
    item.theme_id AS theme_id, item.territory_id AS territory_id, item.process_id AS process_id,
    item.directorate_id AS directorate_id, '' AS council_body, '' AS place,
    NULL::geometry(Point, 4326) AS point, agenda.timezone AS timezone, '' AS path_part,
    item.sequence AS sequence, item.updated_at AS updated_at
FROM agenda_agendaitem AS item
JOIN agenda_citizenagenda AS agenda ON agenda.id = item.agenda_id
WHERE item.certainty NOT IN ('idea', 'proposed', 'validated')
  AND (item.certainty <> 'dropped' OR item.announced_at IS NOT NULL)
UNION ALL
SELECT
    'event-' || event.id, 'event', event.id, event.uid::text,
    event.kind, event.title, event.summary, event.starts_at, event.ends_at, 'time',
    CASE event.state
        WHEN 'cancelled' THEN 'dropped' WHEN 'postponed' THEN 'moved'
        WHEN 'held' THEN 'done' ELSE 'announced'
    END,
    event.state = 'scheduled',
    event.theme_id, event.territory_id, event.process_id,
    COALESCE(event.directorate_id, process.owner_id), event.council_body,
    COALESCE(venue.name || ', ' || venue.address, event.address),
    COALESCE(event.point, venue.point), event.timezone, event.slug, event.sequence,
    event.updated_at
FROM agenda_event AS event
LEFT JOIN agenda_venue AS venue ON venue.id = event.venue_id
LEFT JOIN core_process AS process ON process.id = event.process_id
WHERE event.state <> 'draft'
  AND (event.process_id IS NULL OR process.published_at IS NOT NULL)
UNION ALL
SELECT
    'phase-' || phase.id, 'phase', phase.id, 'phase-' || phase.id,
    phase.step, activity.title || ' – ' || phase.title, phase.summary,
    lower(phase.period), upper(phase.period), 'time',
    CASE WHEN process.cancelled_at IS NULL THEN 'announced' ELSE 'dropped' END,
    process.cancelled_at IS NULL AND phase.step IN ('collect', 'decide'),
    theme.theme_id, process.perimeter_id, process.id, process.owner_id, '', '',
    NULL::geometry(Point, 4326), 'Europe/Paris', activity.slug, 0,
    GREATEST(process.published_at, process.cancelled_at)
FROM core_phase AS phase
JOIN core_activity AS activity ON activity.id = phase.activity_id
JOIN core_process AS process ON process.id = activity.process_id
LEFT JOIN agenda_processtheme AS theme ON theme.process_id = process.id
WHERE process.published_at IS NOT NULL
UNION ALL
SELECT
    'restitution-' || process.id, 'restitution', process.id, 'restitution-' || process.id,
    'restitution', process.title, '',
    process.restitution_due_on::timestamp AT TIME ZONE 'Europe/Paris',
    (process.restitution_due_on + 1)::timestamp AT TIME ZONE 'Europe/Paris', 'day',
    CASE WHEN process.cancelled_at IS NULL THEN 'announced' ELSE 'dropped' END,
    false, theme.theme_id, process.perimeter_id, process.id, process.owner_id, '', '',
    NULL::geometry(Point, 4326), 'Europe/Paris', process.slug, 0,
    GREATEST(process.published_at, process.cancelled_at)
FROM core_process AS process
LEFT JOIN agenda_processtheme AS theme ON theme.process_id = process.id
WHERE process.published_at IS NOT NULL AND process.restitution_due_on IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("agenda", "0001_first"), ("core", "0002_answers")]

    operations = [migrations.RunSQL(ENTRIES, "DROP VIEW agenda_entry")]
