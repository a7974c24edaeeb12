"""The page on which pairs are told: chosen, written to, looked at, and only then told."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.mail.models import MailLink, Message
from accounts.models import User
from mentoring import actions
from mentoring.admin.publishing_letters import would_get
from mentoring.models import Enrollment, MatchingRun, Pairing, Program, ProposedPair, Publication
from tests.conftest import NOW, TODAY, enroll, make_person, signed_in
from tests.mentoring.publishing.test_publishing import publish
from tests.mentoring.test_emails import body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser(admin: User) -> Client:
    return signed_in(admin)


def url(run: MatchingRun, name: str = "publish") -> str:
    return reverse(f"admin:mentoring_matchingrun_{name}", args=[run.pk])


def form(**fields: object) -> dict[str, object]:
    return {
        "stage": "form",
        "which": "all",
        "starts_on": TODAY.isoformat(),
        "approval": "both",
        "to_mentors": "For mentors: {name} and {other}.",
        "to_mentees": "For mentees: {name} and {other}.",
        "do": "preview",
        **fields,
    }


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found is not None
    return found[1]


def post(browser: Client, run: MatchingRun, **fields: object) -> str:
    response = browser.post(url(run), form(**fields))
    assert response.status_code == 200
    return response.content.decode()


def confirmed(browser: Client, run: MatchingRun, **fields: object) -> str:
    """Looked at and told; the page that comes after."""
    page = post(browser, run, **fields)
    sent = form(**fields) | {"stage": "preview", "do": "publish", "seen": seen(page)}
    return browser.post(url(run), sent, follow=True).content.decode()


def test_the_form_has_what_the_program_has_and_words_for_each_role(
    browser: Client, run: MatchingRun, program: Program
) -> None:
    Program.objects.filter(pk=program.pk).update(approval="mentee")
    page = browser.get(url(run)).content.decode()
    assert re.search(r'name="approval" value="mentee"[^>]* checked', page)
    assert 'value="2026-06-23"' in page
    assert "think that you could be good company for {other}" in page
    assert "think that {other} could be good company" in page
    assert "All 2 that nobody has been told of" in page
    assert not Pairing.objects.exists()


def test_what_everybody_would_get_is_shown_and_nothing_is_done(browser: Client, run: MatchingRun) -> None:
    links = MailLink.objects.count()
    page = post(browser, run)
    assert "2 pairs can be told." in page
    assert "Nobody has been told yet." in page
    assert page.count("is asked now") == 4
    assert "would you like to be paired with" in page
    assert "For mentors: Noor and" in page
    assert "For mentees:" in page
    assert "/pairings/answer/…" in page
    assert not Pairing.objects.exists()
    assert not Publication.objects.exists()
    assert not Message.objects.exists()
    assert MailLink.objects.count() == links


def test_after_the_second_button_they_are_told_and_it_is_written_down(
    browser: Client, run: MatchingRun, admin: User
) -> None:
    page = confirmed(browser, run)
    assert "2 pairs are told." in page
    assert Pairing.objects.filter(status="proposed").count() == 2
    publication = Publication.objects.get()
    assert publication.created_by == admin
    assert publication.to_mentors == "For mentors: {name} and {other}."
    assert LogEntry.objects.get().object_id == str(run.pk)
    after = browser.get(url(run)).content.decode()
    assert "Everybody in this run has been told" in after
    assert "Rosa Lind: 2 pairs" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", after)).replace(" ,", ",")


def test_some_of_them_can_be_chosen(
    browser: Client, run: MatchingRun, proposed: ProposedPair, mentee: User
) -> None:
    page = browser.get(f"{url(run)}?pair={proposed.pk}&pair=nonsense&pair=99999999").content.decode()
    assert page.count(" checked") == 3  # Which, who says yes, and the pair.
    confirmed(browser, run, which="chosen", pair=[proposed.pk])
    assert [pairing.mentee for pairing in Pairing.objects.all()] == [mentee]
    assert run.pairs.draft().count() == 1


def test_choosing_none_is_an_error_beside_the_field(browser: Client, run: MatchingRun) -> None:
    page = post(browser, run, which="chosen")
    assert "Tick at least one pair, or take all." in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"to_mentors": "Dear {nmae}"}, "There is no variable {nmae}."),
        ({"to_mentees": "Dear {name"}, "A brace stands alone."),
        ({"starts_on": "2020-01-01"}, "The first day must lie within the program."),
        ({"starts_on": "nonsense"}, "Enter a valid date."),
        ({"approval": "nonsense"}, "nonsense is not one of the available choices."),
        ({"to_mentors": "x" * 4001}, "4000 characters"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    browser: Client, run: MatchingRun, wrong: dict[str, str], said: str
) -> None:
    typed = {"to_mentors": "Words that stay.", "to_mentees": "These, too."} | wrong
    page = post(browser, run, **typed, do="publish")
    assert said in page
    for name in ("to_mentors", "to_mentees"):
        assert typed[name][:50] in page
    assert not Pairing.objects.exists()


def test_going_back_keeps_what_was_typed(browser: Client, run: MatchingRun, proposed: ProposedPair) -> None:
    page = post(
        browser, run, stage="preview", do="back", which="chosen", approval="mentor", pair=[proposed.pk]
    )
    assert "For mentors: {name} and {other}." in page
    assert re.search(r'name="approval" value="mentor"[^>]* checked', page)
    assert re.search(rf'value="{proposed.pk}" id="pair-{proposed.pk}" checked', page)


def test_what_cannot_be_is_said_before_and_after(browser: Client, run: MatchingRun, mentor: User) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=1)
    page = post(browser, run)
    assert "One pair can be told." in page
    assert "One cannot, and stays as it is." in page
    assert "Noor has no room for another mentee now." in page
    after = confirmed(browser, run)
    assert "1 pair is told." in after
    assert "Noor has no room for another mentee now." in after
    assert Pairing.objects.count() == 1


def test_pairs_that_changed_since_they_were_looked_at_are_shown_again(
    browser: Client, run: MatchingRun, proposed: ProposedPair, program: Program
) -> None:
    looked_at = seen(post(browser, run))
    other = make_person("ada@harbor.example", "Ada Berg")
    enroll(program, other, "mentor")
    ProposedPair.objects.filter(pk=proposed.pk).update(mentor=other)
    page = post(browser, run, stage="preview", do="publish", seen=looked_at)
    assert "The pairs have changed since you looked." in page
    assert "Ada Berg" in page
    assert not Pairing.objects.exists()


def test_a_second_press_of_the_button_tells_nobody_twice(browser: Client, run: MatchingRun) -> None:
    sent = form(stage="preview", do="publish", seen=seen(post(browser, run)))
    for _press in range(2):
        browser.post(url(run), sent)
    assert Pairing.objects.count() == 2
    assert Publication.objects.count() == 1


@pytest.mark.parametrize(
    ("approval", "mentor_gets", "mentee_gets"),
    [
        ("mentor", "would you like to be paired", "Goes out once the other one has said yes."),
        ("mentee", "Goes out once the other one has said yes.", "would you like to be paired"),
        ("admins", "you are paired with", "you are paired with"),
    ],
)
def test_the_e_mails_are_those_that_would_go_out(
    browser: Client, run: MatchingRun, approval: str, mentor_gets: str, mentee_gets: str
) -> None:
    page = post(browser, run, approval=approval)
    articles = re.findall(r"<article.*?</article>", page, flags=re.S)
    assert len(articles) == 2
    assert mentor_gets in articles[0]
    assert "For mentors:" in articles[0]
    assert mentee_gets in articles[1]
    assert "For mentees:" in articles[1]
    assert not Message.objects.exists()


def test_the_preview_says_what_the_e_mail_says(
    browser: Client, run: MatchingRun, proposed: ProposedPair, mentor: User
) -> None:
    said = {"approval": "both", "starts_on": TODAY, "to_mentors": "Dear {name}", "to_mentees": ""}
    admin = User.objects.get(email="rosa@harbor.example")
    shown = would_get(run, proposed, said, by=admin, now=NOW)[0]
    actions.publish(run, [proposed], by=admin, now=NOW, **said)  # type: ignore[arg-type]
    subject, text, _html = body(Message.objects.get(person=mentor))
    links = re.compile(r"(/pairings/|/mail/stop/)\S*")
    assert shown.subject == subject
    assert links.sub(r"\1", shown.text) == links.sub(r"\1", text)


def test_the_e_mails_of_another_pair_can_be_looked_at(browser: Client, run: MatchingRun) -> None:
    for pair in run.pairs.with_people():
        page = post(browser, run, stage="preview", shown=pair.pk)
        assert f"To {pair.mentee} (Mentee)" in page


@pytest.mark.parametrize("state", ["making", "failed", "left"])
def test_of_a_run_that_is_not_there_to_be_told_the_page_says_so(
    browser: Client, run: MatchingRun, state: str
) -> None:
    MatchingRun.objects.filter(pk=run.pk).update(state=state, finished_at=None if state == "making" else NOW)
    assert 'name="to_mentors"' not in browser.get(url(run)).content.decode()
    browser.post(url(run), form(do="publish", stage="preview"))
    assert not Pairing.objects.exists()


@pytest.mark.parametrize(
    ("status", "said"), [("draft", "is a draft"), ("paused", "is paused"), ("closed", "closed")]
)
def test_of_a_program_that_rests_the_page_says_what_that_means(
    browser: Client, run: MatchingRun, program: Program, status: str, said: str
) -> None:
    Program.objects.filter(pk=program.pk).update(status=status)
    assert f"This program {said}" in browser.get(url(run)).content.decode().replace("is closed", "closed")


def many(program: Program, number: int) -> MatchingRun:
    run = MatchingRun.objects.create(program=program, state="made", finished_at=NOW)
    for each in range(number):
        two = [
            make_person(f"{role.lower()}{each}-{run.pk}@harbor.example", f"{role} {each}")
            for role in ("Mentor", "Mentee")
        ]
        enroll(program, two[0], "mentor")
        enroll(program, two[1], "mentee")
        ProposedPair.objects.create(run=run, mentor=two[0], mentee=two[1], fit=1)
    return run


def test_a_long_list_is_turned_page_by_page_and_keeps_what_is_ticked(
    browser: Client, program: Program
) -> None:
    run = many(program, 60)
    pks = list(run.pairs.order_by("pk").values_list("pk", flat=True))
    page = post(browser, run, do="", turn="2", at="1", which="chosen", pair=pks[:3])
    assert "Mentor 59" in page
    assert "Mentor 3<" not in page
    assert "3 pairs are ticked on other pages." in page
    # What is kept from the other page, and one of this one.
    page = post(browser, run, at="2", which="chosen", pair=[*pks[:3], pks[55]])
    assert "4 pairs can be told." in page
    page = post(browser, run, stage="preview", turn="2", do="")
    assert "60 pairs can be told." in page
    assert "Mentor 59" in page


@pytest.mark.parametrize("do", ["get", "preview", "publish"])
def test_each_page_takes_as_many_queries_for_many_pairs_as_for_few(
    browser: Client, program: Program, do: str
) -> None:
    counts = []
    for number in (3, 60):
        run = many(program, number)
        sent = form(stage="preview", do=do, seen=seen(post(browser, run)))
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get(url(run)) if do == "get" else browser.post(url(run), sent)
        assert answer.status_code == (302 if do == "publish" else 200)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] < 90


def test_what_was_told_is_listed_with_what_has_become_of_it(
    browser: Client, run: MatchingRun, drafts: list[ProposedPair], admin: User, mentor: User
) -> None:
    assert "Nobody has been told of this run." in browser.get(url(run, "publications")).content.decode()
    publish(run, drafts, admin, approval="mentor", to_mentees="Words to mentees.")
    first, second = Pairing.objects.order_by("pk")
    actions.accept_pairing(first, by=mentor, now=NOW)
    actions.decline_pairing(second, by=mentor, now=NOW)
    page = browser.get(url(run, "publications")).content.decode()
    assert "Pairs by now: 1. Still asked: 0. Came to nothing: 1." in page
    assert "Words to mentees." in page
    assert "The standing words, in each one’s own language." in page


def test_only_those_who_run_the_program_find_these_pages(
    run: MatchingRun, other_admin: User, mentor: User
) -> None:
    for person in (other_admin, mentor):
        for name in ("publish", "publications"):
            assert signed_in(person).get(url(run, name)).status_code == 404
        assert signed_in(person).post(url(run), form(do="publish")).status_code == 404
    assert not Pairing.objects.exists()


def test_the_first_day_is_not_before_the_program(browser: Client, run: MatchingRun, program: Program) -> None:
    later = TODAY + timedelta(days=30)
    Program.objects.filter(pk=program.pk).update(starts_on=later)
    assert f'value="{later.isoformat()}"' in browser.get(url(run)).content.decode()
