"""The lines of the agenda are kept in a table, with indexes, instead of read through a view.

The view stays, as what a line is: triggers write from it the lines of what has changed.
"""

import django.contrib.gis.db.models.fields
import django.db.models.deletion
from django.contrib.postgres.indexes import GistIndex
from django.db import migrations, models

_COLUMNS = (
    *("key", "source", "source_id", "uid", "kind", "title", "summary", "starts_at", "ends_at"),
    *("precision", "certainty", "takes_part", "theme_id", "territory_id", "process_id"),
    *("directorate_id", "council_body", "place", "point", "timezone", "path_part", "sequence"),
    "updated_at",
)
_NAMES = ", ".join(_COLUMNS)
_AGAIN = ", ".join(f"{name} = EXCLUDED.{name}" for name in (*_COLUMNS[3:], "mark"))

TABLE = f"""
ALTER VIEW agenda_entry RENAME TO agenda_entry_source;
CREATE SEQUENCE agenda_entry_mark;
CREATE TABLE agenda_entry (
    key varchar(40) PRIMARY KEY, source varchar(12) NOT NULL, source_id bigint NOT NULL,
    uid varchar(60) NOT NULL, kind varchar(15) NOT NULL, title varchar(400) NOT NULL,
    summary text NOT NULL, starts_at timestamptz NOT NULL, ends_at timestamptz,
    precision varchar(8) NOT NULL, certainty varchar(12) NOT NULL, takes_part boolean NOT NULL,
    theme_id bigint, territory_id bigint, process_id bigint, directorate_id bigint,
    council_body varchar(120) NOT NULL, place varchar(420) NOT NULL,
    point geometry(Point, 4326), timezone varchar(40) NOT NULL,
    path_part varchar(90) NOT NULL, sequence integer NOT NULL, updated_at timestamptz NOT NULL,
    first_quarter date GENERATED ALWAYS AS (
        date_trunc('quarter', starts_at AT TIME ZONE timezone)::date) STORED,
    last_quarter date GENERATED ALWAYS AS (
        CASE WHEN ends_at IS NOT NULL THEN date_trunc('quarter', greatest(
            starts_at AT TIME ZONE timezone, (ends_at AT TIME ZONE timezone) - interval '1 day'
        ))::date END) STORED,
    mark bigint NOT NULL DEFAULT nextval('agenda_entry_mark')
);
ALTER SEQUENCE agenda_entry_mark OWNED BY agenda_entry.mark;
INSERT INTO agenda_entry ({_NAMES}) SELECT {_NAMES} FROM agenda_entry_source;
"""  # noqa: S608 -- our own columns
NO_TABLE = """
DROP TABLE agenda_entry;
ALTER VIEW agenda_entry_source RENAME TO agenda_entry;
"""

# Two transactions may write one line at once, each after a change of its own (a phase, its
# process): the later one waits at the line, then reads what the other one committed.
FUNCTIONS = f"""
CREATE FUNCTION agenda_keep_entries(what text, ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM agenda_entry WHERE source = what AND source_id = ANY (ids);
    INSERT INTO agenda_entry ({_NAMES})
    SELECT {_NAMES} FROM agenda_entry_source WHERE source = what AND source_id = ANY (ids)
    ON CONFLICT (key) DO UPDATE SET {_AGAIN};
END $$;

CREATE FUNCTION agenda_entries_of_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM agenda_keep_entries(TG_ARGV[0], ARRAY(SELECT id FROM changed));
    RETURN NULL;
END $$;

CREATE FUNCTION agenda_entries_of_activities() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM agenda_keep_entries('phase', ARRAY(
        SELECT phase.id FROM core_phase AS phase JOIN changed ON changed.id = phase.activity_id));
    RETURN NULL;
END $$;

CREATE FUNCTION agenda_keep_processes(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM agenda_keep_entries('restitution', ids);
    PERFORM agenda_keep_entries('event', ARRAY(
        SELECT event.id FROM agenda_event AS event WHERE event.process_id = ANY (ids)));
    PERFORM agenda_keep_entries('phase', ARRAY(
        SELECT phase.id FROM core_phase AS phase
        JOIN core_activity AS activity ON activity.id = phase.activity_id
        WHERE activity.process_id = ANY (ids)));
END $$;

CREATE FUNCTION agenda_entries_of_processes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM agenda_keep_processes(ARRAY(SELECT id FROM changed));
    RETURN NULL;
END $$;

CREATE FUNCTION agenda_entries_of_process_themes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM agenda_keep_processes(ARRAY(SELECT process_id FROM changed));
    RETURN NULL;
END $$;

CREATE FUNCTION agenda_entries_of_venues() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM agenda_keep_entries('event', ARRAY(
        SELECT event.id FROM agenda_event AS event JOIN changed ON changed.id = event.venue_id));
    RETURN NULL;
END $$;

CREATE FUNCTION agenda_entries_of_themes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE agenda_entry SET mark = nextval('agenda_entry_mark')
    WHERE theme_id IN (SELECT id FROM changed);
    RETURN NULL;
END $$;

CREATE FUNCTION agenda_entries_of_territories() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE agenda_entry SET mark = nextval('agenda_entry_mark')
    WHERE territory_id IN (SELECT id FROM changed);
    RETURN NULL;
END $$;

CREATE FUNCTION agenda_entries_of_mandates() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM agenda_keep_entries('item', ARRAY(
        SELECT item.id FROM agenda_agendaitem AS item JOIN changed ON changed.id = item.agenda_id));
    RETURN NULL;
END $$;
"""  # noqa: S608 -- our own columns
NO_FUNCTIONS = """
DROP FUNCTION agenda_entries_of_rows, agenda_entries_of_activities, agenda_entries_of_processes,
    agenda_entries_of_process_themes, agenda_entries_of_venues, agenda_entries_of_mandates,
    agenda_entries_of_themes, agenda_entries_of_territories;
DROP FUNCTION agenda_keep_processes;
DROP FUNCTION agenda_keep_entries;
"""

_ALL = ("INSERT", "UPDATE", "DELETE")
_WATCHED = (
    ("agenda_agendaitem", "agenda_entries_of_rows('item')", _ALL),
    ("agenda_event", "agenda_entries_of_rows('event')", _ALL),
    ("core_phase", "agenda_entries_of_rows('phase')", _ALL),
    ("core_activity", "agenda_entries_of_activities()", ("UPDATE",)),
    ("core_process", "agenda_entries_of_processes()", _ALL),
    ("agenda_processtheme", "agenda_entries_of_process_themes()", _ALL),
    ("agenda_venue", "agenda_entries_of_venues()", ("UPDATE",)),
    ("agenda_theme", "agenda_entries_of_themes()", ("UPDATE",)),
    ("maps_territory", "agenda_entries_of_territories()", ("UPDATE",)),
    ("agenda_citizenagenda", "agenda_entries_of_mandates()", ("UPDATE",)),
)
TRIGGERS = "".join(
    f"""
    CREATE TRIGGER agenda_entries_{event.lower()} AFTER {event} ON {table}
    REFERENCING {"OLD" if event == "DELETE" else "NEW"} TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION {function};
    """
    for table, function, events in _WATCHED
    for event in events
)
NO_TRIGGERS = "".join(
    f"DROP TRIGGER agenda_entries_{event.lower()} ON {table};"
    for table, _function, events in _WATCHED
    for event in events
)


def _link(to: str) -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to=to,
    )


_STATE = [
    migrations.AddField(
        model_name="agendaentry",
        name="first_quarter",
        field=models.DateField(editable=False),
    ),
    migrations.AddField(
        model_name="agendaentry",
        name="last_quarter",
        field=models.DateField(null=True, editable=False),
    ),
    migrations.AddField(
        model_name="agendaentry", name="mark", field=models.BigIntegerField(editable=False)
    ),
    migrations.AlterModelOptions(
        name="agendaentry",
        options={
            "ordering": ["starts_at", "key"],
            "verbose_name": "line of the agenda",
            "verbose_name_plural": "lines of the agenda",
        },
    ),
    migrations.AlterField(
        model_name="agendaentry", name="title", field=models.CharField(max_length=400)
    ),
    migrations.AlterField(
        model_name="agendaentry",
        name="point",
        field=django.contrib.gis.db.models.fields.PointField(
            null=True, spatial_index=False, srid=4326
        ),
    ),
    *(
        migrations.AlterField(model_name="agendaentry", name=name, field=_link(to))
        for name, to in (
            ("theme", "agenda.theme"),
            ("territory", "maps.territory"),
            ("process", "core.process"),
            ("directorate", "core.directorate"),
        )
    ),
]
_INDEXES = [
    models.Index(fields=["source", "source_id"], name="agenda_entry_of_source"),
    models.Index(fields=["starts_at", "key"], name="agenda_entry_start"),
    models.Index(fields=["ends_at"], name="agenda_entry_end"),
    models.Index(fields=["-updated_at", "-key"], name="agenda_entry_updated"),
    models.Index(fields=["theme", "starts_at", "key"], name="agenda_entry_theme"),
    models.Index(fields=["territory", "starts_at", "key"], name="agenda_entry_territory"),
    models.Index(fields=["process", "starts_at", "key"], name="agenda_entry_process"),
    models.Index(fields=["directorate", "starts_at"], name="agenda_entry_directorate"),
    GistIndex(fields=["point"], name="agenda_entry_point"),
]


class Migration(migrations.Migration):
    dependencies = [("agenda", "0002_entries"), ("core", "0003_places_of_an_activity")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TABLE, NO_TABLE)], state_operations=_STATE
        ),
        *(migrations.AddIndex(model_name="agendaentry", index=index) for index in _INDEXES),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
