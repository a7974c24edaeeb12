"""How somebody says what it is with a silent pair: by the link of the e-mail, and on the page of the pair."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.mail import letters
from accounts.mail.kinds import Unrenderable
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions, one_tap
from mentoring.actions import Refused
from mentoring.models import Goal, Pairing, Program, Silence
from mentoring.room.due import due
from tests.conftest import NOW, signed_in
from tests.mentoring.test_races import at_once

from .conftest import DAY, live, tick


def question(person: User) -> Silence:
    return Silence.objects.filter(person=person).latest("asked_at")


def link(person: User) -> str:
    return reverse(
        "pairings:silence_answer", args=[one_tap.token_for(one_tap.SILENCE, question(person).pk, person.pk)]
    )


def fresh(pairing: Pairing) -> Pairing:
    pairing.refresh_from_db()
    return pairing


@pytest.fixture
def asked(quiet: Pairing) -> Pairing:
    tick()
    return quiet


# --- By the link


def test_the_e_mail_names_the_other_one_and_days_and_holds_the_link_in_both_parts(
    asked: Pairing, mentor: User
) -> None:
    email = letters.compose(Message.objects.get(person=mentor, kind="silence"))
    assert email.subject == "Noor, are you and Tomasz in touch?"
    for part in (str(email.body), str(email.alternatives[0][0])):
        assert link(mentor) in part
        assert "since Tuesday, June 2, 2026" in part
        assert "Zielinski" not in part
        assert "clients and pricing" not in part


def test_the_last_e_mail_says_on_which_day_it_closes(asked: Pairing, mentor: User) -> None:
    live(24, 69)
    email = letters.compose(Message.objects.filter(person=mentor, kind="silence").latest("pk"))
    assert email.subject == "Noor, your pairing with Tomasz is about to close"
    assert "closes on Monday, September 7, 2026" in str(email.body)
    live(75)
    assert fresh(asked).status == "active"
    live(76)
    assert (asked.status, fresh(asked).status, str(asked.ended_on)) == ("active", "ended", "2026-09-07")


def test_the_e_mail_is_not_written_once_something_was_heard(asked: Pairing, mentor: User) -> None:
    message = Message.objects.get(person=mentor, kind="silence")
    Goal.objects.create(pairing=asked, author=mentor, text="x", created_at=NOW + DAY)
    with pytest.raises(Unrenderable):
        letters.compose(message)


def test_looking_changes_nothing_and_says_no_more_than_the_e_mail(asked: Pairing, mentor: User) -> None:
    client = Client()
    for _scanner in range(3):
        response = client.get(link(mentor))
        assert client.head(link(mentor)).status_code == 200
    page = response.content.decode()
    assert "Are you and Tomasz in touch?" in page
    for private in ("Zielinski", "tomasz@", "noor@", "Haddad", "clients and pricing"):
        assert private not in page
    assert question(mentor).answer == ""
    assert response["Referrer-Policy"] == "strict-origin"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


def test_one_press_says_that_they_are_in_touch_for_both(asked: Pairing, mentor: User, mentee: User) -> None:
    client = Client()
    page = client.post(link(mentor), {"do": "in_touch"}, follow=True).content.decode()
    assert "You are in touch, and are not asked for a while." in page
    assert "_auth_user_id" not in client.session
    assert (question(mentor).answer, question(mentor).answered_at) == ("in_touch", NOW)
    assert fresh(asked).status == "active"
    # Said a moment later than it was asked: the other one has nothing to answer then.
    Silence.objects.filter(person=mentor).update(answered_at=NOW + DAY)
    page = client.get(link(mentee)).content.decode()
    assert "There is nothing to answer any more" in page


def test_one_press_lets_it_rest_for_six_weeks(asked: Pairing, mentor: User) -> None:
    page = Client().post(link(mentor), {"do": "pause"}, follow=True).content.decode()
    assert "Until Tuesday, August 4, 2026 nothing is asked of you and Tomasz." in page
    assert (fresh(asked).status, str(asked.paused_until)) == ("paused", "2026-08-04")
    live(*range(1, 90, 7))
    assert Silence.objects.count() == 2


def test_it_rests_no_longer_than_it_runs(asked: Pairing, mentor: User) -> None:
    Pairing.objects.update(runs_until=NOW.date() + 10 * DAY)
    actions.answer_silence(question(mentor), by=mentor, answer="pause", now=NOW)
    assert fresh(asked).paused_until == NOW.date() + 10 * DAY


def test_it_can_be_ended_and_says_so(asked: Pairing, mentor: User, mentee: User) -> None:
    page = Client().post(link(mentor), {"do": "end"}, follow=True).content.decode()
    assert "Your pairing with Tomasz ended on Tuesday, June 23, 2026." in page
    assert (fresh(asked).status, asked.ended_on) == ("ended", NOW.date())
    page = Client().post(link(mentee), {"do": "in_touch"}, follow=True).content.decode()
    assert "ended on" in page
    assert question(mentee).answer == ""


@pytest.mark.parametrize("do", [{}, {"do": "perhaps"}])
def test_no_answer_is_none(asked: Pairing, mentor: User, do: dict[str, str]) -> None:
    page = Client().post(link(mentor), do)
    assert page.status_code == 200
    assert "Choose one of the three." in page.content.decode()
    assert question(mentor).answer == ""


def test_somebody_else_who_is_signed_in_answers_nothing(asked: Pairing, mentor: User, mentee: User) -> None:
    page = signed_in(mentee).post(link(mentor), {"do": "end"}).content.decode()
    assert "This link is for Noor" in page
    assert fresh(asked).status == "active"


def test_a_form_from_elsewhere_is_not_taken(asked: Pairing, mentor: User) -> None:
    assert Client(enforce_csrf_checks=True).post(link(mentor), {"do": "end"}).status_code == 403


def test_an_old_link_answers_nothing(asked: Pairing, mentor: User) -> None:
    address = link(mentor)
    with time_machine.travel(NOW + 61 * DAY, tick=False):
        page = Client().post(address, {"do": "end"}).content.decode()
    assert "This link is too old to answer with" in page
    assert fresh(asked).status == "active"


def test_unknown_links_are_counted_and_links_of_another_kind_open_nothing(
    asked: Pairing, mentor: User
) -> None:
    other = one_tap.token_for(one_tap.MUTE, question(mentor).pk, mentor.pk)
    client = Client()
    assert client.get(reverse("pairings:silence_answer", args=[other])).status_code == 404
    for _guess in range(59):
        client.get(reverse("pairings:silence_answer", args=["nonsense"]))
    assert client.get(reverse("pairings:silence_answer", args=["nonsense"])).status_code == 429
    assert client.get(link(mentor)).status_code == 429


def test_the_link_of_a_closed_account_opens_nothing(asked: Pairing, mentor: User) -> None:
    address = link(mentor)
    User.objects.filter(pk=mentor.pk).update(is_active=False)
    assert Client().get(address).status_code == 410


# --- On the page of the pair


def test_the_question_waits_on_the_pairs_page_and_is_answered_there(asked: Pairing, mentor: User) -> None:
    waits = due(asked, mentor, NOW)[0]
    assert waits.url == reverse("pairings:silence", args=[asked.pk])
    client = signed_in(mentor)
    page = client.get(waits.url).content.decode()
    assert "Nothing new has come from either of you here since Tuesday, June 2, 2026." in page
    assert question(mentor).answer == ""
    response = client.post(waits.url, {"do": "in_touch"}, follow=True)
    assert response.redirect_chain == [(reverse("pairings:detail", args=[asked.pk]), 302)]
    assert "You are not asked for a while." in response.content.decode()
    assert waits not in due(asked, mentor, NOW)
    assert client.get(waits.url).status_code == 302


def test_a_wrong_answer_is_answered_by_the_page(asked: Pairing, mentor: User) -> None:
    page = signed_in(mentor).post(reverse("pairings:silence", args=[asked.pk]), {"do": "later"})
    assert page.status_code == 200
    assert "Choose one of the three." in page.content.decode()


def test_nobody_else_finds_the_question(
    asked: Pairing, outsider: User, member: User, admin: User, superuser: User
) -> None:
    for person in (outsider, member, admin, superuser):
        assert signed_in(person).get(reverse("pairings:silence", args=[asked.pk])).status_code == 404


def test_one_does_not_answer_for_the_other(asked: Pairing, mentor: User, mentee: User) -> None:
    with pytest.raises(Refused):
        actions.answer_silence(question(mentee), by=mentor, answer="end", now=NOW)
    assert fresh(asked).status == "active"


def test_what_was_heard_since_ends_the_question(asked: Pairing, mentor: User) -> None:
    Goal.objects.create(pairing=asked, author=mentor, text="x", created_at=NOW + DAY)
    with pytest.raises(Refused):
        actions.answer_silence(question(mentor), by=mentor, answer="end", now=NOW + DAY)
    silence = reverse("pairings:silence", args=[asked.pk])
    assert silence not in {each.url for each in due(asked, mentor, NOW + DAY)}


# --- At one moment


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_the_clock_at_one_moment_leave_one_truth(quiet: Pairing, mentor: User) -> None:
    live(0, 24, 69)
    closing = NOW + 76 * DAY
    mine = question(mentor)
    ends = at_once(
        [
            lambda: actions.close_silent_pairs(closing),
            lambda: actions.answer_silence(mine, by=mentor, answer="in_touch", now=closing),
        ]
    )
    mine.refresh_from_db()
    if fresh(quiet).status == "ended":
        assert mine.answer == ""
        assert ends == ["done", "refused: This question is no longer open."]
    else:
        assert (quiet.status, mine.answer, ends) == ("active", "in_touch", ["done", "done"])


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_one_moment_ask_each_once(quiet: Pairing) -> None:
    assert at_once([lambda: actions.ask_silent_pairs(NOW)] * 3) == ["done"] * 3
    assert Silence.objects.count() == 2
    assert Message.objects.filter(kind="silence").count() == 2


# --- On the last day


@pytest.mark.parametrize("by", ["pairing", "program"])
def test_on_the_last_day_nobody_is_offered_a_rest(asked: Pairing, mentor: User, by: str) -> None:
    if by == "pairing":
        Pairing.objects.update(runs_until=NOW.date())
    else:
        Program.objects.update(ends_on=NOW.date())
    for client, where in (
        (Client(), link(mentor)),
        (signed_in(mentor), reverse("pairings:silence", args=[asked.pk])),
    ):
        page = client.get(where).content.decode()
        assert 'value="in_touch"' in page
        assert 'value="pause"' not in page
        assert "ends too soon to rest" in client.post(where, {"do": "pause"}).content.decode()
    assert fresh(asked).status == Pairing.Status.ACTIVE
    assert question(mentor).answer == ""
