"""The database itself refuses a state, a role or an audience that nobody has thought of."""

from datetime import date

import pytest
from django.db import IntegrityError, models, transaction

from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from reflections.models import Answer, Moment, Reflection
from reflections.rounds import open_due_rounds
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Program, "status"),
        (Enrollment, "role"),
        (Enrollment, "status"),
        (Pairing, "status"),
        (Pairing, "approval"),
        (Reflection, "status"),
        (Reflection, "role"),
        (Answer, "audience"),
        (Moment, "kind"),
        (Moment, "for_whom"),
        (Moment, "audience"),
    ],
)
def test_a_word_that_is_not_on_the_list_is_refused(
    model: type[models.Model], field: str, pairing: Pairing, mentee: User
) -> None:
    asked = open_due_rounds(NOW)[-1]
    reflection = Reflection.objects.create(person=mentee, round=asked, role="mentee")
    Answer.objects.create(reflection=reflection, question=asked.questions.all()[0], text="A line")
    Moment.objects.create(person=mentee, text="A line", happened_on=date(2026, 6, 1))

    with pytest.raises(IntegrityError, match="check constraint"), transaction.atomic():
        model._default_manager.update(**{field: "nonsense"})
