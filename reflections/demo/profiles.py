"""What people say of themselves in the demo program, and a few photos: pictures of harbors, drawn here, of nobody."""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from accounts.models import Link, Photo, Profile, User, UsualHours

from .people import Person
from .words import blocks

BATCH = 2000
SIDE = 256
# One in so many of those outside the cast has a profile, a photo; no more photos than make a page look lived in.
EVERY_PROFILE, EVERY_PHOTO, MOST_PHOTOS = 2, 7, 40
COLORS = ("#c2820c", "#b5485b", "#6f7b3a", "#377d86", "#74529c", "#2b6647", "#8a5a3b", "#34507a")
SKIES = ("#fdf2d8", "#e9f3ec", "#fbeceb", "#e4ecf5", "#f4f0e7")
VALUES = (
    "Honesty",
    "Patience",
    "Curiosity",
    "Kindness",
    "Courage",
    "Fairness",
    "Humor",
    "Learning",
    "Calm",
    "Trust",
)
WORKS = ((0, 4, "09:00-17:00"), (0, 3, "08:00-16:30"), (1, 4, "10:00-18:00"), (0, 2, "09:30-15:00"))

Words = Mapping[str, str]


def make(
    members: Sequence[Person], users: Mapping[str, User], now: datetime, every: int = EVERY_PROFILE
) -> int:
    """How many profiles are made: of the cast, and of one in `every` others. Their seed is their own, so that the rest
    of the program stays as it is."""
    rng = random.Random(f"profiles {len(members)}")  # noqa: S311 (the same program each time is the point)
    profiles: list[Profile] = []
    hours: list[UsualHours] = []
    links: list[Link] = []
    photos: list[Photo] = []
    for number, person in enumerate(members):
        user = users[person.email]
        words = _words(person, number, every, rng)
        if words is None:
            continue
        profiles.append(_profile(user, words, now))
        hours += [_owned(row, user) for row in _hours(words.get("hours", ""))]
        if "link" in words:
            url, _, label = words["link"].partition(" ")
            links.append(Link(person=user, position=1, url=url, label=label))
        is_photographed = person.key in {"hanne", "devika", "laila", "beatriz"} or (
            not person.key and number % EVERY_PHOTO == 0
        )
        if is_photographed and len(photos) < MOST_PHOTOS:
            user.photo_key = rng.randbytes(16).hex()
            photos.append(Photo(person=user, image=draw(rng), made_at=now))
    Profile.objects.bulk_create(profiles, BATCH)
    UsualHours.objects.bulk_create(hours, BATCH)
    Link.objects.bulk_create(links, BATCH)
    Photo.objects.bulk_create(photos)
    User.objects.bulk_update([photo.person for photo in photos], ["photo_key"])
    return len(profiles)


@cache
def _texts() -> dict[tuple[str, str], tuple[Words, ...]]:
    """By ("cast", key) or ("any", field)."""
    found: dict[tuple[str, str], tuple[Words, ...]] = {}
    for (who, what), text in blocks("profiles.txt"):
        words = dict(line.split(": ", 1) for line in text.splitlines())
        found[who, what] = (*found.get((who, what), ()), words)
    return found


def _words(person: Person, number: int, every: int, rng: random.Random) -> Words | None:
    if person.key:
        return _texts().get(("cast", person.key), (None,))[0]
    if number % every:
        return None
    first, last, times = rng.choice(WORKS)
    return {
        **rng.choice(_texts()["any", person.area]),
        "languages": " | ".join(dict.fromkeys(filter(None, [person.city.language, "en"]))),
        "values": " | ".join(rng.sample(VALUES, rng.randint(1, 4))),
        "hours": f"{first}-{last} {times}",
    }


def _profile(user: User, words: Words, now: datetime) -> Profile:
    pronouns, _, readers = words.get("pronouns", "").rpartition(", ")
    return Profile(
        person=user,
        pronouns=pronouns,
        pronouns_for=readers or Profile.PronounsFor.ME,
        headline=words.get("headline", ""),
        about=words.get("about", ""),
        help_with=words.get("help_with", ""),
        languages=_list(words.get("languages", "")),
        core_values=_list(words.get("values", "")),
        changed_at=now,
    )


def _list(words: str) -> list[str]:
    return [word for word in words.split(" | ") if word]


def _hours(words: str) -> Iterator[UsualHours]:
    """Of “0-3 08:30-16:00 | 6-6 10:00-16:00”."""
    for part in _list(words):
        days, times = part.split(" ")
        first, last = (int(day) for day in days.split("-"))
        begins, ends = (time.fromisoformat(at) for at in times.split("-"))
        for day in range(first, last + 1):
            yield UsualHours.between(day, begins, ends)


def _owned(row: UsualHours, user: User) -> UsualHours:
    row.person = user
    return row


def draw(rng: random.Random) -> bytes:
    """A sun over hills and water."""
    image = Image.new("RGB", (SIDE, SIDE), rng.choice(SKIES))
    brush = ImageDraw.Draw(image)
    colors = rng.sample(COLORS, 4)
    x, y, r = rng.randint(50, 206), rng.randint(50, 100), rng.randint(24, 44)
    brush.ellipse((x - r, y - r, x + r, y + r), fill=colors[0])
    for line, color in enumerate(colors[1:]):
        base, swell, slope = 110 + 46 * line, rng.uniform(6, 26), rng.uniform(0.01, 0.03)
        shift = rng.uniform(0, 6)
        edge = [(at, base + swell * math.sin(shift + at * slope)) for at in range(0, SIDE + 8, 8)]
        brush.polygon([*edge, (SIDE + 8, SIDE), (0, SIDE)], fill=color)
    written = BytesIO()
    image.save(written, "WEBP", quality=82)
    return written.getvalue()
