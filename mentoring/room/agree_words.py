"""What the parts of an agreement are called, and the words that are suggested for each."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentoring.models import Program

# As the page says what was agreed.
HEADINGS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "together": _("How we work together"),
        "cadence": _("How often"),
        "place": _("Where"),
        "confidentiality": _("Between us"),
        "cancelling": _("If one of us must cancel"),
        "ending": _("How we will end"),
    }
)
# As the form asks for it.
QUESTIONS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "together": _("How do we work together?"),
        "cadence": _("How often do we meet, and for how long?"),
        "place": _("Where?"),
        "confidentiality": _("What stays between us, and where does that end?"),
        "cancelling": _("What if one of us must cancel?"),
        "ending": _("How will we end?"),
    }
)
HINTS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "together": _("In general: what you would like from each other."),
        "confidentiality": _(
            "Nobody can promise silence without limits. Better to name them now than when it comes to it."
        ),
    }
)
# Ours, where the program suggests nothing. In the language of whoever reads them first.
SUGGESTED: Mapping[str, str | Promise] = MappingProxyType(
    {
        "cadence": _("Once a month, for an hour. We set the next date before we part."),
        "place": _("By video call, or over a coffee when we are in the same town."),
        "confidentiality": _(
            "What we say stays between us, also toward those who run the program and the people we work with. Whoever "
            "would like to pass something on asks first. It ends where somebody is in danger, or where the law obliges "
            "one of us to speak; then we tell each other before, if we can."
        ),
        "cancelling": _("A day’s notice if we can, and we choose the new date at once."),
        "ending": _(
            "Either of us may end it, and owes no reason. We take a last hour to say what each of us takes along."
        ),
    }
)


def suggested(program: Program) -> dict[str, str]:
    """What stands in the form at first: the program's own words as a whole, and beside them only where confidentiality
    ends, which few programs say; ours where it has none."""
    ours = {name: str(words) for name, words in SUGGESTED.items()}
    theirs = program.agreement.strip()
    if theirs:
        return {"together": theirs, "confidentiality": ours["confidentiality"]}
    return ours
