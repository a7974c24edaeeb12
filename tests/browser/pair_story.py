"""Two people at two browsers and a phone, what they get by e-mail, and on which days of their year it happens."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.test import override_settings
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from dev.mailcatcher import Caught
from mentoring.models import Enrollment, Pairing, ProgramAdmin
from tests.conftest import enroll, make_person, pair

from .calendar import Calendar
from .invitations import Invitation
from .stack import Stack, eventually
from .visitor import Visitor

ADMIN, EARLIER, STRANGER = "rosa@harbor.example", "ilka@harbor.example", "sanjay@harbor.example"
MENTOR, MENTEE = "noor@harbor.example", "tomasz@harbor.example"
BOTH = (MENTOR, MENTEE)
NEW_YORK, WARSAW = ZoneInfo("America/New_York"), ZoneInfo("Europe/Warsaw")
MORNING = time(9, 30)  # In New York; it is afternoon in Warsaw.


@dataclass(frozen=True)
class Days:
    """When what happens: always to come, and by the same steps in each year."""

    calendar: Calendar

    @classmethod
    def after(cls, today: date) -> "Days":
        return cls(Calendar(date(today.year + 1, 1, 1)))

    @property
    def begins(self) -> date:
        """The Tuesday two weeks before the quarter's end is asked about."""
        return self.calendar.ask_day - timedelta(days=14)

    @property
    def meets(self) -> date:
        return self.begins + timedelta(days=9)

    @property
    def goes_on(self) -> date:
        """After the pause, which begins when the quarter ends."""
        return self.calendar.ask_day + timedelta(days=14)

    @property
    def is_silent(self) -> date:
        return self.goes_on + timedelta(days=22)

    @property
    def ends(self) -> date:
        """As it is planned at first."""
        return self.is_silent + timedelta(days=27)

    @property
    def ends_later(self) -> date:
        return self.ends + timedelta(days=28)

    @property
    def half_a_year_on(self) -> date:
        return self.ends_later + timedelta(days=186)


def morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, NEW_YORK)


@dataclass
class Story:
    """The two, where they sit, and the page that they share."""

    stack: Stack
    days: Days
    room: str
    noor: Visitor
    tomasz: Visitor
    phone: Visitor  # Of Tomasz: signed in nowhere, without scripts.

    def goes_to(self, day: date) -> None:
        """The next chapter begins on that morning, with a tick."""
        self.stack.set_clock(morning(day))
        self.stack.start("web", "worker")
        self.stack.tick()

    def letter(self, to: str, subject: str, *, number: int = 1) -> Caught:
        """The last of so many e-mails to them with that in the subject; there are no more of them."""
        self.stack.tick()
        found = eventually(
            lambda: (letters := self.stack.letters(to, subject))[number - 1 :] and letters,
            f"{to} gets {subject!r}",
            within=20.0,
        )
        assert len(found) == number, [str(each.message["Subject"]) for each in found]
        return found[-1]

    def invitations(self, subject: str, *, number: int = 1) -> Invitation:
        """What both of them got: one meeting, said to each on their own clock."""
        found = {to: self.letter(to, subject, number=number) for to in BOTH}
        of_each = {to: Invitation.in_letter(letter) for to, letter in found.items()}
        assert of_each[MENTOR] == of_each[MENTEE]
        invitation = of_each[MENTOR]
        assert invitation.attendees == set(BOTH)
        for to, zone in ((MENTOR, NEW_YORK), (MENTEE, WARSAW)):
            local = invitation.starts.astimezone(zone)
            city = "New York" if zone is NEW_YORK else "Warsaw"
            assert re.search(rf"{local:%H:%M} to .* in {city}", found[to].body("plain") or ""), local
        return invitation


def people_and_their_pairing(stack: Stack, days: Days) -> str:
    """What those who run the program have done before; the path of the pair's page."""
    with stack.database(), override_settings(REHEARSAL_OFFSET=stack.offset):
        program = days.calendar.program()
        ProgramAdmin.objects.create(program=program, person=make_person(ADMIN, "Rosa Lind"))
        mentor = make_person(MENTOR, "Noor Haddad", time_zone=NEW_YORK.key)
        mentee = make_person(MENTEE, "Tomasz Zielinski", time_zone=WARSAW.key)
        earlier, stranger = make_person(EARLIER, "Ilka Brandt"), make_person(STRANGER, "Sanjay Rao")
        enroll(program, mentor, Enrollment.Role.MENTOR)
        for person in (mentee, earlier):
            enroll(program, person, Enrollment.Role.MENTEE)
        enroll(program, stranger, Enrollment.Role.MENTOR)
        User.objects.update(password=make_password(None))  # All of them sign in by a code.
        over = days.begins - timedelta(days=20)
        pair(program, mentor, earlier, status=Pairing.Status.COMPLETED, ended_on=over)
        made = pair(program, mentor, mentee, starts_on=days.begins, runs_until=days.ends)
        return f"/pairings/{made.pk}/"


def both_sign_in(story: Story) -> None:
    for visitor, address in ((story.noor, MENTOR), (story.tomasz, MENTEE)):
        visitor.goto(story.room)
        visitor.sign_in_by_code(address)
        expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("You and ")


def sign_in_anew(visitor: Visitor, address: str) -> None:
    visitor.context.clear_cookies()
    visitor.goto("/account/login/?next=/settings/")
    visitor.sign_in_by_code(address)
    expect(visitor.page.get_by_role("heading", name="Settings", level=1)).to_be_visible()


def link_in(letter: Caught, part: str) -> str:
    """The address in the e-mail that has this in it."""
    found = re.search(rf"http://\S+{part}\S*", letter.body("plain") or "")
    assert found, letter.body("plain")
    return found[0]


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("main").get_by_role("region", name=name)


def unfold(place: Page | Locator, summary: str) -> None:
    place.locator("summary").filter(has_text=summary).first.click()


def fill(place: Page | Locator, **fields: str) -> None:
    for label, value in fields.items():
        place.get_by_label(label.replace("_", " "), exact=False).first.fill(value)
