"""What PostgreSQL must know before any table: geometry, ranges in exclusion constraints,
similarity of titles, and a French search that ignores accents."""

from django.contrib.postgres.operations import (
    BtreeGistExtension,
    CreateExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations

MAKE_SEARCH = """
CREATE TEXT SEARCH CONFIGURATION parvis_fr (COPY = french);
ALTER TEXT SEARCH CONFIGURATION parvis_fr
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        CreateExtension("postgis"),
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(MAKE_SEARCH, "DROP TEXT SEARCH CONFIGURATION parvis_fr", elidable=False),
    ]
