"""How a pairing comes to its end, whoever or whatever brings it about, and what follows: its meetings are called off,
what waits for an answer lapses, each of the two is asked what they will keep, and whoever does not know of it is told.

Called by those who bring it about, in their transaction. People are held first, then pairings by number, as everywhere.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta

from accounts.mail import outbox
from accounts.mail.outbox import Owed
from accounts.models import User

from . import arrangements, open_requests
from .ending_emails import NOT_BEGUN, OVER
from .models import Agreement, Extension, Farewell, Pairing
from .models.pairing import PairingQuerySet

Status = Pairing.Status
# A letter that could not go out for so long would only puzzle: the page says it all by then.
LETTER_LIVES = timedelta(days=14)
ASKED_BEFORE_THE_END = timedelta(days=14)


def last_day(pairing: Pairing) -> date | None:
    """Its last day as it is planned, by its own plan or its program's, whichever comes first; None without one."""
    days = [day for day in (pairing.runs_until, pairing.program.ends_on) if day is not None]
    return min(days) if days else None


def is_near(pairing: Pairing, now: datetime) -> bool:
    """Whether what the two keep of it is asked now: it is over, or its last day comes within two weeks."""
    if pairing.status in Pairing.OVER:
        return True
    ends_on = last_day(pairing) if pairing.status in Pairing.UNDER_WAY else None
    return ends_on is not None and ends_on <= pairing.program.today(now) + ASKED_BEFORE_THE_END


def locked(pairing: Pairing) -> Pairing:
    """Its row as it is now, ours until the end of the transaction, and with it that nobody of the two is erased."""
    open_requests.keep_people([pairing.mentor_id, pairing.mentee_id])
    return Pairing.objects.select_for_update(no_key=True, of=("self",)).with_people().get(pk=pairing.pk)


def end(
    rows: PairingQuerySet,
    status: str,
    now: datetime,
    *,
    by: User | None = None,
    gone: User | None = None,
    on: date | None = None,
    tells: bool = True,
) -> list[Pairing]:
    """Those of these pairings that are under way are over, COMPLETED or ENDED; which they were.

    `on` is the last day, today on the program's calendar without it, and never before the first. `by` is the one of the
    two who did it: they get no letter about it. `gone` is being erased, and asked nothing. Without `tells` nobody gets
    a letter, as when it should have ended long ago.
    """
    found = held(rows.under_way())
    for each in found:
        each.status, each.paused_until = Status(status), None
        each.ended_on = max(each.starts_on, on or each.program.today(now))
    for day in {each.ended_on for each in found}:
        ending = [each.pk for each in found if each.ended_on == day]
        Pairing.objects.filter(pk__in=ending).update(status=status, ended_on=day, paused_until=None)
    rest(found, now)
    keys = [each.pk for each in found]
    Extension.objects.open().filter(pairing__in=keys).update(state=Extension.State.LAPSED, closed_at=now)
    _close_agreements(keys, now)
    ask_farewells(found, now, gone=gone)
    if tells:
        _tell(OVER, found, now, by, gone)
    return found


def come_to_nothing(
    rows: PairingQuerySet, now: datetime, *, by: User | None = None, gone: User | None = None
) -> list[Pairing]:
    """Those of these pairings that both had said yes to and that have not begun never will; which they were. What the
    two have written there already stays readable to both, and theirs to delete."""
    found = held(rows.filter(status=Status.ACCEPTED))
    keys = [each.pk for each in found]
    Pairing.objects.filter(pk__in=keys).update(status=Status.EXPIRED)
    rest(found, now)
    _close_agreements(keys, now)
    _tell(NOT_BEGUN, found, now, by, gone)
    return found


def _close_agreements(keys: Collection[int], now: datetime) -> None:
    rows = Agreement.objects.proposed().filter(pairing__in=keys)
    rows.update(state=Agreement.State.WITHDRAWN, closed_at=now)


def rest(pairings: Collection[Pairing], now: datetime, *, until: datetime | None = None) -> None:
    """Nobody comes to what these have planned, before `until` if it is given, and nobody waits for an answer about it.
    Their rows are held."""
    if pairings:
        keys = [each.pk for each in pairings]
        arrangements.call_off(Pairing.objects.filter(pk__in=keys), now, until=until)


def ask_farewells(
    pairings: Iterable[Pairing], now: datetime, *, gone: User | None = None
) -> list[tuple[int, int]]:
    """Each of the two is asked, once, what they will keep and what the other should hear: pairing and person of all
    who are, also of those who were before."""
    asked = [(each.pk, person.pk) for each in pairings for person in _staying(each, gone)]
    Farewell.objects.bulk_create(
        [Farewell(pairing_id=pairing, person_id=person, asked_at=now) for pairing, person in asked],
        ignore_conflicts=True,
    )
    return asked


def held(rows: PairingQuerySet) -> list[Pairing]:
    """These as they are now, ours until the end of the transaction, and with it that nobody of their people is erased.

    Whoever brings some to nothing and others to an end in one transaction holds all of them first: what is called off
    locks arrangements, and no pairing is locked after these.
    """
    open_requests.keep_people(key for two in rows.values_list("mentor", "mentee") for key in two)
    # Read behind the lock: somebody else may have ended one since.
    return list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)).with_people())


def _staying(pairing: Pairing, gone: User | None) -> Iterator[User]:
    for person in (pairing.mentor, pairing.mentee):
        if person.erased_at is None and (gone is None or person.pk != gone.pk):
            yield person


def _tell(kind: str, pairings: Iterable[Pairing], now: datetime, by: User | None, gone: User | None) -> None:
    outbox.owe_many(
        Owed(kind, person.pk, each.pk, now, now + LETTER_LIVES)
        for each in pairings
        for person in _staying(each, gone)
        if by is None or person.pk != by.pk
    )
