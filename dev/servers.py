"""Runs a command with a PostgreSQL and a Redis of its own.

    python -m dev.servers run -- python manage.py migrate
    python -m dev.servers run --folder var/dev -- bash

Without `--folder` the servers are throw-away: quick, empty, and gone at the end. The command gets DATABASE_URL,
REDIS_URL, KEY_FILE and, unless it is set, DEBUG=1; where DATABASE_URL or REDIS_URL is set already, that server is used
and none is started, and so is a key file.
"""

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from accounts.vault import keyfile
from dev.postgres import start_postgres
from dev.processes import CannotStart, Household, end_on_signals, holding, run_in_foreground
from dev.redis_server import start_redis


@contextlib.contextmanager
def servers(
    folder: Path | None = None, *, environment: Mapping[str, str] = os.environ
) -> Iterator[tuple[Household, dict[str, str]]]:
    """Both servers, ready, for as long as the `with` block lasts: the household they live in and their two addresses.

    `folder` keeps their data; without one they are throw-away. Raises CannotStart.
    """
    with contextlib.ExitStack() as stack, Household() as house:
        kept = folder is not None
        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix="best-stuff-"))
            folder.chmod(0o711)  # An account that PostgreSQL runs as goes through, but sees nothing.
            house.throw_away(folder)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(holding(folder))
        yield house, start_servers(house, folder, throwaway=not kept, environment=environment)


def key_file(folder: Path) -> str:
    """The key file of private words in this folder, made where there is none."""
    path = folder / "keys"
    if not path.exists():
        keyfile.write_new(path, [keyfile.new_key(1, datetime.now(UTC).date())])
    return str(path)


def start_servers(
    house: Household, folder: Path, *, throwaway: bool, environment: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Start what the environment does not name already; DATABASE_URL and REDIS_URL. Raises CannotStart."""
    addresses = {name: environment[name] for name in ("DATABASE_URL", "REDIS_URL") if environment.get(name)}
    if "DATABASE_URL" not in addresses:
        addresses["DATABASE_URL"] = start_postgres(house, folder, throwaway=throwaway)
    if "REDIS_URL" not in addresses:
        addresses["REDIS_URL"] = start_redis(house, folder)
    return addresses


def run(
    argv: Sequence[str], *, folder: Path | None = None, environment: Mapping[str, str] = os.environ
) -> int:
    """Run a command with both servers; its exit code, as a shell gives it."""
    with servers(folder, environment=environment) as (house, addresses):
        if not environment.get("KEY_FILE"):
            if folder is None:
                folder = Path(tempfile.mkdtemp(prefix="best-stuff-"))
                house.throw_away(folder)
            addresses["KEY_FILE"] = key_file(folder)
        return run_in_foreground(house, argv, {"DEBUG": "1", **environment, **addresses})


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m dev.servers", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(required=True)
    runner = commands.add_parser("run", help="run a command with both servers")
    runner.add_argument("--folder", type=Path, help="keep the servers' data here")
    runner.add_argument("command", nargs="+")
    given = parser.parse_args()
    end_on_signals()
    try:
        return run(given.command, folder=given.folder and given.folder.resolve())
    except CannotStart as problem:
        print(f"Cannot start: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
