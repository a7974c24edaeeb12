"""Photos: what a file must be to become one, and that nothing of the file itself comes through."""

import contextlib
import struct
import threading
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from accounts import actions, photos
from accounts.models import Photo, User
from accounts.uploads import MOST_BYTES, CappedUploadHandler
from tests.conftest import make_person, signed_in

PAGE = "/profile/"
ORIENTATION, GPS = 0x0112, 0x8825


def picture(size: tuple[int, int] = (300, 200), color: str = "teal", mode: str = "RGB") -> Image.Image:
    return Image.new(mode, size, color)


def written(image: Image.Image, format: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, format, **options)  # type: ignore[arg-type]
    return out.getvalue()


def made_of(content: bytes) -> Image.Image:
    """The photo that we make of a file, as whoever gets it opens it."""
    image = Image.open(BytesIO(photos.from_file(BytesIO(content))))
    image.load()
    return image


def refusal(content: bytes) -> str:
    with pytest.raises(photos.NotAPhoto) as no:
        photos.from_file(BytesIO(content))
    return str(no.value)


# --- What becomes a photo ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("size", "side"),
    [((300, 200), 200), ((4000, 3000), 512), ((64, 900), 64), ((512, 512), 512), ((5000, 4000), 512)],
)
def test_a_photo_is_a_square_webp_of_at_most_512_pixels(
    format: str, size: tuple[int, int], side: int
) -> None:
    photo = made_of(written(picture(size), format))
    assert (photo.format, photo.size, photo.mode) == ("WEBP", (side, side), "RGB")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_way_to_write_a_png_is_read(mode: str) -> None:
    image = Image.new(mode, (100, 100))
    assert made_of(written(image, "PNG")).size == (100, 100)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_way_to_write_a_jpeg_is_read(mode: str) -> None:
    assert made_of(written(Image.new(mode, (100, 100)), "JPEG")).size == (100, 100)


def test_what_can_be_seen_through_becomes_white() -> None:
    clear = Image.new("RGBA", (100, 100), (255, 0, 0, 0))
    assert min(made_of(written(clear, "PNG")).getpixel((50, 50))) > 250  # type: ignore[type-var,arg-type]


def test_the_middle_is_kept() -> None:
    image = picture((900, 300), "white")
    image.paste("black", (300, 0, 600, 300))
    assert max(made_of(written(image, "PNG")).getpixel((150, 150))) < 10  # type: ignore[type-var,arg-type]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(("turn", "corner"), [(1, (5, 5)), (3, (94, 94)), (6, (94, 5)), (8, (5, 94))])
def test_a_photo_stands_upright_however_the_camera_was_held(
    format: str, turn: int, corner: tuple[int, int]
) -> None:
    image = picture((100, 100), "white")
    image.paste("black", (0, 0, 40, 40))
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    photo = made_of(written(image, format, exif=exif))
    assert max(photo.getpixel(corner)) < 60  # type: ignore[type-var,arg-type]


# --- What does not come through ------------------------------------------------------------------------------------

SECRET = "38.7223N-9.1393W"


def with_everything(format: str) -> bytes:
    """A picture that says where it was taken, by whom and with what, in each way its format knows."""
    exif = Image.Exif()
    exif[0x013B] = SECRET  # the artist
    exif.get_ifd(GPS)[29] = SECRET
    options: dict[str, object] = {"exif": exif, "icc_profile": b"ICC" + SECRET.encode()}
    if format in {"JPEG", "WEBP"}:
        options["xmp"] = f"<x>{SECRET}</x>".encode()
    if format == "JPEG":
        options["comment"] = SECRET.encode()
    if format == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", SECRET)
        info.add_itxt("XML:com.adobe.xmp", SECRET)
        options["pnginfo"] = info
    return written(picture(), format, **options) + SECRET.encode() + b"<script>alert(1)</script>"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_where_when_and_by_whom_it_was_taken_is_gone(format: str) -> None:
    file = with_everything(format)
    assert SECRET.encode() in file
    made = photos.from_file(BytesIO(file))
    assert SECRET.encode() not in made
    assert b"script" not in made
    photo = Image.open(BytesIO(made))
    assert not photo.getexif()
    assert not {"icc_profile", "exif", "xmp", "comment"} & set(photo.info)
    # Nothing but the picture: a RIFF with one chunk.
    assert made[:4] == b"RIFF"
    assert made[8:15] == b"WEBPVP8"
    assert struct.unpack("<I", made[4:8])[0] == len(made) - 8


@pytest.mark.parametrize("format", ["WEBP", "PNG"])
def test_of_a_moving_picture_the_first_frame_is_kept(format: str) -> None:
    frames = [picture((80, 80), color) for color in ("black", *["white"] * 40)]
    photo = made_of(written(frames[0], format, save_all=True, append_images=frames[1:]))
    assert getattr(photo, "n_frames", 1) == 1
    assert max(photo.getpixel((40, 40))) < 10  # type: ignore[type-var,arg-type]


# --- What does not become a photo ----------------------------------------------------------------------------------

JPEG = written(picture(), "JPEG")
PNG = written(picture(), "PNG")
WEBP = written(picture(), "WEBP")
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><rect width='99' height='99'/></svg>"


def png_that_says(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG by hand, whose header may promise what its data does not hold."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


HOSTILE = {
    "nothing": b"",
    "one byte": b"\xff",
    "text": b"I am a photo, honestly.",
    "a page": b"<!doctype html><script>alert(1)</script>",
    "an SVG": SVG,
    "an SVG with an XML head": b"<?xml version='1.0'?>" + SVG,
    "a GIF": written(picture(mode="P"), "GIF"),
    "a moving GIF": written(picture(mode="P"), "GIF", save_all=True, append_images=[picture(mode="P")] * 9),
    "a TIFF": written(picture(), "TIFF"),
    "an ICO": written(picture((128, 128)), "ICO"),
    "a BMP": written(picture(), "BMP"),
    "a PPM": written(picture(), "PPM"),
    "a TGA": written(picture(), "TGA"),
    "a PDF": written(picture(), "PDF"),
    "an EPS": written(picture(), "EPS"),
    "a JPEG 2000": written(picture(), "JPEG2000"),
    "a GIF that a script follows": written(picture(mode="P"), "GIF") + b"<script>alert(1)</script>",
    "a script that begins like a GIF": b"GIF89a/*" + b"*/=1;alert(1)//",
    "the head of a JPEG": JPEG[:20],
    "half a JPEG": JPEG[: len(JPEG) // 2],
    "the head of a PNG": PNG[:33],
    "half a PNG": written(Image.effect_noise((300, 300), 80), "PNG")[:20_000],
    "half a WebP": written(Image.effect_noise((300, 300), 80).convert("RGB"), "WEBP")[:5_000],
    "a page behind a JPEG's first bytes": b"\xff\xd8\xff\xe0" + b"<script>alert(1)</script>" * 20,
    "a page behind a PNG's first bytes": b"\x89PNG\r\n\x1a\n" + b"<script>alert(1)</script>" * 20,
    "a page behind a WebP's first bytes": b"RIFF\x99\x00\x00\x00WEBPVP8 " + b"<script>alert(1)</script>" * 20,
    "a PNG without pixels": png_that_says(0, 0),
    "a PNG whose data is no data": png_that_says(300, 300, b"not deflated"),
    "a PNG with too little data": png_that_says(300, 300, zlib.compress(b"\0" * 100)),
    "a PNG whose sum is wrong": PNG.replace(b"IDAT", b"IDAT\0", 1),
    "zeros": b"\0" * 100_000,
    "a JPEG turned around": JPEG[::-1],
    "a ZIP": b"PK\x03\x04" + b"\0" * 200,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_photo_is_refused_in_plain_words(content: bytes) -> None:
    assert refusal(content) == "This is no photo that we can read. Choose a JPEG, PNG or WebP file."


BOMBS = {
    "a whole PNG of 25 million pixels": written(Image.new("1", (5000, 5000)), "PNG"),
    "a whole PNG of 225 million pixels": written(Image.new("1", (15000, 15000)), "PNG"),
    "a JPEG of 25 million pixels": written(Image.new("L", (5000, 5000)), "JPEG"),
    "a WebP of 25 million pixels": written(Image.new("RGB", (5000, 5000)), "WEBP", lossless=True, method=0),
    "a PNG that promises four billion": png_that_says(65000, 65000, zlib.compress(b"\0" * 10_000)),
    "a long thin PNG": png_that_says(2_000_000, 20, zlib.compress(b"\0" * 10_000)),
    "a PNG that promises the most there is": png_that_says(2**31 - 1, 2**31 - 1),
}


@pytest.mark.parametrize("content", BOMBS.values(), ids=BOMBS)
def test_a_picture_of_too_many_pixels_is_refused_before_it_unfolds(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unfold(*_: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", unfold)
    assert refusal(content) == "This photo has more than 20 million pixels. Choose a smaller one."


def test_a_file_of_more_than_two_megabytes_is_refused_whatever_it_is() -> None:
    assert (
        refusal(JPEG + b"\0" * photos.MOST_BYTES) == "This photo is larger than 2 MB. Choose a smaller one."
    )
    assert made_of(JPEG + b"\0" * (photos.MOST_BYTES - len(JPEG))).size == (200, 200)


@pytest.mark.parametrize("size", [(1, 1), (63, 500), (500, 63), (1_000_000, 1)])
def test_a_picture_too_small_to_see_anybody_in_is_refused(size: tuple[int, int]) -> None:
    assert "at least 64 pixels" in refusal(written(Image.new("1", size), "PNG"))


def test_every_cut_of_a_photo_is_a_photo_or_a_plain_no() -> None:
    for file in (JPEG, PNG, WEBP):
        for cut in range(0, len(file), max(1, len(file) // 60)):
            for content in (file[:cut], file[:cut] + b"\0\xff" + file[cut + 2 :]):
                with contextlib.suppress(photos.NotAPhoto):
                    assert made_of(content).format == "WEBP"


def test_only_one_large_picture_is_decoded_at_a_time() -> None:
    """Each may take a few hundred megabytes, and a web process has several threads."""
    done: list[int] = []
    with photos._one_at_a_time:
        waiting = threading.Thread(target=lambda: done.append(len(photos.from_file(BytesIO(PNG)))))
        waiting.start()
        waiting.join(0.2)
        assert done == []
    waiting.join(10)
    assert len(done) == 1


# --- Sending one ---------------------------------------------------------------------------------------------------


@pytest.fixture
def noor(db: None) -> User:
    return make_person("noor@harbor.example", "Noor Haddad")


@pytest.fixture
def browser(noor: User) -> Client:
    return signed_in(noor)


def sent(content: bytes, name: str = "me.jpg", type: str = "image/jpeg") -> dict[str, object]:
    file = SimpleUploadedFile(name, content, type)
    return {"name": "Noor Haddad", "pronouns_for": "me", "about": "Typed with care.", "chosen_photo": file}


def photo_of(person: User) -> bytes:
    return bytes(Photo.objects.get(person=person).image)


def test_a_photo_is_kept_as_we_made_it_under_a_name_of_its_own(noor: User, browser: Client) -> None:
    assert browser.post(PAGE, sent(JPEG)).status_code == 302
    noor.refresh_from_db()
    first = noor.photo_key
    assert len(first) == 32
    assert Image.open(BytesIO(photo_of(noor))).format == "WEBP"
    browser.post(PAGE, sent(PNG))
    noor.refresh_from_db()
    assert noor.photo_key not in {"", first}
    assert Photo.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "type"),
    [
        ("me.svg", "image/svg+xml"),
        ("../../etc/passwd", "text/html"),
        ("a\\b.php", ""),
        ("я" * 90, "image/gif"),
    ],
)
def test_what_a_file_is_called_and_says_it_is_does_not_matter(
    noor: User, browser: Client, name: str, type: str
) -> None:
    assert browser.post(PAGE, sent(PNG, name, type)).status_code == 302
    assert Image.open(BytesIO(photo_of(noor))).format == "WEBP"


@pytest.mark.parametrize("content", [SVG, HOSTILE["half a JPEG"], b""], ids=["SVG", "half a JPEG", "empty"])
def test_a_refusal_stands_beside_the_field_and_what_was_typed_stays(
    noor: User, browser: Client, content: bytes
) -> None:
    response = browser.post(PAGE, sent(content))
    page = response.content.decode()
    assert response.status_code == 200
    assert 'id="id_chosen_photo_error"' in page
    assert 'href="#id_chosen_photo"' in page
    assert "Typed with care." in page
    assert not Photo.objects.exists()


def test_a_very_large_file_gets_a_page_not_a_crash_and_is_not_stored(noor: User, browser: Client) -> None:
    response = browser.post(PAGE, sent(b"\xff\xd8\xff" + b"\0" * (25 * 1024 * 1024)))
    page = response.content.decode()
    assert response.status_code == 200
    assert "This photo is larger than 2 MB. Choose a smaller one." in page
    assert "Typed with care." in page


def test_no_more_of_a_file_is_stored_than_any_form_takes() -> None:
    handler = CappedUploadHandler()
    chunk = b"x" * 65536
    passed = sum(
        len(handler.receive_data_chunk(chunk, start) or b"")
        for start in range(0, 50 * 1024 * 1024, len(chunk))
    )
    assert passed == MOST_BYTES


def test_a_photo_is_removed_by_a_button_and_the_words_stay_typed(noor: User, browser: Client) -> None:
    browser.post(PAGE, sent(JPEG))
    words = {"name": "Noor Haddad", "pronouns_for": "me", "about": "Half a thought.", "remove_photo": "1"}
    page = browser.post(PAGE, words).content.decode()
    noor.refresh_from_db()
    assert noor.photo_key == ""
    assert not Photo.objects.exists()
    assert "Half a thought." in page
    assert "Your photo is removed." in page
    assert "<img" not in page
    assert noor.profile.about == "Typed with care."
    actions.remove_photo(noor)


# --- Through a preview ---------------------------------------------------------------------------------------------


def kept_in(page: str) -> str:
    return page.split('name="kept_photo" value="')[1].split('"')[0]


def test_a_photo_is_seen_before_it_is_kept_and_need_not_be_chosen_twice(noor: User, browser: Client) -> None:
    response = browser.post(PAGE, sent(JPEG) | {"preview": "1"})
    page = response.content.decode()
    assert 'src="data:image/webp;base64,' in page
    assert "img-src 'self' data:" in response["Content-Security-Policy"]
    assert "data:" not in browser.get(PAGE)["Content-Security-Policy"]
    noor.refresh_from_db()
    assert (noor.photo_key, Photo.objects.count()) == ("", 0)
    words = {"name": "Noor Haddad", "pronouns_for": "me", "kept_photo": kept_in(page)}
    assert browser.post(PAGE, words).status_code == 302
    assert photo_of(noor) == photos.from_file(BytesIO(JPEG))


def test_a_photo_is_not_lost_over_a_mistake_elsewhere(noor: User, browser: Client) -> None:
    page = browser.post(PAGE, sent(JPEG) | {"name": ""}).content.decode()
    browser.post(PAGE, {"name": "Noor", "pronouns_for": "me", "kept_photo": kept_in(page)})
    assert photo_of(noor)


def test_only_a_photo_that_we_made_for_this_very_person_is_taken_from_a_form(
    noor: User, browser: Client, outsider: User
) -> None:
    for made_up in ("", "AAAA", photos.sealed(WEBP, outsider.pk), photos.sealed(WEBP, noor.pk)[:-1] + "~"):
        words = {"name": "Noor Haddad", "pronouns_for": "me", "kept_photo": made_up}
        response = browser.post(PAGE, words)
        assert response.status_code == (200 if made_up else 302)
        assert not Photo.objects.exists()
    assert "Please choose the photo once more." in response.content.decode()
