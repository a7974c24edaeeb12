"""`make test`: the whole suite against real servers of its own, the tests in a browser included.

What is given after it goes to pytest: `make test ARGS="tests/accounts -k mail"`. DATABASE_URL and REDIS_URL, where they
are set, are used instead of servers of our own. CHROMIUM names a browser; without one it is found or installed.
"""

import os
import sys

from dev import messages
from dev.browser import provide_browser
from dev.processes import CannotStart, end_on_signals
from dev.servers import run

NO_BROWSER = """
  ------------------------------------------------------------------------------------------
  THE BROWSER TESTS WERE NOT RUN: there is no Chromium here, and none could be installed.
  Install one (`apt install chromium`, or any Chrome) or name it: CHROMIUM=/path/to/chromium
  ------------------------------------------------------------------------------------------
"""


def main() -> int:
    end_on_signals()
    messages.compile_all()
    environment = dict(os.environ)
    # Each of the many processes that the tests start would compile everything that it imports, again and again.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    # A file stays in one process, so that what its tests share is made once, and files begin in their order: the long
    # ones early (tests/conftest.py). (By groups would be finer; pytest-xdist 3.8 does not find them with pytest 9.2.)
    argv = [sys.executable, "-m", "pytest", "-n", str(processes())]
    argv += ["--dist", "loadfile", "--no-loadscope-reorder"]
    browser = provide_browser()
    if browser:
        environment["CHROMIUM"] = browser
    else:
        argv += ["-m", "not browser"]
    try:
        code = run([*argv, *sys.argv[1:]], environment=environment)
    except CannotStart as problem:
        print(f"The tests cannot start: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if not browser:
        print(NO_BROWSER, file=sys.stderr)
        if environment.get("CI", "").lower() in {"1", "true"}:
            return code or 1
    return code


def processes() -> int:
    """Half as many again as there are cores: a good part of the suite waits for what it has started."""
    cores = os.cpu_count() or 1
    return cores + cores // 2


if __name__ == "__main__":
    sys.exit(main())
