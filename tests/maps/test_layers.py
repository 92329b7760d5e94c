"""Reference layers: imported all or nothing, shown bounded, from elsewhere only when allowed."""

import datetime
import io
import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from wagtail.models import ModelLogEntry

from maps import queries, views
from maps.intake import FileRefused
from maps.models import Layer, LayerFeature
from maps.services import (
    LayerRefused,
    ThirdPartiesRefused,
    add_external_layer,
    add_uploaded_layer,
    change_layer,
    import_layer,
)
from maps.tile_addresses import check_address, content_sources

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NOW = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.UTC)
STYLE = {"name": "Pistes cyclables", "credit": "Ville de Villebelle", "tone": 3}
TILES = "https://tiles.example.org/plan/{z}/{x}/{y}.png"
INDEX = "/gestion/couches/"


def point(x: Any, y: Any, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [x, y]},
    }


def file_of(*features: Any) -> io.BytesIO:
    document = {"type": "FeatureCollection", "features": list(features)}
    return io.BytesIO(json.dumps(document).encode())


@pytest.fixture
def layer() -> Layer:
    return add_uploaded_layer(**STYLE, at=NOW)


def load(layer: Layer, *features: Any, **options: Any):
    return import_layer(
        layer=layer, file=file_of(*features), file_name="pistes.geojson", at=NOW, **options
    )


def test_an_import_replaces_the_shapes(layer):
    load(layer, point(1.4, 43.5, nom="Ancien"))
    report = load(layer, point(1.41, 43.51, nom="Quai"), point(1.42, 43.52, titre="Pont", n=3))
    assert (report.kept, report.kinds, report.refused_count) == (2, {"Point": 2}, 0)
    assert list(layer.features.values_list("number", "title", "properties")) == [
        (1, "Quai", {"nom": "Quai"}),
        (2, "Pont", {"titre": "Pont", "n": 3}),
    ]
    assert (layer.version, layer.file_name) == (3, "pistes.geojson")


def test_a_bad_feature_leaves_the_layer_as_it_was(layer):
    load(layer, point(1.4, 43.5, nom="Ancien"))
    with pytest.raises(LayerRefused) as refused:
        load(layer, point(1.41, 43.51), point("x", 43.51, nom="Faux"))
    assert [str(each) for each in refused.value.report.refused] == [
        "feature 2 (Faux): a coordinate is not a number"
    ]
    assert list(layer.features.values_list("title", flat=True)) == ["Ancien"]
    report = load(layer, point(1.41, 43.51, nom="Quai"), point("x", 43.51), skip_refused=True)
    assert (report.kept, report.refused_count) == (1, 1)
    assert list(layer.features.values_list("title", flat=True)) == ["Quai"]


def test_a_file_that_breaks_in_the_middle_writes_nothing(layer):
    load(layer, point(1.4, 43.5, nom="Ancien"))
    broken = file_of(*[point(1.4, 43.5)] * 2000).getvalue()[:-20]
    with pytest.raises(FileRefused, match="not JSON"):
        import_layer(layer=layer, file=io.BytesIO(broken), file_name="x", at=NOW)
    assert list(layer.features.values_list("title", flat=True)) == ["Ancien"]


def test_a_trial_writes_nothing(layer):
    report = load(layer, point(1.4, 43.5), dry_run=True)
    assert report.kept == 1
    assert not LayerFeature.objects.exists()
    layer.refresh_from_db()
    assert layer.version == 1


def test_a_perimeter_refuses_what_is_outside_and_turns_what_is_swapped(layer, town):
    report = load(
        layer, point(1.41, 43.6), point(43.6, 1.41), point(2.35, 48.85),
        perimeter=town, skip_refused=True,
    )  # fmt: skip
    assert [each.reason for each in report.refused] == [
        "it is outside Villebelle (2.35000, 48.85000)"
    ]
    assert [each.number for each in report.repaired] == [2]
    assert list(layer.features.values_list("geometry", flat=True)) == [
        Point(1.41, 43.6, srid=4326),
        Point(1.41, 43.6, srid=4326),
    ]


def test_layers_from_elsewhere_need_the_sites_consent(settings):
    settings.MAP_ALLOW_THIRD_PARTIES = False
    with pytest.raises(ThirdPartiesRefused):
        add_external_layer(**STYLE, kind="raster", url=TILES, at=NOW)
    settings.MAP_ALLOW_THIRD_PARTIES = True
    made = add_external_layer(**STYLE, kind="raster", url=TILES, at=NOW)
    assert queries.shown_layers([made]) == [made]
    settings.MAP_ALLOW_THIRD_PARTIES = False
    assert queries.shown_layers([made]) == []
    with pytest.raises(ThirdPartiesRefused):
        change_layer(layer=made, at=NOW)


def test_the_policy_lets_in_only_the_layers_of_the_page():
    assert content_sources([("uploaded", "")]) == {}
    assert content_sources(
        [
            ("raster", TILES),
            ("raster", "https://tiles.example.org/autre/{z}/{x}/{y}"),
            ("vector", "https://vecteur.example.org/{z}/{x}/{y}.pbf"),
        ]
    ) == {
        "img-src": ["https://tiles.example.org"],
        "connect-src": ["https://vecteur.example.org"],
    }


@pytest.mark.parametrize(
    "url",
    [
        "http://tiles.example.org/{z}/{x}/{y}",
        "https://tiles.example.org/{z}/{x}",
        "https://tiles.example.org/{z}/{x}/{y}/{s}",
        "https://{z}.example.org/{x}/{y}",
        "https://moi:secret@example.org/{z}/{x}/{y}",
        "https://example.org:8443/{z}/{x}/{y}",
        "https://127.0.0.1/{z}/{x}/{y}",
        "https://[::1]/{z}/{x}/{y}",
        "https://localhost/{z}/{x}/{y}",
        "https://example.org; script-src */{z}/{x}/{y}",
        "https://example.org/'/{z}/{x}/{y}",
        "javascript:alert(1)//{z}{x}{y}",
        "https://exämple.org/{z}/{x}/{y}",
    ],
)
def test_addresses_that_cannot_be_tiles(url):
    with pytest.raises(ValidationError):
        check_address(url)


def test_the_database_keeps_kind_and_address_together(layer):
    with pytest.raises(IntegrityError), transaction.atomic():
        Layer.objects.filter(pk=layer.pk).update(url=TILES)
    with pytest.raises(IntegrityError), transaction.atomic():
        Layer.objects.filter(pk=layer.pk).update(tone=9)


def test_the_public_address(client, layer, django_assert_num_queries):
    load(layer, point(1.4, 43.5, nom="Quai", title="?"), point(1.9, 43.9))
    address = f"/cartes/couches/{layer.pk}.geojson"
    with django_assert_num_queries(4):
        answer = client.get(address)
    body = answer.json()
    assert [each["properties"]["title"] for each in body["features"]] == ["?", ""]
    assert (body["complete"], body["attribution"]) == (True, "Ville de Villebelle")
    assert body["layer"] == {
        "name": "Pistes cyclables", "tone": 3, "pattern": "plain", "dashed": False
    }  # fmt: skip
    assert "public" in answer["Cache-Control"]
    again = client.get(address, headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    load(layer, point(1.4, 43.5))
    assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 200
    inside = client.get(address, {"box": "1.3,43.4,1.5,43.6"}).json()
    assert len(inside["features"]) == 1
    assert client.get(address, {"box": "1.6,43.4,1.7,43.6"}).json()["features"] == []


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "3,2,1,4", "nan,1,2,3", "-200,1,2,3"])
def test_a_box_that_is_none(client, layer, box):
    assert client.get(f"/cartes/couches/{layer.pk}.geojson", {"box": box}).status_code == 400


def test_the_public_address_is_bounded(client, layer, monkeypatch):
    load(layer, *[point(1.4, 43.5)] * 4)
    address = f"/cartes/couches/{layer.pk}.geojson"
    monkeypatch.setattr(views, "MAX_LAYER_FEATURES", 3)
    body = client.get(address).json()
    assert (len(body["features"]), body["complete"]) == (3, False)
    monkeypatch.setattr(views, "MAX_LAYER_POSITIONS", 2)
    body = client.get(address).json()
    assert (len(body["features"]), body["complete"]) == (2, False)


def test_a_layer_in_preparation_is_nobodys(client, layer):
    Layer.objects.filter(pk=layer.pk).update(published=False)
    address = f"/cartes/couches/{layer.pk}.geojson"
    assert client.get(address).status_code == 404
    client.force_login(staff("view_layer"))
    answer = client.get(address)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_shapes_in_a_box_are_found_by_the_index(layer):
    LayerFeature.objects.bulk_create(
        LayerFeature(
            layer=layer, number=place, geometry=Point(place / 1000, place % 7 / 10, srid=4326)
        )
        for place in range(5000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE maps_layerfeature")
    plan = queries.layer_shapes(layer, box=(1.0, 0.0, 1.01, 0.2), tolerance_degrees=0.001).explain()
    assert "maps_layerfeature_geometry" in plan


def staff(*codenames: str):
    user = get_user_model().objects.create_user(email="agent@example.org", password="un long mot")
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return user


@pytest.fixture
def officer(client):
    user = staff("view_layer", "add_layer", "change_layer", "delete_layer")
    client.force_login(user)
    return user


def typed(**values: object) -> dict[str, object]:
    return {
        "name": "Pistes", "kind": "uploaded", "credit": "Ville", "licence": "", "tone": "2",
        "pattern": "hatched", "published": "on", **values,
    }  # fmt: skip


@pytest.mark.usefixtures("french")
class TestOffice:
    def test_create_preview_import_replace_delete(self, client, officer):
        made = client.post(f"{INDEX}new/", typed())
        layer = Layer.objects.get()
        address = f"{INDEX}importer/{layer.pk}/"
        assert made["Location"] == address
        bad = file_of(point(1.4, 43.5), point("x", 1, nom="<i>Faux</i>")).getvalue()
        preview = client.post(
            address, {"file": SimpleUploadedFile("p.geojson", bad), "perimeter": ""}
        ).content.decode()
        assert "1 forme conservée" in preview
        assert "une coordonnée n’est pas un nombre" in preview
        assert "&lt;i&gt;Faux&lt;/i&gt;" in preview
        assert not LayerFeature.objects.exists()
        undecided = client.post(address, {"confirm": "1", "perimeter": ""})
        assert "Rien n’a été importé" in undecided.content.decode()
        assert not LayerFeature.objects.exists()
        done = client.post(address, {"confirm": "1", "perimeter": "", "skip_refused": "1"})
        assert done["Location"] == INDEX
        assert LayerFeature.objects.get().layer == layer
        entry = ModelLogEntry.objects.get(action="parvis.layer.import")
        assert entry.data == {"file": "p.geojson", "kept": 1, "repaired": 0, "refused": 1}
        assert default_storage.listdir("imports/layers") == ([], [])
        assert "Pistes" in client.get(INDEX).content.decode()
        before = Layer.objects.get().version
        client.post(f"{INDEX}edit/{layer.pk}/", typed(name="Voies", kind="raster"))
        layer.refresh_from_db()
        assert (layer.name, layer.kind, layer.version) == ("Voies", "uploaded", before + 1)
        client.post(f"{INDEX}delete/{layer.pk}/")
        assert not Layer.objects.exists()
        assert not LayerFeature.objects.exists()

    def test_layers_from_elsewhere(self, client, officer, settings):
        settings.MAP_ALLOW_THIRD_PARTIES = False
        client.post(f"{INDEX}new/", typed(kind="raster", url=TILES))
        assert not Layer.objects.exists()
        settings.MAP_ALLOW_THIRD_PARTIES = True
        refused = client.post(f"{INDEX}new/", typed(kind="raster", url="http://x/{z}/{x}/{y}"))
        assert "https://" in refused.content.decode()
        assert not Layer.objects.exists()
        client.post(f"{INDEX}new/", typed(kind="raster", url=""))
        client.post(f"{INDEX}new/", typed(kind="uploaded", url=TILES))
        assert not Layer.objects.exclude(kind="uploaded", url="").exists()
        client.post(f"{INDEX}new/", typed(kind="raster", url=TILES))
        assert Layer.objects.get(kind="raster").url == TILES

    def test_a_file_that_cannot_be_read(self, client, officer, layer):
        page = client.post(
            f"{INDEX}importer/{layer.pk}/",
            {"file": SimpleUploadedFile("p.kml", b"<kml><!DOCTYPE x>"), "perimeter": ""},
        ).content.decode()
        assert "XML" in page

    def test_nobody_imports_without_the_right(self, client, layer):
        client.force_login(staff("view_layer"))
        assert client.get(f"{INDEX}importer/{layer.pk}/").status_code in (302, 403)

    @pytest.mark.parametrize("number", [1, 4])
    def test_the_list_costs_the_same_at_any_size(
        self, client, officer, number, django_assert_num_queries
    ):
        for _time in range(number):
            add_uploaded_layer(**STYLE, at=NOW)
        client.get(INDEX)
        with django_assert_num_queries(11):
            assert client.get(INDEX).status_code == 200
