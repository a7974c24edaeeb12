"""One program after another: what the next one begins with, and what the apps above this one add to it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from accounts.models import User

from .models import Program
from .program_templates import ProgramTemplate
from .quarter import plus_months

DAY = timedelta(days=1)
# Whoever writes down such a day means that there is none, and nothing can be counted from it.
FAR_OFF = date(3000, 1, 1)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# The fields that an earlier program hands on as they are; the dates move, and a few begin anew.
HANDED_ON = (
    "purpose", "time_zone", "fiscal_first_month", "roles", "mentors_are", "mentees_are", "join_policy", "matched_by",
    "approval", "directory_for", "directory_shows", "open_requests", "requests_are_checked", "pairings_per_mentee",
    "places_for_mentors", "places_for_mentees", "offer_days", "ground_rules", "agreement",
    "accent", "contact_name", "contact_email", "concern_name", "concern_email", "retention_months",
    "has_wall", "help_url", "whom_colleague", "whom_client", "whom_myself", "whom_mentee", "whom_mentor",
)  # fmt: skip

Copy = Callable[[Program, Program], object]
_copies: list[Copy] = []


def register_copy(copy: Copy) -> None:
    """`copy(earlier, program)` is called in the transaction that makes a program after an earlier one."""
    if copy not in _copies:
        _copies.append(copy)


def copy_the_rest(earlier: Program, program: Program) -> None:
    for copy in _copies:
        copy(earlier, program)


def from_template(template: ProgramTemplate, *, by: User, today: date) -> dict[str, Any]:
    """What the form is filled in with: from the first of next month on, signed by whoever makes it."""
    starts_on = plus_months(today.replace(day=1), 1)
    return template.settings() | {
        "starts_on": starts_on,
        "ends_on": plus_months(starts_on, template.months) - DAY if template.months else None,
        "time_zone": by.zone.key,
        "contact_name": by.first_name,
        "contact_email": by.email,
    }


def after(earlier: Program, *, today: date) -> dict[str, Any]:
    """What the form is filled in with: as the earlier one, from the day after its last on, and as long as it was."""
    starts_on, ends_on = dates_after(earlier, today)
    values = {name: getattr(earlier, name) for name in HANDED_ON}
    years = starts_on.year - earlier.starts_on.year
    return values | {
        "name": YEAR.sub(lambda found: str(int(found[0]) + years), earlier.name),
        "starts_on": starts_on,
        "ends_on": ends_on,
    }


def dates_after(earlier: Program, today: date) -> tuple[date, date | None]:
    """The first and the last day; the first is never past, since rounds are made from it on."""
    if earlier.ends_on is None or earlier.ends_on >= FAR_OFF:
        return max(today, earlier.starts_on), None
    starts_on = max(earlier.ends_on + DAY, today)
    return starts_on, _as_long(earlier.starts_on, earlier.ends_on, starts_on)


def applications_until_after(earlier: Program, starts_on: date) -> date | None:
    """As many days before or after the first day as it was."""
    if earlier.applications_until is None or earlier.applications_until >= FAR_OFF:
        return None
    return starts_on + (earlier.applications_until - earlier.starts_on)


def _as_long(first: date, last: date, starts_on: date) -> date:
    """In whole months where it was whole months, else in days."""
    months = (last + DAY).year * 12 + (last + DAY).month - first.year * 12 - first.month
    if months > 0 and plus_months(first, months) == last + DAY:
        return plus_months(starts_on, months) - DAY
    return starts_on + (last - first)
