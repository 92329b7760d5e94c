"""When the squares of a map were last counted: tiles made before are no longer the same."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mapping", "0003_map_layers")]

    operations = [
        migrations.AddField(
            model_name="participatorymap",
            name="cells_counted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
