"""`manage.py media`: brings what is there to where the setting says, and tells what is missing or left over."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.media import files, moving, tidying
from accounts.media.setting import FolderPlace, Place
from accounts.media.stores import Away, store_at
from accounts.models import Photo, User
from mentoring.models import Logo, Program, Resource, ResourceFile

from .conftest import Kept, both, place_of
from .test_photos import keep

pytestmark = pytest.mark.django_db
ALL = {b"of the mentor", b"of the mentee", b"a logo", b"a guide"}


@pytest.fixture
def three_models(program: Program, mentor: User, mentee: User) -> None:
    """Files in the database, as they have always lain."""
    keep(mentor, b"of the mentor")
    keep(mentee, b"of the mentee")
    Logo.objects.create(program=program, content=b"a logo")
    resource = Resource.objects.create(program=program, title="A guide", file_name="a.txt")
    ResourceFile.objects.create(resource=resource, content=b"a guide", content_type="text/plain", size=7)


def said(act: str) -> str:
    out = StringIO()
    call_command("media", act, stdout=out, stderr=StringIO())
    return out.getvalue()


def refused(act: str) -> tuple[str, str]:
    out = StringIO()
    with pytest.raises(CommandError) as no:
        call_command("media", act, stdout=out, stderr=StringIO())
    return out.getvalue(), str(no.value)


def contents() -> set[bytes]:
    """Of every file, as a page would read it."""
    return {
        files.read(getattr(row, holder.column), row.stored_as)
        for holder in files.holders()
        for row in holder.rows
    }


def in_the_database() -> set[bytes]:
    rows = [(row, holder.column) for holder in files.holders() for row in holder.rows]
    return {bytes(getattr(row, column)) for row, column in rows} - {b""}


@both
def test_from_the_database_to_a_store_and_back(three_models: None, kept: Kept, settings: Settings) -> None:
    settings.MEDIA = kept.place
    assert "4 lie elsewhere" in said("check")
    assert said("move") == f"4 brought to {kept.place}.\n"
    assert set(kept.inside().values()) == ALL == contents()
    assert in_the_database() == set()
    assert said("move").startswith("0 brought")
    assert "Nothing is missing, and nothing is left over." in said("check")

    settings.MEDIA, settings.MEDIA_BEFORE = None, kept.place
    assert contents() == ALL
    assert said("move") == "4 brought to the database.\n"
    assert in_the_database() == ALL
    tidying.tidy(timezone.now())
    assert kept.inside() == {}


def test_while_no_store_is_set_the_names_of_what_is_to_go_wait(
    three_models: None, settings: Settings, tmp_path: Path, mentor: User
) -> None:
    settings.MEDIA = place = FolderPlace(tmp_path)
    moving.move()
    settings.MEDIA = None
    Photo.objects.filter(person=mentor).delete()
    assert tidying.tidy(timezone.now()) == 0
    settings.MEDIA_BEFORE = place
    assert tidying.tidy(timezone.now()) == 1
    assert {path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == ALL - {b"of the mentor"}


def test_from_a_folder_to_a_bucket_no_row_changes(
    three_models: None, request: pytest.FixtureRequest, settings: Settings, tmp_path: Path
) -> None:
    folder, bucket = (place_of(kind, request, tmp_path / "media") for kind in ("folder", "bucket"))
    settings.MEDIA = folder.place
    moving.move()
    names = set(Photo.objects.values_list("stored_as", flat=True))
    settings.MEDIA, settings.MEDIA_BEFORE = bucket.place, folder.place
    assert "4 lie elsewhere" in said("check")
    assert said("move").startswith("4 brought to s3://")
    assert set(Photo.objects.values_list("stored_as", flat=True)) == names
    assert folder.inside() == {}
    settings.MEDIA_BEFORE = None
    assert contents() == ALL
    assert "Nothing is missing" in said("check")


def test_one_place_under_two_names_loses_nothing(
    three_models: None, settings: Settings, tmp_path: Path
) -> None:
    (place := tmp_path / "media").mkdir()
    (other := tmp_path / "other").symlink_to(place)
    settings.MEDIA = FolderPlace(place)
    moving.move()
    settings.MEDIA_BEFORE = FolderPlace(other)
    with pytest.raises(CommandError, match=r"are the same place\. Nothing was moved"):
        said("move")
    settings.MEDIA_BEFORE = None
    assert contents() == ALL
    assert len([path for path in place.rglob("*") if path.is_file()]) == len(ALL)


@both
def test_one_that_was_stopped_half_way_is_started_again(
    three_models: None, kept: Kept, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA = kept.place
    store, put = store_at(kept.place), type(kept.store).put
    count = 0

    def stops(self: object, name: str, content: bytes) -> None:
        nonlocal count
        count += 1
        if count == 3:
            raise Away
        put(self, name, content)  # type: ignore[arg-type]

    monkeypatch.setattr(type(store), "put", stops)
    assert "start it again" in refused("move")[1]
    assert contents() == ALL
    monkeypatch.undo()
    assert said("move").startswith("2 brought")
    assert contents() == ALL
    assert len(kept.inside()) == 4


def test_what_is_changed_meanwhile_stays_changed(
    three_models: None, settings: Settings, tmp_path: Path, mentor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA = FolderPlace(tmp_path)
    batches = moving._batches

    def slow(*args: object, **where: str) -> object:
        for pks in batches(*args, **where):  # type: ignore[arg-type]
            keep(mentor, b"a new one")
            yield pks

    monkeypatch.setattr(moving, "_batches", slow)
    moving.move()
    assert contents() == ALL - {b"of the mentor"} | {b"a new one"}


@both
def test_the_check_tells_what_is_missing_and_ends_with_an_error(
    three_models: None, media: Kept, mentor: User
) -> None:
    moving.move()
    lost = Photo.objects.get(person=mentor)
    media.store.remove(lost.stored_as)
    out, no = refused("check")
    assert out.splitlines()[1:] == [f"missing: accounts.Photo {mentor.pk}"]
    assert no == "1 missing, 0 left over."
    assert mentor.name not in out
    out, no = refused("move")
    assert no == "1 are missing, and stay so."


@both
def test_the_check_tells_what_is_left_over_once_it_is_a_day_old(three_models: None, media: Kept) -> None:
    moving.move()
    media.store.put("0" * 32, b"nobody's")
    assert moving.check(timezone.now()).left_over == 0
    found = moving.check(timezone.now() + timedelta(days=2))
    assert (found.left_over, found.missing, found.is_well) == (1, [], False)


def test_while_the_store_is_away_both_say_so(three_models: None, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA = away = FolderPlace(tmp_path / "away")
    assert isinstance(away, Place)
    for act in ("move", "check"):
        assert refused(act)[1].startswith("The store does not answer")
    assert in_the_database() == ALL
