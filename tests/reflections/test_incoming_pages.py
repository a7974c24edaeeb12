"""The page of what came in by e-mail: was this you, put it back, end all links."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.mail.models import MailLink
from accounts.models import User
from mentoring.models import Enrollment
from reflections.models import Answer, IncomingMail, Moment, Reflection, Round
from tests.conftest import signed_in
from tests.reflections.mailing import LINE, MAILBOX, OURS, address_of, asked, comes, confirmed, mail, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "pairing")]
ALIAS = "tz-at-home@home.example"


@pytest.fixture(autouse=True)
def _inbound(settings: Settings) -> None:
    settings.INBOUND_AUTHSERV_ID = OURS
    settings.INBOUND_ADDRESS = MAILBOX


def page(client: Client, **query: str) -> str:
    reply = client.get(reverse("incoming:list"), query)
    assert reply.status_code == 200
    assert "no-store" in reply["Cache-Control"]
    return reply.content.decode()


def act(client: Client, name: str, row: IncomingMail) -> str:
    reply = client.post(reverse(f"incoming:{name}", args=[row.pk]), follow=True)
    assert reply.redirect_chain == [(reverse("incoming:list"), 302)]
    return reply.content.decode()


def test_what_is_held_is_said_at_home_and_asked_about(mentee: User, quarter_round: Round) -> None:
    client = signed_in(mentee)
    assert "may be from you" not in client.get(reverse("home")).content.decode()
    comes(mail(ALIAS), asked(mentee, quarter_round))

    assert "An e-mail came in that may be from you." in client.get(reverse("home")).content.decode()
    shown = page(client)
    assert "Was this you?" in shown
    assert LINE in shown
    assert ALIAS in shown
    assert "it comes from another address than yours" in shown
    assert client.get(reverse("incoming:accept", args=[IncomingMail.objects.get().pk])).status_code == 405
    assert not Answer.objects.exists()


def test_a_yes_makes_it_an_answer_and_a_no_deletes_it(mentee: User, quarter_round: Round) -> None:
    client, address = signed_in(mentee), asked(mentee, quarter_round)
    comes(mail(ALIAS), address)
    comes(mail("x@evil.example", "Buy something.", Message_ID="<2@x.example>"), address)
    mine, theirs = IncomingMail.objects.order_by("pk")

    assert "It stands in your draft now." in act(client, "accept", mine)
    assert "Deleted. Nobody is told." in act(client, "refuse", theirs)
    assert Answer.objects.get().text == LINE
    assert "Nothing waits for you." in page(client)
    assert "That has been decided already" in act(client, "accept", theirs)
    assert Answer.objects.get().text == LINE


def test_what_was_held_for_keeping_becomes_a_moment(mentee: User) -> None:
    confirmed(mentee)
    comes(mail(ALIAS), address_of(sent(mentee, "pairing_made", 1)))

    assert "a moment in your notebook now" in act(signed_in(mentee), "accept", IncomingMail.objects.get())
    assert Moment.objects.get().text == LINE


def test_what_was_left_out_is_shown_and_put_back(mentee: User, quarter_round: Round) -> None:
    client = signed_in(mentee)
    comes(mail(mentee.email, f"{LINE}\n\n-- \nTomasz, who sings"), asked(mentee, quarter_round))
    question = client.get(reverse("reflections:question", args=[quarter_round.pk, "M1"])).content.decode()

    assert "something was left out of it" in question
    assert "Tomasz, who sings" in page(client)
    row = IncomingMail.objects.get()
    assert "It stands in your draft now." in act(client, "put_back", row)
    assert Answer.objects.get().text.endswith("Tomasz, who sings")
    assert "It has been put back already" in act(client, "put_back", row)
    question = client.get(reverse("reflections:question", args=[quarter_round.pk, "M1"])).content.decode()
    assert "something was left out of it" not in question


def test_words_that_look_like_a_page_do_nothing_there(mentee: User, quarter_round: Round) -> None:
    comes(mail("<script>@evil.example", "<b>bold</b>\n<script>x()</script>"), asked(mentee, quarter_round))
    shown = page(signed_in(mentee))

    assert "<script>x()" not in shown
    assert "&lt;b&gt;bold" in shown


def test_somebody_elses_mail_is_not_there(mentee: User, mentor: User, quarter_round: Round) -> None:
    comes(mail(ALIAS), asked(mentee, quarter_round))
    client, row = signed_in(mentor), IncomingMail.objects.get()

    assert LINE not in page(client)
    for name in ("accept", "refuse", "put_back"):
        assert client.post(reverse(f"incoming:{name}", args=[row.pk])).status_code == 404
    assert IncomingMail.objects.get().state == "held"


def test_all_links_can_be_ended(mentee: User, quarter_round: Round) -> None:
    client, address = signed_in(mentee), asked(mentee, quarter_round)
    MailLink.objects.issue(mentee.pk, "stop", now=MailLink.objects.get().created_at)
    assert client.get(reverse("incoming:cancel")).status_code == 405
    assert "End them all" in page(client)
    reply = client.post(reverse("incoming:cancel"), follow=True).content.decode()

    assert "link in our e-mails has ended" in reply
    assert "There is none now." in page(client)
    assert MailLink.objects.filter(revoked_at=None).get().purpose == "stop"
    assert comes(mail(mentee.email), address) == "held until its person has seen it"


def test_the_page_asks_the_database_as_often_for_many_as_for_few(
    mentee: User, quarter_round: Round, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, address = signed_in(mentee), asked(mentee, quarter_round)
    for number in range(2):
        comes(mail(ALIAS, Message_ID=f"<{number}@x.example>"), address)
    comes(mail(mentee.email, f"{LINE}\n\n-- \nT", Message_ID="<t@x.example>"), address)
    page(client)
    with CaptureQueriesContext(connection) as few:
        page(client)
    for number in range(2, 12):
        comes(mail(ALIAS, Message_ID=f"<{number}@x.example>"), address)
        comes(mail(mentee.email, f"{LINE}\n\n-- \nT", Message_ID=f"<t{number}@x.example>"), address)
    with django_assert_max_num_queries(len(few)):
        page(client)


def test_an_admin_sees_that_something_is_held_and_neither_what_nor_whose(
    mentee: User, admin: User, superuser: User, quarter_round: Round
) -> None:
    comes(mail(ALIAS), asked(mentee, quarter_round))
    seen = signed_in(superuser).get(reverse("admin:index")).content.decode()

    assert "One e-mail came in that waits until its person has said whether it was them." in seen
    assert mentee.name not in seen
    assert LINE not in seen
    assert "came in that waits" not in signed_in(admin).get(reverse("admin:index")).content.decode()


def test_a_yes_from_whoever_has_left_begins_nothing_in_the_program(
    mentee: User, quarter_round: Round
) -> None:
    address = asked(mentee, quarter_round)
    comes(mail(ALIAS), address)
    Enrollment.objects.filter(person=mentee).update(status="withdrawn")

    assert "a moment in your notebook now" in act(signed_in(mentee), "accept", IncomingMail.objects.get())
    assert not Reflection.objects.exists()
    assert (Moment.objects.get().text, Moment.objects.get().audience) == (LINE, "me")
