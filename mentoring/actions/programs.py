"""A program from its template to the archive. Whatever changes its status keeps everything that is in it."""

import contextlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.media import files
from accounts.models import User
from mentoring import (
    agree_emails,
    ending_emails,
    endings,
    following,
    logos,
    places,
    request_emails,
    rules,
    signs,
    starters,
    times_emails,
)
from mentoring.admission_emails import KIND_OF, OFFER_REMINDER
from mentoring.announcement_emails import ANNOUNCEMENT
from mentoring.calendar_emails import CHANGED, DECLINED, INVITED
from mentoring.emails import (
    FIT_CHECK,
    INVITATION,
    INVITATION_REMINDER,
    MADE,
    NOT_RUNNING,
    PROPOSED,
    PROPOSED_REMINDER,
    UNANSWERED,
)
from mentoring.in_touch_emails import IN_TOUCH, POSTCARD_ASKED, POSTCARD_CAME
from mentoring.met_emails import DID_YOU_MEET
from mentoring.models import (
    AcceptedFor,
    Agreement,
    Announcement,
    ArrangementVersion,
    CalendarDecline,
    EnrollmentQuestion,
    Extension,
    Farewell,
    FitCheck,
    Holiday,
    Invitation,
    Logo,
    Meeting,
    MeetingProposal,
    Notice,
    Pairing,
    PairingRequest,
    Postcard,
    Program,
    ProgramAdmin,
    Reminder,
    RoomWatch,
    Skill,
    Step,
)
from mentoring.models.request import REMINDED_AFTER
from mentoring.on_behalf_emails import ACCEPTED_FOR
from mentoring.program_templates import ProgramTemplate
from mentoring.room_emails import HAS_ROOM
from mentoring.silence_emails import SILENCE

from .criteria import copy_criteria
from .pairing_up import ANSWERED_WITHIN, NOTICE_LIVES
from .refused import Refused
from .request_life import give_days_anew
from .resources import copy_resources
from .waiting import REMINDED_BEFORE, hold_questions_anew

# What is said when a program is made; all else comes from the template, or from the program before.
SAID_AT_FIRST = (
    "name", "starts_on", "ends_on", "time_zone", "fiscal_first_month", "join_policy", "matched_by",
    "contact_name", "contact_email", "concern_name", "concern_email", "status",
)  # fmt: skip
BEGINS = (Program.Status.DRAFT, Program.Status.ACTIVE)
# In the form of a question of another program: what its next one asks.
ASKED = (
    "code", "position", "text", "help_text", "kind", "options", "is_required", "asked_of", "audience",
)  # fmt: skip
LONGEST_SLUG = 60
TRIES = 3

NOT_FROM_HERE: Mapping[str, "str | Promise"] = {
    "activate": _("Only a draft can be begun."),
    "pause": _("Only an active program can be paused."),
    "resume": _("Only a paused program can go on."),
    "close": _("Only an active or a paused program can be closed."),
    "reopen": _("Only a closed program can be opened again."),
    "archive": _("Only a draft or a closed program can be archived."),
    "restore": _("Only an archived program can be taken out of the archive."),
}


# --- Making one -----------------------------------------------------------------------------------------------------


@transaction.atomic
def make_from_template(
    template: ProgramTemplate, said: Mapping[str, Any], *, by: User, now: datetime
) -> Program:
    """A new program as its template has it, but for what is `said` (`SAID_AT_FIRST`); a draft unless told otherwise.

    Raises Refused for somebody who is no superuser, and for what no program can be.
    """
    if not rules.may_make_program(by):
        raise Refused(_("Only superusers make programs from a template."))
    program = _saved(template.settings() | _known(said), now)
    Skill.objects.bulk_create(Skill(program=program, name=name) for name in template.skill_names())
    starters.give_suggested(program)
    EnrollmentQuestion.objects.bulk_create(
        EnrollmentQuestion(program=program, **row) for row in template.question_rows()
    )
    return program


@transaction.atomic
def duplicate_program(
    earlier: Program, said: Mapping[str, Any], *, by: User, now: datetime, same_admins: bool
) -> Program:
    """The next program after an earlier one: its settings, its list of skills, what it asks, what makes a good pair,
    the holidays that are not over, its library, and its logo; with `same_admins`, who runs it. Nobody's place or words
    come along.

    Whoever makes it and is no superuser runs it. Raises Refused for somebody who does not run the earlier one, and for
    what no program can be.
    """
    if not rules.may_follow(by, earlier):
        raise Refused(_("Only those who run a program make the next one after it."))
    values = {name: getattr(earlier, name) for name in following.HANDED_ON} | _known(said)
    until = following.applications_until_after(earlier, values["starts_on"])
    program = _saved(values | {"follows": earlier, "applications_until": until}, now)
    listed = earlier.skills.filter(state=Skill.State.LISTED)
    Skill.objects.bulk_create(
        Skill(program=program, name=name) for name in listed.values_list("name", flat=True)
    )
    EnrollmentQuestion.objects.bulk_create(
        EnrollmentQuestion(program=program, **row)
        for row in earlier.enrollment_questions.filter(is_active=True).values(*ASKED)
    )
    copy_criteria(earlier, program)
    starters.hand_on(earlier, program)
    Holiday.objects.bulk_create(
        Holiday(program=program, **row)
        for row in earlier.holidays.filter(ends_on__gte=program.today(now)).values(
            "name", "starts_on", "ends_on"
        )
    )
    copy_resources(earlier, program, now=now)
    if earlier.logo_key and (logo := Logo.objects.filter(program=earlier).first()):
        with contextlib.suppress(files.Lost):
            _put_logo(program, files.put(files.read(logo.content, logo.stored_as)))
    runs_it: set[int] = set()
    if same_admins:
        runs_it |= set(earlier.admins.filter(person__is_active=True).values_list("person", flat=True))
    if not by.is_superuser:
        runs_it.add(by.pk)
    ProgramAdmin.objects.bulk_create(
        ProgramAdmin(program=program, person_id=person) for person in sorted(runs_it)
    )
    following.copy_the_rest(earlier, program)
    return program


def _known(said: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(said) - set(SAID_AT_FIRST):
        raise TypeError(f"not said at first: {', '.join(sorted(unknown))}")
    return {"status": Program.Status.DRAFT, **said}


def _saved(values: Mapping[str, Any], now: datetime) -> Program:
    """Raises Refused, in the words of the fields, for values that do not fit."""
    program = Program(**values, created_at=now)
    if program.status not in BEGINS:
        raise Refused(_("A new program is a draft, or active."))
    for _try in range(TRIES):
        program.slug = _free_slug(program.name)
        try:
            program.full_clean()
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
        try:
            with transaction.atomic():
                program.save(force_insert=True)
        except IntegrityError:  # Somebody else took the short name at this moment.
            continue
        return program
    raise Refused(_("Somebody else made a program of this name at this moment. Try once more."))


def _free_slug(name: str) -> str:
    """For mail headers, which never change again; a name of letters that have no Latin ones gives "program"."""
    base = slugify(name)[: LONGEST_SLUG - 5].strip("-") or "program"
    taken = set(Program.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(
        slug
        for slug in (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
        if slug not in taken
    )


# --- Its logo -------------------------------------------------------------------------------------------------------


@transaction.atomic
def keep_logo(program: Program, logo: bytes | files.Placed, *, by: User) -> None:
    """`logo` is a WebP that mentoring/logos.py made. It gets a new address; the old one opens nothing any more.

    Raises Refused where it cannot be kept now, unless a form has placed it before.
    """
    _check_admin(program, by)
    _put_logo(program, logo if isinstance(logo, files.Placed) else files.put(logo))


@transaction.atomic
def take_logo_away(program: Program, *, by: User) -> None:
    _check_admin(program, by)
    Logo.objects.filter(program=program).delete()
    _name_logo(program, "")


def _put_logo(program: Program, placed: files.Placed) -> None:
    Logo.objects.update_or_create(program=program, defaults=placed.as_columns("content"))
    _name_logo(program, logos.new_key())


def _name_logo(program: Program, key: str) -> None:
    Program.objects.filter(pk=program.pk).update(logo_key=key)
    program.logo_key = key


# --- Its life -------------------------------------------------------------------------------------------------------


@transaction.atomic
def activate_program(program: Program, *, by: User, now: datetime) -> None:
    """A draft begins: its clock ticks from its first day on. Raises Refused where its last day has gone by."""
    _go_on(program, "activate", by, now)


@transaction.atomic
def pause_program(program: Program, *, by: User) -> None:
    """Nobody hears from it until it goes on. What people have, and write, stays as it is."""
    _move(program, "pause", by)


@transaction.atomic
def resume_program(program: Program, *, by: User, now: datetime) -> None:
    """Letters that rested and are still wanted go out; of the quarter's nudges, those whose time is not over."""
    _go_on(program, "resume", by, now)


@transaction.atomic
def close_program(program: Program, *, by: User, now: datetime) -> None:
    """It is over: nobody comes in, nobody is asked, and its retention clock begins to count. Its pairs have come to
    their end today, and hear of it; opening the program again does not change that."""
    _move(program, "close", by)
    pairings = Pairing.objects.filter(program=program)
    endings.held(pairings.made())
    endings.come_to_nothing(pairings, now)
    endings.end(pairings, Pairing.Status.COMPLETED, now)


@transaction.atomic
def reopen_program(program: Program, *, by: User, now: datetime) -> None:
    """As if it had been paused. Raises Refused where its last day has gone by."""
    _go_on(program, "reopen", by, now)


@transaction.atomic
def archive_program(program: Program, *, by: User) -> None:
    """Out of the way: it is in lists and choices only for whoever asks for the archive."""
    _move(program, "archive", by)


@transaction.atomic
def restore_program(program: Program, *, by: User) -> None:
    """Out of the archive, closed as it was."""
    _move(program, "restore", by)


def _go_on(program: Program, move: str, by: User, now: datetime) -> None:
    ends_on = Program.objects.values_list("ends_on", flat=True).get(pk=program.pk)
    if ends_on is not None and ends_on < program.today(now):
        raise Refused(_("Its last day has gone by. Give it a later one first, or none."))
    _move(program, move, by)
    _take_up_letters(program, now)


def _hold_offers_anew(program: Program, now: datetime) -> None:
    """Whoever was offered a place has their days to answer again, whether they had heard of it before or not."""
    ends = places.offer_ends(program, now)
    offered = program.enrollments.filter(offered_at__isnull=False)
    offered.filter(offer_expires_at__lt=ends).update(offer_expires_at=ends)
    told = Notice.objects.offers().filter(enrollment__in=offered, made_at=F("enrollment__offered_at"))
    _take_up((KIND_OF[Notice.Kind.OFFERED],), told.values_list("pk", flat=True), now, expires_at=ends)
    reminded_at = ends.replace(hour=9, minute=0) - timedelta(days=1)
    off = Holiday.objects.days_off([program], now)[program.pk]
    if reminded_at > now and not off.cover(reminded_at, program.zone):
        _take_up((OFFER_REMINDER,), told.values_list("pk", flat=True), reminded_at, expires_at=ends)


def _take_up_letters(program: Program, now: datetime) -> None:
    """Those that were not sent because the program rested. Whether each is still wanted, the fence asks as always."""
    _hold_offers_anew(program, now)
    answers = set(KIND_OF) - {Notice.Kind.OFFERED}
    notices = Notice.objects.filter(
        enrollment__program=program, kind__in=answers, made_at__gt=now - NOTICE_LIVES
    )
    kinds = tuple(KIND_OF[kind] for kind in answers)
    _take_up(kinds, notices.order_by().values_list("pk", flat=True), now, expires_at=now + NOTICE_LIVES)
    hold_questions_anew(program, now)
    pairings = Pairing.objects.filter(program=program).order_by().values_list("pk", flat=True)
    _take_up((MADE, PROPOSED, UNANSWERED), pairings, now, expires_at=now + NOTICE_LIVES)
    said_for = AcceptedFor.objects.standing().filter(pairing__program=program).order_by()
    _take_up((ACCEPTED_FOR,), said_for.values_list("pk", flat=True), now, expires_at=now + NOTICE_LIVES)
    _take_up(ending_emails.OF_PAIRINGS, pairings, now, expires_at=now + NOTICE_LIVES)
    for kinds_, model in (
        (ending_emails.OF_STEPS, Step),
        (ending_emails.OF_EXTENSIONS, Extension),
        (ending_emails.OF_FAREWELLS, Farewell),
    ):
        rows = model.objects.filter(pairing__program=program).order_by()
        _take_up(kinds_, rows.values_list("pk", flat=True), now)
    # Not at once: whoever is asked has just been given their days anew.
    _take_up((PROPOSED_REMINDER,), pairings, now + REMINDED_BEFORE, expires_at=now + ANSWERED_WITHIN)
    give_days_anew(program, now)
    requests = PairingRequest.objects.filter(program=program).order_by().values_list("pk", flat=True)
    told = tuple(kind for kind in request_emails.KINDS if kind != request_emails.REMINDER)
    _take_up(told, requests, now, expires_at=now + NOTICE_LIVES)
    _take_up((request_emails.REMINDER,), requests, now + REMINDED_AFTER, expires_at=now + NOTICE_LIVES)
    waits = RoomWatch.objects.filter(program=program).order_by()
    _take_up((HAS_ROOM,), waits.values_list("pk", flat=True), now, expires_at=now + NOTICE_LIVES)
    agreements = Agreement.objects.filter(pairing__program=program).order_by()
    _take_up(agree_emails.KINDS, agreements.values_list("pk", flat=True), now, expires_at=now + NOTICE_LIVES)
    # Only about what was not long ago: without a new end, those that are too late stay as they are.
    met = Meeting.objects.filter(pairing__program=program, took_place=None).order_by()
    _take_up((DID_YOU_MEET,), met.values_list("pk", flat=True), now)
    proposals = (
        MeetingProposal.objects.filter(pairing__program=program).order_by().values_list("pk", flat=True)
    )
    _take_up(times_emails.KINDS, proposals, now, expires_at=now + NOTICE_LIVES)
    checks = FitCheck.objects.unanswered().filter(pairing__program=program).order_by()
    _take_up((FIT_CHECK,), checks.values_list("pk", flat=True), now, expires_at=now + NOTICE_LIVES)
    # Until the meeting that they are about; the fence leaves the newest of each.
    versions = ArrangementVersion.objects.filter(arrangement__meetings__pairing__program=program).order_by()
    _take_up((INVITED, CHANGED), versions.values_list("pk", flat=True).distinct(), now)
    declines = CalendarDecline.objects.filter(arrangement__meetings__pairing__program=program).order_by()
    _take_up((DECLINED,), declines.values_list("pk", flat=True).distinct(), now)
    silences = signs.open_questions().filter(pairing__program=program).order_by()
    _take_up((SILENCE,), silences.values_list("pk", flat=True), now, expires_at=now + NOTICE_LIVES)
    _take_up((IN_TOUCH,), pairings, now, expires_at=now + NOTICE_LIVES)
    cards = Postcard.objects.filter(pairing__program=program).order_by().values_list("pk", flat=True)
    _take_up((POSTCARD_ASKED, POSTCARD_CAME), cards, now, expires_at=now + NOTICE_LIVES)
    # Each has its time, and nobody's is given anew.
    gone_out = Announcement.objects.filter(program=program, state__in=Announcement.GOES).order_by()
    _take_up((ANNOUNCEMENT,), gone_out.values_list("pk", flat=True), now)
    invitations = Invitation.objects.unanswered(now).filter(program=program).order_by()
    _take_up((INVITATION,), invitations.values_list("pk", flat=True), now)
    reminders = Reminder.objects.filter(invitation__in=invitations).order_by()
    _take_up((INVITATION_REMINDER,), reminders.values_list("pk", flat=True), now)


def _take_up(
    kinds: tuple[str, ...], subjects: Iterable[int], now: datetime, *, expires_at: datetime | None = None
) -> None:
    outbox.take_up(*kinds, subjects=subjects, reason=NOT_RUNNING, due_at=now, expires_at=expires_at)


def _move(program: Program, move: str, by: User) -> None:
    """In one statement: of two clicks one wins. Raises Refused where this is not allowed from where it stands."""
    _check_admin(program, by)
    before, after = rules.MOVES[move]
    if not Program.objects.filter(pk=program.pk, status__in=before).update(status=after):
        raise Refused(NOT_FROM_HERE[move])
    program.status = after


def _check_admin(program: Program, by: User) -> None:
    if not rules.may_administer(by, program):
        raise Refused(_("Only those who run a program do this."))
