"""On the settings page: a snooze until a date, calm hours, and what cannot be switched off, with the reason."""

from datetime import date, datetime, time
from html import unescape

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.mail import kinds
from accounts.mail.kinds import Kind
from accounts.mail.models import Message
from accounts.models import User
from tests.accounts.mail.conftest import TEA_NOTE, owed, write
from tests.conftest import NOW, make_person, signed_in

pytestmark = pytest.mark.django_db

PAGE, END = "/settings/", "/settings/snooze/end/"
ANSWERS = {
    "time_zone": "Europe/Lisbon",
    "language": "en-us",
    "coffee_weekday": "1",
    "coffee_time": "07:30:00",
    "streams": [stream.name for stream in kinds.streams()],
}


@pytest.fixture
def noor() -> User:
    return make_person("noor@harbor.example", "Noor Haddad")


@pytest.fixture
def browser(noor: User) -> Client:
    return signed_in(noor)


def page_of(browser: Client) -> str:
    return unescape(browser.get(PAGE).content.decode())


@pytest.fixture(autouse=True)
def now() -> object:
    with time_machine.travel(NOW, tick=False):
        yield NOW


def test_a_snooze_is_kept_shown_on_top_and_ended_by_a_button(noor: User, browser: Client) -> None:
    assert browser.post(PAGE, ANSWERS | {"snoozed_until": "2026-07-01"}).status_code == 302
    noor.refresh_from_db()
    assert noor.snoozed_until == date(2026, 7, 1)
    page = page_of(browser)
    assert "No e-mail that you can switch off before Wednesday, July 1, 2026." in page
    assert 'value="2026-07-01"' in page
    # Keeping the page again does not end it, nor does looking at the button's address.
    browser.post(PAGE, ANSWERS | {"snoozed_until": "2026-07-01"})
    assert browser.get(END).status_code == 405
    noor.refresh_from_db()
    assert noor.snoozed_until == date(2026, 7, 1)
    browser.post(END)
    noor.refresh_from_db()
    assert noor.snoozed_until is None
    assert "Write to me again" not in page_of(browser)


def test_a_snooze_that_is_over_is_not_on_the_page(noor: User, browser: Client) -> None:
    User.objects.update(snoozed_until=date(2026, 6, 23))
    page = page_of(browser)
    assert "Write to me again" not in page
    assert "2026-06-23" not in page
    assert browser.post(PAGE, ANSWERS).status_code == 302


def test_a_snooze_ends_where_its_person_lives(noor: User, browser: Client) -> None:
    noor.snoozed_until, noor.time_zone = date(2026, 6, 24), "Pacific/Kiritimati"
    assert noor.is_snoozed(NOW) is False
    noor.time_zone = "America/Los_Angeles"
    assert noor.is_snoozed(NOW) is True


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2026-06-23", "Choose a day that is still to come."),
        ("2020-01-01", "Choose a day that is still to come."),
        ("2027-06-25", "Choose a day within a year."),
        ("9999-12-31", "Choose a day within a year."),
        ("whenever", "Write the day like 2026-06-23."),
    ],
)
def test_a_day_that_cannot_be_is_said_beside_its_field(
    noor: User, browser: Client, day: str, says: str
) -> None:
    page = browser.post(PAGE, ANSWERS | {"snoozed_until": day, "calm_from": "22:00:00"}).content.decode()
    assert 'id="id_snoozed_until_error"' in page
    assert says in page
    assert f'value="{day}"' in page
    assert '<option value="22:00:00" selected>' in page
    noor.refresh_from_db()
    assert (noor.snoozed_until, noor.calm_from) == (None, None)


@pytest.mark.parametrize(
    ("begins", "ends", "kept"),
    [
        ("20:00:00", "07:00:00", (time(20), time(7))),
        ("12:00:00", "13:30:00", (time(12), time(13, 30))),
        ("", "", (None, None)),
        ("08:00:00", "08:00:00", (None, None)),
    ],
)
def test_calm_hours_are_kept_and_equal_ends_are_none(
    noor: User, browser: Client, begins: str, ends: str, kept: tuple[time | None, time | None]
) -> None:
    assert browser.post(PAGE, ANSWERS | {"calm_from": begins, "calm_until": ends}).status_code == 302
    noor.refresh_from_db()
    assert (noor.calm_from, noor.calm_until) == kept


@pytest.mark.parametrize(("there", "missing"), [("calm_from", "calm_until"), ("calm_until", "calm_from")])
def test_one_end_of_the_calm_hours_asks_for_the_other(browser: Client, there: str, missing: str) -> None:
    page = browser.post(PAGE, ANSWERS | {there: "20:00:00"}).content.decode()
    assert f'id="id_{missing}_error"' in page
    assert f'id="id_{there}_error"' not in page


def test_calm_hours_of_another_step_are_not_lost(noor: User, browser: Client) -> None:
    User.objects.update(calm_from=time(20, 15), calm_until=time(7))
    assert '<option value="20:15:00" selected>20:15</option>' in page_of(browser)


def test_what_waited_for_the_old_settings_is_looked_at_again(
    noor: User, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kinds._kinds, TEA_NOTE.name, TEA_NOTE)
    later = datetime(2026, 12, 24, tzinfo=NOW.tzinfo)
    waits = owed(noor, 1, next_attempt_at=later, last_error="calm hours")
    tried = owed(noor, 2, next_attempt_at=later, last_error="rcpt: not now", attempts=1)
    browser.post(PAGE, ANSWERS)
    at = {row.pk: row.next_attempt_at for row in Message.objects.all()}
    assert at[waits.pk] < later
    assert at[tried.pk] == later


def test_what_cannot_be_switched_off_says_why(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    asked = kinds.Always("What you asked for", "You asked for it.")
    kinds.register(Kind("ready", None, "Your tea is ready", write, always=asked))
    kinds.register(Kind("cake", None, "Your cake is ready", write, always=asked))
    kinds.register(Kind("plain", None, "Something else", write))
    page = page_of(browser)
    always = page.split("What always comes")[1]
    for said in (
        "Codes for signing in",
        "You have just asked for them.",
        "Notices about your account’s security",
        "if it was not you, you must hear of it.",
        "What you asked for",
        "You asked for it.",
        "Something else",
        "only yours to decide",
    ):
        assert always.count(said) == 1, said


def test_whoever_is_signed_out_ends_no_snooze(noor: User) -> None:
    User.objects.update(snoozed_until=date(2026, 7, 1))
    assert signed_in(None).post(END).status_code == 302
    noor.refresh_from_db()
    assert noor.snoozed_until == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(time(20), None), (None, time(7)), (time(7), time(7))],
    ids=["no end", "no start", "none"],
)
def test_calm_hours_have_two_ends(noor: User, begins: time | None, ends: time | None) -> None:
    with pytest.raises(IntegrityError, match="user_calm_hours_begin_and_end"), transaction.atomic():
        User.objects.filter(pk=noor.pk).update(calm_from=begins, calm_until=ends)
