"""Whether what an installation leans on is there and fit, tried from here; each finding a plain sentence without a
secret."""

import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts.mail.checkup import Finding, bad, good, look

from . import soundness

OLDEST_POSTGRES = 140_000
OLDEST_REDIS = (6, 2)
ASKS_FOR_SECONDS = 3.0


def database() -> Iterator[Finding]:
    """Reachable, new enough, in UTF-8, and a role that may make tables and no more than it needs."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int, current_setting('server_encoding'),"
                " has_schema_privilege(current_schema(), 'CREATE'), rolsuper, rolbypassrls"
                " FROM pg_roles WHERE rolname = current_user"
            )
            version, encoding, may_create, is_superuser, bypasses = cursor.fetchone()
    except DatabaseError as problem:
        # The driver's words name host, port and role, never the password.
        words = " ".join(str(problem).split())
        yield bad(f"The database does not let us in. DATABASE_URL names it. It was said: {words}")
        return
    said = f"PostgreSQL {version // 10_000}.{version % 10_000}"
    if version < OLDEST_POSTGRES:
        yield bad(f"{said} answers, and it has to be 14 or newer.")
    else:
        yield good(f"{said} answers.")
    if encoding != "UTF8":
        yield bad(f"The database keeps text as {encoding}. Make it anew with ENCODING 'UTF8'.")
    if not may_create:
        yield bad("Its role may not make tables. Let it own the database (ALTER DATABASE … OWNER TO …).")
    if is_superuser or bypasses:
        words = "Its role is a superuser" if is_superuser else "Its role has BYPASSRLS"
        said = f"{words}, which it need not be. Make a role that owns this database alone."
        yield (
            look(f"{said} At another address than localhost nothing starts with it.")
            if settings.IS_LOCAL
            else bad(said)
        )


def redis() -> Iterator[Finding]:
    address = urlsplit(settings.REDIS_URL)
    # Settings have refused an address that cannot be read, and so cannot be shown in part.
    where = (
        f"{address.hostname or 'a socket'}:{address.port or 6379}"
        if address.scheme != "unix"
        else address.path
    )
    try:
        with closing(_redis()) as client:
            server: Any = client.info("server")
    except (RedisError, OSError, ValueError) as problem:
        yield bad(f"Redis does not answer at {where} ({type(problem).__name__}). REDIS_URL names it.")
        return
    version = str(server.get("redis_version", "0"))
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())
    if numbers < OLDEST_REDIS:
        yield bad(f"Redis {version} answers at {where}, and it has to be 6.2 or newer.")
    else:
        yield good(f"Redis {version} answers at {where}.")
    if not address.password and address.scheme != "unix":
        yield look("It asks for no password. That is fine as long as it listens on this machine alone.")


def _redis() -> Redis:
    client: Redis = Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=ASKS_FOR_SECONDS,
        socket_connect_timeout=ASKS_FOR_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    return client


def address() -> Iterator[Finding]:
    """Only whether the name leads anywhere: what answers there may not run yet."""
    host = settings.PUBLIC_HOST
    try:
        found = {str(each[4][0]) for each in socket.getaddrinfo(host, None)}
    except OSError:
        yield look(
            f"No address was found for {host} from here. It needs an A or AAAA record before people come."
        )
    else:
        yield good(f"{host} is {', '.join(sorted(found))}.")
    if settings.IS_HTTPS and not settings.ALLAUTH_TRUSTED_PROXY_COUNT and settings.SECURE_SSL_REDIRECT:
        yield look(
            "TRUSTED_PROXY_COUNT is 0: right only where gunicorn ends TLS itself (--certfile). Behind a proxy each "
            "page would be sent to https for ever."
        )
    if not settings.IS_HTTPS:
        yield look("The address is http on this machine: nobody else can use it.")
    if not soundness.is_near(settings.EMAIL_HOST) and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        yield look(f"E-mails go to {settings.EMAIL_HOST} without TLS.")
