"""What other pages show of notes of thanks. Load with `{% load thanks_tags %}`.

{% thank_a_mentor %}         a sheet with a note to write; `{% thank_a_mentor desk %}` beside a finished page of the
                             quarter, whose answers about mentors a note can begin with
{% notes_to_you %}           one line on the home page while notes wait to be read; nothing else
{% note_name note %}         whom a note of one's own is for, in words
{% choice_for mentor %}      the value of a form by which a note is for that one
{{ note|their_words }}       what a note says, or the sentence that it cannot be read any more
"""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.vault import reading
from reflections.desk import Desk
from reflections.forms.thanks import ThankForm
from reflections.models import Answer, OwnMentor, Thanks
from reflections.wording import listed

register = template.Library()

# Who stood behind you, and what your mentor did that mattered more than they may realize.
ABOUT_MENTORS = ("E13", "M14", "E14")
NAMED_ON_HOME = 3


@register.filter
def their_words(note: Thanks) -> str:
    return reading.words(note, "text")


@register.simple_tag
def note_name(note: Thanks) -> str:
    if note.recipient is not None:
        return _("To %(name)s") % {"name": note.recipient.first_name}
    if note.mentor is not None:
        return _("To %(name)s") % {"name": reading.words(note.mentor, "name")}
    return _("To nobody yet")


@register.simple_tag
def choice_for(mentor: OwnMentor) -> str:
    return f"mentor-{mentor.pk}"


@register.inclusion_tag("reflections/tags/thank_a_mentor.html", takes_context=True)
def thank_a_mentor(context: template.Context, desk: Desk | None = None) -> dict[str, Any]:
    """A form of its own: it must not stand inside another one."""
    request = context["request"]
    return {
        "request": request,
        "csrf_token": context.get("csrf_token", SafeString("")),
        "form": ThankForm(person=request.user),
        "short": desk is None,
        "beginnings": _beginnings(desk) if desk is not None else [],
        "where": request.get_full_path(),
    }


@register.inclusion_tag("reflections/tags/notes_to_you.html", takes_context=True)
def notes_to_you(context: template.Context) -> dict[str, Any]:
    """Names, never a number: the newest three, each once."""
    me: User = context["request"].user
    waiting = Thanks.objects.to(me).unread().select_related("writer").order_by("-sent_at", "-pk")
    names = dict.fromkeys(note.writer.first_name for note in waiting[: NAMED_ON_HOME * 3])
    return {"names": listed(list(names)[:NAMED_ON_HOME])}


def _beginnings(desk: Desk) -> list[Answer]:
    return [answer for answer in desk.written if answer.question.code in ABOUT_MENTORS]
