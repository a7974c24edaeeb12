"""How it is with the pair, where nothing was heard of it; and a postcard that waits for a few lines."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from mentoring import in_touch, signs
from mentoring.models import Pairing, Postcard
from mentoring.room.waits import Due


def silence(pairing: Pairing, user: User, now: datetime) -> list[Due]:
    if pairing.status != Pairing.Status.ACTIVE:
        return []
    asked = signs.open_questions().filter(pairing=pairing, person=user).order_by("-pk").first()
    if asked is None:
        return []
    words = _("Are you and %(other)s in touch? Nothing was written here for a while, which may well be fine.")
    names = {"other": pairing.partner_of(user).first_name}
    url = reverse("pairings:silence", args=[pairing.pk])
    return [Due(words % names, _("Say how it is"), url, asked.asked_at)]


def postcard(pairing: Pairing, user: User, now: datetime) -> list[Due]:
    if pairing.status not in Pairing.OVER:
        return []
    writing = in_touch.writing_postcards(Pairing.objects.filter(pk=pairing.pk))
    last = Postcard.objects.filter(person=user, pairing__in=writing).order_by("-number").first()
    if last is None or last.sent_at is not None:
        return []
    words = _("How are you getting on? A few lines to %(other)s, if you like.")
    names = {"other": pairing.partner_of(user).first_name}
    url = reverse("pairings:postcards", args=[pairing.pk])
    return [Due(words % names, _("Write a postcard"), url, last.asked_at)]
