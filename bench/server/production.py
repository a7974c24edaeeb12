"""The site as an installation runs it: production settings, hashed static files, a gunicorn of its own."""

import http.client
import os
import secrets
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from dev.processes import CannotStart, Child, Household
from dev.servers import key_file

WORKERS = 2


def be_in_production(port: int, folder: Path) -> None:
    """Set this process up as the server will be: DEBUG off, hashed static files, addresses of localhost.

    The files are those of BENCH_STATIC, where that names a folder into which they have been collected.
    """
    collected = os.environ.get("BENCH_STATIC")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "bench.server.settings",
        "DEBUG": "0",
        "KEY_FILE": key_file(folder),
        "SECRET_KEY": secrets.token_urlsafe(64),
        "PUBLIC_BASE_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "STATIC_ROOT": collected or str(folder / "static"),
        "LOG_LEVEL": "WARNING",
        "REQUIRE_ADMIN_SECOND_FACTOR": "0",
    }
    os.environ.pop("REHEARSAL_OFFSET_SECONDS", None)

    import django
    from django.core.management import call_command

    django.setup()
    if not collected:
        call_command("collectstatic", interactive=False, verbosity=0)


GUNICORN = ("gunicorn", "bench.server.wsgi", "--bind", "127.0.0.1:{port}", "--workers", str(WORKERS))


def serve(
    house: Household,
    port: int,
    database: str,
    log: Path,
    command: Sequence[str] = GUNICORN,
    **environment: str,
) -> Child:
    """A server that answers: a gunicorn, or another whose `command` is a module of Python's with its arguments. Raises
    CannotStart with the last line of its log."""
    web = house.start(
        "web",
        [sys.executable, "-m", *(part.replace("{port}", str(port)) for part in command)],
        log=log,
        env={**os.environ, "DATABASE_URL": database, **environment},
    )
    until = time.monotonic() + 60
    while time.monotonic() < until and not web.has_ended:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/hello/")
            if connection.getresponse().status == 200:
                return web
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    lines = log.read_text().strip().splitlines()
    raise CannotStart(f"the web server did not come up: {lines[-1] if lines else 'it said nothing'}")


def memory(web: Child) -> float:
    """What its largest process held when the work was done, in MB."""
    parent = psutil.Process(web.process.pid)
    largest: int = max(one.memory_info().rss for one in [parent, *parent.children()])
    return round(largest / 1e6, 1)
