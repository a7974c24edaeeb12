"""One thing of the same quarter in another year: for a quiet card on other pages."""

from datetime import date

from accounts.models import User
from mentoring.quarter import Quarter, plus_months
from reflections.models import Moment

CHOSEN_FROM = 40


def of_another_year(person: User, quarter: Quarter, today: date) -> Moment | None:
    """A moment of those months, another one each week; by one query. Hard calls wait until they are looked for."""
    months = [plus_months(quarter.start, n).month for n in range(3)]
    moments = (
        Moment.objects.of(person)
        .filter(happened_on__month__in=months)
        .exclude(happened_on__range=(quarter.start, quarter.end))
        .exclude(kind=Moment.Kind.HARD_CALL)
        .newest_first()
    )
    found = list(moments[:CHOSEN_FROM])
    return found[today.toordinal() // 7 % len(found)] if found else None
