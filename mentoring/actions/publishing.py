"""Pairs of a matching run are told: they become pairs, or are asked, and get the letters of whoever publishes them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts.mail import outbox
from accounts.models import User
from mentoring import pair_letters, places, rules
from mentoring.matching.people import Pair
from mentoring.models import Enrollment, MatchingRun, Pairing, Program, ProposedPair, Publication, RuledOut
from mentoring.pool import pool_of
from mentoring.why import Facts, facts

from .pairing_up import Openings, check_first_day, first_letters, new_pairing
from .refused import Refused

BATCH = 1000
Role = Enrollment.Role


@dataclass(frozen=True)
class Look:
    """One pair of a run; `why_not` says why it cannot be told, or nothing."""

    pair: ProposedPair
    why_not: str = ""


@dataclass(frozen=True)
class Published:
    """`publication` is None where no pair could be told."""

    publication: Publication | None
    pairings: Sequence[Pairing]
    left: Sequence[Look]


def look_through(run: MatchingRun, pairs: Iterable[ProposedPair]) -> list[Look]:
    """What `publish` would do with these pairs of the run, as things stand; in a fixed number of queries."""
    rows = _rows(run, pairs)
    return list(_looked_at(run.program, rows, Openings(run.program, _people(rows), lock=False)))


@transaction.atomic
def publish(
    run: MatchingRun,
    pairs: Iterable[ProposedPair],
    *,
    by: User,
    approval: str,
    starts_on: date,
    to_mentors: str = "",
    to_mentees: str = "",
    now: datetime,
) -> Published:
    """Tell these pairs of the run, as the caller has seen them. Those that cannot be by now, or are others by now, are
    left, with the reason; the others go.

    `approval` is one of `Program.Approval`. A letter that is empty is the default of mentoring/pair_letters.py.
    Raises Refused for a run that is not made or is put away, for a day on which the program does not run, and for a
    letter with a variable that there is not.
    """
    program = run.program
    if not rules.may_administer(by, program):
        raise Refused(_("Only those who run a program tell its pairs."))
    for words in (to_mentors, to_mentees):
        if problem := pair_letters.problem_in(words):
            raise Refused(problem)
    # Behind these two locks runs of one program are published one after the other, and none that is put away.
    program = places.locked(program)
    check_first_day(program, starts_on)
    state = MatchingRun.objects.select_for_update(no_key=True).values_list("state", flat=True).get(pk=run.pk)
    if state != MatchingRun.State.MADE:
        raise Refused(_("Nothing is told of a run that is put away, or not made yet."))
    seen = {pair.pk: pair for pair in pairs}
    people = _people(seen.values())
    # Whoever is erased at this moment is held by that, before their places are.
    list(User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))
    openings = Openings(program, people, lock=True)
    rows = {row.pk: row for row in _rows(run, seen.values(), lock=True)}
    changed = {pk for pk, pair in seen.items() if pk not in rows or not _is_the_same(pair, rows[pk])}
    looks = list(_looked_at(program, [row for pk, row in rows.items() if pk not in changed], openings))
    told = [look.pair for look in looks if not look.why_not]
    left = [look for look in looks if look.why_not]
    left += [Look(seen[pk], _("Somebody has changed this pair meanwhile.")) for pk in sorted(changed)]
    if not told:
        return Published(None, [], left)
    publication = Publication.objects.create(
        run=run,
        created_by=by,
        created_at=now,
        approval=approval,
        starts_on=starts_on,
        to_mentors=pair_letters.cleaned(to_mentors, Role.MENTOR),
        to_mentees=pair_letters.cleaned(to_mentees, Role.MENTEE),
    )
    return Published(publication, _told(publication, program, told, openings.places, now), left)


def _told(
    publication: Publication,
    program: Program,
    pairs: Sequence[ProposedPair],
    found: Mapping[int, Enrollment],
    now: datetime,
) -> list[Pairing]:
    reasons = _reasons(program, pairs, found, now)
    pairings = Pairing.objects.bulk_create(
        (
            new_pairing(
                program,
                pair.mentor,
                pair.mentee,
                starts_on=publication.starts_on,
                approval=publication.approval,
                reasons=reasons[pair.pk],
                now=now,
            )
            for pair in pairs
        ),
        batch_size=BATCH,
    )
    # Two people have one open pairing in a program at most: theirs is the one just made.
    theirs = Pairing.objects.filter(
        program=program, mentor=OuterRef("mentor"), mentee=OuterRef("mentee")
    ).open()
    ProposedPair.objects.filter(pk__in=[pair.pk for pair in pairs]).update(
        publication=publication, pairing=Subquery(theirs.values("pk"))
    )
    # Requests that this leaves without an aim end with the next tick (request_life.end_pointless_requests).
    outbox.owe_many(letter for pairing in pairings for letter in first_letters(pairing, now))
    return pairings


def _reasons(
    program: Program, pairs: Sequence[ProposedPair], found: Mapping[int, Enrollment], now: datetime
) -> dict[int, Facts]:
    """What speaks for each of these pairs and what does not, by the people as they are now."""
    mentees = {pair.mentee_id: found[pair.mentee_id] for pair in pairs}
    mentors = {pair.mentor_id: found[pair.mentor_id] for pair in pairs}
    matching = pool_of(program, list(mentees.values()), list(mentors.values()), now).matching
    return {pair.pk: facts(matching, Pair(pair.mentee_id, pair.mentor_id)) for pair in pairs}


def _rows(run: MatchingRun, pairs: Iterable[ProposedPair], *, lock: bool = False) -> list[ProposedPair]:
    """These pairs of the run as they are now."""
    rows = (
        ProposedPair.objects.filter(run=run, pk__in=[pair.pk for pair in pairs]).with_people().order_by("pk")
    )
    return list(rows.select_for_update(no_key=True, of=("self",)) if lock else rows)


def _is_the_same(one: ProposedPair, other: ProposedPair) -> bool:
    return (one.mentor_id, one.mentee_id) == (other.mentor_id, other.mentee_id)


def _people(pairs: Iterable[ProposedPair]) -> set[int]:
    return {key for pair in pairs for key in (pair.mentor_id, pair.mentee_id)}


def _looked_at(program: Program, pairs: Sequence[ProposedPair], openings: Openings) -> Iterator[Look]:
    """In their order: each takes up its room before the next is looked at."""
    said_no, ruled_out, no_fit = _settled(program, _people(pairs))
    for pair in pairs:
        two = frozenset((pair.mentor_id, pair.mentee_id))
        if pair.publication_id is not None:
            yield Look(pair, _("They have been told already."))
        elif two in said_no:
            yield Look(pair, _("These two were asked before, and the answer was no."))
        elif two in ruled_out:
            yield Look(pair, _("This pair is ruled out by now."))
        elif two in no_fit:
            # Whose finding it was, and in which program, is not told: the same words as on the board.
            yield Look(pair, _("These two cannot be a pair in this program."))
        else:
            yield Look(pair, _why_not(openings, pair))


def _why_not(openings: Openings, pair: ProposedPair) -> str:
    for person in (pair.mentor, pair.mentee):
        if person.erasure_due_at is not None:
            return _("%(name)s is not active in this program now.") % {"name": person.first_name}
    try:
        openings.take(pair.mentor, pair.mentee)
    except Refused as no:
        return str(no)
    return ""


def _settled(program: Program, people: set[int]) -> list[set[frozenset[int]]]:
    """Of these people, the twos of whom one said no in this program, those that its admins ruled out, and those that
    were no fit, in whichever program."""
    declined = Pairing.objects.filter(program=program, status=Pairing.Status.DECLINED)
    ruled_out = RuledOut.objects.filter(program=program, because=RuledOut.Because.ADMINS)
    no_fit = RuledOut.objects.filter(because=RuledOut.Because.NOT_A_FIT)
    return [
        {
            frozenset(two)
            for two in rows.filter(mentor__in=people, mentee__in=people)
            .order_by()
            .values_list("mentor", "mentee")
        }
        for rows in (declined, ruled_out, no_fit)
    ]
