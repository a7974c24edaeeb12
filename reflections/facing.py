"""Two pages, one book: what the two of a pairing let each other read of a quarter.

Nothing here tells whether the other one was silent, has declined, or finished and shared nothing: all look the same.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.vault import data_keys
from mentoring.models import Pairing

from .models import Answer, Audience, Reflection, Round
from .models.reflection import AnswerQuerySet


@dataclass(frozen=True)
class FacingPage:
    round: Round
    partner: User
    mine: list[Answer]
    theirs: list[Answer]
    # My own reflection's status; "" where I have not begun.
    my_state: str

    @property
    def is_open(self) -> bool:
        return bool(self.mine or self.theirs)

    @property
    def i_have_finished(self) -> bool:
        return self.my_state == Reflection.Status.SUBMITTED


def facing_page(pairing: Pairing, reader: User, round: Round) -> FacingPage:
    (page,) = facing_pages(pairing, reader, [round])
    return page


def facing_pages(pairing: Pairing, reader: User, rounds: Iterable[Round]) -> list[FacingPage]:
    """One for each of the rounds, in their order, by two queries. Raises ValueError for a third person."""
    rounds = list(rounds)
    partner = pairing.partner_of(reader)
    data_keys.prepare([pairing.mentor_id, pairing.mentee_id])
    answers: defaultdict[tuple[int, int], list[Answer]] = defaultdict(list)
    for answer in readable_in(pairing, reader).filter(reflection__round__in=rounds):
        answers[answer.reflection.round_id, answer.reflection.person_id].append(answer)
    states = dict(
        Reflection.objects.visible_to(reader).filter(round__in=rounds).values_list("round", "status")
    )
    return [
        FacingPage(
            round=round,
            partner=partner,
            mine=answers[round.pk, reader.pk],
            theirs=answers[round.pk, partner.pk],
            my_state=states.get(round.pk, ""),
        )
        for round in rounds
    ]


def rounds_of(pairing: Pairing, today: date) -> list[Round]:
    """The rounds that have opened and whose quarter the pairing saw something of; the newest first."""
    rounds = Round.objects.filter(
        program=pairing.program_id, opens_on__lte=today, due_on__gte=pairing.starts_on
    )
    if pairing.ended_on:
        rounds = rounds.filter(quarter_start__lte=pairing.ended_on)
    return list(rounds.select_related("program").order_by("-quarter_start"))


def readable_in(pairing: Pairing, reader: User) -> AnswerQuerySet:
    """The answers of finished reflections that this one of the two reads of either, in this pairing, in the order in
    which they are asked. Raises ValueError for a third person."""
    pairing.partner_of(reader)
    with_this_pair = Q(audience=Audience.PROGRAM) | Q(
        audience=Audience.PAIRING, pk__in=pairing.shared_answers.order_by().values("pk")
    )
    place = Coalesce("question__both_position", "question__mentor_position", "question__mentee_position")
    return (
        Answer.objects.readable_by(reader)
        .written()
        .filter(
            with_this_pair,
            reflection__status=Reflection.Status.SUBMITTED,
            reflection__person__in=[pairing.mentor_id, pairing.mentee_id],
        )
        .select_related("question", "reflection")
        .order_by(place, "question", "pk")
    )
