"""What the pages of a run say of a change before it is made, of whoever is without a match, and of two runs."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import User
from accounts.mydata.erasing import erase
from mentoring.actions import board
from mentoring.models import (
    Enrollment,
    MatchingCriteria,
    MatchingRun,
    Program,
    RuledOut,
    WithoutMatch,
)
from mentoring.runs.making import in_one_go
from tests.conftest import NOW, enroll, make_person, pair
from tests.markup import Markup

from .conftest import Cast, comes
from .test_pages import at, browser, texts

__all__ = ["browser"]
pytestmark = pytest.mark.django_db


# --- A change shows first what it means


def test_a_change_is_shown_before_it_is_made(browser: Client, cast: Cast) -> None:
    comes(cast.program, "Dalia Cruz", "mentor", languages="es")
    dalia = User.objects.get(name="Dalia Cruz")
    MatchingCriteria.objects.create(program=cast.program, language_in_common=True)
    asked = {"mentee": cast.kofi.pk, "to": f"m{dalia.pk}", "asked": "show=strong"}
    page = browser.get(at(cast.run, "move"), asked)
    said = texts(page)
    assert "Kofi with Dalia?" in said
    assert "Nothing has happened yet." in said
    assert "Kofi would be with Dalia, a thin fit, instead of Bram, a strong fit." in said
    assert "Bram would be without a mentee." in said
    assert "Dalia would have no more room." in said
    assert "All pairs together fit less well." in said
    assert "Kofi and Dalia: this goes against a must-have of the program (a language in common)." in said
    lines = {str(line.label): (line.before, line.after) for line in page.context["effect"].lines}
    assert lines == {"Pairs": (3, 3), "Strong fit": (3, 2), "Good fit": (0, 0), "Thin fit": (0, 1)}
    assert cast.mentor_of(cast.kofi) == cast.bram

    seen = [
        each.attributes["value"]
        for each in Markup(page.content.decode()).all("input")
        if each.attributes.get("name") == "seen"
    ]
    assert seen == [f"{cast.kofi.pk}:{cast.bram.pk}"]
    answer = browser.post(at(cast.run, "move"), {**asked, "seen": seen})
    assert answer.url == f"{at(cast.run)}?show=strong#mentee-{cast.kofi.pk}"
    assert cast.mentor_of(cast.kofi) == dalia
    assert "Put together by hand. Lock it to keep it" in texts(browser.get(at(cast.run)))
    logged = LogEntry.objects.latest("pk").change_message
    assert logged == "A pair was changed by hand."
    # A second click, with what the page had shown.
    page = browser.post(at(cast.run, "move"), {**asked, "seen": seen}, follow=True)
    assert "This was changed meanwhile" in texts(page)


def test_a_full_mentor_is_refused_and_a_swap_is_offered_instead(browser: Client, cast: Cast) -> None:
    page = browser.get(at(cast.run, "move"), {"mentee": cast.kofi.pk, "to": f"m{cast.mateo.pk}"})
    said = texts(page)
    assert "Mateo has no room for another mentee now." in said
    assert "Swap Kofi and Wen instead" in said
    assert not [
        form
        for form in Markup(page.content.decode()).all("form")
        if form.attributes.get("method") == "post" and form.attributes.get("id") != "logout-form"
    ]
    page = browser.get(at(cast.run, "move"), {"mentee": cast.kofi.pk, "to": f"s{cast.wen.pk}"})
    said = texts(page)
    assert "Kofi would be with Mateo" in said
    assert "Wen would be with Bram" in said
    seen = [f"{cast.kofi.pk}:{cast.bram.pk}", f"{cast.wen.pk}:{cast.mateo.pk}"]
    browser.post(at(cast.run, "move"), {"mentee": cast.kofi.pk, "to": f"s{cast.wen.pk}", "seen": seen})
    assert cast.mentor_of(cast.kofi) == cast.mateo


def test_leaving_somebody_without_a_match_says_what_is_lost(browser: Client, cast: Cast) -> None:
    page = browser.get(at(cast.run, "move"), {"mentee": cast.wen.pk, "to": "none"})
    said = texts(page)
    assert "Leave Wen without a match?" in said
    assert "Wen would no longer be with Mateo (a strong fit), and without a match." in said
    assert "Mateo would have room for one more." in said
    assert "One pair less." in said
    browser.post(at(cast.run, "move"), {"mentee": cast.wen.pk, "to": "none"})
    assert cast.without() == {"Wen"}


def test_ruling_two_people_out_says_what_a_new_run_would_find(browser: Client, cast: Cast) -> None:
    pair = cast.pair_of(cast.kofi)
    said = texts(browser.get(at(cast.run, "rule_out"), {"pair": pair.pk}))
    assert "Never Kofi with Bram?" in said
    assert "Kofi would be without a match in this run." in said
    assert "If you then propose again, Kofi would be with Mateo: a good fit." in said
    assert not RuledOut.objects.exists()
    page = browser.post(at(cast.run, "rule_out"), {"pair": pair.pk}, follow=True)
    assert "Kofi Annor and Bram Visser" in texts(page)
    row = RuledOut.objects.get()
    page = browser.post(at(cast.run, "allow_again"), {"ruled_out": row.pk}, follow=True)
    assert "Never together" not in texts(page)


@pytest.mark.parametrize("to", ["", "x1", "m", "m²", "m99999999999999999999", "s0"])
def test_nonsense_changes_nothing(browser: Client, cast: Cast, to: str) -> None:
    for send in (browser.get, browser.post):
        answer: Any = send(at(cast.run, "move"), {"mentee": cast.wen.pk, "to": to})
        assert answer.status_code in (302, 404)
        assert send(at(cast.run, "move"), {"mentee": "0", "to": "none"}).status_code == 404  # type: ignore[operator]
    assert cast.run.pairs.filter(is_by_hand=False).count() == 3
    assert browser.post(at(cast.run, "lock"), {"pair": "x"}).status_code == 404


def test_no_address_gives_away_the_name_of_somebody_who_has_not_said_yes(browser: Client, cast: Cast) -> None:
    invited = make_person("zadie@new.example", "Zadie Quill")
    enroll(cast.program, invited, Enrollment.Role.BOTH, status="invited", joined_on=None)
    for asked in (
        {"mentee": invited.pk, "to": "none"},
        {"mentee": cast.wen.pk, "to": f"m{invited.pk}"},
        {"mentee": cast.wen.pk, "to": f"s{invited.pk}"},
    ):
        assert browser.get(at(cast.run, "move"), asked).status_code == 404
    assert browser.get(at(cast.run, "choose", invited.pk)).status_code == 404


# --- Without a match


def test_somebody_without_a_match_is_told_why_and_what_would_help(browser: Client, cast: Cast) -> None:
    comes(cast.program, "Ada Lone", "mentee", "Sourdough", begins=0)
    run = in_one_go(cast.program, NOW, created_by=cast.admin)
    said = texts(browser.get(at(run)))
    assert "One person is without a match ." in said
    assert re.search(r"Whoever \w+ could be with has no room left", said)
    assert re.search(r"One more place with \w+ would do", said)
    assert "Choose a mentor" in said


@pytest.mark.parametrize("because", RuledOut.Because.values)
def test_the_board_tells_of_pairs_that_are_ruled_out_and_not_of_those_that_were_no_fit(
    browser: Client, cast: Cast, other_program: Program, because: str
) -> None:
    ada = comes(cast.program, "Ada Lone", "mentee", "Pricing")
    is_no_fit = because == RuledOut.Because.NOT_A_FIT
    for mentor in (cast.mateo, cast.bram):
        RuledOut.objects.create(
            program=other_program if is_no_fit else cast.program, mentor=mentor, mentee=ada, because=because
        )
    Enrollment.objects.filter(program=cast.program, role="mentor").exclude(
        person__in=[cast.mateo, cast.bram]
    ).update(status="paused")
    run = in_one_go(cast.program, NOW, created_by=cast.admin)
    said = texts(browser.get(at(run)))
    assert ("There is nobody to match Ada with." in said) is is_no_fit
    assert ("Ada can be no pair with anybody who is left." in said) is (not is_no_fit)


def test_why_is_asked_when_it_is_shown_where_it_is_not_known(browser: Client, cast: Cast) -> None:
    board.move_mentee(cast.run, cast.kofi, None, by=cast.admin, now=NOW)
    assert all(row.why == {} for row in WithoutMatch.objects.all())
    said = texts(browser.get(at(cast.run)))
    assert "Those whom Bram could be with are with others" in said
    MatchingRun.objects.update(mentees=400)
    assert "Propose again to learn why." in texts(browser.get(at(cast.run)))


def test_people_who_left_or_were_erased_are_said_to_have(browser: Client, cast: Cast) -> None:
    board.move_mentee(cast.run, cast.kofi, None, by=cast.admin, now=NOW)
    Enrollment.objects.filter(person=cast.kofi).update(status="withdrawn")
    Enrollment.objects.filter(person=cast.wen).update(status="paused")
    said = texts(browser.get(at(cast.run)))
    assert "Kofi has left the program since, or takes a break." in said
    assert "Wen is not here as a mentee any more." in said
    erase(cast.mateo, now=NOW)
    said = texts(browser.get(at(cast.run)))
    assert "Mateo" not in said
    assert "Two mentees are no longer in this run, because accounts were deleted." in said


def test_who_is_named_in_a_reason_may_be_gone_by_now(browser: Client, cast: Cast) -> None:
    comes(cast.program, "Ada Lone", "mentee", "Negotiation")
    run = in_one_go(cast.program, NOW, created_by=cast.admin)
    erase(cast.bram, now=NOW)
    erase(cast.mateo, now=NOW)
    said = texts(browser.get(at(run)))
    assert "has no room left: Somebody who left and Somebody who left." in said
    assert "There are no pairs in this run any more." in said


def test_the_page_of_all_mentors_puts_the_best_with_room_first(browser: Client, cast: Cast) -> None:
    board.move_mentee(cast.run, cast.kofi, None, by=cast.admin, now=NOW)
    comes(cast.program, "Dalia Cruz", "mentor", languages="es")
    MatchingCriteria.objects.create(program=cast.program, language_in_common=True)
    page = browser.get(at(cast.run, "choose", cast.kofi.pk))
    assert [choice.place.person.first_name for choice in page.context["page"]] == ["Bram", "Mateo", "Dalia"]
    said = texts(page)
    assert "Room for one" in said
    assert "No room now" in said
    assert "Goes against: a language in common." in said
    found = browser.get(at(cast.run, "choose", cast.kofi.pk), {"q": "dal"}).context["page"]
    assert [choice.place.person.first_name for choice in found] == ["Dalia"]
    assert "No mentor of this name" in texts(browser.get(at(cast.run, "choose", cast.kofi.pk), {"q": "Zed"}))


# --- Since then


def test_the_board_says_when_something_has_changed_since(browser: Client, cast: Cast) -> None:
    changed = "Something has changed since these pairs were proposed"
    assert changed not in texts(browser.get(at(cast.run)))
    board.lock_pair(cast.pair_of(cast.kofi), by=cast.admin)
    assert changed not in texts(browser.get(at(cast.run)))
    comes(cast.program, "Dalia Cruz", "mentor")
    assert changed in texts(browser.get(at(cast.run)))


def test_pairs_are_ticked_and_told_by_the_page_behind_the_board(browser: Client, cast: Cast) -> None:
    pair, publish = cast.pair_of(cast.wen), at(cast.run, "publish")
    page = browser.get(at(cast.run)).content.decode()
    assert f'action="{publish}"' in page
    assert f'<input type="checkbox" name="pair" value="{pair.pk}"' in page
    told = browser.get(publish, {"pair": [pair.pk]}).content.decode()
    ticked = re.findall(r'<input type="checkbox" name="pair" value="(\d+)"[^>]* checked', told)
    assert ticked == [str(pair.pk)]


def test_a_pair_that_cannot_be_told_any_more_says_so(browser: Client, cast: Cast, mentor: User) -> None:
    pair(cast.program, mentor, cast.wen)
    Enrollment.objects.filter(person=cast.bram).update(capacity=0)
    said = texts(browser.get(at(cast.run)))
    assert "Wen has a mentor by now." in said
    assert "Bram has less room by now than this run gives away." in said


# --- Side by side


def test_two_runs_are_compared_by_what_they_come_to_ask_and_who_is_with_whom(
    browser: Client, cast: Cast
) -> None:
    MatchingCriteria.objects.create(program=cast.program, hours="off", language_in_common=True)
    other = in_one_go(cast.program, NOW - timedelta(hours=1), created_by=cast.admin)
    board.swap_mentees(other, cast.wen, cast.kofi, by=cast.admin, now=NOW)
    page = browser.get(at(cast.run, "compare"), {"with": other.pk})
    said = texts(page)
    assert "They asked for different things" in said
    assert re.search(r"Hours in common Medium Off", said)
    assert re.search(r"A language in common No Yes", said)
    assert [(str(m), str(a), str(b)) for m, a, b in page.context["rows"]] == [
        ("Kofi Annor", "Bram Visser", "Mateo Ruiz"),
        ("Wen Zhao", "Mateo Ruiz", "Bram Visser"),
    ]
    board.move_mentee(other, cast.wen, None, by=cast.admin, now=NOW)
    said = texts(browser.get(at(cast.run, "compare"), {"with": other.pk}))
    assert "Wen Zhao Mateo Ruiz nobody" in said
    assert browser.get(at(cast.run, "compare")).url == at(cast.run)
    assert browser.get(at(cast.run, "compare"), {"with": cast.run.pk}).status_code == 404


def test_two_runs_that_are_the_same_are_said_to_be(browser: Client, cast: Cast) -> None:
    other = in_one_go(cast.program, NOW, created_by=cast.admin)
    said = texts(browser.get(at(cast.run, "compare"), {"with": other.pk}))
    assert "Both asked for the same of a pair." in said
    assert "Nobody: the two have the same pairs." in said


def test_a_run_of_another_program_is_not_compared(
    browser: Client, cast: Cast, other_program: Program
) -> None:
    run = MatchingRun.objects.create(program=other_program, state="made", finished_at=NOW, mentees=3)
    assert browser.get(at(cast.run, "compare"), {"with": run.pk}).status_code == 404
