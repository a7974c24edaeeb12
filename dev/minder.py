"""Ends what a runner started, should the runner itself die without doing so (even by `kill -9`).

The runner holds the other end of our standard input. While it lives it tells us, a JSON object a line, which
processes and folders are its own; when the pipe closes we end what is left of them, last started first, and go. We
sit in a session of our own, so that Ctrl-C in a terminal reaches the runner alone.
"""

import contextlib
import json
import os
import shutil
import signal
import sys
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
        process.wait(told["grace"])
    except psutil.NoSuchProcess:
        return
    except psutil.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError, psutil.NoSuchProcess):
            if told["leads_group"]:
                os.killpg(told["pid"], signal.SIGKILL)
            else:
                process.kill()


if __name__ == "__main__":
    main()
