"""How `gunicorn` serves Best Stuff when it is started in this folder.

Its command line and GUNICORN_CMD_ARGS overrule this. The number of processes is WEB_CONCURRENCY, the
address `--bind` (docs/operations.md).
"""

import contextlib
import logging
import os
import re
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

if os.environ.get("ENV_FILE"):
    from accounts.setup import envfile

    # As settings do; but these come later, when the counting and the form of the log are settled. What is wrong with
    # the file they say, and stop the start.
    with contextlib.suppress(envfile.EnvFileTrouble):
        for _name, _value in envfile.read(Path(os.environ["ENV_FILE"])).items():
            os.environ.setdefault(_name, _value)

# Tokens of links; what somebody searches for; the code with which an identity provider sends somebody back.
TOKEN = re.compile(
    r"(?<=/mail/stop/)[^/\s?]+|(?<=/join/)[^/\s?]+|(?<=/calendar/)[^/\s?]+"
    r"|(?<=/mail/not-now/)[^/\s?]+"
    r"|(?<=/mail/another-time/)[^/\s?]+"
    r"|(?<=/mail/keep-asking/)[^/\s?]+"
    r"|(?<=/pairings/answer/)[^/\s?]+"
    r"|(?<=/pairings/met/)[^/\s?]+"
    r"|(?<=/pairings/times/)[^/\s?]+"
    r"|(?<=/pairings/silence/)[^/\s?]+"
    r"|(?<=/pairings/postcards/)[^/\s?]+"
    r"|(?<=/thanks/never/)[^/\s?]+"
    r"|(?<=[?&]q=)[^&\s]+"
    r"|(?<=/login/callback/)\?\S+"
)


class Discreet(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Leaves the token of a link in an e-mail out of the log of requests: whoever has it may use it."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        atoms: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return atoms | {name: TOKEN.sub("...", atoms[name]) for name in ("r", "U", "f") if atoms.get(name)}

    def setup(self, cfg: Any) -> None:
        """Its own lines look like all others, and an error that comes this far says nothing of what it was about."""
        from accounts.discretion import Discreet as WithoutWords
        from accounts.monitoring.logs import Json, Plain

        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.addFilter(WithoutWords())
            handler.setFormatter(Json() if AS_JSON else Plain(self.error_fmt, self.datefmt))
        for handler in self.access_log.handlers if AS_JSON else ():
            handler.setFormatter(Json())

    def access(self, resp: Any, req: Any, environ: Any, request_time: timedelta) -> None:
        if not AS_JSON:
            super().access(resp, req, environ, request_time)
        elif self.access_log_enabled:
            seen = of_request(resp, environ, request_time)
            self.access_log.info(
                "%s %s %s", seen["method"], seen["path"], seen["status"], extra={"of_request": seen}
            )


def of_request(resp: Any, environ: Any, request_time: timedelta) -> dict[str, Any]:
    """What JSON says of a request. No query, no name, not who was signed in; the address it came
    from, as in the plain line."""
    work = environ.get(
        "best_stuff.work"
    )  # accounts/monitoring/middleware.py; not there for what never reached Django.
    path = TOKEN.sub("...", environ.get("PATH_INFO", ""))
    status = str(resp.status).split(maxsplit=1)[0]
    return {
        "request_id": work.number if work else "",
        "view": work.view if work else "",
        "method": environ.get("REQUEST_METHOD", ""),
        "path": (work and work.path) or path,
        "status": int(status) if status.isdecimal() else 0,
        "bytes": getattr(resp, "sent", None) or 0,
        "duration_ms": round(request_time / timedelta(milliseconds=1), 1),
        "remote": environ.get("REMOTE_ADDR", ""),
    }


AS_JSON = os.environ.get("LOG_FORMAT") == "json"
logger_class = Discreet
# As it is by default, with the number of the request behind it.
access_log_format = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %({x-request-id}o)s'
wsgi_app = "mentoring.wsgi"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_class = "gthread"
threads = 4
# Loaded once, before the workers: a setting that is refused stops the start with its one line, instead of each worker
# failing again and again.
preload_app = True
accesslog = "-"
# It would lie in the home folder, one for all installations of an account.
control_socket_disable = True


# --- Counts of requests, over all processes -------------------------------------------------------------------------

COUNTS_OF = "BEST_STUFF_COUNTS_OF"


def folder_for_counts() -> None:
    """Each process writes its counts into a file of this folder, and whichever is asked adds them up. It is a new one
    at each start; the process that made it still has it when it reads this file again (SIGHUP)."""
    if os.environ.get(COUNTS_OF) != str(os.getpid()):
        os.environ[COUNTS_OF] = str(os.getpid())
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="best-stuff-counts-")


def child_exit(server: Any, worker: Any) -> None:
    """What it counted stays in the sum."""
    if os.environ.get("METRICS_TOKEN"):
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    if os.environ.get(COUNTS_OF) == str(os.getpid()):
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


def post_fork(server: Any, worker: Any) -> None:
    """What breaks where Django does not see it any more, in the middle of a long answer, is reported as well."""
    for handler in logging.getLogger().handlers:
        if handler.name == "reports":
            server.log.error_log.addHandler(handler)


if os.environ.get("METRICS_TOKEN"):
    folder_for_counts()
