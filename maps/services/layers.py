"""Reference layers: from a file, all or nothing, or from elsewhere for those who allow it."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from maps import intake
from maps.choices import LayerKind
from maps.intake import Columns, Limits, Read, Refused, Rules
from maps.models import Layer, LayerFeature, Territory
from maps.tile_addresses import check_address

BATCH = 500
SHOWN = 200  # refusals and repairs that a report names; it counts them all
TITLES = ("title", "titre", "name", "nom", "libelle", "label")


class LayerRefused(ValueError):
    """Nothing was written: some features can't be kept. `report` names them."""

    def __init__(self, report: "LayerReport") -> None:
        super().__init__("; ".join(str(problem) for problem in report.refused))
        self.report = report


class ThirdPartiesRefused(PermissionError):
    """This site shows nothing from elsewhere (`MAP_ALLOW_THIRD_PARTIES`)."""


@dataclass(slots=True)
class LayerReport:
    """What an import did, or would do. The lists stop at `SHOWN`, the counts don't."""

    kept: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    repaired_count: int = 0
    repaired: list[Read] = field(default_factory=list)
    refused_count: int = 0
    refused: list[Refused] = field(default_factory=list)

    def add(self, row: Read | Refused) -> None:
        if isinstance(row, Refused):
            self.refused_count += 1
            if len(self.refused) < SHOWN:
                self.refused.append(row)
            return
        self.kept += 1
        kind = row.geometry.geom_type
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if row.repair:
            self.repaired_count += 1
            if len(self.repaired) < SHOWN:
                self.repaired.append(row)


@transaction.atomic
def add_uploaded_layer(*, at: datetime.datetime, **style: Any) -> Layer:
    """A layer without shapes yet; `style` holds `name, credit, licence, tone, pattern, dashed…`."""
    layer = Layer(**style, kind=LayerKind.UPLOADED, url="", updated_at=at)
    layer.full_clean()
    layer.save()
    return layer


@transaction.atomic
def add_external_layer(*, kind: str, url: str, at: datetime.datetime, **style: Any) -> Layer:
    """A layer whose tiles each reader's browser asks of another site.

    Raises `ThirdPartiesRefused` when this site allows none, `ValidationError` for an address that
    can't be one.
    """
    if not settings.MAP_ALLOW_THIRD_PARTIES:
        raise ThirdPartiesRefused(_("This site shows no layer from elsewhere."))
    check_address(url)
    layer = Layer(**style, kind=kind, url=url, updated_at=at)
    layer.full_clean()
    layer.save()
    return layer


@transaction.atomic
def change_layer(*, layer: Layer, at: datetime.datetime) -> Layer:
    """Save what was changed on `layer`; whoever kept a copy of it is told by its version.

    Raises as `add_external_layer` does.
    """
    if layer.kind != LayerKind.UPLOADED:
        if not settings.MAP_ALLOW_THIRD_PARTIES:
            raise ThirdPartiesRefused(_("This site shows no layer from elsewhere."))
        check_address(layer.url)
    now = Layer.objects.select_for_update().get(pk=layer.pk)
    layer.version = now.version + 1
    layer.updated_at = at
    layer.full_clean()
    layer.save()
    return layer


def import_layer(
    *,
    layer: Layer,
    file: BinaryIO,
    file_name: str,
    at: datetime.datetime,
    perimeter: Territory | None = None,
    columns: Columns | None = None,
    limits: Limits | None = None,
    skip_refused: bool = False,
    dry_run: bool = False,
) -> LayerReport:
    """Replace the shapes of an uploaded layer by those of a file; all or nothing.

    With `dry_run`, says what would happen and writes nothing. Shapes wholly outside `perimeter`
    are refused; addresses are looked for inside. Raises `LayerRefused` when a feature can't be
    kept, unless `skip_refused`; `intake.FileRefused` when the file can't be read.
    """
    report = LayerReport()
    rows = _told(
        intake.read(
            file, limits=limits, rules=_rules(perimeter), columns=columns, within=perimeter
        ),
        report,
    )
    if dry_run:
        for _row in rows:
            pass
        return report
    with transaction.atomic():
        current = Layer.objects.select_for_update().get(pk=layer.pk, kind=LayerKind.UPLOADED)
        current.features.all().delete()
        features = (_feature(current, row) for row in rows)
        while batch := list(islice(features, BATCH)):
            LayerFeature.objects.bulk_create(batch)
        if report.refused_count and not skip_refused:
            raise LayerRefused(report)
        current.file_name = file_name[:200]
        current.version += 1
        current.updated_at = at
        current.save(update_fields=["file_name", "version", "updated_at"])
    layer.refresh_from_db()
    return report


def _rules(perimeter: Territory | None) -> Rules:
    if perimeter is None:
        return Rules()
    return Rules(perimeter=perimeter.geometry, perimeter_name=perimeter.name)


def _told(rows: Iterator[Read | Refused], report: LayerReport) -> Iterator[Read]:
    for row in rows:
        report.add(row)
        if isinstance(row, Read):
            yield row


def _feature(layer: Layer, row: Read) -> LayerFeature:
    return LayerFeature(
        layer=layer,
        number=row.number,
        title=_title(row.properties),
        geometry=row.geometry,
        properties=dict(row.properties),
    )


def _title(properties: Any) -> str:
    low = {name.lower(): value for name, value in properties.items()}
    found = next((low[name] for name in TITLES if low.get(name) not in (None, "")), "")
    return " ".join(str(found).split())[:200]
