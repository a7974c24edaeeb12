"""Two whose pairing is over and who would both like to stay in touch."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from accounts.models import User

from .models import InTouch, Pairing, Program, Retention
from .models.pairing import PairingQuerySet

# Of such a program nobody hears for now; of one that is over these two do, since they asked for it.
RESTS = (Program.Status.DRAFT, Program.Status.PAUSED)
HALF_YEAR = 6  # months
# Whoever was not asked in this time is asked half a year later.
WINDOW = timedelta(days=30)
MOST_POSTCARDS = 40


def _says(side: str, **fields: object) -> Exists:
    rows = InTouch.objects.filter(pairing=OuterRef("pk"), person=OuterRef(side), wants=True, **fields)
    return Exists(rows)


def both_would_like_to(pairings: PairingQuerySet) -> PairingQuerySet:
    """Those that are over, where both said yes and nobody has taken it back."""
    return pairings.filter(_says("mentor"), _says("mentee"), status__in=Pairing.OVER)


def writing_postcards(pairings: PairingQuerySet) -> PairingQuerySet:
    """Of those the ones where neither has muted the postcards."""
    writes = (_says(side, muted_at__isnull=True) for side in ("mentor", "mentee"))
    return both_would_like_to(pairings).filter(*writes)


def are_in_touch(pairing: Pairing) -> bool:
    return both_would_like_to(Pairing.objects.filter(pk=pairing.pk)).exists()


def due_for_a_postcard(today: date) -> PairingQuerySet:
    """Those whose half-year has come round a few days ago at most; what a program has cleared is not begun anew."""
    staying = User.objects.staying()
    cleared = Retention.objects.filter(
        Q(enrollment__person=OuterRef("mentor")) | Q(enrollment__person=OuterRef("mentee")),
        enrollment__program=OuterRef("program"),
        cleared_at__isnull=False,
    )
    round_now = Q()
    for number in range(1, MOST_POSTCARDS + 1):
        last = months_before(today, HALF_YEAR * number)
        round_now |= Q(ended_on__gt=last - WINDOW, ended_on__lte=last)
    return (
        writing_postcards(Pairing.objects.all())
        .filter(round_now, ~Exists(cleared))
        .filter(Exists(staying.filter(pk=OuterRef("mentor"))), Exists(staying.filter(pk=OuterRef("mentee"))))
        .exclude(program__in=Program.objects.filter(status__in=RESTS).values("pk"))
    )


def number_of(pairing: Pairing, today: date) -> int:
    """Which postcard it is: how many half-years it has been over; 0, none yet."""
    if pairing.ended_on is None:
        raise ValueError("This pairing is not over.")
    number = 0
    while number < MOST_POSTCARDS and pairing.ended_on <= months_before(today, HALF_YEAR * (number + 1)):
        number += 1
    return number


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return date(year, month + 1, last)
            except ValueError:
                continue
    raise AssertionError("every month has 28 days")
