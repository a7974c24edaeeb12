"""What the database itself refuses of an import, whoever goes round the verbs."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mentoring.models import Import, ImportRow
from tests.conftest import NOW

from .conftest import Importing

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(importing: Importing) -> Import:
    return importing.checked("mentors", ["E-mail"], ["a@new.example"], ["nonsense"])


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "nonsense"},
        {"state": "nonsense"},
        {"how": "nonsense"},
        {"state": "done"},
        {"state": "done", "finished_at": NOW},
        {"finished_at": NOW},
        {"claim": uuid.uuid4()},
    ],
)
def test_an_import_is_in_one_known_state_and_done_only_whole(source: Import, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Import.objects.filter(pk=source.pk).update(**fields)


def test_a_row_is_there_once_with_a_known_outcome(source: Import) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportRow.objects.update(outcome="nonsense")
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportRow.objects.update(number=2)
