"""What becomes of the winners."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import DeliveryStep
from participation.budgets.models.project import Project
from participation.core.models import Directorate


def update_image_path(update: "DeliveryUpdate", filename: str) -> str:
    """A random stored name; pictures are re-encoded, so their suffix is ours."""
    return f"deliveries/{uuid.uuid4().hex}.{filename.rsplit('.', 1)[-1].lower()[:4]}"


class Delivery(models.Model):
    """The carrying out of a winning project, step by step, with dated news."""

    project = models.OneToOneField(
        Project, primary_key=True, on_delete=models.PROTECT, related_name="delivery"
    )
    step = models.CharField(
        _("step"), max_length=12, choices=DeliveryStep.choices, default=DeliveryStep.NOT_STARTED
    )
    directorate = models.ForeignKey(
        Directorate,
        verbose_name=_("lead directorate"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deliveries",
    )
    expected_on = models.DateField(_("expected"), null=True, blank=True)
    completed_on = models.DateField(_("completed"), null=True, blank=True)
    abandonment_reason = models.TextField(_("reason of the abandonment"), blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["project"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(step="abandoned") | models.Q(abandonment_reason__length__gt=0),
                name="delivery_abandoned_with_reason",
                violation_error_message=_("Giving up a project needs its reason."),
            ),
            models.CheckConstraint(
                condition=models.Q(step__in=DeliveryStep.values), name="delivery_step_known"
            ),
        ]

    def __str__(self) -> str:
        return self.project.title


class DeliveryUpdate(models.Model):
    """One dated piece of news of a delivery: a step reached, or simply something to tell."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="updates")
    step = models.CharField(_("step"), max_length=12, choices=DeliveryStep.choices)
    happened_on = models.DateField(_("date"))
    title = models.CharField(_("title"), max_length=150)
    body = models.TextField(_("text"), blank=True)
    image = models.ImageField(_("picture"), upload_to=update_image_path, blank=True)
    image_alt = models.CharField(_("description of the picture"), max_length=250, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("news of a delivery")
        verbose_name_plural = _("news of deliveries")
        ordering = ["delivery", "-happened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(title__regex=r"\S"),
                name="delivery_update_says_something",
                violation_error_message=_("News of a delivery say something: write a title."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
