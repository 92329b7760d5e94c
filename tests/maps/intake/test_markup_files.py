"""KML and GPX from outside."""

import pytest

from maps.intake import Read, Refused
from tests.maps.intake.files import kept, kml, read, said, zipped

pytestmark = pytest.mark.usefixtures("english")


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
