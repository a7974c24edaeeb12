"""A person's data key: made when they first write, found when their words are read.

Sealing asks the database for the key each time, and never what this process remembers: a key whose making was rolled
back, or which was deleted a moment ago, must not seal another word. Opening may remember: words say by a number which
key they need, so what is out of date opens nothing and is looked up anew.
"""

import contextlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, Value
from django.db.models.functions import Now
from django.views.decorators.debug import sensitive_variables

from accounts.models import DataKey as Row

from . import remembered
from .errors import Sealed
from .keyring import Keyring, keyring
from .sealing import DataKey, Place, SealedBytes

# No request and no task writes for longer, so nobody seals with the earlier key any more.
SETTLED = timedelta(minutes=15)

_in_hand: ContextVar[Mapping[int, DataKey] | None] = ContextVar("data keys in hand", default=None)


@sensitive_variables("text")
def seal(text: str, *, person: int, place: Place) -> SealedBytes:
    """For the database. `person` is their primary key. Raises Sealed when the key file does not fit the database."""
    return key_for_writing(person).seal(text, person=person, place=place)


def open_(sealed: SealedBytes, *, person: int, place: Place) -> str:
    """The words. Raises Sealed or NotHere."""
    return key_for_reading(person, sealed.number).open(sealed, person=person, place=place)


def key_for_writing(person: int) -> DataKey:
    """Their present key, made now if there is none. Raises Sealed."""
    in_hand = (_in_hand.get() or {}).get(person)
    if in_hand is not None:
        return in_hand
    row = Row.objects.filter(pk=person).first() or _make(person)
    return keyring().open(bytes(row.wrapped), row.file_key, person=person)


def key_for_reading(person: int, number: int) -> DataKey:
    """Their key by that number. Raises Sealed where there is none."""
    key = remembered.keys_of(person).get(number)
    if key is not None:
        return key
    row = Row.objects.filter(pk=person).first()
    keys = _remember(row) if row is not None else {}
    if number not in keys:
        raise Sealed("the key of these words is gone")
    return keys[number]


def prepare(people: Iterable[int]) -> None:
    """Look up the keys of all of them by one query, before a list shows words of many people."""
    wanted = {person for person in people if not remembered.keys_of(person)}
    for row in Row.objects.filter(pk__in=wanted) if wanted else ():
        with contextlib.suppress(Sealed):  # Each of their words will say so.
            _remember(row)


@contextlib.contextmanager
def in_hand(*people: int) -> Iterator[None]:
    """One transaction in which their keys are looked up once, for sealing many rows. Raises Sealed."""
    with transaction.atomic():
        ring = keyring()
        rows = {row.pk: row for row in Row.objects.filter(pk__in=people)}
        found = [rows.get(person) or _make(person) for person in people]
        keys = {row.pk: ring.open(bytes(row.wrapped), row.file_key, person=row.pk) for row in found}
        token = _in_hand.set(keys)
        try:
            yield
        finally:
            _in_hand.reset(token)


def _remember(row: Row) -> Mapping[int, DataKey]:
    keys = _opened(row, keyring())
    remembered.keep(row.pk, keys)
    return keys


def _opened(row: Row, ring: Keyring) -> Mapping[int, DataKey]:
    """By their numbers: the present one, and the one before while there is one. Raises Sealed."""
    wrapped = [bytes(each) for each in (row.wrapped, row.wrapped_before) if each]
    keys = [ring.open(each, row.file_key, person=row.pk) for each in wrapped]
    return {key.number: key for key in keys}


@transaction.atomic
def _make(person: int) -> Row:
    """One for each person, whoever else is making it now."""
    stays_in_the_file()
    ring = keyring()
    _fits(ring)
    wrapped = ring.wrap(secrets.token_bytes(32), secrets.randbits(32), person=person)
    # Waits for another request that is making it, and then leaves theirs.
    Row.objects.bulk_create(
        [Row(person_id=person, wrapped=wrapped, file_key=ring.present)], ignore_conflicts=True
    )
    return Row.objects.get(pk=person)


def stays_in_the_file() -> None:
    """Until the end of this transaction no version of the key file is retired, so what is wrapped by one stays so."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Row._meta.db_table} IN ROW EXCLUSIVE MODE")


def _fits(ring: Keyring) -> None:
    """Under a file that is not this database's no key is made: it would be lost when the right one is back."""
    one = Row.objects.order_by("-pk").first()
    if one is not None:
        _opened(one, ring)


# --- Another data key for somebody ---------------------------------------------------------------------------------


@transaction.atomic
def renew(person: int) -> bool:
    """Another key for what they write from now on; the one before opens what there is. False while that is under way,
    or where there is no key. Raises Sealed."""
    stays_in_the_file()
    row = Row.objects.select_for_update().filter(pk=person).first()
    if row is None or row.wrapped_before:
        return False
    ring = keyring()
    before = ring.wrap_anew(bytes(row.wrapped), row.file_key, person=person)
    wrapped = ring.wrap(secrets.token_bytes(32), secrets.randbits(32), person=person)
    Row.objects.filter(pk=person).update(
        wrapped=wrapped, wrapped_before=before, file_key=ring.present, made_at=Now()
    )
    return True


def drop_the_one_before(person: int) -> bool:
    """Once nothing is sealed by it (which the caller has seen to) and whoever still held it is long through."""
    settled = ExpressionWrapper(
        Now() - Value(SETTLED, output_field=DurationField()), output_field=DateTimeField()
    )
    rows = Row.objects.filter(pk=person, made_at__lt=settled).exclude(wrapped_before=b"")
    return bool(rows.update(wrapped_before=b""))
