"""Settings: all are listed for whoever runs the software, and an unsafe one stops the start with one plain line."""

import ast
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

from accounts.media import setting as media
from accounts.setup import soundness
from mentoring import single_sign_on

ROOT = Path(__file__).resolve().parent.parent
SAFE = {
    "SECRET_KEY": secrets.token_urlsafe(64),
    "PUBLIC_BASE_URL": "https://mentoring.example.org",
    "TRUSTED_PROXY_COUNT": "1",
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
S3 = {
    "MEDIA": "s3://bucket/best",
    "S3_ENDPOINT_URL": "https://s3.example.org",
    "S3_ACCESS_KEY_ID": "id",
    "S3_SECRET_ACCESS_KEY": "secret",
}
STARTS = {
    "manage.py": ["manage.py", "check"],
    "gunicorn": ["-m", "gunicorn", "--bind", "127.0.0.1:0"],
    "worker": ["-m", "celery", "-A", "mentoring", "worker"],
    "keys": ["manage.py", "keys"],
    "collectstatic": ["manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
    "shell": ["manage.py", "shell", "--no-imports", "--command"],
    "beat": ["-m", "celery", "-A", "mentoring", "beat", "--pidfile="],
}
REFUSED = {
    "no secret key": ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
    "a short secret key": ({"SECRET_KEY": "x" * 49}, "SECRET_KEY is shorter than 50 characters"),
    "a secret key of one letter": ({"SECRET_KEY": "x" * 60}, "SECRET_KEY repeats itself"),
    "a secret key that goes round": (
        {"SECRET_KEY": "abcdefghijklmnopqrst" * 3},
        "SECRET_KEY repeats itself",
    ),
    "the secret key of development": (
        {"SECRET_KEY": soundness.STAND_IN},
        "SECRET_KEY is one that stands in a text",
    ),
    "an earlier secret key that is none": (
        {"SECRET_KEY_FALLBACKS": "y" * 60},
        "SECRET_KEY_FALLBACKS has a key that repeats itself",
    ),
    "debugging for the public": ({"DEBUG": "1"}, "DEBUG is on"),
    "no host": ({"ALLOWED_HOSTS": ","}, "ALLOWED_HOSTS does not name mentoring.example.org"),
    "hosts of somebody else": (
        {"ALLOWED_HOSTS": "other.example.org"},
        "ALLOWED_HOSTS does not name mentoring.example.org",
    ),
    "proxies that nobody counted": ({"TRUSTED_PROXY_COUNT": ""}, "TRUSTED_PROXY_COUNT is not set"),
    "admins with one step": (
        {"REQUIRE_ADMIN_SECOND_FACTOR": "0"},
        "REQUIRE_ADMIN_SECOND_FACTOR can be off on localhost alone",
    ),
    "a database on the network without a password": (
        {"DATABASE_URL": "postgres://best@db/best"},
        "DATABASE_URL has no password",
    ),
    "a database with the password of its manual": (
        {"DATABASE_URL": "postgres://best:postgres@db/best"},
        "DATABASE_URL has a password that everybody tries first",
    ),
    "a database with its role's name for a password": (
        {"DATABASE_URL": "postgres://best:best@db/best"},
        "DATABASE_URL has a password that everybody tries first",
    ),
    "a Redis on the network without a password": (
        {"REDIS_URL": "redis://redis:6379/0"},
        "REDIS_URL has no password",
    ),
    "a Redis with a password of its manual": (
        {"REDIS_URL": "redis://:foobared@redis:6379/0"},
        "REDIS_URL has a password that everybody tries first",
    ),
    "a database with a slash in its password": (
        {"DATABASE_URL": "postgres://best:pa/ss@db:5432/best"},
        "DATABASE_URL has a character that must be written otherwise: / as %2F",
    ),
    "a database with a slash behind a number": (
        {"DATABASE_URL": "postgres://best:12/ss@db:5432/best"},
        "DATABASE_URL has a character that must be written otherwise: / as %2F",
    ),
    "a database that is named behind the address": (
        {"DATABASE_URL": "postgres:///best?host=10.0.0.5"},
        "DATABASE_URL has no password, and its server is not on this machine",
    ),
    "a database without a name": ({"DATABASE_URL": "postgres://localhost"}, "DATABASE_URL names no database"),
    "a Redis with a slash in its password": (
        {"REDIS_URL": "redis://:pa/ss@redis:6379/0"},
        "REDIS_URL has a character that must be written otherwise: / as %2F",
    ),
    "a Redis with a number sign in its password": (
        {"REDIS_URL": "redis://:pa#ss@redis:6379/0"},
        "REDIS_URL has a character that must be written otherwise: / as %2F",
    ),
    "a Redis with a bracket in its password": (
        {"REDIS_URL": "redis://:pa[ss@redis:6379/0"},
        "REDIS_URL has a character that must be written otherwise: / as %2F",
    ),
    "a Redis nowhere": ({"REDIS_URL": "redis:///0"}, "REDIS_URL names no host"),
    "a password of mail in the clear": (
        {"EMAIL_HOST": "smtp.example.org", "EMAIL_HOST_USER": "best", "EMAIL_HOST_PASSWORD": "p"},
        "EMAIL_HOST_PASSWORD would be sent for anybody to read",
    ),
    "a mail server with a name and no password": (
        {"EMAIL_HOST_USER": "best"},
        "EMAIL_HOST_PASSWORD is not set, and EMAIL_HOST_USER is",
    ),
    "two ways to speak to the mail server": (
        {"EMAIL_USE_TLS": "1", "EMAIL_USE_SSL": "1"},
        "EMAIL_USE_TLS and EMAIL_USE_SSL are both on",
    ),
    "an env file that is not there": (
        {"ENV_FILE": "/nowhere/env"},
        "ENV_FILE names a file that is not there",
    ),
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
    "files in a folder that is said by half": (
        {"MEDIA": "var/media"},
        "MEDIA must be empty, a whole path such as /srv/best-stuff/media, or s3://bucket/prefix",
    ),
    "files in a folder that is not there": (
        {"MEDIA": "/nowhere/media"},
        "MEDIA names a folder that cannot be reached: No such file or directory",
    ),
    "files in a folder that is a file": ({"MEDIA": settings.KEY_FILE}, "MEDIA names a file, not a folder"),
    "files with those that are served to everybody": (
        {"MEDIA": str(ROOT / "static" / "css")},
        "MEDIA lies with the files that are served to everybody",
    ),
    "files above those that are served to everybody": (
        {"MEDIA": str(ROOT)},
        "MEDIA lies with the files that are served to everybody",
    ),
    "files that everybody on the machine reads": (
        {"MEDIA": "/usr"},
        "MEDIA is open to everybody on this machine: chmod 700 it",
    ),
    "an earlier place of files that is not there": (
        {"MEDIA_BEFORE": "/nowhere/media"},
        "MEDIA_BEFORE names a folder that cannot be reached",
    ),
    "a bucket without a name": (S3 | {"MEDIA": "s3://"}, "MEDIA must name a bucket"),
    "a bucket with a way out of its prefix": (
        S3 | {"MEDIA": "s3://bucket/../other"},
        "MEDIA must name a bucket",
    ),
    "a bucket without its key": (
        S3 | {"S3_ACCESS_KEY_ID": ""},
        "S3_ACCESS_KEY_ID is not set, and MEDIA names",
    ),
    "a bucket without its secret": (
        S3 | {"S3_SECRET_ACCESS_KEY": ""},
        "S3_SECRET_ACCESS_KEY is not set, and MEDIA names",
    ),
    "a bucket nobody knows where": (S3 | {"S3_ENDPOINT_URL": ""}, "S3_REGION is not set"),
    "a store at no address": (
        S3 | {"S3_ENDPOINT_URL": "s3.example.org"},
        "S3_ENDPOINT_URL must be a whole address",
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
    listed = re.findall(r"^\| `([A-Z0-9_]+)` \|", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE)
    assert set(listed) == read_from_the_environment()
    assert len(listed) == len(set(listed))


def test_nothing_else_of_ours_reads_the_environment() -> None:
    readers = [
        path.relative_to(ROOT).as_posix()
        for folder in ("accounts", "mentoring", "reflections")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"os\.(environ(?!\.setdefault)|getenv)|\benviron\.Env", path.read_text())
    ]
    # What is in it for PostgreSQL's own programs is passed on to them.
    assert readers == ["accounts/backup/programs.py", "mentoring/settings.py"]


def test_safe_settings_start() -> None:
    started = start("manage.py")
    assert started.returncode == 0, started.stderr


@pytest.mark.parametrize(
    "changed",
    [
        # django-environ reads them, so they worked.
        {"DATABASE_URL": "postgres://u:pa#ss@127.0.0.1:1/n"},
        {"DATABASE_URL": "postgres://u:p[a@127.0.0.1:1/n"},
        {"DATABASE_URL": "postgres://best@db/best?sslcert=/etc/best.pem&sslkey=/etc/best.key"},
        {"DATABASE_URL": "postgres:///?service=best"},
        {"DATABASE_URL": "postgres:///best?host=/var/run/postgresql"},
        {"REDIS_URL": "redis://:pa%2Fss@redis:6379/0"},
        {"SECRET_KEY_FALLBACKS": "a-short-one-of-2019"},
    ],
    ids=lambda changed: next(iter(changed.values())),
)
def test_what_is_sound_is_not_refused(changed: dict[str, str]) -> None:
    started = start("shell", "print('it starts')", **changed)
    assert started.stdout == "it starts\n", started.stderr


@pytest.mark.parametrize("name", ["EMAIL_HOST_PASSWORD", "INBOUND_IMAP_PASSWORD", "SECRET_KEY"])
@pytest.mark.parametrize(
    "value", ["$ecret9-and-50-more-characters-so-that-it-is-long-enough", "$", r"a$b\$c\d"]
)
def test_a_value_is_what_it_is_whatever_it_begins_with(name: str, value: str) -> None:
    asked = f"from django.conf import settings; print(settings.{name})"
    if name == "SECRET_KEY":
        value += secrets.token_urlsafe(64)
    started = start("shell", asked, **{name: value})
    assert started.stdout == f"{value}\n", started.stderr


def test_static_files_are_collected_where_the_key_file_is_not_yet(tmp_path: Path) -> None:
    there = str(tmp_path / "keys")
    collected = start("manage.py", KEY_FILE=there, STATIC_ROOT=str(tmp_path / "static"))
    assert "KEY_FILE names a file that is not there" in collected.stderr
    collected = start("collectstatic", KEY_FILE=there, STATIC_ROOT=str(tmp_path / "static"))
    assert collected.returncode == 0, collected.stderr
    assert (tmp_path / "static" / "staticfiles.json").is_file()
    refused = start("collectstatic", KEY_FILE=there, SECRET_KEY="")
    assert "SECRET_KEY is not set" in refused.stderr


@pytest.mark.parametrize("case", REFUSED)
def test_production_refuses_in_one_plain_line(case: str) -> None:
    changed, reason = REFUSED[case]
    refused = start("manage.py", **changed)
    assert refused.returncode != 0
    [line] = refused.stderr.splitlines()
    assert line.startswith(f"Best Stuff does not start: {reason}")
    assert refused.stdout == ""
    assert "ss@" not in line


@pytest.mark.parametrize("how", ["gunicorn", "worker", "beat"])
def test_no_process_starts_without_a_secret_key(how: str) -> None:
    refused = start(how, SECRET_KEY="")
    assert refused.returncode != 0
    assert refused.stderr.count("Best Stuff does not start: SECRET_KEY is not set") == 1
    assert "Traceback" not in refused.stderr + refused.stdout


def test_no_process_starts_with_a_key_file_that_others_can_read(tmp_path: Path) -> None:
    copy = tmp_path / "keys"
    copy.write_bytes(Path(settings.KEY_FILE).read_bytes())
    copy.chmod(0o440)
    refused = start("manage.py", KEY_FILE=str(copy))
    assert refused.returncode != 0
    [line] = refused.stderr.splitlines()
    assert line.startswith("Best Stuff does not start: KEY_FILE is open to others than its owner")


AROUND = {
    "a mail backend that prints": (
        "EMAIL_BACKEND = 'django.core.mail.backends.console.EmailBackend'",
        "EMAIL_BACKEND is",
    ),
    "a cache that forgets": (
        "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.dummy.DummyCache'}}",
        "CACHES names",
    ),
    "a history of what people wrote": (
        "INSTALLED_APPS = [*INSTALLED_APPS, 'reversion']",
        "INSTALLED_APPS has reversion",
    ),
}


@pytest.mark.parametrize("how", ["gunicorn", "worker", "beat"])
@pytest.mark.parametrize("case", AROUND)
def test_no_process_starts_with_settings_around_ours_that_undo_them(
    case: str, how: str, tmp_path: Path
) -> None:
    line, reason = AROUND[case]
    (tmp_path / "around.py").write_text(f"from mentoring.settings import *\n{line}\n")
    (tmp_path / "reversion").mkdir()
    (tmp_path / "reversion" / "__init__.py").touch()
    beat = str(tmp_path / "beat")
    refused = start(how, DJANGO_SETTINGS_MODULE="around", PYTHONPATH=str(tmp_path), BEAT_SCHEDULE_FILE=beat)
    assert refused.returncode != 0
    assert refused.stderr.count(f"Best Stuff does not start: {reason}") == 1
    assert "Traceback" not in refused.stderr + refused.stdout


@pytest.mark.parametrize("how", ["gunicorn", "worker", "beat"])
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"PUBLIC_BASE_URL": "http://localhost"}, "migrations are not applied"),
        ({}, "DATABASE_URL signs in as a superuser"),
    ],
)
def test_no_process_starts_on_a_database_that_is_not_ready(
    how: str, changed: dict[str, str], reason: str, tmp_path: Path
) -> None:
    changed = changed | {"BEAT_SCHEDULE_FILE": str(tmp_path / "beat")}
    there: Any = settings.DATABASES["default"]
    who = quote(there["USER"]) + (f":{quote(there['PASSWORD'])}" if there["PASSWORD"] else "")
    place = (
        f"{quote(there['HOST'], safe='')}:{there['PORT']}" if there["PORT"] else quote(there["HOST"], safe="")
    )
    refused = start(how, DATABASE_URL=f"postgres://{who}@{place}/postgres", **changed)
    assert refused.returncode != 0
    [line] = [each for each in refused.stderr.splitlines() if "does not start" in each]
    assert reason in line
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


def test_a_bucket_without_its_packages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "find_spec", lambda name: None)
    said = media.S3("https://s3.example.org", "", "id", "secret")
    with pytest.raises(media.Unusable, match="install requirements-s3"):
        media.place_of("MEDIA", "s3://bucket", said, [])


def test_files_in_a_folder_of_our_own_or_in_a_bucket_start(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    for changed in ({"MEDIA": str(tmp_path)}, S3, {"MEDIA_BEFORE": "s3://bucket"} | {**S3, "MEDIA": ""}):
        started = start("manage.py", **changed)
        assert started.returncode == 0, started.stderr


def test_the_place_before_may_not_be_the_place_of_today(tmp_path: Path) -> None:
    (place := tmp_path / "media").mkdir(mode=0o700)
    (other := tmp_path / "other").symlink_to(place)
    for changed in (
        {"MEDIA": str(place), "MEDIA_BEFORE": str(other)},
        S3 | {"MEDIA": "s3://bucket/a", "MEDIA_BEFORE": "s3://bucket/a/"},
    ):
        started = start("manage.py", **changed)
        assert started.returncode != 0
        assert "MEDIA_BEFORE names the same place as MEDIA: take it away" in started.stderr


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


def test_what_machines_ask_for_is_not_sent_on_to_https_and_pages_are(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/livez").status_code == 200
    assert client.get("/metrics").status_code == 404
    assert client.get("/livez/more").status_code == 301
    assert client.get("/account/login/").status_code == 301
