"""Whether two people of a program can become a pair now, and the row of the pair: for one pair, and for the many that
a matching run proposes."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.mail.outbox import Owed
from accounts.models import User
from mentoring import open_requests
from mentoring.emails import MADE, PROPOSED
from mentoring.models import Enrollment, Pairing, Program
from mentoring.models.request import EXPIRES_AFTER

from .refused import Refused

# A notice that could not go out for so long would only puzzle: the pair page says it all by then.
NOTICE_LIVES = timedelta(days=14)
# Whoever is asked has as long as whoever gets a request.
ANSWERED_WITHIN = EXPIRES_AFTER
Approval = Program.Approval
Role = Enrollment.Role


def no_room(mentor: User) -> str | Promise:
    return _("%(name)s has no room for another mentee now.") % {"name": mentor.first_name}


def mentors_enough(program: Program, mentee: User) -> str | Promise:
    said = ngettext_lazy(
        "%(name)s has a mentor here already, and this program allows one at a time.",
        "%(name)s has as many mentors here as this program allows at a time: %(number)d.",
        program.pairings_per_mentee,
    )
    return said % {"name": mentee.first_name, "number": program.pairings_per_mentee}


def check_first_day(program: Program, starts_on: date) -> None:
    """Raises Refused for a day on which the program does not run, and for a program that is over."""
    if program.status in Program.OVER:
        raise Refused(_("This program is closed."))
    if starts_on < program.starts_on or (program.ends_on and starts_on > program.ends_on):
        raise Refused(_("The first day must lie within the program."))


def check_place(place: Enrollment | None, person: User, roles: tuple[str, ...]) -> None:
    """Raises Refused where this place does not make its person one of those `roles` now."""
    if place is None or place.status != Enrollment.Status.ACTIVE or not person.is_active:
        raise Refused(_("%(name)s is not active in this program now.") % {"name": person.first_name})
    if place.role not in roles:
        raise Refused(
            _("%(name)s is in this program as %(role)s.")
            % {"name": person.first_name, "role": place.get_role_display().lower()}
        )


class Openings:
    """Of some people of a program: their places, and who is with whom. What is taken here counts from then on.

    With `lock` the places are held until the transaction ends, always in the same order: two admins who pair the same
    mentor at one moment come one after the other, and the second sees what the first did.
    """

    def __init__(self, program: Program, people: Collection[int], *, lock: bool) -> None:
        self.program = program
        rows = Enrollment.objects.filter(program=program, person__in=people).select_related("person")
        if lock:
            open_requests.keep_people(people)
            rows = rows.order_by("pk").select_for_update(of=("self",))
        self.places = {row.person_id: row for row in rows}
        self.mentees_of = Counter[int]()
        self.mentors_of = Counter[int]()
        self.together: set[frozenset[int]] = set()
        self.asking: set[frozenset[int]] = set()
        theirs = Pairing.objects.filter(program=program).open()
        theirs = theirs.filter(Q(mentor__in=people) | Q(mentee__in=people)).order_by()
        for mentor, mentee, status in theirs.values_list("mentor", "mentee", "status"):
            if status in Pairing.HOLDING:
                self.together.add(frozenset((mentor, mentee)))
                self._count(mentor, mentee)
            else:
                self.asking.add(frozenset((mentor, mentee)))

    def check(self, mentor: User, mentee: User) -> None:
        """Raises Refused when one of them is not active there in that role, when the mentor has no room, when the
        mentee has as many mentors as the program allows, and when the two already have an open pairing, or one of them
        has asked the other (in either direction)."""
        check_place(self.places.get(mentor.pk), mentor, (Role.MENTOR, Role.BOTH))
        check_place(self.places.get(mentee.pk), mentee, (Role.MENTEE, Role.BOTH))
        if frozenset((mentor.pk, mentee.pk)) in self.together:
            raise Refused(_("These two already have an open pairing in this program."))
        if frozenset((mentor.pk, mentee.pk)) in self.asking:
            raise Refused(_("One of the two has asked the other; that request is still open."))
        if self.mentees_of[mentor.pk] >= self.places[mentor.pk].capacity:
            raise Refused(no_room(mentor))
        if self.mentors_of[mentee.pk] >= self.program.pairings_per_mentee:
            raise Refused(mentors_enough(self.program, mentee))

    def take(self, mentor: User, mentee: User) -> None:
        """These two are, or will be, a pair. Raises Refused as `check`."""
        self.check(mentor, mentee)
        self.together.add(frozenset((mentor.pk, mentee.pk)))
        self._count(mentor.pk, mentee.pk)

    def _count(self, mentor: int, mentee: int) -> None:
        self.mentees_of[mentor] += 1
        self.mentors_of[mentee] += 1


def new_pairing(
    program: Program,
    mentor: User,
    mentee: User,
    *,
    starts_on: date,
    focus: str = "",
    approval: str,
    reasons: Sequence[Mapping[str, object]] = (),
    now: datetime,
) -> Pairing:
    """A row that is not saved: a pair where nobody is asked, else the question, open for `ANSWERED_WITHIN`."""
    pairing = Pairing(
        program=program,
        mentor=mentor,
        mentee=mentee,
        starts_on=starts_on,
        focus=focus,
        reasons=list(reasons),
        approval=approval,
        mentor_accepted_at=None if approval in (Approval.BOTH, Approval.MENTOR) else now,
        mentee_accepted_at=None if approval in (Approval.BOTH, Approval.MENTEE) else now,
    )
    if approval == Approval.ADMINS:
        begins_later = starts_on > program.today(now)
        pairing.status = Pairing.Status.ACCEPTED if begins_later else Pairing.Status.ACTIVE
    else:
        pairing.answer_by = now + ANSWERED_WITHIN
    return pairing


def first_letters(pairing: Pairing, now: datetime) -> Iterator[Owed]:
    """What a new pairing owes: to both that they are a pair, or to those who are asked the question."""
    kind = PROPOSED if pairing.status == Pairing.Status.PROPOSED else MADE
    answers = {pairing.mentor_id: pairing.mentor_accepted_at, pairing.mentee_id: pairing.mentee_accepted_at}
    for person_id, answered_at in answers.items():
        if kind == MADE or answered_at is None:
            yield Owed(kind, person_id, pairing.pk, now, now + NOTICE_LIVES)
