"""The questions of one program for the next one."""

from django.db import transaction

from mentoring.models import Program
from reflections.models import Prompt, Questionnaire

COPIED = [field.name for field in Prompt._meta.fields if field.name not in {"id", "questionnaire"}]


@transaction.atomic
def copy_questionnaire(earlier: Program, program: Program) -> None:
    """A program with questions of its own hands them on, those included that are not asked now; nothing for the others,
    who ask the default ones."""
    found = Questionnaire.objects.filter(program=earlier).first()
    if found is None:
        return
    new = Questionnaire.objects.create(name=found.name, program=program)
    Prompt.objects.bulk_create(
        Prompt(questionnaire=new, **row) for row in found.prompts.order_by("pk").values(*COPIED)
    )
