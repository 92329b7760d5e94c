"""The last quarter of a line is that of its last instant.

It was that of the day before its end: right for whole days, but a meeting that ends after midnight
on the first day of a quarter was missing from that quarter's count.
"""

from django.db import migrations

WITH_END = """
DROP INDEX agenda_entry_quarters;
ALTER TABLE agenda_entry DROP COLUMN last_quarter, ADD COLUMN last_quarter date
    GENERATED ALWAYS AS (CASE WHEN ends_at IS NOT NULL THEN date_trunc('quarter', greatest(
        starts_at AT TIME ZONE timezone, (ends_at AT TIME ZONE timezone) - interval '{before}'
    ))::date END) STORED;
CREATE INDEX agenda_entry_quarters ON agenda_entry
    (theme_id, source, first_quarter, last_quarter) INCLUDE (starts_at, ends_at);
"""


class Migration(migrations.Migration):
    dependencies = [("agenda", "0005_quarters_counted")]

    operations = [
        migrations.RunSQL(
            WITH_END.format(before="1 microsecond"),
            reverse_sql=WITH_END.format(before="1 day"),
        ),
    ]
