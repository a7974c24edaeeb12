"""What those who run a program wrote to its reader. Load with `{% load program_announcements %}`.

{% program_announcements program %}    section "From those who run it": the newest few, the first of them whole; nothing
                                       where nothing was written to the reader
"""

from typing import Any

from django import template

from accounts import clock
from accounts.models import User
from mentoring.announcing import as_read_by
from mentoring.models import Announcement, Program

register = template.Library()

SHOWN = 3


@register.inclusion_tag("mentoring/program_announcements.html", takes_context=True)
def program_announcements(context: template.Context, program: Program) -> dict[str, Any]:
    reader: User = context["request"].user
    theirs = Announcement.objects.visible_to(reader, clock.now()).filter(program=program)
    rows = list(theirs.select_related("program", "author")[: SHOWN + 1])
    return {
        "program": program,
        "announcements": as_read_by(reader, rows[:SHOWN]),
        "has_more": len(rows) > SHOWN,
    }
