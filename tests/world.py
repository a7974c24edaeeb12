"""A small world around the fixed cast: one thing of every kind, written by the mentee where somebody has to have
written it, and the same things of people whom the cast does not know."""

from base64 import b64encode
from datetime import timedelta
from io import BytesIO
from typing import Any

from allauth.mfa.models import Authenticator
from PIL import Image

import accounts.actions
from accounts.mail import outbox
from accounts.mail.models import MailLink, Message
from accounts.models import Export, ExportPart, Link, Profile, User, UsualHours
from mentoring import actions as mentoring_actions
from mentoring import answer_links, calendar_feeds, met_links, one_tap, times_links
from mentoring.imports import queue, requests
from mentoring.models import (
    Addressee,
    AgendaItem,
    Agreement,
    Announcement,
    Concern,
    ConversationStarter,
    Enrollment,
    EnrollmentQuestion,
    Extension,
    Farewell,
    FitCheck,
    Import,
    InTouch,
    Invitation,
    MatchingRun,
    Meeting,
    MeetingProposal,
    Note,
    Pairing,
    PairingRequest,
    Postcard,
    Program,
    ProgramAdmin,
    ProposedPair,
    ProposedTime,
    Resource,
    RuledOut,
    Silence,
    Skill,
    Step,
)
from mentoring.resource_files import from_file
from reflections import actions, outside, rounds
from reflections.models import (
    Answer,
    Audience,
    IncomingMail,
    Keepsake,
    KeepsakePart,
    Moment,
    Naming,
    NoteReport,
    NudgeWords,
    OutsideNote,
    Question,
    Questionnaire,
    Reflection,
    Round,
    Survey,
    SurveyAnswer,
    SurveyPeriod,
    SurveyQuestion,
    SurveySheet,
    Swap,
    ValueShown,
)
from reflections.readers import Readers

from .conftest import NOW, TODAY, enroll, make_person, pair

# What the mentee wrote, and who may read it: words that are found nowhere else.
ONLY_MINE = "kingfisher-for-me-alone"
LOCKED = "woodlark-set-aside"
SHARED = "greenfinch-for-the-two-of-us"
DRAFTED = "nightjar-not-finished"
ABOUT = "wren-what-i-say-of-myself"
PRONOUNS = "siskin/pronouns-for-me-alone"
CAUGHT = "dunlin-a-moment-of-mine"
SHOWN = "curlew-a-moment-for-us"
MAILED = "whimbrel-a-reply-that-waits"
CARED_FOR = "sandpiper-what-i-care-for"
LEARNED = "corncrake-what-would-be-better"
ASKED = "bittern-why-you-of-all-people"
BEGUN = "plover-an-application-not-sent"
WANTED = "sandpiper-why-this-mentor"
AGREED_ON = "whimbrel-what-stays-between-us"
CONFIDED = "whimbrel-what-is-not-right"
WONDERED = "fieldfare-what-the-mentor-asked"
NOTED = "cormorant-a-note-for-me-alone"
NOTED_FOR_TWO = "puffin-a-note-for-us-both"
ON_THE_AGENDA = "oystercatcher-to-talk-about"
GOAL = "redshank-what-we-work-towards"
STEP = "dotterel-what-comes-next"
PICTURED = "avocet-what-i-can-picture"
WHY = "ruff-why-i-paused"
KEPT = "avocet-what-i-keep-at-the-end"
HEARD = "godwit-what-you-should-hear"
THANKED = "chiffchaff-what-i-thank-you-for"
NOT_SENT = "siskin-a-note-not-sent"
STOOD_BEHIND = "goosander-who-stood-behind-me"
KEPT_BY_ADMINS = "dunnock-noted-by-those-who-run-it"
POSTCARD = "whinchat-a-few-lines-later"


def things_of_the_pair(pairing: Pairing, mentee: User, admin: User) -> dict[str, Any]:
    """What a door can be about, by the word for it in a table."""
    program = pairing.program
    rounds.open_due_rounds(NOW)
    past, this = Round.objects.filter(program=program).order_by("quarter_start")
    _write(mentee, past, {"E1": (SHARED, pairing), "E3": (ONLY_MINE, None), "M2": (LOCKED, None)})
    actions.submit_reflection(
        Reflection.objects.get(person=mentee, round=past), by=mentee, share=True, now=NOW
    )
    _write(mentee, this, {"E1": (DRAFTED, pairing)})
    asked = Pairing.objects.create(
        program=program, mentor=mentee, mentee=pairing.mentor, starts_on=TODAY, status=Pairing.Status.PROPOSED
    )
    outbox.owe("pairing_made", mentee.pk, pairing.pk, due_at=NOW, expires_at=NOW + timedelta(days=1))
    message = Message.objects.get(person=mentee, kind="pairing_made")
    shown = actions.keep_moment(
        mentee,
        text=SHOWN,
        happened_on=TODAY,
        readers=Readers(Audience.PAIRING, frozenset([pairing.pk])),
    )
    naming = Naming.objects.create(person=pairing.mentor, moment=shown, asked_at=NOW)
    actions.ask_question(pairing, "moments", shown.pk, by=pairing.mentor, words=WONDERED, now=NOW)
    cares, answered = _values(mentee, shown)
    other = make_person("odile@harbor.example", "Odile Renard")
    enroll(program, other, Enrollment.Role.MENTOR)
    silence, ended = _silence(program, mentee), _in_touch(program, other, mentee)
    return {
        "program": program.pk,
        "silent": silence.pairing_id,
        "silence_token": one_tap.token_for(one_tap.SILENCE, silence.pk, mentee.pk),
        "ended": ended.pk,
        "mute_token": one_tap.token_for(one_tap.MUTE, ended.pk, mentee.pk),
        "logo": _logo(program, admin),
        "pairing": pairing.pk,
        "asked": asked.pk,
        "answer_token": answer_links.token_for(asked, mentee),
        # One that has reached the mentor, and one that another mentor was asked.
        "request": _request(program, pairing.mentor, mentee).pk,
        "request_of_another": _request(program, other, mentee).pk,
        "round": this.pk,
        "answer": Answer.objects.get(reflection__person=mentee, question__round=past, question__code="E1").pk,
        "swap": Swap.objects.create(
            pairing=pairing, round=this, proposed_by=pairing.mentor, opens_on=TODAY + timedelta(days=7)
        ).pk,
        "past": past.pk,
        "meeting": _meeting(pairing).pk,
        "feed_token": calendar_feeds.renew(mentee, NOW),
        "version": _version(pairing, mentee).pk,
        **_of_meetings(pairing, mentee),
        **_goals(pairing, mentee),
        "resource": _resource(program, admin).pk,
        **_announcements(program, admin),
        "proposal": _proposal(pairing).pk,
        "times_token": times_links.token_for(_proposal(pairing), mentee),
        "step": _step(pairing, mentee).pk,
        "longer": _longer(pairing, mentee).pk,
        "moment": actions.keep_moment(mentee, text=CAUGHT, happened_on=TODAY).pk,
        "incoming": _held(mentee, MAILED).pk,
        "shown": shown.pk,
        "naming": naming.pk,
        "cares": cares.pk,
        "value": cares.value_id,
        "answered": answered.pk,
        "concern": _concern(pairing, mentee).pk,
        **_notes(pairing, mentee, admin),
        "open": _open_program(mentee).pk,
        "mentor": pairing.mentor_id,
        "wanted": _wanted(pairing, mentee).pk,
        "person": mentee.pk,
        "photo": _profile(mentee),
        "place": Enrollment.objects.get(program=program, person=mentee).pk,
        "right": ProgramAdmin.objects.get(program=program, person=admin).pk,
        "message": message.pk,
        "questions": Questionnaire.objects.create(name="Ours", program=program).pk,
        "nudge_words": NudgeWords.objects.create(program=program, language="de", subject="Was war gut?").pk,
        "default": Questionnaire.objects.get(program=None).pk,
        **_survey(program, mentee),
        "skill": Skill.objects.create(program=program, name="Pricing").pk,
        "question": EnrollmentQuestion.objects.create(program=program, code="hopes", text="What for?").pk,
        "invited": _invited(program, admin).pk,
        "link": _link(program, admin).pk,
        "mail_token": _invited(program, admin).token,
        "link_token": _link(program, admin).token,
        "fit_check": _fit_check(pairing, mentee).pk,
        "apart": RuledOut.objects.create(program=program, mentor=pairing.mentor, mentee=mentee).pk,
        "export": _export(mentee).pk,
        "keepsake": _keepsake(mentee).pk,
        "import": _import(program, admin).pk,
        "import_sent": _import_sent(program, admin).pk,
        **_desk(pairing, mentee, admin),
        "run": _run(pairing, admin).pk,
        "run_made": MatchingRun.objects.create(program=program, created_by=admin, created_at=NOW).pk,
        "token": MailLink.objects.issue(mentee.pk, MailLink.Purpose.STOP, now=NOW, message_id=message.pk),
        "nudge_token": MailLink.objects.issue(
            mentee.pk, MailLink.Purpose.NUDGE, now=NOW, message_id=_asked(program, mentee).pk
        ),
        "keep_token": MailLink.objects.issue(
            mentee.pk, MailLink.Purpose.NUDGE, now=NOW, message_id=_asked(program, mentee, "keep_asking").pk
        ),
    }


def _asked(program: Program, person: User, kind: str = "ask") -> Message:
    """The e-mail of the quarter that was sent to them."""
    round = Round.objects.filter(program=program).latest("quarter_start")
    outbox.owe(kind, person.pk, round.pk, due_at=NOW, expires_at=NOW + timedelta(days=1))
    return Message.objects.get(person=person, kind=kind)


def _held(person: User, text: str) -> IncomingMail:
    """An e-mail that came in, and waits until they have said whether it was them."""
    row = IncomingMail(
        person=person, way="reply", state="held", because="another", came_at=NOW, message_hash=b"1"
    )
    row.text, row.sender = text, "somebody@elsewhere.example"
    row.save()
    return row


def _values(person: User, moment: Moment) -> tuple[ValueShown, Answer]:
    """What they care for beside a moment, and an answer that could show it too."""
    shown = actions.show_value(person, CARED_FOR, moment=moment, now=NOW)
    actions.name_value(person, "Patience", now=NOW)
    return shown, Answer.objects.filter(reflection__person=person, is_locked=False).earliest("pk")


def _hill_values(person: User) -> dict[str, Any]:
    moment = Moment.objects.get(person=person)
    shown = actions.show_value(person, "Tides", moment=moment, now=NOW)
    this = Round.objects.filter(program__enrollments__person=person).latest("quarter_start")
    reflection = Reflection.objects.create(person=person, round=this, role="mentee")
    answer = Answer.objects.create(
        reflection=reflection, question=this.questions.get(code="E1"), text="Theirs"
    )
    return {"hill_value": shown.value_id, "hill_cares": shown.pk, "hill_answered": answer.pk}


def things_of_strangers(program: Program) -> dict[str, Any]:
    """Of a pair in a program that only `other_admin` runs: nobody else of the cast may learn that they exist."""
    mentor = make_person("mara@hill.example", "Mara Olsen")
    mentee = make_person("kofi@hill.example", "Kofi Mensah")
    enroll(program, mentor, Enrollment.Role.MENTOR)
    enroll(program, mentee, Enrollment.Role.MENTEE)
    pairing = pair(program, mentor, mentee)
    this = Round.objects.filter(program=program).latest("quarter_start")
    outbox.owe("pairing_made", mentee.pk, pairing.pk, due_at=NOW, expires_at=NOW + timedelta(days=1))
    return {
        "hill_program": program.pk,
        "hill_link": _link(program, program.admins.get().person).pk,
        "hill_import": _import(program, program.admins.get().person).pk,
        "hill_pairing": pairing.pk,
        "hill_run": _run(pairing, program.admins.get().person).pk,
        "hill_request": _request(program, mentor, mentee).pk,
        "hill_round": this.pk,
        "hill_meeting": _meeting(pairing).pk,
        "hill_version": _version(pairing, mentee).pk,
        **{f"hill_{name}": what for name, what in _of_meetings(pairing, mentee).items()},
        **{f"hill_{name}": key for name, key in _goals(pairing, mentee).items()},
        "hill_resource": _resource(program, program.admins.get().person).pk,
        **{f"hill_{name}": key for name, key in _announcements(program, program.admins.get().person).items()},
        "hill_proposal": _proposal(pairing).pk,
        "hill_step": _step(pairing, mentee).pk,
        "hill_longer": _longer(pairing, mentee).pk,
        "hill_incoming": _held(mentee, "theirs").pk,
        "hill_moment": Moment.objects.create(person=mentee, text="theirs", happened_on=TODAY).pk,
        **_hill_values(mentee),
        "hill_person": mentee.pk,
        "hill_photo": _profile(mentee),
        "hill_passkey": Authenticator.objects.create(user=mentee, type="webauthn", data={}).pk,
        "hill_place": Enrollment.objects.get(program=program, person=mentee).pk,
        "hill_right": ProgramAdmin.objects.get(program=program).pk,
        "hill_message": Message.objects.get(person=mentee).pk,
        "hill_fit_check": _fit_check(pairing, mentee).pk,
        "hill_concern": _concern(pairing, mentee).pk,
        **{f"hill_{name}": key for name, key in _notes(pairing, mentee, mentor).items()},
        "hill_apart": RuledOut.objects.create(
            program=program, mentor=mentor, mentee=mentee, because=RuledOut.Because.NOT_A_FIT
        ).pk,
        **{f"hill_{name}": key for name, key in _desk(pairing, mentee, program.admins.get().person).items()},
        "hill_skill": Skill.objects.create(program=program, name="Tides").pk,
        "hill_question": EnrollmentQuestion.objects.create(program=program, code="hopes", text="Why?").pk,
        "hill_nudge_words": NudgeWords.objects.create(program=program, language="de", subject="Und?").pk,
        "hill_questions": Questionnaire.objects.create(name="Theirs", program=program).pk,
        **{f"hill_{name}": key for name, key in _survey(program, mentee).items()},
    }


def _survey(program: Program, person: User) -> dict[str, Any]:
    """One that is open before somebody, who has answered it, and a period of it that is told."""
    survey = Survey.objects.create(program=program, stage=Survey.Stage.START, is_on=True)
    actions.fill_survey(survey)
    quarter = program.quarter_on(TODAY)
    told = SurveyPeriod.objects.create(
        survey=survey,
        begins_on=TODAY - timedelta(days=300),
        ends_on=TODAY - timedelta(days=200),
        is_current=False,
        told_at=NOW - timedelta(days=160),
    )
    period = SurveyPeriod.objects.create(survey=survey, begins_on=quarter.start, ends_on=quarter.end)
    asked = {"code": "lacking", "kind": "words", "text": "What would help?"}
    question = SurveyQuestion.objects.create(period=period, **asked)
    sheet = SurveySheet.objects.create(
        survey=survey, period=period, person=person, role="mentee", asked_at=NOW,
        closes_at=NOW + timedelta(days=30), answered_at=NOW,
    )  # fmt: skip
    SurveyAnswer(sheet=sheet, question=question, text="A room to meet in.").save()
    return {"survey": survey.pk, "sheet": sheet.pk, "told": told.pk}


def _desk(pairing: Pairing, mentee: User, admin: User) -> dict[str, Any]:
    """What the admin keeps: a view of a list, a note on a place and one on a pair."""
    place = Enrollment.objects.get(program=pairing.program, person=mentee)
    return {
        "saved_view": mentoring_actions.save_view(
            "mentoring.enrollment", name="Mentors", query="role__exact=mentor", by=admin, now=NOW
        ).pk,
        "place_note": mentoring_actions.write_admin_note(place, text=KEPT_BY_ADMINS, by=admin, now=NOW).pk,
        "pair_note": mentoring_actions.write_admin_note(pairing, text=KEPT_BY_ADMINS, by=admin, now=NOW).pk,
    }


def _notes(pairing: Pairing, mentee: User, admin: User) -> dict[str, Any]:
    """The mentee thanks: the mentor, here; an aunt, by e-mail; and nobody yet. The mentor says that it was too much."""
    given = actions.draft_note(mentee, text=THANKED, recipient=pairing.mentor, pairing=pairing, now=NOW)
    actions.send_here(given, by=mentee, now=NOW)
    actions.report_note(given, by=pairing.mentor, now=NOW)
    aunt = actions.name_mentor(
        mentee, name=STOOD_BEHIND, address="aunt@far.example", kept=STOOD_BEHIND, now=NOW
    )
    mailed = actions.draft_note(mentee, text=THANKED, mentor=aunt, now=NOW)
    actions.send_by_mail(mailed, "aunt@far.example", by=mentee, program=pairing.program, now=NOW)
    stop = actions.stop_outside(pairing.program, pairing.mentor, by=admin, now=NOW)
    sending = OutsideNote.objects.get(note=mailed)
    return {
        "thanks_note": actions.draft_note(mentee, text=NOT_SENT, now=NOW).pk,
        "given": given.pk,
        "own_mentor": aunt.pk,
        "never_token": outside.token_for(sending.address_hash, sending.pk),
        "note_report": NoteReport.objects.get(note=given).pk,
        "outside_stop": stop.pk,
    }


def _request(program: Program, mentor: User, mentee: User) -> PairingRequest:
    """Asked, with an old question behind it that is over: the two of the cast are a pair already."""
    return PairingRequest.objects.create(
        program=program,
        mentor=mentor,
        mentee=mentee,
        note=ASKED,
        created_at=NOW,
        asked_at=NOW,
        pairing=Pairing.objects.create(
            program=program,
            mentor=mentor,
            mentee=mentee,
            status=Pairing.Status.EXPIRED,
            starts_on=TODAY,
            answer_by=NOW + timedelta(days=14),
        ),
    )


def _open_program(person: User) -> Program:
    """One in which anybody may ask for a place, and this person has begun to."""
    program = Program.objects.create(
        name="Meadow Mentors",
        slug="meadow",
        purpose="For whoever teaches.",
        starts_on=TODAY,
        join_policy=Program.JoinPolicy.APPROVAL,
        ground_rules="What is said here stays here.",
    )
    for position, kind in enumerate(EnrollmentQuestion.Kind.values):
        EnrollmentQuestion.objects.create(
            program=program,
            code=kind,
            position=position,
            text=f"What about {kind}?",
            kind=kind,
            options=["Tea", "Coffee"] if kind in EnrollmentQuestion.CHOOSING else [],
            asked_of=EnrollmentQuestion.AskedOf.values[position % 3],
            audience=EnrollmentQuestion.Audience.values[position % 2],
        )
    mentoring_actions.keep_draft(program, person, {"department": [BEGUN], "offers": ["Sourdough"]}, now=NOW)
    return program


def _wanted(pairing: Pairing, mentee: User) -> PairingRequest:
    """A next choice of the mentee, in a program in which mentees ask."""
    program = pairing.program
    Program.objects.filter(pk=program.pk).update(matched_by=Program.MatchedBy.BOTH)
    found = PairingRequest.objects.filter(program=program, mentee=mentee).first()
    return found or PairingRequest.objects.create(
        program=program,
        mentor=make_person("lina@harbor.example", "Lina Voss"),
        mentee=mentee,
        note=WANTED,
        state=PairingRequest.State.WAITING,
        created_at=NOW,
    )


def _profile(person: User) -> str:
    """Everything that somebody may say of themselves; returns their photo's key."""
    picture = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(picture, "WEBP")
    accounts.actions.keep_profile(
        Profile(person=person, about=ABOUT, pronouns=PRONOUNS, languages=["pl"], core_values=["Patience"]),
        hours=[UsualHours(weekday=0, begins=18, ends=24)],
        links=[Link(position=1, url="https://example.org/me", label="My page")],
        photo=picture.getvalue(),
        now=NOW,
    )
    return person.photo_key


def _logo(program: Program, admin: User) -> str:
    """Its random name; and a color besides."""
    picture = BytesIO()
    Image.new("RGB", (120, 40), "teal").save(picture, "WEBP")
    mentoring_actions.keep_logo(program, picture.getvalue(), by=admin)
    Program.objects.filter(pk=program.pk).update(accent="#317563")
    return program.logo_key


def _invited(program: Program, admin: User) -> Invitation:
    """Of somebody whose account was made for it, and of nobody else here."""
    found = Invitation.objects.filter(program=program, person__isnull=False).first()
    if found:
        return found
    guest = mentoring_actions.Guest("petra@new.example", "Petra Novak")
    return mentoring_actions.invite_by_email(
        program, "mentee", [guest], by=admin, now=NOW, lives=timedelta(days=7)
    )[0]


def _link(program: Program, admin: User) -> Invitation:
    found = Invitation.objects.filter(program=program, person=None).first()
    return found or mentoring_actions.invite_by_link(
        program, "mentor", by=admin, now=NOW, lives=timedelta(days=30)
    )


def _run(pairing: Pairing, admin: User) -> MatchingRun:
    """One that proposed the two to each other."""
    run = MatchingRun.objects.create(
        program=pairing.program,
        created_by=admin,
        created_at=NOW,
        finished_at=NOW,
        state="made",
        stage=4,
        mentees=1,
    )
    ProposedPair.objects.create(run=run, mentor=pairing.mentor, mentee=pairing.mentee, fit=1)
    return run


def _import_sent(program: Program, admin: User) -> Import:
    """A list whose columns are to be chosen."""
    file = BytesIO(b"E-mail,Name,Department\nquin@new.example,Quin,Sales\nnonsense,Nobody,\n")
    return requests.take_file(program, "mentors", file, "mentors.csv", by=admin, now=NOW)


def _import(program: Program, admin: User) -> Import:
    """A list that was looked through, with a row of which something is wrong."""
    source = _import_sent(program, admin)
    requests.choose_columns(source, {0: "email"}, how="invite", days=7, ask_first=True, by=admin, now=NOW)
    queue.work(source.pk, now=NOW)
    return source


def _fit_check(pairing: Pairing, person: User) -> FitCheck:
    return FitCheck.objects.create(
        pairing=pairing, person=person, answer="not_a_fit", answered_at=NOW, learned=LEARNED
    )


def _concern(pairing: Pairing, person: User) -> Concern:
    """Told by this person to somebody of whom nobody else here knows."""
    hears = make_person(f"listens-{pairing.pk}@elsewhere.example", "Ilse Brandt")
    return Concern.objects.create(
        program=pairing.program, pairing=pairing, person=person, contact=hears, text=CONFIDED, created_at=NOW
    )


def _silence(program: Program, mentee: User) -> Silence:
    """A question that waits, of a pair of which nothing was heard."""
    mentor = make_person("aino@harbor.example", "Aino Laine")
    enroll(program, mentor, Enrollment.Role.MENTOR)
    since = TODAY - timedelta(days=30)
    silent = pair(program, mentor, mentee, starts_on=since)
    return Silence.objects.create(pairing=silent, person=mentee, since=since, number=1, asked_at=NOW)


def _in_touch(program: Program, mentor: User, mentee: User) -> Pairing:
    """Two who stay in touch after their pairing, and the mentee’s postcard."""
    ended_on = TODAY - timedelta(days=200)
    over = pair(program, mentor, mentee, status="completed", starts_on=ended_on, ended_on=ended_on)
    for person in (mentor, mentee):
        InTouch.objects.create(pairing=over, person=person, wants=True)
    Postcard.objects.create(pairing=over, person=mentee, number=1, text=POSTCARD, sent_at=NOW)
    Postcard.objects.create(pairing=over, person=mentee, number=2)
    return over


def _export(person: User) -> Export:
    """Ready since a moment, with something in it."""
    export = Export.objects.create(
        person=person,
        state=Export.State.READY,
        requested_at=NOW,
        ready_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    ExportPart.objects.create(export=export, number=0, content="YSB6aXA=")
    return export


def _keepsake(person: User) -> Keepsake:
    """Ready since a moment, with something in it."""
    keepsake = Keepsake.objects.create(
        person=person,
        parts=["moments"],
        forms=["markdown"],
        state=Keepsake.State.READY,
        requested_at=NOW,
        ready_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    KeepsakePart.objects.create(
        keepsake=keepsake, form="markdown", number=0, content=b64encode(b"a book").decode()
    )
    return keepsake


def _version(pairing: Pairing, by: User) -> Agreement:
    return Agreement.objects.create(
        pairing=pairing, number=1, proposed_by=by, confidentiality=AGREED_ON, proposed_at=NOW
    )


def _goals(pairing: Pairing, person: User) -> dict[str, int]:
    goal = mentoring_actions.add_goal(pairing, by=person, text=GOAL, why="", owner="both", now=NOW)
    step = mentoring_actions.add_action(pairing, by=person, text=STEP, owner="both", goal=goal, now=NOW)
    thing = mentoring_actions.add_possibility(pairing, by=person, text=PICTURED, now=NOW)
    return {"goal": goal.pk, "action": step.pk, "possibility": thing.pk}


def _announcements(program: Program, admin: User) -> dict[str, Any]:
    """A draft to everybody, and one that has gone out."""
    words = {"subject": "The next months, {first_name}", "body": "We meet in May.\n\nGreet {partner}."}
    draft = Announcement(program=program, segment="everybody", **words)
    sent = Announcement(program=program, segment="mentees", **words)
    for row in (draft, sent):
        mentoring_actions.keep_announcement(row, by=admin, now=NOW)
    Announcement.objects.filter(pk=sent.pk).update(state="sent", began_at=NOW)
    for place in program.enrollments.mentees():  # type: ignore[attr-defined]
        Addressee.objects.create(announcement=sent, person=place.person, due_at=NOW)
    return {"announcement": draft.pk, "announced": sent.pk}


def _resource(program: Program, admin: User) -> Resource:
    return mentoring_actions.keep_resource(
        Resource(program=program, title="A guide"),
        by=admin,
        file=from_file(BytesIO(b"%PDF-1.7"), "guide.pdf"),
        now=NOW,
    )


def _meeting(pairing: Pairing) -> Meeting:
    return Meeting.objects.create(pairing=pairing, starts_at=NOW + timedelta(days=3), place="Café Luna")


def _of_meetings(pairing: Pairing, writer: User) -> dict[str, Any]:
    """One that was, and what belongs to it."""
    met = Meeting.objects.create(pairing=pairing, starts_at=NOW - timedelta(days=1))
    at_it = {"pairing": pairing, "meeting": met, "author": writer}
    return {
        "met": met.pk,
        "met_token": met_links.token_for(met, writer),
        "note": Note.objects.create(**at_it, text=NOTED).pk,
        "note_for_two": Note.objects.create(**at_it, text=NOTED_FOR_TWO, is_shared=True).pk,
        "topic": AgendaItem.objects.create(pairing=pairing, author=writer, text=ON_THE_AGENDA).pk,
        "starter": ConversationStarter.objects.create(program=pairing.program, text="What else?").pk,
    }


def _proposal(pairing: Pairing) -> MeetingProposal:
    """Times that the mentor proposes."""
    found, is_new = MeetingProposal.objects.get_or_create(
        pairing=pairing, defaults={"proposed_by": pairing.mentor, "created_at": NOW}
    )
    if is_new:
        ProposedTime.objects.create(proposal=found, starts_at=NOW + timedelta(days=4))
    return found


def _step(pairing: Pairing, person: User) -> Step:
    """Somebody has paused, and said why and what next."""
    return Step.objects.create(
        pairing=pairing, person=person, kind=Step.Kind.PAUSE, reason=WHY, next_step=Step.Next.TALK
    )


def _longer(pairing: Pairing, person: User) -> Extension:
    """The end is near: this one has said what they keep, and the other one would like to go on."""
    Pairing.objects.filter(pk=pairing.pk).update(runs_until=TODAY + timedelta(days=10))
    pairing.refresh_from_db()
    other = pairing.partner_of(person)
    Farewell.objects.create(
        pairing=pairing, person=person, keep=KEPT, hear=HEARD, answered_at=NOW, sent_at=NOW
    )
    Farewell.objects.create(pairing=pairing, person=other)
    return Extension.objects.create(pairing=pairing, proposed_by=other, until=TODAY + timedelta(days=40))


def _write(person: User, round: Round, words: dict[str, tuple[str, Pairing | None]]) -> None:
    for code, (text, pairing) in words.items():
        readers = Readers(Audience.PAIRING, frozenset([pairing.pk])) if pairing else None
        question = Question.objects.get(round=round, code=code)
        actions.save_answer(person, round, question, text=text, readers=readers, based_on="", now=NOW)
