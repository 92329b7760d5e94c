"""Tables from outside: coordinates, addresses, dates as people write them."""

import datetime
import io
from typing import Any

import pytest
from django.contrib.gis.geos import Point

from maps import geocoding, intake
from maps.geocoding import Geocoder, GeocoderUnavailable, Place
from maps.intake import Columns, Read, Refused, UnreadableDate
from tests.maps.intake.files import kept, read, said

pytestmark = pytest.mark.usefixtures("english")


class Fake(Geocoder):
    """An adapter whose answers are written here, as a service's would be."""

    asked: list[str] = []

    def search(self, text: str, **_options: Any) -> list[Place]:
        self.asked.append(text)
        if "panne" in text:
            raise GeocoderUnavailable
        score = 0.4 if "vague" in text else 0.9
        return [Place(label=text, point=Point(1.44, 43.6, srid=4326), score=score)]


class TestTables:
    @pytest.mark.parametrize(
        "content",
        [
            "nom;latitude;longitude\nÉté;43,6;1,44\n".encode("cp1252"),
            "nom;latitude;longitude\nÉté;43,6;1,44\n".encode("utf-8-sig"),
            "nom\tLat\tLng\nÉté\t43.6\t1.44\n".encode("utf-16"),
            'nom,lat,lon\nÉté,"43,6",1.44\n'.encode(),
            "nom|Y_WGS84|X_WGS84\r\nÉté|43.6|1.44\r\n".encode(),
            "nom;Geo Point\nÉté;43.6, 1.44\n".encode(),
            "nom\tcoordonnées\nÉté\t43,6 ; 1,44\n".encode(),
            "nom;lat;lon\nÉté;43°36'00\"N;1° 26' 24\" E\n".encode(),
            "nom;WKT\nÉté;SRID=4326;POINT (1.44 43.6)\n".replace(
                "SRID=4326;POINT (1.44 43.6)", '"SRID=4326;POINT (1.44 43.6)"'
            ).encode(),
            'nom;geo_shape\nÉté;"{""type"":""Point"",""coordinates"":[1.44,43.6]}"\n'.encode(),
        ],
    )
    def test_coordinates_as_they_are_written(self, content):
        (row,) = kept(content)
        assert row.geometry.coords == pytest.approx((1.44, 43.6))
        assert row.properties == {"nom": "Été"}
        assert row.number == 2

    def test_lines_are_refused_one_by_one(self):
        rows = read(
            "nom;lat;lon\nA;43,6;1,4\nB;;\nC;abc;1\nD;43,6;1,4;trop\n;;\nE;95;1\nF;43,6\nG;43;1\n"
        )
        assert [row.number for row in rows if isinstance(row, Read)] == [2, 9]
        assert [str(row) for row in rows if isinstance(row, Refused)] == [
            "feature 3 (B): it has no latitude and longitude",
            "feature 4 (C): “abc” is not a number",
            "feature 5 (?): it has 4 cells for 3 columns",
            "feature 7 (E): the position 1, 95 is not a longitude and a latitude: is the file in "
            "another system, or the wrong way round?",
            "feature 8 (F): “” is not a number",
        ]

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("nom;lat;lon;nom\na;1;2;b\n", "same name: nom"),
            ("nom;lat\na;1\n", "Columns found: nom, lat"),
            ("nom;lat;lon\n", "no feature"),
            ("\n\n", "is empty"),
            (";".join(f"c{place}" for place in range(300)), "more than 200 columns"),
        ],
    )
    def test_tables_that_cannot_be_read(self, content, reason):
        assert reason in said(content)

    def test_columns_may_be_named(self):
        content = "a;b;lat;lon\n43,6;1,4;0;0\n"
        (row,) = kept(content, columns=Columns(latitude="a", longitude="b"))
        assert row.geometry.coords == (1.4, 43.6)
        assert "called “z”" in said(content, columns=Columns(latitude="z", longitude="b"))

    @pytest.mark.parametrize("text", ["POINT", "POINT(1)", "(" * 5000, '{"type":', "CURVE(1 2)"])
    def test_shapes_that_are_none(self, text):
        escaped = text.replace('"', '""')
        (row,) = read(f'nom;wkt\na;"{escaped}"\n')
        assert isinstance(row, Refused)

    @pytest.mark.django_db
    def test_addresses_are_asked_of_the_geocoder(self, settings):
        settings.MAP_GEOCODER = f"{__name__}.Fake"
        Fake.asked = []
        rows = read(
            "nom;Adresse;Code postal;Ville\nA;1 rue du Taur;31000;Toulouse\nB;vague;;\nC;;;\n"
        )
        assert Fake.asked[0] == "1 rue du Taur 31000 Toulouse"
        assert isinstance(rows[0], Read)
        assert [str(row) for row in rows[1:]] == [
            "feature 3 (B): its address was not found with enough certainty: vague",
            "feature 4 (C): it has no address",
        ]
        assert geocoding.MIN_SCORE == 0.5

    @pytest.mark.django_db
    def test_a_silent_geocoder_is_not_asked_for_ever(self, settings):
        settings.MAP_GEOCODER = f"{__name__}.Fake"
        Fake.asked = []
        rows = read("nom;adresse\n" + "A;panne\n" * 10)
        assert len(rows) == 10
        assert all("does not answer" in str(row) for row in rows)
        assert len(Fake.asked) == 3

    def test_a_workbook(self):
        from openpyxl import Workbook

        book = Workbook()
        sheet = book.active
        sheet.append(["nom", "latitude", "longitude", "le"])
        sheet.append(["Été", 43.6, "1,44", datetime.date(2026, 7, 14)])
        sheet.append(["Faux", None, None, None])
        buffer = io.BytesIO()
        book.save(buffer)
        good, bad = read(buffer.getvalue())
        assert isinstance(good, Read)
        assert good.properties == {"nom": "Été", "le": "2026-07-14T00:00:00"}
        assert "no latitude" in str(bad)


class TestDates:
    @pytest.mark.parametrize(
        "written",
        [
            "2026-07-14", "2026-07-14T10:30:00Z", "2026/7/14", "14/07/2026", "14-7-2026",
            "14.07.26", "14 juillet 2026", "mardi 14 juil. 2026", "20260714", "46217", 46217,
            46217.75, datetime.date(2026, 7, 14), "14/07/2026 10:30", " 14/07/2026 ", "46217,5",
            datetime.datetime(2026, 7, 14, 9, tzinfo=datetime.UTC),
        ],
    )  # fmt: skip
    def test_dates_that_are_read(self, written):
        assert intake.read_date(written) == datetime.date(2026, 7, 14)

    def test_other_dates(self):
        assert intake.read_date("1er août 2026") == datetime.date(2026, 8, 1)
        assert intake.read_date("") is None
        assert intake.read_date(None) is None

    @pytest.mark.parametrize(
        "written",
        ["07/14/2026", "31/02/2026", "demain", "2026", "14/07", 12, True, "99999", "9999-01-01",
         float("nan"), [2026]],
    )  # fmt: skip
    def test_dates_that_are_not(self, written):
        with pytest.raises(UnreadableDate):
            intake.read_date(written)
