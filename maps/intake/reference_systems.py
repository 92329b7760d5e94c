"""Reference systems that files may be in: whole numbers that we know, and nothing else.

The text of a `.prj` or of a GeoPackage never reaches PROJ, which would follow the grids and files
that it names: we only recognise in it the name of a system.
"""

import re

from django.utils.translation import gettext as _

from maps.intake.outcomes import FileRefused, printable

_PROJECTED = {
    "lambert_93": 2154,
    "utm_40s": 2975,  # RGR92, La Réunion
    "rgaf09_utm_20n": 5490,
    "rgfg95_utm_22n": 2972,
    "rgm04_utm_38s": 4471,
    "rgspm06_utm_21n": 4467,
    "web_mercator": 3857,
    **{f"cc{zone}": 3900 + zone for zone in range(42, 51)},  # conic conformal, nine zones
}
# Geographic systems within a metre of WGS 84: RGF93, RGR92, RGAF09, RGFG95, RGM04, RGSPM06, ETRS89.
_GEOGRAPHIC = {4326, 4171, 4627, 5489, 4624, 4470, 4463, 4258}
_GEOGRAPHIC_NAMES = (
    "wgs_1984", "wgs_84", "rgf_1993", "rgf93", "rgr_1992", "rgr92", "rgaf09", "rgfg_1995", "rgm04",
    "rgspm06", "etrs_1989", "etrs89",
)  # fmt: skip
KNOWN = frozenset({*_PROJECTED.values(), *_GEOGRAPHIC})

_PATTERNS = (
    (r"lambert_?93", "lambert_93"),
    (r"rgr_?(19)?92_utm(_zone)?_40s", "utm_40s"),
    (r"rgaf_?(20)?09_?(\(?.*\)?)?_utm(_zone)?_20n", "rgaf09_utm_20n"),
    (r"rgfg_?(19)?95_utm(_zone)?_22n", "rgfg95_utm_22n"),
    (r"rgm_?(20)?04_utm(_zone)?_38s", "rgm04_utm_38s"),
    (r"rgspm_?(20)?06_utm(_zone)?_21n", "rgspm06_utm_21n"),
    (r"web_mercator|pseudo-mercator", "web_mercator"),
)
_NAME = re.compile(r'\s*(PROJCS|PROJCRS|GEOGCS|GEOGCRS)\s*\[\s*"([^"]{1,200})"', re.IGNORECASE)


def known(code: int) -> int:
    """The same code when we know it; the geographic ones are as good as WGS 84 on a map."""
    if code in _GEOGRAPHIC:
        return 4326
    if code in KNOWN:
        return code
    raise _unknown(f"EPSG:{code}")


def of_text(prj: str) -> int:
    """The code of the system that a `.prj` names. Raises `FileRefused` for any other."""
    found = _NAME.match(prj)
    if found is None:
        raise _unknown(printable(prj, 60))
    name = re.sub(r"[\s/]+", "_", found[2].lower())
    if found[1].upper().startswith("GEOG"):
        if any(known_name in name for known_name in _GEOGRAPHIC_NAMES):
            return 4326
        raise _unknown(found[2])
    for pattern, system in _PATTERNS:
        if re.search(pattern, name):
            return _PROJECTED[system]
    if zone := re.search(r"rgf_?(?:19)?93.*_cc_?(4[2-9]|50)$", name):
        return _PROJECTED[f"cc{zone[1]}"]
    raise _unknown(found[2])


def _unknown(name: str) -> FileRefused:
    return FileRefused(
        _(
            "Its reference system (%(name)s) is not one that we read: convert it to WGS 84 "
            "(EPSG:4326) or Lambert-93 (EPSG:2154)."
        )
        % {"name": printable(name, 60)}
    )
