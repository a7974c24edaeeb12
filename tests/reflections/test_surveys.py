"""Surveys: when they are asked, of whom, in which words; and what whoever is asked may do with them."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import DataKey, User
from accounts.vault import remembered
from mentoring.actions import close_program, pause_program
from mentoring.models import Enrollment, Pairing, Program
from reflections import actions, default_survey, surveys
from reflections.actions import Refused, Said
from reflections.models import Survey, SurveyAnswer, SurveyKind, SurveyPeriod, SurveyPrompt, SurveySheet
from reflections.survey_windows import History, Window, window
from tests.conftest import NOW, pair, signed_in
from tests.mentoring.test_races import at_once
from tests.reflections.surveying import (
    DAY,
    NEXT_QUARTER,
    TOLD,
    answer,
    ask_due_surveys,
    pairs_of,
    sheet_of,
    survey_of,
    tell_due_surveys,
)

pytestmark = pytest.mark.django_db
START, MIDDLE, END = Survey.Stage.START, Survey.Stage.MIDDLE, Survey.Stage.END
FIRST = date(2026, 3, 2)


def after(days: int) -> date:
    return FIRST + timedelta(days=days)


# --- Windows -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "history", "expected"),
    [
        (START, History(FIRST, goes_on=True), Window(after(7), after(42))),
        (START, History(FIRST, goes_on=False, ended_on=after(9)), None),
        (MIDDLE, History(FIRST, goes_on=True), Window(after(91), after(133))),
        (MIDDLE, History(FIRST, goes_on=True, ends_on=after(200)), Window(after(100), after(142))),
        (MIDDLE, History(FIRST, goes_on=True, ends_on=after(60)), Window(after(30), after(46))),
        (MIDDLE, History(FIRST, goes_on=True, ends_on=after(55)), None),
        (MIDDLE, History(FIRST, goes_on=False, ended_on=after(80)), None),
        (END, History(FIRST, goes_on=False, ended_on=after(80)), Window(after(83), after(122))),
        (END, History(FIRST, goes_on=True, ended_on=after(80)), None),
    ],
)
def test_each_stage_has_a_window(stage: str, history: History, expected: Window | None) -> None:
    assert window(stage, history) == expected


def test_a_window_has_its_first_and_its_last_day() -> None:
    found = Window(after(7), after(42))
    assert [found.holds(after(days)) for days in (6, 7, 42, 43)] == [False, True, True, False]


def test_the_history_of_somebody_is_that_of_all_their_pairings(
    program: Program, mentor: User, mentee: User, member: User
) -> None:
    over = pair(program, mentor, mentee, status="ended", starts_on=FIRST, ended_on=after(30))
    on = pair(program, mentor, member, starts_on=after(20), runs_until=after(300))
    assert History.of([over, on], after(200)) == History(FIRST, True, after(200), after(30))
    assert History.of([over, on], None) == History(FIRST, True, after(300), after(30))
    on.runs_until = None
    assert History.of([over, on], None) == History(FIRST, True, None, after(30))
    assert History.of([over], after(200)) == History(FIRST, False, None, after(30))
    proposed = Pairing(status=Pairing.Status.PROPOSED, starts_on=FIRST)
    assert History.of([proposed], None) is None


# --- Who is asked --------------------------------------------------------------------------------------------------


def asked() -> set[tuple[str, str]]:
    rows = SurveySheet.objects.values_list("survey__stage", "person__email")
    return set(rows)


def test_nobody_is_asked_until_a_survey_is_switched_on(program: Program) -> None:
    survey = survey_of(program, is_on=False)
    pairs_of(program, 1)
    assert ask_due_surveys(NOW) == 0
    Survey.objects.filter(pk=survey.pk).update(is_on=True)
    assert ask_due_surveys(NOW) == 2


def test_a_survey_with_which_something_is_wrong_does_not_keep_the_others_waiting(
    program: Program,
    other_program: Program,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = survey_of(program)
    survey_of(other_program)
    for each in (program, other_program):
        pairs_of(each, 1)
    current = surveys._current_period

    def period(survey: Survey, prompts: list[SurveyPrompt], now: datetime) -> SurveyPeriod:
        if survey.pk == broken.pk:
            raise ValueError(prompts[0].text)
        return current(survey, prompts, now)

    monkeypatch.setattr(surveys, "_current_period", period)
    assert ask_due_surveys(NOW) == 2
    assert f"survey {broken.pk} could not be asked: ValueError" in caplog.text
    assert broken.prompts.all()[0].text not in caplog.text


def test_both_of_a_new_pair_are_asked_once_however_often_the_clock_runs(program: Program) -> None:
    survey_of(program)
    (new,) = pairs_of(program, 1)
    pairs_of(program, 1, began=NOW - 6 * DAY)
    pairs_of(program, 1, began=NOW - 43 * DAY)
    assert ask_due_surveys(NOW) == 2
    assert ask_due_surveys(NOW) == ask_due_surveys(NOW + DAY / 4) == 0
    assert asked() == {(START, new.mentor.email), (START, new.mentee.email)}
    sheet = sheet_of(new.mentor)
    assert (sheet.role, sheet.closes_at) == ("mentor", NOW + 30 * DAY)


def test_a_second_pairing_is_no_start(program: Program, pairing: Pairing, mentor: User, member: User) -> None:
    survey_of(program)
    pair(program, mentor, member, starts_on=program.today(NOW - 10 * DAY))
    ask_due_surveys(NOW)
    assert asked() == {(START, member.email)}


def test_the_middle_is_asked_where_no_end_is_known_three_months_in(
    program: Program, pairing: Pairing
) -> None:
    survey_of(program, MIDDLE)
    Pairing.objects.filter(pk=pairing.pk).update(starts_on=program.today(NOW - 90 * DAY))
    assert ask_due_surveys(NOW) == 0
    assert ask_due_surveys(NOW + DAY) == 2


def test_the_end_is_asked_of_those_whose_last_pairing_is_over(
    program: Program, pairing: Pairing, mentor: User, mentee: User, member: User
) -> None:
    survey_of(program, END)
    pair(program, mentor, member)
    over = {"status": "completed", "ended_on": program.today(NOW - 3 * DAY)}
    Pairing.objects.filter(pk=pairing.pk).update(**over)
    assert ask_due_surveys(NOW - DAY) == 0
    assert ask_due_surveys(NOW) == 1
    assert asked() == {(END, mentee.email)}


def test_a_program_that_is_closed_asks_at_its_end_and_one_that_rests_asks_nothing(
    program: Program, pairing: Pairing, admin: User
) -> None:
    for stage in Survey.Stage:
        survey_of(program, stage)
    pairs_of(program, 1)
    pause_program(program, by=admin)
    assert ask_due_surveys(NOW) == 0
    close_program(program, by=admin, now=NOW)
    assert ask_due_surveys(NOW + 4 * DAY) == 4
    assert {stage for stage, _email in asked()} == {END}


@pytest.mark.parametrize("status", ["paused", "withdrawn"])
def test_whoever_pauses_or_has_left_is_not_asked(program: Program, status: str) -> None:
    survey_of(program)
    (new,) = pairs_of(program, 1)
    Enrollment.objects.filter(person=new.mentor).update(status=status)
    ask_due_surveys(NOW)
    assert asked() == {(START, new.mentee.email)}


def test_whoever_is_about_to_leave_is_not_asked(program: Program) -> None:
    survey_of(program)
    (new,) = pairs_of(program, 1)
    User.objects.filter(pk=new.mentor_id).update(erasure_due_at=NOW + DAY)
    ask_due_surveys(NOW)
    assert asked() == {(START, new.mentee.email)}


def test_two_surveys_come_four_weeks_apart(program: Program) -> None:
    survey_of(program)
    survey_of(program, END)
    pairs_of(program, 1)
    ask_due_surveys(NOW)
    Pairing.objects.update(status="ended", ended_on=program.today(NOW))
    assert ask_due_surveys(NOW + 27 * DAY) == 0
    assert ask_due_surveys(NOW + 29 * DAY) == 2


def test_looking_costs_the_same_for_one_and_for_many(program: Program, other_program: Program) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found, transaction.atomic():
            ask_due_surveys(NOW)
            transaction.set_rollback(True)
        return len(found)

    survey_of(program)
    pairs_of(program, 1)
    few = cost()
    pairs_of(program, 9)
    assert cost() == few
    # A program in which nobody is to be asked costs nothing.
    for stage in Survey.Stage:
        survey_of(other_program, stage)
    assert cost() <= few + 4


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_ask_once(program: Program) -> None:
    survey_of(program)
    pairs_of(program, 3)
    at_once([lambda: ask_due_surveys(NOW), lambda: ask_due_surveys(NOW)])
    assert SurveySheet.objects.count() == 6
    assert SurveyPeriod.objects.count() == 1


# --- In which words ------------------------------------------------------------------------------------------------


def test_our_questions_are_choices_and_one_text_and_nothing_is_a_number() -> None:
    for stage in Survey.Stage:
        prompts = default_survey.prompts_for(Survey(stage=stage))
        assert [prompt.kind for prompt in prompts].count(SurveyKind.WORDS) == 1
        for prompt in prompts:
            prompt.clean()
            assert not any(sign.isdigit() for sign in prompt.text + prompt.options)


@pytest.mark.parametrize(
    "options", ["Yes", "\n".join("abcdefgh"), "1\n2\n3", "Yes\nYes", "Yes\n" + "n" * 121]
)
def test_answers_are_two_to_seven_and_in_words(options: str) -> None:
    prompt = default_survey.prompts_for(Survey(stage=START))[0]
    prompt.options = options
    with pytest.raises(ValidationError) as no:
        prompt.clean()
    assert "options" in no.value.message_dict


def test_an_answer_keeps_the_wording_that_was_asked(program: Program) -> None:
    survey = survey_of(program)
    (new,) = pairs_of(program, 1)
    ask_due_surveys(NOW)
    answer(new.mentor, wish="a", lacking="A room to meet in.")
    survey.prompts.filter(code="wish").update(text="Are you glad?", options="No\nYes")
    actions.renew_survey(survey)
    given = SurveyAnswer.objects.get(question__code="wish")
    assert given.question.asked == "Do you know what you would like from this pairing?"
    assert given.said == ["Yes"]
    # In this quarter the question stays as it is; whoever is asked in the next one is asked the new one.
    later = pairs_of(program, 1, began=NOW - 4 * DAY)[0]
    ask_due_surveys(NOW + 5 * DAY)
    assert sheet_of(later.mentor).period == sheet_of(new.mentor).period
    newest = pairs_of(program, 1, began=NEXT_QUARTER - 8 * DAY)[0]
    ask_due_surveys(NEXT_QUARTER)
    period = sheet_of(newest.mentor).period
    assert period.questions.get(code="wish").asked == "Are you glad?"
    given.refresh_from_db()
    assert given.question.lines == ["Yes", "In part", "Not yet"]


def test_a_change_is_asked_at_once_while_nobody_was_asked(program: Program) -> None:
    survey = survey_of(program)
    empty = SurveyPeriod.objects.create(survey=survey, begins_on=date(2026, 4, 1), ends_on=date(2026, 6, 30))
    survey.prompts.filter(code="wish").update(text="Are you glad?")
    actions.renew_survey(survey)
    assert not SurveyPeriod.objects.filter(pk=empty.pk).exists()
    (new,) = pairs_of(program, 1)
    ask_due_surveys(NOW)
    assert sheet_of(new.mentor).period.questions.get(code="wish").asked == "Are you glad?"


def test_fewer_than_five_answers_wait_for_those_of_the_next_quarter(program: Program) -> None:
    survey_of(program)
    (new,) = pairs_of(program, 1)
    ask_due_surveys(NOW)
    answer(new.mentor, wish="a")
    (later,) = pairs_of(program, 1, began=NEXT_QUARTER - 8 * DAY)
    ask_due_surveys(NEXT_QUARTER)
    period = sheet_of(later.mentor).period
    assert period == sheet_of(new.mentor).period
    assert (period.begins_on, period.ends_on) == (date(2026, 4, 1), date(2026, 9, 30))
    assert tell_due_surveys(TOLD) == 0


def test_five_answers_are_a_period_of_their_own(program: Program) -> None:
    survey_of(program)
    for each in pairs_of(program, 3):
        ask_due_surveys(NOW)
        answer(each.mentor, wish="a")
        answer(each.mentee, wish="b")
    (later,) = pairs_of(program, 1, began=NEXT_QUARTER - 8 * DAY)
    ask_due_surveys(NEXT_QUARTER)
    assert sheet_of(later.mentor).period.begins_on == date(2026, 7, 1)


def test_a_program_hands_its_surveys_on_switched_off(program: Program, other_program: Program) -> None:
    survey = survey_of(program)
    survey.prompts.filter(code="wish").update(text="Are you glad?")
    actions.copy_surveys(program, other_program)
    copy = Survey.objects.get(program=other_program)
    assert not copy.is_on
    assert copy.prompts.get(code="wish").text == "Are you glad?"


# --- Answering -----------------------------------------------------------------------------------------------------


@pytest.fixture
def new(program: Program) -> Pairing:
    survey_of(program)
    (pairing,) = pairs_of(program, 1)
    ask_due_surveys(NOW)
    return pairing


def typed(**said: object) -> dict[str, object]:
    return {f"q-{code}": each for code, each in said.items()}


def test_somebody_answers_changes_it_and_takes_it_back(new: Pairing) -> None:
    client, sheet = signed_in(new.mentor), sheet_of(new.mentor)
    url = reverse("surveys:answer", args=[sheet.pk])
    with time_machine.travel(NOW, tick=False):
        page = client.get(url).content.decode()
        assert "Those who run Harbor Mentors read this" in page
        assert page.count("Read as a total of five people or more") == 3
        assert page.count("Read as you write it, without your name") == 1
        client.post(url, typed(wish="b", hopes=["a", "c"], lacking="A quiet room."))
        done = client.get(url).content.decode()
        for said in ("In part", "Somebody to think aloud with", "A quiet room."):
            assert said in done
        client.post(url, typed(wish="a", hopes=["e"], lacking=""))
        rows = SurveyAnswer.objects.visible_to(new.mentor).order_by("question__position")
        assert [(row.question.code, row.chosen) for row in rows] == [("wish", ["a"]), ("hopes", ["e"])]
        client.post(reverse("surveys:not_now", args=[sheet.pk]))
        assert not SurveyAnswer.objects.exists()
        assert "Not now: a full answer" in client.get(url).content.decode()
        client.post(url, typed(wish="c"))
    sheet.refresh_from_db()
    assert (sheet.answered_at, sheet.declined_at) == (NOW, None)


def test_nothing_at_all_is_no_answer_and_what_was_typed_stays(new: Pairing) -> None:
    client, url = signed_in(new.mentor), reverse("surveys:answer", args=[sheet_of(new.mentor).pk])
    with time_machine.travel(NOW, tick=False):
        assert "Answer one question at least" in client.post(url, {}).content.decode()
        page = client.post(url, typed(wish="z", lacking="A quiet room.")).content.decode()
    assert "A quiet room." in page
    assert "Choose among the answers that are there." in page
    assert not SurveyAnswer.objects.exists()
    assert sheet_of(new.mentor).answered_at is None


def test_a_choice_of_one_keeps_one_and_knows_no_other_letters(new: Pairing) -> None:
    sheet = sheet_of(new.mentor)
    said = {"wish": Said(("b", "a", "z")), "hopes": Said(("z",)), "unknown": Said(("a",))}
    actions.answer_survey(sheet, by=new.mentor, said=said, now=NOW)
    assert [row.chosen for row in sheet.answers.all()] == [["a"]]


def test_after_thirty_days_nothing_is_changed(new: Pairing) -> None:
    answer(new.mentor, wish="a")
    sheet, late = sheet_of(new.mentor), NOW + 30 * DAY
    for act in (
        lambda: answer(new.mentor, wish="b", now=late),
        lambda: actions.decline_survey(sheet, by=new.mentor, now=late),
    ):
        with pytest.raises(Refused):
            act()
    with time_machine.travel(late, tick=False):
        page = signed_in(new.mentor).get(reverse("surveys:answer", args=[sheet.pk])).content.decode()
    assert "The survey is closed. This is what you said." in page
    assert "Change my answers" not in page


def test_nobody_else_sees_or_answers_a_sheet(
    new: Pairing, admin: User, other_admin: User, superuser: User, outsider: User
) -> None:
    sheet = sheet_of(new.mentor)
    answer(new.mentor, wish="a")
    for person in (new.mentee, admin, other_admin, superuser, outsider):
        with time_machine.travel(NOW, tick=False):
            client = signed_in(person)
            assert client.get(reverse("surveys:answer", args=[sheet.pk])).status_code == 404
            assert client.post(reverse("surveys:answer", args=[sheet.pk]), typed(wish="b")).status_code == 404
            assert client.post(reverse("surveys:not_now", args=[sheet.pk])).status_code == 404
        with pytest.raises(Refused):
            actions.answer_survey(sheet, by=person, said={"wish": Said(("b",))}, now=NOW)
    assert SurveyAnswer.objects.get().chosen == ["a"]


def test_a_survey_that_waits_is_on_the_home_page_until_it_is_answered(new: Pairing) -> None:
    with time_machine.travel(NOW, tick=False):
        client = signed_in(new.mentee)
        assert "A few questions at the start" in client.get("/").content.decode()
        answer(new.mentee, wish="a")
        assert "A few questions at the start" not in client.get("/").content.decode()


def test_what_cannot_be_read_any_more_is_said_to_be_closed_and_stays(new: Pairing) -> None:
    answer(new.mentor, wish="a", lacking="A quiet room.")
    DataKey.objects.filter(pk=new.mentor.pk).delete()
    remembered.forget()
    client, url = signed_in(new.mentor), reverse("surveys:answer", args=[sheet_of(new.mentor).pk])
    with time_machine.travel(NOW, tick=False):
        assert "cannot be read any more" in client.get(url).content.decode()
        page = client.get(f"{url}?otherwise=1").content.decode()
        assert "cannot be read any more, and stays as it is" in page
        assert "q-lacking" not in page
        client.post(url, typed(wish="b", lacking="Something else."))
    rows = SurveyAnswer.objects.order_by("question__position")
    assert [row.question.code for row in rows] == ["wish", "lacking"]
    assert rows[0].chosen == ["b"]


# --- What the database refuses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Survey, {"stage": "later"}),
        (SurveyPrompt, {"kind": "points"}),
        (SurveyPeriod, {"ends_on": date(2020, 1, 1)}),
        (SurveyPeriod, {"told_at": NOW}),
        (SurveySheet, {"role": "boss"}),
        (SurveySheet, {"closes_at": NOW - DAY}),
        (SurveySheet, {"declined_at": NOW}),
        (SurveyAnswer, {"chosen": []}),
    ],
)
def test_the_database_refuses_what_makes_no_sense(
    new: Pairing, model: type[models.Model], values: dict[str, object]
) -> None:
    answer(new.mentor, wish="a")
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.update(**values)


def test_a_survey_is_put_before_nobody_twice_and_goes_on_in_one_period(new: Pairing) -> None:
    sheet = sheet_of(new.mentor)
    again = {"person": new.mentor, "role": "mentor", "asked_at": NOW, "closes_at": NOW + DAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveySheet.objects.create(survey=sheet.survey, period=sheet.period, **again)
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyPeriod.objects.create(survey=sheet.survey, begins_on=NOW.date(), ends_on=NOW.date())
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.create(program=sheet.survey.program, stage=sheet.survey.stage)
