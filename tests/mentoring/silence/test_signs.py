"""What counts as a sign that a pair lives, and what does not."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from accounts.models import User
from mentoring import signs
from mentoring.models import (
    Action,
    AgendaItem,
    Agreement,
    Extension,
    FeedbackWish,
    Goal,
    Meeting,
    MeetingProposal,
    Note,
    Pairing,
    Possibility,
    Silence,
)
from reflections.models import Answer, Moment, Question, Reflection, Round, Swap, Thanks
from reflections.rounds import open_due_rounds
from tests.conftest import NOW

from .conftest import DAY, begun, tick

Act = Callable[[Pairing, User, datetime], object]
LONG_AGO = NOW - timedelta(days=60)


def meet(pairing: Pairing, **fields: object) -> Meeting:
    return Meeting.objects.create(
        **({"pairing": pairing, "starts_at": LONG_AGO, "created_at": LONG_AGO} | fields)
    )


def answer_shared(pairing: Pairing, person: User, at: datetime) -> None:
    open_due_rounds(NOW)
    question = Question.objects.filter(round__program=pairing.program, is_locked=False).order_by("pk").first()
    assert question is not None
    page = Reflection.objects.create(
        round=question.round, person=person, role="mentee", status="submitted", submitted_at=at
    )
    Answer.objects.create(reflection=page, question=question, text="x", audience="pairing").pairings.add(
        pairing
    )


def swap(pairing: Pairing, person: User, **times: datetime | None) -> Swap:
    open_due_rounds(NOW)
    round = Round.objects.filter(program=pairing.program).latest("quarter_start")
    return Swap.objects.create(
        pairing=pairing,
        round=round,
        proposed_by=person,
        opens_on=NOW.date(),
        **{"created_at": LONG_AGO} | times,
    )


SIGNS: dict[str, Act] = {
    "a meeting planned": lambda p, who, at: meet(p, created_at=at, starts_at=NOW + 90 * DAY),
    "a meeting written down": lambda p, who, at: meet(p, created_at=at),
    "a meeting held": lambda p, who, at: meet(p, starts_at=at),
    "a meeting said to have been": lambda p, who, at: meet(p, took_place=True, said_at=at),
    "a meeting said not to have been": lambda p, who, at: meet(p, took_place=False, said_at=at),
    "a meeting canceled": lambda p, who, at: meet(p, cancelled_at=at),
    "times proposed": lambda p, who, at: MeetingProposal.objects.create(
        pairing=p, proposed_by=who, created_at=at
    ),
    "times answered": lambda p, who, at: MeetingProposal.objects.create(
        pairing=p, proposed_by=who, created_at=LONG_AGO, state="none_suits", closed_at=at
    ),
    "something to talk about": lambda p, who, at: AgendaItem.objects.create(
        pairing=p, author=who, text="x", created_at=at
    ),
    "something talked about": lambda p, who, at: AgendaItem.objects.create(
        pairing=p, author=who, text="x", created_at=LONG_AGO, talked_at=at
    ),
    "a note for the two": lambda p, who, at: Note.objects.create(
        pairing=p, author=who, text="x", is_shared=True, created_at=at, changed_at=LONG_AGO
    ),
    "a note that is shared later": lambda p, who, at: Note.objects.create(
        pairing=p, author=who, text="x", is_shared=True, created_at=LONG_AGO, changed_at=at
    ),
    "an agreement proposed": lambda p, who, at: Agreement.objects.create(
        pairing=p, number=1, proposed_by=who, proposed_at=at
    ),
    "an agreement agreed": lambda p, who, at: Agreement.objects.create(
        pairing=p, number=1, proposed_by=who, proposed_at=LONG_AGO, state="agreed", agreed_at=at
    ),
    "an agreement declined": lambda p, who, at: Agreement.objects.create(
        pairing=p, number=1, proposed_by=who, proposed_at=LONG_AGO, state="declined", closed_at=at
    ),
    "a wish about feedback": lambda p, who, at: FeedbackWish.objects.create(
        pairing=p, person=who, text="x", changed_at=at
    ),
    "a goal": lambda p, who, at: Goal.objects.create(pairing=p, author=who, text="x", created_at=at),
    "a goal reached": lambda p, who, at: Goal.objects.create(
        pairing=p, author=who, text="x", created_at=LONG_AGO, state="reached", closed_at=at
    ),
    "an action": lambda p, who, at: Action.objects.create(pairing=p, author=who, text="x", created_at=at),
    "an action done": lambda p, who, at: Action.objects.create(
        pairing=p, author=who, text="x", created_at=LONG_AGO, done_at=at
    ),
    "a possibility": lambda p, who, at: Possibility.objects.create(
        pairing=p, author=who, text="x", created_at=at
    ),
    "an extension": lambda p, who, at: Extension.objects.create(
        pairing=p, proposed_by=who, until=NOW.date(), created_at=at
    ),
    "an extension answered": lambda p, who, at: Extension.objects.create(
        pairing=p, proposed_by=who, until=NOW.date(), created_at=LONG_AGO, state="declined", closed_at=at
    ),
    "that they are in touch": lambda p, who, at: Silence.objects.create(
        pairing=p, person=who, since=LONG_AGO, number=1, asked_at=LONG_AGO, answer="in_touch", answered_at=at
    ),
    "a moment shared": lambda p, who, at: Moment.objects.create(
        person=who, text="x", happened_on=LONG_AGO, audience="pairing", pairing=p, created_at=at
    ),
    "an answer shared": answer_shared,
    "a swap suggested": lambda p, who, at: swap(p, who, created_at=at),
    "a swap agreed": lambda p, who, at: swap(p, who, agreed_at=at),
    "a note of thanks": lambda p, who, at: Thanks.objects.create(
        writer=who, text="x", pairing=p, recipient=p.partner_of(who), way="here", sent_at=at
    ),
}
NONE: dict[str, Act] = {
    "that one of the two is ready for a swap": lambda p, who, at: swap(p, who).parts.create(
        person=who, ready_at=at
    ),
    "a swap that its day opened": lambda p, who, at: swap(p, who, agreed_at=LONG_AGO, opened_at=at),
    "a note for oneself": lambda p, who, at: Note.objects.create(
        pairing=p, author=who, text="x", created_at=at, changed_at=at
    ),
    "a note of thanks that is not sent": lambda p, who, at: Thanks.objects.create(
        writer=who, text="x", pairing=p, recipient=p.partner_of(who), created_at=at, saved_at=at
    ),
    "a moment for oneself": lambda p, who, at: Moment.objects.create(
        person=who, text="x", happened_on=at, created_at=at
    ),
    "a meeting that was not": lambda p, who, at: meet(p, starts_at=at, took_place=False, said_at=LONG_AGO),
    "a meeting that was called off": lambda p, who, at: meet(p, starts_at=at, cancelled_at=LONG_AGO),
    "a proposal that lapsed": lambda p, who, at: MeetingProposal.objects.create(
        pairing=p, proposed_by=who, created_at=LONG_AGO, state="lapsed", closed_at=at
    ),
    "an extension that lapsed": lambda p, who, at: Extension.objects.create(
        pairing=p, proposed_by=who, until=NOW.date(), created_at=LONG_AGO, state="lapsed", closed_at=at
    ),
}


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_is_one(quiet: Pairing, mentee: User, sign: str) -> None:
    """For both ways of asking for it, and not for another pair."""
    at = NOW - 3 * DAY
    SIGNS[sign](quiet, mentee, at)
    rows = Pairing.objects.filter(pk=quiet.pk)
    assert not signs.without_one_since(rows, at - DAY).exists()
    if sign != "a meeting planned":
        assert signs.without_one_since(rows, at).exists()
        assert signs.last_of([quiet.pk]) == {quiet.pk: at}
    assert tick() == 0


@pytest.mark.parametrize("what", NONE)
def test_what_is_no_sign_changes_nothing(quiet: Pairing, mentee: User, what: str) -> None:
    NONE[what](quiet, mentee, NOW - 3 * DAY)
    assert tick() == 2


def test_every_table_of_the_room_is_a_sign_or_said_not_to_be_one() -> None:
    """Whoever adds a model that belongs to a pairing says here what it is."""
    no_signs = {
        "fit_checks",  # Told to those who run the program, not to each other.
        "publications", "runs", "concerns", "steps", "farewells", "in_touch", "postcards", "asked_by", "request",
        "proposed",
        "announcements", "admin_notes", "accepted_for",  # By those who run the program.
    }  # fmt: skip
    there = {
        relation.get_accessor_name(): relation.related_model
        for relation in Pairing._meta.related_objects
        if relation.related_model is not None
    }
    known = {sign.rows().model for sign in signs._signs}
    left = {name for name, model in there.items() if model not in known and name not in no_signs}
    assert left == set()


def test_a_sign_of_one_pair_is_none_of_another(
    quiet: Pairing, mentor: User, member: User, mentee: User
) -> None:
    other = begun(quiet.program, mentor, member, 30)
    Goal.objects.create(pairing=quiet, author=mentor, text="x", created_at=NOW - DAY)
    assert tick() == 2
    assert {silence.pairing for silence in Silence.objects.all()} == {other}
