"""How the two of a pair find it: asked of each two weeks after they first met, and what becomes of the answer.

Who reads it are those who run the program. The other one of the pair learns nothing of it: it is on no page of theirs,
in no e-mail to them, and in no copy that they take along.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.models import User
from mentoring import open_requests, rules
from mentoring.emails import FIT_CHECK
from mentoring.models import Enrollment, FitCheck, Holiday, Meeting, Pairing, Program, RuledOut
from mentoring.models.fit_check import MOST_TIMES, FitCheckQuerySet
from mentoring.models.pairing import PairingQuerySet

from .pairing_up import NOTICE_LIVES
from .pairings import end_pairing
from .refused import Refused

Answer = FitCheck.Answer

AFTER_MEETING = timedelta(days=14)
# Nobody is asked how it began once it began long ago: neither after a pause of the clock, nor after an update.
BEGAN_LONG_AGO = timedelta(days=120)
AGAIN_AFTER = timedelta(days=14)
ASKED_AT_ONCE = 500  # The next tick asks the next ones.
SEEN_TO = _("Somebody has seen to it already, or it is answered otherwise now.")


class _Due(NamedTuple):
    pairing: Pairing
    person: User
    number: int


def ask_due_fit_checks(now: datetime) -> int:
    """Asks whoever is to be asked, on none of their program's holidays; returns how many.

    That is each of the two of an active pair who first met two weeks ago or more; and again, two weeks after they said
    that they are still finding out, three times in all. Any number of clocks may call it at once.
    """
    programs = list(Program.objects.filter(status=Program.Status.ACTIVE))
    off = Holiday.objects.days_off(programs, now)
    due = (
        each
        for each in (*_the_first_time(now), *_again(now))
        if not off[each.pairing.program_id].cover(now, each.person.zone)
    )
    return sum(_ask(each, now) for each in islice(due, ASKED_AT_ONCE))


def _the_first_time(now: datetime) -> Iterator[_Due]:
    first = Meeting.objects.planned().exclude(took_place=False).filter(pairing=OuterRef("pk"))
    first = first.order_by("starts_at")
    met = _running().annotate(met_at=Subquery(first.values("starts_at")[:1]))
    met = met.filter(met_at__lte=now - AFTER_MEETING, met_at__gt=now - BEGAN_LONG_AGO)
    for side in ("mentor", "mentee"):
        asked = FitCheck.objects.filter(pairing=OuterRef("pk"), person=OuterRef(side))
        here = Enrollment.objects.active().filter(program=OuterRef("program"), person=OuterRef(side))
        staying = User.objects.staying().filter(pk=OuterRef(side))
        for pairing in met.filter(~Exists(asked), Exists(here), Exists(staying)).order_by("pk"):
            yield _Due(pairing, getattr(pairing, side), 1)


def _again(now: datetime) -> Iterator[_Due]:
    here = Enrollment.objects.active().filter(program=OuterRef("pairing__program"), person=OuterRef("person"))
    staying = User.objects.staying().filter(pk=OuterRef("person"))
    rows = _to_ask_again(now).filter(Exists(here), Exists(staying), pairing__in=_running())
    for check in rows.with_people().order_by("pk"):
        yield _Due(check.pairing, check.person, check.number + 1)


def _running() -> PairingQuerySet:
    return Pairing.objects.active().filter(program__status=Program.Status.ACTIVE).with_people()


def _to_ask_again(now: datetime) -> FitCheckQuerySet:
    found = FitCheck.objects.open().filter(answer=Answer.FINDING_OUT, number__lt=MOST_TIMES)
    return found.filter(answered_at__lte=now - AGAIN_AFTER)


@transaction.atomic
def _ask(due: _Due, now: datetime) -> bool:
    pairing, person, number = due
    # Behind this lock nobody ends the pairing, or answers otherwise, at this moment.
    if _locked(pairing).status != Pairing.Status.ACTIVE:
        return False
    if (
        number > 1
        and not _to_ask_again(now).filter(pairing=pairing, person=person, number=number - 1).exists()
    ):
        return False
    check, is_new = FitCheck.objects.get_or_create(
        pairing=pairing, person=person, number=number, defaults={"asked_at": now}
    )
    if is_new:
        outbox.owe(FIT_CHECK, person.pk, check.pk, due_at=now, expires_at=now + NOTICE_LIVES)
    return is_new


@transaction.atomic
def answer_fit_check(check: FitCheck, *, by: User, answer: str, learned: str = "", now: datetime) -> None:
    """Somebody says how it is with the other one, or says it otherwise than before. Two who are no fit are ruled out
    from this moment on, unless it is taken back. `learned` is kept with such an answer only.

    Raises Refused once the pairing is over, those who run the program have seen to it, or it was asked anew.
    """
    pairing = _locked(check.pairing)
    found = FitCheck.objects.open().with_people().filter(pk=check.pk).first()
    if found is None or not rules.may_answer_fit_check(by, found):
        raise Refused(_("This question is no longer open."))
    if found.answer != answer:
        found.answer, found.answered_at = Answer(answer), now
    found.learned = learned if answer == Answer.NOT_A_FIT else ""
    found.save(update_fields=["answer", "answered_at", "learned"])
    _rule_out_or_not(pairing, now)


@transaction.atomic
def settle_fit_check(check: FitCheck, *, by: User, now: datetime) -> None:
    """Somebody who runs the program has seen to it in another way than by ending the pairing. Raises Refused where
    that was done before, or where the answer is another one by now."""
    _check_admin(check, by)
    _locked(check.pairing)
    _settle(FitCheck.objects.filter(pk=check.pk), now)


@transaction.atomic
def end_as_no_fit(check: FitCheck, *, by: User, now: datetime) -> None:
    """The pairing ends, where it has not yet, and what either of the two said is seen to: both are among those for whom
    the next matching run looks for somebody. Raises Refused as `settle_fit_check` does."""
    _check_admin(check, by)
    pairing = _locked(check.pairing)
    if not FitCheck.objects.to_rematch().filter(pk=check.pk).exists():
        raise Refused(SEEN_TO)
    if pairing.status in (Pairing.Status.ACTIVE, Pairing.Status.PAUSED):
        end_pairing(pairing, by=by, now=now)
    _settle(FitCheck.objects.filter(pairing=pairing), now)


def _settle(rows: FitCheckQuerySet, now: datetime) -> None:
    if not rows.to_rematch().update(settled_at=now):
        raise Refused(SEEN_TO)


def _check_admin(check: FitCheck, by: User) -> None:
    if not rules.may_administer(by, check.pairing.program):
        raise Refused(_("Only those who run a program do this."))


def _locked(pairing: Pairing) -> Pairing:
    """Its row as it is now, ours until the end of the transaction, and with it that nobody of the two is erased."""
    open_requests.keep_people([pairing.mentor_id, pairing.mentee_id])
    return Pairing.objects.select_for_update(no_key=True, of=("self",)).with_people().get(pk=pairing.pk)


def _rule_out_or_not(pairing: Pairing, now: datetime) -> None:
    """Ruled out as long as one of the two says so; in nobody's name, so that the row does not tell which."""
    two = {"program": pairing.program, "mentor": pairing.mentor, "mentee": pairing.mentee}
    said_so = FitCheck.objects.filter(
        answer=Answer.NOT_A_FIT, **{f"pairing__{name}": value for name, value in two.items()}
    )
    because = {**two, "because": RuledOut.Because.NOT_A_FIT}
    if said_so.exists():
        RuledOut.objects.get_or_create(**because, defaults={"created_at": now})
    else:
        RuledOut.objects.filter(**because).delete()
