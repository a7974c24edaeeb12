"""What a program offers its people to read and to use. Load with `{% load room_resources %}`.

{% room_resources pairing %}                 section "From the library": what suits where the pair stands; nothing where
                                             the program offers nothing to this reader, or the pairing is over
{% has_library program as is_there %}        whether it offers anything to the reader
"""

from typing import Any

from django import template

from accounts import clock
from accounts.models import User
from mentoring import library
from mentoring.models import Pairing, Program, Resource
from mentoring.room.stages import stage_of

register = template.Library()

ON_THE_PAIR_PAGE = 3


@register.inclusion_tag("mentoring/room/resources_section.html", takes_context=True)
def room_resources(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    reader: User = context["request"].user
    if pairing.status not in Pairing.MADE:
        return {}
    theirs = Resource.objects.visible_to(reader).filter(program=pairing.program_id)
    today = clock.now().astimezone(reader.zone).date()
    suited = library.suited_to(theirs, stage_of(pairing, today))
    return {"resources": list(suited[:ON_THE_PAIR_PAGE]), "pairing": pairing}


@register.simple_tag(takes_context=True)
def has_library(context: template.Context, program: Program) -> bool:
    return Resource.objects.visible_to(context["request"].user).filter(program=program).exists()
