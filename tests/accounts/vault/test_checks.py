"""What the start refuses of models with sealed words."""

from typing import Any

import pytest
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.test.utils import isolate_apps

from accounts.models import DataKey, User
from accounts.vault import checks
from accounts.vault.fields import OnlySealed, Sealed, SealedText

from .notebook import Line, Note


def said(model: type[models.Model]) -> list[str]:
    return [str(each.id) for each in checks.complaints(model)]


def test_a_good_model_has_nothing_to_hear() -> None:
    assert said(Note) == said(Line) == said(DataKey) == []


def test_all_that_are_there_are_good() -> None:
    assert checks.sealed_words_have_owner_and_row() == []
    assert checks.sealed_words_have_no_admin_page() == []


@isolate_apps("tests")
def test_sealed_words_need_a_row_an_owner_and_a_guard() -> None:
    class Bare(models.Model):
        text = SealedText()

        class Meta:
            app_label = "tests"

    class Nobodys(Sealed):
        text = SealedText()

        class Meta:
            app_label = "tests"
            constraints = [OnlySealed(condition=Q(text__is_sealed=True), name="nobodys_text_is_sealed")]

    class Maybe(Sealed):
        writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
        text = SealedText()
        more = SealedText()
        sealed_by = "writer"

        class Meta:
            app_label = "tests"
            constraints = [OnlySealed(condition=Q(more__is_sealed=True), name="maybe_more_is_sealed")]

    class Elsewhere(Sealed):
        maybe = models.ForeignKey(Maybe, models.CASCADE, related_name="+")
        text = SealedText()
        sealed_by = "maybe"

        class Meta:
            app_label = "tests"
            constraints = [OnlySealed(condition=Q(text__is_sealed=True), name="elsewhere_text_is_sealed")]

    assert said(Bare) == ["vault.E001"]
    assert said(Nobodys) == ["vault.E002"]
    assert said(Maybe) == ["vault.E002", "vault.E003"]
    assert said(Elsewhere) == ["vault.E002"]


@pytest.mark.parametrize("model", [Note, DataKey])
def test_a_page_of_the_admin_with_private_words_or_keys_stops_the_start(model: Any) -> None:
    [error] = checks.pages_with_sealed_words([(object(), model), (object(), User)])
    assert error.id == "vault.E004"
    assert model.__name__ in error.msg


def test_a_migration_writes_the_field_and_its_guard_down() -> None:
    field = Note._meta.get_field("text")
    name, path, arguments, options = field.deconstruct()
    assert (name, path, arguments) == ("text", "accounts.vault.fields.SealedText", [])
    assert options == {"verbose_name": "what you noticed", "max_length": 2000}
    again = SealedText(**options)
    assert again.deconstruct()[1:] == (path, arguments, options)
    constraint = Note._meta.constraints[0]
    path, arguments, options = constraint.deconstruct()
    assert path == "accounts.vault.fields.OnlySealed"
    assert OnlySealed(*arguments, **options) == constraint
