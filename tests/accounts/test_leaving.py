"""Leaving by oneself: two weeks to change one's mind, and then nobody is left to ask."""

from datetime import datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.clock import now
from accounts.mail import kinds, letters, outbox
from accounts.mail.claims import WHILE_LEAVING, Ending, why_not
from accounts.mail.models import MailLink, Message, Stopped
from accounts.models import Erasure, User
from accounts.mydata import erasing, leaving
from accounts.mydata.erasing import erase
from accounts.mydata.letters import LEAVING, LEAVING_SOON
from accounts.refused import Refused
from mentoring.models import Pairing, Program, ProgramAdmin
from reflections.models import Moment
from tests.accounts.conftest import lately_seen
from tests.conftest import NOW, PASSWORD, TODAY, make_person, signed_in

pytestmark = pytest.mark.django_db
DAY, GRACE = timedelta(days=1), timedelta(days=14)


def asked_on(person: User, at: datetime = NOW) -> User:
    leaving.ask_to_leave(person, now=at)
    person.refresh_from_db()
    return person


# --- Asking --------------------------------------------------------------------------------------------------------


def test_it_happens_fourteen_days_later_and_asking_twice_changes_no_day(mentee: User) -> None:
    assert leaving.ask_to_leave(mentee, now=NOW) == NOW + GRACE
    assert leaving.ask_to_leave(mentee, now=NOW + DAY) == NOW + GRACE
    assert Message.objects.of(LEAVING, LEAVING_SOON).count() == 2


def test_one_is_told_at_once_and_again_the_day_before(mentee: User) -> None:
    asked_on(mentee)
    at_once, before = (Message.objects.of(kind).get() for kind in (LEAVING, LEAVING_SOON))
    assert at_once.due_at == NOW
    assert before.due_at == NOW + GRACE - DAY
    for message in (at_once, before):
        letter = letters.compose(message)
        assert kinds.get(message.kind).stream is None
        assert "List-Unsubscribe" not in letter.extra_headers
        assert "Tuesday, July 7, 2026 at 14:00" in letter.body  # Where they live.
        assert reverse("accounts:leave") in letter.body
        assert "It cannot be stopped" in letter.body
    assert "our last e-mail to you" in letters.compose(before).body


def test_whoever_stays_after_all_gets_what_came_due_meanwhile_and_is_not_too_late(mentee: User) -> None:
    today = now()
    leaving.ask_to_leave(mentee, now=today)
    for number, hours in ((1, 24), (2, -1)):
        outbox.owe(
            "pairing_made", mentee.pk, number, due_at=today - DAY, expires_at=today + timedelta(hours=hours)
        )
    waiting = Message.objects.of("pairing_made")
    waiting.update(state="cancelled", last_error=WHILE_LEAVING)
    assert leaving.keep_account(mentee)
    assert set(waiting.values_list("subject_id", "state")) == {(1, "queued"), (2, "cancelled")}


def test_whoever_stays_after_all_gets_no_second_letter_and_may_ask_anew(mentee: User) -> None:
    asked_on(mentee)
    assert leaving.keep_account(mentee)
    assert not leaving.keep_account(mentee)
    mentee.refresh_from_db()
    assert mentee.erasure_due_at is None
    assert not Message.objects.waiting().exists()
    asked_on(mentee, NOW + DAY)
    assert Message.objects.waiting().count() == 2


def test_a_letter_about_an_earlier_day_is_not_sent(mentee: User) -> None:
    asked_on(mentee)
    old = Message.objects.of(LEAVING_SOON).get()
    User.objects.filter(pk=mentee.pk).update(erasure_due_at=NOW + GRACE + DAY)
    old.person.refresh_from_db()
    with pytest.raises(kinds.Unrenderable):
        kinds.get(LEAVING_SOON).render(old)


def test_nobody_is_reminded_of_anything_meanwhile(mentee: User, pairing: Pairing) -> None:
    outbox.owe("pairing_made", mentee.pk, pairing.pk, due_at=NOW, expires_at=NOW + GRACE)
    message = Message.objects.of("pairing_made").get()
    assert _ending(message) is None
    asked_on(mentee)
    ending = _ending(message)
    assert ending is not None
    assert (
        ending.reason == "not now"
    )  # Those who run a program read it; whether somebody leaves is theirs to tell.
    assert _ending(Message.objects.of(LEAVING).get()) is None
    leaving.keep_account(mentee)
    assert _ending(message) is None


def _ending(message: Message) -> Ending | None:
    """Why it would not be sent; by the database's own clock, which no test moves, it is not too late."""
    Message.objects.update(expires_at=now() + timedelta(days=1), due_at=NOW)
    return why_not(message)


# --- What stands in the way ----------------------------------------------------------------------------------------


def test_the_last_admin_of_a_program_names_another_first(program: Program, admin: User, mentor: User) -> None:
    with pytest.raises(Refused, match="last one who runs Harbor Mentors"):
        leaving.ask_to_leave(admin, now=NOW)
    other = ProgramAdmin.objects.create(program=program, person=mentor)
    User.objects.filter(pk=mentor.pk).update(is_active=False)
    with pytest.raises(Refused):  # Somebody whose account is closed looks after nothing.
        leaving.ask_to_leave(admin, now=NOW)
    User.objects.filter(pk=mentor.pk).update(is_active=True)
    leaving.ask_to_leave(admin, now=NOW)
    with pytest.raises(Refused):  # The one who is left, now that the other is going.
        leaving.ask_to_leave(other.person, now=NOW)


def test_a_closed_program_needs_nobody(program: Program, admin: User) -> None:
    Program.objects.update(status=Program.Status.CLOSED)
    leaving.ask_to_leave(admin, now=NOW)


def test_the_last_superuser_makes_another_first(superuser: User) -> None:
    with pytest.raises(Refused, match="last one who runs this installation"):
        leaving.ask_to_leave(superuser, now=NOW)
    make_person("second@harbor.example", "Second Root", is_superuser=True)
    leaving.ask_to_leave(superuser, now=NOW)


def test_what_came_up_since_holds_the_end_back_and_the_page_says_so(
    program: Program, admin: User, mentor: User
) -> None:
    right = ProgramAdmin.objects.create(program=program, person=mentor)
    asked_on(admin)
    right.delete()
    assert leaving.erase_due(NOW + GRACE) == 0
    admin.refresh_from_db()
    assert admin.erased_at is None
    page = signed_in(admin).get(reverse("accounts:leave")).content.decode()
    assert "Somebody has to take over from you first." in page
    ProgramAdmin.objects.create(program=program, person=mentor)
    assert leaving.erase_due(NOW + GRACE + DAY) == 1


# --- The end -------------------------------------------------------------------------------------------------------


def test_the_clock_erases_when_the_day_has_come_and_once(mentee: User, mentor: User) -> None:
    asked_on(mentee)
    assert leaving.erase_due(NOW + GRACE - timedelta(seconds=1)) == 0
    assert leaving.erase_due(NOW + GRACE + 3 * DAY) == 1  # After a rest it catches up.
    assert leaving.erase_due(NOW + GRACE + 3 * DAY) == 0
    assert not erase(mentee, now=NOW + GRACE)
    assert Erasure.objects.count() == 1
    mentor.refresh_from_db()
    assert mentor.erased_at is None


def test_a_page_that_was_on_its_way_at_that_moment_leaves_nothing_behind(mentee: User) -> None:
    asked_on(mentee)
    then = NOW + GRACE
    leaving.erase_due(then)
    address = User.objects.get(pk=mentee.pk).email
    Moment.objects.create(person=mentee, text="sent off a moment before", happened_on=TODAY)
    leaving.erase_due(then + timedelta(minutes=1))
    assert not Moment.objects.exists()
    stub = User.objects.get(pk=mentee.pk)
    assert (stub.email, stub.erased_at) == (address, then)
    assert Erasure.objects.count() == 1


def test_one_who_cannot_be_erased_holds_up_nobody(
    mentee: User, mentor: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for person in (mentee, mentor):
        asked_on(person)
    whole = erasing.erase

    def break_for_the_first(person: User, *, now: datetime) -> bool:
        if person == mentee:
            raise RuntimeError(person.name)
        return whole(person, now=now)

    monkeypatch.setattr(erasing, "erase", break_for_the_first)
    assert leaving.erase_due(NOW + GRACE) == 1
    assert User.objects.get(pk=mentor.pk).erased_at
    assert mentee.name not in caplog.text
    monkeypatch.undo()
    assert leaving.erase_due(NOW + GRACE) == 1


def test_what_is_left_is_a_stub_that_opens_nothing(mentee: User) -> None:
    User.objects.filter(pk=mentee.pk).update(preferred_name="Tomek", coffee_weekday=4, last_login=NOW)
    erase(mentee, now=NOW)
    stub = User.objects.get(pk=mentee.pk)
    assert str(stub) == stub.first_name == "Somebody who left"
    assert stub.initial == ""
    assert stub.email.endswith("@erased.invalid")
    assert not stub.has_usable_password()
    assert (stub.name, stub.preferred_name, stub.time_zone, stub.language) == ("", "", "", "")
    assert (stub.is_active, stub.is_superuser, stub.last_login) == (False, False, None)
    assert stub.erased_at == stub.joined_at == NOW


def test_a_stub_is_never_filled_again(mentee: User) -> None:
    erase(mentee, now=NOW)
    for changes in ({"is_active": True}, {"name": "Tomasz"}, {"is_superuser": True}):
        with pytest.raises(IntegrityError, match="user_who_left_is_nobody"), transaction.atomic():
            User.objects.filter(pk=mentee.pk).update(**changes)


def test_the_address_is_free_again(mentee: User) -> None:
    address = mentee.email
    erase(mentee, now=NOW)
    assert make_person(address, "Tomasz Zielinski").pk != mentee.pk


def test_whatever_opened_the_account_is_gone(mentee: User) -> None:
    EmailAddress.objects.create(user=mentee, email=mentee.email, verified=True, primary=True)
    Authenticator.objects.create(user=mentee, type="webauthn", data={"name": "My key"})
    Stopped.objects.stop(mentee.pk, "pairings")
    MailLink.objects.issue(mentee.pk, MailLink.Purpose.STOP, now=NOW)
    signed_in(mentee).get(reverse("home"))
    erase(mentee, now=NOW)
    for model in (EmailAddress, Authenticator, UserSession):
        assert not model.objects.filter(user=mentee).exists()
    for mine in (Stopped, MailLink, Message):
        assert not mine.objects.filter(person=mentee).exists()


def test_every_browser_is_signed_out_at_the_next_click(mentee: User, mentor: User) -> None:
    theirs, anothers = signed_in(mentee), signed_in(mentor)
    for browser in (theirs, anothers):
        assert browser.get(reverse("moments:list")).status_code == 200
    erase(mentee, now=NOW)
    assert theirs.get(reverse("moments:list"))["Location"].startswith(reverse("account_login"))
    assert anothers.get(reverse("moments:list")).status_code == 200
    assert Session.objects.count() >= 1
    assert not [
        one for one in Session.objects.all() if one.get_decoded().get("_auth_user_id") == str(mentee.pk)
    ]


def test_a_closed_account_is_signed_out_at_the_next_click(mentee: User) -> None:
    browser = signed_in(mentee)
    User.objects.filter(pk=mentee.pk).update(is_active=False)
    assert browser.get(reverse("moments:list"))["Location"].startswith(reverse("account_login"))


def test_half_a_sign_in_with_their_address_is_forgotten_too(mentee: User) -> None:
    """Somebody asked for a code and never typed it in: the session that waits for it holds the address."""
    Client().post(reverse("account_request_login_code"), {"email": mentee.email})
    held = [one for one in Session.objects.all() if mentee.email in str(one.get_decoded())]
    assert held
    erase(mentee, now=NOW)
    assert not Session.objects.filter(pk__in=[one.pk for one in held]).exists()


def test_their_address_lets_nobody_in(mentee: User) -> None:
    address = mentee.email
    erase(mentee, now=NOW)
    browser = Client()
    browser.post(reverse("account_login"), {"login": address, "password": PASSWORD})
    assert "_auth_user_id" not in browser.session


def test_a_program_they_were_the_contact_of_names_them_no_more(
    program: Program, admin: User, mentor: User
) -> None:
    ProgramAdmin.objects.create(program=program, person=mentor)
    erase(admin, now=NOW)
    program.refresh_from_db()
    assert (program.contact_name, program.contact_email) == ("", "")
    assert not ProgramAdmin.objects.filter(person=admin).exists()


# --- The pages -----------------------------------------------------------------------------------------------------


def test_the_page_says_what_goes_what_stays_and_when(mentee: User) -> None:
    with time_machine.travel(NOW):
        page = signed_in(mentee).get(reverse("accounts:leave")).content.decode()
    for said in ("What goes", "What stays", "What your partner will see", "Take your words along first"):
        assert said in page
    assert "it happens on Tuesday, July 7, 2026" in page


def test_asking_on_the_page_comes_after_showing_who_one_is(mentee: User) -> None:
    client, url = signed_in(mentee), reverse("accounts:leave")
    with time_machine.travel(NOW):
        assert client.post(url)["Location"].startswith(reverse("account_reauthenticate"))
        assert not User.objects.leaving().exists()
        page = lately_seen(mentee, client).post(url, follow=True).content.decode()
    assert "Your account will be deleted on Tuesday, July 7, 2026" in page
    assert User.objects.leaving().get() == mentee


def test_the_password_typed_once_more_carries_out_what_was_asked(mentee: User) -> None:
    client, url = signed_in(mentee), reverse("accounts:leave")
    with time_machine.travel(NOW):
        there = client.post(url)["Location"]
        answer = client.post(there, {"password": PASSWORD}, follow=True)
    assert "Your account will be deleted on" in answer.content.decode()
    assert User.objects.leaving().get() == mentee


def test_who_may_not_leave_is_told_why_and_finds_no_button(admin: User) -> None:
    client = lately_seen(admin, signed_in(admin))
    for answer in (client.get(reverse("accounts:leave")), client.post(reverse("accounts:leave"))):
        page = answer.content.decode()
        assert "last one who runs Harbor Mentors" in page
        assert "Delete my account" not in page
    assert not User.objects.leaving().exists()


@pytest.mark.parametrize("name", ["home", "pairings:list", "accounts:settings", "privacy", "help"])
def test_each_page_says_so_meanwhile_and_asks_the_database_nothing_for_it(name: str, mentee: User) -> None:
    client, url = signed_in(mentee), reverse(name)
    client.get(url)
    with CaptureQueriesContext(connection) as usual:
        assert "Your account will be deleted on" not in client.get(url).content.decode()
    asked_on(mentee)
    with CaptureQueriesContext(connection) as leaving_:
        page = client.get(url).content.decode()
    assert "Your account will be deleted on Tuesday, July 7, 2026" in page
    assert f'action="{reverse("accounts:stay")}"' in page
    assert len(leaving_) == len(usual)


def test_one_press_keeps_the_account(mentee: User) -> None:
    asked_on(mentee)
    page = signed_in(mentee).post(reverse("accounts:stay"), follow=True).content.decode()
    assert "Your account stays." in page
    assert "will be deleted" not in page
    assert not User.objects.leaving().exists()
