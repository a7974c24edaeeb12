"""What the page of a pair shows once it is over. Load with `{% load room_silence %}`.

{% room_in_touch pairing %}    whether the two stay in touch, for one of them; nothing while it goes on
{{ card|words_of:"text" }}     sealed words for a page, or the sentence that they cannot be read
"""

from typing import Any

from django import template

from accounts.models import User
from accounts.vault import reading
from accounts.vault.fields import Sealed
from mentoring import in_touch, rules
from mentoring.models import InTouch, Pairing, Postcard

register = template.Library()


@register.filter
def words_of(row: Sealed, name: str) -> str:
    return reading.words(row, name)


@register.inclusion_tag("mentoring/room/in_touch.html", takes_context=True)
def room_in_touch(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    """Four questions to the database at most."""
    reader: User = context["request"].user
    shown: dict[str, Any] = {"request": context["request"], "user": reader, "pairing": pairing}
    if not rules.may_say_in_touch(reader, pairing):
        return shown
    mine = InTouch.objects.visible_to(reader).filter(pairing=pairing).first()
    wants = mine is not None and mine.wants
    are_in_touch = wants and in_touch.are_in_touch(pairing)
    cards = Postcard.objects.visible_to(reader).filter(pairing=pairing, sent_at__isnull=False)
    return shown | {
        "partner": pairing.partner_of(reader),
        "is_asked": True,
        "mine": mine,
        "wants": wants,
        "in_touch": are_in_touch,
        "has_postcards": are_in_touch or cards.exists(),
    }
