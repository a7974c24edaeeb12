"""Makes the demo program in one transaction, from a seed: the same size at the same moment is the same program."""

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from typing import TypeVar
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import models, transaction

from accounts.models import User
from accounts.vault import data_keys
from accounts.vault.fields import Sealed
from mentoring.models import Enrollment, Meeting, Pairing, Program, ProgramAdmin, ProposedPair
from reflections.models import Answer, Moment, Reflection, Round
from reflections.rounds import open_due_rounds

from . import (
    applications,
    books,
    invitations,
    looking,
    mail,
    matching,
    namings,
    people,
    places,
    profiles,
    programs,
    questions,
    reports,
    requests,
    room_agree,
    room_endings,
    room_goals,
    room_meet,
    room_silence,
    room_timeline,
    room_times,
    surveys,
    swaps,
    thanks,
    values,
)
from .calendar import DAY, PAST_QUARTERS, Times, coffee_now
from .moments import say_more
from .notebooks import Page, Writing
from .pairs import Pair, meeting_rows, pair_up, pairing_rows
from .people import PASSWORD, SIGN_INS, Person
from .programs import HOME, OTHER_HOME, SLUG

BATCH = 2000

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Made:
    """What there is now, for the summary."""

    program: Program
    open_round: Round
    counts: dict[str, int]


@transaction.atomic
def build(size: int, now: datetime) -> Made:
    """The demo program with `size` people in it and a few more who ask for a place, small ones beside it, and those who
    run them.

    Raises ValueError for fewer people than `people.SMALLEST`, with whom some state would have nobody in it.
    """
    if size < people.SMALLEST:
        raise ValueError(f"The demo program needs {people.SMALLEST} people at least.")
    rng = random.Random(f"{SLUG} {size}")  # noqa: S311 (the same program each time is the point)
    times = Times(now, ZoneInfo(HOME))

    program = Program.objects.create(**programs.settings(times))
    members = people.cast()
    members += people.invent(size - len(members), rng)
    other, others = programs.hill_school(times), people.teachers()
    users = _users([*members, *others], times, rng)
    users |= _organizers(program, other, now)
    described = profiles.make([*members, *others], users, now)
    newcomers = people.newcomers()
    users |= _users(newcomers, times, random.Random(SLUG))  # noqa: S311 (as above; and the others stay as they are)
    described += profiles.make(newcomers, users, now, every=1)
    without_a_pair = looking.people()
    users |= _users(without_a_pair, times, random.Random(SLUG))  # noqa: S311 (as above)
    described += profiles.make(without_a_pair, users, now)

    pairs = pair_up(members, times, rng)
    Pairing.objects.bulk_create(pairing_rows(pairs, program, users, times), BATCH)
    enrolled = places.enroll(program, members, pairs, users, times)
    looked_for = looking.enroll(program, without_a_pair, users, times)
    knocking = places.knock(program, newcomers, users, times)
    places.list_skills(program, users, times)
    applied = applications.answer(program, [*knocking, *enrolled, *looked_for], times)
    places.settle(program, times)
    programs.holidays(program, times)
    meetings = _create(Meeting, meeting_rows(pairs, times, rng))
    agreements = room_agree.agree(pairs, users, times)
    around_meetings = room_meet.make(program, pairs, users, times)

    other_pairs = [
        Pair(others[0], others[1], Pairing.Status.ACTIVE, other.starts_on + 4 * DAY, focus="teaching")
    ]
    Pairing.objects.bulk_create(pairing_rows(other_pairs, other, users, times))
    places.enroll(other, others, other_pairs, users, times)
    programs.make_more(program, users, times)
    asked = requests.make([*members, *without_a_pair], users, times)
    in_touch = room_silence.make(pairs, times)
    fit_checks = _match(program, pairs, users, times)
    ended = room_endings.make(pairs, users, times)

    room_goals.fill_library(program, users[people.ADMIN_EMAIL], times)
    goals = room_goals.work_towards(pairs, times)
    in_calendars = room_times.arrange(pairs, times)

    rounds = _rounds(program, times)
    questions_of_its_own = questions.make_own(program, users[people.ADMIN_EMAIL], times)
    writing = Writing(program, pairs, users, times, rng)
    moments = _create(Moment, writing.moments(members))
    said_more = say_more(pairs, users)
    reflections, answers = _save_pages(writing.reflections(members, rounds))
    moments += values.keep_earlier(members, users, times)
    named = values.name(members, users, times)
    responses = room_timeline.respond(pairs, times)
    swapped = swaps.make(pairs, rounds, times)
    room_timeline.tell_in_confidence(program, pairs, times)
    notes_of_thanks = thanks.make(pairs, users, times)
    surveyed = surveys.make(
        program, [users[pair.mentee.email] for pair in pairs if pair.mentee.key == "devika"], times
    )
    asked_about = namings.ask(users, times)
    kept_as_books = books.make(users, times)
    quotable = reports.count(program, times)
    sent = mail.send_what_was_due(rounds.values(), pairs, users, now)
    owed = mail.owe_open_questions(pairs, now)
    invited = invitations.invite(program, members, users, users[people.ADMIN_EMAIL], now)
    return Made(
        program,
        rounds[0],
        {
            "people": len(users),
            "profiles": described,
            "pairings": Pairing.objects.count(),
            "answers of applications": applied,
            "requests for a mentor": asked,
            "pairs proposed": ProposedPair.objects.count(),
            "answers to how it is going": fit_checks,
            "yeses to staying in touch": in_touch,
            "meetings": meetings,
            "agreements of pairs": agreements,
            "notes, and things to talk about": around_meetings,
            "goals": goals,
            "meetings in calendars": in_calendars,
            "pauses and ends": ended,
            "questions of its own": questions_of_its_own,
            "moments": moments,
            "moments that say more": said_more,
            "reflections": reflections,
            "answers": answers,
            "values beside what shows them": named,
            "responses to what was shared": responses,
            "swaps": swapped,
            "notes of thanks": notes_of_thanks,
            "answers to a survey": surveyed,
            "people named in what is shared": asked_about,
            "keepsake books": kept_as_books,
            "things that may be quoted": quotable,
            "invitations": invited,
            "e-mails sent in past weeks": sent,
            "e-mails to send now": owed + 1,
        },
    )


def _match(program: Program, pairs: Sequence[Pair], users: dict[str, User], times: Times) -> int:
    """All around matching. How many were asked how it is going."""
    admin = users[people.ADMIN_EMAIL]
    matching.set_criteria(program, times)
    asked = matching.ask_how_it_is(pairs, program, times)
    matching.rule_out(program, users["greta@harbor.example"], users["lena@harbor.example"], admin, times)
    matching.say_why(program, [pair.saved for pair in pairs], times.now)
    earlier = matching.tell_earlier(program, pairs, admin, times, matching.letters())
    matching.propose(program, admin, times, earlier)
    return asked


def _users(members: Sequence[Person], times: Times, rng: random.Random) -> dict[str, User]:
    """By address. Only those who are named as sign-ins have a password; the others come in by a code."""
    password, no_password = make_password(PASSWORD), make_password(None)
    can_sign_in = {email for _what, email, _password in SIGN_INS}
    rows = []
    for number, person in enumerate(members):
        weekday, at = rng.choice([0, 1, 1, 2, 3]), time(rng.choice([7, 8, 9, 16]), rng.choice([0, 15, 30]))
        # Those whose coffee it is right now are asked as soon as the demo runs; a few dozen, whatever its size.
        if person.key or (number < 60 and number % 3):
            weekday, at = coffee_now(times.now, ZoneInfo(person.city.zone))
        rows.append(
            User(
                email=person.email,
                password=password if person.email in can_sign_in else no_password,
                name=person.name,
                preferred_name=person.preferred_name,
                time_zone=person.city.zone,
                language=person.language,
                coffee_weekday=weekday,
                coffee_time=at,
                wants_moments_in_mail=person.key == "devika" or (not person.key and rng.random() < 0.25),
                joined_at=times.at(times.began_on - rng.randint(1, 30) * DAY, 10),
            )
        )
    not_here_yet = {person.email for person in members if person.status in Enrollment.NOT_IN}
    return _saved_users(rows, without_proof=not_here_yet)


def _organizers(program: Program, other: Program, now: datetime) -> dict[str, User]:
    password = make_password(PASSWORD)
    since = now - timedelta(days=300)
    users = _saved_users(
        [
            User(
                email=email,
                password=password,
                name=name,
                time_zone=zone,
                language="en-us",
                is_superuser=is_superuser,
                joined_at=since,
            )
            for email, name, zone, is_superuser in (
                (people.ADMIN_EMAIL, "Teresa Vaz", HOME, False),
                (people.OTHER_ADMIN_EMAIL, "Ilse Drummond", OTHER_HOME, False),
                (people.SUPERUSER_EMAIL, "Ruth Adeyemi", HOME, True),
            )
        ]
    )
    for what, email in ((program, people.ADMIN_EMAIL), (other, people.OTHER_ADMIN_EMAIL)):
        ProgramAdmin.objects.create(program=what, person=users[email], created_at=since)
    return users


def _saved_users(rows: list[User], *, without_proof: Collection[str] = ()) -> dict[str, User]:
    """`without_proof`: the addresses of those who have not yet shown that theirs is their own."""
    User.objects.bulk_create(rows, BATCH)
    addresses = [
        EmailAddress(user=user, email=user.email, verified=True, primary=True)
        for user in rows
        if user.email not in without_proof
    ]
    EmailAddress.objects.bulk_create(addresses, BATCH)
    return {user.email: user for user in rows}


def _rounds(program: Program, times: Times) -> dict[int, Round]:
    """Made by the clock's own function, as if it had looked at each quarter's end; by how many quarters ago."""
    for ago in range(PAST_QUARTERS, 0, -1):
        open_due_rounds(datetime.combine(times.quarter(ago).end, time(12), UTC))
    open_due_rounds(times.now)
    by_start = {round.quarter_start: round for round in program.rounds.select_related("program")}
    rounds = {ago: by_start[times.quarter(ago).start] for ago in range(PAST_QUARTERS + 1)}
    for round in rounds.values():
        opened_at = min(datetime.combine(round.opens_on, time(1), UTC), times.now)
        Round.objects.filter(pk=round.pk).update(created_at=opened_at)
    return rounds


def _save_pages(pages: Iterable[Page]) -> tuple[int, int]:
    """How many reflections and how many answers."""
    reflections = answers = 0
    pages = iter(pages)
    while batch := list(islice(pages, BATCH)):
        Reflection.objects.bulk_create([page.reflection for page in batch])
        written = [answer for page in batch for answer in page.answers]
        for answer in written:
            answer.reflection_id = answer.reflection.pk
        with data_keys.in_hand(*sorted({answer.sealed_for for answer in written})):
            Answer.objects.bulk_create(written, BATCH)
        readers = Answer.pairings.through
        readers.objects.bulk_create(
            [
                readers(answer=answer, pairing=pair.saved)
                for page in batch
                for answer in page.answers
                for pair in page.shared_with.get(answer.question_id, ())
            ],
            BATCH,
        )
        reflections, answers = reflections + len(batch), answers + len(written)
    return reflections, answers


def _create(model: type[Row], rows: Iterable[Row]) -> int:
    """How many there were."""
    count = 0
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        writers = {row.sealed_for for row in batch if isinstance(row, Sealed)}
        with data_keys.in_hand(*sorted(writers)):
            model._default_manager.bulk_create(batch)
        count += len(batch)
    return count
