"""Somebody is erased at the moment at which something is done with a pairing, a request or a draft of theirs: the two
come one after the other, and none of them waits for what the other holds."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from accounts.mydata import erasing, leaving
from mentoring import actions
from mentoring.actions import board
from mentoring.models import FitCheck, Meeting, Pairing, PairingRequest, Program, ProposedPair
from mentoring.runs.making import in_one_go
from tests.conftest import NOW, TODAY, enroll, make_person, pair, say_skills
from tests.mentoring.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LATE = NOW + timedelta(days=14)

Meets = Callable[[Callable[[], object], User], list[str]]


@pytest.fixture
def meets(monkeypatch: pytest.MonkeyPatch) -> Meets:
    """An act that begins once the erasure of somebody has begun and holds their account; how both ended."""
    forget = erasing.forget_in_the_log

    def both(act: Callable[[], object], person: User) -> list[str]:
        has_begun = threading.Event()

        def forget_later(who: User) -> None:
            has_begun.set()
            time.sleep(0.3)
            forget(who)

        def act_then() -> None:
            assert has_begun.wait(timeout=20)
            act()

        monkeypatch.setattr(erasing, "forget_in_the_log", forget_later)
        ends = at_once([act_then, lambda: erasing.erase(person, now=NOW)])
        person.refresh_from_db()
        assert person.erased_at is not None
        return ends

    return both


@pytest.fixture
def asked(program: Program, mentor: User, mentee: User) -> PairingRequest:
    Program.objects.update(matched_by=Program.MatchedBy.BOTH)
    program.refresh_from_db()
    return actions.ask_mentor(program, mentor, by=mentee, note="", now=NOW)


def question(request: PairingRequest) -> Pairing:
    assert request.pairing is not None
    return request.pairing


def test_a_no(asked: PairingRequest, mentor: User, mentee: User, meets: Meets) -> None:
    ends = meets(lambda: actions.decline_pairing(question(asked), by=mentor, now=NOW), mentee)
    assert ends == ["done", "refused: This question is no longer open."]


def test_a_mentor_who_asks_back(asked: PairingRequest, mentor: User, mentee: User, meets: Meets) -> None:
    ends = meets(lambda: actions.ask_back(asked, by=mentor, question="Why?", now=NOW), mentee)
    assert ends == ["done", "refused: This request is no longer open."]


def test_a_mentee_who_replies(asked: PairingRequest, mentor: User, mentee: User, meets: Meets) -> None:
    actions.ask_back(asked, by=mentor, question="Why?", now=NOW)
    ends = meets(lambda: actions.reply(asked, by=mentee, reply="So", now=NOW), mentor)
    assert ends == ["done", "refused: This request is no longer open."]


def test_the_reminder_of_a_request(asked: PairingRequest, mentor: User, meets: Meets) -> None:
    assert meets(lambda: actions.remind_mentors(NOW + timedelta(days=8)), mentor) == ["done", "done"]


def test_the_end_of_a_request(asked: PairingRequest, mentee: User, meets: Meets) -> None:
    assert meets(lambda: actions.expire_requests(LATE), mentee) == ["done", "done"]


def test_the_end_of_a_proposal(
    program: Program, mentor: User, mentee: User, admin: User, meets: Meets
) -> None:
    asked = actions.create_pairing(
        program, mentor, mentee, by=admin, starts_on=TODAY, approval="both", now=NOW
    )
    actions.accept_pairing(asked, by=mentee, now=NOW)
    assert meets(lambda: actions.expire_questions(LATE), mentee) == ["done", "done"]


@pytest.mark.parametrize("who", ["odile", "mentee"])
def test_a_yes_that_ends_the_proposal_of_another(
    program: Program, asked: PairingRequest, mentor: User, mentee: User, admin: User, who: str, meets: Meets
) -> None:
    odile = make_person("odile@harbor.example", "Odile Renard")
    enroll(program, odile, "mentor")
    proposed = actions.create_pairing(
        program, odile, mentee, by=admin, starts_on=TODAY, approval="both", now=NOW
    )
    actions.accept_pairing(proposed, by=odile, now=NOW)
    ends = meets(
        lambda: actions.accept_pairing(question(asked), by=mentor, now=NOW),
        {"odile": odile, "mentee": mentee}[who],
    )
    assert [end for end in ends if end != "done" and not end.startswith("refused:")] == []
    proposed.refresh_from_db()
    assert proposed.status == "expired"


@pytest.mark.parametrize("who", ["mentor", "mentee"])
def test_two_who_are_ruled_out(
    program: Program, asked: PairingRequest, mentor: User, mentee: User, admin: User, who: str, meets: Meets
) -> None:
    ends = meets(lambda: actions.rule_out(program, mentor, mentee, by=admin, now=NOW), getattr(asked, who))
    assert [end for end in ends if end != "done" and not end.startswith("refused:")] == []
    assert not PairingRequest.objects.open().exists()


@pytest.mark.parametrize("who", ["mentor", "mentee"])
def test_an_answer_to_a_fit_check(pairing: Pairing, who: str, meets: Meets) -> None:
    check = FitCheck.objects.create(pairing=pairing, person=pairing.mentee, asked_at=NOW)
    act = lambda: actions.answer_fit_check(check, by=pairing.mentee, answer="not_a_fit", now=NOW)  # noqa: E731
    ends = meets(act, getattr(pairing, who))
    assert ends == ["done", "refused: This question is no longer open."]


@pytest.mark.parametrize("who", ["mentor", "mentee"])
def test_a_fit_check_that_is_asked(pairing: Pairing, who: str, meets: Meets) -> None:
    pairing.meetings.create(starts_at=NOW - timedelta(days=14))
    assert meets(lambda: actions.ask_due_fit_checks(NOW), getattr(pairing, who)) == ["done", "done"]
    assert not FitCheck.objects.exists()


@pytest.mark.parametrize("who", ["kofi", "bram", "mateo"])
@pytest.mark.parametrize("act", ["move", "swap", "rule out"])
def test_a_change_of_a_draft(program: Program, admin: User, who: str, act: str, meets: Meets) -> None:
    people = {}
    for name, role, skill in (
        ("mateo", "mentor", "Pricing"),
        ("bram", "mentor", "Negotiation"),
        ("kofi", "mentee", "Negotiation"),
        ("wen", "mentee", "Pricing"),
    ):
        people[name] = make_person(f"{name}@harbor.example", name.title())
        place = enroll(program, people[name], role, capacity=2 if role == "mentor" else 1)
        say_skills(place, "offers" if role == "mentor" else "seeks", skill)
    run = in_one_go(program, NOW, created_by=admin)
    drafts = ProposedPair.objects.filter(run=run)
    drafts.all().delete()
    run.without.all().delete()
    for mentee, mentor in (("kofi", "bram"), ("wen", "mateo")):
        ProposedPair.objects.create(run=run, mentee=people[mentee], mentor=people[mentor], fit=1)
    kofi = drafts.with_people().get(mentee=people["kofi"])

    def change() -> None:
        if act == "move":
            board.move_mentee(run, people["kofi"], people["mateo"], by=admin, now=NOW)
        elif act == "swap":
            board.swap_mentees(run, people["kofi"], people["wen"], by=admin, now=NOW)
        else:
            board.rule_out(kofi, by=admin, now=NOW)

    ends = meets(change, people[who])
    assert [end for end in ends if end != "done" and not end.startswith("refused:")] == []
    assert not drafts.filter(mentee=people[who]).exists()
    assert not drafts.filter(mentor=people[who]).exists()
    assert len(set(drafts.values_list("mentee", flat=True))) == drafts.count()


@pytest.mark.parametrize("who", ["the two of a pair", "two who meet their mentor together"])
def test_two_who_are_erased_at_once(
    program: Program,
    pairing: Pairing,
    mentor: User,
    mentee: User,
    member: User,
    who: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = pair(program, mentor, member)
    at = datetime.now(UTC) + timedelta(days=7)
    actions.plan_together(
        pairing, by=mentor, starts_at=at, minutes=60, every="week", times=3, now=datetime.now(UTC)
    )
    forget = erasing.forget_in_the_log

    def forget_later(person: User) -> None:
        time.sleep(0.3)
        forget(person)

    monkeypatch.setattr(erasing, "forget_in_the_log", forget_later)
    two = [mentor, mentee] if who == "the two of a pair" else [mentee, member]
    User.objects.filter(pk__in=[each.pk for each in two]).update(erasure_due_at=NOW)
    erased: list[int] = []
    now = datetime.now(UTC)
    # Of the clocks each begins with another one, as when their days are a moment apart.
    acts = [lambda person=person: erased.append(erasing.erase(person, now=now)) for person in two]  # type: ignore[misc]
    assert at_once([*acts, lambda: erased.append(leaving.erase_due(now))]) == ["done"] * 3
    assert sum(erased) == 2
    assert User.objects.filter(erased_at__isnull=False).count() == 2
    assert not Meeting.objects.planned().filter(pairing=other, starts_at__gt=now).exists()
