"""Best Stuff is installed into a bare Debian by the very steps of docs/operations.md, under a real systemd.

Caddy and nginx stand in front, one after the other; systemd restarts web while pages are opened; a quarter ends for a
pair, who are asked by e-mail; and the nightly backup's unit makes a backup that is restored. The kernel is the
machine's own, the certificate is signed by nobody, and the mail server is one that takes all there is.

It needs root, debootstrap and systemd-nspawn (Debian's systemd-container). The tree has a network of its own while it
runs, with loopback alone.
"""

import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from dev.processes import ROOT

from .bare_tree import CERTIFICATES, PATH, bare_tree, check_out, in_tree, run

CANARY = "canary-of-the-drill"
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


def steps() -> list[str]:
    """The shell blocks of the documentation's first way, in order."""
    text = (ROOT / "docs" / "operations.md").read_text()
    text = text.split("### One machine, with systemd")[1].split("### In containers")[0]
    found = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    assert len(found) == 4
    return found


@pytest.fixture
def tree() -> Iterator[Path]:
    """A bare Debian with a checkout in /srv/best-stuff."""
    with bare_tree("installed", needs=("systemd-nspawn",)) as made:
        check_out(made / "srv/best-stuff")
        for name in RUN_INSIDE:
            shutil.copy(Path(__file__).with_name(name), made / "root")
        (made / "root/catcher.py").write_text(CATCHER)
        yield made


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
    """For a pair, behind whichever proxy runs: a moment kept, an e-mail each, an answer."""
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
