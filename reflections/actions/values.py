"""Values: named in one's own words, beside what shows them. Nobody else's business."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.actions.refused import Refused
from reflections.models import Answer, Moment, Reflection, Value, ValueShown
from reflections.models.value import LONGEST_QUOTE, LONGEST_VALUE


@transaction.atomic
def name_value(person: User, name: str, *, now: datetime) -> Value:
    """The value of that name, made where they have none; capitals and spaces make no other one.

    Raises Refused for a name that is empty or too long.
    """
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Write the value in a word or two."))
    if len(name) > LONGEST_VALUE:
        raise Refused(_("Two or three words are plenty for a value."))
    list(User.objects.select_for_update(no_key=True).filter(pk=person.pk).values("pk"))  # one at a time
    for value in Value.objects.of(person):
        if value.name.casefold() == name.casefold():
            return value
    return Value.objects.create(person=person, name=name, created_at=now)


@transaction.atomic
def show_value(
    person: User,
    name: str,
    *,
    moment: Moment | None = None,
    answer: Answer | None = None,
    quote: str = "",
    reflection: Reflection | None = None,
    now: datetime,
) -> ValueShown:
    """Say that this moment, or this answer, of theirs shows the value; said again it replaces the quote.

    A quote that does not stand in the words is Refused, as is a thing that is not theirs.
    """
    thing = moment or answer
    if thing is None or thing.sealed_for != person.pk:
        raise Refused(_("Only your own words show what you care about."))
    quote = quote.strip()
    if quote not in thing.text or len(quote) > LONGEST_QUOTE:
        raise Refused(_("Those words do not stand there."))
    value = name_value(person, name, now=now)
    shown = ValueShown.objects.filter(value=value, moment=moment, answer=answer).first()
    shown = shown or ValueShown(value=value, moment=moment, answer=answer, created_at=now)
    shown.quote = quote
    shown.reflection = reflection or shown.reflection
    shown.save()
    return shown


def hide_value(shown: ValueShown, *, by: User) -> None:
    """It shows it no more. Doing it twice is doing it once."""
    ValueShown.objects.of(by).filter(pk=shown.pk).delete()
