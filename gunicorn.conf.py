"""How `gunicorn` serves Best Stuff when it is started in this folder.

Its command line and GUNICORN_CMD_ARGS overrule this. The number of processes is gunicorn's own WEB_CONCURRENCY, the
address `--bind` (docs/operations.md).
"""

import re
from typing import Any

from gunicorn.glogging import Logger

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


logger_class = Discreet
wsgi_app = "mentoring.wsgi"
workers = 2
worker_class = "gthread"
threads = 4
# Loaded once, before the workers: a setting that is refused stops the start with its one line, instead of each worker
# failing again and again.
preload_app = True
accesslog = "-"
# It would lie in the home folder, one for all installations of an account.
control_socket_disable = True
