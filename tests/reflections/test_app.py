"""The site as an app: what a browser reads to install it, and what a phone shares with it."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve, reverse
from PIL import Image

from accounts.models import User
from reflections.models import Moment
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db
STATIC = Path(settings.BASE_DIR) / "static"


def manifest(**headers: str) -> dict[str, object]:
    reply = Client().get(reverse("manifest"), headers=headers)
    assert reply["Content-Type"] == "application/manifest+json"
    return json.loads(reply.content)


def test_anybodys_browser_can_install_it() -> None:
    read = manifest()

    assert (read["display"], read["start_url"]) == ("standalone", reverse("home"))
    assert f'rel="manifest" href="{reverse("manifest")}"' in Client().get(reverse("home")).content.decode()
    purposes = {icon.get("purpose", "any") for icon in read["icons"]}  # type: ignore[attr-defined]
    assert purposes == {"any", "maskable"}


def test_each_icon_is_of_the_size_that_is_said() -> None:
    for icon in manifest()["icons"]:  # type: ignore[attr-defined]
        if icon["type"] != "image/png":
            continue
        name = icon["src"].rpartition("/")[2].partition(".")[0]
        with Image.open(STATIC / "app" / f"{name}.png") as picture:
            assert icon["sizes"] == f"{picture.width}x{picture.height}"


def test_it_speaks_the_language_of_whoever_installs_it() -> None:
    read = manifest(**{"Accept-Language": "de"})

    assert read["lang"] == "de"
    assert read["shortcuts"][0]["name"] == "Moment festhalten"  # type: ignore[index]


def test_what_it_says_leads_somewhere() -> None:
    read = manifest()
    for shortcut in read["shortcuts"]:  # type: ignore[attr-defined]
        assert resolve(shortcut["url"])
    assert resolve(read["share_target"]["action"]).view_name == "moments:share"  # type: ignore[index]


def test_what_a_phone_shares_fills_the_form_and_keeps_nothing(mentor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(mentor).cookies
    data = {"title": "A page", "text": "<b>Read this</b> https://a.example/x", "url": "https://a.example/x"}
    reply = client.post(reverse("moments:share"), data)
    page = reply.content.decode()

    assert "A page\n&lt;b&gt;Read this&lt;/b&gt; https://a.example/x</textarea>" in page
    assert "no-store" in reply["Cache-Control"]
    assert not Moment.objects.exists()
    assert client.post(reverse("moments:keep"), {"text": "x"}).status_code == 403


def test_sharing_nothing_is_an_empty_form(mentor: User) -> None:
    reply = signed_in(mentor).post(reverse("moments:share"))

    assert reply.status_code == 200
    assert "Error:" not in reply.content.decode()
    assert signed_in(mentor).get(reverse("moments:share")).status_code == 405
