"""The admin's list of e-mails: who was reminded had not answered, and nobody is named for silence."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.clock import now
from accounts.mail import manners, outbox, suppression
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import Guest
from mentoring.models import Announcement, PairingRequest, Program
from reflections.admin.messages import messages_administered_by
from reflections.rounds import open_due_rounds
from tests.conftest import NOW, pair, signed_in


@pytest.fixture
def sent(mentee: User, program: Program) -> None:
    asked = open_due_rounds(NOW)[-1]
    for kind in ("ask", "reminder", "last_call"):
        outbox.owe(kind, mentee.pk, asked.pk, due_at=NOW, expires_at=NOW + timedelta(days=7))
    Message.objects.update(state=Message.State.SENT, sending_at=NOW, sent_at=NOW)


@pytest.mark.parametrize("who", ["admin", "superuser"])
def test_no_list_names_whom_we_reminded(sent: None, who: str, request: pytest.FixtureRequest) -> None:
    listed = messages_administered_by(request.getfixturevalue(who))

    assert [message.kind for message in listed] == ["ask"]


@pytest.mark.parametrize("who", ["admin", "superuser"])
def test_a_reminder_that_may_not_have_arrived_is_listed(
    sent: None, who: str, request: pytest.FixtureRequest
) -> None:
    Message.objects.filter(kind="reminder").update(state=Message.State.UNCERTAIN, sent_at=None)

    listed = messages_administered_by(request.getfixturevalue(who))

    assert {message.kind for message in listed} == {"ask", "reminder"}


@pytest.mark.parametrize("state", ["failed", "bounced", "uncertain", "suppressed"])
def test_the_choice_of_a_reminder_finds_those_that_did_not_arrive_and_no_others(
    sent: None, admin: User, state: str
) -> None:
    client, where = signed_in(admin), reverse("admin:mail_message_changelist")
    assert client.get(where, {"kind": "reminder"}).context["cl"].result_count == 0
    why = suppression.NOT_WORKING if state == "suppressed" else ""
    sent_at = NOW if state == "bounced" else None
    Message.objects.filter(kind="reminder").update(state=state, sent_at=sent_at, last_error=why)
    assert client.get(where, {"kind": "reminder"}).context["cl"].result_count == 1


def test_invitations_and_their_reminders_are_listed_to_those_who_run_their_program(
    program: Program, admin: User, other_admin: User, superuser: User
) -> None:
    guests = [Guest("petra@new.example")]
    (invitation,) = actions.invite_by_email(
        program, "mentee", guests, by=admin, now=NOW, lives=timedelta(days=30)
    )
    actions.remind_of_invitation(invitation, by=admin, now=NOW + timedelta(days=3))

    for who in (admin, superuser):
        listed = messages_administered_by(who)
        assert {message.kind for message in listed} == {"invitation", "invitation_reminder"}
    assert not messages_administered_by(other_admin).exists()


def test_a_letter_about_a_request_is_not_taken_for_one_about_another_programs_pairing(
    program: Program,
    other_program: Program,
    mentor: User,
    mentee: User,
    admin: User,
    other_admin: User,
) -> None:
    theirs = pair(other_program, mentor, mentee)
    request = PairingRequest.objects.create(
        pk=theirs.pk, program=program, mentor=mentor, mentee=mentee, note="", asked_at=NOW
    )
    outbox.owe("request_declined", mentee.pk, request.pk, due_at=NOW, expires_at=NOW + timedelta(days=7))
    assert [message.kind for message in messages_administered_by(admin)] == ["request_declined"]
    assert not messages_administered_by(other_admin).exists()


def test_who_waits_for_whose_room_is_listed_to_nobody(mentee: User, admin: User, superuser: User) -> None:
    outbox.owe("mentor_has_room", mentee.pk, 1, due_at=NOW, expires_at=NOW + timedelta(days=7))
    for who in (admin, superuser):
        assert not messages_administered_by(who).exists()
    Message.objects.update(state=Message.State.FAILED)
    assert not messages_administered_by(admin).exists()
    assert messages_administered_by(superuser).exists()


# --- What the page says, and sending again ---------------------------------------------------------------------------


def owed_in(person: User, round_pk: int, state: str, **fields: object) -> Message:
    outbox.owe("ask", person.pk, round_pk, due_at=NOW, expires_at=NOW + timedelta(days=7))
    rows = Message.objects.filter(kind="ask", person=person, subject_id=round_pk)
    rows.update(state=state, **fields)
    return rows.get()


@pytest.mark.parametrize(
    ("state", "why"),
    [("cancelled", "answered"), ("suppressed", "stopped"), ("expired", "snoozed, until after")],
)
def test_why_somebody_got_none_is_theirs(
    program: Program, mentee: User, admin: User, superuser: User, state: str, why: str
) -> None:
    round = open_due_rounds(NOW)[-1]
    message = owed_in(mentee, round.pk, state, last_error=why)
    for who in (admin, superuser):
        client = signed_in(who)
        for page in (
            client.get(reverse("admin:mail_message_changelist")),
            client.get(reverse("admin:mail_message_change", args=[message.pk])),
            client.get(reverse("admin:mail_message_changelist"), {"outcome": "not_sent", "round": round.pk}),
        ):
            shown = page.content.decode()
            assert "not sent" in shown
            assert f">{why}" not in shown
            assert "stopped by the person" not in shown
        other = client.get(reverse("admin:mail_message_changelist"), {"outcome": "suppressed"})
        assert other.context["cl"].result_count == 0


def test_of_an_announcement_what_was_sent_and_what_its_reader_stopped_look_alike(
    program: Program, mentee: User, mentor: User, admin: User, superuser: User
) -> None:
    """As on the page that says whom it reaches: else the list would name who has stopped these e-mails."""
    went = {"state": "sent", "sending_at": NOW, "sent_at": NOW, "attempts": 1, "last_code": 250}
    sent = announced(program, admin, mentee, **went)
    stopped = announced(program, admin, mentor, state="suppressed", last_error="stopped")
    for who in (admin, superuser):
        client, where = signed_in(who), reverse("admin:mail_message_changelist")
        for query in ({}, {"outcome": "settled"}, {"kind": "announcement"}):
            rows = client.get(where, query).content.decode()
            assert rows.count(">sent, unless stopped</td>") == 2, query
        for wanted in ("sent", "not_sent", "needs_a_hand"):
            assert client.get(where, {"outcome": wanted}).context["cl"].result_count == 0
        assert on_its_page(client, sent) == on_its_page(client, stopped)
    Message.objects.filter(pk=stopped.pk).update(last_error=suppression.NOT_WORKING)
    found = signed_in(admin).get(reverse("admin:mail_message_changelist"), {"outcome": "not_sent"})
    assert list(found.context["cl"].result_list) == [stopped]
    assert "address not working" in found.content.decode()


def announced(program: Program, admin: User, person: User, **fields: object) -> Message:
    values = {"segment": "everybody", "subject": "Tides", "body": "They turn."}
    row, _is_new = Announcement.objects.get_or_create(program=program, author=admin, **values)
    outbox.owe("announcement", person.pk, row.pk, due_at=NOW, expires_at=NOW + timedelta(days=7))
    rows = Message.objects.filter(kind="announcement", person=person)
    rows.update(**fields)
    return rows.get()


def on_its_page(client: Client, message: Message) -> list[str]:
    """What the page of an e-mail says of it, but for what each has of its own."""
    page = client.get(reverse("admin:mail_message_change", args=[message.pk])).context["adminform"]
    fields = [field for fieldset in page for line in fieldset for field in line]
    own = ("to_whom", "message_id")
    return [str(field.contents()) for field in fields if field.field["name"] not in own]


@pytest.mark.parametrize("order", ["2", "-2", "5", "-5"])
def test_the_order_of_the_list_does_not_tell_why_one_was_not_sent(
    program: Program, mentee: User, mentor: User, member: User, admin: User, order: str
) -> None:
    """By state and by when it was sent: whoever of three it is that was stopped, they stand in the same order."""
    round = open_due_rounds(NOW)[-1]
    people, whys = (mentee, mentor, member), ("cancelled", "expired", "suppressed")
    for person in people:
        owed_in(person, round.pk, "queued")
    orders = set()
    for turn in range(3):
        for person, why in zip(people, [*whys[turn:], *whys[:turn]], strict=True):
            sending = NOW if why == "expired" else None
            Message.objects.filter(person=person).update(state=why, sending_at=sending, last_error="x")
        found = signed_in(admin).get(reverse("admin:mail_message_changelist"), {"o": order})
        orders.add(tuple(message.person_id for message in found.context["cl"].result_list))
    assert [len(each) for each in orders] == [3]


def test_what_went_with_the_weekly_e_mail_was_sent(
    program: Program, mentee: User, mentor: User, admin: User
) -> None:
    """That somebody wants one e-mail a week is theirs, and so it looks as it does of anybody else."""
    round = open_due_rounds(NOW)[-1]
    with_it = owed_in(
        mentee, round.pk, "cancelled", last_error=Message.IN_THE_WEEKLY, last_code=450, sending_at=NOW
    )
    owed_in(mentor, round.pk, "cancelled", last_error="answered")
    client, where = signed_in(admin), reverse("admin:mail_message_changelist")
    found = client.get(where, {"outcome": "sent"})
    assert list(found.context["cl"].queryset) == [with_it]
    shown = found.content.decode().partition("</thead>")[2].partition("</tbody>")[0]
    assert "not sent" not in shown
    assert "weekly" not in shown
    assert str(NOW.year) in shown.partition("field-went_at")[2].partition("</td>")[0]
    assert client.get(where, {"outcome": "not_sent"}).context["cl"].result_count == 1


@pytest.mark.parametrize("reason", manners.AT_REST)
def test_what_a_person_wishes_is_shown_of_nothing_that_waits(
    program: Program, mentee: User, admin: User, reason: str
) -> None:
    round = open_due_rounds(NOW)[-1]
    message = owed_in(mentee, round.pk, "queued", last_error=reason, last_code=450)
    client = signed_in(admin)
    for page in (
        client.get(reverse("admin:mail_message_changelist")),
        client.get(reverse("admin:mail_message_change", args=[message.pk])),
    ):
        assert f">{reason}<" not in page.content.decode()


@pytest.mark.parametrize(
    "kind", ["keep_asking", "line", "line_again", "thanks_draft", "quarter_words", "reply_receipt"]
)
def test_no_list_names_who_was_silent_or_who_wrote(mentee: User, superuser: User, kind: str) -> None:
    outbox.owe(kind, mentee.pk, 1, due_at=NOW, expires_at=NOW + timedelta(days=7))
    for state in (Message.State.QUEUED, Message.State.SENT, Message.State.CANCELLED):
        went = NOW if state == Message.State.SENT else None
        Message.objects.update(state=state, sending_at=went, sent_at=went)
        assert not messages_administered_by(superuser).exists()
    Message.objects.update(state=Message.State.FAILED)
    assert messages_administered_by(superuser).exists()


def test_what_the_server_said_is_shown_and_the_log_of_a_round_is_found(
    program: Program, mentee: User, mentor: User, admin: User
) -> None:
    round = open_due_rounds(NOW)[-1]
    owed_in(mentee, round.pk, "failed", last_error="RCPT: no such mailbox", last_code=550)
    client, where = signed_in(admin), reverse("admin:mail_message_changelist")
    assert "no such mailbox" in client.get(where, {"round": round.pk}).content.decode()
    assert client.get(where, {"round": round.pk + 1}).context["cl"].result_count == 0


def test_what_was_refused_or_perhaps_sent_is_sent_again_as_the_same_message(
    program: Program, mentee: User, mentor: User, admin: User
) -> None:
    round = open_due_rounds(NOW)[-1]
    perhaps = owed_in(mentee, round.pk, "uncertain", sending_at=NOW, last_error="no answer after DATA")
    sent = owed_in(mentor, round.pk, "sent", sending_at=NOW, sent_at=NOW)
    client, where = signed_in(admin), reverse("admin:mail_message_changelist")
    chosen = {"action": "again", "_selected_action": [perhaps.pk, sent.pk]}
    asked = client.post(where, chosen).content.decode()
    assert "may reach its reader a second time" in asked
    perhaps.refresh_from_db()
    assert perhaps.state == "uncertain"

    said = client.post(where, chosen | {"confirmed": "yes"}, follow=True).content.decode()
    assert "Only what was refused, or perhaps sent, can be sent again." in said
    before = perhaps.message_id
    perhaps.refresh_from_db()
    sent.refresh_from_db()
    assert (perhaps.state, perhaps.attempts, perhaps.message_id) == ("queued", 0, before)
    assert perhaps.expires_at > now()
    assert Message.objects.due().get() == perhaps
    assert sent.state == "sent"
    history = client.get(reverse("admin:mail_message_history", args=[perhaps.pk])).content.decode()
    assert "sent again" in history


def test_somebody_elses_messages_are_not_sent_again(
    other_program: Program, mentee: User, admin: User
) -> None:
    round = [one for one in open_due_rounds(NOW) if one.program_id == other_program.pk][-1]
    message = owed_in(mentee, round.pk, "failed")
    chosen = {"action": "again", "_selected_action": [message.pk], "confirmed": "yes"}
    signed_in(admin).post(reverse("admin:mail_message_changelist"), chosen)
    message.refresh_from_db()
    assert message.state == "failed"


# --- What a dead address held back -----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["admin", "superuser"])
def test_what_a_dead_address_held_back_needs_a_hand_and_what_its_person_stopped_does_not(
    program: Program, mentor: User, mentee: User, who: str, request: pytest.FixtureRequest
) -> None:
    round = open_due_rounds(NOW)[-1]
    dead = owed_in(mentor, round.pk, "suppressed", last_error=suppression.NOT_WORKING)
    owed_in(mentee, round.pk, "suppressed", last_error=suppression.COMPLAINED)
    client = signed_in(request.getfixturevalue(who))
    page = client.get(reverse("admin:mail_message_changelist"), {"outcome": "needs_a_hand"})
    assert list(page.context["cl"].result_list) == [dead]
    assert "address not working" in page.content.decode()
    with time_machine.travel(NOW, tick=False):
        first = signed_in(request.getfixturevalue(who)).get(reverse("admin:index")).content.decode()
    assert "ne e-mail did not arrive" in first
    assert str(mentor) in first
    # Of this program, and of the days that were counted.
    link = f"?program={program.pk}&amp;outcome=needs_a_hand&amp;days=30"
    assert link in first


def test_the_link_of_the_first_page_opens_those_that_it_counted(
    program: Program, other_program: Program, mentor: User, mentee: User, superuser: User
) -> None:
    rounds = open_due_rounds(NOW)
    [here] = [each for each in rounds if each.program_id == program.pk][-1:]
    [there] = [each for each in rounds if each.program_id == other_program.pk][-1:]
    counted = owed_in(mentor, here.pk, "failed")
    owed_in(mentor, there.pk, "failed")
    owed_in(mentee, here.pk, "failed", due_at=NOW - timedelta(days=31))
    with time_machine.travel(NOW, tick=False):
        client = signed_in(superuser)
        first = client.get(reverse("admin:index"), {"program": program.pk}).content.decode()
        [link] = re.findall(r'href="([^"]*[?]program=\d+&amp;outcome=needs_a_hand[^"]*)"', first)
        listed = client.get(link.replace("&amp;", "&")).context["cl"].result_list
    assert list(listed) == [counted]


@pytest.mark.parametrize("who", ["admin", "superuser"])
@pytest.mark.parametrize("state", ["failed", "bounced"])
def test_what_went_to_an_earlier_address_needs_nobody_and_that_it_was_changed_is_its_persons(
    program: Program, mentor: User, who: str, state: str, request: pytest.FixtureRequest
) -> None:
    round = open_due_rounds(NOW)[-1]
    at: dict[str, object] = {"sending_at": NOW, "sent_at": NOW} if state == "bounced" else {"last_code": 550}
    message = owed_in(mentor, round.pk, state, last_error="rcpt: 5.1.1", **at)
    with time_machine.travel(NOW, tick=False):
        client = signed_in(request.getfixturevalue(who))
        assert "ne e-mail did not arrive" in client.get(reverse("admin:index")).content.decode()
        suppression.address_changed(mentor, now=NOW)
        message.refresh_from_db()
        assert message.last_error == Message.TO_AN_EARLIER_ADDRESS
        assert "ne e-mail did not arrive" not in client.get(reverse("admin:index")).content.decode()
        changelist = reverse("admin:mail_message_changelist")
        pages = [client.get(changelist), client.get(reverse("admin:mail_message_change", args=[message.pk]))]
        needed = client.get(changelist, {"outcome": "needs_a_hand"})
    for page in pages:
        assert page.status_code == 200
        assert Message.TO_AN_EARLIER_ADDRESS not in page.content.decode()
    assert not needed.context["cl"].result_list
