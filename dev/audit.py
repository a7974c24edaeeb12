"""`make audit`: asks an advisory service about every package of every lock.

Ends with 0 only where the service answered for all of them and knows of no fault. It is asked first about a package
that is known to have faults, so that one that says "nothing" to everything is no all-clear.

The service is OSV's, or another that speaks its protocol at PIP_AUDIT_OSV_URL.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev.locked import Package, canonical, locks, packages
from dev.processes import ROOT

# Django 3.2, which has had no fixes since April 2024: its faults are in every database of advisories.
KNOWN_FAULTY = Package("django", "3.2", "", ("sha256:" + "0" * 64,))
AUDIT = (
    *("-m", "pip_audit", "--strict", "--require-hashes", "--disable-pip", "--progress-spinner", "off"),
    *("--format", "json", "--desc", "off", "--aliases", "on", "--vulnerability-service", "osv"),
)


class NoAnswer(Exception):
    """The service did not answer for all that it was asked about; the text says what is known of why."""


@dataclass(frozen=True)
class Fault:
    package: Package
    advisory: str
    mended_in: tuple[str, ...]


def main() -> int:
    asked = in_locks()
    try:
        if not faults([KNOWN_FAULTY]):
            raise NoAnswer("it knows of no fault in Django 3.2")
        found = [fault for some in rounds(list(asked)) for fault in faults(some)]
    except NoAnswer as problem:
        print(
            f"No advisory service answered, so nothing is known of these {len(asked)} packages: {problem}.",
            file=sys.stderr,
        )
        return 1
    for fault in found:
        mended = f", mended in {', '.join(fault.mended_in)}" if fault.mended_in else ""
        print(f"{fault.package.pin} ({', '.join(asked[fault.package])}): {fault.advisory}{mended}")
    print(f"{len(asked)} packages of {len(locks())} locks asked about, {len(found)} known faults.")
    return 1 if found else 0


def in_locks() -> dict[Package, list[str]]:
    """Every package at every version that a lock pins, those for other systems too, and the locks that do."""
    found: dict[Package, list[str]] = {}
    for lock in locks():
        for one in packages(lock):
            anywhere = Package(canonical(one.name), one.version, "", one.hashes[:1])
            found.setdefault(anywhere, []).append(lock.name)
    return found


def rounds(asked: Sequence[Package]) -> Iterator[list[Package]]:
    """All of them, in lists in which no name stands twice: pip-audit takes one version of each."""
    left = list(asked)
    while left:
        by_name = {one.name: one for one in reversed(left)}
        yield list(by_name.values())
        left = [one for one in left if by_name[one.name] is not one]


def faults(asked: Sequence[Package]) -> list[Fault]:
    """What the service knows of these packages. Raises NoAnswer where it did not answer for each."""
    said = _said(asked)
    by_name = {canonical(one["name"]): one for one in said["dependencies"]}
    unanswered = [one.name for one in asked if "vulns" not in by_name.get(one.name, {})]
    if unanswered:
        raise NoAnswer(f"{len(unanswered)} were left out, {unanswered[0]} among them")
    return [
        Fault(one, " ".join(sorted({fault["id"], *fault.get("aliases", [])})), tuple(fault["fix_versions"]))
        for one in asked
        for fault in by_name[one.name]["vulns"]
    ]


def _said(asked: Sequence[Package]) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder) / "requirements.txt"
        lock.write_text("".join(f"{one.pin} --hash={one.hashes[0]}\n" for one in asked))
        where = ("--osv-url", _service(), "--cache-dir", str(Path(folder) / "cache"))
        ran = subprocess.run(
            [sys.executable, *AUDIT, *where, "--requirement", str(lock)],
            cwd=ROOT,
            env=os.environ | {"PIP_AUDIT_LOGLEVEL": "ERROR"},
            capture_output=True,
            text=True,
            check=False,
        )
    try:
        return json.loads(ran.stdout)
    except ValueError:
        raise NoAnswer(_why(ran)) from None


def _service() -> str:
    return os.environ.get("PIP_AUDIT_OSV_URL", "https://api.osv.dev/v1/query")


def _why(ran: "subprocess.CompletedProcess[str]") -> str:
    lines = ran.stderr.strip().splitlines() or [f"pip-audit ended with {ran.returncode}"]
    if "connect" in lines[-1].lower():
        return f"{_service()} cannot be reached"
    return lines[-1].strip()


if __name__ == "__main__":
    sys.exit(main())
