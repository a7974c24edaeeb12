"""Who reads what somebody said to a program: words that could leak, and every page on which they might."""

import re

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.mydata.erasing import erase
from mentoring import actions
from mentoring.models import ApplicationDraft, Enrollment, EnrollmentAnswer, Pairing, Program, ProgramAdmin
from tests.conftest import NOW, enroll, make_person, pair, say_skills, signed_in
from tests.mentoring.applying import _then, ask, change, place_of

__all__ = ["_then"]
pytestmark = pytest.mark.django_db

FOR_US, FOR_THEM, BOSS, NOTE, RULES, DRAFT = (
    f"canary-{word}" for word in ("for-the-two-of-us", "for-admins-only", "boss", "note", "rules", "draft")
)


@pytest.fixture
def canaries(program: Program, mentee: User) -> Enrollment:
    """All that somebody may say, in words found nowhere else."""
    place = place_of(mentee, program)
    for code, audience, text in (("us", "pairing", FOR_US), ("them", "admins", FOR_THEM)):
        question = ask(program, code, audience=audience, text=f"About {code}?")
        EnrollmentAnswer.objects.create(
            enrollment=place, question=question, code=code, asked=question.text, kind="short",
            audience=audience, text=text,
        )  # fmt: skip
    Enrollment.objects.filter(pk=place.pk).update(
        line_manager=f"{BOSS}@x.example", decision_note=NOTE, agreed_to=RULES, agreed_at=NOW, applied_at=NOW
    )
    return place_of(mentee, program)


def read_by(person: User | None, pairing: Pairing, who: User) -> set[str]:
    """The canaries on all pages about the two, the program and the one who wrote them."""
    addresses = [
        "/",
        reverse("pairings:list"),
        reverse("pairings:detail", args=[pairing.pk]),
        reverse("reflections:timeline", args=[pairing.pk]),
        reverse("people:detail", args=[who.pk]),
        reverse("programs:list"),
        reverse("programs:detail", args=[pairing.program_id]),
        reverse("programs:edit", args=[pairing.program_id]),
        reverse("programs:withdraw", args=[pairing.program_id]),
        reverse("programs:skills", args=[pairing.program_id]) + "?q=canary",
        reverse("privacy"),
        reverse("wall"),
        reverse("accounts:profile"),
    ]
    browser = signed_in(person)
    found: set[str] = set()
    for address in addresses:
        found |= set(re.findall(r"canary-[a-z-]+", browser.get(address).content.decode()))
    return found - {"canary"}


def test_the_partner_reads_what_is_shown_to_the_pairing_and_nobody_else_reads_anything(
    canaries: Enrollment,
    pairing: Pairing,
    mentor: User,
    mentee: User,
    member: User,
    outsider: User,
    admin: User,
    superuser: User,
) -> None:
    pair(pairing.program, mentor, member)  # Another one whom the same mentor mentors.
    # One's own: the line manager stands in the form alone, and a note with an answer until there is a pair.
    assert read_by(mentee, pairing, mentee) == {FOR_US, FOR_THEM, BOSS, RULES}
    assert read_by(mentor, pairing, mentee) == {FOR_US}
    for person in (member, outsider, admin, superuser, None):
        assert read_by(person, pairing, mentee) == set()


def test_the_line_manager_stands_in_the_form_of_its_own_place_only(
    canaries: Enrollment, pairing: Pairing, mentee: User
) -> None:
    browser = signed_in(mentee)
    assert BOSS in browser.get(reverse("programs:edit", args=[pairing.program_id])).content.decode()
    for name in ("programs:detail", "programs:withdraw"):
        assert BOSS not in browser.get(reverse(name, args=[pairing.program_id])).content.decode()


@pytest.mark.parametrize(
    ("status", "may_read"),
    [
        ("requested", False),
        ("proposed", False),
        ("accepted", False),
        ("active", True),
        ("paused", True),
        ("completed", False),
        ("ended", False),
        ("declined", False),
        ("expired", False),
    ],
)
def test_it_is_read_while_a_pairing_is_under_way(
    canaries: Enrollment, pairing: Pairing, mentor: User, status: str, may_read: bool
) -> None:
    ended = pairing.starts_on if status in Pairing.OVER else None
    Pairing.objects.filter(pk=pairing.pk).update(status=status, ended_on=ended)
    seen = EnrollmentAnswer.objects.visible_to(mentor).filter(enrollment=canaries)
    assert [answer.text for answer in seen] == ([FOR_US] if may_read else [])
    page = signed_in(mentor).get(reverse("pairings:detail", args=[pairing.pk])).content.decode()
    assert (FOR_US in page) == may_read
    assert ("About us?" in page) == may_read
    assert FOR_THEM not in page


def test_a_pairing_in_another_program_opens_nothing(
    canaries: Enrollment, pairing: Pairing, other_program: Program, mentor: User, mentee: User
) -> None:
    other = pair(other_program, mentor, mentee)
    Pairing.objects.filter(pk=pairing.pk).update(status="ended", ended_on=pairing.starts_on)
    assert FOR_US not in signed_in(mentor).get(reverse("pairings:detail", args=[other.pk])).content.decode()
    assert not EnrollmentAnswer.objects.visible_to(mentor).exists()


def test_it_is_the_promise_that_counts_and_not_what_the_question_says_today(
    canaries: Enrollment, program: Program, pairing: Pairing, mentor: User
) -> None:
    questions = program.enrollment_questions
    questions.filter(code="them").update(audience="pairing")
    questions.filter(code="us").update(audience="admins", text="Quite another question?")
    page = signed_in(mentor).get(reverse("pairings:detail", args=[pairing.pk])).content.decode()
    assert FOR_US in page
    assert "About us?" in page
    assert FOR_THEM not in page
    change(canaries, answer_us="now for them", answer_them=FOR_THEM, agreed="on")
    page = signed_in(mentor).get(reverse("pairings:detail", args=[pairing.pk])).content.decode()
    assert "now for them" not in page
    assert FOR_THEM not in page  # Left as it was, it keeps its readers.


def test_the_admin_shows_neither_line_managers_nor_drafts(
    canaries: Enrollment, program: Program, admin: User, superuser: User, member: User
) -> None:
    meadow = Program.objects.create(name="M", slug="m", starts_on=program.starts_on, join_policy="open")
    ProgramAdmin.objects.create(program=meadow, person=admin)
    actions.keep_draft(meadow, member, {"department": [DRAFT]}, now=NOW)
    assert ApplicationDraft.objects.exists()
    for person in (admin, superuser):
        browser = signed_in(person)
        for address in (
            reverse("admin:index"),
            reverse("admin:mentoring_enrollment_changelist") + "?q=canary",
            reverse("admin:mentoring_enrollment_change", args=[canaries.pk]),
            reverse("admin:mentoring_enrollment_history", args=[canaries.pk]),
            reverse("admin:mentoring_program_change", args=[program.pk]),
        ):
            shown = browser.get(address).content.decode()
            assert BOSS not in shown
            assert DRAFT not in shown


def test_the_mentees_page_shows_the_mentors_answers_too(
    program: Program, pairing: Pairing, mentor: User, mentee: User
) -> None:
    place = place_of(mentor, program)
    say_skills(place, "offers", "Calm")
    ask(program, "any", "choices", audience="pairing", text="How would you like to meet?")
    change(place, offers="Calm", answer_any=["Tea", "Water"])
    page = signed_in(mentee).get(reverse("pairings:detail", args=[pairing.pk])).content.decode()
    assert "How would you like to meet?" in page
    assert "Tea, Water" in page


def test_hundreds_of_words_break_no_page(
    program: Program, pairing: Pairing, mentor: User, mentee: User
) -> None:
    place = place_of(mentee, program)
    ask(program, "why", "long", audience="pairing")
    change(place, answer_why="<b>word</b> " * 300)
    page = signed_in(mentor).get(reverse("pairings:detail", args=[pairing.pk])).content.decode()
    assert "&lt;b&gt;word&lt;/b&gt;" in page
    assert "<b>word</b>" not in page


def test_somebody_in_two_programs_answers_to_each_its_own(
    program: Program, other_program: Program, mentor: User
) -> None:
    person = make_person("two@harbor.example", "Two Hats")
    for where, words in ((program, "first-canary"), (other_program, "second-canary")):
        place = enroll(where, person, "mentee")
        ask(where, "why", audience="pairing")
        change(place, answer_why=words)
    pairing = pair(program, mentor, person)
    page = signed_in(mentor).get(reverse("pairings:detail", args=[pairing.pk])).content.decode()
    assert "first-canary" in page
    assert "second-canary" not in page


def test_whoever_is_named_as_a_line_manager_goes_from_drafts_and_places_when_they_leave(
    program: Program, mentor: User, mentee: User
) -> None:
    ApplicationDraft.objects.create(
        program=program,
        person=mentee,
        typed={"line_manager": [mentor.email.upper()], "department": ["Pumps"]},
    )
    Enrollment.objects.filter(person=mentee).update(line_manager=mentor.email)
    erase(mentor, now=NOW)
    assert ApplicationDraft.objects.get().typed == {"line_manager": [""], "department": ["Pumps"]}
    assert place_of(mentee, program).line_manager == ""
