"""The field that asks for a point, a line or an area."""

import random
import time

import pytest
from django import forms
from django.contrib.gis.geos import LineString, MultiPolygon, Point, Polygon
from django.core.exceptions import ValidationError

from maps.forms import Drawing, GeometryField
from maps.models import Territory
from tests.maps.conftest import square

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]

# The town goes from 43.58 to 43.66 and from 1.40 to 1.48.
LINE = "43.59, 1.41\n43.60, 1.42\n43.61, 1.42"
AREA = "43.59, 1.41\n43.59, 1.42\n43.60, 1.42\n43.60, 1.41"


class DrawForm(forms.Form):
    where = GeometryField(required=False)

    def __init__(self, *args, perimeter=None, initial=None, **options):
        super().__init__(*args, initial=initial)
        field = self.fields["where"]
        field.perimeter = perimeter
        for name, value in options.items():
            setattr(field, name, value)


def fill(perimeter, kind="", vertices="", territory="", address="", **options) -> DrawForm:
    data = {
        "where_kind": kind,
        "where_vertices": vertices,
        "where_territory": territory,
        "where_address": address,
    }
    return DrawForm(data, perimeter=perimeter, **options)


def drawn(perimeter, kind, vertices, **options) -> Drawing:
    form = fill(perimeter, kind, vertices, **options)
    assert form.is_valid(), form.errors
    return form.cleaned_data["where"]


def codes(form: DrawForm) -> list[str]:
    return [error["code"] for error in form.errors.get_json_data().get("where", [])]


def sentences(form: DrawForm) -> list[str]:
    return [str(error).replace("\u00a0", " ") for error in form.errors.get("where", [])]


# ── What it gives ───────────────────────────────────────────────────────────────────────────────


def test_a_point_finds_its_neighbourhood(town, neighbourhoods):
    assert drawn(town, "point", "43,59; 1,45") == Drawing(
        Point(1.45, 43.59, srid=4326), neighbourhoods[1], ""
    )


def test_a_line_belongs_to_where_its_middle_is(town, neighbourhoods):
    line = drawn(town, "line", "43.59, 1.41\n43.65, 1.41\n43.65, 1.42")
    assert line == Drawing(
        LineString((1.41, 43.59), (1.41, 43.65), (1.42, 43.65), srid=4326), neighbourhoods[2]
    )
    assert line.kind == "line"


def test_an_area_may_be_closed_by_hand_or_not(town, neighbourhoods):
    ring = [(1.41, 43.59), (1.42, 43.59), (1.42, 43.60), (1.41, 43.60), (1.41, 43.59)]
    expected = Drawing(Polygon(ring, srid=4326), neighbourhoods[0])
    assert drawn(town, "area", AREA) == expected
    closed = drawn(town, "area", AREA + "\n43.59, 1.41\n")
    assert closed == expected
    assert closed.notes == ()


def test_an_address_or_a_territory_is_enough(town, neighbourhoods):
    chosen = str(neighbourhoods[2].pk)
    form = fill(town, "area", territory=chosen, address=" Place du marché ")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["where"] == Drawing(
        territory=neighbourhoods[2], address="Place du marché"
    )
    assert not form.cleaned_data["where"].kind


def test_nothing_is_an_empty_drawing(town):
    assert fill(town, "line").is_valid()
    assert not drawn(town, "line", " \n ")
    assert codes(fill(town, "line", required=True)) == ["required"]
    assert codes(fill(town, address="Ici", geometry_required=True)) == ["no_drawing"]


def test_six_decimals_and_repeated_points(town):
    drawing = drawn(town, "line", "43.60000004, 1.41\n43.6, 1.41\n43.6, 1.41\n43.61, 1.4212345678")
    assert drawing.geometry.coords == ((1.41, 43.6), (1.421235, 43.61))
    assert drawing.notes == ("2 points répétés ont été retirés.",)


def test_addresses_are_looked_up_in_the_perimeter(town, neighbourhoods):
    drawing = drawn(town, "line", "Les Minimes\n43.65, 1.47")
    assert drawing.geometry.coords == ((1.42, 43.6), (1.47, 43.65))


@pytest.mark.parametrize(
    ("kind", "vertices"), [("point", "43.59, 1.41"), ("line", LINE), ("area", AREA)]
)
def test_query_count(town, neighbourhoods, kind, vertices, django_assert_num_queries):
    form = fill(town, kind, vertices)
    with django_assert_num_queries(2):  # inside the perimeter? in which neighbourhood?
        assert form.is_valid()


# ── What it refuses ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "vertices", "code"),
    [
        ("point", "ici", "unknown_place"),
        ("point", "??", "not_a_number"),
        ("point", "nan, 1.42", "not_a_number"),
        ("point", "43.6, inf", "not_a_number"),
        ("point", "43.6", "not_a_number"),
        ("point", "43,6045", "not_a_number"),
        ("point", "4_3.6, 1.42", "not_a_number"),
        ("point", "43°75'00\"N 1°26'38\"E", "not_a_number"),
        ("point", "43.6\x07, 1.42", "control_characters"),
        ("point", "43.6, 181", "out_of_range"),
        ("point", "91 1.42", "out_of_range"),
        ("point", "1.42, 43.6", "swapped"),
        ("line", "1.42, 43.6\n1.43, 43.6", "swapped"),
        ("line", "43.6, 1.42\n43.6, 1.43\n1.44, 43.6", "swapped"),
        ("point", "44.9, 1.42", "outside"),
        ("area", "43.59, 1.41\n43.59, 1.42\n43.60, 1.52", "outside"),
        ("point", "Atlantide", "unknown_place"),
        ("point", "x" * 201, "line_too_long"),
        ("point", LINE, "too_many_for_a_point"),
        ("line", "43.6, 1.42", "too_few"),
        ("line", "43.6, 1.42\n43.6, 1.42", "too_few"),
        ("line", "43.6, 1.42\n43.6, 1.420001", "too_short"),
        ("area", "43.6, 1.42\n43.61, 1.42\n43.6, 1.42", "too_few"),
        ("area", "43.6, 1.42\n43.61, 1.42\n43.62, 1.42", "too_small"),
        ("area", "43.6, 1.42\n43.600001, 1.42\n43.6, 1.420001", "too_small"),
        ("area", "43.59, 1.41\n43.61, 1.43\n43.61, 1.41\n43.59, 1.43", "crossing"),
        ("circle", "43.6, 1.42", "unknown_kind"),
        ("", "43.6, 1.42", "unknown_kind"),
        ("line", "\n".join(f"43.6, 1.4{i:04}" for i in range(1001)), "too_many"),
        ("line", "43.6, 1.42\n" * 100_000, "too_many"),
    ],
)
def test_refusals_are_named_and_nothing_is_lost(town, neighbourhoods, kind, vertices, code):
    form = fill(town, kind, vertices, address="Rue <b>Bayard</b>")
    assert codes(form) == [code]
    html = str(form["where"])
    if "\x07" not in vertices:
        assert forms.Textarea().render("x", vertices).split(">\n")[1].split("<")[0] in html
    assert 'value="Rue &lt;b&gt;Bayard&lt;/b&gt;"' in html


def test_each_wrong_line_is_said(town, neighbourhoods):
    form = fill(town, "line", "43.6, 1.42\n\n12 rue\nnan 1\n43.61, 1.43\n99, 1.4")
    assert sentences(form) == [
        "Point 2 : « 12 rue » n’a pas été trouvé : écrivez une autre adresse, ou une latitude et "
        "une longitude.",
        "Point 3 : « nan 1 » n’est pas une latitude et une longitude : écrivez par exemple 43.6045,"
        " 1.4440.",
        "Point 5 : « 99, 1.4 » n’est pas sur la Terre : une latitude va de −90 à 90, une longitude"
        " de −180 à 180.",
    ]


def test_many_wrong_lines_are_counted(town):
    form = fill(town, "line", "\n".join(f"- {n}" for n in range(30)))
    assert codes(form) == ["not_a_number"] * 20 + ["more"]
    assert sentences(form)[-1] == "10 autres points ne peuvent pas être lus."


def test_the_points_outside_are_named(town):
    outside = fill(town, "line", "43.6, 1.42\n44.6, 1.42\n43.6, 1.43\n43.6, 1.9")
    assert sentences(outside) == ["Les points 2 et 4 sont en dehors de Villebelle."]
    one = fill(town, "point", "44.6, 1.42")
    assert sentences(one) == ["Ce point est en dehors de Villebelle."]


def test_a_drawing_may_not_leave_the_perimeter_between_its_points(town):
    notch = Polygon(
        ((1.40, 43.58), (1.48, 43.58), (1.44, 43.60), (1.48, 43.66), (1.40, 43.66), (1.40, 43.58))
    )
    Territory.objects.filter(pk=town.pk).update(geometry=MultiPolygon(notch, srid=4326))
    form = fill(town, "line", "43.60, 1.41\n43.585, 1.46\n43.65, 1.46")
    assert codes(form) == ["outside"]
    assert sentences(form) == [
        "Entre le point 2 et le point 3, le dessin sort de Villebelle."
    ]  # fmt: skip


def test_an_area_may_not_go_round_a_hole(town):
    hole = ((1.43, 43.61), (1.43, 43.63), (1.45, 43.63), (1.45, 43.61), (1.43, 43.61))
    shell = ((1.40, 43.58), (1.48, 43.58), (1.48, 43.66), (1.40, 43.66), (1.40, 43.58))
    Territory.objects.filter(pk=town.pk).update(
        geometry=MultiPolygon(Polygon(shell, hole), srid=4326)
    )
    form = fill(town, "area", "43.60, 1.42\n43.60, 1.46\n43.64, 1.46\n43.64, 1.42")
    assert sentences(form) == ["Cette surface entoure un lieu qui n’est pas dans Villebelle."]


def test_a_hand_that_follows_the_border_may_stray_by_a_few_metres(town):
    drawn(town, "line", "43.59, 1.39997\n43.60, 1.39996")
    assert codes(fill(town, "line", "43.59, 1.3998\n43.60, 1.40")) == ["outside"]


def test_a_figure_of_eight_says_which_sides_cross(town):
    form = fill(town, "area", "43.59, 1.41\n43.61, 1.43\n43.61, 1.41\n43.59, 1.43")
    assert sentences(form) == [
        "Le contour de cette surface se croise : le côté du point 1 au point 2 et le côté du point "
        "3 au point 4. Déplacez un de ces points, ou changez leur ordre."
    ]


def test_the_slip_of_a_hand_is_mended_and_said(town):
    # Near its end, the outline goes a few metres past its beginning.
    slip = "43.59, 1.41\n43.59, 1.42\n43.60, 1.42\n43.60, 1.41\n43.5899, 1.4102"
    drawing = drawn(town, "area", slip)
    assert drawing.geometry.valid
    assert drawing.geometry.geom_type == "Polygon"
    assert drawing.geometry.num_interior_rings == 0
    assert drawing.notes == ("Le contour se croisait ou se touchait\u00a0: il a été réparé.",)


def test_a_scribble_is_refused_at_once(town):
    """Mending it would take minutes."""
    rng = random.Random(1)
    scribble = "\n".join(
        f"{43.60 + rng.random() / 50:.6f}, {1.42 + rng.random() / 50:.6f}" for _ in range(1_000)
    )
    began = time.process_time()
    assert codes(fill(town, "area", scribble)) == ["crossing"]
    assert time.process_time() - began < 5


def test_a_spike_is_mended(town):
    spike = "43.59, 1.42\n43.58, 1.42\n43.59, 1.42"
    drawing = drawn(town, "area", AREA.replace("43.59, 1.42", spike))
    assert drawing.geometry.area == pytest.approx(0.0001)


def test_several_places_of_one_name_are_for_the_person_to_choose(town, neighbourhoods):
    Territory.objects.filter(pk=neighbourhoods[0].pk).update(name="Minimes nord")
    Territory.objects.filter(pk=neighbourhoods[1].pk).update(name="Minimes sud")
    form = fill(town, "point", "minimes")
    assert codes(form) == ["ambiguous_place"]
    assert "Minimes nord ; Minimes sud" in sentences(form)[0]
    assert drawn(town, "point", "minimes sud").territory == neighbourhoods[1]


class Silent:
    """A geocoder whose service is down; counts what it was asked."""

    asked = 0

    def search(self, text, *, within, limit):
        from maps.geocoding import GeocoderUnavailable

        Silent.asked += 1
        raise GeocoderUnavailable


def test_a_silent_service_is_asked_once(town, settings):
    settings.MAP_GEOCODER = f"{__name__}.Silent"
    Silent.asked = 0
    form = fill(town, "line", "rue Bayard\nrue du Taur\nplace Wilson")
    assert codes(form) == ["lookup_unavailable"] * 3
    assert Silent.asked == 1


def test_lookups_are_bounded(town, neighbourhoods):
    form = fill(town, "line", "\n".join(["Les Minimes"] * 21))
    assert codes(form) == ["too_many_lookups"]


def test_sizes_are_bounded_when_the_form_says(town):
    assert codes(fill(town, "line", LINE, max_length_metres=2_000)) == ["too_long"]
    drawn(town, "line", LINE, max_length_metres=3_000)
    form = fill(town, "area", AREA, max_area_square_metres=500_000)
    assert sentences(form) == ["Cette surface couvre 89,8 ha : 50,0 ha au plus."]
    drawn(town, "area", AREA, max_area_square_metres=1_000_000)
    assert codes(fill(town, "line", LINE, max_vertices=2)) == ["too_many"]


def test_a_drawing_elsewhere_than_the_neighbourhood_chosen(town, neighbourhoods):
    assert codes(fill(town, "line", LINE, territory=str(neighbourhoods[3].pk))) == ["elsewhere"]
    crossing = fill(town, "line", "43.6, 1.41\n43.6, 1.47", territory=str(neighbourhoods[1].pk))
    assert crossing.is_valid(), crossing.errors
    assert crossing.cleaned_data["where"].territory == neighbourhoods[1]
    assert codes(fill(town, "line", LINE, territory="999999")) == ["unknown_territory"]


# ── Perimeters drawn by hand, kinds, initial values ─────────────────────────────────────────────


def test_a_perimeter_drawn_by_hand(town, neighbourhoods):
    shape = square(1.40, 43.58, 0.04)
    assert drawn(shape, "line", LINE).territory == neighbourhoods[0]
    form = fill(shape, "point", "43.63, 1.41", perimeter_name="la zone du centre")
    assert sentences(form) == ["Ce point est en dehors de la zone du centre."]
    assert DrawForm(perimeter=shape).fields["where"].territories == [neighbourhoods[0]]
    assert '"coordinates": [[[1.4, 43.58]' in str(DrawForm(perimeter=shape)["where"])


def test_no_perimeter_at_all():
    assert drawn(None, "point", "-21.1, 55.5").geometry == Point(55.5, -21.1, srid=4326)


def test_only_the_allowed_kinds(town):
    form = fill(town, "area", AREA, geometry_kinds=("point", "line"))
    assert codes(form) == ["kind_not_allowed"]
    html = str(DrawForm(perimeter=town, geometry_kinds=("line",))["where"])
    assert 'type="radio"' not in html
    assert '<input type="hidden" name="where_kind" value="line"' in html
    assert drawn(town, "", LINE, geometry_kinds=("line",)).kind == "line"


def test_another_field_says_what_may_be_drawn(town):
    form = fill(town, "area", AREA)
    field = form.fields["where"]
    field.follow("category", {"3": ["point"], "4": ["line", "area"]})
    assert field.geometry_kinds == ("point", "line", "area")
    html = str(form["where"])
    assert 'data-kinds-from="category"' in html
    assert '{"3": ["point"], "4": ["line", "area"]}' in html
    drawing = Drawing(Point(1.4, 43.6, srid=4326))
    field.check_kind(drawing, "3")
    field.check_kind(Drawing(address="Ici"), "4")
    with pytest.raises(ValidationError) as refusal:
        field.check_kind(drawing, "4")
    assert refusal.value.messages == [
        "Point\u00a0: cela ne peut pas être dessiné ici. Choisissez\u00a0: Ligne, Surface."
    ]


def test_initial_values_are_written_as_they_are_read(town, neighbourhoods):
    before = drawn(town, "area", AREA)
    form = DrawForm(initial={"where": before}, perimeter=town)
    html = str(form["where"])
    assert "43.590000, 1.410000\n43.590000, 1.420000\n" in html
    assert html.count("checked") == 1
    again = fill(
        town,
        "area",
        "43.590000, 1.410000\r\n43.590000, 1.420000\r\n43.600000, 1.420000\r\n43.600000, 1.410000",
        territory=str(neighbourhoods[0].pk),
        initial={"where": before},
    )
    assert not again.has_changed()
    assert again.is_valid()
    assert again.cleaned_data["where"] == before
    assert fill(town, "line", LINE, initial={"where": before}).has_changed()


def test_what_cannot_be_edited_by_points_is_not_silently_lost(town):
    with pytest.raises(ValueError, match="can't be edited"):
        str(DrawForm(initial={"where": Drawing(square(1.4, 43.6, 0.01))}, perimeter=town)["where"])


def test_forms_do_not_share_their_perimeter(town, neighbourhoods):
    first, second = DrawForm(perimeter=town), DrawForm(perimeter=None)
    assert 'name="where_territory"' in str(first["where"])
    assert 'name="where_territory"' not in str(second["where"])
    first.fields["where"].follow("category", {"1": ["point"]})
    assert DrawForm().fields["where"].followed == ("", {})


def test_markup_is_escaped(town):
    form = fill(town, "line", "</textarea><script>alert(1)</script>")
    assert "<script>alert" not in str(form["where"])
    assert "<script>" not in form.errors.as_ul()
