"""An installation of many people for the benchmark of scale, made up and copied into the database in bulk.

The words are sealed as the site seals them, each person's with a key of their own; COPY takes the rows, and the checks
of each row that its triggers make are left out, or a million moments would take an hour.
"""

import io
import itertools
import json
import random
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Field, Model

    from accounts.vault.sealing import DataKey

LARGE = 0.2  # This part of all is in one program; the others are in programs of so many:
EACH = 400
ROUNDS = 4  # Quarters behind us, in which seven of ten reflect.
ANSWERS = 2
LETTERS = 10  # To each person, in each of the kinds below as many as there are rounds.
KINDS = ("ask", "reminder", "last_call")
AUDIT = 5
MEETINGS = 6
OF_THE_READER = 1000  # Moments of the one whose pages are opened, at every size.
AT_A_TIME = 5000
FIRST = (
    "Ada", "Bo", "Cleo", "Dara", "Edo", "Fenna", "Gil", "Hana", "Ivo", "Juno", "Kaya", "Lio", "Mira", "Nuri", "Odo",
    "Pia", "Quin", "Rhea", "Sol", "Tamsin",
)  # fmt: skip
LAST = (
    "Abel", "Berg", "Costa", "Dahl", "Engel", "Falk", "Groen", "Haas", "Ilves", "Jansen", "Kern", "Lund", "Moor",
    "Novak", "Orr", "Pike", "Quist", "Roth",
)  # fmt: skip
WORDS = (
    "I", "asked", "her", "what", "she", "would", "do", "and", "listened", "until", "the", "hour", "was", "over", "then",
    "we", "wrote", "it", "down",
)  # fmt: skip
LONG = 160


@dataclass(frozen=True)
class Filled:
    """Who looks: somebody with much of their own, and who runs the large program."""

    reader: int
    large_program: int
    admin: int


def fill(people: int, moments: int, now: datetime) -> Filled:
    """So many people beside those of the demo program, who have kept so many moments. Analyzed and vacuumed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        programs = _programs(people, now)
        filled = _Filling(people, moments, programs, now, random.Random(f"scale {people}")).run()
        cursor.execute("SET session_replication_role = DEFAULT")
        for table in connection.introspection.table_names(cursor):
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id') WHERE %s IN "
                           "(SELECT table_name FROM information_schema.columns WHERE column_name = 'id')",
                           [table, table])  # fmt: skip
            found = cursor.fetchone()
            if found and found[0]:
                cursor.execute(f"SELECT setval('{found[0]}', greatest((SELECT max(id) FROM {table}), 1))")  # noqa: S608 (its names are our own)
        cursor.execute("VACUUM ANALYZE")
    return filled


def _programs(people: int, now: datetime) -> list[tuple[int, int]]:
    """The number of each program, and how many people are in it; the large one first."""
    from mentoring.models import Program

    large = max(int(people * LARGE), 12)
    sizes = [large, *([EACH] * max((people - large) // EACH, 1))]
    made = [
        Program.objects.create(
            name=f"Scale {number}",
            slug=f"scale-{number}",
            starts_on=_quarter(now.date(), ROUNDS),
            status=Program.Status.ACTIVE,
            time_zone="Europe/Lisbon",
            matched_by="both",
            directory_for="members",
        )
        for number in range(len(sizes))
    ]
    return [(program.pk, size) for program, size in zip(made, sizes, strict=True)]


class Table:
    """Rows of one model on their way into it. What is not said of a row is as its field has it."""

    def __init__(self, model: "type[Model]", now: datetime) -> None:
        from django.db import connection

        self._model, self._now = model, now
        self._fields = model._meta.concrete_fields
        self._known = {field.attname: self._default(field) for field in self._fields}
        key = model._meta.pk
        if key is None:
            raise ValueError(model)
        self._key = key.attname
        last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
        self._next = (last or 0) + 1 if isinstance(last, int) or last is None else 0
        self._connection = connection
        self._lines: list[str] = []

    def add(self, **said: Any) -> int:
        """Its number."""
        number = self._next
        self._next += 1
        row = {self._key: number, **said}
        known = self._known
        self._lines.append(
            "\t".join(
                _text(row[field.attname]) if field.attname in row else known[field.attname]
                for field in self._fields
            )
        )
        if len(self._lines) >= AT_A_TIME:
            self.close()
        return number

    def close(self) -> None:
        """Hand over what was added."""
        if not self._lines:
            return
        columns = ", ".join(f'"{field.column}"' for field in self._fields)
        into = f'COPY "{self._model._meta.db_table}" ({columns}) FROM STDIN'
        with self._connection.cursor() as cursor:
            cursor.copy_expert(into, io.StringIO("\n".join(self._lines) + "\n"))
        self._lines = []

    def _default(self, field: "Field[Any, Any]") -> str:
        from django.contrib.postgres.fields import ArrayField
        from django.db.models import DateTimeField, JSONField

        if isinstance(field, ArrayField):
            return "{}"
        value = field.get_default()
        if isinstance(field, JSONField):
            return json.dumps(value)
        if isinstance(field, DateTimeField) and not field.null:
            return _text(self._now)
        return _text(value)


def _text(value: Any) -> str:
    """As COPY reads it: no words here hold a tab, a line's end or a backslash."""
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    return str(value)


class _Filling:
    def __init__(
        self, people: int, moments: int, programs: list[tuple[int, int]], now: datetime, chance: random.Random
    ) -> None:
        self.people, self.moments, self.programs = people, moments, programs
        self.now, self.chance = now, chance
        self.keys: dict[int, DataKey] = {}
        self.words = [" ".join(chance.choice(WORDS) for _ in range(LONG // 5)) for _ in range(200)]

    def run(self) -> Filled:
        admin = self._admin()  # First: what is copied takes no number from the table's own sequence.
        numbers = itertools.count(self._people())
        reader = 0
        each = max((self.moments - OF_THE_READER) // self.people, 1)
        for place, (program, size) in enumerate(self.programs):
            members = list(itertools.islice(numbers, size))
            pairs = self._pairs(program, members)
            rounds = self._rounds(program)
            self._reflections(members, rounds, pairs)
            self._moments(program, members, pairs, each)
            self._letters(members, rounds)
            if place == 1:
                reader = members[0]
                self._moments(program, [reader], pairs, OF_THE_READER - each)
        return Filled(reader, self.programs[0][0], admin)

    def _table(self, name: str) -> Table:
        from django.apps import apps

        return Table(apps.get_model(name), self.now)

    def _people(self) -> int:
        """The number of the first; the others follow."""
        from accounts.vault.keyring import keyring

        ring = keyring()
        users, addresses = self._table("accounts.User"), self._table("account.EmailAddress")
        keys, profiles = self._table("accounts.DataKey"), self._table("accounts.Profile")
        sessions, visits = self._table("sessions.Session"), self._table("usersessions.UserSession")
        audit = self._table("accounts.AuditEntry")
        first, number = 0, 0
        total = sum(size for _program, size in self.programs)
        for place in range(total):
            email = f"p{place}@scale.example"
            number = users.add(
                email=email,
                password="!",  # noqa: S106 (none)
                name=f"{self.chance.choice(FIRST)} {self.chance.choice(LAST)} {place}",
                time_zone="Europe/Lisbon",
                language="en-us",
                coffee_weekday=place % 5,
                coffee_time=f"{8 + place % 9:02}:{place % 4 * 15:02}",
                last_login=self.now - timedelta(hours=place % 900),
            )
            first = first or number
            addresses.add(user_id=number, email=email, verified=True, primary=True)
            wrapped = ring.wrap(secrets.token_bytes(32), secrets.randbits(32), person=number)
            keys.add(person_id=number, wrapped=wrapped, file_key=ring.present)
            self.keys[number] = ring.open(wrapped, ring.present, person=number)
            profiles.add(
                person_id=number,
                headline=f"Number {place} of the harbor",
                about=self.words[place % len(self.words)],
                help_with=self.words[(place + 7) % len(self.words)],
                changed_at=self.now,
            )
            session = f"{place:032x}"
            sessions.add(
                session_key=session, session_data="x" * 300, expire_date=self.now + timedelta(days=place % 14)
            )
            visits.add(user_id=number, session_key=session, ip="192.0.2.1", user_agent="Bench", data="{}")
            for each in range(AUDIT):
                audit.add(
                    at=self.now - timedelta(days=each * 40 + place % 40),
                    actor_id=number,
                    route="site",
                    verb="changed",
                    action="profile",
                    object_type="accounts.profile",
                    object_id=number,
                )
        for table in (users, addresses, keys, profiles, sessions, visits, audit):
            table.close()
        return first

    def _admin(self) -> int:
        from accounts.models import User
        from mentoring.models import Program, ProgramAdmin

        admin = User.objects.create(email="runs-large@scale.example", name="Runs Large")
        ProgramAdmin.objects.create(program=Program.objects.get(pk=self.programs[0][0]), person=admin)
        return int(admin.pk)

    def _pairs(self, program: int, members: list[int]) -> dict[int, int]:
        """The pairing of each person who has one; of a mentor who has two, the later."""
        mentors, mentees = members[: len(members) // 3], members[len(members) // 3 :]
        began = self.now - timedelta(days=90 * ROUNDS - 40)
        places, pairings = self._table("mentoring.Enrollment"), self._table("mentoring.Pairing")
        meetings = self._table("mentoring.Meeting")
        for role, people in (("mentor", mentors), ("mentee", mentees)):
            for person in people:
                places.add(
                    program_id=program,
                    person_id=person,
                    role=role,
                    status="active",
                    capacity=3,
                    joined_on=began.date(),
                )
        of: dict[int, int] = {}
        for number, mentee in enumerate(mentees[: len(mentees) * 9 // 10]):
            mentor = mentors[number % len(mentors)]
            pairing = pairings.add(
                program_id=program,
                mentor_id=mentor,
                mentee_id=mentee,
                status="active",
                mentor_accepted_at=began,
                mentee_accepted_at=began,
                starts_on=began.date(),
                created_at=began,
            )
            of[mentor] = of[mentee] = pairing
            for each in range(MEETINGS):
                meetings.add(
                    pairing_id=pairing, starts_at=self.now - timedelta(days=40 * each - 9, hours=number % 9)
                )
        for table in (places, pairings, meetings):
            table.close()
        return of

    def _rounds(self, program: int) -> list[tuple[int, list[int]]]:
        """Of each quarter its number and those of its questions."""
        rounds, questions = self._table("reflections.Round"), self._table("reflections.Question")
        made = []
        for ago in range(1, ROUNDS + 1):
            due = _quarter(self.now.date(), ago - 1) - timedelta(days=1)
            number = rounds.add(
                program_id=program,
                quarter_start=_quarter(self.now.date(), ago),
                opens_on=due - timedelta(days=20),
                due_on=due,
                closes_on=due + timedelta(days=21),
            )
            asked = [
                questions.add(
                    code=f"q{each}",
                    step="remember",
                    text=f"Question {each}?",
                    round_id=number,
                    mentor_position=each,
                    mentee_position=each,
                    both_position=each,
                )
                for each in range(1, ANSWERS + 1)
            ]
            made.append((number, asked))
        rounds.close()
        questions.close()
        return made

    def _reflections(
        self, members: list[int], rounds: list[tuple[int, list[int]]], pairs: Mapping[int, int]
    ) -> None:
        from reflections.models import Answer

        through = Answer.pairings.through._meta.label
        written, answers, shared = (
            self._table("reflections.Reflection"), self._table("reflections.Answer"), self._table(through),
        )  # fmt: skip
        for number, (round, questions) in enumerate(rounds):
            at = self.now - timedelta(days=91 * number + 20)
            for person in members:
                if self.chance.random() > 0.7:
                    continue
                reflection = written.add(
                    person_id=person, round_id=round, role="mentee", status="submitted",
                    submitted_at=at, saved_at=at, started_at=at,
                )  # fmt: skip
                for question in questions:
                    seal = uuid.uuid4()
                    is_shared = person in pairs and self.chance.random() < 0.3
                    answer = answers.add(
                        reflection_id=reflection,
                        question_id=question,
                        seal_id=seal,
                        text=self._sealed(person, "reflections_answer", seal),
                        audience="pairing" if is_shared else "me",
                    )
                    if is_shared:
                        shared.add(answer_id=answer, pairing_id=pairs[person])
        for table in (written, answers, shared):
            table.close()

    def _moments(self, program: int, members: list[int], pairs: Mapping[int, int], each: int) -> None:
        moments = self._table("reflections.Moment")
        today = self.now.date()
        for person in members:
            for _ in range(each):
                audience, chosen = "me", self.chance.random()
                if chosen < 0.15 and person in pairs:
                    audience = "pairing"
                elif chosen > 0.97:
                    audience = "program"
                seal = uuid.uuid4()
                moments.add(
                    person_id=person,
                    seal_id=seal,
                    text=self._sealed(person, "reflections_moment", seal),
                    kind="learned",
                    happened_on=today - timedelta(days=self.chance.randrange(91 * ROUNDS)),
                    audience=audience,
                    pairing_id=pairs[person] if audience == "pairing" else None,
                    program_id=program if audience == "program" else None,
                )
        moments.close()

    def _letters(self, members: list[int], rounds: list[tuple[int, list[int]]]) -> None:
        letters, links = self._table("mail.Message"), self._table("mail.MailLink")
        for person in members:
            for each, (kind, (number, (round, _asked))) in enumerate(
                itertools.islice(itertools.product(KINDS, enumerate(rounds)), LETTERS)
            ):
                due = self.now - timedelta(days=91 * number + 30 - each, minutes=person % 1440)
                letter = letters.add(
                    person_id=person, kind=kind, subject_id=round, state="sent", due_at=due,
                    next_attempt_at=due, expires_at=due + timedelta(days=9), sending_at=due, sent_at=due,
                    message_id=f"<{round}.{person}.{kind}@scale.example>",
                )  # fmt: skip
                if each < 2:
                    links.add(
                        person_id=person, token_hash=secrets.token_hex(32), purpose="stop",
                        message_id=letter, created_at=due, expires_at=due + timedelta(days=400),
                    )  # fmt: skip
        letters.close()
        links.close()

    def _sealed(self, person: int, table: str, seal: uuid.UUID) -> bytes:
        from accounts.vault.sealing import Place

        text = self.words[self.chance.randrange(len(self.words))]
        return self.keys[person].seal(text, person=person, place=Place(table, "words", seal))


def _quarter(day: date, ago: int) -> date:
    """The first day of the one that many before that of this day."""
    number = day.year * 4 + (day.month - 1) // 3 - ago
    return date(number // 4, number % 4 * 3 + 1, 1)
