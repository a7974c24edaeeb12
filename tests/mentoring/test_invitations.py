"""Inviting people, reminding them, taking it back, and forgetting those who never came."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from accounts.mail import kinds, letters
from accounts.mail.kinds import Unrenderable
from accounts.mail.models import Message, Stopped
from accounts.models import User
from mentoring import actions
from mentoring.actions import Guest, Refused, SomeAreThere
from mentoring.models import Enrollment, Invitation, Program, ProgramAdmin, Reminder
from mentoring.models.invitation import reminder_due
from tests.conftest import NOW, TODAY, enroll

WEEK = timedelta(days=7)
PETRA = Guest("petra@new.example", "Petra Novak")


def invite(program: Program, by: User, *guests: Guest, lives: timedelta = WEEK) -> list[Invitation]:
    return actions.invite_by_email(program, "mentee", guests or (PETRA,), by=by, now=NOW, lives=lives)


def wanted(message: Message) -> bool:
    rows = Message.objects.filter(pk=message.pk)
    return all(rows.filter(condition).exists() for _reason, condition in kinds.get(message.kind).conditions)


# --- By e-mail -----------------------------------------------------------------------------------------------------


def test_an_unknown_address_gets_an_account_a_place_and_an_e_mail(program: Program, admin: User) -> None:
    (invitation,) = invite(program, admin)
    person = User.objects.get(email="petra@new.example")
    assert (person.name, person.has_usable_password(), person.last_login) == ("Petra Novak", False, None)
    place = Enrollment.objects.get(person=person)
    assert (place.status, place.joined_on, place.role) == ("invited", None, "mentee")
    message = Message.objects.get(person=person)
    assert (message.kind, message.subject_id) == ("invitation", invitation.pk)
    assert message.expires_at == invitation.expires_at == NOW + WEEK
    assert invitation.most_uses == 1


def test_a_known_address_keeps_its_name_its_language_and_its_password(
    program: Program, outsider: User, admin: User
) -> None:
    invite(program, admin, Guest(outsider.email, "Somebody"))
    before = outsider.password
    outsider.refresh_from_db()
    assert (outsider.name, outsider.password) == ("Otto Berg", before)
    assert Enrollment.objects.get(person=outsider).status == "invited"


def test_all_are_invited_or_nobody_is(program: Program, mentor: User, other_admin: User, admin: User) -> None:
    before = (User.objects.count(), Invitation.objects.count(), Message.objects.count())
    with pytest.raises(SomeAreThere) as no:
        invite(program, admin, PETRA, Guest(mentor.email), Guest(other_admin.email))
    assert {email: str(reason) for email, reason in no.value.reasons.items()} == {
        "noor@harbor.example": "has a place in this program already"
    }
    assert (User.objects.count(), Invitation.objects.count(), Message.objects.count()) == before


def test_nobody_is_invited_twice_while_the_first_invitation_waits(program: Program, admin: User) -> None:
    invite(program, admin)
    with pytest.raises(SomeAreThere):
        invite(program, admin)
    later = NOW + WEEK
    (again,) = actions.invite_by_email(program, "mentee", [PETRA], by=admin, now=later, lives=WEEK)
    assert again.state(later) == Invitation.State.OPEN
    assert Enrollment.objects.filter(person__email=PETRA.email).count() == 1


@pytest.mark.parametrize("status", ["declined", "withdrawn"])
def test_who_said_no_or_left_may_be_asked_again(
    program: Program, outsider: User, admin: User, status: str
) -> None:
    place = enroll(program, outsider, "mentor", status=status)
    invite(program, admin, Guest(outsider.email))
    place.refresh_from_db()
    assert (place.status, place.role) == ("invited", "mentee")


def test_others_invite_nobody(program: Program, mentor: User, other_admin: User, outsider: User) -> None:
    for person in (mentor, other_admin, outsider):
        with pytest.raises(Refused, match="run a program"):
            invite(program, person)
        with pytest.raises(Refused, match="run a program"):
            actions.invite_by_link(program, "mentor", by=person, now=NOW, lives=WEEK)
    assert not User.objects.filter(email=PETRA.email).exists()


def test_a_program_that_is_over_invites_nobody(program: Program, admin: User) -> None:
    Program.objects.filter(pk=program.pk).update(status="closed")
    program.refresh_from_db()
    with pytest.raises(Refused, match="is over"):
        invite(program, admin)
    Program.objects.filter(pk=program.pk).update(status="active", ends_on=TODAY - timedelta(days=1))
    program.refresh_from_db()
    with pytest.raises(Refused, match="is over"):
        invite(program, admin)


def test_two_hundred_at_once_and_no_more(program: Program, admin: User) -> None:
    many = [Guest(f"p{number}@new.example") for number in range(201)]
    with pytest.raises(Refused, match="200"):
        invite(program, admin, *many)
    assert len(invite(program, admin, *many[:200])) == 200
    assert Message.objects.filter(kind="invitation").count() == 200


# --- The token -----------------------------------------------------------------------------------------------------


def test_the_token_is_in_no_column_and_is_found_by_its_hash(program: Program, admin: User) -> None:
    link = actions.invite_by_link(program, "mentor", by=admin, now=NOW, lives=WEEK)
    assert len(link.token) >= 27  # 160 bits in base64
    assert Invitation.objects.find(link.token) == link
    assert Invitation.objects.find(link.nonce) is None
    assert Invitation.objects.find(link.token_hash) is None
    row = Invitation.objects.filter(pk=link.pk).values().get()
    assert link.token not in map(str, row.values())


def test_the_token_outlives_a_change_of_the_key_as_long_as_the_old_one_is_kept(
    program: Program, admin: User, settings: Settings
) -> None:
    link = actions.invite_by_link(program, "mentor", by=admin, now=NOW, lives=WEEK)
    token, old = link.token, settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [old]
    assert link.token == token
    settings.SECRET_KEY_FALLBACKS = []
    assert link.token == ""
    assert Invitation.objects.find(token) == link


def test_the_database_refuses_what_makes_no_sense(program: Program, admin: User) -> None:
    link = actions.invite_by_link(program, "mentor", by=admin, now=NOW, lives=WEEK)
    (mail,) = invite(program, admin)
    for invitation, wrong in (
        (link, {"role": "king"}),
        (link, {"most_uses": 0}),
        (link, {"expires_at": NOW}),
        (link, {"accepted_at": NOW}),
        (link, {"remind_at": NOW}),
        (mail, {"most_uses": 2}),
        (mail, {"most_uses": None}),
        (mail, {"accepted_at": NOW, "declined_at": NOW}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.filter(pk=invitation.pk).update(**wrong)


# --- The e-mails ---------------------------------------------------------------------------------------------------


def test_the_e_mail_says_who_invites_as_what_and_how_to_say_no(program: Program, admin: User) -> None:
    (invitation,) = invite(program, admin)
    email = letters.compose(Message.objects.get(kind="invitation"))
    assert email.subject == "Rosa invites you to Harbor Mentors"
    html = email.alternatives[0]
    for words in (email.body, str(getattr(html, "content", html[0]))):
        assert f"/join/{invitation.token}/" in words
        assert f"/join/{invitation.token}/#no" in words
        assert "as a mentee" in words
        assert "Pairs people who learn from each other." in words
        assert "Tuesday, June 30, 2026" in words
        assert "wrote down this address to invite you" in words
    assert email.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_e_mail_comes_in_the_language_of_who_invites(program: Program, admin: User) -> None:
    User.objects.filter(pk=admin.pk).update(language="de")
    admin.refresh_from_db()
    invite(program, admin)
    assert letters.compose(Message.objects.get()).subject == "Rosa lädt dich zu Harbor Mentors ein"


def test_an_e_mail_is_not_sent_once_it_is_answered_or_taken_back(program: Program, admin: User) -> None:
    later = timedelta(days=3650)  # The condition is asked by the database's own clock.
    one, two = invite(program, admin, PETRA, Guest("quin@new.example"), lives=later)
    first, second = (Message.objects.get(subject_id=each.pk) for each in (one, two))
    assert wanted(first)
    assert wanted(second)
    actions.decline_invitation(one, now=NOW)
    actions.revoke_invitation(two, by=admin, now=NOW)
    assert not wanted(first)
    assert not wanted(second)


def test_an_e_mail_without_its_link_is_not_written(program: Program, admin: User, settings: Settings) -> None:
    invite(program, admin)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, []
    with pytest.raises(Unrenderable):
        letters.compose(Message.objects.get())


# --- Reminders -----------------------------------------------------------------------------------------------------


def test_a_reminder_comes_at_half_time_and_never_in_the_first_three_days() -> None:
    assert reminder_due(NOW, NOW + timedelta(days=14)) == NOW + timedelta(days=7)
    assert reminder_due(NOW, NOW + timedelta(days=5)) == NOW + timedelta(days=3)
    assert reminder_due(NOW, NOW + timedelta(days=2)) is None


def test_who_has_not_answered_is_reminded_once(program: Program, admin: User) -> None:
    silent, yes, no = invite(
        program, admin, PETRA, Guest("quin@new.example"), Guest("ravi@new.example"), lives=timedelta(days=14)
    )
    actions.join_by_invitation(yes, User.objects.get(email="quin@new.example"), now=NOW)
    actions.decline_invitation(no, now=NOW)
    assert actions.remind_the_silent(NOW + timedelta(days=6)) == 0
    due = NOW + timedelta(days=7)
    assert actions.remind_the_silent(due) == 1
    assert actions.remind_the_silent(due + timedelta(days=1)) == 0
    reminder = Reminder.objects.get()
    assert (reminder.invitation, reminder.created_by) == (silent, None)
    message = Message.objects.get(kind="invitation_reminder")
    assert message.person.email == PETRA.email
    assert letters.compose(message).subject == "Your invitation to Harbor Mentors is still open"
    assert f"/join/{silent.token}/" in letters.compose(message).body


def test_a_reminder_on_its_way_is_held_back_once_there_is_an_answer(program: Program, admin: User) -> None:
    later = timedelta(days=3650)  # The condition is asked by the database's own clock.
    one, two, three = invite(
        program, admin, PETRA, Guest("quin@new.example"), Guest("ravi@new.example"), lives=later
    )
    for each in (one, two, three):
        actions.remind_of_invitation(each, by=admin, now=NOW + timedelta(days=3))
    messages = {
        message.person.email: message for message in Message.objects.filter(kind="invitation_reminder")
    }
    assert all(wanted(message) for message in messages.values())
    actions.join_by_invitation(one, one.person or admin, now=NOW)
    actions.decline_invitation(two, now=NOW)
    Program.objects.update(status="closed")
    assert not any(wanted(message) for message in messages.values())
    Program.objects.update(status="active")
    assert [email for email, message in messages.items() if wanted(message)] == ["ravi@new.example"]


def test_an_admin_reminds_at_most_every_three_days(program: Program, admin: User) -> None:
    (invitation,) = invite(program, admin, lives=timedelta(days=30))
    with pytest.raises(Refused, match="three days"):
        actions.remind_of_invitation(invitation, by=admin, now=NOW + timedelta(days=2))
    actions.remind_of_invitation(invitation, by=admin, now=NOW + timedelta(days=3))
    with pytest.raises(Refused, match="three days"):
        actions.remind_of_invitation(invitation, by=admin, now=NOW + timedelta(days=5))
    actions.remind_of_invitation(invitation, by=admin, now=NOW + timedelta(days=6))
    assert Message.objects.filter(kind="invitation_reminder").count() == 2
    assert actions.remind_the_silent(NOW + timedelta(days=20)) == 0


def test_nobody_is_reminded_of_what_is_over_or_of_a_link(
    program: Program, admin: User, other_admin: User
) -> None:
    (invitation,) = invite(program, admin)
    later = NOW + timedelta(days=4)
    with pytest.raises(Refused, match="run a program"):
        actions.remind_of_invitation(invitation, by=other_admin, now=later)
    actions.decline_invitation(invitation, now=NOW)
    with pytest.raises(Refused, match="over already"):
        actions.remind_of_invitation(invitation, by=admin, now=later)
    link = actions.invite_by_link(program, "mentor", by=admin, now=NOW, lives=WEEK)
    with pytest.raises(Refused, match="nobody"):
        actions.remind_of_invitation(link, by=admin, now=later)


# --- Taken back ----------------------------------------------------------------------------------------------------


def test_a_link_taken_back_opens_nothing_and_who_came_in_stays(
    program: Program, admin: User, outsider: User, other_admin: User
) -> None:
    link = actions.invite_by_link(program, "mentor", by=admin, now=NOW, lives=WEEK)
    place = actions.join_by_invitation(link, outsider, now=NOW)
    with pytest.raises(Refused, match="run a program"):
        actions.revoke_invitation(link, by=other_admin, now=NOW)
    actions.revoke_invitation(link, by=admin, now=NOW)
    with pytest.raises(Refused, match="opens nothing"):
        actions.join_by_invitation(link, other_admin, now=NOW)
    with pytest.raises(Refused, match="over already"):
        actions.revoke_invitation(link, by=admin, now=NOW)
    place.refresh_from_db()
    assert place.status == "active"


def test_an_invitation_taken_back_leaves_no_place_but_one_that_was_there_before(
    program: Program, admin: User, outsider: User
) -> None:
    place = enroll(program, outsider, "mentor", status="withdrawn")
    one, two = invite(program, admin, PETRA, Guest(outsider.email))
    for each in (one, two):
        actions.revoke_invitation(each, by=admin, now=NOW)
    assert not Enrollment.objects.filter(person__email=PETRA.email).exists()
    place.refresh_from_db()
    assert place.status == "withdrawn"


# --- Forgotten -----------------------------------------------------------------------------------------------------

AFTER = NOW + WEEK + timedelta(days=30)


def test_who_never_came_is_forgotten_a_month_after_the_invitation_ended(
    program: Program, admin: User
) -> None:
    invite(program, admin)
    assert actions.forget_those_who_never_came(AFTER - timedelta(hours=1)) == 0
    assert actions.forget_those_who_never_came(AFTER) == 1
    assert not User.objects.filter(email=PETRA.email).exists()
    assert not Invitation.objects.exists()
    assert not Enrollment.objects.filter(program=program).exists()
    assert actions.forget_those_who_never_came(AFTER) == 0


def test_who_declined_or_was_not_to_come_is_forgotten_a_month_after_that(
    program: Program, admin: User
) -> None:
    one, two = invite(program, admin, PETRA, Guest("quin@new.example"), lives=timedelta(days=300))
    actions.decline_invitation(one, now=NOW)
    actions.revoke_invitation(two, by=admin, now=NOW)
    assert actions.forget_those_who_never_came(NOW + timedelta(days=29)) == 0
    assert actions.forget_those_who_never_came(NOW + timedelta(days=30)) == 2


@pytest.mark.parametrize(
    "reason", ["signed in", "has shown the address", "is in a program", "runs one", "stopped our e-mail",
               "is invited elsewhere", "was never invited"]
)  # fmt: skip
def test_everybody_else_is_kept(
    program: Program, other_program: Program, admin: User, superuser: User, reason: str
) -> None:
    (invitation,) = invite(program, admin)
    person = User.objects.get(email=PETRA.email)
    match reason:
        case "signed in":
            User.objects.filter(pk=person.pk).update(last_login=NOW)
        case "has shown the address":
            EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        case "is in a program":
            enroll(other_program, person, "mentor")
        case "runs one":
            ProgramAdmin.objects.create(program=other_program, person=person)
        case "stopped our e-mail":
            Stopped.objects.stop(person.pk, "invitations")
        case "is invited elsewhere":
            actions.invite_by_email(
                other_program, "mentor", [PETRA], by=superuser, now=NOW, lives=timedelta(days=30)
            )
        case "was never invited":
            invitation.delete()
    assert actions.forget_those_who_never_came(AFTER) == 0
    assert User.objects.filter(pk=person.pk).exists()
