"""What somebody wrote down to work towards in their pairs, and what they gave a program's library."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Kept, Why, named
from mentoring.models import Action, Goal, Possibility, Program, Resource, ResourceFile

LOCKED = {"id": Why.KEY, "seal_id": Why.LOCK, "author": Why.OWNER}
SHOWN_TO_ALL = ("title", "about", "link", "file_name", "for_role", "stage", "position", "is_offered")


def clear_words(person: User, program: Program) -> None:
    """What the other one wrote, and steps of theirs towards a goal that goes, stay."""
    for model in (Action, Goal, Possibility):
        model.objects.filter(author=person, pairing__program=program).delete()


def holdings() -> Iterator[Holding]:
    yield Holding(
        Goal,
        _("Goals that you wrote down"),
        of=lambda person: Goal.objects.filter(author=person).select_related("pairing__program"),
        exported={
            "pairing": _("program"),
            **named("text", "why", "owner", "state", "created_at", "closed_at"),
        },
        withheld=LOCKED,
        values={"pairing": lambda goal: goal.pairing.program.name},
    )
    yield Holding(
        Action,
        _("Next steps that you wrote down"),
        of=lambda person: Action.objects.filter(author=person).select_related("pairing__program"),
        exported={"pairing": _("program"), **named("text", "owner", "by_on", "created_at", "done_at")},
        # The goal may be one that the other wrote.
        withheld={**LOCKED, "goal": Why.KEY},
        values={"pairing": lambda action: action.pairing.program.name},
    )
    yield Holding(
        Possibility,
        _("Possibilities that you wrote down"),
        of=lambda person: Possibility.objects.filter(author=person).select_related("pairing__program"),
        exported={"pairing": _("program"), **named("text", "created_at")},
        withheld=LOCKED,
        values={"pairing": lambda possibility: possibility.pairing.program.name},
    )
    yield Holding(
        Resource,
        _("What you put into a program’s library"),
        of=lambda person: Resource.objects.filter(added_by=person).select_related("program"),
        exported=named("program", "title", "link", "file_name", "changed_at"),
        withheld={
            "id": Why.KEY,
            "added_by": Why.OWNER,
            **dict.fromkeys(("about", "for_role", "stage", "position", "is_offered"), Why.OTHERS),
        },
        erasure=Kept(
            "the program’s people go on using it",
            act=_added_by_nobody,
            replaced=("added_by",),
            stays=("id", "program", *SHOWN_TO_ALL, "changed_at"),
        ),
    )
    yield Holding(
        ResourceFile,
        _("Files that you put into a program’s library"),
        of=lambda person: ResourceFile.objects.filter(resource__added_by=person).defer("content"),
        exported={"resource": _("title"), "size": None},
        withheld={"content": Why.OTHERS, "stored_as": Why.MACHINERY, "content_type": Why.MACHINERY},
        values={"resource": lambda file: file.resource.title},
        erasure=Kept(
            "the program’s people go on using it",
            act=lambda person, now: None,
            replaced=(),
            stays=("resource", "content", "stored_as", "content_type", "size"),
        ),
    )


def _added_by_nobody(person: User, now: datetime) -> None:
    Resource.objects.filter(added_by=person).update(added_by=None)
