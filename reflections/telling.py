"""“Do they know?”: a line that somebody wrote for themselves, and to whom they might say it.

It is offered once: whoever would rather keep the line is not asked about it again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.models import User
from mentoring.models import Pairing

from . import rules
from .models import Answer, Audience, LeftUntold, Moment, Thanks

About = Thanks.About
MENTOR, MENTEE = "mentor", "mentee"
# What is easily kept back: by the code of its question, what a note of it is about, and which of a pair writes it.
TELLABLE: Mapping[str, tuple[str, str]] = {
    "M5": (About.BELIEF, MENTOR),
    "M8": (About.LEARNED, MENTOR),
    "M13": (About.TRUST, MENTOR),
    "E6": (About.LEARNED, MENTEE),
    "E11": (About.THANKS, MENTEE),
    "E13": (About.THANKS, MENTEE),
}


@dataclass(frozen=True)
class Offer:
    """`told` where they have said it already; else it may be offered, to these."""

    about: str
    pairings: list[Pairing]
    told: Thanks | None = None


def offers(person: User, answers: Iterable[Answer]) -> dict[int, Offer]:
    """By answer, for those of their own that nobody else reads; by three queries, none where there is no such line."""
    lines = {
        answer.pk: answer for answer in answers if answer.question.code in TELLABLE and not answer.is_locked
    }
    if not lines:
        return {}
    told: dict[int, Thanks] = {}
    for note in (
        Thanks.objects.written_by(person)
        .filter(answer__in=lines, sent_at__isnull=False)
        .select_related("recipient")
        .order_by("sent_at")
    ):
        told[note.answer_id or 0] = note
    left = set(LeftUntold.objects.of(person).filter(answer__in=lines).values_list("answer", flat=True))
    pairings = list(rules.pairings_to_share_with(person))
    found = {}
    for pk, answer in lines.items():
        about, _role = TELLABLE[answer.question.code]
        whom = fitting(person, pairings, answer)
        if pk in told or (pk not in left and whom and answer.audience == Audience.ME):
            found[pk] = Offer(about, whom, told.get(pk))
    return found


def fitting(person: User, pairings: Iterable[Pairing], thing: Answer | Moment) -> list[Pairing]:
    """Those whose other one it could be about: a mentor's lines are about those they mentor. All, where none is."""
    pairings = list(pairings)
    if not isinstance(thing, Answer) or thing.question.code not in TELLABLE:
        return pairings
    _about, role = TELLABLE[thing.question.code]
    mine = [pairing for pairing in pairings if (pairing.mentor_id == person.pk) == (role == MENTOR)]
    return mine or pairings


def may_offer(person: User, moment: Moment) -> bool:
    """Whether to ask about a moment of their own: nobody else reads it, and it was neither told nor left."""
    return (
        moment.person_id == person.pk
        and moment.audience == Audience.ME
        and not Thanks.objects.written_by(person).filter(moment=moment, sent_at__isnull=False).exists()
        and not LeftUntold.objects.of(person).filter(moment=moment).exists()
        and rules.pairings_to_share_with(person).exists()
    )
