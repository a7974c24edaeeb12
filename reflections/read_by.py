"""Who has said that they read something that was shared: what its writer is told when they take it back."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User

from .models import Answer, Audience, Response
from .wording import said_on


def said_to_have_read(writer: User, answers: Sequence[Answer]) -> list[Response]:
    """The other ones of the pairs that these answers of one reflection are shared with, the first to read it first.

    A page is read as a whole, so what is said of it is said of each of its answers. By one query, with prefetched
    `pairings`; by one more for each answer without.
    """
    pairings = {
        pairing.pk
        for answer in answers
        if answer.audience == Audience.PAIRING
        for pairing in answer.pairings.all()
    }
    if not pairings:
        return []
    read = Response.objects.to(writer).filter(
        pairing__in=pairings, reflection__in={answer.reflection_id for answer in answers}
    )
    return list(read.select_related("reader").order_by("read_at", "pk"))


def in_words(read: Iterable[Response], now: datetime) -> list[str]:
    return [
        _("%(name)s said on %(day)s that they have read it.")
        % {"name": row.reader.first_name, "day": said_on(timezone.localdate(row.read_at), now)}
        for row in read
    ]
