"""Values: named in one's own words beside what shows them, called otherwise, put together, let go. Nobody else's."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from mentoring.models import Pairing, Program
from reflections.actions import (
    Refused,
    change_moment,
    let_go,
    merge_values,
    name_value,
    rename_value,
    save_answer,
    show_value,
)
from reflections.actions.answers import version
from reflections.models import Answer, Audience, Moment, Reflection, Round, Value, ValueShown
from reflections.mydata import clear_words_of
from tests.conftest import NOW, TODAY, signed_in
from tests.reflections.conftest import FIRST, KIND, write

TEXT = "Greta asked what I was afraid of and waited. I answered on the tram home."
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def moment(mentor: User) -> Moment:
    return Moment.objects.create(person=mentor, text=TEXT, happened_on=TODAY)


def page_of(person: User, name: str, *args: object, page: int = 1) -> str:
    return signed_in(person).get(reverse(name, args=args), {"page": page}).content.decode()


def of(value: Value) -> Value:
    """As it stands in the database."""
    return Value.objects.get(pk=value.pk)


# --- Beside a moment and an answer ---------------------------------------------------------------------------------


def test_a_value_is_named_beside_a_moment_with_the_sentence_that_shows_it(
    mentor: User, moment: Moment
) -> None:
    url = reverse("story:moment_values", args=[moment.pk])
    data = {"value-name": " patience ", "value-quote": "Greta asked what I was afraid of and waited."}
    reply = signed_in(mentor).post(url, data, follow=True)

    shown = ValueShown.objects.get()
    assert (shown.value.name, shown.quote, shown.moment) == ("patience", data["value-quote"], moment)
    assert reply.redirect_chain == [(url, 302)]
    assert "Kept beside it. Only you can see it." in reply.content.decode()


def test_words_that_were_copied_go_before_a_sentence_that_was_chosen(mentor: User, moment: Moment) -> None:
    url = reverse("story:moment_values", args=[moment.pk])
    data = {"value-name": "Patience", "value-quote": "", "value-words": "and waited", "from": "moment"}
    reply = signed_in(mentor).post(url, data)

    assert reply.headers["Location"] == reverse("moments:edit", args=[moment.pk])
    assert ValueShown.objects.get().quote == "and waited"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"value-name": ""}, "Write the value in a word or two."),
        ({"value-name": "x" * 61}, "Two or three words are plenty for a value."),
        ({"value-name": "Patience", "value-words": "and hurried"}, "Those words do not stand there."),
        ({"value-name": "Patience", "value-quote": "Never said."}, "Those words do not stand there."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(
    mentor: User, moment: Moment, data: dict[str, str], said: str
) -> None:
    reply = signed_in(mentor).post(reverse("story:moment_values", args=[moment.pk]), data)
    page = reply.content.decode()

    assert reply.status_code == 200
    assert said in page
    assert f'value="{data["value-name"]}"' in page or not data["value-name"]
    assert not ValueShown.objects.exists()
    assert not Value.objects.exists()


def test_an_answer_shows_a_value_too_and_a_locked_one_does_not(mentor: User, quarter_round: Round) -> None:
    answer = write(mentor, quarter_round, FIRST, TEXT)
    locked = write(mentor, quarter_round, KIND, TEXT)
    signed_in(mentor).post(reverse("story:answer_values", args=[answer.pk]), {"value-name": "Patience"})

    shown = ValueShown.objects.get()
    assert (shown.answer, shown.reflection, shown.quote) == (answer, answer.reflection, "")
    assert signed_in(mentor).get(reverse("story:answer_values", args=[locked.pk])).status_code == 404


def test_only_words_used_before_are_suggested_and_only_to_whoever_used_them(
    mentor: User, mentee: User, moment: Moment, pairing: Pairing
) -> None:
    name_value(mentor, "Candor", now=NOW)
    name_value(mentee, "Sanderling", now=NOW)
    for name in ("story:moment_values", "moments:edit"):
        page = page_of(mentor, name, moment.pk)
        assert '<option value="Candor">' in page
        assert "Sanderling" not in page


def test_the_page_of_a_moment_says_what_it_shows_and_takes_it_away(mentor: User, moment: Moment) -> None:
    shown = show_value(mentor, "Patience", moment=moment, quote="and waited", now=NOW)
    page = page_of(mentor, "moments:edit", moment.pk)
    assert reverse("story:value", args=[shown.value_id]) in page
    assert "“and waited”" in page

    reply = signed_in(mentor).post(reverse("story:hide", args=[shown.pk]), {"from": "moment"})
    assert reply.headers["Location"] == reverse("moments:edit", args=[moment.pk])
    assert not ValueShown.objects.exists()
    assert Value.objects.get().name == "Patience"


def test_a_moment_that_is_shared_shows_nobody_else_what_it_is_for_its_owner(
    mentor: User, mentee: User, pairing: Pairing
) -> None:
    moment = Moment.objects.create(
        person=mentor, text=TEXT, happened_on=TODAY, audience=Audience.PAIRING, pairing=pairing
    )
    show_value(mentor, "Sanderling", moment=moment, now=NOW)

    for name in ("reflections:timeline", "pairings:detail"):
        page = page_of(mentee, name, pairing.pk)
        assert "Greta asked" in page
        assert "Sanderling" not in page


def test_a_quote_is_looked_for_in_the_words_as_they_are_and_not_as_a_page_had_them(
    mentor: User, moment: Moment, quarter_round: Round
) -> None:
    answer = write(mentor, quarter_round, FIRST, TEXT)
    for thing in (moment, answer):
        newer = type(thing).objects.get(pk=thing.pk)
        newer.text = "Greta asked."
        newer.save()
        told = {"moment": thing} if thing is moment else {"answer": thing}
        with pytest.raises(Refused):
            show_value(mentor, "Patience", quote="and waited", now=NOW, **told)
    assert not ValueShown.objects.exists()
    assert not Value.objects.exists()


def test_words_that_were_taken_out_are_kept_beside_no_value(
    mentor: User, moment: Moment, quarter_round: Round
) -> None:
    kept = show_value(mentor, "Patience", moment=moment, quote="and waited", now=NOW)
    gone = show_value(mentor, "Candor", moment=moment, quote="on the tram home", now=NOW)
    change_moment(moment, by=mentor, text="Greta asked and waited. I answered.", happened_on=TODAY)
    assert ValueShown.objects.get(pk=kept.pk).quote == "and waited"
    assert ValueShown.objects.get(pk=gone.pk).quote == ""

    answer = write(mentor, quarter_round, FIRST, TEXT)
    shown = show_value(mentor, "Candor", answer=answer, quote="on the tram home", now=NOW)
    save_answer(
        mentor,
        quarter_round,
        answer.question,
        text="Something else.",
        readers=None,
        based_on=version(answer),
        now=NOW,
    )
    assert ValueShown.objects.get(pk=shown.pk).quote == ""


# --- The word itself -----------------------------------------------------------------------------------------------


def test_a_value_is_called_otherwise_beside_everything_that_shows_it(mentor: User, moment: Moment) -> None:
    value = show_value(mentor, "Patience", moment=moment, now=NOW).value
    reply = signed_in(mentor).post(
        reverse("story:value", args=[value.pk]), {"name": "  Waiting   well "}, follow=True
    )

    assert of(value).name == "Waiting well"
    assert "Changed." in reply.content.decode()
    assert "Waiting well" in page_of(mentor, "story:index")


def test_a_name_that_another_value_has_is_refused_and_its_own_is_not(mentor: User) -> None:
    patience, candor = (name_value(mentor, name, now=NOW) for name in ("Patience", "Candor"))
    with pytest.raises(Refused, match="Put the two together"):
        rename_value(candor, " patience ", by=mentor)
    rename_value(patience, "PATIENCE", by=mentor)
    assert of(patience).name == "PATIENCE"

    reply = signed_in(mentor).post(reverse("story:value", args=[candor.pk]), {"name": "patience"})
    page = reply.content.decode()
    assert reply.status_code == 200
    assert "You have a value of that name." in page
    assert 'value="patience"' in page


def test_two_values_become_one_and_nothing_that_shows_them_is_lost(
    mentor: User, moment: Moment, quarter_round: Round
) -> None:
    answer = write(mentor, quarter_round, FIRST, TEXT)
    later = Moment.objects.create(person=mentor, text=TEXT, happened_on=TODAY)
    goes = name_value(mentor, "Honesty", now=NOW - timedelta(days=9))
    stays = name_value(mentor, "Candor", now=NOW)
    show_value(mentor, "Honesty", moment=moment, quote="afraid", now=NOW)
    show_value(mentor, "Candor", moment=moment, quote="I answered", now=NOW)
    show_value(mentor, "Honesty", moment=later, quote="afraid", now=NOW)
    show_value(mentor, "Candor", moment=later, now=NOW)
    show_value(mentor, "Honesty", answer=answer, quote="I answered", now=NOW)

    reply = signed_in(mentor).post(reverse("story:merge", args=[goes.pk]), {"into": stays.pk}, follow=True)

    assert "Put together." in reply.content.decode()
    assert list(Value.objects.all()) == [stays]
    assert of(stays).created_at == NOW - timedelta(days=9)
    quotes = {(shown.moment, shown.answer): shown.quote for shown in ValueShown.objects.all()}
    assert quotes == {(moment, None): "I answered", (later, None): "afraid", (None, answer): "I answered"}


def test_a_value_is_put_together_with_one_of_ones_own_alone(mentor: User, mentee: User) -> None:
    mine, theirs = name_value(mentor, "Candor", now=NOW), name_value(mentee, "Candor", now=NOW)
    for one, other in ((mine, theirs), (theirs, mine), (mine, mine)):
        with pytest.raises(Refused):
            merge_values(one, other, by=mentor)
    reply = signed_in(mentor).post(reverse("story:merge", args=[mine.pk]), {"into": theirs.pk})
    assert "Choose the value that stays." in reply.content.decode()
    assert Value.objects.count() == 2


def test_letting_a_value_go_leaves_what_showed_it(mentor: User, mentee: User, moment: Moment) -> None:
    value = show_value(mentor, "Patience", moment=moment, now=NOW).value
    let_go(value, by=mentee)
    assert Value.objects.exists()

    assert "Only the word goes." in page_of(mentor, "story:let_go", value.pk)
    assert Value.objects.exists()
    reply = signed_in(mentor).post(reverse("story:let_go", args=[value.pk]))
    assert reply.headers["Location"] == reverse("story:index")
    assert not Value.objects.exists()
    assert not ValueShown.objects.exists()
    assert Moment.objects.get().text == TEXT


def test_what_was_written_in_a_program_shows_nothing_once_it_is_gone_from_there(
    program: Program, mentor: User, pairing: Pairing, moment: Moment, quarter_round: Round
) -> None:
    answer = write(mentor, quarter_round, FIRST, TEXT)
    there = Moment.objects.create(
        person=mentor, text=TEXT, happened_on=TODAY, audience=Audience.PAIRING, pairing=pairing
    )
    for thing in ({"answer": answer}, {"moment": there}, {"moment": moment}):
        show_value(mentor, "Patience", quote="and waited", now=NOW, **thing)
    clear_words_of(mentor, program)

    assert [shown.moment for shown in ValueShown.objects.all()] == [moment]
    assert Value.objects.get().name == "Patience"
    assert not Reflection.objects.exists()
    assert not Answer.objects.exists()


# --- The page of a value -------------------------------------------------------------------------------------------


def test_the_page_of_a_value_has_the_sentences_that_show_it_by_quarters(
    mentor: User, moment: Moment, quarter_round: Round
) -> None:
    long = f"{'It rained all week. ' * 20}{TEXT}"
    earlier = Moment.objects.create(person=mentor, text=long, happened_on=TODAY - timedelta(days=200))
    Moment.objects.create(person=mentor, text="Plover, unsaid.", happened_on=TODAY)
    answer = write(mentor, quarter_round, FIRST, "Candor came late, and waiting helped.")
    for thing, quote in (({"moment": moment}, "waited"), ({"moment": earlier}, "and waited")):
        shown = show_value(mentor, "Patience", quote=quote, now=NOW, **thing)
    show_value(mentor, "Patience", answer=answer, now=NOW)
    show_value(mentor, "Candor", moment=moment, quote="I answered", now=NOW)

    page = page_of(mentor, "story:value", shown.value_id)

    assert page.index("Quarter one, April to June 2026") < page.index(
        "Quarter three, October to December 2025"
    )
    assert '<mark class="s1">waited</mark>' in page
    assert 'class="s2"' not in page
    assert "It rained" not in page
    assert '<mark class="s1">and waited</mark>' in page
    assert "waiting helped" in page
    assert "What was your best stuff?" in page
    assert "Plover" not in page


def test_a_value_that_nothing_shows_says_so(mentor: User) -> None:
    value = name_value(mentor, "Patience", now=NOW)
    page = page_of(mentor, "story:value", value.pk)
    assert "Nothing shows it now." in page
    assert reverse("story:merge", args=[value.pk]) not in page


def test_whoever_named_nothing_is_told_where_values_come_from(mentor: User) -> None:
    assert "None named yet." in page_of(mentor, "story:values")
