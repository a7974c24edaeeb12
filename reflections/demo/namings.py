"""Who is named in what the cast of the demo program share: asked, and in most things agreed."""

from collections.abc import Mapping

from accounts.models import User
from accounts.vault import data_keys
from reflections.models import Answer, Audience, Moment, Naming

from .calendar import DAY, Times

# Writer, beginning of what they wrote, who is named there, days since they were asked, and since they agreed.
NAMED: tuple[tuple[str, str, str, int, int | None], ...] = (
    ("hanne", "Devika read the borehole logs", "devika", 30, 29),
    ("hanne", "The port authority wanted to know", "devika", 2, None),
    ("devika", "Hanne took the minutes", "hanne", 21, 20),
    ("callum", "Hanne came to the public meeting", "hanne", 1, None),
    ("callum", "The drainage map got corrected", "ines", 3, 2),
    ("hanne", "I learned how long six minutes are", "callum", 60, 60),
    ("hanne", "Jonas on the deck, jumping", "jonas", 150, 149),
)


def ask(users: Mapping[str, User], times: Times) -> int:
    """How many people are named."""
    writers = {key: _user(users, key) for key in sorted({row[0] for row in NAMED})}
    rows = []
    with data_keys.in_hand(*sorted(writer.pk for writer in writers.values())):
        things = {key: _shared(writer) for key, writer in writers.items()}
        for key, begins, named, asked, agreed in NAMED:
            thing = next(one for one in things[key] if one.text.startswith(begins))
            row = _row(thing, _user(users, named))
            shared_at = thing.saved_at if isinstance(thing, Answer) else thing.created_at
            row.created_at = row.asked_at = max(shared_at, times.at(times.today - asked * DAY, 8, 20))
            if agreed is not None:
                row.agreed_at = max(row.asked_at, times.at(times.today - agreed * DAY, 19, 5))
            rows.append(row)
    return len(Naming.objects.bulk_create(rows))


def _shared(writer: User) -> list[Moment | Answer]:
    moments = Moment.objects.of(writer).exclude(audience=Audience.ME)
    return [*moments, *Answer.objects.filter(reflection__person=writer).exclude(audience=Audience.ME)]


def _row(thing: Moment | Answer, person: User) -> Naming:
    what = {"answer" if isinstance(thing, Answer) else "moment": thing}
    return Naming(person=person, **what)


def _user(users: Mapping[str, User], key: str) -> User:
    return users[f"{key}@harbor.example"]
