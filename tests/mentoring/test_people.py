"""Who sees whose profile and photo: oneself, the other one of a pairing until it is over, and who runs the program."""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from accounts import actions
from accounts.models import Link, Photo, Profile, User, UsualHours
from mentoring.models import Enrollment, Pairing, Program, ProgramAdmin
from mentoring.people import people_visible_to
from tests.conftest import NOW, enroll, in_state, make_person, pair, signed_in

pytestmark = pytest.mark.django_db

ABOUT = "I build quiet bridges."


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def describe(person: User, *, pronouns_for: str = "me", **fields: object) -> None:
    """A profile with a photo."""
    picture = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(picture, "WEBP")
    values: dict[str, object] = {"about": ABOUT, "headline": "Bridges", "pronouns": "she/her"}
    actions.keep_profile(
        Profile(person=person, pronouns_for=pronouns_for, **(values | fields)),
        hours=[UsualHours(weekday=day, begins=18, ends=34) for day in range(5)],
        links=[Link(position=1, url="https://example.org/a", label="My page")],
        photo=picture.getvalue(),
        now=NOW,
    )


def photo_address(person: User) -> str:
    return f"/people/{person.pk}/photo/{person.photo_key}/"


def sees(reader: User | None, person: User) -> bool:
    """Both doors answer alike, and so does the queryset behind them."""
    browser = signed_in(reader)
    page, photo = browser.get(f"/people/{person.pk}/"), browser.get(photo_address(person))
    found = {page.status_code, photo.status_code}
    if reader is None:
        assert found == {302}
        return False
    is_there = people_visible_to(reader).filter(pk=person.pk).exists()
    assert found == ({200} if is_there else {404})
    assert (ABOUT in page.content.decode()) == is_there
    return is_there


# --- Who -----------------------------------------------------------------------------------------------------------


def test_each_of_the_cast_sees_whom_they_may(
    pairing: Pairing,
    mentor: User,
    mentee: User,
    member: User,
    outsider: User,
    admin: User,
    other_admin: User,
    superuser: User,
) -> None:
    describe(mentor)
    readers = {
        mentor: True,
        mentee: True,
        member: False,
        outsider: False,
        admin: True,
        other_admin: False,
        superuser: False,
    }
    assert {reader: sees(reader, mentor) for reader in readers} == readers
    assert not sees(None, mentor)


@pytest.mark.parametrize(
    ("status", "ended_on", "is_seen"),
    [
        ("proposed", None, True),
        ("accepted", None, True),
        ("active", None, True),
        ("paused", None, True),
        ("completed", date(2026, 6, 1), False),
        ("ended", date(2026, 6, 1), False),
        ("declined", None, False),
        ("expired", None, False),
    ],
)
def test_a_profile_is_open_to_the_other_one_until_the_pairing_is_over(
    pairing: Pairing, mentor: User, mentee: User, status: str, ended_on: date | None, is_seen: bool
) -> None:
    describe(mentor)
    describe(mentee)
    Pairing.objects.update(status=status, ended_on=ended_on)
    # Whoever asks opens their own profile by it, and nobody else's.
    seen_by_mentee = is_seen and status != "requested"
    assert (sees(mentee, mentor), sees(mentor, mentee)) == (seen_by_mentee, is_seen)


def test_asking_a_mentor_opens_ones_own_profile_and_not_theirs(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    describe(mentor)
    describe(mentee)
    Pairing.objects.update(status="requested")
    assert (sees(mentee, mentor), sees(mentor, mentee)) == (False, True)


@pytest.mark.parametrize("status", Enrollment.Status.values)
def test_those_who_run_a_program_see_who_has_or_asked_for_a_place(
    program: Program, mentor: User, admin: User, status: str
) -> None:
    describe(mentor)
    Enrollment.objects.update(**in_state(status))
    assert sees(admin, mentor) == (status in {"applied", "waitlisted", "active", "paused"})


def test_a_right_ends_with_its_row(program: Program, mentor: User, admin: User) -> None:
    describe(mentor)
    assert sees(admin, mentor)
    ProgramAdmin.objects.all().delete()
    assert not sees(admin, mentor)


def test_nobody_sees_somebody_whose_account_is_closed(pairing: Pairing, mentor: User, mentee: User) -> None:
    describe(mentor)
    User.objects.filter(pk=mentor.pk).update(is_active=False)
    assert not sees(mentee, mentor)


def test_another_pairing_with_somebody_else_opens_no_door(
    pairing: Pairing, program: Program, mentor: User, mentee: User, member: User
) -> None:
    pair(program, mentor, member)
    describe(mentee)
    assert not sees(member, mentee)


@pytest.mark.parametrize(
    ("pronouns_for", "readers"),
    [("me", {"mentor"}), ("paired", {"mentor", "mentee"}), ("programs", {"mentor", "mentee", "admin"})],
)
def test_pronouns_are_read_by_those_they_are_for(
    pairing: Pairing, mentor: User, mentee: User, admin: User, pronouns_for: str, readers: set[str]
) -> None:
    describe(mentor, pronouns_for=pronouns_for)
    cast = {"mentor": mentor, "mentee": mentee, "admin": admin}
    found = {
        name
        for name, reader in cast.items()
        if "she/her" in signed_in(reader).get(f"/people/{mentor.pk}/").content.decode()
    }
    assert found == readers
    on_the_pairs_page = signed_in(mentee).get(f"/pairings/{pairing.pk}/").content.decode()
    assert ("she/her" in on_the_pairs_page) == ("mentee" in readers)


def test_an_admin_who_is_paired_with_somebody_reads_what_is_for_the_paired(
    program: Program, mentor: User, admin: User
) -> None:
    describe(mentor, pronouns_for="paired")
    pair(program, mentor, admin)
    assert "she/her" in signed_in(admin).get(f"/people/{mentor.pk}/").content.decode()


def test_the_admin_leads_those_who_run_a_program_to_the_profiles_that_they_may_see(
    program: Program, mentor: User, admin: User, superuser: User
) -> None:
    link = f'href="/people/{mentor.pk}/"'
    page = f"/admin/accounts/user/{mentor.pk}/change/"
    assert link in signed_in(admin).get(page).content.decode()
    assert link not in signed_in(superuser).get(page).content.decode()
    Enrollment.objects.update(status=Enrollment.Status.WITHDRAWN)
    assert link not in signed_in(admin).get(page).content.decode()


# --- What ----------------------------------------------------------------------------------------------------------


def test_hours_and_time_are_by_the_readers_clock(pairing: Pairing, mentor: User, mentee: User) -> None:
    describe(mentor, languages=["ar", "pt"], core_values=["Patience", "Calm"])
    page = signed_in(mentee).get(f"/people/{mentor.pk}/").content.decode()
    assert "Monday to Friday, 10:00 to 18:00" in page  # Warsaw is an hour ahead of Lisbon
    assert "by your clock" in page
    assert "13:00" in page
    assert "Arabic, Portuguese" in page
    assert 'href="https://example.org/a" rel="noopener noreferrer nofollow"' in page
    assert "example.org</span>" in page
    assert page.index("Patience") < page.index("Calm")
    assert mentor.email not in page


def test_an_empty_profile_is_a_page_too(pairing: Pairing, mentor: User, mentee: User) -> None:
    page = signed_in(mentee).get(f"/people/{mentor.pk}/").content.decode()
    assert "Noor has not written anything here yet." in page
    assert f'href="/pairings/{pairing.pk}/"' in page


def test_the_page_of_the_pair_leads_there_until_it_is_over(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    describe(mentor)
    browser = signed_in(mentee)
    page = browser.get(f"/pairings/{pairing.pk}/").content.decode()
    assert f'href="/people/{mentor.pk}/"' in page
    assert "Bridges" in page
    assert photo_address(mentor) in page
    Pairing.objects.update(status="ended", ended_on=date(2026, 6, 1))
    page = browser.get(f"/pairings/{pairing.pk}/").content.decode()
    assert f"/people/{mentor.pk}/" not in page
    assert "Bridges" not in page


def test_a_page_takes_the_same_few_queries_however_much_is_on_it(
    pairing: Pairing, mentor: User, mentee: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    describe(mentor, pronouns_for="paired")
    browser = signed_in(mentee)
    browser.get(f"/people/{mentor.pk}/")
    with django_assert_num_queries(12):  # of which two are the transaction’s
        browser.get(f"/people/{mentor.pk}/")


# --- The photo -----------------------------------------------------------------------------------------------------


def test_a_photo_is_a_webp_and_nothing_else(mentor: User) -> None:
    describe(mentor)
    response = signed_in(mentor).get(photo_address(mentor))
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, max-age=604800"
    assert response.content == bytes(Photo.objects.get().image)


def test_a_photo_that_a_browser_has_is_not_sent_again_but_asked_for_again(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    describe(mentor)
    browser = signed_in(mentee)
    known = {"If-None-Match": browser.get(photo_address(mentor))["ETag"]}
    again = browser.get(photo_address(mentor), headers=known)
    assert (again.status_code, again.content) == (304, b"")
    Pairing.objects.update(status="ended", ended_on=date(2026, 6, 1))
    assert browser.get(photo_address(mentor), headers=known).status_code == 404


def test_a_photo_has_one_address_and_the_old_one_is_gone(mentor: User, mentee: User) -> None:
    describe(mentor)
    browser, before = signed_in(mentor), photo_address(mentor)
    describe(mentor)
    assert browser.get(before).status_code == 404
    assert browser.get(photo_address(mentor)).status_code == 200
    assert browser.get(f"/people/{mentor.pk}/photo/{'0' * 32}/").status_code == 404
    assert browser.get(f"/people/{mentee.pk}/photo/{mentor.photo_key}/").status_code == 404


PICTURE = re.compile(r'<img src="(/[^"]+)"')


def pictures_on(browser: Client, *addresses: str) -> set[str]:
    return {src for address in addresses for src in PICTURE.findall(browser.get(address).content.decode())}


def test_no_page_shows_a_photo_that_its_reader_may_not_see(
    program: Program, pairing: Pairing, mentor: User, mentee: User
) -> None:
    """An ended pairing, one that goes on, a question, and everybody with a photo: no picture leads nowhere."""
    former, asker = make_person("bea@harbor.example", "Bea"), make_person("cy@harbor.example", "Cy")
    over = pair(program, former, mentee, status="ended", ended_on=date(2026, 6, 1))
    asked = Pairing.objects.create(program=program, mentor=asker, mentee=mentee, starts_on=date(2026, 7, 1))
    for person in (mentor, mentee, former, asker):
        describe(person)
    browser = signed_in(mentee)
    pages = ["/", "/pairings/", "/reflections/", "/moments/", "/profile/", f"/people/{mentor.pk}/"]
    pages += [f"/pairings/{each.pk}/" for each in (pairing, over, asked)]
    shown = pictures_on(browser, *pages)
    assert shown == {photo_address(person) for person in (mentor, mentee, asker)}
    assert {browser.get(src).status_code for src in shown} == {200}


def test_photos_cost_a_list_no_query(
    program: Program, mentee: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(mentee)
    for number in range(3):
        other = make_person(f"p{number}@harbor.example", f"Person {number}")
        enroll(program, other, Enrollment.Role.MENTOR)
        pair(program, other, mentee)
        describe(other)
        browser.get("/pairings/")
        with django_assert_num_queries(11):
            assert len(pictures_on(browser, "/pairings/")) == number + 1
