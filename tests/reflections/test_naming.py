"""Somebody named in what another one shares: nobody else reads it before they have agreed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.mail import kinds
from accounts.mail.models import Message
from accounts.models import User
from mentoring.emails import NOT_RUNNING
from mentoring.models import Enrollment, Pairing, Program
from reflections import actions, emails, who_reads
from reflections.actions import Refused
from reflections.models import Answer, Audience, Moment, Naming, Reflection, Round
from reflections.naming_emails import NAMED, take_up_namings
from reflections.readers import ONLY_ME, Readers
from tests.conftest import NOW, TODAY, enroll, make_person, pair, signed_in
from tests.reflections.conftest import FIRST, page_url, queries_of, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
SUBMITTED = Reflection.Status.SUBMITTED


@pytest.fixture
def ayo(program: Program, mentor: User) -> User:
    person = make_person("ayo@harbor.example", "Ayo Bello")
    enroll(program, person, Enrollment.Role.MENTEE)
    pair(program, mentor, person)
    return person


def keep(person: User, text: str, readers: Readers = ONLY_ME, **more: str) -> Moment:
    return actions.keep_moment(person, text=text, happened_on=TODAY, readers=readers, now=NOW, **more)


def change(moment: Moment, text: str, readers: Readers) -> None:
    actions.change_moment(
        moment, by=moment.person, text=text, happened_on=TODAY, readers=readers, now=NOW + timedelta(hours=1)
    )


def two(pairing: Pairing) -> Readers:
    return Readers(Audience.PAIRING, frozenset([pairing.pk]))


def everyone(program: Program) -> Readers:
    return Readers(Audience.PROGRAM, program=program.pk)


def letters(person: User) -> int:
    return Message.objects.filter(kind=NAMED, person=person).count()


def page(person: User, url: str) -> str:
    return signed_in(person).get(url).content.decode()


def test_what_names_nobody_waits_for_nobody(pairing: Pairing, mentor: User, mentee: User, ayo: User) -> None:
    moment = keep(mentor, "The ayoba song went well.", two(pairing))
    assert not Naming.objects.exists()
    assert who_reads.people(moment) == {mentor.pk, mentee.pk}


def test_what_names_the_only_one_who_reads_it_waits_for_nobody(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    moment = keep(mentor, "Tomasz rang the client himself.", two(pairing))
    assert who_reads.people(moment) == {mentor.pk, mentee.pk}
    assert letters(mentee) == 0


def test_what_names_a_third_one_is_read_by_nobody_before_the_writer_asks_and_they_agree(
    pairing: Pairing, mentor: User, mentee: User, ayo: User
) -> None:
    text = "Ayo's courage carried us both."
    moment = keep(mentor, text, two(pairing))
    timeline = reverse("reflections:timeline", args=[pairing.pk])
    thing = reverse("named:thing", args=["moments", moment.pk])
    naming = Naming.objects.get()
    assert naming.person == ayo
    # Asking would let Ayo read what was meant for Tomasz, so the writer says first whether Ayo is meant.
    assert naming.asked_at is None
    assert letters(ayo) == 0
    assert text not in page(mentee, timeline)
    assert "Nobody else reads it yet: it names Ayo." in page(mentor, timeline).replace("&#x27;", "'")
    assert signed_in(ayo).get(reverse("named:detail", args=[naming.pk])).status_code == 404

    signed_in(mentor).post(reverse("named:ask", args=[naming.pk]))
    assert letters(ayo) == 1
    assert "Ayo&#x27;s courage" in page(ayo, reverse("named:detail", args=[naming.pk]))
    assert "courage" not in page(mentee, timeline)
    naming.refresh_from_db()
    shown = {"asked_at": naming.asked_at.isoformat() if naming.asked_at else ""}
    signed_in(ayo).post(reverse("named:agree", args=[naming.pk]), shown)
    assert "courage" in page(mentee, timeline)
    assert "Has agreed." in page(mentor, thing)

    signed_in(ayo).post(reverse("named:decline", args=[naming.pk]), shown)
    assert "courage" not in page(mentee, timeline)
    assert "Ayo did not agree" in page(mentor, thing)


def test_the_writer_says_that_somebody_else_is_meant_and_until_nobody_was_asked(
    pairing: Pairing, mentor: User, mentee: User, ayo: User
) -> None:
    moment = keep(mentor, "Ayo from accounting helped.", two(pairing))
    naming = Naming.objects.get()
    signed_in(mentor).post(reverse("named:somebody_else", args=[naming.pk]))
    assert who_reads.people(moment) == {mentor.pk, mentee.pk}
    change(moment, "Ayo from accounting helped again.", two(pairing))
    assert Naming.objects.get().is_somebody_else
    assert letters(ayo) == 0
    with pytest.raises(Refused):
        actions.ask_named(Naming.objects.get(), by=mentor, now=NOW)
    signed_in(mentor).post(reverse("named:meant", args=[naming.pk]))
    assert who_reads.people(moment) == {mentor.pk}
    actions.ask_named(Naming.objects.get(), by=mentor, now=NOW)
    with pytest.raises(Refused):
        actions.say_somebody_else(Naming.objects.get(), by=mentor)


def test_an_answer_for_several_pairs_asks_the_one_it_names_at_once(
    pairing: Pairing, mentor: User, mentee: User, ayo: User, quarter_round: Round
) -> None:
    both = tuple(Pairing.objects.filter(mentor=mentor))
    answer = write(mentor, quarter_round, FIRST, "Tomasz did it alone.", audience="pairing", pairings=both)
    assert not Naming.objects.exists()
    actions.submit_reflection(answer.reflection, by=mentor, share=True, now=NOW)
    naming = Naming.objects.get()
    assert (naming.person, naming.asked_at) == (mentee, NOW)
    assert letters(mentee) == 1
    assert [row.pk for row in Answer.objects.readable_by(mentee)] == [answer.pk]
    assert not Answer.objects.readable_by(ayo)
    actions.agree(naming, by=mentee, asked_at=NOW, now=NOW)
    assert [row.pk for row in Answer.objects.readable_by(ayo)] == [answer.pk]
    assert "Nobody else reads" not in page(mentor, page_url("done", quarter_round))


def test_a_yes_is_to_the_words_and_the_readers_as_they_stood(
    pairing: Pairing, program: Program, mentor: User, mentee: User, ayo: User
) -> None:
    moment = keep(mentor, "Ayo was brave.", two(pairing))
    naming = Naming.objects.get()
    actions.ask_named(naming, by=mentor, now=NOW)
    actions.agree(naming, by=ayo, asked_at=NOW, now=NOW)
    change(moment, "Ayo was brave.", two(pairing))
    assert mentee.pk in who_reads.people(moment)

    change(moment, "Ayo was very brave.", two(pairing))
    assert mentee.pk not in who_reads.people(Moment.objects.get())
    # What was on the page is not what stands there now.
    with pytest.raises(Refused, match="has changed since"):
        actions.agree(naming, by=ayo, asked_at=NOW, now=NOW)
    asked_at = Naming.objects.get().asked_at
    assert asked_at == NOW + timedelta(hours=1)
    actions.agree(naming, by=ayo, asked_at=asked_at, now=NOW)
    assert mentee.pk in who_reads.people(Moment.objects.get())

    change(moment, "Ayo was very brave.", everyone(program))
    assert mentee.pk not in who_reads.people(Moment.objects.get())


def test_after_a_no_nobody_is_asked_again_before_the_words_are_others(
    pairing: Pairing, mentor: User, mentee: User, ayo: User
) -> None:
    moment = keep(mentor, "Ayo was brave.", two(pairing))
    naming = Naming.objects.get()
    actions.ask_named(naming, by=mentor, now=NOW)
    actions.decline(naming, by=ayo, asked_at=NOW, now=NOW)
    with pytest.raises(Refused):
        actions.ask_named(naming, by=mentor, now=NOW)
    change(moment, "Ayo was brave.", ONLY_ME)
    change(moment, "Ayo was brave.", two(pairing))
    assert Naming.objects.get().declined_at is not None

    change(moment, "Ayo was patient.", two(pairing))
    again = Naming.objects.get()
    assert (again.asked_at, again.declined_at) == (None, None)
    assert who_reads.people(Moment.objects.get()) == {mentor.pk}
    actions.ask_named(again, by=mentor, now=NOW)
    assert Naming.objects.get().is_unanswered


def test_what_does_not_name_them_any_more_waits_for_them_no_longer(
    pairing: Pairing, mentor: User, mentee: User, ayo: User
) -> None:
    moment = keep(mentor, "Ayo was brave.", two(pairing))
    change(moment, "Somebody was brave.", two(pairing))
    assert not Naming.objects.exists()
    assert mentee.pk in who_reads.people(Moment.objects.get())


def test_what_is_taken_back_is_gone_for_whoever_was_asked_too(
    pairing: Pairing, mentor: User, ayo: User
) -> None:
    moment = keep(mentor, "Ayo was brave.", two(pairing))
    naming = Naming.objects.get()
    actions.ask_named(naming, by=mentor, now=NOW)
    change(moment, "Ayo was brave.", ONLY_ME)
    assert signed_in(ayo).get(reverse("named:detail", args=[naming.pk])).status_code == 404
    with pytest.raises(Refused):
        actions.agree(naming, by=ayo, asked_at=NOW, now=NOW)
    assert "would share" not in page(ayo, reverse("named:list"))


def test_whoever_was_asked_reads_nothing_of_what_is_shared_again_later(
    pairing: Pairing, program: Program, mentor: User, mentee: User, ayo: User, quarter_round: Round
) -> None:
    moment = keep(mentor, "Ayo was brave.", two(pairing))
    actions.ask_named(Naming.objects.get(), by=mentor, now=NOW)
    change(moment, "Ayo was brave.", ONLY_ME)
    change(moment, "Ayo was brave, and slow.", two(pairing))
    assert Naming.objects.get().asked_at is None
    assert not Moment.objects.visible_to(ayo)
    assert who_reads.people(Moment.objects.get()) == {mentor.pk}

    # Nor what goes to others without being taken back in between.
    actions.ask_named(Naming.objects.get(), by=mentor, now=NOW)
    Enrollment.objects.filter(person=ayo).update(status="paused")
    change(moment, "Ayo was brave, and slow.", everyone(program))
    assert Naming.objects.get().asked_at is None

    answer = write(
        mentor, quarter_round, FIRST, "Ayo.", audience="pairing", pairings=(pairing,), status=SUBMITTED
    )
    naming = Naming.objects.create(person=ayo, answer=answer, asked_at=NOW, agreed_at=NOW)
    assert actions.take_back(answer, by=mentor, now=NOW)
    naming.refresh_from_db()
    assert (naming.asked_at, naming.agreed_at) == (None, None)


def test_an_old_no_lets_nobody_read_what_is_shared_again(
    pairing: Pairing, mentor: User, mentee: User, ayo: User
) -> None:
    moment = keep(mentor, "Ayo was brave.", two(pairing))
    naming = Naming.objects.get()
    actions.ask_named(naming, by=mentor, now=NOW)
    actions.decline(naming, by=ayo, asked_at=NOW, now=NOW)
    assert Moment.objects.visible_to(ayo).exists()
    change(moment, "Ayo was brave.", ONLY_ME)
    change(moment, "Ayo was brave.", two(pairing))
    assert not Moment.objects.visible_to(ayo)
    assert who_reads.people(Moment.objects.get()) == {mentor.pk}
    assert who_reads.said_of(Moment.objects.get()) == "Nobody else reads it: Ayo did not agree."
    for act in (lambda row: actions.ask_named(row, by=mentor, now=NOW), _somebody_else(mentor)):
        with pytest.raises(Refused):
            act(Naming.objects.get())
    change(moment, "Ayo was brave.", ONLY_ME)
    change(moment, "Ayo was patient.", ONLY_ME)
    assert Naming.objects.get().declined_at is None


def _somebody_else(writer: User) -> Callable[[Naming], None]:
    return lambda row: actions.say_somebody_else(row, by=writer)


def test_a_no_stands_as_long_as_the_name_does(
    pairing: Pairing, program: Program, mentor: User, member: User
) -> None:
    lena = make_person("lena@harbor.example", "Lena Lund")
    enroll(program, lena, Enrollment.Role.MENTEE)
    moment = keep(mentor, "Lena was kind.", everyone(program))
    naming = Naming.objects.get()
    actions.ask_named(naming, by=mentor, now=NOW)
    actions.decline(naming, by=lena, asked_at=NOW, now=NOW)
    enroll(program, make_person("l2@harbor.example", "Lena Winter"), Enrollment.Role.MENTEE)
    change(moment, "Lena was kind.", everyone(program))
    assert Naming.objects.get().declined_at is not None
    Enrollment.objects.filter(person=lena).update(status="withdrawn")
    change(moment, "Lena was very kind.", everyone(program))
    assert Naming.objects.filter(person=lena).exists()
    assert not Moment.objects.visible_to(member)
    change(moment, "Somebody was kind.", everyone(program))
    assert not Naming.objects.exists()


def test_whoever_is_named_by_hand_before_it_is_shared_is_asked_when_it_is(
    pairing: Pairing, program: Program, mentor: User, mentee: User, ayo: User
) -> None:
    moment = keep(mentor, "A. was brave.")
    actions.name_by_hand(moment, ayo, by=mentor, now=NOW)
    assert letters(ayo) == 0
    change(moment, "A. was brave.", two(pairing))
    assert Naming.objects.get().is_unanswered
    assert letters(ayo) == 1
    assert Moment.objects.visible_to(ayo).exists()


def test_what_it_gave_its_owner_names_nobody(pairing: Pairing, mentor: User, mentee: User, ayo: User) -> None:
    moment = keep(mentor, "A good talk.", two(pairing))
    actions.change_moment(
        moment,
        by=mentor,
        text="A good talk.",
        gave="Ayo trusts me.",
        happened_on=TODAY,
        readers=two(pairing),
        now=NOW,
    )
    assert not Naming.objects.exists()
    assert mentee.pk in who_reads.people(Moment.objects.get())


def test_from_a_program_to_a_pairing_somebody_is_let_in(pairing: Pairing, program: Program) -> None:
    assert two(pairing).lets_in_more_than(everyone(program))
    assert everyone(program).lets_in_more_than(two(pairing))
    assert not everyone(program).lets_in_more_than(everyone(program))
    assert not ONLY_ME.lets_in_more_than(everyone(program))


def test_from_a_wall_it_goes_to_no_pair_that_is_over(
    pairing: Pairing, program: Program, mentor: User
) -> None:
    moment = keep(mentor, "A client laughed.", everyone(program))
    Pairing.objects.filter(pk=pairing.pk).update(status="ended", ended_on=TODAY)
    with pytest.raises(Refused):
        change(moment, "A client laughed.", two(pairing))


def test_somebody_is_named_by_hand_and_asked_once_it_is_shared(
    pairing: Pairing, mentor: User, mentee: User, ayo: User, member: User
) -> None:
    moment = keep(mentor, "A. was brave.", two(pairing))
    url = reverse("named:thing", args=["moments", moment.pk])
    assert mentee.pk in who_reads.people(moment)
    assert "Choose somebody." in signed_in(mentor).post(url, {}).content.decode()
    assert "Ines" not in page(mentor, url)
    signed_in(mentor).post(url, {"who": str(member.pk)})
    assert not Naming.objects.exists()
    signed_in(mentor).post(url, {"who": str(ayo.pk)})
    assert Naming.objects.get().asked_at == NOW
    assert who_reads.people(Moment.objects.get()) == {mentor.pk, ayo.pk}
    assert page(mentor, url).count(ayo.name) == 1  # Nobody is named twice.
    change(moment, "A. was braver.", two(pairing))
    assert Naming.objects.get().is_by_hand
    assert letters(ayo) == 1


def test_on_the_wall_members_are_found_by_their_whole_name_or_one_that_is_theirs_alone(
    program: Program, pairing: Pairing, mentor: User, member: User
) -> None:
    for number, name in enumerate(["Sam Okoro", "Sam Winter", "Lena Lund"]):
        enroll(program, make_person(f"p{number}@harbor.example", name), Enrollment.Role.MENTEE)
    keep(mentor, "Sam and Lena were kind, and so was Ines Duarte.", everyone(program))
    found = Naming.objects.order_by("person__name").values_list("person__name", flat=True)
    assert list(found) == ["Ines Duarte", "Lena Lund"]
    keep(mentor, "Sam Winter was kind.", everyone(program))
    assert Naming.objects.filter(person__name="Sam Winter").exists()
    assert not Message.objects.filter(kind=NAMED).exists()


def test_a_page_of_ones_own_and_of_nobody_elses(
    pairing: Pairing, mentor: User, mentee: User, ayo: User, member: User
) -> None:
    moment = keep(mentor, "Ayo was brave.", two(pairing))
    naming = Naming.objects.get()
    actions.ask_named(naming, by=mentor, now=NOW)
    things = [
        ("named:thing", ["moments", moment.pk]),
        ("named:thing", ["moments", moment.pk + 99]),
        ("named:thing", ["others", moment.pk]),
    ]
    for name, args in things:
        assert signed_in(member).get(reverse(name, args=args)).status_code == 404
    for name in ("ask", "somebody_else", "meant", "agree", "decline"):
        assert signed_in(mentee).post(reverse(f"named:{name}", args=[naming.pk])).status_code == 404
    for name in ("agree", "decline"):
        assert signed_in(mentor).post(reverse(f"named:{name}", args=[naming.pk])).status_code == 404
    # A form that says nothing of when it was shown answers nothing.
    for nonsense in ({}, {"asked_at": "nonsense"}, {"asked_at": "2026-99-99T00:00:00"}):
        signed_in(ayo).post(reverse("named:agree", args=[naming.pk]), nonsense)
    assert Naming.objects.get().is_unanswered


def test_the_letter_has_no_word_of_it_and_comes_once_a_day(
    pairing: Pairing, mentor: User, ayo: User, member: User
) -> None:
    keep(mentor, "Ayo was CANARY brave.", two(pairing))
    keep(mentor, "Ayo was CANARY patient.", two(pairing))
    for naming in Naming.objects.all():
        actions.ask_named(naming, by=mentor, now=NOW)
    message = Message.objects.get(kind=NAMED)
    letter = kinds.get(NAMED).render(message)
    assert letter.subject == "Noor would like to share something that names you"
    assert "CANARY" not in letter.text + letter.html
    assert "Tomasz" not in letter.text + letter.html
    wanted = Message.objects.filter(pk=message.pk)
    for _reason, holds in kinds.get(NAMED).conditions:
        wanted = wanted.filter(holds)
    assert wanted.exists()
    Moment.objects.update(audience="me", pairing=None)
    for _reason, holds in kinds.get(NAMED).conditions[:1]:
        assert not Message.objects.filter(pk=message.pk).filter(holds).exists()


def test_the_letter_waits_while_the_program_rests(
    pairing: Pairing, program: Program, mentor: User, ayo: User
) -> None:
    keep(mentor, "Ayo was brave.", two(pairing))
    actions.ask_named(Naming.objects.get(), by=mentor, now=NOW)
    runs = dict(kinds.get(NAMED).conditions)[NOT_RUNNING]
    assert Message.objects.filter(kind=NAMED).filter(runs).exists()
    Program.objects.update(status=Program.Status.PAUSED)
    assert not Message.objects.filter(kind=NAMED).filter(runs).exists()
    Message.objects.filter(kind=NAMED).update(state=Message.State.CANCELLED, last_error=NOT_RUNNING)
    assert take_up_namings(NOW) == 0
    Program.objects.update(status=Program.Status.ACTIVE)
    assert take_up_namings(NOW) == 1
    assert Message.objects.get(kind=NAMED).state == Message.State.QUEUED


def test_what_waits_for_a_yes_is_in_no_mail_and_said_to_wait_on_who_can_see_what(
    pairing: Pairing, program: Program, mentor: User, ayo: User, quarter_round: Round
) -> None:
    User.objects.filter(pk=mentor.pk).update(wants_moments_in_mail=True)
    mentor.refresh_from_db()
    keep(mentor, "Ayo was brave.", two(pairing))
    assert emails._kept(mentor, quarter_round).moments == ()
    with time_machine.travel(NOW, tick=False):
        said = page(mentor, reverse("privacy"))
    assert "Nobody else reads it yet: it names Ayo." in said


def test_the_lists_ask_the_database_no_more_for_more(pairing: Pairing, mentor: User, ayo: User) -> None:
    def one(number: int) -> None:
        keep(mentor, f"Ayo was brave {number}.", two(pairing))
        actions.ask_named(Naming.objects.latest("pk"), by=mentor, now=NOW)

    one(0)
    clients = [signed_in(mentor), signed_in(ayo)]
    urls = [reverse("named:list"), reverse("moments:list"), reverse("wall"), reverse("privacy")]
    few = [queries_of(client, url) for client in clients for url in urls]
    for number in range(1, 6):
        one(number)
    assert [queries_of(client, url) for client in clients for url in urls] == few


@pytest.mark.parametrize("kind", ["hard_call", "brave_try"])
def test_a_hard_call_hangs_on_no_wall(program: Program, mentor: User, kind: str) -> None:
    with pytest.raises(Refused, match="on no wall"):
        keep(mentor, "x", everyone(program), kind=kind)
    moment = keep(mentor, "x", everyone(program))
    with pytest.raises(Refused, match="on no wall"):
        actions.change_moment(
            moment, by=mentor, text="x", kind=kind, happened_on=TODAY, readers=everyone(program), now=NOW
        )
    said = (
        signed_in(mentor)
        .post(
            reverse("moments:edit", args=[moment.pk]),
            {"text": "x", "kind": kind, "happened_on": "2026-06-23", "seen_by": f"program-{program.pk}"},
        )
        .content.decode()
    )
    assert "is not shared with everyone" in said
    assert Moment.objects.get().kind == ""


def test_on_the_wall_somebody_who_was_asked_is_told_that_nobody_else_reads_it(
    pairing: Pairing, program: Program, mentor: User, ayo: User
) -> None:
    keep(mentor, "Ayo was brave.", everyone(program))
    naming = Naming.objects.get()
    actions.ask_named(naming, by=mentor, now=NOW)
    door = reverse("named:detail", args=[naming.pk])
    said = page(ayo, reverse("wall"))
    assert "It names you. Nobody else reads it before you have said yes." in said
    assert door in said
    actions.agree(naming, by=ayo, asked_at=NOW, now=NOW)
    assert "It names you." not in page(ayo, reverse("wall"))


def test_the_wall_shows_whose_program_has_one_and_what_hangs_there(
    program: Program,
    other_program: Program,
    pairing: Pairing,
    mentor: User,
    member: User,
    quarter_round: Round,
) -> None:
    wall = reverse("wall")
    assert "Nothing hangs here yet." in page(member, wall)
    keep(mentor, "A client laughed.", everyone(program))
    write(mentor, quarter_round, FIRST, "Said to all", audience="program", status=SUBMITTED)
    said = page(member, wall)
    assert "A client laughed." in said
    assert reverse("reflections:shared", args=[quarter_round.pk]) in said
    assert "Said to all" in page(member, reverse("reflections:shared", args=[quarter_round.pk]))
    assert "chips" not in said.split("<main")[1]
    Program.objects.update(has_wall=True)
    enroll(other_program, member, Enrollment.Role.MENTEE)
    assert "Hill Mentors" in page(member, wall)
    assert "A client laughed." not in page(member, f"{wall}?program={other_program.pk}")
    assert "A client laughed." in page(member, f"{wall}?program=nonsense")
    Program.objects.update(has_wall=False)
    assert "A client laughed." not in page(member, wall)
    assert "A client laughed." in page(mentor, reverse("moments:list"))
    assert "None of your programs has a wall." in page(member, wall)
