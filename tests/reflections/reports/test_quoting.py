"""What its writer lets a program quote: off unless they say so, for these words and these readers, without a name."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.mydata.erasing import erase
from mentoring.models import Enrollment, Pairing, Program, ProgramAdmin
from reflections import actions
from reflections.actions import Refused
from reflections.models import Answer, Audience, Moment, Naming, Reflection, Round
from reflections.readers import ONLY_ME, Readers
from reflections.reports import quotes
from reflections.reports.quotes import MOST_QUOTES
from reflections.sharing import shared_now
from tests.conftest import NOW, TODAY, signed_in
from tests.reflections.conftest import FIRST, HARD, queries_of, write

from .conftest import FIRST as JANUARY
from .test_reports import PAGE, TAKE, choice, say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

WORDS = "goldcrest: the second question was the one that helped"


@pytest.fixture
def moment(program: Program, mentee: User) -> Moment:
    """On the wall."""
    return actions.keep_moment(
        mentee,
        text=WORDS,
        happened_on=TODAY,
        readers=Readers(Audience.PROGRAM, program=program.pk),
        now=NOW,
    )


@pytest.fixture
def answer(mentee: User, quarter_round: Round) -> Answer:
    """On the wall, of a finished reflection."""
    return write(
        mentee,
        quarter_round,
        FIRST,
        WORDS,
        audience=Audience.PROGRAM,
        status=Reflection.Status.SUBMITTED,
    )


def told(program: Program) -> list[str]:
    return [quote.words for quote in quotes.to_choose_from([program])]


def change(moment: Moment, **more: object) -> None:
    values: dict[str, object] = {
        "by": moment.person,
        "text": WORDS,
        "happened_on": moment.happened_on,
        "readers": Readers.of_moment(moment),
        "now": NOW,
    }
    actions.change_moment(moment, **(values | more))  # type: ignore[arg-type]


# --- By its writer --------------------------------------------------------------------------------------------------


def test_nothing_is_quoted_before_its_writer_says_so(
    program: Program, moment: Moment, answer: Answer, mentee: User
) -> None:
    assert told(program) == []
    actions.let_quote(moment, by=mentee)
    actions.let_quote(answer, by=mentee)
    assert told(program) == [WORDS, WORDS]
    actions.let_quote_no_more(moment, by=mentee)
    actions.let_quote_no_more(answer, by=mentee)
    assert told(program) == []


def test_nobody_says_it_of_what_another_one_wrote(
    moment: Moment, answer: Answer, mentor: User, admin: User
) -> None:
    for person in (mentor, admin):
        for thing in (moment, answer):
            for say_it in (actions.let_quote, actions.let_quote_no_more):
                with pytest.raises(Refused, match="Only its writer"):
                    say_it(thing, by=person)


@pytest.mark.parametrize("audience", ["me", "pairing"])
def test_only_what_hangs_on_a_wall_is_quoted(
    audience: str, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    with_whom = {"pairing": pairing} if audience == "pairing" else {}
    kept = Moment.objects.create(person=mentee, text=WORDS, happened_on=TODAY, audience=audience, **with_whom)
    written = write(
        mentee,
        quarter_round,
        FIRST,
        WORDS,
        audience=audience,
        pairings=(pairing,),
        status=Reflection.Status.SUBMITTED,
    )
    for thing in (kept, written):
        with pytest.raises(Refused, match="everyone in the program"):
            actions.let_quote(thing, by=mentee)


def test_not_while_the_reflection_is_a_draft_nor_what_is_easily_regretted(
    mentee: User, quarter_round: Round, program: Program
) -> None:
    draft = write(mentee, quarter_round, FIRST, WORDS, audience=Audience.PROGRAM)
    with pytest.raises(Refused):
        actions.let_quote(draft, by=mentee)
    hard = write(
        mentee,
        quarter_round,
        HARD,
        WORDS,
        audience=Audience.PROGRAM,
        status=Reflection.Status.SUBMITTED,
    )
    with pytest.raises(Refused):
        actions.let_quote(hard, by=mentee)
    Answer.objects.filter(pk=hard.pk).update(may_be_quoted=True)
    assert told(program) == []


@pytest.mark.parametrize("state", [{}, {"agreed_at": NOW}, {"is_somebody_else": True, "asked_at": None}])
def test_what_names_anybody_is_not_quoted_whether_they_agreed_to_the_wall_or_not(
    program: Program, moment: Moment, mentee: User, member: User, state: dict[str, object]
) -> None:
    actions.let_quote(moment, by=mentee)
    Naming.objects.create(moment=moment, person=member, **({"asked_at": NOW} | state))
    assert told(program) == []
    with pytest.raises(Refused, match="names somebody"):
        actions.let_quote(moment, by=mentee)


def test_a_name_that_stands_in_the_words_is_found_when_they_are_hung(
    program: Program, mentee: User, member: User
) -> None:
    named = actions.keep_moment(
        mentee,
        text="Ines Duarte asked the second question.",
        happened_on=TODAY,
        readers=Readers(Audience.PROGRAM, program=program.pk),
        now=NOW,
    )
    with pytest.raises(Refused, match="names somebody"):
        actions.let_quote(named, by=mentee)


def test_words_with_ones_own_name_in_them_are_not_quoted(program: Program, mentee: User) -> None:
    named = actions.keep_moment(
        mentee,
        text="They said: Tomasz, you did that.",
        happened_on=TODAY,
        readers=Readers(Audience.PROGRAM, program=program.pk),
        now=NOW,
    )
    with pytest.raises(Refused, match="Your own name"):
        actions.let_quote(named, by=mentee)


# --- Until the words or the readers are others ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "stays"),
    [({}, True), ({"gave": "calm"}, True), ({"text": "others"}, False), ({"readers": ONLY_ME}, False)],
)
def test_a_moment_is_quoted_as_long_as_its_words_and_its_readers_are_the_same(
    program: Program, moment: Moment, mentee: User, other: dict[str, object], stays: bool
) -> None:
    actions.let_quote(moment, by=mentee)
    moment.refresh_from_db()
    change(moment, **other)
    moment.refresh_from_db()
    assert moment.may_be_quoted is stays
    change(moment, readers=Readers(Audience.PROGRAM, program=program.pk))
    assert bool(told(program)) is stays  # shared again, it is not quoted by itself


@pytest.mark.parametrize("text", ["others", ""])
def test_other_words_of_an_answer_are_not_quoted(
    text: str, program: Program, answer: Answer, mentee: User
) -> None:
    actions.let_quote(answer, by=mentee)
    fresh = Answer.objects.get(pk=answer.pk)
    actions.save_answer(
        mentee,
        answer.reflection.round,
        answer.question,
        text=text,
        readers=None,
        based_on=fresh.saved_at.isoformat(),
        now=NOW,
    )
    assert not Answer.objects.get(pk=answer.pk).may_be_quoted
    assert told(program) == []


def test_what_is_taken_back_is_not_quoted_and_stays_so(
    program: Program, answer: Answer, mentee: User
) -> None:
    actions.let_quote(answer, by=mentee)
    actions.take_back(answer, by=mentee, now=NOW)
    assert not Answer.objects.get(pk=answer.pk).may_be_quoted
    Answer.objects.filter(pk=answer.pk).update(audience=Audience.PROGRAM)
    assert told(program) == []


def leave(program: Program, mentee: User) -> None:
    Enrollment.objects.filter(program=program, person=mentee).update(status=Enrollment.Status.WITHDRAWN)


def take_the_wall_down(program: Program, mentee: User) -> None:
    Program.objects.filter(pk=program.pk).update(has_wall=False)


def go_for_good(program: Program, mentee: User) -> None:
    erase(mentee, now=NOW)


@pytest.mark.parametrize("act", [leave, take_the_wall_down, go_for_good])
def test_what_hangs_nowhere_any_more_is_not_quoted(
    act: Callable[[Program, User], None], program: Program, moment: Moment, answer: Answer, mentee: User
) -> None:
    actions.let_quote(moment, by=mentee)
    actions.let_quote(answer, by=mentee)
    act(program, mentee)
    assert told(program) == []


# --- Its page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["moments", "answers"])
def test_a_tick_on_a_page_of_its_own_says_it_and_takes_it_back(
    what: str, program: Program, moment: Moment, answer: Answer, mentee: User
) -> None:
    thing = moment if what == "moments" else answer
    url = reverse("quoting", args=[what, thing.pk])
    client = signed_in(mentee)
    page = client.get(url).text
    assert "May be quoted in reports, without my name" in page
    assert " checked" not in page.split('name="may"')[1][:80]
    back = client.post(url, {"may": "on"})
    assert told(program) == [WORDS]
    assert "May be quoted in reports: change that" in client.get(back["Location"]).text
    client.post(url, {})
    assert told(program) == []
    assert "May it be quoted in reports?" in client.get(back["Location"]).text


def test_a_no_of_ours_stands_beside_the_tick(moment: Moment, mentee: User, member: User) -> None:
    Naming.objects.create(moment=moment, person=member)
    page = signed_in(mentee).post(reverse("quoting", args=["moments", moment.pk]), {"may": "on"})
    assert page.status_code == 200
    assert "It names somebody" in page.text


def test_what_is_for_oneself_has_no_tick_and_no_link(mentee: User) -> None:
    kept = Moment.objects.create(person=mentee, text=WORDS, happened_on=TODAY)
    client = signed_in(mentee)
    assert "quoted" not in client.get(reverse("moments:edit", args=[kept.pk])).text
    page = client.get(reverse("quoting", args=["moments", kept.pk])).text
    assert "Only what everyone in the program can read" in page
    assert 'name="may"' not in page


def test_to_everybody_else_there_is_no_such_page(
    moment: Moment, answer: Answer, mentor: User, admin: User, superuser: User
) -> None:
    for person in (mentor, admin, superuser):
        for what, thing in (("moments", moment), ("answers", answer)):
            url = reverse("quoting", args=[what, thing.pk])
            assert signed_in(person).get(url).status_code == 404
            assert signed_in(person).post(url, {"may": "on"}).status_code == 404
    assert signed_in(moment.person).get(f"/quoted/notes/{moment.pk}/").status_code == 404


def test_who_can_see_what_says_what_may_be_quoted(moment: Moment, mentee: User) -> None:
    def said() -> list[str]:
        return [piece.about for group in shared_now(mentee) for piece in group.pieces]

    assert said() == [""]
    actions.let_quote(moment, by=mentee)
    assert said() == ["May be quoted in reports, without your name."]


# --- In a report ------------------------------------------------------------------------------------------------------


@pytest.fixture
def quoted(program: Program, moment: Moment, mentee: User, admin: User) -> Client:
    """The admin's browser; a quarter was counted, and one thing may be quoted."""
    say(program, JANUARY, enrolled=10)
    actions.let_quote(moment, by=mentee)
    return signed_in(admin)


def test_an_admin_chooses_what_is_quoted_and_it_stands_without_a_name(
    quoted: Client, program: Program, moment: Moment
) -> None:
    page = quoted.get(PAGE).text
    assert WORDS in page
    assert "Tomasz" not in page
    assert f'value="{moment.pk}"' not in page.split("<fieldset")[1]
    without = quoted.post(TAKE, choice(program, format="page")).text
    assert WORDS not in without
    chosen = choice(program, format="page", quote=[str(moment.seal_id)])
    report = quoted.post(TAKE, chosen).text
    assert WORDS in report
    assert "Tomasz" not in report
    assert "2026-06" not in report
    for kind in ("csv", "xlsx"):
        file = quoted.post(TAKE, chosen | {"format": kind})
        assert WORDS.encode() not in b"".join(file)  # type: ignore[arg-type]


def test_what_was_taken_back_meanwhile_is_in_no_report(
    quoted: Client, program: Program, moment: Moment, mentee: User
) -> None:
    actions.let_quote_no_more(moment, by=mentee)
    chosen = choice(program, format="page", quote=[str(moment.seal_id), "nonsense"])
    assert WORDS not in quoted.post(TAKE, chosen).text


def test_nobody_quotes_from_a_program_that_they_do_not_run(
    quoted: Client, moment: Moment, other_program: Program, other_admin: User
) -> None:
    say(other_program, JANUARY)
    client = signed_in(other_admin)
    assert WORDS not in client.get(PAGE).text
    chosen = choice(other_program, format="page", quote=[str(moment.seal_id)])
    assert WORDS not in client.post(TAKE, chosen).text


def test_thirteen_quotes_are_too_many_and_stay_ticked(
    quoted: Client, program: Program, moment: Moment
) -> None:
    keys = [str(moment.seal_id)] * (MOST_QUOTES + 1)
    page = quoted.post(TAKE, choice(program, format="page", quote=keys)).text
    assert "Choose twelve quotes at most." in page
    assert "checked" in page.split('<fieldset class="stack snug">')[1].split("</fieldset>")[0]


def test_many_quotes_cost_no_more_questions_than_one(
    quoted: Client, program: Program, mentee: User, mentor: User, member: User
) -> None:
    before = queries_of(quoted, PAGE)
    for number, person in enumerate((mentee, mentor, member, mentee)):
        more = actions.keep_moment(
            person,
            text=f"more {number}",
            happened_on=TODAY,
            readers=Readers(Audience.PROGRAM, program=program.pk),
            now=NOW,
        )
        actions.let_quote(more, by=person)
    assert queries_of(quoted, PAGE) == before
    assert len(told(program)) == 5


def test_a_right_to_run_a_program_is_no_right_to_its_wall(
    program: Program, moment: Moment, mentee: User, admin: User
) -> None:
    """An admin reads what may be quoted, where a report is made, and nothing else of the wall."""
    actions.let_quote(moment, by=mentee)
    assert ProgramAdmin.objects.filter(person=admin, program=program).exists()
    assert not Moment.objects.visible_to(admin).exists()
