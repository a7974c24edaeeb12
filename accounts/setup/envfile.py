"""The file of settings: `NAME=value` lines that systemd's EnvironmentFile, compose's env_file and a shell read alike.

A value stands as it is where it is plain, and in single quotes otherwise: within these none of the three changes
anything. Knows no Django.
"""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

LINE = re.compile(r"([A-Z][A-Z0-9_]*)=(.*)", re.ASCII)
PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=?&-]*", re.ASCII)
UNSAYABLE = re.compile(r"['\\\x00-\x1f\x7f]")
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class EnvFileTrouble(Exception):
    """What is wrong with the file, as the end of a sentence that begins with its name. Never with a value."""


def line(name: str, value: str) -> str:
    """Raises EnvFileTrouble for a value that not all readers would read alike."""
    if UNSAYABLE.search(value):
        raise EnvFileTrouble(f"cannot hold {name}: no quote ', backslash or line break may be in it")
    # A shell takes & and ? for its own.
    is_plain = PLAIN.fullmatch(value) and "&" not in value and "?" not in value
    return f"{name}={value}" if is_plain else f"{name}='{value}'"


def values_of(text: str) -> dict[str, str]:
    """What such a file says. Raises EnvFileTrouble with the number of a line, never with what it says."""
    found = {}
    # Not splitlines: it ends lines at signs that a value may have (U+0085, U+2028).
    for number, said in enumerate(text.split("\n"), 1):
        if not said.strip() or said.lstrip().startswith("#"):
            continue
        match = LINE.fullmatch(said.strip())
        if not match:
            raise EnvFileTrouble(f"has a line {number} that is no NAME=value")
        value = match[2]
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        found[match[1]] = value
    return found


def read(path: Path) -> dict[str, str]:
    """Raises EnvFileTrouble; also where others than its owner may read it."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if mode & OTHERS:
                raise EnvFileTrouble(
                    f"names a file that is open to others than its owner: chmod 600 it (it is {stat.S_IMODE(mode):o})"
                )
            return values_of(file.read().decode("utf-8"))
    except FileNotFoundError:
        raise EnvFileTrouble("names a file that is not there; `manage.py init` makes it") from None
    except UnicodeDecodeError:
        raise EnvFileTrouble("names a file that is no text") from None
    except OSError as problem:
        raise EnvFileTrouble(f"names a file that cannot be read: {problem.strerror}") from None


def write_new(path: Path, values: Mapping[str, str], about: str) -> None:
    """A file for its owner alone, whole or not there. Raises FileExistsError, other OSErrors and EnvFileTrouble."""
    text = "\n".join([f"# {about}", *(line(name, value) for name, value in values.items()), ""])
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            os.fchmod(out.fileno(), 0o600)  # Whatever the umask took away.
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.link(beside, path)  # Unlike a rename this takes the place of nothing.
    finally:
        beside.unlink()
