"""The way out of a pair's page for something that is not right. Load with `{% load room_concerns %}`.

{% room_concern pairing %}      a few words and a button; the same for each pair, whether or not anything was told
"""

from typing import Any

from django import template

from mentoring.models import Pairing

register = template.Library()


@register.inclusion_tag("mentoring/room/concern.html")
def room_concern(pairing: Pairing) -> dict[str, Any]:
    """No question to the database: who hears it is said on the page that the button leads to."""
    return {"pairing": pairing}
