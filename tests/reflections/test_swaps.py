"""A swap: suggested, agreed, picked for, opened for both at once. Before that nobody learns anything of the other."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.mail.models import Message
from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from reflections import actions, swapping
from reflections.actions import Refused
from reflections.actions.answers import version
from reflections.models import Answer, Moment, Reflection, Round, Swap, SwapItem, SwapPart
from reflections.swap_emails import SWAP_OPENED, SWAP_SUGGESTED, opened, suggested
from reflections.tasks import run
from tests.conftest import NOW, TODAY, enroll, make_person, pair, signed_in
from tests.reflections.conftest import AGAIN, FIRST, HARD, KIND, WORDS, open_round, queries_of, rows, write

SUBMITTED = Reflection.Status.SUBMITTED
DAY = timedelta(days=1)
ON = TODAY + 7 * DAY
pytestmark = pytest.mark.usefixtures("now")


def url(pairing: Pairing, round: Round, name: str = "") -> str:
    return reverse(f"reflections:swap{name and '_'}{name}", args=[pairing.pk, round.pk])


def agreed(pairing: Pairing, round: Round, mentor: User, mentee: User) -> Swap:
    actions.suggest_swap(pairing, round, by=mentor, opens_on=ON, now=NOW)
    actions.agree_swap(pairing, round, by=mentee, opens_on=ON, now=NOW)
    return Swap.objects.get()


def keep(person: User, text: str = "He waited.", **fields: object) -> Moment:
    return Moment.objects.create(**({"person": person, "text": text, "happened_on": TODAY} | fields))


def body(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def without_token(page: str) -> str:
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", page)


# --- Suggested and agreed ------------------------------------------------------------------------------------------


def test_a_swap_is_suggested_on_the_page_and_agreed_by_the_other_one(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    mine, theirs = signed_in(mentor), signed_in(mentee)
    assert "Suggest a swap" in body(mine, reverse("pairings:detail", args=[pairing.pk]))
    was = rows()
    page = body(mine, url(pairing, quarter_round))
    assert 'value="2026-06-30"' in page
    assert rows() == was

    mine.post(url(pairing, quarter_round, "suggest"), {"opens_on": "2026-06-30"})
    assert Message.objects.get(kind=SWAP_SUGGESTED).person == mentee
    assert "Nothing happens unless Tomasz agrees." in body(mine, url(pairing, quarter_round))
    page = body(theirs, reverse("pairings:detail", args=[pairing.pk]))
    assert "Noor suggests a swap." in page
    assert url(pairing, quarter_round) in page
    mine.post(url(pairing, quarter_round, "agree"), {"opens_on": "2026-06-30"})
    assert Swap.objects.get().agreed_at is None

    theirs.post(url(pairing, quarter_round, "agree"), {"opens_on": "2026-06-30"})
    theirs.post(url(pairing, quarter_round, "agree"), {"opens_on": "2026-06-30"})
    swap = Swap.objects.get()
    assert (swap.agreed_at, swap.opens_on, swap.opened_at) == (NOW, date(2026, 6, 30), None)
    for client in (mine, theirs):
        assert "at the end of Tuesday, June 30" in body(client, url(pairing, quarter_round))


def test_another_day_is_suggested_instead_and_only_that_one_agreed(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    actions.suggest_swap(pairing, quarter_round, by=mentor, opens_on=ON, now=NOW)
    actions.suggest_swap(pairing, quarter_round, by=mentee, opens_on=ON + DAY, now=NOW)
    with pytest.raises(Refused, match="Another day is suggested now"):
        actions.agree_swap(pairing, quarter_round, by=mentee, opens_on=ON, now=NOW)
    with pytest.raises(Refused, match="Another day is suggested now"):
        actions.agree_swap(pairing, quarter_round, by=mentor, opens_on=ON, now=NOW)
    actions.suggest_swap(pairing, quarter_round, by=mentor, opens_on=ON + DAY, now=NOW)

    swap = Swap.objects.get()
    assert (swap.agreed_at, swap.opens_on) == (NOW, ON + DAY)
    with pytest.raises(Refused, match="agreed on a day"):
        actions.suggest_swap(pairing, quarter_round, by=mentor, opens_on=ON, now=NOW)


@pytest.mark.parametrize("day", [TODAY - DAY, TODAY + 91 * DAY])
def test_a_day_has_not_gone_by_and_is_not_far_away(
    mentor: User, pairing: Pairing, quarter_round: Round, day: date
) -> None:
    page = signed_in(mentor).post(url(pairing, quarter_round, "suggest"), {"opens_on": day.isoformat()})
    assert "within three months" in page.content.decode()
    assert "when it opens" not in page.content.decode()
    for wrong in ("", "tomorrow"):
        page = signed_in(mentor).post(url(pairing, quarter_round, "suggest"), {"opens_on": wrong})
        assert page.status_code == 200
    assert not Swap.objects.exists()


def test_what_nobody_agreed_to_is_gone_with_its_day(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    actions.suggest_swap(pairing, quarter_round, by=mentor, opens_on=TODAY, now=NOW)
    keep(mentor)
    later = NOW + 2 * DAY
    assert swapping.swapping(pairing, quarter_round, mentee, later).state == swapping.NONE
    with pytest.raises(Refused):
        actions.agree_swap(pairing, quarter_round, by=mentee, opens_on=TODAY, now=later)
    assert run(later)["swaps opened"] == 0
    assert actions.suggest_swap(pairing, quarter_round, by=mentee, opens_on=ON, now=later).opens_on == ON


def test_either_calls_it_off_as_long_as_it_is_shut(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    agreed(pairing, quarter_round, mentor, mentee)
    client = signed_in(mentee)
    assert (
        "Nothing of it was read."
        in client.post(url(pairing, quarter_round, "call_off"), follow=True).content.decode()
    )
    assert not Swap.objects.exists()
    assert not actions.call_off_swap(pairing, quarter_round, by=mentor)
    assert not Message.objects.filter(kind=SWAP_OPENED).exists()
    with pytest.raises(Refused):
        actions.pick_for_swap(pairing, quarter_round, by=mentor, is_ready=True, now=NOW)


# --- Picked, and nobody knows --------------------------------------------------------------------------------------


def test_what_is_picked_is_read_by_nobody_before_both_are_ready(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    swap = agreed(pairing, quarter_round, mentor, mentee)
    moment = keep(mentor, "greenfinch-of-the-mentor")
    answer = write(mentee, quarter_round, FIRST, WORDS, status=SUBMITTED)
    kept = write(mentee, quarter_round, AGAIN, "stays mine", status=SUBMITTED)
    mine, theirs = signed_in(mentor), signed_in(mentee)
    silent = body(theirs, url(pairing, quarter_round))
    mine.post(url(pairing, quarter_round, "pick"), {"things": [f"moment-{moment.pk}"], "then": "ready"})
    assert without_token(body(theirs, url(pairing, quarter_round))) == without_token(silent)
    moment.refresh_from_db()
    assert moment.audience == "me"
    assert "You are ready." in body(mine, url(pairing, quarter_round))
    assert not Message.objects.filter(kind=SWAP_OPENED).exists()

    theirs.post(url(pairing, quarter_round, "pick"), {"things": [f"answer-{answer.pk}"], "then": "keep"})
    swap.refresh_from_db()
    assert swap.opened_at is None
    theirs.post(url(pairing, quarter_round, "pick"), {"things": [f"answer-{answer.pk}"], "then": "ready"})
    swap.refresh_from_db()
    assert swap.opened_at == NOW
    for client in (mine, theirs):
        page = body(client, url(pairing, quarter_round))
        assert "greenfinch-of-the-mentor" in page
        assert WORDS in page
        assert "stays mine" not in page
        assert "Thank them for one thing in it, or ask one open question." in page
    kept.refresh_from_db()
    assert kept.audience == "me"
    assert Message.objects.get(kind=SWAP_OPENED).person == mentor  # The other one looks at it already.
    assert not actions.call_off_swap(pairing, quarter_round, by=mentor)
    assert Swap.objects.exists()


def test_what_was_taken_back_is_gone_from_an_open_swap(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    agreed(pairing, quarter_round, mentor, mentee)
    answer = write(mentee, quarter_round, FIRST, WORDS, status=SUBMITTED)
    for person, answers in ((mentee, [answer.pk]), (mentor, [])):
        actions.pick_for_swap(pairing, quarter_round, by=person, answers=answers, is_ready=True, now=NOW)
    client = signed_in(mentor)
    assert WORDS in body(client, url(pairing, quarter_round))
    actions.take_back(answer, by=mentee, now=NOW)
    page = body(client, url(pairing, quarter_round))
    assert WORDS not in page
    assert "It may be nothing, and that is Tomasz’s to say." in page


def test_other_words_than_those_that_were_picked_do_not_open(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    agreed(pairing, quarter_round, mentor, mentee)
    same, other, care = (keep(mentor, text) for text in ("same", "other", "care"))
    answer = write(mentor, quarter_round, FIRST, WORDS, status=SUBMITTED)
    moments = [same.pk, other.pk, care.pk]
    actions.pick_for_swap(
        pairing, quarter_round, by=mentor, moments=moments, answers=[answer.pk], is_ready=False, now=NOW
    )
    client = signed_in(mentor)
    said = "Picked for a swap with Tomasz, which opens at the end of Tuesday, June 30 at the latest"
    assert said in body(client, reverse("moments:edit", args=[same.pk]))
    assert said in body(client, reverse("privacy"))
    actions.change_moment(same, by=mentor, text="same", for_whom="mentee", happened_on=TODAY)
    assert SwapItem.objects.filter(moment=same).exists()
    actions.change_moment(other, by=mentor, text="Only for me.", happened_on=TODAY)
    actions.change_moment(care, by=mentor, text="care", kind="hard_call", happened_on=TODAY)
    answer.refresh_from_db()
    actions.save_answer(
        mentor,
        quarter_round,
        answer.question,
        text="Only for me.",
        readers=None,
        based_on=version(answer),
        now=NOW,
    )
    assert [item.moment for item in SwapItem.objects.all()] == [same]
    assert said not in body(client, reverse("moments:edit", args=[other.pk]))
    run(NOW + 8 * DAY)
    assert [moment.pk for moment in Moment.objects.visible_to(mentee)] == [same.pk]
    assert not Answer.objects.readable_by(mentee)
    assert said not in body(client, reverse("privacy"))


def test_it_opens_at_the_end_of_its_day_with_what_there_is(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    """Once, by the program's clock, whoever is not ready; and the other one's page says the same of silence as of
    nothing picked."""
    swap = agreed(pairing, quarter_round, mentor, mentee)
    moment = keep(mentor)
    actions.pick_for_swap(pairing, quarter_round, by=mentor, moments=[moment.pk], is_ready=False, now=NOW)
    for at in (NOW, NOW + 7 * DAY):
        assert run(at)["swaps opened"] == 0
    opens_at = NOW + 7 * DAY + timedelta(hours=12)
    assert [run(opens_at)["swaps opened"], run(opens_at)["swaps opened"]] == [1, 0]
    swap.refresh_from_db()
    moment.refresh_from_db()
    assert swap.opened_at == opens_at
    assert (moment.audience, moment.pairing) == ("pairing", pairing)
    assert {message.person for message in Message.objects.filter(kind=SWAP_OPENED)} == {mentor, mentee}
    page = body(signed_in(mentor), url(pairing, quarter_round))
    assert "It may be nothing, and that is Tomasz’s to say." in page
    assert "ready" not in page


def test_nothing_can_be_picked_that_is_not_on_offer(
    program: Program, mentor: User, mentee: User, member: User, pairing: Pairing, quarter_round: Round
) -> None:
    """Of others, locked, of a draft, of another quarter, and what somebody else reads already."""
    agreed(pairing, quarter_round, mentor, mentee)
    other = pair(program, member, mentee)
    draft_round = open_round(program, date(2026, 1, 1))
    answers = [
        write(mentor, quarter_round, FIRST, "hers", status=SUBMITTED),
        write(mentee, quarter_round, KIND, "locked", status=SUBMITTED),
        write(mentee, draft_round, FIRST, "another quarter", status=SUBMITTED),
    ]
    moments = [
        keep(mentor),
        keep(mentee, happened_on=date(2026, 3, 1)),
        keep(mentee, audience="pairing", pairing=other),
        keep(mentee, audience="program", program=program),
    ]
    client = signed_in(mentee)
    for code in [*(f"answer-{a.pk}" for a in answers), *(f"moment-{m.pk}" for m in moments), "x", "moment-"]:
        page = client.post(url(pairing, quarter_round, "pick"), {"things": [code], "then": "ready"})
        assert "Select a valid choice" in page.content.decode(), code
    actions.pick_for_swap(
        pairing,
        quarter_round,
        by=mentee,
        answers=[a.pk for a in answers],
        moments=[m.pk for m in moments],
        is_ready=True,
        now=NOW,
    )
    assert not SwapItem.objects.exists()


def test_a_draft_is_not_on_offer_before_it_is_finished(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    agreed(pairing, quarter_round, mentor, mentee)
    answer = write(mentee, quarter_round, FIRST, WORDS)
    assert "There is nothing to pick from yet" in body(signed_in(mentee), url(pairing, quarter_round))
    Reflection.objects.update(status=SUBMITTED, submitted_at=NOW)
    assert f'value="answer-{answer.pk}"' in body(signed_in(mentee), url(pairing, quarter_round))


def test_what_is_easily_regretted_is_asked_about_once_more(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    agreed(pairing, quarter_round, mentor, mentee)
    answer = write(mentee, quarter_round, HARD, "I said no.", status=SUBMITTED)
    moment = keep(mentee, kind="brave_try")
    client = signed_in(mentee)
    for code in (f"answer-{answer.pk}", f"moment-{moment.pk}"):
        page = client.post(url(pairing, quarter_round, "pick"), {"things": [code], "then": "ready"})
        assert "is easily regretted" in page.content.decode()
    assert not SwapItem.objects.exists()
    client.post(
        url(pairing, quarter_round, "pick"), {"things": [f"answer-{answer.pk}"], "then": "keep", "sure": "on"}
    )
    assert SwapItem.objects.get().answer == answer
    # What was said once is not asked again.
    client.post(url(pairing, quarter_round, "pick"), {"things": [f"answer-{answer.pk}"], "then": "ready"})
    assert SwapPart.objects.get().ready_at == NOW


def test_whom_a_thing_names_is_said_before_it_is_picked(
    program: Program, mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    pair(program, mentor, make_person("ayo@harbor.example", "Ayo Bello"))
    agreed(pairing, quarter_round, mentor, mentee)
    keep(mentor, "Ayo asked Tomasz first.")

    assert "It names Ayo. Nobody else reads it before they have agreed." in body(
        signed_in(mentor), url(pairing, quarter_round)
    )


def test_an_answer_that_others_read_goes_to_the_other_one_as_well(
    program: Program, mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    ayo = make_person("ayo@harbor.example", "Ayo Bello")
    other = pair(program, mentor, ayo)
    agreed(pairing, quarter_round, mentor, mentee)
    answer = write(
        mentor, quarter_round, FIRST, WORDS, audience="pairing", pairings=(other,), status=SUBMITTED
    )
    for person, answers in ((mentor, [answer.pk]), (mentee, [])):
        actions.pick_for_swap(pairing, quarter_round, by=person, answers=answers, is_ready=True, now=NOW)

    assert set(answer.pairings.all()) == {pairing, other}
    # It had been shared with somebody and taken back: that one is not let in again.
    back = write(mentor, quarter_round, AGAIN, "again", status=SUBMITTED)
    back.pairings.add(other)
    Swap.objects.all().delete()
    agreed(pairing, quarter_round, mentor, mentee)
    for person, answers in ((mentor, [back.pk]), (mentee, [])):
        actions.pick_for_swap(pairing, quarter_round, by=person, answers=answers, is_ready=True, now=NOW)
    assert list(back.pairings.all()) == [pairing]
    assert not Answer.objects.shared_with(ayo).filter(pk=back.pk).exists()


def test_what_changed_before_it_opens_is_not_shared(
    program: Program, mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    """A moment that was shared elsewhere by then stays there; an emptied answer has nothing to read."""
    swap = agreed(pairing, quarter_round, mentor, mentee)
    moment, gone = keep(mentor), keep(mentor, "to be deleted")
    answer = write(mentor, quarter_round, FIRST, WORDS, status=SUBMITTED)
    actions.pick_for_swap(
        pairing,
        quarter_round,
        by=mentor,
        moments=[moment.pk, gone.pk],
        answers=[answer.pk],
        is_ready=True,
        now=NOW,
    )
    Moment.objects.filter(pk=moment.pk).update(audience="program", program=program)
    gone.delete()
    answer.text = ""
    answer.save()
    actions.pick_for_swap(pairing, quarter_round, by=mentee, is_ready=True, now=NOW)
    swap.refresh_from_db()
    moment.refresh_from_db()
    answer.refresh_from_db()
    assert swap.opened_at == NOW
    assert (moment.audience, moment.pairing, answer.audience) == ("program", None, "me")


@pytest.mark.parametrize("status", ["ended", "completed"])
def test_nothing_opens_between_two_who_are_no_pair_any_more(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round, status: str
) -> None:
    agreed(pairing, quarter_round, mentor, mentee)
    moment = keep(mentor)
    actions.pick_for_swap(pairing, quarter_round, by=mentor, moments=[moment.pk], is_ready=True, now=NOW)
    Pairing.objects.update(status=status, ended_on=TODAY)
    pairing.refresh_from_db()
    assert run(NOW + 30 * DAY)["swaps opened"] == 0
    with pytest.raises(Refused, match="is over"):
        actions.pick_for_swap(pairing, quarter_round, by=mentee, is_ready=True, now=NOW)
    moment.refresh_from_db()
    assert moment.audience == "me"
    page = body(signed_in(mentee), url(pairing, quarter_round))
    assert "There is no swap here" in page
    assert 'id="swap"' not in body(signed_in(mentee), reverse("pairings:detail", args=[pairing.pk]))


def test_nobody_else_finds_it(
    program: Program,
    mentor: User,
    mentee: User,
    member: User,
    admin: User,
    pairing: Pairing,
    quarter_round: Round,
) -> None:
    agreed(pairing, quarter_round, mentor, mentee)
    stranger = make_person("lina@harbor.example", "Lina Voss")
    enroll(program, stranger, Enrollment.Role.MENTOR)
    for person in (member, admin, stranger):
        client = signed_in(person)
        assert client.get(url(pairing, quarter_round)).status_code == 404
        for name in ("suggest", "agree", "pick", "call_off"):
            assert client.post(url(pairing, quarter_round, name)).status_code == 404
    assert Swap.objects.get().opened_at is None
    assert not Swap.objects.visible_to(stranger).exists()
    assert not SwapPart.objects.visible_to(mentee).exists()


# --- E-mail --------------------------------------------------------------------------------------------------------


def test_e_mails_name_the_other_one_and_nothing_that_was_picked(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    actions.suggest_swap(pairing, quarter_round, by=mentor, opens_on=ON, now=NOW)
    letter = suggested(Message.objects.get(kind=SWAP_SUGGESTED))
    assert letter.subject == "Noor suggests a swap"
    assert "the end of Tuesday, June 30" in " ".join(letter.text.split())
    actions.agree_swap(pairing, quarter_round, by=mentee, opens_on=ON, now=NOW)
    moment = keep(mentor, "kingfisher-for-the-swap")
    actions.pick_for_swap(pairing, quarter_round, by=mentor, moments=[moment.pk], is_ready=True, now=NOW)
    actions.pick_for_swap(pairing, quarter_round, by=mentee, is_ready=True, now=NOW)
    letter = opened(Message.objects.get(kind=SWAP_OPENED))
    assert letter.subject == "Your swap with Tomasz is open"
    assert url(pairing, quarter_round) in letter.text
    assert "kingfisher" not in letter.text + letter.html


# --- How often it asks ---------------------------------------------------------------------------------------------


def test_the_page_asks_as_much_for_many_things_as_for_few(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round, now: datetime
) -> None:
    agreed(pairing, quarter_round, mentor, mentee)
    client = signed_in(mentee)
    asked = []
    for size in (2, 40):
        for _ in range(size):
            keep(mentee)
        asked.append(queries_of(client, url(pairing, quarter_round)))
    assert asked[0] == asked[1]
    picked = list(Moment.objects.of(mentee).values_list("pk", flat=True))
    actions.pick_for_swap(pairing, quarter_round, by=mentee, moments=picked, is_ready=True, now=now)
    actions.pick_for_swap(pairing, quarter_round, by=mentor, is_ready=True, now=now)
    assert queries_of(signed_in(mentor), url(pairing, quarter_round)) <= asked[0] + 2


def test_one_of_an_earlier_quarter_is_found_from_the_line_of_time_and_from_that_quarters_page(
    mentor: User, mentee: User, pairing: Pairing
) -> None:
    earlier, later = open_round(pairing.program, date(2026, 1, 1)), open_round(pairing.program)
    Swap.objects.create(
        pairing=pairing, round=earlier, proposed_by=mentor, opens_on=TODAY, agreed_at=NOW, opened_at=NOW
    )
    Swap.objects.create(pairing=pairing, round=later, proposed_by=mentor, opens_on=ON, agreed_at=NOW)
    theirs = signed_in(mentee)
    line_of_time = body(theirs, reverse("reflections:timeline", args=[pairing.pk]))
    assert url(pairing, earlier) in line_of_time
    assert url(pairing, later) not in line_of_time
    assert url(pairing, earlier) in body(
        theirs, reverse("reflections:pair_round", args=[pairing.pk, earlier.pk])
    )
    assert url(pairing, later) not in body(
        theirs, reverse("reflections:pair_round", args=[pairing.pk, later.pk])
    )
    assert "Your swap with Noor is open" in body(theirs, url(pairing, earlier))
