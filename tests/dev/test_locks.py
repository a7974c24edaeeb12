"""The locks: everything hashed, everything asked for in them, and no word of where packages come from."""

import re
import tomllib
from pathlib import Path

import pytest

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
