"""Those for whom a run has nobody: why, and what would help."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from accounts.models import User
from mentoring.matching.people import Pair
from mentoring.matching.proposal import Proposal, as_it_is
from mentoring.matching.unmatched import Unmatched, mentee_without, mentor_without
from mentoring.models import Enrollment, EnrollmentQuestion, MatchingRun, ProposedPair, WithoutMatch
from mentoring.pool import Pool, to_match
from mentoring.why import read_unmatched, unmatched_in_two

from .situation import places_of

# Up to so many people in a run, why somebody is without a match is asked when it is shown, and whether anything that
# the run depends on has changed since.
LIVE = 300
Side = WithoutMatch.Side


@dataclass(frozen=True)
class Alone:
    row: WithoutMatch
    place: Enrollment | None
    why: str
    help: str
    # Whether a mentor can be chosen for them.
    is_choosing: bool


def is_live(run: MatchingRun) -> bool:
    return run.state == MatchingRun.State.MADE and run.mentees + run.mentors <= LIVE


def today(run: MatchingRun, now: datetime) -> tuple[Pool, Proposal]:
    """Everybody who could be matched today, with the run's drafts as they are."""
    drafts = list(ProposedPair.objects.filter(run=run).draft().values_list("mentee", "mentor", "is_locked"))
    locked = [Pair(mentee, mentor) for mentee, mentor, is_locked in drafts if is_locked]
    pool = to_match(run.program, now, locked=locked)
    return pool, as_it_is(pool.matching, (Pair(mentee, mentor) for mentee, mentor, _locked in drafts))


def alone(
    run: MatchingRun, rows: Sequence[WithoutMatch], as_of_today: Callable[[], tuple[Pool, Proposal]]
) -> list[Alone]:
    """`rows` come with their people. `as_of_today` is asked only where somebody's why is not known yet."""
    places = places_of(run, [row.person_id for row in rows])
    found: dict[int, Unmatched | None] = {}
    for row in rows:
        found[row.pk] = _read(row.why)
    unknown = [row for row in rows if not row.why]
    if unknown and is_live(run):
        _pool, proposal = as_of_today()
        found |= {row.pk: _asked(row, proposal) for row in unknown}
    named = {key for why in found.values() if why for key in _mentioned(why)}
    names = {person.pk: person.first_name for person in User.objects.filter(pk__in=named)}
    questions = dict(EnrollmentQuestion.objects.filter(program=run.program_id).values_list("code", "text"))

    def called(key: int) -> str:
        return names.get(key) or gettext("somebody who is no longer here")

    return [_said(run, row, places.get(row.person_id), found[row.pk], called, questions) for row in rows]


def _said(
    run: MatchingRun,
    row: WithoutMatch,
    place: Enrollment | None,
    why: Unmatched | None,
    called: Callable[[int], str],
    questions: dict[str, str],
) -> Alone:
    name = row.person.first_name
    roles = (Enrollment.Role.BOTH, row.side)
    if place is None or place.status != Enrollment.Status.ACTIVE or place.role not in roles:
        said = gettext("%(name)s has left the program since, or takes a break.") % {"name": name}
        return Alone(row, place, said, "", is_choosing=False)
    is_choosing = run.state == MatchingRun.State.MADE and row.side == Side.MENTEE
    if why is None:
        if is_live(run):
            said = gettext("%(name)s needs nobody any more: something has changed since.") % {"name": name}
        else:
            said = gettext("Propose again to learn why.")
        return Alone(row, place, said, "", is_choosing=is_choosing)
    said, help = unmatched_in_two(why, name, called, questions)
    return Alone(row, place, said, help, is_choosing=is_choosing)


def _asked(row: WithoutMatch, proposal: Proposal) -> Unmatched | None:
    """None for whoever is not to be matched any more."""
    if row.side == Side.MENTEE:
        known = row.person_id in proposal.matching.mentee_at
        return mentee_without(proposal, row.person_id) if known else None
    known = row.person_id in proposal.matching.mentor_at
    return mentor_without(proposal, row.person_id) if known else None


def _read(why: Any) -> Unmatched | None:
    """What another version wrote, and this one does not understand, is as if it were not known."""
    try:
        return read_unmatched(why) if why else None
    except (KeyError, TypeError, ValueError):
        return None


def _mentioned(why: Unmatched) -> set[int]:
    return {*why.could_be_with, *([why.change.mentor] if why.change else [])}
