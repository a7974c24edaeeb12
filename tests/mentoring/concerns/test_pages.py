"""The pages of what is told in confidence."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring import actions
from mentoring.models import Concern, ConcernReading, Pairing, Program
from tests.conftest import NOW, make_person, signed_in

from .conftest import EMAIL, REPLY, WORDS, tell


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def url(name: str, pk: int) -> str:
    return reverse(f"concerns:{name}", args=[pk])


def test_each_pairs_page_has_the_button_whatever_was_told(
    concern: Concern, pairing: Pairing, mentor: User, mentee: User
) -> None:
    for person in (mentor, mentee):
        page = signed_in(person).get(reverse("pairings:detail", args=[pairing.pk]))
        assert reverse("pairings:concern", args=[pairing.pk]) in page.content.decode()
        assert WORDS not in page.content.decode()


def test_the_page_says_who_hears_it_before_anything_is_written(
    ilse: User, pairing: Pairing, mentee: User, django_assert_max_num_queries: Any
) -> None:
    browser = signed_in(mentee)
    with django_assert_max_num_queries(12):
        page = browser.get(reverse("pairings:concern", args=[pairing.pk])).content.decode()
    assert "Ilse Brandt" in page
    assert EMAIL in page
    assert "Noor is not told that you said anything" in page
    assert not Concern.objects.exists()


def test_the_page_has_one_name(ilse: User, pairing: Pairing, mentee: User) -> None:
    text = signed_in(mentee).get(reverse("pairings:concern", args=[pairing.pk])).content.decode()
    assert "<h1>When something is not right</h1>" in text
    assert "<title>When something is not right" in text


def test_telling_leads_to_a_receipt(ilse: User, pairing: Pairing, mentee: User) -> None:
    browser = signed_in(mentee)
    there = reverse("pairings:concern", args=[pairing.pk])
    page = browser.post(there, {"contact": f"named:{EMAIL}", "text": WORDS}, follow=True)
    concern = Concern.objects.get()
    assert page.redirect_chain == [(url("detail", concern.pk), 302)]
    html = page.content.decode()
    assert concern.receipt in html
    assert WORDS in html
    assert "not read yet" in html


def test_an_empty_page_is_not_sent_and_a_long_one_is_kept(ilse: User, pairing: Pairing, mentee: User) -> None:
    browser = signed_in(mentee)
    there = reverse("pairings:concern", args=[pairing.pk])
    page = browser.post(there, {"contact": f"named:{EMAIL}", "text": " "}).content.decode()
    assert "Write a sentence, or only that you would like to be called." in page
    long = "word " * 1700
    page = browser.post(there, {"contact": f"named:{EMAIL}", "text": long}).content.decode()
    assert "Keep it to 8000 characters" in page
    assert long.strip() in page
    assert not Concern.objects.exists()


def test_where_another_one_hears_it_by_now_nothing_is_told_and_the_words_stay(
    ilse: User, pairing: Pairing, mentee: User
) -> None:
    browser = signed_in(mentee)
    there = reverse("pairings:concern", args=[pairing.pk])
    Program.objects.update(concern_name="Hugo Stein", concern_email="hugo@else.example")
    page = browser.post(there, {"contact": f"named:{EMAIL}", "text": WORDS}).content.decode()
    assert "Somebody else hears this now." in page
    assert "Hugo Stein" in page
    assert WORDS in page
    assert not Concern.objects.exists()
    # The form has the new one in it, so sending it once more tells them.
    (key,) = re.findall(r'name="contact" value="([^"]+)"', page)
    browser.post(there, {"contact": key, "text": WORDS})
    told = Concern.objects.get().contact
    assert told is not None
    assert told.email == "hugo@else.example"


def test_of_several_one_is_chosen(
    program: Program, pairing: Pairing, mentee: User, admin: User, superuser: User
) -> None:
    other = make_person("abel@harbor.example", "Abel Ruiz")
    program.admins.create(person=other)
    browser = signed_in(mentee)
    there = reverse("pairings:concern", args=[pairing.pk])
    page = browser.get(there).content.decode()
    assert "Abel Ruiz" in page
    assert "Rosa Lind" in page
    assert "Sam Root" not in page
    page = browser.post(there, {"text": WORDS}).content.decode()
    assert "Choose who should hear it." in page
    assert WORDS in page
    browser.post(there, {"contact": f"person:{other.pk}", "text": WORDS})
    assert Concern.objects.get().contact == other


def test_where_nobody_can_hear_it_the_page_says_so(pairing: Pairing, mentee: User) -> None:
    browser = signed_in(mentee)
    there = reverse("pairings:concern", args=[pairing.pk])
    assert "Nobody can hear it here." in browser.get(there).content.decode()
    page = browser.post(there, {"contact": "person:1", "text": WORDS}).content.decode()
    assert WORDS in page
    assert not Concern.objects.exists()


def test_nobody_but_the_two_of_it_finds_its_page(
    concern: Concern, mentor: User, admin: User, superuser: User, outsider: User
) -> None:
    for person in (mentor, admin, superuser, outsider):
        browser = signed_in(person)
        assert browser.get(url("detail", concern.pk)).status_code == 404
        for name in ("read", "answer", "see_to", "take_back"):
            assert browser.post(url(name, concern.pk), {"words": "Mine"}).status_code == 404
        assert "whimbrel" not in browser.get(reverse("concerns:list")).content.decode()
    assert not ConcernReading.objects.exists()


def test_looking_shows_no_word_and_counts_nothing_and_reading_does(
    concern: Concern, ilse: User, mentee: User
) -> None:
    browser = signed_in(ilse)
    page = browser.get(url("detail", concern.pk)).content.decode()
    assert WORDS not in page
    assert "Tomasz Zielinski" in page
    assert not ConcernReading.objects.exists()
    assert browser.get(url("read", concern.pk)).status_code == 405

    page = browser.post(url("read", concern.pk)).content.decode()

    assert WORDS in page
    assert ConcernReading.objects.get().read_at == NOW
    log = signed_in(mentee).get(url("detail", concern.pk)).content.decode()
    assert "It has been read" in log
    assert "Ilse Brandt <span" in log
    assert "14:00" in log  # As the clock is in Warsaw.


def test_whatever_shows_the_words_is_written_down(concern: Concern, ilse: User) -> None:
    """Also a form that comes back because nothing was written in it."""
    page = signed_in(ilse).post(url("answer", concern.pk), {"words": " "}).content.decode()
    assert WORDS in page
    assert "Write a sentence or two." in page
    assert ConcernReading.objects.count() == 1


def test_an_answer_reaches_whoever_told_it_and_not_the_partner(
    concern: Concern, ilse: User, mentor: User, mentee: User
) -> None:
    hears, tells = signed_in(ilse), signed_in(mentee)
    hears.post(url("read", concern.pk))
    page = hears.post(url("answer", concern.pk), {"words": REPLY}, follow=True).content.decode()
    assert WORDS not in page
    assert REPLY not in page
    page = tells.get(url("detail", concern.pk)).content.decode()
    assert REPLY in page
    assert "There is an answer" in page
    hears.post(url("see_to", concern.pk))
    assert "It is seen to" in tells.get(url("detail", concern.pk)).content.decode()
    assert signed_in(mentor).get(url("detail", concern.pk)).status_code == 404


def test_taking_back_is_a_button_until_it_was_read(concern: Concern, ilse: User, mentee: User) -> None:
    browser = signed_in(mentee)
    assert url("take_back", concern.pk) in browser.get(url("detail", concern.pk)).content.decode()
    actions.read_concern(concern, by=ilse, now=NOW)
    assert url("take_back", concern.pk) not in browser.get(url("detail", concern.pk)).content.decode()
    page = browser.post(url("take_back", concern.pk), follow=True).content.decode()
    assert "It has been read, so it cannot be taken back any more." in page
    assert Concern.objects.exists()


def test_lists_hold_many_by_a_fixed_number_of_questions(
    ilse: User, pairing: Pairing, mentee: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        Concern.objects.create(
            program=pairing.program, pairing=pairing, person=mentee, contact=ilse,
            created_at=NOW - timedelta(hours=number), closed_at=NOW if number % 2 else None,
        )  # fmt: skip
    there = reverse("concerns:list")
    for person, part in ((ilse, "heard=2"), (mentee, "page=2")):
        browser = signed_in(person)
        with django_assert_max_num_queries(12):
            page = browser.get(there).content.decode()
        assert page.count('<li><span><a class="tap"') == 50
        assert part in page
        assert browser.get(f"{there}?{part}").content.decode().count('<li><span><a class="tap"') == 10
    waiting = list(Concern.objects.for_contact(ilse).waiting_first())
    assert [each.closed_at is None for each in waiting] == [True] * 30 + [False] * 30
    assert waiting[0].created_at < waiting[1].created_at


def test_a_long_log_has_pages(
    concern: Concern, ilse: User, mentee: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        actions.read_concern(concern, by=ilse, now=NOW + timedelta(minutes=number))
    browser = signed_in(mentee)
    with django_assert_max_num_queries(14):
        page = browser.get(url("detail", concern.pk)).content.decode()
    assert page.count("Ilse Brandt <span") == 50
    assert (
        browser.get(url("detail", concern.pk) + "?page=2").content.decode().count("Ilse Brandt <span") == 10
    )


def test_whoever_is_named_comes_in_by_the_address_alone(
    named: Program, pairing: Pairing, mentee: User
) -> None:
    concern = tell(pairing, mentee)
    browser = Client()
    browser.post(reverse("account_request_login_code"), {"email": EMAIL})
    (letter,) = [each for each in mail.outbox if each.to == [EMAIL]]
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", letter.body, re.MULTILINE)
    assert code, letter.body
    browser.post(reverse("account_confirm_login_code"), {"code": code[1]}, follow=True)
    assert "Tomasz Zielinski" in browser.get(reverse("concerns:list")).content.decode()
    assert WORDS in browser.post(url("read", concern.pk)).content.decode()


def test_once_whoever_heard_it_has_left_the_page_says_so(concern: Concern, ilse: User, mentee: User) -> None:
    User.objects.filter(pk=ilse.pk).update(is_active=False)
    page = signed_in(mentee).get(url("detail", concern.pk)).content.decode()
    assert "Whoever was to hear it has left since" in page
