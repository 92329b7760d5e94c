"""What a map of many things tells its readers: how each category looks, which layers lie under."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.html import conditional_escape

from maps import base_layers
from maps.choices import BaseLayer, LayerPattern

PATTERNS = ("plain", "stripes", "dots", "grid")
TONES = range(1, 9)
KINDS = ("geojson", "raster", "vector")
VECTOR_MAX_ZOOM = 14
"""The deepest that services of vector tiles usually go."""


@dataclass(frozen=True, slots=True)
class Category:
    """How the things of a category look: never by colour alone.

    - `key`: the value of the tiles' property `category`;
    - `tone`: 1 to 8, a colour and the form of the small pictures;
    - `icon` (a name of the icon sprite) or `letter`; by default the label's first letter;
    - `pattern`: of its lines and areas (`PATTERNS`); by default one that goes with the tone;
    - `shapes`: whether it may have lines or areas, whose look the legend then shows too.

    Raises `ValueError` for a tone or a pattern that doesn't exist.
    """

    key: str
    label: str
    tone: int = 1
    icon: str = ""
    letter: str = ""
    pattern: str = ""
    shapes: bool = False

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

    - `kind`: how it is drawn (`KINDS`); `url` is GeoJSON of ours, or else a template with {z}, {x}
      and {y}: one of another host only shows where the content security policy lets it in;
    - `attribution`: text, or HTML marked safe;
    - `max_zoom`: the deepest tiles that there are; vector tiles are drawn larger beyond;
    - `tone`, `pattern` (`LayerPattern`), `dashed`: its look, pictures apart.

    Raises `ValueError` for a kind that doesn't exist.
    """

    key: str
    label: str
    url: str
    kind: str = "geojson"
    attribution: str = ""
    max_zoom: int = 19
    tone: int = 8
    pattern: str = LayerPattern.PLAIN
    dashed: bool = False
    shown: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is not one of {', '.join(KINDS)}.")

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
            kind="raster",
            attribution=tiles.attribution,
            max_zoom=tiles.max_zoom,
        )
        for name, tiles in base_layers.in_use().items()
        if name != settings.MAP_BASE_LAYER
    ]
