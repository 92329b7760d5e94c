"""Where a photograph says it was taken."""

import io

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

from maps.photo_position import position_of

TAGS = ExifTags.GPS
HERE = {
    TAGS.GPSLatitudeRef: "N",
    TAGS.GPSLatitude: (43.0, 36.0, 16.2),
    TAGS.GPSLongitudeRef: "E",
    TAGS.GPSLongitude: (1.0, 26.0, 38.4),
}


def photo(gps: dict | None, *, kind: str = "JPEG") -> SimpleUploadedFile:
    picture = Image.new("RGB", (8, 8))
    exif = Image.Exif()
    if gps is not None:
        exif[ExifTags.IFD.GPSInfo] = gps
    held = io.BytesIO()
    picture.save(held, kind, exif=exif)
    return SimpleUploadedFile("photo.jpg", held.getvalue())


def test_a_position_is_read_and_the_file_left_at_its_beginning():
    upload = photo(HERE)
    assert position_of(upload) == Point(1.444, 43.6045, srid=4326)
    assert upload.tell() == 0
    assert position_of(photo(HERE, kind="PNG")) == Point(1.444, 43.6045, srid=4326)


def test_south_and_west():
    there = HERE | {TAGS.GPSLatitudeRef: "S", TAGS.GPSLongitudeRef: "W"}
    assert position_of(photo(there)) == Point(-1.444, -43.6045, srid=4326)


@pytest.mark.parametrize(
    "change",
    [
        {TAGS.GPSLatitude: (91.0, 0.0, 0.0)},
        {TAGS.GPSLatitude: (43.0, 60.0, 0.0)},
        {TAGS.GPSLatitude: (43.0, 36.0)},
        {TAGS.GPSLatitudeRef: "Q"},
        {TAGS.GPSLatitudeRef: ""},
        {TAGS.GPSLongitude: (181.0, 0.0, 0.0)},
        {TAGS.GPSStatus: "V"},
        {TAGS.GPSLatitude: (0.0, 0.0, 0.0), TAGS.GPSLongitude: (0.0, 0.0, 0.0)},
    ],
)
def test_a_doubtful_position_is_none(change):
    assert position_of(photo(HERE | change)) is None


def test_a_division_by_zero_is_none():
    content = photo(HERE).read()
    seconds = (162).to_bytes(4, "big") + (10).to_bytes(4, "big")
    for order in ("big", "little"):
        seconds = (81).to_bytes(4, order) + (5).to_bytes(4, order)
        if seconds in content:
            break
    assert seconds in content
    broken = content.replace(seconds, seconds[:4] + bytes(4))
    assert position_of(SimpleUploadedFile("photo.jpg", broken)) is None


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\xff\xd8\xff\xe1\xff\xffExif", b"<svg/>"])
def test_what_is_no_photograph_has_no_position(content):
    upload = SimpleUploadedFile("photo.jpg", content)
    assert position_of(upload) is None
    assert upload.tell() == 0


def test_truncated_at_every_byte():
    whole = photo(HERE).read()
    for length in range(0, len(whole), 7):
        found = position_of(SimpleUploadedFile("photo.jpg", whole[:length]))
        assert found is None or found == Point(1.444, 43.6045, srid=4326)


def test_no_gps():
    assert position_of(photo(None)) is None
    assert position_of(photo({})) is None
