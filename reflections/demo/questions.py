"""The demo program's own questionnaire: the default questions, to be changed by those who run it."""

from accounts.models import User
from mentoring.models import Program
from reflections import actions
from reflections.actions.questionnaires import COPIED
from reflections.models import Prompt, Questionnaire

from .calendar import DAY, Times


def make_own(program: Program, admin: User, times: Times) -> int:
    """How many questions it has. It is asked from the next quarter on."""
    default = Questionnaire.objects.get(program=None)
    own = Questionnaire.objects.create(name="Five Harbors: the quarter", program=program)
    prompts = Prompt.objects.bulk_create(
        Prompt(questionnaire=own, **{name: getattr(prompt, name) for name in COPIED})
        for prompt in default.prompts.order_by("pk")
    )
    actions.publish(own, by=admin, now=times.at(times.today - 2 * DAY, 10))
    return len(prompts)
