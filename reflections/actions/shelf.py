"""What somebody can picture, put on the shelf of their pair."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.actions import add_possibility
from mentoring.actions.refused import Refused
from mentoring.models import Pairing, Possibility
from mentoring.models.goal import LONGEST_GOAL
from reflections import shelf
from reflections.models import Answer, ShelfCopy


@transaction.atomic
def put_on_shelf(answer: Answer, pairing: Pairing, *, by: User, now: datetime) -> Possibility:
    """The words of an answer that this pair reads already, on their shelf too, for as long as it is read as it is now;
    the answer stays as it is. Doing it twice is doing it once.

    Raises Refused for an answer that is not theirs or that the pair does not read (yet), for one that is longer than a
    shelf takes, and where nothing is written down for the pair any more.
    """
    if answer.sealed_for != by.pk or answer.question.code not in shelf.PICTURED:
        raise Refused(_("Only your own words can stand there."))
    if len(answer.text.strip()) > LONGEST_GOAL:
        raise Refused(_("This is more than the shelf takes. Put it there in a sentence or two of its own."))
    row = shelf.standing(answer, pairing, by)
    if row is not None and shelf.is_read(row):
        return row
    row = row or add_possibility(pairing, by=by, text=answer.text.strip(), now=now)
    # Asked only now, behind the locks on the two and their pairing.
    if not shelf.is_shared(answer).filter(pairings=pairing).exists():
        raise Refused(_("Share the answer with the pairing first. The shelf is for both of you."))
    # It is read there as long as the answer is, as it stands now.
    put_at = max(now, answer.saved_at)
    ShelfCopy.objects.update_or_create(possibility=row, defaults={"answer": answer, "put_at": put_at})
    return row
