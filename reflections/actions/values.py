"""Values: named in one's own words, beside what shows them. Nobody else's business."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import actions as accounts_actions
from accounts.models import User
from accounts.vault import reading
from accounts.vault.errors import Unreadable
from mentoring.actions.refused import Refused
from reflections.models import Answer, Moment, Reflection, Value, ValueShown
from reflections.models.value import LONGEST_QUOTE, LONGEST_VALUE


@transaction.atomic
def name_value(person: User, name: str, *, now: datetime) -> Value:
    """The value of that name, made where they have none; capitals and spaces make no other one.

    Raises Refused for a name that is empty or too long.
    """
    name = _spelled(name)
    _one_at_a_time(person)
    found = _named(person, name)
    return found or Value.objects.create(person=person, name=name, created_at=now)


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
    value = name_value(person, name, now=now)  # which locks the person, who comes before what they wrote
    quote, held = quote.strip(), _held(thing)
    if held is None or quote not in held.text or len(quote) > LONGEST_QUOTE:
        raise Refused(_("Those words do not stand there."))
    shown = ValueShown.objects.filter(value=value, moment=moment, answer=answer).first()
    shown = shown or ValueShown(value=value, moment=moment, answer=answer, created_at=now)
    shown.quote = quote
    shown.reflection = reflection or shown.reflection
    shown.save()
    return shown


def hide_value(shown: ValueShown, *, by: User) -> None:
    """It shows it no more. Doing it twice is doing it once."""
    ValueShown.objects.of(by).filter(pk=shown.pk).delete()


@transaction.atomic
def rename_value(value: Value, name: str, *, by: User) -> None:
    """It is called so from now on, beside everything that shows it.

    Raises Refused for a name that is empty or too long, and for that of another value of theirs: those two can be put
    together.
    """
    name = _spelled(name)
    _one_at_a_time(by)
    mine = Value.objects.of(by).filter(pk=value.pk).first()
    if mine is None:
        raise Refused(_("That value is gone."))
    other = _named(by, name)
    if other is not None and other.pk != mine.pk:
        raise Refused(_("You have a value of that name. Put the two together instead."))
    mine.name = name
    mine.save()


@transaction.atomic
def merge_values(value: Value, into: Value, *, by: User) -> None:
    """What shows the one shows the other from now on, and the one is gone. Where a thing shows both, the words that
    show it stay: those beside the value that stays, if there are any.

    Raises Refused where one of them is not theirs, or is gone.
    """
    _one_at_a_time(by)
    mine = Value.objects.of(by).in_bulk([value.pk, into.pk])
    if len(mine) != 2:
        raise Refused(_("That value is gone."))
    goes, stays = mine[value.pk], mine[into.pk]
    there = {(shown.moment_id, shown.answer_id): shown for shown in stays.shown.all()}
    for shown in goes.shown.all():
        same = there.get((shown.moment_id, shown.answer_id))
        if same is None:
            ValueShown.objects.filter(pk=shown.pk).update(value=stays)
        elif shown.quote and not same.quote:
            same.quote = shown.quote
            same.save()
    Value.objects.filter(pk=stays.pk).update(created_at=min(goes.created_at, stays.created_at))
    goes.delete()


def let_go(value: Value, *, by: User) -> None:
    """The word goes; what showed it stays as it is. Doing it twice is doing it once."""
    Value.objects.of(by).filter(pk=value.pk).delete()


def put_on_profile(value: Value, *, by: User, now: datetime) -> None:
    """The word as it is called now stands on their profile too, for whoever reads that. It is a copy: what is private
    here is changed, put together or let go without a change to what others read.

    Raises Refused where it does not fit there, and where it is not theirs, is gone or cannot be read any more.
    """
    accounts_actions.add_core_value(by, _name_of(value, by), now=now)


def take_off_profile(value: Value, *, by: User, now: datetime) -> None:
    """Their profile does not have the word any more. Doing it twice is doing it once. Raises Refused as above."""
    accounts_actions.remove_core_value(by, _name_of(value, by), now=now)


def _name_of(value: Value, by: User) -> str:
    mine = Value.objects.of(by).filter(pk=value.pk).first()
    if mine is None:
        raise Refused(_("That value is gone."))
    try:
        return str(mine.name)
    except Unreadable as closed:
        raise Refused(str(closed)) from closed


def drop_lost_quotes(thing: Moment | Answer) -> None:
    """Words that were taken out of a moment or an answer are not kept beside a value either: the whole of it shows the
    value then. Called by whoever changed the words, in their transaction."""
    for shown in thing.shows.exclude(quote__is_empty=True).select_related("value"):
        if reading.words(shown, "quote") not in thing.text:
            shown.quote = ""
            shown.save()


def _held(thing: Moment | Answer) -> Moment | Answer | None:
    """As it stands, and stands until the end of the transaction: who changes the words, meanwhile or later, drops the
    quotes that are lost by it. An answer is held by its reflection."""
    if isinstance(thing, Moment):
        return Moment.objects.select_for_update(no_key=True).filter(pk=thing.pk).first()
    list(Reflection.objects.select_for_update(no_key=True).filter(pk=thing.reflection_id).values("pk"))
    return Answer.objects.select_related("reflection").filter(pk=thing.pk).first()


def _spelled(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Write the value in a word or two."))
    if len(name) > LONGEST_VALUE:
        raise Refused(_("Two or three words are plenty for a value."))
    return name


def _one_at_a_time(person: User) -> None:
    list(User.objects.select_for_update(no_key=True).filter(pk=person.pk).values("pk"))


def _named(person: User, name: str) -> Value | None:
    values = Value.objects.of(person)
    return next((value for value in values if _is_called(value, name)), None)


def _is_called(value: Value, name: str) -> bool:
    """False for one whose words cannot be read any more."""
    return reading.words(value, "name").casefold() == name.casefold()
