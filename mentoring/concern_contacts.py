"""Who hears what somebody tells in confidence about a pairing. Said to them before they write a word."""

from dataclasses import dataclass

from accounts.models import User

from .models import Pairing


@dataclass(frozen=True)
class Contact:
    """One whom a concern can be told to. `key` is what the form sends back: it changes when somebody else is named.

    `email` is the address that the program names; empty for one of those who run it. `person` is None where nobody
    signs in with that address yet.
    """

    key: str
    name: str
    email: str = ""
    person: User | None = None

    @property
    def is_named(self) -> bool:
        """Named by the program for this; else one of those who run it."""
        return bool(self.email)


def contacts_for(pairing: Pairing) -> list[Contact]:
    """Whom one of the two can tell: the one whom the program names; else, one by one, those who run it, and where there
    are none of these, those who run the installation. Never one of the two themselves, nor somebody who has left.

    Empty where there is nobody.
    """
    two = (pairing.mentor_id, pairing.mentee_id)
    program = pairing.program
    email = User.objects.normalize_email(program.concern_email)
    if email:
        person = User.objects.filter(email=email).first()
        may_hear = person is None or (
            person.pk not in two and person.is_active and person.erasure_due_at is None
        )
        if may_hear:
            return [Contact(f"named:{email}", program.concern_name or email, email, person)]
    others = User.objects.staying().exclude(pk__in=two).order_by("name", "pk")
    people = list(others.filter(administered__program=program)) or list(others.filter(is_superuser=True))
    return [Contact(f"person:{person.pk}", str(person), person=person) for person in people]
