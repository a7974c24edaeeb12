"""Publishing: which pairs of a run are told, by which letters, and who says yes. What is told was shown before."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts import audit, clock
from accounts.models import User
from accounts.paging import PER_PAGE, page_of
from mentoring import actions, pair_letters
from mentoring.actions import Published, Refused
from mentoring.actions.publishing import Look
from mentoring.models import MatchingRun, Program, ProposedPair
from mentoring.publications import beside, publications_of

from .publishing_forms import CHOSEN, LETTERS, MOST_CHOSEN, PublishForm
from .publishing_letters import would_get
from .scoped import ProgramScopedAdmin

# Whose reasons are said after the press of the button; of the others how many they are.
REASONS_SAID = 5


class PublishesPairs(ProgramScopedAdmin):
    def urls_of_publishing(self) -> list[URLPattern]:
        def of(view: Callable[..., HttpResponseBase], at: str, name: str) -> URLPattern:
            return path(at, self.admin_site.admin_view(view), name=f"mentoring_matchingrun_{name}")

        return [
            of(self.publish_view, "<int:pk>/publish/", "publish"),
            of(self.publications_view, "<int:pk>/publications/", "publications"),
        ]

    @method_decorator(require_safe)
    def publications_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self._run_to_tell(request, pk)
        page = page_of(request, publications_of(run))
        return self._publishing_page(request, "publication_list", _("Told of this run"), run=run, page=page)

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form; then what would come of it; then, by one more button, it is done."""
        run = self._run_to_tell(request, pk)
        if run.state != MatchingRun.State.MADE or run.program.status in Program.OVER:
            return self._publishing_page(request, "publish_shut", _("Tell the pairs"), run=run, **beside(run))
        chosen = _chosen(request, run)
        sent = request.POST
        if request.method != "POST":
            return self._choosing(request, run, self._form(run, initial=_at_first(run, chosen)), chosen)
        if sent.get("do") == "back" or ("turn" in sent and sent.get("stage") != "preview"):
            kept = {name: sent.get(name, "") for name in PublishForm.base_fields}
            return self._choosing(request, run, self._form(run, initial=kept), chosen)
        form = self._form(run, sent)
        if form.is_valid() and form.cleaned_data["which"] == CHOSEN and not chosen:
            form.add_error("which", _("Tick at least one pair, or take all."))
        if not form.is_valid():
            return self._choosing(request, run, form, chosen)
        pairs = _drafts(run, chosen if form.cleaned_data["which"] == CHOSEN else None)
        if sent.get("do") == "publish":
            if sent.get("seen") == _fingerprint(pairs):
                return self._published(request, run, form, pairs, chosen)
            messages.warning(request, _("The pairs have changed since you looked. Look at them once more."))
        return self._preview(request, run, form, pairs, chosen)

    # --- The three pages

    def _choosing(
        self, request: HttpRequest, run: MatchingRun, form: PublishForm, chosen: set[int]
    ) -> HttpResponse:
        drafts = Paginator(
            ProposedPair.objects.filter(run=run).draft().with_people().order_by("pk"), PER_PAGE
        )
        page = drafts.get_page(request.POST.get("turn") or request.POST.get("at"))
        here = {pair.pk for pair in page}
        context = {
            "form": form,
            "errors": form.errors if form.is_bound else None,
            "page": page,
            "turns": _turns(page),
            "chosen": chosen,
            "elsewhere": sorted(chosen - here),
            "variables": [(f"{{{name}}}", means) for name, means in pair_letters.VARIABLES.items()],
            **beside(run),
        }
        return self._publishing_page(request, "publish", _("Tell the pairs"), run=run, **context)

    def _preview(
        self,
        request: HttpRequest,
        run: MatchingRun,
        form: PublishForm,
        pairs: Sequence[ProposedPair],
        chosen: set[int],
    ) -> HttpResponse:
        looks = actions.look_through(run, pairs)
        able = [look.pair for look in looks if not look.why_not]
        left = [look for look in looks if look.why_not]
        # What is wrong stands first.
        rows: Page[Look] = Paginator(
            [*left, *(look for look in looks if not look.why_not)], PER_PAGE
        ).get_page(request.POST.get("turn") or request.POST.get("at"))
        here = [look.pair for look in rows if not look.why_not]
        shown = next((pair for pair in here if str(pair.pk) == request.POST.get("shown")), None)
        shown = shown or next(iter(here or able), None)
        said = _said(form)
        try:
            letters = (
                would_get(run, shown, said, by=cast("User", request.user), now=clock.now()) if shown else []
            )
        except Refused as no:
            form.add_error(None, str(no))
            return self._choosing(request, run, form, chosen)
        context = {
            "form": form,
            "kept": [(name, form[name].value()) for name in form.fields],
            "chosen": sorted(chosen),
            "page": rows,
            "turns": _turns(rows),
            "able": len(able),
            "left": len(left),
            "seen": _fingerprint(pairs),
            "here": here,
            "shown": shown,
            "letters": letters,
            "approval": said["approval"],
            "starts_on": said["starts_on"],
        }
        return self._publishing_page(request, "publish_preview", _("Who will get what"), run=run, **context)

    def _published(
        self,
        request: HttpRequest,
        run: MatchingRun,
        form: PublishForm,
        pairs: Sequence[ProposedPair],
        chosen: set[int],
    ) -> HttpResponse:
        try:
            told = actions.publish(run, pairs, by=cast("User", request.user), now=clock.now(), **_said(form))
        except Refused as no:
            form.add_error(None, str(no))
            return self._choosing(request, run, form, chosen)
        self._say(request, told)
        if told.publication is not None:
            self.log_change(request, run, [{"changed": {"fields": [str(_("pairs told"))]}}])
            audit.record_all(audit.Verb.ADDED, told.pairings)
        return redirect("admin:mentoring_matchingrun_change", run.pk)

    def _say(self, request: HttpRequest, told: Published) -> None:
        number = len(told.pairings)
        if number:
            said = ngettext("%(number)d pair is told.", "%(number)d pairs are told.", number)
            messages.success(request, said % {"number": number})
        for look in told.left[:REASONS_SAID]:
            pair = {"mentor": look.pair.mentor, "mentee": look.pair.mentee, "why": look.why_not}
            messages.warning(request, _("Not told: %(mentor)s and %(mentee)s. %(why)s") % pair)
        if more := len(told.left[REASONS_SAID:]):
            said = ngettext("%(number)d more is not told.", "%(number)d more are not told.", more)
            messages.warning(request, said % {"number": more})

    # --- What they share

    def _run_to_tell(self, request: HttpRequest, pk: int) -> MatchingRun:
        """Of one's own programs; anything else is not there."""
        run: MatchingRun | None = (
            self.get_queryset(request).select_related("program", "created_by").filter(pk=pk).first()
        )
        if run is None:
            raise Http404
        return run

    def _form(self, run: MatchingRun, data: Any = None, **options: Any) -> PublishForm:
        return PublishForm(
            data, program=run.program, drafts=ProposedPair.objects.filter(run=run).draft().count(), **options
        )

    def _publishing_page(
        self, request: HttpRequest, template: str, title: Any, **context: Any
    ) -> TemplateResponse:
        found = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": title,
            **context,
        }
        return TemplateResponse(request, f"admin/mentoring/matchingrun/{template}.html", found)


def _at_first(run: MatchingRun, chosen: set[int]) -> dict[str, Any]:
    program = run.program
    return {
        "which": CHOSEN if chosen else "all",
        "starts_on": max(program.today(clock.now()), program.starts_on),
        "approval": program.approval,
        **{name: str(pair_letters.DEFAULTS[role]) for name, role in LETTERS.items()},
    }


def _said(form: PublishForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("approval", "starts_on", *LETTERS)}


def _chosen(request: HttpRequest, run: MatchingRun) -> set[int]:
    """Those of `pair` that are drafts of this run; so many as may be sent back and forth."""
    asked = (request.POST if request.method == "POST" else request.GET).getlist("pair")
    numbers = [int(each) for each in asked if each.isdecimal() and len(each) < 19]
    rows = (
        ProposedPair.objects.filter(run=run)
        .draft()
        .filter(pk__in=numbers)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    found = list(rows[: MOST_CHOSEN + 1])
    if len(found) > MOST_CHOSEN:
        said = _(
            "Only %(number)d can be chosen one by one; the others are not ticked. You can take all instead."
        )
        messages.warning(request, said % {"number": MOST_CHOSEN})
    return set(found[:MOST_CHOSEN])


def _drafts(run: MatchingRun, chosen: Iterable[int] | None) -> list[ProposedPair]:
    rows = ProposedPair.objects.filter(run=run).draft().with_people().order_by("pk")
    return list(rows if chosen is None else rows.filter(pk__in=chosen))


def _fingerprint(pairs: Iterable[ProposedPair]) -> str:
    """Another one, once a pair is another: what is told is what was looked at."""
    said = ",".join(f"{pair.pk}:{pair.mentor_id}:{pair.mentee_id}" for pair in pairs)
    return hashlib.sha256(said.encode()).hexdigest()


def _turns(page: "Page[Any]") -> list[int | None]:
    """The pages to turn to; None for a gap."""
    if not page.has_other_pages():
        return []
    return [
        number if isinstance(number, int) else None
        for number in page.paginator.get_elided_page_range(page.number)
    ]
