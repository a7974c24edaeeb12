"""The review board: a run's pairs, looked at and changed before anybody is told."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, cast

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock
from accounts.models import User
from accounts.paging import page_of
from mentoring import actions, publications
from mentoring.actions import Refused, board
from mentoring.board import comparing, effects
from mentoring.board.cards import cards
from mentoring.board.choosing import choices
from mentoring.board.strength import Figures, Scale, Strength, figures
from mentoring.board.without import alone, is_live, today
from mentoring.models import Enrollment, MatchingRun, Program, ProposedPair, RuledOut
from mentoring.runs import queue

from .scoped import ProgramScopedAdmin

State = MatchingRun.State
# What the address of a board may say.
ASKED_FOR = ("show", "q", "page", "without")
MOST_RUNS = 50
MOST_RULED_OUT = 50
read_or_sent = require_http_methods(["GET", "HEAD", "POST"])


class ReviewsPairs(ProgramScopedAdmin):
    def urls_of_board(self) -> list[URLPattern]:
        def of(view: Callable[..., HttpResponseBase], at: str, name: str) -> URLPattern:
            return path(at, self.admin_site.admin_view(view), name=f"mentoring_matchingrun_{name}")

        return [
            of(self.progress, "<int:pk>/progress/", "progress"),
            of(self.lock, "<int:pk>/lock/", "lock"),
            of(self.move, "<int:pk>/move/", "move"),
            of(self.choose, "<int:pk>/choose/<int:mentee>/", "choose"),
            of(self.rule_out, "<int:pk>/rule-out/", "rule_out"),
            of(self.allow_again, "<int:pk>/allow-again/", "allow_again"),
            of(self.again, "<int:pk>/again/", "again"),
            of(self.leave, "<int:pk>/leave/", "leave"),
            of(self.compare, "<int:pk>/compare/", "compare"),
        ]

    def run_of(self, request: HttpRequest, pk: object) -> MatchingRun:
        """Of one's own programs; anything else is not there."""
        found = self.get_queryset(request).select_related("program", "created_by", "after")
        run: MatchingRun | None = found.filter(pk=pk).first() if number_in(str(pk)) is not None else None
        if run is None:
            raise Http404
        return run

    def page(self, request: HttpRequest, template: str, title: Any, **context: Any) -> TemplateResponse:
        found = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": title,
            **context,
        }
        return TemplateResponse(request, f"admin/mentoring/matchingrun/{template}.html", found)

    def board_of(self, run: MatchingRun, asked: str = "", mentee: int | None = None) -> HttpResponse:
        """Back to where one was on it."""
        kept = QueryDict(mutable=True)
        sent = QueryDict(asked[:500])
        kept.update({name: sent[name] for name in ASKED_FOR if name in sent})
        url = reverse("admin:mentoring_matchingrun_change", args=[run.pk])
        part = f"#mentee-{mentee}" if mentee is not None else ""
        return redirect(f"{url}{'?' if kept else ''}{kept.urlencode()}{part}")

    # --- Where a run stands

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        run = self.run_of(request, object_id)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        if run.state == State.MAKING:
            return self.page(request, "progress", _("The best pairs are being looked for"), run=run)
        if run.state == State.FAILED or (run.state == State.LEFT and not run.matched and not run.mentees):
            title = _("No pairs were found") if run.state == State.FAILED else _("This run was put away")
            return self.page(request, "over", title, run=run)
        return self.board(request, run)

    @method_decorator(require_safe)
    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The part of the page that says how far it is; 204 once it has come to an end."""
        run = self.run_of(request, pk)
        if run.state != State.MAKING:
            return HttpResponse(status=204)
        return TemplateResponse(request, "admin/mentoring/matchingrun/stage.html", {"run": run})

    def board(self, request: HttpRequest, run: MatchingRun) -> HttpResponse:
        now, found = clock.now(), figures(run)
        as_of_today = cache(lambda: today(run, now))
        asked = request.GET.get("show", "")
        chips = _chips(found, asked)
        show = asked if asked in {value for value, _label, _number in chips} else ""
        called = request.GET.get("q", "").replace("\0", "").strip()[:100]
        pairs = page_of(request, _shown(run, show, called))
        # Mentees come before mentors.
        rows = run.without.select_related("person").order_by("side", "person__name", "pk")
        without = page_of(request, rows, name="without")
        return self.page(
            request,
            "board",
            gettext("Proposed pairs"),
            run=run,
            figures=found,
            chips=chips,
            show=show,
            called=called,
            pairs=pairs,
            cards=cards(run, list(pairs), now),
            without=without,
            alone=alone(run, list(without), as_of_today),
            is_running=run.program.status not in Program.OVER,
            is_open=run.state == State.MADE and run.program.status not in Program.OVER,
            # With some told, today's people are others in any case.
            is_stale=is_live(run) and not found.told and as_of_today()[0].fingerprint != run.fingerprint,
            lost=max(0, run.mentees - found.pairs - found.mentees_without),
            others=list(_others(run)[:MOST_RUNS]),
            ruled_out=list(_ruled_out(run)[:MOST_RULED_OUT]),
            asked=request.GET.urlencode(),
            **publications.beside(run),
        )

    # --- Acts that show first what they mean

    @method_decorator(read_or_sent)
    def move(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another mentor for a mentee (`to` is "m" and the mentor's number), nobody ("none"), or the mentor of another
        mentee, who gets theirs ("s" and that one's number)."""
        run = self.run_of(request, pk)
        sent = request.POST if request.method == "POST" else request.GET
        if "mentee" not in sent:
            return self.board_of(run)
        theirs = self.mentee_in(run, number_in(sent.get("mentee", "")))
        to = sent.get("to", "")
        if to != "none" and to[:1] not in ("m", "s"):
            messages.warning(request, gettext("Choose another mentor first."))
            return self.board_of(run, sent.get("asked", ""), theirs.pk)
        other = None if to == "none" else self.person_in(run, number_in(to[1:]))
        if request.method == "POST":
            return self.moved(request, run, theirs, other, is_swap=to[:1] == "s")
        now = clock.now()
        if other is not None and to[:1] == "s":
            effect = effects.of_swap(run, theirs.pk, other.pk, now)
        else:
            effect = effects.of_move(run, theirs.pk, other.pk if other else None, now)
        return self.asking(request, run, effect, mentee=theirs, to=to)

    def moved(
        self, request: HttpRequest, run: MatchingRun, mentee: User, other: User | None, *, is_swap: bool
    ) -> HttpResponse:
        def act() -> None:
            seen = _seen(request)
            if is_swap and other is not None:
                board.swap_mentees(run, mentee, other, **by(request), seen=seen)
            else:
                board.move_mentee(run, mentee, other, **by(request), seen=seen)

        logged = gettext("A pair was changed by hand.")
        said = _moved(mentee, other)
        if is_swap and other is not None:
            rows = run.pairs.filter(mentee__in=[mentee.pk, other.pk]).select_related("mentor")
            said = _swapped(mentee, other, {row.mentee_id: row.mentor for row in rows})
            logged = gettext("Two pairs were changed by hand.")
        return self.done(request, run, act, logged, mentee.pk, said=said)

    @method_decorator(read_or_sent)
    def rule_out(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(request, pk)
        if request.method == "GET" and "pair" not in request.GET:
            return self.board_of(run)
        pair = self.pair_in(run, request)
        if request.method == "POST":
            logged = gettext("Two people were ruled out as a pair.")
            said = gettext("%(mentee)s and %(mentor)s are never proposed to each other.") % named(pair)
            return self.done(
                request, run, lambda: board.rule_out(pair, **by(request)), logged, pair.mentee_id, said=said
            )
        return self.asking(request, run, effects.of_ruling_out(pair, clock.now()), pair=pair)

    @method_decorator(read_or_sent)
    def leave(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(request, pk)
        if request.method != "POST":
            return self.page(request, "leave", _("Put this run away?"), run=run, figures=figures(run))
        return self.done(
            request, run, lambda: actions.leave_run(run, **by(request)), gettext("The run is put away.")
        )

    def asking(
        self, request: HttpRequest, run: MatchingRun, effect: effects.InWords, **context: Any
    ) -> HttpResponse:
        """The page with what it would mean, and the button."""
        asked = request.GET.get("asked", "")
        return self.page(request, "effect", effect.title, run=run, effect=effect, asked=asked, **context)

    # --- Acts at once

    @method_decorator(require_POST)
    def lock(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(request, pk)
        pair = self.pair_in(run, request)
        user = cast("User", request.user)
        if request.POST.get("do") == "unlock":
            act, logged = (lambda: board.unlock_pair(pair, by=user)), gettext("A pair was unlocked.")
            said = gettext("%(mentee)s and %(mentor)s are no longer locked.")
        else:
            act, logged = (lambda: board.lock_pair(pair, by=user)), gettext("A pair was locked.")
            said = gettext("%(mentee)s and %(mentor)s are locked.")
        return self.done(request, run, act, logged, pair.mentee_id, said=said % named(pair))

    @method_decorator(require_POST)
    def allow_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(request, pk)
        asked = number_in(request.POST.get("ruled_out", ""))
        row = _ruled_out(run).filter(pk=asked).first() if asked is not None else None
        if row is None:
            raise Http404
        user = cast("User", request.user)
        logged = gettext("Two people who were ruled out may be proposed again.")
        said = gettext("%(mentee)s and %(mentor)s may be proposed to each other again.") % named(row)
        return self.done(request, run, lambda: board.allow_again(row, by=user), logged, said=said)

    @method_decorator(require_POST)
    def again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another run for the program; the locked pairs of this one stay, where it was made."""
        run, now = self.run_of(request, pk), clock.now()
        after = run if run.state in (State.MADE, State.LEFT) else None
        try:
            new = actions.start_run(run.program, by=cast("User", request.user), now=now, after=after)
            queue.begin(new, now=now)
        except Refused as no:
            messages.warning(request, str(no))
            return self.board_of(run)
        self.log_addition(request, new, [{"added": {}}])
        return self.board_of(new)

    def done(
        self,
        request: HttpRequest,
        run: MatchingRun,
        act: Callable[[], object],
        logged: str,
        mentee: int | None = None,
        *,
        said: str = "",
    ) -> HttpResponse:
        """Act, note it in the admin's log without saying of whom, and go back, where `said` (else the same) is read."""
        try:
            act()
        except Refused as no:
            messages.warning(request, str(no))
        else:
            self.log_change(request, run, logged)
            messages.success(request, said or logged)
        return self.board_of(run, request.POST.get("asked", ""), mentee)

    # --- Looking further

    @method_decorator(require_safe)
    def choose(self, request: HttpRequest, pk: int, mentee: int) -> HttpResponse:
        """All mentors for one mentee of the run, the best first."""
        run = self.run_of(request, pk)
        place = (
            Enrollment.objects.filter(program=run.program_id, person=mentee).select_related("person").first()
        )
        is_in_it = ProposedPair.objects.filter(run=run).draft().filter(mentee=mentee).exists()
        if place is None or not (is_in_it or run.without.filter(person=mentee, side="mentee").exists()):
            raise Http404
        called = request.GET.get("q", "").replace("\0", "").strip()[:100]
        page = page_of(request, choices(run, place, clock.now(), called=called))
        title = gettext("A mentor for %(name)s") % {"name": place.person.first_name}
        return self.page(request, "choose", title, run=run, place=place, page=page, called=called)

    @method_decorator(require_safe)
    def compare(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(request, pk)
        other = number_in(request.GET.get("with", ""))
        if other is None:
            return self.board_of(run)
        there = _others(run).filter(pk=other).first()
        if there is None:
            raise Http404
        page = page_of(request, comparing.differing(run, there))
        return self.page(
            request,
            "compare",
            _("Two runs side by side"),
            run=run,
            there=there,
            one=figures(run),
            other=figures(there),
            criteria=comparing.criteria_that_differ(run, there),
            page=page,
            rows=comparing.names(page, run, there),
        )

    # --- What an address may be about

    def pair_in(self, run: MatchingRun, request: HttpRequest) -> ProposedPair:
        asked = number_in((request.POST if request.method == "POST" else request.GET).get("pair", ""))
        rows = ProposedPair.objects.filter(run=run).with_people()
        pair = rows.filter(pk=asked).first() if asked is not None else None
        if pair is None:
            raise Http404
        pair.run = run
        return pair

    def mentee_in(self, run: MatchingRun, pk: int | None) -> User:
        """Whom the run has as a mentee, with somebody or without."""
        with_somebody = run.pairs.filter(mentee=pk).order_by().values("mentee")
        without = run.without.filter(person=pk, side="mentee").order_by().values("person")
        rows = User.objects.filter(Q(pk__in=with_somebody) | Q(pk__in=without))
        person: User | None = rows.first() if pk is not None else None
        if person is None:
            raise Http404
        return person

    def person_in(self, run: MatchingRun, pk: int | None) -> User:
        """Somebody of the program, whom those who run it know by name."""
        rows = Enrollment.objects.filter(program=run.program_id).exclude(status__in=Enrollment.NOT_IN)
        place = rows.filter(person=pk).select_related("person").first() if pk is not None else None
        if place is None:
            raise Http404
        return place.person


def number_in(text: str) -> int | None:
    """The key of a row, as the database takes it; ² is a digit too, and no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def by(request: HttpRequest) -> dict[str, Any]:
    return {"by": cast("User", request.user), "now": clock.now()}


def named(two: ProposedPair | RuledOut) -> dict[str, str]:
    return {"mentee": two.mentee.first_name, "mentor": two.mentor.first_name}


def _moved(mentee: User, mentor: User | None) -> str:
    if mentor is None:
        return gettext("%(mentee)s is without a match now.") % {"mentee": mentee.first_name}
    said = gettext("%(mentee)s is now with %(mentor)s.")
    return said % {"mentee": mentee.first_name, "mentor": mentor.first_name}


def _swapped(one: User, other: User, mentors: Mapping[int, User]) -> str:
    """`mentors` are those of the two before."""
    mine, theirs = mentors.get(one.pk), mentors.get(other.pk)
    said = (
        gettext("Swapped: %(one)s is now with %(theirs)s, and %(other)s with %(mine)s.")
        if mine
        else gettext("%(one)s is now with %(theirs)s, and %(other)s is without a match.")
    )
    return said % {
        "one": one.first_name,
        "other": other.first_name,
        "mine": mine.first_name if mine else "",
        "theirs": theirs.first_name if theirs else "",
    }


def _seen(request: HttpRequest) -> dict[int, int | None]:
    """Whom each mentee was with on the page that is confirmed: "12:34", or "12:" for nobody."""
    pairs = (each.partition(":") for each in request.POST.getlist("seen"))
    return {
        int(mentee): number_in(mentor) for mentee, _colon, mentor in pairs if number_in(mentee) is not None
    }


def _chips(found: Figures, asked: str) -> list[tuple[str, Any, int]]:
    """All, each group that somebody is in, and the one that is asked for."""
    groups: list[tuple[str, Any, int]] = [
        ("", _("All"), found.pairs),
        (Strength.STRONG.value, _("Strong"), found.strong),
        (Strength.GOOD.value, _("Good"), found.good),
        (Strength.THIN.value, _("Thin"), found.thin),
        ("locked", _("Locked"), found.locked),
        ("told", _("Told"), found.told),
    ]
    return [group for group in groups if group[2] or group[0] in ("", asked)]


def _shown(run: MatchingRun, show: str, called: str) -> QuerySet[ProposedPair]:
    """By the names of the mentees: a pair that is changed stays where it was."""
    rows = ProposedPair.objects.filter(run=run).select_related("mentor", "mentee", "publication", "pairing")
    if show in Strength.values:
        rows = rows.filter(Scale(run.best_fit).has(Strength(show)))
    elif show == "locked":
        rows = rows.draft().filter(is_locked=True)
    elif show == "told":
        rows = rows.filter(publication__isnull=False)
    if called:
        rows = rows.filter(Q(mentee__name__icontains=called) | Q(mentor__name__icontains=called))
    return rows.order_by("mentee__name", "pk")


def _others(run: MatchingRun) -> QuerySet[MatchingRun]:
    """What this run can be compared with: others of its program that came to something."""
    rows = MatchingRun.objects.filter(
        program=run.program_id, state__in=[State.MADE, State.LEFT], mentees__gt=0
    )
    return rows.exclude(pk=run.pk).select_related("program", "created_by").order_by("-created_at", "-pk")


def _ruled_out(run: MatchingRun) -> QuerySet[RuledOut]:
    """By those who run the program. What the two found themselves is shown on no board."""
    rows = RuledOut.objects.filter(program=run.program_id, because=RuledOut.Because.ADMINS)
    return rows.select_related("mentor", "mentee")
