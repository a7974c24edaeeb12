"""How a program looks: a color that can be seen in both themes, and a logo that is safe to show."""

import colorsys
import re
from io import BytesIO

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from accounts.models import User
from mentoring import colors, logos
from mentoring.actions import Refused, invite_by_link, keep_logo, take_logo_away
from mentoring.models import Logo, Program
from tests.conftest import NOW, signed_in
from tests.mentoring.inviting import WEEK

CSS = (settings.BASE_DIR / "static/css/best.css").read_text()
every_color = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def written(image: Image.Image, format: str = "PNG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, format, **options)  # type: ignore[arg-type]
    return out.getvalue()


def made_of(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(logos.from_file(BytesIO(content))))
    image.load()
    return image


# --- The color -----------------------------------------------------------------------------------------------------


def test_the_grounds_are_those_of_the_stylesheet() -> None:
    found = dict(re.findall(r"--(paper|sheet): light-dark\((.*?)\)", CSS))
    pairs = [tuple(found[name].split(", ")) for name in ("paper", "sheet")]
    assert [pair[0] for pair in pairs] == list(colors.LIGHT)
    assert [pair[1] for pair in pairs] == list(colors.DARK)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
        ("#abc123", "#abc123", 1),
    ],
)
def test_contrast_is_counted_as_in_wcag(one: str, other: str, ratio: float) -> None:
    assert colors.contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert colors.contrast(other, one) == colors.contrast(one, other)


@given(every_color)
def test_the_nearest_shade_can_be_seen_and_keeps_its_hue(color: str) -> None:
    nearest = colors.nearest_that_is_seen(color)
    assert colors.COLOR.fullmatch(nearest)
    assert colors.seen(nearest).is_enough
    assert (nearest == color) == colors.seen(color).is_enough
    hue, _lightness, saturation = colorsys.rgb_to_hls(*(int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)))
    found = colorsys.rgb_to_hls(*(int(nearest[n : n + 2], 16) / 255 for n in (1, 3, 5)))
    if saturation > 0.2:
        assert min(abs(found[0] - hue), 1 - abs(found[0] - hue)) < 0.03


@given(every_color)
def test_a_color_that_is_taken_has_three_to_one_on_every_ground(color: str) -> None:
    ratios = [colors.contrast(color, on) for on in (*colors.LIGHT, *colors.DARK)]
    assert colors.seen(color).is_enough == (min(ratios) >= 3)


@pytest.mark.django_db
def test_the_color_comes_as_a_stylesheet_of_our_own(program: Program, mentor: User) -> None:
    page = signed_in(mentor).get(f"/programs/{program.pk}/")
    assert "/programs/accent-" not in page.content.decode()
    Program.objects.update(accent="#317563")
    text = signed_in(mentor).get(f"/programs/{program.pk}/").content.decode()
    assert '<link rel="stylesheet" href="/programs/accent-317563.css">' in text
    sheet = Client().get("/programs/accent-317563.css")
    assert sheet.content.decode() == ":root { --program-accent: #317563; }\n"
    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    assert sheet["X-Content-Type-Options"] == "nosniff"
    assert "--program-accent" in CSS


@pytest.mark.parametrize("digits", ["red", "31756", "3175633", "GGGGGG", "317563;}", "31756\u0663"])
def test_nothing_but_a_color_becomes_a_stylesheet(db: None, digits: str) -> None:
    assert signed_in(None).get(f"/programs/accent-{digits}.css").status_code in (302, 404)


# --- The logo ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((300, 100), (300, 100)),
        ((3000, 1000), (600, 200)),
        ((400, 400), (200, 200)),
        ((1280, 200), (640, 100)),
    ],
)
@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_a_logo_keeps_its_shape_and_becomes_a_webp(
    format: str, size: tuple[int, int], kept: tuple[int, int]
) -> None:
    logo = made_of(written(Image.new("RGB", size, "teal"), format))
    assert (logo.format, logo.mode, logo.size) == ("WEBP", "RGB", kept)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_way_to_write_a_png_is_read(mode: str) -> None:
    assert made_of(written(Image.new(mode, (120, 60)))).size == (120, 60)


def test_what_can_be_seen_through_stands_on_white() -> None:
    logo = made_of(written(Image.new("RGBA", (120, 60), (0, 0, 0, 0))))
    assert min(logo.getpixel((60, 30))) > 250  # type: ignore[type-var,arg-type]


def test_nothing_of_the_file_itself_comes_along() -> None:
    exif = Image.Exif()
    exif[0x013B] = "38.7223N"
    content = (
        written(Image.new("RGB", (120, 60), "teal"), "JPEG", exif=exif, comment=b"38.7223N") + b"<script>"
    )
    made = logos.from_file(BytesIO(content))
    assert b"38.7223N" not in made
    assert b"script" not in made


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no picture that we can read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture that we can read"),
        (b"GIF89a" + b"\0" * 100, "no picture that we can read"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "no picture that we can read"),
        (b"x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
    ],
    ids=["empty", "svg", "gif", "broken", "large"],
)
def test_what_is_no_picture_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(logos.NotAPhoto, match=words):
        logos.from_file(BytesIO(content))


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(logos.NotAPhoto, match="20 million pixels"):
        logos.from_file(BytesIO(written(Image.new("1", (5000, 4001)))))


@pytest.mark.django_db
def test_a_logo_is_served_as_a_picture_and_as_nothing_else(program: Program, admin: User) -> None:
    content = logos.from_file(BytesIO(written(Image.new("RGB", (120, 60), "teal"))))
    keep_logo(program, content, by=admin)
    answer = Client().get(f"/programs/logo/{program.logo_key}/")
    assert answer.status_code == 200
    assert answer.content == content
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    again = Client().get(f"/programs/logo/{program.logo_key}/", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


@pytest.mark.django_db
def test_a_logo_is_on_the_programs_page_and_on_that_of_an_invitation(
    program: Program, mentor: User, admin: User
) -> None:
    keep_logo(program, b"webp", by=admin)
    Program.objects.update(accent="#317563")
    link = invite_by_link(program, "mentee", by=admin, now=NOW, lives=52 * WEEK)
    for client, page in (
        (signed_in(mentor), f"/programs/{program.pk}/"),
        (signed_in(None), f"/join/{link.token}/"),
    ):
        text = client.get(page).content.decode()
        assert f'src="/programs/logo/{program.logo_key}/"' in text
        assert "accent-317563.css" in text


@pytest.mark.django_db
def test_no_empty_name_opens_a_logo(program: Program) -> None:
    Logo.objects.create(program=program, content=b"left behind")
    assert not Program.objects.with_logo("").exists()
    assert Client().get("/programs/logo/None/").status_code == 404


@pytest.mark.django_db
def test_a_logo_is_changed_by_those_who_run_the_program(
    program: Program, mentor: User, other_admin: User
) -> None:
    for person in (mentor, other_admin):
        with pytest.raises(Refused):
            keep_logo(program, b"webp", by=person)
        with pytest.raises(Refused):
            take_logo_away(program, by=person)
    assert not Logo.objects.exists()
