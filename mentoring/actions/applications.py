"""Asking for a place: begun as a draft, sent, and said otherwise later."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import keep_week
from accounts.mail import outbox
from accounts.models import User, UsualHours
from mentoring import places, rules, skills
from mentoring.emails import RECEIPT, receipt_number
from mentoring.models import (
    ApplicationDraft,
    Enrollment,
    EnrollmentAnswer,
    EnrollmentQuestion,
    EnrollmentSkill,
    Program,
)

from .pairing_up import NOTICE_LIVES
from .refused import Refused

LONGEST_DRAFT = 200_000  # characters: every field filled to its end, many times over
CLOSED = _("This program takes no applications any more.")
THERE = _("You have a place in this program already, or have asked for one.")


@dataclass(frozen=True)
class Said:
    """An answer to a question as it was asked: `text`, or what was `chosen`; neither, it stays open."""

    question: EnrollmentQuestion
    text: str = ""
    chosen: Sequence[str] = ()

    @property
    def is_open(self) -> bool:
        return not self.text and not self.chosen


@dataclass(frozen=True)
class Application:
    """What somebody says of themselves to a program.

    `answers`: those given, or given otherwise. `agreed_to`: the ground rules that they read; None, they were not asked.
    `dropped`: numbers of earlier answers, to questions that are asked no more, that are to be deleted.
    """

    role: str
    capacity: int = 1
    offers: Sequence[str] = ()
    seeks: Sequence[str] = ()
    hours: Sequence[UsualHours] = ()
    languages: Sequence[str] = ()
    department: str = ""
    line_manager: str = ""
    answers: Sequence[Said] = ()
    agreed_to: str | None = None
    dropped: Collection[int] = field(default_factory=tuple)


# Rows are locked in one order by all who ask, answer, invite or leave: the program, the person, the place.


@transaction.atomic
def apply(program: Program, person: User, said: Application, *, now: datetime) -> Enrollment:
    """They ask for a place: in an open program they are in at once where there is room, or on its waitlist.

    Whoever was in this program before asks those who run it, whatever the program is: they may have had a reason.
    Raises Refused when it takes no applications, and when there is a place or an invitation already.
    """
    program = places.locked(program)
    keep_week(person, hours=said.hours, languages=said.languages, now=now)
    place = Enrollment.objects.filter(program=program, person=person).select_for_update().first()
    if not rules.takes_applications(program, now):
        raise Refused(CLOSED)
    if not rules.may_apply(person, program, place, now):
        raise Refused(THERE)
    if said.role not in places.roles_in(program):
        raise Refused(_("Nobody has this role in this program."))
    # To the second, because the receipt is numbered by it.
    now = now.replace(microsecond=0)
    values: dict[str, object] = {
        "role": said.role,
        "applied_at": now,
        "decided_at": None,
        "decision_note": "",
        "agreed_to": "",
        "agreed_at": None,
        "invitation": None,
        **_beginning(program, person, place, said.role, now),
        **_of_the_place(said, now),
    }
    if place is None:
        try:
            with transaction.atomic():
                place = Enrollment.objects.create(program=program, person=person, **values)
        except IntegrityError as error:
            raise Refused(THERE) from error
    else:
        Enrollment.objects.filter(pk=place.pk).update(**values)
        place.refresh_from_db()
    place.program, place.person = program, person
    _choose_skills(place, said, now)
    # A new application says what it says: nothing of an earlier one stays beside it.
    place.answers.all().delete()
    _answer(place, said.answers, now)
    ApplicationDraft.objects.filter(program=program, person=person).delete()
    outbox.owe(RECEIPT, person.pk, receipt_number(place), due_at=now, expires_at=now + NOTICE_LIVES)
    return place


def _beginning(
    program: Program, person: User, place: Enrollment | None, role: str, now: datetime
) -> dict[str, object]:
    """The state in which somebody begins who asks for a place."""
    was_in = place is not None and place.joined_on is not None
    if program.join_policy != Program.JoinPolicy.OPEN or was_in:
        return {"status": Enrollment.Status.APPLIED}
    if places.free(program, role, without=person) is None:
        # Whoever waits is passed by nobody where any number may come in: the clock offers them a place as well.
        return {"status": Enrollment.Status.ACTIVE, "joined_on": program.today(now)}
    # Nobody goes past those who wait: a place that has just become free is theirs first.
    others = program.enrollments.waitlist().filter(offered_at__isnull=True)
    others = others.mentees() if role == Enrollment.Role.MENTEE else others
    others = others.mentors() if role == Enrollment.Role.MENTOR else others
    if places.has_room(program, role, without=person) and not others.exists():
        return {"status": Enrollment.Status.ACTIVE, "joined_on": program.today(now)}
    return {"status": Enrollment.Status.WAITLISTED, "waitlisted_at": now}


@transaction.atomic
def change_place(place: Enrollment, said: Application, *, now: datetime) -> None:
    """Their place says what they say now. An answer that they leave as it is keeps the wording it was given to.

    Raises Refused when the place is past changing; the role changes only as long as they wait.
    """
    program = places.locked(place.program)
    keep_week(place.person, hours=said.hours, languages=said.languages, now=now)
    person, place = place.person, Enrollment.objects.select_for_update().get(pk=place.pk)
    place.program, place.person = program, person
    if not rules.may_change_place(place, now):
        raise Refused(_("This can no longer be changed here."))
    values = _of_the_place(said, now)
    if said.role != place.role:
        if not rules.may_change_role(place) or said.role not in places.roles_in(program):
            raise Refused(_("Your role cannot be changed any more. Write to those who run the program."))
        values["role"] = said.role
        # What only the other role is asked can no longer be seen, and so not be kept behind somebody's back.
        asked = EnrollmentQuestion.objects.filter(program=program).for_role(said.role)
        place.answers.filter(question__isnull=False).exclude(question__in=asked).delete()
    Enrollment.objects.filter(pk=place.pk).update(**values)
    _choose_skills(place, said, now)
    place.answers.filter(pk__in=said.dropped).delete()
    _answer(place, said.answers, now)


def _of_the_place(said: Application, now: datetime) -> dict[str, object]:
    values: dict[str, object] = {
        "capacity": said.capacity,
        "department": said.department,
        "line_manager": said.line_manager,
    }
    if said.agreed_to is not None:
        values |= {"agreed_to": said.agreed_to, "agreed_at": now}
    return values


def _choose_skills(place: Enrollment, said: Application, now: datetime) -> None:
    skills.choose(place, EnrollmentSkill.Side.OFFERS, said.offers, now=now)
    skills.choose(place, EnrollmentSkill.Side.SEEKS, said.seeks, now=now)
    skills.forget_unused(place.program, place.person)


def _answer(place: Enrollment, answers: Sequence[Said], now: datetime) -> None:
    """Each with its question as it is asked now; one that is left open is no row."""
    for said in answers:
        same = EnrollmentAnswer.objects.filter(enrollment=place, code=said.question.code)
        if said.is_open:
            same.delete()
            continue
        as_asked = {
            "question": said.question,
            "position": said.question.position,
            "asked": said.question.text,
            "kind": said.question.kind,
            "audience": said.question.audience,
            "text": said.text,
            "chosen": list(said.chosen),
            "answered_at": now,
        }
        EnrollmentAnswer.objects.update_or_create(
            enrollment=place, code=said.question.code, defaults=as_asked
        )


# --- Drafts --------------------------------------------------------------------------------------------------------


@transaction.atomic
def keep_draft(
    program: Program, person: User, typed: Mapping[str, Sequence[str]], *, now: datetime
) -> ApplicationDraft:
    """What stands in the form, field by field as it was typed. Raises Refused once there is nothing to apply for."""
    # Whoever sends it at this moment comes before us or after us: no draft is left behind what was sent.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    place = Enrollment.objects.filter(program=program, person=person).first()
    if not rules.may_apply(person, program, place, now):
        raise Refused(THERE if place and place.is_settled else CLOSED)
    # The one character that the database keeps in no text.
    kept = {name: [value.replace("\0", "") for value in values] for name, values in typed.items()}
    if sum(len(value) for values in kept.values() for value in values) > LONGEST_DRAFT:
        raise Refused(_("This is too long to be kept."))
    draft, _made = ApplicationDraft.objects.update_or_create(
        program=program, person=person, defaults={"typed": kept, "saved_at": now}
    )
    return draft


def drop_draft(draft: ApplicationDraft) -> None:
    """What was begun is deleted. Twice is once."""
    ApplicationDraft.objects.filter(pk=draft.pk).delete()
