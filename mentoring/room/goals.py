"""What two people work towards, as one of them sees it on a page: sealed words opened, sides in words.

`whose` is "You", the first name of the other one, or "Both of you". No part of it counts anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.templatetags.best import long_date, month_day
from accounts.vault import data_keys
from accounts.vault.reading import words
from mentoring.models import Action, Goal, Pairing, Possibility, Side

# What was ticked stands among what is open for so long.
LATELY = timedelta(days=7)
MOST_TO_CHOOSE = 50
# So many stand beside a page; the rest are one click away.
MOST_BESIDE = 12
WEEKDAYS: tuple[str | Promise, ...] = (
    _("by Monday"),
    _("by Tuesday"),
    _("by Wednesday"),
    _("by Thursday"),
    _("by Friday"),
    _("by Saturday"),
    _("by Sunday"),
)


@dataclass(frozen=True)
class GoalShown:
    """`next` is the words of the step that comes first, "" where none is open."""

    row: Goal
    text: str
    why: str
    whose: str
    next: str
    is_mine: bool


@dataclass(frozen=True)
class ActionShown:
    """`when`: by when, or since when it is done. `towards`: the words of its goal, if it has one."""

    row: Action
    text: str
    whose: str
    when: str
    towards: str
    is_mine: bool


@dataclass(frozen=True)
class PossibilityShown:
    row: Possibility
    text: str
    is_mine: bool
    is_withdrawn: bool


def sides(pairing: Pairing, user: User) -> list[tuple[str, str]]:
    """Whose something may be, in words, also for a form: the other one by their first name, and both."""
    you, mine = gettext("You"), side_of(user, pairing)
    return [
        (Side.MENTOR.value, you if mine == Side.MENTOR else pairing.mentor.first_name),
        (Side.MENTEE.value, you if mine == Side.MENTEE else pairing.mentee.first_name),
        (Side.BOTH.value, gettext("Both of you")),
    ]


def side_of(user: User, pairing: Pairing) -> Side:
    return Side.MENTOR if pairing.is_mentor(user) else Side.MENTEE


def with_next_step(goals: QuerySet[Goal]) -> QuerySet[Goal]:
    """Each with `next_pk`, the key of its open step that comes first."""
    steps = Action.objects.open().filter(goal=OuterRef("pk"), pairing=OuterRef("pairing"))
    return goals.annotate(next_pk=Subquery(first_first(steps).values("pk")[:1]))


def first_first(actions: QuerySet[Action]) -> QuerySet[Action]:
    """Those that are open, the earliest day first; then those that are done, the latest first."""
    return actions.order_by(
        F("done_at").desc(nulls_first=True), F("by_on").asc(nulls_last=True), "created_at", "pk"
    )


def shown_goals(rows: Iterable[Goal], pairing: Pairing, user: User) -> list[GoalShown]:
    """`rows` come from `with_next_step`. One question for the steps of all, and one for the keys."""
    rows = list(rows)
    keys = [key for row in rows if (key := getattr(row, "next_pk", None))]
    steps = Action.objects.in_bulk(keys) if keys else {}
    _prepare(*rows, *steps.values())
    whose = dict(sides(pairing, user))
    found = []
    for row in rows:
        step = steps.get(getattr(row, "next_pk", None) or 0)
        found.append(
            GoalShown(
                row=row,
                text=words(row, "text"),
                why=words(row, "why"),
                whose=whose[row.owner],
                next=words(step, "text") if step else "",
                is_mine=row.author_id == user.pk,
            )
        )
    return found


def shown_actions(rows: Iterable[Action], pairing: Pairing, user: User, now: datetime) -> list[ActionShown]:
    """`rows` have their goals at hand (`select_related("goal")`)."""
    rows = list(rows)
    _prepare(*rows, *(row.goal for row in rows if row.goal))
    whose, today = dict(sides(pairing, user)), now.astimezone(user.zone).date()
    return [
        ActionShown(
            row=row,
            text=words(row, "text"),
            whose=whose[row.owner],
            when=_when(row, user, today),
            towards=words(row.goal, "text") if row.goal else "",
            is_mine=row.author_id == user.pk,
        )
        for row in rows
    ]


def shown_possibilities(rows: Iterable[Possibility], pairing: Pairing, user: User) -> list[PossibilityShown]:
    rows = list(rows)
    _prepare(*rows)
    return [
        PossibilityShown(
            row, words(row, "text"), row.author_id == user.pk, getattr(row, "is_withdrawn", False)
        )
        for row in rows
    ]


def goals_to_choose(pairing: Pairing, keep: Goal | None = None) -> list[tuple[str, str]]:
    """What a step may be towards, for a form: the goals that are open, and `keep`, which it is towards now."""
    goals = list(Goal.objects.open().filter(pairing=pairing).order_by("-created_at", "-pk")[:MOST_TO_CHOOSE])
    if keep is not None and keep not in goals:
        goals.append(keep)
    _prepare(*goals)
    return [(str(goal.pk), words(goal, "text")) for goal in goals]


def by_when(day: date, today: date) -> str:
    """In words, as short as it may be: "today", "by Thursday", "by June 30". A day that has gone by is only a day."""
    if day == today:
        return gettext("today")
    if day == today + timedelta(days=1):
        return gettext("by tomorrow")
    if today < day < today + timedelta(days=7):
        return str(WEEKDAYS[day.weekday()])
    return gettext("by %(day)s") % {"day": month_day(day) if day.year == today.year else long_date(day)}


def _when(action: Action, user: User, today: date) -> str:
    if action.done_at is not None:
        day = action.done_at.astimezone(user.zone).date()
        return month_day(day) if day.year == today.year else long_date(day)
    return by_when(action.by_on, today) if action.by_on else ""


def _prepare(*rows: Goal | Action | Possibility) -> None:
    """The keys of all who wrote them, by one question."""
    data_keys.prepare({row.author_id for row in rows})


@dataclass(frozen=True)
class Beside:
    """Goals of one pairing, for somebody who looks back: `partner` is the other one."""

    pairing: Pairing
    partner: User
    goals: list[GoalShown]


def goals_beside(user: User, pairings: Iterable[Pairing], since: datetime) -> list[Beside]:
    """Of each of these pairings that has any: goals that are open, and those that were until after `since`, the oldest
    first. Asks the database twice, however many pairings there are."""
    by_key = {pairing.pk: pairing for pairing in pairings}
    rows = Goal.objects.visible_to(user).filter(pairing__in=by_key)
    of_then = rows.filter(Q(state=Goal.State.OPEN) | Q(closed_at__gte=since)).order_by("-created_at", "-pk")
    found: dict[int, list[Goal]] = {}
    goals = list(of_then[:MOST_BESIDE]) if by_key else []
    for goal in goals:
        found.setdefault(goal.pairing_id, []).append(goal)
    _prepare(*goals)
    return [
        Beside(pairing, pairing.partner_of(user), shown_goals(reversed(found[key]), pairing, user))
        for key, pairing in by_key.items()
        if key in found
    ]
