"""Moments: kept, changed, deleted, by their owner alone."""

import hashlib
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.fields import sealed_fields
from mentoring.actions.refused import Refused
from mentoring.models import Pairing
from reflections import rules
from reflections.models import Audience, Moment, SwapItem
from reflections.readers import ONLY_ME, Readers

from .naming import look_for_names
from .values import drop_lost_quotes

PRESSED_TWICE = timedelta(minutes=1)
# What was kept so lately is undone without another question; what is older is deleted, which asks.
JUST_KEPT = timedelta(hours=1)


class MomentOvertaken(Exception):
    """The moment was changed elsewhere since the page was made; nothing was changed."""


@transaction.atomic
def keep_moment(
    person: User,
    *,
    text: str,
    happened_on: date,
    kind: str = "",
    for_whom: str = "",
    readers: Readers = ONLY_ME,
    now: datetime | None = None,
) -> Moment:
    """A button that is pressed twice keeps one moment.

    Raises Refused for a pairing or program of which this person is no part now, and for a kind that is on no wall.
    """
    now = now or timezone.now()
    _check_wall(kind, readers)
    _check_readers(person, readers)
    list(User.objects.select_for_update(no_key=True).filter(pk=person.pk).values("pk"))  # one at a time
    values = {
        "person": person,
        "happened_on": happened_on,
        "kind": kind,
        "for_whom": for_whom,
        **_columns(readers),
    }
    just_now = Moment.objects.filter(created_at__gt=timezone.now() - PRESSED_TWICE, **values)
    for moment in just_now:
        if moment.text == text:
            return moment
    moment = Moment.objects.create(text=text, **values)
    look_for_names([moment], changed=True, widened=True, now=now)
    return moment


@transaction.atomic
def change_moment(
    moment: Moment,
    *,
    by: User,
    text: str,
    happened_on: date,
    kind: str = "",
    for_whom: str = "",
    gave: str = "",
    mentoring_in: Pairing | None = None,
    readers: Readers = ONLY_ME,
    based_on: str | None = None,
    now: datetime | None = None,
) -> None:
    """The new wording replaces the old one for whoever may read it; there is no history.

    Who could read it may go on reading it, also in a pairing that is over. Raises Refused for new readers who cannot
    be let in, for a kind that is on no wall, and for a moment that is not theirs. `based_on` is the `version` that the
    writer had before them: raises MomentOvertaken rather than replace words, or readers, that they have not seen. A
    quote that stands in the words no more is let go; what it was beside stays. Other words, or a kind that needs care,
    are picked for no swap any more; other words, and other readers, are not to be quoted before that is said anew.
    """
    # Whoever picks it for a swap at this moment need not wait: the item refers to a key that stays.
    rows = Moment.objects.select_for_update(of=("self",), no_key=True)
    mine = rows.filter(pk=moment.pk, person=by).first()
    if mine is None:
        raise Refused(_("Only its owner changes a moment."))
    before = Readers.of_moment(mine)
    widened = readers.lets_in_more_than(before)
    if widened:
        _check_readers(by, readers)
    if (kind, readers) != (mine.kind, before):
        _check_wall(kind, readers)
    if mentoring_in is not None and by.pk not in (mentoring_in.mentor_id, mentoring_in.mentee_id):
        raise Refused(_("That is not a pairing of yours."))
    changed = mine.text != text
    if based_on not in (None, version(mine)) and (
        changed or (mine.gave, mine.kind, before) != (gave, kind, readers)
    ):
        raise MomentOvertaken
    if changed or (kind != mine.kind and kind in Moment.NEEDS_CARE):
        SwapItem.objects.waiting().filter(moment=mine).delete()
    mine.text, mine.gave, mine.mentoring_in = text, gave, mentoring_in
    mine.happened_on, mine.kind, mine.for_whom = happened_on, kind, for_whom
    mine.may_be_quoted = mine.may_be_quoted and not changed and readers == before
    for name, value in _columns(readers).items():
        setattr(mine, name, value)
    mine.save()
    look_for_names([mine], changed=changed, widened=widened, now=now or timezone.now())
    drop_lost_quotes(mine)


def version(moment: Moment) -> str:
    """Which state of its words and its readers a page was made from. Raises TypeError for words that were typed into
    the row: fetch it anew."""
    sealed = [field.value_from_object(moment).hex() for field in sealed_fields(Moment)]
    readers = (moment.audience, moment.pairing_id, moment.program_id)
    return hashlib.sha256(repr((sealed, moment.kind, readers)).encode()).hexdigest()


def undo_moment(moment: Moment, *, by: User, now: datetime) -> bool:
    """Not kept after all; False where it was kept too long ago for that, and nothing is done."""
    found = Moment.objects.filter(pk=moment.pk, person=by, created_at__gt=now - JUST_KEPT)
    return found.delete()[0] > 0


def delete_moment(moment: Moment, *, by: User) -> None:
    """For good, and for everybody. Deleting twice is deleting once."""
    Moment.objects.filter(pk=moment.pk, person=by).delete()


def _columns(readers: Readers) -> dict[str, str | int | None]:
    return {
        "audience": readers.audience,
        "pairing_id": next(iter(readers.pairings), None),
        "program_id": readers.program,
    }


def _check_wall(kind: str, readers: Readers) -> None:
    if kind in Moment.NEEDS_CARE and readers.audience == Audience.PROGRAM:
        raise Refused(_("A hard call or a brave try is for you, or for the two of you: it is on no wall."))


def _check_readers(person: User, readers: Readers) -> None:
    if readers.audience == Audience.PAIRING:
        may = (
            len(readers.pairings) == 1
            and rules.pairings_to_share_with(person).filter(pk__in=readers.pairings).exists()
        )
    elif readers.audience == Audience.PROGRAM:
        may = readers.program is not None and rules.may_share_with_program(person, readers.program)
    else:
        may = readers == ONLY_ME
    if not may:
        raise Refused(_("This cannot be shared there now."))
