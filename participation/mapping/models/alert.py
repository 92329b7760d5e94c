"""Alerts: somebody wants to be told of what is contributed in an area."""

from django.conf import settings
from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from participation.mapping.choices import Frequency
from participation.mapping.models.contribution import MapContribution
from participation.mapping.models.map import MapCategory, ParticipatoryMap


class AreaAlert(models.Model):
    """What somebody follows: an area (WGS 84), a category, words, on one map or on all.

    `radius_metres` says how the area was made when it is a circle around `centre`. Without an
    account, an address must be confirmed before anything is sent.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="area_alerts",
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(max_length=10, default="fr")
    map = models.ForeignKey(
        ParticipatoryMap,
        verbose_name=_("map"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="alerts",
    )
    category = models.ForeignKey(
        MapCategory,
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    words = models.CharField(_("words"), max_length=100, blank=True)
    label = models.CharField(_("name"), max_length=150)
    area = models.MultiPolygonField(_("area"), srid=4326, null=True, blank=True)
    centre = models.PointField(srid=4326, null=True, blank=True, spatial_index=False)
    radius_metres = models.PositiveIntegerField(_("radius (metres)"), null=True, blank=True)
    frequency = models.CharField(
        _("when"), max_length=8, choices=Frequency.choices, default=Frequency.DAILY
    )
    submission_key = models.UUIDField(unique=True, editable=False)
    created_at = models.DateTimeField(_("since"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    sent_at = models.DateTimeField(_("last mail"), null=True, blank=True)

    class Meta:
        verbose_name = _("area alert")
        verbose_name_plural = _("area alerts")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False) ^ ~models.Q(email=""),
                name="area_alert_of_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(radius_metres__isnull=True)
                | models.Q(radius_metres__gte=100, radius_metres__lte=5000),
                name="area_alert_radius_bounded",
                violation_error_message=_("Choose a radius from 100 metres to 5 kilometres."),
            ),
            models.CheckConstraint(
                condition=models.Q(area__isnull=False)
                | models.Q(category__isnull=False)
                | ~models.Q(words="")
                | models.Q(map__isnull=False),
                name="area_alert_follows_something",
                violation_error_message=_("Say what to follow: an area, a category or words."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class AlertHit(models.Model):
    """One contribution that one alert must tell of, or has told of: once, whatever happens."""

    alert = models.ForeignKey(AreaAlert, on_delete=models.CASCADE, related_name="hits")
    contribution = models.ForeignKey(MapContribution, on_delete=models.CASCADE, related_name="+")
    found_at = models.DateTimeField(_("found"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("hit of an alert")
        verbose_name_plural = _("hits of alerts")
        ordering = ["alert", "found_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["alert", "contribution"], name="alert_hit_once"),
        ]
        indexes = [
            models.Index(
                fields=["alert"], name="alert_hit_waiting", condition=models.Q(sent_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert} – {self.contribution_id}"
