"""What the pairs of the demo program agreed on, and how each likes to hear hard things."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from accounts.models import User
from accounts.vault import data_keys
from mentoring.models import Agreement, FeedbackWish, Pairing

from .calendar import DAY, Times
from .pairs import Pair
from .programs import AGREEMENT

State = Agreement.State
BATCH = 200

CADENCES = (
    "Every third Thursday, one hour",
    "Once a month, on a Tuesday after four",
    "Every two weeks for half an hour, and a long one at the end of each quarter",
    "Once a month, an hour; none in August",
)
PLACES = (
    "By video, and once a quarter at the café by the lock",
    "A walk along the quay when it is dry, the canteen when it is not",
    "By video. Cameras are up to each of us.",
    "",
)
BETWEEN_US = (
    "What is said here stays here, names of clients above all. Where somebody could come to harm, it ends, and we say "
    "so first.",
    "Stays between us, also toward our managers. We ask before we pass anything on. The law and somebody’s safety come "
    "first.",
    "Whoever would like to pass something on asks first. It ends where somebody is in danger.",
)
CANCELING = (
    "A day’s notice, and we pick the new date at once",
    "A line by noon of the same day is enough",
    "",
)
ENDINGS = (
    "At the end of the year we look back for an hour, and say what each of us takes along",
    "Whoever has had enough says so, kindly and early. We have one last coffee.",
    "",
)
HARD_THINGS = (
    "Said early, said kindly, said once",
    "Write it to me first, please. Then I have had my bad hour before we talk.",
    "Straight out. I notice when somebody wraps it.",
    "Ask me whether it is a good moment. Most of the time it is.",
    "With one example, so that I can see it too",
)
MORE_OFTEN = "Every second Thursday until the move is through, then every third; one hour"


def agree(pairs: Sequence[Pair], users: dict[str, User], times: Times) -> int:
    """How many versions there are now."""
    versions: list[Agreement] = []
    wishes: list[FeedbackWish] = []
    begun = [pair for pair in pairs if pair.has_begun]
    for number, pair in enumerate(begun):
        versions += _versions(pair, number, times)
        wishes += _wishes(pair, number, users, times)
    _save(Agreement, versions)
    _save(FeedbackWish, wishes)
    return len(versions)


def _versions(pair: Pair, number: int, times: Times) -> Iterator[Agreement]:
    pairing, first = pair.saved, min(times.at(pair.starts_on + 2 * DAY, 11), times.now - DAY)
    match pair.mentor.key, pair.mentee.key:
        case "hanne", "devika":
            words = _words(0)
            yield _version(
                pairing, 1, pairing.mentee_id, first, words, agreed_after=3, closed_at=first + 70 * DAY
            )
            yield _version(
                pairing,
                2,
                pairing.mentor_id,
                first + 67 * DAY,
                words | {"cadence": CADENCES[0]},
                agreed_after=3,
            )
        case "callum", "ines":
            yield _version(pairing, 1, pairing.mentor_id, first, _words(1), agreed_after=1)
            asked = times.now - 2 * DAY
            yield _version(pairing, 2, pairing.mentee_id, asked, _words(1) | {"cadence": MORE_OFTEN})
        case "hanne", "laila":
            words = {"together": AGREEMENT, "confidentiality": BETWEEN_US[2]}
            yield _version(pairing, 1, pairing.mentee_id, times.now - 3 * DAY, words)
        case _ if number % 3 != 2:
            yield _version(pairing, 1, pairing.mentor_id, first, _words(number), agreed_after=0)


def _wishes(pair: Pair, number: int, users: dict[str, User], times: Times) -> Iterator[FeedbackWish]:
    """Of some both have said it, of some one, of some nobody."""
    told = min(times.at(pair.starts_on + 2 * DAY, 11), times.now - DAY)
    for place, person in enumerate((pair.mentor, pair.mentee)):
        if (number + place) % 3 != 2 or (place and pair.mentee.key == "devika"):
            words = HARD_THINGS[(number + 2 * place) % len(HARD_THINGS)]
            yield FeedbackWish(pairing=pair.saved, person=users[person.email], text=words, changed_at=told)


def _words(number: int) -> dict[str, str]:
    return {
        "cadence": CADENCES[number % len(CADENCES)],
        "place": PLACES[number % len(PLACES)],
        "confidentiality": BETWEEN_US[number % len(BETWEEN_US)],
        "cancelling": CANCELING[number % len(CANCELING)],
        "ending": ENDINGS[(number + 1) % len(ENDINGS)],
    }


def _version(
    pairing: Pairing,
    number: int,
    by: int,
    at: datetime,
    words: dict[str, str],
    *,
    agreed_after: int | None = None,
    closed_at: datetime | None = None,
) -> Agreement:
    """Waits for an answer, unless it was agreed to after so many days."""
    state = State.PROPOSED if agreed_after is None else State.REPLACED if closed_at else State.AGREED
    agreed_at = None if agreed_after is None else at + agreed_after * DAY
    return Agreement(
        pairing=pairing, number=number, proposed_by_id=by, proposed_at=at, state=state, agreed_at=agreed_at,
        closed_at=closed_at, **{name: words.get(name, "") for name in Agreement.CLAUSES},
    )  # fmt: skip


def _save(model: type[Agreement] | type[FeedbackWish], rows: Sequence[Agreement | FeedbackWish]) -> None:
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        with data_keys.in_hand(*sorted({row.sealed_for for row in batch})):
            model._default_manager.bulk_create(batch)  # type: ignore[arg-type]
