"""What Prometheus is told: by a token, in a few queries, and nothing by which somebody could be seen."""

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.clock import now
from accounts.house import records
from accounts.mail import outbox
from accounts.mail.models import Message, Relay
from accounts.models import User
from accounts.monitoring import figures
from accounts.mydata.letters import EXPORT_READY
from dev.processes import ROOT
from mentoring.models import Pairing, Program
from reflections import figures as of_reflections
from reflections.models import RoundFigure
from tests.conftest import make_person

from .conftest import open_round

TOKEN = "a-token-of-the-operator-and-nobody-else"
Found = dict[str, dict[str, float]]


def look() -> Found:
    """Each figure by its name, and by the value of its label."""
    found: Found = {}
    for family in figures.from_database((*figures.OURS, *of_reflections.OURS), now()):
        samples = found.setdefault(family.name.removeprefix("best_stuff_"), {})
        samples |= {"".join(sample.labels.values()): sample.value for sample in family.samples}
    return found


def owe(people: list[User], minutes: int, **changes: object) -> None:
    due, until = now() - timedelta(minutes=minutes), now() + timedelta(days=1)
    outbox.owe_many(outbox.Owed(EXPORT_READY, person.pk, minutes, due, until) for person in people)
    Message.objects.filter(subject_id=minutes).update(**(changes or {"attempts": 0}))


@pytest.mark.django_db
def test_mail_that_is_late_or_uncertain_is_told_and_what_is_owed_by_the_hundred() -> None:
    people = [make_person(f"p{number}@harbor.example", "Somebody") for number in range(130)]
    owe(people[:99], 12)
    assert look()["mail_owed_at_least"] == {"": 0}
    owe(people, 5)
    owe(people[:2], 50, state="uncertain", sending_at=now())
    found = look()
    assert found["mail_owed_at_least"] == {"": 200}
    assert found["mail_oldest_owed_seconds"][""] == pytest.approx(12 * 60, abs=30)
    assert found["mail_uncertain"] == {"": 2}
    assert found["figures_missing"] == {"": 0}


@pytest.mark.django_db
def test_a_mail_server_that_rests_is_told() -> None:
    assert look()["mail_server_resting"] == {"": 0}
    Relay.objects.update_or_create(
        id=1, defaults={"faults": 6, "paused_until": now() + timedelta(minutes=3), "pause_seconds": 300}
    )
    assert (look()["mail_server_resting"], look()["mail_server_faults"]) == ({"": 1}, {"": 6})


@pytest.mark.django_db
def test_the_clock_and_what_failed_are_told() -> None:
    assert look()["clock_last_tick_seconds"] == {"": float("inf")}
    records.ran({}, now() - timedelta(seconds=90))
    records.failed("a.task", ValueError("a word of hers"), now())
    records.failed("a.task", KeyError("a word of hers"), now())
    found = look()
    assert found["clock_last_tick_seconds"][""] == pytest.approx(90, abs=20)
    assert found["tasks_failed_today"] == {"a.task": 2}


def test_of_a_round_only_what_was_written_down_to_be_told_is_told(pairing: Pairing, mentee: User) -> None:
    round = open_round(pairing.program)
    today = now().date()
    type(round).objects.filter(pk=round.pk).update(
        opens_on=today - timedelta(days=9), due_on=today, closes_on=today + timedelta(days=9)
    )
    found = look()
    assert found["rounds_open"] == {"": 1}
    assert found["round_asked"] == found["round_finished_at_least"] == {}
    for days, finished in ((2, 6), (1, 13)):
        RoundFigure.objects.create(
            round=round, as_of=today - timedelta(days=days), asked=30, finished=finished
        )
    found = look()
    assert found["round_asked"] == {str(round.pk): 30}
    assert found["round_finished_at_least"] == {str(round.pk): 10}


def test_it_takes_the_same_few_queries_however_much_there_is(program: Program, mentee: User) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        look()
    owe([make_person(f"q{number}@harbor.example", "Somebody") for number in range(40)], 7)
    with CaptureQueriesContext(connection) as many:
        look()
    assert len(many) == len(few) <= 40


def slow(at: object) -> figures.Figures:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(20)")
    yield figures.figure("never", "It takes too long.", 1)


@pytest.mark.django_db
def test_a_figure_that_takes_too_long_is_left_out_and_the_others_are_there() -> None:
    found = {family.name: family for family in figures.from_database((slow, figures.clock), now())}
    assert set(found) == {"best_stuff_clock_last_tick_seconds", "best_stuff_figures_missing"}
    assert found["best_stuff_figures_missing"].samples[0].value == 1
    assert len(figures.from_database((figures.clock,), now())) == 2


@pytest.mark.django_db(transaction=True)
def test_every_figure_that_an_alarm_asks_for_is_there(client: Client, settings: LazySettings) -> None:
    settings.METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    text = answer.content.decode()
    told = set(re.findall(r"^# TYPE (best_stuff_\w+)", text, re.MULTILINE))
    rules = (ROOT / "deploy" / "prometheus" / "rules.yml").read_text()
    listed = (ROOT / "docs" / "operations.md").read_text()
    assert set(re.findall(r"\bbest_stuff_\w+", rules)) <= told
    assert {name for name in told if f"`{name}`" not in listed} == set()


def test_without_a_token_there_is_no_such_page(client: Client, settings: LazySettings) -> None:
    for shown in ("", "Bearer ", "Bearer x"):
        settings.METRICS_TOKEN = ""
        assert client.get("/metrics", headers={"Authorization": shown}).status_code == 404
