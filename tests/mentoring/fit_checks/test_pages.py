"""The page of the question: whose it is, what it says, and that the other one of the pair sees nothing of it."""

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.mydata import archive
from mentoring import actions
from mentoring.models import FitCheck, Pairing, Program, RuledOut
from tests.conftest import NOW, signed_in

from .conftest import CANARY, DAY

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|data-csrf="\w+"')


@pytest.fixture(autouse=True)
def _on_that_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def fit(pairing: Pairing) -> str:
    return reverse("pairings:fit", args=[pairing.pk])


def detail(pairing: Pairing) -> str:
    return reverse("pairings:detail", args=[pairing.pk])


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return TOKEN.sub("", response.content.decode())


def test_the_page_asks_says_who_reads_it_and_changes_nothing(check: FitCheck, mentee: User) -> None:
    page = text(signed_in(mentee), fit(check.pairing))
    assert "How is it going with Noor?" in page
    assert "Only those who run Harbor Mentors read this, never Noor." in page
    for value in FitCheck.Answer.values:
        assert f'value="{value}"' in page
    assert "What would be better in another pairing?" in page
    check.refresh_from_db()
    assert check.answer == ""


def test_there_is_no_page_without_a_question(
    check: FitCheck, mentor: User, member: User, admin: User, superuser: User, outsider: User
) -> None:
    for person in (mentor, member, admin, superuser, outsider):
        assert signed_in(person).get(fit(check.pairing)).status_code == 404
        assert signed_in(person).post(fit(check.pairing), {"answer": "good"}).status_code == 404
    check.refresh_from_db()
    assert check.answer == ""


def test_the_page_of_the_pair_leads_there(check: FitCheck, mentor: User, mentee: User) -> None:
    link = f'href="{fit(check.pairing)}"'
    assert link in text(signed_in(mentee), detail(check.pairing))
    assert link not in text(signed_in(mentor), detail(check.pairing))
    actions.answer_fit_check(check, by=mentee, answer="good", now=NOW)
    after = text(signed_in(mentee), detail(check.pairing))
    assert "You said how it is with Noor." in after
    assert link in after
    Pairing.objects.update(status="ended", ended_on=NOW.date())
    assert link not in text(signed_in(mentee), detail(check.pairing))
    assert signed_in(mentee).get(fit(check.pairing)).status_code == 404


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("good", "Nothing more is asked of you here."),
        ("finding_out", "In two weeks we ask once more."),
        ("not_a_fit", "it is nobody’s fault"),
    ],
)
def test_an_answer_is_thanked_for_with_what_comes_of_it(
    check: FitCheck, mentee: User, what: str, words: str
) -> None:
    client = signed_in(mentee)
    response = client.post(fit(check.pairing), {"answer": what, "learned": CANARY}, follow=True)
    assert response.redirect_chain == [(fit(check.pairing), 302)]
    page = response.content.decode()
    assert words in page
    assert CANARY not in page
    check.refresh_from_db()
    assert (check.answer, check.learned) == (what, CANARY if what == "not_a_fit" else "")
    assert check.answered_at == NOW


def test_the_third_time_promises_no_fourth(check: FitCheck, mentee: User) -> None:
    FitCheck.objects.update(number=3)
    client = signed_in(mentee)
    assert "You are asked again in two weeks." not in text(client, fit(check.pairing))
    page = client.post(fit(check.pairing), {"answer": "finding_out"}, follow=True).content.decode()
    assert "You are not asked again." in page


def test_it_can_be_said_otherwise_until_it_is_seen_to(check: FitCheck, mentee: User, admin: User) -> None:
    client, url = signed_in(mentee), fit(check.pairing)
    client.post(url, {"answer": "not_a_fit", "learned": CANARY})
    assert "?otherwise=1" in text(client, url)
    again = text(client, f"{url}?otherwise=1")
    assert CANARY in again
    assert re.search(r'value="not_a_fit"[^>]*checked', again)
    client.post(url, {"answer": "good"})
    check.refresh_from_db()
    assert check.answer == "good"
    client.post(url, {"answer": "not_a_fit"})
    actions.settle_fit_check(check, by=admin, now=NOW)
    assert "?otherwise=1" not in text(client, url)
    assert "<form" not in text(client, f"{url}?otherwise=1").split("<main")[1].split("</main>")[0]
    late = client.post(url, {"answer": "good"}, follow=True).content.decode()
    assert "This question is no longer open." in late
    check.refresh_from_db()
    assert check.answer == "not_a_fit"


def test_bad_input_is_said_beside_the_field_and_what_was_typed_stays(check: FitCheck, mentee: User) -> None:
    client, url = signed_in(mentee), fit(check.pairing)
    for answer in ({}, {"answer": "perfect"}):
        response = client.post(url, {**answer, "learned": CANARY})
        assert response.status_code == 200
        assert "Choose one of the three." in response.content.decode()
        assert CANARY in response.content.decode()
    long = client.post(url, {"answer": "not_a_fit", "learned": "x" * 1001})
    assert "1000" in long.content.decode()
    check.refresh_from_db()
    assert (check.answer, check.learned) == ("", "")
    client.post(url, {"answer": "good", "learned": "x" * 1001})
    check.refresh_from_db()
    assert check.answer == "good"


def test_nul_and_markup_are_words_like_any_others(check: FitCheck, mentee: User) -> None:
    client, url = signed_in(mentee), fit(check.pairing)
    assert client.post(url, {"answer": "not_a_fit", "learned": "a\0b"}).status_code == 200
    client.post(url, {"answer": "not_a_fit", "learned": "<b>later</b>"})
    assert "&lt;b&gt;later" in text(client, f"{url}?otherwise=1")


# --- The other one


def seen_by(person: User, pairing: Pairing, program: Program) -> dict[str, str]:
    """All that the site shows this person around the pairing, and the copy of their data."""
    client = signed_in(person)
    other = pairing.partner_of(person)
    pages = {
        url: text(client, url)
        for url in (
            "/",
            reverse("pairings:list"),
            detail(pairing),
            reverse("programs:detail", args=[program.pk]),
            reverse("accounts:data"),
            reverse("privacy"),
        )
    }
    profile = client.get(
        reverse("people:detail", args=[other.pk])
    )  # Theirs to see while the pairing goes on.
    pages["profile"] = TOKEN.sub("", profile.content.decode())
    assert client.get(fit(pairing)).status_code == 404
    return pages | copy_of(person)


def copy_of(person: User) -> dict[str, str]:
    zipped = io.BytesIO()
    archive.write(person, zipped, now=NOW)
    with zipfile.ZipFile(zipped) as found:
        return {name: found.read(name).decode() for name in ("data.json", "index.html")}


@pytest.mark.parametrize("asked_too", [False, True])
def test_the_other_one_sees_the_same_before_and_after(
    check: FitCheck, program: Program, mentor: User, mentee: User, admin: User, asked_too: bool
) -> None:
    before = seen_by(mentor, check.pairing, program)
    client = signed_in(mentee)
    client.post(fit(check.pairing), {"answer": "not_a_fit", "learned": CANARY})
    assert RuledOut.objects.exists()
    assert seen_by(mentor, check.pairing, program) == before
    if asked_too:
        actions.settle_fit_check(check, by=admin, now=NOW + DAY)
    else:
        client.post(fit(check.pairing), {"answer": "good"})
    assert seen_by(mentor, check.pairing, program) == before


def test_once_the_pairing_has_ended_nothing_says_why(
    check: FitCheck, program: Program, mentor: User, mentee: User, admin: User
) -> None:
    """As if somebody had ended it for any other reason."""
    actions.answer_fit_check(check, by=mentee, answer="not_a_fit", learned=CANARY, now=NOW)
    actions.end_as_no_fit(check, by=admin, now=NOW)
    told = seen_by(mentor, check.pairing, program)
    FitCheck.objects.all().delete()
    RuledOut.objects.all().delete()
    assert seen_by(mentor, check.pairing, program) == told
    assert not any(CANARY in page for page in told.values())


def test_whoever_said_it_takes_it_along_and_nobody_else(check: FitCheck, mentor: User, mentee: User) -> None:
    actions.answer_fit_check(check, by=mentee, answer="not_a_fit", learned=CANARY, now=NOW)
    assert CANARY in copy_of(mentee)["data.json"]
    theirs = copy_of(mentor)
    assert CANARY not in theirs["data.json"]
    assert '"mentoring.ruledout": [\n]' in theirs["data.json"]
    assert '"mentoring.fitcheck": [\n]' in theirs["data.json"]


def test_what_was_learned_goes_with_the_words_of_the_program(check: FitCheck, mentee: User) -> None:
    from mentoring.mydata_matching import clear_words

    actions.answer_fit_check(check, by=mentee, answer="not_a_fit", learned=CANARY, now=NOW)
    clear_words(mentee, check.pairing.program)
    check.refresh_from_db()
    assert (check.answer, check.learned) == ("not_a_fit", "")


def test_a_page_in_german_is_in_german(check: FitCheck, mentee: User) -> None:
    User.objects.filter(pk=mentee.pk).update(language="de")
    mentee.refresh_from_db()
    page = text(signed_in(mentee), fit(check.pairing))
    assert "How is it" not in page
    assert "Noor" in page
