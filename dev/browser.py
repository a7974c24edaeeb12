"""Finds a Chromium for the browser tests, or installs one: Debian's package as root, else Playwright's download."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_NAMES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find_browser() -> str | None:
    """The path of a Chromium that starts; the environment's CHROMIUM goes before all others."""
    return next((path for path in candidates() if starts(path)), None)


def provide_browser() -> str | None:
    """The path of a Chromium, installed if there is none; None where none can be had."""
    if found := find_browser():
        return found
    for argv in installations():
        print(f"There is no Chromium; trying: {' '.join(argv)}", flush=True)
        if subprocess.run(argv, stdin=subprocess.DEVNULL, check=False, env=quiet_environment()).returncode:
            continue
        if found := find_browser():
            return found
    return None


def candidates() -> Iterator[str]:
    if chosen := os.environ.get("CHROMIUM"):
        yield chosen
    for name in NAMES:
        if path := shutil.which(name):
            yield path
    yield from MAC_NAMES
    from playwright.sync_api import sync_playwright

    path = ""
    # Where its driver does not run, there is no browser of its own either: that is said, and the other tests run.
    with contextlib.suppress(Exception), sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if path:
        yield path


def starts(path: str) -> bool:
    """Some systems have a `chromium-browser` that only says where to get one; so it is asked for its version."""
    if not Path(path).exists():
        return False
    try:
        asked = subprocess.run(
            [path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0 and b"hrom" in asked.stdout


def installations() -> Iterator[list[str]]:
    """What to try, in order; an installation of one line each."""
    is_root = os.geteuid() == 0
    if is_root and shutil.which("apt-get"):
        yield ["sh", "-c", "apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium"]
    download = [sys.executable, "-m", "playwright", "install"]
    yield (
        [*download, "--with-deps", "chromium"]
        if is_root and sys.platform == "linux"
        else [*download, "chromium"]
    )


def quiet_environment() -> dict[str, str]:
    return {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
