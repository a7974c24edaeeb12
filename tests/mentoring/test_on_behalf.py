"""What those who run a program do for a pair that told them so: a yes, and a meeting that was."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.mail import kinds
from accounts.mail.models import Message
from accounts.models import User
from accounts.mydata import erasing
from mentoring import actions, rules
from mentoring.actions import Refused
from mentoring.emails import NOT_RUNNING
from mentoring.models import (
    AcceptedFor,
    Arrangement,
    Enrollment,
    Meeting,
    Pairing,
    PairingRequest,
    Program,
    Step,
)
from tests.conftest import NOW, TODAY, enroll, make_person, pair, signed_in
from tests.mentoring.test_races import at_once
from tests.reflections.nudging import send_due

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ON_THE_PHONE = "Told me on the phone."


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def asked(program: Program, mentor: User, mentee: User) -> Pairing:
    return pair(program, mentor, mentee, status="proposed", mentor_accepted_at=None, mentee_accepted_at=None)


def accept(pairing: Pairing, person: User, by: User) -> AcceptedFor:
    return actions.accept_on_behalf(pairing, person, by=by, reason=ON_THE_PHONE, now=NOW)


def owed(*names: str) -> list[tuple[str, int]]:
    rows = Message.objects.filter(kind__in=names).order_by("kind", "person_id")
    return list(rows.values_list("kind", "person_id"))


def letter(message: Message) -> str:
    written = kinds.get(message.kind).render(message)
    assert ON_THE_PHONE not in written.text + written.html + written.subject
    return " ".join(written.text.split())


def page(person: User, pairing: Pairing) -> str:
    return signed_in(person).get(reverse("pairings:detail", args=[pairing.pk])).content.decode()


# --- A yes -----------------------------------------------------------------------------------------------------------


def test_a_first_yes_is_told_to_both_and_the_question_stays_open(
    asked: Pairing, admin: User, mentor: User, mentee: User
) -> None:
    accept(asked, mentor, admin)
    asked.refresh_from_db()
    assert (asked.status, asked.mentor_accepted_at, asked.mentee_accepted_at) == ("proposed", NOW, None)
    assert owed("pairing_accepted_for", "pairing_made") == sorted(
        [("pairing_accepted_for", mentor.pk), ("pairing_accepted_for", mentee.pk)]
    )
    words = {
        message.person_id: letter(message) for message in Message.objects.filter(kind="pairing_accepted_for")
    }
    assert f"{admin.first_name}, who runs Harbor Mentors, said yes for you" in words[mentor.pk]
    assert "take it back" in words[mentor.pk]
    assert (
        f"{admin.first_name}, who runs Harbor Mentors, said yes for {mentor.first_name}." in words[mentee.pk]
    )
    assert "You are a pair once you say yes as well." in words[mentee.pk]


def test_a_second_yes_makes_them_a_pair_and_one_letter_says_both(
    asked: Pairing, admin: User, mentor: User, mentee: User
) -> None:
    actions.accept_pairing(asked, by=mentee, now=NOW)
    accept(asked, mentor, admin)
    asked.refresh_from_db()
    assert asked.status == "active"
    assert owed("pairing_accepted_for", "pairing_made") == sorted(
        [("pairing_made", mentor.pk), ("pairing_made", mentee.pk)]
    )
    for message in Message.objects.filter(kind="pairing_made"):
        assert "who runs Harbor Mentors, said yes for" in letter(message)


def test_a_pair_that_said_both_yeses_themselves_reads_nothing_of_it(
    asked: Pairing, mentor: User, mentee: User
) -> None:
    for person in (mentor, mentee):
        actions.accept_pairing(asked, by=person, now=NOW)
    for message in Message.objects.filter(kind="pairing_made"):
        assert "said yes for" not in letter(message)
    assert "Accepted for" not in page(mentor, asked)


def test_a_request_is_accepted_for_its_mentor(
    program: Program, admin: User, mentor: User, mentee: User
) -> None:
    pairing = pair(
        program, mentor, mentee, status="requested", mentor_accepted_at=None, mentee_accepted_at=NOW
    )
    request = PairingRequest.objects.create(
        program=program, mentor=mentor, mentee=mentee, note="", state="asked", asked_at=NOW, pairing=pairing
    )
    accept(pairing, mentor, admin)
    pairing.refresh_from_db()
    request.refresh_from_db()
    assert (pairing.status, request.state) == ("active", "accepted")


def test_both_read_it_on_their_pages(asked: Pairing, admin: User, mentor: User, mentee: User) -> None:
    accept(asked, mentor, admin)
    mine = page(mentor, asked)
    assert (
        f"Accepted for you by {admin.first_name}, who runs Harbor Mentors, on Tuesday, June 23, 2026." in mine
    )
    assert ON_THE_PHONE in mine
    assert "Take the yes back" in mine
    theirs = page(mentee, asked)
    assert f"Accepted for {mentor.first_name} by {admin.first_name}" in theirs
    assert ON_THE_PHONE not in theirs
    assert "Take the yes back" not in theirs
    lists = [signed_in(person).get(reverse("pairings:list")).content.decode() for person in (mentor, mentee)]
    assert [f"Accepted for you by {admin.first_name}" in found for found in lists] == [True, False]


def test_it_is_taken_back_while_the_question_is_open(
    asked: Pairing, admin: User, mentor: User, mentee: User
) -> None:
    accepted = accept(asked, mentor, admin)
    there = reverse("pairings:take_back_yes", args=[asked.pk])
    assert signed_in(mentor).get(there).status_code == 405
    assert signed_in(mentee).post(there).status_code == 404
    signed_in(mentor).post(there)
    asked.refresh_from_db()
    accepted.refresh_from_db()
    assert (asked.status, asked.mentor_accepted_at, accepted.taken_back_at) == ("proposed", None, NOW)
    assert "Accepted for" not in page(mentor, asked)
    assert signed_in(mentor).post(there).status_code == 404
    # It is theirs alone to answer from then on.
    asked.refresh_from_db()
    assert not rules.may_accept_on_behalf(admin, asked, mentor)
    assert rules.may_accept_on_behalf(admin, asked, mentee)
    with pytest.raises(Refused):
        accept(asked, mentor, admin)
    assert AcceptedFor.objects.count() == 1
    change = signed_in(admin).get(reverse("admin:mentoring_pairing_change", args=[asked.pk]))
    assert [side for side, _person in change.context["may_accept_for"]] == ["mentee"]
    actions.accept_pairing(asked, by=mentor, now=NOW)
    asked.refresh_from_db()
    assert asked.mentor_accepted_at == NOW


@pytest.mark.parametrize("gone", [{"is_active": False}, {"erasure_due_at": NOW + DAY}])
def test_nobody_says_it_for_somebody_who_does_not_stay(
    asked: Pairing, admin: User, mentor: User, gone: dict[str, Any]
) -> None:
    # Whoever calls may have known them from before.
    User.objects.filter(pk=mentor.pk).update(**gone)
    with pytest.raises(Refused, match="for them alone"):
        accept(asked, mentor, admin)
    assert not AcceptedFor.objects.exists()


def test_a_pair_that_was_made_by_it_ends_without_blame(
    asked: Pairing, admin: User, mentor: User, mentee: User
) -> None:
    actions.accept_pairing(asked, by=mentee, now=NOW)
    accepted = accept(asked, mentor, admin)
    actions.take_back_yes(accepted, by=mentor, now=NOW + 6 * DAY)
    asked.refresh_from_db()
    assert asked.status == "ended"
    assert owed("pairing_over") == [("pairing_over", mentee.pk)]
    step = Step.objects.get(pairing=asked)
    assert (step.person, step.reason, step.next_step) == (mentor, "", "nothing")


def test_a_pair_that_has_not_begun_comes_to_nothing(
    program: Program, asked: Pairing, admin: User, mentor: User, mentee: User
) -> None:
    Pairing.objects.filter(pk=asked.pk).update(starts_on=TODAY + 9 * DAY)
    asked.refresh_from_db()
    actions.accept_pairing(asked, by=mentee, now=NOW)
    actions.take_back_yes(accept(asked, mentor, admin), by=mentor, now=NOW)
    asked.refresh_from_db()
    assert asked.status == "expired"


def test_a_week_after_the_two_are_a_pair_it_stands(
    asked: Pairing, admin: User, mentor: User, mentee: User
) -> None:
    accepted = accept(asked, mentor, admin)
    with time_machine.travel(NOW + 9 * DAY, tick=False):
        shown = page(mentor, asked)
    assert "Take the yes back" in shown
    assert "You can do this until" not in shown
    actions.accept_pairing(asked, by=mentee, now=NOW + 10 * DAY)
    fresh = AcceptedFor.objects.get(pk=accepted.pk)
    assert fresh.until == NOW + 17 * DAY
    with pytest.raises(Refused):
        actions.take_back_yes(fresh, by=mentee, now=NOW + 10 * DAY)
    with pytest.raises(Refused):
        actions.take_back_yes(fresh, by=mentor, now=NOW + 17 * DAY)
    with time_machine.travel(NOW + 16 * DAY, tick=False):
        assert "Friday, July 10, 2026" in page(mentor, asked)
    with time_machine.travel(NOW + 17 * DAY, tick=False):
        assert "Take the yes back" not in page(mentor, asked)
    actions.take_back_yes(fresh, by=mentor, now=NOW + 16 * DAY)
    asked.refresh_from_db()
    assert asked.status == "ended"


def test_the_letters_say_until_when_it_is_taken_back_and_nothing_where_that_is_over(
    asked: Pairing, admin: User, mentor: User, mentee: User
) -> None:
    accept(asked, mentor, admin)
    first = letter(Message.objects.get(kind="pairing_accepted_for", person=mentor))
    assert "while the question is open, and for a week once you are a pair" in first
    actions.accept_pairing(asked, by=mentee, now=NOW + 10 * DAY)
    made = Message.objects.get(kind="pairing_made", person=mentor)
    with time_machine.travel(NOW + 10 * DAY, tick=False):
        assert "you can do so until Friday, July 10, 2026" in letter(made)
    with time_machine.travel(NOW + 17 * DAY, tick=False):
        late = letter(made)
    assert "said yes for you" in late
    assert "take it back" not in late


def test_who_may_say_yes_for_somebody(
    asked: Pairing,
    admin: User,
    other_admin: User,
    superuser: User,
    mentor: User,
    mentee: User,
    outsider: User,
) -> None:
    for person in (admin, superuser):
        assert rules.may_accept_on_behalf(person, asked, mentor)
        assert not rules.may_accept_on_behalf(person, asked, outsider)
    for person in (other_admin, mentor, mentee, outsider):
        assert not rules.may_accept_on_behalf(person, asked, mentor)
        with pytest.raises(Refused):
            accept(asked, mentor, person)
    assert not AcceptedFor.objects.exists()


@pytest.mark.parametrize("status", ["draft", "paused", "closed", "archived"])
def test_nobody_says_it_where_the_program_does_not_run(
    asked: Pairing, admin: User, mentor: User, status: str
) -> None:
    Program.objects.update(status=status)
    with pytest.raises(Refused):
        accept(Pairing.objects.get(pk=asked.pk), mentor, admin)


@pytest.mark.parametrize("status", ["declined", "expired", "active"])
def test_nobody_says_it_once_the_question_is_over(
    asked: Pairing, admin: User, mentor: User, status: str
) -> None:
    Pairing.objects.filter(pk=asked.pk).update(status=status, mentor_accepted_at=NOW, mentee_accepted_at=NOW)
    with pytest.raises(Refused):
        accept(asked, mentor, admin)
    assert not Message.objects.exists()


def test_a_mentor_without_room_takes_nobody_by_it(
    program: Program, admin: User, mentor: User, mentee: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=1)
    other = make_person("other@harbor.example", "Other")
    enroll(program, other, "mentee")
    pair(program, mentor, other)
    asking = pair(program, mentor, mentee, status="requested", mentor_accepted_at=None)
    with pytest.raises(Refused, match="no room"):
        accept(asking, mentor, admin)
    assert not AcceptedFor.objects.exists()


def test_without_a_reason_nothing_is_said(asked: Pairing, admin: User, mentor: User) -> None:
    for reason in ("", "  ", "x" * 301):
        with pytest.raises(Refused):
            actions.accept_on_behalf(asked, mentor, by=admin, reason=reason, now=NOW)


def test_the_page_of_the_admin_says_first_what_it_means(
    asked: Pairing, admin: User, mentor: User, mentee: User
) -> None:
    client = signed_in(admin)
    change = reverse("admin:mentoring_pairing_change", args=[asked.pk])
    there = reverse("admin:mentoring_pairing_accept_for", args=[asked.pk, "mentor"])
    assert there in client.get(change).content.decode()
    shown = client.get(there).content.decode()
    assert "Do this only if" in shown
    assert not AcceptedFor.objects.exists()
    assert "Say how you know." in client.post(there, {"reason": " "}).content.decode()
    answer = client.post(there, {"reason": ON_THE_PHONE}, follow=True).content.decode()
    assert f"Accepted for {mentor} by {admin}" in answer
    entry = LogEntry.objects.latest("pk")
    assert entry.object_id == str(asked.pk)
    assert ON_THE_PHONE not in entry.change_message
    again = client.post(there, {"reason": ON_THE_PHONE}).content.decode()
    assert "This question is not open, is answered already" in again


def test_other_programs_pairs_are_not_there(asked: Pairing, other_admin: User, mentor: User) -> None:
    client = signed_in(other_admin)
    for there in (
        reverse("admin:mentoring_pairing_accept_for", args=[asked.pk, "mentor"]),
        reverse("admin:mentoring_pairing_log_meeting", args=[asked.pk]),
    ):
        assert client.get(there).status_code == 404
        assert client.post(there, {"reason": ON_THE_PHONE, "on": "2026-06-20"}).status_code == 404
    assert not Meeting.objects.exists()


def test_what_is_known_of_it_goes_with_whoever_leaves(
    asked: Pairing, admin: User, mentor: User, mentee: User, superuser: User
) -> None:
    accept(asked, mentor, superuser)
    accepted = accept(asked, mentee, admin)
    erasing.erase(mentor, now=NOW)
    assert list(AcceptedFor.objects.all()) == [accepted]


# --- A meeting that was ----------------------------------------------------------------------------------------------


def log(pairing: Pairing, by: User, on: date = TODAY - DAY, minutes: int | None = None) -> Meeting:
    return actions.log_meeting_for(pairing, by=by, on=on, minutes=minutes, now=NOW)


def past(person: User, pairing: Pairing, meeting: Meeting) -> str:
    there = reverse("pairings:past_one", args=[pairing.pk, meeting.pk])
    return " ".join(signed_in(person).get(there).content.decode().split())


def test_both_see_who_wrote_it_down(pairing: Pairing, admin: User, mentor: User, mentee: User) -> None:
    meeting = log(pairing, admin, minutes=45)
    assert (meeting.took_place, meeting.minutes, meeting.logged_by) == (True, 45, admin)
    for person in (mentor, mentee):
        found = past(person, pairing, meeting)
        assert f"Written down for the two of you by {admin.first_name}, who runs Harbor Mentors." in found
        rows = signed_in(person).get(reverse("pairings:past", args=[pairing.pk])).content.decode()
        assert "written down by those who run the program" in rows
        assert "June 22, 2026</a>" in rows  # Of its time nothing is known.


def test_either_says_that_it_was_not_so(pairing: Pairing, admin: User, mentor: User, mentee: User) -> None:
    meeting = log(pairing, admin)
    there = reverse("pairings:past_met", args=[pairing.pk, meeting.pk])
    signed_in(mentee).post(there, {"do": "no"})
    meeting.refresh_from_db()
    assert meeting.took_place is False
    assert "Written down for the two" not in past(mentor, pairing, meeting)
    with pytest.raises(Refused, match="written down for this day"):
        log(pairing, admin)


def test_that_one_of_them_said_something_of_a_day_is_refused_as_any_other_day(
    pairing: Pairing, admin: User, mentor: User
) -> None:
    planned = actions.plan_meeting(pairing, by=mentor, starts_at=NOW + DAY, minutes=30, now=NOW)
    Meeting.objects.filter(pk=planned.pk).update(took_place=False, said_at=NOW + 2 * DAY)
    there = reverse("admin:mentoring_pairing_log_meeting", args=[pairing.pk])
    said = set()
    with time_machine.travel(NOW + 2 * DAY, tick=False):
        client = signed_in(admin)
        for on in (TODAY + DAY, TODAY + 30 * DAY, TODAY - 4000 * DAY, date(1, 1, 1)):
            form = client.post(there, {"on": on.isoformat()}).context["form"]
            said.add(str(form.errors["on"]))
    assert len(said) == 1


def test_what_was_planned_for_that_day_is_that_meeting(pairing: Pairing, admin: User, mentor: User) -> None:
    planned = actions.plan_meeting(pairing, by=mentor, starts_at=NOW + DAY, minutes=30, now=NOW)
    with time_machine.travel(NOW + 2 * DAY, tick=False):
        found = actions.log_meeting_for(pairing, by=admin, on=TODAY + DAY, now=NOW + 2 * DAY)
    assert found == planned
    planned.refresh_from_db()
    assert (planned.took_place, planned.is_logged_for_them, planned.minutes) == (True, True, 30)
    assert Arrangement.objects.count() == 1
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize("days", [1, -4000])
def test_days_on_which_they_did_not_meet(pairing: Pairing, admin: User, days: int) -> None:
    with pytest.raises(Refused, match="written down for this day"):
        log(pairing, admin, TODAY + days * DAY)


def test_today_is_no_time_to_come(pairing: Pairing, admin: User) -> None:
    meeting = actions.log_meeting_for(pairing, by=admin, on=TODAY, now=NOW - timedelta(hours=6))
    assert meeting.starts_at <= NOW - timedelta(hours=6)


def test_what_is_written_down_early_in_the_day_is_behind_them_and_not_under_way(
    pairing: Pairing, admin: User
) -> None:
    early = NOW.astimezone(pairing.program.zone).replace(hour=9, minute=0)
    meeting = actions.log_meeting_for(pairing, by=admin, on=early.date(), now=early)
    assert meeting not in Meeting.objects.coming(early)
    assert meeting in Meeting.objects.past(early)


def test_a_day_is_written_down_once(pairing: Pairing, admin: User) -> None:
    log(pairing, admin)
    with pytest.raises(Refused, match="written down for this day"):
        log(pairing, admin)
    assert Meeting.objects.count() == 1


def test_who_may_write_it_down(
    pairing: Pairing, admin: User, other_admin: User, mentor: User, outsider: User
) -> None:
    for person in (other_admin, mentor, outsider):
        with pytest.raises(Refused):
            log(pairing, person)
    Program.objects.update(status="closed")
    with pytest.raises(Refused):
        log(Pairing.objects.get(pk=pairing.pk), admin)


def test_the_admins_page_keeps_what_was_typed(pairing: Pairing, admin: User) -> None:
    client = signed_in(admin)
    there = reverse("admin:mentoring_pairing_log_meeting", args=[pairing.pk])
    shown = client.get(there).content.decode()
    assert "either of them may say that it was otherwise" in shown
    for data, said in (
        ({"on": "2026-07-30"}, "up to today"),
        ({"on": "yesterday"}, "Write the day like"),
        ({"on": "0001-01-01"}, "brought together"),
        ({"on": "2026-06-20", "minutes": "5"}, "10"),
    ):
        found = client.post(there, data)
        assert found.status_code == 200
        assert said in found.content.decode(), data
        assert f'value="{data["on"]}"' in found.content.decode()
    assert not Meeting.objects.exists()
    client.post(there, {"on": "2026-06-20", "minutes": ""})
    assert Meeting.objects.get().logged_by == admin


def test_who_wrote_it_down_goes_with_their_account(pairing: Pairing, superuser: User, mentor: User) -> None:
    meeting = log(pairing, superuser)
    Meeting.objects.filter(pk=meeting.pk).update(logged_by=None)
    assert "Written down for the two of you by those who run Harbor Mentors." in past(
        mentor, pairing, meeting
    )


def test_the_pages_take_as_many_queries_for_many(pairing: Pairing, admin: User, mentor: User) -> None:
    client: Client = signed_in(mentor)
    there = reverse("pairings:past", args=[pairing.pk])
    Pairing.objects.filter(pk=pairing.pk).update(starts_on=TODAY - 200 * DAY)
    pairing.refresh_from_db()
    counts = []
    for first, last in ((1, 3), (3, 60)):
        for number in range(first, last):
            log(pairing, admin, TODAY - number * DAY)
        client.get(there)
        with CaptureQueriesContext(connection) as found:
            client.get(there)
        counts.append(len(found))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_a_yes_said_twice_at_one_moment_is_one(asked: Pairing, admin: User, mentor: User) -> None:
    def own() -> None:
        actions.accept_pairing(Pairing.objects.get(pk=asked.pk), by=mentor, now=NOW)

    def for_them() -> None:
        accept(Pairing.objects.get(pk=asked.pk), mentor, admin)

    ends = at_once([own, for_them])
    assert ends.count("done") >= 1
    assert all(end == "done" or end.startswith("refused") for end in ends), ends
    asked.refresh_from_db()
    assert asked.mentor_accepted_at == NOW
    assert AcceptedFor.objects.count() <= 1


@pytest.mark.parametrize("status", ["draft", "paused"])
def test_the_letter_waits_while_the_program_rests(
    asked: Pairing, admin: User, mentor: User, mentee: User, status: str
) -> None:
    accept(asked, mentor, admin)
    Program.objects.update(status=status)
    program = Program.objects.get()
    # By the database's clock, which no test moves, it must not be over.
    Message.objects.update(expires_at=datetime(2100, 1, 1, tzinfo=UTC))
    send_due(NOW)
    about = Message.objects.filter(kind="pairing_accepted_for")
    assert set(about.values_list("state", "last_error")) == {("cancelled", NOT_RUNNING)}
    verb = actions.activate_program if status == "draft" else actions.resume_program
    verb(program, by=admin, now=NOW + DAY)
    assert set(about.values_list("state", flat=True)) == {"queued"}
