"""Maps in pages: public things only, kept up to date, and never a broken page."""

from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.blocks import StreamValue
from wagtail.models import Site

from cms.blocks import BodyBlock, MapBlock, MapFigureBlock, MapListBlock
from maps.models import Layer
from participation.core.choices import Visibility
from participation.mapping.models import ParticipatoryMap
from tests.cms.making import make_content, soup, texts, words
from tests.factories.accounts import make_territory
from tests.factories.mapping import make_category, make_map, make_map_contribution

NOW = timezone.now()
HERE = Point(1.444, 43.604, srid=4326)
QUERIES = {"map": 4, "map_contributions": 4, "map_figure": 4}
"""What each block adds to a page."""


@pytest.fixture
def filled(site: Site) -> ParticipatoryMap:
    town = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    map = make_map(process__perimeter=town, activity__title="La carte de la ville")
    west = make_territory("La Gare", kind="neighbourhood", parent=town)
    bikes, shade = make_category(map, "Vélo", position=1), make_category(map, "Ombre", position=2)
    make_map_contribution(map, category=bikes, geometry=HERE, title="Une piste", territory=west)
    make_map_contribution(
        map, category=shade, geometry=HERE, title="Un tilleul", state="planned", territory=west
    )
    make_map_contribution(map, category=shade, title="Un préau", state="done")
    make_map_contribution(map, category=shade, title="Caché", visibility=Visibility.HIDDEN)
    make_map_contribution(map, category=shade, title="Attend", visibility=Visibility.PENDING)
    return map


def stored(kind: str, map: ParticipatoryMap, **values: Any) -> dict[str, Any]:
    """As the database keeps it: keys only."""
    return {
        "type": kind,
        "value": {"map": map.pk, **values},
        "id": f"00000000-0000-4000-8000-00000000000{len(kind) % 10}",
    }


def page_with(*blocks: dict[str, Any]) -> Any:
    page = make_content()
    raw = StreamValue(BodyBlock(), list(blocks), is_lazy=True)
    type(page).objects.filter(pk=page.pk).update(body=raw)
    page.refresh_from_db()
    return page


def listed(response: Any) -> list[str]:
    return texts(response, ".block-map .m-row h3")


def category(map: ParticipatoryMap, name: str) -> int:
    return map.categories.get(name=name).pk


def test_a_map_is_shown_with_its_filters(filled: ParticipatoryMap, client: Any) -> None:
    shade = category(filled, "Ombre")
    page = page_with(
        stored("map", filled, heading="Où ?", height="large", category=shade, state="planned")
    )
    shown = soup(client.get(page.url))
    element = shown.select_one(".block-map [data-tiled-map]")
    query = f"?categorie={shade}&statut=planned"
    assert element["data-tiles-url"].endswith(f"/tuiles/{{z}}/{{x}}/{{y}}.mvt{query}")
    assert "map--large" in element["class"]
    assert words(shown.select_one(".block-map h2")) == "Où ?"
    links = [each["href"] for each in shown.select(".block-map__more a")]
    home = f"/carte/{filled.activity.slug}/{query}"
    assert links == [f"{home}&vue=liste", home]
    assert "1 contribution" in words(shown.select_one(".block-map__more"))


def test_a_map_is_framed_by_what_was_drawn_for_it_or_else_by_its_territory(
    filled: ParticipatoryMap, client: Any
) -> None:
    page = page_with(stored("map", filled, height="medium"))

    def framed() -> tuple[Any, list[str]]:
        settings = client.get(page.url).context
        return settings["shown"].frame.box, [layer.label for layer in settings["layers"]]

    assert framed() == ((1.3, 43.5, 1.6, 43.7), [])
    filled.drawn_perimeter = MultiPolygon(Polygon.from_bbox((1.4, 43.6, 1.5, 43.65)), srid=4326)
    filled.save()
    filled.zones.create(name="Berges", geometry=filled.drawn_perimeter)
    bikes = Layer.objects.create(name="Pistes cyclables", credit="La ville", updated_at=NOW)
    filled.map_layers.create(layer=bikes)
    assert framed() == ((1.4, 43.6, 1.5, 43.65), ["Zones d’intérêt", "Pistes cyclables"])


def test_two_versions_of_a_page_are_compared_by_the_titles_of_their_maps(
    filled: ParticipatoryMap,
) -> None:
    chooser = MapBlock().child_blocks["map"]
    assert chooser.render_basic(chooser.to_python(filled.pk)) == "La carte de la ville"
    assert chooser.render_basic(chooser.to_python(filled.pk + 1)) == ""
    assert chooser.render_basic(None) == ""


def test_a_list_is_narrowed_ordered_and_short(filled: ParticipatoryMap, client: Any) -> None:
    west = filled.activity.process.perimeter.children.get()
    for values, expected in (
        ({"limit": 5, "order": "anciennes"}, {"Une piste", "Un tilleul", "Un préau"}),
        ({"category": category(filled, "Ombre")}, {"Un tilleul", "Un préau"}),
        ({"state": "done"}, {"Un préau"}),
        ({"district": west.pk}, {"Une piste", "Un tilleul"}),
    ):
        page = page_with(stored("map_contributions", filled, **{"limit": 5, **values}))
        assert set(listed(client.get(page.url))) == expected
        page.delete()
    page = page_with(stored("map_contributions", filled, limit=2))
    assert len(listed(client.get(page.url))) == 2


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("contributions", "contributions 3"),
        ("answered", "contributions avec réponse 2"),
        ("planned", "contribution prévue 1"),
        ("not_retained", "contribution non retenue 0"),
    ],
)
def test_a_figure_is_up_to_date(
    filled: ParticipatoryMap, client: Any, figure: str, said: str
) -> None:
    page = page_with(stored("map_figure", filled, figure=figure))
    assert words(soup(client.get(page.url)).select_one(".block-figures")).startswith(said)


def test_a_figure_takes_the_editors_words(filled: ParticipatoryMap, client: Any) -> None:
    page = page_with(stored("map_figure", filled, figure="done", label="abri posé"))
    assert words(soup(client.get(page.url)).select_one(".block-figures")).startswith("abri posé 1")


def test_a_page_may_be_written_with_the_map_itself(filled: ParticipatoryMap, client: Any) -> None:
    """As the demonstration does: a map at hand, and options left out."""
    page = make_content(
        body=[
            ("map", {"heading": "Sur la carte", "map": filled, "height": "medium"}),
            ("map_contributions", {"heading": "", "map": filled, "order": "soutiens", "limit": 3}),
        ]
    )
    response = client.get(page.url)
    assert len(listed(response)) == 3
    assert soup(response).select_one("[data-tiled-map]")


def three(map: ParticipatoryMap) -> list[dict[str, Any]]:
    return [
        stored("map", map, height="medium"),
        stored("map_contributions", map, limit=5),
        stored("map_figure", map, figure="contributions"),
    ]


def test_an_unpublished_map_is_politely_empty(filled: ParticipatoryMap, client: Any) -> None:
    page = page_with(*three(filled))
    process = filled.activity.process
    process.published_at = None
    process.save()
    response = client.get(page.url)
    assert response.status_code == 200
    assert listed(response) == []
    assert b"Une piste" not in response.content
    assert not soup(response).select("[data-tiled-map]")
    assert response.content.decode().count("Cette carte n’est pas en ligne pour le moment.") == 3


def test_what_a_map_keeps_back_is_not_shown(filled: ParticipatoryMap, client: Any) -> None:
    filled.shows_others = False
    filled.save()
    response = client.get(page_with(*three(filled)).url)
    assert listed(response) == []
    assert not soup(response).select("[data-tiled-map], .key-figures, .figures")
    assert b"Une piste" not in response.content


def test_a_deleted_map_category_or_district_breaks_nothing(site: Site, client: Any) -> None:
    map = make_map()
    gone = make_category(map, "Ombre")
    page = page_with(
        *three(map), stored("map_contributions", map, category=gone.pk, district=99999, limit=3)
    )
    gone.delete()
    assert client.get(page.url).status_code == 200
    map.delete()
    response = client.get(page.url)
    assert response.status_code == 200
    assert not soup(response).select(".block-map, .block-figures")
    page.save_revision().publish()
    assert client.get(page.url).status_code == 200


def test_a_preview_shows_the_map(filled: ParticipatoryMap, rf: Any) -> None:
    page = page_with(*three(filled))
    response = page.make_preview_request(preview_mode="")
    response.render() if hasattr(response, "render") else None
    assert len(soup(response).select("[data-tiled-map]")) == 1
    assert len(listed(response)) == 3


@pytest.mark.parametrize("kind", list(QUERIES))
def test_a_constant_number_of_queries(
    site: Site, client: Any, kind: str, django_assert_num_queries: Any
) -> None:
    town = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    map = make_map(process__perimeter=town)
    place = make_category(map)
    make_map_contribution(map, category=place, geometry=HERE)
    page = page_with(stored(kind, map, limit=5, figure="contributions", height="small"))
    bare = make_content(slug="nue")
    client.get(page.url)
    client.get(bare.url)
    with CaptureQueriesContext(connection) as without:
        client.get(bare.url)
    total = len(without) + QUERIES[kind]
    with django_assert_num_queries(total):
        client.get(page.url)
    for _number in range(2):
        make_map_contribution(map, category=place, geometry=HERE)
    with django_assert_num_queries(total):
        client.get(page.url)


@pytest.mark.parametrize("block", [MapBlock(), MapListBlock(), MapFigureBlock()])
def test_a_category_of_another_map_is_refused(site: Site, block: Any) -> None:
    map, other = make_map(), make_map()
    elsewhere = make_category(other)
    value = {**block.get_default(), "map": map, "category": elsewhere}
    with pytest.raises(ValidationError):
        block.clean(block.normalize(value))
    value["category"] = make_category(map)
    assert block.clean(block.normalize(value))["map"] == map


def test_a_map_and_its_category_are_still_chosen_when_a_page_is_edited_again(
    filled: ParticipatoryMap,
) -> None:
    """Else whoever opens the page to mend a comma takes its map away."""
    shade = category(filled, "Ombre")
    block = MapBlock()
    state = block.get_form_state(block.to_python({"map": filled.pk, "category": shade}))
    assert state["map"] == [str(filled.pk)]
    assert state["category"] == [str(shade)]
    assert block.get_form_state(block.to_python({"map": None}))["map"] == [""]


def test_only_keys_are_stored_and_references_are_known(site: Site) -> None:
    map = make_map()
    block = MapBlock()
    value = block.to_python({"map": map.pk, "height": "small"})
    assert block.get_prep_value(value)["map"] == map.pk
    assert (ParticipatoryMap, str(map.pk)) in [
        found[:2] for found in block.extract_references(value)
    ]
