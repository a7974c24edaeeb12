"""Finding a browser: one that starts, the chosen one first, and a way to get one that fits the machine."""

import os
from pathlib import Path

import pytest

from dev import browser


def program(folder: Path, name: str, says: str, code: int = 0) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\nexit {code}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "MAC_NAMES", ())
    return tmp_path


def test_a_chromium_on_the_path_is_found_and_the_chosen_one_goes_first(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = program(path, "google-chrome", "Google Chrome 150.0")
    assert browser.find_browser() == there
    (tmp_path / "own").mkdir()
    own = program(tmp_path / "own", "chrome", "Chromium 151.0")
    monkeypatch.setenv("CHROMIUM", own)
    assert browser.find_browser() == own


def test_a_program_that_only_says_where_to_get_one_is_passed_over(path: Path) -> None:
    program(path, "chromium-browser", "Please install the snap", 1)
    there = program(path, "google-chrome-stable", "Google Chrome 150.0")
    assert browser.find_browser() == there


def test_root_on_debian_gets_the_package_and_anybody_else_the_download(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(path, "apt-get", "")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert [("apt-get" in str(argv), "playwright" in argv) for argv in browser.installations()] == [
        (True, False),
        (False, True),
    ]
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert [argv[-2:] for argv in browser.installations()] == [["install", "chromium"]]
