"""Writing to the people of a program: written, looked at as it goes out, tried, sent, stopped, copied."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.mail.as_a_page import as_a_page
from accounts.models import User
from accounts.paging import page_of
from accounts.templatetags.best import clock as in_clock
from accounts.templatetags.best import long_date, weekday_date
from mentoring import actions, announcing
from mentoring.actions import Refused
from mentoring.admin_site import Group
from mentoring.announcement_previews import as_it_goes
from mentoring.models import Announcement, Pairing, Program
from mentoring.models.announcement import AnnouncementQuerySet

from . import announcement_telling as telling
from .announcement_forms import AnnouncementForm, PairForm
from .asking import AsksFirst
from .counting import CountedList
from .forms import ActingAdmin
from .scoped import OneChoiceFilter, filter_by_program, without_the_only_program

State, Segment = Announcement.State, Announcement.Segment
NAMES = 50  # So many are named at once: on the page that asks, and to choose from for a preview.


class SegmentFilter(OneChoiceFilter):
    title = cast("str", _("group"))
    parameter_name = "segment"
    choices_in_words = dict(Segment.choices)

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        return rows.filter(segment=wanted)


class NumberedList(CountedList):
    """Counts to how many each went, for the rows of the page that is shown."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        return cast("AnnouncementQuerySet", super().get_queryset(request, exclude_parameters)).with_numbers()


@admin.register(Announcement)
class AnnouncementPage(AsksFirst, ActingAdmin):
    group = Group.MAIL
    add_form = AnnouncementForm
    change_form_template = "admin/mentoring/announcement/change_form.html"
    list_display = ["__str__", "to_whom", "state_in_words", "goes", "people", "author", "program"]
    list_filter = [filter_by_program("program"), "state", SegmentFilter]
    list_select_related = ["program", "author", "pairing__mentor", "pairing__mentee"]
    search_fields = ["subject"]
    actions = ["stop"]
    ordering = ["-changed_at", "-pk"]

    def get_urls(self) -> list[URLPattern]:
        def of(name: str, view: Any) -> URLPattern:
            found: URLPattern = path(
                f"<int:pk>/{name.replace('_', '/')}/",
                self.admin_site.admin_view(view),
                name=f"mentoring_announcement_{name}",
            )
            return found

        return [
            of("preview", self.preview),
            of("preview_html", self.html),
            of("people", self.people_view),
            of("send", self.send),
            of("test", self.test),
            of("copy", self.copy),
            *super().get_urls(),
        ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CountedList]:
        return NumberedList

    def get_list_display(self, request: HttpRequest) -> Any:
        return without_the_only_program(request, self.list_display)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As long as nobody has it."""
        return (obj is None or obj.is_open) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A draft; what went out, or was to, is on record."""
        return (obj is None or obj.state == State.DRAFT) and super().has_delete_permission(request, obj)

    # --- The form

    def add_form_for(self, request: HttpRequest) -> type[AnnouncementForm]:
        pairing = self._pairing(request)
        return type("PairForm", (PairForm,), {"pairing": pairing}) if pairing else AnnouncementForm

    def _pairing(self, request: HttpRequest) -> Pairing | None:
        """The one to whose two it is written. Raises Http404 for any that is not one's own."""
        wanted = request.GET.get("pairing")
        if wanted is None:
            return None
        rows = Pairing.objects.administered_by(cast("User", request.user)).with_people()
        found = rows.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 19 else None
        if found is None:
            raise Http404
        return found

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The group that an address asks for, and one's only program."""
        own = Program.objects.administered_by(cast("User", request.user))
        program = request.GET.get("program", "")
        rows = list(own.filter(status=Program.Status.ACTIVE).values_list("pk", flat=True)[:2])
        segment = request.GET.get("segment", "")
        return {
            "program": program if program.isdecimal() else rows[0] if len(rows) == 1 else None,
            **({"segment": segment} if segment in Announcement.NAMED else {}),
        }

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None or not obj.is_open:
            return super().get_form(request, obj, change, **kwargs)
        said = {"by": cast("User", request.user), "now": clock.now()}
        form = type("AnnouncementForm", (AnnouncementForm,), said)
        return super().get_form(request, obj, change, **kwargs | {"form": form, "fields": []})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return list(self.add_form_for(request).field_order or ())
        if not obj.is_open:
            return ["program", "to_whom", "author", "state_in_words", "goes", "subject", "body"]
        is_draft = obj.state == State.DRAFT
        chooses = ["segment"] if is_draft and obj.segment in Announcement.NAMED else ["to_whom"]
        return [
            "program", *chooses, "subject", "body", *(["when"] if is_draft else []), "send_on", "send_at",
        ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ()
        own = ("author", "subject", "body") if not obj.is_open else ()
        return ("program", "to_whom", "state_in_words", "goes", *own)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The form has done it by the time that it is valid."""

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._kept(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._kept(request, obj)

    def _kept(self, request: HttpRequest, obj: Announcement) -> HttpResponse:
        """On to what it looks like: nothing is sent by keeping it."""
        if obj.state == State.SCHEDULED:
            said = gettext("Kept. It goes on %(when)s.") % {"when": self.goes(obj)}
        else:
            said = gettext("Kept as a draft. Nobody has it yet.")
        messages.success(request, said)
        return redirect("admin:mentoring_announcement_change", obj.pk)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        context: dict[str, Any] = {
            "variables": [(f"{{{name}}}", means) for name, means in announcing.VARIABLES.items()],
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            **(extra_context or {}),
        }
        pairing = self._pairing(request) if object_id is None else None
        if pairing is not None:
            context["to_pair"] = str(pairing)
        row = self.get_object(request, object_id) if object_id else None
        if row is not None:
            context["came_back"] = announcing.why_it_came_back(row, clock.now())
            context["deeds"] = (
                self.get_action_choices(request, [])
                if row.state in (State.SCHEDULED, *Announcement.GOES)
                else []
            )
            if row.began_at:
                context["outcomes"] = telling.outcomes(row)
                context["numbered"] = row.addressees.count()
        return super().changeform_view(request, object_id, form_url, context)

    # --- Columns

    @admin.display(description=_("to whom"), ordering="segment")
    def to_whom(self, row: Announcement) -> str:
        if row.segment == Segment.PAIR:
            return str(row.pairing)
        if row.segment == Segment.CHOSEN:
            number = len(row.chosen)
            said = ngettext(
                "%(number)d person, chosen from a list", "%(number)d people, chosen from a list", number
            )
            return said % {"number": number}
        return row.get_segment_display()

    @admin.display(description=_("state"), ordering="state")
    def state_in_words(self, row: Announcement) -> str:
        return row.get_state_display()

    @admin.display(description=_("when"), ordering="began_at")
    def goes(self, row: Announcement) -> str | None:
        """When it went; when it goes, by each reader's own clock."""
        if row.began_at:
            return long_date(timezone.localtime(row.began_at))
        if row.state == State.SCHEDULED and row.send_on and row.send_at:
            said = gettext("%(day)s at %(time)s, by each person’s own clock")
            return said % {"day": weekday_date(row.send_on), "time": in_clock(row.send_at)}
        return None

    @admin.display(description=_("people"))
    def people(self, row: Any) -> int | None:
        return row.people if row.began_at else None

    # --- As it goes out, and to whom

    @method_decorator(require_safe)
    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What one of them would get: the first by their hour, or whom `?person=` asks for."""
        row = self._mine(request, pk)
        audience = announcing.look(row, clock.now())
        reader = telling.chosen(audience, request)
        names = audience.readers[:NAMES]
        if reader is not None and reader not in names:
            names = [reader, *names]
        context = {
            "title": _("As it goes out"),
            "reader": reader,
            "names": names,
            "more": len(audience.readers) - len(names),
            "letter": as_it_goes(row, reader.person_id) if reader else None,
        }
        return self._show(request, row, "preview", context)

    @method_decorator(require_safe)
    def html(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The HTML part alone, a page of its own, for whom `?person=` says."""
        row = self._mine(request, pk)
        if "person" not in request.GET:
            raise Http404
        reader = telling.chosen(announcing.look(row, clock.now()), request)
        if reader is None:
            raise Http404
        return as_a_page(as_it_goes(row, reader.person_id).html)

    @method_decorator(require_safe)
    def people_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A dry run: who gets it at what hour, and who is left out. Of what went, to whom it went."""
        row = self._mine(request, pk)
        if row.began_at:
            went = row.addressees.select_related("person").order_by("due_at", "person__name", "pk")
            page = page_of(request, went)
            rows = [
                (str(one.person), telling.in_zone(one.due_at.astimezone(one.person.zone)), None)
                for one in page
            ]
            context = {"title": _("To whom it went"), "page": page, "rows": rows}
            return self._show(request, row, "people", context)
        audience = announcing.look(row, clock.now())
        people = page_of(request, audience.readers)
        context = {
            "title": _("Who gets it"),
            "audience": audience,
            "page": people,
            "rows": [(one.name, telling.in_zone(one.local), one.person_id) for one in people],
            "ways": telling.ways_told(row, audience),
            "unreached": audience.unreached,
        }
        return self._show(request, row, "people", context)

    # --- Sending, trying, copying, stopping

    def send(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A page that says how many get it and who; its button sends it, as long as nothing has changed since."""
        row = self._mine(request, pk)
        now, by = clock.now(), cast("User", request.user)
        if row.state != State.DRAFT:
            messages.warning(request, gettext("It is no draft any more."))
            return redirect("admin:mentoring_announcement_change", row.pk)
        audience = announcing.look(row, now)
        seen = telling.fingerprint(row, audience.readers)
        if request.method == "POST" and request.POST.get("seen") != seen:
            messages.warning(
                request, gettext("Something has changed since you looked. Look at it once more.")
            )
        elif request.method == "POST":
            return self._sent(request, row, by)
        lacking = None
        if announcing.names_partner(row):
            pks = [reader.person_id for reader in audience.readers]
            lacking = len(pks) - len(announcing.partners(row.program, pks))
        context = {
            "title": _("Send it"),
            "audience": audience,
            "first_names": [reader.first_name for reader in audience.readers[:NAMES]],
            "more": max(0, len(audience.readers) - NAMES),
            "seen": seen,
            "goes": telling.when(row),
            "lately": announcing.had_another_lately(row, audience.readers, now),
            "lacking": lacking,
            "runs": row.program.status == Program.Status.ACTIVE,
            "is_written": bool(row.subject and row.body),
            "address": by.email,
        }
        return self._show(request, row, "send", context)

    def _sent(self, request: HttpRequest, row: Announcement, by: User) -> HttpResponse:
        try:
            number = actions.send_announcement(row, by=by, now=clock.now())
        except Refused as no:
            messages.warning(request, str(no))
            return redirect("admin:mentoring_announcement_change", row.pk)
        self.log_change(request, row, [{"changed": {"fields": [str(_("sent"))]}}])
        if number is None:
            messages.success(request, gettext("It goes on %(when)s.") % {"when": self.goes(row)})
        else:
            said = ngettext("It goes to %(number)d person.", "It goes to %(number)d people.", number)
            messages.success(request, said % {"number": number})
        return redirect("admin:mentoring_announcement_change", row.pk)

    @method_decorator(require_POST)
    def test(self, request: HttpRequest, pk: int) -> HttpResponse:
        row, by = self._mine(request, pk), cast("User", request.user)
        try:
            actions.send_announcement_test(row, by=by, now=clock.now())
        except Refused as no:
            messages.warning(request, str(no))
        else:
            self.log_change(request, row, [{"changed": {"fields": [str(_("a test to oneself"))]}}])
            messages.success(request, gettext("It is on its way to %(address)s.") % {"address": by.email})
        return redirect("admin:mentoring_announcement_preview", row.pk)

    @method_decorator(require_POST)
    def copy(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._mine(request, pk)
        made = actions.copy_announcement(row, by=cast("User", request.user), now=clock.now())
        self.log_addition(request, made, [{"added": {}}])
        messages.success(request, gettext("A new draft, with the same words to the same people."))
        return redirect("admin:mentoring_announcement_change", made.pk)

    def described(self, row: Announcement) -> str:
        return f"{row} ({row.program}, {self.to_whom(row)}, {row.get_state_display()})"

    def said_of(self, done: int) -> str:
        said = ngettext("%(number)d announcement is stopped.", "%(number)d announcements are stopped.", done)
        return said % {"number": done}

    @admin.action(description=_("Stop"), permissions=["view"])
    def stop(self, request: HttpRequest, rows: QuerySet[Announcement]) -> HttpResponse | None:
        return self.ask_then(
            request,
            rows,
            "stop",
            _("Stop these announcements"),
            _(
                "They go to nobody any more. Whoever has one by e-mail keeps it; from the pages of all others it is "
                "gone. What is being handed to the mail server at this moment goes out. It can be copied, to write "
                "again."
            ),
            lambda row, by: actions.stop_announcement(row, by=by, now=clock.now()),
        )

    # --- What these pages share

    def _mine(self, request: HttpRequest, pk: int) -> Announcement:
        """Of one's own programs; anything else is not there."""
        rows = self.get_queryset(request).select_related("program", "author", "pairing")
        row: Announcement | None = rows.filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def _show(
        self, request: HttpRequest, row: Announcement, name: str, context: dict[str, Any]
    ) -> HttpResponse:
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "announcement": row,
            "to_whom": self.to_whom(row),
            "partner_named": announcing.names_partner(row),
        }
        return TemplateResponse(request, f"admin/mentoring/announcement/{name}.html", shared | context)
