"""The skills of a program by the names that people write for them."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Value
from django.db.models.functions import Lower

from accounts.models import User

from .models import Enrollment, EnrollmentSkill, Program, Skill

SUGGESTED = 8
MOST_A_SIDE = 12
# In nobody's skill: what a name is searched with, and compared by.
MOST_HOPS = 20


def names_in(text: str, whole: Collection[str] = ()) -> list[str]:
    """The names of a list as people type it: one on each line, or with commas between them; each once.

    `whole`: names that have a comma themselves, in lower case.
    """
    names: dict[str, str] = {}
    for line in text.splitlines():
        line = _tidy(line)
        pieces = [line] if line.lower() in whole else map(_tidy, re.split(r"[,;]", line))
        for piece in pieces:
            if piece:
                names.setdefault(piece.lower(), piece)
    return list(names.values())


def _tidy(text: str) -> str:
    return " ".join(text.split())


def with_commas(program: Program) -> set[str]:
    rows = Skill.objects.filter(program=program, name__regex="[,;]")
    return {name.lower() for name in rows.values_list("name", flat=True)}


def suggested(program: Program, typed: str) -> list[str]:
    """Listed names that hold what was typed, or whose former name does; those that begin with it come first."""
    typed = _tidy(typed)[: Skill._meta.get_field("name").max_length or 0]
    listed = Skill.objects.filter(program=program).listed()
    found = listed.filter(name__icontains=typed)
    if typed:
        found |= listed.filter(also_called__name__icontains=typed)
    names = found.order_by(Lower("name")).values_list("name", flat=True).distinct()
    ordered = sorted(names[:200], key=lambda name: not name.lower().startswith(typed.lower()))
    return ordered[:SUGGESTED]


def unknown(program: Program, names: Iterable[str]) -> list[str]:
    """Those of the names that are on the program's list under none of its names."""
    names = list(names)
    rows = _by_lower(program).exclude(state=Skill.State.PROPOSED)
    on_it = set(rows.filter(lower__in=[Lower(Value(name)) for name in names]).values_list("lower", flat=True))
    return [name for name in names if name.lower() not in on_it]


def choose(place: Enrollment, side: str, names: Iterable[str], *, now: datetime) -> None:
    """This person offers, or seeks, these and nothing else. Behind the lock of the program (`places.locked`), so that
    two who propose the same names in another order do not wait for each other."""
    wanted = list(
        dict.fromkeys(
            skill.pk for skill in (_called(place.program, name, place.person, now) for name in names)
        )
    )
    chosen = EnrollmentSkill.objects.filter(enrollment=place, side=side)
    if list(chosen.order_by("pk").values_list("skill", flat=True)) == wanted:
        return
    chosen.delete()
    EnrollmentSkill.objects.bulk_create(
        EnrollmentSkill(enrollment=place, side=side, skill_id=skill) for skill in wanted
    )


def forget_unused(program: Program, person: User) -> None:
    """What somebody proposed and nobody chose after all is off the list again."""
    Skill.objects.filter(program=program, proposed_by=person, uses__isnull=True).proposed().delete()


def _called(program: Program, name: str, person: User, now: datetime) -> Skill:
    """What this name means here; put on the list as a proposal where it means nothing yet."""
    found = _found(program, name)
    if found is None:
        new = Skill(
            program=program, name=name, state=Skill.State.PROPOSED, proposed_by=person, created_at=now
        )
        # Whoever proposes the same name at this moment is waited for, and theirs is taken.
        Skill.objects.bulk_create([new], ignore_conflicts=True)
        found = _found(program, name)
    if found is None:
        raise LookupError("a skill was deleted at the moment in which it was chosen")
    return found


def _found(program: Program, name: str) -> Skill | None:
    """By the database's own idea of capitals, which is that of its constraint; a merged one is what it means now."""
    skill: Skill | None = (
        _by_lower(program).filter(lower=Lower(Value(name))).select_related("merged_into").first()
    )
    for _hop in range(MOST_HOPS):
        if skill is None or skill.merged_into is None:
            break
        skill = skill.merged_into
    return skill


def _by_lower(program: Program) -> Any:
    """The program's skills, with `lower`: their names as the database compares them."""
    return Skill.objects.filter(program=program).annotate(lower=Lower("name"))
