"""What `manage.py init` asks before there are settings: each answer by the name that it has among them.

Knows no Django: nothing that needs settings may be loaded before they are written.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from . import soundness

Answers = Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """`default` and `wrong` know the answers before; `wrong` is a sentence without its beginning, the name."""

    name: str
    asks: str
    default: Callable[[Answers], str]
    wrong: Callable[[str, Answers], str] = lambda answer, answers: ""
    is_secret: bool = False
    is_needed: bool = False
    is_asked: Callable[[Answers], bool] = lambda answers: True


def _host(answers: Answers) -> str:
    return urlsplit(answers.get("PUBLIC_BASE_URL", "")).hostname or ""


def _number(least: int, most: int) -> Callable[[str, Answers], str]:
    def wrong(answer: str, answers: Answers) -> str:
        is_good = answer.isascii() and answer.isdecimal() and least <= int(answer) <= most
        return "" if is_good else f"must be a number from {least} to {most}"

    return wrong


def _wrong_file(answer: str, answers: Answers) -> str:
    return "" if Path(answer).is_absolute() else "must be a whole path such as /etc/best-stuff/keys"


def _wrong_sender(answer: str, answers: Answers) -> str:
    name, at, domain = answer.rpartition("@")
    return "" if name and at and domain and " " not in answer else "must be an e-mail address"


def _wrong_server(answer: str, answers: Answers) -> str:
    return "" if answer and not set(answer) & set(" /@:") else "must be a host name, without port"


def questions(env_file: Path) -> Iterable[Question]:
    yield Question(
        "PUBLIC_BASE_URL",
        "The address in people's browsers, such as https://mentoring.example.org",
        lambda answers: "",
        lambda answer, answers: soundness.wrong_address(answer),
        is_needed=True,
    )
    yield Question(
        "TRUSTED_PROXY_COUNT",
        "How many proxies of yours stand in front (Caddy, nginx, a load balancer)",
        lambda answers: "1" if answers["PUBLIC_BASE_URL"].startswith("https:") else "0",
        _number(0, 9),
    )
    yield Question(
        "DATABASE_URL",
        "The database: postgres://user:password@host:5432/name, or postgres:///name by a socket",
        lambda answers: "postgres:///best_stuff",
        lambda answer, answers: soundness.wrong_database(answer),
        is_secret=True,
        is_needed=True,
    )
    yield Question(
        "REDIS_URL",
        "Redis: redis://:password@host:6379/0",
        lambda answers: "redis://localhost:6379/0",
        lambda answer, answers: soundness.wrong_redis(answer),
        is_secret=True,
        is_needed=True,
    )
    yield Question("EMAIL_HOST", "The mail server", lambda answers: "localhost", _wrong_server)
    yield Question(
        "EMAIL_PORT",
        "Its port (587 with STARTTLS, 465 with TLS from the first byte)",
        lambda answers: "25" if soundness.is_near(answers["EMAIL_HOST"]) else "587",
        _number(1, 65_535),
    )
    yield Question("EMAIL_HOST_USER", "The name to sign in to it with, if any", lambda answers: "")
    yield Question(
        "EMAIL_HOST_PASSWORD",
        "And the password",
        lambda answers: "",
        lambda answer, answers: "" if answer else "is not set, and EMAIL_HOST_USER is",
        is_secret=True,
        is_asked=lambda answers: bool(answers["EMAIL_HOST_USER"]),
    )
    yield Question(
        "MAIL_FROM_ADDRESS",
        "The sender of e-mails",
        lambda answers: f"reflect@{_host(answers)}",
        _wrong_sender,
    )
    yield Question(
        "KEY_FILE",
        "The key file of private words",
        lambda answers: str(env_file.absolute().with_name("keys")),
        _wrong_file,
    )


def follows(answers: Answers) -> dict[str, str]:
    """What need not be asked, because the answers say it: how the mail server is spoken to."""
    if "EMAIL_USE_TLS" in answers or "EMAIL_USE_SSL" in answers:
        return {}
    if answers["EMAIL_PORT"] == "465":
        return {"EMAIL_USE_SSL": "1"}
    is_near = soundness.is_near(answers["EMAIL_HOST"])
    return {} if is_near and answers["EMAIL_PORT"] != "587" else {"EMAIL_USE_TLS": "1"}
