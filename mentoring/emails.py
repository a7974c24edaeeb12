"""The e-mails that invitations and pairings owe. They name people and days, and nothing that anybody wrote."""

from typing import Any

from django.db.models import DateTimeField, Exists, Func, OuterRef, Q, QuerySet, Value
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from accounts.clock import database_now
from accounts.mail import links
from accounts.mail.kinds import Always, Kind, Letter, Stream, Unrenderable, register
from accounts.mail.models import Message

from . import answer_links, pair_letters
from .models import Enrollment, FitCheck, Invitation, Pairing, Program
from .said_for import sentence, standing_for

PAIRINGS = Stream(
    "pairings",
    gettext_lazy("Your pairings"),
    gettext_lazy(
        "A note when you are paired with somebody, or asked whether you would like to be, and how it is going."
    ),
)
INVITATIONS = Stream(
    "invitations",
    gettext_lazy("Invitations"),
    gettext_lazy("A note when a program invites you, and a reminder as long as you have not answered."),
)
INVITATION = "invitation"
INVITATION_REMINDER = "invitation_reminder"
RECEIPT = "application_receipt"
# Why a letter of a program that rests is not sent; when the program goes on, it is owed again where it is still wanted
# (`resume_program`; of the quarter's nudges the planner, reflections/nudges.py).
NOT_RUNNING = "the program is not running"
MADE = "pairing_made"
PROPOSED = "pairing_proposed"
FIT_CHECK = "fit_check"
PROPOSED_REMINDER = "pairing_reminder"
UNANSWERED = "pairing_unanswered"


def register_kinds() -> None:
    """Tell the outbox of every kind of message that this app owes."""
    _register_pairings()
    _register_fit_checks()
    _register_invitations()
    _register_receipts()


def _register_pairings() -> None:
    subject = Pairing.objects.filter(pk=OuterRef("subject_id"))
    runs = (NOT_RUNNING, Q(Exists(subject.filter(program__status=Program.Status.ACTIVE))))
    on = subject.filter(status__in=[Pairing.Status.ACCEPTED, Pairing.Status.ACTIVE])
    unanswered = subject.filter(
        Q(mentor=OuterRef("person_id"), mentor_accepted_at__isnull=True)
        | Q(mentee=OuterRef("person_id"), mentee_accepted_at__isnull=True),
        status__in=Pairing.ASKED,
    )
    register(
        Kind(
            MADE,
            PAIRINGS,
            gettext_lazy("You are paired"),
            pairing_made,
            conditions=(("the pairing is not under way", Q(Exists(on))), runs),
        )
    )
    for name, label in (
        (PROPOSED, gettext_lazy("Would you like to be paired?")),
        (PROPOSED_REMINDER, gettext_lazy("Your answer is still open")),
    ):
        register(
            Kind(
                name,
                PAIRINGS,
                label,
                pairing_proposed,
                conditions=(("the question is answered or withdrawn", Q(Exists(unanswered))), runs),
            )
        )
    came_to_nothing = subject.filter(status=Pairing.Status.EXPIRED)
    register(
        Kind(
            UNANSWERED,
            PAIRINGS,
            gettext_lazy("A question that was not answered"),
            pairing_unanswered,
            conditions=(("something else became of the pairing", Q(Exists(came_to_nothing))), runs),
        )
    )


def _register_fit_checks() -> None:
    asked = FitCheck.objects.filter(pk=OuterRef("subject_id"), person=OuterRef("person_id"))
    open_still = asked.unanswered().filter(pairing__status=Pairing.Status.ACTIVE)
    runs = asked.filter(pairing__program__status=Program.Status.ACTIVE)
    register(
        Kind(
            FIT_CHECK,
            PAIRINGS,
            gettext_lazy("How is it going?"),
            fit_check,
            conditions=(
                ("it is answered, or the pairing is not under way", Q(Exists(open_still))),
                (NOT_RUNNING, Q(Exists(runs))),
            ),
        )
    )


def _register_invitations() -> None:
    active, draft = Q(program__status=Program.Status.ACTIVE), Q(program__status=Program.Status.DRAFT)
    asked = Q(pk=OuterRef("subject_id"))
    reminded = Q(reminders=OuterRef("subject_id"))
    by_hand = Q(reminders__created_by__isnull=False)
    for name, label, about, writes in (
        (INVITATION, gettext_lazy("You are invited"), asked, active | draft),
        # What goes by itself comes from nobody's draft; what somebody sends by a button does.
        (
            INVITATION_REMINDER,
            gettext_lazy("Your invitation is still open"),
            reminded,
            active | (draft & reminded & by_hand),
        ),
    ):
        waiting = _waiting().filter(about)
        register(
            Kind(
                name,
                INVITATIONS,
                label,
                invitation,
                conditions=(
                    ("it is answered, taken back or over", Q(Exists(waiting))),
                    (NOT_RUNNING, Q(Exists(waiting.filter(writes)))),
                ),
            )
        )


def _register_receipts() -> None:
    register(
        Kind(
            RECEIPT,
            None,
            gettext_lazy("You asked for a place"),
            receipt,
            conditions=(
                (
                    "it was taken back, or answered",
                    Q(Exists(_applied(OuterRef("person_id"), OuterRef("subject_id")))),
                ),
            ),
            always=Always(
                gettext_lazy("A receipt when you ask for a place in a program"),
                gettext_lazy("You have just asked, and can show by it that you did."),
            ),
        )
    )


def receipt_number(place: Enrollment) -> int:
    """What a receipt is about. Not the place: whoever asks a second time for one gets a second receipt."""
    if place.applied_at is None:
        raise ValueError("nobody asked for this place")
    return int(place.applied_at.timestamp())


def _applied(person: Any, number: Any) -> QuerySet[Enrollment]:
    """What this person asked for at that second, as long as it stands: `person` and `number` may be of a Message."""
    standing = (Enrollment.Status.APPLIED, Enrollment.Status.WAITLISTED, Enrollment.Status.ACTIVE)
    at = Func(number, function="to_timestamp", output_field=DateTimeField())
    return Enrollment.objects.filter(person=person, applied_at=at, status__in=standing)


def receipt(message: Message) -> Letter:
    """That they asked, for what, and what comes next; nothing of what they wrote."""
    rows = _applied(message.person_id, Value(message.subject_id))
    place = rows.select_related("program").first()
    if place is None:
        raise Unrenderable("the application is gone")
    program = place.program
    if place.status == Enrollment.Status.ACTIVE:
        subject = _("You are in %(program)s")
    else:
        subject = _("You asked for a place in %(program)s")
    context = {"place": place, "url": links.absolute("programs:detail", program.pk)}
    return written(
        message,
        "application_receipt",
        subject % {"program": program.name},
        context,
        program=program,
        thread=f"application/{place.pk}",
        list_="applications",
    )


def _waiting() -> QuerySet[Invitation]:
    """Of the person of a message: those that they may still answer, as the database has it at that moment."""
    place = Enrollment.objects.filter(
        program=OuterRef("program"), person=OuterRef("person"), status=Enrollment.Status.INVITED
    )
    return Invitation.objects.filter(
        Exists(place),
        person=OuterRef("person_id"),
        accepted_at__isnull=True,
        declined_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=database_now(),
    )


def pairing_made(message: Message) -> Letter:
    pairing = _pairing_of(message)
    # Whoever was asked has read the program's words with the question.
    asked = Message.objects.of(PROPOSED, subject_id=message.subject_id).filter(person=message.person_id)
    was_told = asked.filter(state=Message.State.SENT).exists()
    words = "" if was_told else pair_letters.words_to(message.person, pairing)
    return _letter(
        message,
        pairing,
        "pairing_made",
        _("%(name)s, you are paired with %(other)s"),
        words=words,
        # A pair is made by two yeses, and each may have been said for somebody.
        said_for=[sentence(each, message.person, clock.now()) for each in standing_for(pairing)],
    )


def pairing_proposed(message: Message) -> Letter:
    """The question, or the reminder of it: the same letter, begun in another way."""
    pairing, person = _pairing_of(message), message.person
    is_reminder = message.kind == PROPOSED_REMINDER
    subject = (
        _("%(name)s, would you still like to be paired with %(other)s?")
        if is_reminder
        else _("%(name)s, would you like to be paired with %(other)s?")
    )
    return _letter(
        message,
        pairing,
        "pairing_proposed",
        subject,
        is_reminder=is_reminder,
        words="" if is_reminder else pair_letters.words_to(person, pairing),
        asks_both=pairing.asks(pairing.partner_of(person)),
        answer_url=links.absolute("pairings:answer", answer_links.token_for(pairing, person)),
    )


def fit_check(message: Message) -> Letter:
    """The same each time: that it comes again would tell what was answered."""
    check = FitCheck.objects.visible_to(message.person).with_people().filter(pk=message.subject_id).first()
    if check is None:
        raise Unrenderable("the question is gone")
    pairing, program = check.pairing, check.pairing.program
    partner = pairing.partner_of(message.person)
    return written(
        message,
        "fit_check",
        _("How is it going with %(other)s?") % {"other": partner.first_name},
        {"partner": partner, "pairing": pairing, "url": links.absolute("pairings:fit", pairing.pk)},
        program=program,
        thread=f"pairing/{pairing.pk}/{message.person_id}",
        list_="pairings",
    )


def pairing_unanswered(message: Message) -> Letter:
    subject = _("%(name)s, the question about you and %(other)s is closed")
    return _letter(message, _pairing_of(message), "pairing_unanswered", subject)


def _pairing_of(message: Message) -> Pairing:
    found = Pairing.objects.with_people().select_related("proposed__publication")
    pairing = found.filter(pk=message.subject_id).first()
    if pairing is None or message.person_id not in (pairing.mentor_id, pairing.mentee_id):
        raise Unrenderable("the pairing is gone")
    return pairing


def _letter(message: Message, pairing: Pairing, template: str, subject: str, **more: object) -> Letter:
    partner, program = pairing.partner_of(message.person), pairing.program
    named = subject % {"name": message.person.first_name, "other": partner.first_name}
    context = {
        "partner": partner,
        "is_mentor": pairing.is_mentor(message.person),
        "pairing": pairing,
        "url": links.absolute("pairings:detail", pairing.pk),
        **more,
    }
    thread = f"pairing/{pairing.pk}/{message.person_id}"
    return written(message, template, named, context, program=program, thread=thread, list_="pairings")


def invitation(message: Message) -> Letter:
    """The invitation, or the reminder of it: the same letter, begun in another way."""
    is_reminder = message.kind == INVITATION_REMINDER
    about = Q(reminders=message.subject_id) if is_reminder else Q(pk=message.subject_id)
    found = Invitation.objects.filter(about, person=message.person_id)
    asked = found.select_related("program", "created_by").first()
    if asked is None or not asked.token:
        raise Unrenderable("the invitation is gone, or the key that its link was made with")
    named = {"name": asked.inviter, "program": asked.program.name}
    if is_reminder:
        subject = _("Your invitation to %(program)s is still open") % named
    elif asked.inviter:
        subject = _("%(name)s invites you to %(program)s") % named
    else:
        subject = _("You are invited to %(program)s") % named
    context = {
        "invitation": asked,
        "is_reminder": is_reminder,
        "url": links.absolute("join:open", asked.token),
    }
    thread = f"invitation/{asked.pk}"
    return written(
        message, "invitation", subject, context, program=asked.program, thread=thread, list_="invitations"
    )


def written(
    message: Message,
    template: str,
    subject: str,
    context: dict[str, Any],
    *,
    program: Program,
    thread: str,
    list_: str = "",
) -> Letter:
    """A letter in a program's name, from the two templates of that name; `list_` where it can be stopped."""
    subject = " ".join(subject.split())
    values = context | {
        "subject": subject,
        "person": message.person,
        "program": program,
        "privacy_url": links.absolute("privacy"),
        "stop_url": message.stop_url,
    }
    return Letter(
        subject=subject,
        text=render_to_string(f"mentoring/emails/{template}.txt", values),
        html=render_to_string(f"mentoring/emails/{template}.html", values),
        from_name=program.name,
        thread=thread,
        url=str(context.get("url", "")),
        list_id=f"{list_}.{program.slug}" if list_ else "",
        list_name=program.name if list_ else "",
    )
