"""Settings: every one that differs between installations is read from the environment, here and nowhere else.

docs/operations.md lists each variable; tests/test_settings.py holds that list against this file.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.http.request import validate_host
from django.utils.translation import gettext_lazy as _

from accounts import headers
from accounts.media import setting as media
from accounts.setup import envfile, soundness
from accounts.setup.literal import Literal
from accounts.vault import keyfile
from mentoring import limits, single_sign_on
from mentoring.processes import kind_of_process

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.ENVIRON, env.escape_proxy = Literal(os.environ), True


def refuse(reason: str) -> NoReturn:
    """Stop the start with one plain line."""
    sys.exit(f"Best Stuff does not start: {reason} (see docs/operations.md)")


# For commands that somebody runs by hand: what a unit's EnvironmentFile or a container's env_file says to the others.
if _env_file := env.str("ENV_FILE", default=""):
    try:
        for _name, _value in envfile.read(Path(_env_file)).items():
            os.environ.setdefault(_name, _value)
    except envfile.EnvFileTrouble as trouble:
        refuse(f"ENV_FILE {trouble}")

DEBUG = env.bool("DEBUG", default=False)


def required(name: str, development: str) -> str:
    """The variable's text; in development a stand-in, in production a refusal when it is missing."""
    value: str = env.str(name, default="")
    if not value and DEBUG:
        return development
    if not value:
        refuse(f"{name} is not set")
    return value


# --- What an installation must say ---------------------------------------------------------------------------------

SECRET_KEY = required("SECRET_KEY", soundness.STAND_IN)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
if not DEBUG and (_wrong := soundness.wrong_key(SECRET_KEY)):
    refuse(f"SECRET_KEY {_wrong}")
for _earlier in [] if DEBUG else SECRET_KEY_FALLBACKS:
    if _wrong := soundness.wrong_key(_earlier, is_earlier=True):
        refuse(f"SECRET_KEY_FALLBACKS has a key that {_wrong}")

PUBLIC_BASE_URL = required("PUBLIC_BASE_URL", "http://localhost:8000").rstrip("/")
_address = urlsplit(PUBLIC_BASE_URL)
PUBLIC_HOST = _address.hostname or ""
IS_HTTPS = _address.scheme == "https"
if not PUBLIC_HOST or _address.scheme not in {"http", "https"}:
    refuse("PUBLIC_BASE_URL must be a whole address such as https://mentoring.example.org")
# A rehearsal or a demo on one machine. Whatever stands at another address is for people.
IS_LOCAL = PUBLIC_HOST in {"localhost", "127.0.0.1"}
if not DEBUG and (_wrong := soundness.wrong_address(PUBLIC_BASE_URL)):
    refuse(f"PUBLIC_BASE_URL {_wrong}")
if DEBUG and not IS_LOCAL:
    refuse(
        "DEBUG is on, which shows errors with all that is in them, and PUBLIC_BASE_URL is not on localhost"
    )

ALLOWED_HOSTS = [name for name in env.list("ALLOWED_HOSTS", default=[PUBLIC_HOST]) if name.strip()]
if "*" in ALLOWED_HOSTS and not DEBUG:
    refuse("ALLOWED_HOSTS must name hosts, not *")
if not DEBUG and not validate_host(PUBLIC_HOST, ALLOWED_HOSTS):
    refuse(f"ALLOWED_HOSTS does not name {PUBLIC_HOST}, the host of PUBLIC_BASE_URL")
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]

_database = required("DATABASE_URL", "postgres://localhost/best_stuff")
if not DEBUG and (
    _wrong := soundness.wrong_database(_database)
):  # Before it is read: an error would show a part.
    refuse(f"DATABASE_URL {_wrong}")
DATABASES = {
    "default": env.db("DATABASE_URL", default="postgres://localhost/best_stuff")
    | {
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": True,
    }
}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    refuse("DATABASE_URL must name a PostgreSQL database")
# PostgreSQL's list of its connections (pg_stat_activity) says what each process is.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("application_name", kind_of_process(sys.argv))
DATABASE_POOLER = env.str("DATABASE_POOLER", default="")
if DATABASE_POOLER not in {"", "transaction"}:
    refuse("DATABASE_POOLER is either empty or the word transaction")
# A cursor kept on the server would be in another session for its second part.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = DATABASE_POOLER == "transaction"
# A server that is gone without a word is given up after seconds, not after the quarter of an hour that TCP takes. What
# DATABASE_URL says after its "?" counts before these.
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
} | DATABASES["default"].get("OPTIONS", {})

REDIS_URL = required("REDIS_URL", "redis://localhost:6379/0")
if not DEBUG and (_wrong := soundness.wrong_redis(REDIS_URL)):
    refuse(f"REDIS_URL {_wrong}")

# --- Single sign-on: accounts elsewhere that people may sign in with, none unless it is set up here ----------------

_doors = single_sign_on.Doors()
try:
    _doors.open_id_connect(
        name=env.str("OIDC_NAME", default=""),
        server_url=env.str("OIDC_SERVER_URL", default=""),
        client_id=env.str("OIDC_CLIENT_ID", default=""),
        client_secret=env.str("OIDC_CLIENT_SECRET", default=""),
        domains=env.list("OIDC_DOMAINS", default=[]),
    )
    _doors.google(
        client_id=env.str("GOOGLE_CLIENT_ID", default=""),
        client_secret=env.str("GOOGLE_CLIENT_SECRET", default=""),
        domains=env.list("GOOGLE_DOMAINS", default=[]),
    )
    _doors.microsoft(
        tenant=env.str("MICROSOFT_TENANT", default=""),
        client_id=env.str("MICROSOFT_CLIENT_ID", default=""),
        client_secret=env.str("MICROSOFT_CLIENT_SECRET", default=""),
        domains=env.list("MICROSOFT_DOMAINS", default=[]),
    )
    _doors.saml(
        name=env.str("SAML_NAME", default=""),
        entity_id=env.str("SAML_IDP_ENTITY_ID", default=""),
        url=env.str("SAML_IDP_URL", default=""),
        certificate=env.str("SAML_IDP_CERTIFICATE", default=""),
        attributes=env.dict("SAML_ATTRIBUTES", default={}),
        domains=env.list("SAML_DOMAINS", default=[]),
    )
except single_sign_on.Unusable as unusable:
    refuse(str(unusable))
SSO_SIGNUP = env.bool("SSO_SIGNUP", default=False)
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "accounts.single_sign_on.openid_connect.provider.Provider",
        "APPS": _doors.apps.get("openid_connect", []),
    },
    "saml": {
        "provider_class": "accounts.single_sign_on.saml.provider.Provider",
        "APPS": _doors.apps.get("saml", []),
    },
}
SOCIALACCOUNT_ADAPTER = "accounts.single_sign_on.adapter.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {"disconnect": "accounts.forms.single_sign_on.DisconnectForm"}
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5

# --- Applications --------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "mentoring.apps.BestAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    *(["allauth.socialaccount.providers.saml"] if "saml" in _doors.apps else []),
    "allauth.usersessions",
    "accounts",
    "accounts.mail",
    "mentoring.apps.MentoringConfig",
    "reflections",
]

MIDDLEWARE = [
    "accounts.monitoring.middleware.RequestNumberMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.compression.CompressedPages",
    "csp.middleware.CSPMiddleware",
    "accounts.headers.IsolationMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.AuditMiddleware",
    "accounts.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.PersonalMiddleware",
    "accounts.codes.CodesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.DevicesMiddleware",
]

ROOT_URLCONF = "mentoring.urls"
WSGI_APPLICATION = "mentoring.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.installation",
            ],
        },
    },
]
FORM_RENDERER = "accounts.forms.renderer.BestFormRenderer"

# --- People and sign-in --------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backend.ByAddress"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
OPEN_SIGNUP = env.bool("OPEN_SIGNUP", default=True)

ACCOUNT_ADAPTER = "mentoring.adapter.JoiningAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# Our form for signing up has no password; without one here allauth would take it from the form for signing in too.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.sign_in.AddEmailForm",
    "change_password": "accounts.forms.sign_in.ChangePasswordForm",
    "confirm_email_verification_code": "accounts.forms.sign_in.ConfirmEmailVerificationCodeForm",
    "confirm_login_code": "accounts.forms.sign_in.ConfirmLoginCodeForm",
    "confirm_password_reset_code": "accounts.forms.sign_in.ConfirmPasswordResetCodeForm",
    "login": "accounts.forms.sign_in.LoginForm",
    "reauthenticate": "accounts.forms.sign_in.ReauthenticateForm",
    "request_login_code": "accounts.forms.sign_in.RequestLoginCodeForm",
    "reset_password": "accounts.forms.sign_in.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.sign_in.ResetPasswordKeyForm",
    "set_password": "accounts.forms.sign_in.SetPasswordForm",
    "signup": "accounts.forms.sign_in.SignupForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _address.scheme
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = limits.ACCOUNT_RATE_LIMITS
MFA_RATE_LIMITS = limits.MFA_RATE_LIMITS

# Second factors and passkeys. What the database keeps of them is encrypted (accounts/second_factor.py).
MFA_ADAPTER = "accounts.second_factor.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Best Stuff"
MFA_FORMS = {
    "activate_totp": "accounts.forms.second_factor.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.second_factor.AddWebAuthnForm",
    "authenticate": "accounts.forms.second_factor.AuthenticateForm",
    "edit_webauthn": "accounts.forms.second_factor.EditWebAuthnForm",
    "reauthenticate": "accounts.forms.second_factor.ReauthenticateForm",
}
REQUIRE_ADMIN_SECOND_FACTOR = env.bool("REQUIRE_ADMIN_SECOND_FACTOR", default=True)
if not REQUIRE_ADMIN_SECOND_FACTOR and not IS_LOCAL:
    refuse("REQUIRE_ADMIN_SECOND_FACTOR can be off on localhost alone")
# Whether two superusers together may open somebody's words in an emergency (docs/privacy.md).
BREAK_GLASS = env.bool("BREAK_GLASS", default=False)
USERSESSIONS_TRACK_ACTIVITY = True

_proxies: int | None = env.int("TRUSTED_PROXY_COUNT", default=None)
if _proxies is None and IS_HTTPS and not DEBUG:
    refuse("TRUSTED_PROXY_COUNT is not set: 1 behind one proxy that ends TLS, 0 where gunicorn itself does")
ALLAUTH_TRUSTED_PROXY_COUNT = _proxies or 0

SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if IS_HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if IS_HTTPS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "accounts.views.errors.csrf_failure"

# --- Headers -------------------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = IS_HTTPS and env.bool("SSL_REDIRECT", default=True)
# Machines ask for these at each other's own addresses, where nothing speaks https. Nobody's words are in them.
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz|healthz|metrics)$"]
SECURE_HSTS_SECONDS = 63_072_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Static files go out before the middlewares above are asked, and are for our own pages alone.
WHITENOISE_ADD_HEADERS_FUNCTION = headers.of_static_file
WHITENOISE_ALLOW_ALL_ORIGINS = False
FILE_UPLOAD_HANDLERS = [
    "accounts.uploads.CappedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # Chromium asks this for where a form's answer sends people, too.
        "form-action": [SELF, *_doors.origins, *env.list("SSO_ORIGINS", default=[])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Mail ----------------------------------------------------------------------------------------------------------

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=60)
if not DEBUG and (
    _wrong := soundness.wrong_mail(
        host=EMAIL_HOST,
        user=EMAIL_HOST_USER,
        password=EMAIL_HOST_PASSWORD,
        tls=EMAIL_USE_TLS,
        ssl=EMAIL_USE_SSL,
    )
):
    refuse(_wrong)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"Best Stuff <signin@{PUBLIC_HOST}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_FROM_ADDRESS = env.str("MAIL_FROM_ADDRESS", default=f"reflect@{PUBLIC_HOST}")
# The name under which our mail server signs (DKIM), for `manage.py mail_check` alone.
MAIL_DKIM_SELECTOR = env.str("MAIL_DKIM_SELECTOR", default="")
# Whom calendars know as the organizer of meetings, and where their answers go.
CALENDAR_ADDRESS = env.str("CALENDAR_ADDRESS", default=MAIL_FROM_ADDRESS)
# What the mail server that takes mail for us in calls itself in Authentication-Results; empty, that we take none.
INBOUND_AUTHSERV_ID = env.str("INBOUND_AUTHSERV_ID", default="")
# Moments are kept by mail to this address with a secret after its name: keep+...@.
KEEP_ADDRESS = env.str("KEEP_ADDRESS", default=f"keep@{PUBLIC_HOST}")
# The mailbox of everything else that is answered by mail, a token after its name: post+...@. Empty: nothing is.
INBOUND_ADDRESS = env.str("INBOUND_ADDRESS", default="")
# Its token, with what stands before it, has to fit into the 64 characters of a name (RFC 5321).
if len(INBOUND_ADDRESS.rpartition("@")[0]) > 24:
    refuse("INBOUND_ADDRESS has a name of more than 24 characters")
# A mailbox whose mail is fetched, where no mail server hands it over.
INBOUND_IMAP_HOST = env.str("INBOUND_IMAP_HOST", default="")
INBOUND_IMAP_PORT = env.int("INBOUND_IMAP_PORT", default=993)
INBOUND_IMAP_USER = env.str("INBOUND_IMAP_USER", default="")
INBOUND_IMAP_PASSWORD = env.str("INBOUND_IMAP_PASSWORD", default="")
INBOUND_IMAP_FOLDER = env.str("INBOUND_IMAP_FOLDER", default="INBOX")
INBOUND_IMAP_ASIDE = env.str("INBOUND_IMAP_ASIDE", default="Not understood")
for _name, _value in (("USER", INBOUND_IMAP_USER), ("PASSWORD", INBOUND_IMAP_PASSWORD)):
    if INBOUND_IMAP_HOST and not _value:
        refuse(f"INBOUND_IMAP_{_name} is not set, and INBOUND_IMAP_HOST is")
# Providers that tell us by a POST what came in, or what became of mail. Each shows by a secret that it is them.
ANYMAIL_PROVIDERS = env.list("ANYMAIL_PROVIDERS", default=[])
ANYMAIL = {
    "WEBHOOK_SECRET": env.str("ANYMAIL_WEBHOOK_SECRET", default=""),
    "MAILGUN_WEBHOOK_SIGNING_KEY": env.str("ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY", default=""),
    "BREVO_API_KEY": env.str("ANYMAIL_BREVO_API_KEY", default=""),
    "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": env.str(
        "ANYMAIL_SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY", default=""
    ),
}
_known = {"brevo", "mailgun", "mailjet", "postmark", "sendgrid", "sparkpost"}
if _unknown := set(ANYMAIL_PROVIDERS) - _known:
    refuse(f"ANYMAIL_PROVIDERS names {min(_unknown)}, and we know {', '.join(sorted(_known))}")
# What each of them calls itself in Authentication-Results: postmark=mx.example,mailgun=mx.other.example
ANYMAIL_AUTHSERV_IDS = env.dict("ANYMAIL_AUTHSERV_IDS", default={})
if _unknown := set(ANYMAIL_AUTHSERV_IDS) - set(ANYMAIL_PROVIDERS):
    refuse(f"ANYMAIL_AUTHSERV_IDS names {min(_unknown)}, and ANYMAIL_PROVIDERS does not")
if ANYMAIL_PROVIDERS and (":" not in ANYMAIL["WEBHOOK_SECRET"] or len(ANYMAIL["WEBHOOK_SECRET"]) < 24):
    refuse("ANYMAIL_WEBHOOK_SECRET must be a name, a colon and a password, at least 24 characters together")
if "mailgun" in ANYMAIL_PROVIDERS and not ANYMAIL["MAILGUN_WEBHOOK_SIGNING_KEY"]:
    refuse("ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY is not set, and ANYMAIL_PROVIDERS names mailgun")
MAIL_PER_SECOND = env.float("MAIL_PER_SECOND", default=2.0)
MAIL_WORKERS = env.int("MAIL_WORKERS", default=2)

# --- Work ----------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900, "socket_timeout": 5}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_ENABLE_UTC = True
TICK_SECONDS = env.float("TICK_SECONDS", default=60.0)
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "reflections.tasks.tick",
        "schedule": timedelta(seconds=TICK_SECONDS),
        "options": {"expires": max(TICK_SECONDS - 5, 1)},
    }
}
if INBOUND_IMAP_HOST:
    CELERY_BEAT_SCHEDULE["fetch mail"] = {
        "task": "accounts.mail.tasks.fetch_mail",
        "schedule": timedelta(seconds=TICK_SECONDS),
        "options": {"expires": max(TICK_SECONDS - 5, 1)},
    }
CELERY_BEAT_SCHEDULE_FILENAME = env.str("BEAT_SCHEDULE_FILE", default=str(BASE_DIR / "var" / "beat-schedule"))

CACHES = {
    "default": {
        "BACKEND": "accounts.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "best-stuff",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}

# A rehearsal: every process started with this takes "now" to be that much later (or earlier), so that a program admin
# can walk through a quarter's end before it comes. A banner on every page says so.
REHEARSAL_OFFSET = timedelta(seconds=env.float("REHEARSAL_OFFSET_SECONDS", default=0.0))

# --- Language, time, files -----------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en-us", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["accounts.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_SECURE = IS_HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Pictures and files: in the database, in a folder, or in an S3-compatible store ---------------------------------

_s3 = media.S3(
    endpoint_url=env.str("S3_ENDPOINT_URL", default=""),
    region=env.str("S3_REGION", default=""),
    access_key_id=env.str("S3_ACCESS_KEY_ID", default=""),
    secret_access_key=env.str("S3_SECRET_ACCESS_KEY", default=""),
)
_served = [Path(STATIC_ROOT), *STATICFILES_DIRS]
try:
    MEDIA = media.place_of("MEDIA", env.str("MEDIA", default=""), _s3, _served)
    # Where they lay before: still read, until `manage.py media move` has brought everything to where MEDIA says.
    MEDIA_BEFORE = media.place_of("MEDIA_BEFORE", env.str("MEDIA_BEFORE", default=""), _s3, _served)
    media.refuse_one_place_twice(MEDIA, MEDIA_BEFORE)
except media.Unusable as unusable:
    refuse(str(unusable))

# --- The key of private words, in a file outside the database ------------------------------------------------------

KEY_FILE = required("KEY_FILE", str(BASE_DIR / "var" / "keys"))
if not DEBUG:
    try:
        keyfile.place_of(KEY_FILE, served=[Path(STATIC_ROOT), *STATICFILES_DIRS])
        if sys.argv[1:2] not in (
            ["keys"],
            ["collectstatic"],
        ):  # What makes and mends it; what a build runs, before it is there.
            keyfile.read(Path(KEY_FILE))
    except keyfile.KeyFileTrouble as trouble:
        refuse(f"KEY_FILE {trouble}")

# --- What is known of it when something is wrong -------------------------------------------------------------------

# Who reads /metrics shows this; without it there is no such page, and nothing is counted.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
if METRICS_TOKEN and len(METRICS_TOKEN) < 32:
    refuse("METRICS_TOKEN is shorter than 32 characters")
if METRICS_TOKEN:
    MIDDLEWARE.insert(1, "accounts.monitoring.counting.CountsBefore")
    MIDDLEWARE.append("accounts.monitoring.counting.CountsAfter")
PROMETHEUS_LATENCY_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, float("inf"))

LOG_FORMAT = env.str("LOG_FORMAT", default="plain")
if LOG_FORMAT not in {"plain", "json"}:
    refuse(f"LOG_FORMAT is plain or json, not {LOG_FORMAT}")
SENTRY_DSN = env.str("SENTRY_DSN", default="")
_sentry = urlsplit(SENTRY_DSN)
if SENTRY_DSN and not (_sentry.hostname and _sentry.username and _sentry.path.rpartition("/")[2].isdecimal()):
    refuse("SENTRY_DSN must be a whole address such as https://key@sentry.example.org/1")
if SENTRY_DSN and _sentry.scheme != "https" and _sentry.hostname not in {"localhost", "127.0.0.1"}:
    refuse("SENTRY_DSN must begin with https://, except on localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "accounts.monitoring.logs.Plain",
            "fmt": "{asctime} {levelname} {name}: {message}",
            "style": "{",
            "in_full": DEBUG,
        },
        "json": {"()": "accounts.monitoring.logs.Json"},
    },
    "filters": {"discreet": {"()": "accounts.discretion.Discreet"}},
    "handlers": {
        "nowhere": {"class": "logging.NullHandler"},
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["discreet"]},
        **(
            {
                "reports": {
                    "()": "accounts.monitoring.reports.Reports",
                    "dsn": SENTRY_DSN,
                    "filters": ["discreet"],
                }
            }
            if SENTRY_DSN
            else {}
        ),
    },
    "root": {
        "handlers": ["console", *(["reports"] if SENTRY_DSN else [])],
        "level": env.str("LOG_LEVEL", default="INFO"),
    },
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Each scan of the internet asks by a name that is not ours, and is refused: no error of ours, and its words.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
    },
}

SOURCE_CODE_URL = env.str("SOURCE_CODE_URL", default="")
