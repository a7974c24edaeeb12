"""Those who run a program write to its people: kept as a draft, sent at once or by the clock, stopped, copied."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.defects import told
from accounts.mail import outbox
from accounts.mail.models import Message
from accounts.mail.outbox import Owed
from accounts.models import User
from mentoring import announcing, rules
from mentoring.announcement_emails import ANNOUNCEMENT, TEST
from mentoring.models import Addressee, Announcement, AnnouncementTest, Enrollment, Program

from .refused import Refused

log = logging.getLogger(__name__)

State = Announcement.State
# One that could not be sent by then, to one person or at all, is not sent any more.
LIVES = timedelta(days=7)
LATE = timedelta(days=3)
MOST_CHOSEN = 500
TESTS_AN_HOUR = 5
TEST_LIVES = timedelta(hours=1)
FURTHEST = timedelta(days=90)
# What may be said otherwise while it waits for its hour: not to whom it goes.
SAID = ("subject", "body", "send_on", "send_at")


@transaction.atomic
def keep_announcement(announcement: Announcement, *, by: User, now: datetime) -> Announcement:
    """A new draft, or one that nobody has yet, with other words. One that goes later goes later still, in
    the name of whoever changed it.

    Raises Refused for whoever does not run the program, and where it has gone out meanwhile.
    """
    _check_admin(announcement, by)
    announcement.changed_at = now
    if announcement.pk is None:
        announcement.author, announcement.made_at = by, now
        announcement.save(force_insert=True)
        return announcement
    names = SAID if announcement.state == State.SCHEDULED else ("program", "segment", *SAID)
    changes = {name: getattr(announcement, name) for name in names}
    if announcement.state == State.SCHEDULED:
        # Nobody reads it once more before it goes: its words are theirs who said them last.
        changes["author"] = by
    rows = Announcement.objects.filter(pk=announcement.pk, state=announcement.state)
    if not announcement.is_open or not rows.update(**changes, changed_at=now):
        raise Refused(
            _("It has gone out, or was stopped, since you opened this page. Copy it to write again.")
        )
    announcement.author = changes.get("author", announcement.author)
    return announcement


@transaction.atomic
def write_to(places: Iterable[Enrollment], *, by: User, now: datetime) -> Announcement:
    """A draft to the people of these places. Raises Refused for those of several programs, for too many, and for
    nobody."""
    chosen = list(places)
    programs = {place.program_id: place.program for place in chosen}
    if not chosen:
        raise Refused(_("Choose somebody first."))
    if len(programs) > 1:
        raise Refused(_("Choose people of one program at a time: it is written in its name."))
    if len(chosen) > MOST_CHOSEN:
        said = _("Choose %(most)d people at most, or write to one of the groups.")
        raise Refused(said % {"most": MOST_CHOSEN})
    (program,) = programs.values()
    return keep_announcement(
        Announcement(
            program=program, segment=Announcement.Segment.CHOSEN, chosen=sorted(place.pk for place in chosen)
        ),
        by=by,
        now=now,
    )


@transaction.atomic
def copy_announcement(announcement: Announcement, *, by: User, now: datetime) -> Announcement:
    """A draft of one's own with the same words to the same people; its day and hour are to be said anew."""
    copied = "program", "segment", "pairing", "chosen", "subject", "body"
    return keep_announcement(
        Announcement(**{name: getattr(announcement, name) for name in copied}), by=by, now=now
    )


@transaction.atomic
def send_announcement(announcement: Announcement, *, by: User, now: datetime) -> int | None:
    """At once: to how many; or by the clock, and then None. Answers go to whoever sends it, whose name stands under it.

    Raises Refused where it is no draft any more, or another one than `announcement` was read as, lacks its words, or
    would reach nobody.
    """
    _check_admin(announcement, by)
    found = Announcement.objects.select_for_update(no_key=True).filter(pk=announcement.pk)
    changed_at = found.values_list("changed_at", flat=True).first()
    if changed_at is not None and changed_at != announcement.changed_at:
        raise Refused(_("Something has changed since you looked. Look at it once more."))
    if announcement.program.status != Program.Status.ACTIVE:
        raise Refused(_("Only a program that is active writes to its people."))
    if not announcement.subject.strip() or not announcement.body.strip():
        raise Refused(_("Write a subject and a text first."))
    for words in (announcement.subject, announcement.body):
        if problem := announcing.problem_in(words):
            raise Refused(problem)
    row = Announcement.objects.filter(pk=announcement.pk, state=State.DRAFT)
    at = announcing.begins_at(announcement, now)
    if announcement.send_on is not None and announcement.send_on < announcement.program.today(now):
        raise Refused(_("Its day has gone by. Choose another one first."))
    if not announcing.look(announcement, now).readers:
        raise Refused(_("It would reach nobody."))
    # Whoever sends it has read it, and answers for it.
    if not row.update(author=by, state=State.SCHEDULED if at is not None else State.DRAFT):
        raise Refused(_("It is no draft any more."))
    announcement.author = by
    if at is not None and at > now:
        announcement.state = State.SCHEDULED
        return None
    return _begin(announcement, now)


@transaction.atomic
def stop_announcement(announcement: Announcement, *, by: User, now: datetime) -> None:
    """It goes to nobody any more. Whoever has it by e-mail keeps it; from the pages of the others it is gone.

    What a sender is handing over at this moment goes out. Raises Refused for a draft, and for what is stopped already.
    """
    _check_admin(announcement, by)
    rows = Announcement.objects.filter(pk=announcement.pk, state__in=[State.SCHEDULED, *Announcement.GOES])
    if not rows.update(state=State.STOPPED, stopped_at=now):
        raise Refused(_("Only what goes later, or has gone out, can be stopped."))
    announcement.state, announcement.stopped_at = State.STOPPED, now
    outbox.cancel(ANNOUNCEMENT, subject_id=announcement.pk, reason="stopped by those who wrote it")
    has_it = Message.objects.of(ANNOUNCEMENT, subject_id=announcement.pk).went()
    Addressee.objects.filter(announcement=announcement).exclude(
        Exists(has_it.filter(person=OuterRef("person")))
    ).delete()


@transaction.atomic
def send_announcement_test(announcement: Announcement, *, by: User, now: datetime) -> None:
    """To oneself, through the outbox. Raises Refused for the sixth within an hour."""
    _check_admin(announcement, by)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    lately = Message.objects.of(TEST).filter(person=by, due_at__gt=now - timedelta(hours=1))
    if lately.count() >= TESTS_AN_HOUR:
        raise Refused(_("Five tests an hour are enough. The preview shows the same, at any time."))
    row = AnnouncementTest.objects.create(announcement=announcement)
    outbox.owe(TEST, by.pk, row.pk, due_at=now, expires_at=now + TEST_LIVES)


def plan_announcements(now: datetime) -> int:
    """Sends those whose hour has come to the first of their people: how many. By any number of clocks at once.

    While a program rests its announcements wait; one that is late by more than three days is a draft again, and so is
    one whose author does not run the program any more (`announcing.why_it_came_back`). One with which something is
    wrong is logged and does not keep the others waiting.
    """
    waiting = Announcement.objects.filter(
        state=State.SCHEDULED,
        program__status=Program.Status.ACTIVE,
        send_on__lte=now.date() + timedelta(days=1),
    )
    begun = 0
    for announcement in waiting.select_related("program", "author").order_by("pk"):
        try:
            begun += _begin_if_due(announcement, now)
        except Refused:  # Another clock has it, or somebody stopped it at this moment.
            continue
        except Exception as error:
            log.error("announcement %s could not be begun: %s", announcement.pk, told(error))
    to_come = Addressee.objects.filter(announcement=OuterRef("pk"), due_at__gt=now)
    Announcement.objects.filter(state=State.SENDING).exclude(Exists(to_come)).update(state=State.SENT)
    return begun


@transaction.atomic
def _begin_if_due(announcement: Announcement, now: datetime) -> bool:
    at = announcing.begins_at(announcement, now)
    if at is None or at > now:
        return False
    if at < now - LATE or announcing.sender_of(announcement) is None:
        # Not where somebody else has taken it over at this moment.
        rows = Announcement.objects.filter(
            pk=announcement.pk, state=State.SCHEDULED, author=announcement.author_id
        )
        rows.update(state=State.DRAFT, changed_at=now)
        return False
    _begin(announcement, now)
    return True


@transaction.atomic
def _begin(announcement: Announcement, now: datetime) -> int:
    """Settles to whom it goes, and owes it to them, each at their hour: how many. Of two at once one does it."""
    rows = Announcement.objects.filter(pk=announcement.pk, state__in=Announcement.OPEN)
    if not rows.update(state=State.SENDING, began_at=now):
        raise Refused(_("It is no draft any more."))
    # As it is by now: its words may have been changed since it was read.
    announcement.refresh_from_db()
    readers = announcing.look(announcement, now).readers
    Addressee.objects.bulk_create(
        Addressee(announcement=announcement, person_id=reader.person_id, due_at=reader.due_at)
        for reader in readers
    )
    outbox.owe_many(
        Owed(ANNOUNCEMENT, reader.person_id, announcement.pk, reader.due_at, reader.due_at + LIVES)
        for reader in readers
    )
    if all(reader.due_at <= now for reader in readers):
        Announcement.objects.filter(pk=announcement.pk).update(state=State.SENT)
        announcement.state = State.SENT
    return len(readers)


def _check_admin(announcement: Announcement, by: User) -> None:
    if not rules.may_administer(by, announcement.program):
        raise Refused(_("Only those who run a program do this."))
