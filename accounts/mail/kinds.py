"""What kinds of message there are. Whoever owes a kind registers it when its app starts; the outbox asks here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User

    from .models import Message

Text = str | Promise


class Unrenderable(Exception):
    """Raised by `render` when there is nothing to say: the message is cancelled for `reason` (not private)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotYet(Exception):
    """Raised by `render` when it cannot be said just now: it is tried again in a minute, for `reason` (not private)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Stream:
    """What a person stops in one go: all kinds that share it. In the settings it stands for whom it `concerns`, and for
    whoever stopped it."""

    name: str
    label: Text
    description: Text
    concerns: Callable[["User"], bool] = lambda _person: True


@dataclass(frozen=True)
class Always:
    """What cannot be switched off, and one sentence for its readers on why; kinds that are alike share it."""

    label: Text
    why: Text


@dataclass(frozen=True)
class Letter:
    """What one message says, without its envelope and the headers that all mail carries.

    `alternatives` are the same in other forms, behind the HTML: content and type; `files` name, content and type.
    `from_address` is another address of ours than MAIL_FROM_ADDRESS, where answers are read. `to` is somebody else than
    the message's person, for a kind that is `to_others`. `url` is the page that it is about, where the weekly e-mail
    leads. `gathers` are the messages that go out with it, and not by themselves any more; they wait again where the
    server does not take it. `answerable_until`: until
    then a reply to it is taken in, at an address of its own (`inbound.addresses`), where the installation takes
    replies in at all.
    """

    subject: str
    text: str
    html: str
    from_name: str
    thread: str = ""
    list_id: str = ""
    list_name: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    from_address: str = ""
    url: str = ""
    alternatives: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, bytes, str], ...] = ()
    to: str = ""
    gathers: tuple[int, ...] = ()
    answerable_until: datetime | None = None


@dataclass(frozen=True)
class Kind:
    """`conditions` are pairs: why it would not be wanted any more, and a Q over Message that says it still is.

    `always`: for a kind without a stream, what its readers are told of it in their settings. `to_others`: its person
    has it sent, and its letter names who gets it. It has no stream, since what its person stopped, and when they want
    to be left alone, is about what they get; what its reader stopped is for its conditions to ask.

    `rank`: it is sent by the calendar and by nobody's hand, so that it counts among the one in a week (caps.py); of two
    that want one week the lower goes. `is_daily`: of all such kinds together a person gets one in a day. `is_urgent`:
    it does not wait for the weekly e-mail of those who want one. `hours`: from when until when it may reach its person,
    by their own clock; when it is late, is tried again or is taken up at night, it waits for their morning. `link`: the
    purpose of a link of its own in its letters, whose token is put on the message while the letter is made, and whose
    row is written when it goes out.
    """

    name: str
    stream: Stream | None
    label: Text
    render: Callable[["Message"], Letter]
    conditions: tuple[tuple[str, Q], ...] = ()
    always: Always | None = None
    to_others: bool = False
    rank: int | None = None
    is_daily: bool = False
    is_urgent: bool = False
    hours: tuple[time, time] | None = None
    link: str = ""


CODES = Always(_("Codes for signing in"), _("You have just asked for them."))
SECURITY = Always(
    _("Notices about your account’s security"),
    _("A new password, a new address, a new passkey: if it was not you, you must hear of it."),
)
OWN_DATA = Always(
    _("What becomes of your data"),
    _("A copy that you asked for, words or an account about to be deleted: you must hear of it in time."),
)
_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Raises ValueError for a name that is taken, or a stream of the same name that says something else, or of a kind
    that goes to others."""
    if kind.to_others and kind.stream is not None:
        raise ValueError(f"{kind.name} goes to others, so its person has nothing to stop")
    if _kinds.get(kind.name, kind) != kind:
        raise ValueError(f"there is a kind named {kind.name} already")
    for stream in streams():
        if kind.stream is not None and stream.name == kind.stream.name and stream != kind.stream:
            raise ValueError(f"there is another stream named {stream.name}")
    _kinds[kind.name] = kind


def get(name: str) -> Kind:
    """Raises LookupError when nobody registered it."""
    return _kinds[name]


def stream_of(name: str) -> Stream | None:
    """What a person stops who wants no more of that kind; None where nothing does, or nobody registered it."""
    return _kinds[name].stream if name in _kinds else None


def names() -> list[str]:
    return list(_kinds)


def registered() -> tuple[Kind, ...]:
    """All of them."""
    return tuple(_kinds.values())


def label_of(name: str) -> Text:
    """The kind's label; its bare name when it was registered by a version that has gone."""
    return _kinds[name].label if name in _kinds else name


def streams() -> tuple[Stream, ...]:
    """Every stream that a person may stop, once each, in the order they were registered."""
    return tuple({kind.stream.name: kind.stream for kind in _kinds.values() if kind.stream}.values())


def of_stream(name: str) -> tuple[Kind, ...]:
    """The kinds that are stopped with that stream."""
    return tuple(kind for kind in _kinds.values() if kind.stream and kind.stream.name == name)


def labels_of(stream: str) -> list[str]:
    """What its e-mails are called, each name once."""
    return list(dict.fromkeys(str(kind.label) for kind in of_stream(stream)))


def always() -> tuple[Always, ...]:
    """What cannot be switched off, once each: what goes at once by allauth, and kinds without a stream."""
    ours = [
        kind.always or Always(kind.label, "")
        for kind in _kinds.values()
        if not kind.stream and not kind.to_others
    ]
    return tuple(dict.fromkeys((CODES, SECURITY, *ours)))
