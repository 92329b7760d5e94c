"""Files of features from outside: what is read, mended and said, refused line by line."""

import datetime
import io
import json
import math
import random
import sqlite3
import struct
import time
import tracemalloc
import zipfile
from typing import Any

import pytest
from django.contrib.gis.geos import Point, Polygon

from maps import geocoding, intake
from maps.geocoding import Geocoder, GeocoderUnavailable, Place
from maps.intake import Columns, FileRefused, Limits, Read, Refused, Rules, UnreadableDate

pytestmark = pytest.mark.usefixtures("english")

TOULOUSE = Polygon.from_bbox((1.35, 43.53, 1.52, 43.67))
TOULOUSE.srid = 4326
SQUARE = [[1.4, 43.5], [1.5, 43.5], [1.5, 43.6], [1.4, 43.6], [1.4, 43.5]]


def read(content: bytes | str, **options: Any) -> list[Read | Refused]:
    data = content.encode() if isinstance(content, str) else content
    return list(intake.read(io.BytesIO(data), **options))


def kept(content: bytes | str, **options: Any) -> list[Read]:
    rows = read(content, **options)
    assert [str(row) for row in rows if isinstance(row, Refused)] == []
    return [row for row in rows if isinstance(row, Read)]


def said(content: bytes | str, **options: Any) -> str:
    """Why the whole file is refused."""
    with pytest.raises(FileRefused) as refused:
        read(content, **options)
    return str(refused.value)


def geojson(*geometries: Any, **members: Any) -> bytes:
    features = [
        {"type": "Feature", "properties": {"nom": f"n°{place}"}, "geometry": each}
        for place, each in enumerate(geometries, start=1)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features, **members}).encode()


def kml(inside: str) -> str:
    return f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2">{inside}</kml>'


def zipped(**members: bytes | str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


class TestWholeFiles:
    def test_a_large_file_is_refused_before_it_is_read(self):
        class Huge(io.BytesIO):
            def seek(self, *_args: Any) -> int:
                return 0

            def tell(self) -> int:
                return 500 * 1024**2

            def read(self, *_args: Any) -> bytes:
                raise AssertionError("read")

        with pytest.raises(FileRefused, match="500 MB; 64 MB at most"):
            intake.read(Huge())

    def test_too_many_features(self):
        point = {"type": "Point", "coordinates": [1, 2]}
        assert "more than 2 features" in said(geojson(*[point] * 3), limits=Limits(features=2))

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "is empty"),
            (b"\x89PNG\r\n\x1a\n\x00\x00", "not a kind of file"),
            (b"<html><body/></html>", "neither KML nor GPX"),
            (b"PK\x03\x04 and then nothing", "archive is damaged"),
            (b"SQLite format 3\x00" + b"\x00" * 200, "GeoPackage is damaged"),
            (zipped(a="b"), "neither a shapefile nor a KML"),
            (b"nom;adresse_mail\na;b", "No column tells the place"),
        ],
    )
    def test_what_is_no_file_of_places(self, content, reason):
        assert reason in said(content)


class TestGeoJson:
    def test_memory_holds_one_feature(self):
        point = {"type": "Point", "coordinates": [1.444444, 43.604444]}
        content = geojson(*[point] * 6_000)
        file = io.BytesIO(content)
        tracemalloc.start()
        count = sum(1 for _row in intake.read(file))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count == 6_000
        assert peak < 2 * 1024**2  # parsed whole, it takes 5

    def test_members_in_any_order_and_a_crs_after_the_features(self):
        point = {"type": "Point", "coordinates": [1, 2]}
        feature = {"geometry": point, "properties": None, "type": "Feature"}
        assert len(kept(json.dumps({"features": [feature], "type": "FeatureCollection"}))) == 1
        assert "“crs” member" in said(geojson(point, crs={"type": "link", "properties": {}}))
        written = {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}
        assert kept(geojson(point, crs={"type": "name", "properties": written}))

    @pytest.mark.parametrize("cut", [1, 20, 60, 120])
    def test_a_file_cut_short(self, cut):
        content = geojson({"type": "Point", "coordinates": [1.25, 2.25]})
        assert "not JSON: line 1" in said(content[:-cut])

    def test_the_place_of_a_fault_far_into_the_file(self, monkeypatch):
        monkeypatch.setattr("maps.intake.geojson_files.CHUNK", 100)
        features = ["{}"] * 2_000
        features[1_500] = "{]"
        text = '{"features": [\n' + ",\n".join(features) + '], "type": "FeatureCollection"}'
        assert "line 1502, column 2" in said(text)

    def test_numbers_and_features_cut_by_the_chunks_are_whole(self, monkeypatch):
        monkeypatch.setattr("maps.intake.geojson_files.CHUNK", 7)
        rows = kept(geojson({"type": "Point", "coordinates": [1.2345, -43.5]}) + b"\n")
        assert rows[0].geometry.coords == (1.2345, -43.5)
        assert rows[0].properties == {"nom": "n°1"}

    def test_one_feature_per_line(self):
        feature = (
            '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,2]}}'
        )
        assert [row.number for row in kept(f"{feature}\n{feature}\n")] == [1, 2]
        assert len(kept(f"\x1e{feature}\n\x1e{feature}\n")) == 2

    def test_nesting_without_end(self):
        assert "nested" in said('{"type":"Feature","properties":{"a":' + "[" * 100_000)
        deep = json.loads('{"type":"GeometryCollection","geometries":[]}')
        for _level in range(50):
            deep = {"type": "GeometryCollection", "geometries": [deep]}
        (row,) = read(geojson(deep))
        assert isinstance(row, Refused)

    @pytest.mark.parametrize(
        ("geometry", "reason"),
        [
            (None, "it has no geometry"),
            ({"type": "Point", "coordinates": []}, "not a pair"),
            ({"type": "Point", "coordinates": [math.nan, 1]}, "not finite"),
            ({"type": "Point", "coordinates": [10**400, 1]}, "not finite"),
            ({"type": "Point", "coordinates": [574000, 6279000]}, "another system"),
            ({"type": "LineString", "coordinates": [[1, 2]]}, "fewer than 2"),
            ({"type": "LineString", "coordinates": [[1, 2], [1, 2]]}, "no length"),
            ({"type": "MultiLineString", "coordinates": [[[1, 2], [1, 2]]]}, "no length"),
            ({"type": "CircularString", "coordinates": [[1, 2]]}, "is a CircularString; expected"),
            (
                {
                    "type": "GeometryCollection",
                    "geometries": [
                        {"type": "Point", "coordinates": [1, 2]},
                        {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
                    ],
                },
                "is a GeometryCollection",
            ),
        ],
    )
    def test_geometries_that_cannot_be_kept(self, geometry, reason):
        sound = {"type": "Point", "coordinates": [1, 2]}
        rows = read(geojson(sound, geometry, sound))
        assert [type(row) for row in rows] == [Read, Refused, Read]
        assert reason in str(rows[1])
        assert "feature 2 (n°2)" in str(rows[1])

    def test_a_collection_of_alike_parts_is_one_of_them(self):
        parts = [
            {"type": "Point", "coordinates": [1, 2]},
            {"type": "MultiPoint", "coordinates": [[3, 4]]},
        ]
        (row,) = kept(geojson({"type": "GeometryCollection", "geometries": parts}))
        assert row.geometry.wkt == "MULTIPOINT (1 2, 3 4)"

    def test_properties_are_plain(self):
        feature = {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [1, 2]},
            "properties": {
                "a\u0000b": 1, "liste": [1, {"é": 2}], "nan": math.nan, "grand": 10**30,
                "vrai": True, "vide": None, "texte": "a\u0000\ud800\nb",
            },
        }  # fmt: skip
        (row,) = kept(json.dumps(feature))
        assert row.properties == {
            "ab": 1, "liste": '[1, {"é": 2}]', "nan": None, "grand": str(10**30), "vrai": True,
            "vide": None, "texte": "a\nb",
        }  # fmt: skip
        assert row.repair == ("not a number, left empty: nan ; control characters left out: texte")

    def test_properties_too_many_or_too_long(self):
        point = {"type": "Point", "coordinates": [1, 2]}
        (row,) = read(geojson(point), limits=Limits(fields=0))
        assert "more than 0 properties" in str(row)
        (row,) = read(geojson(point), limits=Limits(characters_of_text=2))
        assert "more than 2 characters" in str(row)


class TestGeometries:
    def test_a_large_outline_is_simplified_within_ten_centimetres_and_said(self):
        count = 100_000
        circle = [
            [1.4 + 0.05 * math.cos(2 * math.pi * step / count),
             43.6 + 0.05 * math.sin(2 * math.pi * step / count)]
            for step in range(count)
        ]  # fmt: skip
        circle.append(circle[0])
        (row,) = kept(geojson({"type": "Polygon", "coordinates": [circle]}))
        assert "simplified within 10 cm: 100001 positions, now" in row.repair
        assert row.geometry.num_coords <= 20_000
        assert row.geometry.area == pytest.approx(math.pi * 0.05**2, rel=1e-5)

    def test_an_outline_that_stays_too_large_is_refused(self):
        ring = [[1 + step / 1000, 43 + (step % 2) / 10] for step in range(3000)]
        ring += [[4, 42], [1, 42], ring[0]]
        (row,) = read(
            geojson({"type": "Polygon", "coordinates": [ring]}),
            limits=Limits(kept_positions_of_one=1000),
        )
        assert isinstance(row, Refused)
        assert "3003 positions, 1000 at most" in row.reason

    def test_knots_are_refused_before_they_cost_minutes(self):
        """Every edge crosses every other: mending would make millions of pieces."""
        draw = random.Random(1)
        ring = [[draw.random(), draw.random()] for _step in range(20_000)]
        ring.append(ring[0])
        began = time.process_time()
        (row,) = read(geojson({"type": "Polygon", "coordinates": [ring]}))
        assert time.process_time() - began < 2
        assert isinstance(row, Refused)
        assert "too intricate" in row.reason or "crosses itself too many times" in row.reason

    def test_repairs_are_sentences(self):
        bow_tie = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]
        (row,) = kept(geojson({"type": "Polygon", "coordinates": [bow_tie]}))
        assert row.repair == (
            "its outline crossed itself: only the areas were kept (near 1.45000, 43.55000)"
        )
        assert row.geometry.valid

    def test_only_the_kinds_asked_for(self):
        rules = Rules(kinds=frozenset({intake.POINT}))
        (row,) = read(geojson({"type": "Polygon", "coordinates": [SQUARE]}), rules=rules)
        assert "is a Polygon; expected: a point" in str(row)

    def test_swapped_coordinates_are_told_by_the_perimeter(self):
        rules = Rules(perimeter=TOULOUSE, perimeter_name="Toulouse")
        line = {"type": "LineString", "coordinates": [[43.6, 1.44], [43.61, 1.45]]}
        (row,) = kept(geojson(line), rules=rules)
        assert row.geometry.coords == ((1.44, 43.6), (1.45, 43.61))
        assert "swapped" in row.repair

    def test_at_sea_is_outside(self):
        rules = Rules(perimeter=TOULOUSE, perimeter_name="Toulouse")
        points = [{"type": "Point", "coordinates": place} for place in ([-5, 45], [0, 0])]
        reasons = [str(row) for row in read(geojson(*points), rules=rules)]
        assert all("outside Toulouse" in reason for reason in reasons)


class TestKml:
    def test_placemarks(self):
        (place, line, area, several) = kept(
            kml(
                "<Document><Style id='s'/><Folder><Placemark><name>Mare</name>"
                "<description><![CDATA[<b>eau</b>]]></description>"
                "<ExtendedData><Data name='état'><value>bon</value></Data></ExtendedData>"
                "<Point><coordinates> 1.4,43.6,120 </coordinates></Point></Placemark>"
                "<Placemark><LineString><coordinates>1,2 3,4\n5, 6</coordinates></LineString>"
                "</Placemark></Folder>"
                "<Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 4,0 4,4 0,4"
                "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
                "<Placemark><MultiGeometry><Point><coordinates>1,2</coordinates></Point>"
                "<Point><coordinates>3,4</coordinates></Point></MultiGeometry></Placemark>"
                "</Document>"
            )
        )
        assert place.properties == {"name": "Mare", "description": "<b>eau</b>", "état": "bon"}
        assert place.geometry.coords == (1.4, 43.6)
        assert line.geometry.coords == ((1, 2), (3, 4), (5, 6))
        assert area.geometry.area == 16
        assert several.geometry.geom_type == "MultiPoint"

    def test_network_links_and_overlays_are_named_and_never_followed(self):
        rows = read(
            kml(
                "<Document><NetworkLink><name>Ailleurs</name><Link><href>http://192.0.2.1/x.kml"
                "</href></Link></NetworkLink><GroundOverlay><name>Photo</name></GroundOverlay>"
                "<Placemark><Point><coordinates>1,2</coordinates></Point></Placemark></Document>"
            )
        )
        assert [str(row) for row in rows[:2]] == [
            "feature 1 (Ailleurs): it is a network link: it is not followed",
            "feature 2 (Photo): it is a picture, not a place",
        ]
        assert isinstance(rows[2], Read)

    @pytest.mark.parametrize(
        "text",
        [
            '<!DOCTYPE kml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><kml>&b;</kml>',
            '<!DOCTYPE kml SYSTEM "http://192.0.2.1/x.dtd"><kml/>',
            '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml>&x;</kml>',
        ],
    )
    def test_document_types_and_entities(self, text):
        assert "document type or entities" in said(text)

    def test_bad_xml_and_bad_coordinates(self):
        assert "not XML: line 1" in said("<kml><Placemark></kml>")
        assert "nested" in said("<kml>" + "<a>" * 100)
        assert "no feature" in said(kml(""))
        (row,) = read(kml("<Placemark><Point><coordinates>a,b</coordinates></Point></Placemark>"))
        assert "can't be read" in str(row)

    def test_kmz_reads_its_own_documents_once(self):
        link = "<NetworkLink><Link><href>{}</href></Link></NetworkLink>"
        inner = "<Placemark><Point><coordinates>1,2</coordinates></Point></Placemark>"
        content = zipped(
            doc_dot_kml=kml(f"<Document>{link.format('couches/a.kml')}</Document>"),
            couches__a_dot_kml=kml(f"<Document>{inner}{link.format('../doc.kml')}</Document>"),
        )
        rows = read(content)
        assert [type(row) for row in rows] == [Read, Refused]


class TestGpx:
    def test_waypoints_routes_and_tracks(self):
        rows = kept(
            '<gpx xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="43.6" lon="1.4">'
            "<ele>120</ele><name>Fontaine</name></wpt><rte><rtept lat='1' lon='2'/>"
            "<rtept lat='3' lon='4'/></rte><trk><name>Tour</name><trkseg><trkpt lat='1' lon='2'/>"
            "<trkpt lat='3' lon='4'><time>2026-01-01</time></trkpt></trkseg><trkseg>"
            "<trkpt lat='9' lon='9'/></trkseg></trk></gpx>"
        )
        assert [row.geometry.wkt for row in rows] == [
            "POINT (1.4 43.6)", "LINESTRING (2 1, 4 3)", "LINESTRING (2 1, 4 3)",
        ]  # fmt: skip
        assert rows[0].properties == {"ele": "120", "name": "Fontaine"}
        assert "single point" in rows[2].repair

    def test_a_point_without_longitude(self):
        (row,) = read('<gpx><wpt lat="43.6"><name>?</name></wpt></gpx>')
        assert "can't be read" in str(row)


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


class TestArchives:
    def test_a_bomb(self):
        bomb = zipped(doc_dot_kml=b"<kml>" + b" " * 50 * 1024**2)
        assert len(bomb) < 100_000
        tracemalloc.start()
        assert "Unpacked, the archive is too large" in said(bomb)
        assert tracemalloc.get_traced_memory()[1] < 10 * 1024**2
        tracemalloc.stop()

    def test_a_size_that_lies(self):
        content = bytearray(zipped(doc_dot_kml=b"<kml>" + b"a" * 100_000))
        place = content.rfind(b"PK\x01\x02")
        content[place + 24 : place + 28] = struct.pack("<I", 10)
        assert "damaged" in said(bytes(content))

    @pytest.mark.parametrize(
        "name", ["../doc.kml", "/etc/doc.kml", "a/../../doc.kml", "C:\\doc.kml"]
    )
    def test_dangerous_names(self, name):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(zipfile.ZipInfo(name), kml(""))
        assert "dangerous name" in said(buffer.getvalue())

    def test_too_many_files(self):
        members = {f"f{place}": "" for place in range(100)}
        assert "101 files; 100 at most" in said(zipped(doc_dot_kml=kml(""), **members))

    def test_a_shapefile_without_its_companions(self):
        assert "without its .shx" in said(zipped(a_dot_shp=b"\x00\x00\x27\x0a"))
        beside = {f"a_dot_{end}": b"x" for end in ("shx", "dbf")}
        assert "without its .prj" in said(zipped(a_dot_shp=b"\x00\x00\x27\x0a", **beside))

    @pytest.mark.parametrize(
        "prj",
        [
            b'PROJCS["NTF_Lambert_II_etendu",GEOGCS["GCS_NTF"]]',
            b'GEOGCS["GCS_Unknown",DATUM["x"]]',
            b"+proj=longlat +nadgrids=@/vsicurl/http://192.0.2.1/x",
            b'BOUNDCRS[SOURCECRS[PROJCRS["RGF93 v1 / Lambert-93"]]]',
        ],
    )
    def test_systems_that_are_not_known(self, prj):
        beside = {f"a_dot_{end}": b"x" for end in ("shx", "dbf")}
        content = zipped(a_dot_shp=b"\x00\x00\x27\x0a", a_dot_prj=prj, **beside)
        assert "reference system" in said(content)

    def test_a_shapefile_of_noise(self):
        beside = {f"a_dot_{end}": b"\xff" * 300 for end in ("shx", "dbf")}
        prj = b'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]'
        assert "shapefile is damaged" in said(
            zipped(a_dot_shp=b"\x00\x00\x27\x0a" + b"\xff" * 300, a_dot_prj=prj, **beside)
        )


class TestGeoPackages:
    @pytest.fixture
    def package(self, tmp_path):
        """A GeoPackage by hand: its three tables and one layer."""

        def make(blob: bytes, *, script: str = "", code: int = 4326) -> bytes:
            path = tmp_path / "layer.gpkg"
            path.unlink(missing_ok=True)
            with sqlite3.connect(path) as database:
                database.executescript(
                    "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);"
                    "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT,"
                    " srs_id INTEGER);"
                    "CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT,"
                    " organization_coordsys_id INTEGER);"
                    "INSERT INTO gpkg_contents VALUES ('lieux', 'features');"
                    "INSERT INTO gpkg_geometry_columns VALUES ('lieux', 'geom', 1);"
                )
                database.execute("INSERT INTO gpkg_spatial_ref_sys VALUES (1, 'EPSG', ?)", (code,))
                if script:
                    database.executescript(script)
                else:
                    database.execute("CREATE TABLE lieux (fid INTEGER, geom BLOB, nom TEXT)")
                    database.execute("INSERT INTO lieux VALUES (1, ?, 'Mare')", (blob,))
            database.close()
            return path.read_bytes()

        return make

    def head(self, flags: int = 1) -> bytes:
        return b"GP\x00" + bytes([flags]) + struct.pack("<i", 1)

    def point(self, x: float = 1.4, y: float = 43.6) -> bytes:
        return struct.pack("<BIdd", 1, 1, x, y)

    def test_a_point(self, package):
        (row,) = kept(package(self.head() + self.point()))
        assert (row.geometry.coords, row.properties) == ((1.4, 43.6), {"nom": "Mare"})

    def test_big_endian_with_altitude_and_envelope(self, package):
        body = struct.pack(">BIddd", 0, 1001, 1.4, 43.6, 9)
        (row,) = kept(package(self.head(0b011) + b"\x00" * 32 + body))
        assert row.geometry.coords == (1.4, 43.6)

    @pytest.mark.parametrize(
        "blob",
        [
            b"",
            b"GP",
            b"XX\x00\x01\x00\x00\x00\x00",
            b"GP\x00\x01\x01\x00\x00\x00" + struct.pack("<BII", 1, 2, 2**31),
            b"GP\x00\x01\x01\x00\x00\x00" + struct.pack("<BI", 1, 8),
            b"GP\x00\x01\x01\x00\x00\x00" + struct.pack("<BII", 1, 7, 1) * 5000,
            b"GP\x00\x21\x01\x00\x00\x00",
        ],
    )
    def test_geometries_that_are_none(self, package, blob):
        (row,) = read(package(blob))
        assert isinstance(row, Refused)

    def test_an_empty_geometry(self, package):
        (row,) = read(package(self.head(0b10001)))
        assert "no geometry" in str(row)

    def test_an_unknown_system(self, package):
        assert "EPSG:27572" in said(package(b"", code=27572))

    @pytest.mark.parametrize(
        "script",
        [
            "CREATE VIEW lieux AS SELECT 1 AS fid, randomblob(100) AS geom",
            "CREATE VIRTUAL TABLE lieux USING fts5(geom)",
        ],
    )
    def test_views_and_virtual_tables_are_not_run(self, package, script):
        assert "not a plain table" in said(package(b"", script=script))


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
