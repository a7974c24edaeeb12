"""What the essay asks for that no single page shows (docs/essay.md)."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from accounts.vault.fields import sealed_fields
from reflections.models import KeepsakePart

ESSAY = Path(settings.BASE_DIR) / "docs/essay.md"
ROW = re.compile(r"^\| (\d+) \| .* \| (.*) \|$", re.MULTILINE)
NUMBERS = (models.IntegerField, models.FloatField, models.DecimalField, models.DurationField)


def test_each_of_its_ideas_has_a_row_and_what_shows_it_is_there() -> None:
    rows = ROW.findall(ESSAY.read_text())
    assert [int(number) for number, _ in rows] == list(range(1, 43))
    shown = {path for _, cell in rows for path in re.findall(r"`([^`]+\.py)`", cell)}
    assert {path for path in shown if not (Path(settings.BASE_DIR) / "tests" / path).is_file()} == set()
    assert all("`" in cell for _, cell in rows)


@pytest.mark.parametrize(
    "model",
    [
        model
        for model in apps.get_app_config("reflections").get_models()
        if sealed_fields(model) and model is not KeepsakePart  # a piece of a made book, in its order
    ],
    ids=lambda model: model.__name__,
)
def test_what_people_write_has_no_number_beside_it_that_could_be_added_up(model: type[models.Model]) -> None:
    found = {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, NUMBERS) and not field.primary_key and not field.is_relation
    }
    assert found == set()


def test_no_field_is_about_appraisal_or_pay() -> None:
    banned = re.compile(r"score|rating|rank|points|salary|pay\b|bonus|appraisal|performance|streak|percent")
    names = {
        f"{model.__name__}.{field.name}"
        for app in ("accounts", "mentoring", "reflections")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if banned.search(f"{field.name} {getattr(field, 'verbose_name', '')}".lower())
    }
    assert names == set()
