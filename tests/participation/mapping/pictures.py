"""Small photographs, some of which say where they were taken."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def photo(
    name: str = "photo.jpg", *, place: tuple[float, float] | None = None
) -> SimpleUploadedFile:
    """A JPEG; `place` (latitude, longitude) is written in its EXIF."""
    exif = Image.Exif()
    if place is not None:
        latitude, longitude = place
        exif[0x8825] = {
            1: "N" if latitude >= 0 else "S",
            2: _sexagesimal(abs(latitude)),
            3: "E" if longitude >= 0 else "W",
            4: _sexagesimal(abs(longitude)),
        }
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "#557755").save(content, "JPEG", exif=exif)
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/jpeg")


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    return float(whole), float(minutes), round((degrees - whole - minutes / 60) * 3600, 4)
