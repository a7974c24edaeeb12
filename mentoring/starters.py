"""Questions that may start a conversation: every new program begins with these, and changes its own as it likes."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import ConversationStarter, Program, Stage

# They take nothing for granted that holds of mentors and mentees only: equals who mentor each other ask them too.
SUGGESTED: tuple[tuple[Stage, str | Promise], ...] = (
    (Stage.BEGINNING, _("What would make this hour worth it for you?")),
    (Stage.BEGINNING, _("How did you come to do what you do?")),
    (Stage.BEGINNING, _("What should the other one know about how you work best?")),
    (Stage.BEGINNING, _("What would you be glad to have learned a year from now?")),
    (Stage.UNDER_WAY, _("What has been on your mind since we last met?")),
    (Stage.UNDER_WAY, _("What went better than you expected, and what did you do for that?")),
    (Stage.UNDER_WAY, _("What are you putting off, and what is in the way?")),
    (Stage.UNDER_WAY, _("Whose advice did you not take, and why?")),
    (Stage.UNDER_WAY, _("Which decision would you make differently today?")),
    (Stage.UNDER_WAY, _("What could one of us come along to and watch?")),
    (Stage.UNDER_WAY, _("What should we do differently in these talks?")),
    (Stage.ENDING, _("What will you do differently because of our talks?")),
    (Stage.ENDING, _("What did each of us learn from the other?")),
    (Stage.ENDING, _("What did we never get round to?")),
    (Stage.ANY, _("Who could help with this whom we both do not think of at once?")),
    (Stage.ANY, _("What would you tell somebody who begins here tomorrow?")),
)


def suggested() -> Iterator[tuple[Stage, str]]:
    """Each with its stage, in the language that is spoken now."""
    for stage, text in SUGGESTED:
        yield stage, str(text)


def give_suggested(program: Program) -> None:
    """A new program has them all."""
    ConversationStarter.objects.bulk_create(
        ConversationStarter(program=program, text=text, stage=stage, position=number)
        for number, (stage, text) in enumerate(suggested(), 1)
    )


def hand_on(earlier: Program, program: Program) -> None:
    """The next program offers what the earlier one offers now."""
    rows = earlier.conversation_starters.offered().order_by("position", "pk")
    ConversationStarter.objects.bulk_create(
        ConversationStarter(program=program, **row) for row in rows.values("text", "stage", "position")
    )
