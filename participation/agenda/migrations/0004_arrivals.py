"""Arrivals at events, registrations without an address, the reason of a cancellation."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0003_entries_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("people", models.PositiveSmallIntegerField(verbose_name="people arrived")),
                ("arrived_at", models.DateTimeField(verbose_name="arrived")),
                ("noted_at", models.DateTimeField(verbose_name="noted")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
            ],
            options={
                "verbose_name": "check-in",
                "verbose_name_plural": "check-ins",
            },
        ),
        migrations.CreateModel(
            name="WalkIn",
            fields=[
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("people", models.PositiveSmallIntegerField(default=1, verbose_name="people")),
                ("arrived_at", models.DateTimeField(verbose_name="arrived")),
            ],
            options={
                "verbose_name": "arrival without registration",
                "verbose_name_plural": "arrivals without registration",
                "ordering": ["event", "arrived_at", "key"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="registration",
            name="agenda_registered_once",
        ),
        migrations.AddField(
            model_name="registration",
            name="closed_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="reason"),
        ),
        migrations.AlterField(
            model_name="registration",
            name="email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
        ),
        migrations.AlterField(
            model_name="seating",
            name="reminders",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveIntegerField(),
                blank=True,
                default=list,
                size=None,
                verbose_name="reminders (hours before)",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                models.F("event"),
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(
                    ("state__in", ("confirmed", "offered", "unconfirmed", "waiting")),
                    models.Q(("email", ""), _negated=True),
                ),
                name="agenda_registered_once",
                violation_error_message="This address is already registered.",
            ),
        ),
        migrations.AddField(
            model_name="checkin",
            name="noted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="checkin",
            name="registration",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="check_ins",
                to="agenda.registration",
            ),
        ),
        migrations.AddField(
            model_name="walkin",
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="walk_ins",
                to="agenda.event",
            ),
        ),
        migrations.AddField(
            model_name="walkin",
            name="noted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)),
                fields=("registration",),
                name="agenda_checked_in_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.CheckConstraint(
                condition=models.Q(("people__gte", 1)), name="agenda_check_in_somebody"
            ),
        ),
        migrations.AddConstraint(
            model_name="walkin",
            constraint=models.CheckConstraint(
                condition=models.Q(("people__gte", 1), ("people__lte", 20)),
                name="agenda_walk_in_people_bounded",
            ),
        ),
    ]
