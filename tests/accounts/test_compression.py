"""What goes over the wire compressed, and what does not."""

import gzip
from typing import cast

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.compression import CompressedPages
from accounts.models import User
from tests.conftest import signed_in

GZIP = {"accept-encoding": "gzip"}


@pytest.mark.django_db
def test_a_page_is_compressed_for_a_browser_that_says_it_reads_that(mentee: User) -> None:
    plain = signed_in(mentee).get("/")
    packed = signed_in(mentee).get("/", headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    assert "</html>" in gzip.decompress(packed.content).decode()


def test_two_answers_of_the_same_words_differ_in_length() -> None:
    page = CompressedPages(lambda request: HttpResponse("<p>The same words.</p>" * 40))
    request = RequestFactory().get("/", headers=GZIP)
    answers = [cast(HttpResponse, page(request)) for _ in range(30)]
    assert {gzip.decompress(answer.content) for answer in answers} == {b"<p>The same words.</p>" * 40}
    assert len({len(answer.content) for answer in answers}) > 1


@pytest.mark.django_db
def test_what_is_no_page_is_sent_as_it_is(client: Client) -> None:
    manifest = client.get(reverse("manifest"), headers=GZIP)
    assert len(manifest.content) > 200  # Django compresses nothing that is shorter.
    assert "Content-Encoding" not in manifest.headers
