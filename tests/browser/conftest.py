"""Browsers for the tests of pages, and the installations that they visit."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

from accounts.models import User
from tests.conftest import make_person

from .snapshots import snapshot
from .stack import Ground, Stack
from .visitor import CHROMIUM_OPTIONS, Visitor
from .writing import asked, sign_in, writer

__all__ = ["asked", "sign_in", "writer"]  # the fixtures of whoever writes

NO_CHROMIUM = (
    "NOT RUN: no Chromium was found (set CHROMIUM to the path of one, or let `make test` install it)"
)
STACK = pytest.StashKey[Stack]()
LINES = 60


def chromium() -> str:
    """The path of a Chromium: the one that CHROMIUM names, else one on the PATH; empty when there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("CHROMIUM", "") or next(filter(None, map(shutil.which, names)), "")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Whatever stands in a file that imports `snapshot` is run by `make screenshots`."""
    if getattr(getattr(item, "module", None), "snapshot", None) is snapshot:
        item.add_marker(pytest.mark.screenshots)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless Chromium. Without one the tests that need it are left out aloud, and in CI they fail."""
    path = chromium()
    if not path:
        is_ci = os.environ.get("CI", "").lower() in {"1", "true"}
        (pytest.fail if is_ci else pytest.skip)(NO_CHROMIUM)
    # Playwright keeps an event loop in this thread, by which Django takes the test itself to be asynchronous, and would
    # open another connection for it, which does not know what rows the test database began with.
    usual = connections["default"]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        connections["default"] = usual
        opened = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Opens a browser of one's own on a stack; at the end of the test nothing may have gone wrong in any of them."""
    visitors: list[Visitor] = []

    def opened(stack: Stack, **options: Any) -> Visitor:
        visitors.append(Visitor.at(stack, browser, **options))
        return visitors[-1]

    yield opened
    for visitor in visitors:
        visitor.close()
    troubles = [trouble for visitor in visitors for trouble in visitor.troubles]
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def noor(transactional_db: None) -> User:
    """Somebody with a password and a confirmed address, for what needs no more than a live server."""
    person = make_person("noor@harbor.example", "Noor Haddad")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.fixture(scope="module")
def stack(
    request: pytest.FixtureRequest,
    ground: Ground,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: Any,
) -> Iterator[Stack]:
    """The installation of this file's tests; each says what of it is to run."""
    folder = tmp_path_factory.mktemp("stack")
    with ground.stack(folder, reach=django_db_blocker.unblock) as stack:
        request.node.stash[STACK] = stack
        yield stack


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Shows the end of each log of the installation when a test fails."""
    report = yield
    module = item.getparent(pytest.Module)
    stack = module.stash.get(STACK, None) if module else None
    if report.failed and stack:
        for name, said in stack.logs():
            report.sections.append((name, "\n".join(said.splitlines()[-LINES:])))
    return report
