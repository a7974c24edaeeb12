"""Requests for a mentor: who asked whom, and how it stands. What they wrote is the two's.

Where a program looks at requests first, its note is on the page of one that waits for that, and nowhere else: the form
said so when it was written. Nobody adds or changes a request here.
"""

from datetime import datetime
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from mentoring import actions
from mentoring.admin_site import Group
from mentoring.models import PairingRequest

from .asking import AsksFirst
from .scoped import OneChoiceFilter, filter_by_program, without_the_only_program

State = PairingRequest.State
Because = PairingRequest.Because
WAITS_FOR_YOU = State.CHECKED.value
ENDED = "ended"
# Where neither of the two said so.
ENDED_BECAUSE = {
    Because.ROOM.value: _("Ended: no room"),
    Because.AWAY.value: _("Ended: away"),
    Because.PAIRED.value: _("Ended: a mentor is found"),
    Because.PROGRAM.value: _("Ended: the program takes no requests"),
    Because.ORGANIZERS.value: _("Not passed on"),
}


class StateFilter(OneChoiceFilter):
    title = cast("str", _("state"))
    parameter_name = "state"
    choices_in_words = {
        WAITS_FOR_YOU: _("Waits for you"),
        **{state.value: state.label for state in State if state != State.CHECKED},
        ENDED: _("Ended for another reason"),
    }

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        if wanted == ENDED:
            return rows.exclude(because="")
        return rows.filter(state=wanted, because="")


@admin.register(PairingRequest)
class PairingRequestPage(AsksFirst):
    group = Group.PAIRS
    program_admins_may = superusers_may = frozenset({"view"})
    list_display = ["mentee", "mentor", "state_in_words", "since", "until", "program"]
    list_display_links = ["mentee"]
    list_filter = [filter_by_program("program"), StateFilter]
    list_select_related = ["program", "mentor", "mentee", "pairing"]
    search_fields = ["mentor__name", "mentor__email", "mentee__name", "mentee__email"]
    fields = [
        "program",
        "mentee",
        "mentor",
        "state_in_words",
        "because",
        "created_at",
        "asked_at",
        "until",
        "closed_at",
    ]
    readonly_fields = ["state_in_words", "until", "what_they_wrote"]
    ordering: ClassVar[Any] = [
        Case(When(state=State.CHECKED, then=Value(0)), default=Value(1), output_field=IntegerField()),
        "-created_at",
        "-pk",
    ]
    actions = ["pass_on", "keep_back"]

    # --- What is seen

    def get_list_display(self, request: HttpRequest) -> Any:
        return without_the_only_program(request, self.list_display)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without what says nothing about this one; with the note, where it is theirs to read now."""
        empty = {name for name in ("because", "asked_at", "closed_at") if not getattr(obj, name, None)}
        if obj is None or self.until(obj) is None:
            empty.add("until")
        shown = [name for name in self.fields or () if name not in empty]
        return [*shown, "what_they_wrote"] if obj is not None and may_be_read(obj) else shown

    @admin.display(description=_("state"), ordering="state")
    def state_in_words(self, request: PairingRequest) -> str:
        if request.state == State.CHECKED:
            return str(StateFilter.choices_in_words[WAITS_FOR_YOU])
        if request.waits_for_reply and request.state == State.ASKED:
            return gettext("Asked; the mentor would like to know more first")
        if request.because:
            return str(ENDED_BECAUSE[request.because])
        return request.get_state_display()

    @admin.display(description=_("since when"), ordering="created_at")
    def since(self, request: PairingRequest) -> str:
        """The day on which it came into its state."""
        return _day(self._since(request))

    def export_since(self, request: PairingRequest) -> Any:
        return timezone.localtime(self._since(request)).date()

    def _since(self, request: PairingRequest) -> datetime:
        return request.closed_at or request.asked_at or request.created_at

    @admin.display(description=_("may be answered until"), ordering="pairing__answer_by")
    def until(self, request: PairingRequest) -> str | None:
        return _day(ends) if (ends := self._ends(request)) else None

    def export_until(self, request: PairingRequest) -> Any:
        return timezone.localtime(ends).date() if (ends := self._ends(request)) else None

    def _ends(self, request: PairingRequest) -> datetime | None:
        return request.pairing.answer_by if request.state == State.ASKED and request.pairing else None

    @admin.display(description=_("why this mentor"))
    def what_they_wrote(self, request: PairingRequest) -> SafeString:
        words = mark_safe(linebreaks(request.note, autoescape=True))  # noqa: S308 (escaped by linebreaks)
        said = gettext("Until you pass it on. After that only the two read it.")
        return format_html('{}<p class="help">{}</p>', words, said)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With a button for each thing that can be done with one that waits."""
        asked = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if asked is not None and asked.state == State.CHECKED:
            more["deeds"] = [deed for deed in self.get_action_choices(request, []) if deed[0] in self.actions]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    # --- Actions

    def has_act_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def described(self, row: PairingRequest) -> str:
        asked = gettext("%(mentee)s asks %(mentor)s") % {"mentee": row.mentee, "mentor": row.mentor}
        return f"{asked} ({row.program}, {self.state_in_words(row)})"

    def said_of(self, done: int) -> str:
        return ngettext("%(number)d request: done.", "%(number)d requests: done.", done) % {"number": done}

    @admin.action(description=_("Pass on"), permissions=["act"])
    def pass_on(self, request: HttpRequest, rows: QuerySet[PairingRequest]) -> HttpResponse | None:
        return self.ask_then(
            request,
            rows.with_people(),  # type: ignore[attr-defined]
            "pass_on",
            _("Pass these requests on"),
            _(
                "Each mentor gets an e-mail, and has two weeks to say yes or no, or to ask back. From then on only the "
                "two read what is written there."
            ),
            lambda asked, by: actions.pass_on(asked, by=by, now=clock.now()),
        )

    @admin.action(description=_("Decline"), permissions=["act"])
    def keep_back(self, request: HttpRequest, rows: QuerySet[PairingRequest]) -> HttpResponse | None:
        return self.ask_then(
            request,
            rows.with_people(),  # type: ignore[attr-defined]
            "keep_back",
            _("Do not pass these requests on"),
            _(
                "The mentors never hear of them. Whoever asked gets a kind e-mail: that it was not passed on, that you "
                "can tell them more, and who is asked next, if they have chosen somebody."
            ),
            lambda asked, by: actions.keep_back(asked, by=by, now=clock.now()),
        )


def may_be_read(request: PairingRequest) -> bool:
    """Whether those who run the program read the note now: while it waits for them, where they look at requests first,
    and if the form said so when it was written."""
    return (
        request.state == State.CHECKED and request.is_read_by_admins and request.program.requests_are_checked
    )


def _day(when: datetime) -> str:
    return date_format(timezone.localtime(when))
