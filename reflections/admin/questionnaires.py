"""The questions. A round copies them when it opens, so an edit changes what is asked next, not what was answered."""

from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Field, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts import clock
from accounts.models import User
from mentoring.actions.refused import Refused
from mentoring.admin.scoped import ProgramScopedAdmin, ScopedInline, filter_by_program
from mentoring.admin_site import Group
from mentoring.models import Program
from mentoring.quarter import Quarter
from reflections import actions, editions, question_page, rounds
from reflections.forms import AnswerForm, ValueForm
from reflections.models import Answer, Edition, Prompt, PromptKind, Question, Questionnaire, RoleSet, Round
from reflections.preview import NothingBeside, PreviewDesk, made_up_things, where_next

from .prompt_forms import PromptFormSet, TranslationForm

LANGUAGES = dict(settings.LANGUAGES)
EDITIONS_SHOWN = 20


class Previewed(NamedTuple):
    """A set of questions as it will be asked, or was in an earlier edition; `query` is what the address said of it."""

    questionnaire: Questionnaire
    quarter: Quarter
    edition: Edition | None
    language: str
    prompts: list[Prompt]
    round: Round
    asked: list[Question]
    query: dict[str, str]


class PromptInline(ScopedInline):
    model = Prompt
    formset = PromptFormSet
    fieldsets = [
        (None, {"fields": [("code", "step", "kind"), "text", "help_text", "examples"]}),
        (_("Who is asked, and how"), {
            "classes": ["collapse"],
            "fields": [
                ("mentor_position", "mentee_position", "both_position"),
                "is_active", "is_short", "is_rotating", "is_yearly", "needs_care", "is_locked",
            ],
            "description": _("Leave a place empty, and that set does not have this question."),
        }),
    ]  # fmt: skip
    ordering = ["mentor_position", "mentee_position", "both_position", "pk"]


@admin.register(Questionnaire)
class QuestionnairePage(ProgramScopedAdmin):
    """Its page also says which editions there were; a preview shows it as people see it."""

    group = Group.ROUNDS
    change_form_template = "admin/reflections/questionnaire/change_form.html"
    list_display = ["name", "program"]
    list_filter = [filter_by_program("program")]
    list_select_related = ["program"]
    search_fields = ["name", "program__name"]
    fields = ["name", "program"]
    inlines = [PromptInline]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("begin/", view(self.begin), name="reflections_questionnaire_begin"),
            path(
                "<int:pk>/preview/<str:role>/", view(self.preview), name="reflections_questionnaire_preview"
            ),
            path(
                "<int:pk>/preview/<str:role>/<str:code>/",
                view(self.preview_question),
                name="reflections_questionnaire_preview_question",
            ),
            path("<int:pk>/move/<str:role>/", view(self.move), name="reflections_questionnaire_move"),
            path(
                "<int:pk>/translate/<str:language>/",
                view(self.translate),
                name="reflections_questionnaire_translate",
            ),
            *super().get_urls(),
        ]

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """The questionnaire of every program without its own is a superuser's."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "program" and not cast("User", request.user).is_superuser:
            field.required = True
            field.help_text = ""
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["program"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not the default one: programs without their own would have nothing to ask."""
        return super().has_delete_permission(request, obj) and not (
            obj is not None and obj.program_id is None
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        actions.publish(form.instance, by=cast("User", request.user), now=clock.now())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        questionnaire = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if questionnaire is not None and request.method == "GET":
            context = {
                "editions": _editions(questionnaire),
                "roles": RoleSet.choices,
                "languages": settings.LANGUAGES,
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    # --- From the default questions

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"can_begin": self._without_their_own(request)} if self.has_add_permission(request) else {}
        return super().changelist_view(request, {**(extra_context or {}), **context})

    def begin(self, request: HttpRequest) -> HttpResponse:
        """POST: `program` gets questions of its own, which are the default ones so far."""
        if request.method != "POST":
            return HttpResponse(status=405)
        mine = Program.objects.administered_by(cast("User", request.user))
        program = get_object_or_404(mine, pk=_number(request.POST.get("program", "")))
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            new = actions.begin_questionnaire(program, by=cast("User", request.user), now=clock.now())
        except Refused as no:
            messages.info(request, str(no))
            return redirect("admin:reflections_questionnaire_changelist")
        self.log_addition(request, new, [{"added": {}}])
        messages.success(
            request, gettext("These are the default questions. Change what should be asked otherwise.")
        )
        return redirect("admin:reflections_questionnaire_change", new.pk)

    def _without_their_own(self, request: HttpRequest) -> QuerySet[Program]:
        """Programs of this admin that may still get a round, and would be asked the default questions."""
        mine = Program.objects.administered_by(cast("User", request.user))
        at_work = ~Q(status__in=(Program.Status.CLOSED, Program.Status.ARCHIVED))
        return mine.filter(at_work, questionnaire=None).order_by("name", "pk")

    # --- As people see it, and in which order

    def preview(self, request: HttpRequest, pk: int, role: str) -> HttpResponse:
        """All questions of one set, each with a way to its page; `?edition=` those of an earlier one, and
        `?language=` as somebody reads them who chose that language."""
        seen = self._previewed(request, pk, role)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405)
        with translation.override(seen.language):
            said = [(question, question.asked, question.helped) for question in seen.asked]
        context = {
            "questionnaire": seen.questionnaire,
            "quarter": seen.quarter,
            "edition": seen.edition,
            "role": RoleSet(role),
            "roles": RoleSet.choices,
            "language": seen.language,
            "languages": settings.LANGUAGES,
            "said": said,
            "query": urlencode(seen.query),
            "resting": _resting(seen.prompts, {question.code for question in seen.asked}, role),
            "may_change": seen.edition is None and self.has_change_permission(request, seen.questionnaire),
        }
        return render(request, "admin/reflections/questionnaire/preview.html", context)

    @method_decorator(sensitive_post_parameters())
    def preview_question(self, request: HttpRequest, pk: int, role: str, code: str) -> HttpResponse:
        """The very page on which one of them is asked, as somebody of that set will find it. Each button of it leads
        on, and none keeps anything."""
        seen = self._previewed(request, pk, role)
        asked = next((question for question in seen.asked if question.code == code), None)
        if asked is None:
            raise Http404
        base = reverse("admin:reflections_questionnaire_preview", args=[pk, role])
        with translation.override(seen.language):
            desk = PreviewDesk(seen.round, role, seen.asked, base=base, query=seen.query, code=code)
            if request.method == "POST":
                return redirect(where_next(desk, asked, request.POST.get("then", "")))
            beside = NothingBeside(desk, clock.now())
            if asked.kind == PromptKind.VALUES:
                page = question_page.of_values(desk, asked, ValueForm(things=made_up_things()), beside, [])
                return render(request, question_page.VALUES, page)
            form = AnswerForm(desk=desk, question=asked, answer=None)
            page = question_page.of_question(desk, asked, Answer.Piece.FIRST, form, beside)
            return render(request, question_page.QUESTION, page)

    def _previewed(self, request: HttpRequest, pk: int, role: str) -> "Previewed":
        """What the address asks for. Raises Http404 for a set or an edition that is none."""
        questionnaire = self._mine(request, pk)
        if role not in RoleSet.values:
            raise Http404
        edition, query = None, {}
        if "edition" in request.GET:
            number = _number(request.GET["edition"])
            edition = get_object_or_404(Edition, questionnaire=questionnaire, number=number)
            query["edition"] = str(number)
        language = request.GET.get("language", "")
        if language in LANGUAGES:
            query["language"] = language
        else:
            language = translation.get_language() or settings.LANGUAGE_CODE
        quarter = _next_quarter(questionnaire)
        prompts = editions.prompts_in(edition) if edition else editions.prompts_of(questionnaire)
        program = questionnaire.program or Program(
            name=gettext("Your program"), fiscal_first_month=quarter.first_month
        )
        next_one = Round(program=program, quarter_start=quarter.start)
        asked = rounds.in_order(rounds.questions_of(next_one, prompts), role)
        return Previewed(questionnaire, quarter, edition, language, prompts, next_one, asked, query)

    def move(self, request: HttpRequest, pk: int, role: str) -> HttpResponse:
        """POST: `prompt` one place `up` or `down` among the questions of a set."""
        questionnaire = self._mine(request, pk)
        if request.method != "POST":
            return HttpResponse(status=405)
        if role not in RoleSet.values:
            raise Http404
        code = request.POST.get("prompt", "")
        prompt = get_object_or_404(Prompt, questionnaire=questionnaire, code=code)
        try:
            actions.move_prompt(
                prompt,
                role,
                up=request.POST.get("to") == "up",
                by=cast("User", request.user),
                now=clock.now(),
            )
        except Refused as no:
            messages.info(request, str(no))
        else:
            self.log_change(request, questionnaire, [{"changed": {"fields": [gettext("order")]}}])
        return redirect("admin:reflections_questionnaire_preview", pk, role)

    # --- In other languages

    def translate(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """Every prompt beside its question and help in one language."""
        questionnaire = self._mine(request, pk)
        if language not in LANGUAGES:
            raise Http404
        prompts = list(
            questionnaire.prompts.prefetch_related("translations").order_by(
                "mentor_position", "mentee_position", "both_position", "pk"
            )
        )
        data = request.POST if request.method == "POST" else None
        form = TranslationForm(data, prompts=prompts, language=language)
        if data is not None and form.is_valid():
            by = cast("User", request.user)
            actions.translate_prompts(questionnaire, language, form.wordings, by=by, now=clock.now())
            self.log_change(request, questionnaire, [{"changed": {"fields": [gettext("translations")]}}])
            messages.success(request, gettext("Saved. It is asked like this from the next round on."))
            return redirect("admin:reflections_questionnaire_translate", pk, language)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": gettext("In %(language)s") % {"language": str(LANGUAGES[language])},
            "questionnaire": questionnaire,
            "language": language,
            "form": form,
            "errors": form.errors,
        }
        return TemplateResponse(request, "admin/reflections/questionnaire/translate.html", context)

    def _mine(self, request: HttpRequest, pk: int) -> Questionnaire:
        questionnaire: Questionnaire = get_object_or_404(
            self.get_queryset(request).select_related("program"), pk=pk
        )
        return questionnaire


def _number(typed: str) -> int:
    """As an edition's number can be; one that none has for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _editions(questionnaire: Questionnaire) -> QuerySet[Edition]:
    """The newest ones, with the quarters that asked them."""
    asked = Prefetch("rounds", Round.objects.select_related("program").order_by("-quarter_start", "program"))
    found = questionnaire.editions.select_related("author__person").prefetch_related(asked)
    return found.order_by("-number")[:EDITIONS_SHOWN]


def _next_quarter(questionnaire: Questionnaire) -> Quarter:
    """The one whose round is to open next, by the program's calendar; of calendar years for the default questions."""
    program = questionnaire.program
    today = program.today(clock.now()) if program else clock.now().date()
    quarter = program.quarter_on(today) if program else Quarter.containing(today)
    return quarter if today < quarter.end - rounds.OPENS_BEFORE else quarter.next


def _resting(prompts: list[Prompt], asked: set[str], role: str) -> list[Prompt]:
    """Rotating prompts of the set that have their turn in another quarter."""
    place = rounds.POSITIONS[RoleSet(role)]
    return [
        prompt
        for prompt in prompts
        if prompt.is_active
        and prompt.is_rotating
        and getattr(prompt, place) is not None
        and prompt.code not in asked
    ]
