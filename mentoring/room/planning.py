"""What a form offers to the two who look for a time: those that suit, on the clocks of both."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.best import clock as time_of_day
from accounts.templatetags.best import in_zone, place, weekday_date
from mentoring.forms import TimesForm
from mentoring.forms.offered import Offered
from mentoring.models import Meeting, Pairing
from mentoring.suggestions import Found, Suggested

USUAL = 60


def new_times_form(
    pairing: Pairing, user: User, found: Found, initial: dict[str, Any], now: datetime, data: Any = None
) -> TimesForm:
    """What was found lasts `initial["minutes"]`; times of one's own do so until something else is chosen for them."""
    minutes = initial["minutes"]
    return TimesForm(
        data,
        zone=user.zone,
        place_name=place(user),
        now=now,
        offered=offered_times(found.suggested, [pairing], user, minutes=minutes),
        named=partial(offered_time, pairings=[pairing], reader=user, minutes=minutes),
        initial=initial | {"own_minutes": minutes},
    )


def habit(pairing: Pairing) -> dict[str, Any]:
    """How long and where the two met last, or will meet: what they are likely to do again."""
    last = Meeting.objects.planned().filter(pairing=pairing).order_by("-starts_at").first()
    return {"minutes": last.minutes if last else USUAL, "place": last.place if last else ""}


def offered_times(
    suggested: Sequence[Suggested], pairings: Sequence[Pairing], reader: User, *, minutes: int
) -> list[Offered]:
    return [
        offered_time(each.starts_at, pairings=pairings, reader=reader, minutes=minutes, costs=each.costs)
        for each in suggested
    ]


def offered_time(
    starts_at: datetime,
    *,
    pairings: Sequence[Pairing],
    reader: User,
    minutes: int,
    costs: Sequence[str] = (),
) -> Offered:
    """On the reader's clock, and below it on the others' where they are other ones, with what it costs whom."""
    others = {each.partner_of(reader).pk: each.partner_of(reader) for each in pairings}
    elsewhere = [person for person in others.values() if person.time_zone != reader.time_zone]
    return Offered(
        starts_at,
        _("%(day)s, %(from)s to %(to)s") % _span(starts_at, reader, minutes),
        "; ".join([*(_there(starts_at, person, reader, minutes) for person in elsewhere), *costs]),
    )


def _span(starts_at: datetime, person: User, minutes: int) -> dict[str, str]:
    begins = in_zone(starts_at, person.zone)
    ends = in_zone(starts_at + timedelta(minutes=minutes), person.zone)
    return {"day": weekday_date(begins), "from": time_of_day(begins), "to": time_of_day(ends)}


def _there(starts_at: datetime, person: User, reader: User, minutes: int) -> str:
    named = _span(starts_at, person, minutes) | {"name": person.first_name, "city": place(person)}
    if named["day"] == _span(starts_at, reader, minutes)["day"]:
        return _("%(from)s to %(to)s for %(name)s in %(city)s") % named
    return _("%(day)s, %(from)s to %(to)s for %(name)s in %(city)s") % named
