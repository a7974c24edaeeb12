"""What a report of the demo program has: its quarters that are over, counted, and what people let it quote."""

from collections.abc import Iterable

from accounts.vault import data_keys
from mentoring.models import Program
from reflections import actions
from reflections.actions import Refused
from reflections.models import Answer, Audience, Moment
from reflections.naming import found_in
from reflections.reports.counting import count_due

from .calendar import Times

SAID_YES = 4


def count(program: Program, times: Times) -> int:
    """How many things may be quoted."""
    while count_due(times.now):
        pass
    return sum(_let_quote(each, SAID_YES) for each in _on_the_wall(program))


def _on_the_wall(program: Program) -> Iterable[list[Moment | Answer]]:
    moments = Moment.objects.filter(audience=Audience.PROGRAM, program=program, namings=None)
    yield list(moments.select_related("person").order_by("pk")[: 5 * SAID_YES])
    answers = Answer.objects.written().filter(
        audience=Audience.PROGRAM, reflection__round__program=program, namings=None
    )
    yield list(answers.select_related("reflection__person").order_by("pk")[: 5 * SAID_YES])


def _let_quote(things: list[Moment | Answer], most: int) -> int:
    """The first ones in which nobody is named, by different people."""
    said: set[int] = set()
    data_keys.prepare(thing.sealed_for for thing in things)
    for thing in things:
        writer = thing.reflection.person if isinstance(thing, Answer) else thing.person
        if len(said) == most or writer.pk in said or found_in(thing.text, thing):
            continue
        try:
            actions.let_quote(thing, by=writer)
        except Refused:
            continue  # Their own name stands in it, or it does not hang there any more.
        said.add(writer.pk)
    return len(said)
