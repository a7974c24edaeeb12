"""Reading, answering and seeing to what was told: who may, and what is written down of it."""

from datetime import timedelta

import pytest

from accounts.models import User
from accounts.mydata.erasing import erase
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import Concern, ConcernReading, Pairing, Program
from mentoring.mydata import clear_program_words
from tests.conftest import NOW

from .conftest import REPLY, WORDS, tell

HOUR = timedelta(hours=1)


def test_each_reading_is_written_down_for_whoever_told_it(concern: Concern, ilse: User) -> None:
    actions.read_concern(concern, by=ilse, now=NOW)
    actions.read_concern(concern, by=ilse, now=NOW + HOUR)
    assert [(each.reader, each.read_at) for each in concern.readings.all()] == [
        (ilse, NOW),
        (ilse, NOW + HOUR),
    ]


def test_nobody_else_reads_answers_or_closes_it(
    concern: Concern, mentor: User, mentee: User, admin: User, superuser: User, outsider: User
) -> None:
    for person in (mentor, mentee, admin, superuser, outsider):
        with pytest.raises(Refused):
            actions.read_concern(concern, by=person, now=NOW)
        with pytest.raises(Refused):
            actions.answer_concern(concern, by=person, text="Mine", now=NOW)
        with pytest.raises(Refused):
            actions.see_to_concern(concern, by=person, now=NOW)
    assert not ConcernReading.objects.exists()


def test_it_is_answered_once(concern: Concern, ilse: User) -> None:
    actions.answer_concern(concern, by=ilse, text=REPLY, now=NOW)
    with pytest.raises(Refused, match="answered already"):
        actions.answer_concern(concern, by=ilse, text="Otherwise", now=NOW)
    row = Concern.objects.get()
    assert (row.reply, row.replied_at) == (REPLY, NOW)


def test_it_is_seen_to_by_whoever_has_read_it(concern: Concern, ilse: User) -> None:
    with pytest.raises(Refused, match="Read it first"):
        actions.see_to_concern(concern, by=ilse, now=NOW)
    actions.read_concern(concern, by=ilse, now=NOW)
    actions.see_to_concern(concern, by=ilse, now=NOW)
    actions.see_to_concern(concern, by=ilse, now=NOW + HOUR)
    assert Concern.objects.get().closed_at == NOW


def test_it_is_taken_back_until_somebody_has_read_it(
    concern: Concern, pairing: Pairing, ilse: User, mentor: User, mentee: User
) -> None:
    with pytest.raises(Refused):
        actions.take_back_concern(concern, by=mentor)
    actions.take_back_concern(concern, by=mentee)
    assert not Concern.objects.exists()
    other = tell(pairing, mentee)
    actions.read_concern(other, by=ilse, now=NOW)
    with pytest.raises(Refused, match="has been read"):
        actions.take_back_concern(other, by=mentee)


def test_what_somebody_told_goes_with_their_account(concern: Concern, ilse: User, mentee: User) -> None:
    actions.read_concern(concern, by=ilse, now=NOW)
    erase(mentee, now=NOW)
    assert not Concern.objects.exists()
    assert not ConcernReading.objects.exists()


def test_what_was_told_to_somebody_who_leaves_stays_with_whoever_told_it_and_opens_to_nobody_else(
    concern: Concern, ilse: User, mentee: User, admin: User, superuser: User
) -> None:
    actions.read_concern(concern, by=ilse, now=NOW)
    actions.answer_concern(concern, by=ilse, text=REPLY, now=NOW)
    erase(ilse, now=NOW)
    row = Concern.objects.get()
    assert (row.contact, row.text, row.reply, row.replied_at) == (None, WORDS, "", NOW)
    assert [(each.reader, each.read_at) for each in row.readings.all()] == [(None, NOW)]
    for person in (admin, superuser, ilse):
        assert not Concern.objects.of(person).exists()


def test_it_goes_with_the_words_of_a_program_that_are_kept_no_longer(
    concern: Concern, program: Program, ilse: User, mentor: User, mentee: User
) -> None:
    clear_program_words(ilse, program)
    clear_program_words(mentor, program)
    assert Concern.objects.exists()
    clear_program_words(mentee, program)
    assert not Concern.objects.exists()


def test_whoever_told_it_takes_it_along_and_nobody_else_does(
    concern: Concern, ilse: User, mentor: User, mentee: User
) -> None:
    from accounts.mydata import registry

    (holding,) = [each for each in registry.holdings() if each.model is Concern]
    assert list(holding.of(mentee)) == [concern]
    for person in (ilse, mentor):
        assert not holding.of(person).exists()
