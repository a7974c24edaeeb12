"""Moments: kept, changed, deleted, by their owner alone."""

import contextlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.errors import Unreadable
from mentoring.actions.refused import Refused
from mentoring.models import Pairing
from reflections import rules
from reflections.models import Audience, Moment, SwapItem, Value, ValueShown
from reflections.readers import ONLY_ME, Readers

from .naming import look_for_names
from .values import drop_lost_quotes, hide_value, show_value

PRESSED_TWICE = timedelta(minutes=1)
# What was kept so lately is undone without another question; what is older is deleted, which asks.
JUST_KEPT = timedelta(hours=1)


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
    now: datetime | None = None,
) -> None:
    """The new wording replaces the old one for whoever may read it; there is no history.

    Who could read it may go on reading it, also in a pairing that is over. Raises Refused for new readers who cannot
    be let in, for a kind that is on no wall, and for a moment that is not theirs. A quote that stands in the words no
    more is let go; what it was beside stays. Other words, or a kind that needs care, are picked for no swap any more.
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
    if changed or (kind != mine.kind and kind in Moment.NEEDS_CARE):
        SwapItem.objects.waiting().filter(moment=mine).delete()
    mine.text, mine.gave, mine.mentoring_in = text, gave, mentoring_in
    mine.happened_on, mine.kind, mine.for_whom = happened_on, kind, for_whom
    for name, value in _columns(readers).items():
        setattr(mine, name, value)
    mine.save()
    look_for_names([mine], changed=changed, widened=widened, now=now or timezone.now())
    drop_lost_quotes(mine)


@transaction.atomic
def say_values(moment: Moment, names: Iterable[str], *, by: User, now: datetime) -> None:
    """These values are what the moment shows, and no others; those that it showed before keep their quotes.

    Raises Refused for a moment that is not theirs, and for a name that is too long.
    """
    if moment.person_id != by.pk:
        raise Refused(_("Only your own words show what you care about."))
    wanted = {name.casefold(): name for name in (" ".join(each.split()) for each in names) if name}
    shown = {each.value.name.casefold(): each for each in values_of(moment)}
    for key, each in shown.items():
        if key not in wanted:
            hide_value(each, by=by)
    for key, name in wanted.items():
        if key not in shown:
            show_value(by, name, moment=moment, now=now)


def values_of(moment: Moment) -> list[ValueShown]:
    """What it shows, in the order in which it was said."""
    shown = ValueShown.objects.filter(moment=moment).select_related("value")
    return [each for each in shown if _can_be_read(each)]


def values_in_use(person: User) -> list[str]:
    """The words that they have used for what they care about: nothing else is ever suggested."""
    names = []
    for value in Value.objects.of(person):
        with contextlib.suppress(Unreadable):
            names.append(value.name)
    return sorted(names, key=str.casefold)


def _can_be_read(shown: ValueShown) -> bool:
    try:
        return bool(shown.value.name)
    except Unreadable:
        return False


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
