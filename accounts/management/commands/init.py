"""`manage.py init`: from nothing to an installation that starts (docs/operations.md).

The settings are asked for and written before this is reached (accounts/setup/begin.py). Here they are in force.
"""

import getpass
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import DatabaseError, connection, transaction

from accounts import actions, clock
from accounts.mail.checkup import Finding, Level, Names, check_inbound, check_senders, check_server
from accounts.models import User
from accounts.setup import probes
from accounts.setup.begin import ENV_FILE, add_arguments, begun

MARKS = {Level.GOOD: "ok  ", Level.LOOK: "look", Level.BAD: "BAD "}


class Command(BaseCommand):
    help = (
        "Set up an installation: settings, secrets, tables, the first superuser. What is there already stays."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._handle(options)
        except (KeyboardInterrupt, EOFError):
            raise CommandError("Stopped. What is done is whole; run this again to go on.") from None

    def _handle(self, options: dict[str, Any]) -> None:
        self.is_asked = not options["no_input"]
        self.say(*begun.said)
        self.say("", "Checks:")
        is_bad = self._look(probes.database())
        is_there = not is_bad
        is_bad = self._look(probes.redis()) or is_bad
        is_bad = self._look(check_server(clock.now())) or is_bad
        is_bad = self._look(probes.address()) or is_bad
        self.say("", "What DNS says of mail, which may come later:")
        names = Names()
        self._look(check_senders(names))
        self._look(check_inbound(names))
        self.say("")
        if is_there:
            self._migrate(options)
            self._admin(options)
        self.say("", "Left to do, in this order:")
        steps = list(self._left(options, is_there=is_there))
        self.say(*(f"{number:>2}. {step}" for number, step in enumerate(steps, 1)))
        if is_bad:
            raise CommandError("Put right what is BAD above, then run this again: what is done stays.")

    def _look(self, findings: Iterator[Finding]) -> bool:
        """Whether one of them is bad."""
        is_bad = False
        for finding in findings:
            self.say(f"{MARKS[finding.level]}  {finding.words}")
            is_bad = is_bad or finding.level is Level.BAD
        return is_bad

    # --- Tables and the first person -------------------------------------------------------------------------------

    def _migrate(self, options: dict[str, Any]) -> None:
        if options["no_migrate"] or (self.is_asked and not self._yes("Make or update the tables now?")):
            return
        call_command("migrate", interactive=False, verbosity=0)
        self.say("The tables are made.")

    def _admin(self, options: dict[str, Any]) -> None:
        if options["no_admin"]:
            return
        try:
            there = User.objects.filter(is_superuser=True, is_active=True).exists()
        except DatabaseError:
            connection.close()
            self.say("No superuser could be made: the tables are not there yet.")
            return
        if there:
            self.say("A superuser is there already; none was made.")
            return
        email = self._email(options["admin_email"] or begun.admin_email)
        if User.objects.signing_in_with(email):
            raise CommandError(f"{email} has an account already, and stays as it is.")
        password = self._password(email)
        with transaction.atomic():
            person = User.objects.create_superuser(email, password or None)
            actions.confirm_address(person)
        how = "the password, or a code by e-mail" if password else "a code by e-mail"
        self.say(f"{email} is the first superuser, and signs in with {how}.")

    def _email(self, given: str) -> str:
        """Of the first superuser, valid; asked for until it is."""
        while True:
            email = given or (
                input("The first superuser's e-mail address: ").strip() if self.is_asked else ""
            )
            try:
                if not email and not self.is_asked:
                    raise CommandError("INIT_ADMIN_EMAIL is not set: who becomes the first superuser")
                validate_email(email)
                return str(User.objects.normalize_email(email))
            except ValidationError:
                if not self.is_asked:
                    raise CommandError("INIT_ADMIN_EMAIL is no e-mail address") from None
                self.say("That is no e-mail address.")
                given = ""

    def _password(self, email: str) -> str:
        """Empty where they will sign in by a code."""
        given = begun.admin_password
        while True:
            password = given
            if not given and self.is_asked:
                password = getpass.getpass("A password (not shown; empty for codes by e-mail alone): ")
            if not password:
                return ""
            try:
                validate_password(password, User(email=email))
            except ValidationError as weak:
                words = " ".join(weak.messages)
                if not self.is_asked:
                    raise CommandError(f"INIT_ADMIN_PASSWORD: {words}") from None
                self.say(words)
                given = ""
                continue
            if given or getpass.getpass("Once more: ") == password:
                return password
            self.say("The two are not the same.")

    # --- What remains ----------------------------------------------------------------------------------------------

    def _left(self, options: dict[str, Any], *, is_there: bool) -> Iterator[str]:
        path = begun.env_file or ENV_FILE
        by = f"ENV_FILE={path} .venv/bin/python manage.py"
        yield f"Put a copy of {settings.KEY_FILE} away, on another machine or on paper (`{by} keys show --reveal`)."
        if not is_there or options["no_migrate"]:
            yield f"Make the tables: {by} migrate"
        yield f"Collect styles, scripts and fonts: {by} collectstatic --no-input"
        yield f"Judge the whole: {by} check --deploy"
        yield f"Keep web, worker and beat running with the settings of {path} (systemd: EnvironmentFile={path})."
        if settings.IS_HTTPS:
            yield f"Have a proxy end TLS for {settings.PUBLIC_HOST}, and let its name lead there (A, AAAA)."
        yield f"Add what DNS should say of mail (SPF, DKIM, DMARC), then: {by} mail_check --to you@example.org"
        yield f"Sign in at {settings.PUBLIC_BASE_URL}/admin/ and set up the second step it asks for."
        yield "Back up the database each day, and the key file apart from it (docs/operations.md)."

    def say(self, *lines: str) -> None:
        for line in lines:
            self.stdout.write(line)

    def _yes(self, words: str) -> bool:
        while True:
            answer = input(f"{words} [yes]: ").strip().lower()
            if answer in {"", "y", "yes"}:
                return True
            if answer in {"n", "no"}:
                return False
            self.say("Please say yes or no.")
