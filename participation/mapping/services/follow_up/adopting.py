"""A contribution goes on elsewhere: another instrument makes something of it."""

import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from participation.core import audit, registry
from participation.core.choices import Visibility
from participation.core.registry import Destination
from participation.core.verdict import ALLOWED, refuse
from participation.mapping import policies
from participation.mapping.choices import TraceKind
from participation.mapping.models import MapContribution, Trace
from participation.mapping.services.contributions import locked
from participation.mapping.services.follow_up.telling import tell_author


def find_destination(key: str) -> Destination | None:
    """The destination of that key among those of all instruments."""
    return next((each for each in registry.destinations() if each.key == key), None)


@transaction.atomic
def adopt(
    *,
    contribution: MapContribution,
    destination: str,
    place: str,
    actor: Any,
    at: datetime.datetime,
) -> Trace:
    """Make something of it elsewhere: a project of a budget, a stop of a visit… Once per kind.

    The trace keeps the address of what was made. Codes: `not_allowed`, `not_public`,
    `unknown_destination`, `unknown_place`, `already_adopted`, and those of the other instrument.
    """
    row = locked(contribution)
    verdict = policies.may_follow_up(user=actor)
    public = row.contribution.visibility == Visibility.PUBLISHED and row.merged_into_id is None
    if not public:
        verdict &= refuse("not_public", _("This contribution is not online by itself."))
    chosen = find_destination(destination)
    verdict &= (
        ALLOWED
        if chosen is not None
        else refuse("unknown_destination", _("Choose what to make of this contribution."))
    )
    verdict.or_refuse()
    assert chosen is not None  # noqa: S101 -- refused just above
    if place not in {value for value, _label in chosen.places(actor, at)}:
        refuse("unknown_place", _("Choose where it goes.")).or_refuse()
    with override(settings.LANGUAGE_CODE):
        label = str(chosen.label)
    if row.traces.filter(kind=TraceKind.ADOPTED, note=label).exists():
        refuse("already_adopted", _("This was already made of it.")).or_refuse()
    path = chosen.adopt(contribution=row.contribution, place=place, actor=actor, at=at)
    trace = Trace.objects.create(
        contribution=row,
        kind=TraceKind.ADOPTED,
        note=label,
        path=path,
        actor=actor,
        happened_at=at,
    )
    audit.record(
        action="parvis.map.adopt",
        instance=row.contribution,
        actor=actor,
        destination=chosen.key,
        path=path,
    )

    def words() -> tuple[str, str]:
        subject = gettext("Your contribution “%(title)s” goes further") % {
            "title": row.contribution.title
        }
        return subject, gettext("The administration takes it up: %(what)s.") % {
            "what": chosen.label
        }

    tell_author(row, kind="map-adopted", key=f"{trace.pk}", words=words, at=at)
    return trace
