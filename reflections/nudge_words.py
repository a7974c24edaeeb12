"""The words of a program in the quarter's e-mails, and the variables in them that are filled in for each reader."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.templatetags.best import weekday_date
from mentoring.models import Program
from mentoring.pair_letters import filled_in

from .models import NudgeWords, Round

# What each stands for, as the page says it.
VARIABLES: Mapping[str, str | Promise] = MappingProxyType(
    {
        "name": _("the first name of whoever reads it"),
        "program": _("the program’s name"),
        "quarter": _("the quarter, such as “the second quarter”"),
        "ends": _("the quarter’s last day"),
        "until": _("the day until which we ask"),
    }
)


def of(program: Program) -> NudgeWords | None:
    """What this program says in the reader's language."""
    return NudgeWords.objects.filter(program=program, language=get_language() or "").first()


def fill(words: str, person: User, round: Round) -> str:
    """With the variables filled in, in the language of now."""
    values = {
        "name": person.first_name,
        "program": round.program.name,
        "quarter": round.quarter.spelled,
        "ends": weekday_date(round.due_on),
        "until": weekday_date(round.closes_on),
    }
    return filled_in(words, values)
