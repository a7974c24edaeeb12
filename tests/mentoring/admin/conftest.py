"""Two programs with a row of each kind: one's own and somebody else's. The words in them are canaries."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db.models import Model

from accounts.mail import outbox
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.models import (
    AgendaItem,
    Announcement,
    ApplicationDraft,
    ConversationStarter,
    Enrollment,
    EnrollmentAnswer,
    EnrollmentQuestion,
    FitCheck,
    Import,
    Invitation,
    MatchingRun,
    Meeting,
    Note,
    Pairing,
    PairingRequest,
    Program,
    ProgramAdmin,
    Resource,
    RuledOut,
    Skill,
)
from reflections.models import (
    Answer,
    Audience,
    Moment,
    NoteReport,
    NudgeWords,
    OutsideNote,
    OutsideStop,
    OwnMentor,
    Prompt,
    Question,
    Questionnaire,
    Reflection,
    RoleSet,
    Round,
    Step,
    Survey,
    Thanks,
)
from tests.conftest import NOW, enroll, make_person, pair

CANARY = "canary-5e1f"


@dataclass
class World:
    """One program's rows."""

    program: Program
    mentor: User
    mentee: User
    pairing: Pairing
    rows: dict[type[Model], Model]


def fill(program: Program, mentor: User, mentee: User, admin: User) -> World:
    pairing = pair(program, mentor, mentee, focus="clients")
    meeting = Meeting.objects.create(
        pairing=pairing, starts_at=NOW + timedelta(days=1), place=f"{CANARY}-place"
    )
    questionnaire = Questionnaire.objects.create(name=f"Questions of {program.name}", program=program)
    Prompt.objects.create(
        questionnaire=questionnaire, code="M1", step=Step.FIRST, text="What was it?", mentor_position=1
    )
    round = Round.objects.create(
        program=program,
        quarter_start=date(2026, 4, 1),
        opens_on=date(2026, 6, 10),
        due_on=date(2026, 6, 30),
        closes_on=date(2026, 7, 21),
    )
    question = Question.objects.create(
        round=round, code="M1", step=Step.FIRST, text="What was it?", mentor_position=1, mentee_position=1
    )
    for person, status in ((mentor, "submitted"), (mentee, "draft")):
        reflection = Reflection.objects.create(
            person=person,
            round=round,
            role=RoleSet.MENTOR,
            status=status,
            submitted_at=NOW if status == "submitted" else None,
        )
        answer = Answer.objects.create(
            reflection=reflection,
            question=question,
            text=f"{CANARY}-answer",
            audience=Audience.PAIRING,
        )
        answer.pairings.add(pairing)
        Moment.objects.create(person=person, text=f"{CANARY}-moment", happened_on=date(2026, 6, 1))
        Moment.objects.create(
            person=person,
            text=f"{CANARY}-shared-moment",
            happened_on=date(2026, 6, 2),
            audience=Audience.PAIRING,
            pairing=pairing,
        )
    asked = EnrollmentQuestion.objects.create(program=program, code="why", text="What for?")
    place = Enrollment.objects.get(program=program, person=mentor)
    EnrollmentAnswer.objects.create(
        enrollment=place, question=asked, code="why", asked="What for?", kind="short", audience="admins",
        text=f"Answer for {program.name} alone",
    )  # fmt: skip
    Enrollment.objects.filter(pk=place.pk).update(line_manager=f"{CANARY}-boss@boss.example")
    ApplicationDraft.objects.create(program=program, person=mentee, typed={"why": [f"{CANARY}-draft"]})
    skill = Skill.objects.create(program=program, name="Pricing")
    for person in (mentor, mentee):
        AgendaItem.objects.create(pairing=pairing, author=person, text=f"{CANARY}-agenda")
        OwnMentor.objects.create(
            person=person, name=f"{CANARY}-mentor", address=f"{CANARY}@far.example", kept=f"{CANARY}-kept"
        )
        note = Thanks.objects.create(
            writer=person, recipient=pairing.partner_of(person), pairing=pairing, text=f"{CANARY}-thanks"
        )
        OutsideNote.objects.create(
            writer=person, note=note, program=program, address=f"{CANARY}@far.example", address_hash="0" * 64
        )
        for is_shared in (False, True):
            Note.objects.create(
                pairing=pairing, author=person, text=f"{CANARY}-note", meeting=meeting, is_shared=is_shared
            )
    actions.add_goal(pairing, by=mentee, text=f"{CANARY}-goal", why=f"{CANARY}-why", owner="both", now=NOW)
    actions.add_action(pairing, by=mentee, text=f"{CANARY}-step", owner="both", now=NOW)
    actions.add_possibility(pairing, by=mentee, text=f"{CANARY}-picture", now=NOW)
    outbox.owe("pairing_made", mentor.pk, pairing.pk, due_at=NOW, expires_at=NOW + timedelta(days=9))
    outbox.owe("ask", mentor.pk, round.pk, due_at=NOW, expires_at=NOW + timedelta(days=9))
    check = FitCheck.objects.create(
        pairing=pairing, person=mentee, answer="not_a_fit", answered_at=NOW, learned=f"For {program.name}"
    )
    apart = RuledOut.objects.create(program=program, mentor=mentor, mentee=mentee, created_by=admin)
    return World(
        program,
        mentor,
        mentee,
        pairing,
        {
            Program: program,
            ProgramAdmin: ProgramAdmin.objects.get(program=program, person=admin),
            Enrollment: Enrollment.objects.get(program=program, person=mentor),
            EnrollmentQuestion: asked,
            ConversationStarter: ConversationStarter.objects.create(
                program=program, text=f"A question of {program.name}"
            ),
            Skill: skill,
            Resource: Resource.objects.create(
                program=program, title=f"A guide for {program.name}", link="https://example.org/guide"
            ),
            Announcement: Announcement.objects.create(
                program=program,
                author=admin,
                segment="mentors",
                subject=f"News of {program.name}",
                body="Come.",
            ),
            Invitation: actions.invite_by_link(
                program, "mentor", by=admin, now=NOW, lives=timedelta(days=30)
            ),
            Import: Import.objects.create(
                program=program,
                kind="mentors",
                state="checked",
                created_by=admin,
                headings=["E-mail"],
                samples=[["a@new.example"]],
            ),
            MatchingRun: MatchingRun.objects.create(
                program=program, created_by=admin, state="made", finished_at=NOW, mentees=2, matched=1
            ),
            Pairing: pairing,
            Meeting: meeting,
            User: mentee,
            Questionnaire: questionnaire,
            Round: round,
            Message: Message.objects.get(person=mentor, kind="pairing_made"),
            FitCheck: check,
            RuledOut: apart,
            NoteReport: NoteReport.objects.create(
                program=program, writer=mentee, why="limit", way="mail", reported_at=NOW
            ),
            Survey: Survey.objects.create(program=program, stage="start"),
            NudgeWords: NudgeWords.objects.create(program=program, language="de", subject="Was war gut?"),
            OutsideStop: OutsideStop.objects.create(program=program, person=mentee, created_by=admin),
            PairingRequest: PairingRequest.objects.create(
                program=program,
                mentor=mentor,
                mentee=mentee,
                note="",
                state="checked",
                is_read_by_admins=True,
            ),
        },
    )


@pytest.fixture
def own(program: Program, mentor: User, mentee: User, admin: User) -> World:
    """What `admin` looks after."""
    return fill(program, mentor, mentee, admin)


def make_foreign(other_program: Program, other_admin: User) -> World:
    people = []
    for name, role in (("Vera", "mentor"), ("Wilhelmina", "mentee")):
        person = make_person(f"{name.lower()}@hill.example", f"{name} Foreign")
        enroll(other_program, person, role, capacity=2)
        people.append(person)
    return fill(other_program, people[0], people[1], other_admin)


@pytest.fixture
def foreign(other_program: Program, other_admin: User) -> World:
    """What `admin` must not see."""
    return make_foreign(other_program, other_admin)
