"""The attack of `test_recovery`, on people in a database and on the files that an admin has: every choice of programs
and quarters, on two days between which somebody came."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from mentoring.models import Program, ProgramAdmin
from mentoring.small_counts import FEWEST
from reflections.models import QuarterFigure
from reflections.reports import counting
from reflections.reports.figures import Measure
from reflections.reports.tables import label_of
from tests.conftest import enroll, make_person, signed_in
from tests.reflections.conftest import open_round

from .conftest import FIRST, crowd, in_pairs, met, reflected
from .recovery import Attack, Cell, all_cells, choices, of_everything_known, questions

pytestmark = pytest.mark.django_db

SAFE = FEWEST - 1
STARTS = (FIRST, date(2026, 4, 1))
# Both quarters are counted.
ONE_DAY = datetime(2026, 9, 1, 12, tzinfo=UTC)
MEASURES = {label_of(measure): measure for measure in Measure}


@pytest.fixture
def programs(program: Program, other_program: Program, admin: User) -> list[Program]:
    """Fourteen people in the one, of whom twelve were in pairs, ten met and eleven reflected; six in the other."""
    ProgramAdmin.objects.create(program=other_program, person=admin)
    Program.objects.filter(pk=other_program.pk).update(fiscal_first_month=1)
    people = crowd(program, 14)
    for pairing in in_pairs(program, people[:12])[:5]:
        met(pairing)
    reflected(open_round(program, FIRST), *people[:11])
    in_pairs(other_program, crowd(other_program, 6)[:4])
    return [program, other_program]


def read(attack: Attack, client: Client, programs: list[Program], day: datetime) -> None:
    """Take every report there is on that day, as a file, and keep what it says."""
    numbers = {str(program): number for number, program in enumerate(programs)}
    with time_machine.travel(day, tick=False):
        for some, quarters in choices(len(programs), len(STARTS)):
            asked = {
                "program": [programs[number].pk for number in some],
                "first": STARTS[quarters[0]].isoformat(),
                "last": STARTS[quarters[-1]].isoformat(),
                "format": "csv",
            }
            response = client.post("/admin/reports/take/", asked)
            text = b"".join(response).decode("utf-8-sig")  # type: ignore[arg-type]
            for row in csv.DictReader(io.StringIO(text)):
                quarter = STARTS.index(date.fromisoformat(row["From"]))
                cell: Cell = (numbers[row["Program"]], quarter, MEASURES[row["What"]])
                low, high = 0, SAFE
                if row["People"] != "fewer than five":
                    low, high = (int(word) for word in row["People"].split(" to "))
                attack.learns({cell: 1}, low, high)


def test_no_file_on_two_days_tells_of_one_person(programs: list[Program], admin: User) -> None:
    counting.count_due(ONE_DAY)
    attack = of_everything_known(all_cells(2, 2))
    client = signed_in(admin)
    read(attack, client, programs, ONE_DAY)
    somebody_comes(programs[0])
    counting.count_due(ONE_DAY + timedelta(days=1))
    read(attack, client, programs, ONE_DAY + timedelta(days=1))
    assert len(attack.rows) > 100
    assert min(attack.width(question) for question in questions(2, 2)) >= SAFE


def test_were_quarters_counted_anew_two_days_would_tell_that_there_were_fifteen(
    programs: list[Program], admin: User
) -> None:
    client = signed_in(admin)
    counting.count_due(ONE_DAY)
    before = Attack(all_cells(2, 2))
    read(before, client, programs, ONE_DAY)
    somebody_comes(programs[0])
    QuarterFigure.objects.all().delete()
    counting.count_due(ONE_DAY)
    after = Attack(all_cells(2, 2))
    read(after, client, programs, ONE_DAY)
    # The people of the next day are as many, or one more.
    cell: Cell = (0, 0, Measure.ENROLLED)
    next_day: Cell = (9, 0, Measure.ENROLLED)
    both = Attack([*before.cells, next_day], before.rows)
    for row, low, high in after.rows:
        if row == {cell: 1}:
            both.learns({next_day: 1}, low, high)
    both.learns({next_day: 1, cell: -1}, 0, 1)
    assert both.width({next_day: 1}) == 0


def test_exact_numbers_cannot_even_be_kept(programs: list[Program], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes the rounding away is stopped by the database."""
    monkeypatch.setattr(counting, "told", lambda found: dict(found))
    assert counting.count_due(ONE_DAY) == 0
    assert not QuarterFigure.objects.exists()


def somebody_comes(program: Program) -> None:
    """With a first day that lies in both quarters."""
    enroll(program, make_person("late@harbor.example", "Late"), "both", joined_on=FIRST)
