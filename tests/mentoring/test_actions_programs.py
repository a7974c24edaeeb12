"""A program from its template, or from the one before, to the archive."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from mentoring import actions, following, retention, rules
from mentoring.actions import Refused, duplicate_program, make_from_template
from mentoring.models import (
    Enrollment,
    EnrollmentQuestion,
    Holiday,
    Logo,
    Pairing,
    Program,
    ProgramAdmin,
    Retention,
    Skill,
)
from mentoring.program_templates import templates
from mentoring.quarter import plus_months
from reflections.models import Moment, Prompt, Questionnaire
from tests.conftest import NOW, TODAY, make_person, say_skills

pytestmark = pytest.mark.django_db
WORKPLACE = templates()["workplace"]
SAID = {"name": "Quay Mentors", "starts_on": date(2026, 9, 1), "ends_on": date(2027, 5, 31)}
S = Program.Status


# --- From a template -----------------------------------------------------------------------------------------------


def test_what_is_said_goes_before_what_the_template_says(superuser: User) -> None:
    said = SAID | {"join_policy": "open", "fiscal_first_month": 7, "status": "active"}
    program = make_from_template(WORKPLACE, said, by=superuser, now=NOW)
    program.refresh_from_db()
    assert (program.name, program.join_policy, program.fiscal_first_month) == ("Quay Mentors", "open", 7)
    assert (program.status, program.offer_days, program.retention_months) == ("active", 5, 24)
    assert program.follows is None


@pytest.mark.parametrize("who", ["admin", "mentor", "outsider"])
def test_only_superusers_make_programs_from_nothing(
    who: str, program: Program, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    with pytest.raises(Refused):
        make_from_template(WORKPLACE, SAID, by=person, now=NOW)
    person.is_superuser, person.is_active = True, False
    with pytest.raises(Refused):
        make_from_template(WORKPLACE, SAID, by=person, now=NOW)
    assert Program.objects.count() == 1


def test_what_no_program_can_be_is_refused_and_nothing_is_left_behind(superuser: User) -> None:
    for more in (
        {"ends_on": date(2026, 1, 1)},
        {"time_zone": "Mars/Base"},
        {"name": ""},
        {"status": "closed"},
    ):
        with pytest.raises(Refused):
            make_from_template(WORKPLACE, SAID | more, by=superuser, now=NOW)
    with pytest.raises(TypeError):
        make_from_template(WORKPLACE, SAID | {"logo_key": "mine"}, by=superuser, now=NOW)
    assert not Program.objects.exists()
    assert not Skill.objects.exists()


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Harbor", "harbor-2"),
        ("HARBOR!", "harbor-2"),
        ("Наставники", "program"),
        ("-", "program"),
        ("x" * 120, "x" * 55),
    ],
)
def test_a_new_program_gets_a_short_name_of_its_own(
    program: Program, superuser: User, name: str, slug: str
) -> None:
    assert make_from_template(WORKPLACE, SAID | {"name": name}, by=superuser, now=NOW).slug == slug


def test_the_form_is_filled_in_from_the_first_of_next_month(superuser: User) -> None:
    filled = following.from_template(WORKPLACE, by=superuser, today=date(2026, 12, 31))
    assert (filled["starts_on"], filled["ends_on"]) == (date(2027, 1, 1), date(2027, 9, 30))
    assert following.from_template(templates()["community"], by=superuser, today=TODAY)["ends_on"] is None


# --- After an earlier one ------------------------------------------------------------------------------------------


@pytest.fixture
def earlier(program: Program, mentor: User, admin: User) -> Program:
    """With one of everything."""
    Program.objects.update(
        ends_on=date(2026, 10, 4),
        applications_until=date(2025, 12, 29),
        ground_rules="Be kind.",
        agreement="Once a month.",
        pairings_per_mentee=2,
        places_for_mentees=30,
        accent="#317563",
        retention_months=12,
        concern_name="Ilse",
        concern_email="ilse@harbor.example",
    )
    program.refresh_from_db()
    Skill.objects.create(program=program, name="Listening")
    Skill.objects.create(program=program, name="Only proposed", state="proposed")
    say_skills(Enrollment.objects.get(person=mentor), "offers", "Writing")
    for code, is_active in (("hopes", True), ("gone", False)):
        EnrollmentQuestion.objects.create(
            program=program,
            code=code,
            text="What for?",
            kind="choice",
            options=["This", "That"],
            audience="pairing",
            is_active=is_active,
        )
    Holiday.objects.create(program=program, name="Over", starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 7))
    Holiday.objects.create(
        program=program, name="Ahead", starts_on=date(2026, 12, 24), ends_on=date(2027, 1, 6)
    )
    actions.keep_logo(program, b"a logo", by=admin)
    return program


def test_the_next_program_has_what_the_earlier_one_had(earlier: Program, admin: User) -> None:
    new = duplicate_program(earlier, SAID, by=admin, now=NOW, same_admins=True)
    new.refresh_from_db()
    assert new.follows == earlier
    assert new.status == S.DRAFT
    for name in following.HANDED_ON:
        assert getattr(new, name) == getattr(earlier, name), name
    assert new.applications_until == SAID["starts_on"] - timedelta(days=7)
    assert [skill.name for skill in new.skills.all()] == ["Listening", "Writing"]
    (question,) = new.enrollment_questions.all()
    assert (question.code, question.options, question.audience) == ("hopes", ["This", "That"], "pairing")
    assert [holiday.name for holiday in new.holidays.all()] == ["Ahead"]
    assert bytes(Logo.objects.get(program=new).content) == b"a logo"
    assert new.logo_key not in ("", earlier.logo_key)
    assert not new.enrollments.exists()
    assert not new.pairings.exists()
    assert not new.rounds.exists()


def test_every_setting_is_handed_on_moved_or_said(earlier: Program) -> None:
    fields = {field.name for field in Program._meta.concrete_fields}
    begun_anew = {"id", "slug", "created_at", "follows", "logo_key", "applications_until"}
    assert fields == begun_anew | set(following.HANDED_ON) | set(actions.SAID_AT_FIRST)


def test_the_earlier_program_stays_as_it_was(earlier: Program, admin: User) -> None:
    before = Program.objects.filter(pk=earlier.pk).values().get()
    duplicate_program(earlier, SAID, by=admin, now=NOW, same_admins=True)
    assert Program.objects.filter(pk=earlier.pk).values().get() == before
    assert earlier.skills.count() == 3
    assert earlier.holidays.count() == 2


def test_who_runs_the_next_one(earlier: Program, admin: User, superuser: User) -> None:
    other = make_person("ilse@harbor.example", "Ilse")
    gone = make_person("gone@harbor.example", "Gone", is_active=False)
    for person in (other, gone):
        ProgramAdmin.objects.create(program=earlier, person=person)

    def runners(by: User, *, same_admins: bool) -> set[User]:
        new = duplicate_program(earlier, SAID, by=by, now=NOW, same_admins=same_admins)
        return {row.person for row in new.admins.all()}

    assert runners(admin, same_admins=True) == {admin, other}
    assert runners(admin, same_admins=False) == {admin}
    assert runners(superuser, same_admins=True) == {admin, other}
    assert runners(superuser, same_admins=False) == set()


def test_only_those_who_run_it_make_the_next_one(
    earlier: Program, mentor: User, other_admin: User, admin: User
) -> None:
    ProgramAdmin.objects.filter(person=admin).delete()
    for person in (mentor, other_admin, admin):
        with pytest.raises(Refused):
            duplicate_program(earlier, SAID, by=person, now=NOW, same_admins=True)


def test_an_archived_program_can_be_made_anew(earlier: Program, admin: User) -> None:
    Program.objects.update(status=S.ARCHIVED)
    earlier.refresh_from_db()
    assert duplicate_program(earlier, SAID, by=admin, now=NOW, same_admins=True).status == S.DRAFT


def test_a_program_with_questions_of_its_own_for_the_quarter_hands_them_on(
    earlier: Program, admin: User
) -> None:
    own = Questionnaire.objects.create(name="Ours", program=earlier)
    Prompt.objects.create(questionnaire=own, code="A", step="first", text="What?", mentor_position=1)
    Prompt.objects.create(
        questionnaire=own, code="B", step="first", text="Not now", mentor_position=2, is_active=False
    )
    new = duplicate_program(earlier, SAID, by=admin, now=NOW, same_admins=True)
    copied = Questionnaire.objects.get(program=new)
    assert [(prompt.code, prompt.is_active) for prompt in copied.prompts.all()] == [("A", True), ("B", False)]
    assert own.prompts.count() == 2


@pytest.mark.parametrize(
    ("first", "last", "starts", "ends"),
    [
        # Nine months in whole months, a year, and a stretch of days.
        (date(2026, 1, 5), date(2026, 10, 4), date(2026, 10, 5), date(2027, 7, 4)),
        (date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31)),
        (date(2026, 6, 1), date(2026, 6, 24), date(2026, 6, 25), date(2026, 7, 18)),
        # Over for long: from today on.
        (date(2020, 1, 1), date(2020, 12, 31), TODAY, date(2027, 6, 22)),
    ],
)
def test_the_dates_move_to_after_the_earlier_ones(first: date, last: date, starts: date, ends: date) -> None:
    assert following.dates_after(Program(starts_on=first, ends_on=last), TODAY) == (starts, ends)


@given(
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    st.integers(0, 2000),
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
)
def test_dates_move_forward_and_the_next_cohort_is_about_as_long(first: date, days: int, today: date) -> None:
    earlier = Program(starts_on=first, ends_on=first + timedelta(days=days))
    starts, ends = following.dates_after(earlier, today)
    assert starts > (earlier.ends_on or starts)
    assert starts >= today
    assert ends is not None
    assert ends >= starts
    assert abs((ends - starts).days - days) <= 4


def test_a_year_in_the_name_moves_along() -> None:
    earlier = Program(name="Mentors 2026", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    assert following.after(earlier, today=TODAY)["name"] == "Mentors 2027"
    earlier.name = "Mentors, class of 2026/2027"
    assert following.after(earlier, today=TODAY)["name"] == "Mentors, class of 2027/2028"
    earlier.name = "Room 20265"
    assert following.after(earlier, today=TODAY)["name"] == "Room 20265"


# --- Its life ------------------------------------------------------------------------------------------------------

Verb = Callable[[Program, User], None]
VERBS: dict[str, Verb] = {
    "activate": lambda program, by: actions.activate_program(program, by=by, now=NOW),
    "pause": lambda program, by: actions.pause_program(program, by=by),
    "resume": lambda program, by: actions.resume_program(program, by=by, now=NOW),
    "close": lambda program, by: actions.close_program(program, by=by, now=NOW),
    "reopen": lambda program, by: actions.reopen_program(program, by=by, now=NOW),
    "archive": lambda program, by: actions.archive_program(program, by=by),
    "restore": lambda program, by: actions.restore_program(program, by=by),
}
# From where (across) by which (down): where it leads, or "-".
LIFE = """
            draft     active    paused    closed    archived
activate    active    -         -         -         -
pause       -         paused    -         -         -
resume      -         -         active    -         -
close       -         closed    closed    -         -
reopen      -         -         -         active    -
archive     archived  -         -         archived  -
restore     -         -         -         -         closed
"""


def test_the_table_of_a_programs_life_is_whole() -> None:
    rows = [line.split()[0] for line in LIFE.splitlines() if line.strip()][1:]
    assert set(rows) == set(VERBS) == set(rules.MOVES)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("before", Program.Status.values)
def test_a_program_moves_as_the_table_says_and_in_no_other_way(
    program: Program, admin: User, verb: str, before: str
) -> None:
    heads, *lines = [line.split() for line in LIFE.splitlines() if line.strip()]
    after = next(line[1 + heads.index(before)] for line in lines if line[0] == verb)
    Program.objects.filter(pk=program.pk).update(status=before)
    program.refresh_from_db()
    assert rules.may_move(admin, program, verb) == (after != "-")
    if after == "-":
        with pytest.raises(Refused):
            VERBS[verb](program, admin)
        after = before
    else:
        VERBS[verb](program, admin)
        assert program.status == after
    program.refresh_from_db()
    assert program.status == after


@pytest.mark.parametrize("verb", VERBS)
def test_only_those_who_run_it_change_its_life(
    program: Program, mentor: User, other_admin: User, verb: str
) -> None:
    Program.objects.update(status=rules.MOVES[verb].before[0])
    program.refresh_from_db()
    for person in (mentor, other_admin):
        with pytest.raises(Refused):
            VERBS[verb](program, person)
        assert not rules.may_move(person, program, verb)


@pytest.mark.parametrize("verb", ["activate", "resume", "reopen"])
def test_a_program_whose_last_day_has_gone_by_does_not_go_on(
    program: Program, admin: User, verb: str
) -> None:
    Program.objects.update(status=rules.MOVES[verb].before[0], ends_on=TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="last day has gone by"):
        VERBS[verb](program, admin)
    Program.objects.update(ends_on=TODAY)
    VERBS[verb](program, admin)


def test_nothing_is_lost_on_the_way_to_the_archive_and_back(
    earlier: Program, pairing: Pairing, mentee: User, admin: User
) -> None:
    Moment.objects.create(person=mentee, text="mine", happened_on=TODAY)

    def everything() -> dict[str, int]:
        return {
            name: getattr(earlier, name).count()
            for name in (
                "enrollments",
                "pairings",
                "skills",
                "enrollment_questions",
                "holidays",
                "admins",
                "rounds",
            )
        } | {"moments": Moment.objects.count()}

    before = everything()
    for verb in ("pause", "resume", "pause", "close", "archive", "restore", "reopen"):
        VERBS[verb](earlier, admin)
        assert everything() == before
    pairing.refresh_from_db()
    # With its program it has come to its end, and stays to be read.
    assert pairing.status == Pairing.Status.COMPLETED


@pytest.mark.parametrize("status", ["closed", "archived"])
def test_the_retention_clock_counts_a_program_that_is_over(
    program: Program, mentee: User, status: str
) -> None:
    Program.objects.update(retention_months=12)
    retention.tend(NOW)
    assert not Retention.objects.exists()
    Program.objects.update(status=status)
    retention.tend(NOW)
    assert Retention.objects.get().over_since == TODAY
    later = datetime.combine(plus_months(TODAY, 12), datetime.min.time(), UTC)
    assert retention.tend(later - timedelta(days=29)).warned == 1


def test_the_retention_clock_stops_when_a_program_is_opened_again(
    program: Program, mentee: User, admin: User
) -> None:
    Program.objects.update(retention_months=12, status="closed")
    retention.tend(NOW)
    VERBS["archive"](program, admin)
    retention.tend(NOW)
    assert Retention.objects.exists()
    VERBS["restore"](program, admin)
    VERBS["reopen"](program, admin)
    retention.tend(NOW)
    assert not Retention.objects.exists()


def test_a_program_that_never_ends_is_followed_by_one_without_an_end(program: Program) -> None:
    far = date(9999, 12, 31)
    Program.objects.update(ends_on=far, applications_until=far)
    program.refresh_from_db()
    values = following.after(program, today=TODAY)
    assert (values["starts_on"], values["ends_on"]) == (TODAY, None)
    assert following.applications_until_after(program, TODAY) is None
