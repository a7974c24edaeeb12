"""A report as a page for paper, as a PDF of that page, and as rows for a spreadsheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _

from mentoring.quarter import plus_months
from reflections.keepsake import pdf
from reflections.keepsake.writing import FONTS, font

from .quotes import Quote
from .tables import Report

STYLE = "css/report.css"


@dataclass(frozen=True)
class Paper:
    """A report with the quotes that were chosen for it, as made on a day."""

    report: Report
    quotes: Sequence[Quote]
    made_on: date


def title_of(report: Report) -> str:
    return " · ".join(str(program) for program in report.programs)


def context_of(paper: Paper) -> dict[str, object]:
    """For the template of the page and of the PDF."""
    return {
        "paper": paper,
        "report": paper.report,
        "quotes": paper.quotes,
        "made_on": paper.made_on,
        "title": title_of(paper.report),
    }


def as_pdf(paper: Paper) -> bytes:
    """Raises pdf.Unavailable where no PDF can be made."""
    faces = "".join(
        f'@font-face {{ font-family: "{family}"; font-style: {style}; font-weight: 200 900; '
        f'src: url({pdf.SCHEME}{file}) format("woff2"); }}\n'
        for family, style, file in FONTS
    )
    found = finders.find(STYLE)
    if not found:
        raise FileNotFoundError(STYLE)
    style = faces + Path(found).read_text()
    context = context_of(paper) | {"style": mark_safe(f"<style>\n{style}</style>")}  # noqa: S308 (our own file)
    return pdf.set_on_paper(render_to_string("reflections/report.html", context), font)


def rows(report: Report) -> Iterator[Sequence[str]]:
    """With a row of headings; every cell is text."""
    yield [_("Program"), _("Quarter"), _("From"), _("Until"), _("What"), _("People"), _("At least")]
    for line in report.lines():
        yield [
            line.program,
            line.quarter,
            line.first_day.isoformat(),
            line.last_day.isoformat(),
            line.measure,
            line.words,
            "" if line.lowest is None else str(line.lowest),
        ]


def name_of(report: Report, suffix: str) -> str:
    """`harbor-report-2026-01-01-to-2026-06-30.csv`: from the first day to the last."""
    slug = report.programs[0].slug if len(report.programs) == 1 else slugify(_("programs"))
    last = plus_months(report.last, 3) - timedelta(days=1)
    return f"{slug}-report-{report.first.isoformat()}-to-{last.isoformat()}.{suffix}"
