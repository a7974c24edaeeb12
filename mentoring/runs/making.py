"""One run from the people to the pairs, in one go: what a worker does once it has claimed the run."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import transaction

from mentoring.matching.criteria import Criteria
from mentoring.matching.people import Pair
from mentoring.matching.proposal import Proposal, propose
from mentoring.matching.unmatched import mentee_without, mentor_without
from mentoring.models import MatchingRun, Program, ProposedPair, WithoutMatch
from mentoring.pool import Pool, to_match
from mentoring.why import kept_unmatched

Stage = MatchingRun.Stage
Side = WithoutMatch.Side
BATCH = 1000
# To say why somebody is without, each of the other side is looked at: so many at once, in all, which takes a few
# seconds. For whoever is left the reasons are asked when somebody looks.
LOOKED_AT = 500_000


# What is kept of why somebody is without (mentoring/why.py), by side and key.
Whys = Mapping[tuple[str, int], dict[str, Any]]


def find(
    run: MatchingRun, now: datetime, *, tell: Callable[[Stage], object] = lambda stage: None
) -> tuple[Pool, Proposal]:
    """The best pairs for the people of the run's program as they are now; the locked pairs of the run before stay."""
    tell(Stage.PEOPLE)
    # Where a page's own transaction is around it, what the database refuses is undone in here.
    with transaction.atomic():
        pool = to_match(run.program, now, locked=locked_before(run))
    tell(Stage.BEST)
    return pool, propose(pool.matching)


def ask_why(proposal: Proposal, most: int = LOOKED_AT) -> Whys:
    """Why those whom nobody was found for are without, mentees first, until `most` have been looked at for it. Nothing
    is written yet."""
    mentees, mentors = len(proposal.matching.mentees), len(proposal.matching.mentors)
    asked = [
        *((Side.MENTEE, key, mentee_without, mentors) for key in proposal.mentees_without),
        *((Side.MENTOR, key, mentor_without, mentees) for key in proposal.mentors_without),
    ]
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for side, key, why, others in asked:
        most -= max(1, others)
        if most < 0:
            break
        found[side, key] = kept_unmatched(why(proposal, key))
    return found


def keep(run: MatchingRun, pool: Pool, proposal: Proposal, why: Whys) -> dict[str, Any]:
    """Write what was found, inside the caller's transaction. What comes back are the figures for the run's own row."""
    ProposedPair.objects.bulk_create(
        (
            ProposedPair(
                run=run,
                mentor_id=each.pair.mentor,
                mentee_id=each.pair.mentee,
                fit=each.fit,
                is_locked=each.is_locked,
            )
            for each in proposal.pairs
        ),
        batch_size=BATCH,
    )
    WithoutMatch.objects.bulk_create(
        (
            WithoutMatch(run=run, person_id=key, side=side, why=why.get((side, key), {}))
            for side, keys in (
                (Side.MENTEE, proposal.mentees_without),
                (Side.MENTOR, proposal.mentors_without),
            )
            for key in keys
        ),
        batch_size=BATCH,
    )
    totals = proposal.totals
    return {
        "criteria": criteria_in_json(pool.matching.criteria),
        "fingerprint": pool.fingerprint,
        "mentees": len(pool.matching.mentees),
        "mentors": len(pool.matching.mentors),
        "matched": totals.matched,
        "total_fit": totals.fit,
        "worst_fit": totals.worst,
        "best_fit": pool.matching.criteria.best,
    }


def locked_before(run: MatchingRun) -> list[Pair]:
    if run.after_id is None:
        return []
    rows = ProposedPair.objects.filter(run=run.after_id, is_locked=True, publication__isnull=True)
    return [Pair(mentee, mentor) for mentor, mentee in rows.values_list("mentor", "mentee")]


def criteria_in_json(criteria: Criteria) -> dict[str, Any]:
    """As a run keeps them: the values of `Criteria` by name; `questions` a list of objects."""
    said = {field.name: _plain(getattr(criteria, field.name)) for field in fields(Criteria)}
    said["questions"] = [
        {field.name: _plain(getattr(question, field.name)) for field in fields(question)}
        for question in criteria.questions
    ]
    return said


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def in_one_go(program: Program, now: datetime, **fields_of_run: Any) -> MatchingRun:
    """A run that is made here and now; the caller's transaction keeps it whole."""
    run = MatchingRun.objects.create(program=program, created_at=now, **fields_of_run)
    pool, proposal = find(run, now)
    figures = keep(run, pool, proposal, ask_why(proposal))
    MatchingRun.objects.filter(pk=run.pk).update(
        state=MatchingRun.State.MADE, stage=Stage.DONE, finished_at=now, **figures
    )
    run.refresh_from_db()
    return run
