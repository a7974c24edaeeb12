"""Nobody hears from a program that rests: whatever was owed before waits, and comes in its turn when it goes on."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.mail import kinds
from accounts.mail.models import Message
from accounts.mail.weekly import WEEKLY
from accounts.models import User
from mentoring import actions, agree_emails, ending_emails, in_touch_emails, request_emails, times_emails
from mentoring.actions import Guest, Refused
from mentoring.announcement_emails import ANNOUNCEMENT
from mentoring.calendar_emails import CHANGED, DECLINED, INVITED
from mentoring.emails import (
    FIT_CHECK,
    INVITATION,
    INVITATION_REMINDER,
    MADE,
    NOT_RUNNING,
    PROPOSED,
    PROPOSED_REMINDER,
    UNANSWERED,
)
from mentoring.met_emails import DID_YOU_MEET
from mentoring.models import Agreement, InTouch, Invitation, Meeting, Pairing, Program, RoomWatch
from mentoring.on_behalf_emails import ACCEPTED_FOR
from mentoring.room_emails import HAS_ROOM
from mentoring.silence_emails import SILENCE
from reflections import swap_emails
from reflections.asides import Aside
from reflections.closings import CLOSED
from reflections.models import Round
from reflections.naming_emails import NAMED
from reflections.nudges import Planned, plan_nudges
from reflections.outlook import KEEP_ASKING, look, open_rounds
from reflections.response_emails import NOTE
from tests.conftest import make_person
from tests.reflections.nudging import (
    ASK,
    DAY,
    LAST_CALL,
    REMINDER,
    SOON,
    W0,
    WEEK,
    answer,
    at,
    live,
    owed,
    send_due,
    sent,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
RESTS = ("draft", "paused", "closed", "archived")


def rest(status: str) -> None:
    Program.objects.update(status=status)


def go_on(program: Program, by: User, now: datetime) -> None:
    """By the verb that leads from where it stands to active."""
    program.refresh_from_db()
    if program.status == "archived":
        actions.restore_program(program, by=by)
    verb: Callable[..., None] = {
        "draft": actions.activate_program,
        "paused": actions.resume_program,
        "closed": actions.reopen_program,
    }[program.status]
    with at(now):
        verb(program, by=by, now=now)


def states(kind: str) -> set[tuple[str, str]]:
    return set(Message.objects.filter(kind=kind).values_list("state", "last_error"))


def test_every_kind_that_can_be_stopped_is_looked_at_here() -> None:
    """Whoever adds one says below what becomes of it while its program rests."""
    streams = {name for name in kinds.names() if kinds.get(name).stream}
    of_requests = set(request_emails.KINDS)  # tests/mentoring/requests/test_letters.py
    of_ends = set(ending_emails.KINDS)  # tests/mentoring/endings/test_emails.py
    ours = {
        ASK,
        REMINDER,
        LAST_CALL,
        MADE,
        PROPOSED,
        PROPOSED_REMINDER,
        UNANSWERED,
        ACCEPTED_FOR,
        HAS_ROOM,
        FIT_CHECK,
        DID_YOU_MEET,
        INVITATION,
        INVITATION_REMINDER,
        *agree_emails.KINDS,
        ANNOUNCEMENT,  # tests/mentoring/test_announcements.py
        NOTE,  # tests/reflections/test_responses.py
        NAMED,  # tests/reflections/test_naming.py
        *swap_emails.KINDS,  # tests/reflections/test_swaps_letters.py
        *times_emails.KINDS,
        SILENCE,
        *in_touch_emails.KINDS,
        KEEP_ASKING,  # tests/reflections/test_resting.py
        *Aside,  # tests/reflections/test_asides.py
        CLOSED,  # tests/reflections/test_quarter_closed.py
        WEEKLY,  # tests/accounts/mail/test_weekly.py: of no program, and what it gathers passes the fence
    }
    of_meetings = {INVITED, CHANGED, DECLINED}  # tests/mentoring/calendars/
    assert streams == ours | of_requests | of_meetings | of_ends


# --- The quarter's nudges ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", RESTS)
@pytest.mark.parametrize("nudge", [ASK, REMINDER, LAST_CALL])
def test_a_nudge_that_was_planned_before_is_not_sent_while_its_program_rests(
    current: Round, pairing: Pairing, status: str, nudge: str
) -> None:
    weeks = {ASK: 0, REMINDER: 1, LAST_CALL: 3}[nudge]
    live(W0 - DAY, 7 * weeks)
    due = W0 + weeks * WEEK
    plan_nudges(due - 2 * DAY)
    assert states(nudge) == {("queued", "")}
    before = Message.objects.filter(state="sent").count()
    rest(status)
    for moment in (due, due + 5 * MINUTE, due + DAY):
        plan_nudges(moment)
        send_due(moment)
    assert states(nudge) == {("cancelled", NOT_RUNNING)}
    assert Message.objects.filter(state="sent").count() == before


def test_a_paused_program_plans_nothing(current: Round, pairing: Pairing) -> None:
    rest("paused")
    assert plan_nudges(SOON) == Planned()
    assert owed() == []


def test_a_pause_that_is_over_before_the_coffee_time_changes_nothing(
    current: Round, program: Program, pairing: Pairing, mentor: User, admin: User
) -> None:
    plan_nudges(SOON)
    rest("paused")
    send_due(W0 - DAY)
    go_on(program, admin, W0 - DAY)
    live(W0 - DAY, 30)
    assert [(kind, day) for kind, _round, day in sent(mentor)] == [
        (ASK, W0.date()),
        (REMINDER, (W0 + WEEK).date()),
        (LAST_CALL, (W0 + 3 * WEEK).date()),
    ]


def test_what_fell_into_a_short_pause_goes_out_late_and_the_rest_keeps_its_distance(
    current: Round, program: Program, pairing: Pairing, mentor: User, admin: User
) -> None:
    """As after a clock that stood still for two days."""
    plan_nudges(SOON)
    rest("paused")
    live(W0, 2)
    assert sent(mentor) == []
    go_on(program, admin, W0 + 2 * DAY)
    live(W0 + 2 * DAY + timedelta(hours=3), 60)
    assert [(kind, (day - W0.date()).days) for kind, _round, day in sent(mentor)] == [
        (ASK, 2),
        (REMINDER, 14),
        (LAST_CALL, 21),
    ]


def test_after_a_long_pause_nobody_gets_several_at_once(
    current: Round, program: Program, pairing: Pairing, mentor: User, mentee: User, admin: User
) -> None:
    plan_nudges(SOON)
    rest("paused")
    live(W0, 8)
    go_on(program, admin, W0 + 8 * DAY)
    live(W0 + 8 * DAY, 40)
    for person in (mentor, mentee):
        assert [kind for kind, *_rest in sent(person)] == [REMINDER, LAST_CALL]
        days = [day for *_rest, day in sent(person)]
        assert days == sorted(set(days))
        assert (days[1] - days[0]).days >= 6


def test_what_is_too_late_after_a_pause_stays_unsent(
    current: Round, program: Program, pairing: Pairing, mentor: User, admin: User
) -> None:
    plan_nudges(SOON)
    rest("paused")
    live(W0, 30)
    go_on(program, admin, W0 + 30 * DAY)
    live(W0 + 30 * DAY, 20)
    assert sent(mentor) == []


def test_the_dry_run_says_when_what_rested_goes_out(
    current: Round, program: Program, pairing: Pairing, mentor: User, admin: User
) -> None:
    plan_nudges(SOON)
    rest("paused")
    send_due(W0)
    go_on(program, admin, W0 + DAY)
    now = W0 + DAY + timedelta(hours=3)
    (ask,) = [
        outlook
        for outlook in look(open_rounds(now), now)
        if outlook.nudge == ASK and outlook.person.pk == mentor.pk
    ]
    assert ask.at == now
    assert plan_nudges(now).owed == 2
    assert plan_nudges(now) == Planned()


def test_who_answered_in_the_pause_is_not_asked_after_it(
    current: Round, program: Program, pairing: Pairing, mentor: User, admin: User
) -> None:
    plan_nudges(SOON)
    rest("paused")
    send_due(W0)
    answer(mentor, current, "submitted", W0)
    go_on(program, admin, W0 + DAY)
    live(W0 + DAY, 40)
    assert sent(mentor) == []


# --- Letters about pairings ----------------------------------------------------------------------------------------


def make_pair(program: Program, mentor: User, mentee: User, by: User, *, ask: bool) -> Pairing:
    return actions.create_pairing(
        program, mentor, mentee, by=by, starts_on=SOON.date(), approval="both" if ask else "admins", now=SOON
    )


@pytest.mark.parametrize("status", RESTS)
@pytest.mark.parametrize("ask", [True, False])
def test_a_letter_about_a_pairing_waits_while_its_program_rests_and_goes_when_it_goes_on(
    program: Program, mentor: User, mentee: User, admin: User, status: str, ask: bool
) -> None:
    make_pair(program, mentor, mentee, admin, ask=ask)
    rest(status)
    send_due(SOON + MINUTE)
    kind = PROPOSED if ask else MADE
    assert states(kind) == {("cancelled", NOT_RUNNING)}
    later = SOON + 40 * DAY
    go_on(program, admin, later)
    send_due(later + MINUTE)
    assert states(kind) == {("sent", "")}
    assert Message.objects.count() == 2


def test_a_letter_that_nobody_wants_any_more_is_not_sent_after_the_pause(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    pairing = make_pair(program, mentor, mentee, admin, ask=True)
    rest("paused")
    send_due(SOON + MINUTE)
    actions.decline_pairing(pairing, by=mentor, now=SOON)
    go_on(program, admin, SOON + DAY)
    send_due(SOON + DAY + MINUTE)
    assert states(PROPOSED) == {("cancelled", "the question is answered or withdrawn")}


def test_a_reminder_of_a_question_waits_and_comes_a_week_after_the_program_goes_on(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    make_pair(program, mentor, mentee, admin, ask=True)
    send_due(SOON + MINUTE)
    assert actions.remind_the_undecided(SOON + 7 * DAY) == 2
    rest("paused")
    send_due(SOON + 7 * DAY)
    assert states(PROPOSED_REMINDER) == {("cancelled", NOT_RUNNING)}
    later = SOON + 20 * DAY
    go_on(program, admin, later)
    send_due(later + 6 * DAY)
    assert states(PROPOSED_REMINDER) == {("queued", "")}
    assert actions.remind_the_undecided(later + 7 * DAY) == 0
    send_due(later + 7 * DAY)
    assert states(PROPOSED_REMINDER) == {("sent", "")}


def test_that_a_question_was_not_answered_is_told_when_the_program_goes_on(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    pairing = make_pair(program, mentor, mentee, admin, ask=True)
    actions.accept_pairing(pairing, by=mentor, now=SOON)
    assert actions.expire_questions(SOON + 14 * DAY) == 1
    rest("paused")
    send_due(SOON + 14 * DAY)
    assert states(UNANSWERED) == {("cancelled", NOT_RUNNING)}
    go_on(program, admin, SOON + 15 * DAY)
    send_due(SOON + 15 * DAY + MINUTE)
    assert states(UNANSWERED) == {("sent", "")}


def test_what_was_sent_before_a_pause_is_not_sent_again(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    make_pair(program, mentor, mentee, admin, ask=False)
    send_due(SOON + MINUTE)
    assert states(MADE) == {("sent", "")}
    rest("paused")
    go_on(program, admin, SOON + DAY)
    assert states(MADE) == {("sent", "")}


def test_letters_of_another_program_stay_where_they_are(
    program: Program, other_program: Program, mentor: User, mentee: User, admin: User, superuser: User
) -> None:
    make_pair(program, mentor, mentee, admin, ask=False)
    rest("paused")
    send_due(SOON + MINUTE)
    other_program.refresh_from_db()
    actions.resume_program(other_program, by=superuser, now=SOON)
    assert states(MADE) == {("cancelled", NOT_RUNNING)}


@pytest.mark.parametrize("status", RESTS)
def test_a_fit_check_that_was_owed_before_waits_while_its_program_rests_and_comes_when_it_goes_on(
    program: Program, pairing: Pairing, mentee: User, admin: User, status: str
) -> None:
    Meeting.objects.create(pairing=pairing, starts_at=SOON - 20 * DAY)
    assert actions.ask_due_fit_checks(SOON) == 2
    rest(status)
    send_due(SOON + MINUTE)
    assert states(FIT_CHECK) == {("cancelled", NOT_RUNNING)}
    check = pairing.fit_checks.get(person=mentee)
    pairing.fit_checks.filter(pk=check.pk).update(answer="good", answered_at=SOON)
    later = SOON + 20 * DAY
    go_on(program, admin, later)
    send_due(later + MINUTE)
    found = dict(Message.objects.filter(kind=FIT_CHECK).values_list("subject_id", "state"))
    assert found.pop(check.pk) == "cancelled"
    assert list(found.values()) == ["sent"]


@pytest.mark.parametrize("status", RESTS)
def test_the_question_whether_they_met_waits_while_its_program_rests_and_is_not_asked_too_late(
    program: Program, pairing: Pairing, mentee: User, admin: User, status: str
) -> None:
    was, long_ago = (Meeting.objects.create(pairing=pairing, starts_at=SOON - days * DAY) for days in (1, 3))
    assert actions.ask_whether_they_met(SOON) == 4
    rest(status)
    send_due(SOON + DAY)
    assert states(DID_YOU_MEET) == {("cancelled", NOT_RUNNING)}
    later = SOON + 2 * DAY
    go_on(program, admin, later)
    send_due(later + DAY / 2)
    found = Message.objects.filter(kind=DID_YOU_MEET, person=mentee)
    assert dict(found.values_list("subject_id", "state")) == {was.pk: "sent", long_ago.pk: "cancelled"}


@pytest.mark.parametrize("status", RESTS)
def test_a_letter_about_a_mentors_room_waits_while_its_program_rests(
    program: Program, mentor: User, mentee: User, admin: User, status: str
) -> None:
    Program.objects.update(matched_by="mentees")
    RoomWatch.objects.create(program=program, mentor=mentor, mentee=mentee)
    assert actions.tell_of_room(SOON) == 1
    rest(status)
    send_due(SOON + MINUTE)
    assert states(HAS_ROOM) == {("cancelled", NOT_RUNNING)}
    go_on(program, admin, SOON + DAY)
    send_due(SOON + DAY + MINUTE)
    assert states(HAS_ROOM) == {("sent", "")}


@pytest.mark.parametrize("status", ["draft", "paused", "closed"])
def test_a_letter_about_what_a_pair_agrees_on_waits_while_its_program_rests(
    program: Program, pairing: Pairing, mentor: User, mentee: User, admin: User, status: str
) -> None:
    words = {"cadence": "Often"}
    version = actions.propose_agreement(pairing, words, by=mentor, seen=0, now=SOON)
    send_due(SOON + MINUTE)
    assert states(agree_emails.PROPOSED) == {
        ("queued", "")
    }  # A few minutes, in which it may be put otherwise.
    rest(status)
    send_due(SOON + 6 * MINUTE)
    assert states(agree_emails.PROPOSED) == {("cancelled", NOT_RUNNING)}
    go_on(program, admin, SOON + DAY)
    send_due(SOON + DAY + MINUTE)
    assert states(agree_emails.PROPOSED) == {("sent", "")}
    actions.accept_agreement(version, by=mentee, now=SOON + DAY)
    rest(status)
    send_due(SOON + DAY + 6 * MINUTE)
    assert states(agree_emails.AGREED) == {("cancelled", NOT_RUNNING)}
    go_on(program, admin, SOON + 2 * DAY)
    send_due(SOON + 2 * DAY + MINUTE)
    assert states(agree_emails.AGREED) == {("sent", "")}


def test_nothing_is_sent_of_a_suggestion_that_was_taken_back_at_once(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    version = actions.propose_agreement(pairing, {"cadence": "Often"}, by=mentor, seen=0, now=SOON)
    actions.withdraw_agreement(version, by=mentor, now=SOON + MINUTE)
    again = actions.propose_agreement(pairing, {"cadence": "Less"}, by=mentor, seen=1, now=SOON + 2 * MINUTE)
    send_due(SOON + 10 * MINUTE)
    found = Message.objects.filter(kind=agree_emails.PROPOSED).values_list("subject_id", "state")
    assert dict(found) == {version.pk: "cancelled", again.pk: "sent"}
    assert Agreement.objects.count() == 2


@pytest.mark.parametrize("status", RESTS)
def test_whether_two_are_in_touch_is_asked_when_the_program_goes_on_where_it_is_still_asked(
    program: Program, pairing: Pairing, admin: User, status: str
) -> None:
    now = SOON.replace(hour=12)
    assert actions.ask_silent_pairs(now) == 2
    rest(status)
    send_due(now + MINUTE)
    assert states(SILENCE) == {("cancelled", NOT_RUNNING)}
    go_on(program, admin, now + DAY)
    send_due(now + DAY + MINUTE)
    assert states(SILENCE) == {("sent", "")}


@pytest.mark.parametrize("status", RESTS)
def test_two_who_stay_in_touch_hear_of_each_other_when_their_program_is_over_and_not_while_it_rests(
    program: Program, pairing: Pairing, mentor: User, mentee: User, admin: User, status: str
) -> None:
    now = SOON.replace(hour=12)
    ended_on = now.date() - timedelta(days=190)
    Pairing.objects.update(status="completed", ended_on=ended_on, starts_on=ended_on)
    for person in (mentor, mentee):
        actions.say_in_touch(pairing, by=person, wants=True, now=now)
    assert actions.ask_for_postcards(now) == 2
    actions.send_postcard(pairing.postcards.get(person=mentor), by=mentor, text="x", now=now)
    InTouch.objects.filter(person=mentor).update(said_at=now)
    goes_on = status in ("closed", "archived")
    rest(status)
    send_due(now + MINUTE)
    gone = {("sent", "")} if goes_on else {("cancelled", NOT_RUNNING)}
    asked = {("cancelled", "it is sent, or postcards are muted")}
    for kind in in_touch_emails.KINDS:
        assert states(kind) == gone | (asked if kind == in_touch_emails.POSTCARD_ASKED else set()), kind
    if goes_on:
        return
    go_on(program, admin, now + DAY)
    send_due(now + DAY + MINUTE)
    for kind in in_touch_emails.KINDS:
        assert ("sent", "") in states(kind), kind


# --- Invitations ---------------------------------------------------------------------------------------------------


# The fence counts an invitation's time by the database's clock, as it was when the process started.
THEN = timezone.now()


def invite(program: Program, by: User, *, now: datetime = THEN) -> Invitation:
    guests = [Guest("petra@new.example", "Petra")]
    return actions.invite_by_email(program, "mentee", guests, by=by, now=now, lives=14 * DAY)[0]


@pytest.mark.parametrize("status", ["paused", "closed", "archived"])
def test_an_invitation_that_waits_to_be_sent_is_not_while_its_program_rests(
    program: Program, admin: User, status: str
) -> None:
    invite(program, admin)
    rest(status)
    send_due(THEN + MINUTE)
    assert states(INVITATION) == {("cancelled", NOT_RUNNING)}
    go_on(program, admin, THEN + DAY)
    send_due(THEN + DAY + MINUTE)
    assert states(INVITATION) == {("sent", "")}


def test_an_invitation_that_ran_out_in_the_pause_is_not_sent_after_it(program: Program, admin: User) -> None:
    invite(program, admin)
    rest("paused")
    send_due(THEN + MINUTE)
    go_on(program, admin, THEN + 15 * DAY)
    send_due(THEN + 15 * DAY + MINUTE)
    assert states(INVITATION) == {("cancelled", NOT_RUNNING)}


def test_an_invitation_goes_out_of_a_draft_because_somebody_sent_it(program: Program, admin: User) -> None:
    rest("draft")
    program.refresh_from_db()
    invite(program, admin)
    send_due(THEN + MINUTE)
    assert states(INVITATION) == {("sent", "")}


@pytest.mark.parametrize("status", RESTS)
def test_the_clock_reminds_nobody_of_an_invitation_to_a_program_that_rests(
    program: Program, admin: User, status: str
) -> None:
    invite(program, admin)
    rest(status)
    assert actions.remind_the_silent(THEN + 8 * DAY) == 0
    go_on(program, admin, THEN + 8 * DAY)
    assert actions.remind_the_silent(THEN + 8 * DAY) == 1
    assert actions.remind_the_silent(THEN + 9 * DAY) == 0


@pytest.mark.parametrize("status", RESTS)
def test_a_reminder_that_was_owed_before_is_not_sent_while_its_program_rests(
    program: Program, admin: User, status: str
) -> None:
    invite(program, admin)
    assert actions.remind_the_silent(THEN + 8 * DAY) == 1
    rest(status)
    send_due(THEN + 8 * DAY)
    assert states(INVITATION_REMINDER) == {("cancelled", NOT_RUNNING)}
    go_on(program, admin, THEN + 9 * DAY)
    send_due(THEN + 9 * DAY + MINUTE)
    assert states(INVITATION_REMINDER) == {("sent", "")}


def test_a_reminder_by_hand_goes_out_of_a_draft_and_out_of_no_program_that_rests(
    program: Program, admin: User
) -> None:
    invitation = invite(program, admin)
    for status in ("paused", "closed", "archived"):
        rest(status)
        invitation = Invitation.objects.get(pk=invitation.pk)
        with pytest.raises(Refused):
            actions.remind_of_invitation(invitation, by=admin, now=THEN + 4 * DAY)
    rest("draft")
    invitation = Invitation.objects.get(pk=invitation.pk)
    actions.remind_of_invitation(invitation, by=admin, now=THEN + 4 * DAY)
    send_due(THEN + 4 * DAY + MINUTE)
    assert states(INVITATION_REMINDER) == {("sent", "")}


@pytest.mark.parametrize("status", ["paused", "closed", "archived"])
def test_nobody_is_invited_by_e_mail_to_a_program_that_rests(
    program: Program, admin: User, status: str
) -> None:
    rest(status)
    program.refresh_from_db()
    with pytest.raises(Refused):
        invite(program, admin)
    assert not User.objects.filter(email="petra@new.example").exists()


def test_people_who_stay_silent_in_another_program_are_reminded_all_the_same(
    program: Program, other_program: Program, admin: User, superuser: User
) -> None:
    make_person("unrelated@x.example", "Unrelated")
    invite(program, admin)
    guests = [Guest("kim@new.example", "Kim")]
    actions.invite_by_email(other_program, "mentee", guests, by=superuser, now=THEN, lives=14 * DAY)
    Program.objects.filter(pk=program.pk).update(status="paused")
    assert actions.remind_the_silent(THEN + 8 * DAY) == 1


@pytest.mark.parametrize("status", RESTS)
def test_a_letter_about_proposed_times_waits_while_its_program_rests(
    program: Program, pairing: Pairing, mentor: User, mentee: User, admin: User, status: str
) -> None:
    starts = [SOON + 30 * DAY]
    first = actions.propose_times(pairing, by=mentor, starts=starts, minutes=60, now=SOON - DAY)
    actions.none_suits(first, by=mentee, now=SOON)
    rest(status)
    send_due(SOON + MINUTE)
    assert states(times_emails.NONE_SUITS) == {("cancelled", NOT_RUNNING)}
    go_on(program, admin, SOON + DAY)
    send_due(SOON + DAY + MINUTE)
    assert states(times_emails.NONE_SUITS) == {("sent", "")}
    program.refresh_from_db()
    pairing.program = program
    actions.propose_times(pairing, by=mentor, starts=starts, minutes=60, now=SOON + DAY)
    Message.objects.filter(kind=times_emails.PROPOSED, state="cancelled").delete()
    rest(status)
    send_due(SOON + DAY + MINUTE)
    assert states(times_emails.PROPOSED) == {("cancelled", NOT_RUNNING)}
    go_on(program, admin, SOON + 2 * DAY)
    send_due(SOON + 2 * DAY + MINUTE)
    assert states(times_emails.PROPOSED) == {("sent", "")}
