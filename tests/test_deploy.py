"""The files of `deploy/`: what they name is there, and what must be the same in two places is."""

import configparser
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from accounts import discretion

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
SERVICES = sorted((DEPLOY / "systemd").glob("*.service"))
SCRIPTS = [DEPLOY / "install.sh", *sorted((DEPLOY / "image").glob("*.sh"))]
COMMANDS = {
    path.stem
    for app in ("accounts", "mentoring", "reflections")
    for path in ROOT.glob(f"{app}/**/commands/*.py")
}


def unit(path: Path) -> configparser.RawConfigParser:
    parsed = configparser.RawConfigParser(strict=False)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read_string(path.read_text())
    return parsed


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_each_service_is_confined_and_runs_what_there_is(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["User"] == "best-stuff"
    assert service["EnvironmentFile"] == "/etc/best-stuff/env"
    assert service["WorkingDirectory"] == "/srv/best-stuff"
    assert (service["NoNewPrivileges"], service["ProtectSystem"], service["PrivateTmp"]) == (
        "yes",
        "strict",
        "yes",
    )
    python, *rest = service["ExecStart"].split()
    assert python == "/srv/best-stuff/.venv/bin/python"
    assert rest[0] in {"-m", "manage.py"}
    assert rest[1] in {"gunicorn", "celery"} | COMMANDS
    if service.get("Type") != "oneshot":
        assert service["Restart"] == "always"
        assert service["KillMode"] == "mixed"


def test_systemd_holds_the_socket_of_web_while_that_is_restarted() -> None:
    socket = unit(DEPLOY / "systemd" / "best-stuff-web.socket")["Socket"]
    web = unit(DEPLOY / "systemd" / "best-stuff-web.service")
    # gunicorn would listen twice on a descriptor that `--bind fd://3` names again.
    assert web["Service"]["ExecStart"].endswith(f" --bind {socket['ListenStream']}")
    assert web["Unit"]["Requires"] == "best-stuff-web.socket"
    assert "best-stuff-web.socket" in web["Unit"]["After"].split()
    assert web["Install"]["Also"] == "best-stuff-web.socket"
    assert f"proxy_pass http://{socket['ListenStream']};" in (DEPLOY / "nginx.conf").read_text()
    assert f"reverse_proxy {socket['ListenStream']} " in (DEPLOY / "Caddyfile").read_text()


def test_a_worker_has_the_minute_that_it_asks_for() -> None:
    for name in ("worker", "lmtp"):
        service = unit(DEPLOY / "systemd" / f"best-stuff-{name}.service")["Service"]
        assert int(service["TimeoutStopSec"]) > 60
    composed = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    assert int(composed["services"]["worker"]["stop_grace_period"].rstrip("s")) > 60


def test_nginx_leaves_out_of_its_log_what_our_own_logs_leave_out() -> None:
    ours = re.search(r"\(/\(\?:(.*)\)/\)\[", discretion.TOKEN.pattern)
    assert ours
    assert f"(?:{ours[1]})/)[^/]+" in (DEPLOY / "nginx.conf").read_text()


def test_both_proxies_overwrite_what_a_browser_says_of_itself() -> None:
    nginx, caddy = (DEPLOY / "nginx.conf").read_text(), (DEPLOY / "Caddyfile").read_text()
    assert "X-Forwarded-For $remote_addr;" in nginx
    assert "X-Forwarded-Proto $scheme;" in nginx
    assert "header_up X-Forwarded-For {remote_host}" in caddy
    assert "header_up X-Forwarded-Proto {scheme}" in caddy
    assert "proxy_set_header X-Request-ID $request_id;" in nginx
    assert "header_up X-Request-ID {http.request.uuid}" in caddy
    for text in (nginx, caddy):
        most = re.search(r"(?:client_max_body_size|max_size) (\d+)(?:m|MB)", text)
        assert most
        assert int(most[1]) >= 6


def test_the_image_is_of_a_python_that_the_project_takes_and_runs_as_nobody_in_particular() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    bases = {line.split()[1] for line in lines if line.startswith("FROM ")}
    assert bases == {"python:3.11-slim-bookworm"}
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text()
    assert "USER best-stuff" in lines
    for name in re.findall(r"deploy/image/\w+\.\w+", "\n".join(lines)):
        assert (ROOT / name).is_file()


def test_compose_keeps_ours_read_only_without_rights_and_off_the_network() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert set(services) == {"web", "worker", "beat", "database", "redis"}
    for name in ("web", "worker", "beat"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]
    assert not any("ports" in services[name] for name in ("worker", "beat", "database", "redis"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_each_script_can_be_read_by_sh_and_be_run(path: Path) -> None:
    assert path.stat().st_mode & 0o111
    subprocess.run(["sh", "-n", path], check=True)


def test_the_key_file_of_a_platform_is_written_from_its_variable_and_told_to_nobody(tmp_path: Path) -> None:
    key_file = tmp_path / "keys" / "file"
    done = subprocess.run(
        [DEPLOY / "image" / "entry.sh", "env"],
        env={"PATH": "/usr/bin:/bin", "KEY_FILE": str(key_file), "KEY_FILE_CONTENT": "1:abc\n2:def"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert key_file.read_text() == "1:abc\n2:def\n"
    assert key_file.stat().st_mode & 0o777 == 0o400
    assert "KEY_FILE_CONTENT" not in done.stdout
