"""GeoPackages from outside: plain tables only."""

import sqlite3
import struct

import pytest

from maps.intake import Refused
from tests.maps.intake.files import kept, read, said

pytestmark = pytest.mark.usefixtures("english")


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
