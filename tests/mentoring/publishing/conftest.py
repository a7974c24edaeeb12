"""A run of the cast's program: Noor could be with Tomasz and with Ines."""

import pytest

from accounts.models import User
from mentoring.models import Enrollment, MatchingRun, Program, ProposedPair
from mentoring.runs.making import in_one_go
from tests.conftest import NOW, say_skills


@pytest.fixture
def run(program: Program, mentor: User, mentee: User, member: User, admin: User) -> MatchingRun:
    for person, side in ((mentor, "offers"), (mentee, "seeks")):
        say_skills(Enrollment.objects.get(program=program, person=person), side, "Pricing")
    return in_one_go(program, NOW)


@pytest.fixture
def proposed(run: MatchingRun, mentee: User) -> ProposedPair:
    """Noor with Tomasz."""
    return run.pairs.with_people().get(mentee=mentee)


@pytest.fixture
def drafts(run: MatchingRun) -> list[ProposedPair]:
    return list(run.pairs.draft().with_people())
