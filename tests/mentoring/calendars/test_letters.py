"""The e-mails that carry a meeting to people's calendars: to whom, what is in them, and that none is out of date."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from accounts.mail import letters
from accounts.mail.kinds import Unrenderable
from accounts.mail.models import Message, Stopped
from accounts.models import User
from mentoring import actions, arrangements, calendar_events, endings
from mentoring.calendar_emails import CANCELLED, CHANGED, INVITED, SUPERSEDED
from mentoring.emails import NOT_RUNNING
from mentoring.models import Attendance, CalendarTold, Meeting, Pairing, Program
from tests.conftest import pair
from tests.mentoring.invites.lines import events, only, properties, second_reader

from .cast import (
    DAY,
    HOUR,
    arranged,
    arrives,
    calendar_of,
    call_off,
    latest,
    move,
    owed,
    send_all,
    soon,
    tell,
    text_of,
    told,
    why_not,
)

pytestmark = pytest.mark.django_db


def method_of(content: bytes) -> str:
    return next(each.value for each in properties(content) if each.name == "METHOD")


def sequence_of(content: bytes) -> int:
    return int(only(events(content)[0], "SEQUENCE").value)


def attendees_of(event: object) -> set[str]:
    return {each.value for each in event if each.name == "ATTENDEE"}  # type: ignore[attr-defined]


def test_each_of_the_two_gets_an_invitation_with_a_calendar_part_and_a_file(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    told(pairing, place="Room 4")
    assert owed(mentor) == owed(mentee) == [INVITED]
    mail = arrives(latest(mentee))
    assert mail["To"] == mentee.email
    assert mail["From"] == "Harbor Mentors <reflect@localhost>"
    assert mail.get_content_type() == "multipart/mixed"
    alternatives, file = mail.iter_parts()
    assert [part.get_content_type() for part in alternatives.iter_parts()] == [
        "text/plain", "text/html", "text/calendar",
    ]  # fmt: skip
    *_, part = alternatives.iter_parts()
    assert (part.get_param("method"), part.get_param("charset")) == ("REQUEST", "utf-8")
    assert part["Content-Disposition"] is None
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    (event,) = events(calendar_of(mail))
    assert only(event, "ORGANIZER").value == "mailto:reflect@localhost"
    assert attendees_of(event) == {f"mailto:{mentor.email}", f"mailto:{mentee.email}"}
    assert only(event, "SUMMARY").value == "Noor and Tomasz"
    assert only(event, "LOCATION").value == "Room 4"
    assert only(event, "CLASS").value == "PRIVATE"


def test_a_second_library_reads_the_same_time(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing)
    found = second_reader(calendar_of(arrives(latest(mentee)))).vevent
    assert found.dtstart.value == arrangement.starts_at
    assert found.dtend.value == arrangement.starts_at + HOUR
    assert found.uid.value == str(arrangement.uid)


def test_the_letter_says_when_by_both_clocks_and_quotes_nothing(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    pairing.focus = "avocet-what-we-work-on"
    pairing.save()
    arrangement = told(pairing, place="Room 4")
    mail = arrives(latest(mentee))
    there = arrangement.starts_at.astimezone(mentee.zone)
    assert mail["Subject"].startswith(f"You meet Noor on {there:%A}")
    said = text_of(mail)
    assert f"{there:%H:%M} to" in said
    assert "in Warsaw" in said
    assert f"{arrangement.starts_at.astimezone(mentor.zone):%H:%M} to" in said
    assert "for Noor in Lisbon" in said
    assert "Room 4" in said
    assert f"/pairings/{pairing.pk}/" in said
    assert "avocet" not in mail.as_string()


def test_answers_are_said_to_reach_us_only_where_they_do(
    pairing: Pairing, mentee: User, settings: Settings
) -> None:
    told(pairing)
    mail = arrives(latest(mentee))
    assert "What you answer there does not reach us" in text_of(mail)
    assert b"RSVP" not in calendar_of(mail)
    settings.INBOUND_AUTHSERV_ID = "mx.harbor.example"
    mail = arrives(latest(mentee))
    assert "Noor will be told if you cannot" in text_of(mail)
    assert calendar_of(mail).count(b"RSVP=TRUE") == 2


def test_whoever_was_asked_reads_who_planned_it_and_that_they_say_whether_they_come(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    arrangement = told(pairing)
    Attendance.objects.filter(arrangement=arrangement, person=mentor).update(answer="ACCEPTED")
    said = text_of(arrives(latest(mentee)))
    assert "Noor has planned a meeting with you. Say on your page whether you come." in said
    assert f"/pairings/{pairing.pk}/" in said
    said = text_of(arrives(latest(mentor)))
    assert "A meeting with Tomasz is arranged." in said
    assert "whether you come" not in said
    # Of times that both chose nothing is left to say.
    Attendance.objects.filter(arrangement=arrangement).update(answer="ACCEPTED")
    said = text_of(arrives(latest(mentee)))
    assert "A meeting with Noor is arranged." in said
    assert "whether you come" not in said


def test_of_a_series_and_of_a_change_it_says_so_too(pairing: Pairing, mentee: User) -> None:
    told(pairing, every="week", times=3)
    assert "Noor has planned meetings with you. Say on" in text_of(arrives(latest(mentee)))
    arrangement = told(pairing, starts_at=soon(12))
    send_all()
    move(arrangement, soon(13))
    said = text_of(arrives(latest(mentee)))
    assert "This is how it is now. Say on your page whether you come." in said


def test_the_sender_is_the_organizer(pairing: Pairing, mentee: User, settings: Settings) -> None:
    settings.CALENDAR_ADDRESS = "meetings@mentoring.example"
    told(pairing)
    mail = arrives(latest(mentee))
    assert mail["From"] == "Harbor Mentors <meetings@mentoring.example>"
    assert only(events(calendar_of(mail))[0], "ORGANIZER").value == "mailto:meetings@mentoring.example"


def test_a_meeting_that_moves_keeps_its_uid_and_its_number_grows(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing)
    first = calendar_of(arrives(latest(mentee)))
    send_all()
    move(arrangement, soon(9))
    assert owed(mentee) == [INVITED, CHANGED]
    mail = arrives(latest(mentee))
    second = calendar_of(mail)
    assert method_of(second) == "REQUEST"
    assert only(events(first)[0], "UID").value == only(events(second)[0], "UID").value
    assert (sequence_of(first), sequence_of(second)) == (0, 1)
    assert mail["Subject"].startswith("Changed: you meet Noor")
    assert arrangement.asked_in == 1


def test_a_meeting_that_is_called_off_is_cancelled_in_calendars(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    arrangement = told(pairing, place="Room 4")
    send_all()
    call_off(arrangement)
    assert owed(mentor) == owed(mentee) == [INVITED, CANCELLED]
    mail = arrives(latest(mentee))
    content = calendar_of(mail)
    assert method_of(content) == "CANCEL"
    (event,) = events(content)
    assert only(event, "STATUS").value == "CANCELLED"
    assert sequence_of(content) == 1
    assert mail["Subject"].startswith("Canceled: meeting Noor")
    assert "does not take place" in text_of(mail)
    assert mail["List-Unsubscribe"] is None


def test_what_was_answered_stands_in_the_next_version(pairing: Pairing, mentor: User, mentee: User) -> None:
    arrangement = told(pairing)
    Attendance.objects.filter(arrangement=arrangement, person=mentor).update(answer="ACCEPTED")
    (event,) = events(calendar_of(arrives(latest(mentee))))
    said = {each.value: each.parameters["PARTSTAT"] for each in event if each.name == "ATTENDEE"}
    assert said == {f"mailto:{mentor.email}": "ACCEPTED", f"mailto:{mentee.email}": "NEEDS-ACTION"}


# --- What is out of date is not sent -------------------------------------------------------------------------------


def test_an_older_version_is_not_sent_once_there_is_a_newer_one(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing)
    first = latest(mentee)
    move(arrangement, soon(9))
    assert why_not(first) == SUPERSEDED
    second = latest(mentee)
    mail = arrives(second)
    assert mail["Subject"].startswith("You meet Noor"), "the first that they hear of it"
    assert sequence_of(calendar_of(mail)) == 1


def test_whoever_never_heard_of_a_meeting_does_not_hear_that_it_is_off(
    pairing: Pairing, mentee: User
) -> None:
    arrangement = told(pairing)
    first = latest(mentee)
    call_off(arrangement)
    assert why_not(first) == SUPERSEDED
    assert why_not(latest(mentee)) == "it was in no calendar"


def test_whoever_stopped_these_e_mails_still_hears_that_nobody_comes(pairing: Pairing, mentee: User) -> None:
    Stopped.objects.stop(mentee.pk, "meetings")
    arrangement = told(pairing)
    assert why_not(latest(mentee)) == "stopped"
    send_all()
    call_off(arrangement)
    assert why_not(latest(mentee)) == ""


def test_one_arranged_and_called_off_again_and_again_leaves_one_truth(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    arrangement = told(pairing)
    for days in (8, 9, 10):
        move(arrangement, soon(days))
    call_off(arrangement)
    send_all()
    states = set(Message.objects.filter(person__in=[mentor, mentee]).values_list("state", flat=True))
    assert states == {"cancelled"}
    assert len(owed(mentor)) == len(owed(mentee)) == 5


def test_nobody_is_told_what_they_know(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing)
    tell(arrangement)
    tell(arrangement, asks_again=True)
    assert owed(mentee) == [INVITED]
    assert arrangement.sequence == 2
    assert why_not(latest(mentee)) == ""


def test_a_letter_that_is_otherwise_by_now_is_not_written(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing)
    arrangement.meetings.update(cancelled_at=datetime.now(UTC))
    assert why_not(latest(mentee)) == "it does not take place"
    with pytest.raises(Unrenderable):
        letters.post(latest(mentee))


def test_it_is_owed_until_the_meeting_is_over(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing, every="week", times=3)
    last = arrangement.meetings.order_by("starts_at").last()
    assert last is not None
    assert latest(mentee).expires_at == last.ends_at


def test_a_program_that_rests_invites_nobody_and_lets_nobody_wait_in_vain(
    program: Program, pairing: Pairing, mentee: User
) -> None:
    arrangement = told(pairing)
    Program.objects.update(status="paused")
    assert why_not(latest(mentee)) == NOT_RUNNING
    Program.objects.update(status="active")
    send_all()
    Program.objects.update(status="closed")
    call_off(arrangement)
    assert why_not(latest(mentee)) == ""


# --- A series ------------------------------------------------------------------------------------------------------


def test_a_series_says_its_rule_and_the_next_time(pairing: Pairing, mentee: User) -> None:
    told(pairing, every="two_weeks", times=6)
    mail = arrives(latest(mentee))
    (event,) = events(calendar_of(mail))
    rule = only(event, "RRULE").value
    assert "INTERVAL=2" in rule
    assert "COUNT=6" in rule
    assert "Every two weeks, 6 times in all" in text_of(mail)


def test_of_a_series_one_is_moved_and_one_left_out(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing, every="week", times=4, place="Room 4")
    send_all()
    _, second, third, _ = arrangement.meetings.order_by("starts_at")
    Meeting.objects.filter(pk=second.pk).update(starts_at=second.starts_at + 2 * HOUR, place="Room 5")
    Meeting.objects.filter(pk=third.pk).update(cancelled_at=datetime.now(UTC))
    tell(arrangement, asks_again=True)
    mail = arrives(latest(mentee))
    whole, moved = events(calendar_of(mail))
    assert only(whole, "EXDATE").value == _wall(third)
    assert only(moved, "LOCATION").value == "Room 5"
    assert only(whole, "LOCATION").value == "Room 4"
    assert only(moved, "UID").value == only(whole, "UID").value
    assert only(moved, "RECURRENCE-ID").value == _wall(second)


def _wall(meeting: Meeting) -> str:
    """When it would have begun, by the clock of its series."""
    assert meeting.original_at is not None
    return f"{meeting.original_at.astimezone(ZoneInfo('Europe/Lisbon')):%Y%m%dT%H%M%S}"


def test_a_version_of_one_meeting_goes_out_alone(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing, every="week", times=4)
    send_all()
    second = arrangement.meetings.order_by("starts_at")[1]
    Meeting.objects.filter(pk=second.pk).update(starts_at=second.starts_at + HOUR)
    tell(arrangement, asks_again=True, occurrence=second.original_at)
    mail = arrives(latest(mentee))
    content = calendar_of(mail)
    (event,) = events(content)
    assert method_of(content) == "REQUEST"
    assert only(event, "RECURRENCE-ID")
    assert "One of your meetings with Noor has changed" in text_of(mail)
    send_all()
    third = arrangement.meetings.order_by("original_at")[2]
    Meeting.objects.filter(pk=third.pk).update(cancelled_at=datetime.now(UTC))
    tell(arrangement, occurrence=third.original_at)
    mail = arrives(latest(mentee))
    content = calendar_of(mail)
    (event,) = events(content)
    assert method_of(content) == "CANCEL"
    assert only(event, "STATUS").value == "CANCELLED"
    assert "does not take place. The others stay" in text_of(mail)


def test_two_meetings_of_a_series_that_change_one_after_the_other_are_both_told(
    pairing: Pairing, mentee: User
) -> None:
    arrangement = told(pairing, every="week", times=4)
    send_all()
    letters_ = []
    for meeting in arrangement.meetings.order_by("original_at")[1:3]:
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=meeting.starts_at + HOUR)
        tell(arrangement, asks_again=True, occurrence=meeting.original_at)
        letters_.append(latest(mentee))
    assert [why_not(each) for each in letters_] == ["", ""]
    tell_all = arrangement.meetings.order_by("original_at")[3]
    Meeting.objects.filter(pk=tell_all.pk).update(place="Room 9")
    tell(arrangement)
    assert [why_not(each) for each in letters_] == [SUPERSEDED, SUPERSEDED]


def originals_of(content: bytes) -> list[str]:
    """Which meetings of a series alone it is about."""
    return [only(each, "RECURRENCE-ID").value for each in events(content)]


def test_a_series_that_is_called_off_half_way_is_cancelled_without_those_that_took_place(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    arrangement = told(pairing, every="week", times=4, starts_at=soon(-10))
    third, fourth = arrangement.meetings.order_by("starts_at")[2:]
    send_all()
    endings.end(Pairing.objects.filter(pk=pairing.pk), "ended", datetime.now(UTC))
    assert arrangement.meetings.planned().count() == 2
    for person in (mentor, mentee):
        mail = arrives(latest(person))
        content = calendar_of(mail)
        assert method_of(content) == "CANCEL"
        assert originals_of(content) == [_wall(third), _wall(fourth)]
        assert all(only(each, "STATUS").value == "CANCELLED" for each in events(content))
        assert all(sequence_of(content) == 1 for _each in events(content))
        assert f"on {third.starts_at.astimezone(person.zone):%A}" in mail["Subject"]
        assert "that were to come do not take place. This was the first of them" in text_of(mail)


def test_the_rest_of_a_series_is_cancelled_with_what_was_off_and_not_told_yet(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    arrangement = told(pairing, every="week", times=4, starts_at=soon(-3))
    send_all()
    second, third, fourth = arrangement.meetings.order_by("starts_at")[1:]
    actions.cancel_meeting(second, by=mentor, now=datetime.now(UTC))
    one = latest(mentee)
    actions.cancel_meeting(third, by=mentor, rest=True, now=datetime.now(UTC))
    assert why_not(one) == SUPERSEDED
    mail = arrives(latest(mentee))
    assert originals_of(calendar_of(mail)) == [_wall(each) for each in (second, third, fourth)]
    there = third.starts_at.astimezone(mentee.zone)
    assert f"on {there:%A}, {there:%B} {there.day}," in mail["Subject"]


def test_a_series_of_which_nothing_took_place_is_cancelled_as_a_whole(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    arrangement = told(pairing, every="week", times=3)
    send_all()
    actions.cancel_meeting(arrangement.meetings.earliest("starts_at"), by=mentor, rest=True, now=soon(0))
    content = calendar_of(arrives(latest(mentee)))
    assert method_of(content) == "CANCEL"
    (event,) = events(content)
    assert not any(each.name == "RECURRENCE-ID" for each in event)


def test_the_last_meeting_to_come_is_cancelled_without_those_that_took_place(
    pairing: Pairing, mentee: User
) -> None:
    arrangement = told(pairing, every="week", times=2, starts_at=soon(-3))
    send_all()
    last = arrangement.meetings.order_by("starts_at")[1]
    Meeting.objects.filter(pk=last.pk).update(cancelled_at=datetime.now(UTC))
    tell(arrangement, is_cancelled=True, occurrence=last.original_at)
    assert owed(mentee) == [INVITED, CANCELLED]
    content = calendar_of(arrives(latest(mentee)))
    assert method_of(content) == "CANCEL"
    (event,) = events(content)
    assert only(event, "RECURRENCE-ID").value == _wall(last)


def test_a_series_keeps_its_hour_on_the_wall_over_both_edges_of_summer(
    pairing: Pairing, mentee: User
) -> None:
    for first, edge in (
        (datetime(2027, 3, 18, 15, tzinfo=UTC), 28),
        (datetime(2027, 10, 21, 14, tzinfo=UTC), 31),
    ):
        arrangement = arranged(pairing, starts_at=first, every="week", times=4)
        hours = {each.starts_at.hour for each in arrangement.meetings.all()}
        assert len(hours) == 2, edge
        seen = calendar_events.seen_by(mentee, arrangement, datetime.now(UTC))
        assert seen is not None
        event = seen.event()
        assert event.series is not None
        assert event.series.moved == ()
        assert event.series.without == frozenset()
        found = second_reader(calendar_events.file(arrangement.meetings.all()[0], mentee, first)).vevent
        starts = list(found.getrruleset(addRDate=True))
        assert {each.hour for each in starts} == {15}


# --- Several mentees -----------------------------------------------------------------------------------------------


@pytest.fixture
def others(program: Program, mentor: User, member: User) -> Pairing:
    return pair(program, mentor, member)


def test_of_a_group_each_mentee_sees_the_mentor_and_themselves(
    pairing: Pairing, others: Pairing, mentor: User, mentee: User, member: User
) -> None:
    told(pairing, others)
    (theirs,) = events(calendar_of(arrives(latest(mentee))))
    assert attendees_of(theirs) == {f"mailto:{mentor.email}", f"mailto:{mentee.email}"}
    whole = arrives(latest(mentee)).as_string()
    assert member.email not in whole
    assert "Ines" not in whole
    mail = arrives(latest(mentor))
    (all_,) = events(calendar_of(mail))
    assert attendees_of(all_) == {f"mailto:{each.email}" for each in (mentor, mentee, member)}
    assert only(all_, "SUMMARY").value == "Noor and 2 others"
    assert mail["Subject"].startswith("You meet Tomasz and Ines")
    assert only(all_, "UID").value == only(theirs, "UID").value


def test_when_one_mentee_is_not_there_any_more_the_others_hear_nothing(
    pairing: Pairing, others: Pairing, mentor: User, mentee: User, member: User
) -> None:
    arrangement = told(pairing, others)
    send_all()
    Meeting.objects.filter(pairing=others).update(cancelled_at=datetime.now(UTC))
    tell(arrangement)
    assert owed(member) == [INVITED, CANCELLED]
    assert owed(mentee) == [INVITED]
    assert owed(mentor) == [INVITED, CHANGED]
    assert method_of(calendar_of(arrives(latest(member)))) == "CANCEL"
    (event,) = events(calendar_of(arrives(latest(mentor))))
    assert f"mailto:{member.email}" not in attendees_of(event)
    send_all()
    move(arrangement, soon(9))
    assert owed(member) == [INVITED, CANCELLED], "told once that it is off"
    assert owed(mentee) == [INVITED, CHANGED]


def test_of_a_group_one_may_miss_one_meeting_of_a_series(
    pairing: Pairing, others: Pairing, mentor: User, mentee: User, member: User
) -> None:
    arrangement = told(pairing, others, every="week", times=3)
    send_all()
    second = others.meetings.order_by("starts_at")[1]
    Meeting.objects.filter(pk=second.pk).update(cancelled_at=datetime.now(UTC))
    tell(arrangement)
    _, alone = events(calendar_of(arrives(latest(mentor))))
    assert attendees_of(alone) == {f"mailto:{mentor.email}", f"mailto:{mentee.email}"}
    (theirs,) = events(calendar_of(arrives(latest(member))))
    assert only(theirs, "EXDATE")
    assert owed(mentee) == [INVITED]


def test_whoever_leaves_a_series_half_way_is_named_no_more_and_keeps_what_took_place(
    pairing: Pairing, others: Pairing, mentor: User, mentee: User, member: User
) -> None:
    arrangement = told(pairing, others, starts_at=soon(-6), every="week", times=4)
    send_all()
    arrangements.call_off(Pairing.objects.filter(pk=others.pk), datetime.now(UTC))
    content = calendar_of(arrives(latest(member)))
    assert method_of(content) == "CANCEL"
    to_come = others.meetings.filter(cancelled_at__isnull=False).order_by("starts_at")
    assert originals_of(content) == [_wall(each) for each in to_come]
    mail = arrives(latest(mentor))
    assert mail["Subject"].startswith("Changed: you meet Tomasz on")
    assert "Ines" not in text_of(mail)
    assert f"/pairings/{pairing.pk}/" in text_of(mail)
    whole, *alone = events(calendar_of(mail))
    assert only(whole, "SUMMARY").value == "Noor and Tomasz"
    assert attendees_of(whole) == {f"mailto:{each.email}" for each in (mentor, mentee)}
    (first,) = alone
    assert only(first, "RECURRENCE-ID").value == _wall(arrangement.meetings.earliest("starts_at"))
    assert f"mailto:{member.email}" in attendees_of(first), "that they met stays as it was"
    assert owed(mentee) == [INVITED]


def test_of_a_group_the_letter_about_one_meeting_names_those_who_meet_then(
    pairing: Pairing, others: Pairing, mentor: User, member: User
) -> None:
    told(pairing, others, every="week", times=3)
    send_all()
    second = others.meetings.order_by("starts_at")[1]
    actions.cancel_meeting(second, by=member, now=datetime.now(UTC))
    send_all()
    theirs = pairing.meetings.order_by("starts_at")[1]
    actions.move_meeting(
        theirs, by=mentor, starts_at=theirs.starts_at + HOUR, minutes=60, now=datetime.now(UTC)
    )
    mail = arrives(latest(mentor))
    assert mail["Subject"].startswith("Changed: you meet Tomasz on")
    assert "Ines" not in text_of(mail)
    send_all()
    actions.cancel_meeting(theirs, by=mentor, now=datetime.now(UTC))
    assert arrives(latest(mentor))["Subject"].startswith("Canceled: meeting Tomasz on")


# --- What no calendar can hold -------------------------------------------------------------------------------------


def test_whoever_has_our_own_address_gets_the_letter_without_an_invitation(
    pairing: Pairing, mentor: User, mentee: User, settings: Settings
) -> None:
    settings.CALENDAR_ADDRESS = mentee.email
    told(pairing)
    mail = arrives(latest(mentee))
    assert mail.get_content_type() == "multipart/alternative"
    (event,) = events(calendar_of(arrives(latest(mentor))))
    assert attendees_of(event) == {f"mailto:{mentor.email}"}


def test_a_series_that_begins_in_the_second_of_two_alike_hours_is_told_in_words(
    pairing: Pairing, mentee: User
) -> None:
    # 02:30 in Berlin, for the second time that night.
    arrangement = arranged(pairing, starts_at=datetime(2027, 10, 31, 1, 30, tzinfo=UTC), zone="Europe/Berlin")
    arrangement.every, arrangement.times = "week", 2
    arrangement.save()
    tell(arrangement, asks_again=True)
    mail = arrives(latest(mentee))
    assert mail.get_content_type() == "multipart/alternative"
    assert "You meet Noor" in mail["Subject"]


def test_names_and_places_cannot_break_out(pairing: Pairing, mentor: User, mentee: User) -> None:
    mentor.preferred_name, mentor.name = "<b>Noor</b>;\r\nX:1", 'Noor "N" Haddad\nBcc: x'
    mentor.save()
    told(pairing, place="Room 4; <script>\r\nATTENDEE:mailto:x@y.example")
    mail = arrives(latest(mentee))
    assert mail["Bcc"] is None
    html = mail.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()
    (event,) = events(calendar_of(mail))
    assert len(attendees_of(event)) == 2


def test_a_link_is_a_call_and_a_room_is_a_place(pairing: Pairing, mentee: User) -> None:
    told(pairing, place="https://meet.example/noor")
    (event,) = events(calendar_of(arrives(latest(mentee))))
    assert only(event, "CONFERENCE").value == "https://meet.example/noor"
    assert only(event, "LOCATION").value == "https://meet.example/noor"


def test_who_left_is_asked_no_more_and_named_to_nobody(pairing: Pairing, mentor: User, mentee: User) -> None:
    User.objects.filter(pk=mentee.pk).update(is_active=False)
    told(pairing)
    (event,) = events(calendar_of(arrives(latest(mentor))))
    assert attendees_of(event) == {f"mailto:{mentor.email}"}
    assert why_not(latest(mentee)) == "inactive"


def test_what_calendars_were_told_is_one_row_for_each(pairing: Pairing, mentor: User, mentee: User) -> None:
    arrangement = told(pairing)
    move(arrangement, soon(3) + DAY)
    assert CalendarTold.objects.count() == 2
    call_off(arrangement)
    assert {bytes(each.shown) for each in CalendarTold.objects.all()} == {b""}
