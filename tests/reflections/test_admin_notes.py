"""What those who run a program see and do about notes of thanks, and that it is not a word of them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring.models import Pairing, Program
from reflections import actions
from reflections.models import NoteReport, OutsideStop, Thanks
from tests.conftest import NOW, signed_in

pytestmark = pytest.mark.django_db
WORDS = "ouzel-what-was-not-wanted"
REPORTS = "admin:reflections_notereport_changelist"


@pytest.fixture
def report(pairing: Pairing, mentor: User, mentee: User) -> NoteReport:
    note = actions.draft_note(mentee, text=WORDS, recipient=mentor, now=NOW)
    actions.send_here(note, by=mentee, now=NOW)
    actions.report_note(note, by=mentor, now=NOW)
    return NoteReport.objects.get()


def act(browser: Client, name: str, *reports: NoteReport, confirmed: bool = True) -> Any:
    data: dict[str, Any] = {"action": name, "_selected_action": [report.pk for report in reports]}
    return browser.post(reverse(REPORTS), data | ({"confirmed": "1"} if confirmed else {}))


def test_they_see_who_and_which_way_and_no_word(
    report: NoteReport, admin: User, other_admin: User, superuser: User
) -> None:
    for person in (admin, superuser):
        browser = signed_in(person)
        for url in (reverse(REPORTS), reverse("admin:reflections_notereport_change", args=[report.pk])):
            page = browser.get(url).content.decode()
            assert "Tomasz Zielinski" in page
            assert "should not have been sent" in page
            assert WORDS not in page
    assert "Tomasz" not in signed_in(other_admin).get(reverse(REPORTS)).content.decode()


def test_somebody_is_stopped_and_let_go_again(
    report: NoteReport, program: Program, mentee: User, admin: User
) -> None:
    browser = signed_in(admin)
    asked = act(browser, "stop_mail", report, confirmed=False).content.decode()
    assert "Notes to people here go on." in asked
    assert not OutsideStop.objects.exists()
    act(browser, "stop_mail", report)
    stop = OutsideStop.objects.get()
    assert (stop.person, stop.program, stop.created_by) == (mentee, program, admin)
    report.refresh_from_db()
    assert report.settled_at is not None
    with pytest.raises(actions.Refused):
        actions.send_by_mail(
            Thanks.objects.create(writer=mentee, text="x"),
            "a@else.example",
            by=mentee,
            program=program,
            now=NOW,
        )
    browser.post(reverse("admin:reflections_outsidestop_delete", args=[stop.pk]), {"post": "yes"})
    assert not OutsideStop.objects.exists()


def test_somebody_is_stopped_by_hand_once(
    program: Program, mentee: User, outsider: User, admin: User
) -> None:
    browser, url = signed_in(admin), reverse("admin:reflections_outsidestop_add")
    for person in (outsider, mentee):
        browser.post(url, {"program": program.pk, "person": person.pk})
    again = browser.post(url, {"program": program.pk, "person": mentee.pk})
    assert "That is stopped already." in again.content.decode()
    assert [stop.person for stop in OutsideStop.objects.all()] == [mentee]


def test_a_report_is_seen_to_by_those_of_its_program(
    report: NoteReport, admin: User, other_admin: User
) -> None:
    act(signed_in(other_admin), "see_to", report)
    report.refresh_from_db()
    assert report.settled_at is None
    act(signed_in(admin), "see_to", report)
    report.refresh_from_db()
    assert report.settled_at is not None
    waiting = signed_in(admin).get(reverse(REPORTS), {"state": "waits"}).content.decode()
    assert "Tomasz" not in waiting
