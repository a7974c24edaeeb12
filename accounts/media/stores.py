"""A folder and a bucket, alike: random names in, bytes out. Files lie in 256 parts, by the beginning of their names."""

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from accounts.refused import Refused

from .setting import ANY_REGION, BucketPlace, FolderPlace, Place

NAME = re.compile(r"[0-9a-f]{32}", re.ASCII)
PARTS = tuple(f"{number:02x}" for number in range(256))
UNFINISHED = ".part"
# Somebody waits: a store that is away is to be noticed soon.
CONNECT_SECONDS, READ_SECONDS, TRIES = 2, 5, 1


class Away(Refused):
    """The store does not answer, or does not let us. Nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The place where pictures and files are kept does not answer. "
                "Nothing was changed; please try again in a while."
            )
        )


class Lost(Exception):
    """The store answers, and has no such file."""


class There(NamedTuple):
    """A file that lies in a store, and since when."""

    name: str
    at: datetime


class Store(Protocol):
    """Each method raises Away."""

    def put(self, name: str, content: bytes) -> None:
        """It lies there for good once this returns."""

    def get(self, name: str) -> bytes:
        """Raises Lost."""

    def remove(self, name: str) -> None:
        """Nothing, where it is not there."""

    def names(self, part: str) -> Iterator[There]:
        """All in one of PARTS; what we did not name ourselves is passed over."""


def new_name() -> str:
    """Says nothing, cannot be guessed, and no file had it before."""
    return secrets.token_hex(16)


@cache
def store_at(place: Place) -> Store:
    return Folder(place) if isinstance(place, FolderPlace) else Bucket(place)


def _checked(name: str) -> str:
    if not NAME.fullmatch(name):
        raise Lost(name)
    return name


# --- A folder ------------------------------------------------------------------------------------------------------


class Folder:
    def __init__(self, place: FolderPlace) -> None:
        self._root = place.folder

    def put(self, name: str, content: bytes) -> None:
        path = self._path(name)
        unfinished = path.with_suffix(UNFINISHED)
        try:
            # The folder itself is never made: where a disk is not mounted, nothing may lie beneath.
            with contextlib.suppress(FileExistsError):
                path.parent.mkdir(mode=0o700)
                _keep_name(self._root)
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
            _keep_name(path.parent)
        except OSError:
            with contextlib.suppress(OSError):
                unfinished.unlink()
            raise Away from None

    def get(self, name: str) -> bytes:
        path = self._path(name)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise (Lost(name) if self._root.is_dir() else Away()) from None
        except OSError:
            raise Away from None

    def remove(self, name: str) -> None:
        path = self._path(name)
        try:
            path.unlink()
        except FileNotFoundError:
            if not self._root.is_dir():
                raise Away from None
        except OSError:
            raise Away from None

    def names(self, part: str) -> Iterator[There]:
        found = []
        try:
            with os.scandir(self._root / part) as entries:
                for entry in entries:
                    # One that was removed meanwhile says nothing of the others.
                    with contextlib.suppress(FileNotFoundError):
                        if NAME.fullmatch(entry.name):
                            at = datetime.fromtimestamp(entry.stat().st_mtime, UTC)
                            found.append(There(entry.name, at))
        except FileNotFoundError:
            if not self._root.is_dir():
                raise Away from None
            return
        except OSError:
            raise Away from None
        yield from found

    def sweep_unfinished(self, part: str, before: datetime) -> int:
        """What a process that ended while it wrote has left; how many."""
        gone = 0
        for path in (self._root / part).glob(f"*{UNFINISHED}"):
            with contextlib.suppress(OSError):
                if NAME.fullmatch(path.stem) and path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    gone += 1
        return gone

    def _path(self, name: str) -> Path:
        return self._root / _checked(name)[:2] / name


def _keep_name(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- A bucket ------------------------------------------------------------------------------------------------------


class Bucket:
    """By django-storages. No address of the store is ever given out; our views read each file and hand it on."""

    def __init__(self, place: BucketPlace) -> None:
        from boto3.s3.transfer import TransferConfig
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError
        from storages.backends.s3 import S3Storage

        s3 = place.s3
        self._prefix = f"{place.prefix}/" if place.prefix else ""
        self._no = ClientError
        self._away = (BotoCoreError, ClientError, OSError)
        self._storage: Any = S3Storage(
            bucket_name=place.bucket,
            access_key=s3.access_key_id,
            secret_key=s3.secret_access_key,
            security_token=None,
            session_profile=None,
            endpoint_url=s3.endpoint_url or None,
            region_name=s3.region or ANY_REGION,
            default_acl=None,
            file_overwrite=True,
            gzip=False,
            # Nothing of what it is: each is bytes.
            object_parameters={"ContentType": "application/octet-stream"},
            transfer_config=TransferConfig(use_threads=False),
            client_config=Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": TRIES},
                signature_version="s3v4",
                # Stores other than Amazon's often know no host names for buckets, and no newer checksums.
                s3={"addressing_style": "path" if s3.endpoint_url else "auto"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def put(self, name: str, content: bytes) -> None:
        with self._heard():
            self._storage.save(self._key(name), ContentFile(content))

    def get(self, name: str) -> bytes:
        key = self._key(name)
        try:
            with self._heard():
                content: bytes = self._storage.bucket.Object(key).get()["Body"].read()
                return content
        except KeyError:
            raise Lost(name) from None

    def remove(self, name: str) -> None:
        with self._heard():
            self._storage.delete(self._key(name))

    def names(self, part: str) -> Iterator[There]:
        with self._heard():
            found = list(self._storage.bucket.objects.filter(Prefix=f"{self._prefix}{part}/"))
        for each in found:
            name = each.key.rpartition("/")[2]
            if NAME.fullmatch(name):
                yield There(name, each.last_modified)

    def _key(self, name: str) -> str:
        return f"{self._prefix}{_checked(name)[:2]}/{name}"

    @contextlib.contextmanager
    def _heard(self) -> Iterator[None]:
        """Raises KeyError for a key that is not there, Away for all else: a bucket that is gone is not an empty one."""
        try:
            yield
        except self._no as no:
            if no.response.get("Error", {}).get("Code") == "NoSuchKey":
                raise KeyError from None
            raise Away from None
        except self._away:
            raise Away from None
