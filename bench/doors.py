"""Whether a stranger can tell by a clock which addresses have an account, at each of the doors.

    python -m bench.doors [--n ADDRESSES] [--warm-up ADDRESSES]

Each is knocked on with an address that is known and with one that is not, in turn: a real gunicorn with production
settings (Argon2 and all), PostgreSQL, Redis, and a mail server on this machine. `auc` is how often somebody who takes
the slower (or the quicker) of two answers for the known one is right: 0.5 is a coin. DATABASE_URL and REDIS_URL as for
bench.pages.
"""

import argparse
import http.client
import os
import secrets
import sys
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlencode

from bench.common import in_turn, median, progress, ratio, say
from bench.server.database import seeded
from bench.server.production import WORKERS, be_in_production, memory, serve
from dev.mailcatcher import MailCatcher
from dev.processes import CannotStart, Household, end_on_signals, free_port

DOORS: dict[str, tuple[str, dict[str, str]]] = {
    "signing up": ("/account/signup/", {"name": "Eve", "email": "{}"}),
    "asking for a code": ("/account/login/code/", {"email": "{}"}),
    "a wrong password": ("/account/login/", {"login": "{}", "password": "not this one, surely"}),
    "asking for a new password": ("/account/password/reset/", {"email": "{}"}),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.doors", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--n", type=int, default=40, help="addresses of either sort, at each door; 200 tell more"
    )
    parser.add_argument("--warm-up", type=int, default=10, help="that come before, and do not count")
    given = parser.parse_args()
    end_on_signals()
    for name in ("DATABASE_URL", "REDIS_URL"):
        if not os.environ.get(name):
            parser.error(f"{name} is not set; `make bench` brings a server")
    try:
        with Household() as house:
            run(house, max(given.n, 2), given.warm_up)
    except CannotStart as problem:
        print(f"bench.doors cannot start: {problem}", file=sys.stderr)
        return 1
    return 0


def run(house: Household, size: int, warm_up: int) -> None:
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="best-stuff-bench-"))
    house.throw_away(folder)
    be_in_production(port, folder)
    # The demo program has no fewer people, so that each of its states is there.
    from reflections.demo.people import SMALLEST

    people = warm_up + size
    progress(f"Seeding {people} people")
    with seeded(max(people, SMALLEST)) as database, MailCatcher(folder / "mail") as post:
        known = addresses_with_an_account(people)
        # As long as the others, so that neither the request nor the letter is.
        unknown = [f"{secrets.token_hex(len(one))[: len(one) - 13]}@none.example" for one in known]
        web = serve(
            house, port, database, folder / "web.log",
            TRUSTED_PROXY_COUNT="1", EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(post.port),
        )  # fmt: skip
        try:
            for what, (path, form) in DOORS.items():
                progress(f"{size} of either at the door: {what}")
                began = time.perf_counter()
                ours, theirs = knocked(
                    size, warm_up, knocks(port, path, form, known), knocks(port, path, form, unknown)
                )
                say(
                    bench="doors",
                    what=what,
                    n=size,
                    seconds=round(time.perf_counter() - began, 1),
                    against="the same, with an address that nobody has",
                    ratio=ratio(ours, theirs),
                    median_ms=median(ours, 2),
                    against_median_ms=median(theirs, 2),
                    apart_ms=round(abs(median(ours, 3) - median(theirs, 3)), 2),
                    auc=auc(ours, theirs),
                    workers=WORKERS,
                    peak_mb=memory(web),
                )
        finally:
            web.end()


def addresses_with_an_account(size: int) -> list[str]:
    """Of so many people; every other one has a password, the rest sign in by code, and some never did."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password

    from accounts.models import User

    people = list(User.objects.order_by("pk")[:size])
    EmailAddress.objects.all().delete()
    EmailAddress.objects.bulk_create(
        EmailAddress(user=each, email=each.email, verified=True, primary=True) for each in people[::3]
    )
    User.objects.filter(pk__in=[each.pk for each in people[::2]]).update(
        password=make_password("a calm sentence")
    )
    User.objects.filter(pk__in=[each.pk for each in people[1::2]]).update(password=make_password(None))
    return [each.email for each in people]


def knocks(port: int, path: str, form: dict[str, str], addresses: Sequence[str]) -> Iterator[float]:
    """The milliseconds of one request for each address: every time another browser, and from elsewhere."""
    for address in addresses:
        token = secrets.token_hex(16)
        data = {key: value.format(address) for key, value in form.items()} | {"csrfmiddlewaretoken": token}
        elsewhere = ".".join(str(secrets.randbelow(254) + 1) for _ in range(4))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={token}",
            "Host": f"localhost:{port}",
            "X-Forwarded-For": elsewhere,
        }
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.connect()
        began = time.perf_counter()
        connection.request("POST", path, urlencode(data), headers)
        answer = connection.getresponse()
        answer.read()
        took = (time.perf_counter() - began) * 1000
        connection.close()
        if answer.status not in (200, 302):
            raise RuntimeError(f"{path} answered {answer.status}")
        yield took


def knocked(
    size: int, warm_up: int, ours: Iterator[float], theirs: Iterator[float]
) -> tuple[list[float], list[float]]:
    """So many of either in turn, each time the other one first, after a few that do not count."""
    in_turn(warm_up, lambda: next(ours), lambda: next(theirs))
    of_ours: list[float] = []
    of_theirs: list[float] = []
    for number in range(size):
        for is_ours in (True, False) if number % 2 else (False, True):
            (of_ours if is_ours else of_theirs).append(next(ours if is_ours else theirs))
    return of_ours, of_theirs


def auc(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """How often one of the two answers can be told from the other by the time it took, by whoever looks for the rule
    that fits best: from 0.5, never better than a guess, to 1, always."""
    ordered = sorted(theirs)
    slower = sum(bisect_left(ordered, one) + bisect_right(ordered, one) for one in ours) / 2
    share = slower / (len(ours) * len(theirs))
    return round(max(share, 1 - share), 3)


if __name__ == "__main__":
    sys.exit(main())
