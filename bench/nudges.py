"""What it costs to send the quarter's e-mails through the outbox, and to plan them.

    python -m bench.nudges [--n MESSAGES] [--people PEOPLE]

As many personal letters of two parts, which can be answered by a reply, go out by 1, 2 and 4 senders (`manage.py outbox
--once`, no limit of speed) to a mail server on the loopback address that takes everything; against bare smtplib, which
hands the same letters, ready made, over one connection. `ratio` is how much longer ours takes. Then everybody is
planned for at once, against a bare INSERT of as many rows in one statement. DATABASE_URL names a PostgreSQL server;
`make bench` brings one.
"""

import argparse
import asyncio
import os
import resource
import smtplib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.common import progress, say
from bench.server.database import seeded
from bench.server.production import be_in_production
from dev.processes import ROOT, CannotStart, Household, end_on_signals, free_port

SENDERS = (1, 2, 4)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.nudges", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--n", type=int, default=10_000, help="messages for each number of senders")
    parser.add_argument("--people", type=int, default=100_000, help="people who are planned for")
    given = parser.parse_args()
    end_on_signals()
    if not os.environ.get("DATABASE_URL"):
        parser.error("DATABASE_URL is not set; `make bench` brings a server")
    try:
        with Household() as house:
            folder = Path(tempfile.mkdtemp(prefix="best-stuff-bench-"))
            house.throw_away(folder)
            be_in_production(free_port(), folder)
            run(max(given.n, 4), max(given.people, 4))
    except CannotStart as problem:
        print(f"bench.nudges cannot start: {problem}", file=sys.stderr)
        return 1
    return 0


def run(size: int, people: int) -> None:
    from reflections.demo.people import SMALLEST

    progress("Making a database")
    with seeded(SMALLEST) as database, sink() as taken:
        progress(f"Making {max(size, people)} people")
        round_pk, now = make_people(max(size, people))
        _send(database, taken, size, round_pk)
        _plan(people, now)


# --- Sending -------------------------------------------------------------------------------------------------------


@dataclass
class Taken:
    """When the sink took each letter, and how many bytes they had."""

    port: int = 0
    at: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    last: bytes = b""

    def clear(self) -> None:
        self.at, self.sizes = [], []

    @property
    def per_second(self) -> float:
        """From the first to the last, so that the start of a process does not count."""
        return (len(self.at) - 1) / max(self.at[-1] - self.at[0], 1e-9)


@contextmanager
def sink() -> Iterator[Taken]:
    """A mail server in a thread of its own, which does as little as one can."""
    taken = Taken()
    loop = asyncio.new_event_loop()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                content = await reader.readuntil(b"\r\n.\r\n")
                taken.at.append(time.perf_counter())
                taken.sizes.append(len(content))
                taken.last = content[:-5]
                writer.write(b"250 taken\r\n")
            elif verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 sink\r\n")
        writer.close()

    server = loop.run_until_complete(asyncio.start_server(converse, "127.0.0.1", 0, limit=2**22))
    taken.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield taken
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.close()


def _send(database: str, taken: Taken, size: int, round_pk: int) -> None:
    from accounts.mail.models import Message

    for senders in SENDERS:
        progress(f"{size} letters by {senders} at once")
        owe(size, round_pk)
        taken.clear()
        began, worked = time.perf_counter(), _worked()
        _send_with(database, taken.port, senders)
        seconds, worked = time.perf_counter() - began, _worked() - worked
        sent = Message.objects.filter(state="sent").count()
        if (sent, len(taken.at)) != (size, size):
            raise CannotStart(f"of {size} letters {sent} are said to be sent, and {len(taken.at)} came")
        ours, letter = taken.per_second, taken.last
        bytes_each = round(sum(taken.sizes) / size)
        taken.clear()
        hand_over(taken.port, letter, size)
        say(
            bench="nudges",
            what="sending",
            n=size,
            senders=senders,
            seconds=round(seconds, 1),
            against="smtplib with one ready-made letter of that size, over one connection",
            ratio=round(taken.per_second / ours, 2),
            messages_per_second=round(ours, 1),
            against_messages_per_second=round(taken.per_second, 1),
            cpu_ms_each=round(worked / size * 1000, 1),
            bytes_each=bytes_each,
            peak_mb=_peak(resource.RUSAGE_CHILDREN),
        )


def hand_over(port: int, letter: bytes, size: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for _ in range(size):
            smtp.sendmail("reflect@localhost", ["somebody@harbor.example"], letter)


def _send_with(database: str, port: int, senders: int) -> None:
    environment = os.environ | {
        "DATABASE_URL": database,
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(port),
        "MAIL_PER_SECOND": "0",
        "MAIL_WORKERS": str(senders),
        "INBOUND_ADDRESS": "post@in.harbor.example",
        "INBOUND_AUTHSERV_ID": "mx.harbor.example",
    }
    command = [sys.executable, "manage.py", "outbox", "--once"]
    running = [subprocess.Popen(command, cwd=ROOT, env=environment) for _ in range(senders)]
    # All of them are waited for, whatever the first says.
    ended = [one.wait() for one in running]
    if any(ended):
        raise CannotStart("a sender failed")


def owe(size: int, round_pk: int) -> None:
    """The quarter's question, to so many people, due now; what was sent before is forgotten."""
    from django.db import connection

    from accounts.clock import now
    from accounts.mail import outbox
    from accounts.mail.models import Message
    from accounts.models import User

    Message.objects.all().delete()
    due_at = now() - timedelta(minutes=1)
    people = User.objects.filter(email__startswith="bench").order_by("pk").values_list("pk", flat=True)[:size]
    outbox.owe_many(outbox.Owed("ask", pk, round_pk, due_at, due_at + timedelta(days=7)) for pk in people)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE mail_message")


# --- Planning ------------------------------------------------------------------------------------------------------


def _plan(people: int, now: datetime) -> None:
    from accounts.mail.models import Message
    from reflections.nudges import plan_nudges

    Message.objects.all().delete()
    progress(f"Planning for {people} people")
    began = time.perf_counter()
    planned = plan_nudges(now)
    seconds = time.perf_counter() - began
    bare = insert_as_many(planned.owed)
    say(
        bench="nudges",
        what="planning",
        n=planned.owed,
        seconds=round(seconds, 2),
        against="one bare INSERT of as many rows into a table with the same indexes",
        ratio=round(seconds / bare, 2),
        against_seconds=round(bare, 3),
        people=people,
        peak_mb=_peak(resource.RUSAGE_SELF),
    )


def insert_as_many(rows: int) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bare (LIKE mail_message INCLUDING ALL)")
        began = time.perf_counter()
        cursor.execute(
            "INSERT INTO bare (person_id, kind, subject_id, due_at, expires_at, message_id, next_attempt_at, state,"
            " attempts, last_error) SELECT n, 'ask', 1, now(), now() + interval '7 days', md5(n::text), now(),"
            " 'queued', 0, '' FROM generate_series(1, %s) AS n",
            [rows],
        )
        seconds = time.perf_counter() - began
        cursor.execute("DROP TABLE bare")
    return seconds


def make_people(size: int) -> tuple[int, datetime]:
    """A program of pairs whose quarter ends soon: the number of its round, and when all are about to be asked."""
    from accounts.clock import now
    from accounts.models import User
    from mentoring.models import Enrollment, Pairing, Program
    from reflections.models import Round
    from reflections.rounds import open_due_rounds

    today = now().date()
    program = Program.objects.create(
        name="Bench Mentors",
        slug="bench",
        fiscal_first_month=today.month,
        starts_on=today.replace(day=1),
        contact_name="Rosa",
        contact_email="rosa@harbor.example",
    )
    made = User.objects.bulk_create(
        (
            User(email=f"bench{n}@harbor.example", name=f"Person {n}", time_zone="Europe/Lisbon")
            for n in range(size + size % 2)
        ),
        batch_size=2000,
    )
    pairs = list(zip(made[::2], made[1::2], strict=True))
    roles = (Enrollment.Role.MENTOR, Enrollment.Role.MENTEE)
    Enrollment.objects.bulk_create(
        (
            Enrollment(program=program, person=person, role=role, joined_on=program.starts_on)
            for two in pairs
            for person, role in zip(two, roles, strict=True)
        ),
        batch_size=2000,
    )
    Pairing.objects.bulk_create(
        (
            Pairing(
                program=program, mentor=mentor, mentee=mentee, status=Pairing.Status.ACTIVE,
                starts_on=program.starts_on, mentor_accepted_at=now(), mentee_accepted_at=now(),
            )
            for mentor, mentee in pairs
        ),
        batch_size=2000,
    )  # fmt: skip
    end = program.quarter_on(today).end
    # The evening before the Monday of the last full week: everybody's coffee slot is within three days.
    monday = end - timedelta(days=end.weekday() + 7)
    at = datetime.combine(monday, datetime.min.time(), UTC) - timedelta(hours=6)
    open_due_rounds(at)
    return Round.objects.get(program=program, due_on=end).pk, at


def _worked() -> float:
    """Seconds of work of all senders that have ended, the start of their processes included; PostgreSQL's own not."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _peak(of: int) -> float:
    return round(resource.getrusage(of).ru_maxrss / 1024, 1)


if __name__ == "__main__":
    sys.exit(main())
