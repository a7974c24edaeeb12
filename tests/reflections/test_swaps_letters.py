"""When e-mails about a swap go out, and when not."""

from datetime import timedelta

import pytest

from accounts.mail import kinds
from accounts.mail.models import Message
from accounts.models import User
from mentoring.emails import NOT_RUNNING, PAIRINGS
from mentoring.models import Pairing, Program
from reflections import actions
from reflections.models import Round, Swap
from reflections.swap_emails import SETTLED, SWAP_OPENED, SWAP_SUGGESTED, take_up_swaps
from tests.conftest import NOW, TODAY
from tests.reflections.nudging import at, send_due

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ON = TODAY + 7 * DAY


def states(kind: str) -> set[tuple[str, str]]:
    return set(Message.objects.filter(kind=kind).values_list("state", "last_error"))


def suggest(pairing: Pairing, round: Round, by: User) -> None:
    actions.suggest_swap(pairing, round, by=by, opens_on=ON, now=NOW)


def test_a_suggestion_goes_out_once_and_not_after_it_was_answered(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    suggest(pairing, quarter_round, mentor)
    actions.agree_swap(pairing, quarter_round, by=mentee, opens_on=ON, now=NOW)
    send_due(NOW + HOUR)
    assert states(SWAP_SUGGESTED) == {("cancelled", SETTLED)}

    Swap.objects.all().delete()
    suggest(pairing, quarter_round, mentee)
    actions.suggest_swap(pairing, quarter_round, by=mentee, opens_on=ON + DAY, now=NOW)
    assert Message.objects.filter(kind=SWAP_SUGGESTED, person=mentor).count() == 1
    send_due(NOW + HOUR)
    assert Message.objects.get(kind=SWAP_SUGGESTED, person=mentor).state == "sent"


def test_a_swap_that_was_called_off_is_not_written_about(
    mentor: User, pairing: Pairing, quarter_round: Round
) -> None:
    suggest(pairing, quarter_round, mentor)
    actions.call_off_swap(pairing, quarter_round, by=mentor)
    send_due(NOW + HOUR)
    assert states(SWAP_SUGGESTED) == {("cancelled", SETTLED)}


@pytest.mark.parametrize("status", ["draft", "paused", "closed", "archived"])
def test_letters_wait_while_the_program_rests(
    program: Program,
    admin: User,
    mentor: User,
    mentee: User,
    pairing: Pairing,
    quarter_round: Round,
    status: str,
) -> None:
    suggest(pairing, quarter_round, mentor)
    Program.objects.update(status=status)
    send_due(NOW + HOUR)
    assert states(SWAP_SUGGESTED) == {("cancelled", NOT_RUNNING)}
    with at(NOW + DAY):
        assert take_up_swaps(NOW + DAY) == 0
        Program.objects.update(status="active")
        assert take_up_swaps(NOW + DAY) == 1
    send_due(NOW + DAY + HOUR)
    assert states(SWAP_SUGGESTED) == {("sent", "")}

    actions.agree_swap(pairing, quarter_round, by=mentee, opens_on=ON, now=NOW)
    Program.objects.update(status=status)
    assert actions.open_due_swaps(NOW + 9 * DAY) == 0
    Program.objects.update(status="active")
    assert actions.open_due_swaps(NOW + 9 * DAY) == 1
    Program.objects.update(status=status)
    send_due(NOW + 9 * DAY + 20 * HOUR)
    assert states(SWAP_OPENED) == {("cancelled", NOT_RUNNING)}


def test_they_can_be_stopped_like_any_other_about_pairings() -> None:
    streams = {kinds.get(kind).stream for kind in (SWAP_SUGGESTED, SWAP_OPENED)}
    assert streams == {PAIRINGS}
