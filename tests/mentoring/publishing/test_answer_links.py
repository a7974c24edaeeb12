"""The link in an e-mail by which somebody answers without signing in."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse

from accounts.mail import letters
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions, answer_links
from mentoring.emails import PROPOSED
from mentoring.models import Enrollment, Pairing, Program
from tests.conftest import NOW, TODAY, forget_tries, pair, signed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def asked(program: Program, mentor: User, mentee: User, admin: User) -> Pairing:
    return actions.create_pairing(
        program, mentor, mentee, by=admin, starts_on=TODAY, approval="both", now=NOW
    )


@pytest.fixture(autouse=True)
def today() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def link(pairing: Pairing, person: User) -> str:
    return reverse("pairings:answer", args=[answer_links.token_for(pairing, person)])


def status(pairing: Pairing) -> str:
    pairing.refresh_from_db()
    return pairing.status


def test_the_e_mail_holds_the_link_in_both_parts(asked: Pairing, mentor: User) -> None:
    email = letters.compose(Message.objects.get(person=mentor, kind=PROPOSED))
    address = "/pairings/answer/"
    text, html = str(email.body), str(email.alternatives[0][0])
    assert address in text
    assert address in html
    token = text.split(address)[1].split("/")[0]
    assert answer_links.read(token) == (asked.pk, mentor.pk, False)
    assert token not in str(email.subject)


def test_looking_shows_who_asks_and_changes_nothing(asked: Pairing, mentor: User) -> None:
    client = Client()
    for _scanner in range(3):
        response = client.get(link(asked, mentor))
        assert client.head(link(asked, mentor)).status_code == 200
    page = response.content.decode()
    assert response.status_code == 200
    assert "Would you like to mentor Tomasz?" in page
    assert "Harbor Mentors" in page
    for private in ("Zielinski", "tomasz@", "noor@", "Haddad"):
        assert private not in page
    assert status(asked) == "proposed"
    assert asked.mentor_accepted_at is None
    assert response["Cache-Control"].count("no-store") == 1
    assert response["Referrer-Policy"] == "strict-origin"
    assert response["X-Robots-Tag"] == "noindex"


def test_two_yeses_by_two_links_make_a_pair_and_sign_nobody_in(
    asked: Pairing, mentor: User, mentee: User
) -> None:
    client = Client()
    response = client.post(link(asked, mentor), {"do": "yes"}, follow=True)
    assert "You said yes" in response.content.decode()
    assert status(asked) == "proposed"
    response = Client().post(link(asked, mentee), {"do": "yes"}, follow=True)
    assert "the two of you became a pair" in response.content.decode()
    assert status(asked) == "active"
    assert Message.objects.filter(kind="pairing_made").count() == 2
    assert "_auth_user_id" not in client.session
    assert client.get(reverse("pairings:detail", args=[asked.pk])).status_code == 302


def test_a_no_by_the_link_is_a_no(asked: Pairing, mentee: User) -> None:
    response = Client().post(link(asked, mentee), {"do": "no"}, follow=True)
    page = response.content.decode()
    assert "You said no. That is all it takes." in page
    assert "This question is no longer open" in page
    assert status(asked) == "declined"


@pytest.mark.parametrize("do", [{}, {"do": "perhaps"}])
def test_neither_yes_nor_no_is_no_answer(asked: Pairing, mentor: User, do: dict[str, str]) -> None:
    assert Client().post(link(asked, mentor), do).status_code == 200
    assert status(asked) == "proposed"


def test_a_form_from_elsewhere_is_not_taken(asked: Pairing, mentor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(link(asked, mentor), {"do": "yes"}).status_code == 403
    assert status(asked) == "proposed"


def test_a_used_link_says_so_and_leads_to_sign_in(asked: Pairing, mentor: User, mentee: User) -> None:
    actions.accept_pairing(asked, by=mentor, now=NOW)
    page = Client().get(link(asked, mentor)).content.decode()
    assert "You said yes" in page
    assert f'href="/pairings/{asked.pk}/"' in page
    assert "Sign in" in page
    actions.decline_pairing(asked, by=mentee, now=NOW)
    page = Client().post(link(asked, mentor), {"do": "yes"}).content.decode()
    assert "This question is no longer open" in page
    assert "Tomasz" not in page
    assert status(asked) == "declined"


@pytest.mark.parametrize("after", [14 * DAY, 15 * DAY])
def test_a_late_link_says_so_and_does_nothing(
    asked: Pairing, mentor: User, today: time_machine.Traveller, after: timedelta
) -> None:
    address = link(asked, mentor)
    today.move_to(NOW + after)
    for response in (Client().get(address), Client().post(address, {"do": "yes"})):
        assert "This link is too old to answer with" in response.content.decode()
    asked.refresh_from_db()
    assert asked.mentor_accepted_at is None


def test_an_old_link_stays_late_when_the_question_is_open_for_longer(
    asked: Pairing, mentor: User, today: time_machine.Traveller
) -> None:
    address = link(asked, mentor)
    Pairing.objects.filter(pk=asked.pk).update(answer_by=NOW + 30 * DAY)
    today.move_to(NOW + 15 * DAY)
    assert "too old" in Client().get(address).content.decode()
    assert "Would you like" in Client().get(link(asked, mentor)).content.decode()


def test_somebody_else_who_is_signed_in_sees_whose_link_it_is_and_answers_nothing(
    asked: Pairing, mentor: User, outsider: User
) -> None:
    client = signed_in(outsider)
    for response in (client.get(link(asked, mentor)), client.post(link(asked, mentor), {"do": "yes"})):
        page = response.content.decode()
        assert "This link is for Noor" in page
        assert "Tomasz" not in page
    asked.refresh_from_db()
    assert asked.mentor_accepted_at is None


def test_whose_link_it_is_may_be_signed_in(asked: Pairing, mentor: User) -> None:
    signed_in(mentor).post(link(asked, mentor), {"do": "yes"})
    asked.refresh_from_db()
    assert asked.mentor_accepted_at is not None


def test_a_link_that_we_did_not_make_opens_nothing(asked: Pairing, mentor: User) -> None:
    good = answer_links.token_for(asked, mentor)
    other_salt = signing.dumps([asked.pk, mentor.pk], salt="another thing")
    for token in (good[:-1], good + "A", "x" + good, "nonsense", other_salt, "ü:ö:ä"):
        response = Client().get(reverse("pairings:answer", args=[token]))
        assert response.status_code == 404
        assert "try the whole link once more" in response.content.decode()


def test_whoever_is_neither_of_the_two_any_more_answers_nothing(
    asked: Pairing, mentor: User, outsider: User
) -> None:
    strange = link(asked, outsider)
    assert Client().post(strange, {"do": "yes"}).status_code == 410
    address = link(asked, mentor)
    User.objects.filter(pk=mentor.pk).update(is_active=False)
    assert Client().post(address, {"do": "yes"}).status_code == 410
    asked.delete()
    assert Client().get(address).status_code == 410


def test_guessing_is_limited_and_right_links_do_not_count(
    asked: Pairing, mentor: User, settings: object
) -> None:
    client = Client()
    for _try in range(70):
        assert client.get(link(asked, mentor)).status_code == 200
    answers = [
        client.get(reverse("pairings:answer", args=[f"guess{number}"])).status_code for number in range(61)
    ]
    assert answers == [404] * 60 + [429]
    # Whether a link is right cannot be found out then.
    assert client.get(link(asked, mentor)).status_code == 429
    forget_tries(settings)  # type: ignore[arg-type]
    assert client.get(link(asked, mentor)).status_code == 200


def test_what_cannot_be_any_more_is_said_on_the_page(
    asked: Pairing, program: Program, mentor: User, mentee: User, member: User
) -> None:
    Enrollment.objects.filter(person=member).update(role="mentor")
    pair(program, member, mentee)
    response = Client().post(link(asked, mentor), {"do": "yes"})
    assert response.status_code == 200
    page = response.content.decode()
    assert "this program allows one at a time" in page
    assert "Would you like to mentor Tomasz?" in page


def test_a_request_is_answered_by_the_same_link(program: Program, mentor: User, mentee: User) -> None:
    Program.objects.filter(pk=program.pk).update(matched_by="both")
    program.refresh_from_db()
    request = actions.ask_mentor(program, mentor, by=mentee, note="a-note-for-noor-alone", now=NOW)
    assert request.pairing is not None
    address = link(request.pairing, mentor)
    assert "a-note-for-noor-alone" not in Client().get(address).content.decode()
    Client().post(address, {"do": "yes"})
    assert status(request.pairing) == "active"


@pytest.mark.parametrize("way", ["link", "page"])
@pytest.mark.parametrize(
    ("gone", "words"),
    [
        ("closed", "This program is closed."),
        ("archived", "This program is closed."),
        ("paused place", "Noor is not active in this program now."),
        ("other role", "Tomasz is in this program as mentor."),
    ],
)
def test_nothing_begins_of_a_proposal_where_nothing_may(
    asked: Pairing, program: Program, mentor: User, mentee: User, gone: str, words: str, way: str
) -> None:
    actions.accept_pairing(asked, by=mentor, now=NOW)
    if gone == "paused place":
        Enrollment.objects.filter(person=mentor).update(status="paused")
    elif gone == "other role":
        Enrollment.objects.filter(person=mentee).update(role="mentor")
    else:
        Program.objects.filter(pk=program.pk).update(status=gone)
    if way == "link":
        said = Client().post(link(asked, mentee), {"do": "yes"})
    else:
        said = signed_in(mentee).post(reverse("pairings:accept", args=[asked.pk]), follow=True)
    assert said.status_code == 200
    assert words in said.content.decode()
    assert status(asked) == "proposed"
    # A no may still be said.
    Client().post(link(asked, mentee), {"do": "no"})
    assert status(asked) == "declined"
