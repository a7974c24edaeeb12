"""Strangers guess, many at once, at a real installation with three web processes: the limits hold (P21), and none of
it keeps anybody out (P22).

Each guess comes from where X-Forwarded-For says, as behind a proxy. What counts is how many were really checked: whose
answer is that of a wrong password or code, and not that of a limit.
"""

import http.client
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts.models import User
from accounts.second_factor import MFAAdapter
from tests.browser.stack import Ground, Stack
from tests.browser.visitor import code_in

pytestmark = pytest.mark.faults

TRIES = int(os.environ.get("FAULT_TRIES", "200"))
AT_ONCE = 12
PASSWORD = "a quiet long password"
WRONG_PASSWORD, WRONG_CODE = "do not go together", "not the code we sent"
STOPPED = "one try too many"


@pytest.fixture(scope="module")
def stack(
    ground: Ground, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[Stack]:
    """Three web processes behind one proxy."""
    with ground.stack(tmp_path_factory.mktemp("guessing"), reach=django_db_blocker.unblock) as stack:
        stack.web_processes = 3
        stack.variables["TRUSTED_PROXY_COUNT"] = "1"
        with stack.database():
            settle()
        stack.start("web")
        yield stack


def settle() -> None:
    """Three people who are tried on by many, and many who are tried on by one. Half of these have a second step."""
    password = Argon2PasswordHasher().encode(PASSWORD, "a salt of some length")
    names = ["password", "code", "step", *(f"{number}" for number in range(TRIES))]
    people = User.objects.bulk_create(
        User(email=f"{name}@harbor.example", name=name, password=password) for name in names
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in people
    )
    # By whatever key: no code of six digits is right, since the installation has another one.
    secret = MFAAdapter().encrypt(generate_totp_secret())
    Authenticator.objects.bulk_create(
        Authenticator(user=person, type="totp", data={"secret": secret}) for person in people[2:14]
    )


def elsewhere(number: int) -> str:
    return f"192.0.2.{number % 250}" if number < 250 else f"198.51.{number // 250}.{number % 250}"


@dataclass
class Stranger:
    """A browser without a page: its cookies, and the address it comes from."""

    stack: Stack
    address: str
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    cookies: dict[str, str] = field(default_factory=dict)

    def post(self, path: str, **form: str) -> tuple[str, str]:
        """Where it leads, and what the page says."""
        asking = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=60)
        cookies = {**self.cookies, "csrftoken": self.token}
        headers = {
            "Host": f"localhost:{self.stack.port}",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": self.address,
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        }
        try:
            asking.request("POST", path, urlencode({**form, "csrfmiddlewaretoken": self.token}), headers)
            answer = asking.getresponse()
            said = answer.read().decode()
        finally:
            asking.close()
        assert answer.status in (200, 302, 429), f"{answer.status} from {path}"
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        return answer.headers.get("Location", ""), said

    @property
    def is_in(self) -> bool:
        """Whether it is signed in: its own settings open to it."""
        asking = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Host": f"localhost:{self.stack.port}", "Cookie": cookies}
        try:
            asking.request("GET", "/settings/", headers=headers)
            return asking.getresponse().status == 200
        finally:
            asking.close()

    def try_password(self, name: str) -> int:
        """How many were checked; so with each of these."""
        _where, said = self.post("/account/login/", login=f"{name}@harbor.example", password="not this one")
        return WRONG_PASSWORD in said

    def try_codes(self, name: str) -> int:
        """Asks for a code, and types in wrong ones until that ends."""
        where, _said = self.post("/account/login/code/", email=f"{name}@harbor.example")
        checked = 0
        while where or checked:
            where, said = self.post("/account/login/code/confirm/", code="BBBB-BBBB")
            checked += WRONG_CODE in said
            if where:  # The third one led away.
                return checked + 1
            if WRONG_CODE not in said:
                break
        return checked

    def try_second_step(self) -> int:
        _where, said = self.post("/account/2fa/authenticate/", code="000000")
        assert STOPPED in said or "Now the second step" in said
        return STOPPED not in said


def all_at_once(what: Callable[[Any], int], things: Iterable[Any]) -> int:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sum(threads.map(what, things))


def ask_for_a_code(stack: Stack, name: str) -> tuple[Stranger, str]:
    """The owner of an account does, at home; and the code that comes."""
    owner = Stranger(stack, "203.0.113.7")
    address = f"{name}@harbor.example"
    where, _said = owner.post("/account/login/code/", email=address)
    assert where, "no code is to be had"
    return owner, code_in(stack.letters(address)[-1])


def test_passwords_are_checked_five_times_for_one_account(stack: Stack) -> None:
    checked = all_at_once(
        lambda number: Stranger(stack, elsewhere(number)).try_password("password"), range(TRIES)
    )
    assert 1 <= checked <= 5
    owner, code = ask_for_a_code(stack, "password")
    owner.post("/account/login/code/confirm/", code=code)
    assert owner.is_in


def test_passwords_are_checked_ten_times_for_one_address(stack: Stack) -> None:
    checked = all_at_once(
        lambda number: Stranger(stack, "100.64.0.1").try_password(f"{number}"), range(TRIES)
    )
    assert 1 <= checked <= 10


def test_codes_are_checked_nine_times_for_one_account(stack: Stack) -> None:
    owner, code = ask_for_a_code(stack, "code")
    checked = all_at_once(lambda number: Stranger(stack, elsewhere(number)).try_codes("code"), range(TRIES))
    assert 1 <= checked <= 9
    assert len(stack.letters("code@harbor.example")) <= 3
    owner.post("/account/login/code/confirm/", code=code)
    assert owner.is_in


def test_codes_are_checked_ten_times_for_one_address(stack: Stack) -> None:
    checked = all_at_once(lambda number: Stranger(stack, "100.64.0.2").try_codes(f"{number}"), range(TRIES))
    assert 1 <= checked <= 10


def past_the_password(stack: Stack, number: int, name: str) -> Stranger:
    stranger = Stranger(stack, elsewhere(number))
    where, _said = stranger.post("/account/login/", login=f"{name}@harbor.example", password=PASSWORD)
    assert where == "/account/2fa/authenticate/"
    return stranger


def test_second_steps_are_checked_five_times_for_one_account(stack: Stack) -> None:
    strangers = [past_the_password(stack, number, "step") for number in range(4)]

    def try_from(number: int) -> int:
        there = strangers[number % len(strangers)]
        return Stranger(stack, elsewhere(number), cookies=dict(there.cookies)).try_second_step()

    assert 1 <= all_at_once(try_from, range(TRIES)) <= 5


def test_second_steps_are_checked_ten_times_for_one_address(stack: Stack) -> None:
    strangers = [past_the_password(stack, 100 + number, f"{number}") for number in range(11)]

    def try_from(number: int) -> int:
        there = strangers[number % len(strangers)]
        return Stranger(stack, "100.64.0.3", cookies=dict(there.cookies)).try_second_step()

    assert 1 <= all_at_once(try_from, range(TRIES)) <= 10
