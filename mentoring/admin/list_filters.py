"""What those who run a program ask of its people and pairs: filters of the lists, each one condition in the same query.

None of them asks who wrote something, who answered, or who did not: nobody is named for silence. Of meetings they know
what the list of meetings shows; what the two have written, and whether they say that they met, is not looked at.
"""

from datetime import timedelta
from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.mail import suppression
from accounts.models import User
from mentoring import signs
from mentoring.models import Agreement, Enrollment, Meeting, Pairing, Program
from mentoring.models.enrollment import EnrollmentQuerySet
from mentoring.models.pairing import PairingQuerySet
from mentoring.models.program import day_there

from .scoped import OneChoiceFilter, ProgramFilter

NOT_MET_FOR = timedelta(weeks=6)
SOON = timedelta(days=30)
RECENTLY = timedelta(days=30)
YES_AND_NO: dict[str, Any] = {"yes": _("Yes"), "no": _("No")}


# --- Places ----------------------------------------------------------------------------------------------------------


class PairedFilter(OneChoiceFilter):
    """Of those who are active and stay: whoever lacks a pairing, and whoever could take one more. A proposal that is
    not answered counts, for both."""

    title = cast("str", _("pairing"))
    parameter_name = "pairing"
    choices_in_words = {
        "mentor_without": _("Mentors without a pairing"),
        "mentee_without": _("Mentees without a pairing"),
        "with_room": _("Mentors with room"),
    }

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        places = (
            cast("EnrollmentQuerySet", rows).active().filter(person__in=User.objects.staying().order_by())
        )
        if wanted == "mentee_without":
            return places.mentees_unpaired()
        if wanted == "mentor_without":
            return places.mentors_unpaired()
        theirs = Pairing.objects.holding().filter(program=OuterRef("program"), mentor=OuterRef("person"))
        holding = theirs.order_by().values("mentor").annotate(number=Count("pk"))
        return places.mentors().filter(capacity__gt=Coalesce(Subquery(holding.values("number")), 0))


class DepartmentFilter(admin.SimpleListFilter):
    """By department, as people wrote it: where there are few enough to choose from."""

    title = cast("str", _("department"))
    parameter_name = "department"
    MOST = 20

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        places = Enrollment.objects.administered_by(cast("User", request.user))
        program = request.GET.get(ProgramFilter.parameter_name, "")
        if program.isascii() and program.isdecimal() and len(program) < 18:
            places = places.filter(program=int(program))
        else:
            places = places.exclude(program__status=Program.Status.ARCHIVED)
        names = places.exclude(department="").order_by("department").values_list("department", flat=True)
        found = list(names.distinct()[: self.MOST + 1])
        if len(found) > self.MOST:
            found = []
        # What an address asks for is there in any case, as a saved view does.
        if (wanted := self.value()) and wanted not in found:
            found.append(wanted)
        return [(name, name) for name in found]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self.value()
        return queryset.filter(department=wanted) if wanted else queryset


class JoinedFilter(OneChoiceFilter):
    title = cast("str", _("joined"))
    parameter_name = "joined"
    choices_in_words = {"30": _("In the last 30 days")}

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        now = clock.now()
        rows = rows.alias(there=day_there(now, "program__"), then=day_there(now - RECENTLY, "program__"))
        return rows.filter(joined_on__gt=F("then"), joined_on__lte=F("there"))


class MailFilter(OneChoiceFilter):
    """As among the accounts: what was called unwanted is its person's own business."""

    title = cast("str", _("mail"))
    parameter_name = "mail"
    choices_in_words = {"dead": _("Address not working")}

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        return rows.filter(Exists(_people_with_dead_addresses(OuterRef("person"))))


class SignedInFilter(OneChoiceFilter):
    """For superusers: those who run a program do not learn who signs in."""

    title = cast("str", _("signed in"))
    parameter_name = "signed_in"
    choices_in_words = {"never": _("Never")}

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        return rows.filter(person__last_login__isnull=True)


def _people_with_dead_addresses(person: Any) -> QuerySet[User]:
    people: QuerySet[User] = User.objects.filter(suppression.of_dead_addresses(), pk=person)
    return people


# --- Pairings --------------------------------------------------------------------------------------------------------


class MetFilter(OneChoiceFilter):
    """By the meetings that the list of them shows: whether the two say that they met is theirs, and not looked at.
    Pairs that rest, and those that have planned their next one, are not among those without one for long."""

    title = cast("str", _("meetings"))
    parameter_name = "met"
    choices_in_words = {
        "yes": _("Had one"),
        "no": _("None yet"),
        "long_ago": _("None for six weeks, and none planned"),
    }

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        now = clock.now()
        meetings = Meeting.objects.planned().filter(pairing=OuterRef("pk")).order_by()
        had_one = Exists(meetings.filter(starts_at__lte=now))
        if wanted == "yes":
            return rows.filter(had_one)
        if wanted == "no":
            return rows.filter(~had_one, status__in=Pairing.MADE)
        since = now - NOT_MET_FOR
        rows = rows.filter(
            Q(rested_on__isnull=True) | Q(rested_on__lt=since.date()),
            status=Pairing.Status.ACTIVE,
            program__status=Program.Status.ACTIVE,
            starts_on__lt=since.date(),
        )
        return rows.filter(~Exists(meetings.filter(starts_at__gt=since)))


class QuietFilter(OneChoiceFilter):
    """The pairs that the first page says have gone quiet, and no others. Who of the two did not answer is not told."""

    title = cast("str", _("quiet pairs"))
    parameter_name = "quiet"
    choices_in_words = {"yes": _("Gone quiet, as under Today")}

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        return rows.filter(pk__in=signs.of_pairs_gone_quiet().order_by().values("pairing"))


class EndsFilter(OneChoiceFilter):
    title = cast("str", _("ends"))
    parameter_name = "ends"
    choices_in_words = {"30": _("Within 30 days")}

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        found: QuerySet[Any] = cast("PairingQuerySet", rows).under_way().ending_by(clock.now(), SOON)
        return found


class AgreedFilter(OneChoiceFilter):
    """That the two have made an agreement, and not what it says. Of pairs that go on or will."""

    title = cast("str", _("agreement"))
    parameter_name = "agreement"
    choices_in_words = {"yes": _("Made"), "no": _("Not made")}

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        made = Exists(Agreement.objects.agreed().filter(pairing=OuterRef("pk")))
        return rows.filter(made if wanted == "yes" else ~made, status__in=Pairing.MADE)


class ReachableFilter(OneChoiceFilter):
    """Whether mail reaches both: their accounts are open and their addresses work. What somebody stopped is theirs."""

    title = cast("str", _("both can be reached"))
    parameter_name = "reachable"
    choices_in_words = YES_AND_NO

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        either = Q(pk=OuterRef("mentor")) | Q(pk=OuterRef("mentee"))
        closed = Q(is_active=False) | Q(erased_at__isnull=False)
        lost = Exists(User.objects.filter(either, closed | Q(suppression.of_dead_addresses())))
        return rows.filter(~lost if wanted == "yes" else lost)
