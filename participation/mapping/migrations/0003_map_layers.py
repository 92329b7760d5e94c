"""Reference layers of a map."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0002_follow_visibility"),
        ("maps", "0003_reference_layers"),
    ]

    operations = [
        migrations.CreateModel(
            name="MapLayer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "shown_at_start",
                    models.BooleanField(default=True, verbose_name="shown at start"),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "layer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participatory_maps",
                        to="maps.layer",
                        verbose_name="layer",
                    ),
                ),
                (
                    "map",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="map_layers",
                        to="mapping.participatorymap",
                    ),
                ),
            ],
            options={
                "verbose_name": "layer of a map",
                "verbose_name_plural": "layers of maps",
                "ordering": ["map", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("map", "layer"),
                        name="map_layer_once",
                        violation_error_message="This layer is already on the map.",
                    )
                ],
            },
        ),
    ]
