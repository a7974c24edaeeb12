"""E-mails to two whose pairing is over and who would both like to stay in touch: they name the other one, and nothing
that anybody wrote."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links
from accounts.mail.kinds import Kind, Letter, Stream, Unrenderable, register
from accounts.mail.models import Message

from . import in_touch, one_tap
from .emails import NOT_RUNNING, written
from .models import Pairing, Postcard, Program

STAYING_IN_TOUCH = Stream(
    "in_touch",
    gettext_lazy("Staying in touch"),
    gettext_lazy(
        "After a pairing, where both of you want it: a note now and then, and a postcard twice a year."
    ),
)
IN_TOUCH = "in_touch"
POSTCARD_ASKED = "postcard_asked"
POSTCARD_CAME = "postcard_came"
RANK = 6
KINDS = (IN_TOUCH, POSTCARD_ASKED, POSTCARD_CAME)


def register_kinds() -> None:
    rests = Program.objects.filter(status__in=in_touch.RESTS).values("pk")
    pairing = Pairing.objects.filter(pk=OuterRef("subject_id"))
    of_card = Pairing.objects.filter(pk=OuterRef("pairing"))
    mine = Postcard.objects.filter(
        pk=OuterRef("subject_id"), person=OuterRef("person_id"), sent_at__isnull=True
    )
    theirs = Postcard.objects.filter(pk=OuterRef("subject_id"), sent_at__isnull=False)
    _register(
        IN_TOUCH,
        gettext_lazy("You both want to stay in touch"),
        both_said_yes,
        ("one of them would rather not any more", Q(Exists(in_touch.both_would_like_to(pairing)))),
        (NOT_RUNNING, Q(Exists(pairing.exclude(program__in=rests)))),
    )
    for name, label, render, cards in (
        (POSTCARD_ASKED, gettext_lazy("Time for a postcard"), postcard_asked, mine),
        (POSTCARD_CAME, gettext_lazy("A postcard came"), postcard_came, theirs),
    ):
        _register(
            name,
            label,
            render,
            (
                "it is sent, or postcards are muted",
                Q(Exists(cards.filter(Exists(in_touch.writing_postcards(of_card))))),
            ),
            (NOT_RUNNING, Q(Exists(cards.exclude(pairing__program__in=rests)))),
        )


def _register(name: str, label: Any, render: Any, *conditions: tuple[str, Q]) -> None:
    # That one is asked for a postcard is nobody's doing but the calendar's, and gives way to what it asks about a
    # quarter.
    rank = RANK if name == POSTCARD_ASKED else None
    is_daily = name == POSTCARD_CAME
    register(Kind(name, STAYING_IN_TOUCH, label, render, conditions=conditions, rank=rank, is_daily=is_daily))


def both_said_yes(message: Message) -> Letter:
    pairing = Pairing.objects.of(message.person).with_people().filter(pk=message.subject_id).first()
    if pairing is None:
        raise Unrenderable("the pairing is gone")
    subject = _("%(name)s, you and %(other)s stay in touch")
    return _letter(message, pairing, "in_touch", subject, links.absolute("pairings:detail", pairing.pk))


def postcard_asked(message: Message) -> Letter:
    card = _card(message)
    subject = _("How is %(other)s getting on?")
    return _letter(message, card.pairing, "postcard_asked", subject, _page(card))


def postcard_came(message: Message) -> Letter:
    card = _card(message)
    subject = _("%(name)s, a postcard from %(other)s")
    return _letter(message, card.pairing, "postcard_came", subject, _page(card))


def _card(message: Message) -> Postcard:
    found = Postcard.objects.filter(
        pk=message.subject_id, pairing__in=Pairing.objects.of(message.person)
    ).select_related("pairing__program", "pairing__mentor", "pairing__mentee")
    card = found.first()
    if card is None:
        raise Unrenderable("the postcard is gone")
    return card


def _page(card: Postcard) -> str:
    return links.absolute("pairings:postcards", card.pairing_id)


def _letter(message: Message, pairing: Pairing, template: str, subject: str, url: str) -> Letter:
    person, partner = message.person, pairing.partner_of(message.person)
    context = {
        "partner": partner,
        "pairing": pairing,
        "url": url,
        "mute_url": links.absolute(
            "pairings:postcards_stop", one_tap.token_for(one_tap.MUTE, pairing.pk, person.pk)
        ),
    }
    return written(
        message,
        template,
        subject % {"name": person.first_name, "other": partner.first_name},
        context,
        program=pairing.program,
        thread=f"in-touch/{pairing.pk}/{person.pk}",
        list_="in-touch",
    )
