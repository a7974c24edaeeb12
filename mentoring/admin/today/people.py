"""People who wait: for an answer, for a mentor, or for mail that does not reach them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.mail import suppression
from accounts.models import User
from accounts.templatetags.best import in_words, month_day
from mentoring.models import (
    Enrollment,
    EnrollmentQuestion,
    MatchingRun,
    PairingRequest,
    Program,
    ProposedPair,
    WithoutMatch,
)
from mentoring.why import read_unmatched, unmatched_in_two

from .needs import MOST_ROWS, Deed, Link, Need, Row, Section, list_url, page_url

Status = Enrollment.Status


def by_program(rows: QuerySet[Any], path: str = "program") -> dict[int, int]:
    counted = rows.order_by().values(path).annotate(number=Count("pk", distinct=True))
    return dict(counted.values_list(path, "number"))


class Applications(Section):
    key = "applications"

    def _rows(self, programs: Sequence[Program]) -> QuerySet[Enrollment]:
        return Enrollment.objects.filter(program__in=programs, status=Status.APPLIED)

    def counts(self, programs: Sequence[Program], now: datetime) -> Mapping[int, int]:
        return by_program(self._rows(programs))

    def said(self, number: int) -> str:
        return ngettext(
            "%(words)s application waits for your answer",
            "%(words)s applications wait for your answer",
            number,
        ) % {"words": in_words(number)}

    def need(self, program: Program, total: int, user: User, now: datetime) -> Need:
        places = self._rows([program]).select_related("person").order_by("applied_at", "pk")[:MOST_ROWS]
        return Need(
            self.key,
            _("Applications"),
            self.said(total),
            total,
            [
                Row(
                    place.known_as,
                    [
                        gettext("would like to come in as: %(role)s") % {"role": place.get_role_display()},
                        *(
                            [gettext("asked on %(day)s") % {"day": month_day(place.applied_at)}]
                            if place.applied_at
                            else []
                        ),
                    ],
                    page_url("mentoring_enrollment", place.pk),
                    place.pk,
                    about=place,
                )
                for place in places
            ],
            Link(
                list_url("mentoring_enrollment", program, status=Status.APPLIED),
                _("Applications in the list"),
            ),
            _("What they said is on the page behind each name; other answers than a yes are there too."),
            Deed(
                list_url("mentoring_enrollment", program),
                "approve",
                _("Approve"),
                _("Approve those that are ticked"),
            ),
        )


class Unmatched(Section):
    """Mentees without anybody. That a mentor has room left is no need of theirs."""

    key = "unmatched"

    def _rows(self, programs: Sequence[Program]) -> QuerySet[Enrollment]:
        places = Enrollment.objects.active().mentees_unpaired().filter(program__in=programs)
        return places.filter(person__in=User.objects.staying())

    def counts(self, programs: Sequence[Program], now: datetime) -> Mapping[int, int]:
        # Before a program begins nobody is late.
        begun = [program for program in programs if program.status == Program.Status.ACTIVE]
        return by_program(self._rows(begun)) if begun else {}

    def said(self, number: int) -> str:
        return ngettext("%(words)s mentee has no mentor", "%(words)s mentees have no mentor", number) % {
            "words": in_words(number)
        }

    def need(self, program: Program, total: int, user: User, now: datetime) -> Need:
        places = list(self._rows([program]).select_related("person").order_by("joined_on", "pk")[:MOST_ROWS])
        why = _why(program, places)
        add = reverse("admin:mentoring_pairing_add")
        return Need(
            self.key,
            _("Mentees without a mentor"),
            self.said(total),
            total,
            [
                Row(
                    str(place.person),
                    why[place.person_id].said,
                    page_url("mentoring_enrollment", place.pk),
                    step=why[place.person_id].step
                    or Link(f"{add}?program={program.pk}&mentee={place.person_id}", _("Pair by hand")),
                    about=place,
                )
                for place in places
            ],
            Link(
                list_url("mentoring_enrollment", program, pairing="mentee_without"),
                _("These mentees in the list"),
            ),
            # Those to whom a pair was proposed are in the list, too.
            list_has_more=True,
            steps=[
                Link(f"{reverse('admin:mentoring_matchingrun_add')}?program={program.pk}", _("Find pairs"))
            ],
        )


class Why(NamedTuple):
    said: list[str]
    step: Link | None = None


def _why(program: Program, places: Sequence[Enrollment]) -> dict[int, Why]:
    """By person, as far as it is known: from the last matching run, and from what has happened since. Six queries."""
    people = [place.person_id for place in places]
    asking = set(
        PairingRequest.objects.open()
        .filter(program=program, mentee__in=people)
        .values_list("mentee", flat=True)
    )
    states = (MatchingRun.State.MADE, MatchingRun.State.LEFT)
    run = MatchingRun.objects.filter(program=program, state__in=states).order_by("-created_at", "-pk").first()
    drafts: dict[int, str] = {}
    without: dict[int, WithoutMatch] = {}
    if run is not None:
        pairs = ProposedPair.objects.filter(run=run, mentee__in=people).draft().select_related("mentor")
        if run.state == MatchingRun.State.MADE:
            drafts = {pair.mentee_id: str(pair.mentor) for pair in pairs}
        rows = WithoutMatch.objects.filter(run=run, side=WithoutMatch.Side.MENTEE, person__in=people)
        without = {row.person_id: row for row in rows}
    told = _told(program, places, without)
    look = Link(page_url("mentoring_matchingrun", run.pk), _("Look it over")) if run else None
    found = {}
    for place in places:
        key = place.person_id
        if key in asking:
            found[key] = Why([gettext("has asked a mentor, and waits for an answer")])
        elif key in drafts:
            said = gettext("proposed to %(name)s, and not told yet") % {"name": drafts[key]}
            found[key] = Why([said], look)
        elif told.get(key):
            found[key] = Why(told[key])
        elif run is None:
            found[key] = Why([gettext("no matching run was made yet")])
        else:
            found[key] = Why([gettext("not among those of the last matching run")])
    return found


def _told(
    program: Program, places: Sequence[Enrollment], without: Mapping[int, WithoutMatch]
) -> dict[int, list[str]]:
    """As the board of the run says it: why, and what would help."""
    why = {}
    for key, row in without.items():
        try:
            why[key] = read_unmatched(row.why) if row.why else None
        except (KeyError, TypeError, ValueError):
            # Written by another version.
            why[key] = None
    named = {
        key
        for each in why.values()
        if each
        for key in (*each.could_be_with, *([each.change.mentor] if each.change else []))
    }
    if not any(why.values()):
        return {}
    names = {person.pk: person.first_name for person in User.objects.filter(pk__in=named)}
    questions = dict(EnrollmentQuestion.objects.filter(program=program).values_list("code", "text"))

    def called(key: int) -> str:
        return names.get(key) or gettext("somebody who is no longer here")

    first_names = {place.person_id: place.person.first_name for place in places}
    return {
        key: [said for said in unmatched_in_two(each, first_names[key], called, questions) if said]
        for key, each in why.items()
        if each
    }


class Addresses(Section):
    """Whose mail came back. Whose mail was called unwanted is not among them: that is theirs."""

    key = "addresses"

    def _rows(self, programs: Sequence[Program]) -> QuerySet[Enrollment]:
        # From the addresses that do not work, which are few: asked of each person, it reads everybody there is.
        dead = suppression.dead_addresses().filter(person__erased_at=None).order_by()
        places = Enrollment.objects.filter(program__in=programs, status__in=Enrollment.IN)
        return places.filter(person__in=dead.values("person"))

    def counts(self, programs: Sequence[Program], now: datetime) -> Mapping[int, int]:
        return by_program(self._rows(programs))

    def said(self, number: int) -> str:
        return ngettext("%(words)s address does not work", "%(words)s addresses do not work", number) % {
            "words": in_words(number)
        }

    def need(self, program: Program, total: int, user: User, now: datetime) -> Need:
        places = self._rows([program]).select_related("person").order_by("person__name", "pk")[:MOST_ROWS]
        return Need(
            self.key,
            _("Addresses that do not work"),
            self.said(total),
            total,
            [
                Row(
                    str(place.person),
                    [place.person.email],
                    page_url("accounts_user", place.person_id),
                    place.person_id,
                    about=place.person,
                )
                for place in places
            ],
            Link(list_url("accounts_user", program, mail="dead"), _("These addresses in the list")),
            _(
                "Mail came back. Ask them some other way; they change their address themselves, in their settings."
            ),
            Deed(
                list_url("accounts_user", program),
                "write_again",
                _("Write again"),
                _("Write again to those that are ticked"),
            ),
        )
