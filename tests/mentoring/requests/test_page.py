"""The page of a request, for the two of it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Profile, User
from mentoring import actions, why
from mentoring.matching.criteria import Likeness
from mentoring.matching.reasons import Kind, Reason
from mentoring.models import Enrollment, EnrollmentQuestion, Pairing, PairingRequest, Program
from mentoring.people import people_visible_to
from mentoring.views.pairings import why_the_two
from tests.conftest import NOW, enroll, make_person, say_skills, signed_in

from .conftest import NOTE, ask, question, state

pytestmark = pytest.mark.django_db
State = PairingRequest.State
Part = Program.DirectoryPart
DAY = timedelta(days=1)
QUESTION, REPLY = "avocet-what-have-you-tried", "plover-two-things"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def request_(asking: Program, mentor: User, mentee: User) -> PairingRequest:
    places = {place.person_id: place for place in Enrollment.objects.filter(program=asking)}
    say_skills(places[mentor.pk], "offers", "Pricing")
    say_skills(places[mentee.pk], "seeks", "Pricing")
    return ask(asking, mentor, mentee)


def page(person: User, asked: PairingRequest) -> str:
    response = signed_in(person).get(reverse("requests:detail", args=[asked.pk]))
    assert response.status_code == 200
    return response.content.decode()


def post(person: User, asked: PairingRequest, name: str, **data: object) -> str:
    response = signed_in(person).post(reverse(f"requests:{name}", args=[asked.pk]), data, follow=True)
    return response.content.decode()


def test_the_mentor_reads_who_asks_why_and_until_when(request_: PairingRequest, mentor: User) -> None:
    said = page(mentor, request_)
    assert NOTE in said
    assert "Tomasz asks you" in said
    assert re.search(r"an answer by [^.]*\b7\b[^.]* is early enough", said)
    assert "Tomasz asked for help with Pricing; you offer it." in said
    for words in (
        "Yes, gladly",
        "Tell me more first",
        "No, not this time",
        "Your room",
        "Only you and Tomasz read this.",
    ):
        assert words in said


TOLD = {
    Part.LANGUAGES: (Reason(Kind.LANGUAGES, speaks_for=True, names=("fr",)), "You both speak French."),
    Part.HOURS: (Reason(Kind.HOURS, speaks_for=True, number=6), "Three shared hours a week."),
    Part.DEPARTMENT: (
        Reason(Kind.DEPARTMENT, speaks_for=True, likeness=Likeness.SAME),
        "You work in the same department.",
    ),
}
ANSWERED = {
    "interested in chess": Reason(Kind.INTERESTS, speaks_for=True, names=("chess",)),
    "two steps ahead": Reason(Kind.SENIORITY, speaks_for=True, number=2),
    "What calms you?": Reason(
        Kind.ANSWER, speaks_for=True, likeness=Likeness.SAME, names=("Birds",), code="calm"
    ),
}


@pytest.fixture
def whole(request_: PairingRequest) -> PairingRequest:
    """With reasons of every kind."""
    EnrollmentQuestion.objects.create(
        program=request_.program,
        code="calm",
        text="What calms you?",
        kind="choice",
        options=["Birds", "Bees"],
    )
    pairing = question(request_)
    pairing.reasons += [why.kept(each) for each in (*ANSWERED.values(), *(each for each, _ in TOLD.values()))]
    pairing.save()
    return request_


@pytest.mark.parametrize("hidden", [None, *TOLD])
def test_whoever_asked_reads_nothing_of_the_mentor_that_the_directory_hides(
    whole: PairingRequest, mentor: User, mentee: User, hidden: Part | None
) -> None:
    Program.objects.update(directory_shows=[part for part in Part.values if part != hidden])
    pairing = question(whole)
    of_pair = " ".join(said for _, said in why_the_two(pairing, mentee))
    for said in (page(mentee, whole), of_pair):
        assert "You asked for help with Pricing; Noor offers it." in said
        for part, (_reason, words) in TOLD.items():
            assert (words in said) is (part != hidden), words
    theirs = page(mentor, whole)
    assert all(words in theirs for _reason, words in TOLD.values()), "whoever asks has opened their profile"


def test_what_comes_from_answers_is_told_to_neither_until_they_are_a_pair(
    whole: PairingRequest, mentor: User, mentee: User
) -> None:
    for person in (mentor, mentee):
        said = page(person, whole)
        assert not [words for words in ANSWERED if words in said]
    signed_in(mentor).post(reverse("pairings:accept", args=[question(whole).pk]))
    assert question(whole).status == Pairing.Status.ACTIVE
    for person in (mentor, mentee):
        said = signed_in(person).get(reverse("pairings:detail", args=[question(whole).pk])).content.decode()
        assert [words for words in ANSWERED if words in said] == list(ANSWERED)


def test_the_mentee_reads_what_they_wrote_and_nothing_of_the_mentors_room(
    request_: PairingRequest, mentee: User
) -> None:
    said = page(mentee, request_)
    assert NOTE in said
    assert "Take it back" in said
    assert "Only Noor reads this." in said
    for words in ("Yes, gladly", "Tell me more first", "Your room"):
        assert words not in said


def test_the_pairs_page_leads_there_and_back_once_it_is_a_pair(
    request_: PairingRequest, mentor: User, mentee: User
) -> None:
    pair_page = reverse("pairings:detail", args=[question(request_).pk])
    here = reverse("requests:detail", args=[request_.pk])
    for person in (mentor, mentee):
        assert signed_in(person).get(pair_page).headers["Location"] == here
    signed_in(mentor).post(reverse("pairings:accept", args=[question(request_).pk]))
    for person in (mentor, mentee):
        assert signed_in(person).get(here).headers["Location"] == pair_page
        assert signed_in(person).get(pair_page).status_code == 200


@pytest.mark.parametrize("how", [State.WAITING, State.CHECKED])
def test_a_mentor_finds_it_only_while_it_waits_for_them(
    request_: PairingRequest, mentor: User, mentee: User, how: str
) -> None:
    closed = None if how in PairingRequest.OPEN else NOW
    PairingRequest.objects.update(state=how, closed_at=closed)
    assert signed_in(mentor).get(reverse("requests:detail", args=[request_.pk])).status_code == 404


@pytest.mark.parametrize(
    ("how", "because"),
    [
        (State.DECLINED, ""),
        (State.DECLINED, "room"),
        (State.EXPIRED, ""),
        (State.WITHDRAWN, ""),
        (State.WITHDRAWN, "paired"),
    ],
)
def test_once_it_is_over_its_mentor_reads_that_and_nothing_else(
    request_: PairingRequest, mentor: User, mentee: User, outsider: User, how: str, because: str
) -> None:
    PairingRequest.objects.update(
        state=how, because=because, closed_at=NOW, question="avocet-what", reply="plover-this"
    )
    here = reverse("requests:detail", args=[request_.pk])
    said = signed_in(mentor).get(here).content.decode()
    assert "This request is over" in said
    assert f'href="{reverse("pairings:list")}"' in said
    assert ("You said no to it." in said) == (how == State.DECLINED and not because)
    for words in (request_.note, "avocet-what", "plover-this", mentee.name):
        assert words not in said
    assert "This request is over" not in signed_in(mentee).get(here).content.decode()
    assert signed_in(outsider).get(here).status_code == 404
    # What never reached them is none of theirs to know of.
    PairingRequest.objects.update(asked_at=None)
    assert signed_in(mentor).get(here).status_code == 404
    assert NOTE in page(mentee, request_)


@pytest.mark.parametrize(
    ("how", "because", "words"),
    [
        ("declined", "", "Noor said: not this time."),
        ("declined", "room", "Noor has no room for another mentee now."),
        ("declined", "away", "Noor takes no requests now."),
        ("declined", "organizers", "have closed this request"),
        ("expired", "", "Noor had not answered by"),
        ("expired", "program", "stopped taking requests before there was an answer"),
        ("withdrawn", "paired", "You have found a mentor"),
        ("withdrawn", "", "You took it back on"),
        ("waiting", "", "is asked by itself, as soon as"),
        ("checked", "", "look at requests first"),
    ],
)
def test_the_mentee_reads_how_it_stands(
    request_: PairingRequest, mentee: User, how: str, because: str, words: str
) -> None:
    closed = None if how in PairingRequest.OPEN else NOW
    PairingRequest.objects.update(state=how, because=because, closed_at=closed)
    said = page(mentee, request_)
    assert words in said
    assert ("Take it back" in said) == (how in PairingRequest.OPEN)


def test_asked_back_and_told_more(request_: PairingRequest, mentor: User, mentee: User) -> None:
    said = post(mentor, request_, "ask_back", words=QUESTION)
    assert QUESTION in said
    assert "Tell me more first" not in said
    assert "there is time to tell you more until" in said
    said = page(mentee, request_)
    assert QUESTION in said
    assert "Your answer" in said
    said = post(mentee, request_, "reply", words=REPLY)
    assert REPLY in said
    assert REPLY in page(mentor, request_)


@pytest.mark.parametrize("words", ["", "   ", "x" * 1001])
def test_no_words_or_too_many_are_said_beside_the_field_and_kept(
    request_: PairingRequest, mentor: User, mentee: User, words: str
) -> None:
    said = post(mentor, request_, "ask_back", words=words)
    assert 'id="id_words_error"' in said
    assert words.strip() in said
    actions.ask_back(request_, by=mentor, question=QUESTION, now=NOW)
    said = post(mentee, request_, "reply", words=words)
    assert 'id="id_words_error"' in said
    request_.refresh_from_db()
    assert (request_.question, request_.reply) == (QUESTION, "")


def test_a_second_question_is_refused_and_its_words_stay(request_: PairingRequest, mentor: User) -> None:
    actions.ask_back(request_, by=mentor, question=QUESTION, now=NOW)
    said = post(mentor, request_, "ask_back", words="And one thing more?")
    assert "You have asked back already." in said
    assert "And one thing more?" in said


def test_taken_back_on_the_page(request_: PairingRequest, mentee: User) -> None:
    assert "You took it back" in post(mentee, request_, "take_back")
    assert state(request_) == (State.WITHDRAWN, "")
    assert "no longer open" in post(mentee, request_, "take_back")


def test_more_room_leaves_the_request_and_none_ends_it(request_: PairingRequest, mentor: User) -> None:
    said = post(mentor, request_, "room", capacity="5")
    assert "You have room for 5 mentees." in said
    assert NOTE in said
    said = post(mentor, request_, "room", capacity="0")
    assert "You take nobody new now. 1 request ended, and whoever asked is told." in said
    assert NOTE not in said
    assert state(request_) == (State.DECLINED, "room")


@pytest.mark.parametrize("number", ["", "-1", "21", "two"])
def test_a_number_that_makes_no_sense_is_said_beside_the_field(
    request_: PairingRequest, mentor: User, number: str
) -> None:
    said = post(mentor, request_, "room", capacity=number)
    assert 'id="id_capacity_error"' in said
    assert state(request_) == (State.ASKED, "")


def test_a_pause_from_the_page_ends_it(request_: PairingRequest, mentor: User) -> None:
    assert 'id="id_until_error"' in post(mentor, request_, "pause", until="2020-01-01")
    assert state(request_) == (State.ASKED, "")
    assert "You rest now." in post(mentor, request_, "pause", until="2026-08-01")
    assert state(request_) == (State.DECLINED, "away")


def test_the_mentee_has_no_say_in_the_mentors_room(request_: PairingRequest, mentee: User) -> None:
    for name in ("room", "pause"):
        response = signed_in(mentee).post(reverse(f"requests:{name}", args=[request_.pk]), {"capacity": 0})
        assert response.status_code == 404


def test_the_mentor_sees_the_mentees_profile_and_not_the_other_way_round(
    request_: PairingRequest, mentor: User, mentee: User
) -> None:
    Profile.objects.create(person=mentee, headline="knot-a-headline")
    assert "knot-a-headline" in page(mentor, request_)
    assert mentee in people_visible_to(mentor)
    assert mentor not in people_visible_to(mentee)
    actions.accept_pairing(question(request_), by=mentor, now=NOW)
    assert mentor in people_visible_to(mentee)


def test_what_waits_for_an_answer_comes_first_in_the_list_and_at_home(
    request_: PairingRequest, asking: Program, mentor: User, mentee: User
) -> None:
    for person, words in ((mentor, "Tomasz asks you to be their mentor"), (mentee, "You asked Noor")):
        for name in ("pairings:list", "home"):
            assert words in signed_in(person).get(reverse(name)).content.decode()


def test_the_page_takes_the_same_number_of_queries_whatever_is_said(
    request_: PairingRequest, asking: Program, mentor: User, django_assert_max_num_queries: object
) -> None:
    client = signed_in(mentor)
    place = Enrollment.objects.get(person=request_.mentee)
    say_skills(place, "seeks", *[f"Skill {number}" for number in range(20)])
    for number in range(5):
        person = make_person(f"n{number}@harbor.example", f"N {number}")
        enroll(asking, person, "mentee")
        ask(asking, mentor, person)
    client.get(reverse("home"))
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        client.get(reverse("requests:detail", args=[request_.pk]))


def test_a_question_without_a_request_has_the_pairs_page(
    program: Program, mentor: User, mentee: User
) -> None:
    asked = Pairing.objects.create(
        program=program, mentor=mentor, mentee=mentee, status="requested", starts_on=program.starts_on
    )
    assert signed_in(mentor).get(reverse("pairings:detail", args=[asked.pk])).status_code == 200
