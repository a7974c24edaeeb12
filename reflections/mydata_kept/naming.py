"""Of the data map: who is named in what somebody shares."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Why
from mentoring.models import Program
from reflections.models import Naming, NamingNotice


def holdings() -> Iterator[Holding]:
    # Whom somebody names in their own words stands in those; the row goes with them.
    yield Holding(
        Naming,
        _("Where others name you"),
        of=lambda person: Naming.objects.asked_of(person),
        exported={"asked_at": None, "agreed_at": None, "declined_at": None},
        withheld={
            "id": Why.KEY,
            "person": Why.OWNER,
            "moment": Why.OTHERS,
            "answer": Why.OTHERS,
            "is_somebody_else": Why.OTHERS,
            "is_by_hand": Why.OTHERS,
            "created_at": Why.OTHERS,
        },
    )
    yield Holding(
        NamingNotice,
        _("E-mails to you about what names you"),
        of=lambda person: NamingNotice.objects.filter(person=person),
        exported={"since": _("since")},
        withheld={"id": Why.KEY, "person": Why.OWNER},
    )


def clear_words(person: User, program: Program) -> None:
    """Nothing: the rows go with the moment or the answer, and have no words."""
