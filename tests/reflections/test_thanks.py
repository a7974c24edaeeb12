"""Mentors of one's own, and notes of thanks: written, sent here, read, answered, taken back, muted, reported."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.mail import letters
from accounts.mail.models import Message
from accounts.models import User
from accounts.mydata.erasing import erase
from mentoring.emails import NOT_RUNNING
from mentoring.models import Pairing, Program
from mentoring.mydata import clear_program_words
from reflections import actions
from reflections.actions import NoteOvertaken, Refused
from reflections.actions.thanks import version
from reflections.models import MutedWriter, NoteReport, OwnMentor, Thanks
from reflections.response_emails import NOTE, take_up_notes
from tests.conftest import NOW, enroll, make_person, signed_in
from tests.mentoring.test_emails import body
from tests.mentoring.test_races import at_once
from tests.reflections.conftest import queries_of, rows
from tests.reflections.nudging import send_due

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORDS = "ouzel-the-silence-after-the-question"
OTHER = "dipper-what-you-said-in-march"


def draft(writer: User, to: User | None, text: str = WORDS) -> Thanks:
    return actions.draft_note(writer, text=text, recipient=to, now=NOW)


@pytest.fixture
def note(pairing: Pairing, mentor: User, mentee: User) -> Thanks:
    """From the mentee, to the mentor, not sent."""
    return draft(mentee, mentor)


@pytest.fixture
def sent(note: Thanks, mentee: User) -> Thanks:
    actions.send_here(note, by=mentee, now=NOW)
    note.refresh_from_db()
    return note


# --- Mentors -------------------------------------------------------------------------------------------------------


def test_a_mentor_is_named_sealed_changed_and_taken_off(pairing: Pairing, mentor: User, mentee: User) -> None:
    here = actions.name_mentor(mentee, name="Noor", member=mentor, now=NOW)
    far = actions.name_mentor(
        mentee, name="Aunt Ada", address="ada@far.example", kept="Say it plainly.", now=NOW
    )
    assert (here.member, far.member, far.kept) == (mentor, None, "Say it plainly.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, address, kept FROM reflections_ownmentor WHERE id = %s", [far.pk])
        assert not [cell for cell in cursor.fetchone() if b"Ada" in bytes(cell) or b"ada" in bytes(cell)]
    actions.change_mentor(far, by=mentee, name="Ada", address="", kept="")
    assert OwnMentor.objects.get(pk=far.pk).name == "Ada"
    with pytest.raises(Refused):
        actions.change_mentor(far, by=mentor, name="Mine now", address="", kept="")
    actions.remove_mentor(far, by=mentor)
    actions.remove_mentor(far, by=mentee)
    assert list(OwnMentor.objects.all()) == [here]


def test_nobody_is_named_as_a_member_with_whom_one_was_no_pair(mentee: User, member: User) -> None:
    with pytest.raises(Refused, match="no pair"):
        actions.name_mentor(mentee, name="Femi", member=member, now=NOW)


def test_the_list_is_its_owners_alone(pairing: Pairing, mentor: User, mentee: User, admin: User) -> None:
    far = actions.name_mentor(mentee, name="Aunt Ada", kept="grebe-kept-from-it", now=NOW)
    page = signed_in(mentee).get(reverse("thanks:index")).content.decode()
    assert "Aunt Ada" in page
    assert "grebe-kept-from-it" in page
    for person in (mentor, admin):
        browser = signed_in(person)
        assert "Aunt Ada" not in browser.get(reverse("thanks:index")).content.decode()
        for name in ("mentor", "mentor_remove"):
            assert browser.post(reverse(f"thanks:{name}", args=[far.pk])).status_code == 404


def test_the_form_takes_a_name_or_somebody_here_and_says_what_is_wrong(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    browser, url = signed_in(mentee), reverse("thanks:mentor_add")
    empty = browser.post(url, {"who": "else", "name": " "})
    assert "Say what you call them." in empty.content.decode()
    wrong = browser.post(url, {"who": "else", "name": "Ada", "address": "nonsense", "kept": "still here"})
    assert "does not look like an e-mail address" in wrong.content.decode()
    assert "still here" in wrong.content.decode()
    assert not OwnMentor.objects.exists()
    browser.post(url, {"who": f"person-{mentor.pk}", "name": ""})
    assert OwnMentor.objects.get().member == mentor
    assert OwnMentor.objects.get().name == mentor.first_name


# --- Writing -------------------------------------------------------------------------------------------------------


def test_a_draft_is_read_by_nobody_else(
    note: Thanks, mentor: User, mentee: User, admin: User, superuser: User, member: User
) -> None:
    for person in (mentor, admin, superuser, member):
        browser = signed_in(person)
        for name in ("note", "save", "whom", "mail", "print", "copy", "given", "take_back", "delete"):
            for ask in (browser.get, browser.post):
                assert ask(reverse(f"thanks:{name}", args=[note.pk])).status_code in (404, 405)
        for name in ("received_note", "read", "reply", "mute", "report"):
            assert browser.post(reverse(f"thanks:{name}", args=[note.pk])).status_code in (404, 405)
        assert WORDS not in browser.get(reverse("thanks:received")).content.decode()
        assert WORDS not in browser.get(reverse("home")).content.decode()
    assert not Message.objects.exists()
    assert WORDS in signed_in(mentee).get(reverse("thanks:note", args=[note.pk])).content.decode()


def test_two_windows_do_not_eat_each_other(note: Thanks, mentee: User) -> None:
    was = version(note)
    actions.save_note(note, by=mentee, text=OTHER, based_on=was, now=NOW + HOUR)
    with pytest.raises(NoteOvertaken) as other:
        actions.save_note(note, by=mentee, text="mine", based_on=was, now=NOW + HOUR)
    assert other.value.note.text == OTHER
    browser = signed_in(mentee)
    late = browser.post(reverse("thanks:save", args=[note.pk]), {"text": "mine", "version": was})
    assert (late.status_code, late.json()["text"]) == (409, OTHER)
    # Without a script both stand on one page, and the next save replaces what was seen there.
    page = browser.post(reverse("thanks:note", args=[note.pk]), {"text": "mine", "version": was})
    assert OTHER in page.content.decode()
    assert "mine</textarea>" in page.content.decode()
    seen = page.context["form"]["version"].value()
    browser.post(reverse("thanks:note", args=[note.pk]), {"text": "mine", "version": seen, "then": "keep"})
    note = Thanks.objects.get()
    assert (note.text, note.sent_at) == ("mine", None)


def test_it_saves_by_itself_and_never_sends(note: Thanks, mentee: User) -> None:
    browser, url = signed_in(mentee), reverse("thanks:save", args=[note.pk])
    said = browser.post(url, {"text": OTHER, "version": version(note), "then": "send"}).json()
    assert said["state"] == "saved"
    note = Thanks.objects.get()
    assert (note.text, note.sent_at, version(note)) == (OTHER, None, said["version"])
    long = browser.post(url, {"text": "x" * 4001, "version": said["version"]})
    assert long.status_code == 422
    assert Thanks.objects.get().text == OTHER


def test_a_note_begins_with_words_of_ones_own_and_of_nobody_elses(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    moment = actions.keep_moment(mentee, text="She waited.", happened_on=NOW.date())
    browser = signed_in(mentee)
    browser.post(reverse("thanks:begin"), {"moment": moment.pk, "to": f"person-{mentor.pk}"})
    note = Thanks.objects.get()
    assert (note.text, note.moment, note.recipient) == ("She waited.", moment, mentor)
    assert signed_in(mentor).post(reverse("thanks:begin"), {"moment": moment.pk}).status_code == 404
    with pytest.raises(Refused):
        actions.draft_note(mentor, text="x", moment=moment, now=NOW)


def test_the_sheet_beside_a_finished_page_sends_at_once_to_somebody_here(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    browser = signed_in(mentee)
    data = {"to": f"person-{mentor.pk}", "text": WORDS, "then": "send", "next": "/moments/"}
    assert browser.post(reverse("thanks:begin"), data)["Location"] == "/moments/"
    assert Thanks.objects.get().way == "here"
    # To somebody who is not here it is a draft, and one says who that is.
    gone = browser.post(reverse("thanks:begin"), {**data, "to": "else", "next": "https://evil.example/"})
    draft = Thanks.objects.drafts().get()
    assert gone["Location"] == reverse("thanks:whom", args=[draft.pk])
    named = browser.post(
        reverse("thanks:mentor_add") + f"?note={draft.pk}", {"who": "else", "name": "Aunt Ada"}
    )
    assert named["Location"] == reverse("thanks:note", args=[draft.pk])
    draft.refresh_from_db()
    assert draft.mentor == OwnMentor.objects.get()
    assert "A note to Aunt Ada" in browser.get(named["Location"]).content.decode()


def test_somebody_whom_one_does_not_know_is_no_choice(pairing: Pairing, mentee: User, outsider: User) -> None:
    page = signed_in(mentee).post(
        reverse("thanks:begin"), {"to": f"person-{outsider.pk}", "text": WORDS, "then": "send"}
    )
    assert WORDS in page.content.decode()
    assert not Thanks.objects.exists()


def test_it_is_printed_and_copied_and_said_to_be_given(note: Thanks, mentee: User) -> None:
    browser = signed_in(mentee)
    before = rows()
    for way in ("print", "copy"):
        page = browser.get(reverse(f"thanks:{way}", args=[note.pk])).content.decode()
        assert WORDS in page
    assert rows() == before
    browser.post(reverse("thanks:given", args=[note.pk]), {"way": "mail"})
    assert Thanks.objects.get().way == ""
    browser.post(reverse("thanks:given", args=[note.pk]), {"way": "print"})
    browser.post(reverse("thanks:given", args=[note.pk]), {"way": "copy"})
    assert Thanks.objects.get().way == "print"
    assert "You printed it" in browser.get(reverse("thanks:note", args=[note.pk])).content.decode()


# --- Sent here -----------------------------------------------------------------------------------------------------


def test_a_note_is_sent_once_and_read_by_whom_it_is_for_alone(
    sent: Thanks, mentor: User, mentee: User, member: User, admin: User
) -> None:
    assert actions.send_here(sent, by=mentee, now=NOW + HOUR) is False
    assert (sent.way, sent.sent_at, sent.program) == ("here", NOW, sent.pairing and sent.pairing.program)
    assert WORDS in signed_in(mentor).get(reverse("thanks:received")).content.decode()
    for person in (member, admin):
        assert WORDS not in signed_in(person).get(reverse("thanks:received")).content.decode()
        assert signed_in(person).get(reverse("thanks:received_note", args=[sent.pk])).status_code == 404
    home = signed_in(mentor).get(reverse("home")).content.decode()
    assert "A note from Tomasz waits for you." in home
    assert WORDS not in home


def test_looking_reads_nothing_and_the_button_tells_the_writer_in_words(
    sent: Thanks, mentor: User, mentee: User
) -> None:
    reader, before = signed_in(mentor), rows()
    for name, args in (("received", []), ("received_note", [sent.pk]), ("report", [sent.pk])):
        reader.get(reverse(f"thanks:{name}", args=args))
    assert rows() == before
    writer = signed_in(mentee)
    assert "It waits for Noor." in writer.get(reverse("thanks:note", args=[sent.pk])).content.decode()
    reader.post(reverse("thanks:read", args=[sent.pk]))
    assert "Noor has read it." in writer.get(reverse("thanks:note", args=[sent.pk])).content.decode()
    assert "waits for you" not in reader.get(reverse("home")).content.decode()


def test_a_note_that_has_gone_out_is_not_changed_and_can_be_taken_back(
    sent: Thanks, mentor: User, mentee: User
) -> None:
    with pytest.raises(Refused, match="stay as they are"):
        actions.save_note(sent, by=mentee, text=OTHER, based_on=version(sent), now=NOW)
    assert actions.take_back_note(sent, by=mentee, now=NOW) is False
    assert signed_in(mentor).get(reverse("thanks:received_note", args=[sent.pk])).status_code == 404
    actions.send_here(sent, by=mentee, now=NOW)
    actions.mark_note_read(sent, by=mentor, now=NOW)
    assert actions.take_back_note(sent, by=mentee, now=NOW) is True
    with pytest.raises(Refused):
        actions.take_back_note(sent, by=mentor, now=NOW)


def test_it_goes_to_nobody_whom_one_cannot_write_to(mentee: User, outsider: User, member: User) -> None:
    with pytest.raises(Refused, match="cannot be written to"):
        actions.send_here(draft(mentee, outsider), by=mentee, now=NOW)
    with pytest.raises(Refused, match="few words"):
        actions.send_here(draft(mentee, member, " "), by=mentee, now=NOW)
    with pytest.raises(Refused, match="Only its writer"):
        actions.send_here(draft(mentee, member), by=member, now=NOW)


def test_members_of_one_program_write_to_each_other_in_its_midst(
    program: Program, mentee: User, member: User
) -> None:
    note = draft(mentee, member)
    actions.send_here(note, by=mentee, now=NOW)
    note.refresh_from_db()
    assert (note.pairing, note.program) == (None, program)


def test_a_note_is_thanked_for_by_one_draft(sent: Thanks, mentor: User, mentee: User) -> None:
    reader = signed_in(mentor)
    first = reader.post(reverse("thanks:reply", args=[sent.pk]))["Location"]
    assert reader.post(reverse("thanks:reply", args=[sent.pk]))["Location"] == first
    back = Thanks.objects.get(in_reply_to=sent)
    assert (back.recipient, back.writer, back.text) == (mentee, mentor, "")
    assert Thanks.objects.get(pk=sent.pk).read_at is not None
    with pytest.raises(Refused):
        actions.thank_back(back, by=mentee, now=NOW)


# --- The e-mail about it -------------------------------------------------------------------------------------------


def test_the_e_mail_names_who_and_has_no_word_of_it(sent: Thanks, mentor: User) -> None:
    message = Message.objects.get(kind=NOTE)
    assert (message.person, message.due_at) == (mentor, NOW + timedelta(minutes=15))
    subject, text, html = body(message)
    assert subject == "A note from Tomasz"
    for words in (text, html):
        assert "Tomasz wrote you a note." in words
        assert "/thanks/received/" in words
    assert WORDS not in str(letters.compose(message).message())


def test_several_notes_of_a_day_are_one_e_mail_and_what_was_read_needs_none(
    sent: Thanks, mentor: User, mentee: User, member: User
) -> None:
    actions.send_here(draft(member, mentor, OTHER), by=member, now=NOW + HOUR / 6)
    message = Message.objects.get(kind=NOTE)
    assert body(message)[0] == "A note from Tomasz and Ines"
    actions.send_here(draft(member, mentor, OTHER), by=member, now=NOW + HOUR)
    assert Message.objects.filter(kind=NOTE).count() == 1
    for note in Thanks.objects.all():
        actions.mark_note_read(note, by=mentor, now=NOW + HOUR)
    send_due(NOW + 2 * HOUR)
    message.refresh_from_db()
    assert (message.state, message.last_error) == ("cancelled", "what was said was taken back")


@pytest.mark.parametrize("status", ["draft", "paused", "closed", "archived"])
def test_the_e_mail_waits_while_the_program_rests(sent: Thanks, status: str) -> None:
    Program.objects.update(status=status)
    send_due(NOW + HOUR)
    message = Message.objects.get(kind=NOTE)
    assert (message.state, message.last_error) == ("cancelled", NOT_RUNNING)
    assert take_up_notes(NOW + DAY) == 0
    Program.objects.update(status="active")
    assert take_up_notes(NOW + DAY) == 1
    send_due(NOW + DAY)
    assert Message.objects.get().state == "sent"


# --- Muted, and reported -------------------------------------------------------------------------------------------


def test_who_is_muted_writes_into_a_drawer_and_is_not_told(sent: Thanks, mentor: User, mentee: User) -> None:
    reader = signed_in(mentor)
    reader.post(reverse("thanks:mute", args=[sent.pk]))
    assert MutedWriter.objects.get().writer == mentee
    send_due(NOW + HOUR)
    assert Message.objects.get().state == "cancelled"
    again = draft(mentee, mentor, OTHER)
    actions.send_here(again, by=mentee, now=NOW + 2 * DAY)
    assert Message.objects.count() == 1
    page = reader.get(reverse("thanks:received")).content.decode()
    assert WORDS not in page
    assert OTHER not in page
    assert "waits for you" not in reader.get(reverse("home")).content.decode()
    drawer = reader.get(reverse("thanks:received") + "?muted=1").content.decode()
    assert WORDS in drawer
    assert OTHER in drawer
    assert (
        "It waits for Noor."
        in signed_in(mentee).get(reverse("thanks:note", args=[again.pk])).content.decode()
    )
    reader.post(reverse("thanks:mute", args=[sent.pk]), {"again": "1"})
    assert OTHER in reader.get(reverse("thanks:received")).content.decode()


def test_a_note_is_reported_once_without_its_words(
    sent: Thanks, program: Program, mentor: User, mentee: User
) -> None:
    reader = signed_in(mentor)
    for _ in range(2):
        reader.post(reverse("thanks:report", args=[sent.pk]))
    report = NoteReport.objects.get()
    assert (report.writer, report.reporter, report.program, report.why, report.way) == (
        mentee, mentor, program, "reader", "here",
    )  # fmt: skip
    assert (
        "You reported this note."
        in reader.get(reverse("thanks:received_note", args=[sent.pk])).content.decode()
    )
    with pytest.raises(Refused):
        actions.report_note(sent, by=mentee, now=NOW)


# --- Gone with whoever wrote it ------------------------------------------------------------------------------------


def test_notes_go_with_their_writer_and_with_what_is_cleared(
    sent: Thanks, program: Program, mentor: User, mentee: User
) -> None:
    mine = actions.draft_note(mentee, text="for me alone", now=NOW)
    clear_program_words(mentee, program)
    assert list(Thanks.objects.all()) == [mine]
    erase(mentee, now=NOW)
    assert not Thanks.objects.exists()


def test_an_erased_reader_leaves_the_note_with_its_writer(sent: Thanks, mentor: User, mentee: User) -> None:
    erase(mentor, now=NOW)
    page = signed_in(mentee).get(reverse("thanks:note", args=[sent.pk]))
    assert page.status_code == 200
    assert WORDS in page.content.decode()


# --- Many ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["thanks:index", "thanks:received", "home"])
def test_as_many_questions_for_many_notes_as_for_a_few(
    program: Program, pairing: Pairing, mentor: User, mentee: User, name: str
) -> None:
    def some(count: int, start: int) -> None:
        for number in range(start, start + count):
            writer = make_person(f"w{number}@harbor.example", f"Writer {number}")
            enroll(program, writer, "mentor")
            actions.send_here(draft(writer, mentee), by=writer, now=NOW)
            actions.send_here(draft(mentee, writer), by=mentee, now=NOW)
            draft(mentee, writer)
            actions.name_mentor(mentee, name=f"Mentor {number}", now=NOW)

    browser, url = signed_in(mentee), reverse(name)
    some(2, 0)
    few = queries_of(browser, url)
    some(6, 10)
    assert queries_of(browser, url) <= few


def test_long_lists_have_pages(pairing: Pairing, mentor: User, mentee: User) -> None:
    for number in range(51):
        note = draft(mentee, mentor, f"note {number}")
        actions.send_here(note, by=mentee, now=NOW + timedelta(seconds=number))
    page = signed_in(mentor).get(reverse("thanks:received")).content.decode()
    assert 'rel="next"' in page
    assert 'rel="next"' in signed_in(mentee).get(reverse("thanks:index")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_windows_send_a_note_once(pairing: Pairing, mentor: User, mentee: User) -> None:
    note = draft(mentee, mentor)
    ends = at_once([lambda: actions.send_here(note, by=mentee, now=NOW)] * 2)
    assert ends == ["done", "done"]
    assert Message.objects.filter(kind=NOTE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_notes_of_two_at_one_moment_owe_one_e_mail(
    pairing: Pairing, mentor: User, mentee: User, member: User
) -> None:
    first, second = draft(mentee, mentor), draft(member, mentor)
    ends = at_once(
        [
            lambda: actions.send_here(first, by=mentee, now=NOW),
            lambda: actions.send_here(second, by=member, now=NOW),
        ]
    )
    assert ends == ["done", "done"]
    assert Message.objects.filter(kind=NOTE).count() == 1


def test_signed_out_nobody_sees_anything(sent: Thanks) -> None:
    for name in ("index", "received", "mentor_add"):
        assert Client().get(reverse(f"thanks:{name}"))["Location"].startswith("/account/login/")
