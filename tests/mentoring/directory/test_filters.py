"""Languages, free time and room; and the order of those who are found."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Profile, User
from mentoring.models import Enrollment, Program
from tests.conftest import enroll, make_person, pair, say_skills, signed_in

from .conftest import Make
from .test_who_looks import names

pytestmark = pytest.mark.django_db
Part = Program.DirectoryPart


def test_those_are_found_who_speak_one_of_the_languages(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    make_mentor("Odile", languages=["fr", "en"])
    make_mentor("Mateo", languages=["pt"])
    make_mentor("Silent")
    assert set(names(mentee, asking, lang=["fr", "pt"])) == {"Odile", "Mateo"}
    assert names(mentee, asking, lang="fr") == ["Odile"]
    # What nobody here speaks, and what is no language, is as if it was not ticked.
    assert len(names(mentee, asking, lang="mt")) == len(names(mentee, asking, lang="klingon")) == 3


def test_only_languages_that_somebody_speaks_are_offered_and_ones_own_come_first(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    make_mentor("Odile", languages=["fr", "en", "pt"])
    make_mentor("Gone", languages=["mt"], role="mentee")
    Profile.objects.create(person=mentee, languages=["pt", "pl"])
    answer = signed_in(mentee).get(reverse("programs:mentors", args=[asking.pk]))
    assert [code for code, _name in answer.context["languages"]] == ["pt", "en", "fr"]


@pytest.mark.parametrize("part", [Part.LANGUAGES, Part.HOURS])
def test_nothing_is_filtered_by_what_is_not_shown(
    asking: Program, make_mentor: Make, mentee: User, part: Part
) -> None:
    make_mentor("Odile", languages=["fr"], hours=((0, 16, 20),))
    make_mentor("Mateo", languages=["pt"])
    query = {"lang": "fr"} if part == Part.LANGUAGES else {"when": "mornings"}
    assert names(mentee, asking, **query) == ["Odile"]
    Program.objects.update(directory_shows=[other for other in Part.values if other != part])
    assert set(names(mentee, asking, **query)) == {"Odile", "Mateo"}


@pytest.mark.parametrize(
    ("zone", "hours", "found"),
    [
        # The reader lives in Warsaw, where it is one hour later than in Lisbon.
        ("Europe/Lisbon", (0, 10, 12), ["mornings"]),  # 05:00 to 06:00 is 06:00 to 07:00.
        ("Europe/Lisbon", (0, 21, 23), ["mornings"]),  # 10:30 to 11:30 is 11:30 to 12:30.
        ("Europe/Lisbon", (0, 22, 24), []),  # 11:00 to 12:00 is noon.
        ("Europe/Lisbon", (4, 32, 33), ["evenings"]),
        ("Europe/Lisbon", (4, 42, 48), []),  # From 22:00 on.
        ("Europe/Lisbon", (5, 20, 24), ["weekends"]),
        # Sunday evening in Honolulu is Monday morning in Warsaw.
        ("Pacific/Honolulu", (6, 36, 44), ["mornings"]),
        # Friday night in Auckland is Friday noon there; Saturday morning is Friday night.
        ("Pacific/Auckland", (5, 16, 18), []),
        ("Pacific/Auckland", (5, 8, 16), ["evenings"]),
        # A quarter of an hour off: only whole half hours count.
        ("Asia/Kathmandu", (0, 20, 21), []),
        ("Asia/Kathmandu", (0, 20, 22), ["mornings"]),
    ],
)
def test_free_time_is_by_the_readers_clock(
    asking: Program,
    make_mentor: Make,
    mentee: User,
    zone: str,
    hours: tuple[int, int, int],
    found: list[str],
) -> None:
    make_mentor("Odile", hours=(hours,), zone=zone)
    for when in ("mornings", "evenings", "weekends"):
        assert bool(names(mentee, asking, when=when)) is (when in found), when
    assert bool(names(mentee, asking, when=["mornings", "evenings", "weekends"])) is bool(found)


def test_free_time_knows_that_the_clocks_do_not_change_everywhere_in_the_same_week(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    """From March 8 to March 28, 2026, New York is five hours behind Warsaw, and six before and after."""
    make_mentor("Odile", hours=((0, 12, 13),), zone="America/New_York")  # 06:00 to 06:30
    for day, found in (
        (datetime(2026, 3, 4, tzinfo=UTC), False),
        (datetime(2026, 3, 18, tzinfo=UTC), True),
        (datetime(2026, 4, 1, tzinfo=UTC), False),
    ):
        with time_machine.travel(day, tick=False):
            assert bool(names(mentee, asking, when="mornings")) is found, day


def test_only_people_with_room(asking: Program, make_mentor: Make, mentee: User, member: User) -> None:
    make_mentor("Free")
    two = make_mentor("Half", capacity=2)
    pair(asking, two, member)
    pair(asking, make_mentor("Full"), member)
    pair(asking, make_mentor("Asked"), member, status="requested", mentor_accepted_at=None)
    pair(asking, make_mentor("Proposed"), member, status="proposed", mentor_accepted_at=None)
    make_mentor("None", capacity=0)
    assert set(names(mentee, asking, room="1")) == {"Free", "Half", "Asked"}
    text = signed_in(mentee).get(reverse("programs:mentors", args=[asking.pk])).content.decode()
    assert text.count("Full now") == 3
    assert text.count("Room for one") == 3


def test_after_the_words_come_skills_that_are_sought_and_a_shared_language(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    say_skills(Enrollment.objects.get(person=mentee), "seeks", "Pricing", "Hiring")
    Profile.objects.create(person=mentee, languages=["fr"])
    make_mentor("None")
    make_mentor("Speaks", languages=["fr"])
    make_mentor("One", offers=("Pricing",))
    make_mentor("OneSpeaks", offers=("Hiring",), languages=["fr"])
    make_mentor("Two", offers=("Hiring", "Pricing"))
    make_mentor("Word", about="Sourdough")
    assert names(mentee, asking)[:4] == ["Two", "OneSpeaks", "One", "Speaks"]
    assert names(mentee, asking, q="sourdough pricing")[0] in {"Two", "One"}
    assert names(mentee, asking, q="sourdough") == ["Word"]
    Program.objects.update(directory_shows=["about"])
    order = names(mentee, asking)
    assert order[0] == "Two"
    assert set(order[1:3]) == {"One", "OneSpeaks"}


def test_who_is_alike_comes_in_another_order_for_each_reader_and_in_the_same_each_time(
    asking: Program, make_mentor: Make
) -> None:
    for letter in "ABCDEFGHIJ":
        make_mentor(f"{letter}na")
    orders = []
    for number in range(6):
        reader = make_person(f"r{number}@harbor.example", "Reader")
        enroll(asking, reader, "mentee")
        orders.append(names(reader, asking))
        assert names(reader, asking) == orders[-1]
    assert len({tuple(order) for order in orders}) > 3
    assert len({order[0] for order in orders}) > 1


def test_a_new_mentor_moves_nobody_past_another(asking: Program, make_mentor: Make, mentee: User) -> None:
    for letter in "ABCDEF":
        make_mentor(f"{letter}na")
    before = names(mentee, asking)
    make_mentor("Zoe")
    assert [name for name in names(mentee, asking) if name != "Zoe"] == before


def test_pages_hold_twenty_and_keep_what_is_looked_for(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    for number in range(43):
        make_mentor(f"M{number}", offers=("Pricing",) if number < 41 else ())
    pages = [names(mentee, asking, q="pricing", page=number) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 1]
    assert len({name for page in pages for name in page}) == 41
    text = signed_in(mentee).get(reverse("programs:mentors", args=[asking.pk]), {"q": "pricing"}).content
    assert b"?q=pricing&amp;page=2" in text
    assert b"<b>41 people</b>" in text


@pytest.mark.parametrize("query", [{}, {"q": "pricing hirng", "lang": "fr", "when": "evenings", "room": "1"}])
def test_the_number_of_questions_to_the_database_does_not_grow(
    asking: Program,
    make_mentor: Make,
    mentee: User,
    query: dict[str, str],
    django_assert_max_num_queries: object,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def make(numbers: range) -> None:
        for number in numbers:
            one = make_mentor(
                f"M{number}",
                offers=("Pricing", "Hiring"),
                seeks=("Beekeeping",),
                hours=((0, 34, 40),),
                languages=["fr"],
                about="All about it",
                capacity=2,
            )
            if number % 2:
                pair(asking, one, make_person(f"e{number}@harbor.example", f"E{number}"))

    client = signed_in(mentee)
    path = reverse("programs:mentors", args=[asking.pk])
    counts = []
    for numbers in (range(3), range(3, 60)):
        make(numbers)
        client.get(path, query)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path, query).context["page"].paginator.count == numbers.stop
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 45


def test_a_page_with_nobody_says_so(asking: Program, mentee: User) -> None:
    text = signed_in(mentee).get(reverse("programs:mentors", args=[asking.pk])).content.decode()
    assert "There is no mentor here yet." in text


def test_long_words_are_all_there_on_a_page_of_their_own(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    odile = make_mentor("Odile", about=("wide " * 300).strip() + " kingfisher", help_with="x" * 1000)
    listed = signed_in(mentee).get(reverse("programs:mentors", args=[asking.pk])).content.decode()
    assert "kingfisher" not in listed
    assert "Read on" in listed
    alone = signed_in(mentee).get(reverse("programs:ask", args=[asking.pk, odile.pk])).content.decode()
    assert "kingfisher" in alone
