"""A report as tables and charts, of figures that are told already: it adds up some, and works out nothing else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from mentoring.charts import Column, Columns
from mentoring.models import Program
from mentoring.quarter import plus_months
from reflections.models import QuarterFigure
from reflections.models.report import quarter_of

from .figures import Measure, at_most, together

MOST_PROGRAMS = 6
MOST_QUARTERS = 12
# What has a picture; too few pairings end in a quarter for one.
DRAWN = (Measure.ENROLLED, Measure.MATCHED, Measure.MET, Measure.REFLECTED)
# By program, the first day of a quarter and what was counted: how many people at least.
Figures = Mapping[tuple[int, date, Measure], int]


def label_of(measure: Measure) -> str:
    return str(QuarterFigure.Measure(measure.value).label)


def in_words(lowest: int | None) -> str:
    """`10 to 14`, `fewer than five`, or a dash for a quarter that was not counted."""
    if lowest is None:
        return "–"
    if not lowest:
        return _("fewer than five")
    return _("%(low)d to %(high)d") % {"low": lowest, "high": at_most(lowest)}


def together_in_words(lowest: int) -> str:
    """Of what is told of several programs."""
    return _("at least %(number)d") % {"number": lowest} if lowest else _("not told")


class Row(NamedTuple):
    label: str
    cells: Sequence[str]
    is_sum: bool = False


@dataclass(frozen=True)
class Table:
    caption: str
    columns: Sequence[str]
    rows: Sequence[Row]
    chart: Columns | None = None


class Line(NamedTuple):
    """Of a file: one figure. `lowest` is None where fewer than five are told."""

    program: str
    quarter: str
    first_day: date
    last_day: date
    measure: str
    words: str
    lowest: int | None


@dataclass(frozen=True)
class Report:
    """Of some programs, and of the quarters that begin from `first` to `last`. `by_age` puts the first quarter of each
    program beside the first of the others, and so on, instead of those of one calendar."""

    programs: Sequence[Program]
    first: date
    last: date
    figures: Figures
    by_age: bool = False

    @cached_property
    def starts(self) -> Mapping[int, Sequence[date]]:
        """By program, the quarters of it that are in the report."""
        found: dict[int, set[date]] = {program.pk: set() for program in self.programs}
        for program, start, _measure in self.figures:
            if program in found and self.first <= start <= self.last:
                found[program].add(start)
        return {program: sorted(starts) for program, starts in found.items()}

    @property
    def is_empty(self) -> bool:
        return not any(self.starts.values())

    @property
    def span(self) -> str:
        """From the first month to the last."""
        return _span(self.first, self.last)

    @property
    def is_of_several(self) -> bool:
        return len(self.programs) > 1

    @cached_property
    def tables(self) -> Sequence[Table]:
        """Of one program, what was counted by quarters; of several, one table for each thing that was counted, with the
        programs below each other."""
        if self.is_empty:
            return []
        if self.is_of_several:
            return [self._side_by_side(measure) for measure in Measure]
        (program,) = self.programs
        rows = [
            Row(label_of(measure), [in_words(figure) for figure in self._of(program, measure)])
            for measure in Measure
        ]
        return [Table(str(program), self._labels, rows)]

    @cached_property
    def charts(self) -> Sequence[tuple[str, Columns]]:
        """Of one program, with what each shows; of several each table has its own."""
        if self.is_empty or self.is_of_several:
            return []
        (program,) = self.programs
        drawn = (
            (label_of(measure), _chart(label_of(measure), self._labels, list(self._of(program, measure))))
            for measure in DRAWN
        )
        return [(name, chart) for name, chart in drawn if chart is not None]

    def lines(self) -> Iterator[Line]:
        """Each figure, in the order of programs and quarters."""
        for program in self.programs:
            for start in self.starts[program.pk]:
                for measure in Measure:
                    lowest = self.figures.get((program.pk, start, measure))
                    quarter = quarter_of(program, start)
                    yield Line(
                        program=str(program),
                        quarter=quarter.label,
                        first_day=quarter.start,
                        last_day=quarter.end,
                        measure=label_of(measure),
                        words=in_words(lowest),
                        lowest=lowest or None,
                    )

    # --- Of several programs -----------------------------------------------------------------------------------------

    def _side_by_side(self, measure: Measure) -> Table:
        rows, sums = [], [0] * len(self._labels)
        for program in self.programs:
            figures = list(self._of(program, measure))
            rows.append(Row(str(program), [in_words(figure) for figure in figures]))
            sums = [together([before, figure]) for before, figure in zip(sums, figures, strict=True)]
        rows.append(Row(_("Together"), [together_in_words(figure) for figure in sums], is_sum=True))
        chart = _chart(label_of(measure), self._labels, sums) if measure in DRAWN else None
        return Table(label_of(measure), self._labels, rows, chart)

    @cached_property
    def _places(self) -> Sequence[int]:
        """What a column is of: the first day of a quarter, as an ordinal, or its number in the life of a program."""
        places = {
            self._place(program, start) for program in self.programs for start in self.starts[program.pk]
        }
        return sorted(places)

    @cached_property
    def _labels(self) -> Sequence[str]:
        if self.by_age and self.is_of_several:
            return [_("Quarter %(number)d") % {"number": number} for number in self._places]
        if len({program.fiscal_first_month for program in self.programs}) == 1:
            return [quarter_of(self.programs[0], date.fromordinal(day)).label for day in self._places]
        return [months(date.fromordinal(day)) for day in self._places]

    def _of(self, program: Program, measure: Measure) -> Iterable[int | None]:
        """A figure for each column; None where that program has no such quarter."""
        by_place = {
            self._place(program, start): self.figures.get((program.pk, start, measure))
            for start in self.starts[program.pk]
        }
        return (by_place.get(place) for place in self._places)

    def _place(self, program: Program, start: date) -> int:
        if not (self.by_age and self.is_of_several):
            return start.toordinal()
        first = program.quarter_on(program.starts_on).start
        return ((start.year - first.year) * 12 + start.month - first.month) // 3 + 1


def months(start: date) -> str:
    """`Apr 2026 to Jun 2026`: a quarter by its months, where programs count their years otherwise."""
    return _span(start, start)


def _span(first: date, last: date) -> str:
    """From the first month of the one quarter to the last month of the other."""
    return _("%(first)s to %(last)s") % {
        "first": date_format(first, "M Y"),
        "last": date_format(plus_months(last, 3) - timedelta(days=1), "M Y"),
    }


def _chart(label: str, columns: Sequence[str], lowest: Sequence[int | None]) -> Columns | None:
    """As low as what is told; none where fewer than five are told throughout."""
    if not any(lowest):
        return None
    said = ", ".join(
        _("%(quarter)s: %(number)s")
        % {"quarter": column, "number": together_in_words(figure) if figure else _("not told")}
        for column, figure in zip(columns, lowest, strict=True)
    )
    return Columns(
        _("%(what)s, people at least. %(figures)s") % {"what": label, "figures": said},
        [Column(column, figure or None) for column, figure in zip(columns, lowest, strict=True)],
    )
