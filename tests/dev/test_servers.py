"""The embedded servers: they start, they end with whoever started them, and they leave and loosen nothing."""

import contextlib
import os
import pwd
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from dev import postgres, redis_server
from dev.minder import has_ended_within
from dev.processes import ROOT, CannotStart, Household, free_port, holding, is_free
from dev.redis_server import packed_programs, start_redis
from dev.servers import servers

NOTHING_SET: dict[str, str] = {}
is_root = os.geteuid() == 0


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for kept servers; what root puts elsewhere for it goes too."""
    yield tmp_path / "kept"
    with contextlib.suppress(OSError):
        elsewhere = (tmp_path / "kept" / "place").read_text().strip()
        subprocess.run(["rm", "-rf", elsewhere], check=True)


def ask(address: str, query: str) -> object:
    connection = psycopg2.connect(address)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def runner(*argv: str, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """`python -m dev.servers run`, with none of the servers that the tests themselves run on."""
    clean = {
        name: text for name, text in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "DEBUG"}
    }
    return subprocess.Popen(
        [sys.executable, "-m", "dev.servers", "run", *argv],
        cwd=ROOT,
        env=clean | (environment or {}),
        stdout=subprocess.PIPE,
        text=True,
    )


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def wait_until_gone(processes: list[psutil.Process]) -> None:
    assert all(has_ended_within(60, process) for process in processes)


def test_both_servers_answer_and_nothing_of_them_is_left() -> None:
    with servers(environment=NOTHING_SET) as (house, addresses):
        assert ask(addresses["DATABASE_URL"], "SELECT 1") == 1
        # As PostgreSQL's own C.UTF-8 folds letters, the same on every machine.
        assert ask(addresses["DATABASE_URL"], "SELECT lower('ÅSE')") == "åse"
        assert redis.Redis.from_url(addresses["REDIS_URL"]).ping()
        running = [psutil.Process(child.process.pid) for child in house.children]
        log = house.children[0].log
    wait_until_gone(running)
    assert not log.parents[1].exists()


def test_nobody_gets_in_without_the_password() -> None:
    with servers(environment=NOTHING_SET) as (_, addresses):
        server, _, name = addresses["DATABASE_URL"].rpartition("/")
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(f"postgres://best_stuff:wrong@{server.rpartition('@')[2]}/{name}")
        with pytest.raises(redis.AuthenticationError):
            redis.Redis.from_url(f"redis://{addresses['REDIS_URL'].rpartition('@')[2]}").ping()


def test_servers_that_the_environment_names_are_used_and_none_is_started() -> None:
    named = {"DATABASE_URL": "postgres://elsewhere/db", "REDIS_URL": "redis://elsewhere/0"}
    with servers(environment=named) as (house, addresses):
        assert addresses == named
        assert house.children == []


def test_a_second_start_finds_the_data_of_the_first(folder: Path) -> None:
    with servers(folder, environment=NOTHING_SET) as (_, addresses):
        ask(addresses["DATABASE_URL"], "CREATE TABLE kept AS SELECT 7 AS seven")
    began = time.monotonic()
    with servers(folder, environment=NOTHING_SET) as (_, addresses):
        assert ask(addresses["DATABASE_URL"], "SELECT seven FROM kept") == 7
    assert time.monotonic() - began < 30


def test_two_runs_do_not_share_a_folder(folder: Path) -> None:
    folder.mkdir()
    refusal = pytest.raises(CannotStart, match=f"in use by another run .process {os.getpid()}")
    with holding(folder), refusal, servers(folder, environment=NOTHING_SET):
        pass
    with holding(folder):  # Let go of at the end.
        pass


def test_the_command_gets_the_addresses_and_its_exit_code_is_ours() -> None:
    code = "import os, sys; print(os.environ['DATABASE_URL'][:11], os.environ['REDIS_URL'][:8], os.environ['DEBUG'])"
    ran = runner("--", sys.executable, "-c", f"{code}; sys.exit(7)")
    assert ran.communicate(timeout=60)[0].strip() == "postgres:// redis:// 1"
    assert ran.returncode == 7


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_end_of_the_runner_is_the_end_of_all_it_started(number: signal.Signals, tmp_path: Path) -> None:
    # A temporary folder of its own shows what is left in it.
    # The runner says to its minder what it has started a moment after it began: a kill within that moment, which a busy
    # machine makes long, would leave it.
    ran = runner("--", "sh", "-c", "sleep 2; echo up; exec sleep 600", environment={"TMPDIR": str(tmp_path)})
    assert ran.stdout is not None
    assert ran.stdout.readline() == "up\n"
    started = family(ran)
    assert any("postgres" in process.name() for process in started)
    ran.send_signal(number)
    ran.wait(30)
    wait_until_gone(started)
    assert list(tmp_path.iterdir()) == []


def test_after_a_crash_of_everything_the_next_start_finds_the_data(folder: Path) -> None:
    store = "import os, psycopg2, time; c = psycopg2.connect(os.environ['DATABASE_URL']); c.autocommit = True"
    store += "; c.cursor().execute('CREATE TABLE kept AS SELECT 7 AS seven'); print('up', flush=True); time.sleep(600)"
    ran = runner("--folder", str(folder), "--", sys.executable, "-c", store)
    assert ran.stdout is not None
    assert ran.stdout.readline() == "up\n"
    started = psutil.Process(ran.pid).children()
    [orphan] = [one for one in started if "postgres" in one.name()]
    others = [one for one in started if one != orphan]
    # The minder first, so that it does not mind.
    for process in [
        *sorted(others, key=lambda one: "minder" not in str(one.cmdline())),
        psutil.Process(ran.pid),
    ]:
        process.kill()
    ran.wait(30)
    assert orphan.is_running()
    with servers(folder, environment=NOTHING_SET) as (_, addresses):
        assert ask(addresses["DATABASE_URL"], "SELECT seven FROM kept") == 7
        wait_until_gone([orphan])


def test_the_number_of_a_dead_server_is_no_obstacle_when_another_process_has_it(folder: Path) -> None:
    with servers(folder, environment=NOTHING_SET):
        pass
    data = postgres.remembered_place(folder) / "data"
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    with servers(folder, environment=NOTHING_SET) as (_, addresses):
        assert ask(addresses["DATABASE_URL"], "SELECT 1") == 1
    assert psutil.pid_exists(os.getpid())


@pytest.mark.parametrize("program", packed_programs(), ids=lambda path: path.name)
def test_each_redis_that_a_wheel_brings_does(program: Path, tmp_path: Path) -> None:
    with Household() as house:
        client = redis.Redis.from_url(start_redis(house, tmp_path, program=program))
        assert client.set("a", "b")
        assert client.get("a") == b"b"


def test_a_machine_without_any_redis_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(redis_server, "packed_programs", list)
    with pytest.raises(CannotStart, match="install it"):
        redis_server.find_program()


def test_a_port_that_is_taken_is_seen() -> None:
    port = free_port()
    assert is_free(port)
    with servers(environment={"DATABASE_URL": "postgres://x/y"}) as (_, addresses):
        assert not is_free(int(addresses["REDIS_URL"].rpartition(":")[2].partition("/")[0]))


def test_secrets_lie_in_files_that_only_their_owner_reads(folder: Path) -> None:
    with servers(folder, environment=NOTHING_SET) as (house, _):
        for file in (folder / "postgres-password", folder / "redis" / "redis.conf"):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        data = postgres.remembered_place(folder) / "data"
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        for child in house.children:
            line = " ".join(psutil.Process(child.process.pid).cmdline())
            assert (folder / "postgres-password").read_text() not in line


@pytest.mark.skipif(not is_root, reason="only root has a user to give up")
def test_as_root_postgresql_runs_as_somebody_else_and_no_permission_is_loosened(tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir(mode=0o700)
    folder = hidden / "kept"
    watched = [*tmp_path.parents, tmp_path, hidden, *Path(postgres.__file__).parents, Path(sys.prefix)]
    before = {path: path.stat()[:3] for path in watched}
    accounts = pwd.getpwall()
    try:
        with servers(folder, environment=NOTHING_SET) as (house, addresses):
            assert ask(addresses["DATABASE_URL"], "SELECT 1") == 1
            server = psutil.Process(house.children[0].process.pid)
            assert 0 not in server.uids()
            assert 0 not in server.gids()
            outside = postgres.remembered_place(folder)
            assert not outside.is_relative_to(tmp_path)  # Its account cannot pass the hidden folder.
            assert stat.S_IMODE(outside.stat().st_mode) == 0o711
        with servers(folder, environment=NOTHING_SET):
            assert postgres.remembered_place(folder) == outside
    finally:
        subprocess.run(["rm", "-rf", (folder / "place").read_text().strip()], check=True)
    assert {path: path.stat()[:3] for path in watched} == before
    assert pwd.getpwall() == accounts


@pytest.mark.skipif(not is_root, reason="only root has a user to give up")
def test_as_root_programs_that_the_account_cannot_read_are_copied_beside_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = postgres.choose_account(tmp_path)
    assert account is not None
    tried = postgres.can

    def can(who: postgres.Account, test: str, *, cwd: Path) -> bool:
        return "initdb" not in test and tried(who, test, cwd=cwd)

    monkeypatch.setattr(postgres, "can", can)
    with servers(environment=NOTHING_SET) as (house, addresses):
        assert ask(addresses["DATABASE_URL"], "SELECT 1") == 1
        program = Path(psutil.Process(house.children[0].process.pid).exe())
        assert not program.is_relative_to(Path(sys.prefix).resolve())
    assert not program.exists()


def test_a_folder_that_another_account_could_have_planted_is_not_taken(tmp_path: Path) -> None:
    planted = tmp_path / "planted"
    planted.mkdir()
    (tmp_path / "link").symlink_to(planted)
    (tmp_path / "place").write_text(str(tmp_path / "link"))
    assert postgres.remembered_place(tmp_path) == tmp_path / "postgres"
