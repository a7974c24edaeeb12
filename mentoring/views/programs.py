"""The programs that somebody is in, or may ask to join; each of them as its people see it; its logo and its color."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.media import files
from accounts.media.serving import shows_nothing_without
from accounts.models import User
from accounts.paging import page_of
from mentoring import logos, rules
from mentoring.forms import PauseForm
from mentoring.models import ApplicationDraft, Enrollment, Logo, Program
from mentoring.standing import Standing

# Each address of a logo means one picture, each of a stylesheet one color, for ever.
KEPT_FOR = 365 * 24 * 3600
# The parts of the list, in the order in which they stand.
MINE, OPEN, EARLIER = 1, 2, 3


@require_safe
def list_(request: AuthedRequest) -> HttpResponse:
    """One's own, those that are open to one, and one's own of earlier days: one list, with a page for each fifty."""
    user, now = request.user, clock.now()
    mine = Program.objects.visible_to(user)
    shows_archived = "archive" in request.GET
    if not shows_archived:
        mine = mine.unarchived()
    open_ones = Program.objects.open_to(user, now)
    over = Enrollment.objects.visible_to(user).over(now.date()).filter(program=OuterRef("pk"))
    programs = Program.objects.filter(
        Q(pk__in=mine.values("pk")) | Q(pk__in=open_ones.values("pk"))
    ).annotate(
        part=Case(
            When(pk__in=open_ones.values("pk"), then=Value(OPEN)),
            When(Exists(over), then=Value(EARLIER)),
            default=Value(MINE),
        )
    )
    page = page_of(request, programs.order_by("part", "name", "pk"))
    rows = list(page.object_list)
    places = {
        place.program_id: place for place in Enrollment.objects.visible_to(user).filter(program__in=rows)
    }
    drafts = ApplicationDraft.objects.visible_to(user).select_related("program").defer("typed")
    begun = {draft.program_id: draft for draft in drafts.order_by("program__name")}
    for program in rows:
        place = places.get(program.pk)
        program.place = None if place is None or place.said_no else place
        program.draft = begun.get(program.pk)
    archived = Program.objects.visible_to(user).filter(status=Program.Status.ARCHIVED)
    context: dict[str, Any] = {
        "page": page,
        "programs": rows,
        "shows_archived": shows_archived,
        "has_archived": not shows_archived and archived.exists(),
        "stale": _no_longer_open(begun, open_ones),
    }
    return render(request, "mentoring/program_list.html", context)


def _no_longer_open(
    begun: dict[int, ApplicationDraft], open_ones: QuerySet[Program]
) -> list[ApplicationDraft]:
    """Drafts of programs that nobody can apply to any more: nothing else leads to them."""
    still = set(open_ones.filter(pk__in=begun).values_list("pk", flat=True)) if begun else set()
    return [draft for number, draft in begun.items() if number not in still]


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    program = Program.objects.visible_to(request.user).filter(pk=pk).first()
    if program is None:
        # Whoever was given its address finds the way in, where there is one.
        get_object_or_404(Program.objects.open_to(request.user, clock.now()), pk=pk)
        return redirect("programs:apply", pk)
    return program_page(request, place_in(request.user, program))


def visible_place(user: User, pk: int) -> Enrollment:
    """Their place in that program. Raises Http404 for whoever has none."""
    return place_in(user, get_object_or_404(Program.objects.visible_to(user), pk=pk))


def place_in(user: User, program: Program) -> Enrollment:
    place = Enrollment.objects.visible_to(user).get(program=program)
    place.program, place.person = program, user
    return place


def program_page(request: AuthedRequest, place: Enrollment, form: PauseForm | None = None) -> HttpResponse:
    """The program's page, with the form for a pause as it stands."""
    now = clock.now()
    context = {
        "standing": Standing(place, now),
        "form": form or PauseForm(program=place.program, now=now),
        "may_apply": rules.may_apply(request.user, place.program, place, now),
        "may_change": rules.may_change_place(place, now),
        "may_pause": rules.may_pause_place(place, now),
        "may_come_back": rules.may_come_back(place, now),
        "may_withdraw": rules.may_withdraw(place),
        "may_answer_offer": rules.may_answer_offer(place, now),
    }
    return render(request, "mentoring/program_detail.html", context)


@login_not_required
@require_safe
@shows_nothing_without
def logo(request: HttpRequest, key: str) -> HttpResponseBase:
    """Always a WebP that we made, to be shown and nothing else.

    Whoever holds an invitation is not signed in yet, so the random name is what opens it: 128 bits, new with each logo,
    found only on pages of those who may see the program or are invited to it. And a logo is no secret of a person.
    """
    program = get_object_or_404(Program.objects.with_logo(key))
    etag = f'"{key}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        picture = get_object_or_404(Logo, program=program)
        content = files.read(picture.content, picture.stored_as)
        response = HttpResponse(content, content_type=logos.CONTENT_TYPE)
    response["ETag"] = etag
    response["Cache-Control"] = f"private, max-age={KEPT_FOR}, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_not_required
@require_safe
def accent(request: HttpRequest, digits: str) -> HttpResponse:
    """A stylesheet of one line, since our pages take no style from within. It says nothing of any program, so anybody
    may have it."""
    response = HttpResponse(
        f":root {{ --program-accent: #{digits}; }}\n", content_type="text/css; charset=utf-8"
    )
    response["Cache-Control"] = f"public, max-age={KEPT_FOR}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
