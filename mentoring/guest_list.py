"""Reading a list of people to invite, as somebody pastes it: one a line, `Name <address>` or the address alone."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.models import User

from .actions import Guest

LINE = re.compile(r"(?P<name>.*?)\s*<(?P<named>[^<>]*)>|(?P<bare>[^<>]*)")
LONGEST_NAME = User._meta.get_field("name").max_length or 0
LONGEST_ADDRESS = User._meta.get_field("email").max_length or 0
# Enough to say of a name or an address by itself that it is too long.
LONGEST_LINE = 4 * (LONGEST_NAME + LONGEST_ADDRESS)


@dataclass
class GuestList:
    """`lines`: in which line each address stands first, counted from one. `faults`: a sentence for each bad line."""

    guests: list[Guest] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def read(text: str) -> GuestList:
    """Who is named there, each once and in their order: the same address twice is one person, with the first name."""
    found = GuestList()
    names: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        # With single blanks, and not for ever: a pattern with two open ends takes its time over a long line.
        line = " ".join(line.split()).rstrip(",;").strip()
        if not line:
            continue
        parts = LINE.fullmatch(line) if len(line) <= LONGEST_LINE else None
        name = " ".join((parts["name"] or "").strip(" \"'").split()) if parts else ""
        email = User.objects.normalize_email((parts["named"] or parts["bare"]) if parts else "")
        if fault := _fault(name, email):
            found.faults.append(_("Line %(number)d: %(fault)s") % {"number": number, "fault": fault})
            continue
        found.lines.setdefault(email, number)
        names[email] = names.get(email) or name
    found.guests = [Guest(email, name) for email, name in names.items()]
    return found


def _fault(name: str, email: str) -> str:
    if len(name) > LONGEST_NAME:
        return _("This name is longer than we can keep.")
    try:
        validate_email(email)
    except ValidationError:
        return _("Write one address here, like Noor Haddad <noor@example.org> or noor@example.org.")
    return _("This address is longer than we can keep.") if len(email) > LONGEST_ADDRESS else ""
