"""The first half of `manage.py init`, before settings are loaded: it asks, and writes the two files.

manage.py calls it and hands in the environment, which afterwards says what the file says; then the command
(accounts/management/commands/init.py) goes on with the settings that came of it. Nothing is written before the last
question is answered, and nothing that is there is written over.
"""

import argparse
import getpass
import os
import re
import secrets
import sys
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from accounts.vault import keyfile

from . import envfile, soundness
from .questions import Question, follows, questions

ENV_FILE = "/etc/best-stuff/env"
ABOUT = "Settings of Best Stuff, with its secrets. For the account that it runs as, and nobody else."
SETTINGS = Path(__file__).resolve().parents[2] / "mentoring" / "settings.py"
READS = re.compile(r'\b(?:env(?:\.\w+)?|required)\(\s*"([A-Z][A-Z0-9_]*)"')
NOT_KEPT = {"DEBUG", "ENV_FILE", "REHEARSAL_OFFSET_SECONDS"}
# Secrets that nobody has to think of, and when they are needed.
MADE: dict[str, tuple[Callable[[MutableMapping[str, str]], bool], Callable[[], str]]] = {
    "SECRET_KEY": (lambda answers: True, lambda: secrets.token_urlsafe(64)),
    "ANYMAIL_WEBHOOK_SECRET": (
        lambda answers: bool(answers.get("ANYMAIL_PROVIDERS")),
        lambda: f"best-stuff:{secrets.token_urlsafe(32)}",
    ),
}


@dataclass
class Begun:
    """What the second half goes on with."""

    said: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)  # Files that are there, wherever it stops.
    admin_email: str = ""
    admin_password: str = field(default="", repr=False)
    env_file: str = ""


begun = Begun()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--env-file", type=Path, default=Path(ENV_FILE), help=f"where settings go ({ENV_FILE})"
    )
    parser.add_argument(
        "--no-input",
        action="store_true",
        help="ask nothing: answers come from the environment, by their names",
    )
    parser.add_argument("--no-migrate", action="store_true", help="leave the tables as they are")
    parser.add_argument("--admin-email", default="", help="who becomes the first superuser")
    parser.add_argument("--no-admin", action="store_true", help="make no superuser")


def begin(arguments: list[str], environment: MutableMapping[str, str]) -> None:
    """Ends the process with one plain line where it cannot go on."""
    parser = argparse.ArgumentParser(prog="manage.py init", add_help=False)
    add_arguments(parser)
    options, _others = parser.parse_known_args(arguments)
    if "-h" in arguments or "--help" in arguments:
        environment.setdefault("DEBUG", "1")  # So that help can be shown before there are settings.
        return
    begun.admin_email = options.admin_email or environment.get("INIT_ADMIN_EMAIL", "")
    begun.admin_password = environment.pop("INIT_ADMIN_PASSWORD", "")
    begun.env_file = str(options.env_file)
    try:
        _begin(options, environment)
    except (KeyboardInterrupt, EOFError):
        sys.exit(f"\nStopped. {_what_is_there()}")
    except envfile.EnvFileTrouble as trouble:
        sys.exit(f"{options.env_file} {trouble}")
    except OSError as problem:
        # A full disk names no file.
        name = problem.filename or options.env_file
        sys.exit(f"{name} cannot be made: {problem.strerror}. {_what_is_there()}")


def _what_is_there() -> str:
    if not begun.made:
        return "Nothing was written."
    return f"Written and kept: {', '.join(begun.made)}. Run this again to go on."


def _begin(options: argparse.Namespace, environment: MutableMapping[str, str]) -> None:
    path: Path = options.env_file
    if path.exists():
        answers = envfile.read(path)
        begun.said.append(f"{path} is there already and stays as it is.")
        if key := answers.get("KEY_FILE"):
            _make_key(Path(key))
    else:
        answers = _answers(path, environment, is_asked=not options.no_input)
        if options.no_input and not (begun.admin_email or options.no_admin):
            sys.exit("INIT_ADMIN_EMAIL is not set: who becomes the first superuser (--no-admin makes none)")
        made = _folder(path.parent)
        try:
            _make_key(Path(answers["KEY_FILE"]))
            envfile.write_new(path, answers, ABOUT)
        except BaseException:
            if made and not any(path.parent.iterdir()):
                path.parent.rmdir()
            raise
        begun.made.append(str(path))
        _hand_over(path, path.parent)
        begun.said.append(f"Made {path}, for its owner only (mode 600): {len(answers)} settings.")
    environment.update(answers)
    environment["DEBUG"] = "0"


def _answers(path: Path, environment: MutableMapping[str, str], *, is_asked: bool) -> dict[str, str]:
    answers: dict[str, str] = {}
    for question in questions(path):
        if question.is_asked(answers):
            answers[question.name] = (
                _ask(question, answers, environment.get(question.name, ""))
                if is_asked
                else _given(question, answers, environment.get(question.name, ""))
            )
    for name in READS.findall(SETTINGS.read_text(encoding="utf-8")):
        if name not in NOT_KEPT and environment.get(name):
            answers.setdefault(name, environment[name])
    answers |= follows(answers)
    if wrong := _wrong_mail(answers):
        sys.exit(wrong)
    for name, (is_needed, make) in MADE.items():
        if name not in answers and is_needed(answers):
            answers[name] = make()
    if wrong := soundness.wrong_key(answers["SECRET_KEY"]):
        sys.exit(f"SECRET_KEY {wrong}")
    kept = {name: value for name, value in answers.items() if value}
    for name, value in kept.items():
        envfile.line(name, value)
    return kept


def _wrong_mail(answers: dict[str, str]) -> str:
    yes = {"1", "true", "yes", "on", "y", "ok", "t"}
    return soundness.wrong_mail(
        host=answers["EMAIL_HOST"],
        user=answers["EMAIL_HOST_USER"],
        password=answers.get("EMAIL_HOST_PASSWORD", ""),
        tls=answers.get("EMAIL_USE_TLS", "").lower() in yes,
        ssl=answers.get("EMAIL_USE_SSL", "").lower() in yes,
    )


def _given(question: Question, answers: dict[str, str], said: str) -> str:
    if not said and question.is_needed:
        sys.exit(f"{question.name} is not set: {question.asks[0].lower()}{question.asks[1:]}")
    answer = said or question.default(answers)
    if answer and (wrong := question.wrong(answer, answers)):
        sys.exit(f"{question.name} {wrong}")
    if not answer and (wrong := question.wrong("", answers)):
        sys.exit(f"{question.name} {wrong}")
    return answer


def _ask(question: Question, answers: dict[str, str], said: str) -> str:
    default = said or question.default(answers)
    # What the environment says may hold a password; our own defaults hold none.
    shown = "as in the environment" if said and question.is_secret else default
    words = f"{question.asks}{f' [{shown}]' if shown else ''}: "
    while True:
        read = (
            getpass.getpass(f"{words[:-2]} (not shown as you type): ") if question.is_secret else input(words)
        )
        answer = read.strip() or default
        wrong = question.wrong(answer, answers)
        if not wrong:
            return answer
        print(f"{question.name} {wrong}.")


# --- The files -----------------------------------------------------------------------------------------------------


def _folder(path: Path) -> bool:
    """Whether it had to be made."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return False
    path.chmod(0o700)  # Whatever the umask took away.
    return True


def _make_key(path: Path) -> None:
    if path.exists():
        begun.said.append(f"{path} is there already and stays as it is.")
        return
    _folder(path.parent)
    keyfile.write_new(path, [keyfile.new_key(1, datetime.now(UTC).date())])
    begun.made.append(str(path))
    _hand_over(path, path.parent)
    begun.said.append(f"Made {path}, for its owner only (mode 400): the key of private words.")


def _hand_over(path: Path, folder: Path) -> None:
    """Root makes files for whoever the folder belongs to: the account that the processes run as."""
    owner = folder.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.chown(path, owner.st_uid, owner.st_gid)
