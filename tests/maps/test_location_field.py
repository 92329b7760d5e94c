"""The field that asks where."""

import pytest
from django import forms
from django.contrib.gis.geos import Point

from maps.forms import Location, LocationField

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]


class PlaceForm(forms.Form):
    place = LocationField(required=False)

    def __init__(self, *args, perimeter=None, required=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].perimeter = perimeter
        self.fields["place"].required = required


def fill(perimeter, *, required=False, **parts) -> PlaceForm:
    data = {f"place_{part}": value for part, value in parts.items()}
    return PlaceForm(data, perimeter=perimeter, required=required)


def codes(form: PlaceForm) -> list[str]:
    return [error["code"] for error in form.errors.get_json_data().get("place", [])]


def test_a_point_finds_its_neighbourhood(town, neighbourhoods):
    form = fill(town, lat="43.59", lon="1,45", address="  12 rue du Taur ")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["place"] == Location(
        point=Point(1.45, 43.59, srid=4326), territory=neighbourhoods[1], address="12 rue du Taur"
    )


def test_a_neighbourhood_and_words_are_enough(town, neighbourhoods):
    form = fill(town, territory=str(neighbourhoods[2].pk), address="Place du marché")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["place"] == Location(
        territory=neighbourhoods[2], address="Place du marché"
    )


def test_nothing_is_an_empty_location(town):
    form = fill(town)
    assert form.is_valid()
    assert form.cleaned_data["place"] == Location()
    assert not form.cleaned_data["place"]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"lat": "44.9", "lon": "1.42"}, "outside"),
        ({"lat": "1.42", "lon": "43.6"}, "swapped"),
        ({"lat": "43.6"}, "incomplete_point"),
        ({"lat": "ici", "lon": "1.42"}, "not_a_number"),
        ({"lat": "nan", "lon": "1.42"}, "not_a_number"),
        ({"lat": "inf", "lon": "1.42"}, "not_a_number"),
        ({"lat": "4_3.6", "lon": "1.42"}, "not_a_number"),
        ({"lat": "43.6", "lon": "181"}, "out_of_range"),
        ({"territory": "999999"}, "unknown_territory"),
        ({"territory": "1 OR 1=1"}, "unknown_territory"),
        ({"address": "a" * 251}, "address_too_long"),
        ({"address": "rue\x00du Taur"}, "control_characters"),
    ],
)
def test_refusals_are_named_and_keep_what_was_typed(town, neighbourhoods, parts, code):
    form = fill(town, **parts)
    assert codes(form) == [code]
    html = str(form["place"])
    for part, value in parts.items():
        if part != "territory" and "\x00" not in value:
            assert f'value="{value}"' in html


def test_the_sentence_names_the_perimeter(town, neighbourhoods):
    form = fill(town, lat="44.9", lon="1.42")
    assert [str(error) for error in form.errors["place"]] == [
        "Ce point est en dehors de Villebelle."
    ]


def test_a_point_elsewhere_than_the_neighbourhood_chosen(town, neighbourhoods):
    form = fill(town, lat="43.59", lon="1.41", territory=str(neighbourhoods[3].pk))
    assert codes(form) == ["elsewhere"]


def test_required(town):
    assert codes(fill(town, required=True)) == ["required"]
    assert fill(town, required=True, address="Au bord de l’eau").is_valid()


def test_the_list_holds_only_the_perimeters_parts(town, neighbourhoods):
    form = PlaceForm(perimeter=neighbourhoods[0])
    assert form.fields["place"].territories == []
    form = PlaceForm(perimeter=town)
    assert form.fields["place"].territories == neighbourhoods


def test_forms_do_not_share_their_perimeter(town, neighbourhoods):
    first, second = PlaceForm(perimeter=town), PlaceForm(perimeter=None)
    assert 'name="place_territory"' in str(first["place"])
    assert 'name="place_territory"' not in str(second["place"])
    assert 'name="place_territory"' in str(first["place"])


def test_initial_value_is_shown(town, neighbourhoods):
    where = Location(Point(1.42, 43.6, srid=4326), neighbourhoods[0], "Rue <b>Bayard</b>")
    html = str(PlaceForm(initial={"place": where}, perimeter=town)["place"])
    assert 'value="43.600000"' in html
    assert 'value="1.420000"' in html
    assert f'<option value="{neighbourhoods[0].pk}" selected>' in html
    assert 'value="Rue &lt;b&gt;Bayard&lt;/b&gt;"' in html


def test_a_text_keeps_its_markup_escaped(town):
    html = str(fill(town, address='"><script>alert(1)</script>')["place"])
    assert "<script>alert" not in html


def test_query_count(town, neighbourhoods, django_assert_num_queries):
    form = fill(town, lat="43.59", lon="1.45")
    with django_assert_num_queries(2):  # in the perimeter? in which neighbourhood?
        assert form.is_valid()
