"""A program's list of skills in the admin."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import User
from mentoring.models import Enrollment, EnrollmentSkill, Program, ProgramAdmin, Skill
from tests.conftest import say_skills, signed_in

from .conftest import World
from .test_scope import url

LIST = "/admin/mentoring/skill/"


@pytest.fixture
def browser(admin: User) -> Client:
    return signed_in(admin)


def skill(program: Program, name: str, **fields: object) -> Skill:
    return Skill.objects.create(program=program, name=name, **fields)


def act(browser: Client, action: str, *rows: Skill, **form: object) -> str:
    data = {"action": action, "_selected_action": [row.pk for row in rows], **form}
    return browser.post(LIST, data, follow=True).content.decode()


def names(browser: Client, query: str = "") -> list[str]:
    return [row.name for row in browser.get(LIST + query).context["cl"].result_list]


def test_proposals_come_first_and_what_was_merged_last(program: Program, browser: Client) -> None:
    stays = skill(program, "tides")
    skill(program, "Boats")
    skill(program, "Anchors", state="merged", merged_into=stays)
    skill(program, "Winds", state="proposed")
    assert names(browser) == ["Winds", "Boats", "tides", "Anchors"]
    assert names(browser, "?state=proposed") == ["Winds"]
    assert names(browser, "?state=merged") == ["Anchors"]
    assert names(browser, "?q=boat") == ["Boats"]


def test_who_proposed_a_skill_is_on_no_page(program: Program, browser: Client, mentor: User) -> None:
    proposed = skill(program, "Winds", state="proposed", proposed_by=mentor)
    pages = [LIST, url(Skill, "change", proposed.pk), url(Skill, "history", proposed.pk)]
    for page in pages:
        assert "Noor" not in browser.get(page).content.decode()
    assert "Noor" not in act(browser, "put_on_list", proposed)


def test_several_are_pasted_at_once(program: Program, browser: Client) -> None:
    form = {"program": program.pk, "names": "Boats\r\n\r\n Tides \r\nboats"}
    page = browser.post(url(Skill, "add"), form, follow=True).content.decode()
    assert "2 skills are new on the list." in page
    assert names(browser) == ["Boats", "Tides"]
    assert LogEntry.objects.count() == 2
    response = browser.post(url(Skill, "add"), form)
    assert "already" in str(response.context["adminform"].form.errors["names"])
    assert "Tides" in response.content.decode()


def test_a_skill_is_renamed_for_everybody(program: Program, browser: Client, mentor: User) -> None:
    say_skills(Enrollment.objects.get(person=mentor), "offers", "Bots")
    row = Skill.objects.get()
    skill(program, "Tides")
    page = url(Skill, "change", row.pk)
    assert "1 person" in browser.get(page).content.decode()
    assert "Merge the two instead" in browser.post(page, {"name": "tides"}).content.decode()
    assert browser.post(page, {"name": "Boats", "state": "merged"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.state) == ("Boats", "listed")
    assert EnrollmentSkill.objects.get().skill.name == "Boats"


def test_proposals_are_put_on_the_list_after_a_page_that_names_them(
    program: Program, browser: Client
) -> None:
    rows = [skill(program, "Boats", state="proposed"), skill(program, "Tides", state="proposed")]
    assert "Boats (Harbor Mentors, Proposed): nobody" in act(browser, "put_on_list", *rows)
    assert program.skills.proposed().count() == 2
    assert "2 skills are changed." in act(browser, "put_on_list", *rows, confirmed="yes")
    assert not program.skills.proposed().exists()


def test_two_names_become_one_after_a_page_that_says_how_many_it_concerns(
    program: Program, browser: Client, mentor: User, mentee: User
) -> None:
    for person in (mentor, mentee):
        say_skills(Enrollment.objects.get(person=person), "seeks", "Boats", "Ships")
    boats, ships = Skill.objects.order_by("name")
    page = act(browser, "merge", boats, ships)
    assert "Boats: 2 people" in page
    assert "The one that stays" in page
    assert "Choose the one that stays." in act(browser, "merge", boats, ships, confirmed="yes")
    page = act(browser, "merge", boats, ships, confirmed="yes", into=boats.pk)
    assert "These are “Boats” now. 2 lines have moved." in page
    assert list(EnrollmentSkill.objects.values_list("skill", flat=True)) == [boats.pk, boats.pk]
    ships.refresh_from_db()
    assert (ships.state, ships.merged_into) == ("merged", boats)
    assert browser.get(url(Skill, "change", ships.pk)).status_code == 200
    assert browser.post(url(Skill, "change", ships.pk), {"name": "x"}).status_code == 403
    assert "merged already" in act(browser, "merge", boats, ships)


def test_what_cannot_be_merged_is_said_at_once(
    program: Program, other_program: Program, admin: User, browser: Client
) -> None:
    ProgramAdmin.objects.create(program=other_program, person=admin)
    here, there = skill(program, "Boats"), skill(other_program, "Boats")
    assert "Tick two skills or more." in act(browser, "merge", here)
    assert "different programs" in act(browser, "merge", here, there)
    third = skill(program, "Ships")
    act(browser, "merge", here, third, confirmed="yes", into=there.pk)
    assert not Skill.objects.filter(state="merged").exists()


def test_another_programs_skills_are_neither_merged_nor_listed(
    own: World, foreign: World, program: Program, browser: Client
) -> None:
    theirs = foreign.rows[Skill]
    Skill.objects.filter(pk=theirs.pk).update(state="proposed")
    mine = skill(program, "Boats")
    act(browser, "put_on_list", theirs, confirmed="yes")  # type: ignore[arg-type]
    act(browser, "merge", mine, theirs, confirmed="yes", into=mine.pk)  # type: ignore[arg-type]
    theirs.refresh_from_db()
    assert theirs.state == "proposed"  # type: ignore[attr-defined]


def test_only_what_nobody_has_chosen_is_deleted(program: Program, browser: Client, mentor: User) -> None:
    say_skills(Enrollment.objects.get(person=mentor), "offers", "Boats")
    used, free, target = Skill.objects.get(), skill(program, "Tides"), skill(program, "Winds")
    skill(program, "Gusts", state="merged", merged_into=target)
    for row, code in ((used, 403), (target, 403), (free, 302)):
        assert browser.post(url(Skill, "delete", row.pk), {"post": "yes"}).status_code == code
