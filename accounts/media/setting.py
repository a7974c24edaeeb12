"""What MEDIA and the S3 variables say, as a place; what is missing or unsafe is refused."""

import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
PREFIX = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*", re.ASCII)
# The region that stores of others are asked in, where none is said.
ANY_REGION = "us-east-1"


class Unusable(Exception):
    """Says which variable is missing or unsafe."""


@dataclass(frozen=True)
class S3:
    """How to reach a store: the same for the place of today and the one before."""

    endpoint_url: str = ""
    region: str = ""
    access_key_id: str = ""
    secret_access_key: str = field(default="", repr=False)


@dataclass(frozen=True)
class FolderPlace:
    folder: Path

    def __str__(self) -> str:
        return str(self.folder)


@dataclass(frozen=True)
class BucketPlace:
    bucket: str
    prefix: str
    s3: S3 = field(repr=False)

    def __str__(self) -> str:
        return "/".join(filter(None, (f"s3://{self.bucket}", self.prefix)))


Place = FolderPlace | BucketPlace


def place_of(variable: str, said: str, s3: S3, served: Iterable[Path]) -> Place | None:
    """None for the database. Raises Unusable for what is neither a whole path of a folder for us alone nor a bucket."""
    if not said:
        return None
    if said.startswith("s3://"):
        return _bucket(variable, said, s3)
    folder = Path(said)
    if not folder.is_absolute():
        raise Unusable(
            f"{variable} must be empty, a whole path such as /srv/best-stuff/media, or s3://bucket/prefix"
        )
    _check_folder(variable, folder, served)
    return FolderPlace(folder)


def refuse_one_place_twice(present: Place | None, earlier: Place | None) -> None:
    """Raises Unusable where MEDIA_BEFORE is MEDIA under any name: what was brought is removed from the one before."""
    if present is None or earlier is None:
        return
    if isinstance(present, FolderPlace) and isinstance(earlier, FolderPlace):
        same = present.folder.samefile(earlier.folder)
    else:
        same = present == earlier
    if same:
        raise Unusable("MEDIA_BEFORE names the same place as MEDIA: take it away")


def _check_folder(variable: str, folder: Path, served: Iterable[Path]) -> None:
    try:
        mode = folder.stat().st_mode
    except OSError as problem:
        raise Unusable(f"{variable} names a folder that cannot be reached: {problem.strerror}") from None
    if not stat.S_ISDIR(mode):
        raise Unusable(f"{variable} names a file, not a folder")
    real = folder.resolve()
    if any(real.is_relative_to(each.resolve()) or each.resolve().is_relative_to(real) for each in served):
        raise Unusable(f"{variable} lies with the files that are served to everybody")
    if mode & stat.S_IRWXO:
        raise Unusable(
            f"{variable} is open to everybody on this machine: chmod 700 it (it is {stat.S_IMODE(mode):o})"
        )
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise Unusable(f"{variable} names a folder in which this account may not write")


def _bucket(variable: str, said: str, s3: S3) -> BucketPlace:
    bucket, _, prefix = said.removeprefix("s3://").rstrip("/").partition("/")
    if not BUCKET.fullmatch(bucket) or (prefix and (not PREFIX.fullmatch(prefix) or ".." in prefix)):
        raise Unusable(f"{variable} must name a bucket, and a folder in it, as s3://bucket/prefix")
    for name, value in (
        ("S3_ACCESS_KEY_ID", s3.access_key_id),
        ("S3_SECRET_ACCESS_KEY", s3.secret_access_key),
    ):
        if not value:
            raise Unusable(f"{name} is not set, and {variable} names a bucket")
    if s3.endpoint_url:
        address = urlsplit(s3.endpoint_url)
        if address.scheme not in {"http", "https"} or not address.hostname:
            raise Unusable("S3_ENDPOINT_URL must be a whole address such as https://s3.example.org")
    elif not s3.region:
        raise Unusable("S3_REGION is not set, and neither is S3_ENDPOINT_URL")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise Unusable(
            f"{variable} names a bucket, and its packages are missing: install requirements-s3.txt"
        )
    return BucketPlace(bucket, prefix, s3)
