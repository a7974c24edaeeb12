"""Settings: all are listed for whoever runs the software, and an unsafe one stops the start with one plain line."""

import ast
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from mentoring import single_sign_on

ROOT = Path(__file__).resolve().parent.parent
SAFE = {
    "SECRET_KEY": secrets.token_urlsafe(64),
    "PUBLIC_BASE_URL": "https://mentoring.example.org",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "KEY_FILE": settings.KEY_FILE,
}
OIDC = {
    "OIDC_SERVER_URL": "https://id.example.org",
    "OIDC_CLIENT_ID": "id",
    "OIDC_CLIENT_SECRET": "secret",
}
MICROSOFT = {
    "MICROSOFT_TENANT": "harbor.example",
    "MICROSOFT_CLIENT_ID": "id",
    "MICROSOFT_CLIENT_SECRET": "secret",
}
SAML = {
    "SAML_IDP_ENTITY_ID": "them",
    "SAML_IDP_URL": "https://id.example.org/saml",
    "SAML_IDP_CERTIFICATE": "none",
}
STARTS = {
    "manage.py": ["manage.py", "check"],
    "gunicorn": ["-m", "gunicorn", "--bind", "127.0.0.1:0"],
    "worker": ["-m", "celery", "-A", "mentoring", "worker"],
    "keys": ["manage.py", "keys"],
    "shell": ["manage.py", "shell", "--no-imports", "--command"],
    "beat": ["-m", "celery", "-A", "mentoring", "beat", "--pidfile="],
}
REFUSED = {
    "no secret key": ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
    "a short secret key": ({"SECRET_KEY": "x" * 49}, "SECRET_KEY is shorter than 50 characters"),
    "no address": ({"PUBLIC_BASE_URL": ""}, "PUBLIC_BASE_URL is not set"),
    "an address that is none": ({"PUBLIC_BASE_URL": "mentoring.example.org"}, "PUBLIC_BASE_URL must be"),
    "an address without https": (
        {"PUBLIC_BASE_URL": "http://mentoring.example.org"},
        "PUBLIC_BASE_URL must begin",
    ),
    "any host": ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name hosts"),
    "any host among others": ({"ALLOWED_HOSTS": "mentoring.example.org,*"}, "ALLOWED_HOSTS must name hosts"),
    "no database": ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
    "another database": (
        {"DATABASE_URL": "sqlite:///db.sqlite3"},
        "DATABASE_URL must name a PostgreSQL database",
    ),
    "no key file": ({"KEY_FILE": ""}, "KEY_FILE is not set"),
    "a key file that is not there": (
        {"KEY_FILE": "/nowhere/keys"},
        "KEY_FILE names a file that is not there",
    ),
    "no redis": ({"REDIS_URL": ""}, "REDIS_URL is not set"),
    "a provider without its secret": (
        {"GOOGLE_CLIENT_ID": "id"},
        "GOOGLE_CLIENT_SECRET is not set, and GOOGLE_CLIENT_ID is",
    ),
    "a provider without its address": (
        {"OIDC_CLIENT_ID": "id", "OIDC_CLIENT_SECRET": "secret"},
        "OIDC_SERVER_URL is not set, and OIDC_CLIENT_ID is",
    ),
    "a provider that anybody can listen in to": (
        OIDC | {"OIDC_SERVER_URL": "http://id.example.org"},
        "OIDC_SERVER_URL must begin with https://",
    ),
    "Microsoft without a tenant": (
        {"MICROSOFT_CLIENT_ID": "id", "MICROSOFT_CLIENT_SECRET": "secret"},
        "MICROSOFT_TENANT is not set",
    ),
    "Microsoft for anybody": (MICROSOFT | {"MICROSOFT_TENANT": "common"}, "MICROSOFT_TENANT must be"),
    "SAML without its certificate": (
        {"SAML_IDP_ENTITY_ID": "them", "SAML_IDP_URL": "https://id.example.org/saml"},
        "SAML_IDP_CERTIFICATE is not set",
    ),
    "SAML with a certificate that is none": (SAML, "SAML_IDP_CERTIFICATE is no certificate"),
    "SAML with a certificate that is not there": (
        SAML | {"SAML_IDP_CERTIFICATE": "/nowhere/idp.pem"},
        "SAML_IDP_CERTIFICATE names a file that cannot be read",
    ),
    "a mailbox without its password": (
        {"INBOUND_IMAP_HOST": "imap.example.org", "INBOUND_IMAP_USER": "post"},
        "INBOUND_IMAP_PASSWORD is not set, and INBOUND_IMAP_HOST is",
    ),
    "an address for answers that leaves no room for a token": (
        {"INBOUND_ADDRESS": f"{'p' * 25}@in.example.org"},
        "INBOUND_ADDRESS has a name of more than 24 characters",
    ),
    "a provider of mail that nobody knows": (
        {"ANYMAIL_PROVIDERS": "postmark,pigeon"},
        "ANYMAIL_PROVIDERS names pigeon",
    ),
    "a provider of mail whose POSTs anybody could make up": (
        {"ANYMAIL_PROVIDERS": "postmark"},
        "ANYMAIL_WEBHOOK_SECRET must be a name, a colon and a password",
    ),
    "a provider of mail without its signature": (
        {"ANYMAIL_PROVIDERS": "mailgun", "ANYMAIL_WEBHOOK_SECRET": "best:" + "x" * 24},
        "ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY is not set",
    ),
    "figures that anybody could guess their way to": (
        {"METRICS_TOKEN": "x" * 31},
        "METRICS_TOKEN is shorter than 32 characters",
    ),
    "a form of log that nobody writes": ({"LOG_FORMAT": "xml"}, "LOG_FORMAT is plain or json, not xml"),
    "a Sentry that is none": (
        {"SENTRY_DSN": "https://sentry.example.org"},
        "SENTRY_DSN must be a whole address",
    ),
    "a Sentry that anybody can listen in to": (
        {"SENTRY_DSN": "http://key@sentry.example.org/1"},
        "SENTRY_DSN must begin with https://",
    ),
    "SAML with an attribute for nothing": (
        SAML | {"SAML_ATTRIBUTES": "mail=email"},
        "SAML_ATTRIBUTES knows uid, email, name, first_name, last_name, not mail",
    ),
}


def start(how: str, *more: str, **changed: str) -> "subprocess.CompletedProcess[str]":
    """Start a part of the software with these settings alone; an empty one is one that is not set."""
    environment = {name: text for name, text in (SAFE | changed).items() if text}
    environment |= {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(
        [sys.executable, *STARTS[how], *more],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def read_from_the_environment() -> set[str]:
    """The variables that mentoring/settings.py reads: the first argument of env.str("…") and its like."""
    names = set()
    for node in ast.walk(ast.parse((ROOT / "mentoring" / "settings.py").read_text())):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = ast.unparse(node.func)
            if called == "required" or called == "env" or called.startswith("env."):
                names.add(str(node.args[0].value))
    return names


def test_every_setting_from_the_environment_is_listed_for_operators_and_no_other() -> None:
    listed = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE)
    assert set(listed) == read_from_the_environment()
    assert len(listed) == len(set(listed))


def test_nothing_else_of_ours_reads_the_environment() -> None:
    readers = [
        path.relative_to(ROOT).as_posix()
        for folder in ("accounts", "mentoring", "reflections")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"os\.(environ(?!\.setdefault)|getenv)|\benviron\.Env", path.read_text())
    ]
    assert readers == ["mentoring/settings.py"]


def test_safe_settings_start() -> None:
    started = start("manage.py")
    assert started.returncode == 0, started.stderr


@pytest.mark.parametrize("case", REFUSED)
def test_production_refuses_in_one_plain_line(case: str) -> None:
    changed, reason = REFUSED[case]
    refused = start("manage.py", **changed)
    assert refused.returncode != 0
    [line] = refused.stderr.splitlines()
    assert line.startswith(f"Best Stuff does not start: {reason}")
    assert refused.stdout == ""


@pytest.mark.parametrize("how", ["gunicorn", "worker", "beat"])
def test_no_process_starts_without_a_secret_key(how: str) -> None:
    refused = start(how, SECRET_KEY="")
    assert refused.returncode != 0
    assert refused.stderr.count("Best Stuff does not start: SECRET_KEY is not set") == 1
    assert "Traceback" not in refused.stderr + refused.stdout


def test_development_needs_no_settings() -> None:
    started = start("manage.py", DEBUG="1", **dict.fromkeys(SAFE, ""))
    assert started.returncode == 0, started.stderr


def test_localhost_may_do_without_https() -> None:
    started = start("manage.py", PUBLIC_BASE_URL="http://localhost:8000")
    assert started.returncode == 0, started.stderr


def test_saml_without_its_packages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_sign_on, "find_spec", lambda name: None)
    with pytest.raises(single_sign_on.Unusable, match="install requirements-saml"):
        single_sign_on.Doors().saml("", "them", "https://id.example.org/saml", "none", {}, [])


def test_only_the_providers_that_are_set_up_may_be_sent_to_from_a_form() -> None:
    asked = "from django.conf import settings; print(*settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])"
    google = {"GOOGLE_CLIENT_ID": "id", "GOOGLE_CLIENT_SECRET": "secret"}
    more = {"SSO_ORIGINS": "https://login.example.org"}
    assert start("shell", asked).stdout.split() == ["'self'"]
    found = start("shell", asked, **OIDC, **MICROSOFT, **google, **more).stdout.split()
    assert found == [
        "'self'",
        "https://id.example.org",
        "https://accounts.google.com",
        "https://login.microsoftonline.com",
        "https://login.example.org",
    ]


def test_domains_are_written_as_people_write_them() -> None:
    assert single_sign_on.lower(["@Harbor.Example", " hill.example ", ""]) == [
        "harbor.example",
        "hill.example",
    ]
