"""What became of each e-mail: owed, accepted by the mail server, refused, not sent because. Never what it said."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.mail import kinds
from accounts.mail.models import Message
from accounts.models import User
from mentoring.admin.scoped import ProgramScopedAdmin
from mentoring.emails import PAIRINGS
from mentoring.models import Pairing
from reflections.models import Round
from reflections.schedule import Nudge

# Who was reminded had not answered, and nobody is named for silence: these are listed only where mail needs a hand.
REMINDERS = (Nudge.REMINDER, Nudge.LAST_CALL)
NEEDS_A_HAND = (Message.State.FAILED, Message.State.BOUNCED, Message.State.UNCERTAIN)


def messages_administered_by(user: User) -> QuerySet[Message]:
    """Messages about pairings and rounds of the programs that this person administers; a superuser's are all.

    Reminders are among them only when they did not arrive.
    """
    messages = Message.objects.filter(~Q(kind__in=REMINDERS) | Q(state__in=NEEDS_A_HAND))
    if user.is_superuser and user.is_active:
        return messages
    pairings = Pairing.objects.administered_by(user).order_by().values("pk")
    rounds = Round.objects.administered_by(user).order_by().values("pk")
    notices: list[str] = []
    nudges: list[str] = []
    for name in kinds.names():
        stream = kinds.get(name).stream
        if stream is not None:
            (notices if stream.name == PAIRINGS.name else nudges).append(name)
    return messages.filter(
        Q(kind__in=notices, subject_id__in=pairings) | Q(kind__in=nudges, subject_id__in=rounds)
    )


class KindFilter(admin.SimpleListFilter):
    title = cast("str", _("kind"))
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, str(kinds.label_of(name))) for name in kinds.names()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        wanted = self.value()
        return queryset.filter(kind=wanted) if wanted else queryset


@admin.register(Message)
class MessagePage(ProgramScopedAdmin):
    program_admins_may = superusers_may = frozenset({"view"})
    list_display = ["kind_label", "state", "person", "due_at", "sent_at", "last_error"]
    list_filter = [KindFilter, "state"]
    list_select_related = ["person"]
    search_fields = ["person__name", "person__email"]
    fields = [
        "kind_label", "person", "state", "due_at", "expires_at", "next_attempt_at", "attempts", "sent_at",
        "last_code", "last_error", "message_id",
    ]  # fmt: skip
    readonly_fields = ["kind_label", "message_id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return messages_administered_by(cast("User", request.user)).order_by(*self.get_ordering(request))

    @admin.display(description=_("kind"), ordering="kind")
    def kind_label(self, message: Message) -> str | Promise:
        return message.kind_label
