"""What a program says in the quarter's e-mails: written here, looked at as it goes out, and tried on oneself."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.mail.as_a_page import as_a_page
from accounts.models import User
from accounts.refused import Refused
from mentoring.admin.forms import AnyModelForm
from mentoring.admin.scoped import ProgramScopedAdmin, filter_by_program
from mentoring.admin_site import Group
from mentoring.pair_letters import problem_with_variables
from reflections import actions
from reflections.models import NudgeWords, RoleSet
from reflections.nudge_previews import previews
from reflections.nudge_words import VARIABLES
from reflections.nudges import LABELS
from reflections.schedule import Nudge

FIELDS = ["subject", "ask", "reminder", "last_call"]


class NudgeWordsForm(AnyModelForm):
    class Meta:
        model = NudgeWords
        fields = ["program", "language", *FIELDS]
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in FIELDS[1:]}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for name in FIELDS:
            words = " ".join(said.get(name, "").split())
            if problem := problem_with_variables(words, VARIABLES):
                self.add_error(name, problem)
            else:
                said[name] = words
        if not self.errors and not any(said.get(name) for name in FIELDS):
            self.add_error(None, _("Write at least one of them. What is empty is said in our words."))
        return said


@admin.register(NudgeWords)
class NudgeWordsPage(ProgramScopedAdmin):
    """Deleting the row is going back to our words."""

    group = Group.MAIL
    form = NudgeWordsForm
    change_form_template = "admin/reflections/nudgewords/change_form.html"
    list_display = ["__str__", "program", "language", "changed_at"]
    list_filter = [filter_by_program("program"), "language"]
    list_select_related = ["program"]
    search_fields = ["program__name"]
    fields = ["program", "language", *FIELDS]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/preview/", view(require_safe(self.preview)), name="reflections_nudgewords_preview"
            ),
            path("<int:pk>/preview/html/", view(require_safe(self.html)), name="reflections_nudgewords_html"),
            path("<int:pk>/test/", view(require_POST(self.test)), name="reflections_nudgewords_test"),
            *super().get_urls(),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["program", "language"] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.changed_at = clock.now()
        super().save_model(request, obj, form, change)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        variables = [(f"{{{name}}}", means) for name, means in VARIABLES.items()]
        context = {"variables": variables, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    # --- As it goes out

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What a real person of each role would get, without anything that is theirs alone."""
        words, nudge = self._mine(request, pk), _nudge(request.GET)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": _("As it goes out"),
            "words": words,
            "nudge": nudge,
            "nudges": [(each.value, LABELS[each]) for each in Nudge],
            "roles": RoleSet.choices,
            "letters": previews(words, nudge, clock.now()),
        }
        return TemplateResponse(request, "admin/reflections/nudgewords/preview.html", context)

    def html(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The HTML part alone, a page of its own."""
        words, nudge, role = self._mine(request, pk), _nudge(request.GET), request.GET.get("role")
        for letter in previews(words, nudge, clock.now()):
            if letter.role == role:
                return as_a_page(letter.html)
        raise Http404

    def test(self, request: HttpRequest, pk: int) -> HttpResponse:
        words, nudge = self._mine(request, pk), _nudge(request.POST)
        role = request.POST.get("role", "")
        if role not in RoleSet.values:
            raise Http404
        by = cast("User", request.user)
        try:
            actions.send_test(words, nudge, RoleSet(role), by=by, now=clock.now())
        except Refused as no:
            messages.warning(request, str(no))
        else:
            self.log_change(request, words, [{"changed": {"fields": [str(_("a test to oneself"))]}}])
            messages.success(request, gettext("It is on its way to %(address)s.") % {"address": by.email})
        return redirect("admin:reflections_nudgewords_preview", words.pk)

    def _mine(self, request: HttpRequest, pk: int) -> NudgeWords:
        """Of one's own programs; anything else is not there."""
        words: NudgeWords | None = self.get_queryset(request).select_related("program").filter(pk=pk).first()
        if words is None:
            raise Http404
        return words


def _nudge(sent: Any) -> Nudge:
    """The ask, where nothing is said."""
    wanted = sent.get("nudge", Nudge.ASK)
    if wanted not in list(Nudge):
        raise Http404
    return Nudge(wanted)
