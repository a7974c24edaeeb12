"""Ends what a runner started, should the runner itself die without doing so (even by `kill -9`).

The runner holds the other end of our standard input. While it lives it tells us, a JSON object a line, which
processes and folders are its own; when the pipe closes we end what is left of them, last started first, and go. We
sit in a session of our own, so that Ctrl-C in a terminal reaches the runner alone.
"""

import json
import os
import shutil
import signal
import sys
import time
from typing import Any

import psutil

SAME_START = 0.5  # seconds within which two readings of a process's start are the same start


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    minded: dict[int, dict[str, Any]] = {}
    folders: list[str] = []
    for line in sys.stdin:
        told = json.loads(line)
        if told["say"] == "watch":
            minded[told["pid"]] = told
        elif told["say"] == "forget":
            minded.pop(told["pid"], None)
        elif told["say"] == "remove":
            folders.append(told["path"])
    for told in reversed(minded.values()):
        end(told)
    for path in reversed(folders):
        shutil.rmtree(path, ignore_errors=True)


def end(told: dict[str, Any]) -> None:
    """End one process if it is still the one we were told of, and not another that got its number since."""
    try:
        process = psutil.Process(told["pid"])
        if abs(process.create_time() - told["started"]) > SAME_START:
            return
        process.send_signal(told["signal"])
        if not has_ended_within(told["grace"], process):
            if told["leads_group"]:
                os.killpg(told["pid"], signal.SIGKILL)
            else:
                process.kill()
    except (ProcessLookupError, psutil.NoSuchProcess):
        return


def has_ended_within(seconds: float, process: psutil.Process) -> bool:
    """Wait for a process that need not be our child.

    A dead one counts as ended although its new parent (in a container one that may never look) has yet to wait for it.
    """
    deadline = time.monotonic() + seconds
    try:
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
    except psutil.NoSuchProcess:
        pass
    return True


if __name__ == "__main__":
    main()
