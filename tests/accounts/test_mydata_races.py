"""Two workers, two clocks, or a clock and a click, at one moment and in two transactions of a real database."""

from datetime import timedelta

import pytest

from accounts.mail.models import Message
from accounts.models import Erasure, Export, ExportPart, User
from accounts.mydata import exports, leaving
from mentoring import actions, retention
from mentoring.models import Enrollment, Pairing, Program, Retention
from mentoring.retention import WARNING
from tests.conftest import NOW, TODAY
from tests.mentoring.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
THEN = NOW + leaving.GRACE
ROUNDS = 5


def test_two_workers_make_one_export_and_owe_one_e_mail(
    mentee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "ring", lambda pk: None)
    for _round in range(ROUNDS):
        Export.objects.all().delete()
        Message.objects.all().delete()
        export = exports.ask(mentee, now=NOW)
        assert at_once([lambda: exports.make(export.pk, now=NOW)] * 3) == ["done"] * 3  # noqa: B023
        assert Export.objects.get().state == Export.State.READY
        assert ExportPart.objects.count() == Message.objects.count() == 1


def test_a_button_that_is_pressed_twice_asks_once(mentee: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "ring", lambda pk: None)
    for _round in range(ROUNDS):
        Export.objects.all().delete()
        ends = at_once([lambda: exports.ask(mentee, now=NOW)] * 2)
        assert ends == ["done", "refused: It is being made. You get an e-mail when it is ready."]
        assert Export.objects.count() == 1


def test_two_clocks_erase_once(mentee: User) -> None:
    leaving.ask_to_leave(mentee, now=NOW)
    assert at_once([lambda: leaving.erase_due(THEN)] * 3) == ["done"] * 3
    assert Erasure.objects.count() == 1
    assert User.objects.get(pk=mentee.pk).erased_at == THEN


def test_keeping_the_account_at_the_last_moment_comes_before_or_after(mentee: User) -> None:
    leaving.ask_to_leave(mentee, now=NOW)
    at_once([lambda: leaving.erase_due(THEN), lambda: leaving.keep_account(mentee)])
    person = User.objects.get(pk=mentee.pk)
    assert person.erasure_due_at is None
    assert (person.name == "Tomasz Zielinski") == (person.erased_at is None) == (not Erasure.objects.exists())


def test_nobody_is_left_paired_with_a_stub(program: Program, mentor: User, mentee: User, admin: User) -> None:
    leaving.ask_to_leave(mentee, now=NOW)
    at_once(
        [
            lambda: leaving.erase_due(THEN),
            lambda: actions.create_pairing(
                program, mentor, mentee, by=admin, starts_on=TODAY, approval="admins", now=NOW
            ),
        ]
    )
    leaving.erase_due(THEN + timedelta(minutes=1))
    assert User.objects.get(pk=mentee.pk).erased_at
    assert not Pairing.objects.open().exists()


def test_two_clocks_warn_once_and_clear_once(program: Program, mentee: User) -> None:
    Program.objects.update(retention_months=1)
    Enrollment.objects.filter(person=mentee).update(status=Enrollment.Status.WITHDRAWN)
    assert at_once([lambda: retention.tend(NOW)] * 3) == ["done"] * 3
    assert Retention.objects.count() == 1
    later = NOW + timedelta(days=20)
    assert at_once([lambda: retention.tend(later)] * 3) == ["done"] * 3
    assert Message.objects.of(WARNING).count() == 1
    Message.objects.update(state=Message.State.SENT, sending_at=later, sent_at=later)
    assert at_once([lambda: retention.tend(later + retention.NOTICE)] * 3) == ["done"] * 3
    assert Erasure.objects.count() == 1
