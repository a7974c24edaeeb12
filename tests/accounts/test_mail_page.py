"""“Mail we sent you, and why”: one's own, in plain words."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.clock import now
from accounts.mail import outbox
from accounts.mail.models import Message, Stopped
from accounts.models import User
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db
URL = "accounts:mail"


def owe(person: User, number: int = 1, kind: str = "line", **changes: object) -> Message:
    due_at = now() + timedelta(days=1)
    outbox.owe(kind, person.pk, number, due_at=due_at, expires_at=due_at + timedelta(days=7))
    rows = Message.objects.filter(person=person, kind=kind, subject_id=number)
    rows.update(**changes)
    return rows.get()


def page(person: User) -> str:
    return signed_in(person).get(reverse(URL)).content.decode()


def test_it_says_what_will_come_and_why(mentor: User) -> None:
    owe(mentor)
    html = page(mentor)
    assert "One line for later?" in html
    assert "Will come on" in html
    assert "In the middle of a quarter" in html
    assert "Stop these" in html


@pytest.mark.parametrize(
    ("state", "error", "words"),
    [
        ("sent", "", "sent"),
        ("failed", "RCPT: no such user noor@harbor.example", "did not take it"),
        ("suppressed", "stopped", "you had stopped these"),
        ("expired", "", "too late"),
        ("uncertain", "no answer after DATA", "perhaps sent"),
        ("cancelled", "in the weekly e-mail", "in your weekly e-mail"),
        ("queued", "snoozed", "since you want none before"),
        ("queued", "calm hours", "after your calm hours"),
        ("queued", "weekly e-mail", "Waits for your weekly e-mail"),
        ("queued", "one a day", "one of these a day"),
    ],
)
def test_how_it_went_is_said_in_plain_words(mentor: User, state: str, error: str, words: str) -> None:
    went = now() if state in ("sent", "uncertain") else None
    owe(mentor, state=state, last_error=error, sending_at=went, sent_at=went if state == "sent" else None)
    html = page(mentor)
    assert words in html
    assert "no such user" not in html


def test_nobody_reads_of_another_s_e_mails(mentor: User, mentee: User) -> None:
    owe(mentor)
    assert "One line for later?" not in page(mentee)


def test_what_was_taken_back_before_it_was_sent_is_not_told(mentor: User) -> None:
    owe(mentor, kind="pair_note", state="cancelled", last_error="what was said was taken back")
    assert "No e-mail yet" in page(mentor)


def test_what_was_stopped_says_so(mentor: User) -> None:
    owe(mentor)
    Stopped.objects.stop(mentor.pk, "lines")
    assert "You have stopped these." in page(mentor)


def test_past_fifty_there_are_pages_and_the_queries_stay_the_same(mentor: User) -> None:
    def asked() -> int:
        client = signed_in(mentor)
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse(URL))
        return len(seen)

    owe(mentor)
    few = asked()
    for number in range(2, 60):
        owe(mentor, number)
    assert page(mentor).count("One line for later?</h2>") == 50
    assert asked() == few


# --- Stopping right there ------------------------------------------------------------------------------------------


def say(person: User, **fields: object) -> str:
    return str(signed_in(person).post(reverse("accounts:mail_stop"), fields)["Location"])


def test_one_press_stops_that_stream_and_the_same_button_takes_it_back(mentor: User, mentee: User) -> None:
    row = owe(mentor)
    assert say(mentor, stream="lines", row=row.pk, page=1) == f"{reverse(URL)}#mail-{row.pk}"
    assert Stopped.objects.names_of(mentor.pk) == {"lines"}
    assert Stopped.objects.names_of(mentee.pk) == set()
    html = page(mentor)
    assert f'id="mail-{row.pk}"' in html
    assert "Have them again" in html
    assert "Stop these" not in html
    say(mentor, stream="lines", again="1", row=row.pk, page=3)
    assert Stopped.objects.names_of(mentor.pk) == set()
    assert "Stop these" in page(mentor)


def test_it_says_so_and_how_to_take_it_back(mentor: User) -> None:
    client = signed_in(mentor)
    reply = client.post(reverse("accounts:mail_stop"), {"stream": "lines"}, follow=True)
    assert "You get no more of these: “A line for later”." in reply.content.decode()


def test_after_the_last_page_it_leads_back_to_that_page_and_nowhere_else(mentor: User) -> None:
    assert say(mentor, stream="lines", row="5", page="2") == f"{reverse(URL)}?page=2#mail-5"
    assert say(mentor, stream="lines", row="//x.example", page="2&next=x") == reverse(URL)


def test_what_is_no_stream_stops_nothing_and_a_look_stops_nothing(mentor: User) -> None:
    client = signed_in(mentor)
    for stream in ("", "nobody", "LINES"):
        assert client.post(reverse("accounts:mail_stop"), {"stream": stream}).status_code == 404
    assert client.get(reverse("accounts:mail_stop"), {"stream": "lines"}).status_code == 405
    assert Stopped.objects.names_of(mentor.pk) == set()


def test_what_a_dead_address_held_back_is_not_called_their_wish(mentor: User) -> None:
    owe(mentor, state="suppressed", last_error="address not working")
    html = page(mentor)
    assert "mail to your address had come back" in html
    assert "you had stopped these" not in html
