"""How pairs find it: the answers, for those who run the program, and what they do about one that says no fit.

Only answers are here. Who was asked and has said nothing is on no page: nobody is named for silence.
"""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import clock
from mentoring import actions
from mentoring.admin_site import Group
from mentoring.models import FitCheck

from .asking import AsksFirst
from .scoped import OneChoiceFilter, filter_by_program, without_the_only_program

WAITS, SETTLED = "waits", "settled"
# Those for whom somebody is to be found, before all others.
TO_REMATCH = Q(answer=FitCheck.Answer.NOT_A_FIT, settled_at__isnull=True)
LINE = Case(
    When(TO_REMATCH, then=Value(0)),
    default=Value(1),
    output_field=IntegerField(),
)


class RematchFilter(OneChoiceFilter):
    title = cast("str", _("re-match queue"))
    parameter_name = "rematch"
    choices_in_words = {WAITS: _("To be re-matched"), SETTLED: _("Seen to")}

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        if wanted == WAITS:
            return rows.filter(TO_REMATCH)
        return rows.filter(settled_at__isnull=False)


@admin.register(FitCheck)
class FitCheckPage(AsksFirst):
    """Looked at, and seen to by actions. What somebody wrote is on the page of its own row, and nowhere else."""

    group = Group.PAIRS
    program_admins_may = superusers_may = frozenset({"view"})
    list_display = ["pair", "who", "said", "answered_at", "becomes", "program"]
    list_display_links = ["pair"]
    list_filter = [RematchFilter, filter_by_program("pairing__program"), "answer"]
    list_select_related = ["person", "pairing__program", "pairing__mentor", "pairing__mentee"]
    search_fields = [
        "pairing__mentor__name", "pairing__mentor__email", "pairing__mentee__name", "pairing__mentee__email",
    ]  # fmt: skip
    fields = ["pair", "program", "who", "said", "answered_at", "learned", "becomes"]
    readonly_fields = ["pair", "who", "said", "becomes", "program"]
    ordering: ClassVar[Any] = [LINE, "-answered_at", "-pk"]
    actions = ["end_for_another", "see_to"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[FitCheck]:
        rows: QuerySet[FitCheck] = super().get_queryset(request)
        return rows.filter(answered_at__isnull=False)

    def get_list_display(self, request: HttpRequest) -> Any:
        return without_the_only_program(request, self.list_display)

    def get_export_columns(self, request: HttpRequest) -> list[str]:
        """What one of two said in confidence leaves with no file, nor which of them said something."""
        return [
            name for name in super().get_export_columns(request) if name not in ("who", "said", "becomes")
        ]

    @admin.display(description=_("pair"), ordering="pairing__mentor__name")
    def pair(self, check: FitCheck) -> str:
        return str(check.pairing)

    @admin.display(description=_("said by"), ordering="person__name")
    def who(self, check: FitCheck) -> str:
        return str(check.person)

    @admin.display(description=_("how it is"), ordering="answer")
    def said(self, check: FitCheck) -> str:
        return check.get_answer_display()

    @admin.display(description=_("program"), ordering="pairing__program__name")
    def program(self, check: FitCheck) -> str:
        return str(check.pairing.program)

    @admin.display(description=_("what becomes of it"), ordering=LINE)
    def becomes(self, check: FitCheck) -> str:
        if check.answer == FitCheck.Answer.NOT_A_FIT and check.settled_at is None:
            return str(_("To be re-matched"))
        if check.settled_at is not None:
            return str(_("Seen to"))
        return check.pairing.get_status_display()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        check = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if check is not None:
            two = check.pairing
            said = _("%(who)s on %(mentor)s and %(mentee)s") % {
                "who": check.person.first_name,
                "mentor": two.mentor.first_name,
                "mentee": two.mentee.first_name,
            }
            more |= {"title": said, "subtitle": ""}
        if check is not None and check.answer == FitCheck.Answer.NOT_A_FIT and check.settled_at is None:
            more["deeds"] = self.get_action_choices(request, [])
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    # --- Actions

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Whoever reads an answer sees to it: what is seen here is of one's own programs."""
        return self.has_view_permission(request)

    def described(self, row: FitCheck) -> str:
        return f"{row.pairing} ({row.pairing.program})"

    def said_of(self, done: int) -> str:
        return ngettext("%(number)d answer is seen to.", "%(number)d answers are seen to.", done) % {
            "number": done
        }

    @admin.action(description=_("End this pairing and find them somebody new"), permissions=["settle"])
    def end_for_another(self, request: HttpRequest, rows: QuerySet[FitCheck]) -> HttpResponse | None:
        # Both of a pair may have said so, and are seen to together.
        found: dict[int, FitCheck] = {}
        for check in rows.order_by("pairing", "settled_at", "-pk"):
            found.setdefault(check.pairing_id, check)
        return self.ask_then(
            request,
            found.values(),
            "end_for_another",
            ngettext("End this pairing and look anew", "End these pairings and look anew", len(found)),
            ngettext(
                "It ends today. Both hear by e-mail that it is over; neither sees a reason. What the two shared stays "
                "readable to both. The next matching run looks for somebody for either of them, and never proposes "
                "them to each other.",
                "Each pairing ends today. Both hear by e-mail that it is over; neither sees a reason. What the two "
                "shared stays readable to both. The next matching run looks for somebody for either of them, and never "
                "proposes them to each other.",
                len(found),
            ),
            lambda check, by: actions.end_as_no_fit(check, by=by, now=clock.now()),
            logged=[{"changed": {"fields": [str(_("seen to"))]}}],
        )

    @admin.action(description=_("Seen to"), permissions=["settle"])
    def see_to(self, request: HttpRequest, rows: QuerySet[FitCheck]) -> HttpResponse | None:
        found = list(rows)
        return self.ask_then(
            request,
            found,
            "see_to",
            ngettext("This is seen to", "These are seen to", len(found)),
            ngettext(
                "It leaves the queue. The pairing stays as it is, and once it is over, the two are not proposed to "
                "each other again. What was said cannot be said otherwise any more.",
                "They leave the queue. Their pairings stay as they are, and once one is over, the two are not proposed "
                "to each other again. What was said cannot be said otherwise any more.",
                len(found),
            ),
            lambda check, by: actions.settle_fit_check(check, by=by, now=clock.now()),
            logged=[{"changed": {"fields": [str(_("seen to"))]}}],
        )
