"""What can be held of the looks without eyes: contrast, icons that exist, words that never stand on a page."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts.icons import svg

STYLES = (settings.BASE_DIR / "static" / "css" / "best.css").read_text()
TEMPLATES = settings.BASE_DIR / "templates"
OURS = [
    path
    for folder in ("account", "accounts", "components", "errors")
    for path in sorted((TEMPLATES / folder).rglob("*.*"))
] + [TEMPLATES / "base.html", TEMPLATES / "429.html"]


def colors(theme: int) -> dict[str, str]:
    """The tokens of the stylesheet in the light (0) or the dark (1) theme."""
    found = {}
    for name, value in re.findall(r"--([\w-]+): (light-dark\([^)]*\)|#\w{6});", STYLES):
        shades = re.findall(r"#\w{6}", value)
        if shades:
            found.setdefault(name, shades[min(theme, len(shades) - 1)])
    return found


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "needs"),
    [
        *[
            (ink, back, 4.5)
            for ink in ("ink", "ink-soft")
            for back in ("paper", "sheet", "wash", "marigold-wash")
        ],
        *[(ink, back, 4.5) for ink in ("ink", "red") for back in ("red-wash", "paper", "sheet")],
        ("ink", "green-wash", 4.5),
        ("green", "green-wash", 4.5),
        ("on-marigold", "marigold", 4.5),
        ("on-marigold", "marigold-deep", 4.5),
        ("marigold-ink", "paper", 4.5),
        ("paper", "ink", 4.5),
        *[("edge", back, 3) for back in ("paper", "sheet", "wash")],
        *[(f"v{strand}", "paper", 3) for strand in range(1, 6)],
    ],
)
def test_colors_that_meet_can_be_told_apart(theme: int, front: str, back: str, needs: float) -> None:
    tokens = colors(theme)
    assert contrast(tokens[front], tokens[back]) >= needs


def test_each_icon_that_a_template_names_is_there() -> None:
    names = set()
    for path in TEMPLATES.rglob("*.html"):
        names |= set(re.findall(r'{% icon "([\w-]+)"', path.read_text()))
        names |= set(re.findall(r'icon\|default:"([\w-]+)"', path.read_text()))
    assert names
    for name in names:
        svg(name)


def words_of(path: Path) -> str:
    """The text of a template without its tags, markup and comments."""
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)
    quoted = " ".join(re.findall(r'{% translate "([^"]*)"', text))
    return quoted + " " + re.sub(r"{[%{].*?[%}]}|<[^>]*>", " ", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_page_counts_scolds_or_shouts(path: Path) -> None:
    words = words_of(path)
    assert not re.findall(r"\b(overdue|scores?|streaks?|points|rank(ing|ed)|failed)\b", words, re.IGNORECASE)
    assert "!" not in words
    assert not re.findall(r"\w*(?:programme|organis|colour|honour|recognis|favour)\w*", words, re.IGNORECASE)


def test_the_stylesheet_asks_nobody_else_for_anything() -> None:
    assert not re.findall(r"https?://|@import", STYLES)
    for font in re.findall(r"url\(\.\./(fonts/[\w.-]+)\)", STYLES):
        assert (settings.BASE_DIR / "static" / font).is_file()
