"""Those who run a program try their words, and hold back the e-mails of a round."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.mail import outbox
from accounts.mail.models import Message
from accounts.models import User
from mentoring.actions.refused import Refused
from mentoring.rules import may_administer
from reflections.models import NudgeTest, NudgeWords, RoleSet, Round
from reflections.nudge_previews import TEST
from reflections.outlook import ABOUT_A_ROUND, HELD
from reflections.schedule import Nudge

TESTS_AN_HOUR = 5
TEST_LIVES = timedelta(hours=1)


@transaction.atomic
def send_test(words: NudgeWords, nudge: Nudge, role: RoleSet, *, by: User, now: datetime) -> None:
    """This e-mail to oneself, through the outbox. Raises Refused for the sixth within an hour."""
    if not may_administer(by, words.program):
        raise Refused(_("Only those who run the program can do that."))
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    lately = Message.objects.of(TEST).filter(person=by, due_at__gt=now - timedelta(hours=1))
    if lately.count() >= TESTS_AN_HOUR:
        raise Refused(_("Five tests an hour are enough. The preview shows the same, at any time."))
    test = NudgeTest.objects.create(words=words, nudge=nudge, role=role)
    outbox.owe(TEST, by.pk, test.pk, due_at=now, expires_at=now + TEST_LIVES)


@transaction.atomic
def hold_round(round: Round, *, by: User, now: datetime) -> int:
    """No e-mail of this round goes out until it is released; how many waited. Raises Refused where it is held already.

    What a sender is handing over at this moment goes out.
    """
    if not may_administer(by, round.program):
        raise Refused(_("Only those who run the program can do that."))
    if not Round.objects.filter(pk=round.pk, held_at__isnull=True).update(held_at=now):
        raise Refused(_("It is held already."))
    return outbox.cancel(*sorted(ABOUT_A_ROUND), subject_id=round.pk, reason=HELD)


@transaction.atomic
def release_round(round: Round, *, by: User) -> None:
    """The planner owes again what still has a place in the calendar. Raises Refused where nothing is held."""
    if not may_administer(by, round.program):
        raise Refused(_("Only those who run the program can do that."))
    if not Round.objects.filter(pk=round.pk, held_at__isnull=False).update(held_at=None):
        raise Refused(_("It is not held."))
