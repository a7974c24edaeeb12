"""The two programs of conftest.py, made once for all tests of a file, each of which leaves them as it found them.

For files with very many tests: they import all of this, which then stands in for the fixtures of the same names.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from mentoring.models import Program
from tests import conftest as cast

from . import conftest as filled
from .conftest import World

__all__ = [
    "_made",
    "admin",
    "foreign",
    "mentee",
    "mentor",
    "other_admin",
    "other_program",
    "own",
    "program",
    "worlds",
]


@dataclass
class Worlds:
    """Both, and who looks after each."""

    own: World
    admin: User
    foreign: World
    other_admin: User


@pytest.fixture(scope="module")
def _made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Worlds]:
    """In a transaction that is never committed; each test has a savepoint in it."""
    with django_db_blocker.unblock(), transaction.atomic():
        program, other = cast.make_program(), cast.make_other_program()
        admin, other_admin = cast.make_admin(program), cast.make_other_admin(other)
        mentor, mentee = cast.make_mentor(program), cast.make_mentee(program)
        yield Worlds(
            filled.fill(program, mentor, mentee, admin),
            admin,
            filled.make_foreign(other, other_admin),
            other_admin,
        )
        transaction.set_rollback(True)


@pytest.fixture
def worlds(_made: Worlds, db: None) -> Worlds:
    """A test's own copies of the objects, so that it changes those of no other."""
    return copy.deepcopy(_made)


@pytest.fixture
def own(worlds: Worlds) -> World:
    return worlds.own


@pytest.fixture
def foreign(worlds: Worlds) -> World:
    return worlds.foreign


@pytest.fixture
def program(worlds: Worlds) -> Program:
    return worlds.own.program


@pytest.fixture
def other_program(worlds: Worlds) -> Program:
    return worlds.foreign.program


@pytest.fixture
def mentor(worlds: Worlds) -> User:
    return worlds.own.mentor


@pytest.fixture
def mentee(worlds: Worlds) -> User:
    return worlds.own.mentee


@pytest.fixture
def admin(worlds: Worlds) -> User:
    return worlds.admin


@pytest.fixture
def other_admin(worlds: Worlds) -> User:
    return worlds.other_admin
