"""What a map shows besides contributions: zones of interest, reference layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import MultiPolygon
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maps.models import Layer
from participation.core import audit
from participation.core.verdict import ALLOWED, Verdict, refuse
from participation.mapping import policies
from participation.mapping.models import MapLayer, ParticipatoryMap, Zone

MAX_ZONES = 200


@dataclass(frozen=True, slots=True)
class ZonePlan:
    """A zone as its officer draws it (WGS 84)."""

    name: str
    geometry: MultiPolygon
    description: str = ""
    position: int = 0


@transaction.atomic
def save_zone(*, map: ParticipatoryMap, zone: Zone | None, plan: ZonePlan, actor: Any) -> Zone:
    """Add a zone of interest or change one.

    Codes: `not_allowed`, `name_missing`, `name_taken`, `name_too_long`, `zone_crosses_itself`,
    `too_many_zones`.
    """
    verdict = policies.may_set_up(user=actor)
    row = Zone(map=map)
    if zone is not None:
        row = Zone.objects.select_for_update(of=("self",), no_key=True).get(pk=zone.pk, map=map)
    elif map.zones.count() >= MAX_ZONES:
        verdict &= refuse(
            "too_many_zones", _("A map has at most %(limit)d zones."), limit=MAX_ZONES
        )
    verdict &= _complete(map, row, plan)
    verdict.or_refuse()
    row.name, row.description = plan.name.strip(), plan.description.strip()
    row.geometry, row.position = plan.geometry, plan.position
    row.save()
    audit.record(action="parvis.map.zone", instance=map.activity, actor=actor, name=row.name)
    return row


def save_zones(*, map: ParticipatoryMap, plans: Sequence[ZonePlan], actor: Any) -> list[Zone]:
    """Add the zones of a file, or change those of the same name: all of them or none.

    Codes: those of `save_zone`.
    """
    with transaction.atomic():
        known = {zone.name: zone for zone in map.zones.order_by("pk")}
        return [
            save_zone(map=map, zone=known.get(plan.name.strip()), plan=plan, actor=actor)
            for plan in plans
        ]


@transaction.atomic
def remove_zone(*, zone: Zone, actor: Any) -> None:
    """Remove a zone of interest; contributions don't depend on it. Code: `not_allowed`."""
    policies.may_set_up(user=actor).or_refuse()
    audit.record(
        action="parvis.map.zone", instance=zone.map.activity, actor=actor, removed=zone.name
    )
    zone.delete()


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """One reference layer of a map."""

    layer: Layer
    shown_at_start: bool = True


@transaction.atomic
def attach_layers(
    *, map: ParticipatoryMap, layers: Sequence[LayerPlan], actor: Any
) -> list[MapLayer]:
    """The reference layers of a map, in this order; the list replaces the former one.

    Codes: `not_allowed`, `layer_twice`.
    """
    verdict = policies.may_set_up(user=actor)
    keys = [plan.layer.pk for plan in layers]
    if len(set(keys)) != len(keys):
        verdict &= refuse("layer_twice", _("This layer is already on the map."))
    verdict.or_refuse()
    ParticipatoryMap.objects.select_for_update(no_key=True).get(pk=map.pk)
    map.map_layers.all().delete()
    rows = MapLayer.objects.bulk_create(
        [
            MapLayer(
                map=map, layer=plan.layer, shown_at_start=plan.shown_at_start, position=position
            )
            for position, plan in enumerate(layers)
        ]
    )
    audit.record(
        action="parvis.map.layers",
        instance=map.activity,
        actor=actor,
        layers=[plan.layer.name for plan in layers],
    )
    return rows


def _complete(map: ParticipatoryMap, row: Zone, plan: ZonePlan) -> Verdict:
    verdict = ALLOWED
    name = plan.name.strip()
    if not name:
        verdict &= refuse("name_missing", _("Give the zone a name."))
    if len(name) > 100:
        verdict &= refuse("name_too_long", _("The name of a zone has at most 100 characters."))
    if map.zones.filter(name=name).exclude(pk=row.pk).exists():
        verdict &= refuse("name_taken", _("This map already has a zone of that name."))
    if not plan.geometry.valid or plan.geometry.empty:
        verdict &= refuse("zone_crosses_itself", _("This outline crosses itself."))
    return verdict
