"""Who is named in what somebody shares: found, asked, and answered.

Whoever shares something, or changes what is shared, calls `look_for_names` in the same transaction. The rows that it
leaves keep everybody else from reading until those who are named have agreed (`reflections/who_reads.py`).
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault import reading
from mentoring.actions.refused import Refused
from reflections import naming_emails, who_reads
from reflections.models import Answer, Audience, Moment, Naming
from reflections.naming import can_be_named, found_in, named_in
from reflections.who_reads import Thing

GONE = _("It is not shared any more.")


def look_for_names(things: Iterable[Thing], *, changed: bool, widened: bool, now: datetime) -> None:
    """Make the rows of things as they stand in this transaction agree with their words and their readers; once in a
    transaction, for all that it shares.

    `changed`: the words are others than before; a yes is asked for anew, and a no is over, though nobody is asked again
    after one unless the writer says so. `widened`: somebody is let in who was not; a yes is asked for anew of whoever
    reads it with their pairing, or was named by hand. Whoever reads it with their pairing anyway is asked at once;
    anybody else, whom asking would let read it, when its writer says so (`ask_named`). What is for its writer alone
    asks nobody, and whoever was asked before reads it no more, also once it is shared again.
    """
    asked: set[int] = set()
    for thing in things:
        if who_reads.is_for_others(thing):
            asked |= _look(thing, changed=changed, widened=widened, now=now)
        elif thing.audience == Audience.ME or changed or widened:
            stop_asking([thing], changed=changed)
    naming_emails.tell(asked, now)


def stop_asking(things: Iterable[Thing], *, changed: bool = False) -> None:
    """They are shared no more, or not yet with those whom it was asked for: whoever is named is asked anew, if at all.
    A no stays, unless the words are others."""
    for thing in things:
        rows = Naming.objects.filter(**_what(thing))
        rows.update(asked_at=None, agreed_at=None)
        if changed:
            rows.update(declined_at=None)


def _look(thing: Thing, *, changed: bool, widened: bool, now: datetime) -> set[int]:
    """Of one thing; whom it asks."""
    asked = set()
    words = _all_words(thing)
    rows = {row.person_id: row for row in _rows(thing)}
    found = {person.pk for person in found_in(words, thing)}
    with_them = who_reads.audience(thing) if thing.audience == Audience.PAIRING else frozenset()
    for person in found - rows.keys():
        if who_reads.is_read_by_more(thing, person):
            row = Naming.objects.create(person_id=person, created_at=now, **_what(thing))
            if person in with_them:
                _ask(row, now)
                asked.add(person)
    for person, row in rows.items():
        if row.is_somebody_else:
            continue
        is_named = row.is_by_hand or person in found
        if not is_named and not named_in(words, [row.person]):
            row.delete()
        elif row.declined_at is not None:
            if changed:
                _unask(row)
        elif row.asked_at is None:
            # Named before it was shared, or asked before it was taken back.
            at_once = person in with_them or row.is_by_hand
            if widened and at_once and who_reads.is_read_by_more(thing, person):
                _ask(row, now)
                asked.add(person)
        elif changed or widened:
            if person in with_them or row.is_by_hand or (is_named and not widened):
                _ask(row, now)
                asked.add(person)
            else:
                _unask(row)
    return asked


def _ask(row: Naming, now: datetime) -> None:
    row.asked_at, row.agreed_at = now, None
    row.save(update_fields=["asked_at", "agreed_at"])


def _unask(row: Naming) -> None:
    row.asked_at = row.agreed_at = row.declined_at = None
    row.save(update_fields=["asked_at", "agreed_at", "declined_at"])


# --- By the writer ----------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_named(row: Naming, *, by: User, now: datetime) -> None:
    """The one who is named may read it now, and is asked. Asking twice is asking once. Raises Refused for what is not
    shared, or not theirs, and after a no: that is over when the words are others."""
    row, thing = _of_writer(row, by)
    if row.is_somebody_else:
        raise Refused(_("You said that somebody else is meant."))
    if row.declined_at is not None:
        raise Refused(_("They have not agreed. Once you have changed your words you can ask again."))
    if not who_reads.is_for_others(thing):
        raise Refused(GONE)
    if row.asked_at is None:
        _ask(row, now)
        naming_emails.tell([row.person_id], now)


@transaction.atomic
def say_somebody_else(row: Naming, *, by: User) -> None:
    """The name that stands there is another one's. Raises Refused once this person was asked: they have read it."""
    row, _thing = _of_writer(row, by)
    if row.asked_at is not None or row.declined_at is not None:
        raise Refused(_("They were asked already, and can read it: what they say counts."))
    row.is_somebody_else, row.is_by_hand = True, False
    row.save(update_fields=["is_somebody_else", "is_by_hand"])


@transaction.atomic
def say_meant(row: Naming, *, by: User) -> None:
    """After all it is this person."""
    row, _thing = _of_writer(row, by)
    Naming.objects.filter(pk=row.pk).update(is_somebody_else=False)


@transaction.atomic
def name_by_hand(thing: Thing, person: User, *, by: User, now: datetime) -> Naming:
    """This person is in it, by whatever name, and is asked once it is shared. Naming twice is naming once.

    Raises Refused for somebody whom the writer does not know here, and for what is not theirs.
    """
    thing = _held(thing, by)
    if all(person.pk != known.pk for known in can_be_named(by, thing)):
        raise Refused(_("This person cannot be named here."))
    row = thing.namings.filter(person=person).first() or Naming(person=person, created_at=now, **_what(thing))
    row.is_by_hand, row.is_somebody_else = True, False
    row.save()
    waits = row.asked_at is None and row.declined_at is None
    if waits and who_reads.is_for_others(thing) and who_reads.is_read_by_more(thing, person.pk):
        _ask(row, now)
        naming_emails.tell([person.pk], now)
    return row


# --- By whoever is named ----------------------------------------------------------------------------------------------


def agree(row: Naming, *, by: User, asked_at: datetime, now: datetime) -> None:
    """The others read it too. `asked_at` is that of the page on which they read it: raises Refused where the words, or
    the readers, are others since, or where it is not shared any more."""
    _answer(row, by, asked_at, agreed_at=now, declined_at=None)


def decline(row: Naming, *, by: User, asked_at: datetime, now: datetime) -> None:
    """Nobody else reads it, or goes on reading it: a yes is taken back in the same way. No reason is asked for; its
    writer is told that they have not agreed, and nothing more. Raises Refused as `agree`."""
    _answer(row, by, asked_at, agreed_at=None, declined_at=now)


@transaction.atomic
def _answer(
    row: Naming, by: User, asked_at: datetime, *, agreed_at: datetime | None, declined_at: datetime | None
) -> None:
    row = Naming.objects.filter(pk=row.pk, person=by).first() or row
    thing = _locked(row)
    if row.person_id != by.pk or thing is None or not who_reads.is_for_others(thing):
        raise Refused(GONE)
    mine = Naming.objects.filter(pk=row.pk, person=by, asked_at=asked_at)
    if not mine.update(agreed_at=agreed_at, declined_at=declined_at):
        raise Refused(_("It has changed since you read it. Read it once more."))


def _of_writer(row: Naming, by: User) -> tuple[Naming, Thing]:
    thing = _locked(row)
    fresh = Naming.objects.of_writer(by).filter(pk=row.pk).first()
    if fresh is None or thing is None:
        raise Refused(_("Only its writer says who is meant."))
    return fresh, thing


def _locked(row: Naming) -> Thing | None:
    """The thing, behind the lock that whoever changes its words or readers takes too."""
    if row.moment_id is not None:
        moments = Moment.objects.select_for_update(of=("self",)).filter(pk=row.moment_id)
        return moments.with_readers().first()
    answers = Answer.objects.select_for_update(of=("reflection",)).filter(pk=row.answer_id or 0)
    return answers.select_related("reflection__round__program", "question").first()


def _held(thing: Thing, by: User) -> Thing:
    held = _locked(Naming(**_what(thing)))
    if held is None or held.sealed_for != by.pk:
        raise Refused(_("Only its writer says who is meant."))
    return held


def _rows(thing: Thing) -> list[Naming]:
    return list(Naming.objects.filter(**_what(thing)).select_related("person"))


def _what(thing: Thing) -> dict[str, Thing]:
    return {"answer" if isinstance(thing, Answer) else "moment": thing}


def _all_words(thing: Thing) -> str:
    """Those that others are shown: what a moment gave its owner is for their eyes only."""
    names = ("text", "after") if isinstance(thing, Answer) else ("text",)
    return "\n".join(reading.words(thing, name) for name in names)
