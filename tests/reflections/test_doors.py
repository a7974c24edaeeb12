"""Three doors into the page of the quarter, a fourth for a rough one, and the coffee that goes with it."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from accounts.models import User
from mentoring.models import Holiday, Pairing, Program
from reflections.models import Answer, Question, Reflection, Round
from tests.conftest import NOW, signed_in
from tests.reflections.conftest import ASIDE, FIRST, WORDS, page_url, posted, question_url, rows, write

pytestmark = pytest.mark.usefixtures("now")
HELP = "https://help.example/harbor"
ROUGH = [
    ("R1", "What kept you going?"),
    ("R2", "Who was there?"),
    ("R3", "What can wait?"),
]


@pytest.fixture
def rough(quarter_round: Round) -> Round:
    for place, (code, text) in enumerate(ROUGH, start=90):
        Question.objects.create(
            round=quarter_round,
            code=code,
            step="rough",
            text=text,
            is_locked=True,
            mentor_position=place,
            mentee_position=place,
            both_position=place,
        )
    return quarter_round


# --- One line ------------------------------------------------------------------------------------------------------


def test_one_line_is_a_whole_answer(mentee: User, quarter_round: Round) -> None:
    client = signed_in(mentee)
    url = question_url(quarter_round) + "?set=line"
    page = client.get(url).content.decode()
    assert "1 of 2: First thoughts" in page
    assert ">Read it over</button>" in page

    reply = client.post(url, posted(then="next"))
    assert reply.url == page_url("review", quarter_round) + "?set=line"  # type: ignore[attr-defined]
    client.post(page_url("submit", quarter_round), {"finish": "alone"})
    assert Reflection.objects.get().status == Reflection.Status.SUBMITTED
    assert client.get(question_url(quarter_round, ASIDE) + "?set=line").status_code == 404


def test_a_door_that_does_not_exist_is_the_whole_page(mentee: User, quarter_round: Round) -> None:
    page = signed_in(mentee).get(question_url(quarter_round) + "?set=nonsense").content.decode()
    assert "1 of 7: First thoughts" in page
    assert f'href="{question_url(quarter_round, ASIDE)}"' in page


def test_every_page_of_it_says_what_it_is_not_and_who_can_read_it(mentee: User, quarter_round: Round) -> None:
    write(mentee, quarter_round, FIRST, WORDS)
    client = signed_in(mentee)
    for url in (
        page_url("open", quarter_round),
        question_url(quarter_round),
        page_url("review", quarter_round),
    ):
        page = client.get(url).content.decode()
        assert "Not an appraisal. Never scored." in page
        assert "Who can see what" in page
    assert "Whoever runs the machine and holds its key could open them" in page


# --- A rough one ---------------------------------------------------------------------------------------------------


def test_a_rough_quarter_has_a_plain_link_and_three_questions(
    program: Program, mentee: User, rough: Round
) -> None:
    Program.objects.filter(pk=program.pk).update(help_url=HELP)
    client = signed_in(mentee)
    opening = client.get(page_url("open", rough)).content.decode()
    assert opening.index("It was a rough one") < opening.index("One line")
    url = question_url(rough, "R1") + "?set=rough"
    assert f'href="{url}"' in opening

    for (code, text), following in zip(ROUGH, ["R2", "R3", ""], strict=True):
        page = client.get(question_url(rough, code) + "?set=rough").content.decode()
        assert text in page
        assert HELP in page
        assert "Only you, always. It cannot be shared." in page
        assert 'name="audience"' not in page
        assert "You kept these" not in page
        reply = client.post(question_url(rough, code) + "?set=rough", posted(audience="program", then="next"))
        leads_to = question_url(rough, following) + "?set=rough" if following else page_url("rough", rough)
        assert reply.url == leads_to  # type: ignore[attr-defined]
    assert set(Answer.objects.values_list("audience", "is_locked")) == {("me", True)}


def test_a_rough_quarter_ends_without_anything_to_read_over_or_to_share(
    mentor: User, mentee: User, pairing: Pairing, rough: Round
) -> None:
    write(mentee, rough, FIRST, "Begun before, for two", audience="pairing", pairings=(pairing,))
    write(mentee, rough, "R1", "My sister rang on Sundays.")
    client = signed_in(mentee)
    page = client.get(page_url("rough", rough)).content.decode()
    assert "Done for this quarter" in page
    assert "My sister rang on Sundays." in page
    assert Reflection.objects.get().status == Reflection.Status.DRAFT

    reply = client.post(page_url("rough", rough))
    assert reply.url == page_url("rough", rough)  # type: ignore[attr-defined]
    assert Reflection.objects.get().status == Reflection.Status.SUBMITTED
    assert not Answer.objects.exclude(audience="me").exists()
    assert not Answer.objects.shared_with(mentor).exists()


def test_after_three_answers_the_last_page_is_a_quiet_one(mentee: User, rough: Round) -> None:
    write(mentee, rough, "R1", WORDS)
    client = signed_in(mentee)
    client.post(page_url("rough", rough))
    assert client.get(page_url("done", rough)).url == page_url("rough", rough)  # type: ignore[attr-defined]
    page = client.get(page_url("rough", rough)).content.decode()
    assert "Thank you. It can rest now." in page
    assert "some of your best work" not in page
    assert f'href="{question_url(rough)}"' in page  # the whole page stays open to be written


def test_a_rough_quarter_without_a_word_is_not_this_quarter(mentee: User, rough: Round) -> None:
    client = signed_in(mentee)
    before = rows()
    assert "Done for this quarter" in client.get(page_url("rough", rough)).content.decode()
    assert rows() == before
    client.post(page_url("rough", rough))
    client.post(page_url("rough", rough))
    reflection = Reflection.objects.get()
    assert (reflection.status, reflection.declined_at) == (Reflection.Status.DECLINED, NOW)
    assert "Thank you. It can rest now." in client.get(page_url("rough", rough)).content.decode()


def test_questions_of_a_rough_quarter_are_found_by_their_address_alone_and_asked_nowhere_else(
    mentee: User, rough: Round
) -> None:
    client = signed_in(mentee)
    page = client.get(question_url(rough, "R2")).content.decode()
    assert "Who was there?" in page
    assert f'href="{question_url(rough, FIRST)}"' not in page  # no rail
    page = client.get(question_url(rough)).content.decode()
    assert "A rough quarter" not in page
    assert client.get(question_url(rough) + "?set=rough").status_code == 404


def test_a_finished_page_and_a_round_without_those_questions_have_no_such_end(
    mentee: User, quarter_round: Round
) -> None:
    client = signed_in(mentee)
    opening = page_url("open", quarter_round)
    assert client.get(page_url("rough", quarter_round)).url == opening  # type: ignore[attr-defined]
    write(mentee, quarter_round, FIRST, WORDS, status=Reflection.Status.SUBMITTED)
    done = page_url("done", quarter_round)
    assert client.get(page_url("rough", quarter_round)).url == done  # type: ignore[attr-defined]


# --- Coffee --------------------------------------------------------------------------------------------------------


def test_the_coffee_time_is_a_file_for_a_calendar_that_tells_nothing(
    mentee: User, quarter_round: Round
) -> None:
    mentee.coffee_weekday = 3
    mentee.save()
    write(mentee, quarter_round, FIRST, WORDS)
    client = signed_in(mentee)
    assert page_url("coffee", quarter_round) in client.get(page_url("open", quarter_round)).content.decode()
    reply = client.get(page_url("coffee", quarter_round))
    assert reply.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert reply.headers["Cache-Control"] == "private, no-store"
    (event,) = Calendar.from_ical(reply.content).walk("VEVENT")
    starts = event["DTSTART"].dt
    assert (starts.weekday(), starts.time()) == (3, mentee.coffee_time)
    assert NOW <= starts <= NOW + timedelta(days=7)
    assert str(event["SUMMARY"]) == "Coffee, and a look back"
    assert WORDS not in reply.content.decode()


def test_the_coffee_is_on_no_holiday_of_the_program(mentee: User, quarter_round: Round) -> None:
    """The next slot of theirs is on Thursday, June 25, 2026, and the program rests from then to Sunday."""
    mentee.coffee_weekday = 3
    mentee.save()
    client = signed_in(mentee)

    def day() -> date:
        reply = client.get(page_url("coffee", quarter_round))
        (event,) = Calendar.from_ical(reply.content).walk("VEVENT")
        return event["DTSTART"].dt.date()  # type: ignore[no-any-return]

    assert day() == date(2026, 6, 25)
    Holiday.objects.create(
        program=quarter_round.program, starts_on=date(2026, 6, 25), ends_on=date(2026, 6, 28)
    )
    assert day() == date(2026, 6, 29)
