"""The number of a request: whose word counts for it, where it is shown, and that tasks have it too."""

import re
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.monitoring import at_hand
from accounts.monitoring.middleware import without_tokens
from mentoring import celery

OURS = re.compile("[0-9a-f]{12}")


def numbers(client: Client, *given: str) -> list[str]:
    return [client.get("/livez", headers={"X-Request-ID": each})["X-Request-ID"] for each in given]


def test_each_answer_has_a_number_of_its_own(client: Client) -> None:
    found = [client.get("/livez")["X-Request-ID"] for _ in range(20)]
    assert len(set(found)) == 20
    assert all(OURS.fullmatch(each) for each in found)


def test_a_stranger_gives_no_number(client: Client) -> None:
    [found] = numbers(client, "a-number-of-theirs")
    assert OURS.fullmatch(found)


def test_a_proxy_of_ours_does_and_only_a_well_formed_one(client: Client, settings: LazySettings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    good = ["9f1c2d3e-0000-4000-8000-1234567890ab", "a" * 64, "abcdefgh"]
    assert numbers(client, *good) == good
    bad = [
        "",
        "short",
        "a" * 65,
        "with a space in it",
        "new\tline-in-it",
        "<b>bold</b>",
        "-dash-first",
        "ümläut-in-it",
    ]
    assert all(OURS.fullmatch(found) for found in numbers(client, *bad))


@pytest.mark.django_db
def test_a_page_that_says_no_has_the_number_too_and_one_that_is_not_there_has_none() -> None:
    client = Client(enforce_csrf_checks=True)
    refused = client.post("/account/login/")
    assert refused.status_code == 403
    assert f"<code>{refused['X-Request-ID']}</code>" in refused.content.decode()
    missing = client.get("/not-here/")
    assert missing["X-Request-ID"] not in missing.content.decode()


def test_a_task_has_the_number_of_the_request_that_rang_for_it() -> None:
    headers: dict[str, object] = {}
    celery.carry_number(headers=headers)
    assert headers == {}
    with at_hand.working_on(at_hand.Work("0123456789ab")):
        celery.carry_number(headers=headers)
    assert headers == {"request_id": "0123456789ab"}
    task = SimpleNamespace(name="a.task", request=SimpleNamespace(request_id="0123456789ab"))
    celery.begin(task_id="7", task=task)
    assert at_hand.current() == at_hand.Work("0123456789ab", task="a.task", task_id="7")
    celery.end()
    assert at_hand.current() is None


def test_of_an_address_only_numbers_of_rows_are_kept() -> None:
    assert without_tokens("/pairings/12/goals/3/", [12, 3]) == "/pairings/12/goals/3/"
    assert without_tokens("/people/12/photo/abc-def/", [12, "abc-def"]) == "/people/12/photo/.../"
    assert (
        without_tokens("/account/password/reset/key/3-x:y/", ["3", "x:y"])
        == "/account/password/reset/key/3-.../"
    )
