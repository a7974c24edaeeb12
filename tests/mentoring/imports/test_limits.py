"""What people's own form refuses, a list may not say of them either."""

import pytest

from accounts.models import User
from mentoring.models import Enrollment, EnrollmentQuestion, EnrollmentSkill, Program
from mentoring.models.enrollment import MOST_MENTEES
from mentoring.skills import MOST_A_SIDE
from tests.conftest import say_skills

from .conftest import Importing, figures, said

pytestmark = pytest.mark.django_db


def names(first: int, number: int) -> list[str]:
    return [f"Skill {n}" for n in range(first, first + number)]


def test_a_row_names_no_more_skills_than_the_form_of_the_person(importing: Importing, mentee: User) -> None:
    rows = [["E-mail", "Seeks"], ["a@new.example", "; ".join(names(0, MOST_A_SIDE + 1))]]
    source = importing.checked("mentees", *rows)
    assert said(source) == {2: f"Seeks: These are more than {MOST_A_SIDE}."}


def test_what_is_there_already_counts(importing: Importing, program: Program, mentee: User) -> None:
    place = Enrollment.objects.get(program=program, person=mentee)
    say_skills(place, "seeks", *names(0, MOST_A_SIDE - 1))
    headings = ["E-mail", "Offers", "Seeks"]
    over = importing.checked("mentees", headings, [mentee.email, "Go", "; ".join(names(5, MOST_A_SIDE))])
    assert figures(over) == {"bad": 1}
    told = f"Seeks: With those that are there already, these are more than {MOST_A_SIDE}."
    assert said(over)[2].endswith(told)
    full = "; ".join(names(0, MOST_A_SIDE))
    importing.done("mentees", headings, [mentee.email, full.replace("Skill", "Other"), full])
    importing.done("mentees", headings, [mentee.email, "", full])
    for side in EnrollmentSkill.Side:
        assert place.skills.filter(side=side).count() == MOST_A_SIDE


def test_nobody_takes_more_mentees_than_the_form_of_the_person_says(importing: Importing) -> None:
    most = MOST_MENTEES
    rows = [["E-mail", "Capacity"], ["a@new.example", most], ["b@new.example", most + 1]]
    assert said(importing.checked("mentors", *rows))[3] == f"Capacity: Write a number from 0 to {most}."


def test_an_answer_is_as_long_as_its_question_takes(importing: Importing, program: Program) -> None:
    for position, kind in enumerate(("short", "long")):
        EnrollmentQuestion.objects.create(
            program=program, code=kind, text=f"A {kind} one", kind=kind, position=position
        )
    rows = [["E-mail", "A short one", "A long one"], ["a@new.example", "x" * 301, "x" * 301]]
    assert said(importing.checked("mentees", *rows)) == {2: "A short one: This is longer than 300 letters."}
