"""What makes a setting unsafe, said as one sentence; an empty one where nothing does. Knows no Django.

The rules are those of OWASP ASVS 5.0 (13.2, secrets and defaults) for what an installation can get wrong.
"""

import re
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from environ import Env

KEY_LENGTH = 50
KEY_CHARACTERS = 10  # Different ones; 50 random hexadecimal digits have fewer once in some millions.
STAND_IN = "a-key-for-development-only-that-no-installation-may-use"
# Marks of a key that stands in a text: somebody copied it, and others have it.
COPIED = (
    "development",
    "django-insecure",
    "change-me",
    "changeme",
    "change_me",
    "example",
    "your-secret",
    "secret-key",
)
MISWRITTEN = (
    "has a character that must be written otherwise: / as %2F, # as %23, ? as %3F, @ as %40, [ as %5B"
)
# Other ways than a password to show a database who asks.
SHOWN_OTHERWISE = {"passfile", "service", "sslcert"}
# What servers, their images and their manuals begin with.
WELL_KNOWN = {"postgres", "postgresql", "redis", "password", "passwd", "secret", "changeme", "change-me", "change_me",
              "example", "admin", "root", "test", "best_stuff", "best-stuff", "foobared", "12345678"}  # fmt: skip


def wrong_key(key: str, *, is_earlier: bool = False) -> str:
    """Why this signs nothing. Never with a part of it. One of earlier days may be short: it is kept for what it
    signed."""
    if len(key) < KEY_LENGTH and not is_earlier:
        return f"is shorter than {KEY_LENGTH} characters"
    if any(mark in key.lower() for mark in COPIED):
        return "is one that stands in a text for everybody to read; make one of your own"
    if len(set(key)) < KEY_CHARACTERS or key in (key + key)[1:-1]:
        return "repeats itself and could be guessed; make a random one"
    return ""


def is_near(host: str) -> bool:
    """Whether what is said to that host stays on this machine: loopback, or a socket of the file system."""
    host = unquote(host).strip("[]")
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def wrong_password(user: str, password: str, host: str) -> str:
    """Of a server on a network. On this machine alone the system says who asks, and none is needed."""
    if is_near(host):
        return ""
    if not password:
        return "has no password, and its server is not on this machine"
    if password.lower() in WELL_KNOWN or password == user:
        return "has a password that everybody tries first"
    return ""


def wrong_redis(url: str) -> str:
    """Never with a part of it, as what follows."""
    scheme, _, rest = url.partition("://")
    if scheme == "unix":
        return ""
    if scheme not in {"redis", "rediss"}:
        return "must begin with redis://, rediss:// or unix://"
    authority = re.split("[/?#]", rest, maxsplit=1)[0]
    if "@" in rest[len(authority) :]:
        return MISWRITTEN
    try:
        address = urlsplit(url)
        host, _port = address.hostname, address.port
    except ValueError:
        return MISWRITTEN
    if not host:
        return "names no host, such as redis://:password@host:6379/0"
    password = unquote(address.password or "") or parse_qs(address.query).get("password", [""])[0]
    return wrong_password(unquote(address.username or ""), password, host)


def wrong_database(url: str) -> str:
    """Of what django-environ reads in it, which settings go by as well."""
    scheme, _, rest = url.partition("://")
    if not re.fullmatch(r"postgres(ql)?|pgsql|psql", scheme):
        return "must name a PostgreSQL database, such as postgres://user:password@host:5432/name"
    if "@" in rest.partition("?")[0].partition("/")[2]:
        return MISWRITTEN
    try:
        said: dict[str, Any] = Env.db_url_config(url)
    except ValueError:
        return MISWRITTEN
    options = said.get("OPTIONS", {})
    if not said["NAME"] and "service" not in options:
        return "names no database after its last /"
    # As Django hands them on: the address before what stands behind its "?", and libpq goes where hostaddr says.
    hosts = f"{said['HOST'] or options.get('host', '')},{options.get('hostaddr', '')}".split(",")
    far = next((host for host in hosts if not is_near(host)), "")
    user, password = (str(said[name.upper()] or options.get(name, "")) for name in ("user", "password"))
    return "" if not password and SHOWN_OTHERWISE & set(options) else wrong_password(user, password, far)


def wrong_address(url: str) -> str:
    """Of PUBLIC_BASE_URL."""
    address = urlsplit(url)
    if not address.hostname or address.scheme not in {"http", "https"}:
        return "must be a whole address such as https://mentoring.example.org"
    if address.scheme == "http" and address.hostname not in {"localhost", "127.0.0.1"}:
        return "must begin with https://, except on localhost"
    if address.path.strip("/") or address.query or address.fragment or address.username:
        return "must end after the host (and a port), such as https://mentoring.example.org"
    return ""


def wrong_mail(*, host: str, user: str, password: str, tls: bool, ssl: bool) -> str:
    """A whole sentence about the EMAIL_ variables."""
    if tls and ssl:
        return "EMAIL_USE_TLS and EMAIL_USE_SSL are both on, and a server speaks one of them"
    if user and not password:
        return "EMAIL_HOST_PASSWORD is not set, and EMAIL_HOST_USER is"
    if user and not (tls or ssl or is_near(host)):
        return (
            "EMAIL_HOST_PASSWORD would be sent for anybody to read: set EMAIL_USE_TLS=1 (port 587) or "
            "EMAIL_USE_SSL=1 (port 465)"
        )
    return ""
