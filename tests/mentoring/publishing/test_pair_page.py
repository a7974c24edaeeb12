"""What the two see of a proposal: who is asked, until when, and why the two of them."""

import pytest
from django.urls import reverse

from accounts.models import User
from mentoring import actions, why
from mentoring.matching.reasons import Kind, Reason
from mentoring.models import MatchingRun, Meeting, Pairing, Program, ProposedPair
from tests.conftest import NOW, TODAY, pair, signed_in

pytestmark = pytest.mark.django_db


def page(pairing: Pairing, person: User) -> str:
    return signed_in(person).get(reverse("pairings:detail", args=[pairing.pk])).content.decode()


def tell(run: MatchingRun, pair: ProposedPair, by: User, approval: str) -> Pairing:
    return actions.publish(run, [pair], by=by, approval=approval, starts_on=TODAY, now=NOW).pairings[0]


def test_whoever_is_asked_alone_reads_so_and_the_other_one_that_they_are_asked(
    run: MatchingRun, proposed: ProposedPair, admin: User, mentor: User, mentee: User
) -> None:
    pairing = tell(run, proposed, admin, "mentor")
    theirs, other = page(pairing, mentor), page(pairing, mentee)
    assert "Only you are asked: with your yes you are a pair, and Tomasz hears of it." in theirs
    assert "Please answer by Tuesday, July 7, 2026" in theirs
    assert "Noor is asked" in other
    assert "You said yes" not in other
    assert "Yes, gladly" not in other
    assert "No, not this time" in other


def test_where_both_are_asked_whoever_said_yes_reads_that(
    run: MatchingRun, proposed: ProposedPair, admin: User, mentor: User, mentee: User
) -> None:
    pairing = tell(run, proposed, admin, "both")
    assert "Noor is asked too." in page(pairing, mentee)
    actions.accept_pairing(pairing, by=mentee, now=NOW)
    assert "You said yes" in page(pairing, mentee)
    assert "Yes, gladly" in page(pairing, mentor)


def test_each_reads_why_the_two_of_them_addressed_as_themselves(
    run: MatchingRun, proposed: ProposedPair, admin: User, mentor: User, mentee: User
) -> None:
    pairing = tell(run, proposed, admin, "admins")
    assert "You asked for help with Pricing; Noor offers it." in page(pairing, mentee)
    assert "Tomasz asked for help with Pricing; you offer it." in page(pairing, mentor)
    assert "Why the two of you" in page(pairing, mentor)


@pytest.mark.parametrize("status", [status for status in Pairing.OPEN if status != "requested"])
def test_what_comes_from_answers_is_told_while_the_pairing_is_under_way(
    program: Program, mentor: User, mentee: User, status: str
) -> None:
    found = [
        Reason(Kind.SKILLS, speaks_for=True, names=("Pricing",)),
        Reason(Kind.INTERESTS, speaks_for=True, names=("chess",)),
        Reason(Kind.SENIORITY, speaks_for=True, number=2),
    ]
    pairing = pair(program, mentor, mentee, status=status, reasons=[why.kept(each) for each in found])
    for person in (mentor, mentee):
        said = page(pairing, person)
        assert "help with Pricing" in said
        for words in ("interested in chess", "two steps ahead"):
            assert (words in said) is (status in ("active", "paused")), words


def test_once_they_have_met_they_know_themselves(
    run: MatchingRun, proposed: ProposedPair, admin: User, mentor: User
) -> None:
    pairing = tell(run, proposed, admin, "admins")
    Meeting.objects.create(pairing=pairing, starts_at=NOW)
    assert "Why the two of you" not in page(pairing, mentor)


@pytest.mark.parametrize("reasons", [[], [{"kind": "nonsense"}], [{"kind": "locked", "speaks_for": True}]])
def test_without_reasons_there_is_no_heading(
    program: Program, mentor: User, mentee: User, admin: User, reasons: list[dict[str, object]]
) -> None:
    pairing = actions.create_pairing(
        program, mentor, mentee, by=admin, starts_on=TODAY, approval="both", reasons=reasons, now=NOW
    )
    assert "Why the two of you" not in page(pairing, mentor)


def test_a_pairing_that_was_not_proposed_here_still_has_its_question(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    pairing = actions.create_pairing(
        program, mentor, mentee, by=admin, starts_on=TODAY, approval="both", now=NOW
    )
    assert "You are a pair once both of you have said yes. Tomasz is asked too." in page(pairing, mentor)
