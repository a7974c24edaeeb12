"""The key file: the keys that wrap each person's data key, in a file outside the database.

It is text: a first line that says what it is, then one line for each version, `key VERSION DAY SECRET CHECK`, the
newest first. At most two live at once, the present one and the one before. CHECK is derived from the secret and the
version, so that a slip of the pen, a torn file or another kind of file is found when the software starts. Knows no
Django.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

FIRST_LINE = "best-stuff-keys 1"
ABOUT = (
    "# Keys of private words. Without this file those words are lost. Keep a copy, apart from the database."
)
LINE = re.compile(r"key ([1-9]\d{0,8}) (\d{4}-\d{2}-\d{2}) ([A-Za-z0-9_-]{43}) ([0-9a-f]{16})", re.ASCII)
MOST = 2
LONGEST = 10_000
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyFileTrouble(Exception):
    """What is wrong with the file, as the end of a sentence that begins with its name."""


@dataclass(frozen=True)
class FileKey:
    version: int
    made_on: date
    secret: bytes = field(repr=False)

    @property
    def check(self) -> str:
        """Tells this key from any other, and says nothing about it."""
        said = b"best-stuff key check|%d" % self.version
        return hmac.new(self.secret, said, hashlib.sha256).hexdigest()[:16]

    @property
    def line(self) -> str:
        """With the secret: for the file, and for a copy on paper."""
        text = base64.urlsafe_b64encode(self.secret).decode().rstrip("=")
        return f"key {self.version} {self.made_on} {text} {self.check}"


def new_key(version: int, made_on: date) -> FileKey:
    return FileKey(version, made_on, secrets.token_bytes(32))


def key_of(line: str) -> FileKey:
    """What such a line says. Raises KeyFileTrouble, without the line."""
    found = LINE.fullmatch(line.strip())
    if not found:
        raise KeyFileTrouble("is no line of a key file")
    try:
        key = FileKey(int(found[1]), date.fromisoformat(found[2]), base64.urlsafe_b64decode(f"{found[3]}="))
    except (ValueError, binascii.Error):
        raise KeyFileTrouble("is no line of a key file") from None
    if not hmac.compare_digest(key.check, found[4]):
        raise KeyFileTrouble("does not fit its check value")
    return key


def place_of(path: str, served: Iterable[Path]) -> Path:
    """Where the file may be. Raises KeyFileTrouble for a place that is relative, or that browsers reach."""
    given = Path(path)
    if not given.is_absolute():
        raise KeyFileTrouble("must be a whole path such as /etc/best-stuff/keys")
    real = given.resolve()
    if any(real.is_relative_to(folder.resolve()) for folder in served):
        raise KeyFileTrouble("lies in a folder whose files are served to everybody")
    return given


def read(path: Path) -> tuple[FileKey, ...]:
    """Its keys, the present one first. Raises KeyFileTrouble."""
    return keys_of(_content(path))


def _content(path: Path) -> str:
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if status.st_mode & OTHERS:
                raise KeyFileTrouble(
                    f"is open to others than its owner: chmod 400 it (it is {stat.S_IMODE(status.st_mode):o})"
                )
            return file.read(LONGEST).decode("ascii", "replace")
    except FileNotFoundError:
        raise KeyFileTrouble("names a file that is not there; `manage.py keys init` makes it") from None
    except IsADirectoryError:
        raise KeyFileTrouble("names a folder, not a file") from None
    except OSError as problem:
        raise KeyFileTrouble(f"names a file that cannot be read: {problem.strerror}") from None


def keys_of(text: str) -> tuple[FileKey, ...]:
    """The keys that a whole file holds. Raises KeyFileTrouble with the number of the line, never with what it says."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    said = [(number, line.strip()) for number, line in lines if not line.startswith("#")]
    if not said or said[0][1] != FIRST_LINE:
        raise KeyFileTrouble("names a file that is no key file")
    keys = []
    for number, line in said[1:]:
        try:
            keys.append(key_of(line))
        except KeyFileTrouble as problem:
            raise KeyFileTrouble(f"names a damaged file: line {number} {problem}") from None
    if not keys:
        raise KeyFileTrouble("names a file without a key")
    if len(keys) > MOST:
        raise KeyFileTrouble(f"names a file with {len(keys)} keys; two can live at once")
    keys.sort(key=lambda key: key.version, reverse=True)
    if len({key.version for key in keys}) < len(keys):
        raise KeyFileTrouble("names a file in which two keys have one version")
    return tuple(keys)


def write_new(path: Path, keys: Sequence[FileKey]) -> None:
    """A file that only its owner can read, from its first moment on; whole or not there. Raises FileExistsError, and
    other OSErrors."""
    text = "\n".join([ABOUT, FIRST_LINE, *(key.line for key in keys), ""])
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            os.fchmod(out.fileno(), 0o400)  # Whatever the umask took away.
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.link(beside, path)  # Unlike a rename this takes the place of nothing.
    finally:
        beside.unlink()
    _keep_name(path.parent)


def replace(path: Path, keys: Sequence[FileKey]) -> None:
    """The file with other keys, whole at any moment. Raises KeyFileTrouble while somebody else is about it."""
    beside = path.with_name(f"{path.name}.new")
    try:
        write_new(beside, keys)
    except FileExistsError:
        raise KeyFileTrouble(
            f"is being changed, or was left half-way: if nobody is about it, remove {beside}"
        ) from None
    except OSError as problem:
        raise KeyFileTrouble(f"cannot be changed: {problem.strerror}") from None
    try:
        owner = path.stat()
        if owner.st_uid != os.geteuid():
            os.chown(
                beside, owner.st_uid, owner.st_gid
            )  # Root does it for the account that the site runs as.
        os.replace(beside, path)
    except OSError as problem:
        beside.unlink(missing_ok=True)
        raise KeyFileTrouble(f"cannot be changed: {problem.strerror}") from None
    _keep_name(path.parent)


def _keep_name(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
