"""Run in the tree of debian_drill.py: web is restarted by systemd while people open pages, and nobody is refused.

python restarting.py
"""

import subprocess
import threading
import time
from pathlib import Path

from over_https import Visitor  # type: ignore[import-not-found]  # beside it, where it runs

RESTARTS = 3
PER_SECOND = 5


def main() -> None:
    """Each opens the page by a connection of their own; ends with 1 when one of them did not get it."""
    failed: list[str] = []
    answered: list[str] = []
    came: list[threading.Thread] = []
    enough = threading.Event()

    def one() -> None:
        try:
            _url, page = Visitor(Path("/root"), "nobody@example.org").get("/account/login/")
            (answered if "id_email" in page else failed).append(page[:100])
        except OSError as error:
            failed.append(f"{type(error).__name__} {error}")

    def keep_coming() -> None:
        while not enough.wait(1 / PER_SECOND):
            came.append(threading.Thread(target=one))
            came[-1].start()

    coming = threading.Thread(target=keep_coming)
    coming.start()
    time.sleep(1)
    for _ in range(RESTARTS):
        subprocess.run(["/usr/bin/systemctl", "restart", "best-stuff-web"], check=True)
        time.sleep(4)
    enough.set()
    coming.join()
    for each in came:
        each.join()
    print(f"{len(answered)} answered, {len(failed)} failed", *failed[:5], sep="\n")
    raise SystemExit(bool(failed) or not answered)


if __name__ == "__main__":
    main()
