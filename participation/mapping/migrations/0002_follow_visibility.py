"""A contribution to a map is public when its spine's row is: PostgreSQL keeps both together."""

from django.db import migrations

FOLLOW = """
CREATE FUNCTION mapping_follow_visibility() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The row's own trigger reads the new visibility and dates the change.
    UPDATE mapping_mapcontribution SET is_public = is_public WHERE contribution_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER mapping_follow_visibility
    AFTER UPDATE OF visibility, title, territory_id ON core_contribution
    FOR EACH ROW
    WHEN (OLD.visibility IS DISTINCT FROM NEW.visibility
          OR OLD.title IS DISTINCT FROM NEW.title
          OR OLD.territory_id IS DISTINCT FROM NEW.territory_id)
    EXECUTE FUNCTION mapping_follow_visibility();
"""

FORGET = """
DROP TRIGGER mapping_follow_visibility ON core_contribution;
DROP FUNCTION mapping_follow_visibility();
"""


class Migration(migrations.Migration):
    dependencies = [("mapping", "0001_initial")]

    operations = [migrations.RunSQL(FOLLOW, FORGET, elidable=False)]
