"""What those who run a program read of a survey: totals that tell of nobody, once, and words without names."""

import csv
import io
import random
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from accounts.mydata.erasing import erase
from mentoring.models import Pairing, Program
from reflections import actions
from reflections.models import Survey, SurveyAnswer, SurveyPeriod, SurveyPrompt, SurveySheet
from reflections.mydata import clear_words_of
from reflections.survey_results import NOTHING, totals_of
from reflections.surveys import COPIED
from tests.conftest import NOW, signed_in
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


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(TOLD, tick=False):
        yield


def answered(program: Program, wishes: str, **more: str) -> SurveyPeriod:
    """A letter for each mentor and mentee in turn; a blank is somebody who answers another question only."""
    survey = Survey.objects.filter(program=program).first() or survey_of(program)
    pairs = pairs_of(program, (len(wishes) + 1) // 2)
    people = [person for each in pairs for person in (each.mentor, each.mentee)]
    ask_due_surveys(NOW)
    for person, wish in zip(people, wishes, strict=False):
        said = {"agreed": "a"} if wish == " " else {"wish": wish}
        answer(person, **said, **more)
    return SurveyPeriod.objects.get(survey=survey)


def told(period: SurveyPeriod) -> SurveyPeriod:
    tell_due_surveys(TOLD)
    period.refresh_from_db()
    return period


def results(period: SurveyPeriod, person: User, query: str = "") -> Any:
    return signed_in(person).get(reverse("admin:reflections_survey_results", args=[period.survey_id]) + query)


# --- Totals --------------------------------------------------------------------------------------------------------


def test_nothing_is_told_of_four(program: Program, admin: User) -> None:
    survey_of(program)
    for each in pairs_of(program, 2):
        ask_due_surveys(NOW)
        answer(each.mentor, wish="a", lacking="Canary room.")
        answer(each.mentee, wish="a")
    period = told(SurveyPeriod.objects.get())
    assert period.totals == {}
    page = results(period, admin).content.decode()
    assert "fewer than five people answered, so nothing is told" in page
    assert "Canary room." not in page


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ("aaaaa", {"a": 5, "b": 0, "c": 0, NOTHING: 0}),
        # The four would follow from the whole, so the next one is left out too.
        ("aaaaabbbb", {"a": None, "b": None, "c": 0, NOTHING: 0}),
        ("aaaaaabbbbbccc", {"a": 6, "b": None, "c": None, NOTHING: 0}),
        ("aaaaabbbbb     ", {"a": 5, "b": 5, "c": 0, NOTHING: 5}),
        ("aaaaabbbbb ", {"a": None, "b": 5, "c": 0, NOTHING: None}),
    ],
)
def test_totals_are_of_five_or_more_and_do_not_give_the_others_away(
    program: Program, wishes: str, expected: dict[str, int | None]
) -> None:
    period = told(answered(program, wishes))
    found = period.totals["questions"]["wish"]["all"]
    assert found == expected
    assert period.totals["answered"] == len(wishes)
    assert all(total is None or total == 0 or total >= 5 for total in found.values())
    hidden = len(wishes) - sum(total or 0 for total in found.values())
    assert hidden == 0 or (hidden >= 5 and list(found.values()).count(None) > 1)


def test_of_several_each_answer_is_told_where_those_without_it_are_five_too(program: Program) -> None:
    survey_of(program)
    people = [person for each in pairs_of(program, 5) for person in (each.mentor, each.mentee)]
    ask_due_surveys(NOW)
    for n, person in enumerate(people):
        answer(person, hopes=("a" if n < 5 else "b") + ("c" if n < 7 else "") or "d")
    period = told(SurveyPeriod.objects.get())
    # Seven of ten chose the third: the three who did not would follow.
    expected = {"a": 5, "b": 5, "c": None, "d": 0, "e": 0}
    assert period.totals["questions"]["hopes"]["all"] == expected


def test_roles_are_told_only_where_each_of_them_is(program: Program) -> None:
    period = told(answered(program, "ab" * 5))
    roles = period.totals["questions"]["wish"]["roles"]
    assert roles["mentor"]["a"] == roles["mentee"]["b"] == 5


def test_one_role_of_four_keeps_the_other_from_being_told(program: Program) -> None:
    period = answered(program, "ab" * 5)
    person = SurveySheet.objects.filter(role="mentee").first()
    assert person is not None
    actions.decline_survey(person, by=person.person, now=NOW)
    assert told(period).totals["questions"]["wish"]["roles"] == {}


def test_nobody_follows_from_the_totals_of_any_answers(program: Program) -> None:
    """Tries to recover a single person: every set of answers is worked out again with one person more."""
    numbers = random.Random(7)
    period = answered(program, "a" * 24)
    sheets = list(SurveySheet.objects.order_by("pk"))
    question = period.questions.get(code="wish")
    for _ in range(12):
        chosen = numbers.sample(sheets, numbers.randint(4, 24))
        SurveySheet.objects.update(answered_at=None)
        SurveySheet.objects.filter(pk__in=[sheet.pk for sheet in chosen]).update(answered_at=NOW)
        SurveyAnswer.objects.all().delete()
        for sheet in chosen:
            SurveyAnswer.objects.create(sheet=sheet, question=question, chosen=[numbers.choice("abc")])
        totals = totals_of(period)
        if len(chosen) < 5:
            assert totals == {}
            continue
        each = totals["questions"]["wish"]
        for whole in (each["all"], *each["roles"].values()):
            assert all(total is None or total == 0 or total >= 5 for total in whole.values())
        known = sum(total or 0 for total in each["all"].values())
        left = totals["answered"] - known
        assert left == 0 or (left >= 5 and sum(total is None for total in each["all"].values()) > 1)


# --- Once ----------------------------------------------------------------------------------------------------------


def test_a_look_after_each_new_answer_tells_nothing_of_it(program: Program, admin: User) -> None:
    """The attack: five have answered, the page is looked at, a sixth answers, the page is looked at again."""
    survey = survey_of(program)
    people = [person for each in pairs_of(program, 4) for person in (each.mentor, each.mentee)]
    ask_due_surveys(NOW)
    pages = []
    for person in people:
        answer(person, wish="b" if person is people[5] else "a", lacking="Canary room.")
        tell_due_surveys(NOW)
        period = SurveyPeriod.objects.get(survey=survey)
        page = results(period, admin)
        pages.append((page.context["questions"], page.context["page"], period.totals))
        assert "Canary room." not in page.content.decode()
        assert page.context["period"] is None
    assert pages == [([], None, {})] * 8
    # Until nobody can answer any more.
    last = SurveyPeriod.objects.get()
    assert tell_due_surveys(TOLD - 3 * DAY) == 0
    assert tell_due_surveys(TOLD) == 1
    assert tell_due_surveys(TOLD + DAY) == 0
    last.refresh_from_db()
    for person in people:
        assert not sheet_of(person).is_open_at(last.told_at or TOLD)


def test_what_was_told_stays_when_somebody_is_erased(program: Program, admin: User) -> None:
    period = told(answered(program, "aaaaaa"))
    before = results(period, admin).context["questions"]
    gone = SurveySheet.objects.first()
    assert gone is not None
    erase(gone.person, now=TOLD)
    assert not SurveySheet.objects.filter(pk=gone.pk).exists()
    assert SurveyAnswer.objects.count() == 5
    period.refresh_from_db()
    assert period.totals["answered"] == 6
    assert results(period, admin).context["questions"][0].lines == before[0].lines


def test_a_program_that_forgets_words_forgets_the_answers_too(
    program: Program, other_program: Program
) -> None:
    period = told(answered(program, "aaaaa", lacking="Canary room."))
    sheet = SurveySheet.objects.select_related("person").earliest("pk")
    clear_words_of(sheet.person, other_program)
    assert SurveySheet.objects.count() == 6
    clear_words_of(sheet.person, program)
    assert not SurveySheet.objects.filter(pk=sheet.pk).exists()
    assert SurveyAnswer.objects.words_told_in(period).count() == 4


def test_a_period_that_is_told_takes_nobody_in_and_no_answer(program: Program) -> None:
    period = told(answered(program, "aaaaa"))
    sheet = SurveySheet.objects.first()
    assert sheet is not None
    SurveySheet.objects.update(closes_at=TOLD + 9 * DAY)
    with pytest.raises(actions.Refused):
        actions.decline_survey(sheet, by=sheet.person, now=TOLD)
    assert not period.is_current


# --- Words ---------------------------------------------------------------------------------------------------------


def test_words_are_read_without_names_and_in_no_order_of_time(program: Program, admin: User) -> None:
    survey_of(program)
    people = [person for each in pairs_of(program, 10) for person in (each.mentor, each.mentee)]
    ask_due_surveys(NOW)
    said = [f"Wish of the {'x' * n}y." for n in range(20)]
    for person, words in zip(people, said, strict=True):
        answer(person, lacking=words)
    page = results(told(SurveyPeriod.objects.get()), admin)
    shown = [text for _question, text in page.context["words"]]
    assert sorted(shown) == sorted(said)
    assert shown != said
    again = [text for _question, text in results(SurveyPeriod.objects.get(), admin).context["words"]]
    assert again == shown
    html = page.content.decode()
    for person in people:
        assert person.email not in html
        assert person.name not in html


def test_the_page_costs_the_same_for_many_words_and_has_pages(program: Program, admin: User) -> None:
    def cost(period: SurveyPeriod) -> int:
        with CaptureQueriesContext(connection) as found:
            results(period, admin)
        return len(found)

    period = told(answered(program, "abcab", lacking="A room."))
    few = cost(period)
    sheet, question = SurveySheet.objects.first(), period.questions.get(code="lacking")
    SurveyAnswer.objects.filter(question=question).delete()
    for _ in range(60):
        (one,) = pairs_of(program, 1)
        sheet = SurveySheet.objects.create(
            survey=period.survey, period=period, person=one.mentor, role="mentor", asked_at=NOW,
            closes_at=NOW + DAY, answered_at=NOW,
        )  # fmt: skip
        SurveyAnswer(sheet=sheet, question=question, text="A room.").save()
    page = results(period, admin)
    assert len(page.context["words"]) == 50
    assert cost(period) <= few + 1


# --- Who reads it --------------------------------------------------------------------------------------------------


def test_only_those_who_run_the_program_read_results(
    program: Program, admin: User, other_admin: User, superuser: User, mentor: User
) -> None:
    period = told(answered(program, "aaaaa", lacking="Canary room."))
    urls = [
        reverse("admin:reflections_survey_results", args=[period.survey_id]),
        reverse("admin:reflections_survey_preview", args=[period.survey_id]),
        reverse("admin:reflections_survey_beside", args=[program.pk]),
        reverse("admin:reflections_survey_change", args=[period.survey_id]),
    ]
    file = reverse("admin:reflections_survey_file", args=[period.survey_id, period.pk])
    for url in urls:
        assert signed_in(admin).get(url).status_code == 200
        assert signed_in(superuser).get(url).status_code == 200
        assert signed_in(other_admin).get(url).status_code == 404
        assert signed_in(mentor).get(url).status_code == 404
    for person, status in ((admin, 200), (superuser, 200), (other_admin, 404), (mentor, 404)):
        assert signed_in(person).post(file, {"format": "csv"}).status_code == status
    assert signed_in(admin).get(f"{urls[0]}?period=0").status_code == 404
    assert "Canary room." in results(period, admin).content.decode()


def test_a_file_has_the_told_totals_and_no_words(program: Program, admin: User) -> None:
    period = told(answered(program, "aaaaaabbbbbccc", lacking="Canary room."))
    url = reverse("admin:reflections_survey_file", args=[period.survey_id, period.pk])
    client = signed_in(admin)
    reply = client.post(url, {"format": "csv"})
    text = b"".join(reply.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    wish = [row[1:] for row in rows if row[0].startswith("Do you know")]
    assert ["Yes", "all", "6"] in wish
    assert ["Not yet", "all", "not told"] in wish
    assert "Canary" not in text
    assert client.post(url, {"format": "xlsx"}).status_code == 200
    assert client.post(url, {"format": "exe"}).status_code == 404
    assert client.get(url).status_code == 405
    assert LogEntry.objects.filter(user=admin, change_message__contains="Exported totals").count() == 2


def test_start_middle_and_end_stand_beside_each_other(program: Program, admin: User) -> None:
    told(answered(program, "aaaaa", lacking="Canary room."))
    survey_of(program, Survey.Stage.END, is_on=False)
    url = reverse("admin:reflections_survey_beside", args=[program.pk])
    with CaptureQueriesContext(connection) as found:
        page = signed_in(admin).get(url).content.decode()
    assert page.index("At the start") < page.index("At the end")
    assert "It is switched off, and nothing is told yet." in page
    assert "Canary room." not in page
    few = len(found)
    survey_of(program, Survey.Stage.MIDDLE)
    with CaptureQueriesContext(connection) as found:
        signed_in(admin).get(url)
    assert len(found) <= few


# --- Their own questions -------------------------------------------------------------------------------------------


def test_an_admin_makes_a_survey_with_our_questions_and_switches_it_on(
    program: Program, other_program: Program, admin: User
) -> None:
    client = signed_in(admin)
    add = reverse("admin:reflections_survey_add")
    reply = client.post(add, {"program": program.pk, "stage": "end"})
    survey = Survey.objects.get()
    change = reverse("admin:reflections_survey_change", args=[survey.pk])
    assert (reply.status_code, reply["Location"]) == (302, change)
    assert not survey.is_on
    assert survey.prompts.count() == 4
    twice = client.post(add, {"program": program.pk, "stage": "end"}).content.decode()
    assert "This program has that survey already." in twice
    client.post(add, {"program": other_program.pk, "stage": "end"})
    assert Survey.objects.count() == 1
    page = client.post(change, as_typed(survey, {"again": {"options": "Yes"}}, is_on="on"))
    assert "Write from two to seven answers" in page.content.decode()
    client.post(change, as_typed(survey, {"again": {"text": "Once more?"}}, is_on="on"))
    survey.refresh_from_db()
    assert survey.is_on
    assert survey.prompts.get(code="again").text == "Once more?"
    preview = reverse("admin:reflections_survey_preview", args=[survey.pk])
    page = client.get(preview).content.decode()
    assert "Once more?" in page
    assert client.post(preview).status_code == 405
    assert not SurveySheet.objects.exists()
    delete = reverse("admin:reflections_survey_delete", args=[survey.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


def as_typed(survey: Survey, changed: dict[str, dict[str, str]], **more: str) -> dict[str, object]:
    """What the form sends when the rest stays as it is."""
    prompts = list(survey.prompts.order_by("position", "pk"))
    form: dict[str, object] = {
        "prompts-TOTAL_FORMS": len(prompts),
        "prompts-INITIAL_FORMS": len(prompts),
        **more,
    }
    for number, prompt in enumerate(prompts):
        fields: dict[str, object] = {"id": prompt.pk, "survey": survey.pk, "is_active": "on"}
        for name in ("code", "kind", "position", "text", "help_text", "options"):
            fields[name] = getattr(prompt, name)
        fields |= changed.get(prompt.code, {})
        form |= {f"prompts-{number}-{name}": value for name, value in fields.items()}
    return form


def test_the_preview_speaks_the_language_that_is_chosen(program: Program, admin: User) -> None:
    survey = survey_of(program)
    url = reverse("admin:reflections_survey_preview", args=[survey.pk])
    german = signed_in(admin).get(f"{url}?language=de").content.decode()
    assert "Weißt du, was du dir von diesem Tandem wünschst?" in german


# --- In other languages --------------------------------------------------------------------------------------------

GERMAN = {"text": "Ist klar, was ihr wollt?", "answers": "Ja\nZum Teil\nNoch nicht"}


def translated(survey: Survey, code: str, **said: str) -> dict[str, str]:
    prompt = survey.prompts.get(code=code)
    return {f"{name}_{prompt.pk}": value for name, value in said.items()}


def asked_in_german(client: Client, survey: Survey) -> str:
    url = reverse("admin:reflections_survey_preview", args=[survey.pk])
    return client.get(f"{url}?language=de").content.decode()


def test_an_admins_own_question_and_its_answers_are_translated_on_one_page(
    program: Program, admin: User, other_admin: User
) -> None:
    survey, client = survey_of(program), signed_in(admin)
    survey.prompts.filter(code="wish").update(text="Is it clear?", options="Yes\nPartly\nNot yet")
    page = reverse("admin:reflections_survey_translate", args=[survey.pk, "de"])
    assert page in client.get(reverse("admin:reflections_survey_change", args=[survey.pk])).content.decode()
    reply = client.post(page, translated(survey, "wish", **GERMAN), follow=True).content.decode()
    assert "Saved." in reply
    german = asked_in_german(client, survey)
    for words in ("Ist klar, was ihr wollt?", "Zum Teil", "Noch nicht"):
        assert words in german
    assert "Is it clear?" not in german
    preview = reverse("admin:reflections_survey_preview", args=[survey.pk])
    assert "Is it clear?" in client.get(f"{preview}?language=en-us").content.decode()
    assert LogEntry.objects.filter(user=admin).exists()
    # The others are as they come with the software; nothing at all is no translation any more.
    assert "Habt ihr beide gesagt, wie oft ihr euch treffen wollt?" in german
    client.post(page, {})
    assert "Is it clear?" in asked_in_german(client, survey)
    assert (
        client.get(reverse("admin:reflections_survey_translate", args=[survey.pk, "xx"])).status_code == 404
    )
    assert signed_in(other_admin).post(page, {}).status_code == 404


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"answers": GERMAN["answers"]}, "Translate the question too"),
        ({"text": "Klar?", "answers": "Ja\nNein"}, "Write each of the answers once"),
        ({"text": "Klar?", "answers": "Ja\nJa\nNein"}, "stands there twice"),
        ({"text": "Klar?", "answers": "1\n2\n3"}, "Nobody gets points here"),
    ],
)
def test_a_translation_that_does_not_fit_is_not_kept_and_what_was_typed_stays(
    program: Program, admin: User, said: dict[str, str], why: str
) -> None:
    survey = survey_of(program)
    page = reverse("admin:reflections_survey_translate", args=[survey.pk, "de"])
    reply = signed_in(admin).post(page, translated(survey, "wish", **said)).content.decode()
    assert why in reply
    assert said["answers"].splitlines()[0] in reply
    assert not survey.prompts.exclude(wordings={}).exists()


def test_the_action_refuses_what_does_not_fit(program: Program) -> None:
    survey = survey_of(program)
    prompt = survey.prompts.get(code="wish")
    for wrong in (
        actions.Translation(answers=("Ja", "Zum Teil", "Nein")),
        actions.Translation("Klar?", answers=("Ja", "Nein")),
        actions.Translation("Klar?", answers=("Ja", "Ja", "Nein")),
    ):
        with pytest.raises(actions.Refused):
            actions.translate_survey(survey, "de", {prompt.pk: wrong})


def test_answers_that_were_changed_since_are_read_as_they_were_written(program: Program, admin: User) -> None:
    """A letter means the same in each language: a translation in another order would not."""
    survey, client = survey_of(program), signed_in(admin)
    page = reverse("admin:reflections_survey_translate", args=[survey.pk, "de"])
    client.post(page, translated(survey, "wish", **GERMAN))
    survey.prompts.filter(code="wish").update(options="Not at all\nPartly\nFully")
    german = asked_in_german(client, survey)
    assert "Ist klar, was ihr wollt?" in german
    assert "Not at all" in german
    assert "Zum Teil" not in german


def test_whoever_was_asked_in_a_language_reads_it_as_it_was_translated_then(
    program: Program, admin: User
) -> None:
    survey = survey_of(program)
    prompt = survey.prompts.get(code="wish")
    lines = tuple(GERMAN["answers"].splitlines())
    actions.translate_survey(survey, "de", {prompt.pk: actions.Translation(GERMAN["text"], answers=lines)})
    period = told(answered(program, "aaabbbccc"))
    actions.translate_survey(survey, "de", {prompt.pk: actions.Translation("Anders?")})
    with translation.override("de"):
        asked = period.questions.get(code="wish")
        assert asked.asked == GERMAN["text"]
        assert tuple(label for _letter, label in asked.choices) == lines
    with translation.override("en-us"):
        assert asked.asked == prompt.text


def test_a_period_that_goes_on_takes_the_translations_along(program: Program) -> None:
    """Its questions are the same: few answers wait for those of the next quarter as before."""
    survey, (one, other) = survey_of(program), (pairs_of(program, 1)[0], pairs_of(program, 1)[0])
    Pairing.objects.filter(pk=other.pk).update(starts_on=NEXT_QUARTER - 8 * DAY)
    ask_due_surveys(NOW)
    answer(one.mentor, wish="a")
    prompt = survey.prompts.get(code="wish")
    actions.translate_survey(survey, "de", {prompt.pk: actions.Translation(GERMAN["text"])})
    ask_due_surveys(NEXT_QUARTER)
    period = SurveyPeriod.objects.get(survey=survey)
    assert SurveySheet.objects.filter(period=period, person=other.mentor).exists()
    with translation.override("de"):
        assert period.questions.get(code="wish").asked == GERMAN["text"]


def test_prompts_and_their_copies_have_the_same_fields() -> None:
    own = {"id", "survey", "is_active"}
    copied = {field.name for field in SurveyPrompt._meta.fields} - own
    assert copied == set(COPIED)
