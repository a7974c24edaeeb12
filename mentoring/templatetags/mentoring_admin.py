"""What the first page of the admin shows of people on their way in. Load with `{% load mentoring_admin %}`.

{% at_the_door as programs %}    one's programs in which somebody waits: how many ask, wait, may answer an offer
{% dead_addresses as number %}   how many of one's people have an address that mail came back from
"""

from django import template
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from accounts.mail import suppression
from accounts.models import User
from mentoring.models import Enrollment, Program
from mentoring.people import people_administered_by

register = template.Library()

PROGRAMS_AT_A_GLANCE = 50


@register.simple_tag(takes_context=True)
def at_the_door(context: template.Context) -> QuerySet[Program]:
    request: HttpRequest = context["request"]
    if not isinstance(request.user, User):
        raise TypeError("The admin shows nothing to somebody who is not signed in.")
    asks = Q(enrollments__status=Enrollment.Status.APPLIED)
    waits = Q(enrollments__status=Enrollment.Status.WAITLISTED)
    is_offered = Q(enrollments__offered_at__isnull=False)
    programs = Program.objects.administered_by(request.user).exclude(status__in=Program.OVER)
    counted = programs.annotate(
        ask=Count("enrollments", filter=asks, distinct=True),
        wait=Count("enrollments", filter=waits & ~is_offered, distinct=True),
        offers=Count("enrollments", filter=is_offered, distinct=True),
    )
    return counted.filter(Q(ask__gt=0) | Q(wait__gt=0) | Q(offers__gt=0))[:PROGRAMS_AT_A_GLANCE]


@register.simple_tag(takes_context=True)
def dead_addresses(context: template.Context) -> int:
    """What the list of people shows with its filter; whose mail was called unwanted is not among them."""
    request: HttpRequest = context["request"]
    if not isinstance(request.user, User):
        return 0
    people = User.objects.filter(pk__in=people_administered_by(request.user).order_by().values("pk"))
    number: int = people.filter(suppression.of_dead_addresses(), erased_at=None).count()
    return number
