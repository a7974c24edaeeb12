"""Two clicks at one moment on a request: one pair, one e-mail each, and nobody waits for nobody."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.mail.models import Message
from accounts.models import User
from accounts.mydata.erasing import erase
from mentoring import actions
from mentoring.models import Enrollment, Pairing, PairingRequest, Program
from tests.conftest import NOW, enroll, make_person
from tests.mentoring.test_races import at_once

from .conftest import ask, question

pytestmark = pytest.mark.django_db(transaction=True)
State = PairingRequest.State
ROUNDS = 5
LATE = NOW + timedelta(days=14)


def anew() -> None:
    PairingRequest.objects.all().delete()
    Pairing.objects.all().delete()
    Message.objects.all().delete()


def yes(request: PairingRequest) -> Callable[[], object]:
    asked = question(request)
    return lambda: actions.accept_pairing(asked, by=request.mentor, now=NOW)


def no(request: PairingRequest) -> Callable[[], object]:
    asked = question(request)
    return lambda: actions.decline_pairing(asked, by=request.mentor, now=NOW)


def take_back(request: PairingRequest) -> Callable[[], object]:
    return lambda: actions.take_back_request(request, by=request.mentee, now=NOW)


def letters(kind: str) -> int:
    return Message.objects.filter(kind=kind).count()


def crashed(ends: list[str]) -> list[str]:
    return [end for end in ends if end != "done" and not end.startswith("refused:")]


def agree() -> None:
    """Each request and the question behind it say the same."""
    status = Pairing.Status
    fitting = {
        State.ASKED: (status.REQUESTED,),
        State.ACCEPTED: (status.ACTIVE,),
        State.DECLINED: (status.DECLINED, status.EXPIRED),
        State.EXPIRED: (status.EXPIRED,),
        State.WITHDRAWN: (status.EXPIRED,),
    }
    for request in PairingRequest.objects.with_people():
        assert request.pairing is not None
        assert request.pairing.status in fitting[State(request.state)]


def test_a_yes_said_twice_is_one(asking: Program, mentor: User, mentee: User) -> None:
    for _round in range(ROUNDS):
        anew()
        act = yes(ask(asking, mentor, mentee))
        assert at_once([act, act]) == ["done", "done"]
        assert Pairing.objects.active().count() == 1
        assert letters("pairing_made") == 2
        agree()


def test_a_yes_and_taking_it_back(asking: Program, mentor: User, mentee: User) -> None:
    for _round in range(ROUNDS):
        anew()
        request = ask(asking, mentor, mentee)
        ends = at_once([yes(request), take_back(request)])
        assert ends == ["done", "refused: This request is no longer open."] or ends == [
            "done",
            "refused: This question is no longer open.",
        ]
        assert letters("pairing_made") == 2 * Pairing.objects.active().count()
        agree()


def test_a_yes_and_a_no(asking: Program, mentor: User, mentee: User) -> None:
    for _round in range(ROUNDS):
        anew()
        request = ask(asking, mentor, mentee)
        ends = at_once([yes(request), no(request)])
        assert ends == ["done", "refused: This question is no longer open."]
        assert letters("pairing_made") + 2 * letters("request_declined") == 2
        agree()


def test_a_yes_at_the_moment_in_which_it_is_over(asking: Program, mentor: User, mentee: User) -> None:
    for _round in range(ROUNDS):
        anew()
        request = ask(asking, mentor, mentee)
        ends = at_once([yes(request), lambda: actions.expire_requests(LATE)])
        assert crashed(ends) == []
        assert letters("pairing_made") + 2 * letters("request_expired") == 2
        agree()


def test_two_clocks_remind_and_end_and_ask_once(
    asking: Program, mentor: User, odile: User, mentee: User
) -> None:
    Program.objects.update(open_requests=1)
    asking.refresh_from_db()
    ask(asking, mentor, mentee)
    ask(asking, odile, mentee)
    week = NOW + timedelta(days=7)
    assert at_once([lambda: actions.remind_mentors(week)] * 3) == ["done"] * 3
    assert at_once([lambda: actions.expire_requests(LATE)] * 3) == ["done"] * 3
    assert at_once([lambda: actions.ask_next_choices(LATE)] * 3) == ["done"] * 3
    assert [letters(f"request_{kind}") for kind in ("reminder", "expired", "asked")] == [1, 1, 2]
    assert Pairing.objects.filter(status="requested").count() == 1


def test_two_mentors_say_yes_to_the_same_mentee_and_one_becomes_theirs(
    asking: Program, mentor: User, odile: User, mentee: User
) -> None:
    for _round in range(ROUNDS):
        anew()
        first, second = ask(asking, mentor, mentee), ask(asking, odile, mentee)
        ends = at_once([yes(first), yes(second)])
        assert crashed(ends) == []
        assert ends.count("done") == 1
        assert Pairing.objects.active().count() == 1
        assert letters("pairing_made") == 2
        agree()


def test_a_mentor_with_room_for_one_gets_one(
    asking: Program, odile: User, mentee: User, member: User
) -> None:
    for _round in range(ROUNDS):
        anew()
        ends = at_once([yes(ask(asking, odile, mentee)), yes(ask(asking, odile, member))])
        assert crashed(ends) == []
        assert ends.count("done") == 1
        assert Pairing.objects.active().count() == letters("request_ended") == 1
        agree()


def test_everybody_asks_everybody_and_all_say_yes_at_once(asking: Program, mentor: User, odile: User) -> None:
    """Whose yes ends whose request goes round in circles: rows are locked in one order, or this would stand still."""
    mentors = [mentor, odile, *(make_person(f"m{n}@harbor.example", f"M{n}") for n in range(2))]
    mentees = [make_person(f"e{n}@harbor.example", f"E{n}") for n in range(4)]
    for person in mentors[2:]:
        enroll(asking, person, "mentor")
    for person in mentees:
        enroll(asking, person, "mentee")
    Enrollment.objects.filter(role="mentor").update(capacity=1)
    Program.objects.update(open_requests=9)
    asking.refresh_from_db()
    for _round in range(ROUNDS):
        anew()
        requests = [ask(asking, one, other) for one in mentors for other in mentees]
        ends = at_once([yes(request) for request in requests])
        assert crashed(ends) == []
        assert Pairing.objects.active().count() == ends.count("done") == 4
        assert PairingRequest.objects.open().count() == 0
        agree()


def test_no_room_at_the_moment_of_a_yes(asking: Program, mentor: User, mentee: User, member: User) -> None:
    place = Enrollment.objects.select_related("program", "person").get(person=mentor)
    for _round in range(ROUNDS):
        anew()
        actions.set_room(place, 3, by=mentor, now=NOW)
        requests = [ask(asking, mentor, mentee), ask(asking, mentor, member)]
        ends = at_once(
            [*(yes(request) for request in requests), lambda: actions.set_room(place, 0, by=mentor, now=NOW)]
        )
        assert crashed(ends) == []
        assert Pairing.objects.active().count() + letters("request_ended") == 2
        agree()


def test_asked_while_the_mentor_fills_up(asking: Program, odile: User, mentee: User, member: User) -> None:
    for _round in range(ROUNDS):
        anew()
        request = ask(asking, odile, mentee)
        ends = at_once([yes(request), lambda: ask(asking, odile, member)])
        assert crashed(ends) == []
        assert not PairingRequest.objects.open().exists()
        agree()


def test_a_yes_to_somebody_who_leaves_or_is_erased_at_that_moment(
    asking: Program, mentor: User, odile: User
) -> None:
    for number in range(ROUNDS):
        anew()
        leaver, gone = (make_person(f"{word}{number}@harbor.example", word) for word in ("leaver", "gone"))
        place = enroll(asking, leaver, "mentee")
        enroll(asking, gone, "mentee")
        requests = [ask(asking, mentor, leaver), ask(asking, mentor, gone)]
        Enrollment.objects.filter(person=mentor).update(capacity=20)
        ends = at_once(
            [
                *(yes(request) for request in requests),
                lambda place=place: actions.withdraw(place, now=NOW),  # type: ignore[misc]
                lambda gone=gone: erase(gone, now=NOW),  # type: ignore[misc]
            ]
        )
        assert crashed(ends) == []
        assert not Pairing.objects.open().exists() or not PairingRequest.objects.open().exists()
        assert not Pairing.objects.filter(status="requested").exists()
        assert not Pairing.objects.active().filter(mentee__in=[leaver, gone]).exists()
