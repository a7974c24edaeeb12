"""This app's part of the data map: places, pairings, meetings, and the right to run a program."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Kept, Why, named, register, register_nobodys, register_obstacle

from . import arrangements, mydata_announcements, mydata_desk, mydata_matching, mydata_room
from .imports import mydata as imports
from .models import (
    ApplicationDraft,
    Enrollment,
    EnrollmentAnswer,
    EnrollmentSkill,
    Invitation,
    Meeting,
    Notice,
    Pairing,
    Program,
    ProgramAdmin,
    Reminder,
    Retention,
    Skill,
)
from .models.enrollment import SAID_OF_A_PLACE, UNDER_WAY
from .places import end_pairings, forget_what_was_said

FACTS_OF_A_PROGRAM = (
    "slug",
    "purpose",
    "status",
    "time_zone",
    "fiscal_first_month",
    "starts_on",
    "ends_on",
    "retention_months",
    "has_wall",
    "help_url",
    "whom_colleague",
    "whom_client",
    "whom_myself",
    "whom_mentee",
    "whom_mentor",
    "applications_until",
    "follows",
    "roles",
    "mentors_are",
    "mentees_are",
    "join_policy",
    "matched_by",
    "approval",
    "directory_for",
    "directory_shows",
    "open_requests",
    "requests_are_checked",
    "pairings_per_mentee",
    "places_for_mentors",
    "places_for_mentees",
    "offer_days",
    "ground_rules",
    "agreement",
    "accent",
    "logo_key",
    "created_at",
)
# What a program asks to be deleted when a person's place in it has been over for long enough.
Clear = Callable[[User, Program], object]
_program_words: list[Clear] = []


def register_program_words(clear: Clear) -> None:
    """An app above says how the words of one person in one program are deleted."""
    _program_words.append(clear)


def clear_program_words(person: User, program: Program) -> None:
    """All that this person wrote in this program, in this app and in those above it; their place itself stays."""
    for clear in _program_words:
        clear(person, program)
    forget_what_was_said(Enrollment.objects.filter(person=person, program=program))
    ApplicationDraft.objects.filter(person=person, program=program).delete()
    mydata_matching.clear_words(person, program)
    mydata_room.clear_words(person, program)
    mydata_desk.clear_words(person, program)


def fill() -> None:
    """Called once, when the app starts."""
    register(
        *_holdings(),
        *mydata_matching.holdings(),
        *mydata_room.holdings(),
        *mydata_desk.holdings(),
        *mydata_announcements.holdings(),
        *imports.holdings(),
    )
    register_nobodys(
        "what a program is and asks, said by those who run it",
        "mentoring.ConversationStarter",
        "mentoring.EnrollmentQuestion",
        "mentoring.Holiday",
        "mentoring.Logo",
        "mentoring.MatchingCriteria",
        "mentoring.MatchingQuestion",
    )
    register_obstacle(last_admin)


def _holdings() -> Iterator[Holding]:
    yield Holding(
        Program,
        _("Programs that name you as their contact"),
        of=lambda person: Program.objects.filter(
            Q(contact_email__iexact=person.email) | Q(concern_email__iexact=person.email)
        ),
        exported=named("name", "contact_name", "contact_email", "concern_name", "concern_email"),
        withheld={
            "id": Why.KEY,
            **dict.fromkeys(FACTS_OF_A_PROGRAM, Why.OTHERS),
        },
        erasure=Kept(
            "the program is everybody’s",
            act=_blank_contact,
            replaced=("contact_name", "contact_email", "concern_name", "concern_email"),
            stays=("id", "name", *FACTS_OF_A_PROGRAM),
        ),
    )
    yield Holding(
        ProgramAdmin,
        _("Programs you run"),
        of=lambda person: ProgramAdmin.objects.filter(person=person),
        exported=named("program", "created_at"),
        withheld={"id": Why.KEY, "person": Why.OWNER},
    )
    yield Holding(
        Invitation,
        _("Invitations to you, and those you made"),
        of=lambda person: Invitation.objects.filter(Q(person=person) | Q(created_by=person)),
        exported=named(
            "program",
            "role",
            "created_at",
            "expires_at",
            "accepted_at",
            "declined_at",
            "revoked_at",
            "mailed_at",
        ),
        withheld={
            "id": Why.KEY,
            "person": Why.OTHERS,
            "created_by": Why.OTHERS,
            "most_uses": Why.MACHINERY,
            "came_in": Why.OTHERS,
            "remind_at": Why.MACHINERY,
            "nonce": Why.SECRET,
            "token_hash": Why.SECRET,
        },
        erasure=Kept(
            "others came in by it",
            act=_forget_invitations,
            replaced=("person", "created_by"),
            stays=(
                "id",
                "program",
                "role",
                "most_uses",
                "came_in",
                "nonce",
                "token_hash",
                "created_at",
                "expires_at",
                "accepted_at",
                "declined_at",
                "revoked_at",
                "remind_at",
                "mailed_at",
            ),
        ),
    )
    yield Holding(
        Reminder,
        _("Times you, or somebody you invited, were reminded of it"),
        of=lambda person: Reminder.objects.filter(Q(invitation__person=person) | Q(created_by=person)),
        exported=named("invitation", "created_at"),
        withheld={"id": Why.KEY, "created_by": Why.OTHERS},
        erasure=Kept(
            "those of others stay with their invitation",
            act=lambda person, now: Reminder.objects.filter(created_by=person).update(created_by=None),
            replaced=("created_by",),
            stays=("id", "invitation", "created_at"),
        ),
    )
    yield Holding(
        Enrollment,
        _("Your places in programs"),
        of=lambda person: Enrollment.objects.visible_to(person),
        exported=named(
            "program",
            "role",
            "status",
            "capacity",
            *SAID_OF_A_PLACE,
            "joined_on",
            "applied_at",
            "agreed_at",
            "decided_at",
            *UNDER_WAY,
            "created_at",
        ),
        withheld={"id": Why.KEY, "person": Why.OWNER, "invitation": Why.KEY},
        erasure=Kept(
            "the program goes on counting how many took part",
            act=_withdraw,
            replaced=("status", "capacity", *SAID_OF_A_PLACE, *UNDER_WAY),
            stays=(
                "id",
                "program",
                "person",
                "role",
                "joined_on",
                "applied_at",
                "agreed_at",
                "decided_at",
                "created_at",
                "invitation",
            ),
        ),
    )
    yield Holding(
        Skill,
        _("Skills that you added to a program’s list"),
        of=lambda person: Skill.objects.filter(proposed_by=person).select_related("program"),
        exported=named("program", "name", "state", "created_at"),
        withheld={"id": Why.KEY, "merged_into": Why.OTHERS, "proposed_by": Why.OWNER},
        erasure=Kept(
            "others may have chosen it since",
            act=lambda person, now: Skill.objects.filter(proposed_by=person).update(proposed_by=None),
            replaced=("proposed_by",),
            stays=("id", "program", "name", "state", "merged_into", "created_at"),
        ),
    )
    yield Holding(
        EnrollmentSkill,
        _("What you offer and seek"),
        of=lambda person: EnrollmentSkill.objects.filter(enrollment__person=person).select_related(
            "enrollment__program", "skill"
        ),
        exported={"enrollment": _("program"), "side": None, "skill": None},
        withheld={"id": Why.KEY},
        values={"enrollment": lambda row: row.enrollment.program.name},
    )
    yield Holding(
        EnrollmentAnswer,
        _("What you answered when you asked for a place"),
        of=lambda person: EnrollmentAnswer.objects.filter(enrollment__person=person).select_related(
            "enrollment__program"
        ),
        exported={
            "enrollment": _("program"),
            **named("asked", "audience", "text", "chosen", "answered_at"),
        },
        withheld={
            "id": Why.KEY,
            "question": Why.KEY,
            "code": Why.MACHINERY,
            "position": Why.MACHINERY,
            "kind": Why.MACHINERY,
        },
        values={"enrollment": lambda row: row.enrollment.program.name},
    )
    yield Holding(
        Notice,
        _("What you were told about your places"),
        of=lambda person: Notice.objects.filter(enrollment__person=person).select_related(
            "enrollment__program"
        ),
        exported={"enrollment": _("program"), **named("kind", "note", "made_at")},
        withheld={"id": Why.KEY},
        values={"enrollment": lambda row: row.enrollment.program.name},
    )
    yield Holding(
        ApplicationDraft,
        _("Applications that you have begun"),
        of=lambda person: ApplicationDraft.objects.visible_to(person).select_related("program"),
        exported=named("program", "typed", "saved_at"),
        withheld={"id": Why.KEY, "person": Why.OWNER},
    )
    yield Holding(
        Retention,
        _("How long your words are kept"),
        of=lambda person: Retention.objects.filter(enrollment__person=person).select_related(
            "enrollment__program"
        ),
        exported=named("enrollment", "over_since", "warned_at", "goes_whole", "cleared_at"),
        withheld={},
        values={"enrollment": lambda row: row.enrollment.program.name},
    )
    yield Holding(
        Pairing,
        _("Your pairings"),
        of=lambda person: Pairing.objects.of(person),
        exported=named(
            "program",
            "mentor",
            "mentee",
            "status",
            "focus",
            "approval",
            "mentor_accepted_at",
            "mentee_accepted_at",
            "starts_on",
            "runs_until",
            "paused_until",
            "ended_on",
            "answer_by",
            "created_at",
        ),
        withheld={"id": Why.KEY, "reasons": Why.COPY, "rested_on": Why.MACHINERY},
        erasure=Kept(
            "the other half of the pair keeps that there was one",
            act=_end_pairings,
            replaced=("status", "focus", "paused_until", "ended_on", "reasons"),
            stays=(
                "id",
                "program",
                "mentor",
                "mentee",
                "approval",
                "mentor_accepted_at",
                "mentee_accepted_at",
                "starts_on",
                "runs_until",
                "rested_on",
                "answer_by",
                "created_at",
            ),
        ),
    )
    yield Holding(
        Meeting,
        _("When you met"),
        of=lambda person: Meeting.objects.filter(pairing__in=Pairing.objects.of(person)).select_related(
            "pairing__mentor", "pairing__mentee"
        ),
        exported={
            "pairing": _("with"),
            "starts_at": None,
            "minutes": None,
            "place": None,
            "kind": None,
            "took_place": None,
            "said_at": None,
            "is_logged_for_them": None,
            "cancelled_at": None,
            "created_at": None,
        },
        withheld={
            "id": Why.KEY,
            "arrangement": Why.KEY,
            "original_at": Why.MACHINERY,
            "logged_by": Why.OTHERS,
        },
        values={"pairing": lambda meeting: _two(meeting.pairing)},
        erasure=Kept(
            "the other half of the pair keeps when they met",
            act=_cancel_meetings,
            replaced=("place", "cancelled_at", "logged_by"),
            stays=(
                "id",
                "pairing",
                "starts_at",
                "minutes",
                "arrangement",
                "original_at",
                "kind",
                "took_place",
                "said_at",
                "is_logged_for_them",
                "created_at",
            ),
        ),
    )


def _two(pairing: Pairing) -> str:
    names = [each.name or each.first_name for each in (pairing.mentor, pairing.mentee)]
    return gettext("%(mentor)s and %(mentee)s") % {"mentor": names[0], "mentee": names[1]}


def _blank_contact(person: User, now: datetime) -> None:
    Program.objects.filter(contact_email__iexact=person.email).update(contact_name="", contact_email="")
    Program.objects.filter(concern_email__iexact=person.email).update(concern_name="", concern_email="")


def _forget_invitations(person: User, now: datetime) -> None:
    """Those to them go, with what reminded of them; those that they made for others stay, and nobody made them."""
    Invitation.objects.filter(person=person).delete()
    Invitation.objects.filter(created_by=person).update(created_by=None)


def _withdraw(person: User, now: datetime) -> None:
    Enrollment.objects.filter(person=person).update(
        status=Enrollment.Status.WITHDRAWN, capacity=0, **SAID_OF_A_PLACE, **UNDER_WAY
    )
    # Whoever reported to them named them; that was for a matching in which they no longer are.
    Enrollment.objects.filter(line_manager__iexact=person.email).update(line_manager="")
    for draft in ApplicationDraft.objects.filter(typed__line_manager__0__iexact=person.email):
        ApplicationDraft.objects.filter(pk=draft.pk).update(typed={**draft.typed, "line_manager": [""]})


def _end_pairings(person: User, now: datetime) -> None:
    """No reason is kept, and not what they were about."""
    mine = Pairing.objects.of(person)
    for program in Program.objects.filter(pk__in=mine.order_by().values("program")):
        end_pairings(person, program, now, is_erased=True)
    mine.update(focus="", reasons=[])


def _cancel_meetings(person: User, now: datetime) -> None:
    """What was to come is called off in the calendars of the others, too."""
    theirs = Pairing.objects.of(person)
    arrangements.call_off(theirs, now)
    Meeting.objects.filter(pairing__in=theirs).update(place="")
    Meeting.objects.filter(logged_by=person).update(logged_by=None)


def last_admin(person: User) -> Iterator[str]:
    """A program goes on needing somebody who pairs its people and answers them, until it is closed."""
    others = ProgramAdmin.objects.filter(person__in=User.objects.staying()).exclude(person=person)
    alone = Program.objects.filter(admins__person=person).exclude(status__in=Program.OVER)
    for program in alone.exclude(pk__in=others.order_by().values("program")).order_by("name"):
        yield gettext(
            "You are the last one who runs %(program)s. Name somebody else under “Program admins” in the admin first."
        ) % {"program": program.name}
