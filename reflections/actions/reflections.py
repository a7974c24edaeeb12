"""Reflections: finished, or left out for a quarter."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.actions.refused import Refused
from reflections import carry, rules
from reflections.models import Answer, Audience, Reflection, Round, Step
from reflections.readers import ONLY_ME, Readers, as_shown

from .answers import check_readers
from .naming import look_for_names, stop_asking
from .values import drop_lost_quotes

CHANGED_SINCE = _("Something has changed since you read it over. Read it over once more.")
NONE_CHOSEN: Mapping[int, Readers] = MappingProxyType({})


@transaction.atomic
def submit_reflection(
    reflection: Reflection,
    *,
    by: User,
    share: bool,
    chosen: Mapping[int, Readers] = NONE_CHOSEN,
    shown: str | None = None,
    shown_to_go: str | None = None,
    delete_aside: bool = False,
    small_try: str = "",
    now: datetime,
) -> bool:
    """Finish it. With `share` each answer goes to the readers it names, without it to nobody but its writer.

    `chosen` has the readers of single answers, by their ids, where they were chosen otherwise while reading it over.
    Readers who cannot be let in any more (a pairing that is over, a program that was left) are dropped. `shown` is the
    `as_shown` of what was read over; raises Refused when it has changed since. `delete_aside` deletes what was set
    aside; a `small_try` that it was turned into becomes the one thing to carry, in the place of another one. Either is
    Refused where `shown_to_go`, the `carry.as_read_over` of what was read over, has changed: nothing goes that was not
    in sight. False when it was finished already: finishing twice is finishing once.
    """
    open_ones = Reflection.objects.filter(pk=reflection.pk, person=by).exclude(
        status=Reflection.Status.SUBMITTED
    )
    if not open_ones.update(status=Reflection.Status.SUBMITTED, submitted_at=now, declined_at=None):
        return False
    _share(reflection, by, chosen if share else NONE_CHOSEN, shown if share else None, keeps=share)
    answers = Answer.objects.filter(reflection=reflection.pk)
    is_checked = shown_to_go is not None and (delete_aside or small_try)
    if is_checked and shown_to_go != carry.as_read_over(answers.select_related("question")):
        raise Refused(CHANGED_SINCE)
    if delete_aside:
        answers.filter(question__step=Step.ASIDE).delete()
    if small_try:
        _carry(reflection, small_try, now)
    if share:
        # Before this nobody could read, whatever was chosen: it is all new to everybody.
        fresh = answers.exclude(audience=Audience.ME).select_related("reflection__round__program", "question")
        look_for_names(fresh, changed=True, widened=True, now=now)
    return True


@transaction.atomic
def choose_readers(
    reflection: Reflection, *, by: User, chosen: Mapping[int, Readers], shown: str | None = None
) -> bool:
    """Who will read which answers of a draft, once it is finished; nobody does yet. False for one that is no draft."""
    mine = Reflection.objects.select_for_update().drafts().filter(pk=reflection.pk, person=by)
    if not mine.exists():
        return False
    _share(reflection, by, chosen, shown, keeps=True)
    return True


def _share(
    reflection: Reflection, by: User, chosen: Mapping[int, Readers], shown: str | None, *, keeps: bool
) -> None:
    """Without `keeps` to nobody. Raises Refused where something changed since it was `shown`, or for readers who cannot
    be let in."""
    settled = _with_readers(Answer.objects.filter(reflection=reflection.pk), by, reflection.round)
    if shown is not None and shown != as_shown(settled):
        raise Refused(CHANGED_SINCE)
    for answer, readers in settled:
        wanted = ONLY_ME if answer.is_locked else chosen.get(answer.pk, readers)
        if wanted.lets_in_more_than(readers):
            check_readers(by, reflection.round, wanted, answer.question)
        _let_read(answer, wanted if keeps else ONLY_ME)


def _carry(reflection: Reflection, line: str, now: datetime) -> None:
    """For its writer alone: what stood there may have been shared, and these words have not been read over."""
    question = carry.question_of(reflection)
    if question is None:
        raise Refused(_("These questions ask for nothing to carry forward."))
    first = reflection.answers.filter(question=question, piece=Answer.Piece.FIRST)
    answer = first.first() or Answer(reflection=reflection, question=question)
    answer.text, answer.audience, answer.saved_at = line, Audience.ME, now
    answer.may_be_quoted = False
    is_new = answer.pk is None
    answer.save()
    if not is_new:
        drop_lost_quotes(answer)
    answer.pairings.clear()
    stop_asking([answer], changed=True)


@transaction.atomic
def decline_reflection(person: User, round: Round, *, now: datetime) -> bool:
    """Not this quarter: a full answer, which needs no reason. What was written stays, for its writer alone.

    False when the reflection is finished, or was left out already.
    """
    reflection, created = Reflection.objects.get_or_create(
        person=person,
        round=round,
        defaults={
            "role": rules.role_for(person, round),
            "status": Reflection.Status.DECLINED,
            "started_at": now,
            "declined_at": now,
        },
    )
    if created:
        return True
    draft = Reflection.objects.drafts().filter(pk=reflection.pk)
    return bool(draft.update(status=Reflection.Status.DECLINED, declined_at=now))


@transaction.atomic
def finish_rough_quarter(person: User, round: Round, *, now: datetime) -> bool:
    """Enough for this quarter: what was written stays with its writer, and with nothing written it is left out, which
    is a full answer too. Either way they are not asked again. False when it was finished, or left out, already."""
    reflection = Reflection.objects.filter(person=person, round=round).first()
    if reflection is None or not Answer.objects.written().filter(reflection=reflection).exists():
        return decline_reflection(person, round, now=now)
    return submit_reflection(reflection, by=person, share=False, now=now)


def _with_readers(answers: QuerySet[Answer], person: User, round: Round) -> list[tuple[Answer, Readers]]:
    pairings = set(rules.pairings_to_answer_with(person, round).values_list("pk", flat=True))
    may_program = rules.may_share_with_program(person, round.program_id)
    return [
        (
            answer,
            Readers.of_answer(answer).among(
                pairings, may_program=may_program and not answer.question.needs_care
            ),
        )
        for answer in answers.select_related("question").prefetch_related("pairings")
    ]


def _let_read(answer: Answer, readers: Readers) -> None:
    if readers == Readers.of_answer(answer):
        return
    Answer.objects.filter(pk=answer.pk).update(audience=readers.audience, may_be_quoted=False)
    answer.pairings.set(readers.pairings)
    if readers.is_only_me:
        stop_asking([answer])
