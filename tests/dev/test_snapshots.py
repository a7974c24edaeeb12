"""Pictures of the docs: small, written when asked for, left alone while nothing changes, and each of them shown."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from dev.processes import ROOT
from tests.browser import snapshots

SHOWS = re.compile(r"!\[[^\]]+\]\((?:docs/)?images/([a-z0-9-]+\.png)\)")


class Pages:
    """As much of a browser's page as a picture needs; it remembers what was done to it."""

    viewport_size = {"width": 390, "height": 844}

    def __init__(self) -> None:
        self.sizes: list[tuple[int, int]] = []
        self.mouse = self

    def set_viewport_size(self, size: dict[str, int]) -> None:
        self.sizes.append((size["width"], size["height"]))

    def screenshot(self, **options: object) -> bytes:
        return drawn(*self.sizes[-1])

    def emulate_media(self, **options: object) -> None: ...

    def move(self, x: int, y: int) -> None: ...

    def evaluate(self, script: str) -> None: ...


def drawn(width: int = 1280, height: int = 800, word: str = "Harbor", shade: int = 0) -> bytes:
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    ImageDraw.Draw(picture).text((40, 40), word, fill=(20 + shade, 90, 90), font_size=60)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_nothing_is_written_unless_pictures_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "FOLDER", tmp_path)
    monkeypatch.delenv(snapshots.ASKED_FOR_BY, raising=False)
    page = Pages()
    snapshots.snapshot(page, "home")
    assert (page.sizes, list(tmp_path.iterdir())) == ([], [])
    with pytest.raises(AssertionError, match="small letters"):
        snapshots.snapshot(page, "../Home")


def test_a_picture_is_small_and_the_window_is_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "FOLDER", tmp_path / "images")
    monkeypatch.setenv(snapshots.ASKED_FOR_BY, "1")
    page = Pages()
    snapshots.snapshot(page, "home", height=600)
    assert page.sizes == [(1280, 600), (390, 844)]
    with Image.open(tmp_path / "images" / "home.png") as picture:
        assert (picture.mode, picture.size) == ("P", (1280, 600))
        assert len(picture.getcolors()) <= snapshots.COLORS


def test_a_picture_is_written_anew_only_when_there_is_something_new_to_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "home.png"
    assert snapshots.keep(drawn(), path)
    first = path.read_bytes()
    assert not snapshots.keep(drawn(), path)
    assert not snapshots.keep(drawn(shade=3), path)
    assert path.read_bytes() == first
    assert snapshots.keep(drawn(word="Hill"), path)
    assert snapshots.keep(drawn(height=700), path)


def test_what_is_small_keeps_its_color(tmp_path: Path) -> None:
    with Image.open(io.BytesIO(drawn())) as page:
        ImageDraw.Draw(page).polygon([(1200, 40), (1220, 40), (1220, 60)], fill="#f5b73d")
        out = io.BytesIO()
        page.save(out, "PNG")
    snapshots.keep(out.getvalue(), tmp_path / "page.png")
    with Image.open(tmp_path / "page.png") as kept:
        shown = kept.convert("RGB").getpixel((1218, 44))
    assert max(abs(one - other) for one, other in zip(shown, (0xF5, 0xB7, 0x3D), strict=True)) <= 8


def test_the_same_page_makes_the_same_file(tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        snapshots.keep(drawn(), tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_every_picture_is_shown_and_every_one_that_is_shown_is_there() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {name for page in pages for name in SHOWS.findall(page.read_text(encoding="utf-8"))}
    assert shown == {path.name for path in (ROOT / "docs" / "images").iterdir()}


def test_pictures_are_small_enough_to_be_kept() -> None:
    sizes = {path.name: path.stat().st_size for path in (ROOT / "docs" / "images").iterdir()}
    assert {name: size for name, size in sizes.items() if size > 120_000} == {}
