"""Two runs of a program side by side: what each comes to, by which criteria, and who is with whom in only one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.criteria import WEIGHT
from mentoring.models import EnrollmentQuestion, MatchingCriteria, MatchingRun, ProposedPair, WithoutMatch
from mentoring.models.criteria import Likeness

# The name of a weight by its points, as a run keeps it.
WEIGHTS = {int(points): name for name, points in WEIGHT.items()}


@dataclass(frozen=True)
class Criterion:
    label: str
    here: str
    there: str


def differing(here: MatchingRun, there: MatchingRun) -> QuerySet[Any]:
    """The mentees who are with different mentors in the two runs, or with somebody in only one; with the numbers of the
    mentors as `here` and `there`."""

    def mentor_in(run: MatchingRun) -> Subquery:
        rows = ProposedPair.objects.filter(run=run, mentee=OuterRef("pk")).order_by()
        return Subquery(rows.values("mentor")[:1])

    both = ProposedPair.objects.filter(run__in=[here.pk, there.pk]).order_by().values("mentee")
    rows: QuerySet[Any] = User.objects.filter(pk__in=both).annotate(
        here=mentor_in(here), there=mentor_in(there)
    )
    is_other = Q(here__isnull=True) | Q(there__isnull=True) | ~Q(here=F("there"))
    return rows.filter(is_other).order_by("name", "pk")


def names(page: Any, here: MatchingRun, there: MatchingRun) -> list[tuple[User, str, str]]:
    """Each mentee of a page of `differing` with whom they are here, and there: a mentor, nobody, or not in that run."""
    people = list(page)
    mentors = {key for each in people for key in (each.here, each.there) if key is not None}
    found = User.objects.in_bulk(mentors)
    rows = WithoutMatch.objects.filter(
        run__in=[here.pk, there.pk], person__in=people, side=WithoutMatch.Side.MENTEE
    )
    alone = set(rows.values_list("run", "person"))

    def said(run: MatchingRun, mentee: int, mentor: int | None) -> str:
        if mentor in found:
            return str(found[mentor])
        return gettext("nobody") if (run.pk, mentee) in alone else gettext("not in this run")

    return [(each, said(here, each.pk, each.here), said(there, each.pk, each.there)) for each in people]


def criteria_that_differ(here: MatchingRun, there: MatchingRun) -> list[Criterion]:
    one, other = _in_words(here), _in_words(there)
    labels = list(dict.fromkeys([*one, *other]))
    nothing = gettext("does not count")
    found = [Criterion(label, one.get(label, nothing), other.get(label, nothing)) for label in labels]
    return [each for each in found if each.here != each.there]


def _in_words(run: MatchingRun) -> dict[str, str]:
    """What a run asked of a pair, by what it is about."""
    said = {}
    for field in MatchingCriteria._meta.concrete_fields:
        if field.name in run.criteria:
            said[capfirst(str(field.verbose_name))] = _value(field.name, run.criteria[field.name])
    texts = dict(EnrollmentQuestion.objects.filter(program=run.program_id).values_list("code", "text"))
    for question in run.criteria.get("questions", ()):
        said[_question(texts, question)] = _question_in_words(question)
    return said


def _value(name: str, value: Any) -> str:
    if name in MatchingCriteria.WEIGHTS:
        return str(WEIGHTS[value].label) if value in WEIGHTS else str(value)
    if name == "department_wanted":
        return str(Likeness(value).label) if value in Likeness.values else str(value)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return gettext("any") if value is None else str(value)


def _question(texts: Mapping[str, str], question: Mapping[str, Any]) -> str:
    code = question.get("code", "")
    return gettext("“%(question)s”") % {"question": texts.get(code, code)}


def _question_in_words(question: Mapping[str, Any]) -> str:
    must, weight, wanted = (question.get(name) for name in ("must", "weight", "wanted"))
    parts = []
    if must in Likeness.values:
        parts.append(gettext("must be: %(likeness)s") % {"likeness": Likeness(must).label})
    if weight in WEIGHTS and weight:
        name = WEIGHTS[weight]
        likeness = Likeness(wanted).label if wanted in Likeness.values else ""
        parts.append(
            gettext("%(weight)s weight, at best: %(likeness)s") % {"weight": name.label, "likeness": likeness}
        )
    return "; ".join(parts) or str(_("does not count"))
