"""From a file that somebody sent to one that a program's library offers: of a kind that we know, by what is in it and
not only by its name. It is handed out to be saved, under the type that stands here; no page of ours opens it.
"""

import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import IO

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.media.serving import file_of

from .models import Resource, ResourceFile

MOST_BYTES = 5 * 1024 * 1024
LONGEST_NAME = Resource._meta.get_field("file_name").max_length or 0
OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
# What a name must not hold: what no eye sees can turn it round, so that a program looks like a text.
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


class NotAFile(Exception):
    """Raised for a file that no library takes; says why, in words for whoever chose it."""


@dataclass(frozen=True)
class Taken:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Kind:
    content_type: str
    is_one: Callable[[bytes], bool]


def from_file(file: IO[bytes], name: str) -> Taken:
    """Raises NotAFile."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise NotAFile(_("This file is larger than 5 MB. Choose a smaller one, or give a link."))
    name = clean_name(name)
    ending = PurePath(name).suffix.lower().lstrip(".")
    kind = KINDS.get(ending)
    if kind is None:
        said = gettext("This kind of file is not taken here. These are: %(kinds)s.")
        raise NotAFile(said % {"kinds": ", ".join(KINDS)})
    if not kind.is_one(content):
        said = gettext("This is called .%(ending)s, and is something else or has macros in it.")
        raise NotAFile(said % {"ending": ending})
    return Taken(name, kind.content_type, content)


def clean_name(name: str) -> str:
    """Without folders and without what cannot be seen, cut in the middle where it is too long."""
    name = name.replace("\\", "/").rpartition("/")[2]
    name = "".join(each for each in name if unicodedata.category(each) not in UNSEEN)
    name = " ".join(name.split()).lstrip(".")
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip()}.{ending}"[-LONGEST_NAME:]


def _begins(*signs: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(signs)


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return "\0" not in text


def _office(folder: str) -> Callable[[bytes], bool]:
    """Only the list of what is in it is read, nothing is unpacked."""

    def is_one(content: bytes) -> bool:
        names = _names(content)
        has_macros = any(PurePath(name).name.lower().startswith("vba") for name in names)
        return (
            "[Content_Types].xml" in names
            and any(name.startswith(f"{folder}/") for name in names)
            and not has_macros
        )

    return is_one


def _open_document(kind: str) -> Callable[[bytes], bool]:
    """Its first part says what it is, unpacked: so the format demands."""
    sign = f"mimetype{OPEN_DOCUMENT}.{kind}PK".encode()

    def is_one(content: bytes) -> bool:
        names = _names(content)
        has_macros = any(name.startswith(("Basic/", "Scripts/")) for name in names)
        return content[30:].startswith(sign) and "content.xml" in names and not has_macros

    return is_one


def _names(content: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return []


KINDS = {
    "pdf": Kind("application/pdf", _begins(b"%PDF-")),
    "docx": Kind(f"{OFFICE}.wordprocessingml.document", _office("word")),
    "xlsx": Kind(f"{OFFICE}.spreadsheetml.sheet", _office("xl")),
    "pptx": Kind(f"{OFFICE}.presentationml.presentation", _office("ppt")),
    "odt": Kind(f"{OPEN_DOCUMENT}.text", _open_document("text")),
    "ods": Kind(f"{OPEN_DOCUMENT}.spreadsheet", _open_document("spreadsheet")),
    "odp": Kind(f"{OPEN_DOCUMENT}.presentation", _open_document("presentation")),
    "txt": Kind("text/plain; charset=utf-8", _is_text),
    "md": Kind("text/markdown; charset=utf-8", _is_text),
    "csv": Kind("text/csv; charset=utf-8", _is_text),
    "png": Kind("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": Kind("image/jpeg", _begins(b"\xff\xd8\xff")),
    "jpeg": Kind("image/jpeg", _begins(b"\xff\xd8\xff")),
    "webp": Kind("image/webp", _is_webp),
}
ACCEPTED = ",".join(f".{ending}" for ending in KINDS)


def to_be_saved(resource: Resource) -> HttpResponse:
    """Its file, for a browser to save and never to open here, under the type that we found. Raises Http404 where there
    is none, and Away where the store does not answer."""
    found = get_object_or_404(ResourceFile, resource=resource)
    response = HttpResponse(file_of(found.content, found.stored_as), content_type=found.content_type)
    response["Content-Disposition"] = content_disposition_header(True, resource.file_name) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
