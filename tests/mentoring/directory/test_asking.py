"""Asking a mentor from the directory: why it could fit, what stands against it, and what becomes of the note."""

import pytest
from django.urls import reverse

from accounts.models import Profile, User, UsualHours
from mentoring import actions
from mentoring.models import (
    Enrollment,
    EnrollmentAnswer,
    EnrollmentQuestion,
    MatchingCriteria,
    MatchingQuestion,
    Pairing,
    PairingRequest,
    Program,
)
from mentoring.models.request import LONGEST_REQUEST
from tests.conftest import NOW, pair, say_skills, signed_in

from .conftest import Make

pytestmark = pytest.mark.django_db
Part = Program.DirectoryPart
State = PairingRequest.State


def listed(person: User, program: Program) -> str:
    answer = signed_in(person).get(reverse("programs:mentors", args=[program.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def seeker(asking: Program, mentee: User) -> User:
    """The mentee, who has said all that a reason can be made of."""
    place = Enrollment.objects.get(person=mentee)
    say_skills(place, "seeks", "Pricing")
    Enrollment.objects.filter(pk=place.pk).update(department="Sales")
    Profile.objects.create(person=mentee, languages=["fr"])
    UsualHours.objects.create(person=mentee, weekday=0, begins=36, ends=44)
    return mentee


REASONS = {
    None: "You asked for help with Pricing; Odile offers it.",
    Part.LANGUAGES: "You both speak French.",
    Part.HOURS: "Three shared hours a week.",
    Part.DEPARTMENT: "You work in the same department.",
}


@pytest.mark.parametrize("hidden", [None, Part.LANGUAGES, Part.HOURS, Part.DEPARTMENT])
def test_reasons_name_nothing_that_the_directory_does_not_show(
    asking: Program, make_mentor: Make, seeker: User, hidden: Part | None
) -> None:
    MatchingCriteria.objects.create(program=asking, department="high")
    make_mentor("Odile", offers=("Pricing",), languages=["fr"], hours=((0, 34, 40),), department="Sales")
    Program.objects.update(directory_shows=[part for part in Part.values if part != hidden])
    text = listed(seeker, asking)
    for part, said in REASONS.items():
        assert (said in text) is (part is None or part != hidden), said


def test_no_reason_names_what_somebody_answered_for_their_pairing(
    asking: Program, make_mentor: Make, seeker: User
) -> None:
    question = EnrollmentQuestion.objects.create(
        program=asking,
        code="calm",
        text="What calms you?",
        kind="choice",
        options=["Birds", "Bees"],
        audience="pairing",
    )
    MatchingQuestion.objects.create(question=question, weight="high")
    MatchingCriteria.objects.create(program=asking, interests="high", interests_from=question)
    make_mentor("Odile")
    for place in Enrollment.objects.filter(program=asking):
        EnrollmentAnswer.objects.create(
            enrollment=place, question=question, code="calm", asked=question.text, kind="choice",
            audience="pairing", chosen=["Birds"],
        )  # fmt: skip
    text = listed(seeker, asking)
    assert "Birds" not in text
    assert "What calms you" not in text


def test_a_must_have_of_the_program_leaves_a_mentor_listed_and_not_to_be_asked(
    asking: Program, make_mentor: Make, seeker: User
) -> None:
    MatchingCriteria.objects.create(program=asking, language_in_common=True)
    odile = make_mentor("Odile", languages=["de"])
    text = listed(seeker, asking)
    assert "You have no language in common, and this program asks for one." in text
    assert "What this program asks of a pair leaves this one out." not in text
    asking.directory_shows = [part for part in asking.directory_shows if part != "languages"]
    asking.save()
    text = listed(seeker, asking)
    assert "What this program asks of a pair leaves this one out." in text
    assert "in common, and this program" not in text
    assert "Ask Odile" not in text
    answer = signed_in(seeker).post(reverse("programs:ask", args=[asking.pk, odile.pk]), {"note": "Please"})
    assert "do not fit by what this program asks" in answer.content.decode()
    assert not PairingRequest.objects.exists()


def test_asking_sends_the_note_and_the_directory_says_since_when(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    odile = make_mentor("Odile")
    assert "Only Odile reads this." in listed(mentee, asking)
    answer = signed_in(mentee).post(
        reverse("programs:ask", args=[asking.pk, odile.pk]),
        {"note": "You have done it.", "query": "q=pricing&page=2"},
    )
    assert answer.status_code == 302
    assert answer["Location"] == reverse("programs:mentors", args=[asking.pk]) + "?q=pricing&page=2"
    made = PairingRequest.objects.get()
    assert (made.mentee, made.mentor, made.note, made.state) == (
        mentee,
        odile,
        "You have done it.",
        State.ASKED,
    )
    text = listed(mentee, asking)
    assert "You asked on June 23" in text
    assert "Ask Odile" not in text


def test_the_way_back_leads_nowhere_else(asking: Program, make_mentor: Make, mentee: User) -> None:
    odile = make_mentor("Odile")
    answer = signed_in(mentee).post(
        reverse("programs:ask", args=[asking.pk, odile.pk]),
        {"note": "Please", "query": "//evil.example/?x=1&next=https://evil.example"},
    )
    assert answer["Location"].startswith(reverse("programs:mentors", args=[asking.pk]) + "?")


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("", "Write a sentence or two."),
        ("  \n ", "Write a sentence or two."),
        ("y" * (LONGEST_REQUEST + 1), "That is too long: 1000 characters at most, and these are 1001."),
    ],
)
def test_what_is_not_right_is_said_beside_the_field_and_the_note_stays(
    asking: Program, make_mentor: Make, mentee: User, note: str, said: str
) -> None:
    odile = make_mentor("Odile")
    path = reverse("programs:ask", args=[asking.pk, odile.pk])
    answer = signed_in(mentee).post(path, {"note": note})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.count(said) == 2
    assert f'href="#note-{odile.pk}"' in text
    assert "<details open>" in text
    assert note.strip() in text
    assert not PairingRequest.objects.exists()


def test_what_the_action_refuses_keeps_the_note(
    asking: Program, make_mentor: Make, mentee: User, member: User
) -> None:
    odile = make_mentor("Odile")
    pair(asking, odile, member)
    path = reverse("programs:ask", args=[asking.pk, odile.pk])
    text = signed_in(mentee).post(path, {"note": "kingfisher"}).content.decode()
    assert "Odile has no room for another mentee now." in text
    assert "kingfisher" in text
    assert not PairingRequest.objects.exists()


def test_with_checked_requests_the_form_says_who_reads_and_the_page_that_it_is_passed_on(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    Program.objects.update(requests_are_checked=True)
    odile = make_mentor("Odile")
    assert "Odile and those who run the program read this." in listed(mentee, asking)
    signed_in(mentee).post(reverse("programs:ask", args=[asking.pk, odile.pk]), {"note": "Please"})
    assert PairingRequest.objects.get().state == State.CHECKED
    assert "Being passed on" in listed(mentee, asking)


def test_with_the_cap_reached_the_page_says_that_the_next_one_waits(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    Program.objects.update(open_requests=2)
    asking.refresh_from_db()
    people = [make_mentor(name) for name in ("Ada", "Bea", "Cleo", "Dora")]
    assert "Whom you ask now comes next" not in listed(mentee, asking)
    for person in people[:2]:
        actions.ask_mentor(asking, person, by=mentee, note="Please", now=NOW)
    text = listed(mentee, asking)
    assert "You have asked two mentors, as many as this program allows at one time." in text
    assert "Ask Cleo next" in text
    client = signed_in(mentee)
    answer = client.post(reverse("programs:ask", args=[asking.pk, people[2].pk]), {"note": "P"}, follow=True)
    assert "Cleo comes next" in answer.content.decode()
    assert PairingRequest.objects.get(mentor=people[2]).state == State.WAITING
    assert "Comes next" in listed(mentee, asking)


def test_whoever_has_a_mentor_asks_nobody(
    asking: Program, make_mentor: Make, mentee: User, mentor: User
) -> None:
    make_mentor("Odile")
    pair(asking, mentor, mentee)
    text = listed(mentee, asking)
    assert "this program allows one at a time" in text
    assert "Ask Odile" not in text
    assert "You are paired" in text
    Program.objects.update(pairings_per_mentee=2)
    text = listed(mentee, asking)
    assert "Ask Odile" in text
    assert "Ask Noor" not in text


def test_a_proposal_that_waits_is_shown_as_one(asking: Program, mentor: User, mentee: User) -> None:
    pairing = pair(asking, mentor, mentee, status="proposed", mentee_accepted_at=None)
    text = listed(mentee, asking)
    assert "Proposed to you" in text
    assert reverse("pairings:detail", args=[pairing.pk]) in text


def test_what_others_have_asked_is_nobodys_business(
    asking: Program, make_mentor: Make, mentee: User, member: User
) -> None:
    odile = make_mentor("Odile", capacity=2)
    request = actions.ask_mentor(asking, odile, by=member, note="kingfisher", now=NOW)
    before = listed(mentee, asking)
    assert "kingfisher" not in before
    assert "You asked" not in before
    assert request.pairing is not None
    actions.decline_pairing(request.pairing, by=odile, now=NOW)
    assert "Room for two" in listed(mentee, asking)
    assert Pairing.objects.get().status == "declined"


def test_asking_opens_nothing_of_the_mentor_that_the_directory_does_not_show(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    Program.objects.update(directory_shows=[])
    odile = make_mentor(
        "Odile",
        headline="kingfisher",
        pronouns="siskin/siskins",
        pronouns_for="paired",
        department="Woodlarks",
        seeks=("Plovering",),
    )
    User.objects.filter(pk=odile.pk).update(photo_key="abcdef")
    asking.refresh_from_db()
    request = actions.ask_mentor(asking, odile, by=mentee, note="Please", now=NOW)
    assert request.pairing is not None
    client = signed_in(mentee)
    assert client.get(reverse("people:detail", args=[odile.pk])).status_code == 404
    paths = [
        reverse("programs:mentors", args=[asking.pk]),
        reverse("programs:requests", args=[asking.pk]),
        reverse("programs:detail", args=[asking.pk]),
        reverse("pairings:detail", args=[request.pairing.pk]),
        reverse("pairings:list"),
        "/",
    ]
    hidden = ("kingfisher", "siskin", "Woodlarks", "Plovering", "abcdef")
    for path in paths:
        text = client.get(path).content.decode()
        assert not [word for word in hidden if word in text], path
    # The mentor reads who asks; and after the yes both read each other.
    assert signed_in(odile).get(reverse("people:detail", args=[mentee.pk])).status_code == 200
    actions.accept_pairing(request.pairing, by=odile, now=NOW)
    assert client.get(reverse("people:detail", args=[odile.pk])).status_code == 200
    assert "kingfisher" in client.get(paths[3]).content.decode()
