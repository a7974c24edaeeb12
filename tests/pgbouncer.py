"""A real PgBouncer in transaction mode before the database of a test, with fewer connections than it has clients."""

import shutil
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dev.processes import Account, Child, Household, free_port

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/sbin")


@dataclass(frozen=True)
class Pooler:
    url: str
    log: Path
    child: Child


def start_pgbouncer(house: Household, folder: Path, database_url: str, *, pool_size: int) -> Pooler:
    """`url` is that of the same database through the pooler. Raises AssertionError where there is no PgBouncer."""
    assert PROGRAM, "this machine has no pgbouncer: apt-get install pgbouncer"
    to, port = urlsplit(database_url), free_port()
    name = to.path.lstrip("/")
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    users, ini, log = folder / "users.txt", folder / "pgbouncer.ini", folder / "pgbouncer.log"
    users.write_text(f'"{to.username}" "{to.password}"\n')
    ini.write_text(
        "[databases]\n"
        f"{name} = host={to.hostname} port={to.port} dbname={name} user={to.username} password={to.password}\n"
        "[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = plain\nauth_file = {users}\n"
        f"pool_mode = transaction\ndefault_pool_size = {pool_size}\nmax_client_conn = 500\n"
        "server_reset_query_always = 0\nignore_startup_parameters = extra_float_digits\n"
    )
    child = house.start("PgBouncer", [PROGRAM, ini], log=log, account=_account(), cwd=folder, is_server=True)
    until = time.monotonic() + 20
    while not _listens(port):
        assert time.monotonic() < until, log.read_text()
        assert not child.has_ended, log.read_text()
        time.sleep(0.05)
    return Pooler(to._replace(netloc=f"{to.username}:{to.password}@127.0.0.1:{port}").geturl(), log, child)


def _account() -> Account | None:
    """It refuses to run as root."""
    import os
    import pwd

    return Account.of(pwd.getpwnam("nobody")) if os.geteuid() == 0 else None


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
