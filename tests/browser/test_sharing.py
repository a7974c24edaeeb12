"""What a phone shares while signed out, in a real browser: it is there once its person has signed in."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from accounts.models import User
from reflections.models import Moment
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "Greta rang to say that the boat floats."
# What the operating system sends, from a page of ours since no phone is at hand.
SENDS = """text => {
  const form = Object.assign(document.createElement("form"), {method: "post", action: "/moments/share/"});
  form.append(Object.assign(document.createElement("input"), {name: "text", value: text}));
  document.body.append(form);
  form.submit();
}"""


def test_a_shared_text_waits_for_the_sign_in_and_is_kept_by_a_press(
    browser: Browser,
    live_server: Any,
    noor: User,
) -> None:
    context = browser.new_context(
        base_url=live_server.url.replace("127.0.0.1", "localhost"), viewport={"width": 390, "height": 780}
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto("/privacy/")
    page.evaluate(SENDS, TEXT)
    page.wait_for_url("**/account/login/?next=/moments/new/")
    page.get_by_text("Use a password instead").click()
    page.locator("#id_login").fill(noor.email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in with password").click()
    page.wait_for_url("**/moments/new/")
    box = page.get_by_role("textbox", name="What did you notice?")
    expect(box).to_have_value(TEXT)
    expect(page.get_by_text("Nothing is kept yet.")).to_be_visible()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Kept. Only you can see it.")).to_be_visible()
    assert TEXT in [moment.text for moment in Moment.objects.of(noor)]
    page.goto("/moments/new/")
    expect(page.get_by_role("textbox", name="What did you notice?")).to_have_value("")
    context.close()
