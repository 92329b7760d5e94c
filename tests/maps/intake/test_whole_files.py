"""Files from outside: their kinds, their sizes, archives."""

import io
import struct
import tracemalloc
import zipfile
from typing import Any

import pytest

from maps import intake
from maps.intake import FileRefused, Limits
from tests.maps.intake.files import geojson, kml, said, zipped

pytestmark = pytest.mark.usefixtures("english")


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
