"""Two places for files, a folder and a bucket, and whoever looks into them from outside."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from accounts.media.setting import FolderPlace, Place
from accounts.media.stores import Store, store_at

from .s3 import Server, serving

KINDS = ("folder", "bucket")


@dataclass(frozen=True)
class Kept:
    """A place, and all that lies in it now, by name, as somebody sees it who does not ask our software."""

    place: Place
    inside: Callable[[], dict[str, bytes]]

    @property
    def store(self) -> Store:
        return store_at(self.place)


@pytest.fixture(scope="session")
def s3() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    """To be asked for with a kind, by `both`."""
    return place_of(request.param, request, tmp_path / "media")


@pytest.fixture
def media(kept: Kept, settings: Settings) -> Kept:
    """As `kept`, and MEDIA says so."""
    settings.MEDIA = kept.place
    return kept


both = pytest.mark.parametrize("kept", KINDS, indirect=True)


def place_of(kind: str, request: pytest.FixtureRequest, folder: Path) -> Kept:
    if kind == "bucket":
        server: Server = request.getfixturevalue("s3")
        bucket = server.new_place()
        return Kept(bucket, lambda: {key[-32:]: found for key, found in server.objects(bucket).items()})
    folder.mkdir(mode=0o700)
    return Kept(
        FolderPlace(folder),
        lambda: {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()},
    )
