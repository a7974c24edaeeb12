"""The e-mails that a pair would get, written by what writes those that go out, before anything is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.discretion import TOKEN
from accounts.mail import letters
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.emails import MADE, PROPOSED
from mentoring.models import Enrollment, MatchingRun, Pairing, ProposedPair


@dataclass(frozen=True)
class Shown:
    """One e-mail: to whom, when it goes (`is_later`: once the other one has said yes), and its words."""

    person: User
    role: str
    is_later: bool
    subject: str
    text: str


def would_get(
    run: MatchingRun, pair: ProposedPair, said: Mapping[str, Any], *, by: User, now: datetime
) -> list[Shown]:
    """The first e-mail to each of the two, as if the pair were told now; nothing of it stays. `said` are the keyword
    arguments of `publish`. Raises Refused where it would."""
    shown: list[Shown] = []
    with transaction.atomic():
        told = actions.publish(run, [pair], by=by, now=now, **said)
        for pairing in told.pairings:
            shown = _first_of_each(pairing, now)
        transaction.set_rollback(True)
    return shown


def _first_of_each(pairing: Pairing, now: datetime) -> list[Shown]:
    sides = ((pairing.mentor, Enrollment.Role.MENTOR), (pairing.mentee, Enrollment.Role.MENTEE))
    is_question = pairing.status == Pairing.Status.PROPOSED
    asked = [person for person, _role in sides if is_question and pairing.asks(person)]
    questions = {person.pk: _written(person, pairing, PROPOSED) for person in asked}
    for person in asked:
        actions.accept_pairing(pairing, by=person, now=now)
    found = []
    for person, role in sides:
        is_asked = person.pk in questions
        words = questions[person.pk] if is_asked else _written(person, pairing, MADE)
        found.append(Shown(person, str(role.label), is_question and not is_asked, *words))
    return found


def _written(person: User, pairing: Pairing, kind: str) -> tuple[str, str]:
    """Subject and words. The links in it lead nowhere, and are cut, since the real ones are their reader's own."""
    message = Message.objects.select_related("person").get(person=person, kind=kind, subject_id=pairing.pk)
    email = letters.compose(message)
    return str(email.subject), TOKEN.sub(r"\1…", str(email.body))
