"""What is said of the key file: versions, days and counts."""

from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.house import keys
from accounts.house.findings import State
from accounts.models import DataKey, User
from accounts.vault import data_keys, keyfile, rotation
from tests.conftest import TODAY


@pytest.fixture
def file(tmp_path: Path, settings: Settings) -> Path:
    path = tmp_path / "keys"
    keyfile.write_new(path, [keyfile.new_key(1, date(2025, 1, 2))])
    settings.KEY_FILE = str(path)
    return path


def test_one_version_stays_and_may_be_followed_by_another(file: Path, mentor: User) -> None:
    data_keys.key_for_writing(mentor.pk)
    found = keys.look()
    assert [(each.number, each.wraps, each.people) for each in found.versions] == [(1, True, 1)]
    assert found.turned_on is None
    assert [each.state for each in found.findings] == [State.GOOD, State.GOOD]
    assert found.findings[1].to_do == "manage.py keys rotate"


def test_an_earlier_version_may_go_once_nothing_needs_it(file: Path, mentor: User) -> None:
    data_keys.key_for_writing(mentor.pk)
    rotation.rotate(file, TODAY)
    found = keys.look()
    assert [(each.number, each.people) for each in found.versions] == [(2, 0), (1, 1)]
    assert found.turned_on == TODAY
    assert found.findings[1].to_do == "manage.py keys rewrap"
    rotation.rewrap()
    assert keys.look().findings[1].to_do == "manage.py keys retire"


def test_keys_under_a_version_that_the_file_lacks_are_bad(file: Path, mentor: User, mentee: User) -> None:
    for person, version in ((mentor, 1), (mentee, 7)):
        data_keys.key_for_writing(person.pk)
        DataKey.objects.filter(pk=person.pk).update(file_key=version)
    lost = keys.look().findings[0]
    assert lost.state is State.BAD
    assert "1" in lost.words


def test_a_file_that_is_gone_or_torn_is_said(file: Path, db: None) -> None:
    file.chmod(0o600)
    file.write_text("torn")
    assert keys.look().findings[0].state is State.BAD
    file.unlink()
    assert keys.look().findings[0].state is State.BAD
    assert keys.look().versions == []
