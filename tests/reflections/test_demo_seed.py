"""How the demo program is made: the same each time, on any day, of any size; and the command that makes it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.clock import now as clock_now
from accounts.mail.models import Message
from accounts.models import User
from mentoring.models import (
    Enrollment,
    EnrollmentAnswer,
    FitCheck,
    Invitation,
    Meeting,
    Pairing,
    PairingRequest,
    Program,
    ProposedPair,
    Skill,
    WithoutMatch,
)
from reflections.demo import people
from reflections.demo.build import build
from reflections.demo.calendar import asked_until, first_month_before
from reflections.models import Answer, Moment, Reflection, Round, Swap

from ..conftest import make_person

# A Monday in the week in which its quarter, which ends on November 30, is first asked about.
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def test_even_the_smallest_has_every_state_of_a_pairing(db: None) -> None:
    build(people.SMALLEST, NOW)

    assert set(Pairing.objects.values_list("status", flat=True)) == set(Pairing.Status.values)
    assert set(Enrollment.objects.values_list("status", flat=True)) == set(Enrollment.Status.values)
    assert {one.state(NOW) for one in Invitation.objects.all()} == set(Invitation.State)
    assert Message.objects.filter(kind="invitation", state="queued").count() == 1


def test_fewer_people_than_that_are_refused(db: None) -> None:
    with pytest.raises(ValueError, match=str(people.SMALLEST)):
        build(people.SMALLEST - 1, NOW)


def test_the_fiscal_year_began_in_another_month_than_january_and_a_quarter_ends_soon() -> None:
    day = date(2026, 1, 1)
    while day.year < 2029:
        last = asked_until(day)
        assert first_month_before(last) != 1
        assert -11 <= (last - day).days <= 20
        day += timedelta(days=1)


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 30, 23, 30, tzinfo=UTC),
        datetime(2026, 12, 5, 9, 0, tzinfo=UTC),
        datetime(2027, 1, 11, 0, 10, tzinfo=UTC),
        datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
    ],
)
def test_it_can_be_made_on_any_day_and_a_page_is_open(db: None, now: datetime) -> None:
    made = build(people.SMALLEST, now)

    assert made.open_round.is_open_on(made.program.today(now))
    assert made.program.rounds.count() == 4
    assert (
        Reflection.objects.drafts().filter(person__email=people.MENTOR_EMAIL, round=made.open_round).exists()
    )


def test_the_same_size_at_the_same_moment_is_the_same_program(db: None) -> None:
    build(40, NOW)
    first = everything()
    for model in (Swap, Answer, Reflection, Moment, Message, Round, Pairing, Program, User):
        model.objects.all().delete()
    build(40, NOW)

    assert everything() == first


def everything() -> dict[str, list[object]]:
    return {
        "moments": [
            (moment.person.email, moment.text, moment.happened_on)
            for moment in Moment.objects.select_related("person").order_by("pk")
        ],
        "answers": [
            (answer.reflection.person.email, answer.text)
            for answer in Answer.objects.select_related("reflection__person").order_by("pk")
        ],
        "pairings": list(Pairing.objects.order_by("pk").values_list("mentor__email", "status", "starts_on")),
        "applications": list(
            EnrollmentAnswer.objects.order_by("pk").values_list("enrollment__person__email", "text", "chosen")
        ),
        "skills": list(Skill.objects.order_by("pk").values_list("program__slug", "name", "state")),
        "proposed": list(
            ProposedPair.objects.order_by("pk").values_list(
                "mentor__email", "mentee__email", "fit", "is_locked", "is_by_hand"
            )
        ),
        "without": list(WithoutMatch.objects.order_by("pk").values_list("person__email", "side")),
        "requests": list(
            PairingRequest.objects.order_by("pk").values_list(
                "mentee__email", "mentor__email", "state", "note"
            )
        ),
        "fit checks": list(FitCheck.objects.order_by("pk").values_list("person__email", "answer", "learned")),
        "meetings": list(Meeting.objects.order_by("pk").values_list("starts_at", "place", "minutes")),
        "messages": list(
            Message.objects.order_by("pk").values_list("person__email", "kind", "state", "due_at")
        ),
    }


# --- The command ---


def test_the_command_says_what_there_is(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("seed_demo", people=people.SMALLEST)

    said = capsys.readouterr().out
    for what, email, password in people.SIGN_INS:
        assert what in said
        assert email in said
        assert password in said
    assert Moment.objects.filter(happened_on__lte=clock_now().date()).exists()


def test_a_second_run_changes_nothing(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    build(people.SMALLEST, NOW)
    before = User.objects.count()
    call_command("seed_demo")

    assert "nothing was changed" in capsys.readouterr().out
    assert User.objects.count() == before


def test_it_never_goes_in_beside_real_people(db: None) -> None:
    make_person("noor@harbor.example", "Noor Haddad")

    with pytest.raises(CommandError, match="There are people here already"):
        call_command("seed_demo")
    assert not Program.objects.exists()


def test_too_small_a_size_is_said_in_one_line(db: None) -> None:
    with pytest.raises(CommandError, match="people at least"):
        call_command("seed_demo", people=3)
