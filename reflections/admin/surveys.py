"""Surveys: their questions, as people see them, and what was answered. Who was asked, and who answered, is on no page;
neither is a row of anybody's answer."""

import tempfile
from collections.abc import Iterator
from typing import Any, ClassVar, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.models import User
from accounts.paging import page_of
from accounts.vault import data_keys, reading
from mentoring.admin.scoped import (
    ProgramScopedAdmin,
    ScopedInline,
    filter_by_program,
    without_the_only_program,
)
from mentoring.admin_site import Group
from mentoring.models import Program
from mentoring.sheets import FORMATS
from reflections import actions
from reflections.forms.survey import SurveyForm
from reflections.models import Survey, SurveyAnswer, SurveyPeriod, SurveyPrompt, SurveySheet
from reflections.models.survey import OPEN_FOR
from reflections.survey_results import Told, told_in

from .survey_forms import SurveyTranslationForm

LANGUAGES = dict(settings.LANGUAGES)
NOT_TOLD = _("not told")


class SurveyPromptInline(ScopedInline):
    model = SurveyPrompt
    fields = [("code", "kind", "position"), "text", "help_text", "options", "is_active"]
    ordering = ["position", "pk"]
    formfield_overrides: ClassVar[Any] = {
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 5})}
    }


@admin.register(Survey)
class SurveyPage(ProgramScopedAdmin):
    """Made once for a program and a stage, with our questions, and switched off rather than deleted: what people
    answered belongs to it."""

    group = Group.ROUNDS
    program_admins_may = superusers_may = frozenset({"view", "add", "change"})
    change_form_template = "admin/reflections/survey/change_form.html"
    change_list_template = "admin/reflections/survey/change_list.html"
    list_display = ["stage", "program", "is_on", "results_on"]
    list_filter = [filter_by_program("program"), "is_on"]
    list_select_related = ["program"]
    search_fields = ["program__name"]
    fields = ["program", "stage", "is_on"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        current = SurveyPeriod.objects.filter(survey=OuterRef("pk"), is_current=True)
        rows: QuerySet[Survey] = super().get_queryset(request)
        return rows.annotate(period_ends_on=Subquery(current.values("ends_on")[:1]))

    def get_list_display(self, request: HttpRequest) -> Any:
        return without_the_only_program(request, self.list_display)

    @admin.display(description=_("next results from"))
    def results_on(self, survey: Any) -> Any:
        if survey.period_ends_on is None:
            return None
        return SurveyPeriod(ends_on=survey.period_ends_on).opens_results_on

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else ["program", "stage"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["program", "stage"] if obj else []

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return [SurveyPromptInline] if obj else []

    def save_model(self, request: HttpRequest, obj: Survey, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            actions.fill_survey(obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        actions.renew_survey(form.instance)

    def response_add(self, request: HttpRequest, obj: Survey, post_url_continue: Any = None) -> HttpResponse:
        messages.success(
            request, gettext("These are our questions. Look at them, change them, and switch the survey on.")
        )
        return redirect("admin:reflections_survey_change", obj.pk)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", view(require_safe(self.preview)), name="reflections_survey_preview"),
            path(
                "<int:pk>/translate/<str:language>/",
                view(self.translate),
                name="reflections_survey_translate",
            ),
            path("<int:pk>/results/", view(require_safe(self.results)), name="reflections_survey_results"),
            path(
                "<int:pk>/results/<int:period_pk>/file/",
                view(require_POST(self.file)),
                name="reflections_survey_file",
            ),
            path(
                "beside/<int:program_pk>/",
                view(require_safe(self.beside)),
                name="reflections_survey_beside",
            ),
            *super().get_urls(),
        ]

    # --- As people see it

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The very page that asks, `?language=` in one of ours; no button of it does anything."""
        survey, now = self._mine(request, pk), clock.now()
        language = request.GET.get("language", "")
        if language not in LANGUAGES:
            language = translation.get_language() or settings.LANGUAGE_CODE
        sheet = SurveySheet(survey=survey, asked_at=now, closes_at=now + OPEN_FOR)
        with translation.override(language):
            form = SurveyForm(questions=[*survey.prompts.filter(is_active=True)])
            context = {"sheet": sheet, "program": survey.program, "form": form, "preview": True}
            return render(request, "reflections/survey.html", context)

    # --- In other languages

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        context = {**(extra_context or {}), "languages": settings.LANGUAGES}
        return super().change_view(request, object_id, form_url, context)

    def translate(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """Every question beside its words in one language."""
        survey = self._mine(request, pk)
        if language not in LANGUAGES:
            raise Http404
        data = request.POST if request.method == "POST" else None
        form = SurveyTranslationForm(data, prompts=list(survey.prompts.all()), language=language)
        if data is not None and form.is_valid():
            actions.translate_survey(survey, language, form.wordings)
            self.log_change(request, survey, [{"changed": {"fields": [gettext("translations")]}}])
            messages.success(
                request,
                gettext("Saved. It is asked like this as soon as a change of its questions would be."),
            )
            return redirect("admin:reflections_survey_translate", pk, language)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": gettext("In %(language)s") % {"language": str(LANGUAGES[language])},
            "survey": survey,
            "language": language,
            "form": form,
            "errors": form.errors,
        }
        return TemplateResponse(request, "admin/reflections/survey/translate.html", context)

    # --- What was answered

    def results(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One period, the newest that is told; `?period=` another one."""
        survey = self._mine(request, pk)
        told = list(SurveyPeriod.objects.told().filter(survey=survey))
        period = _chosen(told, request.GET.get("period", ""))
        page = page_of(request, SurveyAnswer.objects.words_told_in(period)) if period else None
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": gettext("What was answered"),
            "survey": survey,
            "told": told,
            "period": period,
            "current": survey.periods.filter(is_current=True).first(),
            "questions": _told(period) if period else [],
            "page": page,
            "words": _words(page.object_list) if page else [],
            "formats": FORMATS.values(),
        }
        return TemplateResponse(request, "admin/reflections/survey/results.html", context)

    def file(self, request: HttpRequest, pk: int, period_pk: int) -> HttpResponseBase:
        """The same totals as rows; no words."""
        survey = self._mine(request, pk)
        period = get_object_or_404(SurveyPeriod.objects.told().filter(survey=survey), pk=period_pk)
        kind = FORMATS.get(request.POST.get("format", ""))
        if kind is None or not period.totals:
            raise Http404
        name = f"{survey.program.slug}-{slugify(survey.get_stage_display())}-{period.begins_on}.{kind.suffix}"
        file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
        try:
            kind.write(cast("Any", file), _rows(period), str(survey.get_stage_display()))
            file.seek(0)
            self.log_change(request, survey, gettext("Exported totals to %(file)s.") % {"file": name})
        except BaseException:
            file.close()
            raise
        return FileResponse(file, as_attachment=True, filename=name, content_type=kind.content_type)

    def beside(self, request: HttpRequest, program_pk: int) -> HttpResponse:
        """Start, middle and end of a program, each with the newest totals that are told."""
        mine = Program.objects.administered_by(cast("User", request.user))
        program = get_object_or_404(mine, pk=program_pk)
        surveys = list(self.get_queryset(request).filter(program=program))
        newest: dict[int, SurveyPeriod] = {}
        for period in SurveyPeriod.objects.told().filter(survey__in=surveys).prefetch_related("questions"):
            if period.totals:
                newest.setdefault(period.survey_id, period)
        columns = [
            (survey, found, _told(found) if found else [])
            for survey in surveys
            for found in [newest.get(survey.pk)]
        ]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": gettext("Start, middle and end"),
            "program": program,
            "columns": columns,
        }
        return TemplateResponse(request, "admin/reflections/survey/beside.html", context)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        mine = Program.objects.administered_by(cast("User", request.user)).unarchived()
        programs = mine.filter(surveys__isnull=False).distinct().order_by("name", "pk")
        return super().changelist_view(request, {**(extra_context or {}), "programs": programs})

    def _mine(self, request: HttpRequest, pk: int) -> Survey:
        survey: Survey = get_object_or_404(self.get_queryset(request).select_related("program"), pk=pk)
        return survey


def _chosen(told: list[SurveyPeriod], wanted: str) -> SurveyPeriod | None:
    """Raises Http404 for one that is none of them."""
    if not wanted:
        return next((period for period in told if period.totals), next(iter(told), None))
    found = next((period for period in told if str(period.pk) == wanted), None)
    if found is None:
        raise Http404
    return found


def _told(period: SurveyPeriod) -> list[Told]:
    return told_in(
        period, chosen=gettext("chose it"), others=gettext("the others"), nothing=gettext("No answer")
    )


def _words(answers: Any) -> list[tuple[str, str]]:
    """Each with its question; nothing about whose it is."""
    found = list(answers)
    data_keys.prepare([answer.sheet.person_id for answer in found])
    return [(answer.question.asked, reading.words(answer, "text")) for answer in found]


def _rows(period: SurveyPeriod) -> Iterator[list[str]]:
    """One for each answer that could be chosen; by role, where that is told, below it."""
    yield [gettext("Question"), gettext("Answer"), gettext("Who"), gettext("People")]
    for one in _told(period):
        for line in one.lines:
            totals = zip((gettext("all"), *one.roles), (line.total, *line.by_role), strict=False)
            for who, total in totals:
                said = str(NOT_TOLD) if total is None else str(total)
                yield [one.question.asked, line.label, who, said]
