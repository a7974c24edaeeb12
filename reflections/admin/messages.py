"""What became of each e-mail: owed, accepted by the mail server, refused, not sent because. Never what it said."""

from datetime import datetime
from typing import Any, cast

from django.contrib import admin
from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.mail import kinds, manners, outbox, suppression
from accounts.mail.models import Message
from accounts.models import User
from accounts.refused import Refused
from mentoring import agree_emails, concern_emails, in_touch_emails, request_emails
from mentoring.admin.asking import AsksFirst
from mentoring.admin.scoped import OneChoiceFilter
from mentoring.admin_site import Group
from mentoring.announcement_emails import ANNOUNCEMENT
from mentoring.calendar_emails import DECLINED as CANNOT_COME
from mentoring.emails import (
    FIT_CHECK,
    INVITATION,
    INVITATION_REMINDER,
    PROPOSED_REMINDER,
)
from mentoring.met_emails import DID_YOU_MEET
from mentoring.models import (
    Announcement,
    Program,
)
from mentoring.room_emails import HAS_ROOM
from mentoring.silence_emails import SILENCE
from reflections.asides import Aside
from reflections.models import Round
from reflections.outlook import KEEP_ASKING
from reflections.receipt_emails import RECEIPT
from reflections.schedule import Nudge
from reflections.thanks_emails import OUTSIDE

from .list_filters import AboutProgramFilter, DueFilter
from .subjects import is_about

# Who was reminded had not answered, and nobody is named for silence: these are listed only where mail needs a hand.
# So are fit checks, whose answers they see: the rest would be those who did not give one. What two people do in their
# own room is nobody's business but theirs, nor who waits for whose room, nor who of a silent pair was asked, nor who
# stays in touch: those are listed to superusers alone.
ONLY_IN_NEED = (
    Nudge.REMINDER,
    Nudge.LAST_CALL,
    FIT_CHECK,
    PROPOSED_REMINDER,
    request_emails.REMINDER,
    HAS_ROOM,
    CANNOT_COME,
    *agree_emails.KINDS,
    *concern_emails.TO_CONTACT,
    # That they did not say it is nobody's business.
    DID_YOU_MEET,
    SILENCE,
    *in_touch_emails.KINDS,
    # Whom somebody thanks is theirs.
    OUTSIDE,
    # Who gets these was silent, wrote nothing for weeks, or did not send what they began; who gets the next two wrote.
    KEEP_ASKING,
    Aside.LINE,
    Aside.LINE_AGAIN,
    Aside.DRAFT,
    Aside.QUARTER,
    RECEIPT,
    # Whoever is reminded has not answered, and who was asked is a part of that.
    Aside.SURVEY,
    Aside.SURVEY_AGAIN,
)
# Who told something in confidence is on no page of anybody who was not told. Superusers do see where the mail to
# whoever hears it did not arrive: else it would get lost.
ON_NO_PAGE = concern_emails.TO_TELLER
INVITED = (INVITATION, INVITATION_REMINDER)
NOT_SENT = (Message.State.CANCELLED, Message.State.SUPPRESSED, Message.State.EXPIRED)
WITH_THE_WEEKLY = Q(state=Message.State.CANCELLED, last_error=Message.IN_THE_WEEKLY)
MAY_GO_AGAIN = (Message.State.FAILED, Message.State.UNCERTAIN)
NEEDS_A_HAND = (Message.State.FAILED, Message.State.BOUNCED, Message.State.UNCERTAIN)
# Held back because mail to the address came back. What its person stopped, or called unwanted, is not among it.
TO_A_DEAD_ADDRESS = Q(state=Message.State.SUPPRESSED, last_error=suppression.NOT_WORKING)
# What went to an address that its person no longer has needs nobody.
IN_NEED = (Q(state__in=NEEDS_A_HAND) | TO_A_DEAD_ADDRESS) & ~Q(last_error=Message.TO_AN_EARLIER_ADDRESS)
NEEDS = "needs_a_hand"
# Of an announcement nobody has answered anything, and its readers are in the program: that one of them got none by
# e-mail would say that they have stopped these e-mails, which is theirs. So what was sent and what was not look alike,
# here as on the page that says whom it reaches (mentoring/announcing.py).
SETTLED = "settled"
IS_SETTLED = Q(kind=ANNOUNCEMENT, state__in=(Message.State.SENT, *NOT_SENT)) & ~TO_A_DEAD_ADDRESS
# As the list has them in order: what is one to its reader is one here, too.
IN_ORDER = Case(
    When(IS_SETTLED, then=Value(SETTLED)),
    When(WITH_THE_WEEKLY, then=Value(Message.State.SENT.value)),
    When(state__in=NOT_SENT, then=Value("not_sent")),
    default="state",
)
WENT_AT = Case(
    When(IS_SETTLED | (Q(state__in=NOT_SENT) & ~WITH_THE_WEEKLY), then=None),
    default=Coalesce("sent_at", "sending_at"),
)


def messages_administered_by(user: User) -> QuerySet[Message]:
    """Messages about invitations, places, pairings, requests and rounds of one's own programs; a superuser's are all.

    Reminders, and what is in ONLY_IN_NEED besides, are among them only when they did not arrive.
    What is in ON_NO_PAGE never is.
    """
    messages = Message.objects.exclude(kind__in=ON_NO_PAGE)
    messages = messages.filter(~Q(kind__in=ONLY_IN_NEED) | IN_NEED)
    if user.is_superuser and user.is_active:
        return messages
    return messages.filter(is_about(Program.objects.administered_by(user)))


def messages_about(programs: QuerySet[Program]) -> QuerySet[Message]:
    """Those that whoever runs these programs sees of them; for a superuser, too."""
    messages = Message.objects.exclude(kind__in=ON_NO_PAGE)
    return messages.filter(~Q(kind__in=ONLY_IN_NEED) | IN_NEED).filter(is_about(programs))


def is_settled(message: Message) -> bool:
    """As IS_SETTLED has it in the database."""
    if message.kind != ANNOUNCEMENT or message.state not in (Message.State.SENT, *NOT_SENT):
        return False
    return not (message.state == Message.State.SUPPRESSED and message.last_error == suppression.NOT_WORKING)


class KindFilter(admin.SimpleListFilter):
    title = cast("str", _("kind"))
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, str(kinds.label_of(name))) for name in kinds.names() if name not in ON_NO_PAGE]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        wanted = self.value()
        if wanted in ONLY_IN_NEED:
            # As the list is narrowed anyway; said in the words of the index that knows the few of these, so that all
            # the others of the kind are not read.
            queryset = queryset.filter(state__in=[*NEEDS_A_HAND, Message.State.SUPPRESSED])
        return queryset.filter(kind=wanted) if wanted else queryset


class OutcomeFilter(OneChoiceFilter):
    """Of what was not sent, why is the person's own: it is one choice. That something went with the weekly e-mail is
    theirs as well: it was sent, as the rest was."""

    title = cast("str", _("state"))
    parameter_name = "outcome"
    choices_in_words = {
        **{state.value: state.label for state in Message.State if state not in NOT_SENT},
        "not_sent": _("not sent"),
        SETTLED: _("sent, unless stopped"),
        NEEDS: _("needs a hand"),
    }

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        if wanted == NEEDS:
            return rows.filter(IN_NEED)
        if wanted == SETTLED:
            return rows.filter(IS_SETTLED)
        if wanted == "not_sent":
            return rows.filter(state__in=NOT_SENT).exclude(WITH_THE_WEEKLY).exclude(IS_SETTLED)
        if wanted == Message.State.SENT:
            return rows.filter(WITH_THE_WEEKLY | Q(state=wanted)).exclude(IS_SETTLED)
        return rows.filter(state=wanted)


class RoundFilter(admin.SimpleListFilter):
    """The e-mails of one round of one's own programs."""

    title = cast("str", _("round"))
    parameter_name = "round"
    MOST = 24

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rounds = (
            Round.objects.administered_by(cast("User", request.user)).unarchived().select_related("program")
        )
        return [(str(round.pk), str(round)) for round in rounds[: self.MOST]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        wanted = self.value()
        if wanted is None:
            return queryset
        if wanted not in {choice for choice, _name in self.lookup_choices}:
            return queryset.none()
        return queryset.filter(kind__in=list(Nudge), subject_id=int(wanted))


class AnnouncementFilter(admin.SimpleListFilter):
    """The e-mails of one announcement of one's own programs, for its page, which leads here; it offers no others."""

    title = cast("str", _("announcement"))
    parameter_name = "announcement"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        wanted = self.value() or ""
        if not wanted.isdecimal() or len(wanted) > 18:
            return [(wanted, "–")] if wanted else []
        own = Announcement.objects.administered_by(cast("User", request.user)).filter(pk=wanted)
        return [(wanted, next((str(row) for row in own), "–"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        wanted = self.value()
        if wanted is None:
            return queryset
        if not wanted.isdecimal() or len(wanted) > 18:
            return queryset.none()
        return queryset.filter(kind=ANNOUNCEMENT, subject_id=int(wanted))


@admin.register(Message)
class MessagePage(AsksFirst):
    """What was accepted, and what was not. A person's own reasons (that they have answered, stopped, asked for quiet)
    are on no page of those who run a program."""

    group = Group.MAIL
    program_admins_may = superusers_may = frozenset({"view"})
    actions = ["again"]
    list_display = ["kind_label", "outcome", "to_whom", "due_at", "went_at", "what_happened"]
    list_filter = [OutcomeFilter, AboutProgramFilter, DueFilter, KindFilter, RoundFilter, AnnouncementFilter]
    list_select_related = ["person"]
    found_by_address = Q(kind__in=INVITED)
    search_fields = ["person__name", "person__email"]
    fields = [
        "kind_label", "to_whom", "outcome", "due_at", "expires_at", "tries", "went_at", "servers_code",
        "what_happened", "message_id",
    ]  # fmt: skip
    readonly_fields = [
        "kind_label", "to_whom", "outcome", "tries", "went_at", "servers_code", "what_happened", "message_id"
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return messages_administered_by(cast("User", request.user)).order_by(*self.get_ordering(request))

    @admin.display(description=_("person"), ordering="person__name")
    def to_whom(self, message: Message) -> str:
        """Whoever is only invited is known by the address that was written down, whatever their account says."""
        if message.kind == OUTSIDE:
            return str(_("somebody whom %(name)s wrote to") % {"name": message.person})
        return message.person.email if message.kind in INVITED else str(message.person)

    @admin.display(description=_("kind"), ordering="kind")
    def kind_label(self, message: Message) -> str | Promise:
        return message.kind_label

    @admin.display(description=_("state"), ordering=IN_ORDER)
    def outcome(self, message: Message) -> str | Promise:
        if is_settled(message):
            return OutcomeFilter.choices_in_words[SETTLED]  # type: ignore[no-any-return]
        if message.state in NOT_SENT:
            return Message.State.SENT.label if message.has_gone else _("not sent")
        return Message.State(message.state).label

    @admin.display(description=_("attempts"))
    def tries(self, message: Message) -> int | None:
        """Of what was not sent they would tell why: whether it was ever tried."""
        return None if is_settled(message) or message.state in NOT_SENT else message.attempts

    @admin.display(description=_("last reply"))
    def servers_code(self, message: Message) -> int | None:
        return None if is_settled(message) or message.state in NOT_SENT else message.last_code

    @admin.display(description=_("sent"), ordering=WENT_AT)
    def went_at(self, message: Message) -> datetime | None:
        """Of what went with the weekly e-mail too."""
        if is_settled(message):
            return None
        return message.sent_at or (
            message.sending_at if message.state in NOT_SENT and message.has_gone else None
        )

    @admin.display(description=_("what happened last"))
    def what_happened(self, message: Message) -> str:
        """What the mail server said, where it said something; the reasons of a person are theirs."""
        if message.state == Message.State.SUPPRESSED and message.last_error == suppression.NOT_WORKING:
            return str(_("address not working"))
        is_the_servers = message.state in NEEDS_A_HAND or message.last_code is not None
        # That somebody has changed their address is theirs too.
        if is_settled(message) or message.last_error in (*manners.AT_REST, Message.TO_AN_EARLIER_ADDRESS):
            return ""
        return message.last_error if is_the_servers and message.state not in NOT_SENT else ""

    # --- Once more

    def described(self, row: Message) -> str:
        said = gettext("“%(kind)s” to %(person)s (%(state)s)")
        return said % {"kind": row.kind_label, "person": self.to_whom(row), "state": self.outcome(row)}

    def said_of(self, done: int) -> str:
        said = ngettext("%(number)d e-mail is sent again.", "%(number)d e-mails are sent again.", done)
        return said % {"number": done}

    @admin.action(description=_("Send again"), permissions=["view"])
    def again(self, request: HttpRequest, found: QuerySet[Message]) -> HttpResponse | None:
        return self.ask_then(
            request,
            found.select_related("person"),
            "again",
            _("Send again"),
            _(
                "What was refused is tried once more. What was perhaps sent may reach its reader a second time: it is "
                "the same e-mail, and some mailboxes show it once. It is asked again whether it is still wanted, so "
                "nobody gets what they have stopped or answered meanwhile."
            ),
            _send_again,
            logged=[{"changed": {"fields": [str(_("sent again"))]}}],
        )


def _send_again(message: Message, by: User) -> None:
    if not outbox.send_again(message):
        raise Refused(_("Only what was refused, or perhaps sent, can be sent again."))
