"""What somebody lets others read at this moment, by who reads it: for the page "Who can see what"."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.vault import reading
from mentoring.models import Pairing

from . import swapping, who_reads
from .models import Answer, Audience, Moment, Reflection, SwapItem, Thanks
from .readers import Readers
from .wording import partner_names, readers_in_words

# The newest of each; the pages of moments and of reflections have them all.
SHOWN = 50
WORDS = 12


@dataclass(frozen=True)
class Item:
    """One thing that is shared: a few words of it, and the page where it can be taken back."""

    words: str
    url: str
    about: str = ""


@dataclass
class SharedWith:
    """What the same people can read."""

    words: str
    pieces: list[Item] = field(default_factory=list)


def shared_now(person: User) -> list[SharedWith]:
    """The most readers first, last what will be read once a swap opens; by seven queries."""
    moments = list(
        Moment.objects.of(person).exclude(audience=Audience.ME).with_readers().newest_first()[:SHOWN]
    )
    answers = list(
        Answer.objects.written()
        .filter(reflection__person=person, reflection__status=Reflection.Status.SUBMITTED, is_locked=False)
        .exclude(audience=Audience.ME)
        .select_related("question", "reflection__round__program")
        .prefetch_related(Prefetch("pairings", Pairing.objects.with_people()))
        .with_those_in_the_way()
        .order_by("-reflection__round__quarter_start", "question")[:SHOWN]
    )
    names = partner_names(person, _pairings(moments, answers))
    groups: dict[tuple[bool, str], SharedWith] = {}
    for readers, program, item in _items(moments, answers):
        words = readers_in_words(readers, names, program)
        key = (readers.audience != Audience.PROGRAM, words)
        groups.setdefault(key, SharedWith(words)).pieces.append(item)
    notes = Thanks.objects.written_by(person).filter(way=Thanks.Way.HERE, recipient__isnull=False)
    for note in notes.select_related("recipient").order_by("-sent_at", "-pk")[:SHOWN]:
        words = _("You and %(name)s") % {"name": note.recipient.first_name if note.recipient else ""}
        item = Item(
            Truncator(reading.words(note, "text")).words(WORDS),
            reverse("thanks:note", args=[note.pk]),
            _("A note"),
        )
        groups.setdefault((True, words), SharedWith(words)).pieces.append(item)
    later: dict[str, SharedWith] = {}
    for picked in swapping.picked_by(person):
        words = swapping.picked_in_words(picked, person)
        later.setdefault(words, SharedWith(words)).pieces.append(_picked(picked))
    return [*(groups[key] for key in sorted(groups)), *later.values()]


def _picked(picked: SwapItem) -> Item:
    if picked.answer is not None:
        round = picked.answer.reflection.round
        url = reverse("reflections:done", args=[round.pk])
        return Item(picked.answer.question.asked, url, round.quarter.label)
    if picked.moment is None:
        raise ValueError("Something picked is a moment or an answer.")
    return Item(_few_words(picked.moment), reverse("moments:edit", args=[picked.moment.pk]))


def _quoted(thing: Moment | Answer) -> str:
    return _("May be quoted in reports, without your name.") if thing.may_be_quoted else ""


def _few_words(moment: Moment) -> str:
    return str(Truncator(reading.words(moment, "text")).words(WORDS))


def _pairings(moments: Iterable[Moment], answers: Iterable[Answer]) -> Iterable[Pairing]:
    found = {moment.pairing.pk: moment.pairing for moment in moments if moment.pairing}
    for answer in answers:
        if answer.audience == Audience.PAIRING:
            found |= {pairing.pk: pairing for pairing in answer.pairings.all()}
    return found.values()


def _items(moments: Iterable[Moment], answers: Iterable[Answer]) -> Iterator[tuple[Readers, str, Item]]:
    for moment in moments:
        about = f"{who_reads.said_of(moment)} {_quoted(moment)}".strip()
        item = Item(_few_words(moment), reverse("moments:edit", args=[moment.pk]), about)
        yield Readers.of_moment(moment), str(moment.program or ""), item
    for answer in answers:
        round = answer.reflection.round
        about = " ".join(filter(None, (round.quarter.label, who_reads.said_of(answer), _quoted(answer))))
        item = Item(answer.question.asked, reverse("reflections:done", args=[round.pk]), about)
        yield Readers.of_answer(answer), str(round.program), item
