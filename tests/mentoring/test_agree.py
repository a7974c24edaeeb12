"""The pages of what a pair agrees on, and what is due at the top of the pair's own."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.mail import letters
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.agree_emails import AGREED, PROPOSED
from mentoring.models import Agreement, FeedbackWish, Meeting, Pairing, Program
from tests.conftest import NOW, enroll, make_person, pair, signed_in

from .agreeing import OFTEN, QUIET, RARELY, agreed, suggest

OFFER = "how would the two of you like to work together?"


@pytest.fixture(autouse=True)
def _on_that_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def url(pairing: Pairing, name: str = "agreement", *more: int) -> str:
    return reverse(f"pairings:{name}", args=[pairing.pk, *more])


def page(person: User, address: str) -> str:
    response = signed_in(person).get(address)
    assert response.status_code == 200
    return response.content.decode()


def begins_now(pairing: Pairing) -> None:
    Pairing.objects.filter(pk=pairing.pk).update(starts_on=NOW.date())


def send(client: Client, pairing: Pairing, seen: int = 0, **fields: str) -> str:
    data = {"seen": str(seen)} | fields
    response = client.post(url(pairing, "agreement_propose"), data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


# --- At the top of the pair's page


def test_a_new_pair_is_offered_to_agree_and_nothing_more_after_a_month(
    pairing: Pairing, mentor: User
) -> None:
    home = url(pairing, "detail")
    begins_now(pairing)
    assert OFFER in page(mentor, home)
    with time_machine.travel(NOW + timedelta(days=29), tick=True):
        assert OFFER in page(mentor, home)
    with time_machine.travel(NOW + timedelta(days=31), tick=True):
        later = page(mentor, home)
    assert OFFER not in later
    assert "What you could agree on" in later


def test_whoever_is_asked_sees_it_at_the_top_and_whoever_asked_does_not(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    suggest(pairing, mentor)
    home = url(pairing, "detail")
    assert "Noor has suggested what the two of you could agree on." in page(mentee, home)
    asked = page(mentor, home)
    assert 'id="due"' not in asked
    assert "Tomasz has not answered yet" in asked


def test_what_the_card_says_is_not_said_again_at_the_side_and_nothing_in_a_pause(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    begins_now(pairing)
    home = url(pairing, "detail")
    assert "What you could agree on" not in page(mentor, home)
    suggest(pairing, mentor)
    assert page(mentee, home).count(f'href="{url(pairing)}"') == 1
    Pairing.objects.filter(pk=pairing.pk).update(status="paused")
    said = page(mentee, home)
    assert 'id="due"' not in said
    assert "What you could agree on" in said
    Pairing.objects.filter(pk=pairing.pk).update(status="ended", ended_on=NOW.date())
    assert "could agree" not in page(mentee, home)


def test_what_is_due_is_one_thing(pairing: Pairing, mentor: User, mentee: User) -> None:
    """The question how it is going comes before an offer, and there is never a second thing beside the first."""
    begins_now(pairing)
    Meeting.objects.create(pairing=pairing, starts_at=NOW - timedelta(days=15))
    actions.ask_due_fit_checks(NOW)
    said = page(mentor, url(pairing, "detail"))
    assert said.count('id="due"') == 1
    assert "How is it going with Tomasz?" in said
    assert "Only those who run Harbor Mentors read it, never Tomasz." in said
    assert OFFER not in said


def test_nothing_is_due_while_the_two_are_asked_or_when_it_is_over(
    program: Program, mentor: User, mentee: User
) -> None:
    asked = pair(program, mentor, mentee, status="proposed", mentor_accepted_at=None, mentee_accepted_at=None)
    assert 'id="due"' not in page(mentor, url(asked, "detail"))
    over = pair(program, mentor, mentee, status="completed", starts_on=NOW.date(), ended_on=NOW.date())
    assert 'id="due"' not in page(mentor, url(over, "detail"))


def test_the_side_of_the_page_says_what_was_agreed(pairing: Pairing, mentor: User, mentee: User) -> None:
    agreed(pairing, by=mentor)
    actions.say_wish(pairing, "Early, and once", by=mentee, now=NOW)
    for person in (mentor, mentee):
        said = page(person, url(pairing, "detail"))
        for words in ("What you agreed", OFTEN, QUIET, "Early, and once", "Change it together"):
            assert words in said


# --- Suggesting


def test_a_first_suggestion_begins_with_words_of_ours(pairing: Pairing, mentor: User) -> None:
    said = page(mentor, url(pairing))
    assert "How would you like to work together?" in said
    for words in ("Once a month, for an hour.", "It ends where somebody is in danger", "owes no reason"):
        assert words in said
    assert "How would you like to hear hard things?" in said


def test_where_the_program_suggests_words_they_stand_first_with_where_confidentiality_ends(
    program: Program, pairing: Pairing, mentor: User
) -> None:
    Program.objects.update(agreement="We walk.\nWe talk.")
    said = page(mentor, url(pairing))
    assert "We walk.\nWe talk." in said
    assert "is suggested by Harbor Mentors" in said
    assert "It ends where somebody is in danger" in said
    assert "Once a month, for an hour." not in said
    assert said.index("How do we work together?") < said.index("How often do we meet")


def test_what_one_suggests_the_other_reads_and_agrees_to(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    said = send(signed_in(mentor), pairing, cadence=OFTEN, confidentiality=QUIET, wish="Early, and once")
    assert "Tomasz can read it now, and answer." in said
    assert "and Tomasz has not answered yet." in said
    read = page(mentee, url(pairing))
    for words in ("What Noor suggests", OFTEN, QUIET, "Early, and once", "Yes, agreed"):
        assert words in read
    version = Agreement.objects.get()
    answer = url(pairing, "agreement_accept", version.pk)
    assert "Agreed." in signed_in(mentee).post(answer, {"wish": "Kindly"}, follow=True).content.decode()
    version.refresh_from_db()
    assert version.state == "agreed"
    assert {row.person_id: row.text for row in FeedbackWish.objects.all()} == {
        mentor.pk: "Early, and once",
        mentee.pk: "Kindly",
    }


def test_a_change_shows_what_it_would_change(pairing: Pairing, mentor: User, mentee: User) -> None:
    agreed(pairing, by=mentor)
    suggest(pairing, mentee, cadence=RARELY, ending="with-a-walk")
    said = page(mentor, url(pairing))
    assert said.count("Changed</span>") == 1
    assert said.count("New</span>") == 1
    assert "Until now: " + OFTEN in said
    Agreement.objects.filter(state="proposed").delete()
    actions.propose_agreement(pairing, {"cadence": OFTEN}, by=mentee, seen=1, now=NOW)
    assert "Left out</span>" in page(mentor, url(pairing))


def test_a_suggestion_may_be_put_otherwise_from_the_others_words(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    suggest(pairing, mentor)
    form = page(mentee, url(pairing) + "?change")
    assert OFTEN in form
    assert 'value="1"' in form
    send(signed_in(mentee), pairing, seen=1, cadence=RARELY)
    assert list(Agreement.objects.order_by("number").values_list("state", "proposed_by")) == [
        ("replaced", mentor.pk),
        ("proposed", mentee.pk),
    ]


def test_the_slower_one_keeps_their_words_and_reads_the_others(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    client = signed_in(mentee)
    suggest(pairing, mentor)
    said = send(client, pairing, seen=0, cadence=RARELY)
    assert "Read it first; your words are still here." in said
    assert "<title>Error:" in said.replace("\n", "")
    assert RARELY in said
    assert OFTEN in said
    assert "What Noor suggests" in said
    # Sent again, it answers to what stands there now.
    assert 'name="seen" value="1"' in said
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"ending": " ", "cadence": ""}, "Write something in one of the fields at least."),
        ({"cadence": "x" * 601}, "Keep it to 600 characters. Your words are still here."),
        ({"together": "x" * 4001}, "Keep it to 4000 characters. Your words are still here."),
        ({"cadence": "fine", "wish": "x" * 601}, "Keep it to 600 characters. Your words are still here."),
        ({"cadence": "nul\0"}, "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_sent_is_said_beside_the_field_and_the_words_stay(
    pairing: Pairing, mentor: User, fields: dict[str, str], error: str
) -> None:
    said = send(signed_in(mentor), pairing, **({"ending": "we-keep-this"} | fields))
    assert error in said
    assert ("we-keep-this" in said) == ("ending" not in fields)
    assert Agreement.objects.count() == FeedbackWish.objects.count() == 0


def test_lines_of_a_browser_count_once(pairing: Pairing, mentor: User) -> None:
    """A browser ends each line with two characters: what fits in the page fits in the field."""
    send(signed_in(mentor), pairing, cadence="\r\n".join(["x" * 59] * 10))
    assert Agreement.objects.get().cadence == "\n".join(["x" * 59] * 10)


def test_a_form_without_the_number_of_its_version_is_refused(pairing: Pairing, mentor: User) -> None:
    response = signed_in(mentor).post(url(pairing, "agreement_propose"), {"cadence": OFTEN})
    assert response.status_code == 200
    assert Agreement.objects.count() == 0


# --- Answering and taking back


def test_a_no_is_seen_by_whoever_suggested_it(pairing: Pairing, mentor: User, mentee: User) -> None:
    version = suggest(pairing, mentor)
    signed_in(mentee).post(url(pairing, "agreement_decline", version.pk))
    said = page(mentor, url(pairing))
    assert "Tomasz would rather not have it as you suggested it last" in said
    # And they begin again with their own words.
    assert OFTEN in said


def test_a_wish_that_is_too_long_does_not_agree(pairing: Pairing, mentor: User, mentee: User) -> None:
    version = suggest(pairing, mentor)
    response = signed_in(mentee).post(url(pairing, "agreement_accept", version.pk), {"wish": "y" * 601})
    assert "Keep it to 600 characters." in response.content.decode()
    version.refresh_from_db()
    assert version.state == "proposed"


def test_an_answer_without_a_wish_leaves_the_one_that_was_said(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    actions.say_wish(pairing, "Kindly", by=mentee, now=NOW)
    version = suggest(pairing, mentor)
    assert 'name="wish"' not in page(mentee, url(pairing)).split("Put it otherwise")[0]
    signed_in(mentee).post(url(pairing, "agreement_accept", version.pk))
    assert FeedbackWish.objects.get().text == "Kindly"


def test_an_answer_to_what_was_taken_back_says_so(pairing: Pairing, mentor: User, mentee: User) -> None:
    version = suggest(pairing, mentor)
    taken = signed_in(mentor).post(url(pairing, "agreement_withdraw", version.pk), follow=True)
    assert "Taken back." in taken.content.decode()
    late = signed_in(mentee).post(url(pairing, "agreement_accept", version.pk), follow=True)
    assert "This suggestion is not open any more." in late.content.decode()


def test_a_wish_is_said_alone_and_taken_away(pairing: Pairing, mentor: User, mentee: User) -> None:
    agreed(pairing, by=mentor)
    client = signed_in(mentee)
    client.post(url(pairing, "agreement_wish"), {"wish": "With an example"})
    assert "With an example" in page(mentor, url(pairing))
    said = client.post(url(pairing, "agreement_wish"), {"wish": "z" * 601}).content.decode()
    assert "Keep it to 600 characters." in said
    assert "z" * 601 in said
    client.post(url(pairing, "agreement_wish"), {"wish": ""})
    assert FeedbackWish.objects.count() == 0


# --- History


def test_the_history_says_what_became_of_each_version(pairing: Pairing, mentor: User, mentee: User) -> None:
    agreed(pairing, by=mentor)
    actions.decline_agreement(suggest(pairing, mentee, cadence=RARELY), by=mentor, now=NOW)
    actions.withdraw_agreement(suggest(pairing, mentee, cadence="never"), by=mentee, now=NOW)
    agreed(pairing, by=mentee, cadence="now-and-then")
    said = page(mentor, url(pairing, "agreement_history"))
    for words in ("Version 4", "it holds.", "Taken back.", "Not agreed to.", "Held from", OFTEN, RARELY):
        assert words in said
    assert "suggested by you on" in said
    assert "suggested by Tomasz on" in said


def test_a_long_history_has_pages_and_costs_the_same(
    pairing: Pairing, mentor: User, mentee: User, django_assert_num_queries: object
) -> None:
    agreed(pairing, by=mentor)
    client = signed_in(mentee)
    address = url(pairing, "agreement_history")
    client.get(address)
    with django_assert_num_queries(10, exact=False) as few:  # type: ignore[operator]
        client.get(address)
    for number in range(2, 62):
        suggest(pairing, mentor, cadence=f"word-{number}")
    with django_assert_num_queries(len(few)):  # type: ignore[operator]
        response = client.get(address)
    assert len(response.context["versions"]) == 10
    assert "page=7" in response.content.decode()
    with django_assert_num_queries(12, exact=False):  # type: ignore[operator]
        client.get(url(pairing))


# --- Who may read it


def test_nobody_but_the_two_reads_it(
    pairing: Pairing, mentor: User, mentee: User, member: User, outsider: User, admin: User, superuser: User
) -> None:
    version = suggest(pairing, mentor)
    addresses = [url(pairing), url(pairing, "agreement_history")]
    acts = [url(pairing, name, version.pk) for name in ("agreement_accept", "agreement_decline")]
    acts += [url(pairing, "agreement_withdraw", version.pk), url(pairing, "agreement_wish")]
    acts += [url(pairing, "agreement_propose")]
    for person in (mentor, mentee):
        assert OFTEN in page(person, addresses[0])
    for person in (member, outsider, admin, superuser):
        client = signed_in(person)
        assert {client.get(each).status_code for each in addresses} == {404}
        assert {client.post(each, {"wish": "x", "seen": 1}).status_code for each in acts} == {404}
    version.refresh_from_db()
    assert version.state == "proposed"
    assert {signed_in(mentee).get(each).status_code for each in acts} == {405}


def test_an_earlier_partner_reads_their_own_and_not_the_next(
    program: Program, pairing: Pairing, mentor: User, mentee: User, member: User
) -> None:
    agreed(pairing, by=mentor)
    Pairing.objects.filter(pk=pairing.pk).update(status="ended", ended_on=NOW.date())
    following = pair(program, mentor, member)
    version = agreed(following, by=mentor, cadence=RARELY)
    theirs = page(mentee, url(pairing))
    assert OFTEN in theirs
    assert "it stays as it is" in theirs
    assert "Suggest a change" not in theirs
    assert RARELY not in theirs
    client = signed_in(mentee)
    assert client.get(url(following)).status_code == 404
    # Not by way of their own pairing either.
    assert client.post(url(pairing, "agreement_accept", version.pk)).status_code == 404


@pytest.mark.parametrize("status", ["proposed", "requested", "declined", "expired"])
def test_there_is_no_such_page_before_the_two_are_a_pair(
    program: Program, mentor: User, mentee: User, status: str
) -> None:
    row = pair(program, mentor, mentee, status=status, mentee_accepted_at=None)
    assert signed_in(mentor).get(url(row)).status_code == 404


def test_the_admin_shows_no_agreement(pairing: Pairing, mentor: User, admin: User, superuser: User) -> None:
    suggest(pairing, mentor)
    for person in (admin, superuser):
        client = signed_in(person)
        for name in ("pairing_changelist", "pairing_change"):
            args = [pairing.pk] if name == "pairing_change" else []
            said = client.get(reverse(f"admin:mentoring_{name}", args=args), follow=True).content.decode()
            assert OFTEN not in said
        assert client.get("/admin/mentoring/agreement/").status_code == 404
    listed = signed_in(admin).get(reverse("admin:mail_message_changelist"), follow=True).content.decode()
    assert "A suggestion for what you agree on" not in listed.split("changelist-filter")[0]


def test_each_takes_along_what_they_wrote_and_not_what_the_other_did(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    agreed(pairing, by=mentor)
    actions.say_wish(pairing, "Kindly", by=mentee, now=NOW)
    assert exported(mentor) == (True, False)
    assert exported(mentee) == (False, True)


def exported(person: User) -> tuple[bool, bool]:
    """Whether the agreement, and the wish, are in the copy that this person takes along."""
    from accounts.mydata import registry

    found = {"agreement": False, "wish": False}
    for holding in registry.holdings():
        rows = holding.of(person) if holding.model in (Agreement, FeedbackWish) else ()
        for row in rows:
            found["agreement"] |= isinstance(row, Agreement) and row.cadence == OFTEN
            found["wish"] |= isinstance(row, FeedbackWish) and row.text == "Kindly"
    return found["agreement"], found["wish"]


# --- The e-mails


def letter(person: User, kind: str) -> tuple[str, str, str]:
    email = letters.compose(Message.objects.get(person=person, kind=kind))
    return email.subject, email.body, email.alternatives[0][0]


def test_the_letters_name_the_other_one_and_say_nothing_of_the_words(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    agreed(pairing, by=mentor)
    suggest(pairing, mentee, cadence=RARELY)
    subject, text, html = letter(mentee, PROPOSED)
    assert subject == "Noor has suggested what the two of you could agree on"
    assert letter(mentor, AGREED)[0] == "Tomasz agrees with what you suggested"
    for said in (text, html, *letter(mentor, AGREED), *letter(mentor, PROPOSED)):
        assert not any(words in said for words in (OFTEN, QUIET, RARELY))
    assert "how often you meet, what stays between you" in text
    assert "would like to change something in what the two of you agreed" in letter(mentor, PROPOSED)[1]
    for said in (text, html):
        assert f"/pairings/{pairing.pk}/agreement/" in said


def test_another_pair_and_another_person_get_no_letter_about_it(
    program: Program, pairing: Pairing, mentor: User, mentee: User
) -> None:
    other = make_person("vera@harbor.example", "Vera Lindt")
    enroll(program, other, "mentee")
    suggest(pairing, mentor)
    assert list(Message.objects.values_list("person", "kind")) == [(mentee.pk, PROPOSED)]
