"""The questions that a program asks, designed in the admin."""

import pytest
from django.test import Client

from accounts.models import User
from mentoring.models import Enrollment, EnrollmentAnswer, EnrollmentQuestion, Program
from tests.conftest import signed_in

from .conftest import World
from .test_scope import url

ADD = "/admin/mentoring/enrollmentquestion/add/"
LIST = "/admin/mentoring/enrollmentquestion/"


@pytest.fixture
def browser(admin: User) -> Client:
    return signed_in(admin)


def form(program: Program, **fields: str) -> dict[str, object]:
    values = {
        "program": str(program.pk),
        "text": "What would you like to learn?",
        "help_text": "",
        "kind": "short",
        "options": "",
        "asked_of": "everyone",
        "audience": "admins",
        "is_active": "on",
    } | fields
    return {name: value for name, value in values.items() if value is not None}


def asked(program: Program, code: str = "why", **fields: object) -> EnrollmentQuestion:
    return EnrollmentQuestion.objects.create(program=program, code=code, **({"text": "Why?"} | fields))


def answered(question: EnrollmentQuestion, mentor: User) -> EnrollmentAnswer:
    return EnrollmentAnswer.objects.create(
        enrollment=Enrollment.objects.get(person=mentor),
        question=question,
        code=question.code,
        asked=question.text,
        kind="short",
        audience=question.audience,
        text="Because.",
    )


def errors(browser: Client, address: str, data: dict[str, object]) -> dict[str, list[str]]:
    response = browser.post(address, data)
    assert response.status_code == 200
    return dict(response.context["adminform"].form.errors)


def test_questions_are_added_one_after_the_other_each_with_a_short_name_of_its_own(
    program: Program, other_program: Program, browser: Client
) -> None:
    asked(other_program, code="what-would-you-like-to-learn", position=9)
    for _time in range(2):
        assert browser.post(ADD, form(program)).status_code == 302
    assert browser.post(ADD, form(program, text="何を学びたいですか。")).status_code == 302
    assert browser.post(ADD, form(program, text="W" * 300)).status_code == 302
    rows = list(program.enrollment_questions.values_list("position", "code"))
    assert rows == [
        (1, "what-would-you-like-to-learn"),
        (2, "what-would-you-like-to-learn-2"),
        (3, "question"),
        (4, "w" * 36),
    ]


def test_answers_to_choose_from_are_written_one_a_line(program: Program, browser: Client) -> None:
    lines = "  Mornings \r\n\r\nEvenings\r\nAny  time\r\n"
    browser.post(ADD, form(program, kind="choices", options=lines, is_required="on", audience="pairing"))
    question = EnrollmentQuestion.objects.get()
    assert question.options == ["Mornings", "Evenings", "Any time"]
    assert (question.is_required, question.audience, question.is_active) == (True, "pairing", True)
    page = browser.get(url(EnrollmentQuestion, "change", question.pk))
    assert page.context["adminform"].form["options"].value() == "Mornings\nEvenings\nAny time"


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"kind": "choice"}, "options", "two to thirty"),
        ({"kind": "choice", "options": "One"}, "options", "two to thirty"),
        ({"kind": "choices", "options": "\n".join(map(str, range(31)))}, "options", "two to thirty"),
        ({"kind": "choice", "options": "One\none"}, "options", "once"),
        ({"kind": "choice", "options": f"One\n{'a' * 121}"}, "options", "120 characters"),
        ({"kind": "short", "options": "One\nTwo"}, "options", "Empty this"),
        ({"text": ""}, "text", "required"),
        ({"text": "  "}, "text", "required"),
        ({"text": "a" * 301}, "text", "300"),
        ({"kind": "nonsense"}, "kind", "valid choice"),
        ({"audience": "everybody"}, "audience", "valid choice"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_the_field(
    program: Program, browser: Client, fields: dict[str, str], field: str, words: str
) -> None:
    assert words in str(errors(browser, ADD, form(program, **fields))[field])
    assert not EnrollmentQuestion.objects.exists()


def test_a_change_never_touches_what_was_answered_nor_the_short_name(
    program: Program, browser: Client, mentor: User, other_program: Program
) -> None:
    question = asked(program, audience="pairing")
    given = answered(question, mentor)
    page = url(EnrollmentQuestion, "change", question.pk)
    assert "Changing a question never alters an answer" in browser.get(page).content.decode()
    changed = form(other_program, text="Why not?", kind="choice", options="a\nb", code="other", position="4")
    assert browser.post(page, changed).status_code == 302
    question.refresh_from_db()
    assert (question.text, question.code, question.program) == ("Why not?", "why", program)
    assert (question.kind, question.audience, question.position) == ("choice", "admins", 4)
    given.refresh_from_db()
    assert (given.asked, given.kind, given.audience, given.text) == ("Why?", "short", "pairing", "Because.")


def test_a_question_that_was_answered_is_retired_and_not_deleted(
    program: Program, browser: Client, superuser: User, mentor: User
) -> None:
    question, unanswered = asked(program), asked(program, "where")
    answered(question, mentor)
    for person in (browser, signed_in(superuser)):
        page = url(EnrollmentQuestion, "delete", question.pk)
        assert person.post(page, {"post": "yes"}).status_code == 403
    page = url(EnrollmentQuestion, "delete", unanswered.pk)
    assert browser.post(page, {"post": "yes"}).status_code == 302
    browser.post(url(EnrollmentQuestion, "change", question.pk), form(program, is_active=None, position="0"))  # type: ignore[arg-type]
    assert list(EnrollmentQuestion.objects.values_list("code", "is_active")) == [("why", False)]
    assert not program.enrollment_questions.asked().exists()


def test_the_order_is_changed_in_the_list(
    own: World, foreign: World, program: Program, browser: Client
) -> None:
    EnrollmentQuestion.objects.filter(program=program).delete()
    one, two = asked(program, "one", position=1), asked(program, "two", position=2)
    data: dict[str, object] = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2, "_save": "Save"}
    for number, (row, position) in enumerate([(one, 5), (two, 3)]):
        data |= {f"form-{number}-id": row.pk, f"form-{number}-position": position}
    assert browser.post(LIST, data).status_code == 302
    assert list(program.enrollment_questions.values_list("code", flat=True)) == ["two", "one"]
    theirs = foreign.rows[EnrollmentQuestion]
    data |= {"form-1-id": theirs.pk, "form-1-position": 77}
    browser.post(LIST, data)
    theirs.refresh_from_db()
    assert theirs.position == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("fields", "control"),
    [
        ({"kind": "short"}, 'type="text"'),
        ({"kind": "long"}, "<textarea"),
        ({"kind": "choice", "options": ["By <sea>", "By land"]}, 'type="radio"'),
        ({"kind": "choices", "options": ["By <sea>", "By land"]}, 'type="checkbox"'),
    ],
)
def test_the_page_shows_the_question_as_people_see_it(
    program: Program, browser: Client, fields: dict[str, object], control: str
) -> None:
    question = asked(
        program, text="How would you <travel>?", help_text="Or not.", audience="pairing", **fields
    )
    page = browser.get(url(EnrollmentQuestion, "change", question.pk)).content.decode()
    preview = page.split("As people see it")[1]
    assert "How would you &lt;travel&gt;?" in preview
    assert "Or not." in preview
    assert control in preview
    assert "disabled" in preview
    assert "and by your pairing." in preview
    if "options" in fields:
        assert "By &lt;sea&gt;" in preview


def test_the_list_finds_questions_by_their_words(program: Program, browser: Client) -> None:
    asked(program, text="Which boat?")
    asked(program, "where", text="Which harbor?", is_active=False)
    rows = browser.get(f"{LIST}?q=boat").context["cl"].result_list
    assert [row.text for row in rows] == ["Which boat?"]
    rows = browser.get(f"{LIST}?state=retired").context["cl"].result_list
    assert [row.text for row in rows] == ["Which harbor?"]
