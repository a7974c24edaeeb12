"""Telling what is not right: to whom, with what e-mails, and who learns of it."""

from datetime import timedelta

import pytest

from accounts.mail import letters
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused, SomebodyElse
from mentoring.concern_contacts import contacts_for
from mentoring.concern_emails import ANSWERED, TOLD, UNHEARD, UNREAD
from mentoring.models import Concern, Pairing, Program, ProgramAdmin
from reflections.admin.messages import messages_administered_by
from tests.conftest import NOW, make_person, pair
from tests.mentoring.test_emails import body, wanted

from .conftest import EMAIL, REPLY, WORDS, tell


def test_the_one_whom_the_program_names_hears_it(concern: Concern, ilse: User) -> None:
    assert concern.contact == ilse
    assert Concern.objects.get().text == WORDS
    assert Message.objects.get(kind=TOLD).person == ilse


def test_whoever_is_named_gets_an_account_only_once_something_is_told(
    named: Program, pairing: Pairing, mentee: User
) -> None:
    (contact,) = contacts_for(pairing)
    assert contact.person is None
    assert not User.objects.filter(email=EMAIL).exists()

    person = tell(pairing, mentee).contact

    assert person is not None
    assert (person.email, person.name) == (EMAIL, "Ilse Brandt")
    assert not person.has_usable_password()
    assert tell(pairing, mentee, "And more.").contact == person


def test_an_address_in_other_letters_is_the_same_person(
    ilse: User, named: Program, pairing: Pairing, mentee: User
) -> None:
    Program.objects.update(concern_email="Listening@Harbor.example")
    assert tell(pairing, mentee).contact == ilse


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_nobody_of_the_two_is_named_to_hear_it(
    program: Program, pairing: Pairing, admin: User, side: str
) -> None:
    """Else whoever tells something of a mentor, who happens to hear concerns, would tell it to him."""
    Program.objects.update(concern_email=getattr(pairing, side).email)
    pairing.program.refresh_from_db()
    assert [contact.person for contact in contacts_for(pairing)] == [admin]


@pytest.mark.parametrize("left", [{"is_active": False}, {"erasure_due_at": NOW}])
def test_whoever_has_left_hears_nothing_any_more(
    ilse: User, pairing: Pairing, admin: User, left: dict[str, object]
) -> None:
    User.objects.filter(pk=ilse.pk).update(**left)
    pairing.program.refresh_from_db()
    assert [contact.person for contact in contacts_for(pairing)] == [admin]


def test_where_nobody_is_named_one_of_those_who_run_the_program_is_chosen(
    program: Program, pairing: Pairing, admin: User, mentor: User, mentee: User
) -> None:
    other = make_person("abel@harbor.example", "Abel Ruiz")
    for person in (other, mentor):
        ProgramAdmin.objects.create(program=program, person=person)
    assert [contact.person for contact in contacts_for(pairing)] == [other, admin]

    concern = tell(pairing, mentee, contact=f"person:{admin.pk}")

    assert concern.contact == admin
    assert not Concern.objects.for_contact(other).exists()


def test_where_nobody_runs_it_those_who_run_the_installation_hear_it(
    pairing: Pairing, superuser: User
) -> None:
    assert [contact.person for contact in contacts_for(pairing)] == [superuser]
    User.objects.filter(pk=superuser.pk).update(is_active=False)
    assert contacts_for(pairing) == []


def test_it_goes_to_whoever_was_shown_or_to_nobody(
    concern: Concern, pairing: Pairing, mentee: User, admin: User, mentor: User
) -> None:
    Program.objects.update(concern_name="Ilse Brandt", concern_email="somebody@else.example")
    with pytest.raises(SomebodyElse):
        tell(pairing, mentee, "Something more.")
    with pytest.raises(SomebodyElse):
        tell(pairing, mentee, "Something more.", contact=f"person:{mentor.pk}")
    assert Concern.objects.count() == 1
    # And what was told before is not for whoever is named afterwards.
    later = make_person("somebody@else.example", "Somebody Else")
    assert not Concern.objects.of(later).exists()


@pytest.mark.parametrize("status", ["proposed", "accepted", "active", "paused", "completed", "ended"])
def test_it_is_told_in_whatever_state_the_pairing_and_the_program_are(
    ilse: User, pairing: Pairing, mentor: User, status: str
) -> None:
    over = status in ("completed", "ended")
    Pairing.objects.filter(pk=pairing.pk).update(status=status, ended_on=pairing.starts_on if over else None)
    Program.objects.update(status=Program.Status.CLOSED)
    pairing.refresh_from_db()
    concern = tell(pairing, mentor)
    assert wanted(Message.objects.get(kind=TOLD, subject_id=concern.pk))


def test_somebody_else_tells_nothing_of_a_pair(
    ilse: User, pairing: Pairing, member: User, admin: User, superuser: User
) -> None:
    for person in (member, admin, superuser):
        with pytest.raises(Refused):
            tell(pairing, person)
    assert not Concern.objects.exists()


def test_a_button_pressed_twice_tells_it_once(concern: Concern, pairing: Pairing, mentee: User) -> None:
    assert tell(pairing, mentee) == concern
    assert tell(pairing, mentee, "Something else.") != concern
    assert Message.objects.filter(kind=TOLD).count() == 2


def test_after_twenty_in_a_day_people_are_asked_to_speak(ilse: User, pairing: Pairing, mentee: User) -> None:
    for number in range(20):
        tell(pairing, mentee, f"Number {number}")
    with pytest.raises(Refused, match="speak with somebody"):
        tell(pairing, mentee, "One more.")


def test_no_e_mail_has_a_word_or_a_name_of_it(concern: Concern, ilse: User, mentee: User) -> None:
    actions.read_concern(concern, by=ilse, now=NOW)
    actions.answer_concern(concern, by=ilse, text=REPLY, now=NOW)
    told = Message.objects.filter(kind__in=[TOLD, UNREAD, ANSWERED, UNHEARD])
    assert {(message.kind, message.person) for message in told} == {
        (TOLD, ilse), (UNREAD, ilse), (ANSWERED, mentee), (UNHEARD, mentee),
    }  # fmt: skip
    for message in told:
        email = letters.compose(message)
        whole = " ".join(body(message)) + str(email.extra_headers)
        assert f"/concerns/{concern.pk}/" in whole
        for word in (WORDS, REPLY, "Tomasz", "Noor", "Zielinski", concern.receipt, "concern" + " of"):
            assert word not in whole
        assert "List-Unsubscribe" not in email.extra_headers
        assert "confidence" not in email.subject


def test_what_is_not_read_is_brought_to_mind_and_then_told_to_whoever_waits(
    concern: Concern, ilse: User, mentee: User
) -> None:
    reminder, unheard = Message.objects.get(kind=UNREAD), Message.objects.get(kind=UNHEARD)
    assert reminder.due_at == NOW + timedelta(days=3)
    assert unheard.due_at == NOW + timedelta(days=7)
    assert wanted(reminder)
    assert wanted(unheard)
    actions.read_concern(concern, by=ilse, now=NOW)
    assert not wanted(reminder)
    assert not wanted(unheard)


def test_no_list_of_e_mails_tells_that_somebody_told_something(
    concern: Concern, ilse: User, admin: User, superuser: User
) -> None:
    actions.answer_concern(concern, by=ilse, text=REPLY, now=NOW)
    for who in (admin, superuser):
        assert not messages_administered_by(who).exists()
    Message.objects.update(state=Message.State.FAILED)
    assert not messages_administered_by(admin).exists()
    # That the mail to whoever hears it bounces, somebody has to see.
    assert {message.kind for message in messages_administered_by(superuser)} == {TOLD, UNREAD}


def test_an_account_that_was_made_to_hear_something_is_not_forgotten(
    named: Program, pairing: Pairing, mentee: User, admin: User
) -> None:
    guests = [actions.Guest(EMAIL, "Ilse Brandt")]
    actions.invite_by_email(named, "mentee", guests, by=admin, now=NOW, lives=timedelta(days=7))
    actions.invite_by_email(
        named, "mentee", [actions.Guest("gone@new.example")], by=admin, now=NOW, lives=timedelta(days=7)
    )
    tell(pairing, mentee)
    actions.forget_those_who_never_came(NOW + timedelta(days=90))
    assert User.objects.filter(email=EMAIL).exists()
    assert not User.objects.filter(email="gone@new.example").exists()


def test_two_pairs_of_the_same_two_are_told_apart(
    ilse: User, pairing: Pairing, other_program: Program, mentor: User, mentee: User
) -> None:
    ilse_there = f"named:{EMAIL}"
    Program.objects.filter(pk=other_program.pk).update(concern_email=EMAIL)
    there = pair(other_program, mentor, mentee)
    first, second = tell(pairing, mentee), tell(there, mentee, contact=ilse_there)
    assert first != second
    assert second.program == other_program
