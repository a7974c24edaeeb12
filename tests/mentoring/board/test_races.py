"""Two admins at one moment: one place, one mentee, one truth."""

import pytest

from mentoring.actions import board
from mentoring.models import Enrollment, ProposedPair, WithoutMatch
from tests.conftest import NOW
from tests.mentoring.test_races import at_once

from .conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_admins_who_move_somebody_into_one_place_at_once_fill_it_once(cast: Cast) -> None:
    for person in (cast.wen, cast.kofi, cast.priya):
        board.move_mentee(cast.run, person, None, by=cast.admin, now=NOW)
    Enrollment.objects.filter(person=cast.mateo).update(capacity=1)
    ends = at_once(
        [
            lambda person=person: board.move_mentee(cast.run, person, cast.mateo, by=cast.admin, now=NOW)  # type: ignore[misc]
            for person in (cast.wen, cast.kofi, cast.priya)
        ]
    )
    full = "refused: Mateo has no room for another mentee now."
    assert ends == ["done", full, full]
    assert ProposedPair.objects.filter(run=cast.run).count() == 1
    assert WithoutMatch.objects.filter(run=cast.run, side="mentee").count() == 2


def test_a_mentee_who_is_moved_to_two_mentors_at_once_has_one(cast: Cast) -> None:
    Enrollment.objects.filter(person__in=[cast.mateo, cast.bram]).update(capacity=3)
    board.move_mentee(cast.run, cast.wen, None, by=cast.admin, now=NOW)
    seen = {cast.wen.pk: None}
    ends = at_once(
        [
            lambda mentor=mentor: board.move_mentee(  # type: ignore[misc]
                cast.run, cast.wen, mentor, by=cast.admin, now=NOW, seen=seen
            )
            for mentor in (cast.mateo, cast.bram)
        ]
    )
    assert [end.partition(":")[0] for end in ends] == ["done", "refused"]
    assert ProposedPair.objects.filter(run=cast.run, mentee=cast.wen).count() == 1
    assert not WithoutMatch.objects.filter(run=cast.run, person=cast.wen).exists()


def test_a_swap_and_a_lock_of_the_same_pair_at_once_are_both_whole(cast: Cast) -> None:
    pair = cast.pair_of(cast.kofi)
    ends = at_once(
        [
            lambda: board.swap_mentees(cast.run, cast.wen, cast.kofi, by=cast.admin, now=NOW),
            lambda: board.lock_pair(pair, by=cast.admin),
        ]
    )
    assert [end.partition(":")[0] for end in ends] == ["done", "refused"]
    found = dict(ProposedPair.objects.filter(run=cast.run).values_list("mentee__name", "mentor__name"))
    if found["Kofi Annor"] == "Bram Visser":
        assert ProposedPair.objects.get(pk=pair.pk).is_locked
    assert sorted(found.values()) == ["Bram Visser", "Mateo Ruiz", "Mateo Ruiz"]
