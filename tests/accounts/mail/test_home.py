"""A database that was copied from another server sends nothing until a person says what it is (threat T20, P44)."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.clock import now
from accounts.house import records
from accounts.mail import claims, home, kinds, outbox
from accounts.mail.home import As
from accounts.mail.inbound import mailbox
from accounts.mail.models import Home, MailLink, Message
from accounts.models import User
from accounts.refused import Refused
from reflections.tasks import run as tick
from tests.conftest import make_person, signed_in

from .conftest import TEA_NOTE, owed, people, settled
from .smtp_server import SmtpServer

pytestmark = pytest.mark.django_db(transaction=True)

ELSEWHERE = "7000000000000000001/16384/16400"


@pytest.fixture
def person() -> User:
    return people(1)[0]


def wake_elsewhere() -> None:
    """As a database does that was restored: it remembers where it was, and is somewhere else."""
    home.look(now())
    Home.objects.update(place=ELSEWHERE)


def the_clock_goes_round() -> None:
    records.ran({}, now())


def run(*words: str) -> str:
    out = StringIO()
    call_command("mail", *words, stdout=out)
    return out.getvalue()


def test_whoever_looks_first_notes_where_the_database_is_and_mail_goes_out(
    person: User, server: SmtpServer
) -> None:
    message = owed(person)
    outbox.send_owed()
    assert settled(message).state == "sent"
    assert Home.objects.get().place == home.here()
    assert home.here().count("/") == 2
    assert not home.here().startswith("-")


def test_a_role_that_may_not_read_the_servers_number_knows_its_database_all_the_same() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain_reader")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO plain_reader")
        cursor.execute("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC")
        try:
            cursor.execute("SET ROLE plain_reader")
            home._places.clear()
            said = home.here()
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC")
            cursor.execute("DROP OWNED BY plain_reader")
            cursor.execute("DROP ROLE plain_reader")
            home._places.clear()
    assert said == "-/" + home.here().partition("/")[2]


def test_in_a_copy_nothing_is_sent_and_nothing_is_given_up(person: User, server: SmtpServer) -> None:
    message, late = owed(person), owed(person, 2, due_at=now() - timedelta(days=9), expires_at=now())
    wake_elsewhere()
    assert not outbox.send_owed()
    assert not server.taken()
    assert (settled(message).state, settled(late).state) == ("queued", "queued")
    assert Home.objects.get().place == home.here()
    assert Home.objects.get().waits_since is not None


def test_a_sender_whose_connection_came_back_to_a_copy_claims_nothing(
    person: User, server: SmtpServer
) -> None:
    owed(person)
    wake_elsewhere()
    assert not claims.is_due(["tea_note"])
    assert claims.claim(["tea_note"]) is None


def test_a_sender_that_held_a_message_meanwhile_does_not_pass_the_fence(
    person: User, server: SmtpServer
) -> None:
    message = owed(person)
    held = claims.claim(["tea_note"])
    assert held is not None
    wake_elsewhere()
    with pytest.raises(claims.LeaseLost):
        claims.pass_fence(held, stop_token="x" * 32)
    assert settled(message).state == "claimed"


def test_sessions_and_links_of_before_are_dead_and_when_somebody_was_here_is_known_still(
    person: User, client: Client
) -> None:
    there = make_person("noor@harbor.example", "Noor Haddad")
    browser = signed_in(there)
    UserSession.objects.create(user=there, session_key=browser.session.session_key, ip="127.0.0.1")
    UserSession.objects.update(last_seen_at=now() - timedelta(days=2))
    User.objects.filter(pk=there.pk).update(last_login=now() - timedelta(days=9))
    reply = MailLink.objects.issue(there.pk, MailLink.Purpose.REPLY, now=now())
    stop = MailLink.objects.issue(there.pk, MailLink.Purpose.STOP, now=now())
    wake_elsewhere()
    home.look(now())
    assert not Session.objects.exists()
    assert not UserSession.objects.exists()
    assert MailLink.objects.find(reply, MailLink.Purpose.REPLY, now=now()) is None
    assert MailLink.objects.find(stop, MailLink.Purpose.STOP, now=now()) is not None
    there.refresh_from_db()
    assert there.last_login is not None
    assert there.last_login > now() - timedelta(days=3)


def test_what_is_made_in_a_copy_has_no_number_that_the_original_may_have_given_since() -> None:
    """By such numbers Message-IDs are made."""
    home.look(now())
    last = make_person("one@harbor.example", "One").pk
    wake_elsewhere()
    home.look(now())
    assert make_person("two@harbor.example", "Two").pk > last + home.MORE_THAN_ARE_MADE


def test_looking_again_changes_nothing_and_ends_nobodys_new_session() -> None:
    wake_elsewhere()
    first = home.look(now())
    signed_in(make_person("noor@harbor.example", "Noor Haddad"))
    assert home.look(now() + timedelta(hours=1)) == first
    assert Session.objects.count() == 1


def test_the_clock_of_a_copy_goes_round_and_mail_waits() -> None:
    wake_elsewhere()
    assert None not in tick(now()).values()
    assert Home.objects.get().waits_since is not None


def test_the_mailbox_of_the_original_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect() -> None:
        raise AssertionError("somebody connected to the mailbox")

    monkeypatch.setattr(mailbox, "_Mailbox", connect)
    wake_elsewhere()
    assert not mailbox.fetch()


# --- The release -----------------------------------------------------------------------------------------------------


def test_after_a_restore_what_was_due_waits_for_a_person_and_what_is_due_later_goes_out(
    person: User, server: SmtpServer
) -> None:
    due, later = owed(person), owed(person, 2)
    Message.objects.filter(pk=later.pk).update(
        due_at=now() + timedelta(hours=1), next_attempt_at=now() + timedelta(hours=1)
    )
    wake_elsewhere()
    home.look(now())
    the_clock_goes_round()
    assert home.release(As.RESTORED, now()) == 1
    outbox.send_owed()
    assert not server.taken()
    assert (settled(due).state, due.last_error) == ("uncertain", home.PERHAPS_BEFORE)
    assert settled(later).state == "queued"
    Message.objects.filter(pk=later.pk).update(due_at=now(), next_attempt_at=now())
    assert outbox.send_again(settled(due))
    outbox.send_owed()
    assert len(server.taken()) == 2


def test_what_a_sender_held_when_the_copy_was_made_is_perhaps_sent_too(
    person: User, server: SmtpServer
) -> None:
    message = owed(person)
    claims.claim(["tea_note"])
    wake_elsewhere()
    home.look(now())
    the_clock_goes_round()
    home.release(As.RESTORED, now())
    assert settled(message).state == "uncertain"
    assert message.lease_token is None


def test_who_knows_when_the_original_stopped_has_the_rest_sent(person: User, server: SmtpServer) -> None:
    before, after, anew = owed(person), owed(person, 2), owed(person, 3)
    moments: dict[int, datetime] = {
        before.pk: now() - timedelta(hours=3),
        after.pk: now() - timedelta(hours=1),
    }
    for pk, at in moments.items():
        Message.objects.filter(pk=pk).update(
            due_at=at, next_attempt_at=at, created_at=now() - timedelta(days=1)
        )
    wake_elsewhere()
    home.look(now())
    # What the clock here came to owe by itself, the clock of the original may have come to owe before it stopped.
    Message.objects.filter(pk=anew.pk).update(created_at=now())
    the_clock_goes_round()
    home.release(As.RESTORED, now(), stopped_at=now() - timedelta(hours=2))
    outbox.send_owed()
    states = [settled(each).state for each in (before, after, anew)]
    assert states == ["uncertain", "sent", "uncertain"]


def test_it_is_not_released_as_restored_before_the_clock_has_gone_round() -> None:
    wake_elsewhere()
    home.look(now())
    with pytest.raises(Refused, match=r"Run `manage\.py tick` first"):
        home.release(As.RESTORED, now())
    assert Home.objects.get().waits_since is not None


def test_one_that_was_moved_sends_what_it_owes(person: User, server: SmtpServer) -> None:
    message = owed(person)
    wake_elsewhere()
    home.look(now())
    run("release", "--moved")
    outbox.send_owed()
    assert settled(message).state == "sent"


def test_a_copy_for_testing_never_sends_also_on_the_same_server(person: User, server: SmtpServer) -> None:
    message = owed(person)
    run("release", "--copy")
    outbox.send_owed()
    assert settled(message).state == "queued"
    assert "copy for testing" in run("status")
    with pytest.raises(CommandError, match="--anyway"):
        run("release", "--moved")
    run("release", "--moved", "--anyway")
    outbox.send_owed()
    assert settled(message).state == "sent"


def test_where_mail_does_not_wait_there_is_nothing_to_release() -> None:
    assert "Mail goes out" in run("status")
    with pytest.raises(Refused):
        home.release(As.RESTORED, now())


@pytest.mark.parametrize(
    "words", [("--moved", "--stopped-at", "2026-01-01"), ("--restored", "--stopped-at", "2999-01-01")]
)
def test_a_moment_that_makes_no_sense_is_refused(words: tuple[str, ...], person: User) -> None:
    wake_elsewhere()
    with pytest.raises(CommandError, match="--stopped-at"):
        run("release", *words)


def test_what_the_clock_comes_to_owe_for_next_morning_is_in_doubt_too(
    person: User, server: SmtpServer
) -> None:
    wake_elsewhere()
    home.look(now())
    message = owed(person)
    tomorrow = now() + timedelta(hours=14)
    Message.objects.filter(pk=message.pk).update(due_at=tomorrow, next_attempt_at=tomorrow)
    the_clock_goes_round()
    home.release(As.RESTORED, now())
    assert settled(message).state == "uncertain"


def test_the_clock_goes_round_until_it_owes_nothing_new(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kinds._kinds, TEA_NOTE.name, TEA_NOTE)
    wake_elsewhere()
    home.look(now())
    made: list[Message] = []

    def weekly(_now: datetime) -> int:
        if len(made) < 2:
            made.append(owed(person, len(made) + 1))
        return 0

    monkeypatch.setattr("reflections.tasks.plan_weekly", weekly)
    assert "2 e-mails were due before" in run("release", "--restored")
    assert [settled(each).state for each in made] == ["uncertain", "uncertain"]


def test_mail_waits_on_while_a_part_of_the_clock_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_now: datetime) -> int:
        raise OSError

    wake_elsewhere()
    home.look(now())
    monkeypatch.setattr("reflections.tasks.plan_weekly", fails)
    with pytest.raises(CommandError, match="A part of the tick failed"):
        run("release", "--restored")
    assert Home.objects.get().waits_since is not None


def test_a_tick_that_cannot_look_where_it_is_removes_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_now: datetime) -> None:
        raise OSError

    tidied: list[datetime] = []
    monkeypatch.setattr("reflections.tasks.media.tidy", lambda at: tidied.append(at) or 0)
    tick(now())
    assert len(tidied) == 1
    monkeypatch.setattr("accounts.mail.home.look", away)
    tick(now())
    assert len(tidied) == 1


def test_a_grant_on_the_servers_number_moves_nothing() -> None:
    home.look(now())
    known = home.here()
    Home.objects.update(place="-/" + known.partition("/")[2])
    assert not home.look(now()).waits
    assert Home.objects.get().place == known
    Home.objects.update(place="-/1/2")
    assert home.look(now()).waits


def test_behind_a_pooler_the_place_is_asked_for_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    known = home.here()
    monkeypatch.setitem(home._places, connection.connection, ELSEWHERE)
    assert home.here() == ELSEWHERE
    monkeypatch.setattr("accounts.pooling.stands_between", lambda: True)
    assert home.here() == known
