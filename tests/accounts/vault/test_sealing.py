"""Sealed words open where they were written, for whose they are, and nowhere else."""

import pickle
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.vault.errors import NotHere, Sealed, Unreadable
from accounts.vault.keyring import Keyring
from accounts.vault.sealing import SHORTEST, DataKey, Place, SealedBytes

from .test_keyfile import KNOWN, OTHER

KEY = DataKey(0x0BADCAFE, bytes(range(32, 64)))
PLACE = Place("notes", "text", UUID(int=0x1234))
WORDS = "Sie fragte, und ich hörte zu."
# Written once, by the first version of this code: what is in people's databases has to open for ever.
SEALED = SealedBytes.fromhex(
    "010badcafe6465666768696a6b6c6d6e6fe604ebf3b9c395aaa831f3f8ff79fa4da0e18d5e5609d83fb7254e05026778b8d51391cd02d90f56"
    "64e8734b09c9"
)
WRAPPED = bytes.fromhex(
    "010badcafe6465666768696a6b6c6d6e6f683afc455dcc70b9164b75c3f64844d272f33439bf59c5459fe89673c79e9b773532b93dafe93690"
    "1e3e74f76a0a5a85"
)

names = st.text(st.characters(codec="ascii", exclude_characters="\x00"), min_size=1, max_size=20)
places = st.builds(Place, names, names, st.uuids())
people = st.integers(1, 2**63 - 1)


def test_what_was_sealed_before_still_opens() -> None:
    assert KEY.open(SEALED, person=4711, place=PLACE) == WORDS
    opened = Keyring([OTHER, KNOWN]).open(WRAPPED, 7, person=4711)
    assert opened.number == 0x0BADCAFE
    assert opened.open(SEALED, person=4711, place=PLACE) == WORDS


@given(st.text(), people, places)
def test_words_come_back_as_they_were(text: str, person: int, place: Place) -> None:
    sealed = KEY.seal(text, person=person, place=place)
    assert len(sealed) == SHORTEST + len(text.encode())
    assert KEY.open(sealed, person=person, place=place) == text


@given(people, people, places, places)
def test_words_open_for_no_other_owner_row_column_or_table(
    person: int, other: int, place: Place, elsewhere: Place
) -> None:
    sealed = KEY.seal(WORDS, person=person, place=place)
    moved = [(person, place._replace(**{part: getattr(elsewhere, part)})) for part in Place._fields]
    moved += [(other, place), (person, elsewhere), (other, elsewhere)]
    for there in moved:
        if there != (person, place):
            with pytest.raises(NotHere):
                KEY.open(sealed, person=there[0], place=there[1])


def test_the_names_of_table_and_column_do_not_run_together() -> None:
    sealed = KEY.seal(WORDS, person=1, place=PLACE._replace(table="ab", column="c"))
    with pytest.raises(NotHere):
        KEY.open(sealed, person=1, place=PLACE._replace(table="a", column="bc"))


@pytest.mark.parametrize("at", range(len(SEALED)))
def test_a_bit_of_any_byte_that_is_another_is_noticed(at: int) -> None:
    for bit in range(8):
        altered = bytearray(SEALED)
        altered[at] ^= 1 << bit
        with pytest.raises(Unreadable):
            KEY.open(SealedBytes(altered), person=4711, place=PLACE)


@given(st.integers(0, len(SEALED) - 1), st.binary(max_size=3))
def test_words_that_are_cut_off_or_go_on_are_noticed(length: int, more: bytes) -> None:
    with pytest.raises(Unreadable):
        KEY.open(SealedBytes(SEALED[:length]), person=4711, place=PLACE)
    if more:
        with pytest.raises(NotHere):
            KEY.open(SealedBytes(SEALED + more), person=4711, place=PLACE)


def test_the_same_words_never_look_the_same() -> None:
    assert len({KEY.seal(WORDS, person=1, place=PLACE) for _ in range(100)}) == 100


def test_another_key_of_the_owner_is_told_from_altered_words() -> None:
    another = DataKey(1, bytes(32))
    with pytest.raises(Sealed):
        another.open(SEALED, person=4711, place=PLACE)
    with pytest.raises(NotHere):
        DataKey(KEY.number, bytes(32)).open(SEALED, person=4711, place=PLACE)


@given(st.integers(0, len(WRAPPED) - 1), st.integers(0, 7))
def test_a_wrapped_key_that_was_altered_does_not_open(at: int, bit: int) -> None:
    altered = bytearray(WRAPPED)
    altered[at] ^= 1 << bit
    with pytest.raises(Sealed):
        Keyring([KNOWN]).open(bytes(altered), 7, person=4711)


def test_a_wrapped_key_opens_for_its_person_and_version_only() -> None:
    ring = Keyring([OTHER, KNOWN])
    for version, person in ((7, 4712), (8, 4711), (9, 4711)):
        with pytest.raises(Sealed):
            ring.open(WRAPPED, version, person=person)


def test_both_versions_open_and_the_newest_wraps() -> None:
    ring = Keyring([OTHER, KNOWN])
    anew = ring.wrap_anew(WRAPPED, 7, person=4711)
    assert ring.open(anew, 8, person=4711).open(SEALED, person=4711, place=PLACE) == WORDS
    with pytest.raises(Sealed):
        Keyring([KNOWN]).open(anew, 8, person=4711)


def test_half_a_character_is_refused_without_the_words() -> None:
    with pytest.raises(ValueError, match="half a character") as caught:
        KEY.seal("curlew \ud800", person=1, place=PLACE)
    assert "curlew" not in repr(caught.value)
    assert caught.value.__cause__ is None


def test_nothing_shows_itself_and_no_key_is_put_away() -> None:
    assert (repr(SEALED), str(SEALED), f"{SEALED}") == ("<sealed words>",) * 3
    assert repr(KEY) == f"<data key {KEY.number}>"
    assert repr(Keyring([OTHER, KNOWN])) == "<keyring of versions (8, 7)>"
    with pytest.raises(TypeError):
        pickle.dumps(KEY)
