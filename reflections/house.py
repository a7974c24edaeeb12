"""Which parts of the tick delete what has had its time, and what is noted of them for whoever runs the installation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.house.estimates import how_many
from accounts.models import Erasure, HouseRun, User
from mentoring.models import Program, Retention
from mentoring.retention import Tended

# By their names in reflections/tasks.py.
PARTS: dict[str, str | Promise] = {
    "accounts erased": _("Accounts whose people wanted to leave"),
    "retention": _("Words in programs that were over long ago"),
    "never came, forgotten": _("Accounts that were made and never used"),
    "mails that came in, forgotten": _("E-mails that came in"),
    "mails put aside, forgotten": _("E-mails that could not be understood"),
    "files removed": _("Pictures and files that nothing names any more"),
    "what was heard of mail, forgotten": _("What mail servers said of addresses"),
    "shared texts forgotten": _("Texts shared while signed out"),
    "exports deleted": _("Exports of people’s data"),
    "keepsakes deleted": _("Keepsake books"),
    "imports tidied": _("Files of imports"),
    "sessions ended": _("Sessions that have run out"),
    "records of the house forgotten": _("What this page shows of earlier days"),
}
SHOWN = timedelta(days=30)


def noted(done: Mapping[str, object]) -> dict[str, int]:
    """Of what a tick did: how many rows each of these parts saw to. What failed is not among it."""
    return {name: _rows(done[name]) for name in PARTS if done.get(name) is not None}


def _rows(result: object) -> int:
    if isinstance(result, Tended):  # To be warned is to lose nothing.
        return result.cleared + result.erased
    return result if isinstance(result, int) else 0


@dataclass(frozen=True)
class Runs:
    """Of one part: when it ran last, how many rows it saw to in 30 days, and on which day it last had one."""

    label: str
    last_at: datetime | None
    rows: int
    last_day: object


def runs(now: datetime) -> list[Runs]:
    since = (now - SHOWN).date()
    rows = list(HouseRun.objects.filter(name__in=PARTS, on__gte=since).order_by("on"))
    return [
        Runs(
            str(label),
            max((row.last_at for row in rows if row.name == name), default=None),
            sum(row.rows for row in rows if row.name == name),
            max((row.on for row in rows if row.name == name and row.rows), default=None),
        )
        for name, label in PARTS.items()
    ]


@dataclass(frozen=True)
class Ahead:
    """What the clock has before it, and what it has erased in a year. Numbers and days, nobody's."""

    leaving_next: datetime | None
    programs_that_forget: int
    warned: int
    erased_in_a_year: int


def ahead(now: datetime) -> Ahead:
    leaving = User.objects.filter(erasure_due_at__isnull=False).aggregate(next=Min("erasure_due_at"))
    forget = Program.objects.filter(retention_months__isnull=False)
    return Ahead(
        leaving["next"],
        how_many(forget),
        how_many(Retention.objects.filter(Q(warned_at__isnull=False, cleared_at__isnull=True))),
        how_many(Erasure.objects.filter(erased_on__gte=(now - timedelta(days=365)).date())),
    )
