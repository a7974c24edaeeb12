"""Lists on their way in, as the data map has them: what one says of a person, and what becomes of it when they go."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Kept, Why, named
from mentoring.models import Import, ImportPart, ImportRow

from .mentions import names
from .queue import close

HOW_IT_IS_READ = (
    "fingerprint",
    "format",
    "encoding",
    "separator",
    "headings_print",
    "columns",
    "how",
    "days",
    "ask_first",
    "problem",
    "attempts",
)
EMPTIED = ("headings", "samples", "claim", "claimed_until")
FIGURES = ("rows_total", "rows_done", "new", "changed", "unchanged", "bad")


def holdings() -> Iterator[Holding]:
    """The list itself last, since erasing goes backwards: it is left while its rows still say whom they are about."""
    yield Holding(
        ImportRow,
        _("What a list says of you that has not come in yet"),
        of=lambda person: ImportRow.objects.filter(about__contains=[person.email]).select_related(
            "source__program"
        ),
        exported={"source": _("program"), "cells": _("what it says")},
        withheld={
            "id": Why.KEY,
            "number": Why.MACHINERY,
            "outcome": Why.MACHINERY,
            "faults": Why.MACHINERY,
            "errors": Why.MACHINERY,
            "said": Why.MACHINERY,
            "about": Why.COPY,
        },
        values={"source": lambda row: row.source.program.name, "cells": _said_of_them},
    )
    yield Holding(
        ImportPart,
        _("Files that you sent and that have not come in yet"),
        of=lambda person: ImportPart.objects.filter(source__created_by=person),
        exported=named("source"),
        withheld={"id": Why.KEY, "number": Why.MACHINERY, "content": Why.OTHERS},
    )
    yield Holding(
        Import,
        _("Lists of people that you sent"),
        of=lambda person: Import.objects.filter(Q(created_by=person) | Q(acting=person)),
        exported=named("program", "kind", "state", "file_name", "created_at", "finished_at"),
        withheld={
            "id": Why.KEY,
            "created_by": Why.OWNER,
            "acting": Why.OWNER,
            **dict.fromkeys((*HOW_IT_IS_READ, *EMPTIED), Why.MACHINERY),
            **dict.fromkeys(FIGURES, Why.OTHERS),
        },
        erasure=Kept(
            "the program keeps that a list came in, and when",
            act=_leave_lists,
            replaced=("created_by", "acting", "file_name", "state", "finished_at", *EMPTIED),
            stays=("id", "program", "kind", "created_at", *HOW_IT_IS_READ, *FIGURES),
        ),
    )


def _said_of_them(row: ImportRow) -> object:
    """Of a pair, not who the other one is to be: nobody has asked the two yet."""
    return [] if row.source.is_of_pairs else row.cells


def lists_that_name(person: User) -> QuerySet[Import]:
    """In which their address stands anywhere, as somebody's line manager too, and of which nothing has come in yet."""
    rows = ImportRow.objects.annotate(text=Cast("cells", TextField())).filter(text__icontains=person.email)
    waiting = Import.objects.exclude(state__in=Import.OVER)
    # What is kept of the first rows stays when such a row is mended, or taken out.
    begins = waiting.annotate(
        text=Concat(Cast("headings", TextField()), Cast("samples", TextField()))
    ).filter(text__icontains=person.email)
    sent = waiting.filter(pk__in=ImportPart.objects.values("source"))
    unread = [source.pk for source in sent if names(source, person.email)]
    return waiting.filter(Q(pk__in=rows.values("source")) | Q(pk__in=begins.values("pk")) | Q(pk__in=unread))


def _leave_lists(person: User, now: datetime) -> None:
    """Those that name them, and those that they sent, come to nothing: whoever wants the others in sends them anew."""
    sent = Import.objects.filter(created_by=person).exclude(state__in=Import.OVER)
    for lists in (lists_that_name(person), sent):
        ours = list(lists.values_list("pk", flat=True))
        close(Import.objects.filter(pk__in=ours), Import.State.LEFT, now)
    Import.objects.filter(created_by=person).update(created_by=None, file_name="")
    Import.objects.filter(acting=person).update(acting=None)
