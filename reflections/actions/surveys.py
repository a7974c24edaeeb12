"""What becomes of a survey: made with our questions, handed on, put anew before anybody was asked; and its answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault import data_keys
from mentoring.actions.refused import Refused
from mentoring.models import Program
from reflections import rules
from reflections.default_survey import prompts_for
from reflections.models import (
    Survey,
    SurveyAnswer,
    SurveyKind,
    SurveyPeriod,
    SurveyPrompt,
    SurveyQuestion,
    SurveySheet,
)
from reflections.models.survey import problem_with_answers

TRANSLATE_THE_QUESTION = _("Translate the question too, where you translate its help or its answers.")
AS_MANY_ANSWERS = _("Write each of the answers once, in their order, one on each line; or none of them.")
CLOSED = _("This survey is closed. Nothing was changed.")
# What a copy of a prompt has of its own.
OWN = {"id", "survey"}


class Said(NamedTuple):
    """An answer to one question: letters of its answers, or words."""

    chosen: tuple[str, ...] = ()
    text: str = ""


def fill_survey(survey: Survey) -> None:
    """Our questions, for a survey that was just made and has none."""
    if not survey.prompts.exists():
        SurveyPrompt.objects.bulk_create(prompts_for(survey))


@transaction.atomic
def copy_surveys(earlier: Program, program: Program) -> None:
    """A program hands its surveys on with their questions. Nobody is asked until somebody switches them on there."""
    for survey in Survey.objects.filter(program=earlier).prefetch_related("prompts"):
        new = Survey.objects.create(program=program, stage=survey.stage)
        names = [field.name for field in SurveyPrompt._meta.fields if field.name not in OWN]
        SurveyPrompt.objects.bulk_create(
            SurveyPrompt(survey=new, **{name: getattr(prompt, name) for name in names})
            for prompt in survey.prompts.all()
        )


@transaction.atomic
def renew_survey(survey: Survey) -> None:
    """After its questions were changed: a period that has asked nobody yet asks the new ones. One that has keeps its
    own until its quarter is over."""
    Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
    SurveyPeriod.objects.filter(survey=survey, is_current=True, sheets=None).delete()


class Translation(NamedTuple):
    """A question of a survey in another language. Without a question there is none; its answers are as many as there
    are, or none."""

    text: str = ""
    help_text: str = ""
    answers: tuple[str, ...] = ()


@transaction.atomic
def translate_survey(survey: Survey, language: str, wordings: Mapping[int, Translation]) -> None:
    """The questions of a survey in `language`, by the primary key of the prompt; those left out, or without a question,
    are read as they were written. It holds from when a change of the questions does.

    Raises Refused for a help or answers without their question, and for answers that are not those of the question.
    """
    for prompt in survey.prompts.select_for_update(no_key=True).order_by("pk"):
        said = wordings.get(prompt.pk, Translation())
        if not said.text and (said.help_text or said.answers):
            raise Refused(TRANSLATE_THE_QUESTION)
        if said.answers and (len(said.answers) != len(prompt.lines) or problem_with_answers([*said.answers])):
            raise Refused(AS_MANY_ANSWERS)
        kept = {name: each for name, each in prompt.wordings.items() if name != language}
        if said.text:
            kept[language] = {
                "text": said.text,
                "help_text": said.help_text,
                "options": list(said.answers),
                "of": prompt.lines,
            }
        SurveyPrompt.objects.filter(pk=prompt.pk).update(wordings=kept)
    renew_survey(survey)


@transaction.atomic
def answer_survey(sheet: SurveySheet, *, by: User, said: Mapping[str, Said], now: datetime) -> None:
    """Somebody answers, or says it otherwise: by the code of each question what they say to it; nothing takes the
    answer away. What is said to a question that is not named stays.

    Raises Refused once it is closed, for somebody else's, and where no answer at all would be there.
    """
    sheet = _locked(sheet, by, now)
    before = {answer.question_id: answer for answer in sheet.answers.all()}
    stays = set(before)
    with data_keys.in_hand(by.pk):
        for question in sheet.period.questions.all():
            if question.code not in said:
                continue
            given = _fitting(question, said[question.code])
            if not (given.chosen or given.text):
                stays.discard(question.pk)
                continue
            row = before.get(question.pk) or SurveyAnswer(question=question)
            row.sheet, row.chosen, row.text = sheet, list(given.chosen), given.text
            row.save()
            stays.add(question.pk)
    if not stays:
        raise Refused(_("Answer one question at least, or say “Not now”."))
    sheet.answers.exclude(question__in=stays).delete()
    SurveySheet.objects.filter(pk=sheet.pk).update(answered_at=sheet.answered_at or now, declined_at=None)


@transaction.atomic
def decline_survey(sheet: SurveySheet, *, by: User, now: datetime) -> None:
    """Not now: a full answer, after which nobody asks again. What was answered before is taken back. Raises Refused
    once it is closed."""
    sheet = _locked(sheet, by, now)
    sheet.answers.all().delete()
    SurveySheet.objects.filter(pk=sheet.pk).update(answered_at=None, declined_at=sheet.declined_at or now)


def _locked(sheet: SurveySheet, by: User, now: datetime) -> SurveySheet:
    """Behind the survey's own lock: its totals are worked out before this or after it."""
    Survey.objects.select_for_update(no_key=True).get(pk=sheet.survey_id)
    rows = SurveySheet.objects.select_for_update(no_key=True, of=("self",)).select_related("period")
    found = rows.filter(pk=sheet.pk).first()
    if found is None or not rules.may_answer_survey(by, found, now):
        raise Refused(CLOSED)
    return found


def _fitting(question: SurveyQuestion, given: Said) -> Said:
    """What of it is an answer to a question of that kind."""
    if question.kind == SurveyKind.WORDS:
        return Said(text=given.text.strip())
    known = [letter for letter, _label in question.choices if letter in given.chosen]
    return Said(tuple(known if question.kind == SurveyKind.SEVERAL else known[:1]))
