"""Small pieces of sentences that several pages say."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.best import clock, month_day, weekday_date
from mentoring.models import Pairing

from .models import Answer, Audience
from .readers import Readers


def said_when(at: datetime, now: datetime) -> str:
    """`today at 14:41`, `yesterday at 21:10`, `on Tuesday, June 16 at 21:10`: in the reader's zone."""
    day, today = timezone.localdate(at), timezone.localdate(now)
    if day == today:
        return _("today at %(time)s") % {"time": clock(at)}
    if day == today - timedelta(days=1):
        return _("yesterday at %(time)s") % {"time": clock(at)}
    day_in_words = weekday_date(at) if day.year == today.year else date_format(day, "DATE_FORMAT")
    return _("on %(date)s at %(time)s") % {"date": day_in_words, "time": clock(at)}


def said_on(day: date, now: datetime) -> str:
    """`June 22`, and `June 22, 2025` where it was another year."""
    return date_format(day, "DATE_FORMAT") if day.year != timezone.localdate(now).year else month_day(day)


def listed(names: Sequence[str]) -> str:
    """`Tomasz, Ayo and Greta`."""
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s and %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


def whole(answer: Answer) -> str:
    """All that was written to one question, where there is one place for it: a before and its after said as such."""
    if not answer.after:
        return str(answer.text)
    parts = [_("After: %(words)s") % {"words": answer.after}]
    if answer.text:
        parts.insert(0, _("Before: %(words)s") % {"words": answer.text})
    return "\n\n".join(parts)


def partner_names(person: User, pairings: Iterable[Pairing]) -> dict[int, str]:
    """By pairing, what to call the other one: the first name, or more where two would be called the same."""
    chosen: dict[int, str] = {}
    pairings = list(pairings)
    for spell in (_first, _whole, _with_program):
        spelled = {pairing.pk: spell(pairing.partner_of(person), pairing) for pairing in pairings}
        times = Counter(spelled.values())
        chosen = {pk: name for pk, name in spelled.items() if times[name] == 1} | chosen
        if len(chosen) == len(pairings):
            break
    return {
        pairing.pk: chosen.get(pairing.pk) or _first(pairing.partner_of(person), pairing)
        for pairing in pairings
    }


def _first(partner: User, pairing: Pairing) -> str:
    return partner.first_name


def _whole(partner: User, pairing: Pairing) -> str:
    return partner.name or partner.first_name


def _with_program(partner: User, pairing: Pairing) -> str:
    return f"{_whole(partner, pairing)} ({pairing.program})"


def readers_in_words(readers: Readers, names: dict[int, str], program: str) -> str:
    """`Only you`, `You and Tomasz`, `Everyone in Harbor Mentors`. `names` are those of the pairings' other people."""
    if readers.audience == Audience.PROGRAM:
        return _("Everyone in %(program)s") % {"program": program}
    if readers.audience == Audience.PAIRING:
        who = listed(sorted(names[pk] for pk in readers.pairings if pk in names))
        return (
            _("You, %(names)s") % {"names": who}
            if len(readers.pairings) > 1
            else _("You and %(name)s") % {"name": who}
        )
    return _("Only you")
