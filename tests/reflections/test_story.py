"""The story: what was kept and written, by quarters, the newest first, with its river. For its owner alone."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.models import DataKey, User
from accounts.vault import remembered
from mentoring.models import Enrollment, Pairing, Program
from mentoring.quarter import Quarter
from reflections.actions import show_value
from reflections.models import Audience, Moment, Reflection, Value
from reflections.story.words import Words
from tests.conftest import NOW, TODAY, enroll, signed_in
from tests.reflections.conftest import ASIDE, BOTH_WAYS, FIRST, HARD, KIND, open_round, queries_of, write

pytestmark = pytest.mark.usefixtures("now")
YEAR = timedelta(days=365)


def keep(
    person: User, text: str, day: date = TODAY, value: str = "", quote: str = "", **fields: object
) -> Moment:
    moment = Moment.objects.create(person=person, text=text, happened_on=day, **fields)
    if value:
        show_value(person, value, moment=moment, quote=quote, now=NOW)
    return moment


def page_of(person: User, name: str = "story:index", page: int = 1, *args: object) -> str:
    return signed_in(person).get(reverse(name, args=args), {"page": page}).content.decode()


def words_of(html: str) -> str:
    return " ".join(strip_tags(html[html.index("<main") : html.index("</main>")]).split())


# --- What stands in it ---------------------------------------------------------------------------------------------


def test_a_story_has_moments_and_answers_by_quarters_the_newest_first(program: Program, mentor: User) -> None:
    now, before = open_round(program), open_round(program, date(2026, 1, 1))
    write(mentor, now, FIRST, "Answer of now.")
    write(mentor, now, BOTH_WAYS, "Second answer of now.")
    write(mentor, before, FIRST, "Answer of before.")
    keep(mentor, "Moment of now.")
    keep(mentor, "Moment of before.", date(2026, 2, 3))
    keep(mentor, "Moment of long ago.", date(2019, 2, 3))

    said = words_of(page_of(mentor))
    order = [
        "Quarter one, April to June 2026",
        "Moment of now.",
        "Answer of now.",
        "Second answer of now.",
        "Quarter four, January to March 2026",
        "Moment of before.",
        "Answer of before.",
        "Quarter four, January to March 2019",
        "Where you began.",
        "Moment of long ago.",
    ]
    assert [said.index(part) for part in order] == sorted(said.index(part) for part in order)


def test_quarters_are_called_by_the_calendar_where_the_program_follows_it(
    program: Program, mentor: User
) -> None:
    Program.objects.filter(pk=program.pk).update(fiscal_first_month=1)
    keep(mentor, "Now.")
    assert "Quarter two, 2026" in page_of(mentor)


def test_a_quarter_is_called_the_same_after_one_came_into_another_program(
    program: Program, other_program: Program, mentor: User
) -> None:
    Program.objects.filter(pk=other_program.pk).update(fiscal_first_month=2)
    Enrollment.objects.filter(person=mentor).update(joined_on=date(2020, 1, 1))
    enroll(other_program, mentor, Enrollment.Role.MENTOR)
    keep(mentor, "Now.")
    assert "Quarter one, April to June 2026" in page_of(mentor)


def test_somebody_in_no_program_has_a_story_too(outsider: User) -> None:
    keep(outsider, "Alone, and well.")
    page = page_of(outsider)
    assert "Quarter two, 2026" in page
    assert "Alone, and well." in page


def test_what_was_set_aside_and_what_is_locked_is_in_no_story(program: Program, mentor: User) -> None:
    this, past = open_round(program), open_round(program, date(2025, 4, 1))
    for round in (this, past):
        write(mentor, round, ASIDE, "Wrybill, set aside.")
        write(mentor, round, KIND, "Wrybill, to myself.")
    keep(mentor, "Kept.")

    for name in ("story:index", "story:other_years", "story:year", "home"):
        assert "Wrybill" not in page_of(mentor, name)


def test_a_before_and_an_after_stand_together(program: Program, mentor: User) -> None:
    answer = write(mentor, open_round(program), HARD, "They waited to be asked.")
    answer.after = "They ask."
    answer.save()
    assert "They waited to be asked. And after: They ask." in words_of(page_of(mentor))


def test_nobody_elses_words_are_in_it(mentor: User, mentee: User, pairing: Pairing, program: Program) -> None:
    theirs = keep(mentee, "Dotterel, shared.", value="Sanderling", audience=Audience.PAIRING, pairing=pairing)
    write(
        mentee,
        open_round(program),
        FIRST,
        "Dotterel, answered.",
        audience=Audience.PAIRING,
        pairings=(pairing,),
        status=Reflection.Status.SUBMITTED,
    )
    keep(mentor, "Mine.")
    value = Value.objects.get()
    for name in ("story:index", "story:other_years", "story:year", "story:values"):
        page = page_of(mentor, name)
        assert "Dotterel" not in page
        assert "Sanderling" not in page
    for name, pk in (("story:value", value.pk), ("story:moment_values", theirs.pk)):
        assert signed_in(mentor).get(reverse(name, args=[pk])).status_code == 404


def test_an_empty_story_says_how_it_begins(mentor: User) -> None:
    page = page_of(mentor)
    assert "Your story begins with the first thing you keep." in page
    assert '<svg class="river"' not in page
    assert reverse("story:year") not in page


def test_a_story_without_values_has_no_river_and_says_how_one_comes_about(mentor: User) -> None:
    moment = keep(mentor, "Kept.")
    page = page_of(mentor)
    assert "Does one of them show what you care about?" in page
    assert reverse("story:moment_values", args=[moment.pk]) in page
    assert '<svg class="river"' not in page
    assert "as a table" not in page


def test_words_that_cannot_be_read_any_more_are_said_to_be_closed(mentor: User) -> None:
    moment = keep(mentor, "Gone words.", value="Gone value", quote="Gone")
    value = Value.objects.get().pk
    DataKey.objects.filter(pk=mentor.pk).delete()
    remembered.forget()
    client = signed_in(mentor)
    for name in ("story:index", "story:year", "story:values"):
        assert "cannot be read any more" in client.get(reverse(name)).content.decode()
    for name in ("story:value", "story:merge", "story:let_go"):
        assert client.get(reverse(name, args=[value])).status_code == 200
    url = reverse("story:moment_values", args=[moment.pk])
    for reply in (client.get(url), client.post(url, {"value-name": "Candor"})):
        assert reply.status_code == 200
        assert "value-name" not in reply.content.decode()


# --- Values --------------------------------------------------------------------------------------------------------


def test_values_are_followed_from_the_page_and_marked_in_the_words_that_show_them(mentor: User) -> None:
    keep(mentor, "Greta asked and waited.", value="Patience", quote="waited")
    page = page_of(mentor)

    value = Value.objects.get()
    assert f'<a class="chip value s1" href="{reverse("story:value", args=[value.pk])}">Patience</a>' in page
    assert '<mark class="s1">waited</mark>' in page
    assert page.count('<path class="s1"') == 1


def test_what_shows_a_value_by_its_words_stands_in_large_letters(mentor: User) -> None:
    keep(mentor, "The one that shows it.", TODAY - timedelta(days=9), value="Candor", quote="shows it")
    keep(mentor, "Shown by all of it.", TODAY - timedelta(days=3), value="Candor")
    keep(mentor, "The newest.")
    page = page_of(mentor)
    (large,) = re.findall(r'<blockquote class="pull">(.*?)</blockquote>', page, re.DOTALL)
    assert strip_tags(large).strip() == "The one that shows it."


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["Patience"], "Patience."),
        (["patience"], "Patience."),
        (["Candor", "Candor", "Patience"], "Candor, mostly."),
        (["Candor", "Candor", "Patience", "Patience", "Joy"], "Candor and Patience, mostly."),
        (["Candor", "Patience"], "Candor and Patience, side by side."),
        (["One", "Two", "Three", "Four"], "One, Two and Three, and more."),
        ([], ""),
    ],
)
def test_a_season_is_said_in_the_words_of_values_alone(mentor: User, values: list[str], said: str) -> None:
    for number, value in enumerate(values):
        keep(mentor, f"Moment {number}", value=value)
    assert Words(mentor, 1).sentence(Quarter.containing(TODAY)) == said


def test_a_value_that_is_new_is_said_to_be_except_in_the_first_season(mentor: User) -> None:
    keep(mentor, "Before.", date(2026, 2, 1), value="Candor")
    keep(mentor, "Now.", value="Candor")
    keep(mentor, "Now.", value="Courage")
    words = Words(mentor, 1)
    assert words.sentence(Quarter.containing(date(2026, 2, 1))) == "Candor."
    assert (
        words.sentence(Quarter.containing(TODAY))
        == "Candor and Courage, side by side. For the first time: Courage."
    )


def test_the_river_is_a_table_too_and_neither_counts(mentor: User) -> None:
    for number in range(7):
        keep(mentor, f"Candid {'x' * number}", value="Candor")
    keep(mentor, "Brave.", value="Courage")
    keep(mentor, "Nothing to it.", date(2026, 2, 1))
    page = page_of(mentor)

    table = page[page.index("<table") : page.index("</table>")]
    said = " ".join(strip_tags(table).split())
    assert "Quarter one, April to June 2026Candor, Courage" in said
    assert "Quarter four, January to March 2026none named" in said
    assert not re.search(r"\b[78]\b|seven|eight", said)
    assert not re.search(r"\b(seven|eight) moments|\b[78] moments", words_of(page))


def test_five_values_run_in_the_river_and_the_others_are_named_beside_it(mentor: User) -> None:
    for number, value in enumerate(["A1", "B2", "C3", "D4", "E5", "F6", "F6", "G7"]):
        keep(mentor, f"Moment {number}", value=value)
    page = page_of(mentor)
    assert len(re.findall(r'<path class="s\d"', page)) == 5
    assert re.findall(r'class="chip value (s\d)"[^>]*>(\w\w)<', page) == [
        ("s1", "A1"),
        ("s2", "B2"),
        ("s3", "C3"),
        ("s4", "D4"),
        ("s5", "F6"),
        ("s0", "E5"),
        ("s0", "G7"),
    ]


def test_of_many_values_the_page_shows_some_and_leads_to_all(mentor: User) -> None:
    for number in range(15):
        keep(mentor, f"Moment {number}", value=f"Value {number}x")
    page = page_of(mentor)
    assert page.count('class="chip value') == 12
    assert reverse("story:values") in page
    assert page_of(mentor, "story:values").count('class="chip value') == 15


# --- Long stories --------------------------------------------------------------------------------------------------


def ten_years(person: User, program: Program) -> None:
    start = date(2016, 7, 5)
    moments = [
        Moment.objects.create(person=person, text=f"Kept {n}x.", happened_on=start + n * timedelta(days=30))
        for n in range(121)
    ]
    for number, moment in enumerate(moments):
        show_value(person, f"Value {number % 7}", moment=moment, now=NOW)


def test_a_page_asks_as_often_for_ten_years_as_for_a_few_days(
    program: Program, mentor: User, member: User
) -> None:
    def asked(name: str, *args: object) -> int:
        return queries_of(signed_in(mentor), reverse(name, args=args))

    write(mentor, open_round(program), FIRST, "Answered.")
    keep(mentor, "Kept.", value="Value 0")
    keep(mentor, "Kept.", TODAY - YEAR, value="Value 1")
    value = Value.objects.earliest("pk").pk
    names = (
        ("story:index",),
        ("story:value", value),
        ("story:year",),
        ("story:other_years",),
        ("story:values",),
    )
    few = {name: asked(name, *args) for name, *args in names}
    ten_years(mentor, program)
    assert {name: asked(name, *args) for name, *args in names} == few
    assert max(few.values()) < 30


def test_long_stories_are_turned_page_by_page_and_no_quarter_begins_twice(
    program: Program, mentor: User
) -> None:
    for number in range(60):
        keep(mentor, f"Whimbrel {number}x.", TODAY - timedelta(days=number % 20))
    keep(mentor, "Long ago.", date(2020, 1, 1))
    first, second = page_of(mentor), page_of(mentor, page=2)

    assert first.count("Whimbrel") == 50
    assert second.count("Whimbrel") == 10
    found = {int(n) for page in (first, second) for n in re.findall(r"Whimbrel (\d+)x", page)}
    assert found == set(range(60))
    assert "Quarter one, April to June 2026, continued" in second
    assert ", continued" not in first
    assert second.count('class="pull"') == 1
    assert "Where you began." in second


# --- In other years ------------------------------------------------------------------------------------------------


def test_this_quarter_in_other_years_has_the_same_months_and_no_others(
    program: Program, mentor: User
) -> None:
    keep(mentor, "This year.")
    keep(mentor, "Whimbrel of last year.", date(2025, 5, 1))
    keep(mentor, "Whimbrel of long ago.", date(2017, 4, 1))
    keep(mentor, "Another season.", date(2025, 9, 1))
    write(mentor, open_round(program, date(2025, 4, 1)), FIRST, "Whimbrel answered.")
    page = page_of(mentor, "story:other_years")

    assert page.count("Whimbrel") == 3
    assert "from April to June" in page
    assert "This year." not in page
    assert "Another season." not in page


def test_without_other_years_the_page_says_when_there_will_be_one(mentor: User) -> None:
    assert "Nothing from these months yet." in page_of(mentor, "story:other_years")


def test_the_home_page_has_one_thing_from_another_year_and_no_hard_call(mentor: User) -> None:
    title = "This quarter in other years"
    keep(mentor, "This year.")
    assert title not in page_of(mentor, "home")
    keep(mentor, "Whimbrel, hard.", date(2025, 5, 1), kind=Moment.Kind.HARD_CALL)
    assert title not in page_of(mentor, "home")
    keep(mentor, "Whimbrel one.", date(2025, 5, 2))
    keep(mentor, "Whimbrel two.", date(2024, 5, 2))
    page = page_of(mentor, "home")
    section = page[page.index('aria-labelledby="other-years"') :]
    section = section[: section.index("</section>")]
    assert section.count("Whimbrel") == 1
    assert "hard" not in section
    assert reverse("story:other_years") in section
