"""The reflection of a quarter: its door, reading it over, finishing it."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.http import AuthedRequest
from accounts.paging import page_of
from reflections import actions, rules, who_reads
from reflections.actions import Refused
from reflections.desk import Desk, Door
from reflections.forms import ReviewForm
from reflections.models import Answer, Reflection, Round


def index(request: AuthedRequest) -> HttpResponse:
    """Quarters of archived programs with `?archive=1` only; a link leads there where there are any."""
    today = clock.now().astimezone(request.user.zone).date()
    mine = Prefetch("reflections", Reflection.objects.visible_to(request.user), to_attr="mine")
    rounds = (
        Round.objects.visible_to(request.user)
        .filter(opens_on__lte=today)
        .select_related("program")
        .prefetch_related(mine)
        .order_by("-quarter_start", "program__name", "pk")
    )
    is_archive = "archive" in request.GET
    if is_archive:
        page = page_of(request, rounds.archived())
    else:
        page = page_of(request, rounds.unarchived().filter(closes_on__lt=today))
    context = {
        "open_rounds": [] if is_archive else list(rounds.unarchived().open_on(today)),
        "page": page,
        "is_archive": is_archive,
        "has_archive": is_archive or rounds.archived().exists(),
        "today": today,
        "now": clock.now(),
    }
    return render(request, "reflections/reflection_list.html", context)


def desk_for(request: AuthedRequest, pk: int) -> Desk:
    """The desk for a round that asks, or asked, whoever is signed in. Raises Http404 for any other."""
    rounds = Round.objects.visible_to(request.user).select_related("program")
    return Desk(
        person=request.user,
        round=get_object_or_404(rounds, pk=pk),
        door=Door.named(request.GET.get("set")),
    )


def writing_desk_for(request: AuthedRequest, pk: int) -> Desk:
    """As `desk_for`, for a round that has opened."""
    desk = desk_for(request, pk)
    if not rules.may_answer(desk.round, clock.now().astimezone(request.user.zone).date()):
        raise Http404
    return desk


def door(request: AuthedRequest, pk: int) -> HttpResponse:
    """What this is and who reads it, before anything is begun: opening the page changes nothing."""
    desk = desk_for(request, pk)
    now = clock.now()
    today = now.astimezone(request.user.zone).date()
    return render(
        request,
        "reflections/reflection_open.html",
        {
            "desk": desk,
            "line_url": desk.through(Door.LINE).first_url,
            "short_url": desk.through(Door.SHORT).first_url,
            "rough_url": desk.through(Door.ROUGH).first_url,
            "has_opened": rules.may_answer(desk.round, today),
            "is_late": desk.round.due_on < today,
            "today": today,
            "now": now,
        },
    )


@require_POST
def decline(request: AuthedRequest, pk: int) -> HttpResponse:
    desk = writing_desk_for(request, pk)
    actions.decline_reflection(request.user, desk.round, now=clock.now())
    if desk.is_finished:
        return redirect(desk.done_url)
    return redirect("reflections:open", pk)


def review(request: AuthedRequest, pk: int) -> HttpResponse:
    desk = writing_desk_for(request, pk)
    if desk.is_finished:
        return redirect(desk.done_url)
    return _review_page(request, desk)


def _review_page(request: AuthedRequest, desk: Desk) -> HttpResponse:
    form = ReviewForm(initial={"shown": desk.shown})
    return render(
        request,
        "reflections/reflection_review.html",
        {"desk": desk, "form": form, "rail": desk.rail(), "groups": desk.read_by()},
    )


@require_POST
def submit(request: AuthedRequest, pk: int) -> HttpResponse:
    desk = writing_desk_for(request, pk)
    form = ReviewForm(request.POST)
    if desk.reflection is None or not desk.written or not form.is_valid():
        return redirect(desk.review_url)
    share = request.POST.get("finish") == "share"
    try:
        finished = actions.submit_reflection(
            desk.reflection,
            by=request.user,
            share=share,
            shown=form.cleaned_data["shown"],
            delete_aside=form.cleaned_data["aside"] == "delete",
            now=clock.now(),
        )
    except Refused as error:
        messages.warning(request, str(error))
        return redirect(desk.review_url)
    if finished and form.cleaned_data["aside"] == "delete":
        messages.success(request, _("What you set aside has been deleted."))
    return redirect(desk.done_url)


def done(request: AuthedRequest, pk: int) -> HttpResponse:
    desk = desk_for(request, pk)
    if not desk.is_finished:
        return redirect("reflections:open", pk)
    if desk.is_of_a_rough_quarter:
        return redirect(desk.rough_url)
    waits = who_reads.said_of_each(desk.written)
    rows = [
        {"answer": answer, "readers": readers, "words": desk.in_words(readers), "waits": waits[answer.pk]}
        for answer in desk.written
        for readers in [desk.readers_of(answer)]
    ]
    unanswered = desk.carry_on_url if len(rows) < len(desk.questions) else ""
    return render(
        request,
        "reflections/reflection_done.html",
        {"desk": desk, "rows": rows, "unanswered": unanswered, "now": clock.now()},
    )


def shared(request: AuthedRequest, pk: int) -> HttpResponse:
    """What members let everyone in the program read of this quarter."""
    round = desk_for(request, pk).round
    answers = (
        Answer.objects.on_the_wall(request.user)
        .filter(reflection__round=round)
        .select_related("question", "reflection__person")
        .order_by("-reflection__submitted_at", "reflection", "pk")
    )
    page = page_of(request, answers.with_those_in_the_way())
    return render(request, "reflections/reflection_shared.html", {"round": round, "page": page})
