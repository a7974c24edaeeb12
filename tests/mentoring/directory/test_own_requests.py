"""A mentee's own requests: their state, the order of what comes next, and taking one back."""

import pytest
from django.urls import reverse

from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import Enrollment, Pairing, PairingRequest, Program
from mentoring.models.program import MOST_REQUESTS
from tests.conftest import NOW, enroll, signed_in

from .conftest import Make

pytestmark = pytest.mark.django_db
State = PairingRequest.State


def shown(person: User, program: Program) -> str:
    answer = signed_in(person).get(reverse("programs:requests", args=[program.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def one_at_a_time(asking: Program) -> Program:
    asking.open_requests = 1
    asking.save()
    return asking


def ask(program: Program, mentee: User, *people: User) -> list[PairingRequest]:
    return [
        actions.ask_mentor(program, person, by=mentee, note=f"Because {person.first_name}", now=NOW)
        for person in people
    ]


def line(program: Program, mentee: User) -> list[str]:
    waiting = PairingRequest.objects.waiting().filter(program=program, mentee=mentee)
    return [request.mentor.first_name for request in waiting]


def test_the_page_says_until_when_an_answer_comes_and_who_is_next(
    one_at_a_time: Program, make_mentor: Make, mentee: User
) -> None:
    assert "You have asked nobody yet." in shown(mentee, one_at_a_time)
    ask(one_at_a_time, mentee, *(make_mentor(name) for name in ("Ada", "Bea", "Cleo")))
    text = shown(mentee, one_at_a_time)
    assert "Asked on June 23" in text
    assert "Ada has until Tuesday, July 7 to answer" in text
    assert text.index("Ada") < text.index("Who comes next") < text.index("Bea") < text.index("Cleo")
    assert text.count("Move up") == 1
    assert "Because Bea" in text


def test_a_next_choice_moves_up_and_is_asked_in_that_order(
    one_at_a_time: Program, make_mentor: Make, mentee: User
) -> None:
    people = [make_mentor(name) for name in ("Ada", "Bea", "Cleo", "Dora")]
    asked, _bea, _cleo, dora = ask(one_at_a_time, mentee, *people)
    path = reverse("programs:request_sooner", args=[one_at_a_time.pk, dora.pk])
    for expected in (["Bea", "Dora", "Cleo"], ["Dora", "Bea", "Cleo"], ["Dora", "Bea", "Cleo"]):
        assert signed_in(mentee).post(path).status_code == 302
        assert line(one_at_a_time, mentee) == expected
    assert asked.pairing is not None
    actions.decline_pairing(asked.pairing, by=people[0], now=NOW)
    actions.ask_next_choices(NOW)
    assert PairingRequest.objects.get(pk=dora.pk).state == State.ASKED
    assert line(one_at_a_time, mentee) == ["Bea", "Cleo"]


def test_whoever_is_asked_after_some_moved_comes_last(
    one_at_a_time: Program, make_mentor: Make, mentee: User
) -> None:
    people = [make_mentor(name) for name in ("Ada", "Bea", "Cleo", "Dora")]
    *_others, cleo = ask(one_at_a_time, mentee, *people[:3])
    actions.ask_sooner(cleo, by=mentee)
    ask(one_at_a_time, mentee, people[3])
    assert line(one_at_a_time, mentee) == ["Cleo", "Bea", "Dora"]


def test_only_a_next_choice_of_ones_own_moves_up(
    one_at_a_time: Program, make_mentor: Make, mentee: User, member: User
) -> None:
    asked, waiting = ask(one_at_a_time, mentee, make_mentor("Ada"), make_mentor("Bea"))
    with pytest.raises(Refused):
        actions.ask_sooner(asked, by=mentee)
    with pytest.raises(Refused):
        actions.ask_sooner(waiting, by=member)
    for request in (asked, waiting):
        for name in ("programs:request_sooner", "programs:request_take_back"):
            path = reverse(name, args=[one_at_a_time.pk, request.pk])
            for person in (member, request.mentor):
                assert signed_in(person).post(path).status_code == 404, (name, person)
            assert signed_in(mentee).get(path).status_code == 405


def test_as_many_next_choices_as_fit_in_line(one_at_a_time: Program, make_mentor: Make, mentee: User) -> None:
    people = [make_mentor(f"M{number}") for number in range(MOST_REQUESTS + 2)]
    ask(one_at_a_time, mentee, *people[:-1])
    with pytest.raises(Refused, match="as many next choices"):
        ask(one_at_a_time, mentee, people[-1])


def test_what_is_taken_back_is_gone_for_the_mentor_and_stays_in_ones_own_list(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    (asked,) = ask(asking, mentee, make_mentor("Ada"))
    path = reverse("programs:request_take_back", args=[asking.pk, asked.pk])
    text = signed_in(mentee).post(path, follow=True).content.decode()
    assert "You took it back." in text
    assert "Taken back by you on June 23" in text
    asked.refresh_from_db()
    assert asked.state == State.WITHDRAWN
    assert Pairing.objects.get().status == Pairing.Status.EXPIRED
    assert "no longer open" in signed_in(mentee).post(path, follow=True).content.decode()


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("declined", "Said no on June 23. It needs no reason, and it is no judgment of you."),
        ("expired", "Without an answer; over since June 23"),
        ("withdrawn", "Taken back by you on June 23"),
        ("accepted", "Said yes on June 23"),
    ],
)
def test_past_ones_say_how_they_ended(
    asking: Program, mentor: User, mentee: User, state: str, said: str
) -> None:
    PairingRequest.objects.create(
        program=asking, mentor=mentor, mentee=mentee, note="Please", state=state, asked_at=NOW, closed_at=NOW
    )
    text = shown(mentee, asking)
    assert said in text
    assert "Take it back" not in text


def test_what_the_mentor_asks_first_stands_there(asking: Program, make_mentor: Make, mentee: User) -> None:
    (asked,) = ask(asking, mentee, make_mentor("Ada"))
    PairingRequest.objects.update(question="Which prices?", question_at=NOW)
    text = shown(mentee, asking)
    assert "Ada asks you something first" in text
    assert "Which prices?" in text
    PairingRequest.objects.update(reply="Those of pumps.", reply_at=NOW)
    assert "Those of pumps." in shown(mentee, asking)
    assert asked.pk


def test_the_page_is_for_those_who_may_ask_and_those_who_have(
    asking: Program, make_mentor: Make, mentee: User, mentor: User, outsider: User, admin: User
) -> None:
    path = reverse("programs:requests", args=[asking.pk])
    for person, status in ((mentee, 200), (mentor, 404), (outsider, 404), (admin, 404)):
        assert signed_in(person).get(path).status_code == status, person
    ask(asking, mentee, make_mentor("Ada"))
    Program.objects.update(status="closed")
    Enrollment.objects.filter(person=mentee).update(status="completed")
    assert "Ada" in shown(mentee, asking)
    other = make_mentor("New")
    enroll(Program.objects.exclude(pk=asking.pk).first() or asking, outsider, "mentee")
    assert signed_in(other).get(path).status_code == 404


def test_long_lists_have_pages_and_the_same_number_of_queries(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    mentor = make_mentor("Ada")
    client = signed_in(mentee)
    path = reverse("programs:requests", args=[asking.pk])
    counts = []
    for number in (2, 60):
        PairingRequest.objects.bulk_create(
            PairingRequest(
                program=asking,
                mentor=mentor,
                mentee=mentee,
                note="P",
                state="expired",
                asked_at=NOW,
                closed_at=NOW,
            )
            for _ in range(number)
        )
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert b"?page=2" in client.get(path).content
