"""A program in the admin: made in two steps, its settings, and who may do what with it."""

import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from PIL import Image

from accounts import clock
from accounts.models import User
from mentoring import actions
from mentoring.models import Holiday, Logo, Pairing, Program, ProgramAdmin
from tests.conftest import NOW, signed_in
from tests.mentoring.calendars import cast

from .test_scope import url

pytestmark = pytest.mark.django_db
ADD = "/admin/mentoring/program/add/"


def beginnings(**fields: str) -> dict[str, str]:
    return {
        "name": "Quay Mentors",
        "starts_on": "2026-09-01",
        "ends_on": "2027-05-31",
        "status": "draft",
        "time_zone": "Europe/Berlin",
        "fiscal_first_month": "10",
        "join_policy": "approval",
        "matched_by": "both",
        "contact_name": "Bram",
        "contact_email": "bram@quay.example",
    } | fields


def settings_of(program: Program, **fields: Any) -> dict[str, Any]:
    """All that the page of a program sends, with no holiday."""
    names = (
        "name", "purpose", "starts_on", "time_zone", "roles", "mentors_are", "mentees_are", "join_policy", "offer_days",
        "matched_by", "pairings_per_mentee", "agreement", "ground_rules", "concern_name", "concern_email",
        "contact_name", "contact_email", "accent", "approval", "directory_for", "open_requests", "help_url",
        "whom_colleague", "whom_client", "whom_myself", "whom_mentee", "whom_mentor",
    )  # fmt: skip
    as_they_are = {name: str(getattr(program, name)) for name in names}
    return (
        as_they_are
        | {"directory_shows": program.directory_shows}
        | ({"has_wall": "on"} if program.has_wall else {})
        | holidays()
        | fields
    )


def holidays(*rows: tuple[str, str, str]) -> dict[str, str]:
    form = {"holidays-TOTAL_FORMS": str(len(rows)), "holidays-INITIAL_FORMS": "0"}
    for number, (name, first, last) in enumerate(rows):
        form[f"holidays-{number}-name"] = name
        form[f"holidays-{number}-starts_on"] = first
        form[f"holidays-{number}-ends_on"] = last
    return form


def errors_of(response: HttpResponse) -> dict[str, Any]:
    assert response.status_code == 200
    return dict(response.context["adminform"].form.errors)  # type: ignore[attr-defined]


def picture(size: tuple[int, int] = (300, 100), format: str = "PNG") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, format)
    return SimpleUploadedFile("logo.png", out.getvalue(), "image/png")


# --- From what


def test_a_superuser_is_offered_five_templates_and_every_program(
    program: Program, other_program: Program, superuser: User
) -> None:
    text = signed_in(superuser).get(ADD).content.decode()
    for words in (
        "Workplace",
        "University",
        "Community",
        "Peers",
        "Reverse",
        "After Harbor Mentors",
        "After Hill",
    ):
        assert words in text
    assert text.count('type="radio"') == 7
    assert "Colleagues help each other grow" in text


def test_a_program_admin_is_offered_their_own_programs_only(
    program: Program, other_program: Program, admin: User
) -> None:
    text = signed_in(admin).get(ADD).content.decode()
    assert "After Harbor Mentors" in text
    assert "Hill" not in text
    assert "Workplace" not in text


@pytest.mark.parametrize(
    "start", ["", "nonsense", "template:workplace", "template:nothing", "after:0", "after:x"]
)
def test_what_one_may_not_begin_from_is_asked_anew_with_the_reason(
    program: Program, admin: User, start: str
) -> None:
    client = signed_in(admin)
    for answer in (client.get(ADD, {"start": start}), client.post(f"{ADD}?start={start}", beginnings())):
        assert answer.status_code == 200
        assert "Choose one of these." in answer.content.decode()
    assert Program.objects.count() == 1


def test_nobody_begins_from_a_program_that_they_do_not_run(
    program: Program, other_program: Program, admin: User
) -> None:
    answer = signed_in(admin).post(f"{ADD}?start=after:{other_program.pk}", beginnings())
    assert "Choose one of these." in answer.content.decode()
    assert Program.objects.count() == 2


# --- Making one


def test_a_superuser_makes_a_program_from_a_template_and_is_told_what_is_next(superuser: User) -> None:
    client = signed_in(superuser)
    with time_machine.travel(NOW, tick=False):
        form = client.get(ADD, {"start": "template:workplace"})
        initial = form.context["adminform"].form.initial
        answer = client.post(f"{ADD}?start=template:workplace", beginnings(), follow=True)
    assert (initial["starts_on"], initial["ends_on"]) == (date(2026, 7, 1), date(2027, 3, 31))
    assert (initial["time_zone"], initial["contact_name"]) == ("Europe/Lisbon", "Sam")
    made = Program.objects.get()
    assert (made.name, made.slug, made.status, made.fiscal_first_month) == (
        "Quay Mentors",
        "quay-mentors",
        "draft",
        10,
    )
    assert "Nobody is paired with somebody in their own reporting line." in made.ground_rules
    assert made.enrollment_questions.count() == 4
    assert made.skills.count() == 20
    text = answer.content.decode()
    assert answer.redirect_chain == [(url(Program, "change", made.pk), 302)]
    assert "What is next" in text
    assert f"/admin/mentoring/invitation/add/?program={made.pk}" in text
    assert f"/admin/mentoring/programadmin/add/?program={made.pk}" in text
    assert LogEntry.objects.get().change_message == "From the template “Workplace”."


def test_the_next_step_finds_its_program_chosen(program: Program, admin: User) -> None:
    text = signed_in(admin).get(f"/admin/mentoring/invitation/add/?program={program.pk}").content.decode()
    assert re.search(rf'<option value="{program.pk}" selected>', text)


def test_what_is_next_is_said_until_somebody_is_in_it(program: Program, admin: User, superuser: User) -> None:
    page = url(Program, "change", program.pk)
    assert "What is next" in signed_in(admin).get(page).content.decode()
    ProgramAdmin.objects.all().delete()
    Program.objects.update(status="closed")
    assert "What is next" not in signed_in(superuser).get(page).content.decode()


def test_the_next_steps_lead_to_the_lists_that_this_admin_has(
    program: Program, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mentoring.admin import programs

    def words() -> list[str]:
        return [str(step.words) for step in programs._next_steps(program)]

    monkeypatch.setattr(programs, "_list_of", lambda model: None)
    assert words() == ["Name who runs it", "Say what makes a good pair", "Invite people"]
    monkeypatch.setattr(programs, "_list_of", lambda model: f"/admin/{model._meta.model_name}/")
    assert words()[1:-2] == ["Look at what people are asked", "Look at the list of skills"]
    assert programs._next_steps(program)[1].url == f"/admin/enrollmentquestion/?program={program.pk}"


def test_a_program_admin_makes_the_next_cohort_and_runs_it(program: Program, admin: User) -> None:
    client = signed_in(admin)
    Program.objects.update(ends_on=date(2026, 10, 4))
    with time_machine.travel(NOW, tick=False):
        initial = client.get(ADD, {"start": f"after:{program.pk}"}).context["adminform"].form.initial
        answer = client.post(f"{ADD}?start=after:{program.pk}", beginnings())
    assert (initial["starts_on"], initial["ends_on"]) == (date(2026, 10, 5), date(2027, 7, 4))
    made = Program.objects.exclude(pk=program.pk).get()
    assert answer["Location"] == url(Program, "change", made.pk)
    assert made.follows == program
    assert made.status == "draft"
    assert [row.person for row in made.admins.all()] == [admin]
    assert client.get(url(Program, "change", made.pk)).status_code == 200
    assert LogEntry.objects.get().change_message == "After Harbor Mentors."


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"ends_on": "2026-01-01"}, "ends_on", "The last day must not come before the first."),
        ({"name": ""}, "name", "This field is required."),
        ({"time_zone": "Mars/Base"}, "time_zone", "Select a valid choice"),
        ({"status": "closed"}, "status", "Select a valid choice"),
        ({"contact_email": "bram"}, "contact_email", "Enter a valid email address."),
        ({"starts_on": "tomorrow"}, "starts_on", "Enter a valid date."),
    ],
)
def test_a_program_that_cannot_be_is_refused_beside_the_field_and_what_was_typed_is_kept(
    superuser: User, fields: dict[str, str], name: str, words: str
) -> None:
    answer = signed_in(superuser).post(f"{ADD}?start=template:peer", beginnings(concern_name="Ilse") | fields)
    assert words in str(errors_of(answer)[name])
    assert 'value="Ilse"' in answer.content.decode()
    assert not Program.objects.exists()


def test_only_a_superuser_deletes_programs(program: Program, admin: User, superuser: User) -> None:
    assert signed_in(admin).post(url(Program, "delete", program.pk), {"post": "yes"}).status_code == 403
    ProgramAdmin.objects.all().delete()
    assert signed_in(superuser).post(url(Program, "delete", program.pk), {"post": "yes"}).status_code == 302


def test_a_program_in_which_there_are_pairs_is_closed_before_it_is_deleted(
    program: Program, pairing: Pairing, mentor: User, mentee: User, superuser: User
) -> None:
    cast.told(pairing)
    cast.send_all()
    client, there = signed_in(superuser), url(Program, "delete", program.pk)
    answer = client.post(there, {"post": "yes"})
    assert "1 pair that goes on: close the program first" in answer.content.decode()
    assert Pairing.objects.exists()
    actions.close_program(program, by=superuser, now=clock.now())
    assert [cast.latest(person).kind for person in (mentor, mentee)] == ["meeting_cancelled"] * 2
    assert client.post(there, {"post": "yes"}).status_code == 302
    assert not Program.objects.exists()


def test_a_right_that_ended_makes_no_next_cohort(
    program: Program, admin: User, other_program: Program
) -> None:
    client = signed_in(admin)
    ProgramAdmin.objects.filter(person=admin).update(program=other_program)
    answer = client.post(f"{ADD}?start=after:{program.pk}", beginnings())
    assert "Choose one of these." in answer.content.decode()
    ProgramAdmin.objects.filter(person=admin).delete()
    assert client.post(f"{ADD}?start=after:{program.pk}", beginnings()).status_code == 404
    assert Program.objects.count() == 2


# --- Settings


def test_an_admin_changes_their_program_and_neither_its_quarters_nor_its_status(
    program: Program, admin: User
) -> None:
    form = settings_of(
        program,
        name="Harbor Mentors 2026",
        contact_name="Bram",
        pairings_per_mentee="2",
        ground_rules="Be kind.",
        fiscal_first_month="2",
        slug="other",
        status="closed",
    )
    assert signed_in(admin).post(url(Program, "change", program.pk), form).status_code == 302
    program.refresh_from_db()
    assert (program.name, program.contact_name) == ("Harbor Mentors 2026", "Bram")
    assert (program.pairings_per_mentee, program.ground_rules) == (2, "Be kind.")
    assert (program.fiscal_first_month, program.slug, program.status) == (4, "harbor", "active")


def test_every_setting_is_on_the_page_and_says_what_it_means(program: Program, admin: User) -> None:
    page = signed_in(admin).get(url(Program, "change", program.pk))
    shown = {name for _title, group in page.context["adminform"].fieldsets for name in group["fields"]}
    settings = {field.name for field in Program._meta.concrete_fields} - {
        "id",
        "logo_key",
        "created_at",
        "follows",
    }
    assert settings <= shown
    text = page.content.decode()
    for words in (
        "How many mentors somebody may have at one time.",
        "Who says which two become a pair.",
        "An invitation always opens the door.",
        "After that it is offered to the next on the waitlist.",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"ends_on": "2025-01-01"}, "ends_on", "The last day must not come before the first."),
        ({"pairings_per_mentee": "0"}, "pairings_per_mentee", "greater than or equal to 1"),
        ({"pairings_per_mentee": "10"}, "pairings_per_mentee", "less than or equal to 9"),
        ({"offer_days": "61"}, "offer_days", "less than or equal to 60"),
        ({"retention_months": "121"}, "retention_months", "less than or equal to 120"),
        ({"concern_email": "nobody"}, "concern_email", "Enter a valid email address."),
        (
            {"ends_on": "2026-12-31", "applications_until": "2027-01-01"},
            "applications_until",
            "That is after the last day of the program.",
        ),
        ({"accent": "dark green"}, "accent", "Write a color as # and six digits"),
        ({"accent": "#12345"}, "accent", "Write a color as # and six digits"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_beside_its_field_and_what_was_typed_is_kept(
    program: Program, admin: User, fields: dict[str, str], name: str, words: str
) -> None:
    form = settings_of(program, purpose="Something else altogether.") | fields
    answer = signed_in(admin).post(url(Program, "change", program.pk), form)
    assert words in str(errors_of(answer)[name])
    text = answer.content.decode()
    assert "Something else altogether." in text
    assert f'value="{fields[name]}"' in text
    program.refresh_from_db()
    assert program.purpose == "Pairs people who learn from each other."


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("#1a3a6e", "too dark to be seen on our dark pages: its contrast there is 1.47 to 1"),
        ("#f5b73d", "too light to be seen on our light pages: its contrast there is 1.71 to 1"),
    ],
)
def test_a_color_that_cannot_be_seen_is_refused_with_its_contrast_and_a_shade_that_can(
    program: Program, admin: User, typed: str, words: str
) -> None:
    page = url(Program, "change", program.pk)
    client = signed_in(admin)
    (said,) = errors_of(client.post(page, settings_of(program, accent=typed)))["accent"]
    assert words in said
    nearest = re.findall(r"#[0-9a-f]{6}", said)[-1]
    assert client.post(page, settings_of(program, accent=nearest)).status_code == 302
    program.refresh_from_db()
    assert program.accent == nearest


@pytest.mark.parametrize("typed", ["#317563", "317563", " #317563 ", "#317563".upper()])
def test_a_color_is_read_however_it_is_written(program: Program, admin: User, typed: str) -> None:
    form = settings_of(program, accent=typed)
    assert signed_in(admin).post(url(Program, "change", program.pk), form).status_code == 302
    program.refresh_from_db()
    assert program.accent == "#317563"


def test_holidays_are_written_down_with_the_program(program: Program, admin: User) -> None:
    rows = holidays(("Summer", "2026-08-01", "2026-08-31"), ("", "2026-12-24", "2027-01-06"))
    form = settings_of(program) | rows
    assert signed_in(admin).post(url(Program, "change", program.pk), form).status_code == 302
    assert [(row.name, row.starts_on) for row in program.holidays.all()] == [
        ("Summer", date(2026, 8, 1)),
        ("", date(2026, 12, 24)),
    ]


def test_a_holiday_that_ends_before_it_begins_is_refused_beside_its_last_day(
    program: Program, admin: User
) -> None:
    form = settings_of(program) | holidays(("Summer", "2026-08-31", "2026-08-01"))
    answer = signed_in(admin).post(url(Program, "change", program.pk), form)
    text = answer.content.decode()
    assert "The last day must not come before the first." in text
    assert 'value="Summer"' in text
    assert not Holiday.objects.exists()


def test_a_holiday_of_another_program_is_not_reached_through_ones_own(
    program: Program, other_program: Program, admin: User
) -> None:
    theirs = Holiday.objects.create(
        program=other_program, name="Theirs", starts_on=date(2026, 8, 1), ends_on=date(2026, 8, 2)
    )
    form = settings_of(program) | holidays(("Mine", "2026-09-01", "2026-09-02"))
    form |= {
        "holidays-INITIAL_FORMS": "1",
        "holidays-0-id": str(theirs.pk),
        "holidays-0-program": str(program.pk),
    }
    signed_in(admin).post(url(Program, "change", program.pk), form)
    theirs.refresh_from_db()
    assert (theirs.name, theirs.program) == ("Theirs", other_program)


# --- The logo


def test_a_logo_is_kept_shown_exchanged_and_taken_away(program: Program, admin: User) -> None:
    client, page = signed_in(admin), url(Program, "change", program.pk)
    assert client.post(page, settings_of(program, logo=picture())).status_code == 302
    program.refresh_from_db()
    first = program.logo_key
    assert first
    assert f"/programs/logo/{first}/" in client.get(page).content.decode()
    assert Image.open(BytesIO(bytes(Logo.objects.get().content))).size == (300, 100)

    assert client.post(page, settings_of(program, logo=picture((100, 100)))).status_code == 302
    program.refresh_from_db()
    assert program.logo_key not in ("", first)
    assert client.get(f"/programs/logo/{first}/").status_code == 404

    assert client.post(page, settings_of(program, take_logo_away="on")).status_code == 302
    program.refresh_from_db()
    assert program.logo_key == ""
    assert not Logo.objects.exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("logo.svg", b"<svg onload='alert(1)'/>"), "This is no picture that we can read."),
        (SimpleUploadedFile("logo.png", b""), "This file is empty."),
        (picture((10, 10)), "This picture is very small."),
        (picture((900, 30)), "This picture is a long line."),
    ],
    ids=["svg", "empty", "small", "line"],
)
def test_a_file_that_is_no_logo_is_refused_beside_its_field(
    program: Program, admin: User, file: SimpleUploadedFile, words: str
) -> None:
    file.seek(0)
    form = settings_of(program, logo=file, purpose="Typed before.")
    answer = signed_in(admin).post(url(Program, "change", program.pk), form)
    assert words in str(errors_of(answer)["logo"])
    assert "Typed before." in answer.content.decode()
    program.refresh_from_db()
    assert program.logo_key == ""


def test_somebody_who_runs_another_program_changes_nothing_here(program: Program, other_admin: User) -> None:
    form = settings_of(program, name="Mine now", logo=picture())
    assert signed_in(other_admin).post(url(Program, "change", program.pk), form).status_code == 404
    program.refresh_from_db()
    assert (program.name, program.logo_key) == ("Harbor Mentors", "")


def test_a_form_that_was_opened_before_does_not_undo_a_pause(program: Program, admin: User) -> None:
    """The page saves what was changed in it, and nothing else."""
    form = settings_of(program, purpose="New words.")
    Program.objects.update(status="paused", contact_name="Somebody else")
    form["contact_name"] = "Somebody else"
    signed_in(admin).post(url(Program, "change", program.pk), form)
    program.refresh_from_db()
    assert (program.status, program.purpose) == ("paused", "New words.")
