"""The agreement on the page of a pair. Load with `{% load room_agree %}`.

{% room_agreement pairing %}    section "What you agreed" of a pairing that has come about; nothing for any other
"""

from typing import Any

from django import template

from accounts.models import User
from mentoring.models import Pairing
from mentoring.room.agree_page import AgreementPage

register = template.Library()


@register.inclusion_tag("mentoring/room/agree_section.html", takes_context=True)
def room_agreement(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    reader: User = context["request"].user
    if pairing.status not in (*Pairing.MADE, *Pairing.OVER):
        return {}
    room = AgreementPage(pairing, reader)
    is_due = getattr(context.get("due"), "section", "") == "agreed"
    return {"user": reader, "pairing": pairing, "partner": room.partner, "room": room, "is_due": is_due}
