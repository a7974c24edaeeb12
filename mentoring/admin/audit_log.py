"""The audit log, for superusers: who did what, to whom and when. It can be read and narrowed down, and nothing else: no
export, since a file of it would outlive the two years after which it is deleted here."""

from datetime import datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.audit_words import route_of, told
from accounts.models import AuditEntry, User
from accounts.paging import page_of
from mentoring.admin_site import BestAdminSite, DeskPage, Group
from mentoring.models import Program, ProgramAdmin

ANY = [("", _("Any"))]


class NarrowForm(forms.Form):
    """What of the log is shown. Everything in it is a number, a day or a word of ours: it stands in the address."""

    actor = forms.ModelChoiceField(
        User.objects.none(), label=_("Who"), required=False, empty_label=_("Anybody")
    )
    subject = forms.ModelChoiceField(User.objects.none(), required=False, widget=forms.HiddenInput)
    program = forms.ModelChoiceField(
        Program.objects.none(), label=_("Program"), required=False, empty_label=_("Any")
    )
    verb = forms.ChoiceField(label=_("What"), choices=[*ANY, *AuditEntry.Verb.choices], required=False)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        runs = ProgramAdmin.objects.filter(person=OuterRef("pk"))
        # Those who have rights now. Whoever had some before is found by their name in the log.
        people = User.objects.filter(Q(is_superuser=True) | Exists(runs))
        asked = self.data.get("actor", "")
        if asked.isdecimal():
            people = User.objects.filter(Q(is_superuser=True) | Exists(runs) | Q(pk=asked[:18]))
        cast("forms.ModelChoiceField[User]", self.fields["actor"]).queryset = people
        cast("forms.ModelChoiceField[User]", self.fields["subject"]).queryset = User.objects.all()
        cast("forms.ModelChoiceField[Program]", self.fields["program"]).queryset = Program.objects.all()

    def narrowed(self, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """By what is filled in; a day is that of the reader's zone."""
        said = self.cleaned_data
        if said["actor"]:
            entries = entries.filter(actor_id=said["actor"].pk)
        if said["subject"]:
            entries = entries.filter(subject_ids__contains=[said["subject"].pk])
        if said["program"]:
            entries = entries.filter(program_id=said["program"].pk)
        if said["verb"]:
            entries = entries.filter(verb=said["verb"])
        if said["day"]:
            begins = timezone.make_aware(datetime.combine(said["day"], time.min))
            ends = timezone.make_aware(datetime.combine(said["day"] + timedelta(days=1), time.min))
            entries = entries.filter(at__gte=begins, at__lt=ends)
        return entries


@require_safe
def audit_log(request: HttpRequest) -> HttpResponse:
    form = NarrowForm(request.GET)
    entries = AuditEntry.objects.order_by("-pk")
    page = page_of(request, form.narrowed(entries) if form.is_valid() else entries.none())
    context = {
        **admin.site.each_context(request),
        "title": _("Audit log"),
        "form": form,
        "errors": form.errors,
        "page": page,
        "rows": [(row, route_of(row.entry)) for row in told(page)],
        "subject": form.cleaned_data.get("subject") if form.is_valid() else None,
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
    }
    return TemplateResponse(request, "admin/mentoring/audit_log.html", context)


cast("BestAdminSite", admin.site).add_page(
    DeskPage("audit/", "audit_log", _("Audit log"), Group.HOUSE, audit_log, is_for_superusers=True)
)
