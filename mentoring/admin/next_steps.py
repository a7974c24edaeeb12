"""What should come next for those who paused or ended a pairing, as they told those who run the program. Why they did
it is theirs alone: it is not read here, and could not be (`Step.reason` is sealed)."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.models import User
from accounts.paging import page_of
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import Program, Step

from .asking import AsksFirst, back_to_today, began_today
from .forms import ActingAdmin

NAME = "mentoring_pairing_next_steps"


class SeesNextSteps(AsksFirst, ActingAdmin):
    def urls_of_next_steps(self) -> list[URLPattern]:
        def of(view: Callable[..., HttpResponseBase], at: str, name: str) -> URLPattern:
            return path(at, self.admin_site.admin_view(view), name=name)

        return [
            of(self.next_steps, "next-steps/", NAME),
            of(self.next_step_seen_to, "next-steps/<int:step_pk>/seen-to/", f"{NAME}_seen_to"),
        ]

    def steps_of(self, request: HttpRequest) -> QuerySet[Step]:
        """Of one's own programs, without the reasons."""
        rows = Step.objects.administered_by(cast("User", request.user)).with_a_next_step()
        rows = rows.exclude(pairing__program__status=Program.Status.ARCHIVED).defer("reason")
        return rows.select_related("person", "pairing__program", "pairing__mentor", "pairing__mentee")

    @method_decorator(require_safe)
    def next_steps(self, request: HttpRequest) -> HttpResponse:
        """Those that nobody has seen to; with `?seen_to`, the others."""
        is_seen_to = "seen_to" in request.GET
        rows = self.steps_of(request).filter(settled_at__isnull=not is_seen_to)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": _("What should come next"),
            "steps": page_of(request, rows.order_by("-created_at", "-pk")),
            "is_seen_to": is_seen_to,
        }
        return TemplateResponse(request, "admin/mentoring/pairing/next_steps.html", context)

    @method_decorator(require_POST)
    def next_step_seen_to(self, request: HttpRequest, step_pk: int) -> HttpResponse:
        step = self.steps_of(request).filter(pk=step_pk).first()
        if step is None:
            raise Http404
        try:
            actions.settle_step(step, by=cast("User", request.user), now=clock.now())
        except Refused as no:
            messages.warning(request, str(no))
        else:
            # About the step, and not the pairing: the other one of the two does not learn that there was one.
            self.log_change(request, step, [{"changed": {"fields": [str(_("seen to"))]}}])
            messages.success(request, _("It is seen to."))
        return redirect(back_to_today(request) if began_today(request) else f"admin:{NAME}")
