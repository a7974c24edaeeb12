"""Invitations in the admin: many people at once, a link to hand on, and what a program admin may not learn by them."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import Guest
from mentoring.models import Enrollment, Invitation, Program
from tests.conftest import NOW, signed_in

from .test_scope import url

WEEK = timedelta(days=7)
ADD, LIST = url(Invitation, "add"), url(Invitation, "changelist")


@pytest.fixture(autouse=True)
def _then() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser(admin: User) -> Client:
    return signed_in(admin)


def by_mail(program: Program, people: str, **more: object) -> dict[str, object]:
    return {"program": program.pk, "role": "mentee", "people": people, "lives": "7"} | more


def by_link(program: Program, **more: object) -> dict[str, object]:
    return {"program": program.pk, "role": "mentor", "most_uses": "", "lives": "30"} | more


def test_many_are_invited_at_once(browser: Client, program: Program, outsider: User) -> None:
    people = f"Petra Novak <petra@new.example>\n{outsider.email}\nquin@new.example\nPETRA@new.example"
    response = browser.post(ADD, by_mail(program, people), follow=True)
    assert "3 people are invited." in response.content.decode()
    assert Invitation.objects.count() == Message.objects.filter(kind="invitation").count() == 3
    assert LogEntry.objects.filter(content_type__model="invitation").count() == 3
    assert {each.expires_at for each in Invitation.objects.all()} == {NOW + WEEK}


def test_the_form_shows_how_a_line_is_written(browser: Client) -> None:
    assert "Noor Haddad &lt;noor@example.org&gt;" in browser.get(ADD).content.decode()


def test_one_more_can_be_made_at_once(browser: Client, program: Program) -> None:
    response = browser.post(f"{ADD}?by=link", by_link(program) | {"_addanother": "1"})
    assert response.url == f"{ADD}?by=link"  # type: ignore[attr-defined]


def test_each_bad_line_is_named_nobody_is_invited_and_what_was_typed_stays(
    browser: Client, program: Program, mentor: User
) -> None:
    people = "petra@new.example\nnobody at all\nquin@new.example\n<>"
    page = browser.post(ADD, by_mail(program, people)).content.decode()
    assert "Line 2: Write one address here" in page
    assert "Line 4: Write one address here" in page
    assert "nobody at all" in page
    page = browser.post(ADD, by_mail(program, f"petra@new.example\n\n{mentor.email}")).content.decode()
    assert "Line 3: noor@harbor.example has a place in this program already." in page
    many = "\n".join(f"p{number}@new.example" for number in range(201))
    page = browser.post(ADD, by_mail(program, many)).content.decode()
    assert "These are 201 people. Invite 200 at most at one time." in page
    assert not Invitation.objects.exists()
    assert not User.objects.filter(email__endswith="@new.example").exists()


def test_who_is_in_another_program_only_is_not_named(
    browser: Client, program: Program, other_program: Program, outsider: User
) -> None:
    Enrollment.objects.create(program=other_program, person=outsider, role="mentor", joined_on=NOW.date())
    assert browser.post(ADD, by_mail(program, outsider.email)).status_code == 302
    assert Invitation.objects.get().person == outsider


def test_whoever_is_only_invited_is_known_by_the_address_that_was_written_down(
    browser: Client, program: Program, outsider: User
) -> None:
    """Otherwise the name in a list would tell whether somebody is here, and what they are called."""
    browser.post(ADD, by_mail(program, outsider.email))
    place, invitation = Enrollment.objects.get(person=outsider), Invitation.objects.get()
    message = Message.objects.get()
    pages = [
        url(Enrollment, "changelist"), url(Enrollment, "change", place.pk), url(Enrollment, "history", place.pk),
        url(Enrollment, "delete", place.pk), LIST, url(Invitation, "change", invitation.pk),
        url(Invitation, "history", invitation.pk), url(Message, "changelist"),
        url(Message, "change", message.pk), reverse("admin:index"),
    ]  # fmt: skip
    for page in pages:
        assert "Otto" not in browser.get(page).content.decode(), page
    for model in (Enrollment, Invitation, Message):
        words = "Berg"  # Of the name that the account has; nobody wrote it down here.
        assert not browser.get(url(model, "changelist"), {"q": words}).context["cl"].result_list
        assert browser.get(url(model, "changelist"), {"q": outsider.email}).context["cl"].result_list
    assert outsider not in browser.get(url(User, "changelist")).context["cl"].result_list
    assert browser.get(url(User, "change", outsider.pk)).status_code == 404
    actions.join_by_invitation(invitation, outsider, now=NOW)
    assert "Otto Berg" in browser.get(url(Enrollment, "changelist")).content.decode()
    assert browser.get(url(User, "change", outsider.pk)).status_code == 200


def test_a_link_is_shown_to_those_who_run_its_program_and_again_later(
    browser: Client, program: Program, other_admin: User
) -> None:
    response = browser.post(f"{ADD}?by=link", by_link(program, most_uses="2"), follow=True)
    link = Invitation.objects.get()
    assert (link.person, link.most_uses, link.expires_at) == (None, 2, NOW + timedelta(days=30))
    assert f"/join/{link.token}/" in response.content.decode()
    page = url(Invitation, "change", link.pk)
    assert f"/join/{link.token}/" in browser.get(page).content.decode()
    assert link.token not in browser.get(LIST).content.decode()
    assert signed_in(other_admin).get(page).status_code == 404
    actions.revoke_invitation(link, by=User.objects.get(email="rosa@harbor.example"), now=NOW)
    assert link.token not in browser.get(page).content.decode()


def test_the_link_in_somebodys_e_mail_is_shown_to_nobody_else(
    browser: Client, program: Program, superuser: User
) -> None:
    browser.post(ADD, by_mail(program, "petra@new.example"))
    invitation = Invitation.objects.get()
    for client in (browser, signed_in(superuser)):
        for page in ("change", "history"):
            text = client.get(url(Invitation, page, invitation.pk)).content.decode()
            assert invitation.token not in text
            assert "/join/" not in text


def test_the_list_says_how_each_stands_and_finds_them_by_it(
    browser: Client, program: Program, admin: User, outsider: User, member: User
) -> None:
    def invite(email: str, **more: object) -> Invitation:
        given = {"by": admin, "now": NOW, "lives": WEEK} | more
        return actions.invite_by_email(program, "mentee", [Guest(email)], **given)[0]  # type: ignore[arg-type]

    invite("open@new.example")
    invite("late@new.example", now=NOW - 2 * WEEK)
    actions.decline_invitation(invite("no@new.example"), now=NOW)
    actions.revoke_invitation(invite("back@new.example"), by=admin, now=NOW)
    actions.join_by_invitation(invite(outsider.email), outsider, now=NOW)
    Enrollment.objects.filter(person=member).delete()
    one = actions.invite_by_link(program, "mentor", by=admin, now=NOW, lives=WEEK, most_uses=1)
    actions.join_by_invitation(one, member, now=NOW)
    many = actions.invite_by_link(program, "mentor", by=admin, now=NOW, lives=WEEK)
    assert many.state(NOW) == Invitation.State.OPEN
    expected = {
        "open": {"open@new.example", None}, "expired": {"late@new.example"}, "declined": {"no@new.example"},
        "revoked": {"back@new.example"}, "accepted": {outsider.email}, "used": {None}, "nonsense": set(),
    }  # fmt: skip
    for state, people in expected.items():
        found = browser.get(LIST, {"state": state}).context["cl"].result_list
        assert {each.person and each.person.email for each in found} == people, state
        assert all(each.state(NOW) == state for each in found)
    page = browser.get(LIST).content.decode()
    for words in ("open", "expired", "declined", "taken back", "accepted", "used up", "whoever has the link"):
        assert words in page


def test_the_list_asks_the_database_as_much_for_forty_as_for_one(
    browser: Client, program: Program, admin: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    guests = [Guest(f"p{number}@new.example") for number in range(40)]
    actions.invite_by_email(program, "mentee", guests, by=admin, now=NOW, lives=WEEK)
    actions.invite_by_link(program, "mentor", by=admin, now=NOW, lives=WEEK)
    with django_assert_max_num_queries(12):
        assert len(browser.get(LIST).context["cl"].result_list) == 41


def test_taking_back_and_reminding_ask_first(browser: Client, program: Program, admin: User) -> None:
    guests = [Guest("petra@new.example"), Guest("quin@new.example")]
    invitations = actions.invite_by_email(
        program, "mentee", guests, by=admin, now=NOW - timedelta(days=4), lives=WEEK
    )
    chosen = {"_selected_action": [each.pk for each in invitations]}
    for action in ("remind", "revoke"):
        page = browser.post(LIST, chosen | {"action": action}).content.decode()
        assert "petra@new.example (Harbor Mentors, Mentee, open)" in page
        assert not Invitation.objects.filter(revoked_at__isnull=False).exists()
        assert not Message.objects.filter(kind="invitation_reminder").exists()
    browser.post(LIST, chosen | {"action": "remind", "confirmed": "yes"})
    assert Message.objects.filter(kind="invitation_reminder").count() == 2
    again = browser.post(LIST, chosen | {"action": "remind", "confirmed": "yes"}, follow=True)
    assert "within the last three days" in again.content.decode()
    done = browser.post(LIST, chosen | {"action": "revoke", "confirmed": "yes"}, follow=True)
    assert "2 invitations: done." in done.content.decode()
    assert Invitation.objects.filter(revoked_at=NOW).count() == 2


def test_nothing_is_done_to_another_programs_invitations(
    browser: Client, other_program: Program, other_admin: User, program: Program
) -> None:
    link = actions.invite_by_link(other_program, "mentor", by=other_admin, now=NOW, lives=WEEK)
    browser.post(LIST, {"action": "revoke", "_selected_action": [link.pk], "confirmed": "yes"})
    link.refresh_from_db()
    assert link.revoked_at is None
    for form, query in (
        (by_mail(other_program, "petra@new.example"), ""),
        (by_link(other_program), "?by=link"),
    ):
        assert "program" in browser.post(ADD + query, form).context["adminform"].form.errors
    assert Invitation.objects.count() == 1


def test_a_place_that_an_invitation_holds_open_is_not_ended_by_hand(
    browser: Client, program: Program, admin: User
) -> None:
    """Otherwise it would look ended, and the link would let its person in."""
    guests = [Guest("petra@new.example")]
    (invitation,) = actions.invite_by_email(program, "mentee", guests, by=admin, now=NOW, lives=WEEK)
    place = Enrollment.objects.get(person__email="petra@new.example")
    for action in ("withdraw", "decline", "complete"):
        form = {"action": action, "_selected_action": [place.pk], "confirmed": "yes"}
        browser.post(url(Enrollment, "changelist"), form)
    assert browser.post(url(Enrollment, "delete", place.pk), {"post": "yes"}).status_code == 403
    place.refresh_from_db()
    assert place.status == "invited"
    # Whoever has come in by another door is reminded of nothing.
    Enrollment.objects.filter(pk=place.pk).update(status="active", joined_on="2026-06-23")
    with pytest.raises(actions.Refused, match="over already"):
        actions.remind_of_invitation(invitation, by=admin, now=NOW + timedelta(days=4))
    assert actions.remind_the_silent(NOW + timedelta(days=5)) == 0
