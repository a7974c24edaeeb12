"""From a file that somebody sent to a photo that is safe to show: decoded, turned upright, cut square and written anew.

Nothing of the file itself is kept: no metadata, no second frame, nothing that stood before or behind the picture.
What it is, its decoder says, not its name or its header (docs/operations.md has the limits).
"""

import base64
import binascii
import secrets
import threading
from collections.abc import Callable
from io import BytesIO
from typing import IO, TYPE_CHECKING, NamedTuple

from django.core import signing
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 20_000_000
SIDE = 512
SMALLEST = 64
FORMATS = ("JPEG", "PNG", "WEBP")
ACCEPTED = ",".join(f"image/{name.lower()}" for name in FORMATS)
CONTENT_TYPE = "image/webp"
# How long a page may stand open between its preview and the button that keeps it.
WAITS = 24 * 3600

# Twenty million pixels are a few hundred megabytes while they are decoded: a process does that once at a time.
_one_at_a_time = threading.Lock()


class NotAPhoto(Exception):
    """Raised for a file that no picture is made of; says why, in words for whoever chose it."""


class Words(NamedTuple):
    """How a file is refused that is too large, has too many pixels, or is no picture at all."""

    too_large: "StrOrPromise"
    too_many_pixels: "StrOrPromise"
    unreadable: "StrOrPromise"


OF_A_PHOTO = Words(
    _("This photo is larger than 2 MB. Choose a smaller one."),
    _("This photo has more than 20 million pixels. Choose a smaller one."),
    _("This is no photo that we can read. Choose a JPEG, PNG or WebP file."),
)


def from_file(file: IO[bytes]) -> bytes:
    """A square WebP of at most 512 pixels. Raises NotAPhoto."""
    return drawn_from(file, _square, (2 * SIDE, 2 * SIDE), OF_A_PHOTO)


def drawn_from(
    file: IO[bytes], draw: Callable[[Image.Image], bytes], enough: tuple[int, int], words: Words
) -> bytes:
    """What `draw` makes of the picture in a file that somebody sent. Raises NotAPhoto, in these words.

    The size is looked at before a pixel is decoded, and a large JPEG is decoded small, but not below `enough` pixels.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise NotAPhoto(str(words.too_large))
    try:
        with _one_at_a_time, Image.open(BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotAPhoto(str(words.too_many_pixels))
            picture.draft("RGB", enough)
            picture.seek(0)
            return draw(picture)
    except NotAPhoto:
        raise
    except Image.DecompressionBombError:
        raise NotAPhoto(str(words.too_many_pixels)) from None
    except Exception:
        # A broken file makes a decoder raise whatever it likes: OSError, SyntaxError, struct.error, ...
        raise NotAPhoto(str(words.unreadable)) from None


def _square(picture: Image.Image) -> bytes:
    side = min(SIDE, *picture.size)
    if side < SMALLEST:
        raise NotAPhoto(
            gettext("This photo is very small. Choose one of at least %(side)s pixels each way.")
            % {"side": SMALLEST}
        )
    # The middle stays the middle however it is turned, and a small picture is turned more easily.
    seen = ImageOps.fit(in_plain_colors(picture), (side, side), Image.Resampling.LANCZOS)
    return on_white(seen, quality=82)


def in_plain_colors(picture: Image.Image) -> Image.Image:
    """The picture in a mode that can be resized well."""
    return picture if picture.mode in {"L", "RGB", "RGBA"} else picture.convert("RGBA")


def on_white(picture: Image.Image, *, quality: int) -> bytes:
    """A WebP of it, upright; what can be seen through becomes white.

    A new image, so that nothing the file said of itself comes along.
    """
    seen = ImageOps.exif_transpose(picture).convert("RGBA")
    clean = Image.new("RGB", seen.size, "white")
    clean.paste(seen, mask=seen)
    written = BytesIO()
    clean.save(written, "WEBP", quality=quality, method=4)
    return written.getvalue()


def new_key() -> str:
    """A name that cannot be guessed, and that no picture had before."""
    return secrets.token_hex(16)


# --- A photo on its way through a preview --------------------------------------------------------------------------


def sealed(photo: bytes, person_id: int) -> str:
    """The photo as text that a form carries to the next request: only we can have made it, and only for this person."""
    return _signer(person_id).sign(base64.b64encode(photo).decode())


def unsealed(text: str, person_id: int) -> bytes:
    """Raises NotAPhoto for what is not ours, or has stood open for more than a day."""
    try:
        return base64.b64decode(_signer(person_id).unsign(text, max_age=WAITS), validate=True)
    except (signing.BadSignature, binascii.Error):
        raise NotAPhoto(gettext("Please choose the photo once more.")) from None


def _signer(person_id: int) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"accounts.photos/{person_id}")
