"""Requests in the admin: who asked whom and how it stands; their words only while those who run it look at them."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.models import PairingRequest, Program
from tests.conftest import NOW, signed_in

pytestmark = pytest.mark.django_db
NOTE = "bittern-why-you-of-all-people"
QUESTION, REPLY = "avocet-what-have-you-tried", "plover-two-things"
LIST = "admin:mentoring_pairingrequest_changelist"


@pytest.fixture
def checking(program: Program) -> Program:
    program.matched_by = Program.MatchedBy.MENTEES
    program.requests_are_checked = True
    program.save()
    return program


def ask(program: Program, mentor: User, mentee: User) -> PairingRequest:
    return actions.ask_mentor(program, mentor, by=mentee, note=NOTE, now=NOW)


def page(person: User, request: PairingRequest) -> str:
    path = reverse("admin:mentoring_pairingrequest_change", args=[request.pk])
    return signed_in(person).get(path).content.decode()


def act(person: User, request: PairingRequest, action: str, **data: Any) -> str:
    values = {"action": action, "_selected_action": [request.pk], **data}
    return signed_in(person).post(reverse(LIST), values, follow=True).content.decode()


def test_what_waits_shows_its_note_and_can_be_passed_on_after_a_question(
    checking: Program, mentor: User, mentee: User, admin: User
) -> None:
    request = ask(checking, mentor, mentee)
    said = page(admin, request)
    assert NOTE in said
    assert 'value="pass_on"' in said
    asked = act(admin, request, "pass_on")
    assert "Tomasz Zielinski asks Noor Haddad" in asked
    assert NOTE not in asked
    request.refresh_from_db()
    assert request.state == "checked"
    assert "1 request: done." in act(admin, request, "pass_on", confirmed="yes")
    request.refresh_from_db()
    assert request.state == "asked"
    said = page(admin, request)
    assert NOTE not in said
    assert 'value="pass_on"' not in said


def test_declining_tells_the_mentee(checking: Program, mentor: User, mentee: User, admin: User) -> None:
    request = ask(checking, mentor, mentee)
    act(admin, request, "keep_back", confirmed="yes")
    request.refresh_from_db()
    assert (request.state, request.because) == ("declined", "organizers")
    assert Message.objects.get().person == mentee
    assert NOTE not in page(admin, request)


def test_a_note_that_was_written_before_anybody_said_so_is_never_shown(
    checking: Program, mentor: User, mentee: User, admin: User, superuser: User
) -> None:
    request = ask(checking, mentor, mentee)
    PairingRequest.objects.update(is_read_by_admins=False)
    for person in (admin, superuser):
        assert NOTE not in page(person, request)


def test_a_note_is_not_shown_once_the_program_looks_at_requests_no_more(
    checking: Program, mentor: User, mentee: User, admin: User
) -> None:
    request = ask(checking, mentor, mentee)
    Program.objects.update(requests_are_checked=False)
    assert NOTE not in page(admin, request)


def test_what_the_two_say_is_in_no_list_file_or_history(
    checking: Program, mentor: User, mentee: User, admin: User, superuser: User
) -> None:
    Program.objects.update(requests_are_checked=False)
    checking.refresh_from_db()
    request = ask(checking, mentor, mentee)
    actions.ask_back(request, by=mentor, question=QUESTION, now=NOW)
    actions.reply(request, by=mentee, reply=REPLY, now=NOW)
    history = reverse("admin:mentoring_pairingrequest_history", args=[request.pk])
    export = reverse("admin:mentoring_pairingrequest_export")
    for person in (admin, superuser):
        client = signed_in(person)
        file = b"".join(client.post(export, {"format": "csv", "rows": ""}).streaming_content)  # type: ignore[attr-defined]
        assert b"Tomasz Zielinski" in file
        found = [client.get(path).content for path in (reverse(LIST), history, export)]
        found += [file, page(person, request).encode()]
        for words in (NOTE, QUESTION, REPLY):
            assert not any(words.encode() in one for one in found)
    assert not LogEntry.objects.filter(object_repr__contains=NOTE).exists()


def test_an_admin_of_another_program_finds_nothing(
    checking: Program, mentor: User, mentee: User, other_admin: User
) -> None:
    request = ask(checking, mentor, mentee)
    path = reverse("admin:mentoring_pairingrequest_change", args=[request.pk])
    assert signed_in(other_admin).get(path).status_code == 404
    act(other_admin, request, "pass_on", confirmed="yes")
    request.refresh_from_db()
    assert request.state == "checked"


def test_what_nobody_declined_is_not_called_declined(
    checking: Program, mentor: User, mentee: User, admin: User
) -> None:
    request = ask(checking, mentor, mentee)
    browser, rows = signed_in(admin), PairingRequest.objects.filter(pk=request.pk)
    for because, said in (
        ("room", "Ended: no room"),
        ("away", "Ended: away"),
        ("organizers", "Not passed on"),
        ("", "Declined"),
    ):
        rows.update(state="declined", because=because, closed_at=NOW)
        export = browser.post(reverse("admin:mentoring_pairingrequest_export"), {"format": "csv", "rows": ""})
        assert said in b"".join(export.streaming_content).decode()  # type: ignore[attr-defined]
        assert f">{said}<" in browser.get(reverse(LIST)).content.decode()
        assert f">{said}<" in page(admin, request)
        found = browser.get(reverse(LIST), {"state": "declined"}).context["cl"].result_count
        ended = browser.get(reverse(LIST), {"state": "ended"}).context["cl"].result_count
        assert (found, ended) == ((0, 1) if because else (1, 0))


def test_what_waits_for_us_can_be_asked_for(
    checking: Program, mentor: User, mentee: User, admin: User
) -> None:
    ask(checking, mentor, mentee)
    client = signed_in(admin)
    assert "Tomasz Zielinski" in client.get(reverse(LIST), {"state": "checked"}).content.decode()
    assert "Tomasz Zielinski" not in client.get(reverse(LIST), {"state": "asked"}).content.decode()


def test_the_list_takes_the_same_number_of_queries(
    checking: Program,
    mentor: User,
    mentee: User,
    member: User,
    admin: User,
    django_assert_max_num_queries: Any,
) -> None:
    for person in (mentee, member):
        ask(checking, mentor, person)
    client = signed_in(admin)
    client.get(reverse(LIST))
    with django_assert_max_num_queries(14):
        client.get(reverse(LIST))
