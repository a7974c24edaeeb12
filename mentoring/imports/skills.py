"""What people of a file offer and seek: added to what they said themselves, never taken from it."""

from collections import Counter
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext as _

from mentoring.models import EnrollmentSkill, Program, Skill
from mentoring.skills import MOST_A_SIDE

from .job import Job

if TYPE_CHECKING:
    from .people import Plan

SIDES = tuple(EnrollmentSkill.Side)


def add_skills(job: Job, plans: "list[Plan]") -> None:
    """Those that are not on the program's list are put there for somebody to look at, as when people add them.

    A row that would give somebody more than their own form lets them choose is refused.
    """
    wanted = [
        (plan, side, name)
        for plan in plans
        for side in SIDES
        for name in plan.row.value.get(side.value) or ()
    ]
    if not wanted:
        return
    names = {name.casefold(): name for _plan, _side, name in wanted}
    known = _known(job.program, names)
    missing = [name for key, name in names.items() if key not in known]
    if missing:
        Skill.objects.bulk_create(
            [
                Skill(program=job.program, name=name, state=Skill.State.PROPOSED, proposed_by=job.by)
                for name in missing
            ],
            ignore_conflicts=True,
        )
        known = _known(job.program, names)
    places = [plan.place.pk for plan in plans if plan.place]
    rows = EnrollmentSkill.objects.filter(enrollment__in=places).order_by()
    there = set(rows.values_list("enrollment", "side", "skill"))
    numbers = Counter((place, side) for place, side, _skill in there)
    new = []
    for plan, side, name in wanted:
        skill = known.get(name.casefold())
        if skill is None or plan.place is None or (plan.place.pk, side.value, skill) in there:
            continue
        there.add((plan.place.pk, side.value, skill))
        numbers[plan.place.pk, side.value] += 1
        if numbers[plan.place.pk, side.value] > MOST_A_SIDE:
            if side.value not in plan.row.errors:
                said = _("With those that are there already, these are more than %(most)d.")
                plan.row.refuse(side.value, said % {"most": MOST_A_SIDE})
            continue
        new.append(EnrollmentSkill(enrollment=plan.place, side=side, skill_id=skill))
        plan.changes.append(side.value)
        if plan.was_there:
            plan.row.said.append(f"{side.label}: {name}")
        if name in missing:
            plan.row.said.append(_("new on the list of skills: %(name)s") % {"name": name})
    EnrollmentSkill.objects.bulk_create(new, ignore_conflicts=True)


def _known(program: Program, names: dict[str, str]) -> dict[str, int]:
    """The skill that each of these names means in this program. The database says which letters are one in any case."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT wanted.name, coalesce(skill.merged_into_id, skill.id) "
            "FROM unnest(%s::text[], %s::text[]) AS wanted(name, written) "
            "JOIN mentoring_skill skill ON lower(skill.name) = lower(wanted.written) AND skill.program_id = %s",
            [list(names), list(names.values()), program.pk],
        )
        return dict(cursor.fetchall())
