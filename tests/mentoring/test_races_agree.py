"""The two of a pair, each at the same page at one moment: one truth, and one e-mail for each thing that is true."""

from collections.abc import Callable

import pytest

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.agree_emails import AGREED, PROPOSED
from mentoring.models import Agreement, FeedbackWish, Pairing
from tests.conftest import NOW

from .agreeing import OFTEN, RARELY, agreed, suggest
from .test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def states(pairing: Pairing) -> list[str]:
    return list(Agreement.objects.filter(pairing=pairing).order_by("number").values_list("state", flat=True))


def count(kind: str) -> int:
    return Message.objects.filter(kind=kind).count()


def test_both_suggest_at_once_and_the_slower_reads_first(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    def says(person: User, words: str) -> Callable[[], object]:
        return lambda: actions.propose_agreement(pairing, {"cadence": words}, by=person, seen=0, now=NOW)

    for round_ in range(1, 6):
        Agreement.objects.all().delete()
        ends = at_once([says(mentor, OFTEN), says(mentee, RARELY)])
        assert ends[0] == "done"
        assert ends[1].startswith("refused: Something has changed")
        assert states(pairing) == ["proposed"]
        assert count(PROPOSED) == round_


def test_both_press_twice_and_it_is_one_suggestion_and_one_letter(pairing: Pairing, mentor: User) -> None:
    acts = [lambda: actions.propose_agreement(pairing, {"cadence": OFTEN}, by=mentor, seen=0, now=NOW)] * 3
    assert at_once(acts) == ["done"] * 3
    assert states(pairing) == ["proposed"]
    assert count(PROPOSED) == 1


def test_a_yes_pressed_in_two_windows_is_one_yes(pairing: Pairing, mentor: User, mentee: User) -> None:
    version = suggest(pairing, mentor)
    assert at_once([lambda: actions.accept_agreement(version, by=mentee, now=NOW)] * 2) == ["done"] * 2
    assert states(pairing) == ["agreed"]
    assert count(AGREED) == 1


def test_a_yes_and_a_change_of_mind_at_once_leave_one_truth(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    for _round in range(5):
        Agreement.objects.all().delete()
        Message.objects.all().delete()
        version = suggest(pairing, mentor)
        ends = at_once(
            [
                lambda version=version: actions.accept_agreement(version, by=mentee, now=NOW),  # type: ignore[misc]
                lambda version=version: actions.withdraw_agreement(version, by=mentor, now=NOW),  # type: ignore[misc]
            ]
        )
        assert ends == ["done", "refused: This suggestion is not open any more."]
        was_agreed = states(pairing) == ["agreed"]
        assert states(pairing) == (["agreed"] if was_agreed else ["withdrawn"])
        assert count(AGREED) == int(was_agreed)


def test_a_yes_and_other_words_at_once_never_agree_to_words_that_were_not_read(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    agreed(pairing, by=mentee)
    for _round in range(3):
        version = suggest(pairing, mentor, cadence=RARELY)

        def otherwise(number: int = version.number) -> object:
            return actions.propose_agreement(pairing, {"place": "here"}, by=mentor, seen=number, now=NOW)

        def yes(version: Agreement = version) -> object:
            return actions.accept_agreement(version, by=mentee, now=NOW)

        at_once([yes, otherwise])
        holds = Agreement.objects.get(pairing=pairing, state="agreed")
        assert holds.place == ""
        assert Agreement.objects.filter(pairing=pairing, state="proposed").count() == 1
        actions.withdraw_agreement(
            Agreement.objects.get(pairing=pairing, state="proposed"), by=mentor, now=NOW
        )
        if holds.pk == version.pk:
            agreed(pairing, by=mentee)


def test_a_wish_said_in_two_windows_is_one(pairing: Pairing, mentor: User) -> None:
    acts = [
        lambda: actions.say_wish(pairing, "Early", by=mentor, now=NOW),
        lambda: actions.say_wish(pairing, "Late", by=mentor, now=NOW),
    ]
    assert at_once(acts) == ["done"] * 2
    assert FeedbackWish.objects.get().text in ("Early", "Late")
