"""A bare Debian in a folder of its own, for the drills that install into one.

It needs root and debootstrap. What debootstrap made is kept under /var/cache for the next run of the same month; every
other trace of a run goes with it, and what a run that was killed has left goes with the next one.
"""

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil

from dev.processes import ROOT

CACHE = Path("/var/cache/best-stuff-drills")
TREES = Path("/var/tmp")  # noqa: S108 (root's own below it, and larger than /tmp may be)
PREFIX = "best-stuff-drill-"
RELEASE = "bookworm"
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


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


@contextlib.contextmanager
def bare_tree(name: str, *, needs: tuple[str, ...] = ()) -> Iterator[Path]:
    """A bare Debian with the machine's own apt and pip configuration; gone at the end. `needs` are programs besides
    debootstrap without which the drill fails at once."""
    missing = [program for program in ("debootstrap", *needs) if not shutil.which(program)]
    assert not missing, f"apt-get install debootstrap systemd-container: {missing} missing"
    assert os.geteuid() == 0, "this drill has to be run as root"
    for folder in ("archives", "pip"):
        (CACHE / folder).mkdir(parents=True, exist_ok=True)
    clear_away_what_was_left()
    made = TREES / f"{PREFIX}{os.getpid()}-{name}"
    made.mkdir()
    made.chmod(0o755)
    try:
        run("tar", "-C", made, "-xpf", bare())
        (made / "etc/apt/sources.list").unlink(missing_ok=True)
        for each in ("etc/resolv.conf", "etc/hosts", "etc/pip.conf", CERTIFICATES.lstrip("/")):
            if Path("/", each).exists():
                (made / each).parent.mkdir(parents=True, exist_ok=True)
                (made / each).unlink(missing_ok=True)
                shutil.copy(Path("/", each), made / each)
        for pattern in ("etc/apt/sources.list.d/*.sources", "usr/share/keyrings/*", "etc/apt/apt.conf.d/99*"):
            for found in Path("/").glob(pattern):
                shutil.copy(found, made / found.relative_to("/"))
        yield made
    finally:
        shutil.rmtree(made)


def clear_away_what_was_left() -> None:
    for left in (*TREES.glob(f"{PREFIX}*"), *CACHE.glob("making-*")):
        whose = re.search(r"\d+", left.name)
        if whose and not psutil.pid_exists(int(whose[0])):
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def check_out(folder: Path) -> None:
    """The files of the last commit, as whoever clones the project has them."""
    folder.mkdir()
    folder.chmod(0o755)
    archive = subprocess.run(("git", "archive", "HEAD"), cwd=ROOT, capture_output=True, check=True).stdout
    run("tar", "-C", folder, "-x", given=archive)
