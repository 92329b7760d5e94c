"""The import: idempotent, all or nothing, on the real files too."""

import datetime
import json
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from maps.choices import TerritoryKind
from maps.models import Territory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

DEMO = settings.ROOT / "site" / "demo" / "territories"
MORE = Path(os.environ.get("TERRITORIES_DIR", settings.ROOT / ".." / "shared/data/territoires"))
KINDS = {
    "cantons": TerritoryKind.CANTON,
    "commune": TerritoryKind.MUNICIPALITY,
    "communes": TerritoryKind.MUNICIPALITY,
    "departements": TerritoryKind.DEPARTMENT,
    "epci": TerritoryKind.INTERCOMMUNALITY,
    "quartiers": TerritoryKind.NEIGHBOURHOOD,
}
BOW_TIE = [[1.4, 43.5], [1.5, 43.6], [1.5, 43.5], [1.4, 43.6], [1.4, 43.5]]


def run(*args: object, **options: object) -> str:
    from io import StringIO

    out = StringIO()
    call_command("import_territories", *map(str, args), stdout=out, stderr=out, **options)
    return out.getvalue()


def import_toulouse() -> None:
    run(DEMO / "commune-toulouse.geojson", kind="municipality", source="Réunion des quartiers")
    run(DEMO / "quartiers-toulouse.geojson", parent_code="31555", parent_kind="municipality")


def written(tmp_path: Path, *features: dict) -> Path:
    path = tmp_path / "file.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


def one(code: str, ring: list, **properties: object) -> dict:
    return {
        "type": "Feature",
        "properties": {"code": code, "nom": f"Lieu {code}", **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def square(west: float = 1.4) -> list:
    east = west + 0.1
    return [[west, 43.5], [east, 43.5], [east, 43.6], [west, 43.6], [west, 43.5]]


def test_toulouse_and_its_neighbourhoods():
    import_toulouse()
    town = Territory.objects.get(kind=TerritoryKind.MUNICIPALITY)
    assert (town.code, town.name, town.population) == ("31555", "Toulouse", 514_819)
    parts = Territory.objects.filter(parent=town).order_by("code")
    assert [part.code for part in parts] == [f"31555-{n:02}" for n in range(1, 21)]
    assert {part.kind for part in parts} == {TerritoryKind.NEIGHBOURHOOD}
    # The commune's outline is said to be the union of its neighbourhoods: so it must be.
    union = sum(part.geometry.area for part in parts)
    assert town.geometry.area == pytest.approx(union, rel=1e-6)


def test_again_changes_nothing_and_says_so():
    import_toulouse()
    before = list(Territory.objects.order_by("pk").values("pk", "parent", "source", "population"))
    said = run(DEMO / "quartiers-toulouse.geojson")
    assert "0 created, 0 updated, 20 unchanged, 0 repaired, 0 refused" in said
    assert list(Territory.objects.order_by("pk").values(*before[0])) == before


def test_a_change_updates_one(tmp_path):
    run(written(tmp_path, one("1-1", square()), one("1-2", square(1.6))))
    said = run(written(tmp_path, one("1-1", square(), nom="Nouveau nom"), one("1-2", square(1.6))))
    assert "0 created, 1 updated, 1 unchanged" in said
    assert Territory.objects.get(code="1-1").name == "Nouveau nom"


def test_a_validity_start_makes_another_row(tmp_path):
    run(written(tmp_path, one("1-1", square())))
    run(written(tmp_path, one("1-1", square())), valid_from=datetime.date(2026, 1, 1))
    assert Territory.objects.filter(code="1-1").count() == 2


def test_one_bad_feature_stops_all_of_them(tmp_path):
    path = written(tmp_path, one("1-1", square()), one("1-2", square()[:4]))
    with pytest.raises(CommandError, match=r"1 feature\(s\) refused, nothing imported"):
        run(path)
    assert not Territory.objects.exists()
    said = run(path, skip_refused=True)
    assert "1 created" in said
    assert "feature 2 (1-2 Lieu 1-2): a ring is not closed" in said


def test_a_bad_second_file_stops_the_first_too(tmp_path):
    bad = tmp_path / "bad.geojson"
    bad.write_text("{}")
    with pytest.raises(CommandError, match=r"bad\.geojson"):
        run(written(tmp_path, one("1-1", square())), bad)
    assert not Territory.objects.exists()


def test_what_was_repaired_is_said(tmp_path):
    said = run(written(tmp_path, one("1-1", BOW_TIE)))
    assert "1 repaired" in said
    assert "repaired: 1-1 Lieu 1-1: its outline crossed itself" in said
    assert Territory.objects.get().geometry.valid


def test_dry_run_writes_nothing(tmp_path):
    assert "1 created" in run(written(tmp_path, one("1-1", square())), dry_run=True)
    assert not Territory.objects.exists()


def test_five_characters_need_their_kind(tmp_path):
    """A canton and a commune may have the same five figures: guessing would mix them."""
    path = written(tmp_path, one("52001", square()))
    with pytest.raises(CommandError, match="add --kind"):
        run(path)
    run(path, kind="canton")
    run(path, kind="municipality")
    assert Territory.objects.count() == 2


def test_parents_by_property(tmp_path):
    run(written(tmp_path, one("200067981", square())))
    path = written(tmp_path, one("22070", square(), epci="200067981"))
    run(path, kind="municipality", parent_field="epci", parent_kind="intercommunality")
    assert Territory.objects.get(code="22070").parent.code == "200067981"
    path = written(tmp_path, one("22071", square(), epci="0"))
    with pytest.raises(CommandError, match="1 feature"):
        run(path, kind="municipality", parent_field="epci", parent_kind="intercommunality")


@pytest.mark.parametrize("options", [{"parent_code": "0"}, {"parent_field": "epci"}])
def test_parents_that_cannot_be_found(tmp_path, options):
    with pytest.raises(CommandError):
        run(written(tmp_path, one("1-1", square())), **options)


def test_every_file_at_hand_imports_and_imports_again():
    paths = sorted(MORE.glob("*.geojson"))
    if not paths:
        pytest.skip(f"no boundary file in {MORE}: set TERRITORIES_DIR to read more of them")
    for path in paths:
        kind = KINDS[path.stem.split("-")[0]]
        first, second = run(path, kind=kind), run(path, kind=kind)
        assert " 0 refused" in first
        assert " 0 created, 0 updated" in second, (path.name, second)
