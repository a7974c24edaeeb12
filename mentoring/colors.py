"""Whether a program's accent color can be seen on our pages, in the light theme and in the dark one.

It is used for a thin line and for the lines under links, never for text: WCAG 2.2 asks for a contrast of 3 to 1 there
(success criterion 1.4.11, Non-text Contrast). The arithmetic is that of its glossary, "relative luminance" and
"contrast ratio".
"""

import colorsys
import re
from dataclasses import dataclass

COLOR = re.compile(r"#[0-9a-f]{6}")
ENOUGH = 3.0
# `--paper` and `--sheet` of static/css/best.css, on which it lies. A test compares them.
LIGHT = ("#fbfaf6", "#ffffff")
DARK = ("#191613", "#221e1a")


@dataclass(frozen=True)
class Seen:
    """The least contrast that a color has in each theme."""

    light: float
    dark: float

    @property
    def is_enough(self) -> bool:
        return min(self.light, self.dark) >= ENOUGH


def seen(color: str) -> Seen:
    """`color` as #rrggbb."""
    return Seen(min(contrast(color, on) for on in LIGHT), min(contrast(color, on) for on in DARK))


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def nearest_that_is_seen(color: str) -> str:
    """`color`, or the shade of it that differs least in lightness and can be seen in both themes."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in _parts(color)))
    shades = [_written(hue, step / 500, saturation) for step in range(501)]
    fitting = [
        (abs(step / 500 - lightness), shade) for step, shade in enumerate(shades) if seen(shade).is_enough
    ]
    return color if seen(color).is_enough else min(fitting)[1]


def _parts(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _written(hue: float, lightness: float, saturation: float) -> str:
    return "#" + "".join(
        f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, lightness, saturation)
    )
