"""The fixed cast: a program with its admin, a pair of mentor and mentee, and people with no business there."""

import contextlib
import gc
import importlib
import os
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import translation
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from accounts import devices
from accounts.models import User
from mentoring.models import Enrollment, EnrollmentSkill, Pairing, Program, ProgramAdmin, Skill

from . import committed
from .browser.stack import Ground

PASSWORD = "a quiet long password"
# A Tuesday in the last full week of a quarter of the cast's program, whose fiscal year begins in April.
TODAY = date(2026, 6, 23)
NOW = datetime(2026, 6, 23, 12, 0, tzinfo=UTC)


def pytest_configure() -> None:
    """What costs the cast time and is tested elsewhere: a slow hash, and the admins' second factor.

    And no test fails because a machine was busy: Hypothesis would give each example a fifth of a second.
    """
    hypothesis.settings.register_profile("patient", deadline=None)
    hypothesis.settings.load_profile("patient")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.REQUIRE_ADMIN_SECOND_FACTOR = False
    # What commits leaves the next test the rows that migrations made, the default questionnaire among them.
    TransactionTestCase._fixture_teardown = lambda self: committed.restore()  # type: ignore[method-assign]


def pytest_sessionstart(session: pytest.Session) -> None:
    """While the processes of a whole run load the tests, the one that started them lays the ground on which all stand:
    otherwise they would wait for it with nothing to do."""
    config = session.config
    is_first_of_several = config.getoption("dist", "no") != "no" and "PYTEST_XDIST_WORKER" not in os.environ
    if not is_first_of_several or "DATABASE_URL" not in os.environ or not runs_all(config):
        return
    ground = Ground.of_this_run(config._tmp_path_factory.getbasetemp())  # type: ignore[attr-defined]
    held = contextlib.ExitStack()
    # Where that fails, the first process that needs it tries again, and says why.
    laying = threading.Thread(target=held.enter_context, args=[ground.laid()])
    laying.start()
    config.add_cleanup(held.close)
    config.add_cleanup(laying.join)


def runs_all(config: pytest.Config) -> bool:
    return config.args == config.getini("testpaths")


def pytest_collection(session: pytest.Session) -> None:
    """Each process of a run begins to import the tests at another place. Where nothing is compiled yet, above all their
    assertions, which pytest writes anew, each compiles a part of them, and finds the rest done by the others."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if not number or not runs_all(session.config):
        return
    root = session.config.rootpath
    files = sorted(root.glob("tests/**/test_*.py"))
    begin = len(files) * int(number) // int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    for file in files[begin:] + files[:begin]:
        # What cannot be imported is found again, and said, when it is collected.
        with contextlib.suppress(Exception, pytest.skip.Exception):
            importlib.import_module(".".join(file.relative_to(root).with_suffix("").parts))


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end, and need not be looked through again and again for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)


# They start programs of their own, which takes long, and wait for them.
LONG = (
    "tests/browser/",
    "tests/faults/",
    "tests/bench/",
    "tests/dev/",
    "tests/test_settings.py",
    "tests/test_connections.py",
    "tests/test_stopping.py",
    "tests/test_web_processes.py",
    "tests/accounts/monitoring/",
    "tests/accounts/setup/",
    "tests/reflections/test_migrations.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no process is left alone with it at the end: above all whatever has an
    installation of its own. All that is shorter fills the time in which those wait."""

    def place(item: pytest.Item) -> tuple[int, bool]:
        of = (number for number, start in enumerate(LONG) if item.nodeid.startswith(start))
        return next(of, len(LONG)), "stack" not in getattr(item, "fixturenames", ())

    items.sort(key=place)


def make_person(email: str, name: str, **fields: object) -> User:
    fields.setdefault("time_zone", "Europe/Lisbon")
    fields.setdefault("language", "en-us")
    return User.objects.create(email=email, name=name, password=_hashed(), **fields)


@cache
def _hashed() -> str:
    """Hashing is slow on purpose: once is enough for a cast that shares its password."""
    return make_password(PASSWORD)


def in_state(status: str) -> dict[str, object]:
    """The fields of a place in this state, with what the database wants to know of it."""
    waits = status == Enrollment.Status.WAITLISTED
    applied = waits or status == Enrollment.Status.APPLIED
    return {
        "status": status,
        "applied_at": NOW if applied else None,
        "waitlisted_at": NOW if waits else None,
    }


def enroll(program: Program, person: User, role: str, **fields: object) -> Enrollment:
    """A place in any state."""
    values = {"joined_on": program.starts_on, **in_state(str(fields.get("status", "active"))), **fields}
    return Enrollment.objects.create(program=program, person=person, role=role, **values)


def say_skills(place: Enrollment, side: str, *names: str) -> None:
    """Somebody offers, or seeks, these; what is not on the program's list is put there."""
    for name in names:
        skill, _created = Skill.objects.get_or_create(program=place.program, name=name)
        EnrollmentSkill.objects.create(enrollment=place, side=side, skill=skill)


def pair(program: Program, mentor: User, mentee: User, **fields: object) -> Pairing:
    """An active pairing since the program's first day."""
    since = datetime.combine(program.starts_on, datetime.min.time(), tzinfo=UTC)
    values: dict[str, object] = {
        "status": Pairing.Status.ACTIVE,
        "starts_on": program.starts_on,
        "mentor_accepted_at": since,
        "mentee_accepted_at": since,
    }
    return Pairing.objects.create(program=program, mentor=mentor, mentee=mentee, **(values | fields))


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """What installations and databases of tests are made from, once in a run however many processes it has."""
    with Ground.of_this_run(tmp_path_factory.getbasetemp()).laid() as ground:
        yield ground


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Of several processes one migrates a database, and each has a copy of it, which it need not migrate."""
    if int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")) > 1 and "DATABASE_URL" in os.environ:
        ground: Ground = request.getfixturevalue("ground")
        connection.settings_dict["TEST"] |= {"TEMPLATE": ground.template, "MIGRATE": False}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The database as pytest-django makes it; what its migrations put there is kept, for `committed.restore`."""
    with django_db_blocker.unblock():
        committed.keep()


@pytest.fixture(autouse=True)
def _tries_of_its_own(settings: Settings) -> None:
    """Rate limits live in Redis, which a whole run shares: what one test tried is not counted in another."""
    forget_tries(settings)


def forget_tries(settings: Settings) -> None:
    """As when what the cache held has run out. Clearing it would clear Redis, under the hands of other tests.

    A Redis that is slow because the machine is busy is waited for: pages would count without it after a second.
    """
    own = {"KEY_PREFIX": f"test-{uuid.uuid4().hex}", "OPTIONS": {"socket_timeout": 30}}
    settings.CACHES = {"default": settings.CACHES["default"] | own}


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """A page for somebody who reads German leaves that language active in its thread, which tests share."""
    translation.activate(settings.LANGUAGE_CODE)


def make_program() -> Program:
    return Program.objects.create(
        name="Harbor Mentors",
        slug="harbor",
        purpose="Pairs people who learn from each other.",
        time_zone="Europe/Lisbon",
        fiscal_first_month=4,
        starts_on=date(2026, 1, 5),
        contact_name="Rosa",
        contact_email="rosa@harbor.example",
        has_wall=True,
    )


@pytest.fixture
def program(db: None) -> Program:
    return make_program()


def make_other_program() -> Program:
    return Program.objects.create(
        name="Hill Mentors", slug="hill", time_zone="America/Denver", starts_on=date(2026, 1, 5)
    )


@pytest.fixture
def other_program(db: None) -> Program:
    return make_other_program()


def make_mentor(program: Program) -> User:
    person = make_person("noor@harbor.example", "Noor Haddad")
    enroll(program, person, Enrollment.Role.MENTOR, capacity=3)
    return person


@pytest.fixture
def mentor(program: Program) -> User:
    return make_mentor(program)


def make_mentee(program: Program) -> User:
    person = make_person("tomasz@harbor.example", "Tomasz Zielinski", time_zone="Europe/Warsaw")
    enroll(program, person, Enrollment.Role.MENTEE)
    return person


@pytest.fixture
def mentee(program: Program) -> User:
    return make_mentee(program)


@pytest.fixture
def pairing(program: Program, mentor: User, mentee: User) -> Pairing:
    return pair(program, mentor, mentee, focus="clients and pricing")


def make_member(program: Program) -> User:
    person = make_person("ines@harbor.example", "Ines Duarte")
    enroll(program, person, Enrollment.Role.MENTEE)
    return person


@pytest.fixture
def member(program: Program) -> User:
    """In the same program, in no pairing with the two."""
    return make_member(program)


def make_outsider() -> User:
    return make_person("otto@elsewhere.example", "Otto Berg")


@pytest.fixture
def outsider(db: None) -> User:
    """Signed in, and in no program."""
    return make_outsider()


def make_admin(program: Program) -> User:
    person = make_person("rosa@harbor.example", "Rosa Lind")
    ProgramAdmin.objects.create(program=program, person=person)
    return person


@pytest.fixture
def admin(program: Program) -> User:
    """Runs the program; is not in it."""
    return make_admin(program)


def make_other_admin(other_program: Program) -> User:
    person = make_person("hugo@hill.example", "Hugo Stein")
    ProgramAdmin.objects.create(program=other_program, person=person)
    return person


@pytest.fixture
def other_admin(other_program: Program) -> User:
    """Runs another program."""
    return make_other_admin(other_program)


def make_superuser() -> User:
    return make_person("root@harbor.example", "Sam Root", is_superuser=True)


@pytest.fixture
def superuser(db: None) -> User:
    return make_superuser()


def signed_in(person: User | None) -> Client:
    """A browser in which this person is signed in; nobody is, for None."""
    client = Client()
    if person is not None:
        client.force_login(person)
        devices.is_to_be_noted(client.session.session_key or "")  # As a moment after signing in.
    return client
