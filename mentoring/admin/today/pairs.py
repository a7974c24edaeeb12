"""Pairs, and those who are about to be one: requests, pairs gone quiet, what people asked for, runs to look at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar
from urllib.parse import urlencode

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.templatetags.best import in_words, month_day
from mentoring import signs
from mentoring.models import (
    FitCheck,
    MatchingRun,
    Meeting,
    Pairing,
    PairingRequest,
    Program,
    ProposedPair,
    Silence,
    Step,
)

from .needs import MOST_ROWS, Deed, Link, Need, Row, Section, list_url, page_url
from .people import by_program

State = PairingRequest.State
SOON = timedelta(days=4)


class Requests(Section):
    """Those that wait for whoever runs the program, and those that run out in a few days."""

    key = "requests"

    def _rows(self, programs: Sequence[Program], now: datetime) -> QuerySet[PairingRequest]:
        ends_soon = Q(state=State.ASKED, pairing__answer_by__lte=now + SOON)
        return PairingRequest.objects.filter(Q(state=State.CHECKED) | ends_soon, program__in=programs)

    def counts(self, programs: Sequence[Program], now: datetime) -> Mapping[int, int]:
        return by_program(self._rows(programs, now))

    def said(self, number: int) -> str:
        return ngettext(
            "%(words)s request waits for you or is about to end",
            "%(words)s requests wait for you or are about to end",
            number,
        ) % {"words": in_words(number)}

    def need(self, program: Program, total: int, user: User, now: datetime) -> Need:
        found = self._rows([program], now).with_people().order_by("pairing__answer_by", "created_at", "pk")  # type: ignore[attr-defined]
        return Need(
            self.key,
            _("Requests for a mentor"),
            self.said(total),
            total,
            [self._row(asked) for asked in found[:MOST_ROWS]],
            Link(list_url("mentoring_pairingrequest", program), _("Requests in the list")),
            deed=Deed(
                list_url("mentoring_pairingrequest", program),
                "pass_on",
                _("Pass on"),
                _("Pass on those that are ticked"),
            ),
        )

    def _row(self, asked: PairingRequest) -> Row:
        who = gettext("%(mentee)s asks %(mentor)s") % {"mentee": asked.mentee, "mentor": asked.mentor}
        url = page_url("mentoring_pairingrequest", asked.pk)
        if asked.state == State.CHECKED:
            return Row(who, [gettext("waits for you to pass it on")], url, asked.pk, about=asked)
        ends = asked.pairing.answer_by if asked.pairing else None
        said = gettext("may be answered until %(day)s") % {"day": month_day(ends)} if ends else ""
        return Row(who, [said] if said else [], url, step=Link(url, _("Look at it")), about=asked)


@dataclass(frozen=True)
class Spark:
    """Meetings of a pair that were planned, on a line of the last weeks; and nothing since."""

    said: str
    dots: Sequence[float]

    WIDTH: ClassVar = 168
    DAYS: ClassVar = 112

    @property
    def since(self) -> float:
        return self.dots[-1] if self.dots else 4


class Quiet(Section):
    """Pairs of which nothing was heard for six weeks, when both had been asked twice whether they are in touch.

    It is the pair that is named. Which of the two did not answer is told nowhere, nor what would have been a sign.
    """

    key = "quiet"

    def _asked(self, programs: Sequence[Program]) -> QuerySet[Silence]:
        return signs.of_pairs_gone_quiet().filter(pairing__program__in=programs)

    def counts(self, programs: Sequence[Program], now: datetime) -> Mapping[int, int]:
        found = self._asked(programs).order_by().values_list("pairing__program", "pairing").distinct()
        number: defaultdict[int, int] = defaultdict(int)
        for program, _pairing in found:
            number[program] += 1
        return number

    def said(self, number: int) -> str:
        return ngettext("%(words)s pair has gone quiet", "%(words)s pairs have gone quiet", number) % {
            "words": in_words(number)
        }

    def need(self, program: Program, total: int, user: User, now: datetime) -> Need:
        asked = self._asked([program]).order_by().values("pairing").annotate(quiet_since=Min("since"))
        since = dict(
            asked.order_by("quiet_since", "pairing").values_list("pairing", "quiet_since")[:MOST_ROWS]
        )
        pairings = {each.pk: each for each in Pairing.objects.filter(pk__in=since).with_people()}
        sparks = _sparks(program, list(since), now)
        return Need(
            self.key,
            _("Pairs gone quiet"),
            self.said(total),
            total,
            [
                Row(
                    str(pairings[pk]),
                    [_for_how_long(day, program.today(now))],
                    page_url("mentoring_pairing", pk),
                    pk,
                    step=Link(_write_to(pk), _("Write to both")),
                    about=pairings[pk],
                    picture=sparks[pk],
                )
                for pk, day in since.items()
            ],
            Link(list_url("mentoring_pairing", program, quiet="yes"), _("These pairs in the list")),
            _(
                "Nothing was heard of them for six weeks or more, and both were asked twice. They may well be meeting "
                "somewhere else. The dots are meetings that were planned."
            ),
            Deed(
                list_url("mentoring_pairing", program),
                "pause",
                _("Let it rest"),
                _("Let those rest that are ticked"),
            ),
        )


def _write_to(pk: int) -> str:
    return f"{reverse('admin:mentoring_announcement_add')}?{urlencode({'pairing': pk})}"


def _for_how_long(day: date, today: date) -> str:
    weeks = (today - day).days // 7
    return ngettext("for %(words)s week", "for %(words)s weeks", weeks) % {"words": in_words(weeks)}


def _sparks(program: Program, pairings: Sequence[int], now: datetime) -> dict[int, Spark]:
    """From the meetings that the admin lists anyway. Whether the two met is theirs."""
    begins = now - timedelta(days=Spark.DAYS)
    rows = Meeting.objects.past(now).filter(pairing__in=pairings, starts_at__gt=begins).order_by("starts_at")
    days = defaultdict(list)
    for pk, at in rows.values_list("pairing", "starts_at"):
        share = (at - begins) / timedelta(days=Spark.DAYS)
        days[pk].append(round(6 + share * (Spark.WIDTH - 12), 1))
    return {pk: Spark(_met(len(days[pk])), days[pk]) for pk in pairings}


def _met(number: int) -> str:
    if not number:
        return gettext("No meeting was planned in the last sixteen weeks")
    return ngettext(
        "%(words)s meeting was planned in the last sixteen weeks, then none",
        "%(words)s meetings were planned in the last sixteen weeks, then none",
        number,
    ) % {"words": in_words(number)}


class Rematch(Section):
    """Those who said that it is no fit."""

    key = "rematch"

    def _rows(self, programs: Sequence[Program]) -> QuerySet[FitCheck]:
        return FitCheck.objects.to_rematch().filter(pairing__program__in=programs, answered_at__isnull=False)

    def counts(self, programs: Sequence[Program], now: datetime) -> Mapping[int, int]:
        return by_program(self._rows(programs), "pairing__program")

    def said(self, number: int) -> str:
        return ngettext(
            "%(words)s person said that a pair is no fit",
            "%(words)s people said that a pair is no fit",
            number,
        ) % {"words": in_words(number)}

    def need(self, program: Program, total: int, user: User, now: datetime) -> Need:
        found = self._rows([program]).with_people().order_by("answered_at", "pk")[:MOST_ROWS]  # type: ignore[attr-defined]
        return Need(
            self.key,
            _("To be re-matched"),
            self.said(total),
            total,
            [
                Row(
                    str(check.pairing),
                    [
                        gettext("%(name)s said so on %(day)s")
                        % {"name": check.person.first_name, "day": _day(check.answered_at)}
                    ],
                    page_url("mentoring_fitcheck", check.pk),
                    check.pk,
                    about=check.pairing,
                )
                for check in found
            ],
            Link(list_url("mentoring_fitcheck", program, rematch="waits"), _("These answers in the list")),
            _("The other one of the two does not know. What was written is on the page behind each pair."),
            Deed(
                list_url("mentoring_fitcheck", program),
                "end_for_another",
                _("End it, and look anew"),
                _("End those that are ticked, and look anew"),
            ),
        )


class AskedFor(Section):
    """What people said should come next when they paused or ended a pairing. Why they did it is sealed."""

    key = "asked"

    def _rows(self, programs: Sequence[Program]) -> QuerySet[Step]:
        return Step.objects.to_see_to().filter(pairing__program__in=programs).defer("reason")

    def counts(self, programs: Sequence[Program], now: datetime) -> Mapping[int, int]:
        return by_program(self._rows(programs), "pairing__program")

    def said(self, number: int) -> str:
        return ngettext(
            "%(words)s person asked you for something", "%(words)s people asked you for something", number
        ) % {"words": in_words(number)}

    def need(self, program: Program, total: int, user: User, now: datetime) -> Need:
        rows = self._rows([program]).select_related("person", "pairing__mentor", "pairing__mentee")
        everything = reverse("admin:mentoring_pairing_next_steps")
        return Need(
            self.key,
            _("People who asked for something"),
            self.said(total),
            total,
            [
                Row(
                    str(step.person),
                    [
                        step.get_next_step_display(),
                        gettext("when leaving off with: %(pair)s") % {"pair": step.pairing},
                    ],
                    page_url("mentoring_pairing", step.pairing_id),
                    post=Link(
                        reverse("admin:mentoring_pairing_next_steps_seen_to", args=[step.pk]), _("Seen to")
                    ),
                    about=step.pairing,
                )
                for step in rows.order_by("created_at", "pk")[:MOST_ROWS]
            ],
            Link(everything, _("What should come next")),
        )


class Runs(Section):
    """Pairs that a matching run proposes and nobody has been told of: of the last run of each program."""

    key = "runs"

    def _rows(self, programs: Sequence[Program]) -> QuerySet[MatchingRun]:
        later = MatchingRun.objects.made().filter(program=OuterRef("program"), pk__gt=OuterRef("pk"))
        drafts = ProposedPair.objects.filter(run=OuterRef("pk")).draft()
        return MatchingRun.objects.made().filter(Exists(drafts), ~Exists(later), program__in=programs)

    def counts(self, programs: Sequence[Program], now: datetime) -> Mapping[int, int]:
        return by_program(self._rows(programs))

    def said(self, number: int) -> str:
        return ngettext(
            "%(words)s matching run waits to be looked over",
            "%(words)s matching runs wait to be looked over",
            number,
        ) % {"words": in_words(number)}

    def need(self, program: Program, total: int, user: User, now: datetime) -> Need:
        rows = self._rows([program]).select_related("created_by")[:MOST_ROWS]
        return Need(
            self.key,
            _("Proposed pairs"),
            self.said(total),
            total,
            [
                Row(
                    gettext("Made on %(day)s") % {"day": _day(run.created_at)},
                    [
                        ngettext("%(number)d pair was found", "%(number)d pairs were found", run.matched)
                        % {"number": run.matched},
                        gettext("nobody is told before you publish them"),
                    ],
                    page_url("mentoring_matchingrun", run.pk),
                    step=Link(page_url("mentoring_matchingrun", run.pk), _("Look them over")),
                    about=run,
                )
                for run in rows
            ],
            Link(list_url("mentoring_matchingrun", program), _("Matching runs in the list")),
        )


def _day(when: datetime | None) -> str:
    return month_day(timezone.localtime(when)) if when else ""
