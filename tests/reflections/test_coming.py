"""A round's e-mails as those who run the program see them: who is asked on a coming day, and holding them back."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.mail.models import Message, Stopped
from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from reflections import actions
from reflections.actions import Refused
from reflections.coming import coming
from reflections.models import Reflection
from reflections.nudges import plan_nudges
from reflections.outlook import HELD
from tests.conftest import enroll, make_person, signed_in
from tests.reflections.nudging import SOON, W0, answer, current_round, owed, send_due

ASK_DAY = date(2026, 6, 23)


def test_it_says_who_is_asked_on_a_day_and_at_what_time_of_theirs(
    program: Program, pairing: Pairing, mentor: User, mentee: User
) -> None:
    User.objects.filter(pk=mentee.pk).update(time_zone="Asia/Tokyo", coffee_time="16:00")
    day = coming(program, ASK_DAY, SOON)
    assert [(one.person_id, f"{one.at:%H:%M}") for one in day.asked] == [
        (mentor.pk, "07:30"),
        (mentee.pk, "16:00"),
    ]
    assert coming(program, ASK_DAY + timedelta(days=1), SOON).asked == []
    assert coming(program, ASK_DAY - timedelta(days=1), SOON).later == 2
    assert not Message.objects.exists()


def test_reasons_of_a_person_are_told_of_nobody_for_they_stand_there_as_before(
    program: Program, pairing: Pairing, mentor: User, mentee: User
) -> None:
    round = current_round(program)
    alone = make_person("solo@harbor.example", "Solo Person")
    enroll(program, alone, Enrollment.Role.MENTEE)
    days = [ASK_DAY, ASK_DAY + timedelta(days=7), ASK_DAY + timedelta(days=21)]
    before = [coming(program, day, SOON) for day in days]
    Reflection.objects.create(person=mentee, round=round, role="mentee", status="declined", declined_at=SOON)
    Stopped.objects.stop(mentor.pk, "reflections")
    plan_nudges(SOON)
    assert [coming(program, day, SOON) for day in days] == before
    assert [one.person_id for one in before[0].asked] == [mentor.pk, mentee.pk]
    assert list(before[0].not_asked.values()) == [[alone.pk]]
    assert [sum(day.reminded.values()) for day in before] == [0, 2, 2]


@pytest.mark.parametrize("status", ["submitted", "declined"])
def test_whoever_answers_without_being_asked_is_named_as_before(
    program: Program, pairing: Pairing, status: str
) -> None:
    alone = make_person("solo@harbor.example", "Solo Person")
    enroll(program, alone, Enrollment.Role.MENTEE)
    before = coming(program, ASK_DAY, SOON)
    answer(alone, current_round(program), status)
    after = coming(program, ASK_DAY, SOON)
    assert list(after.not_asked.items()) == list(before.not_asked.items()) != []
    assert (after.asked, after.later, after.reminded) == (before.asked, before.later, before.reminded)


def test_the_page_names_nobody_who_is_reminded_and_whoever_is_asked_with_or_without_an_answer(
    program: Program, pairing: Pairing, mentor: User, mentee: User, admin: User, other_program: Program
) -> None:
    round = current_round(program)
    Reflection.objects.create(person=mentee, round=round, role="mentee", status="declined", declined_at=SOON)
    client = signed_in(admin)
    with time_machine.travel(SOON, tick=False):
        where = reverse("admin:reflections_round_coming")
        asked = client.get(where, {"program": program.pk, "on": "2026-06-23"}).content.decode()
        reminded = client.get(where, {"program": program.pk, "on": "2026-06-30"}).content.decode()
        past = client.get(where, {"program": program.pk, "on": "2020-06-30"}).content.decode()
        foreign = client.get(where, {"program": other_program.pk, "on": "2026-06-23"})
    assert mentor.name in asked
    assert mentee.name in asked
    assert mentor.name not in reminded
    assert mentee.name not in reminded
    assert "it is the day of 2 people" in reminded
    assert "from today on" in past
    assert "program" in foreign.context["errors"]


def test_a_long_list_has_pages_and_costs_as_many_queries(
    program: Program, pairing: Pairing, admin: User, django_assert_max_num_queries: object
) -> None:
    current_round(program)
    client = signed_in(admin)
    where = reverse("admin:reflections_round_coming")
    with time_machine.travel(SOON, tick=False), django_assert_max_num_queries(40):  # type: ignore[operator]
        client.get(where, {"program": program.pk, "on": "2026-06-23"})


# --- Held back -----------------------------------------------------------------------------------------------------


def test_what_is_held_goes_to_nobody_and_what_is_released_goes_once(
    program: Program, pairing: Pairing, admin: User
) -> None:
    round = current_round(program)
    plan_nudges(SOON)
    assert len(owed()) == 2
    assert actions.hold_round(round, by=admin, now=SOON) == 2
    plan_nudges(SOON + timedelta(days=1))
    send_due(W0 + timedelta(minutes=5))
    assert set(Message.objects.values_list("state", "last_error")) == {("cancelled", HELD)}

    actions.release_round(round, by=admin)
    plan_nudges(W0 + timedelta(minutes=10))
    send_due(W0 + timedelta(hours=1))
    assert list(Message.objects.values_list("state", flat=True)) == ["sent", "sent"]
    plan_nudges(W0 + timedelta(hours=2))
    assert Message.objects.count() == 2


def test_the_fence_holds_back_what_was_owed_in_that_moment(
    program: Program, pairing: Pairing, admin: User
) -> None:
    round = current_round(program)
    actions.hold_round(round, by=admin, now=SOON)
    type(round).objects.update(held_at=None)
    plan_nudges(SOON)
    type(round).objects.update(held_at=SOON)
    send_due(W0 + timedelta(minutes=5))
    assert set(Message.objects.values_list("state", "last_error")) == {("cancelled", HELD)}


def test_only_those_who_run_the_program_hold_and_once(
    program: Program, admin: User, other_admin: User, mentee: User
) -> None:
    round = current_round(program)
    for person in (other_admin, mentee):
        with pytest.raises(Refused, match="Only those who run"):
            actions.hold_round(round, by=person, now=SOON)
        with pytest.raises(Refused, match="Only those who run"):
            actions.release_round(round, by=person)
    with pytest.raises(Refused, match="not held"):
        actions.release_round(round, by=admin)
    actions.hold_round(round, by=admin, now=SOON)
    with pytest.raises(Refused, match="held already"):
        actions.hold_round(round, by=admin, now=SOON)


def test_the_list_asks_first_and_writes_it_down(program: Program, pairing: Pairing, admin: User) -> None:
    round = current_round(program)
    plan_nudges(SOON)
    client, where = signed_in(admin), reverse("admin:reflections_round_changelist")
    chosen = {"action": "hold", "_selected_action": [round.pk]}
    asked = client.post(where, chosen)
    assert round.quarter.label in asked.content.decode()
    assert "wait" not in asked.content.decode()
    round.refresh_from_db()
    assert round.held_at is None
    client.post(where, chosen | {"confirmed": "yes"})
    round.refresh_from_db()
    assert round.held_at is not None
    history = client.get(reverse("admin:reflections_round_history", args=[round.pk])).content.decode()
    assert "e-mails held back" in history
