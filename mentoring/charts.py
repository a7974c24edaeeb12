"""Pictures of totals: the shapes of an SVG, worked out on the server. Each stands beside a table with the same figures.

The templates `components/chart_bars.html` and `components/chart_columns.html` draw them, in the colors of best.css. A
total that is not told (`small_counts`) has no shape: `None` leaves a gap.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

FILLS = ("fill-ink", "fill-kept", "fill-line")
# The tokens of paper once more, as attributes: a style sheet does not reach into a picture in a PDF, and outdoes these
# on a page.
ON_PAPER = {"fill-ink": "#231f1b", "fill-kept": "#f5b73d", "fill-line": "#e4ddd0"}


class Rect(NamedTuple):
    """In the units of the viewBox; `y` grows downwards."""

    x: float
    y: float
    width: float
    height: float
    fill: str

    @property
    def on_paper(self) -> str:
        return ON_PAPER[self.fill]


@dataclass(frozen=True)
class Bar:
    """One line of parts in a row: `parts` are totals, in the order of `Bars.names`; None is not told."""

    label: str
    parts: Sequence[int | None]


@dataclass(frozen=True)
class Bars:
    """Bars beside each other, each as long as the whole, of at most three parts."""

    said: str  # What the picture shows, in words, for whoever does not see it.
    names: Sequence[str]
    bars: Sequence[Bar]

    WIDTH: ClassVar = 360
    LABELS: ClassVar = 90
    STEP: ClassVar = 44

    @property
    def height(self) -> int:
        return self.STEP * len(self.bars) - 4

    @property
    def key(self) -> list[tuple[str, str]]:
        """Each part's name with the class that fills it. One without a name is in no bar."""
        return [(name, fill) for name, fill in zip(self.names, FILLS, strict=False) if name]

    def drawn(self) -> Iterator[tuple[str, int, list[Rect]]]:
        """Label, its baseline and the shapes of each bar."""
        for place, bar in enumerate(self.bars):
            top, left = place * self.STEP + 2, float(self.LABELS)
            whole = sum(part or 0 for part in bar.parts)
            shapes = []
            for part, fill in zip(bar.parts, FILLS, strict=False):
                width = (self.WIDTH - self.LABELS) * (part or 0) / whole if whole else 0.0
                if width:
                    shapes.append(Rect(round(left, 1), top, round(max(width - 2, 0.5), 1), 28, fill))
                left += width
            yield bar.label, top + 19, shapes


@dataclass(frozen=True)
class Column:
    """`total` stands above `label`; None is not told. `is_marked` is the one that the eye should find."""

    label: str
    total: int | None
    is_marked: bool = False


@dataclass(frozen=True)
class Columns:
    """Totals beside each other in the order of time. Only the first, the last and the marked one are labelled."""

    said: str
    columns: Sequence[Column]

    WIDTH: ClassVar = 360
    HEIGHT: ClassVar = 150
    FLOOR: ClassVar = 118
    TOP: ClassVar = 14

    def drawn(self) -> Iterator[Rect]:
        highest = max((column.total or 0 for column in self.columns), default=0)
        step = self.WIDTH / max(len(self.columns), 1)
        for place, column in enumerate(self.columns):
            if column.total:
                height = round((self.FLOOR - self.TOP) * column.total / highest, 1)
                width = min(max(step - 4, 1.0), 28.0)
                x = round(place * step + (step - width) / 2, 1)
                fill = "fill-kept" if column.is_marked else "fill-ink"
                yield Rect(x, self.FLOOR - height, round(width, 1), height, fill)

    def labels(self) -> Iterator[tuple[float, str, str]]:
        """Where each label stands, its `text-anchor`, and its text."""
        if not self.columns:
            return
        step, last = self.WIDTH / len(self.columns), len(self.columns) - 1
        yield 0, "start", self.columns[0].label
        for place, column in enumerate(self.columns):
            # One that is marked near an end would stand on that end's own label.
            if column.is_marked and 0.25 < (place + 0.5) / len(self.columns) < 0.75:
                yield round((place + 0.5) * step, 1), "middle", column.label
        if last:
            yield self.WIDTH, "end", self.columns[last].label
