"""`make check`: everything that can be said about the code without running the tests.

All checks run, two at a time, even when one fails; `make check ARGS="lint types"` runs some.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from dev.processes import ROOT
from dev.servers import key_file

NOWHERE = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing", "REDIS_URL": "redis://127.0.0.1:1/0"}
DEVELOPMENT = {"DEBUG": "1", **NOWHERE}
# As an installation would set them, so that `check --deploy` judges what an installation gets.
PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "PUBLIC_BASE_URL": "https://mentoring.example.org",
    "TRUSTED_PROXY_COUNT": "1",
    **NOWHERE,
}


@dataclass(frozen=True)
class Check:
    name: str
    module: str
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] | None = None

    def run(self) -> tuple[int, str, float]:
        """The exit code, what it said, and the seconds it took."""
        began = time.monotonic()
        environment = {
            name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ
        }
        ran = subprocess.run(
            [sys.executable, *self.module.split(), *self.arguments],
            cwd=ROOT,
            env=environment | dict(self.environment or DEVELOPMENT),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return ran.returncode, ran.stdout, time.monotonic() - began


CHECKS = (
    Check("types", "-m mypy"),  # The longest goes first.
    Check("format", "-m ruff", ("format", "--check", "--output-format=concise", ".")),
    Check("lint", "-m ruff", ("check", "--quiet", "--output-format=concise", ".")),
    Check("imports", "-c", ("from importlinter.cli import lint_imports_command as run; run()",)),
    Check("templates", "-m dev.templates"),
    Check("markup", "-m djlint", ("--lint", "--quiet", "templates")),
    Check("settings", "manage.py", ("check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
    # No database is asked; Django would warn that it could not look at which migrations ran there.
    Check("migrations", "-W ignore manage.py", ("makemigrations", "--check", "--dry-run")),
    Check("translations", "-m dev.messages", ("check",)),
)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        PRODUCTION["KEY_FILE"] = key_file(Path(folder))
        return check()


def check() -> int:
    chosen = [check for check in CHECKS if check.name in sys.argv[1:] or not sys.argv[1:]]
    if unknown := set(sys.argv[1:]) - {check.name for check in CHECKS}:
        print(f"no such check: {', '.join(sorted(unknown))}; there are {', '.join(c.name for c in CHECKS)}")
        return 2
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for check, (code, said, took) in zip(chosen, pool.map(Check.run, chosen), strict=True):
            print(f"{'ok  ' if code == 0 else 'FAIL'} {check.name:<14}{took:6.1f} s", flush=True)
            if code:
                failed.append(check.name)
                print("\n".join(f"     {line}" for line in said.strip().splitlines()), flush=True)
    if failed:
        print(f"\n{len(failed)} of {len(chosen)} checks failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
