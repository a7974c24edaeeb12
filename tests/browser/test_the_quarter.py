"""One quarter's end, with nothing mocked: a browser, the web server, a worker, the clock and a mail server, all real.

A program admin pairs two people. One of them catches two moments. The quarter ends; both are asked by e-mail, each at
their own coffee time. One follows the link, writes, shares a part, and is left in peace; the other reads exactly that
part, and is reminded once, although the worker was away for two days and two clocks tick. The admin learns that one
of the two has reflected.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from dev.mailcatcher import Caught
from mentoring.models import Enrollment, ProgramAdmin
from tests import tables
from tests.conftest import enroll, make_person

from .calendar import Calendar
from .crawler import pages_below
from .stack import Stack, eventually
from .visitor import Visitor

pytestmark = pytest.mark.browser

ADMIN, MENTOR, MENTEE = "rosa@harbor.example", "noor@harbor.example", "tomasz@harbor.example"
WARSAW, DENVER = ZoneInfo("Europe/Warsaw"), ZoneInfo("America/Denver")
SUBJECT = "What was your best stuff this quarter?"
QUESTION = "What was your best stuff?"
SLOTS_AHEAD = timedelta(seconds=30)  # How long before the mentor's coffee time the processes are started.

# What the mentee writes: words that are nowhere else.
CAUGHT_FOR_ME = "The kingfisher invoice was right at the first try"
CAUGHT_TOO = "I told the heron team no, and they thanked me"
FOR_THE_PAIR = "I explained the greenfinch pricing without once looking at my notes"
SET_ASIDE = "The woodlark report is still not written"
FOR_ME = "I asked the nightjar question in front of everybody"
FOR_EVERYONE = "Somebody new is quicker because I wrote the curlew page down"
PRIVATE = (CAUGHT_FOR_ME, CAUGHT_TOO, SET_ASIDE, FOR_ME)
SHARED = (FOR_THE_PAIR, FOR_EVERYONE)


def test_a_quarter_from_a_pairing_to_a_shared_reflection(stack: Stack, visit: Callable[..., Visitor]) -> None:
    calendar = Calendar(timezone.now().date())
    people_and_program(stack, calendar)
    stack.start("web", "worker", "beat")
    admin, mentee = visit(stack), visit(stack, timezone_id="Europe/Warsaw")
    the_admin_pairs_two_people(admin)
    both_are_told_of_their_pairing(stack)
    the_mentee_catches_two_moments(mentee)

    stack.restart(calendar.coffee(DENVER) - SLOTS_AHEAD)
    asked = each_is_asked_at_their_own_coffee_time(stack, calendar)
    link = the_e_mail_asks_and_tells_nothing(stack, asked)
    mentor = visit(stack, timezone_id="America/Denver")
    visitor = visit(stack, timezone_id="Europe/Warsaw")
    the_link_leads_to_that_very_form_and_signs_nobody_in(visitor, link)
    the_mentee_writes_leaves_and_comes_back(visitor)
    sign_in_at(mentor, "/", MENTOR)
    the_mentor_reads(mentor, ())
    the_mentee_reads_it_over_and_finishes(visitor)
    the_mentor_reads(mentor, SHARED)
    the_admin_sees_that_two_are_asked_and_no_word_of_it(admin)

    reminded_at = calendar.coffee(DENVER, weeks=1)
    the_next_tick_leaves_the_one_who_answered_in_peace(stack, reminded_at)
    no_private_word_is_anywhere_else(stack)


def people_and_program(stack: Stack, calendar: Calendar) -> None:
    """What a superuser has set up before: a program, who runs it, and two people in it who do not know each other."""
    with stack.database():
        program = calendar.program()
        program.has_wall = True
        program.save()
        ProgramAdmin.objects.create(program=program, person=make_person(ADMIN, "Rosa Lind"))
        mentor = make_person(MENTOR, "Noor Haddad", time_zone="America/Denver")
        mentee = make_person(MENTEE, "Tomasz Zielinski", time_zone="Europe/Warsaw")
        enroll(program, mentor, Enrollment.Role.MENTOR)
        enroll(program, mentee, Enrollment.Role.MENTEE)


def sign_in_at(visitor: Visitor, path: str, address: str) -> Page:
    """Go there signed out, and sign in by a code where that page asks for it."""
    visitor.goto(path)
    visitor.sign_in_by_code(address)
    expect(visitor.page.get_by_role("main")).to_be_visible()
    return visitor.page


# --- A pairing and two moments -------------------------------------------------------------------------------------


def the_admin_pairs_two_people(admin: Visitor) -> None:
    admin.goto("/admin/")
    admin.sign_in_by_code(ADMIN)
    page = admin.page
    expect(page).to_have_url(re.compile("/admin/$"))
    page.get_by_role("link", name="Pairings").first.click()
    page.get_by_role("link", name="Add pairing").click()
    page.get_by_label("Program:").select_option("Harbor Mentors")
    choose(page, "mentor", "Noor")
    choose(page, "mentee", "Tomasz")
    page.get_by_label("About:").fill("clients and pricing")
    page.get_by_label("Who says yes:").select_option("admins")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("was added successfully")
    expect(page.locator("#result_list")).to_contain_text("Noor Haddad and Tomasz Zielinski")
    expect(page.locator("#result_list")).to_contain_text("Active")


def choose(page: Page, field: str, name: str) -> None:
    """Search a person in one of the admin's fields, and take the one that is found."""
    page.locator(f".field-{field} .select2-selection").click()
    page.locator(".select2-search__field").fill(name)
    found = page.locator(".select2-results__option", has_text=name)
    expect(found).to_have_count(1)
    found.click()


def both_are_told_of_their_pairing(stack: Stack) -> None:
    for address, partner in ((MENTOR, "Tomasz"), (MENTEE, "Noor")):
        told = eventually(lambda a=address, p=partner: stack.letters(a, p), "the pairing's e-mail")  # type: ignore[misc]
        assert len(told) == 1
        assert "you are paired with" in str(told[0].message["Subject"])


def the_mentee_catches_two_moments(mentee: Visitor) -> None:
    page = sign_in_at(mentee, "/", MENTEE)
    for text, kind in ((CAUGHT_FOR_ME, "A win"), (CAUGHT_TOO, "A hard call")):
        page.get_by_role("textbox", name="What did you notice?").fill(text)
        page.get_by_text(kind, exact=True).click()
        mentee.press("Keep it")
        expect(page.get_by_text("Kept. Only you can see it.")).to_be_visible()
        expect(page.locator("main")).to_contain_text(text)


# --- The quarter's end ---------------------------------------------------------------------------------------------


def each_is_asked_at_their_own_coffee_time(stack: Stack, calendar: Calendar) -> dict[str, Caught]:
    """Half past seven has long come in Warsaw, and comes in Denver while we wait."""
    first = eventually(lambda: stack.letters(MENTEE, SUBJECT), "the mentee is asked")
    assert stack.now() < calendar.coffee(DENVER), "the processes took too long to start"
    assert not stack.letters(MENTOR, SUBJECT)
    then = eventually(lambda: stack.letters(MENTOR, SUBJECT), "the mentor is asked")
    assert stack.now() >= calendar.coffee(DENVER)
    assert len(first) == len(then) == 1
    return {MENTEE: first[0], MENTOR: then[0]}


def the_e_mail_asks_and_tells_nothing(stack: Stack, asked: dict[str, Caught]) -> str:
    """Text and HTML, the question itself, the headers of docs/mail.md, and one link, to the page of the quarter."""
    links = set()
    for address, name in ((MENTEE, "Tomasz"), (MENTOR, "Noor")):
        letter = asked[address]
        message = letter.message
        assert message["To"] == address
        assert message["Subject"] == SUBJECT
        assert str(message["From"]).startswith("Harbor Mentors <reflect@")
        assert re.fullmatch(r"<[0-9a-f-]{36}@[\w.-]+>", message["Message-ID"].strip())
        assert message["In-Reply-To"] == message["References"]
        assert "<reflections.harbor." in message["List-Id"]
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message["List-Unsubscribe"].strip("<>").startswith(stack.url("/mail/stop/"))
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
        text, html = letter.body("plain") or "", letter.body("html") or ""
        for body in (text, html):
            assert QUESTION in body
            assert name in body
            assert not any(words in body for words in PRIVATE)
            assert "<img" not in body
            to_the_page = set(re.findall(rf"{re.escape(stack.address)}/reflections/\d+/", body))
            assert len(to_the_page) == 1
            links |= to_the_page
            others = set(re.findall(r"https?://[^/\s\"'<>]+", body)) - {stack.address}
            assert not others, others
    assert len({asked[MENTEE].message["Message-ID"], asked[MENTOR].message["Message-ID"]}) == 2
    assert len(links) == 1
    return links.pop()


def the_link_leads_to_that_very_form_and_signs_nobody_in(visitor: Visitor, link: str) -> None:
    """Opening it changes nothing: not for a scanner that comes first, nor for the person, who is asked who they are."""
    before = visitor.stack.prints()
    scanned = visitor.context.request.get(link)
    assert "/account/login/" in scanned.url
    assert visitor.context.cookies() == [] or "sessionid" not in {
        c["name"] for c in visitor.context.cookies()
    }
    assert visitor.stack.prints() == before
    page = visitor.page
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    visitor.sign_in_by_code(MENTEE)
    expect(page).to_have_url(link)
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)


# --- Writing, and sharing a part of it -----------------------------------------------------------------------------


def write(page: Page, question: str, text: str, audience: str = "") -> None:
    """Write on the page of a question, see it saved by itself, and say who may read it."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(question)
    box = page.get_by_role("main").get_by_role("textbox").first
    box.press_sequentially(text)
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^Saved at \d\d:\d\d$"))
    if audience:
        expect(page.get_by_role("radio", name="Only me")).to_be_checked()
        with page.expect_response(re.compile("/save/$")):
            page.get_by_text(audience, exact=True).click()
        expect(page.get_by_role("radio", name=audience)).to_be_checked()
        expect(page.get_by_role("status")).to_have_text(re.compile(r"^Saved at"))


def the_mentee_writes_leaves_and_comes_back(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="A cup of coffee").click()
    expect(page.get_by_role("complementary")).to_contain_text(CAUGHT_FOR_ME)
    expect(page.get_by_role("complementary")).to_contain_text(CAUGHT_TOO)
    write(page, QUESTION, FOR_THE_PAIR, "My pairing")
    visitor.press("Next question")
    write(page, "still tugging at you", SET_ASIDE)
    expect(page.get_by_role("radio")).to_have_count(0)
    visitor.press("Fold it away")
    expect(page.get_by_role("main")).to_contain_text(FOR_THE_PAIR)  # The first answer stays in sight.
    write(page, "Look again", FOR_ME)
    visitor.press("Save and leave")
    expect(page).to_have_url(visitor.stack.url("/"))
    page.get_by_role("link", name="Carry on writing").click()
    page.get_by_role("link", name="Carry on writing").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What was it like before")
    visitor.press("Skip this one")
    write(page, "a little better off", FOR_EVERYONE, "The program")
    page.reload()
    expect(page.get_by_role("main").get_by_role("textbox").first).to_have_value(FOR_EVERYONE)
    expect(page.get_by_role("radio", name="The program")).to_be_checked()
    visitor.press("Next question")
    page.get_by_role("link", name="Read it over").click()


def the_mentee_reads_it_over_and_finishes(visitor: Visitor) -> None:
    page = visitor.page
    for group, words in (
        ("Everyone in Harbor Mentors", [FOR_EVERYONE]),
        ("You and Noor", [FOR_THE_PAIR]),
        ("Only you", [FOR_ME]),
    ):
        section = page.get_by_role("region", name=group)
        expect(section.get_by_role("article")).to_have_count(len(words))
        for text in words:
            expect(section).to_contain_text(text)
    expect(page.get_by_text(SET_ASIDE)).to_be_hidden()  # Folded away; its writer may unfold it.
    page.get_by_role("main").locator("summary").click()
    expect(page.get_by_text(SET_ASIDE)).to_be_visible()
    expect(page.get_by_role("main").get_by_role("button").first).to_have_text("Finish, share nothing")
    visitor.press("Finish and share as shown")
    expect(page.get_by_role("heading", level=1)).to_contain_text("some of your best work")


def the_mentor_reads(mentor: Visitor, shared: tuple[str, ...]) -> None:
    """On every page that the mentor can reach: those words, all of them, and no other."""
    page = mentor.goto("/pairings/")
    page.get_by_role("main").get_by_role("link", name="Tomasz").first.click()
    if shared:
        page.get_by_role("link", name="Read it in full").click()
        facing = page.get_by_role("region", name="Tomasz’s page")
        expect(facing.get_by_role("article")).to_have_count(len(shared))
        for words in shared:
            expect(facing).to_contain_text(words)
    else:
        expect(page.get_by_role("main")).to_contain_text("What Tomasz chooses to share with you")
    pages = pages_below(mentor, "/")
    read = "\n".join(pages.values())
    assert len(pages) > 8
    assert {words for words in (*PRIVATE, *SHARED) if words in read} == set(shared)


def the_admin_sees_that_two_are_asked_and_no_word_of_it(admin: Visitor) -> None:
    page = admin.goto("/admin/")
    expect(page.get_by_role("main")).to_contain_text("Two people are asked to reflect.")
    expect(page.get_by_role("main")).not_to_contain_text("people have finished")
    page.get_by_role("link", name="Rounds").first.click()
    row = page.locator("#result_list tbody tr")
    expect(row).to_have_count(1)
    pages = pages_below(admin, "/admin/") | pages_below(admin, "/")
    assert len(pages) > 25
    for words in (*PRIVATE, *SHARED):
        pages |= pages_below(admin, f"/admin/reflections/round/?q={words.split()[2]}", depth=0)
        assert not [path for path, said in pages.items() if words in said]


# --- After it ------------------------------------------------------------------------------------------------------


def the_next_tick_leaves_the_one_who_answered_in_peace(stack: Stack, reminded_at: datetime) -> None:
    """A week on, the worker is away for two days while two clocks tick; then two workers come back."""
    to_mentee = len(stack.letters(MENTEE))
    stack.restart(reminded_at + timedelta(minutes=5), "web", "beat", "beat2")
    stack.wait_for_ticks(3)
    assert len(stack.letters(MENTOR, SUBJECT)) == 1
    stack.restart(reminded_at + timedelta(days=2), "web", "beat", "beat2", "worker", "worker2")
    reminded = eventually(lambda: stack.letters(MENTOR, SUBJECT)[1:], "the mentor is reminded")
    stack.wait_for_ticks(4)
    assert len(stack.letters(MENTOR, SUBJECT)) == 2
    assert len(stack.letters(MENTEE)) == to_mentee
    assert len(stack.letters(MENTEE, SUBJECT)) == 1
    first = stack.letters(MENTOR, SUBJECT)[0].message
    assert reminded[0].message["References"] == first["References"]
    assert reminded[0].message["Message-ID"] != first["Message-ID"]


def no_private_word_is_anywhere_else(stack: Stack) -> None:
    """Not in a log, an e-mail or Redis; in the database nowhere but sealed."""
    sinks = dict(stack.logs()) | {"Redis": stack.everything_in_redis()}
    for letter in stack.letters():
        sinks[f"e-mail to {letter.recipients}"] = (
            letter.raw.decode(errors="replace") + (letter.body("plain") or "") + (letter.body("html") or "")
        )
    with stack.database():
        rows = dict(tables.contents())
        kept = "\n".join(tables.opened())
    assert all(words in kept for words in (*PRIVATE, *SHARED))
    sinks |= {f"table {table}": text for table, text in rows.items()}
    found = {where: words for where, said in sinks.items() for words in (*PRIVATE, *SHARED) if words in said}
    assert not found, found
