"""Reflections: finished, or left out for a quarter."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.actions.refused import Refused
from reflections import rules
from reflections.models import Answer, Reflection, Round, Step
from reflections.readers import ONLY_ME, Readers, as_shown


@transaction.atomic
def submit_reflection(
    reflection: Reflection,
    *,
    by: User,
    share: bool,
    shown: str | None = None,
    delete_aside: bool = False,
    now: datetime,
) -> bool:
    """Finish it. With `share` each answer goes to the readers it names, without it to nobody but its writer.

    Readers who cannot be let in any more (a pairing that is over, a program that was left) are dropped. `shown` is the
    `as_shown` of what was read over; raises Refused when it has changed since. `delete_aside` deletes what was set
    aside. False when it was finished already: finishing twice is finishing once.
    """
    open_ones = Reflection.objects.filter(pk=reflection.pk, person=by).exclude(
        status=Reflection.Status.SUBMITTED
    )
    if not open_ones.update(status=Reflection.Status.SUBMITTED, submitted_at=now, declined_at=None):
        return False
    answers = Answer.objects.filter(reflection=reflection.pk)
    if delete_aside:
        answers.filter(question__step=Step.ASIDE).delete()
    settled = _with_readers(answers, by, reflection.round)
    if share and shown is not None and shown != as_shown(settled):
        raise Refused(_("Something has changed since you read it over. Read it over once more."))
    for answer, readers in settled:
        _let_read(answer, readers if share else ONLY_ME)
    return True


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
        (answer, Readers.of_answer(answer).among(pairings, may_program=may_program))
        for answer in answers.prefetch_related("pairings")
    ]


def _let_read(answer: Answer, readers: Readers) -> None:
    if readers == Readers.of_answer(answer):
        return
    Answer.objects.filter(pk=answer.pk).update(audience=readers.audience)
    answer.pairings.set(readers.pairings)
