"""What a reader says to something that the other one of their pair shared, and what is answered."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import open_requests
from mentoring.actions.refused import Refused
from mentoring.models import Pairing
from reflections import response_emails, rules, timeline
from reflections.models import Reply, Response

NOT_SHARED = _("It is not shared with you any more.")


def mark_read(pairing: Pairing, what: str, thing: int, *, by: User, now: datetime) -> None:
    """Whoever shared it sees that it was read; nobody gets an e-mail. Doing it twice is doing it once.

    As all of these, raises Refused once the pairing or its program is over, or where the thing is not shared any more.
    """
    _respond(pairing, what, thing, by, now, lambda row: False)


def say_thanks(pairing: Pairing, what: str, thing: int, *, by: User, words: str, now: datetime) -> None:
    """With words or without. Said again, it replaces what was said before."""

    def change(row: Response) -> bool:
        is_new = row.thanked_at is None
        row.thanks, row.thanked_at = words, row.thanked_at or now
        return is_new

    _respond(pairing, what, thing, by, now, change)


def ask_question(pairing: Pairing, what: str, thing: int, *, by: User, words: str, now: datetime) -> None:
    """One to each thing. It may be asked otherwise until it is answered; Refused after that."""

    def change(row: Response) -> bool:
        if hasattr(row, "reply"):
            raise Refused(_("Your question is answered. The next one is for when you meet."))
        is_new = row.asked_at is None
        row.question, row.asked_at = words, row.asked_at or now
        return is_new

    _respond(pairing, what, thing, by, now, change)


@transaction.atomic
def answer_question(pairing: Pairing, what: str, thing: int, *, by: User, words: str, now: datetime) -> None:
    """By whoever shared it, once. Raises Refused where nothing is asked any more."""
    pairing = _locked(pairing, by)
    shared = timeline.item(pairing, by, what, thing)
    if shared is None or shared.said is None or not shared.waits_for_me:
        raise Refused(_("There is no question that waits for your answer."))
    reply = Reply(response=shared.said.row, person=by, created_at=now)
    reply.text = words
    reply.save(force_insert=True)
    response_emails.tell(pairing.partner_key(by), now)


@transaction.atomic
def take_back_response(pairing: Pairing, what: str, thing: int, *, by: User) -> None:
    """Thanks and question are deleted; that it was read stays. Raises Refused once the question is answered."""
    pairing = _locked(pairing, by)
    shared = timeline.item(pairing, by, what, thing)
    if shared is None or shared.is_mine or shared.said is None:
        raise Refused(NOT_SHARED)
    if shared.said.has_reply:
        raise Refused(_("It is answered, so it cannot be taken back any more."))
    row = shared.said.row
    row.thanks, row.thanked_at, row.question, row.asked_at = "", None, "", None
    row.save(update_fields=["thanks", "thanked_at", "question", "asked_at"])


@transaction.atomic
def _respond(
    pairing: Pairing,
    what: str,
    thing: int,
    by: User,
    now: datetime,
    change: Callable[[Response], bool],
) -> None:
    """`change` says whether there is something new to be told to whoever shared the thing."""
    pairing = _locked(pairing, by)
    shared = timeline.item(pairing, by, what, thing)
    if shared is None or shared.is_mine:
        raise Refused(NOT_SHARED)
    # Behind the lock on the pairing nobody else makes one.
    row = (
        shared.said.row
        if shared.said
        else Response(
            pairing=pairing, reader=by, read_at=now, moment=shared.moment, reflection=shared.reflection
        )
    )
    is_news = change(row)
    row.save()
    if is_news:
        response_emails.tell(shared.writer.pk, now)


def _locked(pairing: Pairing, by: User) -> Pairing:
    """Its row as it is now, ours until the end of the transaction, and the other one's, whose e-mails are counted."""
    open_requests.keep_people([pairing.mentor_id, pairing.mentee_id])
    list(User.objects.select_for_update(no_key=True).filter(pk=pairing.partner_key(by)).values("pk"))
    row = Pairing.objects.select_for_update(no_key=True, of=("self",)).with_people().get(pk=pairing.pk)
    if not rules.may_respond(by, row):
        raise Refused(_("This pairing is over: what you said to each other stays, and nothing new is added."))
    return row
