"""What the cast of the demo program care about, beside the words that show it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from accounts.models import User
from accounts.vault import data_keys
from reflections.models import Answer, Moment, Value, ValueShown

from . import words
from .calendar import DAY, Times
from .people import Person


def keep_earlier(members: Sequence[Person], users: dict[str, User], times: Times) -> int:
    """How many moments somebody has for themselves from the years before the program."""
    rows = [
        Moment(
            person=users[person.email],
            text=one.text,
            kind=one.kind,
            for_whom=one.for_whom,
            happened_on=(on := times.today - one.days * DAY),
            created_at=times.at(on, 18),
        )
        for person in members
        for one in words.earlier_moments()
        if one.key == person.key
    ]
    return len(Moment.objects.bulk_create(rows))


def name(members: Sequence[Person], users: dict[str, User], times: Times) -> int:
    """How many things show a value. A value is as old as the first thing that shows it."""
    made = 0
    for person in members:
        said = [one for one in words.cast_values() if one.key == person.key]
        if said:
            user = users[person.email]
            with data_keys.in_hand(user.pk):
                made += _name(user, said, times)
    return made


def _name(user: User, said: Sequence[words.CastValue], times: Times) -> int:
    things: list[tuple[date, Any]] = [
        (moment.happened_on, moment) for moment in Moment.objects.of(user).order_by("pk")
    ]
    written = (
        Answer.objects.filter(reflection__person=user).select_related("reflection__round").order_by("pk")
    )
    things += [(min(answer.reflection.round.due_on, times.today), answer) for answer in written]
    found = []
    for one in said:
        on, thing = next((on, thing) for on, thing in things if one.quote in thing.text)
        found.append((on, thing, one))
    values: dict[str, Value] = {}
    rows = []
    for on, thing, one in sorted(found, key=lambda row: row[0]):
        at = times.at(on, 20)
        if one.value not in values:
            values[one.value] = Value.objects.create(person=user, name=one.value, created_at=at)
        shown = ValueShown(value=values[one.value], quote=one.quote, created_at=at)
        if isinstance(thing, Moment):
            shown.moment = thing
        else:
            shown.answer, shown.reflection = thing, thing.reflection
        rows.append(shown)
    return len(ValueShown.objects.bulk_create(rows))
