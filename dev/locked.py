"""What the locks pin: `packages(ROOT / "requirements.txt")`."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dev.processes import ROOT

# Those of which an installation is made; the others are for whoever develops.
SHIPPED = ("requirements.txt", "requirements-saml.txt", "requirements-s3.txt")
ENTRY = re.compile(r"^(?=\S)", re.MULTILINE)
HASH = re.compile(r"--hash=(\S+)")


@dataclass(frozen=True)
class Package:
    """One entry of a lock; `marker` says on which systems and Pythons it is installed, all where it is empty."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def pin(self) -> str:
        return f"{self.name}=={self.version}"


def locks() -> list[Path]:
    return sorted(ROOT.glob("requirements*.txt"))


def packages(lock: Path) -> list[Package]:
    """Each entry, in the lock's order. A ValueError names one that is pinned to no single version."""
    entries = (
        entry for entry in ENTRY.split(lock.read_text()) if entry.strip() and not entry.startswith("#")
    )
    return [_package(entry) for entry in entries]


def _package(entry: str) -> Package:
    head = entry.partition("--hash=")[0].replace("\\\n", " ").strip()
    pin, _, marker = head.partition(";")
    name, _, version = pin.strip().partition("==")
    if not version:
        raise ValueError(f"not pinned: {head}")
    return Package(name, version, marker.strip(), tuple(HASH.findall(entry)))


def asked_for(*groups: str, extras: tuple[str, ...] = ()) -> list[Requirement]:
    """What pyproject.toml asks for: the dependencies, and those of these groups and extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = list(project["project"]["dependencies"])
    for extra in extras:
        asked += project["project"]["optional-dependencies"][extra]
    for group in groups:
        asked += [one for one in project["dependency-groups"][group] if isinstance(one, str)]
    return [Requirement(one) for one in asked]


def canonical(name: str) -> str:
    return canonicalize_name(name)
