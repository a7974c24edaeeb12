"""The hours of two people as a small picture: a day in UTC, the mentee's above the mentor's, and what is shared."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from mentoring.matching import hours

# Of the picture, in pixels: 3.5 for each half hour.
WIDTH = 168
PIXELS = WIDTH / hours.HALF_HOURS


@dataclass(frozen=True)
class Bar:
    """As SVG wants its numbers, which no language may write with a comma."""

    x: str
    width: str


@dataclass(frozen=True)
class Hours:
    mentee: tuple[Bar, ...]
    mentor: tuple[Bar, ...]
    shared: tuple[Bar, ...]
    in_words: str


def drawn(mentee: int, mentor: int) -> Hours | None:
    """Of two weeks (mentoring/matching/hours.py); None where one of the two has not said when they have time. A half
    hour is there if they have it on any day, and shared if they share it on one and the same day."""
    if not mentee or not mentor:
        return None
    return Hours(
        mentee=tuple(_bars(mentee)),
        mentor=tuple(_bars(mentor)),
        shared=tuple(_bars(mentee & mentor)),
        in_words=in_words(hours.shared(mentee, mentor), is_close=bool(_of_a_day(mentee) & _of_a_day(mentor))),
    )


def in_words(half_hours: int, *, is_close: bool = False) -> str:
    """`is_close`: they have time at the same hours, of whatever day."""
    whole, half = divmod(half_hours, 2)
    if not half_hours:
        return gettext("The same hours, but on other days") if is_close else gettext("No hours shared")
    if not whole:
        return gettext("Half an hour a week shared")
    if half:
        said = ngettext(
            "More than %(hours)d hour a week shared", "More than %(hours)d hours a week shared", whole
        )
    else:
        said = ngettext("%(hours)d hour a week shared", "%(hours)d hours a week shared", whole)
    return said % {"hours": whole}


def _bars(week: int) -> Iterator[Bar]:
    for first, after in _stretches(_of_a_day(week)):
        yield Bar(f"{first * PIXELS:g}", f"{(after - first) * PIXELS:g}")


def _of_a_day(week: int) -> set[int]:
    return {each % hours.HALF_HOURS for each in hours.half_hours(week)}


def _stretches(of_day: Iterable[int]) -> Iterator[tuple[int, int]]:
    """From which half hour to which, for each that follow one another."""
    first = before = None
    for each in sorted(of_day):
        if first is None or before is None or each != before + 1:
            if first is not None and before is not None:
                yield first, before + 1
            first = each
        before = each
    if first is not None and before is not None:
        yield first, before + 1
