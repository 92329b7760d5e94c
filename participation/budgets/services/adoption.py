"""A contribution to another instrument becomes a project in preparation."""

import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from participation.budgets import policies
from participation.budgets.models import Envelope
from participation.budgets.services.projects import ProjectData, create_project
from participation.core.models import Contribution
from participation.core.verdict import refuse


def adopting_envelopes(user: Any, moment: datetime.datetime) -> list[tuple[str, str]]:
    """(key, name) of the envelopes whose ballot is not sealed, newest edition first."""
    if not policies.may_study(user=user):
        return []
    envelopes = (
        Envelope.objects.filter(poll=None)
        .select_related("budget__activity")
        .order_by("-budget__edition", "budget", "position", "pk")
    )
    return [(str(each.pk), f"{each.budget.activity.title} – {each.name}") for each in envelopes]


@transaction.atomic
def adopt_contribution(
    *, contribution: Contribution, place: str, actor: Any, at: datetime.datetime
) -> str:
    """Make a project in preparation of the envelope `place`; the address of its page.

    Its cost is not known yet: it is that of the whole envelope until an officer writes it. Codes:
    `unknown_place`, and those of `create_project`.
    """
    envelope = (
        Envelope.objects.select_related("budget__activity").filter(pk=place).first()
        if place.isascii() and place.isdigit()
        else None
    )
    if envelope is None:
        refuse("unknown_place", _("Choose where it goes.")).or_refuse()
    assert envelope is not None  # noqa: S101 -- refused just above
    project = create_project(
        envelope=envelope,
        data=ProjectData(
            title=contribution.title,
            description=contribution.body,
            cost_cents=envelope.amount_cents,
            territory=contribution.territory,
            point=contribution.point,
            address=contribution.address,
        ),
        actor=actor,
        at=at,
    )
    return reverse("budgets:project", args=[envelope.budget.activity.slug, project.pk])
