"""What is held of how two who went silent answered, and of those who stay in touch."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Why, named
from mentoring.models import InTouch, Postcard, Program, Silence


def holdings() -> Iterator[Holding]:
    yield Holding(
        Silence,
        _("When you were asked whether you are in touch"),
        of=lambda person: Silence.objects.filter(person=person).select_related("pairing__program"),
        exported={"pairing": _("program"), **named("since", "asked_at", "answer", "answered_at")},
        withheld={"id": Why.KEY, "person": Why.OWNER, "number": Why.MACHINERY},
        values={"pairing": lambda row: row.pairing.program.name},
    )
    yield Holding(
        InTouch,
        _("Whether you would like to stay in touch"),
        of=lambda person: InTouch.objects.filter(person=person).select_related(
            "pairing__mentor", "pairing__mentee"
        ),
        exported={"pairing": _("with"), **named("wants", "said_at", "muted_at")},
        withheld={"id": Why.KEY, "person": Why.OWNER},
        values={"pairing": _with},
    )
    yield Holding(
        Postcard,
        _("Postcards that you wrote"),
        of=lambda person: Postcard.objects.filter(person=person).select_related(
            "pairing__mentor", "pairing__mentee"
        ),
        exported={"pairing": _("with"), **named("text", "asked_at", "sent_at")},
        withheld={
            "id": Why.KEY,
            "person": Why.OWNER,
            "number": Why.MACHINERY,
            "seal_id": Why.MACHINERY,
        },
        values={"pairing": _with},
    )


def clear_words(person: User, program: Program) -> None:
    Postcard.objects.filter(person=person, pairing__program=program).delete()


def _with(row: InTouch | Postcard) -> str:
    pairing = row.pairing
    other = pairing.mentee if row.person_id == pairing.mentor_id else pairing.mentor
    return other.name or other.first_name
