"""Applications, the waitlist and places in the admin: in an order that helps, moved by actions that ask first."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib import admin as admin_site
from django.contrib.admin.models import LogEntry
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from accounts.mail.models import Message
from accounts.models import Profile, User, UsualHours
from mentoring import actions
from mentoring.models import Enrollment, EnrollmentAnswer, Program
from tests.conftest import NOW, TODAY, enroll, make_person, pair, say_skills, signed_in

from .conftest import World
from .test_scope import url

LIST = "/admin/mentoring/enrollment/"


@pytest.fixture(autouse=True)
def _then() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser(admin: User) -> Client:
    return signed_in(admin)


def asking(
    program: Program, name: str, status: str = "applied", *, days_ago: int = 0, **more: object
) -> Enrollment:
    person = make_person(f"{name.lower()}@new.example", name)
    since = NOW - timedelta(days=days_ago)
    fields: dict[str, object] = {"status": status, "joined_on": None, "applied_at": since}
    if status == "waitlisted":
        fields["waitlisted_at"] = since
    return enroll(program, person, str(more.pop("role", "mentee")), **(fields | more))


def names(browser: Client, query: str = "") -> list[str]:
    return [row.known_as for row in browser.get(LIST + query).context["cl"].result_list]


def act(browser: Client, action: str, *rows: Enrollment, **form: str) -> str:
    data = {"action": action, "_selected_action": [row.pk for row in rows], **form}
    return browser.post(LIST, data, follow=True).content.decode()


# --- The list


def test_whoever_waits_for_an_answer_comes_first(program: Program, browser: Client, mentor: User) -> None:
    asking(program, "Cleo", "waitlisted", days_ago=1)
    asking(program, "Dora", "waitlisted", days_ago=5)
    asking(program, "Ben", days_ago=1)
    asking(program, "Ada", days_ago=2)
    ends = NOW + timedelta(days=5)
    asking(program, "Eve", "waitlisted", days_ago=3, offered_at=NOW, offer_expires_at=ends)
    assert names(browser) == ["Ada", "Ben", "Eve", "Dora", "Cleo", "Noor Haddad"]
    page = browser.get(LIST).content.decode()
    assert "Waits for your answer" in page
    assert "may answer until June 28, 2026" in page
    assert names(browser, "?status=applied") == ["Ada", "Ben"]
    assert names(browser, "?status=offered") == ["Eve"]
    assert names(browser, "?status=waitlisted") == ["Dora", "Eve", "Cleo"]
    assert names(browser, "?status=active") == ["Noor Haddad"]
    assert names(browser, "?status=nonsense") == []
    assert names(browser, "?status=waitlisted&role__exact=mentor") == []


def test_people_are_found_by_name_and_by_what_they_said(
    program: Program, browser: Client, mentor: User
) -> None:
    say_skills(Enrollment.objects.get(person=mentor), "offers", "Boat building", "Boat sailing")
    asking(program, "Ada")
    assert names(browser, "?q=boat") == ["Noor Haddad"]
    assert names(browser, "?q=noor") == ["Noor Haddad"]
    assert names(browser, "?q=new.example") == ["Ada"]


def test_nobody_who_has_not_said_yes_stands_where_their_name_would_put_them(
    program: Program, browser: Client
) -> None:
    for address, name in (("a@new.example", "Zoe"), ("b@new.example", "Ada")):
        enroll(program, make_person(address, name), "mentee", status="invited")
    assert names(browser) == ["a@new.example", "b@new.example"]
    assert names(browser, "?o=1") == ["a@new.example", "b@new.example"]
    assert names(browser, "?q=Zoe") == []


def test_the_list_costs_the_same_however_many_ask(
    program: Program, browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = asking(program, "Ada")
    say_skills(first, "offers", "Boats")
    queries = ["", "?status=applied", "?status=waitlisted", "?q=boats"]
    pages = [*(LIST + query for query in queries), url(Enrollment, "change", first.pk)]
    costs = []
    for page in pages:
        browser.get(page)  # What is kept in memory from the first time on is not counted.
        with django_assert_num_queries(30, exact=False) as few:
            browser.get(page)
        costs.append(len(few))
    for number in range(9):
        say_skills(asking(program, f"P{number}"), "offers", "Boats")
        asking(program, f"W{number}", "waitlisted")
        answer(first, code=f"q{number}")
    for page, cost in zip(pages, costs, strict=True):
        with django_assert_num_queries(cost):
            browser.get(page)


# --- One application


def answer(place: Enrollment, **fields: object) -> EnrollmentAnswer:
    values: dict[str, object] = {
        "code": "why", "asked": "What for?", "kind": "short", "audience": "admins", "text": "To learn the tides.",
    }  # fmt: skip
    return EnrollmentAnswer.objects.create(enrollment=place, **(values | fields))


def test_the_page_says_what_somebody_said_and_never_their_line_manager(
    program: Program, browser: Client
) -> None:
    place = asking(program, "Ada", line_manager="boss@boss.example", department="Docks", agreed_at=NOW)
    say_skills(place, "offers", "Boat building")
    say_skills(place, "seeks", "Pricing")
    answer(place)
    answer(place, code="when", asked="When?", kind="choices", text="", chosen=["Mornings", "<b>Never</b>"])
    answer(place, code="how", asked="How?", audience="pairing", text="Slowly.")
    Profile.objects.create(person=place.person, languages=["pl", "de"])
    UsualHours.objects.create(person=place.person, weekday=0, begins=18, ends=24)
    page = browser.get(url(Enrollment, "change", place.pk)).content.decode()
    for words in (
        "Boat building", "Pricing", "What for?", "To learn the tides.", "Mornings, &lt;b&gt;Never&lt;/b&gt;",
        "Slowly.", "and by their pairing", "Polish, German", "Monday", "Docks", "Approve", "Put on the waitlist",
        f"/people/{place.person_id}/",
    ):  # fmt: skip
        assert words in page, words
    assert "boss" not in page
    assert "<b>Never" not in page


def test_hours_and_languages_are_for_those_who_may_read_the_profile(
    program: Program, superuser: User
) -> None:
    place = asking(program, "Ada")
    answer(place)
    Profile.objects.create(person=place.person, languages=["pl"])
    page = signed_in(superuser).get(url(Enrollment, "change", place.pk)).content.decode()
    assert "To learn the tides." in page
    assert "Polish" not in page


def test_of_whoever_is_only_invited_nothing_is_shown(program: Program, browser: Client) -> None:
    place = asking(program, "Ada", "invited", applied_at=None)
    answer(place)
    page = browser.get(url(Enrollment, "change", place.pk)).content.decode()
    assert "To learn the tides." not in page
    assert "What they said" not in page
    assert "Ada" not in page


def test_the_state_is_no_field_of_the_form(program: Program, browser: Client) -> None:
    place = asking(program, "Ada")
    form = {"role": "mentor", "status": "active", "capacity": "2", "joined_on": "", "department": "Docks"}
    assert browser.post(url(Enrollment, "change", place.pk), form).status_code == 302
    place.refresh_from_db()
    assert (place.status, place.role, place.department) == ("applied", "mentor", "Docks")


def test_what_is_written_on_a_page_undoes_no_answer_that_another_admin_gives_meanwhile(
    program: Program, browser: Client, superuser: User
) -> None:
    place = asking(program, "Ada")
    page = admin_site.site._registry[Enrollment]
    opened = Enrollment.objects.get(pk=place.pk)
    opened.department = "Docks"
    actions.approve(place, by=superuser, now=NOW)
    page.save_model(RequestFactory().post("/"), opened, SimpleNamespace(changed_data=["department"]), True)  # type: ignore[arg-type]
    place.refresh_from_db()
    assert (place.status, place.department) == ("active", "Docks")


def test_whoever_is_in_has_a_first_day(program: Program, browser: Client, mentor: User) -> None:
    place = Enrollment.objects.get(person=mentor)
    form = {"role": "mentor", "capacity": "2", "joined_on": ""}
    page = browser.post(url(Enrollment, "change", place.pk), form).content.decode()
    assert "Say on which day this person joined." in page


@pytest.mark.parametrize(("who", "role"), [("mentor", "mentee"), ("mentee", "mentor")])
@pytest.mark.parametrize(("status", "stays"), [("requested", False), ("proposed", True)])
def test_a_request_keeps_nobody_in_a_role(
    program: Program,
    browser: Client,
    mentor: User,
    mentee: User,
    who: str,
    role: str,
    status: str,
    stays: bool,
) -> None:
    pair(program, mentor, mentee, status=status, mentor_accepted_at=None)
    place = Enrollment.objects.get(person={"mentor": mentor, "mentee": mentee}[who])
    form = {"role": role, "capacity": "2", "joined_on": "2026-01-05"}
    page = browser.post(url(Enrollment, "change", place.pk), form, follow=True).content.decode()
    assert ("That pairing has to end first." in page) == stays
    place.refresh_from_db()
    assert place.role == (who if stays else role)


def test_a_role_is_one_of_the_programs_and_has_room(program: Program, browser: Client, mentor: User) -> None:
    place = Enrollment.objects.get(person=mentor)
    form = {"role": "both", "capacity": "2", "joined_on": "2026-01-05"}
    Program.objects.update(roles="either")
    page = browser.post(url(Enrollment, "change", place.pk), form).content.decode()
    assert "Nobody has this role in this program." in page
    Program.objects.update(roles="either_or_both", places_for_mentees=0)
    page = browser.post(url(Enrollment, "change", place.pk), form).content.decode()
    assert "There is no free place in this role." in page
    Program.objects.update(places_for_mentees=1)
    assert browser.post(url(Enrollment, "change", place.pk), form).status_code == 302


# --- Answers


@pytest.mark.parametrize(
    ("action", "after", "kind"),
    [
        ("approve", "active", "place_approved"),
        ("waitlist", "waitlisted", "place_waitlisted"),
        ("decline", "declined", "place_declined"),
    ],
)
def test_an_answer_names_whom_it_concerns_and_then_goes_to_each_once(
    program: Program, browser: Client, action: str, after: str, kind: str
) -> None:
    rows = [asking(program, "Ada"), asking(program, "Ben")]
    page = act(browser, action, *rows)
    for row in rows:
        assert f"{row.person} (Harbor Mentors, Mentee, Waits for your answer)" in page
        row.refresh_from_db()
        assert row.status == "applied"
    assert not Message.objects.exists()
    note = "We start\nin July."
    page = act(browser, action, *rows, confirmed="yes", note=note)
    assert "2 places are changed." in page
    for row in rows:
        row.refresh_from_db()
        assert (row.status, row.decision_note) == (after, note)
        assert Message.objects.get(person=row.person).kind == kind
        entry = LogEntry.objects.get(object_id=str(row.pk))
        assert note not in entry.change_message
    page = act(browser, action, *rows, confirmed="yes")
    assert "This is answered already" in page
    assert Message.objects.count() == 2


def test_a_note_that_is_too_long_keeps_what_was_typed_and_changes_nothing(
    program: Program, browser: Client
) -> None:
    place = asking(program, "Ada")
    page = act(browser, "decline", place, confirmed="yes", note="long " * 300)
    assert "at most 1000 characters" in page
    assert "long long long" in page
    assert 'name="confirmed"' in page
    assert "<title>Error:" in page
    place.refresh_from_db()
    assert place.status == "applied"


def test_the_page_says_how_many_places_are_free(program: Program, browser: Client) -> None:
    Program.objects.update(places_for_mentees=1)
    rows = [asking(program, "Ada"), asking(program, "Ben", days_ago=-1)]
    page = act(browser, "approve", *rows)
    assert "Free places for mentees in Harbor Mentors: 1." in page
    assert "for mentors in" not in page
    page = act(browser, "approve", *rows, confirmed="yes")
    assert "1 place is changed." in page
    assert "There is no free place. Put them on the waitlist" in page


def test_a_place_is_offered_to_a_chosen_one(program: Program, browser: Client) -> None:
    asking(program, "Ada", "waitlisted", days_ago=9)
    chosen = asking(program, "Ben", "waitlisted")
    page = act(browser, "offer", chosen)
    assert "Days to answer in Harbor Mentors: 5." in page
    act(browser, "offer", chosen, confirmed="yes", note="As we said.")
    chosen.refresh_from_db()
    assert chosen.offered_at == NOW
    assert Message.objects.filter(kind="place_offered").count() == 1


def test_a_note_is_changed_on_the_page_once_there_is_an_answer(program: Program, browser: Client) -> None:
    place = asking(program, "Ada")
    page = url(Enrollment, "change", place.pk)
    form = {"role": "mentee", "capacity": "1", "joined_on": "", "note": "Next year."}
    assert 'name="note"' not in browser.get(page).content.decode()
    browser.post(page, form)
    place.refresh_from_db()
    assert place.decision_note == ""
    act(browser, "decline", place, confirmed="yes", note="Next yera.")
    assert "Next yera." in browser.get(page).content.decode()
    browser.post(page, form)
    place.refresh_from_db()
    assert (place.status, place.decision_note) == ("declined", "Next year.")
    assert Message.objects.count() == 1
    assert "Next year." not in LogEntry.objects.filter(object_id=str(place.pk)).first().change_message  # type: ignore[union-attr]


# --- Moving a place


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("pause", "active", "paused"),
        ("resume", "paused", "active"),
        ("resume", "completed", "active"),
        ("complete", "active", "completed"),
        ("complete", "paused", "completed"),
        ("withdraw", "active", "withdrawn"),
        ("withdraw", "applied", "withdrawn"),
        ("withdraw", "waitlisted", "withdrawn"),
    ],
)
def test_a_place_is_moved_after_a_page_that_says_what_it_means(
    program: Program, browser: Client, action: str, before: str, after: str
) -> None:
    place = asking(program, "Ada", before, joined_on=TODAY)
    assert "Ada (Harbor Mentors, Mentee" in act(browser, action, place)
    place.refresh_from_db()
    assert place.status == before
    act(browser, action, place, confirmed="yes")
    place.refresh_from_db()
    assert place.status == after
    assert not Message.objects.exists()


def test_a_place_is_paused_until_a_day(program: Program, browser: Client) -> None:
    place = asking(program, "Ada", "active", joined_on=TODAY)
    assert "Write the day like" in act(browser, "pause", place, confirmed="yes", until="soon")
    assert "Choose a day to come" in act(browser, "pause", place, confirmed="yes", until="2026-06-23")
    act(browser, "pause", place, confirmed="yes", until="2026-09-01")
    place.refresh_from_db()
    assert (place.status, str(place.paused_until)) == ("paused", "2026-09-01")
    assert "until September 1, 2026" in browser.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        ("applied", {"approve", "waitlist", "decline", "withdraw"}),
        ("waitlisted", {"offer", "approve", "decline", "withdraw"}),
        ("active", {"pause", "complete", "withdraw"}),
        ("paused", {"resume", "complete", "withdraw"}),
        ("completed", {"resume"}),
        ("invited", set()),
        ("declined", set()),
        ("withdrawn", set()),
    ],
)
def test_a_page_has_the_buttons_that_make_sense(
    program: Program, browser: Client, status: str, buttons: set[str]
) -> None:
    place = asking(program, "Ada", status, joined_on=TODAY)
    response = browser.get(url(Enrollment, "change", place.pk))
    assert {name for name, _words in response.context["deeds"]} == buttons


def test_whoever_asks_gets_an_answer_and_is_not_deleted(program: Program, browser: Client) -> None:
    for status, code in (("applied", 403), ("waitlisted", 403), ("withdrawn", 302)):
        place = asking(program, f"A{status}", status)
        assert browser.post(url(Enrollment, "delete", place.pk), {"post": "yes"}).status_code == code


@pytest.mark.parametrize(
    "action", ["approve", "waitlist", "offer", "decline", "pause", "complete", "withdraw"]
)
def test_no_action_touches_a_place_of_another_program(
    own: World, foreign: World, browser: Client, action: str
) -> None:
    rows = [
        asking(foreign.program, "Xanthe Foreign"),
        asking(foreign.program, "Yu", "waitlisted"),
        foreign.rows[Enrollment],
    ]
    before = list(Enrollment.objects.order_by("pk").values())
    page = act(browser, action, *rows, confirmed="yes", note="x")  # type: ignore[arg-type]
    assert "Xanthe" not in page
    assert list(Enrollment.objects.order_by("pk").values()) == before
    for row in rows:
        assert browser.get(url(Enrollment, "change", row.pk)).status_code == 404


# --- Adding


def test_adding_says_the_same_of_known_and_unknown_addresses(
    program: Program, browser: Client, outsider: User
) -> None:
    pages = []
    for address in (outsider.email, "nobody@elsewhere.example"):
        form = {
            "program": program.pk, "email": address, "name": "Some Body", "role": "mentee", "capacity": "1",
            "joined_on": "2026-06-23",
        }  # fmt: skip
        page = browser.post(url(Enrollment, "add"), form, follow=True).content.decode()
        assert f"Invited by e-mail, for a week: {address}." in page
        assert "Berg" not in page
        place = Enrollment.objects.get(person__email=address)
        shown = browser.get(url(Enrollment, "change", place.pk)).content.decode()
        history = browser.get(url(Enrollment, "history", place.pk)).content.decode()
        assert "Berg" not in shown + history
        pages.append(shown.replace(address, "").replace(f"/enrollment/{place.pk}/", ""))
    assert names(browser, "?q=Berg") == []
    # The token against forgery is another one each time.
    one, other = ([line for line in page.splitlines() if "csrf" not in line] for page in pages)
    assert one == other


# --- The first page


def test_the_first_page_says_who_waits_and_leads_there(
    own: World, foreign: World, program: Program, browser: Client
) -> None:
    assert "On the way in" not in browser.get("/admin/").content.decode()
    asking(foreign.program, "Xu")
    asking(program, "Ada")
    asking(program, "Ben")
    ends = NOW + timedelta(days=5)
    asking(program, "Eve", "waitlisted", offered_at=NOW, offer_expires_at=ends)
    asking(program, "Cleo", "waitlisted")
    page = browser.get("/admin/").content.decode()
    assert "Two applications wait for your answer" in page
    assert "one offered place is open" in page
    assert "one person is on the waitlist" in page
    assert f"{LIST}?program={program.pk}&amp;status=applied" in page
    assert "Hill Mentors" not in page
    assert names(browser, f"?program={program.pk}&status=applied") == ["Ada", "Ben"]
    Program.objects.update(status="closed")
    assert "On the way in" not in browser.get("/admin/").content.decode()
