"""All mentors of a program for one mentee, the best first: for whoever puts a pair together by hand."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import gettext

from mentoring.matching.fit import Musts, points
from mentoring.models import Enrollment, MatchingRun, ProposedPair
from mentoring.pool import pool_of
from mentoring.why import words

from .cards import drafts_of, mentors_of
from .situation import NEVER, held
from .strength import Scale, Strength


@dataclass(frozen=True)
class Choice:
    place: Enrollment
    strength: Strength
    room: str
    # Whether this mentee is with them in the run as it stands.
    is_theirs: bool
    # Must-haves that the pair would break, in words.
    breaks: str


def choices(run: MatchingRun, mentee: Enrollment, now: datetime, *, called: str = "") -> list[Choice]:
    """Without whoever can never be with this mentee; of those whose name holds `called`. First those who break no
    must-have, then those with room, then by how well they fit."""
    rows = mentors_of(run).exclude(person=mentee.person_id)
    if called:
        rows = rows.filter(person__name__icontains=called)
    places = list(rows)
    drafts = ProposedPair.objects.filter(run=run, mentee=mentee.person_id).draft()
    now_with = drafts.values_list("mentor", flat=True).first()
    keys = [place.person_id for place in places]
    taken = held(run, keys) + drafts_of(run, keys)
    pool = pool_of(run.program, [mentee], places, now)
    musts, said, scale = Musts(pool.matching), words(pool.questions), Scale(run.best_fit)
    [theirs] = pool.matching.mentees
    found = []
    for mentor in pool.matching.mentors:
        broken = list(musts.broken(theirs, mentor))
        if any(must.kind in NEVER for must in broken):
            continue
        place = pool.places[mentor.key]
        room = max(0, place.capacity - taken[mentor.key])
        fit = points(theirs, mentor, pool.matching.criteria)
        choice = Choice(
            place=place,
            strength=scale.of(fit),
            room=_in_words(room, said.counted(room)),
            is_theirs=mentor.key == now_with,
            breaks=said.listed([said.must(must) for must in broken]),
        )
        found.append(((len(broken), not room, -fit, str(place.person), mentor.key), choice))
    return [choice for _order, choice in sorted(found, key=lambda each: each[0])]


def _in_words(room: int, number: str) -> str:
    if not room:
        return gettext("No room now")
    return capfirst(gettext("room for %(number)s") % {"number": gettext("one") if room == 1 else number})
