"""One message of every kind that is registered, about the things of the small world (tests/world.py)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.mail.models import MailLink, Message
from accounts.models import User
from mentoring.emails import receipt_number
from mentoring.models import (
    AcceptedFor,
    Addressee,
    Announcement,
    AnnouncementTest,
    Arrangement,
    ArrangementVersion,
    CalendarDecline,
    Concern,
    Enrollment,
    Farewell,
    Invitation,
    Meeting,
    Notice,
    Pairing,
    PairingRequest,
    Postcard,
    Program,
    ProgramAdmin,
    Reminder,
    Retention,
    RoomWatch,
    Silence,
)
from reflections.models import (
    BreakGlass,
    IncomingMail,
    Midquarter,
    NamingNotice,
    NudgeTest,
    NudgeWords,
    OutsideNote,
    ResponseNotice,
    SurveySheet,
)

from .conftest import NOW, TODAY, in_state

World = Mapping[str, Any]
FAR_OFF = datetime(2999, 1, 1, tzinfo=UTC)
About = Callable[[World], tuple[User, int]]


def written_to(kind: str, world: World) -> Message:
    """A message of that kind that nobody has sent. Raises KeyError for a kind that this table does not know."""
    person, subject_id = LETTERS[kind](world)
    Message.objects.filter(kind=kind, person=person, subject_id=subject_id).delete()
    return Message.objects.create(
        kind=kind,
        person=person,
        subject_id=subject_id,
        due_at=NOW,
        expires_at=NOW + timedelta(days=14),
        next_attempt_at=NOW,
        message_id=f"{kind}/{subject_id}@localhost",
    )


def _mentee(world: World) -> User:
    return User.objects.get(pk=world["person"])


def _mentor(world: World) -> User:
    return User.objects.get(pk=world["mentor"])


def _to_mentee(key: str) -> About:
    return lambda world: (_mentee(world), world[key])


def _to_mentor(key: str) -> About:
    return lambda world: (_mentor(world), world[key])


def _to_themselves(world: World) -> tuple[User, int]:
    return _mentee(world), world["person"]


def _leaving(world: World) -> tuple[User, int]:
    from accounts.mydata import letters

    due_at = NOW + timedelta(days=14)
    User.objects.filter(pk=world["person"]).update(erasure_due_at=due_at)
    return _mentee(world), letters.subject_of(due_at)


def _asked(**changes: object) -> About:
    def about(world: World) -> tuple[User, int]:
        PairingRequest.objects.filter(pk=world["request"]).update(**changes)
        return _mentor(world), world["request"]

    return about


def _of_mentee(about: About) -> About:
    return lambda world: (_mentee(world), about(world)[1])


def _place(kind: Notice.Kind) -> About:
    def about(world: World) -> tuple[User, int]:
        place = Enrollment.objects.get(pk=world["place"])
        if kind == Notice.Kind.OFFERED:
            waits = in_state("waitlisted") | {"offered_at": NOW, "offer_expires_at": NOW + timedelta(days=5)}
            Enrollment.objects.filter(pk=place.pk).update(**waits)
        return _mentee(world), Notice.objects.create(
            enrollment=place, kind=kind, made_at=NOW, note="Gladly."
        ).pk

    return about


def _reminded(world: World) -> tuple[User, int]:
    invitation = Invitation.objects.get(pk=world["invited"])
    assert invitation.person is not None
    return invitation.person, Reminder.objects.create(invitation=invitation).pk


def _invited(world: World) -> tuple[User, int]:
    invitation = Invitation.objects.get(pk=world["invited"])
    assert invitation.person is not None
    return invitation.person, invitation.pk


def _applied(world: World) -> tuple[User, int]:
    Enrollment.objects.filter(pk=world["place"]).update(applied_at=NOW)
    return _mentee(world), receipt_number(Enrollment.objects.get(pk=world["place"]))


def _paused(world: World) -> tuple[User, int]:
    until = TODAY + timedelta(days=20)
    Pairing.objects.filter(pk=world["pairing"]).update(status=Pairing.Status.PAUSED, paused_until=until)
    return _mentor(world), world["step"]


def _said_for(world: World) -> tuple[User, int]:
    """That somebody who runs the program said yes for the other one."""
    by = ProgramAdmin.objects.filter(program=world["program"]).latest("pk").person
    accepted = AcceptedFor.objects.create(
        pairing_id=world["asked"], person_id=world["mentor"], by=by, reason="Told me so."
    )
    return _mentee(world), accepted.pk


def _told(*, is_contact: bool) -> About:
    def about(world: World) -> tuple[User, int]:
        concern = Concern.objects.get(pk=world["concern"])
        reader = concern.contact if is_contact else concern.person
        assert reader is not None
        return reader, concern.pk

    return about


def _silent(world: World) -> tuple[User, int]:
    return _mentee(world), Silence.objects.get(pairing=world["silent"]).pk


def _room(world: World) -> tuple[User, int]:
    watch = RoomWatch.objects.create(
        program_id=world["program"], mentee_id=world["person"], mentor_id=world["mentor"]
    )
    return _mentee(world), watch.pk


def _retained(world: World) -> tuple[User, int]:
    Program.objects.filter(pk=world["program"]).update(retention_months=6)
    row = Retention.objects.create(enrollment_id=world["place"], over_since=TODAY, warned_at=NOW)
    return _mentee(world), row.pk


def _postcard(*, is_sent: bool) -> About:
    def about(world: World) -> tuple[User, int]:
        pairing = Pairing.objects.get(pk=world["ended"])
        card = Postcard.objects.get(pairing=pairing, sent_at__isnull=not is_sent)
        return (pairing.mentor if is_sent else _mentee(world)), card.pk

    return about


def _farewell(world: World) -> tuple[User, int]:
    row = Farewell.objects.get(pairing=world["pairing"], person=world["person"])
    return _mentor(world), row.pk


def _ends_soon(world: World) -> tuple[User, int]:
    return _mentor(world), Farewell.objects.get(pairing=world["pairing"], person=world["mentor"]).pk


def _notice(world: World) -> tuple[User, int]:
    return _mentee(world), ResponseNotice.objects.create(person_id=world["person"], since=NOW).pk


def _named(world: World) -> tuple[User, int]:
    return _mentor(world), NamingNotice.objects.create(person_id=world["mentor"], since=NOW).pk


def _opened(world: World) -> tuple[User, int]:
    row = BreakGlass.objects.create(
        person_id=world["person"],
        about="moment",
        moment_id=world["moment"],
        asked_by_id=world["mentor"],
        reason="x",
    )
    return _mentee(world), row.pk


def _outside(world: World) -> tuple[User, int]:
    row = OutsideNote.objects.filter(writer=world["person"]).latest("pk")
    return _mentee(world), row.pk


def _arranged(*, is_off: bool) -> About:
    def about(world: World) -> tuple[User, int]:
        return _mentee(world), _version(world, is_off=is_off).pk

    return about


def _version(world: World, *, is_off: bool = False) -> ArrangementVersion:
    meeting = Meeting.objects.get(pk=world["meeting"])
    arrangement = Arrangement.objects.create(
        arranged_by_id=world["mentor"],
        zone="Europe/Lisbon",
        starts_at=meeting.starts_at,
        cancelled_at=NOW if is_off else None,
    )
    Meeting.objects.filter(pk=meeting.pk).update(
        original_at=meeting.starts_at, arrangement=arrangement, cancelled_at=NOW if is_off else None
    )
    return ArrangementVersion.objects.create(
        arrangement=arrangement, sequence=1, is_cancelled=is_off, created_at=NOW
    )


def _declined(world: World) -> tuple[User, int]:
    arrangement = _version(world).arrangement
    said = CalendarDecline.objects.create(arrangement=arrangement, person_id=world["mentor"], declined_at=NOW)
    return _mentee(world), said.pk


def _test(world: World) -> tuple[User, int]:
    words = NudgeWords.objects.get(pk=world["nudge_words"])
    return _mentee(world), NudgeTest.objects.create(words=words, nudge="ask", role="mentee").pk


def _middle(world: World) -> tuple[User, int]:
    middle, _new = Midquarter.objects.get_or_create(
        program_id=world["program"], quarter_start=TODAY.replace(month=4, day=1)
    )
    return _mentee(world), middle.pk


def _surveyed(world: World) -> tuple[User, int]:
    SurveySheet.objects.filter(pk=world["sheet"]).update(answered_at=None)
    return _mentee(world), world["sheet"]


def _closed(world: World) -> tuple[User, int]:
    admin = ProgramAdmin.objects.filter(program=world["program"]).select_related("person")[0]
    return admin.person, world["round"]


def _receipt(world: World) -> tuple[User, int]:
    answered = written_to("line", world)
    token = MailLink.objects.issue(world["person"], "reply", now=NOW, message_id=answered.pk)
    row = IncomingMail(
        person_id=world["person"],
        way="reply",
        state="taken",
        link=MailLink.objects.find(token, "reply", now=NOW),
        message_hash=b"x",
        mail_id="<one@mail.example>",
    )
    row.save()
    return _mentee(world), row.pk


def _week(world: World) -> tuple[User, int]:
    """By the database's clock, which no test moves, what waits must not be over."""
    written_to("pairing_made", world)
    Message.objects.filter(kind="pairing_made").update(expires_at=FAR_OFF)
    return _mentee(world), 1


def _announced(world: World) -> tuple[User, int]:
    row = Announcement.objects.get(pk=world["announcement"])
    Announcement.objects.filter(pk=row.pk).update(state="sent", began_at=NOW)
    Addressee.objects.get_or_create(announcement=row, person=_mentee(world), defaults={"due_at": NOW})
    return _mentee(world), row.pk


def _announcement_test(world: World) -> tuple[User, int]:
    return _mentee(world), AnnouncementTest.objects.create(announcement_id=world["announcement"]).pk


LETTERS: Mapping[str, About] = {
    "announcement": _announced,
    "announcement_test": _announcement_test,
    "account_access": _to_themselves,
    "second_step_reset": _to_themselves,
    "export_ready": _to_mentee("export"),
    "leaving": _leaving,
    "leaving_soon": _leaving,
    "pairing_made": _to_mentee("pairing"),
    "pairing_proposed": _to_mentee("asked"),
    "pairing_reminder": _to_mentee("asked"),
    "pairing_unanswered": _to_mentee("asked"),
    "pairing_accepted_for": _said_for,
    "fit_check": _to_mentee("fit_check"),
    "invitation": _invited,
    "invitation_reminder": _reminded,
    "application_receipt": _applied,
    "request_asked": _asked(),
    "request_reminder": _asked(),
    "request_asked_back": _of_mentee(_asked(question="What for?")),
    "request_replied": _asked(question="What for?", reply="For this."),
    "request_declined": _of_mentee(_asked()),
    "request_expired": _of_mentee(_asked()),
    "request_ended": _of_mentee(_asked()),
    **{
        name: _place(kind)
        for name, kind in {
            "place_approved": Notice.Kind.APPROVED,
            "place_waitlisted": Notice.Kind.WAITLISTED,
            "place_declined": Notice.Kind.DECLINED,
            "place_offered": Notice.Kind.OFFERED,
            "place_offer_ended": Notice.Kind.OFFER_ENDED,
            "place_offer_reminder": Notice.Kind.OFFERED,
        }.items()
    },
    "agreement_proposed": _to_mentor("version"),
    "agreement_agreed": _to_mentee("version"),
    "did_you_meet": _to_mentee("met"),
    "times_proposed": _to_mentee("proposal"),
    "times_none_suits": _to_mentor("proposal"),
    "pairing_over": _to_mentee("pairing"),
    "pairing_not_begun": _to_mentee("asked"),
    "pairing_paused": _paused,
    "pairing_resumed": _to_mentor("step"),
    "pairing_longer_asked": _to_mentee("longer"),
    "pairing_longer_answered": _to_mentor("longer"),
    "in_touch": _to_mentee("ended"),
    "ask": _to_mentee("round"),
    "reminder": _to_mentee("round"),
    "last_call": _to_mentee("round"),
    "swap_suggested": _to_mentee("swap"),
    "swap_opened": _to_mentee("swap"),
    "keepsake_ready": _to_mentee("keepsake"),
    "mentor_has_room": _room,
    "meeting_invited": _arranged(is_off=False),
    "meeting_changed": _arranged(is_off=False),
    "meeting_cancelled": _arranged(is_off=True),
    "meeting_declined": _declined,
    "concern_told": _told(is_contact=True),
    "concern_unread": _told(is_contact=True),
    "concern_answered": _told(is_contact=False),
    "concern_unheard": _told(is_contact=False),
    "pairing_ends_soon": _ends_soon,
    "farewell_said": _farewell,
    "silence": _silent,
    "postcard_asked": _postcard(is_sent=False),
    "postcard_came": _postcard(is_sent=True),
    "retention_warning": _retained,
    "pair_note": _notice,
    "named_in_something": _named,
    "words_asked_for": _opened,
    "words_opened": _opened,
    "thanks_outside": _outside,
    "template_test": _test,
    "keep_asking": _to_mentee("round"),
    "quarter_words": _to_mentee("round"),
    "quarter_closed": _closed,
    "line": _middle,
    "line_again": _middle,
    "thanks_draft": _to_mentee("thanks_note"),
    "coffee_time": _to_mentee("place"),
    "survey": _surveyed,
    "survey_again": _surveyed,
    "reply_receipt": _receipt,
    "weekly": _week,
}
