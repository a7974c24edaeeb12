"""What the first page of the admin shows of people on their way in. Load with `{% load mentoring_admin %}`.

{% at_the_door program as door %}    how many may answer an offer there, and how many wait; None where nobody does
"""

from typing import NamedTuple

from django import template
from django.db.models import Count, Q

from mentoring.models import Enrollment, Program

register = template.Library()


class Door(NamedTuple):
    offers: int
    wait: int


@register.simple_tag
def at_the_door(program: Program) -> Door | None:
    if program.status in Program.OVER:
        return None
    waits = Q(status=Enrollment.Status.WAITLISTED)
    is_offered = Q(offered_at__isnull=False)
    counted = Enrollment.objects.filter(program=program).aggregate(
        offers=Count("pk", filter=is_offered), wait=Count("pk", filter=waits & ~is_offered)
    )
    return Door(**counted) if any(counted.values()) else None
