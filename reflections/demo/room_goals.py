"""What the pairs of the demo program work towards, and its library: invented, and a little of everything."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.vault import data_keys
from mentoring.models import Action, Goal, Pairing, Possibility, Program, Resource, ResourceFile

from .calendar import DAY, Times
from .pairs import Pair
from .words import blocks

# Besides those of the cast, so many pairs have something to show; the others have begun with an empty page.
OTHERS = 30
CAST = ("devika", "callum", "laila")


def work_towards(pairs: Sequence[Pair], times: Times) -> int:
    """How many goals there are."""
    written = list(blocks("goals.txt"))
    own = {words[1]: text for words, text in written if words[0] == "pair"}
    any_of_them = [text for words, text in written if words[0] == "any"]
    rng = random.Random("goals")  # noqa: S311 (the same program each time is the point)
    begun = [pair for pair in pairs if pair.has_begun]
    of_the_cast = [pair for pair in begun if pair.mentor.key == "hanne" and pair.mentee.key in CAST]
    others = [pair for pair in begun if pair not in of_the_cast][:OTHERS]
    for pair in of_the_cast:
        _write(pair, own[pair.mentee.key], times)
    for pair in others:
        _write(pair, rng.choice(any_of_them), times)
    return Goal.objects.count()


def fill_library(program: Program, admin: User, times: Times) -> None:
    since = times.at(times.began_on - 3 * DAY, 11)
    for (what, *rest), text in blocks("goals.txt"):
        if what not in ("resource", "file"):
            continue
        title, link, about, *content = (part.strip() for part in text.split("|"))
        resource = Resource.objects.create(
            program=program,
            title=title,
            about=about,
            link="" if content else link,
            file_name=link if content else "",
            stage=rest[0],
            for_role=rest[1],
            added_by=admin,
            changed_at=since,
        )
        if content:
            words = content[0].replace("\\n", "\n").encode()
            ResourceFile.objects.create(
                resource=resource, content=words, content_type="text/plain; charset=utf-8", size=len(words)
            )


def _write(pair: Pair, text: str, times: Times) -> None:
    pairing = pair.saved
    last = times.at(pair.ended_on, 12) if pair.ended_on else times.now - timedelta(hours=1)
    at = _moments(times.at(pair.starts_on, 12), last)
    goal: Goal | None = None
    with data_keys.in_hand(pairing.mentor_id, pairing.mentee_id):
        for line in text.splitlines():
            what, whose, *rest = (part.strip() for part in line.split("|"))
            author = pairing.mentor if whose == "mentor" else pairing.mentee
            common: dict[str, Any] = {"pairing": pairing, "author": author, "created_at": next(at)}
            if what == "goal":
                state, words, why = rest
                closed_at = None if state == Goal.State.OPEN else min(common["created_at"] + 45 * DAY, last)
                goal = Goal.objects.create(
                    **common, owner=whose, text=words, why=why, state=state, closed_at=closed_at
                )
            elif what == "step":
                _step(pairing, goal, common, whose, rest, last, times)
            else:
                Possibility.objects.create(**common, text=rest[0])


def _step(
    pairing: Pairing,
    goal: Goal | None,
    common: dict[str, Any],
    whose: str,
    rest: Sequence[str],
    last: datetime,
    times: Times,
) -> None:
    day, words = rest
    is_done = day.startswith("done") or pairing.status in Pairing.OVER
    ago = int(day.removeprefix("done ")) if day.startswith("done") else 0
    Action.objects.create(
        **common,
        goal=goal,
        owner=whose,
        text=words,
        by_on=None if is_done or day == "-" else times.today + int(day) * DAY,
        done_at=min(times.now - ago * DAY, last) if is_done else None,
    )


def _moments(began: datetime, last: datetime) -> Iterator[datetime]:
    """Every few days from the beginning on."""
    at = began + timedelta(days=3, hours=3)
    while True:
        yield min(at, last - timedelta(hours=1))
        at += timedelta(days=5, hours=1)
