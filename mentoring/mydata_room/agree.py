"""What two people agreed on, and how each would like to hear what is hard to say."""

from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Why, named
from mentoring.models import Agreement, FeedbackWish, Pairing, Program


def clear_words(person: User, program: Program) -> None:
    """A version without its words is none: it goes whole."""
    Agreement.objects.filter(proposed_by=person, pairing__program=program).delete()
    FeedbackWish.objects.filter(person=person, pairing__program=program).delete()


def holdings() -> Iterator[Holding]:
    """What each wrote is theirs to take along, and goes with them: also where the other one had agreed to it."""
    yield Holding(
        Agreement,
        _("What you suggested in a pairing to agree on"),
        of=lambda person: Agreement.objects.filter(proposed_by=person).select_related(
            "pairing__mentor", "pairing__mentee"
        ),
        exported={
            "pairing": _("with"),
            **named("number", "state", *Agreement.CLAUSES, "proposed_at", "agreed_at", "closed_at"),
        },
        withheld={"id": Why.KEY, "proposed_by": Why.OWNER, "seal_id": Why.LOCK},
        values={"pairing": lambda row: _two(row.pairing)},
    )
    yield Holding(
        FeedbackWish,
        _("How you would like to hear hard things"),
        of=lambda person: FeedbackWish.objects.filter(person=person).select_related(
            "pairing__mentor", "pairing__mentee"
        ),
        exported={"pairing": _("with"), **named("text", "changed_at")},
        withheld={"id": Why.KEY, "person": Why.OWNER, "seal_id": Why.LOCK},
        values={"pairing": lambda row: _two(row.pairing)},
    )


def _two(pairing: Pairing) -> str:
    """By name; never by address, where somebody has given no name."""
    names = [each.name or each.first_name for each in (pairing.mentor, pairing.mentee)]
    return gettext("%(mentor)s and %(mentee)s") % {"mentor": names[0], "mentee": names[1]}
