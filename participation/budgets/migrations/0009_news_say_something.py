"""News of a delivery say something; those of before that said nothing take the name of their step."""

from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.utils.translation import gettext, override


def name_by_step(apps: Any, schema_editor: Any) -> None:
    """Give a title to the news that have none: the step, as a new one without title gets it."""
    updates = apps.get_model("budgets", "DeliveryUpdate")
    silent = updates.objects.using(schema_editor.connection.alias).exclude(title__regex=r"\S")
    with override(settings.LANGUAGE_CODE):
        for update in silent.order_by("pk"):
            # The words of a step, or a dash where the step itself is none of ours.
            update.title = gettext(str(update.get_step_display()).strip() or "–")
            update.save(update_fields=["title"])


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0008_count_after_a_judgment"),
    ]

    operations = [
        migrations.RunPython(name_by_step, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="deliveryupdate",
            constraint=models.CheckConstraint(
                condition=models.Q(("title__regex", "\\S")),
                name="delivery_update_says_something",
                violation_error_message="News of a delivery say something: write a title.",
            ),
        ),
    ]
