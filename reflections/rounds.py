"""Rounds are made by the clock, never by hand: each quarter of a running program gets one, with its questions."""

import logging
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.defects import told
from mentoring.models import Program
from mentoring.quarter import Quarter

from .editions import COPIED, current
from .models import Prompt, Question, Questionnaire, RoleSet, Round

logger = logging.getLogger(__name__)

# Days before the quarter's last day D on which its page opens. The earliest coffee slot that asks is the Monday of the
# last full week, D - 13 at most; a person east of their program has it a day sooner on the program's calendar; it is
# planned three days ahead; and three more let a clock that stood still over a weekend catch up unnoticed.
OPENS_BEFORE = timedelta(days=13 + 1 + 3 + 3)
# Days after D for which people are still asked: the last call comes D + 8 to D + 20. Writing stays possible for ever.
ASKED_AFTER = timedelta(days=21)
# Rotating questions asked of one set of people in one quarter.
ROTATING = 2
# Of the program's own year, in which the questions of once a year are asked.
LAST_QUARTER = 4

POSITIONS = {
    RoleSet.MENTOR: "mentor_position",
    RoleSet.MENTEE: "mentee_position",
    RoleSet.BOTH: "both_position",
}


def open_due_rounds(now: datetime) -> list[Round]:
    """Open every round that is due in a running program, from the quarter in which it began; return the new ones.

    Running it twice, or twice at once, makes nothing twice. A program that cannot be served is logged and does not keep
    the others waiting.
    """
    opened: list[Round] = []
    for program, quarters in due_quarters(now):
        try:
            opened += _open(program, quarters, now)
        except Exception as error:
            logger.error("Rounds of program %s could not be opened: %s", program.pk, told(error))
    return opened


def due_quarters(now: datetime) -> Iterator[tuple[Program, list[Quarter]]]:
    """Running programs with the quarters that should have a round by now and have none. Two queries."""
    programs = [program for program in _active_programs() if is_running(program, program.today(now))]
    spans: dict[int, list[tuple[date, date]]] = {program.pk: [] for program in programs}
    for round in Round.objects.filter(program__in=spans).only("program_id", "quarter_start", "due_on"):
        spans[round.program_id].append((round.quarter_start, round.due_on))
    for program in programs:
        quarters = _without_round(_quarters(program, program.today(now)), spans[program.pk])
        if quarters:
            yield program, quarters


def round_of(program: Program, quarter: Quarter) -> Round:
    """The round of this quarter with its dates, not stored."""
    return Round(
        program=program,
        quarter_start=quarter.start,
        opens_on=quarter.end - OPENS_BEFORE,
        due_on=quarter.end,
        closes_on=quarter.end + ASKED_AFTER,
    )


def questions_of(round: Round, prompts: Iterable[Prompt]) -> list[Question]:
    """The questions this round asks of each set, as copies, not stored.

    At most `ROTATING` of the rotating prompts stand in a set, and other ones each quarter until all had their turn.
    Those of once a year stand in the year's last quarter.
    """
    asked = [prompt for prompt in prompts if prompt.is_active and _is_due(prompt, round)]
    resting: dict[str, set[str]] = {field: _resting(asked, field, round) for field in POSITIONS.values()}
    questions = []
    for prompt in asked:
        values = {name: getattr(prompt, name) for name in COPIED}
        for field in POSITIONS.values():
            if prompt.code in resting[field]:
                values[field] = None
        if any(values[field] is not None for field in POSITIONS.values()):
            questions.append(Question(round=round, wordings=prompt.wordings, **values))
    return questions


def _is_due(prompt: Prompt, round: Round) -> bool:
    return not prompt.is_yearly or round.quarter.number == LAST_QUARTER


def in_order(questions: Iterable[Question], role: str) -> list[Question]:
    """Those of one set, as `Question.objects.for_role` has them, of questions that are not stored."""
    place = POSITIONS[RoleSet(role)]
    asked = [question for question in questions if getattr(question, place) is not None]
    return sorted(asked, key=lambda question: int(getattr(question, place)))


def _active_programs() -> Iterable[Program]:
    return Program.objects.filter(status=Program.Status.ACTIVE).order_by("pk")


def is_running(program: Program, today: date) -> bool:
    """As `ProgramQuerySet.running`, on each program's own calendar."""
    return program.starts_on <= today and (program.ends_on is None or program.ends_on >= today)


def _quarters(program: Program, today: date) -> Iterator[Quarter]:
    quarter = program.quarter_on(program.starts_on)
    while quarter.end - OPENS_BEFORE <= today:
        yield quarter
        quarter = quarter.next


def _without_round(quarters: Iterable[Quarter], spans: list[tuple[date, date]]) -> list[Quarter]:
    """Those of which no day has a round. After a change of the fiscal year, no day is asked about a second time."""
    return [
        quarter
        for quarter in quarters
        if not any(start <= quarter.end and quarter.start <= end for start, end in spans)
    ]


@transaction.atomic
def _open(program: Program, quarters: list[Quarter], now: datetime) -> list[Round]:
    # Two clocks take turns here; the lock leaves other rows that point to the program alone.
    Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    edition, prompts = current(Questionnaire.objects.for_program(program), by=None, now=now)
    rounds = []
    for quarter in quarters:
        new = round_of(program, quarter)
        round, is_new = Round.objects.get_or_create(
            program=program,
            quarter_start=quarter.start,
            defaults={
                "opens_on": new.opens_on,
                "due_on": new.due_on,
                "closes_on": new.closes_on,
                "edition": edition,
            },
        )
        if is_new:
            Question.objects.bulk_create(questions_of(round, prompts))
            rounds.append(round)
    return rounds


def _resting(prompts: list[Prompt], field: str, round: Round) -> set[str]:
    """The codes of the rotating prompts of one set that this quarter leaves out."""
    rotating = sorted(
        (prompt for prompt in prompts if prompt.is_rotating and getattr(prompt, field) is not None),
        key=lambda prompt: (getattr(prompt, field), prompt.pk or 0, prompt.code),
    )
    if len(rotating) <= ROTATING:
        return set()
    # Quarters of one program follow each other by three months, so this number goes up by one.
    ordinal = (round.quarter_start.year * 12 + round.quarter_start.month - 1) // 3
    chosen = {(ordinal * ROTATING + n) % len(rotating) for n in range(ROTATING)}
    return {prompt.code for n, prompt in enumerate(rotating) if n not in chosen}
