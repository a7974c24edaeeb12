"""This app's part of the data map, fourth part: what those who run a program write to its people."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Kept, Why, named

from . import announcing
from .models import Addressee, Announcement, AnnouncementTest

ABOUT_ITS_READERS = ("segment", "pairing", "chosen")


def holdings() -> Iterator[Holding]:
    yield _tests()
    yield Holding(
        Announcement,
        _("Announcements that you wrote for a program"),
        of=lambda person: Announcement.objects.filter(author=person).select_related("program"),
        exported=named(
            "program", "subject", "body", "state", "send_on", "send_at", "made_at", "began_at", "stopped_at"
        ),
        withheld={
            "id": Why.KEY,
            "author": Why.OWNER,
            "changed_at": Why.MACHINERY,
            **dict.fromkeys(ABOUT_ITS_READERS, Why.OTHERS),
        },
        erasure=Kept(
            "it was written to others, who keep it",
            act=_by_nobody,
            replaced=("author",),
            stays=(
                "id", "program", *ABOUT_ITS_READERS, "subject", "body", "state", "send_on", "send_at", "made_at",
                "changed_at", "began_at", "stopped_at",
            ),
        ),
    )  # fmt: skip
    yield Holding(
        Addressee,
        _("What those who run your programs wrote to you"),
        of=lambda person: Addressee.objects.filter(person=person).select_related(
            "announcement__program", "announcement__author", "person"
        ),
        exported={"announcement": None, "due_at": None},
        withheld={"id": Why.KEY, "person": Why.OWNER},
        values={"announcement": _as_it_read},
    )


def _tests() -> Holding:
    return Holding(
        AnnouncementTest,
        _("Tests of announcements that you wrote"),
        of=lambda person: AnnouncementTest.objects.filter(announcement__author=person).select_related(
            "announcement"
        ),
        exported=named("announcement"),
        withheld={"id": Why.KEY},
        values={"announcement": lambda row: str(row.announcement)},
    )


def _as_it_read(row: Addressee) -> str:
    read = announcing.read_by(row.person, row.announcement)
    return f"{row.announcement.program.name}: {read.subject}\n\n{read.words}\n\n{read.signed_by}"


def _by_nobody(person: User, now: datetime) -> None:
    Announcement.objects.filter(author=person).update(author=None)
