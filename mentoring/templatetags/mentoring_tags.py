"""What other pages ask of this app. Load with `{% load mentoring_tags %}`.

{% if user|may_cancel:meeting %}             of two arguments, the person first
{{ pairing|partner:user }}                   the other one
{{ pairing|opens_profile:user }}             whether this one of the two may read the other's profile, and see the photo
{{ pairing|is_mentor:user }}                 whether this one of the two is the mentor
{{ meeting.place|is_address }}               the link of a call, and nothing else
{{ meeting.starts_at|days_until:now }}       whole days on the reader's calendar; 0 is today
{% help_in_hard_times user as programs %}    those of their programs that say where there is help
{% seen_in user as programs %}               each of their programs with who runs it and whom they are paired with
{% if place|may_look %}                      whether its person may look through the mentors of its program now
{% shown_in_directory program as parts %}    what its directory shows of a mentor, in words
{% wears_several_hats user as several %}     whether a page must say which program and role it is about
"""

from datetime import datetime

from django import template
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone

from accounts import clock
from accounts.models import User
from mentoring import hats, rules, seeing
from mentoring.directory import shown_in_words
from mentoring.models import Enrollment, Meeting, Pairing, Program

register = template.Library()
web_address = URLValidator(schemes=["http", "https"])


register.simple_tag(seeing.seen_in)
register.simple_tag(shown_in_words, name="shown_in_directory")
register.simple_tag(hats.wears_several, name="wears_several_hats")


@register.simple_tag
def help_in_hard_times(user: User) -> list[Program]:
    """Their programs that say where there is help (`Program.help_url`)."""
    places = Enrollment.objects.visible_to(user).active().values("program")
    return list(Program.objects.filter(pk__in=places).exclude(help_url="").order_by("name", "pk"))


@register.filter
def may_cancel(user: User, meeting: Meeting) -> bool:
    return rules.may_cancel_meeting(user, meeting, clock.now())


@register.filter
def may_look(place: Enrollment) -> bool:
    return rules.may_look(place, clock.now())


@register.filter
def opens_profile(pairing: Pairing, user: User) -> bool:
    return rules.may_read_partner(user, pairing)


@register.filter
def is_mentor(pairing: Pairing, user: User) -> bool:
    return pairing.is_mentor(user)


@register.filter
def is_address(place: str) -> bool:
    """Whether the whole text is one web address, as the link of a call is."""
    try:
        web_address(place)
    except ValidationError:
        return False
    return True


@register.filter
def partner(pairing: Pairing, user: User) -> User:
    return pairing.partner_of(user)


@register.filter
def days_until(when: datetime, now: datetime) -> int:
    return (timezone.localdate(when) - timezone.localdate(now)).days
