"""An admin's first day, in a browser: a program from a template, a list of two hundred people, and those who ask.

Seven rows of the list are wrong, and are mended. Of three who ask, one comes in, one waits until there is room, and
one hears a no. On the way axe reads the main pages (those of making a program are read in test_making_a_program.py),
and the pictures of docs/program-admins.md are made.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import Application
from mentoring.emails import INVITATION
from mentoring.models import Enrollment, Import, Invitation, Notice, Program
from tests.conftest import make_person

from .snapshots import SHOWN_AT, snapshot
from .test_profile_pages import enter, faults

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADMIN = "/admin/mentoring"
PEOPLE = 200
MEET = "Where would you rather meet?"
HEADINGS = ["E-mail", "Name", "Takes part as", "Team", "Room for", "Can help with", "Wants to learn", MEET]
FIRST = (
    "Ada", "Bela", "Cora", "Dario", "Edda", "Femi", "Greta", "Hamid", "Ilse", "Jonas",
    "Kemal", "Lina", "Mira", "Nils", "Oona", "Paul", "Rana", "Sami", "Tova", "Yuri",
)  # fmt: skip
LAST = ("Abel", "Brandt", "Costa", "Dahl", "Erdem", "Falk", "Grau", "Holm", "Ito", "Janda")
TEAMS = ("Sales", "Research", "Finance", "Support")
# By the row of the file, in which the headings are row 1: the column, what stands there, and what is said of it.
WRONG = {
    5: ("E-mail", "dario.abel.work.example", "Write one address here, such as noor@example.org."),
    38: ("E-mail", "", "Something has to stand here."),
    64: ("Takes part as", "mentorr", "Write mentor, mentee or both."),
    90: ("Takes part as", "", "Something has to stand here."),
    121: ("Room for", "a few", "Write a number from 0 to 20."),
    150: ("E-mail", "bela.abel@work.example", "The same address stands in row 3 already."),
    177: (MEET, "On the moon", "Write one of these: In person; By video or phone; Either is fine."),
}


@pytest.fixture(autouse=True)
def _in_june() -> Iterator[None]:
    with time_machine.travel(SHOWN_AT):
        yield


def test_from_a_template_to_two_hundred_invitations_and_the_first_answers(
    superuser: User, enter: Callable[..., Page], tmp_path: Path
) -> None:
    rosa = make_person("rosa@work.example", "Rosa Lind")
    program = a_program_is_made_and_has_somebody_who_runs_it(enter(superuser), rosa)
    page = enter(rosa, timezone_id=rosa.time_zone)
    its_questions_and_skills_are_looked_at(page, program)
    two_hundred_people_are_invited(page, program, tmp_path)
    it_begins_with_one_place_for_a_mentee(page, program)
    petra, quentin, ulla = three_people_ask_for_a_place(program, enter)
    one_comes_in_with_a_note(page, petra, enter)
    for_another_there_is_no_room(page, quentin)
    the_third_hears_a_no(page, ulla, enter)
    there_is_one_more_place_and_it_is_taken(page, program, quentin, enter)


# --- The program ---------------------------------------------------------------------------------------------------


def a_program_is_made_and_has_somebody_who_runs_it(page: Page, rosa: User) -> Program:
    page.goto(f"{ADMIN}/program/add/")
    page.get_by_label("Workplace").check()
    snapshot(page, "program-start")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name:", exact=True).fill("Quay Mentors")
    page.locator("#id_starts_on").fill("2026-07-06")
    page.locator("#id_ends_on").fill("2027-03-31")
    page.locator("#id_contact_name").fill("Rosa Lind")
    page.locator("#id_contact_email").fill(rosa.email)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Quay Mentors is made.")).to_be_visible()
    expect(page.get_by_role("heading", name="What is next")).to_be_visible()
    program = Program.objects.get(name="Quay Mentors")
    assert (program.status, program.join_policy) == ("draft", "approval")

    page.get_by_role("link", name="Name who runs it").click()
    expect(page.get_by_label("Program")).to_have_value(str(program.pk))
    page.get_by_label("E-mail address").fill(rosa.email)
    page.locator("#id_name").fill("Rosa")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("row", name="Rosa Lind")).to_be_visible()
    assert program.admins.get().person == rosa
    return program


def its_questions_and_skills_are_looked_at(page: Page, program: Program) -> None:
    page.goto(f"{ADMIN}/program/{program.pk}/change/")
    expect(page.get_by_role("listitem").filter(has_text="Name who runs it")).to_contain_text("Done")
    snapshot(page, "program-settings")
    page.get_by_role("link", name="Look at what people are asked").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(4)
    page.get_by_role("link", name=MEET).click()
    preview = page.get_by_role("region", name="As people see it")
    expect(preview.get_by_label("By video or phone")).to_be_disabled()
    no_faults(page, "question")
    snapshot(page, "question-with-preview", whole=True)
    page.goto(f"{ADMIN}/program/{program.pk}/change/")
    page.get_by_role("link", name="Look at the list of skills").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(program.skills.count())
    expect(page.get_by_role("link", name="Saying no")).to_be_visible()


# --- The list ------------------------------------------------------------------------------------------------------


def right_row(number: int) -> list[str]:
    """The row of the file with that number, as it should be."""
    at = number - 2
    first, last = FIRST[at % len(FIRST)], LAST[at // len(FIRST) % len(LAST)]
    is_mentor = at % 2 == 0
    return [
        f"{first}.{last}@work.example".lower(),
        f"{first} {last}",
        "mentor" if is_mentor else "mentee",
        TEAMS[at % len(TEAMS)],
        "2" if is_mentor else "",
        "Saying no; Hiring and being hired" if is_mentor else "",
        "" if is_mentor else "Planning a project",
        "Either is fine",
    ]


def sent_row(number: int) -> list[str]:
    row = right_row(number)
    if number in WRONG:
        heading, text, _why = WRONG[number]
        row[HEADINGS.index(heading)] = text
    return row


def written(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def two_hundred_people_are_invited(page: Page, program: Program, folder: Path) -> None:
    numbers = range(2, PEOPLE + 2)
    page.goto(f"{ADMIN}/import/")
    page.get_by_role("link", name="Add import").click()
    page.get_by_label("Program", exact=True).select_option("Quay Mentors")
    page.get_by_label("People, with a column that says their role").check()
    sent = written(folder / "colleagues.csv", [HEADINGS, *map(sent_row, numbers)])
    page.get_by_label("File", exact=True).set_input_files(sent)
    no_faults(page, "import-add")
    page.get_by_role("button", name="Read the file").click()

    expect(page.get_by_role("heading", name="Which column is which?")).to_be_visible()
    expect(page.get_by_text("There are 200 rows in this file")).to_be_visible()
    guessed = [page.locator(f"[name=column_{number}]").input_value() for number in range(len(HEADINGS))]
    assert guessed[:7] == ["email", "name", "role", "department", "capacity", "offers", "seeks"]
    assert guessed[7] == "question:where"
    expect(page.get_by_label("Invite them by e-mail")).to_be_checked()
    no_faults(page, "import-columns")
    page.get_by_role("button", name="Look through the rows").click()

    expect(page.get_by_role("heading", name="Something is wrong with 7 rows")).to_be_visible()
    expect(page.get_by_role("button", name="Import all")).to_have_count(0)
    page.get_by_role("link", name="Show only those with something wrong").click()
    expect(page.locator("tr[id^=row-]")).to_have_count(len(WRONG))
    for number, (heading, _text, why) in WRONG.items():
        row = page.locator(f"#row-{number}")
        expect(row).to_contain_text(why)
        # In which column, where it is seen on a narrow screen as well.
        expect(row.locator("td").first).to_contain_text(heading)
    no_faults(page, "import-preview")
    snapshot(page, "import-preview", whole=True)
    # A preview is the real thing, undone: nobody is there, and nobody is written to.
    assert not Enrollment.objects.exists()
    assert not Message.objects.filter(kind=INVITATION).exists()

    page.get_by_label("The file with the rows, mended").set_input_files(the_bad_rows_mended(page, folder))
    page.get_by_role("button", name="Send the mended rows").click()
    expect(page.get_by_text("7 rows are replaced.")).to_be_visible()
    expect(page.get_by_role("heading", name="Everything can be imported")).to_be_visible()
    assert not Enrollment.objects.exists()
    page.get_by_role("button", name="Import all 200 rows").click()

    expect(page.get_by_role("heading", name="Imported")).to_be_visible()
    expect(page.get_by_text("All rows of the file are in.")).to_be_visible()
    page.get_by_role("link", name="Look at the invitations").click()
    expect(page.locator(".paginator")).to_contain_text("200 invitations")
    two_hundred_are_there(program, {right_row(number)[0] for number in numbers})


def the_bad_rows_mended(page: Page, folder: Path) -> Path:
    """The file of those rows, with the reason beside each, as somebody sends it back."""
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV").click()
    saved.value.save_as(folder / "not-possible.csv")
    with (folder / "not-possible.csv").open(encoding="utf-8-sig", newline="") as file:
        headings, *rows = csv.reader(file)
    assert headings == ["Row", *HEADINGS, "What was wrong"]
    assert {int(row[0]): row[-1] for row in rows} == {
        number: f"{heading}: {why}" for number, (heading, _text, why) in WRONG.items()
    }
    mended = [[row[0], *right_row(int(row[0])), row[-1]] for row in rows]
    return written(folder / "mended.csv", [headings, *mended])


def two_hundred_are_there(program: Program, addresses: set[str]) -> None:
    places = Enrollment.objects.filter(program=program)
    assert set(places.values_list("person__email", flat=True)) == addresses
    assert len(addresses) == PEOPLE
    assert set(places.values_list("status", flat=True)) == {"invited"}
    assert Invitation.objects.unanswered(timezone.now()).filter(program=program).count() == PEOPLE
    owed = Message.objects.filter(kind=INVITATION)
    assert set(owed.values_list("person__email", flat=True)) == addresses
    assert owed.count() == PEOPLE
    source = Import.objects.get()
    assert (source.state, source.new, source.bad) == (Import.State.DONE, PEOPLE, 0)
    assert not source.rows.exists()
    assert not source.parts.exists()


# --- Those who ask -------------------------------------------------------------------------------------------------


def it_begins_with_one_place_for_a_mentee(page: Page, program: Program) -> None:
    page.goto(f"{ADMIN}/program/{program.pk}/change/")
    page.get_by_label("Places for mentees").fill("1")
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.get_by_text("0 people, 0 pairings, 200 open invitations")).to_be_visible()
    page.get_by_role("button", name="Begin these programs").click()
    expect(page.get_by_text("1 program is changed.")).to_be_visible()
    program.refresh_from_db()
    assert (program.status, program.places_for_mentees) == ("active", 1)


def three_people_ask_for_a_place(program: Program, enter: Callable[..., Page]) -> list[Enrollment]:
    """The first on the page, the others as the page does it."""
    petra = make_person("petra@work.example", "Petra Novak")
    page = enter(petra)
    page.goto(f"/programs/{program.pk}/apply/")
    page.get_by_role("radio", name="Mentee").first.check()
    page.get_by_label("What you would like to learn").fill("Leading a team for the first time, Saying no")
    page.get_by_label("What would be different for you in nine months").fill(
        "I would lead my team without doing all of its work myself."
    )
    page.get_by_label("By video or phone").check()
    page.get_by_label("I agree to these ground rules.").check()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("Those who run the program read what you said")).to_be_visible()
    page.context.close()
    for address, name in (("quentin@work.example", "Quentin Roux"), ("ulla@work.example", "Ulla Strand")):
        said = Application(
            "mentee", seeks=["Saying no"], department="Support", agreed_to=program.ground_rules
        )
        actions.apply(program, make_person(address, name), said, now=timezone.now())
    asked = Enrollment.objects.filter(program=program, status="applied").select_related("person")
    return list(asked.order_by("person__email"))


def open_place(page: Page, place: Enrollment) -> None:
    page.goto(f"{ADMIN}/enrollment/{place.pk}/change/")


def answer(page: Page, deed: str, confirm: str, note: str = "") -> None:
    page.get_by_role("button", name=deed, exact=True).click()
    if note:
        page.get_by_label("A note to them").fill(note)
    page.get_by_role("button", name=confirm).click()


def now_is(place: Enrollment, status: str, kind: Notice.Kind) -> None:
    """In that state, and told so once."""
    place.refresh_from_db()
    assert place.status == status
    notice = Notice.objects.get(enrollment=place, kind=kind)
    assert (
        Message.objects.filter(person=place.person, subject_id=notice.pk, kind=f"place_{kind}").count() == 1
    )


def one_comes_in_with_a_note(page: Page, petra: Enrollment, enter: Callable[..., Page]) -> None:
    page.goto("/admin/")
    page.get_by_role("link", name="Three applications wait for your answer").click()
    page.get_by_role("link", name="Applications in the list").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(3)
    no_faults(page, "applications")
    page.get_by_role("link", name="Petra Novak").or_(
        page.get_by_role("link", name=petra.person.email)
    ).click()
    expect(page.get_by_text("I would lead my team without doing all of its work myself.")).to_be_visible()
    no_faults(page, "application")
    snapshot(page, "application", height=1000)
    answer(page, "Approve", "Give these people a place", "You will hear of a mentor by Friday.")
    expect(page.get_by_text("1 place is changed.")).to_be_visible()
    now_is(petra, "active", Notice.Kind.APPROVED)
    theirs = enter(petra.person)
    theirs.goto(f"/programs/{petra.program_id}/")
    expect(theirs.get_by_text("You are a mentee here")).to_be_visible()
    expect(theirs.get_by_text("You will hear of a mentor by Friday.")).to_be_visible()
    theirs.context.close()


def for_another_there_is_no_room(page: Page, quentin: Enrollment) -> None:
    open_place(page, quentin)
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_text("Free places for mentees in Quay Mentors: 0.")).to_be_visible()
    page.get_by_role("button", name="Give these people a place").click()
    expect(page.get_by_text("There is no free place. Put them on the waitlist")).to_be_visible()
    quentin.refresh_from_db()
    assert (quentin.status, quentin.notices.count()) == ("applied", 0)
    open_place(page, quentin)
    answer(page, "Put on the waitlist", "Put these people on the waitlist")
    now_is(quentin, "waitlisted", Notice.Kind.WAITLISTED)


def the_third_hears_a_no(page: Page, ulla: Enrollment, enter: Callable[..., Page]) -> None:
    open_place(page, ulla)
    note = "Please ask again for the next cohort."
    answer(page, "Decline", "Decline these people", note)
    now_is(ulla, "declined", Notice.Kind.DECLINED)
    theirs = enter(ulla.person)
    theirs.goto(f"/programs/{ulla.program_id}/")
    expect(theirs.get_by_text(note)).to_be_visible()
    # As the page has said to Rosa: not in this program.
    expect(theirs.get_by_role("link", name="Ask for a place")).to_have_count(0)
    theirs.context.close()


def there_is_one_more_place_and_it_is_taken(
    page: Page, program: Program, quentin: Enrollment, enter: Callable[..., Page]
) -> None:
    page.goto(f"{ADMIN}/program/{program.pk}/change/")
    page.get_by_label("Places for mentees").fill("2")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{ADMIN}/enrollment/?status=waitlisted")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    page.locator("#result_list input[name=_selected_action]").check()
    page.locator("select[name=action]").select_option("offer")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_text("Free places for mentees in Quay Mentors: 1.")).to_be_visible()
    no_faults(page, "offer")
    snapshot(page, "offer-a-place", height=640)
    page.get_by_role("button", name="Offer these people a place").click()
    now_is(quentin, "waitlisted", Notice.Kind.OFFERED)
    assert quentin.is_offered(timezone.now())

    theirs = enter(quentin.person)
    theirs.goto(f"/programs/{program.pk}/")
    expect(theirs.get_by_text("A place has become free, and it is held for you until")).to_be_visible()
    no_faults(theirs, "offered")
    theirs.get_by_role("button", name="Take the place").click()
    expect(theirs.get_by_text("You are a mentee here")).to_be_visible()
    quentin.refresh_from_db()
    assert (quentin.status, quentin.offered_at) == ("active", None)
    page.goto(f"{ADMIN}/enrollment/?status=active")
    expect(page.get_by_role("link", name="Petra Novak")).to_be_visible()
    expect(page.get_by_role("link", name="Quentin Roux")).to_be_visible()


def no_faults(page: Page, name: str) -> None:
    """Nothing on it keeps anybody out, and it fits its window."""
    wrong = faults(page, f"first-day-{name}")
    assert not wrong, "\n".join(wrong)
