"""Editions of a questionnaire: what it asked at which time, and who changed it.

The prompts are what is edited. Whenever somebody has changed them, and whenever a round copies them, they are compared
with the newest edition. What no round has asked yet is put right in place; what was asked stays, and a new edition is
made. So a round always belongs to an edition that says exactly what it asked, also where prompts were changed by a
migration or by hand.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User

from .models import Edition, EditionAuthor, Prompt, Question, Questionnaire

# What a round copies of a prompt, apart from its translations.
COPIED = [field.name for field in Question._meta.fields if field.name not in {"id", "round", "wordings"}]
KEPT = [*COPIED, "is_rotating", "is_active"]


def snapshot(prompts: Iterable[Prompt]) -> list[dict[str, Any]]:
    """As an edition keeps them."""
    rows = [
        {name: getattr(prompt, name) for name in KEPT} | {"wordings": prompt.wordings} for prompt in prompts
    ]
    return sorted(rows, key=lambda row: str(row["code"]))


def prompts_of(questionnaire: Questionnaire) -> list[Prompt]:
    """With their translations. Two queries."""
    return list(questionnaire.prompts.order_by("pk").prefetch_related("translations"))


@transaction.atomic
def current(questionnaire: Questionnaire, *, by: User | None, now: datetime) -> tuple[Edition, list[Prompt]]:
    """The edition that says what the prompts say now, and the prompts. Made, or put right, where it did not.

    Behind the lock on the questionnaire: a round that is opened at the same time copies all of a change or nothing.
    """
    locked = Questionnaire.objects.select_for_update(no_key=True).get(pk=questionnaire.pk)
    prompts = prompts_of(locked)
    said = snapshot(prompts)
    newest = locked.editions.order_by("-number").first()
    if newest is not None and newest.prompts == said:
        return newest, prompts
    if newest is not None and not newest.rounds.exists():
        newest.prompts, newest.published_at = said, now
        newest.save(update_fields=["prompts", "published_at"])
        edition = newest
    else:
        number = newest.number + 1 if newest is not None else 1
        edition = Edition.objects.create(questionnaire=locked, number=number, prompts=said, published_at=now)
    EditionAuthor.objects.filter(edition=edition).delete()
    if by is not None:
        EditionAuthor.objects.create(edition=edition, person=by)
    return edition, prompts


def prompts_in(edition: Edition) -> list[Prompt]:
    """The prompts of an edition with their wordings in other languages, not stored."""
    prompts = []
    for row in edition.prompts:
        # A field that there is no more is left out, and one that came later has its default.
        prompt = Prompt(**{name: row[name] for name in KEPT if name in row})
        prompt.wordings = row.get("wordings", {})
        prompts.append(prompt)
    return prompts
