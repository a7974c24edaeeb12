"""The pages about pairings: who sees them, what they say, what their buttons do."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from mentoring.models import Enrollment, Meeting, Pairing, Program
from tests.conftest import NOW, enroll, make_person, pair, say_skills, signed_in


@pytest.fixture(autouse=True)
def _on_that_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def detail(pairing: Pairing) -> str:
    return reverse("pairings:detail", args=[pairing.pk])


def page(person: User, url: str) -> str:
    response = signed_in(person).get(url)
    assert response.status_code == 200
    return response.content.decode()


def asked(program: Program, mentor: User, mentee: User, **fields: object) -> Pairing:
    return pair(
        program,
        mentor,
        mentee,
        **({"status": "proposed", "mentor_accepted_at": None, "mentee_accepted_at": None} | fields),
    )


# --- Who sees what


def test_the_page_belongs_to_the_two(
    pairing: Pairing, mentor: User, mentee: User, member: User, outsider: User, admin: User, superuser: User
) -> None:
    for person in (mentor, mentee):
        assert "clients and pricing" in page(person, detail(pairing))
    for person in (member, outsider, admin, superuser):
        assert signed_in(person).get(detail(pairing)).status_code == 404


def test_nobody_sees_it_signed_out(pairing: Pairing) -> None:
    response = signed_in(None).get(detail(pairing))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_others_can_do_nothing_there(
    pairing: Pairing, member: User, admin: User, superuser: User, mentor: User
) -> None:
    meeting = Meeting.objects.create(pairing=pairing, starts_at=NOW + timedelta(days=1))
    urls = [
        reverse("pairings:accept", args=[pairing.pk]),
        reverse("pairings:decline", args=[pairing.pk]),
        reverse("pairings:meeting_add", args=[pairing.pk]),
        reverse("pairings:meeting_cancel", args=[pairing.pk, meeting.pk]),
    ]
    for person in (member, admin, superuser):
        for url in urls:
            assert signed_in(person).post(url, {"on": "2026-07-01"}).status_code == 404
    for url in urls:
        assert signed_in(mentor).get(url).status_code == 405
    meeting.refresh_from_db()
    assert meeting.cancelled_at is None


@pytest.mark.parametrize("status", Pairing.CAME_TO_NOTHING)
def test_a_proposal_that_came_to_nothing_is_shown_to_nobody(
    pairing: Pairing, mentor: User, status: str
) -> None:
    Pairing.objects.update(status=status)
    assert signed_in(mentor).get(detail(pairing)).status_code == 404
    assert "Tomasz" not in page(mentor, reverse("pairings:list"))


def test_a_meeting_of_another_pairing_is_not_canceled_through_ones_own(
    pairing: Pairing, program: Program, mentor: User, member: User
) -> None:
    theirs = pair(program, make_person("zoe@harbor.example", "Zoe"), member)
    meeting = Meeting.objects.create(pairing=theirs, starts_at=NOW + timedelta(days=1))
    url = reverse("pairings:meeting_cancel", args=[pairing.pk, meeting.pk])
    assert signed_in(mentor).post(url).status_code == 404


# --- The list


def test_the_list_is_kind_when_it_is_empty(member: User) -> None:
    assert "not paired with anybody yet" in page(member, reverse("pairings:list"))


def test_open_pairings_stand_before_those_that_are_over(
    pairing: Pairing, program: Program, mentor: User, member: User
) -> None:
    pair(program, mentor, member, status="completed", starts_on=date(2026, 3, 1), ended_on=date(2026, 6, 1))
    text = page(mentor, reverse("pairings:list"))
    assert text.index("You mentor Tomasz") < text.index("In earlier days") < text.index("You mentored Ines")


def test_the_list_says_where_each_pairing_stands(
    pairing: Pairing, program: Program, mentor: User, mentee: User, member: User
) -> None:
    asked(program, mentor, member)
    text = page(mentor, reverse("pairings:list"))
    assert "You would mentor Ines" in text
    assert "Asked" in text
    assert "Noor mentors you" in page(mentee, reverse("pairings:list"))


def test_the_list_costs_the_same_however_long_it_is(
    program: Program, mentor: User, django_assert_num_queries: object
) -> None:
    def fill(count: int, start: int) -> None:
        for number in range(start, start + count):
            pair(program, mentor, make_person(f"p{number}@harbor.example", f"Person {number}"))

    Enrollment.objects.filter(person=mentor).update(capacity=100)
    client = signed_in(mentor)
    fill(2, 0)
    with django_assert_num_queries(11) as few:  # type: ignore[operator]
        client.get(reverse("pairings:list"))
    fill(58, 2)
    with django_assert_num_queries(len(few)):  # type: ignore[operator]
        response = client.get(reverse("pairings:list"))
    assert len(response.context["pairings"]) == 50
    assert "page=2" in response.content.decode()
    assert len(client.get(reverse("pairings:list") + "?page=2").context["pairings"]) == 10


# --- The pair's page


def test_it_says_who_the_other_is_and_how_to_reach_them(pairing: Pairing, mentor: User, mentee: User) -> None:
    Enrollment.objects.filter(person=mentee).update(department="Pumps")
    say_skills(Enrollment.objects.get(person=mentee), "seeks", "Naming a price aloud")
    text = page(mentor, detail(pairing))
    for words in ("Tomasz Zielinski", "tomasz@harbor.example", "Pumps", "Naming a price aloud", "Warsaw"):
        assert words in text


@pytest.mark.parametrize("status", ["completed", "ended"])
def test_the_address_of_the_other_goes_with_the_pairing(pairing: Pairing, mentor: User, status: str) -> None:
    Pairing.objects.update(status=status, ended_on=date(2026, 6, 1))
    text = page(mentor, detail(pairing))
    assert "tomasz@harbor.example" not in text
    assert "stays readable to both" in text


def test_before_both_have_said_yes_no_address_is_shown(program: Program, mentor: User, mentee: User) -> None:
    assert "tomasz@harbor.example" not in page(mentor, detail(asked(program, mentor, mentee)))


def test_the_next_meeting_is_shown_on_both_clocks(pairing: Pairing, mentor: User, mentee: User) -> None:
    Meeting.objects.create(pairing=pairing, starts_at=datetime(2026, 6, 25, 15, 0, tzinfo=UTC))
    text = page(mentor, detail(pairing))
    assert "Next meeting, in two days" in text
    assert "16:00 to 17:00 in Lisbon" in text
    assert "17:00 to 18:00 for Tomasz in Warsaw" in text
    text = page(mentee, detail(pairing))
    assert "17:00 to 18:00 in Warsaw" in text
    assert "16:00 to 17:00 for Noor in Lisbon" in text


def test_a_meeting_that_falls_on_another_day_there_says_so(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    User.objects.filter(pk=mentee.pk).update(time_zone="Pacific/Auckland")
    Meeting.objects.create(pairing=pairing, starts_at=datetime(2026, 6, 25, 15, 0, tzinfo=UTC))
    assert "for Tomasz in Auckland, Friday, June 26" in page(mentor, detail(pairing))


def test_canceled_meetings_are_gone_and_past_ones_stand_below(pairing: Pairing, mentor: User) -> None:
    Meeting.objects.create(pairing=pairing, starts_at=NOW + timedelta(days=1), place="Gone", cancelled_at=NOW)
    Meeting.objects.create(pairing=pairing, starts_at=NOW - timedelta(days=20), place="Café Lux")
    text = page(mentor, detail(pairing))
    assert "Gone" not in text
    assert "No meeting planned" in text
    assert text.index("When you met") < text.rindex("Café Lux")


def test_long_words_are_shown_whole(program: Program, mentor: User) -> None:
    name, words = "W" * 120, "x" * 200
    other = make_person("long@harbor.example", name)
    say_skills(enroll(program, other, Enrollment.Role.MENTEE, department=words[:80]), "seeks", words[:80])
    text = page(mentor, detail(pair(program, mentor, other, focus=words)))
    assert name in text
    assert words in text


def test_what_people_typed_is_not_markup(pairing: Pairing, mentor: User, mentee: User) -> None:
    User.objects.filter(pk=mentee.pk).update(name="<b>Tomasz</b>")
    Pairing.objects.update(focus="<script>alert(1)</script>")
    Meeting.objects.create(pairing=pairing, starts_at=NOW + timedelta(days=1), place="javascript:alert(1)")
    text = page(mentor, detail(pairing))
    assert "<b>Tomasz" not in text
    assert "<script>alert" not in text
    assert 'href="javascript:' not in text


def test_a_link_to_a_call_can_be_followed(pairing: Pairing, mentor: User) -> None:
    Meeting.objects.create(
        pairing=pairing, starts_at=NOW + timedelta(days=1), place="https://meet.example.org/noor"
    )
    assert 'href="https://meet.example.org/noor"' in page(mentor, detail(pairing))


def test_it_leads_to_where_it_is_paused_or_ended_and_who_can_be_asked_is_named_there(
    pairing: Pairing, mentor: User
) -> None:
    ways = reverse("pairings:ending", args=[pairing.pk])
    assert f'href="{ways}"' in page(mentor, detail(pairing))
    assert "rosa@harbor.example" in page(mentor, ways)


def test_the_page_costs_the_same_however_often_they_met(
    pairing: Pairing, mentor: User, django_assert_num_queries: object
) -> None:
    client = signed_in(mentor)
    client.get(detail(pairing))

    def meet(count: int) -> None:
        Meeting.objects.bulk_create(
            Meeting(pairing=pairing, starts_at=NOW + timedelta(days=sign * day + sign))
            for day in range(count)
            for sign in (-1, 1)
        )

    meet(1)
    with django_assert_num_queries(38, exact=False) as few:  # type: ignore[operator]
        client.get(detail(pairing))
    meet(30)
    with django_assert_num_queries(len(few)):  # type: ignore[operator]
        response = client.get(detail(pairing))
    assert len(response.context["past"]) == 10


# --- Answering


def test_the_two_answer_a_proposal_on_its_page(program: Program, mentor: User, mentee: User) -> None:
    proposal = asked(program, mentor, mentee)
    assert "Would you like to mentor Tomasz?" in page(mentor, detail(proposal))
    assert "Would you like Noor as your mentor?" in page(mentee, detail(proposal))
    signed_in(mentor).post(reverse("pairings:accept", args=[proposal.pk]))
    text = page(mentor, detail(proposal))
    assert "You said yes" in text
    assert "Tomasz has not answered yet" in text
    assert "Would you like" in page(mentee, detail(proposal))
    response = signed_in(mentee).post(reverse("pairings:accept", args=[proposal.pk]), follow=True)
    assert "You are a pair now." in response.content.decode()
    proposal.refresh_from_db()
    assert proposal.status == Pairing.Status.ACTIVE


def test_a_no_needs_no_reason(program: Program, mentor: User, mentee: User) -> None:
    proposal = asked(program, mentor, mentee)
    response = signed_in(mentee).post(reverse("pairings:decline", args=[proposal.pk]), follow=True)
    assert response.redirect_chain == [(reverse("pairings:list"), 302)]
    proposal.refresh_from_db()
    assert proposal.status == Pairing.Status.DECLINED


def test_an_answer_that_comes_too_late_says_so(pairing: Pairing, mentor: User) -> None:
    response = signed_in(mentor).post(reverse("pairings:decline", args=[pairing.pk]), follow=True)
    assert "This question is no longer open." in response.content.decode()


# --- Planning


def test_a_meeting_is_planned_on_ones_own_clock(pairing: Pairing, mentee: User) -> None:
    form = {"on": "2026-07-02", "at": "17:30", "minutes": "45", "place": "Café Lux"}
    response = signed_in(mentee).post(reverse("pairings:meeting_add", args=[pairing.pk]), form, follow=True)
    meeting = Meeting.objects.get()
    assert meeting.starts_at == datetime(2026, 7, 2, 15, 30, tzinfo=UTC)
    assert (meeting.minutes, meeting.place) == (45, "Café Lux")
    assert "17:30 to 18:15 in Warsaw" in response.content.decode()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Choose a day."),
        ({"on": "2026-07-02"}, "Choose a time."),
        ({"on": "9999-12-31", "at": "23:30", "minutes": "60"}, "in the next two years"),
        ({"on": "0001-01-01", "at": "00:30", "minutes": "60"}, "in the next two years"),
        ({"on": "2026-06-22", "at": "10:00", "minutes": "60"}, "still to come"),
        ({"on": "2027-03-28", "at": "02:30", "minutes": "60"}, "The clocks skip this time"),
        ({"on": "2026-07-02", "at": "10:00", "minutes": "7"}, "not one of the available choices"),
        ({"on": "2026-07-02", "at": "10:00", "minutes": "60", "place": "x" * 201}, "at most 200 characters"),
        ({"on": "yesterday", "at": "soon", "minutes": "60"}, "Write the time like 14:30."),
    ],
)
def test_a_plan_that_cannot_be_kept_is_shown_again_with_the_reason(
    pairing: Pairing, mentee: User, form: dict[str, str], words: str
) -> None:
    response = signed_in(mentee).post(reverse("pairings:meeting_add", args=[pairing.pk]), form)
    assert response.status_code == 200
    text = response.content.decode()
    assert words in text
    assert "<title>Error:" in text
    assert not Meeting.objects.exists()


def test_a_paused_pairing_plans_nothing(pairing: Pairing, mentor: User) -> None:
    Pairing.objects.update(status=Pairing.Status.PAUSED)
    text = page(mentor, detail(pairing))
    assert "It is paused for now." in text
    assert "Plan a meeting" not in text


def test_a_meeting_is_canceled_by_a_button(pairing: Pairing, mentor: User) -> None:
    meeting = Meeting.objects.create(pairing=pairing, starts_at=NOW + timedelta(days=1))
    assert "Cancel this meeting" in page(mentor, detail(pairing))
    signed_in(mentor).post(reverse("pairings:meeting_cancel", args=[pairing.pk, meeting.pk]))
    meeting.refresh_from_db()
    assert meeting.cancelled_at is not None
    assert "No meeting planned" in page(mentor, detail(pairing))
