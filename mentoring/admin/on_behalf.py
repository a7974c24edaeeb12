"""What those who run a program do for a pair that told them so: a yes for one of the two, and a meeting written down.
Each has a page that says first what it means and who hears of it."""

from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.models import User
from mentoring import actions, rules
from mentoring.actions.on_behalf import LONGEST, NOT_THEIRS, NOT_THIS_DAY, SHORTEST
from mentoring.models import AcceptedFor, Pairing
from mentoring.models.desk import LONGEST_REASON

from .scoped import ProgramScopedAdmin


class YesForm(forms.Form):
    use_required_attribute = False

    reason = forms.CharField(
        label=_("How you know"),
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_(
            "For example: “told me on the phone”. The person reads it on their page, and so do those who run the "
            "program; the other one of the two does not."
        ),
        error_messages={"required": _("Say how you know.")},
    )


class HeldForm(forms.Form):
    use_required_attribute = False

    on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Write the day like 2026-06-23.")},
    )
    minutes = forms.IntegerField(
        label=_("How long, in minutes"),
        required=False,
        min_value=SHORTEST,
        max_value=LONGEST,
        help_text=_("Leave it empty if you do not know."),
    )

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if not 1900 <= day.year < 2900:
            raise forms.ValidationError(NOT_THIS_DAY)
        return day


class ActsForPairs(ProgramScopedAdmin):
    """For the list of pairings."""

    def urls_on_behalf(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/accept-for/<str:side>/", view(self.accept_for), name="mentoring_pairing_accept_for"
            ),
            path("<int:pk>/log-meeting/", view(self.log_meeting), name="mentoring_pairing_log_meeting"),
        ]

    def get_urls(self) -> list[URLPattern]:
        return [*self.urls_on_behalf(), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        pairing, user = self.get_object(request, object_id), cast("User", request.user)
        more: dict[str, Any] = {}
        if pairing is not None:
            sides = [("mentor", pairing.mentor), ("mentee", pairing.mentee)]
            said = AcceptedFor.objects.filter(pairing=pairing).select_related("person", "by")
            more = {
                "may_accept_for": [
                    (side, person)
                    for side, person in sides
                    if rules.may_accept_on_behalf(user, pairing, person)
                ],
                "may_log": rules.may_log_for_them(user, pairing),
                "said_for": list(said.order_by("-at", "-pk")),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def accept_for(self, request: HttpRequest, pk: int, side: str) -> HttpResponse:
        pairing = self._pairing(request, pk)
        if side not in ("mentor", "mentee"):
            raise Http404
        person: User = getattr(pairing, side)
        form = YesForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                actions.accept_on_behalf(
                    pairing,
                    person,
                    by=cast("User", request.user),
                    reason=form.cleaned_data["reason"],
                    now=clock.now(),
                )
            except actions.Refused as no:
                form.add_error(None, str(no))
            else:
                self.log_change(
                    request, pairing, [{"changed": {"fields": [str(_("yes on somebody’s behalf"))]}}]
                )
                messages.success(request, gettext("The yes is said. Both hear of it by e-mail."))
                return self._done(pairing)
        may = rules.may_accept_on_behalf(cast("User", request.user), pairing, person)
        other = pairing.partner_of(person)
        names = {"name": person, "other": other}
        lines = [
            gettext(
                "Do this only if %(name)s told you so. It is shown as what it is: both read that you said yes for "
                "%(name)s, and when."
            )
            % names,
            gettext(
                "Both are told by e-mail. %(name)s may take the yes back on their page while the question is open, and "
                "for a week once the two are a pair: the pair ends then, and %(other)s hears no more than that. After "
                "that only %(name)s says yes."
            )
            % names,
        ]
        if rules.has_said_yes(other, pairing):
            lines.insert(
                1,
                gettext("%(other)s has said yes already, or is not asked: the two are a pair by this.")
                % names,
            )
        else:
            lines.insert(1, gettext("They are a pair once %(other)s says yes as well.") % names)
        return self._says_first(
            request,
            pairing,
            title=gettext("Say yes for %(name)s") % names,
            lines=lines if may else [str(NOT_THEIRS)],
            form=form if may or form.is_bound else None,
        )

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def log_meeting(self, request: HttpRequest, pk: int) -> HttpResponse:
        pairing, now = self._pairing(request, pk), clock.now()
        form = HeldForm(
            request.POST if request.method == "POST" else None, initial={"on": pairing.program.today(now)}
        )
        if form.is_valid():
            data = form.cleaned_data
            try:
                actions.log_meeting_for(
                    pairing, by=cast("User", request.user), on=data["on"], minutes=data["minutes"], now=now
                )
            except actions.Refused as no:
                form.add_error("on", str(no))
            else:
                self.log_change(request, pairing, [{"changed": {"fields": [str(_("meeting written down"))]}}])
                messages.success(
                    request, gettext("It is written down. Both see on their page that you did it.")
                )
                return self._done(pairing)
        may = rules.may_log_for_them(cast("User", request.user), pairing)
        lines = [
            gettext(
                "That they met on a day, as one of them told you; a meeting that they had planned for that day is this "
                "one."
            ),
            gettext(
                "Both see on their page that you wrote it down, and either of them may say that it was otherwise. No "
                "e-mail says so."
            ),
        ]
        return self._says_first(
            request,
            pairing,
            title=gettext("Write down a meeting of theirs"),
            lines=lines if may else [gettext("Nothing is written down here any more.")],
            form=form if may or form.is_bound else None,
        )

    def _pairing(self, request: HttpRequest, pk: int) -> Pairing:
        rows = cast("Any", self.get_queryset(request)).with_people()
        pairing: Pairing | None = rows.filter(pk=pk).first()
        if pairing is None:
            raise Http404
        return pairing

    def _done(self, pairing: Pairing) -> HttpResponse:
        return redirect(reverse("admin:mentoring_pairing_change", args=[pairing.pk]))

    def _says_first(
        self, request: HttpRequest, pairing: Pairing, *, title: str, lines: list[str], form: forms.Form | None
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": title,
            "pairing": pairing,
            "program": pairing.program,
            "lines": lines,
            "form": form,
            "errors": form.errors if form is not None and form.is_bound else None,
            "back": reverse("admin:mentoring_pairing_change", args=[pairing.pk]),
        }
        return TemplateResponse(request, "admin/on_behalf.html", context)
