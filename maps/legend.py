"""What a map of many things tells its readers: how each category looks, which layers lie under."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.html import conditional_escape

from maps import base_layers
from maps.choices import BaseLayer

PATTERNS = ("plain", "stripes", "dots", "grid")
TONES = range(1, 9)


@dataclass(frozen=True, slots=True)
class Category:
    """How the things of a category look: never by colour alone.

    - `key`: the value of the tiles' property `category`;
    - `tone`: 1 to 8, a colour and the form of the small pictures;
    - `icon` (a name of the icon sprite) or `letter`; by default the label's first letter;
    - `pattern`: of its lines and areas (`PATTERNS`); by default one that goes with the tone.

    Raises `ValueError` for a tone or a pattern that doesn't exist.
    """

    key: str
    label: str
    tone: int = 1
    icon: str = ""
    letter: str = ""
    pattern: str = ""

    def __post_init__(self) -> None:
        if self.tone not in TONES:
            raise ValueError(f"Tone {self.tone} is not between 1 and 8.")
        if self.pattern and self.pattern not in PATTERNS:
            raise ValueError(f"{self.pattern!r} is not one of {', '.join(PATTERNS)}.")

    def as_data(self) -> dict[str, Any]:
        """For the map's script."""
        return {
            "key": self.key,
            "label": str(self.label),
            "tone": self.tone,
            "icon": self.icon,
            "letter": self.letter,
            "pattern": self.pattern or PATTERNS[(self.tone - 1) % len(PATTERNS)],
        }


@dataclass(frozen=True, slots=True)
class ReferenceLayer:
    """A layer that a reader may lay under the data.

    `url` is GeoJSON of ours, or a raster template with {z}, {x}, {y} (`raster`): one of another
    host only shows where the content security policy lets its pictures in. `attribution` is text,
    or HTML marked safe.
    """

    key: str
    label: str
    url: str
    raster: bool = False
    attribution: str = ""
    max_zoom: int = 19
    tone: int = 8
    shown: bool = False

    @property
    def kind(self) -> str:
        return "raster" if self.raster else "geojson"

    @property
    def credit(self) -> str:
        """HTML."""
        return conditional_escape(self.attribution)


def extra_base_layers() -> list[ReferenceLayer]:
    """The base maps that the site offers besides its own (`MAP_EXTRA_LAYERS`)."""
    return [
        ReferenceLayer(
            key=name,
            label=str(BaseLayer(name).label),
            url=base_layers.address(name),
            raster=True,
            attribution=tiles.attribution,
            max_zoom=tiles.max_zoom,
        )
        for name, tiles in base_layers.in_use().items()
        if name != settings.MAP_BASE_LAYER
    ]
