"""What the two of a pair work towards: goals, small next actions, and what they can picture.

Either of the two moves a goal on and ticks an action, whoever wrote it. Words are changed and deleted by whoever wrote
them. Nothing here owes an e-mail: the other one sees it the next time that they look.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.reading import words
from mentoring import open_requests, rules
from mentoring.models import Action, Goal, Pairing, Possibility

from .refused import Refused

# What is sent twice by a finger that was too quick is written down once.
AT_ONCE = timedelta(minutes=1)
Row = TypeVar("Row", Goal, Action, Possibility)


@transaction.atomic
def add_goal(pairing: Pairing, *, by: User, text: str, why: str, owner: str, now: datetime) -> Goal:
    """Raises Refused for whoever is not one of the two, and once the pairing is over."""
    pairing = _locked(pairing, by)
    return _once(Goal(pairing=pairing, author=by, text=text, why=why, owner=owner, created_at=now))


@transaction.atomic
def change_goal(goal: Goal, *, by: User, text: str, why: str, owner: str) -> None:
    """Other words for it. Raises Refused for whoever did not write it, and as `add_goal` does."""
    goal = _own(Goal, goal, by)
    goal.text, goal.why, goal.owner = text, why, owner
    goal.save(update_fields=["text", "why", "owner"])


@transaction.atomic
def move_goal(goal: Goal, *, by: User, state: str, now: datetime) -> None:
    """Reached, moved on to something else, let go; or, from any of these, on the way again. Done twice, it is done
    once. Raises Refused where the other one has just said something else, and as `add_goal` does."""
    pairing = _locked(goal.pairing, by)
    is_open = state == Goal.State.OPEN
    rows = Goal.objects.filter(pk=goal.pk, pairing=pairing)
    before = rows.exclude(state=Goal.State.OPEN) if is_open else rows.open()
    if before.update(state=state, closed_at=None if is_open else now):
        return
    if not rows.filter(state=state).exists():
        raise Refused(_("Somebody has changed this goal in the meantime. Look at it again."))


@transaction.atomic
def delete_goal(goal: Goal, *, by: User) -> None:
    """Its steps stay, as steps for themselves. Raises Refused as `change_goal` does."""
    _own(Goal, goal, by).delete()


@transaction.atomic
def add_action(
    pairing: Pairing,
    *,
    by: User,
    text: str,
    owner: str,
    by_on: date | None = None,
    goal: Goal | None = None,
    now: datetime,
) -> Action:
    """Raises Refused as `add_goal` does, and for a goal that is not theirs or is over."""
    pairing = _locked(pairing, by)
    _check_goal(pairing, goal)
    action = Action(
        pairing=pairing, author=by, text=text, owner=owner, by_on=by_on, goal=goal, created_at=now
    )
    return _once(action)


@transaction.atomic
def change_action(
    action: Action, *, by: User, text: str | None, owner: str, by_on: date | None, goal: Goal | None
) -> None:
    """Whose it is, by when, and towards what, by either of the two; `text` by whoever wrote it, None leaves it.

    Raises Refused as `add_action` does.
    """
    pairing = _locked(action.pairing, by)
    if goal is None or goal.pk != action.goal_id:
        _check_goal(pairing, goal)
    if text is not None:
        mine = _own(Action, action, by)
        mine.text = text
        mine.save(update_fields=["text"])
    Action.objects.filter(pk=action.pk).update(owner=owner, by_on=by_on, goal=goal)


@transaction.atomic
def tick_actions(
    pairing: Pairing, *, by: User, done: Collection[int], not_done: Collection[int], now: datetime
) -> None:
    """Those are done now, and these are not after all; by their keys, those of other pairs are left alone. What the
    other one ticked at the same moment stays ticked, with their time. Raises Refused as `add_goal` does."""
    pairing = _locked(pairing, by)
    ours = Action.objects.filter(pairing=pairing)
    ours.filter(pk__in=done).open().update(done_at=now)
    ours.filter(pk__in=not_done).update(done_at=None)


@transaction.atomic
def delete_action(action: Action, *, by: User) -> None:
    """Raises Refused as `change_goal` does."""
    _own(Action, action, by).delete()


@transaction.atomic
def add_possibility(pairing: Pairing, *, by: User, text: str, now: datetime) -> Possibility:
    """Raises Refused as `add_goal` does."""
    pairing = _locked(pairing, by)
    return _once(Possibility(pairing=pairing, author=by, text=text, created_at=now))


@transaction.atomic
def change_possibility(possibility: Possibility, *, by: User, text: str) -> None:
    """Raises Refused as `change_goal` does."""
    possibility = _own(Possibility, possibility, by)
    possibility.text = text
    possibility.save(update_fields=["text"])


@transaction.atomic
def delete_possibility(possibility: Possibility, *, by: User) -> None:
    """Raises Refused as `change_goal` does."""
    _own(Possibility, possibility, by).delete()


def _locked(pairing: Pairing, by: User) -> Pairing:
    """Its row as it is now, ours until the end of the transaction: nobody ends it, or is erased, meanwhile."""
    open_requests.keep_people([pairing.mentor_id, pairing.mentee_id])
    rows = Pairing.objects.select_for_update(no_key=True, of=("self",)).with_people()
    pairing = rows.get(pk=pairing.pk)
    if not rules.may_write_in_room(by, pairing):
        raise Refused(_("This is written down while the pairing is under way. What you have stays readable."))
    return pairing


def _own(model: type[Row], row: Row, by: User) -> Row:
    """The row as it is now. Raises Refused for whoever did not write it."""
    _locked(row.pairing, by)
    mine = model._default_manager.filter(pk=row.pk, author=by).first()
    if mine is None:
        raise Refused(_("Only whoever wrote it can do this."))
    return mine


def _check_goal(pairing: Pairing, goal: Goal | None) -> None:
    if goal is not None and not Goal.objects.open().filter(pk=goal.pk, pairing=pairing).exists():
        raise Refused(_("Choose a goal that you are still working towards."))


def _once(row: Row) -> Row:
    """Saves it, unless the very same was written a moment ago: returns that one then."""
    latest = type(row)._default_manager.filter(
        pairing=row.pairing, author=row.author, created_at__gt=row.created_at - AT_ONCE
    )
    for one in latest:
        if _said(one) == _said(row):
            return one
    row.save()
    return row


def _said(row: Row) -> list[object]:
    return [words(row, "text"), *(getattr(row, name, None) for name in ("owner", "goal_id", "by_on"))]
