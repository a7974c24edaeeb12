"""Asked a second time: up to three pieces, a way in at a time, what moved, and values after stories."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from mentoring.models import Meeting, Pairing, Program
from reflections.actions import Overtaken, Refused, save_answer, say_value
from reflections.models import (
    Answer,
    Audience,
    Moment,
    Question,
    Reflection,
    Round,
    Thanks,
    Value,
    ValueShown,
)
from reflections.readers import ONLY_ME
from tests.conftest import NOW, make_person, pair, signed_in
from tests.reflections.conftest import (
    ASIDE,
    FIRST,
    WORDS,
    open_round,
    page_url,
    posted,
    queries_of,
    question_url,
    rows,
    save_url,
    write,
)

pytestmark = pytest.mark.usefixtures("now")
M3, M4, M12, M16 = "L3", "L4", "L12", "L16"
KINDS = [
    (M3, "again", "again", "Now look a second time."),
    (M4, "again", "before", "What was it like before, and now?"),
    (M12, "values", "values", "What do you care about?"),
    (M16, "close", "carry", "Is there one thing to carry forward?"),
]


@pytest.fixture
def asked(quarter_round: Round) -> Round:
    """With one question of each kind, after the plain ones."""
    for place, (code, step, kind, text) in enumerate(KINDS, start=50):
        Question.objects.create(
            round=quarter_round,
            code=code,
            step=step,
            kind=kind,
            text=text,
            examples="One small thing.\nAnother.\nA third, which is too many.",
            mentor_position=place,
            mentee_position=place,
            both_position=place,
        )
    return quarter_round


def kept(person: User, text: str, day: date, **more: Any) -> Moment:
    return Moment.objects.create(person=person, text=text, happened_on=day, **more)


def piece_url(round: Round, piece: str, code: str = M3) -> str:
    return page_url("question", round, code, piece)


# --- Up to three pieces --------------------------------------------------------------------------------------------


def test_each_piece_is_saved_and_shared_by_itself(
    mentor: User, mentee: User, pairing: Pairing, asked: Round
) -> None:
    client = signed_in(mentee)
    reply = client.post(question_url(asked, M3), posted(text="One.", then="another"))
    assert reply.url == piece_url(asked, "second")  # type: ignore[attr-defined]
    client.post(reply.url, posted(text="Two.", audience="pairing", then="another"))  # type: ignore[attr-defined]
    client.post(piece_url(asked, "third"), posted(text="Three.", then="next"))

    said = {answer.piece: (answer.text, answer.audience) for answer in Answer.objects.all()}
    assert said == {"first": ("One.", "me"), "second": ("Two.", "pairing"), "third": ("Three.", "me")}
    client.post(page_url("submit", asked), {"finish": "share", "shown": shown_on(client, asked)})
    assert [answer.text for answer in Answer.objects.shared_with(mentor)] == ["Two."]

    done = client.get(page_url("done", asked)).content.decode()
    assert done.index("One.") < done.index("Two.") < done.index("Three.")
    second = reverse("reflections:take_back", args=[asked.pk, Answer.objects.get(piece="second").pk])
    assert second in done
    client.post(second)
    assert not Answer.objects.shared_with(mentor).exists()


def shown_on(client: Any, round: Round) -> str:
    return str(client.get(page_url("review", round)).context["form"]["shown"].value())


def test_the_page_of_one_piece_shows_the_others_and_stops_at_three(mentee: User, asked: Round) -> None:
    client = signed_in(mentee)
    write(mentee, asked, M3, "The first of them.")
    page = client.get(piece_url(asked, "second")).content.decode()
    assert "The first of them." in page
    assert f'href="{question_url(asked, M3)}"' in page
    assert "Something else came back" in page
    for piece in ("second", "third"):
        client.post(piece_url(asked, piece), posted(text=f"The {piece}."))
    assert "Something else came back" not in client.get(piece_url(asked, "third")).content.decode()


def test_a_piece_saves_itself_and_is_not_overwritten_from_another_window(mentee: User, asked: Round) -> None:
    client = signed_in(mentee)
    url = page_url("save", asked, M3, "second")
    assert url in client.get(piece_url(asked, "second")).content.decode()
    assert client.post(url, posted(text="Here.")).json()["state"] == "saved"
    reply = client.post(url, posted(text="There."))
    assert reply.status_code == 409
    assert (reply.json()["text"], reply.json()["whole"]) == ("Here.", "Here.")
    assert not Answer.objects.filter(piece="first").exists()


@pytest.mark.parametrize(
    ("code", "piece"), [(FIRST, "second"), (M4, "third"), (M3, "fourth"), (ASIDE, "first ")]
)
def test_only_a_question_that_is_asked_for_more_has_more(
    mentee: User, asked: Round, code: str, piece: str
) -> None:
    client = signed_in(mentee)
    for name in ("question", "save"):
        assert client.post(page_url(name, asked, code, piece), posted()).status_code == 404
    assert not Answer.objects.exists()


# --- Ways in -------------------------------------------------------------------------------------------------------


def cues_of(client: Any, url: str) -> list[str]:
    return [cue.key for cue in client.get(url).context["cues"]]


def test_the_ways_in_are_by_month_with_the_middle_first_then_by_person_then_by_kind(
    mentee: User, pairing: Pairing, asked: Round
) -> None:
    kept(mentee, "It clicked.", date(2026, 5, 3), kind="aha")
    client = signed_in(mentee)
    months, people = ["month-2", "month-1", "month-3"], [f"with-{pairing.pk}"]
    kinds = ["for-colleague", "for-client", "for-myself", "kind-aha"]
    assert cues_of(client, question_url(asked, M3)) == [*months, *people, *kinds]
    page = client.get(question_url(asked, M3)).content.decode()
    assert "Begin in the middle, with May." in page
    assert "Think of Noor." in page


def test_another_way_in_saves_the_words_and_shows_one_way_at_a_time(
    mentee: User, pairing: Pairing, asked: Round
) -> None:
    client = signed_in(mentee)
    url = question_url(asked, M3)
    for expected in ("month-1", "month-3", f"with-{pairing.pk}"):
        shown = client.get(url).context["cue"].key
        answer = Answer.objects.first()
        reply = client.post(url, posted(answer, cue=shown, then="cue"))
        url = reply.url.partition("#")[0]  # type: ignore[attr-defined]
        page = client.get(url)
        assert page.context["cue"].key == expected
        shown_ones = re.findall(r'<span data-cue="([^"]+)">', page.content.decode())
        assert shown_ones == [expected]
    assert Answer.objects.get().text == WORDS


def test_after_the_last_way_in_comes_the_first_and_an_unknown_one_is_the_first(
    mentee: User, asked: Round
) -> None:
    client = signed_in(mentee)
    keys = cues_of(client, question_url(asked, M3))
    for given, expected in ((keys[-1], keys[0]), ("nonsense", keys[1]), ("", keys[1])):
        reply = client.post(question_url(asked, M3), posted(text="", cue=given, then="cue"))
        assert f"cue={expected}#cue" in reply.url  # type: ignore[attr-defined]
    assert client.get(question_url(asked, M3) + "?cue=nonsense").context["cue"].key == keys[0]


def test_a_way_in_lies_beside_what_is_ones_own_there(
    mentor: User, mentee: User, pairing: Pairing, asked: Round, outsider: User
) -> None:
    kept(mentee, "In May with Noor.", date(2026, 5, 4))
    kept(mentee, "In April alone.", date(2026, 4, 4), for_whom="myself", kind="win")
    kept(mentee, "Marked as mentoring.", date(2026, 6, 1), mentoring_in=pairing)
    kept(mentee, "Of last quarter.", date(2026, 3, 30))
    kept(mentor, "Somebody else’s.", date(2026, 5, 4), audience="pairing", pairing=pairing)
    for day, more in (
        (datetime(2026, 5, 12, 9, tzinfo=NOW.tzinfo), {"kind": "came_along"}),
        (datetime(2026, 5, 20, 9, tzinfo=NOW.tzinfo), {"took_place": False, "said_at": NOW}),
        (datetime(2026, 6, 29, 9, tzinfo=NOW.tzinfo), {}),  # still to come
    ):
        Meeting.objects.create(pairing=pairing, starts_at=day, **more)  # type: ignore[misc]
    for writer, text, sent in (
        (mentor, "You asked the right thing.", NOW - timedelta(days=40)),
        (outsider, "Sent long before.", NOW - timedelta(days=200)),
        (mentor, "Not sent.", None),
    ):
        note = Thanks(writer=writer, recipient=mentee, way="here" if sent else "", sent_at=sent)
        note.text = text
        note.save()

    found = {cue.key: cue for cue in signed_in(mentee).get(question_url(asked, M3)).context["cues"]}

    def lies(key: str) -> tuple[list[str], list[date], list[str]]:
        cue = found[key]
        return (
            [moment.text for moment in cue.moments],
            [met.on for met in cue.meetings],
            [note.text for note in cue.notes],
        )

    met, wrote = [date(2026, 5, 12)], ["You asked the right thing."]
    assert lies("month-2") == (["In May with Noor."], met, wrote)
    assert lies("month-1") == (["In April alone."], [], [])
    assert lies("month-3") == (["Marked as mentoring."], [], [])
    assert lies(f"with-{pairing.pk}") == (["Marked as mentoring.", "In May with Noor."], met, wrote)
    assert lies("for-myself") == lies("kind-win") == (["In April alone."], [], [])
    page = signed_in(mentee).get(question_url(asked, M3)).content.decode()
    for words in ("Somebody else’s.", "Of last quarter.", "Sent long before.", "Not sent."):
        assert words not in page
    assert "one of you came along, you and Noor" in page


def test_a_mentor_of_many_is_asked_about_a_few_and_the_database_as_often(
    program: Program, mentor: User, asked: Round
) -> None:
    mentor.enrollments.update(capacity=40)
    client = signed_in(mentor)
    seen = []
    for batch, size in enumerate((2, 20)):
        for n in range(size):
            person = make_person(f"m{batch}-{n}@harbor.example", f"Mara{batch}{n} Q")
            pairing = pair(program, mentor, person)
            kept(mentor, f"With Mara{batch}{n}", date(2026, 5, 2), mentoring_in=pairing)
            Meeting.objects.create(pairing=pairing, starts_at=NOW - timedelta(days=3 + n))
            note = Thanks(writer=person, recipient=mentor, way="here", sent_at=NOW - timedelta(days=2))
            note.text = "Thank you."
            note.save()
        seen.append(queries_of(client, question_url(asked, M3)))
    assert seen[0] == seen[1]
    keys = cues_of(client, question_url(asked, M3))
    assert len([key for key in keys if key.startswith("with-")]) == 6


# --- Before and after ----------------------------------------------------------------------------------------------


def test_a_before_and_an_after_are_kept_beside_each_other_and_shared_together(
    mentor: User, mentee: User, pairing: Pairing, asked: Round
) -> None:
    write(mentee, asked, M3, "He rang the client himself.")
    client = signed_in(mentee)
    page = client.get(question_url(asked, M4)).content.decode()
    assert "He rang the client himself." in page
    assert 'name="after"' in page
    client.post(question_url(asked, M4), posted(text="I rang.", after="He rings.", audience="pairing"))
    answer = Answer.objects.get(question__code=M4)
    assert (answer.text, answer.after) == ("I rang.", "He rings.")

    client.post(page_url("submit", asked), {"finish": "share", "shown": shown_on(client, asked)})
    page = signed_in(mentor).get(pair_page(pairing, asked))
    html = page.content.decode()
    assert html.index("I rang.") < html.index("He rings.")


def pair_page(pairing: Pairing, round: Round) -> str:
    return f"/pairings/{pairing.pk}/reflections/{round.pk}/"


def test_an_after_alone_is_something_written(mentee: User, pairing: Pairing, asked: Round) -> None:
    client = signed_in(mentee)
    reply = client.post(save_url(asked, M4), posted(text="", after="Now they ask."))
    assert reply.json()["state"] == "saved"
    assert Answer.objects.written().count() == 1
    review = client.get(page_url("review", asked)).content.decode()
    assert "Now they ask." in review
    client.post(save_url(asked, M4), posted(Answer.objects.get(), text="", after=" "))
    assert not Answer.objects.written().exists()


def test_both_texts_of_another_window_are_shown(mentee: User, asked: Round) -> None:
    client = signed_in(mentee)
    client.post(save_url(asked, M4), posted(text="B one", after="A one"))
    reply = client.post(save_url(asked, M4), posted(text="B one", after="A two")).json()
    assert (reply["state"], reply["text"], reply["after"]) == ("overtaken", "B one", "A one")
    assert reply["whole"] == "Before: B one\n\nAfter: A one"
    page = client.post(question_url(asked, M4), posted(text="B one", after="A two"))
    assert page.status_code == 409
    assert "A one" in page.content.decode()
    assert "A two" in page.content.decode()
    assert Answer.objects.get().after == "A one"


def test_an_after_that_does_not_fit_is_not_saved_and_stays(mentee: User, asked: Round) -> None:
    client = signed_in(mentee)
    data = posted(text="Fits", after="x" * 20_001)
    reply = client.post(save_url(asked, M4), data)
    assert reply.status_code == 422
    assert "20,000 fit" in reply.json()["message"]
    page = client.post(question_url(asked, M4), data).content.decode()
    assert "x" * 20_001 in page
    assert not Answer.objects.exists()


def test_only_a_question_for_a_before_and_an_after_has_an_after(mentee: User, asked: Round) -> None:
    signed_in(mentee).post(question_url(asked), posted(after="Sneaked in"))
    assert Answer.objects.get().after == ""


def test_the_action_never_puts_an_older_after_over_a_newer_one(mentee: User, asked: Round) -> None:
    question = Question.objects.get(code=M4)
    options: dict[str, Any] = {"readers": ONLY_ME, "based_on": "", "now": NOW}
    save_answer(mentee, asked, question, text="", after="Kept.", **options)
    with pytest.raises(Overtaken):
        save_answer(mentee, asked, question, text="", after="Lost?", **options)
    assert Answer.objects.get().after == "Kept."


# --- Values --------------------------------------------------------------------------------------------------------


def test_a_value_is_said_beside_the_moment_that_shows_it(mentee: User, asked: Round) -> None:
    moment = kept(mentee, "I said so, in front of everyone. It was right.", date(2026, 5, 14))
    client = signed_in(mentee)
    data = {
        "name": " plain  speaking ",
        "thing": f"moment-{moment.pk}",
        "quote": "It was right.",
        "then": "add",
    }
    reply = client.post(question_url(asked, M12), data)
    assert reply.url == question_url(asked, M12)  # type: ignore[attr-defined]
    shown = ValueShown.objects.get()
    assert (shown.value.name, shown.moment, shown.quote) == ("plain speaking", moment, "It was right.")
    assert shown.reflection == Reflection.objects.get()
    page = client.get(question_url(asked, M12)).content.decode()
    assert "plain speaking" in page
    assert "It was right." in page

    client.post(question_url(asked, M12), {"then": f"let-go-{shown.pk}"})
    assert not ValueShown.objects.exists()
    assert Value.objects.get().name == "plain speaking"  # the word stays theirs
    assert "Words you used before:" in client.get(question_url(asked, M12)).content.decode()


def test_an_answer_shows_a_value_too_but_not_one_that_is_locked(mentee: User, asked: Round) -> None:
    answer = write(mentee, asked, FIRST, WORDS)
    locked = write(mentee, asked, ASIDE, "The report.")
    client = signed_in(mentee)
    for thing, count in ((f"answer-{locked.pk}", 0), (f"answer-{answer.pk}", 1)):
        client.post(question_url(asked, M12), {"name": "patience", "thing": thing, "then": "next"})
        assert ValueShown.objects.count() == count
    assert ValueShown.objects.get().answer == answer


def test_words_are_offered_only_to_whom_they_belong(mentor: User, mentee: User, asked: Round) -> None:
    for person, word in ((mentee, "patience"), (mentor, "candor")):
        moment = kept(person, "A line.", date(2026, 5, 14))
        say_value(person, open_round_before(asked), word, thing=moment, now=NOW)
    page = signed_in(mentee).get(question_url(asked, M12)).content.decode()
    assert "patience" in page
    assert "candor" not in page


def open_round_before(round: Round) -> Round:
    found = Round.objects.filter(quarter_start=date(2026, 1, 1)).first()
    return found or open_round(round.program, date(2026, 1, 1))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name": "patience"}, "Choose what shows it."),
        ({"quote": "A line."}, "Write what you care about, in a word or two."),
        ({"name": "x" * 61, "thing": "mine"}, "61 characters long"),
        ({"name": "patience", "thing": "theirs"}, "Select a valid choice"),
        ({"name": "patience", "thing": "mine", "quote": "Not there"}, "Those words do not stand there."),
    ],
)
def test_what_is_wrong_with_a_value_is_said_and_the_words_stay(
    mentor: User, mentee: User, asked: Round, data: dict[str, str], said: str
) -> None:
    things = {
        "mine": f"moment-{kept(mentee, 'A line.', date(2026, 5, 14)).pk}",
        "theirs": f"moment-{kept(mentor, 'Their line.', date(2026, 5, 14)).pk}",
    }
    client = signed_in(mentee)
    before = rows()
    data = data | {"thing": things.get(data.get("thing", ""), ""), "then": "next"}
    page = client.post(question_url(asked, M12), data).content.decode()
    assert said in page
    for typed in (data.get("name"), data.get("quote")):
        assert not typed or typed in page
    assert "Their line." not in page
    assert rows() == before


def test_nothing_said_is_no_mistake_and_begins_nothing(mentee: User, asked: Round) -> None:
    moment = kept(mentee, "A line.", date(2026, 5, 14))
    client = signed_in(mentee)
    for data in ({}, {"thing": f"moment-{moment.pk}"}):
        reply = client.post(question_url(asked, M12), data | {"then": "next"})
        assert reply.url == question_url(asked, M16)  # type: ignore[attr-defined]
    assert not Reflection.objects.exists()
    assert client.post(save_url(asked, M12), posted()).status_code == 404


def test_somebody_elses_thing_shows_none_of_ones_values(mentor: User, mentee: User, asked: Round) -> None:
    moment = kept(mentor, "Theirs.", date(2026, 5, 14))
    with pytest.raises(Refused):
        say_value(mentee, asked, "patience", thing=moment, now=NOW)
    assert not Reflection.objects.exists()
    assert not Value.objects.exists()


def test_values_mark_their_step_and_undo_not_this_quarter(mentee: User, asked: Round) -> None:
    write(mentee, asked, FIRST, "", status=Reflection.Status.DECLINED)
    moment = kept(mentee, "A line.", date(2026, 5, 14))
    client = signed_in(mentee)
    client.post(question_url(asked, M12), {"name": "patience", "thing": f"moment-{moment.pk}", "then": "add"})
    assert Reflection.objects.get().status == Reflection.Status.DRAFT
    rail = client.get(question_url(asked, M12)).context["rail"]
    assert [step.label for step in rail if step.is_done] == ["What you care about"]


# --- Never a blank page --------------------------------------------------------------------------------------------


def test_two_invented_examples_are_folded_beside_an_empty_page(mentee: User, asked: Round) -> None:
    client = signed_in(mentee)
    for code in (M3, M4, M12, M16):
        page = client.get(question_url(asked, code)).content.decode()
        assert "What somebody else might say." in page
        assert "One small thing." in page
        assert "which is too many" not in page
    assert "What somebody else might say." not in client.get(question_url(asked)).content.decode()


def test_an_older_moment_lies_beside_the_question_about_an_old_problem(
    mentor: User, mentee: User, asked: Round
) -> None:
    Question.objects.filter(code=FIRST).update(code="M9")
    kept(mentee, "I learned it in winter.", date(2026, 1, 10), kind="learned")
    kept(mentee, "Of another kind.", date(2026, 1, 11), kind="win")
    kept(mentor, "Theirs in winter.", date(2026, 1, 10), kind="learned")
    client = signed_in(mentee)
    page = client.get(question_url(asked, "M9")).content.decode()
    assert "I learned it in winter." in page
    assert "Of another kind." not in page
    assert "Theirs in winter." not in page
    assert "I learned it in winter." not in client.get(question_url(asked, M3)).content.decode()


def test_what_was_kept_of_mentoring_in_the_year_lies_beside_ones_own_way(
    mentor: User, pairing: Pairing, asked: Round
) -> None:
    Question.objects.filter(code=FIRST).update(code="W1")
    kept(mentor, "Ayo took the pen.", date(2025, 11, 2), for_whom="mentee")
    kept(mentor, "It was mentoring after all.", date(2026, 2, 2), mentoring_in=pairing)
    kept(mentor, "Of work.", date(2026, 2, 3), for_whom="client")
    kept(mentor, "Too long ago.", date(2025, 2, 2), for_whom="mentee")
    page = signed_in(mentor).get(question_url(asked, "W1")).content.decode()
    assert "Ayo took the pen." in page
    assert "It was mentoring after all." in page
    assert "Of work." not in page
    assert "Too long ago." not in page


def test_ones_last_before_and_after_can_be_unfolded(program: Program, mentee: User, asked: Round) -> None:
    past = open_round(program, date(2026, 1, 1))
    Question.objects.create(round=past, code=M4, step="again", kind="before", text="?", mentee_position=9)
    answer = write(mentee, past, M4, "Winter before.")
    answer.after = "Winter after."
    answer.save()
    page = signed_in(mentee).get(question_url(asked, M4)).content.decode()
    assert "Winter before." in page
    assert "Winter after." in page


def test_looking_at_each_kind_of_question_changes_nothing(
    mentee: User, pairing: Pairing, asked: Round
) -> None:
    write(mentee, asked, FIRST, WORDS)
    kept(mentee, "A line.", date(2026, 5, 14))
    client = signed_in(mentee)
    before = rows()
    for url in (
        *(question_url(asked, code) for code in (M3, M4, M12, M16)),
        piece_url(asked, "third"),
        page_url("coffee", asked),
        page_url("open", asked),
    ):
        assert client.get(url).status_code == 200
        assert client.head(url).status_code == 200
    assert rows() == before


def test_pieces_and_afters_are_locked_to_their_writer_until_finished(
    mentor: User, mentee: User, pairing: Pairing, asked: Round
) -> None:
    client = signed_in(mentee)
    client.post(piece_url(asked, "second"), posted(text="Two.", audience="pairing"))
    client.post(question_url(asked, M4), posted(text="", after="Now.", audience="pairing"))
    assert set(Answer.objects.values_list("audience", flat=True)) == {Audience.PAIRING}
    assert not Answer.objects.shared_with(mentor).exists()
