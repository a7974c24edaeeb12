"""Skills by the names that people type: what is on the list, what was merged, and what is new."""

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import User
from mentoring import skills
from mentoring.models import Enrollment, EnrollmentSkill, Program, Skill
from tests.conftest import NOW, enroll, signed_in
from tests.mentoring.applying import _then, listed, meadow

__all__ = ["_then", "meadow"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def place(meadow: Program, outsider: User) -> Enrollment:
    return enroll(meadow, outsider, "mentee", status="applied")


def choose(place: Enrollment, *names: str) -> list[str]:
    skills.choose(place, "offers", names, now=NOW)
    return [name for side in place.skills.by_side() for name in side.names]


def suggest(program: Program, person: User, typed: str) -> dict[str, list[str]]:
    response = signed_in(person).get(reverse("programs:skills", args=[program.pk]), {"q": typed})
    assert response.status_code == 200
    found: dict[str, list[str]] = response.json()
    return found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        (" , ;\n\n", []),
        ("Calm, Rye;  a   first tax return\r\nLatin", ["Calm", "Rye", "a first tax return", "Latin"]),
        ("Calm, calm, CALM", ["Calm"]),
        ("R, Python\nR, Julia", ["R, Python", "R", "Julia"]),
    ],
)
def test_names_stand_on_lines_or_between_commas_once_each(text: str, names: list[str]) -> None:
    assert skills.names_in(text, {"r, python"}) == names


def test_a_name_is_found_however_it_is_capitalized(meadow: Program, place: Enrollment) -> None:
    listed(meadow, "Coaching", "Überblick")
    assert choose(place, "COACHING", "überblick") == ["Coaching", "Überblick"]
    assert Skill.objects.count() == 2


def test_a_merged_name_means_what_it_was_merged_into(meadow: Program, place: Enrollment) -> None:
    listed(meadow, "Coaching", "Mentoring talks", "Talks")
    coaching, middle, old = Skill.objects.order_by("pk")
    for one, into in ((middle, coaching), (old, middle)):
        Skill.objects.filter(pk=one.pk).update(state="merged", merged_into=into)
    assert choose(place, "talks", "Mentoring Talks", "coaching") == ["Coaching"]


def test_what_is_new_is_proposed_by_whoever_wrote_it_first(
    meadow: Program, place: Enrollment, mentee: User
) -> None:
    other = enroll(meadow, mentee, "mentor", status="applied")
    assert choose(place, "Sourdough") == ["Sourdough"]
    assert choose(other, "sourdough") == ["Sourdough"]
    skill = Skill.objects.get()
    assert (skill.state, skill.proposed_by) == ("proposed", place.person)


def test_a_proposal_goes_when_nobody_chose_it_after_all_and_stays_when_somebody_did(
    meadow: Program, place: Enrollment, mentee: User
) -> None:
    choose(place, "Sourdough", "Rye")
    choose(enroll(meadow, mentee, "mentor", status="applied"), "Rye")
    choose(place, "Latin")
    skills.forget_unused(meadow, place.person)
    assert set(Skill.objects.values_list("name", flat=True)) == {"Rye", "Latin"}


def test_the_lists_of_programs_are_apart(meadow: Program, program: Program, place: Enrollment) -> None:
    listed(program, "Coaching")
    choose(place, "coaching")
    assert Skill.objects.get(program=meadow).name == "coaching"


def test_both_sides_are_apart(place: Enrollment) -> None:
    choose(place, "Rye")
    skills.choose(place, "seeks", ["Rye"], now=NOW)
    assert EnrollmentSkill.objects.count() == 2
    choose(place)
    assert EnrollmentSkill.objects.get().side == "seeks"


def test_the_listed_ones_are_suggested_what_begins_so_first(meadow: Program, outsider: User) -> None:
    listed(meadow, "Public speaking", "Speaking up", "Old talk", "Coaching")
    Skill.objects.create(program=meadow, name="speak softly", state="proposed")
    old, coaching = Skill.objects.get(name="Old talk"), Skill.objects.get(name="Coaching")
    Skill.objects.filter(pk=old.pk).update(state="merged", merged_into=coaching)
    assert suggest(meadow, outsider, "SPEAK") == {
        "names": ["Speaking up", "Public speaking"],
        "new": ["SPEAK"],
    }
    assert suggest(meadow, outsider, "talk")["names"] == ["Coaching"]
    assert suggest(meadow, outsider, "old talk")["new"] == []
    assert suggest(meadow, outsider, "speak softly")["new"] == ["speak softly"]
    assert suggest(meadow, outsider, "")["names"] == ["Coaching", "Public speaking", "Speaking up"]
    assert suggest(meadow, outsider, "100%_\\\0'\"")["names"] == []


def test_a_few_are_suggested_out_of_many(meadow: Program, outsider: User) -> None:
    listed(meadow, *(f"Skill {number:03}" for number in range(300)))
    assert suggest(meadow, outsider, "skill")["names"] == [f"Skill {number:03}" for number in range(8)]


def test_only_those_who_may_apply_and_its_people_read_the_list(
    program: Program, meadow: Program, outsider: User, member: User, admin: User
) -> None:
    listed(program, "Coaching")
    for person in (outsider, admin):
        assert signed_in(person).get(reverse("programs:skills", args=[program.pk])).status_code == 404
    assert suggest(program, member, "coach")["names"] == ["Coaching"]


def test_the_unique_name_of_the_database_is_what_we_ask_by(meadow: Program) -> None:
    """Its constraint is about lower(name); asked in any other way two could miss each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'skill_once_per_program'")
        assert "lower((name)::text)" in cursor.fetchone()[0]
