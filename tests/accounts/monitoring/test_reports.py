"""What is reported of an error: what is on the list, and nothing else, whatever the program around it holds."""

import json
import logging
import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.monitoring.reports import ALLOWED, allowed, event_of
from dev.processes import ROOT
from tests.faults.sentry import FakeSentry
from tests.test_settings import SAFE

# Put together from two halves in what is run, so that no line of code has it.
WORDS = "garganey-she-wrote"


def test_what_is_not_on_the_list_does_not_go() -> None:
    full = {
        "message": "a line",
        "user": {"email": WORDS},
        "request": {"data": WORDS, "headers": {"Cookie": WORDS}, "url": WORDS},
        "breadcrumbs": {"values": [{"message": WORDS}]},
        "extra": {"sys.argv": [WORDS]},
        "contexts": {"trace": {"x": WORDS}},
        "modules": {"x": WORDS},
        "server_name": WORDS,
        "tags": {"view": "home", "email": WORDS},
        "exception": {
            "values": [
                {
                    "type": "KeyError",
                    "mechanism": {"data": WORDS},
                    "stacktrace": {"frames": [{"lineno": 3, "vars": {"x": WORDS}, "abs_path": WORDS}]},
                }
            ]
        },
    }
    assert allowed(full) == {
        "message": "a line",
        "tags": {"view": "home"},
        "exception": {"values": [{"type": "KeyError", "stacktrace": {"frames": [{"lineno": 3}]}}]},
    }


@pytest.mark.parametrize("name", ["django.security.DisallowedHost", "django.security.SuspiciousOperation"])
def test_what_was_refused_as_suspicious_is_not_quoted(name: str) -> None:
    record = logging.LogRecord(
        name, logging.ERROR, __file__, 1, f"Invalid HTTP_HOST header: '{WORDS}'.", None, None
    )
    assert WORDS not in json.dumps(event_of(record))


anything = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda parts: st.lists(parts) | st.dictionaries(st.sampled_from([*ALLOWED, "values", "x"]), parts),
)


@given(st.dictionaries(st.sampled_from([*ALLOWED, "user", "request"]), anything))
def test_nothing_of_another_kind_goes_in_the_place_of_what_is_on_the_list(event: dict[str, Any]) -> None:
    kept = allowed(event)
    assert set(kept) <= set(ALLOWED)
    for name in ("message", "transaction", "level"):
        assert isinstance(kept.get(name, ""), str)


# A site of which one page breaks, with words in every place that somebody has thought of.
SITE = f"""
import logging, sys, django
W = "{WORDS[:8]}" + "{WORDS[8:]}"
django.setup()
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.contrib.auth.decorators import login_not_required

@transaction.non_atomic_requests
@login_not_required
def page(request, token):
    held = [request.POST["text"], request.COOKIES, token]
    logging.getLogger("a.library").warning("said before: %s", W)
    try:
        int(W)
    except ValueError as error:
        problem = RuntimeError(W, held)
        problem.add_note(W)
        raise problem from error

class Urls:
    urlpatterns = [path("pairings/answer/<str:token>/", page, name="page")]
    handler500 = lambda request: HttpResponse("It broke.", status=500)

settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "session" not in each.lower()][:1]
settings.ROOT_URLCONF = "urls"
sys.modules["urls"] = Urls
client = Client(raise_request_exception=False)
client.cookies["also"] = W
headers = {{"User-Agent": W, "Host": "localhost"}}
answer = client.post(f"/pairings/answer/{{W}}/?q={{W}}", {{"text": W}}, headers=headers)
print(answer.status_code, answer.get("X-Request-ID"))
logging.getLogger("accounts").error("told: %s", ValueError(W))
raise KeyError(W)
"""


@pytest.mark.parametrize("log_format", ["plain", "json"])
def test_a_process_that_breaks_with_words_everywhere_reports_where_and_none_of_them(log_format: str) -> None:
    with FakeSentry() as sentry:
        ran = subprocess.run(
            [sys.executable, "-c", SITE],
            cwd=ROOT,
            env=SAFE
            | {
                "PATH": os.environ["PATH"],
                "DJANGO_SETTINGS_MODULE": "mentoring.settings",
                "PUBLIC_BASE_URL": "http://localhost",
                "SENTRY_DSN": sentry.dsn,
                "LOG_FORMAT": log_format,
                "LOG_LEVEL": "ERROR",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        events = sentry.events
    assert ran.stdout.startswith("500 "), ran.stderr
    number = ran.stdout.split()[1]
    assert WORDS not in sentry.everything
    assert WORDS not in ran.stderr
    page, told, ended = sorted(events, key=lambda event: event["timestamp"])
    assert page["tags"] == {"request_id": number, "view": "page", "method": "POST"}
    assert page["transaction"] == "page"
    assert [each["type"] for each in page["exception"]["values"]] == ["ValueError", "RuntimeError"]
    frame = page["exception"]["values"][-1]["stacktrace"]["frames"][-1]
    assert (frame["function"], frame["filename"]) == ("page", "<string>")
    assert told["message"] == "told: ValueError"
    assert (ended["level"], ended["exception"]["values"][0]["type"]) == ("fatal", "KeyError")
    for event in events:
        assert set(event) <= set(ALLOWED)
        assert event["release"].startswith("best-stuff@")
    if log_format == "json":
        lines = [json.loads(line) for line in ran.stderr.splitlines()]
        assert [line["level"] for line in lines] == ["ERROR", "ERROR", "CRITICAL"]
        assert lines[0]["request_id"] == number
