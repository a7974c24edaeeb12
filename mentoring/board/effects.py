"""A change to a run's draft in words, before it is made: what it does to whom, and to all pairs together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.refused import Refused
from mentoring.matching.changes import Effect, proposed_again
from mentoring.matching.people import Pair
from mentoring.models import MatchingRun, ProposedPair
from mentoring.why import words

from .cards import Option
from .situation import Situation, situation
from .strength import Figures, Scale, Strength, figures
from .without import is_live, today


@dataclass(frozen=True)
class Line:
    """One figure of the whole run, now and afterwards."""

    label: str | Promise
    before: int
    after: int


@dataclass(frozen=True)
class InWords:
    """`refused` says why it cannot be done, and `instead` what can. `seen` is whom each mentee is with, for whoever
    confirms it."""

    title: str
    button: str
    sentences: list[str]
    seen: dict[int, int | None]
    lines: list[Line] = field(default_factory=list)
    together: str = ""
    breaks: str = ""
    refused: str = ""
    instead: list[Option] = field(default_factory=list)


def of_move(run: MatchingRun, mentee: int, mentor: int | None, now: datetime) -> InWords:
    now_is = situation(run, now, mentees=[mentee], mentors=[mentor] if mentor is not None else [])
    before = now_is.mentor_of(mentee)
    names = {"mentee": now_is.name(mentee), "mentor": now_is.name(mentor) if mentor is not None else ""}
    if mentor is None:
        title, button = _("Leave %(mentee)s without a match?"), _("Leave %(mentee)s without a match")
    else:
        title, button = _("%(mentee)s with %(mentor)s?"), _("Put %(mentee)s with %(mentor)s")
    seen = {mentee: before}
    try:
        now_is.check_move(mentee, mentor)
    except Refused as no:
        instead = _swaps(now_is, mentee, mentor) if mentor is not None else []
        return InWords(str(title) % names, "", [], seen, refused=str(no), instead=instead)
    sentences = [
        _fit_changes(now_is, mentee, mentor),
        *_mentors_then(now_is, [mentor, before], {mentor: 1, before: -1}),
    ]
    return _whole(
        now_is, now_is.if_moved(mentee, mentor), str(title) % names, str(button) % names, sentences, seen
    )


def of_swap(run: MatchingRun, one: int, other: int, now: datetime) -> InWords:
    now_is = situation(run, now, mentees=[one, other])
    mine, theirs = now_is.mentor_of(one), now_is.mentor_of(other)
    names = {"one": now_is.name(one), "other": now_is.name(other)}
    title = gettext("Swap %(one)s and %(other)s?") % names
    seen = {one: mine, other: theirs}
    try:
        now_is.check_swap(one, other)
    except Refused as no:
        return InWords(title, "", [], seen, refused=str(no))
    sentences = [_fit_changes(now_is, one, theirs), _fit_changes(now_is, other, mine)]
    button = gettext("Swap %(one)s and %(other)s") % names
    return _whole(now_is, now_is.if_swapped(one, other), title, button, sentences, seen)


def of_ruling_out(pair: ProposedPair, now: datetime) -> InWords:
    run, mentee, mentor = pair.run, pair.mentee_id, pair.mentor_id
    now_is = situation(run, now, mentees=[mentee])
    names = {"mentee": pair.mentee.first_name, "mentor": pair.mentor.first_name}
    title = gettext("Never %(mentee)s with %(mentor)s?") % names
    if now_is.mentor_of(mentee) != mentor:
        return InWords(title, "", [], {}, refused=gettext("This pair is no longer in the draft."))
    sentences = [
        gettext(
            "The two are not proposed to each other again in this program, in either direction, until you allow it."
        ),
        gettext("%(mentee)s would be without a match in this run.") % names,
        *_mentors_then(now_is, [mentor], {mentor: -1}),
    ]
    if is_live(run):
        sentences.append(_if_proposed_again(now_is, mentee, mentor, now))
    button = gettext("Never propose these two again")
    return _whole(now_is, now_is.if_moved(mentee, None), title, button, sentences, {mentee: mentor})


def _if_proposed_again(now_is: Situation, mentee: int, mentor: int, now: datetime) -> str:
    """Of all people of the program, with the locked pairs kept: whom this mentee would get."""
    pool, proposal = today(now_is.run, now)
    after, _effect = proposed_again(proposal, forbid=[Pair(mentee, mentor), Pair(mentor, mentee)])
    found = after.mentor_of.get(mentee)
    name = now_is.name(mentee)
    if found is None:
        said = gettext("If you then propose again, %(mentee)s would have no match either.")
        return said % {"mentee": name}
    said = gettext("If you then propose again, %(mentee)s would be with %(mentor)s: a %(fit)s.")
    people = pool.people
    strength = _strength(
        pool.matching.criteria.best, next(e.fit for e in after.pairs if e.pair.mentee == mentee)
    )
    return said % {"mentee": name, "mentor": people[found].first_name, "fit": strength.in_a_sentence}


def _strength(best: int, fit: int) -> Strength:
    return Scale(best).of(fit)


# --- What happens to whom


def _fit_changes(now_is: Situation, mentee: int, mentor: int | None) -> str:
    row, scale = now_is.rows.get(mentee), Scale(now_is.run.best_fit)
    said = {"mentee": now_is.name(mentee), "mentor": now_is.name(mentor) if mentor is not None else ""}
    if row is not None:
        said |= {"before": now_is.name(row.mentor_id), "was": str(scale.of(row.fit).in_a_sentence)}
    if mentor is not None:
        said["fit"] = str(scale.of(now_is.fit(mentee, mentor)).in_a_sentence)
    if row is None:
        return gettext("%(mentee)s has nobody in this run, and would be with %(mentor)s: a %(fit)s.") % said
    if mentor is None:
        return (
            gettext("%(mentee)s would no longer be with %(before)s (a %(was)s), and without a match.") % said
        )
    return gettext("%(mentee)s would be with %(mentor)s, a %(fit)s, instead of %(before)s, a %(was)s.") % said


def _mentors_then(now_is: Situation, mentors: Iterable[int | None], by: dict[int | None, int]) -> list[str]:
    """What these mentors have then: nobody, or room for so many."""
    said = []
    for mentor in mentors:
        place = now_is.pool.places.get(mentor) if mentor is not None else None
        if mentor is None or place is None:
            continue
        then = len(now_is.drafts_with(mentor)) + by[mentor] + now_is.holding[mentor]
        name, room = now_is.name(mentor), max(0, place.capacity - then)
        if not then:
            said.append(gettext("%(name)s would be without a mentee.") % {"name": name})
        elif not room:
            said.append(gettext("%(name)s would have no more room.") % {"name": name})
        else:
            number = gettext("one") if room == 1 else words({}).counted(room)
            said.append(
                gettext("%(name)s would have room for %(number)s more.") % {"name": name, "number": number}
            )
    return said


def _swaps(now_is: Situation, mentee: int, mentor: int) -> list[Option]:
    """Whoever is with this mentor, and could give up the place."""
    found = []
    for row in now_is.drafts_with(mentor):
        if row.is_locked:
            continue
        try:
            now_is.check_swap(mentee, row.mentee_id)
        except Refused:
            continue
        said = gettext("Swap %(one)s and %(other)s instead")
        said %= {"one": now_is.name(mentee), "other": now_is.name(row.mentee_id)}
        found.append(Option(f"s{row.mentee_id}", said, is_full=True))
    return found


# --- What it means for all


def _whole(
    now_is: Situation,
    effect: Effect,
    title: str,
    button: str,
    sentences: list[str],
    seen: dict[int, int | None],
) -> InWords:
    """The figures of the run, with the difference that the change makes among the people whom it concerns."""
    run, before = now_is.run, figures(now_is.run)
    scale = Scale(run.best_fit)
    gone = [now_is.rows[pair.mentee].fit for pair in effect.gone]
    new = [now_is.fit(pair.mentee, pair.mentor) for pair in effect.new]
    lines = [Line(_("Pairs"), before.pairs, before.pairs - len(gone) + len(new))]
    for strength in Strength:
        less, more = (sum(scale.of(fit) is strength for fit in fits) for fits in (gone, new))
        lines.append(Line(strength.label, before.of(strength), before.of(strength) - less + more))
    return InWords(
        title=title,
        button=button,
        sentences=sentences,
        seen=seen,
        lines=lines,
        together=_together(before, sum(gone), sum(new), len(new) - len(gone)),
        breaks=_breaks(now_is, effect),
    )


def _together(before: Figures, gone: int, new: int, more: int) -> str:
    """Only where as many are matched as before: with one pair more or less, the sum says nothing."""
    if more:
        said = (
            ngettext("One pair more.", "%(number)d pairs more.", more)
            if more > 0
            else gettext("One pair less.")
        )
        return said % {"number": more} if more > 0 else said
    if new == gone:
        return gettext("All pairs together fit as well as before.")
    return (
        gettext("All pairs together fit better.")
        if new > gone
        else gettext("All pairs together fit less well.")
    )


def _breaks(now_is: Situation, effect: Effect) -> str:
    """Which of the new pairs goes against what."""
    said = words(now_is.pool.questions)
    broken: dict[Pair, list[str]] = {}
    for pair, must in effect.breaks:
        broken.setdefault(pair, []).append(said.must(must))
    if not broken:
        return ""
    each = [
        ngettext(
            "%(mentee)s and %(mentor)s: this goes against a must-have of the program (%(musts)s).",
            "%(mentee)s and %(mentor)s: this goes against must-haves of the program (%(musts)s).",
            len(set(musts)),
        )
        % {
            "mentee": now_is.name(pair.mentee),
            "mentor": now_is.name(pair.mentor),
            "musts": said.listed(list(dict.fromkeys(musts))),
        }
        for pair, musts in broken.items()
    ]
    return " ".join([*each, gettext("You can do it all the same.")])
