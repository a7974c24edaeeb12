"""A pair that first met two weeks ago, and one of the two who was asked how it is."""

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from mentoring.models import FitCheck, Meeting, Pairing
from tests.conftest import NOW

DAY = timedelta(days=1)
CANARY = "corncrake-what-would-be-better"


def meet(pairing: Pairing, at: datetime, **fields: object) -> Meeting:
    return Meeting.objects.create(pairing=pairing, starts_at=at, **fields)


@pytest.fixture
def met(pairing: Pairing) -> Pairing:
    meet(pairing, NOW - 14 * DAY)
    return pairing


@pytest.fixture
def check(pairing: Pairing, mentee: User) -> FitCheck:
    """The mentee's, who has not answered yet."""
    return FitCheck.objects.create(pairing=pairing, person=mentee, asked_at=NOW - DAY)
