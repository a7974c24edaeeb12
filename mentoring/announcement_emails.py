"""The e-mail of an announcement: what one of those who run a program writes, in their name. Answers go to them."""

from dataclasses import replace

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links
from accounts.mail.kinds import Always, Kind, Letter, Stream, Unrenderable, register
from accounts.mail.models import Message

from . import announcing
from .emails import NOT_RUNNING, written
from .models import Addressee, Announcement, AnnouncementTest, Enrollment, Program

ANNOUNCEMENT = "announcement"
TEST = "announcement_test"
LEFT = "it was stopped, or they are not in the program any more"
FROM_PROGRAMS = Stream(
    announcing.STREAM,
    gettext_lazy("From those who run your program"),
    gettext_lazy(
        "What they write to you and to others. You find it on the program’s page too, with or without the e-mail."
    ),
)


def register_kinds() -> None:
    addressed = Addressee.objects.filter(
        announcement=OuterRef("subject_id"),
        person=OuterRef("person_id"),
        announcement__state__in=Announcement.GOES,
    )
    place = Enrollment.objects.filter(
        program=OuterRef("announcement__program"),
        person=OuterRef("person"),
        status__in=announcing.WRITTEN_TO,
    )
    runs = addressed.filter(announcement__program__status=Program.Status.ACTIVE)
    register(
        Kind(
            ANNOUNCEMENT,
            FROM_PROGRAMS,
            gettext_lazy("From those who run your program"),
            letter,
            hours=announcing.HOURS,
            conditions=((LEFT, Q(Exists(addressed.filter(Exists(place))))), (NOT_RUNNING, Q(Exists(runs)))),
        )
    )
    always = Always(
        gettext_lazy("Tests of e-mails, if you run a program"),
        gettext_lazy("You have just sent one to yourself, to see it."),
    )
    register(Kind(TEST, None, gettext_lazy("A test of an announcement"), test, always=always))


def letter(message: Message) -> Letter:
    found = Announcement.objects.select_related("program", "author").filter(pk=message.subject_id).first()
    if found is None:
        raise Unrenderable("the announcement is gone")
    return written_by(found, message)


def test(message: Message) -> Letter:
    """To whoever runs the program, as if it were written to them. Raises Unrenderable once it is gone."""
    row = (
        AnnouncementTest.objects.select_related("announcement__program", "announcement__author")
        .filter(pk=message.subject_id)
        .first()
    )
    if row is None:
        raise Unrenderable("the announcement is gone")
    return written_by(row.announcement, message)


def written_by(announcement: Announcement, message: Message) -> Letter:
    program, person = announcement.program, message.person
    sender, read = announcing.sender_of(announcement), announcing.read_by(person, announcement)
    answers_to = sender.email if sender else program.contact_email
    made = written(
        message,
        "announcement",
        read.subject,
        {
            "words": read.words,
            "signed_by": read.signed_by,
            "answers_to": answers_to,
            "url": links.absolute("programs:announcements", program.pk),
        },
        program=program,
        thread=f"announcement/{announcement.pk}/{person.pk}",
        list_="announcements" if message.stop_url else "",
    )
    return replace(
        made,
        from_name=_("%(name)s, %(program)s") % {"name": read.signed_by, "program": program.name},
        headers={"Reply-To": answers_to} if answers_to else {},
    )
