"""What is to be done with a file, and by whom; and which rows have been there before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

from accounts.models import User
from mentoring.models import Enrollment, EnrollmentQuestion, Import, Program

from .columns import Columns, code_of
from .fields import questions_of


@dataclass(frozen=True)
class Job:
    """`by` is in whose name it is done: the verbs ask whether they may."""

    program: Program
    kind: str
    columns: Columns
    how: str
    lives: timedelta
    ask_first: bool
    by: User
    now: datetime
    questions: Mapping[str, EnrollmentQuestion] = field(default_factory=dict)

    @classmethod
    def of(cls, source: Import, by: User, now: datetime) -> "Job":
        return cls(
            program=source.program,
            kind=source.kind,
            columns=code_of(source),
            how=source.how,
            lives=timedelta(days=source.days),
            ask_first=source.ask_first,
            by=by,
            now=now,
            questions=questions_of(source.program, source.kind),
        )

    @property
    def role(self) -> str:
        """Of everybody in a list of mentors, or of mentees; empty where each row says it."""
        roles = {Import.Kind.MENTORS: Enrollment.Role.MENTOR, Import.Kind.MENTEES: Enrollment.Role.MENTEE}
        return roles.get(Import.Kind(self.kind), "")


class Seen:
    """In which row something stood first. The database keeps it until the transaction ends: a file may be long."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE IF NOT EXISTS import_seen (name text PRIMARY KEY, number integer NOT NULL) "
                "ON COMMIT DROP"
            )
            cursor.execute("TRUNCATE import_seen")

    def first(self, named: Iterable[tuple[str, int]]) -> dict[str, int]:
        """For each name of a batch, whose numbers rise, the number of the row in which it stood first."""
        firsts: dict[str, int] = {}
        for name, number in named:
            firsts.setdefault(name, number)
        if not firsts:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO import_seen SELECT * FROM unnest(%s::text[], %s::integer[]) ON CONFLICT DO NOTHING",
                [list(firsts), list(firsts.values())],
            )
            cursor.execute("SELECT name, number FROM import_seen WHERE name = ANY(%s)", [list(firsts)])
            return dict(cursor.fetchall())
