"""Contrast of colours, after WCAG 2.2 (relative luminance, sRGB)."""

import re

MINIMUM_RATIO = 4.5
WHITE = "#ffffff"

_HEX = re.compile(r"^#[0-9a-fA-F]{6}$")


def is_hex_colour(text: str) -> bool:
    """`#rrggbb` and nothing else: the value is written into a style sheet."""
    return bool(_HEX.match(text))


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, from 0 (black) to 1 (white)."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """`colour` with `share` (0 to 1) of `other` in it."""
    mixed = (
        round(a + (b - a) * share) for a, b in zip(_channels(colour), _channels(other), strict=True)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def readable_on(colour: str, background: str, *, minimum: float = MINIMUM_RATIO) -> str:
    """The nearest tint (or shade) of `colour` that reads on `background`."""
    toward = WHITE if luminance(background) < 0.18 else "#000000"
    for step in range(21):
        tint = mix(colour, toward, step / 20)
        if ratio(tint, background) >= minimum:
            return tint
    return toward
