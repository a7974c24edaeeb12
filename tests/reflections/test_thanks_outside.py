"""A note to somebody who is not here: by a real conversation with a mail server, once, never to who wants none."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.clock import now
from accounts.mail import kinds, letters, outbox
from accounts.mail.kinds import Kind, Letter, Stream
from accounts.mail.models import Message, Relay, Stopped
from accounts.models import User
from accounts.mydata.erasing import erase
from mentoring.models import Enrollment, Pairing, Program
from reflections import actions, outside
from reflections.actions import OverTheLimit, Refused
from reflections.actions.note_mail import A_DAY, A_MONTH, TO_ONE_ADDRESS
from reflections.admin.messages import messages_administered_by
from reflections.models import MutedWriter, NeverAgain, NoteReport, OutsideNote, OutsideStop, Thanks
from reflections.thanks_emails import NEVER, OUTSIDE, STOPPED, TAKEN_BACK
from tests.accounts.mail.smtp_server import SmtpServer
from tests.conftest import NOW, signed_in
from tests.mentoring.test_races import at_once
from tests.reflections.conftest import rows
from tests.reflections.nudging import at

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ADA = "ada.far@else.example"
WORDS = "ouzel: you drew it before you named it.\n\nI do that now, – with “quotes” & <b>no</b> markup."
BUT = "ouzel: you drew it before you named it."


@pytest.fixture(autouse=True)
def server(tmp_path: Path, settings: Settings) -> Iterator[SmtpServer]:
    with SmtpServer(tmp_path / "taken") as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 2
        settings.MAIL_PER_SECOND = 0
        yield server


@pytest.fixture
def note(pairing: Pairing, mentee: User) -> Thanks:
    return begun(mentee)


def begun(writer: User, text: str = WORDS) -> Thanks:
    return actions.draft_note(writer, text=text, now=NOW)


def post(note: Thanks, program: Program, address: str = ADA, *, minutes: int = 0, **options: bool) -> bool:
    return actions.send_by_mail(
        note, address, by=note.writer, program=program, now=NOW + minutes * MINUTE, **options
    )


def send_out(minutes: int = 11) -> dict[str, int]:
    """As a worker does, so many minutes after NOW."""
    with at(NOW + minutes * MINUTE):
        return dict(outbox.send_owed())


def plain(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def rich(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def link_in(mail: EmailMessage) -> str:
    found = re.fullmatch(r"<http://localhost:8000(/thanks/never/\S+/)>", mail["List-Unsubscribe"])
    assert found
    return found[1]


def taken_link(server: SmtpServer) -> str:
    return link_in(server.taken()[-1].message)


# --- What they get -------------------------------------------------------------------------------------------------


def test_exactly_the_note_goes_out_once_with_who_sent_it_and_a_way_to_be_left_in_peace(
    server: SmtpServer, note: Thanks, program: Program, mentee: User
) -> None:
    assert post(note, program) is True
    assert post(note, program, "other@else.example") is False
    assert send_out(9) == {}
    assert send_out() == {"sent": 1}
    assert send_out(60) == {}
    (taken,) = server.taken()
    assert taken.recipient == ADA
    assert taken.sender == "reflect@localhost"
    mail = taken.message
    assert mail["To"] == ADA
    assert mail["Subject"] == "A note from Tomasz Zielinski"
    assert "Tomasz Zielinski, by way of Harbor Mentors" in mail["From"]
    assert mail["Reply-To"] is None
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = plain(mail)
    assert WORDS in text.replace("\r\n", "\n")
    assert "wrote this note by hand" in text
    assert "Harbor Mentors" in text
    assert link_in(mail) in text
    assert mentee.email not in taken.raw
    assert "<b>no</b>" not in rich(mail)
    assert "&lt;b&gt;no&lt;/b&gt;" in rich(mail)
    assert "http" not in rich(mail).replace(link_in(mail), "").replace("http://localhost:8000", "")
    for header in ("Subject", "From", "List-Id", "List-Unsubscribe"):
        assert "ouzel" not in str(mail[header])


def test_answers_go_to_the_writer_only_where_they_say_so(
    server: SmtpServer, note: Thanks, program: Program, mentee: User
) -> None:
    post(note, program, tells_address=True)
    send_out()
    mail = server.taken()[0].message
    assert mail["Reply-To"] == f"Tomasz Zielinski <{mentee.email}>"
    assert mentee.email in plain(mail)


def test_it_is_in_its_writers_language(
    server: SmtpServer, note: Thanks, program: Program, mentee: User
) -> None:
    User.objects.filter(pk=mentee.pk).update(language="de")
    post(note, program)
    send_out()
    mail = server.taken()[0].message
    assert mail["Content-Language"] == "de"
    assert mail["Subject"] == "Eine Nachricht von Tomasz Zielinski"


def test_what_its_writer_stopped_or_wants_for_themselves_does_not_matter(
    server: SmtpServer, note: Thanks, program: Program, mentee: User
) -> None:
    for stream in kinds.streams():
        Stopped.objects.stop(mentee.pk, stream.name)
    User.objects.filter(pk=mentee.pk).update(snoozed_until=NOW.date() + 30 * DAY)
    post(note, program)
    assert send_out() == {"sent": 1}


def test_a_writer_who_is_shut_out_sends_nothing_any_more(
    server: SmtpServer, note: Thanks, program: Program, mentee: User
) -> None:
    post(note, program)
    User.objects.filter(pk=mentee.pk).update(is_active=False)
    assert send_out() == {"cancelled": 1}
    assert server.taken() == []


@pytest.mark.parametrize("step", ["rcpt", "dot"])
def test_a_no_is_said_of_the_note_and_it_can_go_another_way(
    server: SmtpServer, note: Thanks, program: Program, mentee: User, step: str
) -> None:
    setattr(server.script, step, f"550 no such {ADA}")
    post(note, program)
    assert send_out() == {"failed": 1}
    message = Message.objects.get(kind=OUTSIDE)
    assert ADA not in message.last_error
    browser = signed_in(mentee)
    page = browser.get(reverse("thanks:note", args=[note.pk])).content.decode()
    assert f"It came back: {ADA} does not take it." in page
    actions.take_back_mail(note, by=mentee, now=NOW + 20 * MINUTE)
    server.script.__init__()  # type: ignore[misc]
    Relay.objects.update(faults=0, paused_until=None)
    assert post(note, program, "ada@right.example", minutes=20) is True
    assert send_out(31) == {"sent": 1}
    assert [taken.recipient for taken in server.taken()] == ["ada@right.example"]
    page = browser.get(reverse("thanks:note", args=[note.pk])).content.decode()
    assert "It went to ada@right.example." in page


def test_where_no_answer_came_it_does_not_go_again(
    server: SmtpServer, note: Thanks, program: Program, mentee: User
) -> None:
    server.script.dot = "DROP"
    post(note, program)
    assert send_out() == {"sending": 1}
    with pytest.raises(Refused, match="gone out"):
        actions.take_back_mail(note, by=mentee, now=NOW + 20 * MINUTE)
    assert post(note, program, minutes=20) is False


def test_until_it_goes_it_can_be_taken_back_and_deleted(
    server: SmtpServer, note: Thanks, program: Program, mentee: User
) -> None:
    post(note, program)
    page = signed_in(mentee).get(reverse("thanks:note", args=[note.pk])).content.decode()
    assert "Until then you can take it back." in page
    signed_in(mentee).post(reverse("thanks:take_back", args=[note.pk]))
    assert send_out() == {}
    assert Message.objects.get().state == "cancelled"
    note = Thanks.objects.get()
    assert (note.way, note.sent_at) == ("", None)
    post(note, program, minutes=12)
    actions.delete_note(note, by=mentee)
    assert send_out(30) == {"cancelled": 1}
    assert Message.objects.latest("pk").last_error == TAKEN_BACK
    assert server.taken() == []
    assert OutsideNote.objects.count() == 2


# --- The way to it -------------------------------------------------------------------------------------------------


def test_the_address_is_shown_once_more_before_anything_goes(
    server: SmtpServer, note: Thanks, program: Program, mentee: User
) -> None:
    browser, url, before = signed_in(mentee), reverse("thanks:mail", args=[note.pk]), rows()
    browser.get(url)
    page = browser.post(url, {"address": ADA}).content.decode()
    assert "Is this right?" in page
    assert BUT in page
    assert f'name="confirmed" value="{ADA}"' in page
    # Confirmed was another one than is sent: it is shown once more.
    again = browser.post(url, {"address": "eve@else.example", "confirmed": ADA})
    assert "Is this right?" in again.content.decode()
    changed = browser.post(url, {"address": ADA, "confirmed": ADA, "change": "1"}).content.decode()
    assert f'value="{ADA}"' in changed
    assert "Is this right?" not in changed
    assert rows() == before
    done = browser.post(url, {"address": ADA, "confirmed": ADA})
    assert done["Location"] == reverse("thanks:note", args=[note.pk])
    assert OutsideNote.objects.get().address == ADA
    assert send_out() in ({}, {"sent": 1})


@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "a@b",
        "müller@else.example",
        "a@else.example,b@else.example",
        "a b@else.example",
        "a@x..example",
    ],
)
def test_what_is_no_address_is_said_beside_the_field(note: Thanks, mentee: User, address: str) -> None:
    page = signed_in(mentee).post(reverse("thanks:mail", args=[note.pk]), {"address": address})
    assert "does not look like an e-mail address" in page.content.decode()
    assert not OutsideNote.objects.exists()


def test_not_to_oneself_and_without_advertising(note: Thanks, program: Program, mentee: User) -> None:
    with pytest.raises(Refused, match="your own"):
        post(note, program, mentee.email.upper())
    for text in ("See https://shop.example", "See www.shop.example", "buy at shop.com/now"):
        with pytest.raises(Refused, match="web pages"):
            post(begun(mentee, text), program)
    with pytest.raises(Refused, match="few words"):
        post(begun(mentee, " "), program)


@pytest.mark.parametrize("what", ["no place", "paused place", "program rests", "stopped", "another program"])
def test_it_goes_in_the_name_of_a_program_in_which_one_has_a_place(
    note: Thanks, program: Program, other_program: Program, mentee: User, admin: User, what: str
) -> None:
    if what == "no place":
        Enrollment.objects.filter(person=mentee).delete()
    if what == "paused place":
        Enrollment.objects.filter(person=mentee).update(status="withdrawn")
    if what == "program rests":
        Program.objects.update(status="paused")
    if what == "stopped":
        actions.stop_outside(program, mentee, by=admin, now=NOW)
    page = signed_in(mentee).get(reverse("thanks:mail", args=[note.pk])).content.decode()
    assert ("in whose name you can send one" in page) == (what != "another program")
    with pytest.raises(Refused, match="in the name of"):
        post(note, other_program if what == "another program" else program)


# --- Never again ---------------------------------------------------------------------------------------------------


def test_looking_at_the_link_changes_nothing_and_it_names_nobody(
    server: SmtpServer, note: Thanks, program: Program
) -> None:
    post(note, program)
    send_out()
    url, before = taken_link(server), rows()
    for method in ("get", "head", "get"):
        response = getattr(Client(), method)(url)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert not response.cookies
        for told in ("Tomasz", "Harbor", "ouzel", "ada.far"):
            assert told not in response.content.decode()
    assert rows() == before
    assert Client().get("/thanks/never/nonsense/").status_code == 404
    assert Client().get(url.replace("/never/", "/never/x")).status_code == 404


def test_one_click_leaves_them_in_peace_for_good_whoever_writes(
    server: SmtpServer, note: Thanks, program: Program, mentee: User, mentor: User
) -> None:
    post(note, program)
    send_out()
    browser = Client(enforce_csrf_checks=True)
    for _ in range(2):
        response = browser.post(
            taken_link(server), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
        assert response.status_code == 200
    assert NeverAgain.objects.get().address_hash == outside.hash_of(ADA)
    for writer in (mentee, mentor):
        for spelling in (ADA, "Ada.Far+garden@ELSE.example"):
            with pytest.raises(Refused, match="never to write to it"):
                post(begun(writer), program, spelling, minutes=60)
    assert not NoteReport.objects.exists()
    # The writer is told kindly, with their words kept.
    page = signed_in(mentor).post(reverse("thanks:mail", args=[begun(mentor).pk]), {"address": ADA})
    assert "It says nothing about you." in page.content.decode()


def test_who_asks_while_a_note_waits_does_not_get_it_and_its_writer_is_told(
    server: SmtpServer, note: Thanks, program: Program, mentee: User
) -> None:
    post(note, program)
    send_out()
    second = begun(mentee)
    post(second, program, minutes=20)
    Client().post(taken_link(server), {"never": "1"})
    assert send_out(31) == {"cancelled": 1}
    assert Message.objects.latest("pk").last_error == NEVER
    assert len(server.taken()) == 1
    page = signed_in(mentee).get(reverse("thanks:note", args=[second.pk])).content.decode()
    assert "has asked us never to write to it" in page
    Client().post(taken_link(server), {"again": "1"})
    actions.take_back_mail(second, by=mentee, now=NOW + 40 * MINUTE)
    assert post(second, program, minutes=40) is True
    assert send_out(51) == {"sent": 1}


@pytest.mark.django_db(transaction=True)
def test_between_the_offer_and_the_content_a_no_still_counts(
    server: SmtpServer, note: Thanks, program: Program
) -> None:
    """At the fence: the mail server has said yes to the address, and nothing of the note has gone."""

    def say_no_meanwhile(command: str) -> str:
        NeverAgain.objects.create(address_hash=outside.hash_of(ADA))
        connection.close()  # This thread's own.
        return "250 ok"

    server.script.rcpt = say_no_meanwhile
    post(note, program)
    assert send_out() == {"cancelled": 1}
    assert [said[:4] for said in server.script.commands if said[:4] in ("RCPT", "DATA")] == ["RCPT"]
    assert Message.objects.get().last_error == NEVER


def test_it_holds_after_the_key_was_replaced(
    server: SmtpServer, note: Thanks, program: Program, mentee: User, settings: Settings
) -> None:
    post(note, program)
    send_out()
    url = taken_link(server)
    second = begun(mentee)
    post(second, program, minutes=20)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key-than-before", [settings.SECRET_KEY]
    Client().post(url, {"never": "1"})
    with pytest.raises(Refused, match="never to write to it"):
        post(begun(mentee), program, minutes=20)
    # What was asked to go before is known by the old key's mark.
    assert send_out(31) == {"cancelled": 1}


def test_the_link_works_when_note_and_writer_are_gone(
    server: SmtpServer, note: Thanks, program: Program, mentee: User
) -> None:
    post(note, program)
    send_out()
    erase(mentee, now=NOW)
    assert not Thanks.objects.exists()
    assert Client().post(taken_link(server), {"report": "1"}).status_code == 200
    assert outside.read(taken_link(server).split("/")[3]) is not None
    assert NeverAgain.objects.exists()
    assert not OutsideNote.objects.exists()


def test_the_address_stands_nowhere_in_clear(
    note: Thanks, program: Program, caplog: pytest.LogCaptureFixture
) -> None:
    post(note, program)
    send_out()
    out = StringIO()
    call_command("dumpdata", "reflections", "mail", stdout=out)
    for told in ("ada.far", "ouzel"):
        assert told not in out.getvalue()
        assert told not in caplog.text


# --- Reported, limited, stopped ------------------------------------------------------------------------------------


def test_a_reader_outside_reports_it_once_without_its_words(
    server: SmtpServer, note: Thanks, program: Program, mentee: User
) -> None:
    post(note, program)
    send_out()
    reader = outside.read(taken_link(server).split("/")[3])
    assert reader is not None
    actions.report_from_outside(reader, now=NOW + DAY)
    for _ in range(2):
        Client().post(taken_link(server), {"report": "1"})
    report = NoteReport.objects.get()
    assert (report.writer, report.program, report.why, report.way, report.reporter, report.by_mail_lately) == (
        mentee, program, "outside", "mail", None, 1,
    )  # fmt: skip
    assert NeverAgain.objects.exists()


def test_so_many_go_out_in_a_day_and_in_a_month_and_those_who_run_it_learn_once(
    program: Program, pairing: Pairing, mentee: User
) -> None:
    for number in range(A_DAY):
        post(begun(mentee), program, f"p{number}@else.example")
    for _ in range(2):
        with pytest.raises(OverTheLimit, match="in a day"):
            post(begun(mentee), program, "more@else.example")
    report = NoteReport.objects.get()
    assert (report.why, report.by_mail_lately, report.writer) == ("limit", A_DAY, mentee)
    # Deleted notes have gone out all the same.
    Thanks.objects.gone().delete()
    with pytest.raises(OverTheLimit):
        post(begun(mentee), program, "more@else.example")
    OutsideNote.objects.update(asked_at=NOW - 2 * DAY)
    for number in range(A_MONTH - A_DAY):
        post(begun(mentee), program, f"q{number}@else.example")
        OutsideNote.objects.update(asked_at=NOW - 2 * DAY)
    with pytest.raises(OverTheLimit, match="in a month"):
        post(begun(mentee), program, "more@else.example")
    OutsideNote.objects.update(asked_at=NOW - 31 * DAY)
    assert post(begun(mentee), program, "more@else.example") is True


def test_the_page_says_the_limit_and_keeps_the_report(
    program: Program, pairing: Pairing, mentee: User
) -> None:
    for number in range(A_DAY):
        actions.send_by_mail(begun(mentee), f"p{number}@else.example", by=mentee, program=program, now=now())
    note = begun(mentee)
    page = (
        signed_in(mentee)
        .post(reverse("thanks:mail", args=[note.pk]), {"address": ADA, "confirmed": ADA})
        .content.decode()
    )
    assert "send it tomorrow" in page
    assert NoteReport.objects.count() == 1
    assert Thanks.objects.get(pk=note.pk).sent_at is None


def test_one_address_gets_only_a_few_whoever_writes(
    program: Program, pairing: Pairing, mentee: User, mentor: User, member: User
) -> None:
    writers = [mentee, mentor, member, mentee]
    for writer in writers[:TO_ONE_ADDRESS]:
        post(begun(writer), program)
    with pytest.raises(Refused, match="a few notes a month"):
        post(begun(writers[TO_ONE_ADDRESS]), program, ADA.upper())
    assert not NoteReport.objects.exists()


def test_what_waits_does_not_go_once_its_writer_is_stopped(
    server: SmtpServer, note: Thanks, program: Program, mentee: User, admin: User
) -> None:
    post(note, program)
    actions.stop_outside(program, mentee, by=admin, now=NOW)
    with pytest.raises(Refused, match="already"):
        actions.stop_outside(program, mentee, by=admin, now=NOW)
    assert send_out() == {"cancelled": 1}
    assert Message.objects.get().last_error == STOPPED
    page = signed_in(mentee).get(reverse("thanks:note", args=[note.pk])).content.decode()
    assert "stopped your notes by e-mail" in page
    OutsideStop.objects.all().delete()
    actions.take_back_mail(note, by=mentee, now=NOW)
    assert post(note, program) is True


def test_whom_somebody_writes_to_is_on_no_page_of_the_admin(
    server: SmtpServer, note: Thanks, program: Program, admin: User, superuser: User
) -> None:
    post(note, program)
    assert not messages_administered_by(admin).filter(kind=OUTSIDE).exists()
    assert not messages_administered_by(superuser).filter(kind=OUTSIDE).exists()
    server.script.rcpt = "550 no"
    send_out()
    assert not messages_administered_by(admin).filter(kind=OUTSIDE).exists()
    (message,) = messages_administered_by(superuser).filter(kind=OUTSIDE)
    page = signed_in(superuser).get(reverse("admin:mail_message_change", args=[message.pk])).content.decode()
    assert "somebody whom Tomasz Zielinski wrote to" in page
    assert "ada.far" not in page


# --- Two at once ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_windows_send_one_note_once(note: Thanks, program: Program) -> None:
    ends = at_once(
        [lambda: post(note, program, "a@else.example"), lambda: post(note, program, "b@else.example")]
    )
    assert ends == ["done", "done"]
    assert OutsideNote.objects.count() == Message.objects.filter(kind=OUTSIDE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_slips_past_the_limit_by_many_windows(
    program: Program, pairing: Pairing, mentee: User
) -> None:
    for number in range(A_DAY - 1):
        post(begun(mentee), program, f"p{number}@else.example")
    notes = [begun(mentee) for _ in range(3)]
    at_once([lambda n=n: post(n, program, f"x{n.pk}@else.example") for n in notes])  # type: ignore[misc]
    assert OutsideNote.objects.count() == A_DAY
    assert NoteReport.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_nor_do_many_people_who_write_to_one_address(
    program: Program, pairing: Pairing, mentee: User, mentor: User, member: User
) -> None:
    for writer in (mentee, mentor)[: TO_ONE_ADDRESS - 1]:
        post(begun(writer), program)
    notes = [begun(mentor), begun(member), begun(mentee)]
    at_once([lambda n=n: post(n, program) for n in notes])  # type: ignore[misc]
    assert OutsideNote.objects.count() == TO_ONE_ADDRESS


# --- Kinds that go to others ---------------------------------------------------------------------------------------


def test_a_kind_that_goes_to_others_has_no_stream_and_a_letter_that_says_to_whom(
    monkeypatch: pytest.MonkeyPatch, mentee: User
) -> None:
    monkeypatch.setattr(kinds, "_kinds", {})

    def write_to(address: str) -> Callable[[Message], Letter]:
        return lambda message: Letter(subject="x", text="x", html="<p>x</p>", from_name="x", to=address)

    with pytest.raises(ValueError, match="nothing to stop"):
        kinds.register(Kind("odd", Stream("s", "s", "s"), "odd", write_to(ADA), to_others=True))
    kinds.register(Kind("ours", None, "ours", write_to(ADA)))
    kinds.register(Kind("theirs", None, "theirs", write_to(""), to_others=True))
    assert [said.label for said in kinds.always()][-1] == "ours"
    for kind in ("ours", "theirs"):
        with pytest.raises(ValueError, match="to whom"):
            letters.compose(Message(person=mentee, kind=kind, subject_id=1, message_id="x"))


def test_whoever_muted_its_writer_here_gets_nothing_by_e_mail_either(
    server: SmtpServer, program: Program, mentor: User, mentee: User, pairing: Pairing
) -> None:
    MutedWriter.objects.create(person=mentor, writer=mentee)
    assert post(begun(mentee), program, mentor.email.upper()) is True
    assert send_out() == {"cancelled": 1}
    assert not server.taken()
