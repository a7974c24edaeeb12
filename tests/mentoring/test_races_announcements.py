"""Two clocks, or two clicks, at one moment: an announcement goes to each once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.announcement_emails import ANNOUNCEMENT
from mentoring.models import Addressee, Announcement, Program
from tests.conftest import NOW

from .test_announcements import later, written
from .test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
NINE = datetime(2026, 6, 25, 9, tzinfo=ZoneInfo("Europe/Warsaw"))


def test_two_clocks_at_once_owe_it_once(program: Program, mentor: User, mentee: User, admin: User) -> None:
    for _round in range(3):
        Message.objects.all().delete()
        row = later(program, admin)
        assert at_once([lambda: actions.plan_announcements(NINE)] * 2) == ["done", "done"]
        assert Message.objects.of(ANNOUNCEMENT, subject_id=row.pk).count() == 2
        assert Addressee.objects.filter(announcement=row).count() == 2
        Announcement.objects.all().delete()


def test_of_two_who_send_it_at_once_one_does(
    program: Program, mentor: User, mentee: User, admin: User, superuser: User
) -> None:
    row = written(program, admin)
    ends = at_once(
        [
            lambda by=by: actions.send_announcement(  # type: ignore[misc]
                Announcement.objects.select_related("program").get(pk=row.pk), by=by, now=NOW
            )
            for by in (admin, superuser)
        ]
    )
    assert ends == ["done", "refused: It is no draft any more."]
    assert Message.objects.of(ANNOUNCEMENT).count() == 2


def test_stopped_while_the_clock_sends_it_reaches_all_or_nobody(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    for _round in range(3):
        Message.objects.all().delete()
        row = later(program, admin)
        ends = at_once(
            [
                lambda: actions.plan_announcements(NINE),
                lambda row=row: actions.stop_announcement(row, by=admin, now=NINE + timedelta(seconds=1)),  # type: ignore[misc]
            ]
        )
        assert ends == ["done", "done"]
        row.refresh_from_db()
        assert row.state == "stopped"
        assert not Message.objects.of(ANNOUNCEMENT).exclude(state="cancelled").exists()
        assert not Addressee.objects.filter(announcement=row).exists()
        Announcement.objects.all().delete()
