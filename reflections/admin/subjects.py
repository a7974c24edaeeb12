"""What the e-mails on the pages of the admin are about, and so which program each belongs to."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import Model, Q, QuerySet

from mentoring import request_emails
from mentoring.admission_emails import KINDS as ANSWERS
from mentoring.announcement_emails import ANNOUNCEMENT
from mentoring.emails import (
    FIT_CHECK,
    INVITATION,
    INVITATION_REMINDER,
    MADE,
    PROPOSED,
    PROPOSED_REMINDER,
    UNANSWERED,
)
from mentoring.models import (
    AcceptedFor,
    Announcement,
    FitCheck,
    Invitation,
    Notice,
    Pairing,
    PairingRequest,
    Program,
    Reminder,
)
from mentoring.on_behalf_emails import ACCEPTED_FOR
from reflections.models import Round
from reflections.schedule import Nudge

OF_PAIRINGS = (MADE, PROPOSED, PROPOSED_REMINDER, UNANSWERED)

# What each kind is about, and the way from there to its program.
SUBJECTS: Sequence[tuple[Sequence[str], type[Model], str]] = (
    (OF_PAIRINGS, Pairing, "program"),
    ([ACCEPTED_FOR], AcceptedFor, "pairing__program"),
    (request_emails.KINDS, PairingRequest, "program"),
    ([FIT_CHECK], FitCheck, "pairing__program"),
    ([nudge.value for nudge in Nudge], Round, "program"),
    (ANSWERS, Notice, "enrollment__program"),
    ([ANNOUNCEMENT], Announcement, "program"),
    ([INVITATION], Invitation, "program"),
    ([INVITATION_REMINDER], Reminder, "invitation__program"),
)


def is_about(programs: QuerySet[Program]) -> Q:
    """Of a message: that it is about a row of one of these."""
    found = Q()
    for kinds_of_it, model, path in SUBJECTS:
        rows = model._default_manager.filter(**{f"{path}__in": programs}).order_by()
        found |= Q(kind__in=kinds_of_it, subject_id__in=rows.values("pk"))
    return found


def numbers_by_program(found: Iterable[tuple[str, int]]) -> Counter[int]:
    """How many of these (kind, subject) are about which program; at most as many queries as there are `SUBJECTS`."""
    rows, numbers = list(found), Counter[int]()
    for kinds_of_it, model, path in SUBJECTS:
        subjects = [subject for kind, subject in rows if kind in kinds_of_it]
        if subjects:
            known = model._default_manager.filter(pk__in=subjects).order_by().values_list("pk", path)
            program = dict(known)
            numbers.update(program[subject] for subject in subjects if subject in program)
    return numbers
