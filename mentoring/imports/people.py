"""A batch of people: who is new and invited, or put in; what changes of those who are there; who is left alone.

What a person said of themselves stays theirs. A place of somebody who is in takes from a file what those who run the
program may change anyway, and skills that are added; an answer that is there stays, and so does a line manager, of whom
not even this is told whether it is the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.actions import Comer, Guest, Refused, SomeAreThere, enroll_known, invite_by_email
from mentoring.models import (
    Enrollment,
    EnrollmentAnswer,
    EnrollmentQuestion,
    Import,
    ImportRow,
    Invitation,
    Pairing,
)
from mentoring.places import Room, roles_in

from .cleaning import REQUIRED, Row
from .job import Job, Seen
from .skills import add_skills

Status, Role, Outcome = Enrollment.Status, Enrollment.Role, ImportRow.Outcome
CHANGED = ("role", "capacity", "department", "line_manager", "joined_on")
LABELS: dict[str, Any] = {
    field.name: field.verbose_name for field in Enrollment._meta.fields if field.name in CHANGED
}
TOLD = ("role", "capacity", "department", "joined_on")
HAS_APPLIED = gettext_lazy("has asked for a place, and is left as they are. Answer that under Enrollments.")
LEFT_ALONE = gettext_lazy(
    "said no, or was here before, and is left alone. Invite them by hand if they are to come back."
)


@dataclass
class Plan:
    """What is to become of a row. `place` is there for whoever has one, or has got one meanwhile."""

    row: Row
    role: str
    place: Enrollment | None = None
    was_there: bool = False
    changes: list[str] = field(default_factory=list)

    @property
    def email(self) -> str:
        return str(self.row.value["email"])

    @property
    def is_theirs(self) -> bool:
        """Whether its person has been in, or asked to be: what it says may be their own words."""
        place = self.place
        return place is not None and (
            place.status not in Enrollment.NOT_IN
            or place.joined_on is not None
            or place.applied_at is not None
        )


def apply(job: Job, rows: Sequence[Row], seen: Seen) -> None:
    """Do with these rows what is asked, and write into each what came of it."""
    _look_at_each(job, rows, seen)
    good = [row for row in rows if not row.is_bad]
    emails = [row.value["email"] for row in good]
    places = _places(job, emails)
    invited = [place.person_id for place in places.values() if place.status == Status.INVITED]
    unanswered = Invitation.objects.unanswered(job.now).filter(program=job.program, person__in=invited)
    waiting = {person: role for person, role in unanswered.values_list("person", "role") if person}
    newcomers: list[Plan] = []
    present: list[Plan] = []
    for row in good:
        plan = Plan(row, row.value.get("role") or job.role, places.get(row.value["email"]))
        match _way_of(job, plan, waiting):
            case "comes":
                newcomers.append(plan)
            case "stays":
                plan.was_there = True
                present.append(plan)
            case "left":
                row.outcome = Outcome.UNCHANGED
    _bring_in(job, newcomers)
    _check_roles(job, present)
    _set_facts(job, [plan for plan in (*newcomers, *present) if not plan.row.is_bad])


def _look_at_each(job: Job, rows: Sequence[Row], seen: Seen) -> None:
    """What can be said of a row by itself, and of two with one address."""
    for row in rows:
        if row.is_bad:
            continue
        email = row.value["email"]
        if not email:
            row.refuse("email", REQUIRED)
        if not job.role and not row.value.get("role"):
            row.refuse("role", REQUIRED)
        role = row.value.get("role") or job.role
        if role and role not in roles_in(job.program):
            row.refuse("role", _("Nobody is that alone in this program."))
        for code, question in job.questions.items():
            if row.value.get(code) and not _is_asked(question, role):
                row.refuse(code, _("This is asked of others only."))
    firsts = seen.first((row.value["email"], row.number) for row in rows if row.value.get("email"))
    for row in rows:
        if row.value.get("email") and firsts[row.value["email"]] != row.number:
            said = _("The same address stands in row %(number)d already.")
            row.refuse("email", said % {"number": firsts[row.value["email"]]})


def _is_asked(question: EnrollmentQuestion, role: str) -> bool:
    return (
        role == Role.BOTH
        or question.asked_of == EnrollmentQuestion.AskedOf.EVERYONE
        or question.asked_of == f"{role}s"
    )


def _places(job: Job, emails: Iterable[str]) -> dict[str, Enrollment]:
    """By address, ours until the end of the transaction."""
    found = Enrollment.objects.filter(program=job.program, person__email__in=list(emails))
    rows = found.select_related("person").order_by("pk").select_for_update(of=("self",))
    return {place.person.email: place for place in rows}


def _way_of(job: Job, plan: Plan, waiting: dict[int, str]) -> str:
    """`comes`, `stays` or `left`; nothing for a row that is refused here."""
    place, row = plan.place, plan.row
    if place is None:
        return "comes"
    if place.status in (Status.APPLIED, Status.WAITLISTED):
        row.said.append(str(HAS_APPLIED))
        return "left"
    if place.status in Enrollment.OVER:
        row.said.append(str(LEFT_ALONE))
        return "left"
    if place.status != Status.INVITED:
        return "stays"
    if place.person_id not in waiting:
        return "comes"
    if plan.role != waiting[place.person_id] and not (job.role and waiting[place.person_id] == Role.BOTH):
        said = _("is invited as %(role)s already. Take that invitation back first.")
        row.refuse("role", said % {"role": Role(waiting[place.person_id]).label})
        return ""
    if job.how == Import.How.ENROLL:
        row.said.append(_("is invited already, and comes in by saying yes"))
    return "stays"


# --- New -----------------------------------------------------------------------------------------------------------


def _bring_in(job: Job, plans: list[Plan]) -> None:
    invited = _enroll(job, plans) if job.how == Import.How.ENROLL else plans
    for role in Role.values:
        _invite(job, role, [plan for plan in invited if plan.role == role])
    came = [plan for plan in plans if not plan.row.is_bad]
    places = _places(job, [plan.email for plan in came])
    for plan in came:
        plan.place = places[plan.email]
        plan.row.outcome = Outcome.NEW


def _invite(job: Job, role: str, plans: list[Plan]) -> None:
    """All of them, but for those of whom it is said that they cannot be: those are refused, and it is tried anew."""
    while plans:
        guests = [Guest(plan.email, _name(plan.row), _said_of_place(plan.row)) for plan in plans]
        try:
            invite_by_email(
                job.program, role, guests, by=job.by, now=job.now, lives=job.lives, at_most=len(guests)
            )
        except SomeAreThere as some:
            for plan in plans:
                if plan.email in some.reasons:
                    plan.row.refuse("email", some.reasons[plan.email])
            plans = [plan for plan in plans if not plan.row.is_bad]
        except Refused as no:
            for plan in plans:
                plan.row.refuse("", str(no))
            return
        else:
            for plan in plans:
                plan.row.said.append(_("is invited as %(role)s") % {"role": Role(role).label})
                if job.how == Import.How.ENROLL and plan.row.value.get("joined_on"):
                    plan.row.said.append(_("their first day is the one on which they say yes"))
            return


def _enroll(job: Job, plans: list[Plan]) -> list[Plan]:
    """Those whom the admin knows are in. Returns the others, who are to be invited."""
    comers = [
        Comer(
            plan.email, plan.role, {**_said_of_place(plan.row), "joined_on": plan.row.value.get("joined_on")}
        )
        for plan in plans
    ]
    try:
        put_in = enroll_known(job.program, comers, by=job.by, now=job.now)
    except Refused as no:
        for plan in plans:
            plan.row.refuse("", str(no))
        return []
    others = []
    for plan in plans:
        if plan.email in put_in.refused:
            plan.row.refuse("", put_in.refused[plan.email])
        elif plan.email in put_in.places:
            plan.row.said.append(_("comes in as %(role)s") % {"role": Role(plan.role).label})
        else:
            others.append(plan)
    return others


def _name(row: Row) -> str:
    given = [row.value.get("first_name"), row.value.get("last_name")]
    return str(row.value.get("name") or " ".join(filter(None, given)))[:120]


def _said_of_place(row: Row) -> dict[str, object]:
    names = ("capacity", "department", "line_manager")
    return {name: row.value[name] for name in names if row.value.get(name) not in (None, "")}


# --- Changed -------------------------------------------------------------------------------------------------------


def _check_roles(job: Job, plans: list[Plan]) -> None:
    """A role changes where rows say it, and no open pairing stands on it; a plain list takes nobody's other one."""
    moving = [
        plan
        for plan in plans
        if plan.place and plan.role != plan.place.role and not (job.role and plan.place.role == Role.BOTH)
    ]
    people = [plan.place.person_id for plan in moving if plan.place]
    open_ones = Pairing.objects.filter(program=job.program).open()
    mentors = set(open_ones.filter(mentor__in=people).values_list("mentor", flat=True))
    mentees = set(open_ones.filter(mentee__in=people).values_list("mentee", flat=True))
    room = Room(job.program)
    for plan in moving:
        place = plan.place
        if place is None:
            continue
        if job.role:
            said = _("is in this program as %(role)s. Send a list with a column for the role to change that.")
            plan.row.refuse("email", said % {"role": place.get_role_display()})
        elif plan.role == Role.MENTEE and place.person_id in mentors:
            plan.row.refuse("role", _("They are somebody's mentor now. That pairing has to end first."))
        elif plan.role == Role.MENTOR and place.person_id in mentees:
            plan.row.refuse("role", _("They are somebody's mentee now. That pairing has to end first."))
        elif place.status in Enrollment.IN and not room.move(place.role, plan.role):
            plan.row.refuse("role", _("There is no free place. Give the program more places first."))
        else:
            _change(plan, "role", plan.role)


def _set_facts(job: Job, plans: list[Plan]) -> None:
    for plan in plans:
        place, value = plan.place, plan.row.value
        if place is None:
            continue
        for name in ("capacity", "department"):
            if value.get(name) not in (None, "", getattr(place, name)):
                _change(plan, name, value[name])
        manager = value.get("line_manager")
        may_say = not plan.is_theirs or (not plan.was_there and not place.line_manager)
        if manager and may_say and manager != place.line_manager:
            _change(plan, "line_manager", manager)
        if job.how == Import.How.ENROLL and place.status in Enrollment.IN:
            day = value.get("joined_on")
            if day and day != place.joined_on:
                _change(plan, "joined_on", day)
    changed = [plan.place for plan in plans if plan.place and set(plan.changes) & set(CHANGED)]
    if changed:
        Enrollment.objects.bulk_update(changed, CHANGED)
    add_skills(job, plans)
    _answer(job, plans)
    for plan in plans:
        plan.row.outcome = plan.row.outcome or (Outcome.CHANGED if plan.changes else Outcome.UNCHANGED)


def _change(plan: Plan, name: str, value: Any) -> None:
    before = getattr(plan.place, name)
    setattr(plan.place, name, value)
    plan.changes.append(name)
    if plan.was_there:
        is_told = name in TOLD and before not in ("", None)
        told = f"{LABELS[name]}: {_shown(name, before)} → {_shown(name, value)}"
        plan.row.said.append(told if is_told else f"{LABELS[name]}: {_shown(name, value)}")


def _shown(name: str, value: Any) -> str:
    return str(Role(value).label) if name == "role" else str(value)


def _answer(job: Job, plans: list[Plan]) -> None:
    """Kept as asked, with the readers that the question promises. One that somebody gave stays as it is."""
    if not any(plan.row.value.get(code) for plan in plans for code in job.questions):
        return
    places = [plan.place.pk for plan in plans if plan.place]
    there = {
        (answer.enrollment_id, answer.code): answer
        for answer in EnrollmentAnswer.objects.filter(enrollment__in=places)
    }
    new: list[EnrollmentAnswer] = []
    changed: list[EnrollmentAnswer] = []
    for plan in plans:
        for code, question in job.questions.items():
            given = plan.row.value.get(code)
            if not given or plan.place is None:
                continue
            found = there.get((plan.place.pk, question.code))
            answer = found or EnrollmentAnswer(enrollment=plan.place, code=question.code)
            if found is not None and (plan.is_theirs or given in (found.text, found.chosen)):
                continue
            answer.question, answer.position, answer.asked = question, question.position, question.text
            answer.kind, answer.audience, answer.answered_at = question.kind, question.audience, job.now
            answer.text = given if isinstance(given, str) else ""
            answer.chosen = given if isinstance(given, list) else []
            (changed if found else new).append(answer)
            plan.changes.append(code)
            if plan.was_there:
                plan.row.said.append(_("an answer: %(question)s") % {"question": question.text})
    EnrollmentAnswer.objects.bulk_create(new)
    if changed:
        names = ["question", "position", "asked", "kind", "audience", "answered_at", "text", "chosen"]
        EnrollmentAnswer.objects.bulk_update(changed, names)
