"""The settings as this process has them, in plain words. Of a secret it says whether it is set, and nothing of it."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

VARIABLES = "The variables"
PROXY = "Behind a proxy"
SIGN_ON = "Single sign-on"
MAIL_IN = "Mail that comes in"
ARRIVES = "Does our e-mail arrive?"
KEY_FILE = "The key file"
FILES = "Pictures and files"
WELL = "Is it well?"


class Seen(NamedTuple):
    """`variable` is its name in the environment, `where` the part of docs/operations.md that says more."""

    variable: str
    means: str
    value: str
    where: str = VARIABLES


class Part(NamedTuple):
    label: str
    rows: list[Seen]


def parts() -> list[Part]:
    return [
        Part(_("Where it stands"), list(_place())),
        Part(_("Who comes in"), list(_doors())),
        Part(_("Mail that goes out"), list(_mail_out())),
        Part(_("Mail that comes in"), list(_mail_in())),
        Part(_("Work and secrets"), list(_work())),
    ]


def _place() -> Iterator[Seen]:
    yield Seen("PUBLIC_BASE_URL", _("address"), settings.PUBLIC_BASE_URL)
    yield Seen("ALLOWED_HOSTS", _("host names that are answered"), _listed(settings.ALLOWED_HOSTS))
    yield Seen("TRUSTED_PROXY_COUNT", _("proxies in front"), str(settings.ALLAUTH_TRUSTED_PROXY_COUNT), PROXY)
    yield Seen("SSL_REDIRECT", _("http is sent to https"), _on(settings.SECURE_SSL_REDIRECT), PROXY)
    yield Seen("SOURCE_CODE_URL", _("link to the code"), settings.SOURCE_CODE_URL or _none())
    yield Seen("DEBUG", _("errors shown in full"), _on(settings.DEBUG))
    offset = settings.REHEARSAL_OFFSET.total_seconds()
    value = _("%(number)d seconds") % {"number": offset} if offset else _on(False)
    yield Seen("REHEARSAL_OFFSET_SECONDS", _("rehearsal"), value)


def _doors() -> Iterator[Seen]:
    yield Seen("OPEN_SIGNUP", _("anybody may make an account"), _on(settings.OPEN_SIGNUP))
    yield Seen(
        "SSO_SIGNUP", _("so may one’s own people who come by a provider"), _on(settings.SSO_SIGNUP), SIGN_ON
    )
    providers: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
    apps = [app for each in providers.values() for app in each["APPS"]]
    for variable, provider in (
        ("OIDC_SERVER_URL", "oidc"),
        ("GOOGLE_CLIENT_ID", "google"),
        ("MICROSOFT_TENANT", "microsoft"),
        ("SAML_IDP_URL", "saml"),
    ):
        names = [str(app.get("name", "")) for app in apps if app.get("provider_id") == provider]
        yield Seen(variable, _("accounts elsewhere"), _listed(names), SIGN_ON)
    second = settings.REQUIRE_ADMIN_SECOND_FACTOR
    yield Seen("REQUIRE_ADMIN_SECOND_FACTOR", _("the admin asks for two steps"), _on(second))
    yield Seen("BREAK_GLASS", _("words can be opened in an emergency"), _on(settings.BREAK_GLASS))


def _mail_out() -> Iterator[Seen]:
    yield Seen("EMAIL_HOST", _("mail server"), settings.EMAIL_HOST, ARRIVES)
    yield Seen("EMAIL_PORT", _("its port"), str(settings.EMAIL_PORT), ARRIVES)
    yield Seen("EMAIL_USE_TLS", _("STARTTLS"), _on(settings.EMAIL_USE_TLS), ARRIVES)
    yield Seen("EMAIL_USE_SSL", _("TLS from the first byte"), _on(settings.EMAIL_USE_SSL), ARRIVES)
    yield Seen("EMAIL_HOST_USER", _("name to sign in with"), _set(settings.EMAIL_HOST_USER))
    yield Seen("EMAIL_HOST_PASSWORD", _("password"), _set(settings.EMAIL_HOST_PASSWORD))
    yield Seen("DEFAULT_FROM_EMAIL", _("sender of codes"), settings.DEFAULT_FROM_EMAIL, ARRIVES)
    yield Seen("MAIL_FROM_ADDRESS", _("sender of all the rest"), settings.MAIL_FROM_ADDRESS, ARRIVES)
    yield Seen(
        "MAIL_DKIM_SELECTOR", _("name of the signature"), settings.MAIL_DKIM_SELECTOR or _none(), ARRIVES
    )
    limit = settings.MAIL_PER_SECOND
    yield Seen("MAIL_PER_SECOND", _("e-mails a second at most"), f"{limit:g}" if limit else _("no limit"))
    yield Seen("MAIL_WORKERS", _("connections at once"), str(settings.MAIL_WORKERS))


def _mail_in() -> Iterator[Seen]:
    for variable, means in (
        ("INBOUND_AUTHSERV_ID", _("name of the server that takes mail in")),
        ("INBOUND_ADDRESS", _("mailbox of answers and of what comes back")),
        ("KEEP_ADDRESS", _("mailbox of moments")),
        ("CALENDAR_ADDRESS", _("mailbox of calendars")),
        ("INBOUND_IMAP_HOST", _("mailbox that is fetched")),
    ):
        yield Seen(variable, means, getattr(settings, variable) or _none(), MAIL_IN)
    yield Seen("INBOUND_IMAP_USER", _("name to sign in with"), _set(settings.INBOUND_IMAP_USER), MAIL_IN)
    yield Seen("INBOUND_IMAP_PASSWORD", _("password"), _set(settings.INBOUND_IMAP_PASSWORD), MAIL_IN)
    yield Seen("ANYMAIL_PROVIDERS", _("providers that tell us"), _listed(settings.ANYMAIL_PROVIDERS), MAIL_IN)
    yield Seen(
        "ANYMAIL_WEBHOOK_SECRET", _("what they show that it is them"), _set(settings.ANYMAIL["WEBHOOK_SECRET"]), MAIL_IN
    )  # fmt: skip


def _work() -> Iterator[Seen]:
    database: Any = settings.DATABASES["default"]
    place = f"{database['NAME']}, {database.get('HOST') or 'localhost'}"
    yield Seen("DATABASE_URL", _("database"), place)
    redis = urlsplit(settings.REDIS_URL)
    yield Seen("REDIS_URL", _("Redis"), f"{redis.hostname or ''}:{redis.port or 6379}")
    yield Seen(
        "TICK_SECONDS", _("seconds from one look at the clock to the next"), f"{settings.TICK_SECONDS:g}"
    )
    pooler = _("it pools transactions") if settings.DATABASE_POOLER else _none()
    yield Seen("DATABASE_POOLER", _("pooler before the database"), pooler)
    yield Seen("DATABASE_CONN_MAX_AGE", _("seconds that a connection is kept"), str(database["CONN_MAX_AGE"]))
    yield Seen("MEDIA", _("pictures and files"), str(settings.MEDIA or _("in the database")), FILES)
    yield Seen("MEDIA_BEFORE", _("where they were before"), str(settings.MEDIA_BEFORE or _none()), FILES)
    yield Seen("SECRET_KEY", _("signs sessions and links"), _set(settings.SECRET_KEY))
    number = len(settings.SECRET_KEY_FALLBACKS)
    earlier = ngettext("%(number)d is set", "%(number)d are set", number) % {"number": number}
    yield Seen("SECRET_KEY_FALLBACKS", _("earlier ones"), earlier if number else _none())
    yield Seen("KEY_FILE", _("key of private words"), _set(str(settings.KEY_FILE)), KEY_FILE)
    yield Seen("LOG_FORMAT", _("form of the log"), settings.LOG_FORMAT, WELL)
    yield Seen("METRICS_TOKEN", _("who reads the figures shows it"), _set(settings.METRICS_TOKEN), WELL)
    sentry = urlsplit(settings.SENTRY_DSN).hostname
    yield Seen("SENTRY_DSN", _("where errors are reported"), sentry or _none(), WELL)


def _on(value: object) -> str:
    return _("on") if value else _("off")


def _set(value: object) -> str:
    return _("set") if value else _("not set")


def _none() -> str:
    return _("none")


def _listed(values: list[str]) -> str:
    return ", ".join(values) or _none()
