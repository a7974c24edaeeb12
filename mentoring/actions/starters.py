"""A program's library of questions that may start a conversation."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import places, rules, starters
from mentoring.models import ConversationStarter, Program, Stage
from mentoring.models.agenda import LONGEST_TOPIC

from .refused import Refused

MOST_AT_ONCE = 100
LAST_POSITION = 32767


@transaction.atomic
def add_starters(
    program: Program, texts: Iterable[str], *, by: User, stage: str = Stage.ANY, with_suggested: bool = False
) -> list[ConversationStarter]:
    """Those of `texts` that are new in the library, all for this stage, after those that are there; with our own
    suggestions, each for its stage, where that is wanted. What is there already stays as it is.

    Raises Refused when none is new, and for a question that is too long.
    """
    if not rules.may_administer(by, program):
        raise Refused(_("Only those who run a program do this."))
    wanted = {text: stage for text in (" ".join(each.split()) for each in texts) if text}
    if any(len(text) > LONGEST_TOPIC for text in wanted):
        raise Refused(_("Keep each question to %(number)d characters.") % {"number": LONGEST_TOPIC})
    if with_suggested:
        wanted |= {text: its for its, text in starters.suggested() if text not in wanted}
    if not wanted:
        raise Refused(_("Write at least one question."))
    if len(wanted) > MOST_AT_ONCE:
        raise Refused(_("Add %(number)d questions at most at one time.") % {"number": MOST_AT_ONCE})
    # Two who add the same ones at one moment come one after the other.
    rows = places.locked(program).conversation_starters
    known = set(rows.filter(text__in=wanted).values_list("text", flat=True))
    last = rows.aggregate(last=Max("position"))["last"] or 0
    new = [
        ConversationStarter(program=program, text=text, stage=its, position=min(last + number, LAST_POSITION))
        for number, (text, its) in enumerate(
            ((text, its) for text, its in wanted.items() if text not in known), 1
        )
    ]
    if not new:
        raise Refused(_("All of these are in the library already."))
    return ConversationStarter.objects.bulk_create(new)
