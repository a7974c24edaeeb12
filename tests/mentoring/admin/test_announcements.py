"""Writing to people from the admin: forms that say what is wrong, pages that only look, buttons that do it once."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.mail.models import Message, Stopped
from accounts.models import User
from mentoring import actions, announcing
from mentoring.announcement_emails import ANNOUNCEMENT
from mentoring.models import Addressee, Announcement, Enrollment, Holiday, Pairing, Program
from tests.conftest import NOW, TODAY, enroll, make_person, signed_in

pytestmark = pytest.mark.django_db
ADD = "/admin/mentoring/announcement/add/"
WORDS = {"subject": "We meet in May", "body": "Dear {first_name},\n\ncome along."}


@pytest.fixture(autouse=True)
def _then() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def page(row: Announcement, name: str) -> str:
    args = [row.pk]
    return reverse(f"admin:mentoring_announcement_{name}", args=args)


def add(client: Client, to: Program, query: str = "", **said: object) -> Any:
    sent = {"program": to.pk, "segment": "everybody", "when": "now", **WORDS, **said}
    return client.post(ADD + query, {name: value for name, value in sent.items() if value is not None})


def draft(program: Program, admin: User, **said: object) -> Announcement:
    answer = add(signed_in(admin), program, **said)
    assert answer.status_code == 302, answer.context["errors"]
    return Announcement.objects.latest("pk")


def test_a_draft_is_kept_and_nobody_has_it(program: Program, mentor: User, admin: User) -> None:
    row = draft(program, admin, segment="mentors", subject="  We meet\tin May ")
    assert (row.state, row.author, row.segment, row.subject) == ("draft", admin, "mentors", "We meet in May")
    assert not Message.objects.exists()
    assert LogEntry.objects.filter(user=admin, object_id=str(row.pk)).exists()


@pytest.mark.parametrize(
    ("said", "field", "why"),
    [
        ({"body": "Dear {firstname},"}, "body", "There is no variable {firstname}."),
        ({"subject": "To {all"}, "subject", "A brace stands alone."),
        ({"subject": ""}, "subject", "required"),
        ({"body": "x" * 5001}, "body", "at most 5000"),
        ({"segment": "pair"}, "segment", "Select a valid choice"),
        ({"segment": "mentors_unpaired", "body": "Greet {partner}"}, "body", "Nobody in this group has a partner"),
        ({"when": "later"}, "send_on", "Choose a day."),
        ({"when": "later", "send_on": "2026-06-25"}, "send_at", "Choose an hour."),
        ({"when": "later", "send_on": "2026-06-22", "send_at": "09:00"}, "send_on", "from today on"),
        ({"when": "later", "send_on": "2026-12-25", "send_at": "09:00"}, "send_on", "from today on"),
        ({"when": "later", "send_on": "2026-06-23", "send_at": "09:00"}, "send_at", "has gone by"),
        ({"when": "later", "send_on": "2026-06-26", "send_at": "09:00"}, "send_on", "holiday"),
        ({"when": "later", "send_on": "2026-06-25", "send_at": "03:00"}, "send_at", "valid choice"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_field_and_the_words_stay(
    program: Program, admin: User, said: dict[str, object], field: str, why: str
) -> None:
    day = TODAY + timedelta(days=3)
    Holiday.objects.create(program=program, name="Fair", starts_on=day, ends_on=day)
    answer = add(signed_in(admin), program, **said)
    assert answer.status_code == 200
    assert why in str(answer.context["adminform"].form.errors[field])
    assert "come along" in answer.content.decode() or "body" in said
    assert not Announcement.objects.exists()


def test_an_address_may_choose_the_group(program: Program, admin: User) -> None:
    shown = signed_in(admin).get(f"{ADD}?segment=mentors_unpaired").content.decode()
    assert '<option value="mentors_unpaired" selected>' in shown
    assert f'<option value="{program.pk}" selected>' in shown


def test_to_the_two_of_a_pair_from_their_page(
    program: Program, pairing: Pairing, admin: User, other_admin: User
) -> None:
    client = signed_in(admin)
    link = f"{ADD}?pairing={pairing.pk}"
    assert link in client.get(f"/admin/mentoring/pairing/{pairing.pk}/change/").content.decode()
    assert "Noor Haddad and Tomasz Zielinski" in client.get(link).content.decode()
    add(client, program, f"?pairing={pairing.pk}", program=None, segment=None)
    row = Announcement.objects.get()
    assert (row.segment, row.pairing, row.program) == ("pair", pairing, program)
    assert {reader.first_name for reader in announcing.look(row, NOW).readers} == {"Noor", "Tomasz"}
    for wrong in (f"?pairing={pairing.pk}", "?pairing=0", "?pairing=x", "?pairing=" + "9" * 30):
        assert signed_in(other_admin).get(ADD + wrong).status_code == 404


@pytest.mark.parametrize("of", ["enrollment", "pairing"])
def test_to_those_who_are_ticked_in_a_list(program: Program, pairing: Pairing, admin: User, of: str) -> None:
    rows = Enrollment.objects.filter(program=program) if of == "enrollment" else [pairing]
    answer = signed_in(admin).post(
        f"/admin/mentoring/{of}/", {"action": "write_to", "_selected_action": [row.pk for row in rows]}
    )
    row = Announcement.objects.get()
    assert answer.headers["Location"] == f"/admin/mentoring/announcement/{row.pk}/change/"
    assert (row.state, row.segment) == ("draft", "chosen")
    assert {reader.first_name for reader in announcing.look(row, NOW).readers} == {"Noor", "Tomasz"}
    changed = signed_in(admin).post(answer.headers["Location"], {"when": "now", **WORDS})
    assert changed.status_code == 302
    row.refresh_from_db()
    assert (row.segment, row.subject) == ("chosen", "We meet in May")


def test_ticking_only_looks_until_it_is_sent(program: Program, mentor: User, admin: User) -> None:
    row = draft(program, admin)
    client = signed_in(admin)
    for name in ("preview", "people", "send", "change"):
        assert client.get(page(row, name)).status_code == 200
    assert not Message.objects.exists()
    row.refresh_from_db()
    assert row.state == "draft"


def test_the_preview_is_for_a_real_person_and_only_for_one_who_gets_it(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    row = draft(program, admin, segment="mentors")
    client = signed_in(admin)
    assert "Dear Noor," in client.get(page(row, "preview"), {"person": mentor.pk}).content.decode()
    assert client.get(page(row, "preview"), {"person": mentee.pk}).status_code == 404
    html = client.get(page(row, "preview_html"), {"person": mentor.pk})
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert "Dear Noor," in html.content.decode()
    assert client.get(page(row, "preview_html"), {"person": mentee.pk}).status_code == 404


def test_the_dry_run_names_readers_and_nobodys_wishes(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    Stopped.objects.create(person=mentor, stream=announcing.STREAM)
    Enrollment.objects.filter(person=member).update(status="paused")
    shown = signed_in(admin).get(page(draft(program, admin), "people"))
    text = shown.content.decode()
    assert [name for name, _at, _key in shown.context["rows"]] == ["Noor Haddad", "Tomasz Zielinski"]
    assert "Europe/Warsaw" in text
    assert shown.context["ways"] == {}
    assert shown.context["audience"].left_out == {str(announcing.PAUSING): ["Ines Duarte"]}


def test_a_long_dry_run_has_pages_and_as_many_questions(
    program: Program, admin: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        enroll(program, make_person(f"p{number:02}@harbor.example", f"P{number:02} Q"), "mentee")
    row, client = draft(program, admin), signed_in(admin)
    client.get(page(row, "people"))
    with django_assert_max_num_queries(16):
        shown = client.get(page(row, "people"), {"page": 2})
    assert len(shown.context["rows"]) == 10
    assert shown.context["ways"] == {"now": 60}


def test_how_many_have_it_by_e_mail_is_rounded_down_and_told_of_no_list_that_was_chosen(
    program: Program, admin: User
) -> None:
    people = [make_person(f"p{number:02}@harbor.example", f"P{number:02} Q") for number in range(13)]
    places = [enroll(program, person, "mentee") for person in people]
    for person in people[:6]:
        Stopped.objects.create(person=person, stream=announcing.STREAM)
    client = signed_in(admin)
    shown = client.get(page(draft(program, admin), "people"))
    assert shown.context["ways"] == {"now": 5, "page": 5}
    assert "rounded down" in shown.content.decode()
    for some in (places, places[6:]):
        row = actions.write_to(some, by=admin, now=NOW)
        shown = client.get(page(row, "people"))
        assert shown.context["ways"] == {}
        assert "By e-mail at their hour" not in shown.content.decode()


def test_what_did_not_go_at_its_hour_is_said_on_its_page_and_among_todays_needs(
    program: Program, mentor: User, admin: User, superuser: User
) -> None:
    client = signed_in(superuser)
    row = draft(program, admin, when="later", send_on="2026-06-25", send_at="09:00")
    actions.send_announcement(row, by=admin, now=NOW)
    assert "It goes in the name of Rosa Lind" in client.get(page(row, "change")).content.decode()
    program.admins.all().delete()  # type: ignore[attr-defined]
    said, need = "Whoever wrote it does not run the program any more", "Announcements that did not go out"
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        client = signed_in(superuser)
        assert need not in client.get("/admin/").content.decode()
        assert actions.plan_announcements(NOW + timedelta(days=2)) == 0
        assert said in client.get(page(row, "change")).content.decode()
        today = client.get("/admin/").content.decode()
        assert need in today
        assert said in today


def test_sending_asks_first_and_goes_once(program: Program, mentor: User, mentee: User, admin: User) -> None:
    row, client = draft(program, admin), signed_in(admin)
    asked = client.get(page(row, "send"))
    assert asked.context["first_names"] == ["Noor", "Tomasz"]
    assert admin.email in asked.content.decode()
    seen = {"seen": asked.context["seen"]}
    client.post(page(row, "send"), seen)
    client.post(page(row, "send"), seen)
    assert Message.objects.of(ANNOUNCEMENT).count() == 2
    shown = client.get(page(row, "change"))
    assert shown.context["numbered"] == 2
    assert [number for _words, number in shown.context["outcomes"]] == [2]
    assert f"?announcement={row.pk}" in shown.content.decode()


def test_what_has_changed_since_it_was_looked_at_is_shown_again(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    row, client = draft(program, admin), signed_in(admin)
    seen = {"seen": client.get(page(row, "send")).context["seen"]}
    enroll(program, make_person("new@harbor.example", "Newcomer N"), "mentee")
    again = client.post(page(row, "send"), seen)
    assert again.status_code == 200
    assert "Newcomer" in again.context["first_names"]
    assert not Message.objects.exists()


def test_beside_the_button_stands_who_had_another_lately(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    client = signed_in(admin)
    for number in (None, 2):
        row = draft(program, admin)
        asked = client.get(page(row, "send"))
        assert asked.context["lately"] == (number or 0)
        client.post(page(row, "send"), {"seen": asked.context["seen"]})


def test_a_later_one_is_changed_and_stopped_and_copied(program: Program, mentor: User, admin: User) -> None:
    row = draft(program, admin, when="later", send_on="2026-06-25", send_at="09:00")
    client = signed_in(admin)
    client.post(page(row, "send"), {"seen": client.get(page(row, "send")).context["seen"]})
    row.refresh_from_db()
    assert row.state == "scheduled"
    client.post(
        page(row, "change"), {**WORDS, "subject": "In June", "send_on": "2026-06-26", "send_at": "10:00"}
    )
    row.refresh_from_db()
    assert (row.state, row.subject, str(row.send_on), str(row.send_at)) == (
        "scheduled", "In June", "2026-06-26", "10:00:00",
    )  # fmt: skip
    stop = {"action": "stop", "_selected_action": row.pk}
    assert client.post("/admin/mentoring/announcement/", stop).status_code == 200
    row.refresh_from_db()
    assert row.state == "scheduled"
    client.post("/admin/mentoring/announcement/", {**stop, "confirmed": "yes"})
    row.refresh_from_db()
    assert row.state == "stopped"
    client.post(page(row, "copy"))
    made = Announcement.objects.latest("pk")
    assert (made.state, made.subject) == ("draft", "In June")
    # What is over is read, and neither changed nor deleted.
    assert client.post(page(row, "change"), WORDS).status_code == 403
    assert client.post(page(row, "delete"), {"post": "yes"}).status_code == 403
    assert client.post(page(made, "delete"), {"post": "yes"}).status_code == 302


def test_a_test_goes_to_oneself(program: Program, mentor: User, admin: User) -> None:
    row = draft(program, admin)
    signed_in(admin).post(page(row, "test"))
    assert [message.person_id for message in Message.objects.all()] == [admin.pk]


def test_the_list_of_e_mails_shows_those_of_one_announcement_of_ones_own(
    program: Program, mentor: User, mentee: User, admin: User, other_admin: User
) -> None:
    row, client = draft(program, admin, segment="mentors"), signed_in(admin)
    client.post(page(row, "send"), {"seen": client.get(page(row, "send")).context["seen"]})
    for query, number in ((row.pk, 1), (row.pk + 1, 0), ("x", 0), ("9" * 30, 0)):
        shown = client.get("/admin/mail/message/", {"announcement": query})
        assert shown.context["cl"].result_count == number
    theirs = signed_in(other_admin).get("/admin/mail/message/", {"announcement": row.pk})
    assert theirs.context["cl"].result_count == 0


def test_the_list_asks_as_often_for_many_as_for_few(
    program: Program, pairing: Pairing, admin: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        Announcement.objects.create(
            program=program, author=admin, segment="pair", pairing=pairing, subject=f"Number {number}"
        )
    client = signed_in(admin)
    client.get("/admin/mentoring/announcement/")
    with django_assert_max_num_queries(16):
        assert client.get("/admin/mentoring/announcement/").status_code == 200


def test_the_list_counts_each_ones_people_and_nothing_else_does(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    client = signed_in(admin)
    for segment in ("everybody", "mentors"):
        row = draft(program, admin, segment=segment)
        client.post(page(row, "send"), {"seen": client.get(page(row, "send")).context["seen"]})
    with CaptureQueriesContext(connection) as asked:
        shown = client.get("/admin/mentoring/announcement/")
    assert {one.segment: one.people for one in shown.context["cl"].result_list} == {
        "everybody": 2,
        "mentors": 1,
    }
    table = Addressee._meta.db_table
    assert not [one for one in asked.captured_queries if f'JOIN "{table}"' in one["sql"]]
    with CaptureQueriesContext(connection) as asked:
        client.get(page(row, "preview"))
    assert not [one for one in asked.captured_queries if table in one["sql"]]
