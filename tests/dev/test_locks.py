"""The locks: everything hashed, everything asked for in them, and no word of where packages come from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from dev.locked import asked_for as asked_of
from dev.locked import canonical, packages

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(ROOT.glob("requirements*.txt"))


def pinned(lock: Path) -> dict[str, str]:
    """Each package of a lock and the text that pins it."""
    entries = re.split(r"^(?=\S)", lock.read_text(), flags=re.MULTILINE)
    return {entry.partition("==")[0]: entry for entry in entries if entry and not entry.startswith("#")}


def asked_for(*groups: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = list(project["project"]["dependencies"])
    for group in groups:
        asked += [one for one in project["dependency-groups"][group] if isinstance(one, str)]
    return {re.split(r"[\[<>=;! ]", one)[0].lower() for one in asked}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_is_pinned_with_hashes_and_none_by_address(lock: Path) -> None:
    entries = pinned(lock)
    assert entries
    for name, entry in entries.items():
        assert re.match(rf"{name}==[^ ]+ ", entry), entry
        assert "--hash=sha256:" in entry, name
    assert not re.search(r"://|--(extra-)?index|--find-links|^-[ef]", lock.read_text(), re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("requirements.txt", ()),
        ("requirements-demo.txt", ("demo",)),
        ("requirements-dev.txt", ("demo", "dev")),
    ],
)
def test_all_that_is_asked_for_is_locked(name: str, groups: tuple[str, ...]) -> None:
    assert asked_for(*groups) <= set(pinned(ROOT / name))


def test_the_locks_agree_with_each_other() -> None:
    dev = pinned(ROOT / "requirements-dev.txt")
    for name in ("requirements.txt", "requirements-demo.txt", "requirements-saml.txt"):
        for package, entry in pinned(ROOT / name).items():
            assert entry.split()[0] == dev[package].split()[0]


def test_every_package_of_production_is_accounted_for() -> None:
    told = (ROOT / "docs" / "dependencies.md").read_text().lower()
    assert [name for name in asked_for("demo", "dev") if name not in told] == []


LOCKED_FOR: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "requirements.txt": ((), ()),
    "requirements-saml.txt": ((), ("saml",)),
    "requirements-s3.txt": ((), ("s3",)),
    "requirements-demo.txt": (("demo",), ()),
    "requirements-dev.txt": (("demo", "dev"), ()),
}


@pytest.mark.parametrize("name", LOCKED_FOR)
def test_a_lock_is_in_step_with_what_is_asked_for(name: str) -> None:
    """Each package at a version that pyproject.toml admits; where the lock has two of them, for two Pythons, both."""
    groups, extras = LOCKED_FOR[name]
    assert [
        wrong for one in asked_of(*groups, extras=extras) for wrong in out_of_step(one, ROOT / name)
    ] == []


def test_uv_is_locked_as_it_is_asked_for() -> None:
    (uv,) = (
        Requirement(one)
        for one in tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]["setup"]
    )
    assert out_of_step(uv, ROOT / "requirements-setup.txt") == []


def test_a_lock_out_of_step_is_found() -> None:
    lock = ROOT / "requirements.txt"
    assert out_of_step(Requirement("django>=6"), lock)
    assert out_of_step(Requirement("nobody-asked-for-this"), lock)


def out_of_step(asked: Requirement, lock: Path) -> list[str]:
    versions = [one.version for one in packages(lock) if canonical(one.name) == canonical(asked.name)]
    wrong = [
        version
        for version in versions
        if not SpecifierSet(str(asked.specifier)).contains(version, prereleases=True)
    ]
    return [f"{lock.name}: {asked} and {wrong or 'no version'}"] if wrong or not versions else []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_entry_of_a_lock_has_hashes_that_are_long_enough(lock: Path) -> None:
    entries = packages(lock)
    assert [one.pin for one in entries if not one.hashes] == []
    assert [
        one for entry in entries for one in entry.hashes if not re.fullmatch(r"sha256:[0-9a-f]{64}", one)
    ] == []
