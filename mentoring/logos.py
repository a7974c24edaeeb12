"""From a file that somebody sent to a program's logo: made safe as photos are (accounts/photos.py), in its own shape.

It stands on white in both themes: most logos are drawn for paper, and would vanish on a dark page.
"""

from typing import IO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from accounts import photos
from accounts.photos import ACCEPTED, CONTENT_TYPE, NotAPhoto, new_key

# Twice what a page shows, for screens with small pixels.
BOX = (640, 200)
SMALLEST = 24
# So many times as wide as high, or as high as wide, at most: what is longer is a line when it fits the page.
LONGEST = 8
WORDS = photos.Words(
    _("This picture is larger than 2 MB. Choose a smaller one."),
    _("This picture has more than 20 million pixels. Choose a smaller one."),
    _("This is no picture that we can read. Choose a JPEG, PNG or WebP file."),
)


def from_file(file: IO[bytes]) -> bytes:
    """A WebP that fits into `BOX`. Raises NotAPhoto."""
    return photos.drawn_from(file, _drawn, (2 * BOX[0], 2 * BOX[1]), WORDS)


def _drawn(picture: Image.Image) -> bytes:
    short, long = sorted(picture.size)
    if short < SMALLEST:
        said = _("This picture is very small. Choose one of at least %(side)s pixels each way.")
        raise NotAPhoto(said % {"side": SMALLEST})
    if long > LONGEST * short:
        said = _("This picture is a long line. Choose one that is at most %(number)s times as long as wide.")
        raise NotAPhoto(said % {"number": LONGEST})
    # Turned first: a camera's picture lies on its side, and the box is wider than high.
    upright = ImageOps.exif_transpose(photos.in_plain_colors(picture))
    upright.thumbnail(BOX, Image.Resampling.LANCZOS)
    return photos.on_white(upright, quality=90)


__all__ = ["ACCEPTED", "CONTENT_TYPE", "NotAPhoto", "from_file", "new_key"]
