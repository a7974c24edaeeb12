"""Best Stuff is installed into a bare Debian by the very steps of docs/operations.md, under a real systemd.

It needs root, debootstrap and systemd-nspawn (Debian's systemd-container). The bare tree is kept under /var/cache
for the next run of the same month. The tree has a network of its own while it runs, with loopback alone.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from dev.processes import ROOT

CACHE = Path("/var/cache/best-stuff-drills")
TREES = Path("/var/tmp")  # noqa: S108 (root's own below it, and larger than /tmp may be)
RELEASE = "bookworm"
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
CANARY = "canary-of-the-drill"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
RUN_INSIDE = ("over_https.py", "restarting.py", "people_of_the_tree.py", "quarter_over_https.py")
PYTHON = "/srv/best-stuff/.venv/bin/python"
MANAGE = f"cd /srv/best-stuff; runuser -u best-stuff -- env ENV_FILE=/etc/best-stuff/env {PYTHON} manage.py"
CATCHER = """
import pathlib, time
from aiosmtpd.controller import Controller
class Handler:
    async def handle_DATA(self, server, session, envelope):
        pathlib.Path(f"/root/mail-{time.time_ns()}").write_bytes(envelope.content)
        return "250 ok"
Controller(Handler(), hostname="127.0.0.1", port=25).start()
while True:
    time.sleep(60)
"""
PROXIES = {
    "caddy": """systemctl stop nginx
sed 's#^mentoring.example.org {#&\\n\\ttls internal#' /srv/best-stuff/deploy/Caddyfile > /etc/caddy/Caddyfile
systemctl restart caddy""",
    "nginx": """systemctl stop caddy
install -d /etc/letsencrypt/live/mentoring.example.org && cd /etc/letsencrypt/live/mentoring.example.org
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=mentoring.example.org -keyout privkey.pem -out fullchain.pem
rm -f /etc/nginx/sites-enabled/* && cp /srv/best-stuff/deploy/nginx.conf /etc/nginx/sites-enabled/best-stuff
systemctl restart nginx""",
}


def run(*argv: str | Path, given: bytes | None = None, **options: object) -> str:
    """What the command prints; an AssertionError with its output when it fails."""
    done = subprocess.run(
        argv,
        input=given,
        stdin=None if given is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **options,  # type: ignore[call-overload]
    )
    said: str = done.stdout.decode(errors="replace")
    assert done.returncode == 0, f"{argv[0]} ended with {done.returncode}:\n{said[-4000:]}"
    return said


def steps() -> list[str]:
    """The shell blocks of the documentation's first way, in order."""
    text = (ROOT / "docs" / "operations.md").read_text()
    text = text.split("### One machine, with systemd")[1].split("### In containers")[0]
    found = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    assert len(found) == 4
    return found


def bare() -> Path:
    """The archive of a bare tree, made if there is none of this month."""
    kept = CACHE / f"{RELEASE}-{datetime.now(UTC):%Y-%m}.tar"
    if kept.exists():
        return kept
    form = "$(REPO_URI) $(RELEASE) $(COMPONENT) $(CREATED_BY)"
    lines = run("apt-get", "indextargets", "--format", form).splitlines()
    mirror = next(line.split()[0] for line in lines if line.endswith(f" {RELEASE} main Packages"))
    tree = CACHE / f"making-{os.getpid()}"
    try:
        run("debootstrap", "--variant=minbase", RELEASE, tree, mirror)
        run("tar", "-C", tree, "-cf", kept.with_suffix(".part"), ".")
        kept.with_suffix(".part").rename(kept)
    finally:
        shutil.rmtree(tree, ignore_errors=True)
    return kept


def in_tree(tree: Path, script: str) -> str:
    """Run it in the tree, with the machine's network and registries, before anything is started there."""
    mounts = f"mount -t proc proc {tree}/proc; mount --rbind /dev {tree}/dev; " + "".join(
        f"mkdir -p {tree}{inside}; mount --bind {CACHE}/{name} {tree}{inside}; "
        for name, inside in (("archives", "/var/cache/apt/archives"), ("pip", "/root/pip"))
    )
    entered = f"{mounts} exec chroot {tree} sh -e -s"
    environment = {"PATH": PATH, "DEBIAN_FRONTEND": "noninteractive", "PIP_CACHE_DIR": "/root/pip"}
    environment |= dict.fromkeys(("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"), CERTIFICATES)
    argv = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-e", "-c", entered)
    return run(*argv, given=script.encode(), env=environment)


@pytest.fixture
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A bare Debian with the machine's own apt and pip configuration, and a checkout in /srv/best-stuff."""
    missing = [name for name in ("debootstrap", "systemd-nspawn") if not shutil.which(name)]
    assert not missing, f"apt-get install debootstrap systemd-container: {missing} missing"
    assert os.geteuid() == 0, "this drill has to be run as root"
    for name in ("archives", "pip"):
        (CACHE / name).mkdir(parents=True, exist_ok=True)
    for left in TREES.glob("best-stuff-drill-*"):  # Of a run that was killed before it could.
        if not psutil.pid_exists(int(left.name.removesuffix(".log").rpartition("-")[2])):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    made = TREES / f"best-stuff-drill-{os.getpid()}"
    made.mkdir()
    made.chmod(0o755)
    try:
        run("tar", "-C", made, "-xpf", bare())
        (made / "etc/apt/sources.list").unlink(missing_ok=True)
        for name in ("etc/resolv.conf", "etc/hosts", "etc/pip.conf", CERTIFICATES.lstrip("/")):
            if Path("/", name).exists():
                (made / name).parent.mkdir(parents=True, exist_ok=True)
                (made / name).unlink(missing_ok=True)
                shutil.copy(Path("/", name), made / name)
        for pattern in ("etc/apt/sources.list.d/*.sources", "usr/share/keyrings/*", "etc/apt/apt.conf.d/99*"):
            for each in Path("/").glob(pattern):
                shutil.copy(each, made / each.relative_to("/"))
        (made / "srv/best-stuff").mkdir()
        (made / "srv/best-stuff").chmod(0o755)
        archive = subprocess.run(("git", "archive", "HEAD"), cwd=ROOT, capture_output=True, check=True).stdout
        run("tar", "-C", made / "srv/best-stuff", "-x", given=archive)
        for name in RUN_INSIDE:
            shutil.copy(Path(__file__).with_name(name), made / "root")
        (made / "root/catcher.py").write_text(CATCHER)
        yield made
    finally:
        shutil.rmtree(made)


class Machine:
    """The tree, booted."""

    def __init__(self, tree: Path) -> None:
        self.log = (tree.parent / f"{tree.name}.log").open("wb")
        argv = ("systemd-nspawn", "-q", "-D", tree, "-b", "--register=no", "--keep-unit")
        self.process = subprocess.Popen(
            (*argv, "--private-network", "--resolv-conf=off"),
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def run(self, script: str) -> str:
        first = psutil.Process(self.process.pid).children()[0].pid
        argv = ("nsenter", "-t", str(first), "-m", "-u", "-i", "-n", "-p", "-r", "-w/", "sh", "-e", "-s")
        return run(*argv, given=f"cd /\n{script}".encode(), env={"PATH": PATH, "HOME": "/root"}, timeout=300)

    def wait_for(self, script: str) -> None:
        end = time.monotonic() + 60
        while trouble := self._trouble(script):
            assert time.monotonic() < end, f"not within a minute: {script}\n{trouble}"
            time.sleep(1)

    def _trouble(self, script: str) -> str:
        try:
            self.run(script)
        except (AssertionError, IndexError, psutil.NoSuchProcess) as error:
            return str(error) or type(error).__name__
        return ""

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(120)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        Path(self.log.name).unlink()


def test_a_bare_debian_becomes_an_installation_by_the_steps_of_the_page(tree: Path) -> None:
    packages, install, database, first_start = steps()
    # Nothing is started before it is booted, and the machine's own certificates are put back after those of Debian.
    (tree / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
    (tree / "usr/sbin/policy-rc.d").chmod(0o755)
    besides = "apt-get install --yes --no-install-recommends systemd-sysv nginx caddy openssl\n"
    in_tree(tree, f"apt-get update\n{packages}{besides}")
    shutil.copy(CERTIFICATES, tree / CERTIFICATES.lstrip("/"))
    in_tree(tree, install)
    assert not in_tree(tree, "systemd-analyze verify /etc/systemd/system/best-stuff-*").strip()
    (tree / "usr/sbin/policy-rc.d").unlink()
    machine = Machine(tree)
    try:
        machine.wait_for("runuser -u postgres -- psql -qc 'select 1' && redis-cli ping")
        machine.run(
            f"systemd-run -q --unit=catcher {PYTHON} /root/catcher.py\n"
            "echo 127.0.0.1 mentoring.example.org >> /etc/hosts"
        )
        machine.wait_for("python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", 25))'")
        machine.run(f"{database}{first_start}")
        machine.wait_for("journalctl -u best-stuff-worker -o cat | grep -q 'ready[.]'")
        machine.run(
            "systemctl is-active best-stuff-web best-stuff-worker best-stuff-beat best-stuff-backup.timer"
        )
        get = (
            'curl() { python3 -c "import ssl, sys, urllib.request as r; '
            'r.urlopen(sys.argv[1], context=ssl._create_unverified_context())" $1; }\n'
        )
        for proxy in PROXIES.values():
            machine.run(proxy)
            machine.wait_for(f"{get}curl https://mentoring.example.org/livez")
            assert "signed in" in machine.run(f"{PYTHON} /root/over_https.py /root you@example.org")
            machine.run(
                f"{get}for p in join mail/stop; do curl https://mentoring.example.org/$p/{CANARY}/ || true; done"
            )
            said = machine.run(f"{PYTHON} /root/restarting.py")
            assert ", 0 failed" in said, said
        a_quarter_ends(machine)
        the_backup_comes_back_and_its_mail_waits(machine)
        logs = machine.run("journalctl --no-pager -o cat; cat /var/log/nginx/*")
        assert "/join/..." in logs
        assert not [line for line in logs.splitlines() if CANARY in line]
    finally:
        machine.end()


def a_quarter_ends(machine: Machine) -> None:
    """For a pair, behind whichever proxy runs: a moment kept, an e-mail each, an answer, a book."""
    said = machine.run(f"{MANAGE} shell < /root/people_of_the_tree.py")
    offset = re.search(r"OFFSET (\d+)", said)
    assert offset, said
    machine.run(f"{PYTHON} /root/quarter_over_https.py keep")
    machine.run(
        f"printf 'REHEARSAL_OFFSET_SECONDS={offset[1]}\\nTICK_SECONDS=5\\n' >> /etc/best-stuff/env\n"
        "systemctl restart best-stuff-web best-stuff-worker best-stuff-beat"
    )
    assert "answered" in machine.run(f"{PYTHON} /root/quarter_over_https.py answer")


def the_backup_comes_back_and_its_mail_waits(machine: Machine) -> None:
    machine.run("systemctl start best-stuff-backup.service")
    said = machine.run(
        "runuser -u postgres -- createdb --owner best-stuff --encoding UTF8 --template template0 again\n"
        + MANAGE.replace("env ENV_FILE", "env DATABASE_URL=postgres:///again ENV_FILE")
        + " restore /var/backups/best-stuff/*Z --keys /var/backups/best-stuff-keys/keys-*.txt"
    )
    assert "all as they were in the backup" in said, said
    assert re.search(r"The key file opens all [1-9]\d* of them", said), said
    assert "Mail waits" in said, said
