"""A program's list of skills: added to, renamed, and made one of several."""

import pytest

from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import Enrollment, EnrollmentSkill, Program, Skill
from tests.conftest import NOW, say_skills

pytestmark = pytest.mark.django_db


def skill(program: Program, name: str, **fields: object) -> Skill:
    return Skill.objects.create(program=program, name=name, **fields)


def place_of(person: User) -> Enrollment:
    return Enrollment.objects.get(person=person)


def said(person: User) -> list[tuple[str, str]]:
    rows = EnrollmentSkill.objects.filter(enrollment__person=person).order_by("side", "skill__name")
    return [(row.side, row.skill.name) for row in rows.select_related("skill")]


def test_several_are_added_at_once_each_name_once(program: Program, admin: User) -> None:
    skill(program, "Pricing")
    skill(program, "Grafting", state="proposed")
    lines = ["  Public   speaking ", "pricing", "", "grafting", "Public Speaking"]
    new = actions.add_skills(program, lines, by=admin, now=NOW)
    assert sorted(one.name for one in new) == ["Grafting", "Public speaking"]
    assert set(Skill.objects.values_list("name", "state")) == {
        ("Public speaking", "listed"),
        ("Pricing", "listed"),
        ("Grafting", "listed"),
    }


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], "at least one"),
        (["  "], "at least one"),
        (["Pricing"], "already"),
        (["a" * 81], "80 characters"),
        ([f"s{number}" for number in range(201)], "200 skills"),
    ],
)
def test_what_cannot_be_added_is_said(program: Program, admin: User, names: list[str], words: str) -> None:
    skill(program, "Pricing")
    with pytest.raises(Refused, match=words):
        actions.add_skills(program, names, by=admin, now=NOW)
    assert Skill.objects.count() == 1


def test_a_name_that_was_merged_away_is_on_the_list_already(program: Program, admin: User) -> None:
    stays = skill(program, "Pricing")
    skill(program, "Prices", state="merged", merged_into=stays)
    with pytest.raises(Refused, match="already"):
        actions.add_skills(program, ["prices"], by=admin, now=NOW)


def test_a_proposal_is_put_on_the_list_once(program: Program, admin: User) -> None:
    proposed = skill(program, "Pricing", state="proposed")
    actions.list_skill(proposed, by=admin)
    with pytest.raises(Refused):
        actions.list_skill(proposed, by=admin)
    assert list(program.skills.listed()) == [proposed]


def test_a_skill_is_renamed_and_never_to_another_ones_name(program: Program, admin: User) -> None:
    one, other = skill(program, "Pricing"), skill(program, "Tides")
    gone = skill(program, "Ebb", state="merged", merged_into=other)
    actions.rename_skill(one, " pricing  work ", by=admin)
    one.refresh_from_db()
    assert one.name == "pricing work"
    for name, words in (("TIDES", "Merge"), ("ebb", "Merge"), (" ", "Write a name"), ("a" * 81, "too long")):
        with pytest.raises(Refused, match=words):
            actions.rename_skill(one, name, by=admin)
    with pytest.raises(Refused, match="was merged"):
        actions.rename_skill(gone, "Flow", by=admin)


def test_merging_moves_every_use_once_and_keeps_the_names(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    say_skills(place_of(mentor), "offers", "Pricing", "Prices", "Tides")
    say_skills(place_of(mentor), "seeks", "Prices")
    say_skills(place_of(mentee), "seeks", "Prices", "Quotes")
    say_skills(place_of(member), "seeks", "Quotes")
    one, two, three = (Skill.objects.get(name=name) for name in ("Pricing", "Prices", "Quotes"))
    earlier = skill(program, "Price tags", state="merged", merged_into=two)
    Skill.objects.filter(pk=one.pk).update(state="proposed")
    assert actions.merge_skills([one, two, three], one, by=admin) == 5
    assert said(mentor) == [("offers", "Pricing"), ("offers", "Tides"), ("seeks", "Pricing")]
    assert said(mentee) == said(member) == [("seeks", "Pricing")]
    for gone in (two, three, earlier):
        gone.refresh_from_db()
        assert (gone.state, gone.merged_into) == ("merged", one)
    assert (two.name, three.name) == ("Prices", "Quotes")
    one.refresh_from_db()
    assert one.state == "listed"


def test_what_was_merged_is_not_merged_again(program: Program, admin: User) -> None:
    one, two, three = (skill(program, name) for name in ("One", "Two", "Three"))
    actions.merge_skills([one, two], one, by=admin)
    for skills, into in (([two, three], three), ([two, three], two), ([two, one], two)):
        with pytest.raises(Refused, match="merged already"):
            actions.merge_skills(skills, into, by=admin)
    with pytest.raises(Refused, match="two skills"):
        actions.merge_skills([one], one, by=admin)


def test_skills_of_two_programs_stay_two(
    program: Program, other_program: Program, admin: User, superuser: User
) -> None:
    here, there = skill(program, "Tides"), skill(other_program, "Tides")
    with pytest.raises(Refused, match="different programs"):
        actions.merge_skills([here, there], here, by=superuser)
    assert not Skill.objects.filter(state="merged").exists()


def test_only_those_who_run_the_program_keep_its_list(
    program: Program, mentor: User, other_admin: User
) -> None:
    one, two = skill(program, "One", state="proposed"), skill(program, "Two")
    for person in (mentor, other_admin):
        for act in (
            lambda by: actions.add_skills(program, ["Three"], by=by, now=NOW),
            lambda by: actions.list_skill(one, by=by),
            lambda by: actions.rename_skill(one, "Three", by=by),
            lambda by: actions.merge_skills([one, two], two, by=by),
        ):
            with pytest.raises(Refused, match="run a program"):
                act(person)
    assert set(Skill.objects.values_list("name", "state")) == {("One", "proposed"), ("Two", "listed")}
