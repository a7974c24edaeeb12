"""What is changed in a run's draft: by whom, when it is refused, and who is without a match then."""

import pytest

from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused, board
from mentoring.models import (
    Enrollment,
    MatchingCriteria,
    MatchingRun,
    Pairing,
    PairingRequest,
    Program,
    ProposedPair,
    Publication,
    RuledOut,
    WithoutMatch,
)
from mentoring.runs.making import in_one_go
from tests.conftest import NOW, TODAY, pair

from .conftest import Cast, comes

pytestmark = pytest.mark.django_db


def refused(act: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(Refused) as no:
        act(*args, **kwargs)  # type: ignore[operator]
    return str(no.value)


def by(cast: Cast) -> dict[str, object]:
    return {"by": cast.admin, "now": NOW}


def test_the_cast_is_matched_as_the_tests_take_it_to_be(cast: Cast) -> None:
    assert cast.mentor_of(cast.wen) == cast.mentor_of(cast.priya) == cast.mateo
    assert cast.mentor_of(cast.kofi) == cast.bram
    assert cast.without() == set()


def test_a_locked_pair_is_kept_when_the_run_is_proposed_again(cast: Cast) -> None:
    board.move_mentee(cast.run, cast.wen, None, **by(cast))  # type: ignore[arg-type]
    board.swap_mentees(cast.run, cast.wen, cast.kofi, **by(cast))  # type: ignore[arg-type]
    board.lock_pair(cast.pair_of(cast.wen), by=cast.admin)
    again = in_one_go(cast.program, NOW, after=cast.run)
    assert cast.mentor_of(cast.wen, again) == cast.bram
    board.unlock_pair(cast.pair_of(cast.wen), by=cast.admin)
    again = in_one_go(cast.program, NOW, after=cast.run)
    assert cast.mentor_of(cast.wen, again) == cast.mateo


def test_a_mentee_gets_another_mentor_and_the_lists_of_those_without_follow(cast: Cast) -> None:
    board.move_mentee(cast.run, cast.kofi, None, **by(cast))  # type: ignore[arg-type]
    assert cast.without() == {"Kofi", "Bram"}
    board.move_mentee(cast.run, cast.wen, cast.bram, **by(cast))  # type: ignore[arg-type]
    assert cast.without() == {"Kofi"}
    assert cast.pair_of(cast.wen).is_by_hand
    board.move_mentee(cast.run, cast.kofi, cast.mateo, **by(cast))  # type: ignore[arg-type]
    assert cast.without() == set()
    assert cast.mentor_of(cast.kofi) == cast.mateo
    assert cast.run.pairs.count() == 3


def test_a_changed_pair_is_another_row_so_that_nobody_approves_what_they_did_not_see(cast: Cast) -> None:
    before = cast.pair_of(cast.wen).pk
    board.swap_mentees(cast.run, cast.wen, cast.kofi, **by(cast))  # type: ignore[arg-type]
    assert (cast.mentor_of(cast.wen), cast.mentor_of(cast.kofi)) == (cast.bram, cast.mateo)
    assert not ProposedPair.objects.filter(pk=before).exists()
    assert cast.without() == set()


def test_a_swap_with_somebody_who_has_nobody_gives_them_the_mentor(cast: Cast) -> None:
    board.move_mentee(cast.run, cast.kofi, None, **by(cast))  # type: ignore[arg-type]
    board.swap_mentees(cast.run, cast.kofi, cast.wen, **by(cast))  # type: ignore[arg-type]
    assert cast.mentor_of(cast.kofi) == cast.mateo
    assert cast.without() == {"Wen", "Bram"}


def test_a_mentor_takes_no_more_than_the_pairings_and_drafts_leave_room_for(cast: Cast, mentee: User) -> None:
    act = board.move_mentee
    assert (
        refused(act, cast.run, cast.kofi, cast.mateo, **by(cast))
        == "Mateo has no room for another mentee now."
    )
    board.move_mentee(cast.run, cast.wen, None, **by(cast))  # type: ignore[arg-type]
    pair(cast.program, cast.mateo, mentee)
    assert "no room" in refused(act, cast.run, cast.kofi, cast.mateo, **by(cast))
    Enrollment.objects.filter(person=cast.mateo).update(capacity=3)
    board.move_mentee(cast.run, cast.kofi, cast.mateo, **by(cast))  # type: ignore[arg-type]


def test_a_locked_pair_is_unlocked_before_it_is_changed(cast: Cast) -> None:
    board.lock_pair(cast.pair_of(cast.kofi), by=cast.admin)
    locked = "This pair is locked. Unlock it first."
    assert refused(board.move_mentee, cast.run, cast.kofi, None, **by(cast)) == locked
    assert refused(board.swap_mentees, cast.run, cast.wen, cast.kofi, **by(cast)) == locked
    assert refused(board.rule_out, cast.pair_of(cast.kofi), **by(cast)) == locked
    assert cast.mentor_of(cast.kofi) == cast.bram


def test_what_was_told_is_not_changed(cast: Cast) -> None:
    told = Publication.objects.create(run=cast.run, approval="both", starts_on=TODAY)
    cast.run.pairs.filter(mentee=cast.kofi).update(publication=told)
    assert "not in the draft" in refused(board.move_mentee, cast.run, cast.kofi, None, **by(cast))
    assert refused(board.swap_mentees, cast.run, cast.wen, cast.kofi, **by(cast))
    assert "no longer in the draft" in refused(board.lock_pair, cast.pair_of(cast.kofi), by=cast.admin)
    assert refused(board.rule_out, cast.pair_of(cast.kofi), **by(cast))
    assert not RuledOut.objects.exists()
    # Bram has one place, and whoever was told has it, though nobody has answered yet.
    pair(cast.program, cast.bram, cast.kofi, status="proposed")
    assert "no room" in refused(board.move_mentee, cast.run, cast.wen, cast.bram, **by(cast))


def test_a_mentor_with_somebody_who_was_told_is_not_without_a_match(cast: Cast) -> None:
    told = Publication.objects.create(run=cast.run, approval="both", starts_on=TODAY)
    cast.run.pairs.filter(mentee=cast.priya).update(publication=told)
    board.move_mentee(cast.run, cast.wen, None, **by(cast))  # type: ignore[arg-type]
    assert cast.without() == {"Wen"}


@pytest.mark.parametrize("state", ["making", "failed", "left"])
def test_only_a_run_that_is_made_is_changed(cast: Cast, state: str) -> None:
    finished = None if state == "making" else NOW
    MatchingRun.objects.update(state=state, finished_at=finished)
    cast.run.refresh_from_db()
    assert "nothing is changed" in refused(board.move_mentee, cast.run, cast.wen, None, **by(cast))
    assert "nothing is changed" in refused(board.lock_pair, cast.pair_of(cast.wen), by=cast.admin)


def test_a_closed_program_is_left_alone(cast: Cast) -> None:
    Program.objects.update(status="closed")
    assert refused(board.move_mentee, cast.run, cast.wen, None, **by(cast)) == "This program is closed."


def test_only_those_who_run_the_program_change_its_runs(
    cast: Cast, other_admin: User, mentor: User, outsider: User
) -> None:
    ruled_out = RuledOut.objects.create(program=cast.program, mentor=cast.bram, mentee=cast.wen)
    for person in (other_admin, mentor, cast.wen, outsider):
        for act in (
            lambda who: board.move_mentee(cast.run, cast.wen, None, by=who, now=NOW),
            lambda who: board.swap_mentees(cast.run, cast.wen, cast.kofi, by=who, now=NOW),
            lambda who: board.lock_pair(cast.pair_of(cast.wen), by=who),
            lambda who: board.unlock_pair(cast.pair_of(cast.wen), by=who),
            lambda who: board.rule_out(cast.pair_of(cast.wen), by=who, now=NOW),
            lambda who: board.allow_again(ruled_out, by=who),
        ):
            assert refused(act, person) == "Only those who run a program do this."
    assert cast.run.pairs.filter(is_by_hand=False, is_locked=False).count() == 3


def test_somebody_who_is_away_is_given_to_nobody(cast: Cast) -> None:
    board.move_mentee(cast.run, cast.wen, None, **by(cast))  # type: ignore[arg-type]
    Enrollment.objects.filter(person=cast.mateo).update(status="paused")
    said = refused(board.move_mentee, cast.run, cast.kofi, cast.mateo, **by(cast))
    assert said == "Mateo takes no mentees now."
    Enrollment.objects.filter(person=cast.wen).update(status="withdrawn")
    said = refused(board.move_mentee, cast.run, cast.wen, cast.bram, **by(cast))
    assert said == "Wen is not here as a mentee now."


def test_a_mentee_who_found_somebody_meanwhile_needs_nobody(cast: Cast, mentor: User) -> None:
    board.move_mentee(cast.run, cast.wen, None, **by(cast))  # type: ignore[arg-type]
    pair(cast.program, mentor, cast.wen)
    said = refused(board.move_mentee, cast.run, cast.wen, cast.mateo, **by(cast))
    assert said == "Wen has a mentor by now."


def test_a_must_have_may_be_broken_by_hand_but_nobody_who_is_ruled_out_is_put_together(cast: Cast) -> None:
    MatchingCriteria.objects.create(program=cast.program, language_in_common=True)
    spanish = comes(cast.program, "Dalia Cruz", "mentor", "Pricing", languages="es")
    board.move_mentee(cast.run, cast.wen, spanish, **by(cast))  # type: ignore[arg-type]
    assert cast.mentor_of(cast.wen) == spanish
    RuledOut.objects.create(program=cast.program, mentor=cast.bram, mentee=cast.priya, because="not_a_fit")
    board.move_mentee(cast.run, cast.kofi, None, **by(cast))  # type: ignore[arg-type]
    said = refused(board.move_mentee, cast.run, cast.priya, cast.bram, **by(cast))
    assert said == "These two cannot be a pair in this program."


def test_whom_somebody_reports_to_cannot_be_told_from_what_is_refused(cast: Cast) -> None:
    board.move_mentee(cast.run, cast.kofi, None, **by(cast))  # type: ignore[arg-type]
    Enrollment.objects.filter(person=cast.wen).update(line_manager=cast.bram.email)
    RuledOut.objects.create(program=cast.program, mentor=cast.bram, mentee=cast.priya, because="not_a_fit")
    reports, had_no_fit = (
        refused(board.move_mentee, cast.run, person, cast.bram, **by(cast))
        for person in (cast.wen, cast.priya)
    )
    assert reports == had_no_fit


def test_two_who_are_ruled_out_leave_the_draft_and_are_not_proposed_again_until_they_are_allowed(
    cast: Cast,
) -> None:
    row = board.rule_out(cast.pair_of(cast.kofi), by=cast.admin, now=NOW)
    assert (row.because, row.created_by) == ("admins", cast.admin)
    assert cast.without() == {"Kofi", "Bram"}
    again = in_one_go(cast.program, NOW)
    assert cast.mentor_of(cast.kofi, again) != cast.bram
    board.allow_again(row, by=cast.admin)
    again = in_one_go(cast.program, NOW)
    assert cast.mentor_of(cast.kofi, again) == cast.bram
    assert "no longer ruled out" in refused(board.allow_again, row, by=cast.admin)


def test_what_is_asked_between_two_ends_when_they_are_ruled_out(cast: Cast) -> None:
    asked = pair(
        cast.program, cast.bram, cast.kofi, status="requested", mentor_accepted_at=None, starts_on=TODAY
    )
    request = PairingRequest.objects.create(
        program=cast.program, mentor=cast.bram, mentee=cast.kofi, state="asked", asked_at=NOW, pairing=asked
    )
    board.rule_out(cast.pair_of(cast.kofi), by=cast.admin, now=NOW)
    asked.refresh_from_db()
    request.refresh_from_db()
    assert (asked.status, request.state, request.because) == ("expired", "declined", "organizers")


def test_what_two_people_found_themselves_stands(cast: Cast) -> None:
    row = RuledOut.objects.create(
        program=cast.program, mentor=cast.bram, mentee=cast.wen, because="not_a_fit"
    )
    assert refused(board.allow_again, row, by=cast.admin)
    assert RuledOut.objects.filter(pk=row.pk).exists()


def test_nobody_acts_on_what_was_changed_since_they_looked(cast: Cast) -> None:
    seen = {cast.wen.pk: cast.bram.pk}
    said = refused(board.move_mentee, cast.run, cast.wen, None, **by(cast), seen=seen)
    assert said == "This was changed meanwhile, by you or by somebody else. Look at it again."
    board.move_mentee(cast.run, cast.wen, None, **by(cast), seen={cast.wen.pk: cast.mateo.pk})  # type: ignore[arg-type]


def test_somebody_who_is_not_in_the_run_is_not_put_into_it(cast: Cast, member: User) -> None:
    said = refused(board.move_mentee, cast.run, member, cast.mateo, **by(cast))
    assert said == "Ines is not in the draft of this run."


def test_a_run_that_was_put_away_keeps_its_pairs(cast: Cast) -> None:
    actions.leave_run(cast.run, by=cast.admin, now=NOW)
    assert cast.run.pairs.count() == 3
    assert Pairing.objects.count() == 0


def test_why_somebody_is_without_a_match_is_asked_anew_after_a_change(cast: Cast) -> None:
    board.move_mentee(cast.run, cast.kofi, None, **by(cast))  # type: ignore[arg-type]
    WithoutMatch.objects.update(why={"cause": "full"})
    board.move_mentee(cast.run, cast.wen, None, **by(cast))  # type: ignore[arg-type]
    assert set(WithoutMatch.objects.values_list("person__name", flat=True)) == {
        "Kofi Annor",
        "Bram Visser",
        "Wen Zhao",
    }
    assert all(row.why == {} for row in WithoutMatch.objects.all())
