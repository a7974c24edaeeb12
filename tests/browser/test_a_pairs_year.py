"""A pair's year in fast forward, with nothing mocked: two people at two browsers, e-mails with calendars and links, and
the clock set from outside to the day on which something happens next.

One of them is signed in nowhere but at home, and answers their e-mails on a phone without scripts. At the end a program
admin, somebody else from the program and an earlier partner look everywhere for a word of it.
"""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from .invitations import MAIL_SERVER, Invitation, declining
from .onlookers import Onlooker
from .pair_story import (
    ADMIN,
    BOTH,
    EARLIER,
    MENTEE,
    MENTOR,
    NEW_YORK,
    STRANGER,
    WARSAW,
    Days,
    Story,
    both_sign_in,
    fill,
    link_in,
    morning,
    people_and_their_pairing,
    section,
    sign_in_anew,
    unfold,
)
from .stack import Stack, manage
from .visitor import Visitor

pytestmark = pytest.mark.browser

# What they write: words that are nowhere else, with one in common to search for.
WORD = "nightjar"
AGREED, CHANGED, WISH = "nightjar-agreed", "nightjar-changed", "nightjar-wish"
TOPIC, SHARED_NOTE, GOAL, WHY, STEP = (
    "nightjar-topic",
    "nightjar-shared-note",
    "nightjar-goal",
    "nightjar-why",
    "nightjar-step",
)
REFLECTED, HEARD, POSTCARD = "nightjar-reflected", "nightjar-heard", "nightjar-postcard"
OF_BOTH = (AGREED, CHANGED, WISH, TOPIC, SHARED_NOTE, GOAL, WHY, STEP, REFLECTED, HEARD, POSTCARD)
PRIVATE_NOTE, REASON, KEPT = "nightjar-private-note", "nightjar-reason", "nightjar-kept"
OF_THE_MENTOR = (PRIVATE_NOTE, REASON, KEPT)


def test_a_pairs_year(stack: Stack, visit: Callable[..., Visitor]) -> None:
    days = Days.after(timezone.now().date())
    stack.variables["INBOUND_AUTHSERV_ID"] = MAIL_SERVER
    stack.set_clock(morning(days.begins))
    room = people_and_their_pairing(stack, days)
    stack.start("web", "worker")
    story = Story(
        stack,
        days,
        room,
        visit(stack, timezone_id=NEW_YORK.key),
        visit(stack, timezone_id=WARSAW.key),
        visit(
            stack, timezone_id=WARSAW.key, java_script_enabled=False, viewport={"width": 390, "height": 844}
        ),
    )
    both_sign_in(story)
    they_agree(story)
    planned = they_find_a_time(story)
    moved = it_is_moved(story, planned)
    a_calendar_says_no_and_it_is_called_off(story, moved)
    it_is_planned_anew(story, moved)
    they_prepare(story)

    story.goes_to(days.meets + timedelta(days=1))
    they_say_by_link_that_they_met(story)
    they_write_notes(story)

    story.goes_to(days.calendar.ask_day)
    one_reflects_with_the_goal_beside_it(story)
    one_pauses(story)

    story.goes_to(days.goes_on)
    it_goes_on_by_itself(story)

    story.goes_to(days.is_silent)
    one_says_by_link_that_they_are_in_touch(story)

    story.goes_to(days.ends - timedelta(days=13))
    they_go_on_for_longer(story)

    story.goes_to(days.ends_later + timedelta(days=1))
    it_is_over_and_they_take_their_leave(story)
    both_would_like_to_stay_in_touch(story)

    story.goes_to(days.half_a_year_on)
    a_postcard_is_written_and_postcards_are_muted(story)

    paths = both_find_what_is_theirs(story)
    nobody_else_finds_a_word(story, visit, paths)
    no_word_is_in_an_e_mail_or_a_log(stack)


# --- First things ----------------------------------------------------------------------------------------------------


def they_agree(story: Story) -> None:
    """One suggests, the other puts it otherwise, and both have said yes to the same words."""
    noor, tomasz = story.noor.page, story.tomasz.page
    story.tomasz.goto(story.room)
    tomasz.get_by_role("link", name="Look at a suggestion").first.click()
    tomasz.get_by_label("How often do we meet").fill(AGREED)
    tomasz.get_by_label("How would you like to hear hard things?").fill(WISH)
    story.tomasz.press("Suggest it to Noor")
    expect(tomasz.get_by_text("Noor can read it now")).to_be_visible()

    story.noor.goto(story.room)
    section(noor, "What you could agree on").get_by_role("link").click()
    expect(noor.get_by_role("main")).to_contain_text(WISH)
    noor.get_by_role("link", name="Put it otherwise").click()
    expect(noor.get_by_label("How often do we meet")).to_have_value(AGREED)
    noor.get_by_label("Where?").fill(CHANGED)
    story.noor.press("Suggest it to Tomasz")
    expect(noor.get_by_text("Tomasz can read it now")).to_be_visible()

    story.tomasz.goto(story.room)
    section(tomasz, "What you could agree on").get_by_role("link").click()
    expect(tomasz.get_by_role("main")).to_contain_text(CHANGED)
    story.tomasz.press("Yes, agreed")
    expect(tomasz.get_by_text("Agreed.", exact=True)).to_be_visible()
    for visitor in (story.noor, story.tomasz):
        agreed = section(visitor.goto(story.room), "What you agreed")
        expect(agreed).to_contain_text(AGREED)
        expect(agreed).to_contain_text(CHANGED)


# --- Meetings --------------------------------------------------------------------------------------------------------


def they_find_a_time(story: Story) -> Invitation:
    """Three times that suit both are proposed; one is taken on the phone, by the link in the e-mail."""
    page = story.noor.goto(story.room)
    times = page.get_by_role("group", name="Times that suit").get_by_role("checkbox")
    for number in range(3):
        times.nth(number).check()
    story.noor.press("Propose to Tomasz")
    expect(section(page, "You have proposed times").get_by_role("listitem")).to_have_count(3)

    phone = story.phone.goto(link_in(story.letter(MENTEE, "which of these times would suit you"), "/times/"))
    choices = phone.get_by_role("button", name="This one")
    expect(choices).to_have_count(3)
    choices.nth(1).click()
    expect(phone.get_by_role("heading", name="You meet on")).to_be_visible()
    planned = story.invitations("You meet")
    assert (planned.method, planned.sequence) == ("REQUEST", 0)
    assert planned.starts > story.stack.now()
    return planned


def it_is_moved(story: Story, planned: Invitation) -> Invitation:
    page = story.tomasz.goto(story.room)
    expect(section(page, "Next").or_(page.get_by_role("main")).first).to_contain_text("for Noor in New York")
    page.get_by_role("link", name="Move it").click()
    unfold(page, "Change time, length or place")
    change = section(page, "Or change it at once")
    fill(change, Day=story.days.meets.isoformat(), Time="16:00")
    story.tomasz.press("Change it")
    moved = story.invitations("Changed: you meet")
    assert (moved.method, moved.uid) == ("REQUEST", planned.uid)
    assert moved.sequence > planned.sequence
    assert moved.starts == datetime.combine(story.days.meets, time(16), WARSAW)
    return moved


def a_calendar_says_no_and_it_is_called_off(story: Story, moved: Invitation) -> None:
    answer = declining(moved, MENTOR, story.stack.now())
    manage(story.stack.environment(), "receive", "--recipient", moved.organizer, given=answer)
    story.letter(MENTEE, "Noor cannot come")
    page = story.tomasz.goto(story.room)
    expect(page.get_by_role("main")).to_contain_text("Noor cannot come then.")
    unfold(page, "Cancel this meeting")
    story.tomasz.press("Cancel the meeting")
    expect(page.get_by_role("heading", name="No meeting planned")).to_be_visible()
    off = story.invitations("Canceled")
    assert (off.method, off.uid) == ("CANCEL", moved.uid)
    assert off.sequence > moved.sequence


def it_is_planned_anew(story: Story, before: Invitation) -> None:
    page = story.noor.goto(f"{story.room}meetings/plan/")
    unfold(page, "Put it into both calendars")
    fill(section(page, "You have agreed on a time already?"), Day=story.days.meets.isoformat(), Time="10:00")
    story.noor.press("Plan it")
    planned = story.invitations("You meet", number=2)
    assert planned.method == "REQUEST"
    assert planned.uid != before.uid
    assert planned.starts == datetime.combine(story.days.meets, time(10), NEW_YORK)


def they_prepare(story: Story) -> None:
    """Something to talk about, a goal, and a small step towards it."""
    page = story.tomasz.goto(story.room)
    section(page, "What you will talk about").get_by_label("Add something").fill(TOPIC)
    section(page, "What you will talk about").get_by_role("button", name="Add").click()
    expect(section(page, "What you will talk about").get_by_role("listitem").first).to_contain_text(TOPIC)
    goals = section(page, "Goals")
    unfold(goals, "Add a goal")
    fill(goals, The_goal=GOAL, Why_it_matters=WHY)
    goals.get_by_role("button", name="Add a goal").click()
    expect(goals.get_by_role("link", name=GOAL)).to_be_visible()
    steps = section(page, "Things we said we would do")
    unfold(steps, "Add one")
    fill(steps, What=STEP)
    steps.get_by_label("Towards").select_option(label=GOAL)
    steps.get_by_role("button", name="Add one").click()
    expect(steps.get_by_role("checkbox", name=STEP)).not_to_be_checked()


def they_say_by_link_that_they_met(story: Story) -> None:
    story.letter(MENTOR, "Tomasz agrees with what you suggested")
    story.letter(MENTOR, "did you meet Tomasz?")
    link = link_in(story.letter(MENTEE, "did you meet Noor?"), "/met/")
    phone = story.phone.goto(link)
    expect(phone.get_by_role("heading", name="Did you meet Noor?")).to_be_visible()
    story.phone.press("Yes, we met")
    expect(phone.get_by_role("heading", name="Noted: you met")).to_be_visible()


def they_write_notes(story: Story) -> None:
    """The mentor one for both and one for herself; the mentee ticks what is done, and never comes upon the other."""
    for kind, label, text, button in (
        ("shared", "A note for you both", SHARED_NOTE, "Share it with Tomasz"),
        ("private", "A note for yourself", PRIVATE_NOTE, "Keep the private note"),
    ):
        page = story.noor.goto(story.room)
        section(page, "Notes").get_by_role("link", name=f"Write a {kind} note").click()
        page.wait_for_url(re.compile(f"/notes/{kind}/$"))
        page.get_by_label(label).fill(text)
        story.noor.press(button)
        page = story.noor.goto(f"{story.room}notes/")
        expect(page.get_by_role("article").filter(has_text=text)).to_be_visible()
    expect(page.get_by_role("article").filter(has_text=PRIVATE_NOTE)).to_contain_text("only you read this")

    page = story.tomasz.goto(story.room)
    expect(section(page, "Notes")).to_contain_text(SHARED_NOTE)
    section(page, "What you will talk about").get_by_role("button", name="Talked about").click()
    expect(section(page, "What you will talk about")).not_to_contain_text(TOPIC)
    steps = section(page, "Things we said we would do")
    steps.get_by_role("checkbox", name=STEP).check()
    story.tomasz.press("Save what is done")
    expect(steps.get_by_role("checkbox", name=STEP)).to_be_checked()


# --- The quarter's end, a pause, a silence ----------------------------------------------------------------------------


def one_reflects_with_the_goal_beside_it(story: Story) -> None:
    story.letter(MENTOR, "best stuff this quarter")
    page = story.tomasz.goto(link_in(story.letter(MENTEE, "best stuff this quarter"), "/reflections/"))
    page.get_by_role("link", name="A cup of coffee").click()
    expect(page.get_by_role("complementary")).to_contain_text(GOAL)
    page.get_by_role("main").get_by_role("textbox").first.fill(REFLECTED)
    with page.expect_response(re.compile("/save/$")):
        page.get_by_text("My pairing", exact=True).click()
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^Saved at"))
    page.goto(f"{page.url.partition('questions/')[0]}review/")
    story.tomasz.press("Finish and share as shown")
    expect(page.get_by_role("heading", level=1)).to_contain_text("some of your best work")


def one_pauses(story: Story) -> None:
    page = story.noor.goto(f"{story.room}ending/")
    page.get_by_role("link", name="Pause until a day").click()
    fill(page, Until=story.days.goes_on.isoformat(), Why=REASON)
    story.noor.press("Pause this pairing")
    expect(page.get_by_text("It rests now").first).to_be_visible()
    expect(section(story.noor.goto(f"{story.room}ending/"), "What you noted for yourself")).to_contain_text(
        REASON
    )
    letter = story.letter(MENTEE, "rests for a while")
    assert f"{story.days.goes_on:%B} {story.days.goes_on.day}" in (letter.body("plain") or "")


def it_goes_on_by_itself(story: Story) -> None:
    for to in BOTH:
        story.letter(to, "goes on")
    page = story.tomasz.goto(story.room)
    expect(page.get_by_role("heading", name="No meeting planned")).to_be_visible()
    assert not story.stack.letters(subject="in touch?")


def one_says_by_link_that_they_are_in_touch(story: Story) -> None:
    """After three weeks of silence; nobody is asked any more."""
    link = link_in(story.letter(MENTEE, "are you and Noor in touch?"), "/silence/")
    story.letter(MENTOR, "are you and Tomasz in touch?")
    expect(section(story.noor.goto(story.room), "Are you and Tomasz in touch?")).to_be_visible()
    phone = story.phone.goto(link)
    story.phone.press("Yes, we are in touch")
    expect(phone.get_by_role("heading", name="Good")).to_be_visible()
    expect(section(story.noor.goto(story.room), "Are you and Tomasz in touch?")).to_have_count(0)


# --- The end, and after it --------------------------------------------------------------------------------------------


def they_go_on_for_longer(story: Story) -> None:
    """Both are told two weeks before the last day; one proposes a later one, and the other agrees."""
    for to in BOTH:
        story.letter(to, "ends on")
    page = story.tomasz.goto(f"{story.room}longer/")
    page.get_by_label("Until").fill(story.days.ends_later.isoformat())
    story.tomasz.press("Ask Noor")
    story.noor.goto(link_in(story.letter(MENTOR, "how long would you like"), "/longer/"))
    story.noor.press("Yes, go on until then")
    story.letter(MENTEE, "you and Noor go on")


def it_is_over_and_they_take_their_leave(story: Story) -> None:
    for to in BOTH:
        story.letter(to, "is over")
    page = story.noor.goto(link_in(story.letter(MENTOR, "is over"), "/farewell/"))
    fill(page, What_will_you_keep=KEPT, What_should_Tomasz_hear=HEARD)
    story.noor.press("Keep it, and send what is to be heard")
    expect(section(story.noor.goto(story.room), "At the end")).to_contain_text(KEPT)
    page = story.tomasz.goto(link_in(story.letter(MENTEE, "Noor left you a few words"), "/pairings/"))
    expect(page.get_by_role("main")).to_contain_text(HEARD)
    # Where the two were, nothing is planned or written any more.
    page = story.tomasz.goto(story.room)
    expect(page.get_by_role("button", name=re.compile("^(Propose|Add|Keep the private note)"))).to_have_count(
        0
    )


def both_would_like_to_stay_in_touch(story: Story) -> None:
    for visitor in (story.noor, story.tomasz):
        asked = section(visitor.goto(story.room), "Would you like to stay in touch")
        asked.get_by_role("button", name="Yes, gladly").click()
        expect(asked.get_by_role("button", name="Yes, gladly")).to_have_count(0)
    for to in BOTH:
        story.letter(to, "stay in touch")
    expect(section(story.noor.goto(story.room), "You and Tomasz stay in touch")).to_contain_text(MENTEE)


def a_postcard_is_written_and_postcards_are_muted(story: Story) -> None:
    mute = link_in(story.letter(MENTEE, "How is Noor getting on?"), "/postcards/[^/\\s]{20,}")
    page = story.noor.goto(link_in(story.letter(MENTOR, "How is Tomasz getting on?"), "/postcards/"))
    page.get_by_role("main").get_by_role("textbox").fill(POSTCARD)
    story.noor.press("Send it to Tomasz")
    link = link_in(story.letter(MENTEE, "a postcard from Noor"), "/postcards/")
    expect(story.tomasz.goto(link).get_by_role("article")).to_contain_text(POSTCARD)
    phone = story.phone.goto(mute)
    story.phone.press("No more postcards")
    expect(phone.get_by_role("heading", name="No more postcards", exact=True)).to_be_visible()
    expect(story.tomasz.goto(f"{story.room}postcards/").get_by_text("Postcards are muted")).to_be_visible()


# --- Who reads it ----------------------------------------------------------------------------------------------------


def both_find_what_is_theirs(story: Story) -> set[str]:
    """Each the words of both, the mentor also her own; and where all of it stands."""
    noor, tomasz = Onlooker(story.noor), Onlooker(story.tomasz)
    paths: set[str] = set()
    for one, address in ((noor, MENTOR), (tomasz, MENTEE)):
        sign_in_anew(one.visitor, address)  # A copy of one's data is made for whoever has just signed in.
        paths |= one.reads_all_pages("/pairings/")
    noor.takes_their_data()
    assert set(noor.found((*OF_BOTH, *OF_THE_MENTOR))) == {*OF_BOTH, *OF_THE_MENTOR}
    assert set(tomasz.found(OF_BOTH)) == set(OF_BOTH)
    tomasz.takes_their_data()
    tomasz.subscribes_to_their_calendar()
    assert not tomasz.found(OF_THE_MENTOR)
    return {path for path in paths if path.startswith(story.room)}


def nobody_else_finds_a_word(story: Story, visit: Callable[..., Visitor], paths: set[str]) -> None:
    assert len(paths) > 10
    for address in (EARLIER, STRANGER, ADMIN):
        one = Onlooker(visit(story.stack))
        sign_in_anew(one.visitor, address)
        seen = one.reads_all_pages(alike=True)
        one.is_shut_out_of(paths)
        assert story.room not in one.subscribes_to_their_calendar()
        programs = {path for path in seen if re.fullmatch(r"/programs/\d+/(mentors|resources)/", path)}
        one.searches_for(WORD, programs)
        if address == EARLIER:
            one.takes_their_data()
        if address == ADMIN:
            seen = one.reads_all_pages("/admin/", alike=True)
            lists = {path for path in seen if re.fullmatch(r"/admin/\w+/\w+/", path)}
            assert len(lists) > 5
            one.searches_for(WORD, lists)
            one.exports(lists)
        assert not one.found((*OF_BOTH, *OF_THE_MENTOR))


def no_word_is_in_an_e_mail_or_a_log(stack: Stack) -> None:
    texts = dict(stack.logs()) | {"Redis": stack.everything_in_redis()}
    for letter in stack.letters():
        bodies = (letter.body("plain") or "", letter.body("html") or "")
        texts[f"to {letter.recipients}: {letter.message['Subject']}"] = "".join(
            [letter.raw.decode(errors="replace"), *bodies]
        )
    words = (*OF_BOTH, *OF_THE_MENTOR)  # The one that was searched for stands in the log, as an address.
    assert not [where for where, text in texts.items() if any(each in text for each in words)]
