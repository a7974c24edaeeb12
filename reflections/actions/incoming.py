"""What comes in by e-mail: kept, held until its person has said whether it was them, put back, forgotten.

It only ever adds: a paragraph below what stands in a draft, or a moment for oneself. It shares nothing and finishes
nothing, and what somebody has written meanwhile in an open page is not replaced (`save_answer` sees to that).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts.mail import claims
from accounts.mail.inbound.reading import LONGEST_TEXT, Problem, Written
from accounts.mail.inbound.trust import Doubt
from accounts.mail.models import MailLink
from accounts.models import User
from accounts.vault.errors import Unreadable
from mentoring.actions.refused import Refused
from reflections.models import Answer, IncomingMail, Moment, PromptKind, Question, Reflection, Round
from reflections.models.moment import LONGEST_MOMENT
from reflections.models.reflection import LONGEST_ANSWER

from .answers import begun, save_answer, version
from .moments import keep_moment

State = IncomingMail.State
Way = IncomingMail.Way

# For so long its person can say whether it was them.
HELD_FOR = timedelta(days=7)
# A mail server tries again for some days, and for so long what was left out can be put back.
REMEMBERED = timedelta(days=30)
# Whoever has found out an address of somebody's fills nothing with it.
MOST_HELD = 20

NOT_HELD = _("That has been decided already, or its week is over.")
NOTHING_LEFT_OUT = _("It has been put back already, or its month is over.")


@dataclass(frozen=True)
class Arrival:
    """An e-mail to an address of this person's. `message_hash` tells it from others, and `mail_id` is its Message-ID
    where that can stand in a header."""

    person: User
    way: IncomingMail.Way
    message_hash: bytes
    mail_id: str = ""
    link: MailLink | None = None

    @property
    def token_hash(self) -> str:
        return self.link.token_hash if self.link else ""


class Place(NamedTuple):
    """Where words go: below the answer to this question of that round; without one they become a moment."""

    round: Round
    question: Question


class Landed(NamedTuple):
    answer: Answer | None
    moment: Moment | None
    rest: str


def lock_person(person: User) -> None:
    """What comes in for one person comes one after the other."""
    list(User.objects.select_for_update(no_key=True).filter(pk=person.pk).values("pk"))


def known(arrival: Arrival) -> bool:
    """Whether it came before. Behind `lock_person`, so that of two at once one is the first."""
    return _rows(arrival).exists()


@transaction.atomic
@sensitive_variables()
def take_mail(
    arrival: Arrival, written: Written, place: Place | None, *, now: datetime
) -> IncomingMail | None:
    """Its words, where they belong. None where it came before."""
    lock_person(arrival.person)
    if known(arrival):
        return None
    landed = _land(arrival.person, written.text, place, now)
    row = _row(arrival, State.TAKEN, written, now)
    row.left_out = _together(landed.rest, written.left_out)
    row.answer, row.moment = landed.answer, landed.moment
    row.save()
    if arrival.link is not None and arrival.link.message_id is not None:
        claims.record_answered(arrival.link.message_id)
    return row


@transaction.atomic
@sensitive_variables()
def hold_mail(
    arrival: Arrival, written: Written, doubt: Doubt, *, sender: str, now: datetime
) -> IncomingMail | None:
    """It waits for its person, who alone can say whether it was them. None where it came before, or too many wait."""
    lock_person(arrival.person)
    if known(arrival) or IncomingMail.objects.of(arrival.person).held().count() >= MOST_HELD:
        return None
    row = _row(arrival, State.HELD, written, now)
    row.because, row.sender, row.text, row.left_out = doubt.value, sender, written.text, written.left_out
    row.save()
    return row


@transaction.atomic
def note_unread(arrival: Arrival, problem: Problem, *, had_files: bool, now: datetime) -> IncomingMail | None:
    """It came from its person, and has no words that we can read. None where it came before."""
    lock_person(arrival.person)
    if known(arrival):
        return None
    row = _row(arrival, State.UNREAD, Written(had_files=had_files), now)
    row.because = problem.value
    row.save()
    return row


@transaction.atomic
@sensitive_variables()
def accept_held(row: IncomingMail, *, by: User, place: Place | None, now: datetime) -> IncomingMail:
    """It was them: it goes where it would have gone. Raises Refused once it was decided, or its week is over."""
    lock_person(by)
    mine = _held(row, by, now)
    landed = _land(by, mine.text, place, now)
    mine.left_out = _together(landed.rest, mine.left_out)
    mine.answer, mine.moment = landed.answer, landed.moment
    mine.text = mine.sender = ""
    mine.state = State.TAKEN
    mine.save()
    return mine


@transaction.atomic
def refuse_held(row: IncomingMail, *, by: User, now: datetime) -> None:
    """It was not them: its words are deleted at once. That it came is remembered, so that it does not come again.

    Raises Refused once it was decided."""
    lock_person(by)
    mine = _held(row, by, now)
    mine.text = mine.sender = mine.left_out = ""
    mine.state, mine.mail_id = State.REFUSED, ""
    mine.save()


@transaction.atomic
@sensitive_variables()
def put_back(row: IncomingMail, *, by: User, now: datetime) -> IncomingMail:
    """What was left out stands below the rest from now on; where that is finished, or gone, it is a moment of its own.

    Of a long text a moment takes the beginning, and the rest can be put back after it. Raises Refused where all of it
    was put back before."""
    lock_person(by)
    mine = IncomingMail.objects.select_for_update(of=("self",)).of(by).taken().filter(pk=row.pk).first()
    if mine is None or not mine.left_out:
        raise Refused(NOTHING_LEFT_OUT)
    landed = _put_back(mine, mine.left_out, by, now)
    mine.answer, mine.moment = landed.answer or mine.answer, landed.moment or mine.moment
    mine.left_out = landed.rest
    mine.save()
    return mine


def forget_mails(now: datetime) -> int:
    """What nobody has said yes to for a week, and what came a month ago. How many."""
    gone = IncomingMail.objects.held().filter(came_at__lte=now - HELD_FOR).delete()[0]
    return gone + IncomingMail.objects.filter(came_at__lte=now - REMEMBERED).delete()[0]


# --- Where words go ------------------------------------------------------------------------------------------------


def _land(person: User, text: str, place: Place | None, now: datetime) -> Landed:
    answer = _add(person, place, text, now) if place else None
    if answer is not None:
        return Landed(answer, None, "")
    return _as_moment(person, text, now)


def _as_moment(person: User, text: str, now: datetime) -> Landed:
    head, rest = _cut(text, LONGEST_MOMENT)
    moment = keep_moment(person, text=head, happened_on=now.astimezone(person.zone).date(), now=now)
    return Landed(None, moment, rest)


def _add(person: User, place: Place, text: str, now: datetime, into: Answer | None = None) -> Answer | None:
    """A paragraph below what stands there. None where it cannot be: the page is finished or left out, the question asks
    for something else than a text, it does not fit, or what stands there cannot be read."""
    if place.question.kind == PromptKind.VALUES:
        return None
    reflection = Reflection.objects.select_for_update().filter(person=person, round=place.round).first()
    reflection = reflection or begun(person, place.round, now)
    if reflection.status != Reflection.Status.DRAFT:
        return None
    pieces = {each.piece: each for each in reflection.answers.filter(question=place.question)}
    try:
        piece = into.piece if into else _piece(place.question, pieces)
        answer = pieces.get(piece)
        before, after = (answer.text, answer.after) if answer else ("", "")
    except Unreadable:
        return None
    whole = f"{before.rstrip()}\n\n{text}" if before.strip() else text
    if len(whole) > LONGEST_ANSWER:
        return None
    return save_answer(
        person,
        place.round,
        place.question,
        text=whole,
        after=after,
        piece=piece,
        readers=None,
        based_on=version(answer),
        # An open page knows by this instant that what it has is not all any more.
        now=max(now, answer.saved_at + timedelta(microseconds=1)) if answer else now,
        may_publish=False,
    )


def _piece(question: Question, pieces: dict[str, Answer]) -> str:
    """Where up to three are asked for, each reply is one of them, as long as there are."""
    order = [piece.value for piece in Answer.Piece]
    if question.kind != PromptKind.AGAIN:
        return order[0]
    free = (piece for piece in order if piece not in pieces or not pieces[piece].has_words)
    return next(free, order[-1])


def _put_back(row: IncomingMail, text: str, by: User, now: datetime) -> Landed:
    answer = row.answer
    if answer is not None:
        place = Place(answer.reflection.round, answer.question)
        if found := _add(by, place, text, now, into=answer):
            return Landed(found, None, "")
    return _as_moment(by, text, now)


def _cut(text: str, most: int) -> tuple[str, str]:
    """At the end of a word, if there is one not too far back."""
    if len(text) <= most:
        return text, ""
    at = max(text.rfind(" ", 0, most), text.rfind("\n", 0, most))
    at = at if at > most // 2 else most - 1
    return f"{text[:at].rstrip()}…", text[at:].strip()


# --- Rows ----------------------------------------------------------------------------------------------------------


def _rows(arrival: Arrival) -> QuerySet[IncomingMail]:
    return IncomingMail.objects.filter(
        person=arrival.person, token_hash=arrival.token_hash, message_hash=arrival.message_hash
    )


def _row(arrival: Arrival, state: IncomingMail.State, written: Written, now: datetime) -> IncomingMail:
    return IncomingMail(
        person=arrival.person,
        way=arrival.way,
        link=arrival.link,
        token_hash=arrival.token_hash,
        message_hash=arrival.message_hash,
        mail_id=arrival.mail_id,
        came_at=now,
        state=state,
        had_files=written.had_files,
    )


def _held(row: IncomingMail, by: User, now: datetime) -> IncomingMail:
    rows = IncomingMail.objects.select_for_update(of=("self",)).of(by).held()
    mine = rows.filter(pk=row.pk, came_at__gt=now - HELD_FOR).first()
    if mine is None:
        raise Refused(NOT_HELD)
    return mine


def _together(rest: str, left_out: str) -> str:
    return "\n\n".join(filter(None, [rest, left_out]))[:LONGEST_TEXT]
