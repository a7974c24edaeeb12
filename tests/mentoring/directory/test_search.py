"""Looking for what somebody knows: words, beginnings, misspellings; and what a program does not show is not found."""

from string import printable

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from mentoring import search
from mentoring.models import Enrollment, Program, Skill
from mentoring.spelling import nearest
from tests.conftest import signed_in

from .conftest import Make
from .test_who_looks import names

pytestmark = pytest.mark.django_db
Part = Program.DirectoryPart


def page(person: User, program: Program, **query: object) -> str:
    answer = signed_in(person).get(reverse("programs:mentors", args=[program.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_whoever_matches_more_of_what_is_looked_for_comes_first(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    make_mentor("Mentions", about="I once sat in a meeting on pricing.")
    make_mentor("Offers", offers=("Pricing",))
    make_mentor("Both", offers=("Hiring",), help_with="How to set prices, that is pricing.")
    make_mentor("Neither", offers=("Sourdough",))
    assert names(mentee, asking, q="pricing") == ["Offers", "Both", "Mentions"]
    assert names(mentee, asking, q="pricing and hiring") == ["Both", "Offers", "Mentions"]


def test_words_are_found_in_their_other_forms_and_by_their_beginning(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    make_mentor("Odile", offers=("Negotiations",), about="I managed warehouses.")
    for typed in ("negotiation", "negoti", "managing", "warehouse", "NEGOTIATIONS"):
        assert names(mentee, asking, q=typed) == ["Odile"], typed


def test_a_reader_of_german_finds_german_words_in_their_other_forms(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    User.objects.update(language="de")
    make_mentor("Uwe", offers=("Verhandlungen",), help_with="Gespräche mit schwierigen Kunden")
    for typed in ("Verhandlung", "schwierige", "Gespräch", "verhand"):
        assert names(mentee, asking, q=typed) == ["Uwe"], typed


def test_in_a_language_without_a_stemmer_words_are_found_as_they_stand(
    asking: Program, make_mentor: Make
) -> None:
    odile = make_mentor("Odile", offers=("Negotiations",))
    found = search.search(asking, "negotiations", set(), [odile.pk], "ja")
    assert set(found.people) == {odile.pk}
    assert not found.meant
    assert search.search(asking, "negotiating xx", set(), [odile.pk], "ja").meant == (
        ("negotiating", "negotiations"),
    )


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("en-us", "pricign", "pricing"),
        ("en-us", "prcing", "pricing"),
        ("en-us", "ledership", "leadership"),
        ("de", "Verhandlunng", "verhandlungen"),
        ("de", "Führng", "führung"),
    ],
)
def test_a_word_that_nobody_wrote_is_taken_for_the_nearest_that_somebody_did(
    asking: Program, make_mentor: Make, mentee: User, language: str, typed: str, meant: str
) -> None:
    User.objects.update(language=language)
    make_mentor("Odile", offers=("Pricing", "Führung"), about="Leadership, Verhandlungen")
    make_mentor("Other", offers=("Sourdough",))
    assert names(mentee, asking, q=typed) == ["Odile"]
    said = {
        "en-us": f"Nobody wrote “{typed.lower()}”; this is for “{meant}”.",
        "de": f"„{typed.lower()}“ hat niemand geschrieben; hier ist „{meant}“.",
    }[language]
    assert said in page(mentee, asking, q=typed)


def test_a_word_that_is_like_no_other_is_said_to_be_found_nowhere(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    make_mentor("Odile", offers=("Pricing",))
    found = page(mentee, asking, q="xylophones")
    assert "Nobody wrote “xylophones”." in found
    assert "Nobody who matches all of this." in found
    # One word that is found is enough, and the other is named.
    assert names(mentee, asking, q="xylophones pricing") == ["Odile"]


def test_words_that_every_text_has_look_for_nothing(asking: Program, make_mentor: Make, mentee: User) -> None:
    make_mentor("Odile", offers=("Pricing",))
    for typed in ("how to", "!!!", "-"):
        assert names(mentee, asking, q=typed) == ["Odile"], typed
        assert "There is no word in it that could be looked for." in page(mentee, asking, q=typed)


def test_quotes_keep_words_together_and_a_minus_leaves_out(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    make_mentor("Row", about="I give hard feedback.")
    make_mentor("Apart", about="It was hard. Then came feedback.", offers=("Hiring",))
    assert set(names(mentee, asking, q="hard feedback")) == {"Row", "Apart"}
    assert names(mentee, asking, q='"hard feedback"') == ["Row"]
    assert names(mentee, asking, q="“hard feedback”") == ["Row"]
    assert names(mentee, asking, q="hard -hiring") == ["Row"]


def test_quotes_and_a_minus_mean_the_words_that_every_text_has_too(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    make_mentor("Saoirse", about="I am good at saying no.")
    make_mentor("Bram", about="Saying yes comes easily to me.", offers=("Talks",))
    make_mentor("Wilma", offers=("Saying no",))
    assert set(names(mentee, asking, q="saying")) == {"Saoirse", "Bram", "Wilma"}
    assert set(names(mentee, asking, q='"saying no"')) == {"Saoirse", "Wilma"}
    assert names(mentee, asking, q="saying -no") == ["Bram"]
    assert names(mentee, asking, q='saying -"saying no"') == ["Bram"]
    # Where no word of them is dropped, they mean other forms of it as before.
    assert names(mentee, asking, q='"talk"') == ["Bram"]
    assert set(names(mentee, asking, q="saying -talk")) == {"Saoirse", "Wilma"}


def test_a_skill_whose_name_is_a_word_that_every_text_has_is_found(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    make_mentor("Odile", offers=("IT",))
    make_mentor("Bram", offers=("Getting into it",), about="I do it.")
    assert names(mentee, asking, q="it") == ["Odile"]


def test_words_on_either_side_of_a_slash_are_found(asking: Program, make_mentor: Make, mentee: User) -> None:
    make_mentor("Odile", offers=("UX/UI",), about="budgets/forecasts")
    for typed in ("ux", "UI", "ux/ui", "forecast"):
        assert names(mentee, asking, q=typed) == ["Odile"], typed


def test_a_skill_is_found_by_the_name_that_it_had_before_it_was_merged(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    make_mentor("Odile", offers=("Pricing",))
    Skill.objects.create(
        program=asking, name="Tariffs", state="merged", merged_into=Skill.objects.get(name="Pricing")
    )
    assert names(mentee, asking, q="tariffs") == ["Odile"]


def test_skills_of_others_and_of_another_program_are_not_found(
    asking: Program, other_program: Program, make_mentor: Make, mentee: User
) -> None:
    make_mentor("Odile", seeks=("Pricing",))
    Enrollment.objects.get(person=mentee).skills.create(
        side="offers", skill=Skill.objects.create(program=asking, name="Beekeeping")
    )
    assert names(mentee, asking, q="pricing") == []
    assert names(mentee, asking, q="beekeeping") == []


CANARIES = {
    Part.HEADLINE: {"headline": "kingfisher"},
    Part.ABOUT: {"about": "kingfisher"},
    Part.HELP_WITH: {"help_with": "kingfisher"},
    Part.SEEKS: {"seeks": ("kingfisher",)},
    Part.DEPARTMENT: {"department": "kingfisher"},
}


@pytest.mark.parametrize("part", CANARIES)
def test_what_is_not_shown_is_neither_on_the_page_nor_found(
    asking: Program, make_mentor: Make, mentee: User, part: Part
) -> None:
    make_mentor("Odile", **CANARIES[part])
    Program.objects.update(directory_shows=Part.values)
    assert "kingfisher" in page(mentee, asking)
    Program.objects.update(directory_shows=[other for other in Part.values if other != part])
    assert "kingfisher" not in page(mentee, asking)
    assert names(mentee, asking, q="kingfisher") == []
    # Nor is it the word that a misspelling is taken for.
    assert "this is for" not in page(mentee, asking, q="kingfihser")


def test_texts_that_are_shown_are_found(asking: Program, make_mentor: Make, mentee: User) -> None:
    make_mentor("Odile", about="kingfisher")
    assert names(mentee, asking, q="kingfisher") == ["Odile"]
    assert "this is for “kingfisher”" in page(mentee, asking, q="kingfihser")


def test_languages_hours_and_place_that_are_not_shown_are_not_named(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    make_mentor("Odile", languages=["mt"], hours=((6, 5, 7),), zone="Asia/Kathmandu")
    Program.objects.update(directory_shows=Part.values)
    shown = page(mentee, asking)
    for word in ("Maltese", "Usual hours", "Kathmandu", "When I am free"):
        assert word in shown, word
    Program.objects.update(directory_shows=[])
    hidden = page(mentee, asking)
    for word in ("Maltese", "Usual hours", "Kathmandu", "When I am free", "In these languages"):
        assert word not in hidden, word


@pytest.mark.parametrize(
    "typed",
    ["'", '"', "\\", ":*", "a:*b", "& | ! ( )", "<->", "%", "%s %(words)s", "{}", "a\x00b", "é" * 500, '"' * 99,
     "-", "--", '-"', "\u202e\ud7ff", "' OR 1=1 --", " ".join(f"w{n}" for n in range(60)), "😀", "ﷺ", "C++ C#"],
)  # fmt: skip
def test_anything_may_be_typed(asking: Program, make_mentor: Make, mentee: User, typed: str) -> None:
    make_mentor("Odile", offers=("Pricing",))
    page(mentee, asking, q=typed)
    page(mentee, asking, q=typed, lang=typed, when=typed, room=typed, page=typed)


class TestTermsOfAnything(TestCase):
    @given(st.text(max_size=250) | st.text(alphabet=printable + "“”„-\"'", max_size=250))
    def test_postgresql_takes_whatever_is_made_of_what_was_typed(self, typed: str) -> None:
        program = Program.objects.create(name="P", slug="p", starts_on="2026-01-01")
        found = search.search(program, typed.replace("\x00", ""), set(Part.values), [1], "en")
        assert found.people == {}


def test_each_word_is_looked_for_once_and_only_the_last_may_be_a_beginning() -> None:
    terms = search.terms_of('Price price "two  Words" -not this')
    assert [tuple(term) for term in terms] == [
        ("price", False, False, False),
        ("two words", False, False, True),
        ("not", True, False, True),
        ("this", False, True, False),
    ]
    assert not search.terms_of("price ")[0].begins
    assert len(search.terms_of(" ".join(f"w{number}" for number in range(50)))) == search.MOST_TERMS


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hirnig", "hiring"),  # Two letters changed round,
        ("hirng", "hiring"),  # one missing,
        ("hirring", "hiring"),  # one too many,
        ("hiting", "hiring"),  # another one.
        ("verhandlunng", "verhandlung"),
        ("mial", "mail"),
        ("mia", ""),
        ("xylophone", ""),
        ("", ""),
    ],
)
def test_the_nearest_word_is_one_that_was_meant(typed: str, meant: str) -> None:
    words = ["hiring", "mail", "phone", "verhandlung", "führung", "price"]
    assert nearest(typed, words) == nearest(typed, reversed(words)) == meant


def test_of_words_that_are_equally_near_it_is_the_same_each_time() -> None:
    words = ["cart", "card", "care"]
    assert len({nearest("carx", order) for order in (words, words[::-1], sorted(words, key=hash))}) == 1


def test_the_search_is_by_the_indexes() -> None:
    """The expression of the query is that of the migration, to the letter, or PostgreSQL would read every profile."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for configuration in ("english", "german"):
            for part in search.TEXTS:
                vector = search.vector(configuration, str(part))
                cursor.execute(
                    f"EXPLAIN SELECT 1 FROM accounts_profile WHERE {vector} @@ phraseto_tsquery(%s, 'x y')",  # noqa: S608
                    [configuration],
                )
                plan = " ".join(row[0] for row in cursor.fetchall())
                assert f"profile_{part}_in_{configuration}" in plan
