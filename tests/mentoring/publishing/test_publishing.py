"""Pairs of a run are told: what becomes of them, who hears of it, and which ones are left."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import Published, Refused
from mentoring.models import Enrollment, MatchingRun, Pairing, Program, ProposedPair, Publication, RuledOut
from mentoring.pair_letters import DEFAULTS
from tests.conftest import NOW, TODAY, enroll, make_person, pair

pytestmark = pytest.mark.django_db


def publish(run: MatchingRun, pairs: list[ProposedPair], by: User, **said: object) -> Published:
    values = {"approval": "both", "starts_on": TODAY, "now": NOW, **said}
    return actions.publish(run, pairs, by=by, **values)  # type: ignore[arg-type]


def owed() -> set[tuple[str, str]]:
    return set(Message.objects.values_list("person__name", "kind"))


def test_both_are_asked_with_what_speaks_for_them(
    run: MatchingRun, drafts: list[ProposedPair], proposed: ProposedPair, admin: User
) -> None:
    told = publish(run, drafts, admin)
    assert len(told.pairings) == 2
    assert not told.left
    proposed.refresh_from_db()
    assert proposed.publication == told.publication == Publication.objects.get()
    pairing = proposed.pairing
    assert pairing is not None
    assert (pairing.status, pairing.approval) == ("proposed", "both")
    assert pairing.answer_by == NOW + timedelta(days=14)
    assert pairing.mentor_accepted_at is pairing.mentee_accepted_at is None
    assert [(fact["kind"], fact["names"]) for fact in pairing.reasons] == [("skills", ["Pricing"])]
    assert owed() == {
        ("Noor Haddad", "pairing_proposed"),
        ("Tomasz Zielinski", "pairing_proposed"),
        ("Ines Duarte", "pairing_proposed"),
    }


@pytest.mark.parametrize(
    ("approval", "status", "hear"),
    [
        ("mentor", "proposed", {("Noor Haddad", "pairing_proposed")}),
        ("mentee", "proposed", {("Tomasz Zielinski", "pairing_proposed")}),
        ("admins", "active", {("Noor Haddad", "pairing_made"), ("Tomasz Zielinski", "pairing_made")}),
    ],
)
def test_who_is_asked_is_as_those_who_publish_say(
    run: MatchingRun,
    proposed: ProposedPair,
    admin: User,
    approval: str,
    status: str,
    hear: set[tuple[str, str]],
) -> None:
    (pairing,) = publish(run, [proposed], admin, approval=approval).pairings
    pairing.refresh_from_db()
    assert pairing.status == status
    assert owed() == hear
    if status == "active":
        return
    asked = pairing.mentor if approval == "mentor" else pairing.mentee
    actions.accept_pairing(pairing, by=asked, now=NOW)
    pairing.refresh_from_db()
    assert pairing.status == "active"
    assert Message.objects.filter(kind="pairing_made").count() == 2


def test_whoever_is_not_asked_may_still_say_no(
    run: MatchingRun, proposed: ProposedPair, admin: User, mentee: User
) -> None:
    (pairing,) = publish(run, [proposed], admin, approval="mentor").pairings
    actions.decline_pairing(pairing, by=mentee, now=NOW)
    pairing.refresh_from_db()
    assert pairing.status == "declined"


def test_those_that_cannot_be_are_left_with_the_reason_and_the_others_go(
    run: MatchingRun, drafts: list[ProposedPair], admin: User, mentee: User, member: User, program: Program
) -> None:
    other = make_person("ada@harbor.example", "Ada Berg")
    enroll(program, other, "mentor")
    pair(program, other, member)
    told = publish(run, drafts, admin)
    assert [pairing.mentee for pairing in told.pairings] == [mentee]
    (look,) = told.left
    assert look.pair.mentee == member
    assert look.why_not == "Ines has a mentor here already, and this program allows one at a time."
    look.pair.refresh_from_db()
    assert look.pair.publication is None


def test_a_lower_capacity_is_kept(
    run: MatchingRun, drafts: list[ProposedPair], admin: User, mentor: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=1)
    told = publish(run, drafts, admin)
    assert len(told.pairings) == 1
    assert [look.why_not for look in told.left] == ["Noor has no room for another mentee now."]


@pytest.mark.parametrize(
    "way", ["left", "pauses", "leaves for good", "declined", "ruled out", "told", "open"]
)
def test_each_reason_is_said(
    run: MatchingRun,
    proposed: ProposedPair,
    program: Program,
    admin: User,
    mentor: User,
    mentee: User,
    way: str,
) -> None:
    place = Enrollment.objects.filter(person=mentee)
    match way:
        case "left":
            place.update(status="withdrawn")
        case "pauses":
            place.update(status="paused")
        case "leaves for good":
            User.objects.filter(pk=mentee.pk).update(erasure_due_at=NOW)
        case "declined":
            pair(program, mentor, mentee, status="declined", mentor_accepted_at=None)
        case "ruled out":
            RuledOut.objects.create(program=program, mentor=mentor, mentee=mentee)
        case "told":
            publish(run, [proposed], admin)
        case "open":
            pair(program, mentor, mentee, status="requested", mentor_accepted_at=None)
    why = {
        "declined": "These two were asked before, and the answer was no.",
        "ruled out": "This pair is ruled out by now.",
        "told": "They have been told already.",
        "open": "One of the two has asked the other; that request is still open.",
    }.get(way, "Tomasz is not active in this program now.")
    before = Pairing.objects.count()
    assert [look.why_not for look in actions.look_through(run, [proposed])] == [why]
    told = publish(run, [proposed], admin)
    assert [look.why_not for look in told.left] == [why]
    assert told.publication is None
    assert Pairing.objects.count() == before


@pytest.mark.parametrize("elsewhere", [True, False])
def test_what_was_no_fit_in_one_program_is_none_in_another_and_nobody_is_told_that_it_was(
    run: MatchingRun,
    proposed: ProposedPair,
    admin: User,
    other_program: Program,
    mentor: User,
    mentee: User,
    elsewhere: bool,
) -> None:
    said_in = other_program if elsewhere else run.program
    RuledOut.objects.create(program=said_in, mentor=mentee, mentee=mentor, because="not_a_fit")
    told = publish(run, [proposed], admin)
    assert told.publication is None
    why = ["These two cannot be a pair in this program."]
    assert [look.why_not for look in told.left] == why
    assert [look.why_not for look in actions.look_through(run, [proposed])] == why
    # What those who run this program said themselves, they are told.
    RuledOut.objects.create(program=run.program, mentor=mentor, mentee=mentee)
    assert [look.why_not for look in actions.look_through(run, [proposed])] == [
        "This pair is ruled out by now."
    ]


def test_a_pair_that_somebody_changed_meanwhile_is_not_told(
    run: MatchingRun, proposed: ProposedPair, program: Program, admin: User
) -> None:
    other = make_person("ada@harbor.example", "Ada Berg")
    enroll(program, other, "mentor")
    ProposedPair.objects.filter(pk=proposed.pk).update(mentor=other)
    told = publish(run, [proposed], admin)
    assert [look.why_not for look in told.left] == ["Somebody has changed this pair meanwhile."]
    assert not Pairing.objects.exists()


@pytest.mark.parametrize("state", ["making", "failed", "left"])
def test_nothing_is_told_of_a_run_that_is_not_there_to_be_told(
    run: MatchingRun, proposed: ProposedPair, admin: User, state: str
) -> None:
    MatchingRun.objects.filter(pk=run.pk).update(state=state, finished_at=None if state == "making" else NOW)
    with pytest.raises(Refused, match="put away, or not made yet"):
        publish(run, [proposed], admin)


def test_what_cannot_be_said_is_refused(
    run: MatchingRun, proposed: ProposedPair, admin: User, other_admin: User, program: Program
) -> None:
    with pytest.raises(Refused, match="Only those who run a program tell"):
        publish(run, [proposed], other_admin)
    with pytest.raises(Refused, match=r"no variable \{nmae\}"):
        publish(run, [proposed], admin, to_mentees="Dear {nmae}")
    with pytest.raises(Refused, match="first day must lie within"):
        publish(run, [proposed], admin, starts_on=program.starts_on - timedelta(days=1))
    Program.objects.filter(pk=program.pk).update(status="closed")
    with pytest.raises(Refused, match="closed"):
        publish(run, [proposed], admin)
    assert not Publication.objects.exists()


def test_pairs_of_another_run_are_none_of_this_one(
    run: MatchingRun, proposed: ProposedPair, admin: User, program: Program
) -> None:
    other = MatchingRun.objects.create(program=program, state="made", finished_at=NOW)
    told = publish(other, [proposed], admin)
    assert not told.pairings
    assert not Pairing.objects.exists()


def test_the_letters_are_kept_and_the_standing_words_are_not(
    run: MatchingRun, proposed: ProposedPair, admin: User
) -> None:
    told = publish(
        run,
        [proposed],
        admin,
        to_mentors=str(DEFAULTS["mentor"]).replace("\n", "\r\n"),
        to_mentees=" Be brave, {name}.\r\nYours ",
    )
    assert told.publication is not None
    assert (told.publication.to_mentors, told.publication.to_mentees) == ("", "Be brave, {name}.\nYours")


def test_many_pairs_are_told_in_as_many_queries_as_one(
    program: Program, admin: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    run = MatchingRun.objects.create(program=program, state="made", finished_at=NOW)
    for number in range(30):
        two = [make_person(f"{role}{number}@harbor.example", f"P {number}") for role in ("a", "b")]
        enroll(program, two[0], "mentor")
        enroll(program, two[1], "mentee")
        ProposedPair.objects.create(run=run, mentor=two[0], mentee=two[1], fit=1)
    pairs = list(run.pairs.with_people())
    with django_assert_max_num_queries(32):
        assert len(publish(run, pairs, admin).pairings) == 30
