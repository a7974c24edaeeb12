"""Where two parts of mail meet: a reply and the quiet choices, a held round and the question whether to go on, an
address that does not work and what the calendar plans."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from accounts.mail import outbox
from accounts.mail.models import Message, Suppression
from accounts.models import User
from mentoring.models import Pairing
from reflections import actions
from reflections.actions.asking import note_pauses, other_times
from reflections.asides import Aside, plan_asides
from reflections.mail_in import Outcome
from reflections.models import Round
from reflections.outlook import HELD, KEEP_ASKING
from tests.conftest import NOW
from tests.reflections.mailing import MAILBOX, OURS, asked, comes, mail
from tests.reflections.nudging import DAY
from tests.reflections.test_asides import MIDDLE, owed, why

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pairing")]


@pytest.fixture(autouse=True)
def inbound(settings: Settings) -> None:
    settings.INBOUND_AUTHSERV_ID = OURS
    settings.INBOUND_ADDRESS = MAILBOX


@pytest.mark.usefixtures("now")
def test_after_a_reply_no_other_time_is_promised(mentee: User, quarter_round: Round) -> None:
    address = asked(mentee, quarter_round)
    message = Message.objects.get(person=mentee, kind="ask")
    assert other_times(message, quarter_round, now=NOW)
    assert comes(mail(mentee.email), address) == Outcome.KEPT
    assert other_times(message, quarter_round, now=NOW) == []


def test_holding_a_round_back_holds_the_question_whether_to_go_on_too(
    current: Round, mentor: User, admin: User
) -> None:
    outbox.owe(KEEP_ASKING, mentor.pk, current.pk, due_at=NOW, expires_at=NOW + 7 * DAY)
    assert actions.hold_round(current, by=admin, now=NOW) == 1
    row = Message.objects.get(kind=KEEP_ASKING)
    assert (row.state, row.last_error) == ("cancelled", HELD)


def test_a_question_whether_to_go_on_that_came_back_pauses_nobody(current: Round, mentor: User) -> None:
    outbox.owe(KEEP_ASKING, mentor.pk, current.pk, due_at=NOW, expires_at=NOW + 7 * DAY)
    rows = Message.objects.filter(kind=KEEP_ASKING)
    rows.update(state="bounced", sending_at=NOW, sent_at=NOW)
    assert note_pauses(NOW + DAY) == 0
    rows.update(state="sent")
    assert note_pauses(NOW + DAY) == 1


def test_nothing_small_is_planned_for_an_address_that_does_not_work(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    Suppression.objects.put(mentor.pk, mentor.email, "bounced", now=MIDDLE - 9 * DAY)
    Suppression.objects.put(mentee.pk, mentee.email, "complaint", now=MIDDLE - 9 * DAY)
    assert "does not work" in why(Aside.LINE, mentor, MIDDLE - DAY)
    assert "stopped" in why(Aside.LINE, mentee, MIDDLE - DAY)
    plan_asides(MIDDLE - DAY)
    assert owed(Aside.LINE) == []
    Suppression.objects.update(lifted_at=MIDDLE - timedelta(hours=12))
    plan_asides(MIDDLE - DAY)
    assert len(owed(Aside.LINE)) == 2
