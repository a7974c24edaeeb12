"""What people call those for whom a moment was: in the words of their program, where it has its own.

Moments mostly belong to no program, and only their owner is told for whom they were. So the words are a person's: of
each of the five, the word that all programs they are in agree on, and the usual one where they are in none, or in two
that say it differently. The form, the lists, the filter, the e-mails and the book of one person say the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from mentoring.models import Enrollment, Program

from .models import Moment

FOR_WHOM: dict[str, str | Promise] = {
    Moment.Whom.COLLEAGUE: gettext_lazy("For a colleague"),
    Moment.Whom.CLIENT: gettext_lazy("For a client"),
    Moment.Whom.MYSELF: gettext_lazy("For myself"),
    Moment.Whom.MENTEE: gettext_lazy("For my mentee"),
    Moment.Whom.MENTOR: gettext_lazy("For my mentor"),
}
FIELDS = {whom: f"whom_{whom}" for whom in Moment.Whom.values}


@dataclass(frozen=True)
class WhomWords:
    """`own` has a word for each of those that their programs rename."""

    own: dict[str, str] = field(default_factory=dict)

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(whom, self.own.get(whom) or str(label)) for whom, label in Moment.Whom.choices]

    def word(self, whom: str) -> str:
        """`A client`, `A patient`; nothing where it was not said."""
        return self.own.get(whom) or (str(Moment.Whom(whom).label) if whom else "")

    def said(self, whom: str) -> str:
        """`For a client`, and `For: A patient` where the word is not ours and may stand in any grammar."""
        own = self.own.get(whom)
        return _("For: %(whom)s") % {"whom": own} if own else str(FOR_WHOM.get(whom, ""))


def of_programs(programs: Iterable[Program]) -> WhomWords:
    there = [program for program in programs if program.status not in Program.OVER]
    own = {}
    for whom, name in FIELDS.items():
        said = {getattr(program, name) for program in there}
        if len(said) == 1:
            own[whom] = said.pop()
    return WhomWords({whom: word for whom, word in own.items() if word})


def of_places(places: Iterable[Enrollment]) -> WhomWords:
    return of_programs(place.program for place in places if place.status in Enrollment.IN)


def of_person(person: User) -> WhomWords:
    """By one query."""
    theirs = Program.objects.filter(enrollments__person=person, enrollments__status__in=Enrollment.IN)
    return of_programs(theirs.only("status", *FIELDS.values()))


def of_reader(request: HttpRequest) -> WhomWords:
    """Those of whoever looks at the page: asked for once, however many moments stand on it."""
    known: WhomWords | None = getattr(request, "_whom_words", None)
    if known is None:
        known = of_person(request.user) if isinstance(request.user, User) else WhomWords()
        remember(request, known)
    return known


def remember(request: HttpRequest, words: WhomWords) -> None:
    """For a page that knows the programs of its reader already."""
    request._whom_words = words  # type: ignore[attr-defined]
