"""E-mail, moments, notes of thanks, swaps and the keepsake book while Redis is away: pages answer, and nothing that is
owed is lost, since the next tick looks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from celery import Celery
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError
from pytest_django.fixtures import Settings

from accounts.mail.models import MailLink, Message, Stopped
from accounts.models import User
from mentoring.models import Pairing
from reflections.models import Keepsake, Moment, Reflection, Round, SharedText, Swap, Thanks
from tests.accounts.conftest import lately_seen
from tests.conftest import NOW, TODAY, signed_in

pytestmark = pytest.mark.usefixtures("now", "_without_redis")
Committing = Callable[..., Any]


@pytest.fixture
def _without_redis(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither counts nor doorbells: nobody answers at that port."""
    settings.CACHES = {
        "default": {"BACKEND": "accounts.cache.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1/7"}
    }

    def away(*_args: object, **_options: object) -> None:
        raise OperationalError("nobody answers")

    monkeypatch.setattr(Celery, "send_task", away)


def test_every_page_of_them_answers(mentor: User, pairing: Pairing, quarter_round: Round) -> None:
    Moment.objects.create(person=mentor, text="Kept.", happened_on=TODAY)
    client = signed_in(mentor)
    for name in (
        "home", "moments:list", "moments:new", "moments:days", "moments:search", "story:index", "story:year", "wall",
        "named:list", "thanks:index", "thanks:received", "keepsake:book",
    ):  # fmt: skip
        assert client.get(reverse(name)).status_code == 200, name
    swap = reverse("reflections:swap", args=[pairing.pk, quarter_round.pk])
    assert client.get(swap).status_code == 200


def test_the_pages_of_e_mail_answer_and_do_what_they_say(
    mentor: User, pairing: Pairing, quarter_round: Round, admin: User
) -> None:
    """Those behind links, too: without the counts of tries they let in whoever has the token."""
    message = Message.objects.create(
        person=mentor, kind="ask", subject_id=quarter_round.pk, due_at=NOW, next_attempt_at=NOW,
        expires_at=NOW + timedelta(days=7), message_id="ask@test",
    )  # fmt: skip
    token = {
        purpose: MailLink.objects.issue(mentor.pk, purpose, now=NOW, message_id=message.pk)
        for purpose in (MailLink.Purpose.NUDGE, MailLink.Purpose.STOP)
    }
    client, stranger = signed_in(mentor), Client(enforce_csrf_checks=True)
    for name in ("accounts:settings", "accounts:mail", "incoming:list"):
        assert client.get(reverse(name)).status_code == 200, name
    for name in ("not_now", "another_time"):
        url = reverse(f"reflections:{name}", args=[token[MailLink.Purpose.NUDGE]])
        assert stranger.get(url).status_code == 200, name
        assert stranger.get(reverse(f"reflections:{name}", args=["a" * 32])).status_code == 404, name
    declines = reverse("reflections:not_now", args=[token[MailLink.Purpose.NUDGE]])
    assert Client().post(declines).status_code == 302
    assert Reflection.objects.get(person=mentor).status == Reflection.Status.DECLINED
    stop = reverse("mail:stop", args=[token[MailLink.Purpose.STOP]])
    assert stranger.get(stop).status_code == 200
    assert stranger.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Stopped.objects.names_of(mentor.pk) == {"reflections"}
    assert client.post(reverse("mail:try_again"), follow=True).status_code == 200
    desk = signed_in(admin)
    for name in ("mail_message", "reflections_round"):
        assert desk.get(reverse(f"admin:{name}_changelist")).status_code == 200, name


def test_a_moment_is_kept_and_one_that_was_shared_signed_out_waits(
    mentor: User, django_capture_on_commit_callbacks: Committing
) -> None:
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("moments:share"), {"text": "From the phone."})
        assert SharedText.objects.count() == 1
        client.force_login(mentor)
        assert "From the phone." in client.get(reverse("moments:new")).content.decode()
        client.post(reverse("moments:keep"), {"text": "From the phone.", "seen_by": "me", "shared": "1"})
    assert Moment.objects.get().text == "From the phone."


def test_a_note_of_thanks_goes_and_its_e_mail_is_owed(
    mentor: User, mentee: User, pairing: Pairing, django_capture_on_commit_callbacks: Committing
) -> None:
    client = signed_in(mentee)
    said = {"to": f"person-{mentor.pk}", "text": "You waited.", "then": "send"}
    with django_capture_on_commit_callbacks(execute=True):
        reply = client.post(reverse("thanks:begin"), said, follow=True)
    assert reply.status_code == 200
    note = Thanks.objects.get()
    if note.sent_at is None:  # Read over once more before it goes.
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("thanks:note", args=[note.pk]), said | {"version": note.saved_at.isoformat()})
        note.refresh_from_db()
    assert note.sent_at is not None
    page = signed_in(mentor).get(reverse("thanks:received_note", args=[note.pk])).content.decode()
    assert "You waited." in page


def test_a_swap_is_suggested_and_agreed_and_its_e_mail_is_owed(
    mentor: User,
    mentee: User,
    pairing: Pairing,
    quarter_round: Round,
    django_capture_on_commit_callbacks: Committing,
) -> None:
    def act(person: User, name: str) -> None:
        url = reverse(f"reflections:{name}", args=[pairing.pk, quarter_round.pk])
        with django_capture_on_commit_callbacks(execute=True):
            assert signed_in(person).post(url, {"opens_on": "2026-06-30"}, follow=True).status_code == 200

    act(mentor, "swap_suggest")
    assert Message.objects.filter(person=mentee).exists()
    act(mentee, "swap_agree")
    assert Swap.objects.get().agreed_at is not None


def test_a_keepsake_book_is_asked_for_and_waits_for_the_tick(
    mentor: User, django_capture_on_commit_callbacks: Committing
) -> None:
    Moment.objects.create(person=mentor, text="Kept.", happened_on=TODAY)
    chosen = {"parts": ["moments"], "years": [str(TODAY.year)], "to_get": ["json"]}
    client = lately_seen(mentor, signed_in(mentor))
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(reverse("keepsake:make"), chosen, follow=True).content.decode()
    assert "It waits for its turn." in page
    assert Keepsake.objects.get().state == Keepsake.State.WANTED
