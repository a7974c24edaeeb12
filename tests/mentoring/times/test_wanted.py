"""When the e-mail about proposed times is not sent any more."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.mail.kinds import Unrenderable
from accounts.models import User
from mentoring import actions
from mentoring.models import MeetingProposal, Pairing, Program
from mentoring.times_emails import PROPOSED
from tests.mentoring.test_emails import body, message_to, wanted

from .conftest import DAY, propose

pytestmark = pytest.mark.django_db


def take(proposal: MeetingProposal) -> None:
    now = timezone.now()
    actions.take_time(proposal.times.earliest("starts_at"), by=proposal.pairing.mentee, now=now)


def none(proposal: MeetingProposal) -> None:
    actions.none_suits(proposal, by=proposal.pairing.mentee, now=timezone.now())


def take_back(proposal: MeetingProposal) -> None:
    actions.take_back_times(proposal, by=proposal.proposed_by, now=timezone.now())


@pytest.mark.parametrize(
    ("change", "is_wanted"),
    [
        (lambda proposal: None, True),
        (take, False),
        (none, False),
        (take_back, False),
        (lambda proposal: Pairing.objects.update(status="paused"), False),
        (lambda proposal: Program.objects.update(status="paused"), False),
    ],
)
def test_it_is_sent_only_while_there_is_something_to_take(
    pairing: Pairing,
    mentor: User,
    mentee: User,
    change: Callable[[MeetingProposal], object],
    is_wanted: bool,
) -> None:
    now = timezone.now()
    proposal = propose(pairing, mentor, starts=[now + 3 * DAY], now=now)
    message = message_to(mentee, PROPOSED)
    change(proposal)
    assert wanted(message) == is_wanted


def test_it_says_nothing_of_times_that_have_gone_by(pairing: Pairing, mentor: User, mentee: User) -> None:
    proposal = propose(pairing, mentor)
    message = message_to(mentee, PROPOSED)
    first, last = proposal.times.order_by("starts_at")
    message.due_at = first.starts_at
    _subject, text, _html = body(message)
    assert "July 2" not in text
    assert "July 3" in text
    message.due_at = last.starts_at
    with pytest.raises(Unrenderable):
        body(message)
