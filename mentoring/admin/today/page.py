"""Which program the first page is about, what needs a hand there, and in a line what waits in the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from mentoring.models import Program

from .needs import Need, Section, sections

# What waits is counted for so many of one's programs, those that run first; the others are found by the list.
MOST_PROGRAMS = 50
SHOWN_IN_A_LINE = 12
# As the page says it at its head.
MOST_IN_A_SENTENCE = 3
RUNS_FIRST = [Program.Status.ACTIVE, Program.Status.PAUSED, Program.Status.DRAFT]


@dataclass(frozen=True)
class Other:
    """Another program of one's own; `waits` says what needs a hand there, in parts of a sentence."""

    program: Program
    waits: Sequence[str]


def shown_to(request: HttpRequest) -> dict[str, Any]:
    """What the page is made from. Raises Http404 for a program that is not one's own."""
    user, now = cast("User", request.user), clock.now()
    own = Program.objects.administered_by(user)
    programs = _running(own)
    wanted = request.GET.get("program")
    chosen = _chosen(own, programs, wanted) if wanted is not None else None
    among = [*programs, *([chosen] if chosen and chosen not in programs else [])]
    counts = {section: section.counts(among, now) for section in sections()} if among else {}
    program = chosen or _most_in_need(programs, counts)
    needs: list[Need] = []
    if program is not None:
        for section, numbers in counts.items():
            if number := numbers.get(program.pk, 0):
                needs.append(section.need(program, number, user, now))
    others = [
        Other(
            each,
            [section.said(numbers[each.pk]) for section, numbers in counts.items() if numbers.get(each.pk)],
        )
        for each in programs
        if each != program
    ]
    others.sort(key=lambda other: -len(other.waits))
    return {
        "title": program.name if program else _("Today"),
        "subtitle": None,
        "program": program,
        "needs": needs,
        "in_a_sentence": needs[:MOST_IN_A_SENTENCE],
        "others": others[:SHOWN_IN_A_LINE],
        "has_more_programs": len(others) > SHOWN_IN_A_LINE or len(programs) == MOST_PROGRAMS,
        "now": now,
    }


def _running(own: "QuerySet[Program]") -> list[Program]:
    places = [When(status=status, then=Value(place)) for place, status in enumerate(RUNS_FIRST)]
    in_order = Case(*places, default=Value(len(places)), output_field=IntegerField())
    return list(own.exclude(status__in=Program.OVER).order_by(in_order, "name", "pk")[:MOST_PROGRAMS])


def _chosen(own: "QuerySet[Program]", programs: Sequence[Program], wanted: str) -> Program:
    for program in programs:
        if str(program.pk) == wanted:
            return program
    # Twelve digits are more than any key has, and PostgreSQL takes no more than nineteen.
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 12):
        raise Http404
    found = own.filter(pk=int(wanted)).first()
    if found is None:
        raise Http404
    return found


def _most_in_need(programs: Sequence[Program], counts: Mapping[Section, Mapping[int, int]]) -> Program | None:
    """The one with the most that needs a hand, among those that run; of several the first by name."""

    def need(program: Program) -> tuple[bool, int]:
        waits = sum(numbers.get(program.pk, 0) for numbers in counts.values())
        return program.status == Program.Status.ACTIVE, waits

    return max(programs, key=need, default=None)
