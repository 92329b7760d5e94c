"""GeoPackage and Shapefile, written by GDAL from our own GeoJSON in a temporary folder.

GDAL's `ogr2ogr` is also a function of its library (`GDALVectorTranslate`): it reads and writes
feature by feature, so that memory does not grow with the export. It is only given our own data.
"""

import threading
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from ctypes import CDLL, POINTER, byref, c_char_p, c_int, c_uint, c_void_p
from pathlib import Path
from typing import IO, Any

from django.contrib.gis.gdal.libgdal import lib_path
from django.utils.translation import gettext as _

from maps.exporting.cells import plain
from maps.geojson import Feature, feature_json

_VECTOR, _VERBOSE_ERROR = 0x04, 0x40
_FAMILIES = {"Point": "points", "LineString": "lines", "Polygon": "areas"}
_GPKG_FIELDS_TAKEN = {"fid", "geom"}
_MAX_SHAPEFILE_NAME = 10
_MAX_SHAPEFILE_TEXT = 254  # bytes

# A data set is used by one thread; opening the drivers for the first time is not thread-safe.
_lock = threading.Lock()
_RECORD = "\x1e"  # RFC 8142: without it, a sequence of a single feature is not recognised


class NotWritten(RuntimeError):
    """GDAL could not write the file; the message is its own."""


def write_geopackage(
    path: Path, features: Iterable[Feature], fields: Sequence[str], name: str
) -> None:
    """One layer of mixed geometry, at `path`. Raises `NotWritten`."""
    source = path.with_suffix(".geojsonl")
    names = {field: _free(field, _GPKG_FIELDS_TAKEN) for field in fields}
    with source.open("w", encoding="utf-8") as lines:
        for each in features:
            lines.write(_line(each, names, {}))
    try:
        _translate(source, path, ["-f", "GPKG", "-nln", name, "-nlt", "GEOMETRY", "-unsetFid"])
    finally:
        source.unlink()


def write_shapefiles(
    path: Path, features: Iterable[Feature], fields: Sequence[str], name: str
) -> None:
    """A zip of at most three shapefiles (points, lines, areas) and of what their names stand for.

    Raises `NotWritten`.
    """
    folder = path.parent / "layers"
    folder.mkdir()
    names = short_names(fields)
    opened: dict[str, IO[str]] = {}
    cut: set[str] = set()
    try:
        for each in features:
            if each.geometry is None or each.geometry.empty:
                continue
            for family, single in _by_family(each):
                if family not in opened:
                    opened[family] = (folder / f"{family}.geojsonl").open("w", encoding="utf-8")
                opened[family].write(_line(single, names, {"most_bytes": _MAX_SHAPEFILE_TEXT}, cut))
    finally:
        for file in opened.values():
            file.close()
    for family in opened:
        source = folder / f"{family}.geojsonl"
        kind = {"points": "MULTIPOINT", "lines": "MULTILINESTRING", "areas": "MULTIPOLYGON"}[family]
        _translate(
            source,
            folder / f"{name}-{family}.shp",
            ["-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8", "-nlt", kind],
        )
        source.unlink()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, part.name)
        archive.writestr("LISEZMOI.txt", _notice(names, cut))


def short_names(fields: Sequence[str]) -> dict[str, str]:
    """Names of at most ten plain characters, none twice, for the columns of a shapefile."""
    taken = {"id"}
    return {field: _shortened(field, taken) for field in fields}


def _shortened(field: str, taken: set[str]) -> str:
    bare = unicodedata.normalize("NFKD", field).encode("ascii", "ignore").decode()
    plain_name = "".join(each if each.isalnum() else "_" for each in bare) or "champ"
    candidate = plain_name[:_MAX_SHAPEFILE_NAME]
    rank = 1
    while candidate.lower() in taken:
        rank += 1
        candidate = f"{plain_name[: _MAX_SHAPEFILE_NAME - 1 - len(str(rank))]}_{rank}"
    taken.add(candidate.lower())
    return candidate


def _free(field: str, taken: set[str]) -> str:
    name = field
    while name.lower() in taken:
        name += "_"
    taken.add(name.lower())
    return name


def _by_family(feature: Feature) -> Iterable[tuple[str, Feature]]:
    """A shapefile holds one kind of geometry: each part goes with its like."""
    geometry: Any = feature.geometry
    if geometry.geom_type == "GeometryCollection":
        for part in geometry:
            yield from _by_family(Feature(feature.id, part, feature.properties))
    else:
        yield _FAMILIES[geometry.geom_type.removeprefix("Multi")], feature


def _line(
    feature: Feature, names: dict[str, str], limits: dict[str, int], cut: set[str] | None = None
) -> str:
    properties: dict[str, Any] = {"id": str(feature.id)}
    for field, name in names.items():
        value = plain(feature.properties.get(field))
        most = limits.get("most_bytes")
        if most and isinstance(value, str) and len(value.encode()) > most:
            value = value.encode()[:most].decode("utf-8", "ignore")
            if cut is not None:
                cut.add(field)
        properties[name] = value
    written = feature_json(Feature(feature.id, feature.geometry, properties))
    return f"{_RECORD}{written}\n"


def _notice(names: dict[str, str], cut: set[str]) -> str:
    lines = [
        _("Coordinates are in WGS 84 (EPSG:4326); texts are in UTF-8."),
        _("A shapefile holds one kind of shape and names of ten characters at most:"),
        "",
        *(f"{short}\t{field}" for field, short in names.items()),
    ]
    if cut:
        lines += ["", _("Cut at 254 bytes: %(names)s.") % {"names": ", ".join(sorted(cut))}]
    return "\r\n".join(lines) + "\r\n"


def _translate(source: Path, target: Path, options: Sequence[str]) -> None:
    library = _library()
    library.CPLErrorReset()
    opened = library.GDALOpenEx(
        str(source).encode(), _VECTOR | _VERBOSE_ERROR, _texts(["GeoJSONSeq"]), None, None
    )
    if not opened:
        raise NotWritten(_last_error(library))
    asked = library.GDALVectorTranslateOptionsNew(_texts([*options, "-a_srs", "EPSG:4326"]), None)
    failed = c_int(0)
    made = None
    try:
        sources = (c_void_p * 1)(opened)
        made = library.GDALVectorTranslate(
            str(target).encode(), None, 1, sources, asked, byref(failed)
        )
    finally:
        if made:
            library.GDALClose(made)
        library.GDALVectorTranslateOptionsFree(asked)
        library.GDALClose(opened)
    if failed.value or not made:
        raise NotWritten(_last_error(library))


def _texts(values: Sequence[str]) -> Any:
    return (c_char_p * (len(values) + 1))(*(value.encode() for value in values), None)


def _last_error(library: Any) -> str:
    return str((library.CPLGetLastErrorMsg() or b"?").decode("utf-8", "replace"))


def _library() -> Any:
    """GDAL, with the shapes of the functions used here, its drivers ready."""
    with _lock:
        # Our own view of the library: the shapes that Django gave to these functions stay its own.
        library = CDLL(lib_path)
        texts = POINTER(c_char_p)
        library.GDALAllRegister()
        library.GDALOpenEx.argtypes = [c_char_p, c_uint, texts, texts, texts]
        library.GDALOpenEx.restype = c_void_p
        library.GDALVectorTranslateOptionsNew.argtypes = [texts, c_void_p]
        library.GDALVectorTranslateOptionsNew.restype = c_void_p
        library.GDALVectorTranslateOptionsFree.argtypes = [c_void_p]
        library.GDALVectorTranslate.argtypes = [
            c_char_p, c_void_p, c_int, POINTER(c_void_p), c_void_p, POINTER(c_int),
        ]  # fmt: skip
        library.GDALVectorTranslate.restype = c_void_p
        library.GDALClose.argtypes = [c_void_p]
        library.CPLGetLastErrorMsg.restype = c_char_p
    return library
