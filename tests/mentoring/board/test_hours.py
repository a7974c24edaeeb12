"""The picture of hours: a day, two lines, and what is shared."""

from mentoring.board.hours import Bar, drawn, in_words


def at(weekday: int, hour: int, hours: int = 1) -> int:
    return ((1 << 2 * hours) - 1) << (weekday * 48 + hour * 2)


def test_hours_of_any_day_are_drawn_as_stretches_of_one() -> None:
    picture = drawn(at(0, 9, 2) | at(3, 9) | at(4, 20), at(0, 10, 2))
    assert picture is not None
    assert picture.mentee == (Bar("63", "14"), Bar("140", "7"))
    assert picture.mentor == (Bar("70", "14"),)
    assert picture.shared == (Bar("70", "7"),)
    assert picture.in_words == "1 hour a week shared"


def test_the_whole_day_is_one_stretch_to_its_end() -> None:
    picture = drawn(at(6, 0, 24), at(6, 23))
    assert picture is not None
    assert picture.mentee == (Bar("0", "168"),)
    assert picture.shared == (Bar("161", "7"),)


def test_the_same_hours_on_other_days_are_not_shared_and_are_said_not_to_be() -> None:
    picture = drawn(at(0, 9), at(1, 9))
    assert picture is not None
    assert picture.shared == ()
    assert picture.in_words == "The same hours, but on other days"
    apart = drawn(at(0, 9), at(1, 15))
    assert apart is not None
    assert apart.in_words == "No hours shared"


def test_without_the_hours_of_one_there_is_no_picture() -> None:
    assert drawn(0, at(0, 9)) is None
    assert drawn(at(0, 9), 0) is None


def test_half_hours_are_said_in_words() -> None:
    said = [in_words(number) for number in (0, 1, 2, 3, 4, 5)]
    assert said == [
        "No hours shared",
        "Half an hour a week shared",
        "1 hour a week shared",
        "More than 1 hour a week shared",
        "2 hours a week shared",
        "More than 2 hours a week shared",
    ]
