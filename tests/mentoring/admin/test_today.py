"""The first page of the admin: what needs a hand in one program, and its one next step."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib import admin as django_admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.mail.models import Suppression
from accounts.models import User
from mentoring.admin_site import Group
from mentoring.models import (
    Enrollment,
    FitCheck,
    MatchingRun,
    Meeting,
    Pairing,
    PairingRequest,
    Program,
    ProgramAdmin,
    ProposedPair,
    Silence,
    Step,
    WithoutMatch,
)
from tests.conftest import NOW, enroll, make_person, pair, signed_in

INDEX = "/admin/"
DAY = timedelta(days=1)
KEYS = ["applications", "unmatched", "requests", "quiet", "addresses", "rematch", "asked", "runs"]


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser(admin: User) -> Client:
    return signed_in(admin)


def page_of(client: Client, program: Program | None = None) -> str:
    return client.get(INDEX, {"program": program.pk} if program else {}).content.decode()


def keys(client: Client, program: Program | None = None) -> list[str]:
    response = client.get(INDEX, {"program": program.pk} if program else {})
    return [need.key for need in response.context["needs"]]


def applicant(program: Program, name: str) -> Enrollment:
    person = make_person(f"{name.lower()}@new.example", name)
    return enroll(program, person, "mentee", status="applied", joined_on=None, applied_at=NOW)


def go_quiet(pairing: Pairing, number: int = 2) -> None:
    since = NOW.date() - 50 * DAY
    for person in (pairing.mentor, pairing.mentee):
        Silence.objects.create(
            pairing=pairing, person=person, since=since, number=number, asked_at=NOW - 5 * DAY
        )


def fill(program: Program, number: int, name: str = "a") -> None:
    """So many of each kind of what needs a hand."""
    mentor = make_person(f"{name}@{program.slug}.example", "Mona Mentor")
    enroll(program, mentor, "mentor", capacity=20)
    run = MatchingRun.objects.create(
        program=program, state="made", created_at=NOW, finished_at=NOW, fingerprint="x"
    )
    drafted = make_person(f"drafted{name}@{program.slug}.example", "Dora Drafted")
    enroll(program, drafted, "mentee")
    ProposedPair.objects.create(run=run, mentor=mentor, mentee=drafted, fit=1)
    for n in range(number):
        applicant(program, f"{program.slug}{name}{n}")
        alone, asks, quiet, ends = (
            make_person(f"{what}{name}{n}@{program.slug}.example", f"{what.title()} Person{n}")
            for what in ("alone", "asks", "quiet", "ends")
        )
        for person in (alone, asks, quiet, ends):
            enroll(program, person, "mentee")
        WithoutMatch.objects.create(run=run, person=alone, side="mentee")
        PairingRequest.objects.create(program=program, mentor=mentor, mentee=asks, note="?", state="checked")
        go_quiet(pair(program, mentor, quiet))
        Suppression.objects.put(quiet.pk, quiet.email, "bounced", now=NOW)
        pairing = pair(program, mentor, ends)
        Step.objects.create(pairing=pairing, person=ends, kind="pause", next_step="talk")
        FitCheck.objects.create(pairing=pairing, person=ends, answer="not_a_fit", answered_at=NOW)


def test_each_kind_stands_there_in_its_order_with_who_it_is_about_first(
    program: Program, browser: Client
) -> None:
    fill(program, 2)
    assert keys(browser) == KEYS
    page = page_of(browser)
    for need in browser.get(INDEX).context["needs"]:
        assert need.total == len(need.rows) or need.is_cut
        assert f'href="#{need.key}"' in page or need.key not in KEYS[:3]
    assert "Two applications wait for your answer" in page
    assert "Dora Drafted" in page
    assert "proposed to Mona Mentor, and not told yet" in page
    assert "has asked a mentor, and waits for an answer" in page
    assert "for seven weeks" in page


def test_where_nothing_needs_a_hand_a_calm_sentence_says_so(
    program: Program, browser: Client, pairing: Pairing
) -> None:
    assert keys(browser) == []
    assert "Nothing needs a hand." in page_of(browser)


def test_of_many_the_first_ten_are_there_and_a_link_to_all(program: Program, browser: Client) -> None:
    for n in range(12):
        applicant(program, f"Ada{n}")
    page = page_of(browser)
    assert page.count('form="applications-one"') == 10
    assert "All 12: Applications in the list" in page
    assert f"?program={program.pk}&amp;status=applied" in page


def test_a_selection_goes_through_the_lists_own_page_and_leads_back(
    program: Program, admin: User, browser: Client
) -> None:
    places = [applicant(program, name) for name in ("Ada", "Ben")]
    need = browser.get(INDEX).context["needs"][0]
    sent: dict[str, Any] = {
        "action": need.deed.action,
        "today": program.pk,
        "_selected_action": [place.pk for place in places],
    }
    asked = browser.post(need.deed.url, sent)
    assert "Give these people a place" in asked.content.decode()
    assert f'name="today" value="{program.pk}"' in asked.content.decode()
    assert Enrollment.objects.filter(status="applied").count() == 2
    assert not LogEntry.objects.exists()
    done = browser.post(need.deed.url, sent | {"confirmed": "yes", "note": ""})
    assert done["Location"] == f"{INDEX}?program={program.pk}"
    assert Enrollment.objects.filter(pk__in=[place.pk for place in places], status="active").count() == 2
    assert LogEntry.objects.filter(user=admin).count() == 2


def test_with_nothing_ticked_nothing_is_done_and_the_page_says_so(program: Program, browser: Client) -> None:
    applicant(program, "Ada")
    url = browser.get(INDEX).context["needs"][0].deed.url
    response = browser.post(url, {"action": "approve", "today": program.pk}, follow=True)
    assert response.redirect_chain == [(f"{INDEX}?program={program.pk}", 302)]
    assert "Nothing was ticked, so nothing is changed." in response.content.decode()


@pytest.mark.parametrize("value", ["https://evil.example/", "1'", "9" * 40, "²"])
def test_the_way_back_is_to_a_program_and_nowhere_else(program: Program, browser: Client, value: str) -> None:
    place = applicant(program, "Ada")
    sent = {"action": "approve", "today": value, "_selected_action": [place.pk], "confirmed": "yes"}
    response = browser.post(reverse("admin:mentoring_enrollment_changelist"), sent)
    assert response["Location"] == reverse("admin:mentoring_enrollment_changelist")


def test_a_quiet_pair_rests_by_its_step(program: Program, pairing: Pairing, browser: Client) -> None:
    go_quiet(pairing)
    (need,) = browser.get(INDEX).context["needs"]
    assert (need.key, need.rows[0].about) == ("quiet", pairing)
    sent = {"action": need.deed.action, "today": program.pk, "_selected_action": [pairing.pk]}
    assert "Pause these pairings" in browser.post(need.deed.url, sent).content.decode()
    browser.post(need.deed.url, sent | {"confirmed": "yes"})
    pairing.refresh_from_db()
    assert pairing.status == "paused"
    assert keys(browser) == []


def test_every_link_of_the_page_leads_to_a_page_and_every_list_has_rows(
    program: Program, browser: Client
) -> None:
    fill(program, 2)
    needs = browser.get(INDEX).context["needs"]
    assert len(needs) == len(KEYS)
    for need in needs:
        urls = {row.url for row in need.rows} | {row.step.url for row in need.rows if row.step}
        for url in {need.everything.url, *urls, *(step.url for step in need.steps)} - {""}:
            response = browser.get(url)
            assert response.status_code == 200, url
            found = response.context and response.context.get("cl")
            assert not found or found.result_count, url


def test_the_filter_of_the_list_has_the_pairs_that_the_first_page_says_have_gone_quiet(
    program: Program, other_program: Program, browser: Client, superuser: User
) -> None:
    """Held equal for each thing by which a pair is on that page, or is not."""
    rows = []
    for number, where in enumerate([*[program] * 6, other_program]):
        one, other = (make_person(f"{role}{number}@x.example", role) for role in ("mentor", "mentee"))
        enroll(where, one, "mentor")
        enroll(where, other, "mentee")
        rows.append(pair(where, one, other))
    heard, once, rests, quiet, ended, in_touch, elsewhere = rows
    for row in (heard, rests, quiet, ended, in_touch, elsewhere):
        go_quiet(row)
    go_quiet(once, number=1)
    Meeting.objects.create(pairing=heard, starts_at=NOW + DAY)
    Pairing.objects.filter(pk=rests.pk).update(status="paused")
    Pairing.objects.filter(pk=ended.pk).update(status="ended", ended_on=NOW.date())
    Silence.objects.filter(pairing=in_touch, person=in_touch.mentor).update(
        answer="in_touch", answered_at=NOW - DAY
    )

    def listed(client: Client) -> set[Pairing]:
        found = client.get(reverse("admin:mentoring_pairing_changelist"), {"quiet": "yes", "program": "all"})
        return set(found.context["cl"].result_list)

    def shown(client: Client) -> set[Pairing]:
        pages = [client.get(INDEX, {"program": each.pk}) for each in (program, other_program)]
        needs = [need for page in pages if page.status_code == 200 for need in page.context["needs"]]
        return {row.about for need in needs if need.key == "quiet" for row in need.rows}

    assert listed(browser) == shown(browser) == {quiet}
    runs_both = signed_in(superuser)
    assert listed(runs_both) == shown(runs_both) == {quiet, elsewhere}
    Program.objects.filter(pk=program.pk).update(status="paused")
    assert listed(runs_both) == shown(runs_both) == {elsewhere}


def test_the_filter_does_not_say_who_of_the_two_was_silent(pairing: Pairing, browser: Client) -> None:
    def page() -> str:
        found = browser.get(reverse("admin:mentoring_pairing_changelist"), {"quiet": "yes"}).content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", found)

    go_quiet(pairing)
    Silence.objects.filter(person=pairing.mentor).delete()
    one = page()
    Silence.objects.update(person=pairing.mentor)
    assert str(pairing) in one
    assert page() == one


def test_the_two_of_a_quiet_pair_are_written_to_by_a_link(pairing: Pairing, browser: Client) -> None:
    go_quiet(pairing)
    (need,) = browser.get(INDEX).context["needs"]
    assert need.rows[0].step.label == "Write to both"
    assert f"To {pairing}" in browser.get(need.rows[0].step.url).text


def test_the_list_of_mentees_without_a_mentor_has_them_and_nobody_who_has_one(
    program: Program, pairing: Pairing, browser: Client
) -> None:
    alone = make_person("alone@example.org", "Lone Mentee")
    enroll(program, alone, "mentee")
    (need,) = browser.get(INDEX).context["needs"]
    page = browser.get(need.everything.url)
    assert [place.person for place in page.context["cl"].result_list] == [alone]


def test_a_pair_that_was_asked_once_is_left_alone_and_none_says_who_was_silent(
    program: Program, pairing: Pairing, browser: Client
) -> None:
    go_quiet(pairing, number=1)
    assert keys(browser) == []
    Silence.objects.update(number=2)
    Silence.objects.filter(person=pairing.mentor).delete()
    one = page_of(browser)
    Silence.objects.update(person=pairing.mentor)
    other = page_of(browser)
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert "Noor Haddad and Tomasz Zielinski" in one
    assert token.sub("", one) == token.sub("", other)


def test_what_is_asked_for_is_told_and_why_is_not(
    program: Program, pairing: Pairing, browser: Client
) -> None:
    step = Step(
        pairing=pairing, person=pairing.mentee, kind="pause", next_step="talk", reason="canary-of-mine"
    )
    step.save()
    page = page_of(browser)
    assert "I would like to talk with those who run the program" in page
    assert "canary-of-mine" not in page
    (need,) = browser.get(INDEX).context["needs"]
    done = browser.post(need.rows[0].post.url, {"today": program.pk})
    assert done["Location"] == f"{INDEX}?program={program.pk}"
    assert keys(browser) == []


def test_of_several_programs_the_one_with_the_most_comes_first_and_the_others_in_a_line(
    program: Program, other_program: Program, admin: User, browser: Client
) -> None:
    ProgramAdmin.objects.create(program=other_program, person=admin)
    applicant(program, "Ada")
    for name in ("Ben", "Cleo"):
        applicant(other_program, name)
    response = browser.get(INDEX)
    assert response.context["program"] == other_program
    assert f'href="/admin/?program={program.pk}"' in response.content.decode()
    assert "one application waits for your answer" in response.content.decode()
    response = browser.get(INDEX, {"program": program.pk})
    assert response.context["program"] == program
    assert [other.program for other in response.context["others"]] == [other_program]


@pytest.mark.parametrize("value", ["0", "x", "", "9" * 30, "²", "-1"])
def test_a_program_that_is_not_there_is_not_found(program: Program, browser: Client, value: str) -> None:
    assert browser.get(INDEX, {"program": value}).status_code == 404


def test_somebody_elses_program_is_not_found_and_is_on_no_line(
    program: Program, other_program: Program, browser: Client, superuser: User
) -> None:
    applicant(other_program, "Xu")
    assert browser.get(INDEX, {"program": other_program.pk}).status_code == 404
    assert "Hill Mentors" not in page_of(browser)
    assert signed_in(superuser).get(INDEX).context["program"] == other_program


def test_a_program_that_is_over_is_there_only_for_whoever_asks(program: Program, browser: Client) -> None:
    Program.objects.update(status="closed")
    assert "No program runs now" in page_of(browser)
    assert browser.get(INDEX, {"program": program.pk}).context["program"] == program


def test_the_page_costs_the_same_however_many_there_are(
    program: Program, other_program: Program, admin: User, browser: Client, django_assert_num_queries: Any
) -> None:
    ProgramAdmin.objects.create(program=other_program, person=admin)
    fill(program, 2)
    fill(other_program, 1)
    assert keys(browser, program) == KEYS
    with django_assert_num_queries(60, exact=False) as few:
        browser.get(INDEX, {"program": program.pk})
    third = Program.objects.create(name="Third", slug="third", starts_on=program.starts_on)
    ProgramAdmin.objects.create(program=third, person=admin)
    fill(third, 3)
    fill(program, 9, "b")
    with django_assert_num_queries(len(few)):
        browser.get(INDEX, {"program": program.pk})


# --- The navigation


def test_the_navigation_has_sections_and_no_empty_one(
    program: Program, browser: Client, superuser: User
) -> None:
    for client in (browser, signed_in(superuser)):
        found = client.get(INDEX).context["available_apps"]
        names = [section["app_label"] for section in found]
        assert names == [group.value for group in Group if group.value in names]
        assert all(section["models"] for section in found)
        listed = [line["admin_url"] for section in found for line in section["models"]]
        assert len(listed) == len(set(listed))


def test_every_list_says_in_which_section_it_stands() -> None:
    lacking = [model for model, page in django_admin.site._registry.items() if not hasattr(page, "group")]
    assert lacking == []


def test_the_pages_of_apps_lead_to_the_first_page(browser: Client, program: Program) -> None:
    for label in ("mentoring", "accounts", "reflections", "mail"):
        assert browser.get(f"/admin/{label}/")["Location"] == INDEX
    assert browser.get("/admin/elsewhere/").status_code == 404
