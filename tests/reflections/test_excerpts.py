"""What a page shows of a text: all of it, or the sentences that matter, with the words that show something marked."""

from hypothesis import given
from hypothesis import strategies as st

from reflections.story.excerpts import Piece, excerpt, sentences

LONG = "It rained. We went anyway, all three of us. Nobody had slept. She said it first: we got this wrong. Then tea."


def said(pieces: list[Piece]) -> str:
    return "".join(f"[{piece.text}]" if piece.mark else piece.text for piece in pieces)


def test_sentences_stand_as_they_were_written() -> None:
    assert sentences("One. Two?\nThree “so!” Four") == ["One.", "Two?", "Three “so!”", "Four"]
    assert sentences("  ") == []
    assert sentences("3.5 metres are enough. v2.1 too") == ["3.5 metres are enough.", "v2.1 too"]


def test_a_short_text_is_shown_whole_with_its_marks() -> None:
    assert said(excerpt(LONG, [("we got this wrong", "s2")], limit=200)) == LONG.replace(
        "we got this wrong", "[we got this wrong]"
    )


def test_of_a_long_one_the_sentence_that_shows_it_is_shown() -> None:
    shown = said(excerpt(LONG, [("we got this wrong", "s2")], limit=60))
    assert shown == "… She said it first: [we got this wrong]. Then tea."
    assert said(excerpt(LONG, [("we got this wrong", "s2")], limit=45)).endswith("[we got this wrong]. …")


def test_what_is_left_out_between_two_sentences_is_said() -> None:
    shown = said(excerpt(LONG, [("rained", "s1"), ("we got this wrong", "s2")], limit=60))
    assert shown == "It [rained]. … She said it first: [we got this wrong]. Then tea."


def test_without_words_that_show_something_it_begins_at_its_beginning() -> None:
    assert said(excerpt(LONG, limit=60)) == "It rained. We went anyway, all three of us. …"
    assert said(excerpt(LONG, [("no such words", "s1")], limit=60)).startswith("It rained. We went")


def test_a_sentence_without_an_end_is_cut_after_a_word() -> None:
    cut = said(excerpt("word " * 100, limit=62))
    assert len(cut) <= 66
    assert cut.endswith("word …")


def test_of_two_marks_that_overlap_the_first_is_drawn() -> None:
    pieces = excerpt("abcdef", [("bcd", "s1"), ("cde", "s2")], limit=99)
    assert pieces == [Piece("a"), Piece("bcd", "s1"), Piece("ef")]


@given(st.text(max_size=400), st.integers(0, 400), st.integers(1, 60), st.integers(20, 200))
def test_nothing_is_made_up_and_little_is_long(text: str, at: int, length: int, limit: int) -> None:
    quote = text[at : at + length].strip()
    pieces = excerpt(text, [(quote, "s1")], limit=limit)
    for piece in pieces:
        assert piece.text in ("… ", " … ", " …") or piece.text in text
    assert sum(len(piece.text) for piece in pieces) <= limit + 3 * len(pieces) + 8
