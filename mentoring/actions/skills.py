"""A program's list of skills: adding to it, putting proposals on it, renaming, and making one of several."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import places, rules
from mentoring.models import EnrollmentSkill, Program, Skill
from mentoring.models.skill import SkillQuerySet

from .refused import Refused

LONGEST = Skill._meta.get_field("name").max_length or 0
MOST_AT_ONCE = 200
State = Skill.State


@transaction.atomic
def add_skills(program: Program, names: Iterable[str], *, by: User, now: datetime) -> list[Skill]:
    """Those of `names` that are new on the list, or were only proposed; what is there already stays as it is.

    Raises Refused when none is new, and for a name that is too long.
    """
    _check_admin(program, by)
    wanted = {name.lower(): name for name in map(in_one_line, reversed(list(names))) if name}
    if not wanted:
        raise Refused(_("Write at least one skill."))
    if len(wanted) > MOST_AT_ONCE:
        raise Refused(_("Add %(number)d skills at most at one time.") % {"number": MOST_AT_ONCE})
    for name in wanted.values():
        _check_length(name)
    new = [Skill(program=program, name=name, created_at=now) for name in reversed(wanted.values())]
    # Two who add the same names at one moment come one after the other.
    places.locked(program)
    known = set(_named(program, wanted).values_list("pk", flat=True))
    proposed = set(_named(program, wanted).proposed().values_list("pk", flat=True))
    Skill.objects.filter(pk__in=proposed).proposed().update(state=State.LISTED)
    # Somebody may propose one of them at this moment: theirs is put on the list as those before.
    Skill.objects.bulk_create(new, ignore_conflicts=True)
    added = _named(program, wanted).exclude(pk__in=known - proposed).order_by("pk")
    added.proposed().update(state=State.LISTED)
    if not added.exists():
        raise Refused(_("All of these are on the list already."))
    return list(added)


@transaction.atomic
def list_skill(skill: Skill, *, by: User) -> None:
    """A proposal is found by everybody in the program from now on."""
    _check_admin(skill.program, by)
    if not Skill.objects.filter(pk=skill.pk, state=State.PROPOSED).update(state=State.LISTED):
        raise Refused(_("This is no open proposal."))


@transaction.atomic
def rename_skill(skill: Skill, name: str, *, by: User) -> None:
    """For everybody who offers or seeks it. Raises Refused when the program has another one of that name."""
    _check_admin(skill.program, by)
    name = in_one_line(name)
    if not name:
        raise Refused(_("Write a name."))
    _check_length(name)
    try:
        with transaction.atomic():
            renamed = Skill.objects.filter(pk=skill.pk).exclude(state=State.MERGED).update(name=name)
    except IntegrityError as error:
        raise Refused(
            _("Another skill has this name, or had it before it was merged. Merge the two instead.")
        ) from error
    if not renamed:
        raise Refused(_("This skill was merged into another."))


@transaction.atomic
def merge_skills(skills: Collection[Skill], into: Skill, *, by: User) -> int:
    """One skill instead of several: whoever offers or seeks one of `skills` offers or seeks `into`, once. How many
    uses moved.

    The names of the others stay, and mean `into` from now on. A proposal that others are merged into is listed. Raises
    Refused across programs, and when one of them was merged away meanwhile.
    """
    _check_admin(into.program, by)
    going = [skill for skill in skills if skill.pk != into.pk]
    if not going:
        raise Refused(_("Choose two skills or more."))
    if any(skill.program_id != into.program_id for skill in going):
        raise Refused(_("These are skills of different programs. Each program keeps a list of its own."))
    # Whoever chooses one of them at this moment comes before us or after us; two who merge come one after the other.
    places.locked(into.program)
    pks = [skill.pk for skill in (*going, into)]
    held = {row.pk: row for row in Skill.objects.filter(pk__in=pks).order_by("pk").select_for_update()}
    if len(held) < len(pks) or any(row.state == State.MERGED for row in held.values()):
        raise Refused(_("One of these was merged already. Look at the list once more."))
    moved = sum(_move_uses(skill, into) for skill in going)
    gone = Q(pk__in=[skill.pk for skill in going])
    Skill.objects.filter(gone | Q(merged_into__in=going)).update(state=State.MERGED, merged_into=into)
    Skill.objects.filter(pk=into.pk).update(state=State.LISTED)
    return moved


def _move_uses(skill: Skill, into: Skill) -> int:
    """Without a second line for whoever has chosen both."""
    uses = EnrollmentSkill.objects.filter(skill=skill)
    count = uses.count()
    for side in EnrollmentSkill.Side.values:
        has_both = EnrollmentSkill.objects.filter(skill=into, side=side).order_by().values("enrollment")
        uses.filter(side=side, enrollment__in=has_both).delete()
    uses.update(skill=into)
    return count


def _named(program: Program, names: Collection[str]) -> SkillQuerySet:
    return Skill.objects.filter(program=program).annotate(lower=Lower("name")).filter(lower__in=list(names))


def in_one_line(name: str) -> str:
    return " ".join(name.split())


def _check_length(name: str) -> None:
    if len(name) > LONGEST:
        said = _("“%(name)s…” is too long: %(number)d characters at most.")
        raise Refused(said % {"name": name[:40], "number": LONGEST})


def _check_admin(program: Program, by: User) -> None:
    if not rules.may_administer(by, program):
        raise Refused(_("Only those who run a program keep its list of skills."))
