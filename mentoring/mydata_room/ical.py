"""What is held of a person for their calendar, and of the noes that the others were told."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Why, named
from mentoring.models import CalendarDecline, CalendarFeed, CalendarTold, Program


def holdings() -> Iterator[Holding]:
    yield Holding(
        CalendarFeed,
        _("The link of your private calendar"),
        of=lambda person: CalendarFeed.objects.visible_to(person),
        exported=named("created_at", "fetched_at"),
        withheld={"id": Why.KEY, "person": Why.OWNER, "token_hash": Why.SECRET},
    )
    yield Holding(
        CalendarTold,
        _("Meetings that your calendar was told of"),
        of=lambda person: CalendarTold.objects.filter(person=person),
        exported=named("told_at"),
        withheld={
            "id": Why.KEY,
            "person": Why.OWNER,
            "arrangement": Why.KEY,
            "shown": Why.MACHINERY,
        },
    )
    yield Holding(
        CalendarDecline,
        _("Meetings that you declined"),
        of=lambda person: CalendarDecline.objects.filter(person=person),
        exported=named("occurrence", "declined_at"),
        withheld={"id": Why.KEY, "person": Why.OWNER, "arrangement": Why.KEY},
    )


def clear_words(person: User, program: Program) -> None:
    """There are no words in any of it."""
