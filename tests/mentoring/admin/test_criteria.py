"""The page on which those who run a program say what makes a good pair."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.models import Profile, User
from mentoring.models import Enrollment, EnrollmentQuestion, MatchingCriteria, MatchingQuestion, Program
from mentoring.runs import prospects
from tests.conftest import enroll, make_person, signed_in
from tests.mentoring.runs.conftest import criteria, question

pytestmark = pytest.mark.django_db

PLAIN = {
    "outside_reporting_line": "on",
    "skills": "high",
    "languages": "low",
    "hours": "medium",
    "hours_wanted": "4",
    "department": "off",
    "department_wanted": "different",
}


def url(program: Program) -> str:
    return reverse("admin:mentoring_program_criteria", args=[program.pk])


def how(
    asked: EnrollmentQuestion, must: str = "", weight: str = "off", wanted: str = "same"
) -> dict[str, str]:
    return {f"must_{asked.pk}": must, f"weight_{asked.pk}": weight, f"wanted_{asked.pk}": wanted}


def sent(program: Program, by: User, **values: Any) -> Any:
    return signed_in(by).post(url(program), PLAIN | values)


def test_the_page_shows_what_holds_and_makes_no_row_by_being_looked_at(program: Program, admin: User) -> None:
    page = signed_in(admin).get(url(program))
    assert page.context["form"]["hours_wanted"].value() == 4
    assert page.context["form"]["hours_shared"].value() is None
    assert not MatchingCriteria.objects.exists()
    assert "no question of this program tells them" in page.content.decode()


def test_what_is_said_is_kept_in_half_hours_and_minutes_and_shown_in_hours(
    program: Program, admin: User
) -> None:
    answer = sent(
        program, admin, hours_shared="1.5", zone_gap="2,5", hours_wanted="6", language_in_common="on"
    )
    assert answer.status_code == 302
    assert answer["Location"] == url(program)
    row = MatchingCriteria.objects.get(program=program)
    assert (row.half_hours_shared, row.zone_gap, row.half_hours_wanted) == (3, 150, 12)
    assert (row.language_in_common, row.outside_reporting_line, row.not_again) == (True, True, False)
    form = signed_in(admin).get(url(program)).context["form"]
    shown = [str(form[name].value()) for name in ("hours_shared", "zone_gap", "hours_wanted")]
    assert shown == ["1.5", "2.5", "6"]
    assert LogEntry.objects.get().object_id == str(program.pk)
    assert sent(program, admin).status_code == 302
    row.refresh_from_db()
    assert (row.half_hours_shared, row.zone_gap, row.language_in_common) == (0, None, False)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("hours_shared", "1.3", "whole or half hours"),
        ("hours_shared", "a lot", "whole or half hours"),
        ("hours_shared", "169", "168"),
        ("hours_shared", "-1", "0"),
        ("hours_shared", "NaN", "whole or half hours"),
        ("zone_gap", "13", "12"),
        ("hours_wanted", "", "how many hours are enough"),
        ("hours_wanted", "0", "0.5"),
        ("skills", "huge", "huge"),
    ],
)
def test_an_error_stands_beside_its_field_and_what_was_typed_stays(
    program: Program, admin: User, field: str, typed: str, said: str
) -> None:
    page = sent(program, admin, **{field: typed})
    assert page.status_code == 200
    [error] = page.context["form"].errors[field]
    assert said in error
    assert list(page.context["form"].errors) == [field]
    assert page.context["form"][field].value() == typed
    assert not MatchingCriteria.objects.exists()


def test_each_choosing_question_can_count_and_no_other(program: Program, admin: User) -> None:
    told, kept = question(program, "told"), question(program, "kept", audience="admins")
    EnrollmentQuestion.objects.create(program=program, code="words", text="In your words?")
    retired = question(program, "retired")
    EnrollmentQuestion.objects.filter(pk=retired.pk).update(is_active=False)
    page = signed_in(admin).get(url(program))
    assert [asked.code for asked, _fields in page.context["form"].answers] == ["told", "kept"]
    text = page.content.decode()
    assert text.count("no reason names it") == 1
    assert text.count("so reasons name it") == 1
    extra = how(told, must="same") | how(kept, weight="high", wanted="different")
    extra |= {"interests": "off", "seniority": "off", "seniority_gap": "2"}
    assert sent(program, admin, **extra).status_code == 302
    rows = {row.question.code: (row.must, row.weight, row.wanted) for row in MatchingQuestion.objects.all()}
    assert rows == {"told": ("same", "off", "same"), "kept": ("", "high", "different")}


def test_only_questions_whose_answers_the_pairing_reads_tell_interests_and_seniority(
    program: Program, admin: User
) -> None:
    question(program, "kept", audience="admins")
    several = question(program, "several", kind="choices")
    form = signed_in(admin).get(url(program)).context["form"]
    assert [each.code for each in form.fields["interests_from"].queryset] == ["several"]
    assert "seniority" not in form.fields
    one = question(program, "one")
    form = signed_in(admin).get(url(program)).context["form"]
    assert [each.code for each in form.fields["seniority_from"].queryset] == ["one"]
    everything = {
        **how(several), **how(one), **how(EnrollmentQuestion.objects.get(code="kept")),
        "interests": "low", "seniority": "high", "seniority_gap": "1",
    }  # fmt: skip
    page = sent(program, admin, **everything)
    assert set(page.context["form"].errors) == {"interests_from", "seniority_from"}
    told_by = {"interests_from": several.pk, "seniority_from": several.pk}
    assert set(sent(program, admin, **everything, **told_by).context["form"].errors) == {"seniority_from"}
    told_by["seniority_from"] = one.pk
    assert sent(program, admin, **everything, **told_by).status_code == 302
    row = MatchingCriteria.objects.get()
    assert (row.interests_from, row.seniority_from, row.seniority_gap) == (several, one, 1)


def test_another_programs_criteria_are_not_there(program: Program, admin: User, other_admin: User) -> None:
    assert signed_in(other_admin).get(url(program)).status_code == 404
    assert sent(program, other_admin).status_code == 404
    assert not MatchingCriteria.objects.exists()


def test_the_list_and_the_page_of_the_program_lead_there(program: Program, admin: User) -> None:
    listed = signed_in(admin).get(reverse("admin:mentoring_program_changelist")).content.decode()
    assert f'href="{url(program)}"' in listed
    assert "As it comes" in listed
    criteria(program, skills="low")
    listed = signed_in(admin).get(reverse("admin:mentoring_program_changelist")).content.decode()
    assert "As you set it" in listed
    page = signed_in(admin).get(reverse("admin:mentoring_program_change", args=[program.pk])).content.decode()
    assert f'href="{url(program)}"' in page


def test_the_page_says_how_many_the_must_haves_leave_alone(
    program: Program, mentor: User, mentee: User, member: User, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said() -> str:
        return str(signed_in(admin).get(url(program)).content.decode())

    assert "every mentee could be with somebody" in said()
    criteria(program, language_in_common=True)
    for person in (mentor, mentee):
        Profile.objects.create(person=person, languages=["en"])
    assert "1 of 2 mentees could be with nobody" in said()
    Enrollment.objects.filter(person=mentee).update(line_manager=mentor.email)
    assert "1 of 2 mentees could be with nobody" in said(), "who reports to whom is told to nobody"
    monkeypatch.setattr(prospects, "LOOKED_AT", 2)
    assert "could be with" not in said()


def test_the_page_asks_the_same_number_of_queries_however_many_people_and_questions_there_are(
    program: Program, mentor: User, mentee: User, admin: User, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(60) as few:
        signed_in(admin).get(url(program))
    for number in range(12):
        person = make_person(f"p{number}@harbor.example", f"Person {number}")
        enroll(program, person, ("mentor", "mentee")[number % 2])
        question(program, f"q{number}")
    with django_assert_max_num_queries(len(few) + 6):
        signed_in(admin).get(url(program))
