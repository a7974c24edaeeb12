"""The e-mails about proposed times, and the link by which one of them is taken without signing in."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse

from accounts.mail import letters
from accounts.models import User
from mentoring import actions, times_links
from mentoring.models import Meeting, MeetingProposal, Pairing
from mentoring.times_emails import NONE_SUITS, PROPOSED
from tests.conftest import NOW, signed_in
from tests.mentoring.test_emails import body, message_to, wanted

from .conftest import DAY, FRIDAY, THURSDAY, plan, propose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def link(proposal: MeetingProposal, person: User) -> str:
    return reverse("pairings:times_answer", args=[times_links.token_for(proposal, person)])


def shown(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


# --- The e-mails


def test_it_names_the_times_on_both_clocks_and_nothing_that_was_written(
    proposal: MeetingProposal, mentee: User
) -> None:
    subject, text, html = body(message_to(mentee, PROPOSED))
    assert subject == "Tomasz, which of these times would suit you to meet with Noor?"
    for said in (text, html):
        said = " ".join(said.split())
        assert "Thursday, July 2, 17:00 to 18:00 in Warsaw (16:00 to 17:00 for Noor in Lisbon)" in said
        assert "Friday, July 3, 17:00 to 18:00 in Warsaw" in said
        assert "/pairings/times/" in said
        assert "Café Lux" not in said
        assert "clients and pricing" not in said


def test_it_says_which_meeting_is_to_be_moved(pairing: Pairing, mentor: User, mentee: User) -> None:
    propose(pairing, mentee, starts=[FRIDAY], moves=plan(pairing, mentor))
    subject, text, _html = body(message_to(mentor, PROPOSED))
    assert subject == "Noor, would this time suit you to meet with Tomasz?"
    assert "Tomasz would like to move your meeting of Thursday, July 2, 16:00." in " ".join(text.split())


def test_the_link_is_of_the_reader_alone(proposal: MeetingProposal, mentee: User) -> None:
    email = letters.compose(message_to(mentee, PROPOSED))
    token = str(email.body).split("/pairings/times/")[1].split("/")[0]
    assert times_links.read(token) == (proposal.pk, mentee.pk, False)
    assert token not in str(email.subject)


def test_whoever_proposed_hears_that_none_suits(
    proposal: MeetingProposal, mentor: User, mentee: User
) -> None:
    actions.none_suits(proposal, by=mentee, now=NOW)
    subject, text, _html = body(message_to(mentor, NONE_SUITS))
    assert subject == "Tomasz cannot make any of your times"
    assert f"/pairings/{proposal.pairing_id}/meetings/plan/" in text


def test_a_no_is_not_told_once_others_are_proposed(
    proposal: MeetingProposal, mentor: User, mentee: User
) -> None:
    actions.none_suits(proposal, by=mentee, now=NOW)
    message = message_to(mentor, NONE_SUITS)
    assert wanted(message)
    propose(proposal.pairing, mentee, now=NOW + timedelta(minutes=1))
    assert not wanted(message)


# --- The link


def test_looking_shows_the_times_and_changes_nothing(proposal: MeetingProposal, mentee: User) -> None:
    for _scanner in range(3):
        response = Client().get(link(proposal, mentee))
        assert Client().head(link(proposal, mentee)).status_code == 200
    text = shown(response)
    assert "Noor proposes times to meet" in text
    assert "17:00 to 18:00" in text
    assert "The times are those in Warsaw." in text
    for private in ("Café Lux", "Haddad", "Zielinski", "noor@", "tomasz@"):
        assert private not in text
    assert response["Referrer-Policy"] == "strict-origin"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    proposal.refresh_from_db()
    assert proposal.state == "open"
    assert not Meeting.objects.exists()


def test_one_tap_takes_a_time_and_signs_nobody_in(proposal: MeetingProposal, mentee: User) -> None:
    client = Client()
    time = proposal.times.earliest("starts_at")
    response = client.post(link(proposal, mentee), {"time": time.pk}, follow=True)
    assert "You meet on Thursday, July 2 at 17:00" in shown(response)
    assert Meeting.objects.get().starts_at == THURSDAY
    assert "_auth_user_id" not in client.session
    # Once more, or another one: it stays as it is.
    for each in proposal.times.all():
        assert "You meet on Thursday, July 2" in shown(client.post(link(proposal, mentee), {"time": each.pk}))
    assert Meeting.objects.count() == 1


def test_a_move_that_is_taken_by_the_link_is_shown_with_its_new_time(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    proposal = propose(pairing, mentor, starts=[FRIDAY], moves=plan(pairing, mentor))
    address = link(proposal, mentee)
    assert "It does not suit" in shown(Client().get(address))
    response = Client().post(address, {"time": str(proposal.times.get().pk)}, follow=True)
    assert "You meet on Friday, July 3 at 17:00" in shown(response)


def test_a_single_time_that_does_not_suit_is_spoken_of_as_one(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    proposal = propose(pairing, mentor, starts=[FRIDAY])
    response = Client().post(link(proposal, mentee), {"do": "none"}, follow=True)
    assert "<h1>It does not suit</h1>" in shown(response)
    subject, text, _html = body(message_to(mentor, NONE_SUITS))
    assert subject == "Tomasz cannot make the time you proposed"
    assert "The time you proposed does not suit Tomasz." in text


def test_none_of_them_by_the_link(proposal: MeetingProposal, mentee: User) -> None:
    response = Client().post(link(proposal, mentee), {"do": "none"}, follow=True)
    assert "you can propose others" in shown(response)
    proposal.refresh_from_db()
    assert proposal.state == "none_suits"


@pytest.mark.parametrize("form", [{}, {"time": "0"}, {"time": "x"}, {"time": "9" * 30}, {"do": "yes"}])
def test_what_is_no_answer_is_none(proposal: MeetingProposal, mentee: User, form: dict[str, str]) -> None:
    assert "Noor proposes times" in shown(Client().post(link(proposal, mentee), form))
    assert not Meeting.objects.exists()


def test_whoever_proposed_and_strangers_have_no_link(
    proposal: MeetingProposal, mentor: User, member: User
) -> None:
    for person in (mentor, member):
        address = link(proposal, person)
        time = proposal.times.earliest("starts_at")
        assert Client().post(address, {"time": time.pk}).status_code == 410
    assert not Meeting.objects.exists()


def test_somebody_else_who_is_signed_in_answers_nothing(
    proposal: MeetingProposal, mentee: User, member: User
) -> None:
    time = proposal.times.earliest("starts_at")
    text = shown(signed_in(member).post(link(proposal, mentee), {"time": time.pk}))
    assert "This link is for Tomasz" in text
    assert "July" not in text
    assert not Meeting.objects.exists()


def test_a_link_that_is_not_ours_is_counted_and_shut(proposal: MeetingProposal, mentee: User) -> None:
    other_salt = signing.dumps([proposal.pk, mentee.pk], salt="mentoring.answer_links")
    for token in ("nonsense", other_salt, times_links.token_for(proposal, mentee)[:-1]):
        assert Client().get(reverse("pairings:times_answer", args=[token])).status_code == 404
    client = Client()
    ends = [client.get(reverse("pairings:times_answer", args=["x"])).status_code for _try in range(60)]
    assert 429 in ends
    assert client.get(link(proposal, mentee)).status_code == 429


def test_a_form_from_elsewhere_is_not_taken(proposal: MeetingProposal, mentee: User) -> None:
    time = proposal.times.earliest("starts_at")
    client = Client(enforce_csrf_checks=True)
    assert client.post(link(proposal, mentee), {"time": time.pk}).status_code == 403
    assert not Meeting.objects.exists()


def test_a_late_link_leads_to_signing_in(
    pairing: Pairing, mentor: User, mentee: User, today: time_machine.Traveller
) -> None:
    proposal = propose(pairing, mentor, starts=[NOW + 90 * DAY])
    address = link(proposal, mentee)
    today.move_to(NOW + 61 * DAY)
    for response in (Client().get(address), Client().post(address, {"do": "none"})):
        assert "This link is too old to answer with" in shown(response)
    proposal.refresh_from_db()
    assert proposal.state == "open"


@pytest.mark.parametrize("why", ["withdrawn", "gone by", "paused", "closed account"])
def test_a_link_to_what_is_over_says_so(
    proposal: MeetingProposal, mentor: User, mentee: User, today: time_machine.Traveller, why: str
) -> None:
    address = link(proposal, mentee)
    time = proposal.times.earliest("starts_at")
    match why:
        case "withdrawn":
            actions.take_back_times(proposal, by=mentor, now=NOW)
        case "gone by":
            today.move_to(FRIDAY)
        case "paused":
            Pairing.objects.update(status="paused")
        case _:
            User.objects.filter(pk=mentee.pk).update(is_active=False)
    response = Client().post(address, {"time": time.pk})
    assert ("no longer open" in shown(response)) == (response.status_code == 200)
    assert (response.status_code == 410) == (why == "closed account")
    assert not Meeting.objects.exists()
