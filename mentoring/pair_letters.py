"""What those who run a program write to the two of a pair: their words, with variables that are filled in for each."""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User

from .models import Enrollment, Pairing, Program
from .models.run import LONGEST_LETTER

Role = Enrollment.Role
# What each stands for, as the page says it.
VARIABLES: Mapping[str, str | Promise] = MappingProxyType(
    {
        "name": gettext_lazy("the first name of whoever reads it"),
        "other": gettext_lazy("the first name of the other one"),
        "program": gettext_lazy("the program’s name"),
        "contact": gettext_lazy("who can be asked, with their address"),
    }
)
# Where nothing else is written. In the language of each reader, which other words cannot be.
DEFAULTS: Mapping[str, str | Promise] = MappingProxyType(
    {
        Role.MENTOR: gettext_lazy(
            "We have looked at what the people of {program} offer and seek, and think that you could be good company "
            "for {other}. We would be glad if the two of you found a good way of working together.\n\n"
            "If you have a question, write to {contact}."
        ),
        Role.MENTEE: gettext_lazy(
            "We have looked at what the people of {program} offer and seek, and think that {other} could be good "
            "company for what you would like to learn. We would be glad if the two of you found a good way of working "
            "together.\n\n"
            "If you have a question, write to {contact}."
        ),
    }
)
_BRACED = re.compile(r"\{([^{}]*)\}")


def cleaned(words: str, role: str) -> str:
    """As it is kept: empty where it is the default, so that each reads that in their own language."""
    words = words.replace("\r\n", "\n").strip()
    return "" if words == str(DEFAULTS[role]).strip() else words


def problem_in(words: str) -> str:
    """What is wrong with the variables of a letter, or with its length; nothing, where it can be sent."""
    if len(words) > LONGEST_LETTER:
        return _("Keep the letter to %(number)d characters.") % {"number": LONGEST_LETTER}
    return problem_with_variables(words, VARIABLES)


def problem_with_variables(words: str, variables: Collection[str]) -> str:
    """Of any words with variables in braces: the first that is none of these, or a brace that stands alone."""
    unknown = [name for name in _BRACED.findall(words) if name not in variables]
    if unknown:
        said = _("There is no variable %(unknown)s. Those that there are: %(known)s.")
        known = ", ".join(f"{{{name}}}" for name in variables)
        return said % {"unknown": f"{{{unknown[0]}}}", "known": known}
    if set("{}") & set(_BRACED.sub("", words)):
        return _("A brace stands alone. Write a variable as {name}, and leave braces out elsewhere.")
    return ""


def filled_in(words: str, values: Mapping[str, str]) -> str:
    """In one go, so that a name which looks like a variable stays a name."""
    return _BRACED.sub(lambda found: values.get(found[1], found[0]), words)


def words_to(person: User, pairing: Pairing) -> str:
    """What whoever published this pairing writes to this one of the two; nothing, where it came about otherwise."""
    proposed = getattr(pairing, "proposed", None)
    publication = proposed.publication if proposed else None
    if publication is None:
        return ""
    role = Role.MENTOR if pairing.is_mentor(person) else Role.MENTEE
    words = publication.to_mentors if role == Role.MENTOR else publication.to_mentees
    values = {
        "name": person.first_name,
        "other": pairing.partner_of(person).first_name,
        "program": pairing.program.name,
        "contact": contact_of(pairing.program),
    }
    return filled_in(words or str(DEFAULTS[role]), values)


def contact_of(program: Program) -> str:
    name, email = program.contact_name, program.contact_email
    if name and email:
        return f"{name}, {email}"
    return email or name or _("those who run %(program)s") % {"program": program.name}
