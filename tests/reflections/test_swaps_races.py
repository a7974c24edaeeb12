"""Two who do something about their swap at one moment."""

from datetime import timedelta

import pytest

from accounts.mail.models import Message
from accounts.models import User
from mentoring.models import Pairing
from reflections import actions
from reflections.models import Answer, Moment, Reflection, Round, Swap
from reflections.readers import ONLY_ME
from reflections.swap_emails import SWAP_OPENED
from tests.conftest import NOW, TODAY
from tests.mentoring.test_races import at_once
from tests.reflections.conftest import FIRST, WORDS, write

pytestmark = pytest.mark.django_db(transaction=True)
ON = TODAY + timedelta(days=7)


@pytest.fixture
def swap(pairing: Pairing, quarter_round: Round, mentor: User, mentee: User) -> Swap:
    actions.suggest_swap(pairing, quarter_round, by=mentor, opens_on=ON, now=NOW)
    actions.agree_swap(pairing, quarter_round, by=mentee, opens_on=ON, now=NOW)
    return Swap.objects.get()


def keep(person: User) -> Moment:
    return Moment.objects.create(person=person, text="He waited.", happened_on=TODAY)


def test_both_suggest_one_at_one_moment_and_there_is_one(
    pairing: Pairing, quarter_round: Round, mentor: User, mentee: User
) -> None:
    ends = at_once(
        [
            lambda: actions.suggest_swap(pairing, quarter_round, by=mentor, opens_on=ON, now=NOW),
            lambda: actions.suggest_swap(pairing, quarter_round, by=mentee, opens_on=ON, now=NOW),
        ]
    )
    assert ends == ["done", "done"]
    assert Swap.objects.get().agreed_at == NOW


def test_both_are_ready_at_one_moment_while_the_clock_comes_by(
    swap: Swap, pairing: Pairing, quarter_round: Round, mentor: User, mentee: User
) -> None:
    """It opens once, and with both picks: neither could be ready unseen by the other."""
    mine, theirs = keep(mentor), keep(mentee)
    late = NOW + timedelta(days=9)

    def ready(person: User, moment: Moment) -> None:
        actions.pick_for_swap(pairing, quarter_round, by=person, moments=[moment.pk], is_ready=True, now=late)

    for person, moment in ((mentor, mine), (mentee, theirs)):
        actions.pick_for_swap(pairing, quarter_round, by=person, moments=[moment.pk], is_ready=False, now=NOW)
    ends = at_once(
        [
            lambda: ready(mentor, mine),
            lambda: ready(mentee, theirs),
            lambda: actions.open_due_swaps(late),
            lambda: actions.open_due_swaps(late),
        ]
    )
    assert {end for end in ends if end != "done"} <= {"refused: There is no swap to do that with now."}
    swap.refresh_from_db()
    assert swap.opened_at == late
    for moment in (mine, theirs):
        moment.refresh_from_db()
        assert (moment.audience, moment.pairing) == ("pairing", pairing)
    assert Message.objects.filter(kind=SWAP_OPENED).count() in (1, 2)


def test_it_is_called_off_or_opens(
    swap: Swap, pairing: Pairing, quarter_round: Round, mentor: User, mentee: User
) -> None:
    moment = keep(mentor)
    actions.pick_for_swap(pairing, quarter_round, by=mentor, moments=[moment.pk], is_ready=True, now=NOW)
    ends = at_once(
        [
            lambda: actions.call_off_swap(pairing, quarter_round, by=mentor),
            lambda: actions.pick_for_swap(pairing, quarter_round, by=mentee, is_ready=True, now=NOW),
        ]
    )
    moment.refresh_from_db()
    if Swap.objects.exists():
        assert ends == ["done", "done"]
        assert moment.audience == "pairing"
    else:
        assert ends == ["done", "refused: There is no swap to do that with now."]
        assert moment.audience == "me"


def test_words_are_changed_or_kept_back_while_it_opens(
    swap: Swap, pairing: Pairing, quarter_round: Round, mentor: User, mentee: User
) -> None:
    """Nothing is lost, and what its writer says at that moment holds: new words, or that nobody reads it."""
    answer = write(mentee, quarter_round, FIRST, WORDS, status=Reflection.Status.SUBMITTED)
    actions.pick_for_swap(pairing, quarter_round, by=mentee, answers=[answer.pk], is_ready=True, now=NOW)
    later = NOW + timedelta(minutes=1)
    ends = at_once(
        [
            lambda: actions.pick_for_swap(pairing, quarter_round, by=mentor, is_ready=True, now=later),
            lambda: actions.save_answer(
                mentee,
                quarter_round,
                answer.question,
                text="New words.",
                readers=None,
                based_on=answer.saved_at.isoformat(),
                now=later,
            ),
        ]
    )
    assert ends == ["done", "done"]
    answer = Answer.objects.select_related("reflection").get(pk=answer.pk)
    assert answer.text == "New words."
    # Whichever came first: other words than those that were picked open only after it was open.
    read = [each.text for each in Answer.objects.shared_with(mentor).select_related("reflection")]
    assert (answer.audience, read) in [("pairing", ["New words."]), ("me", [])]


def test_a_moment_is_changed_while_it_opens(
    swap: Swap, pairing: Pairing, quarter_round: Round, mentor: User, mentee: User
) -> None:
    moment = keep(mentee)
    actions.pick_for_swap(pairing, quarter_round, by=mentee, moments=[moment.pk], is_ready=True, now=NOW)
    ends = at_once(
        [
            lambda: actions.pick_for_swap(pairing, quarter_round, by=mentor, is_ready=True, now=NOW),
            lambda: actions.change_moment(
                moment, by=mentee, text="Better said.", happened_on=TODAY, readers=ONLY_ME
            ),
        ]
    )
    assert ends == ["done", "done"]
    moment.refresh_from_db()
    assert moment.text == "Better said."
    assert (moment.audience, moment.pairing_id) == ("me", None)


def test_a_line_is_told_once_by_a_button_pressed_twice(
    pairing: Pairing, quarter_round: Round, mentor: User, mentee: User
) -> None:
    answer = write(mentee, quarter_round, FIRST, WORDS)

    def tell() -> None:
        actions.tell(mentee, pairing, text=WORDS, about="thanks", answer=answer, now=NOW)

    def leave() -> None:
        actions.leave_untold(mentee, answer=answer, now=NOW)

    assert at_once([tell, tell, leave, leave]) == ["done"] * 4
    assert mentee.thanks_written.count() == 1
    assert mentee.left_untold.count() == 1
