"""A book is asked for, made by a worker, told by e-mail, and deleted after a week: as with the copy of everything
(accounts/mydata/exports.py), the row is the queue.

What is made lies in the database sealed by the person's own key, in pieces; it is in clear only in the memory of
whoever makes it and of whoever hands it to its owner, and never in a file.
"""

import logging
import uuid
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from accounts.mail import outbox
from accounts.models import User
from accounts.vault import data_keys
from mentoring.actions.refused import Refused
from reflections.models import Keepsake, KeepsakePart

from . import pdf, writing
from .book import Book, gather
from .letters import KEEPSAKE_READY

log = logging.getLogger(__name__)

LIVES = timedelta(days=7)
# Making one reads every word that somebody has.
EVERY = timedelta(minutes=5)
# Longer than a task may run (CELERY_TASK_TIME_LIMIT), so nobody else begins while somebody is at it.
CLAIM = timedelta(minutes=15)
ATTEMPTS = 3
# Bytes of a piece, before base64 makes four of three.
PIECE = 192 * 1024
# Letters, by `Book.weight`: so much took 20 seconds and 400 MB on a small machine, and more takes more of both.
LONGEST_PDF = 800_000
TASK = "reflections.tasks.make_keepsake"
LANGUAGES = dict(settings.LANGUAGES)
State, Stage, Form = Keepsake.State, Keepsake.Stage, Keepsake.Form


def ask(
    person: User, *, parts: Collection[str], years: Collection[int], forms: Collection[str], now: datetime
) -> Keepsake:
    """A new book takes the place of the last one. Raises Refused while one is being made, and within five minutes."""
    being_made = _("Your book is being made. You get an e-mail when it is ready.")
    if not parts or not forms:
        raise Refused(_("Choose at least one part and one form."))
    try:
        with transaction.atomic():
            last = Keepsake.objects.visible_to(person).select_for_update().first()
            if last is not None and last.state == State.WANTED:
                raise Refused(being_made)
            if last is not None and last.state != State.FAILED and last.requested_at > now - EVERY:
                raise Refused(_("You had one made a moment ago. Wait a few minutes before you ask again."))
            _delete(Keepsake.objects.visible_to(person).ready().values_list("pk", flat=True))
            wanted: Keepsake = Keepsake.objects.create(
                person=person,
                parts=[part for part in Keepsake.Part.values if part in parts],
                years=sorted(years),
                forms=[form for form in Form.values if form in forms],
                requested_at=now,
            )
            transaction.on_commit(lambda: ring(wanted.pk))
            return wanted
    except IntegrityError as error:  # Pressed twice: the other one was first.
        raise Refused(being_made) from error


@transaction.atomic
def delete(keepsake: Keepsake, *, by: User) -> bool:
    """Gone now, made or not. False when it was gone before."""
    mine = Keepsake.objects.visible_to(by).filter(pk=keepsake.pk)
    return bool(_delete(mine.values_list("pk", flat=True)))


def ring(pk: int) -> None:
    """Have a worker make it soon. Without a broker the next tick looks."""
    try:
        current_app.send_task(TASK, args=[pk], expires=settings.CELERY_TASK_TIME_LIMIT, retry=False)
    except OperationalError:
        log.warning("keepsakes: the broker is away, so the next tick looks")


def ring_due(now: datetime) -> int:
    """Call for what nobody is making: how many."""
    waiting = list(Keepsake.objects.unclaimed(now).order_by("pk").values_list("pk", flat=True)[:100])
    for pk in waiting:
        ring(pk)
    return len(waiting)


def make_due(now: datetime) -> int:
    """Make, here and now, what nobody is making: for installations without Celery. How many."""
    waiting = Keepsake.objects.unclaimed(now).order_by("pk").values_list("pk", flat=True)
    return sum(make(pk, now=now) for pk in list(waiting))


def make(pk: int, *, now: datetime) -> bool:
    """Make the book, unless somebody else does or has. False when there was nothing to do, or it did not work out."""
    claim = uuid.uuid4()
    unclaimed = Keepsake.objects.unclaimed(now).filter(pk=pk)
    unclaimed.filter(attempts__gte=ATTEMPTS).update(state=State.FAILED)  # Its makers ended each time.
    if not unclaimed.update(
        claim=claim, claimed_until=now + CLAIM, attempts=F("attempts") + 1, stage=Stage.READING
    ):
        return False
    keepsake = Keepsake.objects.select_related("person").get(pk=pk)
    try:
        return _make(keepsake, claim, now)
    except Exception as error:
        # The kind of error is enough: its text could quote what somebody wrote.
        log.error("keepsake %s was not made (%s)", pk, type(error).__name__)
        ours = Keepsake.objects.filter(pk=pk, claim=claim)
        ours.filter(attempts__gte=ATTEMPTS).update(state=State.FAILED)
        # The next tick tries again.
        ours.update(claim=None, claimed_until=None, stage=Stage.WAITING)
        return False


def _make(keepsake: Keepsake, claim: uuid.UUID, now: datetime) -> bool:
    person = keepsake.person
    language = person.language if person.language in LANGUAGES else settings.LANGUAGE_CODE
    ours = Keepsake.objects.filter(pk=keepsake.pk, claim=claim, state=State.WANTED)
    with translation.override(language), timezone.override(person.zone):
        with transaction.atomic():  # As of one moment, in which the server hands out the rows bit by bit.
            book = gather(person, keepsake.parts, keepsake.years, now=now)
        ours.update(stage=Stage.PAGES)
        problem = _why_no_pdf(book) if Form.PDF in keepsake.forms else ""
        forms = [form for form in keepsake.forms if not (problem and form == Form.PDF)]
        files = {form: writing.FORMS[form](book) for form in forms}
    ours.update(stage=Stage.KEEPING)
    if not files:
        ours.update(state=State.FAILED, problem=problem, claim=None, claimed_until=None)
        return False
    return _keep(keepsake, claim, files, problem, now)


def _why_no_pdf(book: Book) -> str:
    if not pdf.is_available():
        return Keepsake.Problem.NO_PDF
    return Keepsake.Problem.TOO_LONG if book.weight > LONGEST_PDF else ""


def _keep(keepsake: Keepsake, claim: uuid.UUID, files: dict[str, bytes], problem: str, now: datetime) -> bool:
    """Ready, with its pieces and the e-mail that says so; or, if it is not ours any more, nothing at all."""
    with data_keys.in_hand(keepsake.person_id):
        ours = Keepsake.objects.filter(pk=keepsake.pk, claim=claim, state=State.WANTED)
        if not ours.update(
            state=State.READY,
            forms=list(files),
            problem=problem,
            ready_at=now,
            expires_at=now + LIVES,
            claim=None,
            claimed_until=None,
        ):
            return False
        for form, content in files.items():
            for number, start in enumerate(range(0, len(content), PIECE)):
                said = b64encode(content[start : start + PIECE]).decode()
                KeepsakePart.objects.create(keepsake=keepsake, form=form, number=number, content=said)
        outbox.owe(KEEPSAKE_READY, keepsake.person_id, keepsake.pk, due_at=now, expires_at=now + LIVES)
    return True


def content_of(keepsake: Keepsake, form: str) -> Iterator[bytes]:
    """One of its files, a piece at a time. Raises Unreadable where its person's key is gone."""
    pieces = KeepsakePart.objects.filter(keepsake=keepsake, form=form).order_by("number")
    for pk in list(pieces.values_list("pk", flat=True)):
        for piece in pieces.filter(pk=pk).select_related("keepsake"):
            yield b64decode(piece.content)


@transaction.atomic
def tidy(now: datetime) -> int:
    """Delete the books whose week is over; their rows say that they are gone. How many."""
    over = Keepsake.objects.ready().filter(expires_at__lte=now)
    return _delete(over.values_list("pk", flat=True))


@transaction.atomic
def delete_all_of(person: User) -> int:
    """Words that a program forgets are in no book of theirs any more. How many went."""
    return _delete(Keepsake.objects.visible_to(person).values_list("pk", flat=True))


def _delete(pks: Iterable[int]) -> int:
    going = list(pks)
    living = Keepsake.objects.filter(pk__in=going, state__in=[State.WANTED, State.READY])
    gone = living.update(state=State.GONE, claim=None, claimed_until=None)
    KeepsakePart.objects.filter(keepsake__in=going).delete()
    return gone
