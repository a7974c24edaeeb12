"""Answers: written, shared and taken back, by their writer alone."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.actions.refused import Refused
from reflections import rules
from reflections.models import Answer, Audience, Moment, Question, Reflection, Round, SwapItem, ValueShown
from reflections.readers import ONLY_ME, Readers

from .naming import look_for_names, stop_asking
from .values import drop_lost_quotes, name_value, show_value


class Overtaken(Exception):
    """The answer was saved elsewhere since the page was made; nothing was changed. `answer` is as it stands."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.pk)
        self.answer = answer


@transaction.atomic
def save_answer(
    person: User,
    round: Round,
    question: Question,
    *,
    text: str,
    after: str = "",
    piece: str = Answer.Piece.FIRST,
    readers: Readers | None,
    based_on: str,
    now: datetime,
    may_publish: bool = True,
) -> Answer | None:
    """Keep what was written; the reflection begins with the first words, and a declined one is a draft again.

    `after` where the question asks for a before and an after; `piece` where it is asked for up to three. `readers` None
    leaves them as they are. `based_on` is the `version` of the answer that the writer had before them: raises Overtaken
    rather than replace words that they have not seen. In a finished reflection a change is read at once, so what saves
    by itself passes `may_publish=False` and is Refused there; so are readers who cannot be let in. Other words are
    picked for no swap any more, nor to be quoted. None comes back when there was nothing to keep.
    """
    is_empty = not (text or after)
    reflection = _locked(person, round)
    if reflection is None:
        if is_empty:
            return None
        reflection = begun(person, round, now)
    answer = reflection.answers.select_related("reflection").filter(question=question, piece=piece).first()
    if answer is None:
        if is_empty:
            return None
        answer = Answer(reflection=reflection, question=question, piece=piece, is_locked=question.is_locked)

    before = Readers.of_answer(answer) if answer.pk else ONLY_ME
    then = before if readers is None else readers
    if is_empty or question.is_locked:
        then = ONLY_ME
    if answer.pk and (answer.text, answer.after) == (text, after) and before == then:
        return answer
    if reflection.is_submitted and not may_publish:
        raise Refused(_("You finished this reflection elsewhere. Save it to replace the wording."))
    if answer.pk and answer.has_words and based_on != version(answer):
        raise Overtaken(answer)
    widened = then.lets_in_more_than(before)
    if widened:
        check_readers(person, round, then, question)

    changed = answer.pk is None or (answer.text, answer.after) != (text, after)
    answer.text, answer.after, answer.audience, answer.saved_at = text, after, then.audience, now
    answer.may_be_quoted = answer.may_be_quoted and not changed and then == before
    is_new = answer.pk is None
    answer.save()
    if not is_new:
        if changed:
            SwapItem.objects.waiting().filter(answer=answer).delete()
        drop_lost_quotes(answer)
    answer.pairings.set(then.pairings)
    look_for_names([answer], changed=changed, widened=widened, now=now)
    _goes_on(reflection, now)
    return answer


@transaction.atomic
def say_value(
    person: User, round: Round, name: str, *, thing: Moment | Answer, quote: str = "", now: datetime
) -> ValueShown:
    """On the page of the quarter: this moment, or this answer, of theirs shows what they care about. It begins the
    reflection as any words do. Raises Refused as `show_value` does; then nothing was begun."""
    name_value(person, name, now=now)  # which locks the person, who comes before their reflection
    reflection = _locked(person, round) or begun(person, round, now)
    shown = show_value(
        person,
        name,
        moment=thing if isinstance(thing, Moment) else None,
        answer=thing if isinstance(thing, Answer) else None,
        quote=quote,
        reflection=reflection,
        now=now,
    )
    _goes_on(reflection, now)
    return shown


def _goes_on(reflection: Reflection, now: datetime) -> None:
    """Something was written in it."""
    mine = Reflection.objects.filter(pk=reflection.pk)
    mine.update(saved_at=now)
    mine.filter(status=Reflection.Status.DECLINED).update(status=Reflection.Status.DRAFT, declined_at=None)


def version(answer: Answer | None) -> str:
    """Which state of an answer a page was made from; "" where there was none yet."""
    return answer.saved_at.isoformat() if answer else ""


@transaction.atomic
def take_back(answer: Answer, *, by: User, now: datetime) -> bool:
    """Nobody else reads it from now on. False when nobody could: taking back twice is taking back once."""
    shared = Answer.objects.filter(pk=answer.pk, reflection__person=by).exclude(audience=Audience.ME)
    # A page that still shows it as shared is out of date by the new instant, and cannot share it again by accident.
    taken = shared.update(audience=Audience.ME, may_be_quoted=False, saved_at=now)
    if taken:
        answer.pairings.clear()
        stop_asking([answer])
    return bool(taken)


def _locked(person: User, round: Round) -> Reflection | None:
    """The reflection, ours until the end of the transaction: those who write or finish it come one after the other."""
    return Reflection.objects.select_for_update().filter(person=person, round=round).first()


def begun(person: User, round: Round, now: datetime) -> Reflection:
    """Their page of that round, begun if it was not, and theirs alone until the end of the transaction."""
    role = rules.role_for(person, round)
    Reflection.objects.get_or_create(person=person, round=round, defaults={"role": role, "started_at": now})
    return Reflection.objects.select_for_update().get(person=person, round=round)


def check_readers(person: User, round: Round, readers: Readers, question: Question) -> None:
    """Raises Refused for readers whom this person cannot let in to an answer to this question now."""
    if readers.audience == Audience.PROGRAM and question.needs_care:
        raise Refused(_("An answer like this is for you, or for two: it hangs on no wall."))
    if readers.audience == Audience.PAIRING:
        allowed = set(rules.pairings_to_answer_with(person, round).values_list("pk", flat=True))
        may = bool(readers.pairings) and readers.pairings <= allowed
    else:
        may = rules.may_share_with_program(person, round.program_id)
    if not may:
        raise Refused(_("This cannot be shared there now."))
