"""Surveys by the clock: periods open, people are asked, and what was answered is told when nobody can answer any more.

Run twice, or twice at once, nothing is done twice. How many queries look who is to be asked does not depend on how many
people and programs there are.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.defects import told as told_of
from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from mentoring.models.pairing import PairingQuerySet
from mentoring.open_requests import keep_people

from .models import Survey, SurveyPeriod, SurveyPrompt, SurveyQuestion, SurveySheet
from .models.survey import OPEN_FOR, SurveyFields
from .survey_results import FEWEST, totals_of
from .survey_windows import APART, END_AFTER, START_AFTER, WINDOW, History, window

log = logging.getLogger(__name__)

Stage = Survey.Stage
COPIED = [field.name for field in SurveyFields._meta.fields]
# Questions are the same in whatever languages they can be read.
WHAT_IS_ASKED = [name for name in COPIED if name != "wordings"]
# A program's day may be another one than ours.
DAY = timedelta(days=1)
# A program that is over asks at the end only, and by no e-mail.
ASKING = {
    Stage.START: (Program.Status.ACTIVE,),
    Stage.MIDDLE: (Program.Status.ACTIVE,),
    Stage.END: (Program.Status.ACTIVE, Program.Status.CLOSED),
}
IN_IT = {
    Stage.START: (Enrollment.Status.ACTIVE,),
    Stage.MIDDLE: (Enrollment.Status.ACTIVE,),
    Stage.END: (Enrollment.Status.ACTIVE, Enrollment.Status.COMPLETED),
}
SIDES = ("mentor", "mentee")
# By program and person.
Key = tuple[int, int]


def ask_due_surveys(now: datetime) -> int:
    """Puts surveys before those whose time it is now; before how many people. The e-mails are the calendar's
    (reflections/asides.py). A survey with which something is wrong is logged and does not keep the others waiting."""
    surveys = [
        survey
        for survey in Survey.objects.filter(is_on=True).select_related("program")
        if survey.program.status in ASKING[Stage(survey.stage)]
    ]
    found = _due(surveys, now) if surveys else {}
    asked = 0
    for survey in surveys:
        if survey.pk in found:
            try:
                asked += _ask(survey, found[survey.pk], now)
            except Exception as error:
                log.error("survey %s could not be asked: %s", survey.pk, told_of(error))
    return asked


def tell_due_surveys(now: datetime) -> int:
    """Works out the totals of each period in which nobody can answer any more, once; of how many."""
    over = SurveyPeriod.objects.going_on().filter(ends_on__lte=now.date() - OPEN_FOR)
    told = 0
    for period in over.select_related("survey__program"):
        if period.survey.program.today(now) >= period.opens_results_on:
            told += _tell(period, now)
    return told


@transaction.atomic
def _tell(period: SurveyPeriod, now: datetime) -> bool:
    # Behind the survey's lock nobody is put into the period at this moment.
    Survey.objects.select_for_update(no_key=True).get(pk=period.survey_id)
    fresh = SurveyPeriod.objects.going_on().filter(pk=period.pk).first()
    # Meanwhile it may go on for another quarter.
    if fresh is None or fresh.ends_on != period.ends_on:
        return False
    return bool(
        SurveyPeriod.objects.going_on()
        .filter(pk=period.pk)
        .update(told_at=now, is_current=False, totals=totals_of(period))
    )


# --- Who is to be asked --------------------------------------------------------------------------------------------


def _due(surveys: list[Survey], now: datetime) -> dict[int, list[tuple[int, str]]]:
    """By survey the people and their roles."""
    today = now.date()
    candidates: dict[int, set[int]] = {survey.pk: set() for survey in surveys}
    for stage in Stage:
        of_stage = {survey.program_id: survey.pk for survey in surveys if survey.stage == stage}
        for side in SIDES if of_stage else ():
            rows = _about_now(stage, side, today).filter(program__in=of_stage)
            asked = SurveySheet.objects.filter(
                survey__program=OuterRef("program"), survey__stage=stage, person=OuterRef(side)
            )
            for program, person in rows.filter(~Exists(asked)).values_list("program", side):
                candidates[of_stage[program]].add(person)
    people = set().union(*candidates.values())
    if not people:
        return {}
    programs = {survey.program_id: survey.program for survey in surveys}
    histories = _histories(programs, people)
    places = _places(programs, people)
    lately = _asked_lately(programs, people, now)
    due: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for survey in surveys:
        day = survey.program.today(now)
        for person in sorted(candidates[survey.pk]):
            key = survey.program_id, person
            if key in lately or key not in places or key not in histories:
                continue
            role, status = places[key]
            when = window(survey.stage, histories[key])
            if status in IN_IT[Stage(survey.stage)] and when is not None and when.holds(day):
                due[survey.pk].append((person, role))
    return due


def _about_now(stage: str, side: str, today: date) -> PairingQuerySet:
    """Pairings by which it may be about now for their one side: more than are, and few."""
    theirs = Pairing.objects.filter(
        Q(mentor=OuterRef(side)) | Q(mentee=OuterRef(side)), program=OuterRef("program")
    )
    if stage == Stage.END:
        return Pairing.objects.filter(
            ~Exists(theirs.made()),
            status__in=Pairing.OVER,
            ended_on__range=(today - WINDOW - DAY, today - END_AFTER + DAY),
        )
    if stage == Stage.START:
        earlier = theirs.begun().filter(starts_on__lt=OuterRef("starts_on"))
        return Pairing.objects.begun().filter(
            ~Exists(earlier), starts_on__range=(today - WINDOW - DAY, today - START_AFTER + DAY)
        )
    return Pairing.objects.under_way()


def _histories(programs: dict[int, Program], people: set[int]) -> dict[Key, History]:
    rows: dict[Key, list[Pairing]] = defaultdict(list)
    known = Pairing.objects.filter(program__in=programs, status__in=(*Pairing.MADE, *Pairing.OVER))
    columns = ("program", "mentor", "mentee", "status", "starts_on", "runs_until", "ended_on")
    for pairing in known.filter(Q(mentor__in=people) | Q(mentee__in=people)).only(*columns):
        rows[pairing.program_id, pairing.mentor_id].append(pairing)
        rows[pairing.program_id, pairing.mentee_id].append(pairing)
    found = {key: History.of(each, programs[key[0]].ends_on) for key, each in rows.items()}
    return {key: history for key, history in found.items() if history is not None}


def _places(programs: Iterable[int], people: set[int]) -> dict[Key, tuple[str, str]]:
    rows = Enrollment.objects.filter(
        program__in=programs, person__in=User.objects.staying().filter(pk__in=people)
    )
    return {
        (program, person): (role, status)
        for program, person, role, status in rows.values_list("program", "person", "role", "status")
    }


def _asked_lately(programs: Iterable[int], people: set[int], now: datetime) -> set[Key]:
    rows = SurveySheet.objects.filter(
        survey__program__in=programs, person__in=people, asked_at__gt=now - APART
    )
    return set(rows.values_list("survey__program", "person"))


# --- Asking them ---------------------------------------------------------------------------------------------------


@transaction.atomic
def _ask(survey: Survey, people: list[tuple[int, str]], now: datetime) -> int:
    locked = Survey.objects.select_for_update(no_key=True).select_related(None).get(pk=survey.pk)
    prompts = list(locked.prompts.filter(is_active=True))
    if not locked.is_on or not prompts:
        return 0
    # Who is being erased at this moment is asked nothing.
    keep_people(person for person, _role in people)
    staying = set(User.objects.staying().filter(pk__in=dict(people)).values_list("pk", flat=True))
    period = _current_period(survey, prompts, now)
    before = period.sheets.count()
    SurveySheet.objects.bulk_create(
        [
            SurveySheet(
                survey=survey,
                period=period,
                person_id=person,
                role=role,
                asked_at=now,
                closes_at=now + OPEN_FOR,
            )
            for person, role in people
            if person in staying
        ],
        ignore_conflicts=True,
    )
    return period.sheets.count() - before


def _current_period(survey: Survey, prompts: list[SurveyPrompt], now: datetime) -> SurveyPeriod:
    """The one in which people are asked today: of this quarter, or of earlier ones too, as long as fewer than five have
    answered in it and the questions are the same."""
    today = survey.program.today(now)
    quarter = survey.program.quarter_on(today)
    period = SurveyPeriod.objects.filter(survey=survey, is_current=True).first()
    if period is not None and today <= period.ends_on:
        return period
    if period is not None:
        answered = SurveySheet.objects.answered().filter(period=period).count()
        if answered < FEWEST and _copies(period.questions.all()) == _copies(prompts):
            SurveyPeriod.objects.filter(pk=period.pk).update(ends_on=quarter.end)
            period.ends_on = quarter.end
            for prompt in prompts:
                period.questions.filter(code=prompt.code).update(wordings=prompt.wordings)
            return period
        SurveyPeriod.objects.filter(pk=period.pk).update(is_current=False)
    period = SurveyPeriod.objects.create(survey=survey, begins_on=quarter.start, ends_on=quarter.end)
    SurveyQuestion.objects.bulk_create(
        SurveyQuestion(period=period, **{name: getattr(prompt, name) for name in COPIED})
        for prompt in prompts
    )
    return period


def _copies(rows: Iterable[SurveyFields]) -> list[list[object]]:
    found = [[getattr(row, name) for name in WHAT_IS_ASKED] for row in rows]
    return sorted(found, key=str)
