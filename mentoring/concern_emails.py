"""The e-mails about what is told in confidence. None has a word of it, nor a name but the program's: a mailbox may be
read by several people. None can be stopped, and they go out whatever state the program is in."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links
from accounts.mail.kinds import Always, Kind, Letter, Unrenderable, register
from accounts.mail.models import Message

from .emails import written
from .models import Concern, ConcernReading

TOLD = "concern_told"
UNREAD = "concern_unread"
ANSWERED = "concern_answered"
UNHEARD = "concern_unheard"
# To whoever hears it, and to whoever told it.
TO_CONTACT = (TOLD, UNREAD)
TO_TELLER = (ANSWERED, UNHEARD)
GONE = "there is nothing to tell any more"
IN_CONFIDENCE = Always(
    gettext_lazy("What is told in confidence"),
    gettext_lazy(
        "If somebody tells you of something that is not right, or answers what you told: it must not get lost."
    ),
)


def register_kinds() -> None:
    there = Concern.objects.filter(pk=OuterRef("subject_id"))
    heard = there.filter(contact=OuterRef("person_id"))
    told = there.filter(person=OuterRef("person_id"))
    is_read = Exists(ConcernReading.objects.filter(concern=OuterRef("subject_id")))
    for name, label, subject in (
        (TOLD, gettext_lazy("Something was told to you in confidence"), Q(Exists(heard)) & ~Q(is_read)),
        (UNREAD, gettext_lazy("Something waits to be read by you"), Q(Exists(heard.open())) & ~Q(is_read)),
        (
            ANSWERED,
            gettext_lazy("An answer to what you told in confidence"),
            Q(Exists(told.filter(replied_at__isnull=False))),
        ),
        (
            UNHEARD,
            gettext_lazy("Nobody has read what you told in confidence"),
            Q(Exists(told.open())) & ~Q(is_read),
        ),
    ):
        register(Kind(name, None, label, letter, conditions=((GONE, subject),), always=IN_CONFIDENCE))


def letter(message: Message) -> Letter:
    rows = Concern.objects.filter(
        Q(person=message.person_id) | Q(contact=message.person_id), pk=message.subject_id
    )
    concern = rows.select_related("program").first()
    if concern is None:
        raise Unrenderable(GONE)
    # Said so that whoever looks over a shoulder learns nothing from the list of a mailbox.
    subject = {
        TOLD: _("Something in %(program)s is for you to read"),
        UNREAD: _("Something in %(program)s still waits for you to read it"),
        ANSWERED: _("There is an answer for you in %(program)s"),
        UNHEARD: _("Something of yours in %(program)s waits"),
    }[message.kind] % {"program": concern.program.name}
    url = links.absolute("concerns:detail", concern.pk)
    return written(
        message,
        message.kind,
        subject,
        {"url": url, "concern": concern},
        program=concern.program,
        thread=f"concern/{concern.pk}/{message.person_id}",
    )
