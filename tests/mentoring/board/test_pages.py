"""The pages of a run, as an admin goes through them; and what is not to be found there."""

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Profile, User, UsualHours
from mentoring.actions import board
from mentoring.models import (
    Enrollment,
    MatchingCriteria,
    MatchingRun,
    Program,
    ProposedPair,
    Publication,
    RuledOut,
)
from mentoring.runs.making import in_one_go
from tests.conftest import NOW, TODAY, signed_in
from tests.markup import Markup

from .conftest import Cast, comes

pytestmark = pytest.mark.django_db
ADD = "/admin/mentoring/matchingrun/add/"
LIST = "/admin/mentoring/matchingrun/"


@pytest.fixture
def browser(admin: User) -> Client:
    return signed_in(admin)


def at(run: MatchingRun, name: str = "change", *more: object) -> str:
    return reverse(f"admin:mentoring_matchingrun_{name}", args=[run.pk, *more])


def texts(response: Any) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", " ".join(Markup(response.content.decode()).texts))


# --- Finding pairs


def test_from_one_button_to_a_board(browser: Client, cast: Cast) -> None:
    page = browser.get(ADD, {"program": cast.program.pk})
    assert "3 mentees wait; 3 places with mentors are free." in texts(page)
    page = browser.post(ADD, {"program": cast.program.pk}, follow=True)
    run = MatchingRun.objects.latest("pk")
    assert run != cast.run
    assert page.redirect_chain == [(at(run), 302)]
    assert "Three pairs proposed. Nobody has been told yet." in texts(page)
    assert (run.created_by, LogEntry.objects.latest("pk").object_id) == (cast.admin, str(run.pk))


def test_only_programs_that_one_runs_and_that_are_not_over_are_offered(
    browser: Client, cast: Cast, other_program: Program
) -> None:
    page = browser.get(ADD)
    assert "Hill Mentors" not in texts(page)
    answer = browser.post(ADD, {"program": other_program.pk})
    assert answer.status_code == 200
    assert "program" in answer.context["errors"]
    assert "Choose a program." in texts(browser.post(ADD, {}))
    Program.objects.filter(pk=cast.program.pk).update(status="closed")
    assert "There is no program for which pairs could be found" in texts(browser.get(ADD))


def test_a_second_run_waits_for_the_first_and_says_so(browser: Client, cast: Cast) -> None:
    MatchingRun.objects.create(program=cast.program)
    page = browser.post(ADD, {"program": cast.program.pk})
    assert "Another run of this program is being made." in texts(page)
    assert MatchingRun.objects.count() == 2


def test_the_page_of_a_program_leads_to_finding_pairs(browser: Client, cast: Cast) -> None:
    page = browser.get(reverse("admin:mentoring_program_change", args=[cast.program.pk]))
    links = [link.attributes.get("href") for link in Markup(page.content.decode()).all("a")]
    assert f"{ADD}?program={cast.program.pk}" in links


def test_the_list_says_who_made_a_run_what_came_of_it_and_who_told_whom(browser: Client, cast: Cast) -> None:
    told = Publication.objects.create(run=cast.run, approval="both", starts_on=TODAY, created_by=cast.admin)
    cast.run.pairs.filter(mentee=cast.wen).update(publication=told)
    said = texts(browser.get(LIST))
    assert "3 of 3" in said
    assert "Rosa Lind" in said
    assert browser.post(at(cast.run, "delete"), {"post": "yes"}).status_code == 403


# --- While it is made


def test_a_run_that_is_being_made_says_in_words_how_far_it_is(browser: Client, cast: Cast) -> None:
    run = MatchingRun.objects.create(program=cast.program, created_by=cast.admin, stage=2)
    said = texts(browser.get(at(run)))
    assert "2 of 4: Looking for the best pairs" in said
    assert "You can leave this page and come back to it" in said
    assert "2 of 4" in browser.get(at(run, "progress")).content.decode()
    MatchingRun.objects.filter(pk=run.pk).update(stage=0)
    assert "Waiting for a worker" in texts(browser.get(at(run)))
    assert "Whoever is working on it stops" in texts(browser.get(at(run, "leave")))
    page = browser.post(at(run, "leave"), follow=True)
    assert "It was put away before any pairs were found." in texts(page)
    assert browser.get(at(run, "progress")).status_code == 204


def test_a_run_that_failed_says_why_and_can_be_tried_again(browser: Client, cast: Cast) -> None:
    run = MatchingRun.objects.create(
        program=cast.program, state="failed", finished_at=NOW, problem="The worker had no memory left."
    )
    page = browser.get(at(run))
    assert "The worker had no memory left." in texts(page)
    page = browser.post(at(run, "again"), follow=True)
    assert "Three pairs proposed." in texts(page)


# --- The board


def test_each_pair_says_in_words_why_and_with_a_picture_when(browser: Client, cast: Cast) -> None:
    page = browser.get(at(cast.run))
    said = texts(page)
    assert "Strong fit : Wen Zhao, Mateo Ruiz" in said
    assert "Wen asked for help with Pricing; Mateo offers it." in said
    assert "Both speak English." in said
    assert "2 of 2 places taken" in said
    assert "Seeks: Pricing" in said
    assert "3 hours a week shared" in said
    markup = Markup(page.content.decode())
    charts = [each.attributes for each in markup.all("svg") if each.attributes.get("class") == "chart"]
    # Priya begins three hours later, so the two only meet at the edge of it.
    assert [each["aria-label"] for each in charts] == [
        "3 hours a week shared",
        "No hours shared",
        "3 hours a week shared",
    ]
    assert all("style" not in each.attributes for each in markup.elements)


def test_nowhere_is_a_person_given_points(browser: Client, cast: Cast) -> None:
    fits = {str(fit) for fit in ProposedPair.objects.values_list("fit", flat=True)}
    board.move_mentee(cast.run, cast.kofi, None, by=cast.admin, now=NOW)
    addresses = [
        at(cast.run),
        at(cast.run, "choose", cast.kofi.pk),
        f"{at(cast.run, 'move')}?mentee={cast.wen.pk}&to=m{cast.bram.pk}",
    ]
    for address in addresses:
        said = texts(browser.get(address))
        assert not [fit for fit in fits if re.search(rf"\b{fit}\b|\b{int(fit):,}\b", said)]


def test_the_picture_of_hours_is_the_same_in_every_language(browser: Client, cast: Cast, admin: User) -> None:
    UsualHours.objects.update(begins=19, ends=22)
    User.objects.filter(pk=admin.pk).update(language="de")
    page = signed_in(admin).get(at(cast.run)).content.decode()
    numbers = re.findall(r'<rect class="[^"]+" x="([^"]+)" y="[^"]+" width="([^"]+)"', page)
    assert numbers
    assert all(re.fullmatch(r"[0-9]+(\.[0-9]+)?", number) for pair in numbers for number in pair)


def test_chips_and_a_name_choose_which_pairs_are_shown(browser: Client, cast: Cast) -> None:
    board.lock_pair(cast.pair_of(cast.kofi), by=cast.admin)
    told = Publication.objects.create(run=cast.run, approval="both", starts_on=TODAY)
    cast.run.pairs.filter(mentee=cast.priya).update(publication=told, fit=0)

    def shown(**asked: str) -> list[str]:
        return [card.pair.mentee.first_name for card in browser.get(at(cast.run), asked).context["cards"]]

    assert shown() == shown(show="nonsense") == ["Kofi", "Priya", "Wen"]
    assert shown(show="locked") == ["Kofi"]
    assert shown(show="told") == ["Priya"]
    assert shown(show="thin") == ["Priya"]
    assert shown(show="strong") == ["Kofi", "Wen"]
    assert shown(show="good") == []
    assert shown(q="mateo") == ["Priya", "Wen"]
    assert shown(q="mateo", show="told") == ["Priya"]
    assert shown(q="\0") == ["Kofi", "Priya", "Wen"]
    said = texts(browser.get(at(cast.run)))
    assert "All 3" in said
    assert "Locked 1" in said
    assert "One of three is told." in said
    assert "Told on June 23" in said
    assert "There is no such pair." in texts(browser.get(at(cast.run), {"q": "Zed"}))


def test_a_lock_is_one_click_and_shows_at_once(browser: Client, cast: Cast) -> None:
    pair = cast.pair_of(cast.kofi)
    data = {"pair": pair.pk, "do": "lock", "asked": "show=strong&page=1&next=//evil.example"}
    answer = browser.post(at(cast.run, "lock"), data)
    assert answer.url == f"{at(cast.run)}?show=strong&page=1#mentee-{cast.kofi.pk}"
    page = browser.get(at(cast.run))
    assert "Propose again, keep locked" in texts(page)
    assert "Kept as it is when you propose again." in texts(page)
    browser.post(at(cast.run, "lock"), {"pair": pair.pk, "do": "unlock"})
    assert not ProposedPair.objects.get(pk=pair.pk).is_locked


def test_other_mentors_are_named_with_their_fit_and_their_room(browser: Client, cast: Cast) -> None:
    comes(cast.program, "Dalia Cruz", "mentor", capacity=4)
    page = browser.get(at(cast.run))
    [card] = [card for card in page.context["cards"] if card.pair.mentee == cast.kofi]
    found = [(option.value, option.words) for option in card.options]
    dalia = User.objects.get(name="Dalia Cruz")
    assert found[0] == (f"m{dalia.pk}", "Dalia Cruz: good fit, room for four")
    assert found[1] == (f"s{cast.priya.pk}", "Mateo Ruiz: good fit, a swap with Priya Nair")
    board.lock_pair(cast.pair_of(cast.kofi), by=cast.admin)
    page = browser.get(at(cast.run))
    [card] = [card for card in page.context["cards"] if card.pair.mentee == cast.kofi]
    assert card.options == []


def test_of_too_many_mentors_none_is_named_beside_a_pair(
    browser: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mentoring.board.cards.MOST_MENTORS", 1)
    page = browser.get(at(cast.run))
    assert all(card.options == [] for card in page.context["cards"])
    assert "All mentors" in texts(page)


# --- States


def test_a_run_without_anybody_is_a_page_with_a_sentence(
    browser: Client, program: Program, admin: User
) -> None:
    run = in_one_go(program, NOW, created_by=admin)
    said = texts(browser.get(at(run)))
    assert "No pairs proposed." in said
    assert "There was no mentee who waits for a mentor." in said
    assert "Nobody: everybody in this run has somebody." in said


def test_a_run_that_was_put_away_is_only_looked_at(browser: Client, cast: Cast) -> None:
    assert "It stays in the list" in texts(browser.get(at(cast.run, "leave")))
    page = browser.post(at(cast.run, "leave"), follow=True)
    said = texts(page)
    assert "This run is put away" in said
    assert "Unlock" not in said
    forms = [each.attributes.get("action", "") for each in Markup(page.content.decode()).all("form")]
    assert not [action for action in forms if action.endswith(("/lock/", "/move/"))]
    assert browser.post(at(cast.run)).status_code == 405


def test_long_names_and_words_are_whole_on_the_page(browser: Client, cast: Cast) -> None:
    long = "Wilhelmine-Friederike " + "von-und-zu-" * 7 + "Trutzhagen"
    User.objects.filter(pk=cast.wen.pk).update(name=long)
    assert long in texts(browser.get(at(cast.run)))


def test_markup_in_a_name_is_text(browser: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.wen.pk).update(name="<b>Wen</b> %(mentor)s 100%")
    User.objects.filter(pk=cast.mateo.pk).update(name="<i>Mateo</i>")
    for address in (at(cast.run), f"{at(cast.run, 'move')}?mentee={cast.wen.pk}&to=none"):
        page = browser.get(address).content.decode()
        assert "<b>Wen" not in page
        assert "&lt;b&gt;Wen" in page


@pytest.mark.parametrize("told", [False, True])
def test_a_board_of_sixty_pairs_asks_the_database_as_often_as_one_of_five(
    browser: Client, program: Program, admin: User, told: bool
) -> None:
    def queries(pairs: int) -> int:
        have = Enrollment.objects.filter(program=program, role="mentor").count()
        for number in range(have, pairs):
            comes(program, f"Mentor {number}", "mentor", "Pricing", f"Skill {number}")
            comes(program, f"Mentee {number}", "mentee", "Pricing", f"Skill {number}")
        run = in_one_go(program, NOW, created_by=admin)
        first = run.pairs.order_by("mentee__name").first()
        assert first is not None
        board.move_mentee(run, first.mentee, None, by=admin, now=NOW)
        if told:
            row = Publication.objects.create(run=run, approval="both", starts_on=TODAY)
            run.pairs.filter(pk__in=run.pairs.order_by("pk")[:2].values("pk")).update(publication=row)
        with CaptureQueriesContext(
            connection,
        ) as found:
            page = browser.get(at(run))
        assert page.status_code == 200
        assert len(page.context["cards"]) == min(50, pairs - 1)
        return len(found)

    few, many = queries(5), queries(60)
    assert many <= few + 1  # The second page is counted for.
    assert many < 70


def test_what_was_done_is_said_with_whom_and_logged_without(browser: Client, cast: Cast) -> None:
    wen = cast.pair_of(cast.wen)

    def sent(name: str, **data: object) -> str:
        page = browser.post(at(cast.run, name), data, follow=True)
        for person in (cast.wen, cast.kofi, cast.mateo, cast.bram):
            assert person.first_name not in LogEntry.objects.latest("pk").change_message
        return texts(page)

    assert "Wen and Mateo are locked." in sent("lock", pair=wen.pk)
    assert "Wen and Mateo are no longer locked." in sent("lock", pair=wen.pk, do="unlock")
    said = sent("move", mentee=cast.wen.pk, to=f"s{cast.kofi.pk}")
    assert "Swapped: Wen is now with Bram, and Kofi with Mateo." in said
    assert LogEntry.objects.latest("pk").change_message == "Two pairs were changed by hand."
    assert "Wen is without a match now." in sent("move", mentee=cast.wen.pk, to="none")
    assert "Wen is now with Bram." in sent("move", mentee=cast.wen.pk, to=f"m{cast.bram.pk}")
    wen = cast.pair_of(cast.wen)
    assert "Wen and Bram are never proposed to each other." in sent("rule_out", pair=wen.pk)
    row = RuledOut.objects.get()
    assert "Wen and Bram may be proposed to each other again." in sent("allow_again", ruled_out=row.pk)


def test_a_swap_says_which_of_the_two_pairs_goes_against_what(browser: Client, cast: Cast) -> None:
    MatchingCriteria.objects.update_or_create(program=cast.program, defaults={"language_in_common": True})
    Profile.objects.filter(person__in=[cast.kofi, cast.bram]).update(languages=["de", "en"])
    Profile.objects.filter(person=cast.kofi).update(languages=["de"])
    said = texts(browser.get(at(cast.run, "move"), {"mentee": cast.wen.pk, "to": f"s{cast.kofi.pk}"}))
    assert "Kofi and Mateo: this goes against a must-have of the program (a language in common)." in said
    assert "Wen and Bram: this" not in said
    board_ = texts(browser.get(at(cast.run)))
    assert "a swap with Kofi Annor, against a must-have" in board_
    assert "a swap with Wen Zhao, against a must-have" not in board_


def test_only_groups_that_have_somebody_are_offered(browser: Client, cast: Cast) -> None:
    chips = [value for value, _label, _number in browser.get(at(cast.run)).context["chips"]]
    assert "" in chips
    assert "locked" not in chips
    asked = browser.get(at(cast.run), {"show": "locked"}).context
    assert (asked["show"], "locked" in [value for value, _label, _number in asked["chips"]]) == (
        "locked",
        True,
    )


def test_whoever_was_not_in_the_other_run_is_not_called_left_over(browser: Client, cast: Cast) -> None:
    late = comes(cast.program, "Late Comer", "mentee", "Hiring")
    comes(cast.program, "Dalia Cruz", "mentor", "Hiring")
    new = in_one_go(cast.program, NOW, created_by=cast.admin)
    said = texts(browser.get(at(new, "compare"), {"with": cast.run.pk}))
    mentor = new.pairs.get(mentee=late).mentor
    assert f"Late Comer {mentor} not in this run" in said
