"""Invitations: to whom, what became of them, and the link to hand on."""

from datetime import date
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.mail import links
from mentoring import actions
from mentoring.admin_site import Group
from mentoring.models import Invitation
from mentoring.models.invitation import InvitationQuerySet

from .asking import AsksFirst
from .forms import ActingForm, MakesSeveral
from .invitation_forms import InviteForm, LinkForm
from .scoped import filter_by_program


class StateFilter(admin.SimpleListFilter):
    title = cast("str", _("state"))
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state.value, str(state.label)) for state in reversed(Invitation.State)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> QuerySet[Invitation]:
        wanted = self.value()
        if wanted is None:
            return queryset
        if wanted not in Invitation.State.values:
            return queryset.none()
        return cast("InvitationQuerySet", queryset).in_state(wanted, clock.now())


@admin.register(Invitation)
class InvitationPage(AsksFirst, MakesSeveral):
    """Added, shown, reminded of and taken back; never changed, and never deleted: it says who was asked, and when."""

    group = Group.PEOPLE
    program_admins_may = superusers_may = frozenset({"view", "add"})
    add_form = InviteForm
    list_display = ["to_whom", "state", "role", "came_in", "opens_until", "program"]
    list_filter = [filter_by_program("program"), "role", StateFilter]
    list_select_related = ["program", "person"]
    # By the address only, which whoever invites has written down: not by the name that its person gave us.
    search_fields = ["person__email"]
    fields = [
        "to_whom", "program", "role", "state", "link", "came_in", "most_uses",
        "created_by", "created_at", "expires_at", "mailed_at",
    ]  # fmt: skip
    readonly_fields = ["to_whom", "state", "link", "came_in"]
    actions = ["remind", "revoke"]

    def add_form_for(self, request: HttpRequest) -> type[ActingForm]:
        return LinkForm if request.GET.get("by") == "link" else InviteForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without what says nothing about this one."""
        shown = super().get_fields(request, obj)
        if obj is None:
            return shown
        empty = {"link", "most_uses"} if obj.is_personal else {"mailed_at"}
        return [name for name in shown if name not in empty]

    # --- Columns

    @admin.display(description=_("to"), ordering="person__email")
    def to_whom(self, invitation: Invitation) -> str:
        return invitation.person.email if invitation.person else gettext("whoever has the link")

    @admin.display(description=_("state"))
    def state(self, invitation: Invitation) -> str:
        return str(invitation.state(clock.now()).label)

    @admin.display(description=_("opens until"), ordering="expires_at")
    def opens_until(self, invitation: Invitation) -> str:
        return date_format(timezone.localtime(invitation.expires_at))

    def export_opens_until(self, invitation: Invitation) -> date:
        return timezone.localtime(invitation.expires_at).date()

    @admin.display(description=_("link"))
    def link(self, invitation: Invitation) -> str:
        """To hand on. That of an invitation by e-mail is its person's alone: it would sign in whoever has it."""
        if invitation.state(clock.now()) != Invitation.State.OPEN:
            return gettext("It opens nothing any more.")
        if not invitation.token:
            return gettext(
                "It was made with a key that is gone, so it cannot be shown again. Make a new one."
            )
        return format_html(
            '<code class="to-copy">{}</code><p class="help">{}</p>',
            links.absolute("join:open", invitation.token),
            gettext(
                "A click selects all of it, for copying. Whoever has it can come in, so mind where you put it."
            ),
        )

    # --- Adding

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        if "_addanother" in request.POST:
            messages.success(request, _("Done. Here is room for the next."))
            return redirect(request.get_full_path())
        if not obj.is_personal:
            messages.success(request, _("Here is the link."))
            return redirect("admin:mentoring_invitation_change", obj.pk)
        number = len(obj.made_with)
        said = ngettext("%(number)d person is invited.", "%(number)d people are invited.", number)
        messages.success(request, said % {"number": number})
        return redirect("admin:mentoring_invitation_changelist")

    # --- Actions

    def has_act_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    def described(self, row: Invitation) -> str:
        return f"{self.to_whom(row)} ({row.program}, {row.get_role_display()}, {self.state(row)})"

    def said_of(self, done: int) -> str:
        said = ngettext("%(number)d invitation: done.", "%(number)d invitations: done.", done)
        return said % {"number": done}

    @admin.action(description=_("Remind"), permissions=["act"])
    def remind(self, request: HttpRequest, rows: QuerySet[Invitation]) -> HttpResponse | None:
        return self.ask_then(
            request,
            rows,
            "remind",
            _("Remind these people"),
            _(
                "Each gets one more e-mail, unless they have answered, or have heard from us within three days. "
                "Without it, one reminder goes out by itself when half of the time is over."
            ),
            lambda invitation, by: actions.remind_of_invitation(invitation, by=by, now=clock.now()),
        )

    @admin.action(description=_("Take back"), permissions=["act"])
    def revoke(self, request: HttpRequest, rows: QuerySet[Invitation]) -> HttpResponse | None:
        return self.ask_then(
            request,
            rows,
            "revoke",
            _("Take these invitations back"),
            _(
                "Their links open nothing any more, at once. Who has come in by them stays. This cannot be undone."
            ),
            lambda invitation, by: actions.revoke_invitation(invitation, by=by, now=clock.now()),
        )
