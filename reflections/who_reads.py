"""Who may read a thing: the one place that says so.

Of one thing, `people` are its readers by their numbers, and `said_of` says who is missing; pages, exports and e-mails
ask here. Of many, the querysets say it to the database (`Moment.objects.visible_to`, `Answer.objects.readable_by`), and
tests/reflections/test_who_reads.py holds the two together over worlds that nobody thought of.

A thing is for its writer alone, unless they say otherwise. As long as somebody is named in it who has not agreed
(`Naming`), it is read by its writer and by whoever is named, once they were asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.vault import reading
from mentoring.models import Enrollment, Pairing, Program

from .models import Answer, Audience, Moment, Naming, Reflection
from .wording import listed

Thing = Moment | Answer


@dataclass(frozen=True)
class WhoReads:
    """`people` includes the writer. The others are those who are named and stand in the way: nobody else reads it
    before each of them has agreed."""

    people: frozenset[int]
    to_ask: Sequence[User]
    asked: Sequence[User]
    not_agreed: Sequence[User]

    @property
    def waits(self) -> bool:
        return bool(self.to_ask or self.asked or self.not_agreed)


def people(thing: Thing) -> frozenset[int]:
    """Everybody who may read it now, its writer included."""
    return who_reads(thing).people


def may_read(person: User, thing: Thing) -> bool:
    return person.pk in people(thing)


def who_reads(thing: Thing) -> WhoReads:
    """Asks for the people of a whole program where it is for one; `standing` does not."""
    let_in = audience(thing)
    meant = _meant(thing)
    in_the_way = {row.person_id for row in meant if row.agreed_at is None}
    readers = {person for person in let_in if not in_the_way - {person}}
    asked = {row.person_id for row in meant if row.asked_at is not None} if is_for_others(thing) else set()
    to_ask, waiting, declined = standing(thing)
    return WhoReads(frozenset({thing.sealed_for, *readers, *asked}), to_ask, waiting, declined)


def standing(thing: Thing) -> tuple[list[User], list[User], list[User]]:
    """Those who are named and have not agreed: not asked yet, asked, and those who said no. Whoever alone would read it
    besides its writer stands in nobody's way."""
    if thing.audience == Audience.ME:
        return [], [], []
    known: list[Naming] | None = getattr(thing, "in_the_way", None)  # `with_readers` has looked them up
    meant = _meant(thing) if known is None else known
    rows = [row for row in meant if row.agreed_at is None and is_read_by_more(thing, row.person_id)]
    return (
        [row.person for row in rows if row.asked_at is None and row.declined_at is None],
        [row.person for row in rows if row.is_unanswered],
        [row.person for row in rows if row.declined_at is not None],
    )


def said_of(thing: Thing) -> str:
    """Who is named and has not agreed, for its writer: "" where nobody stands in the way."""
    to_ask, asked, declined = standing(thing)
    said = []
    if to_ask:
        said.append(_("Nobody else reads it yet: it names %(names)s.") % {"names": _names(to_ask)})
    if asked:
        said.append(
            _("Nobody else reads it yet. It waits for a yes from %(names)s.") % {"names": _names(asked)}
        )
    if declined:
        said.append(_("Nobody else reads it: %(names)s did not agree.") % {"names": _names(declined)})
    return " ".join(said)


def said_of_each(things: Sequence[Thing]) -> dict[int, str]:
    """`said_of`, by number, of many moments or many answers; by one query."""
    waits = Naming.objects.in_the_way().select_related("person").order_by("pk")
    prefetch_related_objects(things, Prefetch("namings", waits, to_attr="in_the_way"))
    return {thing.pk: said_of(thing) for thing in things}


def is_for_others(thing: Thing) -> bool:
    """Whether it is for anybody besides its writer, whoever is named in it."""
    if isinstance(thing, Answer):
        finished = thing.reflection.status == Reflection.Status.SUBMITTED
        is_written = any(reading.words(thing, name) for name in ("text", "after"))
        if thing.is_locked or not finished or not is_written:
            return False
    if thing.audience == Audience.PAIRING:
        return any(pairing.is_begun for pairing in _pairings(thing))
    program = _program(thing)
    return (
        thing.audience == Audience.PROGRAM
        and program is not None
        and program.has_wall
        and not _needs_care(thing)
        and Enrollment.objects.filter(
            person=thing.sealed_for, program=program, status__in=Enrollment.IN
        ).exists()
    )


def audience(thing: Thing) -> frozenset[int]:
    """Those for whom it is, whoever is named in it; without its writer."""
    if not is_for_others(thing):
        return frozenset()
    if thing.audience == Audience.PAIRING:
        begun = [pairing for pairing in _pairings(thing) if pairing.is_begun]
        found = {person for pairing in begun for person in (pairing.mentor_id, pairing.mentee_id)}
    else:
        places = Enrollment.objects.filter(program=_program(thing)).active()
        found = set(places.values_list("person", flat=True))
    return frozenset(found - {thing.sealed_for})


def is_read_by_more(thing: Thing, person: int) -> bool:
    """Whether it is for anybody besides its writer and this one; of a program's people there are always more."""
    return thing.audience == Audience.PROGRAM or bool(audience(thing) - {person})


def asked_about(person: User) -> QuerySet[Naming]:
    """What names this person, and they may read, since they were asked."""
    return Naming.objects.asked_of(person).filter(
        Q(moment__in=Moment.objects.visible_to(person)) | Q(answer__in=Answer.objects.readable_by(person))
    )


def names_in(person: User) -> QuerySet[Naming]:
    """Whom this person names in what they share with anybody."""
    shared = ~Q(moment__audience=Audience.ME) & ~Q(answer__audience=Audience.ME)
    return Naming.objects.of_writer(person).filter(shared)


def _meant(thing: Thing) -> list[Naming]:
    rows = thing.namings.select_related("person").order_by("pk")
    return [row for row in rows if not row.is_somebody_else]


def _names(people: Sequence[User]) -> str:
    return listed([person.first_name for person in people])


def _pairings(thing: Thing) -> list[Pairing]:
    if isinstance(thing, Answer):
        return list(thing.pairings.all())
    return [thing.pairing] if thing.pairing else []


def _program(thing: Thing) -> Program | None:
    return thing.reflection.round.program if isinstance(thing, Answer) else thing.program


def _needs_care(thing: Thing) -> bool:
    if isinstance(thing, Answer):
        return thing.question.needs_care
    return thing.kind in Moment.NEEDS_CARE
