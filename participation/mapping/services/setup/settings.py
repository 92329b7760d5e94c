"""Rules of a map, changed while it lives: never against those who already contributed."""

from typing import Any

from django.contrib.gis.geos import MultiPolygon
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from participation.core import audit
from participation.core.choices import Visibility
from participation.core.verdict import ALLOWED, Verdict, refuse
from participation.mapping import policies
from participation.mapping.models import MapContribution, ParticipatoryMap
from participation.mapping.services.setup.creation import guests_possible

SETTINGS = (
    "parts",
    "introduction",
    "moderation",
    "without_account",
    "per_person",
    "shows_others",
    "comments_open",
    "source_note",
)
_GONE = (Visibility.WITHDRAWN, Visibility.REJECTED, Visibility.HIDDEN)


@transaction.atomic
def save_settings(
    *, map: ParticipatoryMap, settings: dict[str, Any], actor: Any
) -> ParticipatoryMap:
    """Change the rules named in `settings` (of `SETTINGS`).

    Codes: `not_allowed`, `per_person_wrong`, `guests_not_possible`, `already_shown` when others'
    contributions, shown so far, would be hidden.
    """
    unknown = settings.keys() - set(SETTINGS)
    if unknown:
        raise ValueError(f"No such settings of a map: {sorted(unknown)}")
    verdict = policies.may_set_up(user=actor)
    row = _locked(map)
    changed = {name: value for name, value in settings.items() if getattr(row, name) != value}
    if "without_account" in changed:
        verdict &= guests_possible(changed["without_account"], row.activity.process)
    if changed.get("per_person") is not None and changed["per_person"] < 1:
        verdict &= refuse("per_person_wrong", _("Give at least one contribution per person."))
    if changed.get("shows_others") is False:
        verdict &= _nothing_shown(row)
    verdict.or_refuse()
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.save(update_fields=list(changed))
        audit.record(
            action="parvis.map.settings",
            instance=row.activity,
            actor=actor,
            changed=sorted(changed),
        )
    return row


@transaction.atomic
def save_perimeter(
    *, map: ParticipatoryMap, drawn_perimeter: MultiPolygon | None, actor: Any
) -> ParticipatoryMap:
    """Where one may draw: this area (WGS 84), or the territory of the process.

    Codes: `not_allowed`, `no_place`, `perimeter_crosses_itself`, `contributions_outside` when the
    new perimeter leaves out what is already drawn.
    """
    verdict = policies.may_set_up(user=actor)
    row = _locked(map)
    process = row.activity.process
    if drawn_perimeter is None and process.perimeter is None:
        verdict &= refuse("no_place", _("Say where one may draw: a territory, or an area."))
    elif drawn_perimeter is not None and not drawn_perimeter.valid:
        verdict &= refuse("perimeter_crosses_itself", _("This outline crosses itself."))
    else:
        territory: Any = process.perimeter
        area = drawn_perimeter if drawn_perimeter is not None else territory.geometry
        verdict &= _all_inside(row, area)
    verdict.or_refuse()
    row.drawn_perimeter = drawn_perimeter
    row.save(update_fields=["drawn_perimeter"])
    audit.record(action="parvis.map.perimeter", instance=row.activity, actor=actor)
    return row


def _locked(map: ParticipatoryMap) -> ParticipatoryMap:
    return (
        ParticipatoryMap.objects.select_for_update(of=("self",), no_key=True)
        .select_related("activity__process__perimeter")
        .get(pk=map.pk)
    )


def _nothing_shown(map: ParticipatoryMap) -> Verdict:
    if MapContribution.objects.filter(map=map, is_public=True).exists():
        return refuse(
            "already_shown",
            _("Contributions are already online: hiding them now would deceive their authors."),
        )
    return ALLOWED


def _all_inside(map: ParticipatoryMap, area: Any) -> Verdict:
    outside = (
        MapContribution.objects.filter(map=map, geometry__isnull=False)
        .exclude(contribution__visibility__in=_GONE)
        .exclude(geometry__coveredby=area)
        .count()
    )
    if outside:
        return refuse(
            "contributions_outside",
            ngettext(
                "%(count)d contribution would be outside this perimeter: move it first.",
                "%(count)d contributions would be outside this perimeter: move them first.",
                outside,
            ),
            count=outside,
        )
    return ALLOWED
