"""Whether a file that nobody has looked through yet says something of somebody: their address, anywhere in it."""

import html
import re
import zipfile
import zlib
from typing import BinaryIO

from mentoring.models import Import

from .queue import file_of

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def names(source: Import, address: str) -> bool:
    """In any sheet, note or link too. What cannot be read is taken to name them."""
    with file_of(source) as file:
        try:
            if source.format == "xlsx":
                return _is_in_workbook(file, address.lower())
            file.seek(0)
            content = file.read()
        except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError):
            return True
    return any(
        address.lower() in content.decode(encoding, "ignore").lower()
        for encoding in {source.encoding, *ENCODINGS}
    )


def _is_in_workbook(file: BinaryIO, address: str) -> bool:
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            text = archive.read(entry).decode("utf-8", "ignore").lower()
            # A cell may have its letters in several pieces, and a link has its address inside a tag.
            if any(address in html.unescape(each) for each in (text, re.sub("<[^>]*>", "", text))):
                return True
    return False
