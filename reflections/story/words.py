"""Somebody's values: which run in their river, in which color, and which quarter spoke of which."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, Q
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.vault import reading
from mentoring.models import Enrollment
from mentoring.quarter import Quarter
from reflections.models import Value, ValueShown
from reflections.wording import listed

from .river import STRANDS, WIDEST

NAMED_IN_A_SEASON = 3


def first_month_of(person: User) -> int:
    """The month with which their years begin: that of the program they were first in, so that no quarter is called
    something else when they come into another."""
    places = Enrollment.objects.visible_to(person).order_by("joined_on", "pk")
    return places.values_list("program__fiscal_first_month", flat=True).first() or 1


@dataclass(frozen=True)
class Word:
    """A value as a page shows it; `mark` is the class of its color."""

    value: Value
    mark: str

    @property
    def pk(self) -> int:
        return self.value.pk

    @property
    def name(self) -> str:
        return reading.words(self.value, "name")


class Words:
    """All values of one person, by two queries. `first_month` is that of their years."""

    def __init__(self, person: User, first_month: int) -> None:
        self.person, self.first_month = person, first_month

    @cached_property
    def _values(self) -> list[Value]:
        return list(Value.objects.of(self.person).order_by("created_at", "pk"))

    @cached_property
    def weights(self) -> Mapping[date, Mapping[Hashable, int]]:
        """By the first day of a quarter and by value, from 1 to `WIDEST`."""
        months = (
            ValueShown.objects.of(self.person)
            .filter(Q(answer=None) | Q(answer__is_locked=False))
            .annotate(on=Coalesce("moment__happened_on", "answer__reflection__round__due_on"))
            .annotate(month=TruncMonth("on"))
            .values_list("value_id", "month")
            .annotate(times=Count("pk"))
            .order_by()
        )
        weights: defaultdict[date, defaultdict[Hashable, int]] = defaultdict(lambda: defaultdict(int))
        for value, month, times in months:
            spoken = weights[Quarter.containing(month, self.first_month).start]
            spoken[value] = min(spoken[value] + times, WIDEST)
        return weights

    @cached_property
    def in_river(self) -> list[int]:
        """The few that what was kept speaks of most, in the order in which they were named."""
        wide: defaultdict[Hashable, int] = defaultdict(int)
        for weights in self.weights.values():
            for value, weight in weights.items():
                wide[value] += weight
        order = [value.pk for value in self._values]
        widest = sorted(order, key=lambda pk: -wide[pk])[:STRANDS]
        return [pk for pk in order if pk in widest and wide[pk]]

    @cached_property
    def by_pk(self) -> Mapping[int, Word]:
        """Those of the river first."""
        others = [value.pk for value in self._values if value.pk not in self.in_river]
        values = {value.pk: value for value in self._values}
        marks = {pk: f"s{color}" for color, pk in enumerate(self.in_river, start=1)}
        return {pk: Word(values[pk], marks.get(pk, "s0")) for pk in (*self.in_river, *others)}

    @property
    def all(self) -> list[Word]:
        return list(self.by_pk.values())

    def spoken_in(self, quarter: Quarter) -> list[Word]:
        """Those that a quarter spoke of, the widest first."""
        weights = self.weights.get(quarter.start, {})
        order = list(self.by_pk)
        spoken = sorted(weights, key=lambda pk: (-weights[pk], order.index(pk)))  # type: ignore[arg-type]
        return [self.by_pk[pk] for pk in spoken]  # type: ignore[index]

    @cached_property
    def _first_in(self) -> Mapping[Hashable, date]:
        first: dict[Hashable, date] = {}
        for start in sorted(self.weights):
            for value in self.weights[start]:
                first.setdefault(value, start)
        return first

    def sentence(self, quarter: Quarter) -> str:
        """One line about a quarter, made of the words of values and of nothing else; "" where none was named."""
        spoken = self.spoken_in(quarter)
        if not spoken:
            return ""
        weights = self.weights[quarter.start]
        widest = [word for word in spoken if weights[word.pk] == weights[spoken[0].pk]]
        named = listed([word.name for word in spoken[:NAMED_IN_A_SEASON]])
        if len(spoken) == 1:
            said = _("%(value)s.") % {"value": named}
        elif len(widest) < len(spoken) and len(widest) <= NAMED_IN_A_SEASON:
            said = _("%(values)s, mostly.") % {"values": listed([word.name for word in widest])}
        elif len(spoken) <= NAMED_IN_A_SEASON:
            said = _("%(values)s, side by side.") % {"values": named}
        else:
            said = _("%(values)s, and more.") % {"values": named}
        began = min(self.weights)
        new = [word for word in spoken if self._first_in[word.pk] == quarter.start]
        if quarter.start == began or not new or len(new) == len(spoken) or len(new) > NAMED_IN_A_SEASON:
            return capfirst(said)
        joins = _("For the first time: %(values)s.") % {"values": listed([word.name for word in new])}
        return f"{capfirst(said)} {joins}"
