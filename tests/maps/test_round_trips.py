"""What we export opens in GDAL's own tools without a word of warning; what they write, we read."""

import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from django.contrib.gis.geos import GEOSGeometry, LineString, MultiPoint, Point, Polygon

from maps import exporting, intake
from maps.exporting import FORMATS, Feature
from maps.intake import Read, Refused

pytestmark = pytest.mark.usefixtures("english")

FIELDS = ("title", "summary", "category", "number", "Une colonne au nom très long")
AREA = Polygon(
    [(1.4, 43.5), (1.5, 43.5), (1.5, 43.6), (1.4, 43.6), (1.4, 43.5)],
    [(1.42, 43.52), (1.42, 43.54), (1.44, 43.54), (1.44, 43.52), (1.42, 43.52)],
    srid=4326,
)


def features() -> list[Feature]:
    """Every kind of geometry, words with accents, an apostrophe, quotes, a formula, a long text."""
    shapes: list[GEOSGeometry] = [
        Point(1.444209, 43.604652, srid=4326),
        LineString((1.44, 43.6), (1.45, 43.61), (1.46, 43.6), srid=4326),
        AREA,
        MultiPoint(Point(1.4, 43.6), Point(1.41, 43.61), srid=4326),
    ]
    return [
        Feature(
            id=place,
            geometry=shape,
            properties={
                "title": f"Idée n°{place} de l’été & <b>« ombre »</b>",
                "summary": '=1+1\n"et" la suite',
                "category": "Îlot",
                "number": place * 1.5,
                "Une colonne au nom très long": "é" * 300,
                "secret": "not asked for",
            },
        )
        for place, shape in enumerate(shapes, start=1)
    ]


def exported(folder: Path, kind: str, only: str = "") -> Path:
    wanted = [each for each in features() if only in ("", each.geometry.geom_type)]
    path = folder / f"export{FORMATS[kind].suffix}"
    path.write_bytes(
        b"".join(exporting.pieces(wanted, format=kind, fields=FIELDS, name="Îlots de fraîcheur"))
    )
    return path


def silent(*command: object) -> str:
    """What a tool says; it must succeed and warn of nothing."""
    done = subprocess.run(
        [str(each) for each in command], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def read(path: Path) -> list[Read | Refused]:
    with path.open("rb") as file:
        return list(intake.read(file))


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "kml"])
def test_gdal_opens_what_we_export(tmp_path, kind):
    said = silent("ogrinfo", "-al", exported(tmp_path, kind))
    assert "Idée n°3 de l’été & <b>« ombre »</b>" in said
    assert "POINT (1.444209 43.604652)" in said or "POINT Z (1.444209 43.604652 0)" in said
    assert said.count("OGRFeature(") == 4
    assert "not asked for" not in said


def test_gdal_opens_our_csv(tmp_path):
    path = exported(tmp_path, "csv")
    said = silent("ogrinfo", "-al", "-oo", "GEOM_POSSIBLE_NAMES=wkt", path)
    assert said.count("OGRFeature(") == 4
    assert "POINT (1.444209 43.604652)" in said
    assert "POLYGON ((1.4 43.5,1.5 43.5" in said


def test_gdal_opens_our_gpx(tmp_path):
    path = exported(tmp_path, "gpx")
    assert silent("ogrinfo", "-al", path, "waypoints").count("OGRFeature(") == 3
    said = silent("ogrinfo", "-al", path, "tracks")
    assert said.count("OGRFeature(") == 2
    assert "Idée n°2" in said


def test_gdal_opens_our_shapefiles(tmp_path):
    path = exported(tmp_path, "shp")
    said = silent("ogrinfo", "-al", f"/vsizip/{path}")
    assert said.count("OGRFeature(") == 4
    assert "Une_colonn (String)" in said
    assert "Idée n°3" in said
    with zipfile.ZipFile(path) as archive:
        notice = archive.read("LISEZMOI.txt").decode()
    assert "Une_colonn\tUne colonne au nom très long" in notice
    assert "Cut at 254 bytes: Une colonne au nom très long" in notice


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "kml", "csv", "shp", "gpx"])
def test_we_read_what_we_export(tmp_path, kind):
    rows = read(exported(tmp_path, kind))
    assert all(isinstance(row, Read) for row in rows)
    kinds = sorted(row.geometry.geom_type for row in rows if isinstance(row, Read))
    if kind == "gpx":
        assert kinds == ["LineString", "MultiLineString", "Point", "Point", "Point"]
        return
    assert kinds == ["LineString", "MultiPoint", "Point", "Polygon"]
    (area,) = [row for row in rows if isinstance(row, Read) and row.geometry.geom_type == "Polygon"]
    assert area.geometry.normalize() == AREA.clone().normalize() or area.geometry.equals(AREA)
    assert area.repair == ""
    texts = [str(value) for value in area.properties.values()]
    assert any("de l’été & <b>« ombre »</b>" in text for text in texts)


WRITTEN = {
    "geojson": ("GeoJSON", "out.geojson", []),
    "rfc7946": ("GeoJSON", "out.geojson", ["-lco", "RFC7946=YES"]),
    "geojsonseq": ("GeoJSONSeq", "out.geojsonl", []),
    "kml": ("KML", "out.kml", []),
    "libkml": ("LIBKML", "out.kml", []),
    "kmz": ("LIBKML", "out.kmz", []),
    "gpkg": ("GPKG", "out.gpkg", []),
    "gpkg in Lambert-93": ("GPKG", "out.gpkg", ["-t_srs", "EPSG:2154"]),
    "csv": ("CSV", "out.csv", ["-lco", "GEOMETRY=AS_WKT"]),
    "csv with ;": ("CSV", "out.csv", ["-lco", "GEOMETRY=AS_WKT", "-lco", "SEPARATOR=SEMICOLON"]),
}


@pytest.mark.parametrize("case", WRITTEN)
def test_we_read_what_gdal_writes(tmp_path, case):
    driver, name, options = WRITTEN[case]
    source, target = exported(tmp_path, "geojson"), tmp_path / name
    subprocess.run(
        ["ogr2ogr", "-f", driver, *options, target, source], check=True, capture_output=True
    )
    rows = read(target)
    assert [row for row in rows if isinstance(row, Refused)] == []
    kept = [row for row in rows if isinstance(row, Read)]
    assert [row.geometry.geom_type for row in kept] == [
        "Point", "LineString", "Polygon", "MultiPoint",
    ]  # fmt: skip
    assert kept[0].geometry.distance(features()[0].geometry) < 1e-6
    assert kept[2].geometry.sym_difference(AREA).area < 1e-7
    assert any("Îlot" in str(value) for value in kept[0].properties.values())


@pytest.mark.parametrize("srid", [4326, 2154, 3857, 3946])
@pytest.mark.parametrize("kind", ["Point", "LineString", "Polygon", "MultiPoint"])
def test_we_read_the_shapefiles_that_gdal_writes(tmp_path, kind, srid):
    source = tmp_path / "one.geojson"
    (wanted,) = [each for each in features() if each.geometry.geom_type == kind]
    source.write_bytes(
        b"".join(exporting.pieces([wanted], format="geojson", fields=["title"], name="un"))
    )
    target = tmp_path / "out.shp"
    subprocess.run(
        ["ogr2ogr", "-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8", "-t_srs", f"EPSG:{srid}",
         target, source],
        check=True, capture_output=True,
    )  # fmt: skip
    archive = tmp_path / "out.zip"
    with zipfile.ZipFile(archive, "w") as pack:
        for each in tmp_path.glob("out.*"):
            if each != archive:
                pack.write(each, f"dossier/{each.name}")
    (row,) = read(archive)
    assert isinstance(row, Read)
    assert row.geometry.geom_type == kind
    assert row.geometry.equals_exact(wanted.geometry, 1e-6) or (
        kind == "Polygon" and row.geometry.sym_difference(wanted.geometry).area < 1e-7
    )
    assert row.properties["title"] == wanted.properties["title"]


@pytest.mark.parametrize(("kind", "expected"), [("Point", "Point"), ("LineString", "LineString")])
def test_we_read_the_gpx_that_gdal_writes(tmp_path, kind, expected):
    source = tmp_path / "one.geojson"
    wanted = [each for each in features() if each.geometry.geom_type == kind]
    source.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "properties": {"name": "L’été"},
                        "geometry": json.loads(each.geometry.json),
                    }
                    for each in wanted
                ],
            }
        )
    )
    target = tmp_path / "out.gpx"
    subprocess.run(["ogr2ogr", "-f", "GPX", target, source], check=True, capture_output=True)
    (row,) = read(target)
    assert isinstance(row, Read)
    assert row.geometry.geom_type == expected
    assert row.properties["name"] == "L’été"
