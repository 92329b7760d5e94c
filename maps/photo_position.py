"""Where a photograph says it was taken: read before it is stripped, only to propose it."""

import math
from typing import Any

from django.contrib.gis.geos import Point
from PIL import ExifTags, Image

from maps.projections import WGS84

DECIMALS = 6
MAX_PIXELS = 200_000_000  # only the header is read, but a lie about the size is no photograph


def position_of(upload: Any) -> Point | None:
    """The EXIF GPS position of a picture (WGS 84); `None` without one, or at any doubt.

    `upload`: any binary file. Reads the header only and leaves the file at its beginning. Whatever
    is wrong with the file is for the upload's own checks to say: here it means "no position".
    """
    try:
        upload.seek(0)
        with Image.open(upload, formats=("JPEG", "PNG", "WEBP", "TIFF", "MPO")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return None
            gps = dict(picture.getexif().get_ifd(ExifTags.IFD.GPSInfo))
        return _point(gps)
    except Exception:  # a hostile header may break the reader in any way
        return None
    finally:
        upload.seek(0)


def _point(gps: dict[int, Any]) -> Point | None:
    tags = ExifTags.GPS
    if gps.get(tags.GPSStatus) == "V":  # the receiver itself had no fix
        return None
    latitude = _degrees(gps.get(tags.GPSLatitude), gps.get(tags.GPSLatitudeRef), "NS", 90)
    longitude = _degrees(gps.get(tags.GPSLongitude), gps.get(tags.GPSLongitudeRef), "EW", 180)
    if latitude is None or longitude is None:
        return None
    if latitude == 0 and longitude == 0:  # what cameras write when they don't know
        return None
    return Point(longitude, latitude, srid=WGS84)


def _degrees(values: Any, letter: Any, letters: str, limit: int) -> float | None:
    """Degrees, minutes, seconds and a letter as one signed number."""
    sign = str(letter or "").strip("\x00 ").upper()
    if sign not in tuple(letters) or not isinstance(values, tuple) or len(values) != 3:
        return None
    degrees, minutes, seconds = (float(value) for value in values)
    if not all(math.isfinite(part) and part >= 0 for part in (degrees, minutes, seconds)):
        return None
    if minutes >= 60 or seconds >= 60:
        return None
    total = round(degrees + minutes / 60 + seconds / 3600, DECIMALS)
    if total > limit:
        return None
    return -total if sign == letters[1] else total
