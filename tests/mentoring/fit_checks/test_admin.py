"""The admin's pages: the re-match queue, and pairs that are ruled out."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import ask_due_fit_checks
from mentoring.models import Enrollment, FitCheck, Pairing, Program, RuledOut
from tests.conftest import NOW, enroll, make_person, pair, signed_in

from .conftest import CANARY, DAY, meet

LIST = "/admin/mentoring/fitcheck/"
RULED_OUT = "/admin/mentoring/ruledout/"
NO_ROWS = 'class="no-rows"'


@pytest.fixture(autouse=True)
def _on_that_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def no_fit(check: FitCheck, mentee: User) -> FitCheck:
    actions.answer_fit_check(check, by=mentee, answer="not_a_fit", learned=CANARY, now=NOW)
    check.refresh_from_db()
    return check


def page(person: User, url: str) -> str:
    response = signed_in(person).get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def act(person: User, action: str, *checks: FitCheck, confirmed: bool = True) -> str:
    data: dict[str, object] = {"action": action, "_selected_action": [check.pk for check in checks]}
    if confirmed:
        data["confirmed"] = "yes"
    response = signed_in(person).post(LIST, data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


# --- Fit checks


def test_nobody_is_named_for_silence(met: Pairing, admin: User, superuser: User) -> None:
    ask_due_fit_checks(NOW)
    for check in FitCheck.objects.all():
        for person in (admin, superuser):
            assert signed_in(person).get(f"{LIST}{check.pk}/change/").status_code == 404
    for person in (admin, superuser):
        assert NO_ROWS in page(person, LIST)
        mails = signed_in(person).get("/admin/mail/message/").context["cl"].result_list
        assert not [message for message in mails if message.kind == "fit_check"]


def test_an_e_mail_that_did_not_arrive_is_listed_to_its_own_admin(
    met: Pairing, admin: User, other_admin: User
) -> None:
    ask_due_fit_checks(NOW)
    Message.objects.filter(kind="fit_check").update(state="failed", last_error="550 no such box")
    for person, number in ((admin, 2), (other_admin, 0)):
        mails = signed_in(person).get("/admin/mail/message/").context["cl"].result_list
        assert len([message for message in mails if message.kind == "fit_check"]) == number


def test_a_page_is_called_by_whom_it_is_and_one_pair_is_spoken_of_as_one(
    no_fit: FitCheck, admin: User
) -> None:
    said = page(admin, f"{LIST}{no_fit.pk}/change/")
    assert "Tomasz on Noor and Tomasz" in said
    assert f"Fit check #{no_fit.pk}" not in said
    said = act(admin, "end_for_another", no_fit, confirmed=False)
    assert "End this pairing and look anew" in said
    assert "These are" not in act(admin, "see_to", no_fit, confirmed=False)


def test_what_was_written_is_on_the_page_of_its_own_row_only(
    no_fit: FitCheck, admin: User, superuser: User
) -> None:
    for person in (admin, superuser):
        assert CANARY in page(person, f"{LIST}{no_fit.pk}/change/")
        for url in (LIST, f"{LIST}?q=Tomasz", f"{LIST}{no_fit.pk}/history/", f"{LIST}export/", "/admin/"):
            assert CANARY not in page(person, url)
        assert NO_ROWS in page(person, f"{LIST}?q={CANARY}")


def test_the_list_names_the_pair_who_said_it_and_what(no_fit: FitCheck, admin: User) -> None:
    row = page(admin, LIST)
    for words in ("Noor Haddad and Tomasz Zielinski", "Not a fit", "To be re-matched"):
        assert words in row
    assert re.search(r'<td [^>]*class="field-who">Tomasz Zielinski</td>', row)


def test_the_queue_stands_first_and_can_be_seen_alone(
    no_fit: FitCheck, program: Program, mentor: User, member: User, admin: User
) -> None:
    later = FitCheck.objects.create(
        pairing=pair(program, mentor, member), person=member, answer="good", answered_at=NOW + DAY
    )

    def listed(query: str) -> list[FitCheck]:
        return list(signed_in(admin).get(LIST + query).context["cl"].result_list)

    assert listed("") == [no_fit, later]
    assert listed("?rematch=waits") == [no_fit]
    assert listed("?rematch=settled") == []
    assert listed("?answer__exact=good") == [later]
    actions.settle_fit_check(no_fit, by=admin, now=NOW)
    assert listed("?rematch=waits") == []
    assert listed("?rematch=settled") == [no_fit]
    assert listed("?rematch=nonsense") == []


def test_ending_asks_first_and_then_ends_and_looks_for_somebody_new(no_fit: FitCheck, admin: User) -> None:
    asked = act(admin, "end_for_another", no_fit, confirmed=False)
    assert "Noor Haddad and Tomasz Zielinski (Harbor Mentors)" in asked
    assert "neither sees a reason" in asked
    assert CANARY not in asked
    no_fit.refresh_from_db()
    assert no_fit.settled_at is None
    assert "1 answer is seen to." in act(admin, "end_for_another", no_fit)
    no_fit.refresh_from_db()
    assert no_fit.settled_at == NOW
    assert no_fit.pairing.status == "ended"
    entry = LogEntry.objects.get(user=admin)
    assert entry.object_repr == f"Fit check #{no_fit.pk}"
    assert "Tomasz" not in entry.change_message


def test_both_who_said_so_are_seen_to_by_one_press(no_fit: FitCheck, mentor: User, admin: User) -> None:
    theirs = FitCheck.objects.create(
        pairing=no_fit.pairing, person=mentor, answer="not_a_fit", answered_at=NOW
    )
    said = act(admin, "end_for_another", no_fit, theirs)
    assert "seen to already" not in said
    assert not FitCheck.objects.to_rematch().exists()


def test_an_answer_that_is_not_in_the_queue_is_left_and_that_is_said(no_fit: FitCheck, admin: User) -> None:
    FitCheck.objects.update(answer="good")
    for action in ("end_for_another", "see_to"):
        assert "Somebody has seen to it already" in act(admin, action, no_fit)
    no_fit.pairing.refresh_from_db()
    assert no_fit.pairing.status == "active"


def test_the_page_of_a_row_has_the_two_buttons_while_it_waits(no_fit: FitCheck, admin: User) -> None:
    url = f"{LIST}{no_fit.pk}/change/"
    assert 'value="end_for_another"' in page(admin, url)
    assert 'value="see_to"' in page(admin, url)
    assert "1 answer is seen to." in act(admin, "see_to", no_fit)
    after = page(admin, url)
    assert 'value="see_to"' not in after
    assert "Seen to" in after


def test_others_do_nothing_there(no_fit: FitCheck, other_admin: User, mentor: User) -> None:
    assert NO_ROWS in act(other_admin, "end_for_another", no_fit)
    assert signed_in(mentor).post(LIST, {"action": "see_to"}).status_code == 404
    no_fit.refresh_from_db()
    assert no_fit.settled_at is None


# --- Ruled out


def rule_out(person: User, program: Program, one: User, other: User) -> str:
    data = {"program": program.pk, "mentor": one.pk, "mentee": other.pk}
    response = signed_in(person).post(f"{RULED_OUT}add/", data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_two_are_ruled_out_and_let_again(program: Program, mentor: User, mentee: User, admin: User) -> None:
    rule_out(admin, program, mentor, mentee)
    row = RuledOut.objects.get()
    assert (row.because, row.created_by, row.program) == ("admins", admin, program)
    assert "Said by those who run the program" in page(admin, RULED_OUT)
    assert "These two are ruled out already." in rule_out(admin, program, mentee, mentor)
    signed_in(admin).post(f"{RULED_OUT}{row.pk}/delete/", {"post": "yes"})
    assert not RuledOut.objects.exists()


def test_somebody_is_chosen_from_ones_own_programs_alone(
    program: Program, other_program: Program, mentor: User, mentee: User, admin: User
) -> None:
    stranger = make_person("mara@hill.example", "Mara Olsen")
    enroll(other_program, stranger, "mentee")
    assert "Select a valid choice" in rule_out(admin, program, mentor, stranger)
    assert "Select a valid choice" in rule_out(admin, other_program, mentor, mentee)
    enroll(program, stranger, "mentee", status="invited", joined_on=None)
    assert "Select a valid choice" in rule_out(admin, program, mentor, stranger)
    assert not RuledOut.objects.exists()
    plain = page(admin, f"{RULED_OUT}add/?plain=1")
    assert "Tomasz Zielinski" in plain
    assert "Mara Olsen" not in plain
    url = reverse("admin:autocomplete")
    query = {"app_label": "mentoring", "model_name": "ruledout", "field_name": "mentee", "term": "a"}
    found = signed_in(admin).get(url, query).json()["results"]
    assert {row["id"] for row in found} == {str(mentor.pk), str(mentee.pk)}


def test_what_two_found_themselves_is_listed_without_who_said_it_and_stays(
    no_fit: FitCheck, admin: User, superuser: User
) -> None:
    row = RuledOut.objects.get()
    for person in (admin, superuser):
        said = page(person, f"{RULED_OUT}{row.pk}/change/")
        assert "The two were no fit" in said
        assert CANARY not in said
        # Both are named, and neither more often than the other.
        assert said.count("Noor Haddad") == said.count("Tomasz Zielinski")
        assert signed_in(person).post(f"{RULED_OUT}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert RuledOut.objects.exists()


def test_what_was_found_in_another_program_is_not_listed_here(
    no_fit: FitCheck, other_program: Program, other_admin: User, mentor: User, mentee: User
) -> None:
    for person in (mentor, mentee):
        enroll(other_program, person, Enrollment.Role.BOTH)
    assert NO_ROWS in page(other_admin, RULED_OUT)


def test_whoever_takes_part_meets_often_and_is_in_the_queue_once(
    met: Pairing, mentee: User, admin: User
) -> None:
    for days in (3, 9, 12):
        meet(met, NOW - days * DAY)
    ask_due_fit_checks(NOW)
    check = FitCheck.objects.get(person=mentee)
    actions.answer_fit_check(check, by=mentee, answer="not_a_fit", now=NOW)
    assert "1 fit check" in page(admin, f"{LIST}?rematch=waits")
