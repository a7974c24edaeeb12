"""A folder and a bucket do the same, and say plainly when they cannot."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from accounts.media import stores
from accounts.media.setting import S3, BucketPlace, FolderPlace
from accounts.media.stores import Away, Bucket, Folder, Lost, new_name

from .conftest import Kept, both
from .s3 import ACCESS, SECRET, Server

CONTENT = bytes(range(256)) * 40


@both
def test_what_was_put_is_there_until_it_is_removed(kept: Kept) -> None:
    name = new_name()
    kept.store.put(name, CONTENT)
    assert kept.inside() == {name: CONTENT}
    assert kept.store.get(name) == CONTENT
    (there,) = kept.store.names(name[:2])
    assert there.name == name
    assert abs(there.at - datetime.now(UTC)) < timedelta(minutes=1)
    kept.store.remove(name)
    kept.store.remove(name)
    assert kept.inside() == {}
    assert list(kept.store.names(name[:2])) == []
    with pytest.raises(Lost):
        kept.store.get(name)


@both
@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 32, "a" * 31, f"{'a' * 32}/b"])
def test_no_name_but_ours_leads_anywhere(kept: Kept, name: str) -> None:
    with pytest.raises(Lost):
        kept.store.get(name)


def test_nobody_else_on_the_machine_reads_the_folder(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Folder(FolderPlace(tmp_path)).put("a" * 32, CONTENT)
    finally:
        os.umask(before)
    assert (tmp_path / "aa").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "aa" / ("a" * 32)).stat().st_mode & 0o777 == 0o600


def test_what_lies_in_the_folder_and_is_not_ours_stays(tmp_path: Path) -> None:
    (tmp_path / "aa").mkdir()
    (tmp_path / "aa" / "notes.txt").write_text("x")
    assert list(Folder(FolderPlace(tmp_path)).names("aa")) == []


def test_a_file_that_vanishes_while_the_folder_is_read_hides_no_other(tmp_path: Path) -> None:
    store = Folder(FolderPlace(tmp_path))
    store.put("a" * 32, CONTENT)
    # A link to nothing is listed, and not found when it is asked for: as one that was removed in between.
    (tmp_path / "aa" / f"aa{'b' * 30}").symlink_to(tmp_path / "gone")
    assert [each.name for each in store.names("aa")] == ["a" * 32]


def test_a_folder_that_is_not_mounted_is_away_and_not_made(tmp_path: Path) -> None:
    store = Folder(FolderPlace(tmp_path / "gone"))
    for act in (
        lambda: store.put("a" * 32, CONTENT),
        lambda: store.get("a" * 32),
        lambda: store.remove("a" * 32),
        lambda: list(store.names("aa")),
    ):
        with pytest.raises(Away):
            act()
    assert not (tmp_path / "gone").exists()


def test_a_disk_that_is_full_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stores.os, "fsync", full)
    with pytest.raises(Away):
        Folder(FolderPlace(tmp_path)).put("a" * 32, CONTENT)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_bucket_that_is_not_there_is_away_and_not_empty(s3: Server) -> None:
    store = Bucket(BucketPlace("no-such-bucket", "", S3(s3.address, "", ACCESS, SECRET)))
    for act in (
        lambda: store.put("a" * 32, CONTENT),
        lambda: store.get("a" * 32),
        lambda: list(store.names("aa")),
    ):
        with pytest.raises(Away):
            act()


@contextmanager
def silent() -> Iterator[str]:
    """Takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_store_that_says_nothing_holds_nobody_up_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "READ_SECONDS", 1)
    with silent() as address:
        store = Bucket(BucketPlace("bucket", "", S3(address, "", ACCESS, SECRET)))
        began = time.monotonic()
        with pytest.raises(Away):
            store.get("a" * 32)
        # One try of one second; with the library's own habit it would be five, with pauses between.
        assert time.monotonic() - began < 4


def test_two_prefixes_of_one_bucket_do_not_see_each_other(s3: Server) -> None:
    place = s3.new_place("one")
    one, two = Bucket(place), Bucket(BucketPlace(place.bucket, "two/deep", place.s3))
    one.put("a" * 32, b"1")
    assert list(two.names("aa")) == []
    two.put("a" * 32, b"2")
    assert s3.objects(place) == {f"one/aa/{'a' * 32}": b"1", f"two/deep/aa/{'a' * 32}": b"2"}


def test_the_secret_of_the_store_is_in_no_repr(s3: Server) -> None:
    place = s3.new_place()
    assert SECRET not in f"{place!r} {place} {place.s3!r}"
    assert str(place) == f"s3://{place.bucket}/best"
