"""From a file that somebody sent to a photo that is safe to show: decoded, turned upright, cut square and written anew.

Nothing of the file itself is kept: no metadata, no second frame, nothing that stood before or behind the picture.
What it is, its decoder says, not its name or its header (docs/operations.md has the limits).
"""

import base64
import binascii
import secrets
import threading
from io import BytesIO
from typing import IO

from django.core import signing
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

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
    """Raised for a file that no photo is made of; says why, in words for whoever chose it."""


def from_file(file: IO[bytes]) -> bytes:
    """A square WebP of at most 512 pixels. Raises NotAPhoto.

    The size is looked at before a pixel is decoded, and a large JPEG is decoded small.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise NotAPhoto(_("This photo is larger than 2 MB. Choose a smaller one."))
    try:
        with _one_at_a_time, Image.open(BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotAPhoto(_("This photo has more than 20 million pixels. Choose a smaller one."))
            picture.draft("RGB", (2 * SIDE, 2 * SIDE))
            picture.seek(0)
            return _square(picture)
    except NotAPhoto:
        raise
    except Image.DecompressionBombError:
        raise NotAPhoto(_("This photo has more than 20 million pixels. Choose a smaller one.")) from None
    except Exception:
        # A broken file makes a decoder raise whatever it likes: OSError, SyntaxError, struct.error, ...
        raise NotAPhoto(_("This is no photo that we can read. Choose a JPEG, PNG or WebP file.")) from None


def _square(picture: Image.Image) -> bytes:
    side = min(SIDE, *picture.size)
    if side < SMALLEST:
        raise NotAPhoto(
            _("This photo is very small. Choose one of at least %(side)s pixels each way.")
            % {"side": SMALLEST}
        )
    whole = picture if picture.mode in {"L", "RGB", "RGBA"} else picture.convert("RGBA")
    # The middle stays the middle however it is turned, and a small picture is turned more easily.
    seen = ImageOps.exif_transpose(ImageOps.fit(whole, (side, side), Image.Resampling.LANCZOS))
    # What can be seen through becomes white. A new image, so that nothing the file said of itself comes along.
    seen = seen.convert("RGBA")
    clean = Image.new("RGB", seen.size, "white")
    clean.paste(seen, mask=seen)
    written = BytesIO()
    clean.save(written, "WEBP", quality=82, method=4)
    return written.getvalue()


def new_key() -> str:
    """A name that cannot be guessed, and that no photo had before."""
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
        raise NotAPhoto(_("Please choose the photo once more.")) from None


def _signer(person_id: int) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"accounts.photos/{person_id}")
