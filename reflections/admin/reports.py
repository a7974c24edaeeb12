"""The page of reports: chosen by a query string, read on the page, and taken along by a POST that is written down."""

import tempfile
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import audit, clock
from accounts.models import User
from mentoring.admin_site import DeskPage, Group
from mentoring.models import Program
from mentoring.sheets import FORMATS
from reflections.forms.report import AGE, CALENDAR, ReportForm
from reflections.keepsake import pdf
from reflections.models import QuarterFigure
from reflections.reports import files, quotes
from reflections.reports.figures import Measure
from reflections.reports.files import Paper
from reflections.reports.tables import Report

# How many quarters are shown to somebody who has not chosen any.
AT_FIRST = 4


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What is told of the programs in the query string; of somebody’s only program, where none is."""
    return _page(request, request.GET)


@require_POST
@never_cache
def take(request: HttpRequest) -> HttpResponseBase:
    """The same as a page to print, a PDF, CSV or XLSX, with the quotes that were ticked."""
    programs, starts = _known(request)
    form = _form(request.POST, programs, starts)
    if form is None or not form.is_valid():
        return _page(request, request.POST)
    keys = request.POST.getlist("quote")
    if len(keys) > quotes.MOST_QUOTES:
        return _page(request, request.POST, gettext("Choose twelve quotes at most."))
    report = _report(form)
    chosen = quotes.chosen_from(report.programs, keys) if keys else []
    paper = Paper(report, chosen, timezone.localtime(clock.now()).date())
    wanted = request.POST.get("format", "")
    if wanted == "page":
        _note(request, report, gettext("a page to print"), len(chosen))
        return render(request, "reflections/report.html", files.context_of(paper))
    if wanted == "pdf" and pdf.is_available():
        return _pdf(request, paper)
    if wanted in FORMATS:
        return _sheet(request, report, wanted)
    return _page(request, request.POST, gettext("Choose one of the kinds of file."))


def _page(request: HttpRequest, data: QueryDict, error: str = "") -> HttpResponse:
    programs, starts = _known(request)
    form = _form(data, programs, starts)
    report = _report(form) if form is not None and form.is_valid() else None
    offered = quotes.to_choose_from(report.programs) if report is not None else []
    context = admin.site.each_context(request) | {
        "title": gettext("Reports"),
        "form": form,
        "report": report,
        "quotes": [(quote, str(quote.key) in data.getlist("quote")) for quote in offered],
        "most_quotes": quotes.MOST_QUOTES,
        "formats": FORMATS.values(),
        "makes_pdf": pdf.is_available(),
        "has_programs": bool(programs),
        "error": error,
    }
    return TemplateResponse(request, "admin/reflections/reports/page.html", context)


def _known(request: HttpRequest) -> tuple[list[Program], list[date]]:
    """The programs that this person runs, and the quarters that are told of any of them."""
    programs = list(
        Program.objects.administered_by(cast("User", request.user))
        .exclude(status=Program.Status.DRAFT)
        .order_by("name", "pk")
        .distinct()
    )
    told = QuarterFigure.objects.filter(program__in=programs).order_by("quarter_start")
    return programs, list(told.values_list("quarter_start", flat=True).distinct())


def _form(data: QueryDict, programs: Sequence[Program], starts: Sequence[date]) -> ReportForm | None:
    """None where no quarter was counted yet. Whoever names a program that is not theirs finds no page."""
    wanted = data.getlist("program")
    if not set(wanted) <= {str(program.pk) for program in programs}:
        raise Http404
    if not starts:
        return None
    chosen = data.copy()
    if not wanted and len(programs) == 1:
        chosen.setlist("program", [str(programs[0].pk)])
    if "first" not in data:
        chosen["first"] = starts[-AT_FIRST:][0].isoformat()
    if "last" not in data:
        chosen["last"] = starts[-1].isoformat()
    if "by" not in data:
        chosen["by"] = CALENDAR
    form = ReportForm(chosen, programs=programs, starts=starts)
    if not wanted and len(programs) > 1 and "first" not in data:
        # Nothing was asked yet, so nothing is wrong.
        form.is_bound = False
        form.initial = {name: chosen[name] for name in ("first", "last", "by")}
    return form


def _report(form: ReportForm) -> Report:
    programs = form.programs
    told = QuarterFigure.objects.filter(
        program__in=programs, quarter_start__range=(form.first_day, form.last_day)
    )
    figures = {
        (program, start, Measure(measure)): lowest
        for program, start, measure, lowest in told.values_list(
            "program", "quarter_start", "measure", "at_least"
        )
    }
    by_age = form.cleaned_data["by"] == AGE
    return Report(programs, form.first_day, form.last_day, figures, by_age=by_age)


def _pdf(request: HttpRequest, paper: Paper) -> HttpResponse:
    name = files.name_of(paper.report, "pdf")
    content = files.as_pdf(paper)
    _note(request, paper.report, name, len(paper.quotes))
    said = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": said})


def _sheet(request: HttpRequest, report: Report, wanted: str) -> FileResponse:
    kind = FORMATS[wanted]
    name = files.name_of(report, kind.suffix)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    try:
        kind.write(cast("Any", file), files.rows(report), gettext("Report"))
        file.seek(0)
        _note(request, report, name, 0)
    except BaseException:
        file.close()
        raise
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind.content_type)


def _note(request: HttpRequest, report: Report, name: str, number: int) -> None:
    """In the history of each of the programs: that, and not what it says."""
    said = gettext("Made a report: %(file)s.") % {"file": name}
    if number:
        with_quotes = ngettext("With %(number)d quote.", "With %(number)d quotes.", number)
        said = f"{said} {with_quotes % {'number': number}}"
    for program in report.programs:
        audit.record(audit.Verb.ACTED, program, action="report", subject_ids=())
    of = ContentType.objects.get_for_model(Program)
    LogEntry.objects.bulk_create(
        LogEntry(
            user_id=cast("int", request.user.pk),
            content_type=of,
            object_id=str(program.pk),
            object_repr=str(program)[:200],
            action_flag=CHANGE,
            change_message=said,
        )
        for program in report.programs
    )


cast("Any", admin.site).add_page(DeskPage("reports/", "reports", _("Reports"), Group.REPORTS, page))
cast("Any", admin.site).add_page(
    DeskPage("reports/take/", "reports_take", _("Reports"), Group.REPORTS, take, is_in_navigation=False)
)
