"""Counting stops at a thousand."""

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.house import estimates
from accounts.house.estimates import About, how_many
from accounts.models import User


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1003, "about 1,000"),
        (12_318, "about 12,000"),
        (98_765, "about 99,000"),
        (3_141_592, "about 3,100,000"),
    ],
)
def test_a_guess_says_so_in_two_figures(number: int, said: str) -> None:
    assert str(About(number)) == said
    assert Template("{{ number }}").render(Context({"number": About(number)})) == said


def test_a_guess_is_said_in_the_readers_language() -> None:
    with translation.override("de"):
        assert str(About(12_318)) == "etwa 12.000"


@pytest.mark.django_db
def test_few_rows_are_counted_and_many_are_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimates, "COUNTED_TO", 3)
    User.objects.bulk_create(User(email=f"a{number}@harbor.example") for number in range(3))
    assert how_many(User.objects.all()) == 3
    assert not isinstance(how_many(User.objects.all()), About)
    User.objects.bulk_create(User(email=f"b{number}@harbor.example") for number in range(7))
    found = how_many(User.objects.all())
    assert isinstance(found, About)
    assert found >= 4


@pytest.mark.django_db
def test_where_it_is_known_that_there_are_none_nobody_is_asked() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert how_many(User.objects.none()) == 0
    assert len(queries) == 0
