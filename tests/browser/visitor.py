"""A person at a browser: who they are, where they are, and everything that went wrong on the way."""

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from dev.mailcatcher import Caught

from .stack import Stack, eventually

# Chromium would start a process more for each browser context, for the lists that drop down from an address bar; nobody
# types into one here. The other names are those that Playwright turns off itself: of two such options the last counts.
WITHOUT = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(WITHOUT)}",
]


@dataclass
class Visitor:
    """One browser context, with its cookies. `troubles`: what no page may do, such as fail or call other hosts."""

    stack: Stack
    context: BrowserContext
    page: Page
    troubles: list[str] = field(default_factory=list)
    hosts: tuple[str, ...] = ()  # Others than ours that it is right to call.

    @classmethod
    def at(cls, stack: Stack, browser: Browser, **options: Any) -> "Visitor":
        context = browser.new_context(**({"base_url": stack.address, "locale": "en-US"} | options))
        context.set_default_timeout(20_000)
        visitor = cls(stack, context, context.new_page())
        context.on("console", visitor._heard)
        context.on("weberror", lambda error: visitor._broke(str(error.error)))
        context.on("request", visitor._asked)
        context.on("response", visitor._answered)
        return visitor

    def _broke(self, said: str) -> None:
        # Chromium gives up fading from one page to the next where the next was slow to come, and says so as an error.
        if not said.startswith("Transition was "):
            self.troubles.append(f"script: {said}")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(f"console: {message.text} ({message.location})")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.stack.address}/", "data:", *self.hosts)):
            self.troubles.append(f"asked another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.status} from {response.request.method} {response.url}")

    def close(self) -> None:
        self.context.close()

    # --- What people do ----------------------------------------------------------------------------------------

    def goto(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press the button of that name."""
        self.page.get_by_role("button", name=name).click()

    def sign_in_by_code(self, address: str) -> None:
        """From whichever page asks to sign in: ask for a code, and type in the one that the e-mail brings."""
        before = len(self.stack.letters(address))
        self.page.locator("#id_email").fill(address)
        self.press("E-mail me a code")
        came = eventually(lambda: self.stack.letters(address)[before:], f"a sign-in code comes to {address}")
        self.page.get_by_label("The code we sent you").fill(code_in(came[0]))
        self.page.locator("main form button").first.click()

    def sign_in(self, address: str, password: str) -> None:
        """From whichever page asks to sign in, by password."""
        self.page.get_by_text("Use a password instead").click()
        self.page.locator("#id_login").fill(address)
        self.page.locator("#id_password").fill(password)
        self.press("Sign in with password")


def code_in(letter: Caught) -> str:
    """The sign-in code of an e-mail: a word of capitals and digits on a line of its own."""
    text = letter.body("plain") or ""
    found = re.search(r"^\s*([A-Z0-9]{4,}(?:-[A-Z0-9]+)*)\s*$", text, re.MULTILINE)
    assert found, text
    return found[1]
