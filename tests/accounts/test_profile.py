"""One's own profile: what is kept, what is refused beside its field, and the preview that keeps nothing."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts import hours, languages
from accounts.hours import Stretch
from accounts.models import Link, Profile, User, UsualHours
from tests import tables
from tests.conftest import NOW, make_person, signed_in

PAGE = "/profile/"
LISBON, HALIFAX, TOKYO = ZoneInfo("Europe/Lisbon"), ZoneInfo("America/Halifax"), ZoneInfo("Asia/Tokyo")


@pytest.fixture
def noor(db: None) -> User:
    return make_person("noor@harbor.example", "Noor Haddad")


@pytest.fixture
def browser(noor: User) -> Client:
    return signed_in(noor)


@pytest.fixture
def words() -> dict[str, str]:
    return {
        "name": "Noor Haddad",
        "preferred_name": "Nono",
        "pronouns": "she/her",
        "pronouns_for": "paired",
        "headline": "Bridges, and who crosses them",
        "about": "Two lines\nof me.",
        "help_with": "Saying no early.",
        "language_1": "pt",
        "language_3": "ar",
        "language_4": "pt",
        "value_1": "Patience",
        "value_2": "  My   own word ",
        "link_1": "https://example.org/noor?a=1&b=2",
        "label_1": "My page",
        "link_4": "noor.example.org",
        "from_0": "09:00",
        "until_0": "17:30",
        "from_6": "22:00",
        "until_6": "00:00",
    }


def test_a_whole_profile_is_kept_and_shown_again(noor: User, browser: Client, words: dict[str, str]) -> None:
    with time_machine.travel(NOW, tick=False):
        assert browser.post(PAGE, words).status_code == 302
    noor = User.objects.get()
    profile = noor.profile
    assert (noor.name, noor.preferred_name) == ("Noor Haddad", "Nono")
    assert (profile.pronouns, profile.pronouns_for) == ("she/her", "paired")
    assert profile.about == "Two lines\nof me."
    assert profile.languages == ["pt", "ar"]
    assert profile.core_values == ["Patience", "My own word"]
    assert profile.changed_at == NOW
    assert [(link.url, link.label) for link in noor.links.all()] == [
        ("https://example.org/noor?a=1&b=2", "My page"),
        ("https://noor.example.org", ""),
    ]
    assert [(row.weekday, row.begins_at, row.ends_at) for row in noor.usual_hours.all()] == [
        (0, time(9), time(17, 30)),
        (6, time(22), time(0)),
    ]
    page = browser.get(PAGE).content.decode()
    for shown in (
        'value="Nono"',
        'value="she/her"',
        'value="My own word"',
        'value="17:30"',
        "Two lines\nof me.",
    ):
        assert shown in page
    assert '<option value="ar" selected>Arabic</option>' in page
    browser.post(PAGE, {"name": "Noor Haddad", "pronouns_for": "me"})
    assert not noor.links.exists()
    assert not noor.usual_hours.exists()
    assert Profile.objects.get().core_values == []


def test_nobody_but_oneself_sees_pronouns_until_one_says_so() -> None:
    assert Profile().pronouns_for == Profile.PronounsFor.ME


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("name", "", "Write the name that people know you by."),
        ("name", "N" * 121, "at most 120 characters"),
        ("preferred_name", "N" * 61, "at most 60 characters"),
        ("pronouns", "p" * 41, "at most 40 characters"),
        ("pronouns_for", "the world", "Select a valid choice"),
        ("headline", "h" * 121, "at most 120 characters"),
        ("about", "a" * 2001, "at most 2000 characters"),
        ("help_with", "h" * 1001, "at most 1000 characters"),
        ("about", "a\0b", "Null characters are not allowed."),
        ("language_2", "tlh", "Select a valid choice"),
        ("value_3", "v" * 41, "at most 40 characters"),
        ("value_5", "PATIENCE", "You have this one already."),
        ("link_2", "http://example.org/", "begins with https://"),
        ("link_2", "javascript:alert(1)", "begins with https://"),
        ("link_2", "javascript://example.org/%0aalert(1)", "begins with https://"),
        ("link_2", "data:text/html,x", "begins with https://"),
        ("link_2", "https://", "begins with https://"),
        ("link_2", "https://bank.example@evil.example/", "begins with https://"),
        ("link_2", "no address at all", "begins with https://"),
        ("link_2", "https://example.org/" + "a" * 300, "at most 300 characters"),
        ("label_2", "l" * 61, "at most 60 characters"),
        ("from_1", "09:00", "Say the other end of that day too"),
        ("until_1", "09:00", "Say the other end of that day too"),
        ("from_0", "nine", "Write the time like 14:30."),
        ("from_0", "09:10", "Choose a full or a half hour"),
        ("until_0", "08:30", "Choose a time after the one before it."),
        ("until_0", "09:00", "Choose a time after the one before it."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_the_rest_stays_typed(
    noor: User, browser: Client, words: dict[str, str], name: str, value: str, says: str
) -> None:
    response = browser.post(PAGE, words | {name: value})
    page = response.content.decode()
    assert response.status_code == 200
    assert "<title>Error: Your profile" in page
    assert says in page
    if name not in ("from_1", "until_1"):
        assert f'id="id_{name}_error"' in page
    assert 'value="Bridges, and who crosses them"' in page or name == "headline"
    assert 'value="https://example.org/noor?a=1&amp;b=2"' in page
    assert not Profile.objects.exists()
    assert "Noor’s menu" in page


def test_a_label_without_an_address_asks_for_the_address(browser: Client) -> None:
    page = browser.post(PAGE, {"name": "Noor", "pronouns_for": "me", "label_1": "My page"}).content.decode()
    assert 'id="id_link_1_error"' in page


def test_a_preview_shows_it_all_and_keeps_nothing(noor: User, browser: Client, words: dict[str, str]) -> None:
    before = tables.prints()
    page = browser.post(PAGE, words | {"preview": "1", "about": "<b>me</b>"}).content.decode()
    assert tables.prints() == before
    seen = page.split('id="as-seen"')[1].split("</section>")[0]
    for shown in (
        "Goes by Nono",
        "she/her",
        "Bridges, and who crosses them",
        "&lt;b&gt;me&lt;/b&gt;",
        "Saying no early.",
        "Patience",
        "Portuguese, Arabic",
        "Monday, 09:00 to 17:30",
        "Sunday, 22:00 to 00:00",
        'rel="noopener noreferrer nofollow">My page</a>',
        "Those who run your programs do not see your pronouns.",
    ):
        assert shown in seen, shown
    # And the form below it holds everything, to be kept by one more button.
    assert 'value="  My   own word "' in page
    assert "Noor’s menu" in page


def test_a_preview_leaves_out_pronouns_for_oneself(browser: Client, words: dict[str, str]) -> None:
    page = browser.post(PAGE, words | {"preview": "1", "pronouns_for": "me"}).content.decode()
    seen = page.split('id="as-seen"')[1].split("</section>")[0]
    assert "she/her" not in seen
    assert "Your pronouns are for only you" in seen


def test_what_cannot_be_kept_is_not_previewed(browser: Client, words: dict[str, str]) -> None:
    assert 'id="as-seen"' not in browser.post(PAGE, words | {"preview": "1", "name": ""}).content.decode()


def test_a_profile_without_a_word_is_a_profile(browser: Client) -> None:
    response = browser.post(PAGE, {"name": "Noor Haddad", "pronouns_for": "me", "preview": "1"})
    assert "Noor has not written anything here yet." in response.content.decode()


def test_looking_at_the_page_takes_few_queries(
    noor: User, browser: Client, words: dict[str, str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser.post(PAGE, words)
    browser.get(PAGE)
    with django_assert_num_queries(9):  # of which two are the transaction’s, and four the profile’s
        browser.get(PAGE)


# --- What the database refuses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (lambda p: Link(person=p, position=1, url="javascript:alert(1)"), "link_leads_to_a_web_page"),
        (lambda p: Link(person=p, position=1, url="http://example.org"), "link_leads_to_a_web_page"),
        (lambda p: Link(person=p, position=6, url="https://example.org"), "link_is_one_of_five"),
        (lambda p: UsualHours(person=p, weekday=7, begins=1, ends=2), "usual_hours_on_a_weekday"),
        (lambda p: UsualHours(person=p, weekday=0, begins=2, ends=2), "usual_hours_within_a_day"),
        (lambda p: UsualHours(person=p, weekday=0, begins=2, ends=49), "usual_hours_within_a_day"),
        (lambda p: Profile(person=p, core_values=list("abcdef")), "profile_has_few_values"),
        (lambda p: Profile(person=p, languages=list("abcdef")), "profile_has_few_languages"),
        (lambda p: Profile(person=p, pronouns_for="all"), "profile_readers_are_known"),
    ],
)
def test_the_database_refuses_what_no_page_sends(noor: User, row: object, name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        row(noor).save(force_insert=True)  # type: ignore[operator]


# --- Hours and languages in words ----------------------------------------------------------------------------------


def week(*days: int, begins: int = 18, ends: int = 34) -> list[UsualHours]:
    return [UsualHours(weekday=day, begins=begins, ends=ends) for day in days]


@pytest.mark.parametrize(
    ("rows", "zone", "reader", "lines"),
    [
        ([], LISBON, LISBON, []),
        (week(2), LISBON, LISBON, ["Wednesday, 09:00 to 17:00"]),
        (week(0, 1), LISBON, LISBON, ["Monday and Tuesday, 09:00 to 17:00"]),
        (week(0, 1, 2, 3, 4), LISBON, LISBON, ["Monday to Friday, 09:00 to 17:00"]),
        (
            [*week(0, 1, 2), *week(3, begins=20), *week(5)],
            LISBON,
            LISBON,
            ["Monday to Wednesday, 09:00 to 17:00", "Thursday, 10:00 to 17:00", "Saturday, 09:00 to 17:00"],
        ),
        (week(0, 1, 2, 3, 4), LISBON, HALIFAX, ["Monday to Friday, 05:00 to 13:00"]),
        (week(0, 1), LISBON, TOKYO, ["Monday and Tuesday, 17:00 to 01:00 on the next day"]),
        # On the other side of the week's end.
        (week(6, begins=40, ends=48), HALIFAX, TOKYO, ["Monday, 08:00 to 12:00"]),
        (week(0, begins=0, ends=4), TOKYO, HALIFAX, ["Sunday, 12:00 to 14:00"]),
        (week(0, begins=0, ends=48), LISBON, LISBON, ["Monday, 00:00 to 00:00"]),
    ],
)
def test_hours_are_said_by_the_readers_clock(
    rows: list[UsualHours], zone: ZoneInfo, reader: ZoneInfo, lines: list[str]
) -> None:
    with translation.override("en-us"):
        assert hours.in_words(hours.on_clock(rows, zone, reader, NOW)) == lines


def test_hours_follow_the_clocks_of_the_week_in_which_one_looks() -> None:
    """For three weeks in March, Halifax has summer time and Lisbon has not."""
    march = datetime(2026, 3, 12, 12, tzinfo=UTC)
    assert hours.on_clock(week(0), LISBON, HALIFAX, march) == [Stretch(0, time(6), time(14))]
    assert hours.on_clock(week(0), LISBON, HALIFAX, NOW) == [Stretch(0, time(5), time(13))]


@given(
    weekday=st.integers(0, 6),
    begins=st.integers(0, 47),
    length=st.integers(1, 48),
    days=st.integers(0, 2000),
)
def test_by_the_same_clock_hours_stay_as_they_were_said(
    weekday: int, begins: int, length: int, days: int
) -> None:
    when = NOW + timedelta(days=days)
    row = UsualHours(weekday=weekday, begins=begins, ends=min(begins + length, 48))
    [stretch] = hours.on_clock([row], TOKYO, TOKYO, when)
    assert stretch == Stretch(weekday, row.begins_at, row.ends_at)
    assert not stretch.goes_past_midnight


def test_languages_are_named_in_the_readers_language() -> None:
    with translation.override("de"):
        assert languages.names_of(["de", "pt", "zh", "xx"]) == [
            "Deutsch",
            "Portugiesisch",
            "Chinesisch",
            "xx",
        ]
    with translation.override("en-us"):
        names = [name for _code, name in languages.choices()]
    assert names == sorted(names, key=str.casefold)
    assert len(names) == len(set(names)) > 90
    assert {code.split("-")[0] for code, _name in settings.LANGUAGES} <= languages.CODES


def test_a_half_hour_before_midnight_and_its_end() -> None:
    row = UsualHours.between(3, time(23, 30), time(0))
    assert (row.begins, row.ends) == (47, 48)
    assert timedelta(hours=row.ends / 2) == timedelta(days=1)
