"""Contributions from files: what is kept, mended and refused; all at once, and once."""

import io
import json
import time

import pytest
from django.core.management import CommandError, call_command

from maps import intake
from participation.core.choices import Source, Visibility
from participation.core.models import Contribution
from participation.mapping.models import MapContribution
from participation.mapping.services.imports import (
    ImportPlan,
    columns_of,
    guessed,
    import_contributions,
)
from tests.factories.accounts import make_territory, make_user
from tests.factories.core import make_process
from tests.factories.mapping import make_category, make_map, make_map_officer, now
from tests.participation.mapping.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def map():
    made = make_map(process=make_process(perimeter=make_territory()))
    make_category(made, "Bancs", shapes=["point"])
    make_category(made, "Pistes", shapes=["line"])
    return made


def feature(x=1.45, y=43.6, geometry=None, **properties) -> dict:
    return {
        "type": "Feature",
        "geometry": geometry or {"type": "Point", "coordinates": [x, y]},
        "properties": {"titre": "Un banc", "categorie": "Bancs", **properties},
    }


def geojson(*features) -> io.BytesIO:
    return io.BytesIO(
        json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()
    )


PLAN = ImportPlan(
    source_system="Relevé 2026",
    title="titre",
    body="texte",
    category_column="categorie",
    author="auteur",
    date="date",
    source_id="id",
    address="adresse",
)


def load(map, file, plan=PLAN, actor=None, **options):
    return import_contributions(
        map=map, file=file, plan=plan, actor=actor or make_map_officer(), at=now(), **options
    )


def test_rows_become_published_contributions_in_their_district(map):
    district = make_territory(kind="neighbourhood", bounds=(1.44, 43.59, 1.46, 43.61))
    report = load(
        map,
        geojson(
            feature(id="7", texte="À l’ombre", auteur="Marché de Noël", date="14/07/2024"),
            feature(id="8", adresse="Place du Capitole", x=1.5),
        ),
    )
    assert (report.new, report.known, report.refused, report.written) == (2, 0, (), True)
    first = Contribution.objects.get(source_id="7")
    assert (first.visibility, first.source) == (Visibility.PUBLISHED, Source.IMPORT)
    assert (first.territory, first.author_label) == (district, "Marché de Noël")
    assert f"{first.submitted_at:%Y-%m-%d}" == "2024-07-14"
    assert first.map_contribution.is_public is True
    assert Contribution.objects.get(source_id="8").territory is None


def test_the_same_file_again_imports_nothing_more(map):
    rows = [feature(id="7"), feature(titre="Sans numéro")]
    load(map, geojson(*rows))
    report = load(map, geojson(*rows, feature(id="9")))
    assert (report.new, report.known) == (1, 2)
    assert MapContribution.objects.count() == 3


def test_one_bad_row_and_nothing_is_written(map):
    file = geojson(feature(id="1"), feature(id="2", titre=""))
    assert refused(load, map, file) == ("rows_refused",)
    assert not Contribution.objects.exists()
    report = load(map, file, leave_refused=True)
    assert (report.new, [fault.number for fault in report.refused]) == (1, [2])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (feature(titre=" "), "titre"),
        (feature(categorie="Fontaines"), "Fontaines"),
        (feature(categorie="Pistes"), "Pistes"),
        (feature(x=1.7), "zone prévue"),
        (feature(date="31/31/2026"), "31/31/2026"),
        (feature(date="2999-01-01"), "futur"),
        (feature(id="n" * 81), "80"),
        (
            feature(geometry={"type": "MultiPoint", "coordinates": [[1.45, 43.6], [1.46, 43.6]]}),
            "plusieurs parties",
        ),
    ],
)
def test_a_bad_row_says_why(map, row, reason):
    report = load(map, geojson(feature(id="good"), row), dry_run=True)
    (fault,) = report.refused
    assert fault.number == 2
    assert reason in fault.reason
    assert (report.new, Contribution.objects.count()) == (1, 0)


def test_a_row_tells_all_its_faults(map):
    report = load(map, geojson(feature(titre="", categorie="Fontaines")), dry_run=True)
    assert report.refused[0].reason.count(" ; ") == 1


def test_twins_in_one_file_are_told(map):
    report = load(map, geojson(feature(id="1"), feature(id="1", x=1.46)), dry_run=True)
    assert "1" in report.refused[0].reason


def test_a_row_of_another_map_is_not_taken_over(map):
    load(map, geojson(feature(id="1")))
    other = make_map(process=map.activity.process)
    make_category(other, "Bancs", shapes=["point"])
    report = load(other, geojson(feature(id="1")), dry_run=True)
    assert (report.new, report.known, len(report.refused)) == (0, 0, 1)


def test_what_can_be_mended_is_and_is_said(map):
    alone = {"type": "MultiPoint", "coordinates": [[1.45, 43.6]]}
    report = load(map, geojson(feature(titre="x" * 200), feature(id="2", geometry=alone)))
    assert report.new == 2
    assert report.mended[0].number == 1
    kept = sorted(Contribution.objects.values_list("title", flat=True))
    assert [len(title) for title in kept] == [7, 120]


def test_a_table_with_semicolons_and_decimal_commas(map):
    text = "Titre;Lat;Lon;Quoi\nBanc à l’ombre;43,6;1,45;Bancs\nBanc;43,61;1,46;Bancs\n"
    file = io.BytesIO(text.encode("cp1252"))
    columns = columns_of(file, place=intake.Columns(latitude="Lat", longitude="Lon"))
    assert guessed(columns)["title"] == "Titre"
    plan = ImportPlan(
        source_system="Tableur",
        title="Titre",
        category_column="Quoi",
        place=intake.Columns(latitude="Lat", longitude="Lon"),
    )
    assert load(map, file, plan).new == 2


def test_a_default_category_and_who_may(map):
    plan = ImportPlan(
        source_system="Tour", title="titre", category=map.categories.get(name="Bancs")
    )
    assert refused(load, map, geojson(feature()), plan, actor=make_user()) == ("not_allowed",)
    assert load(map, geojson(feature()), plan).new == 1
    elsewhere = make_category(make_map())
    wrong = ImportPlan(source_system="Tour", title="titre", category=elsewhere)
    assert refused(load, map, geojson(feature()), wrong) == ("unknown_category",)
    nameless = ImportPlan(source_system=" ", title="titre")
    assert refused(load, map, geojson(feature()), nameless) == ("source_missing",)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"{", b'{"type": "FeatureCollection"}'])
def test_a_file_that_cannot_be_read_is_refused(map, content):
    assert refused(load, map, io.BytesIO(content)) == ("file_refused",)


def test_the_command_calls_the_same_service(map, tmp_path, capsys):
    path = tmp_path / "bancs.geojson"
    path.write_bytes(geojson(feature(id="1"), feature(id="2", categorie="Fontaines")).getvalue())
    officer = make_map_officer()
    asked = [map.activity.slug, str(path), "--source", "Relevé", "--by", officer.email]
    call_command("import_map_contributions", *asked, "--check")
    assert "1 to import, 0 known, 1 refused" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("import_map_contributions", *asked)
    call_command("import_map_contributions", *asked, "--leave-refused")
    assert "1 imported" in capsys.readouterr().out
    with pytest.raises(CommandError, match="account"):
        call_command("import_map_contributions", *asked[:-1], "nobody@example.org")


def test_ten_thousand_rows_are_a_few_statements_and_seconds(map, django_assert_max_num_queries):
    spots = [
        feature(id=str(n), x=1.4 + n % 100 / 1000, y=43.55 + n // 100 / 1000) for n in range(10_000)
    ]
    file = geojson(*spots)
    started = time.process_time()  # the processor's, whatever else the machine does
    with django_assert_max_num_queries(60):
        report = load(map, file)
    taken = time.process_time() - started
    assert (report.new, MapContribution.objects.filter(is_public=True).count()) == (10_000, 10_000)
    assert taken < 20, f"{taken:.1f} s"
