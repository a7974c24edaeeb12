from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.vault import keyfile, remembered
from tests.conftest import make_person

from .notebook import drop_tables, make_tables


@pytest.fixture(autouse=True)
def key_file(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Path]:
    """Its own for each test, with one version."""
    path = tmp_path_factory.mktemp("vault") / "keys"
    keyfile.write_new(path, [keyfile.new_key(1, date(2026, 6, 1))])
    settings.KEY_FILE = str(path)
    remembered.forget()
    yield path
    remembered.forget()


@pytest.fixture
def notebook(db: None) -> Iterator[None]:
    """The tables of the tests' own models."""
    make_tables()
    yield
    if not connection.in_atomic_block:
        drop_tables()


@pytest.fixture
def ana(notebook: None) -> User:
    return make_person("ana@harbor.example", "Ana Reis")


@pytest.fixture
def ben(notebook: None) -> User:
    return make_person("ben@harbor.example", "Ben Okafor")
