"""Moments: kept, changed, deleted, by their owner alone."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.actions.refused import Refused
from reflections import rules
from reflections.models import Audience, Moment
from reflections.readers import ONLY_ME, Readers

from .values import drop_lost_quotes

PRESSED_TWICE = timedelta(minutes=1)


@transaction.atomic
def keep_moment(
    person: User,
    *,
    text: str,
    happened_on: date,
    kind: str = "",
    for_whom: str = "",
    readers: Readers = ONLY_ME,
) -> Moment:
    """A button that is pressed twice keeps one moment.

    Raises Refused for a pairing or program of which this person is no part now.
    """
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
    return Moment.objects.create(text=text, **values)


@transaction.atomic
def change_moment(
    moment: Moment,
    *,
    by: User,
    text: str,
    happened_on: date,
    kind: str = "",
    for_whom: str = "",
    readers: Readers = ONLY_ME,
) -> None:
    """The new wording replaces the old one for whoever may read it; there is no history.

    Who could read it may go on reading it, also in a pairing that is over. Raises Refused for new readers who cannot
    be let in, and for a moment that is not theirs.
    """
    mine = Moment.objects.select_for_update(of=("self",)).filter(pk=moment.pk, person=by).first()
    if mine is None:
        raise Refused(_("Only its owner changes a moment."))
    if readers.lets_in_more_than(Readers.of_moment(mine)):
        _check_readers(by, readers)
    mine.text = text
    mine.happened_on, mine.kind, mine.for_whom = happened_on, kind, for_whom
    for name, value in _columns(readers).items():
        setattr(mine, name, value)
    mine.save()
    drop_lost_quotes(mine)


def delete_moment(moment: Moment, *, by: User) -> None:
    """For good, and for everybody. Deleting twice is deleting once."""
    Moment.objects.filter(pk=moment.pk, person=by).delete()


def _columns(readers: Readers) -> dict[str, str | int | None]:
    return {
        "audience": readers.audience,
        "pairing_id": next(iter(readers.pairings), None),
        "program_id": readers.program,
    }


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
