"""Somebody's photo, wherever it lies: shown by us alone, replaced, and gone when its row is."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from pytest_django.fixtures import Settings

from accounts import actions
from accounts.mail import home
from accounts.media import files, tidying
from accounts.media.setting import FolderPlace
from accounts.models import FileSweep, ForgottenFile, Photo, Profile, User
from accounts.mydata import own
from accounts.mydata.erasing import erase
from reflections.tasks import run
from tests.conftest import NOW, signed_in

from .conftest import Kept, both, place_of

pytestmark = pytest.mark.django_db
PAGE = "/profile/"
DAY = timedelta(days=1, minutes=1)


def sent(color: str = "teal") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (200, 200), color).save(out, "PNG")
    return SimpleUploadedFile("me at home.png", out.getvalue(), "image/png")


def keep(person: User, content: bytes = b"a picture") -> None:
    profile = Profile.objects.of(person)
    profile.person = person
    actions.keep_profile(profile, hours=[], links=[], photo=content, now=NOW)


def address(person: User) -> str:
    person.refresh_from_db()
    return f"/people/{person.pk}/photo/{person.photo_key}/"


def form(**fields: object) -> dict[str, object]:
    """What the page sends, from somebody who has said nothing yet."""
    return {"name": "Noor Haddad", "preferred_name": "", "pronouns_for": "me", **fields}


def sweep_for_a_day(now: object) -> None:
    for _ in range(256 // tidying.PARTS_AT_ONCE + 1):
        tidying.tidy(now)  # type: ignore[arg-type]


@both
def test_it_lies_there_under_a_name_that_says_nothing_and_is_served_by_us(media: Kept, mentor: User) -> None:
    browser = signed_in(mentor)
    assert browser.post(PAGE, form(chosen_photo=sent())).status_code == 302
    ((name, content),) = media.inside().items()
    row = Photo.objects.get(person=mentor)
    assert (bytes(row.image), row.stored_as) == (b"", name)
    mentor.refresh_from_db()
    assert re.fullmatch(r"[0-9a-f]{32}", name)
    assert name != mentor.photo_key  # Whoever sees its address learns nothing of the store.
    response = browser.get(address(mentor))
    assert response.content == content
    assert content[8:12] == b"WEBP"
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == f"private, max-age={7 * 24 * 3600}"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert name not in str(response.headers)


@both
def test_who_may_not_see_it_asks_the_store_nothing(
    media: Kept, mentor: User, outsider: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(mentor)

    def asked(*_: object) -> None:
        raise AssertionError("the store was asked")

    monkeypatch.setattr(files, "read", asked)
    assert signed_in(outsider).get(address(mentor)).status_code == 404


def test_a_page_and_a_photo_ask_the_database_as_often_as_where_it_lies_there(
    mentor: User, settings: Settings, tmp_path: Path
) -> None:
    browser, counts = signed_in(mentor), []
    for place in (None, FolderPlace(tmp_path)):
        settings.MEDIA = place
        keep(mentor)
        browser.get(PAGE)
        for url in (PAGE, address(mentor)):
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(url).status_code == 200
            counts.append(len(asked))
    assert counts[:2] == counts[2:]


@both
def test_the_one_before_is_gone_after_the_next_tick(media: Kept, mentor: User) -> None:
    keep(mentor, b"before")
    keep(mentor, b"after")
    assert sorted(media.inside().values()) == [b"after", b"before"]
    done = run(NOW)
    assert list(media.inside().values()) == [b"after"]
    assert done["files removed"] == 1
    actions.remove_photo(mentor)
    run(NOW)
    assert media.inside() == {}
    assert not ForgottenFile.objects.exists()


@both
def test_whoever_is_erased_has_a_photo_in_no_store(media: Kept, mentor: User, mentee: User) -> None:
    keep(mentor, b"mine")
    keep(mentee, b"another one's")
    assert erase(mentor, now=NOW)
    run(NOW)
    assert list(media.inside().values()) == [b"another one's"]


@both
def test_a_row_deleted_at_the_database_takes_its_file_along(media: Kept, mentor: User) -> None:
    keep(mentor)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_photo")
    tidying.tidy(NOW)
    assert media.inside() == {}


@both
def test_a_copied_database_removes_no_file_of_the_one_it_was_copied_from(media: Kept, mentor: User) -> None:
    """Its settings may still name the other's store."""
    keep(mentor)
    home.close(NOW)
    actions.remove_photo(mentor)
    sweep_for_a_day(NOW + 2 * DAY)
    assert len(media.inside()) == 1
    home.release(home.As.MOVED, NOW + 2 * DAY)
    sweep_for_a_day(NOW + 2 * DAY)
    assert media.inside() == {}


@both
def test_what_is_undone_keeps_its_file(media: Kept, mentor: User) -> None:
    keep(mentor)
    with transaction.atomic():
        actions.remove_photo(mentor)
        transaction.set_rollback(True)
    sweep_for_a_day(NOW + 2 * DAY)
    assert list(media.inside().values()) == [b"a picture"]


@both
def test_what_a_request_left_that_ended_half_way_goes_after_a_day(media: Kept, mentor: User) -> None:
    keep(mentor)
    with transaction.atomic():
        keep(mentor, b"never kept")
        transaction.set_rollback(True)
    now = timezone.now()
    sweep_for_a_day(now)
    assert len(media.inside()) == 2
    sweep_for_a_day(now + DAY)
    assert list(media.inside().values()) == [b"a picture"]
    keep(mentor, b"another")  # That day's sweep is done: nothing more is listed until tomorrow.
    assert FileSweep.objects.get().parts == 256


def test_what_a_process_left_that_ended_while_it_wrote_goes_too(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA = FolderPlace(tmp_path)
    (tmp_path / "ab").mkdir()
    left = tmp_path / "ab" / f"ab{'0' * 30}.part"
    left.write_bytes(b"half")
    sweep_for_a_day(timezone.now())
    assert left.exists()
    sweep_for_a_day(timezone.now() + DAY)
    assert not left.exists()


# --- The store is away ---------------------------------------------------------------------------------------------


def test_while_it_is_away_a_page_shows_the_initial_and_the_photo_says_so(
    settings: Settings, tmp_path: Path, mentor: User
) -> None:
    folder = tmp_path / "media"
    folder.mkdir()
    settings.MEDIA = FolderPlace(folder)
    keep(mentor)
    folder.rename(tmp_path / "elsewhere")
    browser = signed_in(mentor)
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert re.search(
        rf'<span class="avatar[^>]*>{mentor.initial}<img src="{address(mentor)}"', page.content.decode()
    )
    response = browser.get(address(mentor))
    assert (response.status_code, response["Content-Type"]) == (503, "image/gif")
    assert "no-store" in response["Cache-Control"]
    with Image.open(BytesIO(response.content)) as nothing:
        assert nothing.convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]
    (tmp_path / "elsewhere").rename(folder)
    assert browser.get(address(mentor)).content == b"a picture"


def test_while_it_is_away_nothing_is_half_kept_and_what_was_typed_stays(
    settings: Settings, tmp_path: Path, mentor: User
) -> None:
    settings.MEDIA = FolderPlace(tmp_path / "away")
    browser = signed_in(mentor)
    page = browser.post(PAGE, form(name="Somebody Else", about="I repair old clocks.", chosen_photo=sent()))
    text = page.content.decode()
    assert page.status_code == 200
    assert "The place where pictures and files are kept does not answer." in text
    assert "I repair old clocks." in text
    assert not Profile.objects.filter(person=mentor).exists()
    assert not Photo.objects.exists()
    mentor.refresh_from_db()
    assert mentor.name == "Noor Haddad"
    # The photo waits in the page, so it need not be chosen again.
    (waits,) = re.findall(r'name="kept_photo" value="([^"]+)"', text)
    settings.MEDIA = None
    assert browser.post(PAGE, form(about="I repair old clocks.", kept_photo=waits)).status_code == 302
    assert bytes(Photo.objects.get(person=mentor).image)[8:12] == b"WEBP"


def test_while_it_is_away_the_tick_goes_round_and_takes_it_up_later(
    settings: Settings, tmp_path: Path, mentor: User
) -> None:
    folder = tmp_path / "media"
    folder.mkdir()
    settings.MEDIA = FolderPlace(folder)
    keep(mentor)
    actions.remove_photo(mentor)
    folder.rename(tmp_path / "elsewhere")
    done = run(NOW)
    assert done["files removed"] is None
    assert done["exports deleted"] == 0
    (tmp_path / "elsewhere").rename(folder)
    assert run(NOW)["files removed"] == 1


def test_a_file_that_is_nowhere_is_a_photo_that_is_not_there(
    settings: Settings, tmp_path: Path, mentor: User
) -> None:
    settings.MEDIA = FolderPlace(tmp_path)
    keep(mentor)
    Photo.objects.filter(person=mentor).update(stored_as="0" * 32)
    response = signed_in(mentor).get(address(mentor))
    assert (response.status_code, response["Content-Type"]) == (404, "image/gif")
    assert "no-store" in response["Cache-Control"]
    assert list(own._photo(mentor)) == []


# --- The setting is changed ----------------------------------------------------------------------------------------


def test_rows_of_either_kind_are_read_whatever_the_setting_is(
    request: pytest.FixtureRequest,
    settings: Settings,
    tmp_path: Path,
    mentor: User,
    mentee: User,
    admin: User,
) -> None:
    folder, bucket = (place_of(kind, request, tmp_path / "media") for kind in ("folder", "bucket"))
    for person, place in ((mentor, None), (mentee, folder.place), (admin, bucket.place)):
        settings.MEDIA = place
        keep(person, person.name.encode())
    for now, before in ((folder, bucket), (bucket, folder)):
        settings.MEDIA, settings.MEDIA_BEFORE = now.place, before.place
        for person in (mentor, mentee, admin):
            assert signed_in(person).get(address(person)).content == person.name.encode()
            assert list(own._photo(person)) == [("photo.webp", person.name.encode())]


def test_bytes_in_the_row_count_first(settings: Settings, tmp_path: Path, mentor: User) -> None:
    """An earlier release writes them there, beside a name that it does not know."""
    settings.MEDIA = FolderPlace(tmp_path)
    keep(mentor, b"before")
    Photo.objects.filter(person=mentor).update(image=b"by an earlier release")
    assert signed_in(mentor).get(address(mentor)).content == b"by an earlier release"
