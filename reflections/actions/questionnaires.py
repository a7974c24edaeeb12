"""The questions of a program: changed, put into another order, translated, handed on to the next one.

Each ends with an edition (reflections/editions.py), by whoever did it.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.actions.refused import Refused
from mentoring.models import Program
from reflections import editions
from reflections.models import Edition, Prompt, PromptTranslation, Questionnaire, RoleSet
from reflections.rounds import POSITIONS

COPIED = [field.name for field in Prompt._meta.fields if field.name not in {"id", "questionnaire"}]
# Places of a set that was put into another order are so far apart, so that one can be written between two.
APART = 10


@transaction.atomic
def copy_questionnaire(earlier: Program, program: Program) -> None:
    """A program with questions of its own hands them on, those included that are not asked now; nothing for the others,
    who ask the default ones."""
    found = Questionnaire.objects.filter(program=earlier).first()
    if found is not None:
        _copy(found, Questionnaire.objects.create(name=found.name, program=program))


@transaction.atomic
def begin_questionnaire(program: Program, *, by: User, now: datetime) -> Questionnaire:
    """A questionnaire of its own for this program, which asks what the default one does, to be changed from there.

    Raises Refused where it has one.
    """
    default = Questionnaire.objects.get(program=None)
    new, is_new = Questionnaire.objects.get_or_create(program=program, defaults={"name": program.name})
    if not is_new:
        raise Refused(_("This program has questions of its own already."))
    _copy(default, new)
    publish(new, by=by, now=now)
    return new


def _copy(found: Questionnaire, new: Questionnaire) -> None:
    for prompt in editions.prompts_of(found):
        copied = Prompt.objects.create(questionnaire=new, **{name: getattr(prompt, name) for name in COPIED})
        PromptTranslation.objects.bulk_create(
            PromptTranslation(prompt=copied, language=language, **wording)
            for language, wording in prompt.wordings.items()
        )


@transaction.atomic
def move_prompt(prompt: Prompt, role: str, *, up: bool, by: User, now: datetime) -> Edition:
    """One place up or down among the questions of a set (a RoleSet value); all get places apart from each other.

    Raises Refused for a prompt that is not in the set; the first stays the first, and the last the last.
    """
    place = POSITIONS[RoleSet(role)]
    _lock(prompt.questionnaire)
    prompts = prompt.questionnaire.prompts.filter(**{f"{place}__isnull": False}).order_by(place, "pk")
    in_order = list(prompts)
    if prompt not in in_order:
        raise Refused(_("This question is not asked of them."))
    at = in_order.index(prompt)
    to = max(at - 1, 0) if up else min(at + 1, len(in_order) - 1)
    in_order.insert(to, in_order.pop(at))
    for number, each in enumerate(in_order, start=1):
        setattr(each, place, number * APART)
    Prompt.objects.bulk_update(in_order, [place])
    return editions.current(prompt.questionnaire, by=by, now=now)[0]


@transaction.atomic
def translate_prompts(
    questionnaire: Questionnaire,
    language: str,
    wordings: Mapping[int, tuple[str, str]],
    *,
    by: User,
    now: datetime,
) -> Edition:
    """Question and help in `language` by the primary key of the prompt; without a question there is no translation, and
    the prompt is read as it was written. Raises Refused for a help without its question."""
    _lock(questionnaire)
    for prompt in editions.prompts_of(questionnaire):
        text, help_text = wordings.get(prompt.pk, ("", ""))
        rows = PromptTranslation.objects.filter(prompt=prompt, language=language)
        if not text and help_text:
            raise Refused(_("Translate the question too, where you translate its help."))
        if not text:
            rows.delete()
        elif not rows.update(text=text, help_text=help_text):
            PromptTranslation.objects.create(prompt=prompt, language=language, text=text, help_text=help_text)
    return editions.current(questionnaire, by=by, now=now)[0]


def publish(questionnaire: Questionnaire, *, by: User, now: datetime) -> Edition:
    """What its prompts say now is asked from the next round on. The edition that says so."""
    return editions.current(questionnaire, by=by, now=now)[0]


def _lock(questionnaire: Questionnaire) -> None:
    """One change at a time, so that two who move a prompt do not each undo the other's."""
    list(Questionnaire.objects.select_for_update(no_key=True).filter(pk=questionnaire.pk).values("pk"))
