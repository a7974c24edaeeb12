"""`make test` where no browser can be had: it says so aloud, and in CI that is a failure."""

import pytest

from dev import test as suite


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would have been run; each succeeds."""
    commands: list[list[str]] = []

    def run(argv: list[str], **_: object) -> int:
        commands.append(argv)
        return 0

    monkeypatch.setattr(suite, "run", run)
    monkeypatch.setattr(suite, "end_on_signals", lambda: None)
    monkeypatch.setattr(suite.messages, "compile_all", lambda: None)
    monkeypatch.setattr("sys.argv", ["dev.test", "tests/accounts"])
    return commands


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("false", 0), ("true", 1)])
def test_without_a_browser_it_is_said_aloud_and_fails_in_ci(
    ci: str,
    code: int,
    ran: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(suite, "provide_browser", lambda: None)
    monkeypatch.setenv("CI", ci)
    assert suite.main() == code
    assert "THE BROWSER TESTS WERE NOT RUN" in capsys.readouterr().err
    assert ran[0][-3:] == ["-m", "not browser", "tests/accounts"]


@pytest.mark.parametrize(("cores", "number"), [(None, "1"), (1, "1"), (2, "3"), (8, "12")])
def test_with_a_browser_everything_is_run_in_half_as_many_again_as_there_are_cores(
    cores: int | None,
    number: str,
    ran: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(suite, "provide_browser", lambda: "/usr/bin/true")
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    assert suite.main() == 0
    assert capsys.readouterr().err == ""
    assert "not browser" not in ran[0]
    assert ran[0][ran[0].index("-n") + 1] == number
