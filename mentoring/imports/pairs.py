"""A batch of pairs: each is made by the verb that makes any pairing, with its rules and its e-mails."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from mentoring.actions import Refused, create_pairing
from mentoring.models import Enrollment, ImportRow, Pairing, Program

from .cleaning import REQUIRED, Row
from .job import Job, Seen

Outcome = ImportRow.Outcome
SIDES = ("mentor", "mentee")


def apply(job: Job, rows: Sequence[Row], seen: Seen) -> None:
    """Do with these rows what is asked, and write into each what came of it."""
    _look_at_each(rows, seen)
    good = [row for row in rows if not row.is_bad]
    emails = {row.value[side] for row in good for side in SIDES}
    found = Enrollment.objects.filter(program=job.program, person__email__in=emails).select_related("person")
    places = {place.person.email: place for place in found}
    open_ones = {
        (pairing.mentor_id, pairing.mentee_id): pairing
        for pairing in Pairing.objects.filter(
            program=job.program, mentor__in=[place.person_id for place in places.values()]
        ).open()
    }
    for row in good:
        _pair(job, row, places, open_ones)


def _look_at_each(rows: Sequence[Row], seen: Seen) -> None:
    for row in rows:
        if row.is_bad:
            continue
        for side in SIDES:
            if not row.value[side]:
                row.refuse(side, REQUIRED)
    firsts = seen.first((_both(row), row.number) for row in rows if row.value)
    for row in rows:
        if row.value and not row.is_bad and firsts[_both(row)] != row.number:
            said = _("The same two stand in row %(number)d already.")
            row.refuse("", said % {"number": firsts[_both(row)]})


def _both(row: Row) -> str:
    return f"{row.value['mentor']} {row.value['mentee']}"


def _pair(
    job: Job,
    row: Row,
    places: dict[str, Enrollment],
    open_ones: dict[tuple[int, int], Pairing],
) -> None:
    for side in SIDES:
        place = places.get(row.value[side])
        # Of these the program knows an address and nothing else, so nothing else is said of them here.
        if place is None:
            row.refuse(side, _("Nobody in this program has this address."))
        elif place.status in Enrollment.NOT_IN:
            row.refuse(side, _("They are invited, and have not said yes."))
    if row.is_bad:
        return
    mentor, mentee = (places[row.value[side]].person for side in SIDES)
    if there := open_ones.get((mentor.pk, mentee.pk)):
        _leave(row, there)
        return
    try:
        with transaction.atomic():
            create_pairing(
                job.program,
                mentor,
                mentee,
                by=job.by,
                starts_on=row.value.get("starts_on") or job.program.today(job.now),
                focus=row.value.get("focus") or "",
                approval=Program.Approval.BOTH if job.ask_first else Program.Approval.ADMINS,
                now=job.now,
            )
    except Refused as no:
        row.refuse("", str(no))
        return
    row.outcome = Outcome.NEW
    row.said.append(_("are asked") if job.ask_first else _("become a pair"))


def _leave(row: Row, there: Pairing) -> None:
    """An open pairing is those two's: only what nobody has said of it is filled in."""
    row.outcome = Outcome.UNCHANGED
    focus = row.value.get("focus")
    if focus and not there.focus:
        Pairing.objects.filter(pk=there.pk).update(focus=focus)
        row.outcome = Outcome.CHANGED
        row.said.append(_("About: %(focus)s") % {"focus": focus})
