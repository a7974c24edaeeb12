"""Notes of those who run a program, on the page of a place and of a pairing: written and taken back, never changed.
They are in no list, no file, no search, and the log of the admin says that there was one, not what it said."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.models import User
from accounts.paging import page_of
from accounts.vault import data_keys
from mentoring import actions
from mentoring.models import AdminNote, Enrollment, Pairing
from mentoring.models.desk import LONGEST_ADMIN_NOTE

from .scoped import ProgramScopedAdmin

SHOWN_BESIDE = 5
ABOUT_ONE = _(
    "Read by those who run this program. The person may ask to see it: it is in the file of their own data. It is "
    "deleted when they leave."
)
ABOUT_TWO = _(
    "Read by those who run this program. Both may ask to see it: it is in the file of their own data, so write nothing "
    "here about one of them that the other must not read. It is deleted when one of them leaves."
)


class NoteForm(forms.Form):
    use_required_attribute = False

    text = forms.CharField(
        label=_("New note"),
        max_length=LONGEST_ADMIN_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write something first.")},
    )

    def __init__(self, *args: Any, about: Enrollment | Pairing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = ABOUT_TWO if isinstance(about, Pairing) else ABOUT_ONE


class KeepsNotes(ProgramScopedAdmin):
    """For lists of places and of pairings."""

    def urls_of_notes(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/notes/", view(self.notes), name=f"{name}_notes"),
            path("<int:pk>/notes/<int:note_pk>/take-back/", view(self.note_back), name=f"{name}_note_back"),
        ]

    def get_urls(self) -> list[URLPattern]:
        return [*self.urls_of_notes(), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        about = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if about is not None:
            rows = self._notes_of(about)
            more = {
                "notes": self._with_rights(request, rows[:SHOWN_BESIDE]),
                "has_more_notes": rows.count() > SHOWN_BESIDE,
                "note_form": NoteForm(about=about),
                "notes_url": self._url("notes", about.pk),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    @method_decorator(sensitive_post_parameters())
    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def notes(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All of one place or pairing; POST adds one."""
        about = self._one(request, pk)
        form = NoteForm(request.POST if request.method == "POST" else None, about=about)
        if form.is_valid():
            try:
                actions.write_admin_note(
                    about, text=form.cleaned_data["text"], by=cast("User", request.user), now=clock.now()
                )
            except actions.Refused as no:
                form.add_error("text", str(no))
            else:
                self.log_change(request, about, [{"changed": {"fields": [str(_("note"))]}}])
                messages.success(request, gettext("The note is kept."))
                return redirect(self._change_url(about.pk) + "#notes")
        page = page_of(request, self._notes_of(about))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": gettext("Notes: %(what)s") % {"what": self.noted_as(about)},
            "about": about,
            "back": self._change_url(about.pk),
            "page": page,
            "notes": self._with_rights(request, page),
            "note_form": form,
            "notes_url": self._url("notes", about.pk),
            "errors": form.errors if form.is_bound else None,
        }
        return TemplateResponse(request, "admin/notes_page.html", context)

    @method_decorator(require_POST)
    def note_back(self, request: HttpRequest, pk: int, note_pk: int) -> HttpResponse:
        about = self._one(request, pk)
        note = self._notes_of(about).filter(pk=note_pk).first()
        if note is None:
            raise Http404
        try:
            actions.take_back_admin_note(note, by=cast("User", request.user))
        except actions.Refused as no:
            messages.warning(request, str(no))
        else:
            self.log_change(request, about, [{"changed": {"fields": [str(_("note taken back"))]}}])
            messages.success(request, gettext("The note is taken back: it is gone for good."))
        return redirect(self._change_url(about.pk) + "#notes")

    def noted_as(self, about: Any) -> str:
        return str(about)

    def _one(self, request: HttpRequest, pk: int) -> Any:
        about = self.get_queryset(request).filter(pk=pk).first()
        if about is None:
            raise Http404
        return about

    def _notes_of(self, about: Enrollment | Pairing) -> QuerySet[AdminNote]:
        rows: QuerySet[AdminNote] = AdminNote.objects.filter(
            **{"pairing" if isinstance(about, Pairing) else "enrollment": about}
        )
        return rows.select_related("author", "program").order_by("-written_at", "-pk")

    def _with_rights(self, request: HttpRequest, notes: Any) -> list[tuple[AdminNote, str]]:
        """Each with the address that takes it back, for its author."""
        found = list(notes)
        data_keys.prepare({note.person_id for note in found})

        # Whoever finds the place or pairing here runs its program; the action asks again.
        def back(note: AdminNote) -> str:
            about = note.enrollment_id or note.pairing_id
            return self._url("note_back", about, note.pk) if note.author_id == request.user.pk else ""

        return [(note, back(note)) for note in found]

    def _url(self, name: str, *args: object) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)

    def _change_url(self, pk: object) -> str:
        return self._url("change", pk)
