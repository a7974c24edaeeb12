"""The steps of deploy/Dockerfile, run one by one in bare Debian trees, and what it starts, as deploy/compose.yaml does.

No container engine runs here, and no image is built: each RUN, COPY, ENV and USER is read out of the Dockerfile and
done by hand, Debian's own Python stands for the base image, and PostgreSQL and Redis are the tests' own. So layers,
.dockerignore, and the networks, volumes and health checks of compose.yaml are untried. It needs root and debootstrap.
"""

import contextlib
import json
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
import yaml

from dev.processes import ROOT, is_free
from dev.servers import servers
from tests.browser.stack import _mail_catcher, eventually

from .bare_tree import CERTIFICATES, PATH, bare_tree, check_out, in_tree, run

DOCKERFILE = ROOT / "deploy" / "Dockerfile"
BASE = "apt-get update\napt-get install --yes --no-install-recommends python3 python3-venv ca-certificates\n"


@dataclass
class Image:
    """What the instructions of a Dockerfile come to, below `tree`."""

    tree: Path
    workdir: str = "/"
    environment: dict[str, str] = field(default_factory=dict)
    user: str = "root"
    entry: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def do(self, instruction: str, rest: str, stages: dict[str, Path], context: Path) -> None:
        """Raises AssertionError for an instruction that is not known here."""
        if instruction == "WORKDIR":
            self.workdir = rest
            (self.tree / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif instruction == "COPY":
            *options, source, target = rest.split()
            came_from = stages[options[0].removeprefix("--from=")] if options else context
            into = self.tree / str(Path(self.workdir, target)).lstrip("/")
            run("cp", "-aT", came_from / source.lstrip("/"), into)
        elif instruction == "RUN":
            in_tree(self.tree, f"cd {self.workdir}\n{rest}")
        elif instruction == "ENV":
            self.environment |= dict(pair.split("=", 1) for pair in shlex.split(rest))
        elif instruction == "USER":
            self.user = rest
        elif instruction == "ENTRYPOINT":
            self.entry = json.loads(rest)
        elif instruction == "CMD":
            self.command = json.loads(rest)
        elif instruction == "HEALTHCHECK":
            self.health = json.loads(rest.split("CMD", 1)[1])
        else:
            assert instruction == "EXPOSE", instruction

    def start(self, command: list[str], volumes: dict[str, Path], said: Path) -> subprocess.Popen[bytes]:
        """As compose.yaml has it: the root read-only, /tmp in memory, no capability, and none to be had."""
        mounts = [
            f"mount --bind {self.tree} {self.tree}",
            f"mount -o remount,bind,ro {self.tree}",
            f"mount -t proc proc {self.tree}/proc",
            f"mount --rbind /dev {self.tree}/dev",
            f"mount -t tmpfs -o mode=1777 tmpfs {self.tree}/tmp",  # noqa: S108 (it has a /tmp of its own)
            *(f"mount --bind {outside} {self.tree}{inside}" for inside, outside in volumes.items()),
        ]
        variables = {"PATH": PATH, **self.environment, "ENV_FILE": "/etc/best-stuff/env"}
        least = ("--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--clear-groups")
        inside = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", *least, "env", "-i"]
        inside += [f"{name}={value}" for name, value in variables.items()]
        inside += ["sh", "-c", f'cd {self.workdir} && exec "$@"', "sh", *self.entry, *command]
        script = "\n".join(("set -e", *mounts, f"exec chroot {self.tree} {shlex.join(inside)}"))
        with said.open("wb") as log:
            return subprocess.Popen(
                ("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"PATH": PATH},
            )

    def run(self, command: list[str], volumes: dict[str, Path], said: Path) -> str:
        ended = self.start(command, volumes, said).wait(180)
        assert ended == 0, said.read_text(errors="replace")[-3000:]
        return said.read_text(errors="replace")

    @contextlib.contextmanager
    def running(self, command: list[str], volumes: dict[str, Path], said: Path) -> Iterator[None]:
        process = self.start(command, volumes, said)
        try:
            yield
            assert process.poll() is None, said.read_text(errors="replace")[-3000:]
        finally:
            # The first process of its namespace, with which all others in it end. `--kill-child` does not reach it any
            # more once it has become another account.
            for first in psutil.Process(process.pid).children():
                first.kill()
            process.wait()


def stages_of(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each stage's name and its instructions."""
    stages: list[tuple[str, list[tuple[str, str]]]] = []
    for line in text.replace("\\\n", " ").splitlines():
        if not line or line.startswith("#"):
            continue
        instruction, rest = line.split(maxsplit=1)
        if instruction == "FROM":
            stages.append((rest.partition(" AS ")[2], []))
        else:
            stages[-1][1].append((instruction, rest))
    return stages


def test_what_the_image_would_do_runs_read_only_and_without_rights(tmp_path: Path) -> None:
    assert is_free(8000), "the image's command listens on port 8000, and something else does"
    with contextlib.ExitStack() as stack:
        context = stack.enter_context(bare_tree("context")) / "srv/context"
        check_out(context)
        trees: dict[str, Path] = {}
        for name, instructions in stages_of(DOCKERFILE.read_text()):
            tree = stack.enter_context(bare_tree(name or "last"))
            trees[name] = tree
            in_tree(tree, BASE)
            shutil.copy(
                CERTIFICATES, tree / CERTIFICATES.lstrip("/")
            )  # The machine's own, over those of Debian.
            image = Image(tree)
            for instruction, rest in instructions:
                image.do(instruction, rest, trees, context)
        assert image.user == "best-stuff"
        # Outside the tree, which is read-only with all that lies in it; as the image has made them, as an engine does.
        volumes = {
            inside: tmp_path / Path(inside).name for inside in ("/etc/best-stuff", "/data", "/backups")
        }
        for inside, outside in volumes.items():
            run("cp", "-aT", tree / inside.lstrip("/"), outside)
        _house, addresses = stack.enter_context(servers(environment={}))
        post = stack.enter_context(_mail_catcher(tmp_path / "mail"))
        first = ["env", "-u", "ENV_FILE", "PUBLIC_BASE_URL=https://localhost"]
        first += ["EMAIL_HOST=127.0.0.1", f"EMAIL_PORT={post.port}"]
        first += [f"{name}={value}" for name, value in addresses.items()]
        first += [
            "TRUSTED_PROXY_COUNT=1",
            "INIT_ADMIN_EMAIL=you@example.org",
            ".venv/bin/python",
            "manage.py",
        ]
        image.run(
            [*first, "init", "--no-input", "--env-file", "/etc/best-stuff/env"], volumes, tmp_path / "init"
        )
        draws = "import weasyprint; weasyprint.HTML(string='drawn').write_pdf('/tmp/a.pdf')"
        image.run([".venv/bin/python", "-c", draws], volumes, tmp_path / "pdf")
        composed = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]
        for name in ("worker", "beat"):
            stack.enter_context(image.running(composed[name]["command"], volumes, tmp_path / name))
        stack.enter_context(image.running(image.command, volumes, tmp_path / "web"))
        eventually(lambda: _page("/livez") is not None, "web answers")
        assert 'id="id_email"' in str(_page("/account/login/"))
        image.run(image.health, volumes, tmp_path / "health")
        eventually(lambda: "ready." in (tmp_path / "worker").read_text(), "the worker is ready")
        eventually(lambda: "beat: Starting" in (tmp_path / "beat").read_text(), "beat is there")
        with pytest.raises(AssertionError, match="Read-only file system"):
            image.run(["touch", "/srv/best-stuff/new"], volumes, tmp_path / "touch")


def _page(path: str) -> str | None:
    done = subprocess.run(
        (
            "curl",
            "-sf",
            "-H",
            "Host: localhost",
            "-H",
            "X-Forwarded-Proto: https",
            f"http://127.0.0.1:8000{path}",
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout if done.returncode == 0 else None
