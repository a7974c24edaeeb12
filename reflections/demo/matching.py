"""Matching in the demo program: what makes a good pair, a run whose pairs were told, one that is looked over now, why
the pairs who are asked were put together, and how those who meet find it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from accounts.models import User
from mentoring.criteria import criteria_of
from mentoring.matching.fit import Musts, points
from mentoring.matching.people import Pair as KeyPair
from mentoring.models import (
    Enrollment,
    EnrollmentQuestion,
    FitCheck,
    MatchingCriteria,
    MatchingQuestion,
    MatchingRun,
    Meeting,
    Pairing,
    Program,
    ProposedPair,
    Publication,
    RuledOut,
    WithoutMatch,
)
from mentoring.models.criteria import Weight
from mentoring.pool import Pool, pool_of
from mentoring.runs.making import ask_why, criteria_in_json, find, keep
from mentoring.why import facts

from .calendar import DAY, Times
from .pairs import Pair
from .words import blocks

BATCH = 2000
Answer = FitCheck.Answer
# Why two were put together is told for so many of the pairs at most, however large the program is.
MOST_REASONS = 100
# In a larger program nobody is asked, while it is made, why some are without a match.
MOST_WHY = 60
MOST_LOOKED_AT = 20
HOURS_APART = 5
TOLD_AGO, STARTED_WITHIN = 62 * DAY, 55 * DAY


def set_criteria(program: Program, times: Times) -> None:
    """Another department, clocks that are not too far apart, and how they would like to meet."""
    MatchingCriteria.objects.create(
        program=program,
        zone_gap=HOURS_APART * 60,
        other_department=True,
        skills=Weight.HIGH,
        hours=Weight.MEDIUM,
        languages=Weight.LOW,
        department=Weight.OFF,
    )
    meet = EnrollmentQuestion.objects.get(program=program, code="meet")
    MatchingQuestion.objects.create(question=meet, weight=Weight.LOW)


# --- Runs ----------------------------------------------------------------------------------------------------------


def tell_earlier(
    program: Program, pairs: Sequence[Pair], by: User, times: Times, letters: Mapping[str, str]
) -> MatchingRun | None:
    """A run of two months ago, of which all that go on now were told, with the letters as they went out."""
    since = times.today - STARTED_WITHIN
    told = [pair for pair in pairs if pair.status == Pairing.Status.ACTIVE and pair.starts_on >= since]
    told = told[:MOST_REASONS]
    pool = _pool(program, [pair.saved for pair in told], times.now)
    if not told:
        return None
    made_at = times.at(times.today - TOLD_AGO, 10, 20)
    criteria = criteria_of(program)
    fits = [_fit(pool, pair.saved) for pair in told]
    run = MatchingRun.objects.create(
        program=program,
        state=MatchingRun.State.MADE,
        stage=MatchingRun.Stage.DONE,
        created_by=by,
        created_at=made_at,
        finished_at=made_at + timedelta(seconds=2),
        criteria=criteria_in_json(criteria),
        mentees=len(told) + 1,
        mentors=len({pair.mentor.email for pair in told}),
        matched=len(told),
        total_fit=sum(fits),
        worst_fit=min(fits),
        best_fit=criteria.best,
    )
    publication = Publication.objects.create(
        run=run,
        created_by=by,
        created_at=made_at + timedelta(hours=5),
        approval=Program.Approval.BOTH,
        starts_on=min(pair.starts_on for pair in told),
        to_mentors=letters["mentors"],
        to_mentees=letters["mentees"],
    )
    ProposedPair.objects.bulk_create(
        [
            ProposedPair(
                run=run,
                mentor=pair.saved.mentor,
                mentee=pair.saved.mentee,
                fit=fit,
                publication=publication,
                pairing=pair.saved,
            )
            for pair, fit in zip(told, fits, strict=True)
        ],
        BATCH,
    )
    for pair in told:
        pair.saved.created_at = publication.created_at
    Pairing.objects.bulk_update([pair.saved for pair in told], ["created_at"], BATCH)
    return run


def propose(program: Program, by: User, times: Times, after: MatchingRun | None) -> MatchingRun:
    """A run of this morning that nobody has been told of: two of its pairs are locked, one was put together by hand."""
    at = times.now - timedelta(hours=3)
    run = MatchingRun.objects.create(program=program, created_by=by, created_at=at, after=after)
    pool, proposal = find(run, at)
    why = ask_why(proposal) if len(pool.matching.mentees) <= MOST_WHY else {}
    figures = keep(run, pool, proposal, why)
    done = {"state": MatchingRun.State.MADE, "stage": MatchingRun.Stage.DONE}
    MatchingRun.objects.filter(pk=run.pk).update(finished_at=at + timedelta(seconds=1), **done, **figures)
    drafts = list(run.pairs.order_by("-fit", "mentee__email"))
    ProposedPair.objects.filter(pk__in=[draft.pk for draft in drafts[:2]]).update(is_locked=True)
    _by_hand(run, pool, drafts[2:])
    run.refresh_from_db()
    return run


def _by_hand(run: MatchingRun, pool: Pool, drafts: Sequence[ProposedPair]) -> None:
    """The mentee of one of these goes to a mentor who would have nobody, and whom they fit best."""
    musts, matching = Musts(pool.matching), pool.matching
    idle = run.without.filter(side=WithoutMatch.Side.MENTOR).order_by("person__email")[:MOST_LOOKED_AT]
    best: tuple[int, ProposedPair, WithoutMatch] | None = None
    for draft in drafts[:MOST_LOOKED_AT]:
        mentee = matching.mentees[matching.mentee_at[draft.mentee_id]]
        for without in idle:
            mentor = matching.mentors[matching.mentor_at[without.person_id]]
            fit = points(mentee, mentor, matching.criteria)
            if (best is None or fit > best[0]) and not any(musts.broken(mentee, mentor)):
                best = fit, draft, without
    if best is None:
        return
    fit, draft, without = best
    if not run.pairs.filter(mentor=draft.mentor).exclude(pk=draft.pk).exists():
        WithoutMatch.objects.create(run=run, person_id=draft.mentor_id, side=WithoutMatch.Side.MENTOR)
    ProposedPair.objects.filter(pk=draft.pk).update(mentor=without.person_id, fit=fit, is_by_hand=True)
    without.delete()


# --- Why the two ---------------------------------------------------------------------------------------------------


def say_why(program: Program, pairings: Sequence[Pairing], now: datetime) -> None:
    """To those who are asked whether they would like to be a pair."""
    asked = [pairing for pairing in pairings if pairing.status in Pairing.ASKED][:MOST_REASONS]
    pool = _pool(program, asked, now)
    for pairing in asked:
        pairing.reasons = facts(pool.matching, KeyPair(pairing.mentee_id, pairing.mentor_id))
    Pairing.objects.bulk_update(asked, ["reasons"], BATCH)


def _pool(program: Program, pairings: Sequence[Pairing], now: datetime) -> Pool:
    places = {
        place.person_id: place
        for place in Enrollment.objects.filter(
            program=program,
            person__in={person for each in pairings for person in (each.mentor_id, each.mentee_id)},
        ).select_related("person")
    }
    mentees = {each.mentee_id: places[each.mentee_id] for each in pairings}
    mentors = {each.mentor_id: places[each.mentor_id] for each in pairings}
    return pool_of(program, list(mentees.values()), list(mentors.values()), now)


def _fit(pool: Pool, pairing: Pairing) -> int:
    matching = pool.matching
    mentee = matching.mentees[matching.mentee_at[pairing.mentee_id]]
    mentor = matching.mentors[matching.mentor_at[pairing.mentor_id]]
    return points(mentee, mentor, matching.criteria)


# --- How it is going -----------------------------------------------------------------------------------------------


def ask_how_it_is(pairs: Sequence[Pair], program: Program, times: Times) -> int:
    """What each said two weeks after they first met: mostly that it is good. Some were still finding out, and were
    asked again; in one pair that has ended somebody found that it was no fit, and in one that goes on somebody does.
    How many questions."""
    first: dict[int, datetime] = {}
    meetings = Meeting.objects.filter(pairing__program=program, cancelled_at__isnull=True)
    for key, starts_at in meetings.order_by("-starts_at").values_list("pairing", "starts_at"):
        first[key] = starts_at
    learned = [text for words, text in blocks("matching.txt") if words[0] == "learned"]
    rows: list[FitCheck] = []
    is_settled = False
    going_on = [
        pair
        for pair in pairs
        if pair.status == Pairing.Status.ACTIVE and not pair.mentor.key and pair.saved.pk in first
    ]
    lately = [pair for pair in going_on if first[pair.saved.pk] + 17 * DAY < times.now]
    not_yet_seen_to = max(lately, key=lambda pair: first[pair.saved.pk], default=None)
    for number, pair in enumerate(pairs):
        met_at = first.get(pair.saved.pk)
        asked_at = met_at + 14 * DAY if met_at else None
        last = times.at(pair.ended_on, 8) if pair.ended_on else times.now
        if asked_at is None or not pair.has_begun or asked_at + 3 * DAY > last:
            continue
        pairing, invented = pair.saved, not (pair.mentor.key or pair.mentee.key)
        rows.append(_asked(pairing, pairing.mentor, asked_at, Answer.GOOD, after=9))
        if invented and pair.status == Pairing.Status.ENDED and not is_settled:
            is_settled = True
            rows.append(_asked(pairing, pairing.mentee, asked_at, Answer.NOT_A_FIT, learned=learned[0]))
            rows[-1].settled_at = asked_at + 2 * DAY
            _rule_out(pairing, asked_at + timedelta(hours=30))
        elif pair is not_yet_seen_to:
            rows.append(_asked(pairing, pairing.mentee, asked_at, Answer.NOT_A_FIT, learned=learned[1]))
            _rule_out(pairing, asked_at + timedelta(hours=30))
        elif number % 5 == 1:
            rows.append(_asked(pairing, pairing.mentee, asked_at, Answer.FINDING_OUT))
            if (again := asked_at + timedelta(days=15, hours=6)) + 3 * DAY < last:
                rows.append(_asked(pairing, pairing.mentee, again, Answer.GOOD, number=2))
        elif number % 7 == 3:
            rows.append(FitCheck(pairing=pairing, person=pairing.mentee, asked_at=asked_at))
        else:
            rows.append(_asked(pairing, pairing.mentee, asked_at, Answer.GOOD))
    FitCheck.objects.bulk_create(rows, BATCH)
    return len(rows)


def _asked(
    pairing: Pairing,
    person: User,
    at: datetime,
    answer: str,
    *,
    after: int = 30,
    number: int = 1,
    learned: str = "",
) -> FitCheck:
    """Answered so many hours after it was asked."""
    return FitCheck(
        pairing=pairing,
        person=person,
        number=number,
        asked_at=at,
        answer=answer,
        answered_at=at + timedelta(hours=after),
        learned=learned,
    )


def _rule_out(pairing: Pairing, at: datetime) -> None:
    RuledOut.objects.create(
        program=pairing.program,
        mentor=pairing.mentor,
        mentee=pairing.mentee,
        because=RuledOut.Because.NOT_A_FIT,
        created_at=at,
    )


def rule_out(program: Program, one: User, other: User, by: User, times: Times) -> None:
    """Two who know each other too well, as their admin was told."""
    RuledOut.objects.create(
        program=program,
        mentor=one,
        mentee=other,
        created_by=by,
        created_at=times.at(times.today - 9 * DAY, 16),
    )


def letters() -> dict[str, str]:
    return {words[1]: text for words, text in blocks("matching.txt") if words[0] == "letter"}
