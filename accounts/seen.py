"""A profile as one reader sees it: on the page of that person, and in the preview before it is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from . import hours, languages
from .models import Link, Profile, User, UsualHours


@dataclass(frozen=True)
class SeenLink:
    """`host` says where it leads, whatever its label says."""

    url: str
    label: str
    host: str

    @classmethod
    def of(cls, link: Link) -> Self:
        host = (urlsplit(link.url).hostname or "").removeprefix("www.")
        return cls(link.url, link.label or host, host)


@dataclass(frozen=True)
class Seen:
    """`there` is the time where they are, None while that is not known; `hours` are by the reader's clock where it is.

    `photo` is the address of the picture, "" for their initial.
    """

    person: User
    pronouns: str
    headline: str
    about: str
    help_with: str
    languages: Sequence[str]
    values: Sequence[str]
    hours: Sequence[str]
    links: Sequence[SeenLink]
    there: datetime | None
    is_elsewhere: bool
    photo: str

    @property
    def is_empty(self) -> bool:
        return not any(
            (self.headline, self.about, self.help_with, self.languages, self.values, self.hours, self.links)
        )


def as_seen(
    profile: Profile,
    *,
    usual_hours: Iterable[UsualHours],
    links: Iterable[Link],
    shows_pronouns: bool,
    reader_zone: ZoneInfo,
    now: datetime,
    photo: str = "",
) -> Seen:
    person = profile.person
    knows_zone = bool(person.time_zone)
    clock = reader_zone if knows_zone else person.zone
    return Seen(
        person=person,
        pronouns=profile.pronouns if shows_pronouns else "",
        headline=profile.headline,
        about=profile.about,
        help_with=profile.help_with,
        languages=languages.names_of(profile.languages),
        values=profile.core_values,
        hours=hours.in_words(hours.on_clock(usual_hours, person.zone, clock, now)),
        links=[SeenLink.of(link) for link in links],
        there=now if knows_zone else None,
        is_elsewhere=knows_zone
        and now.astimezone(reader_zone).utcoffset() != now.astimezone(person.zone).utcoffset(),
        photo=photo,
    )
