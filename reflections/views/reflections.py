"""The reflection of a quarter: its door, reading it over, finishing it."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import User
from accounts.paging import page_of
from accounts.vault import data_keys
from reflections import actions, rules, telling, who_reads
from reflections.actions import Refused
from reflections.desk import Desk, Door
from reflections.forms import ReviewForm
from reflections.forms.review import LATER, SHARE
from reflections.models import Answer, Reflection, Round
from reflections.notes_received import notes_of_the_quarter
from reflections.read_by import in_words, said_to_have_read
from reflections.review import Review
from reflections.shelf import shelves


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
    return _review_page(request, ReviewForm(review=Review(desk)))


def _review_page(request: AuthedRequest, form: ReviewForm) -> HttpResponse:
    desk = form.review.desk
    return render(
        request,
        "reflections/reflection_review.html",
        {"desk": desk, "form": form, "review": form.review, "rail": desk.rail(), "groups": form.groups()},
    )


@require_POST
@sensitive_post_parameters()
def submit(request: AuthedRequest, pk: int) -> HttpResponse:
    """Finished, or with the button that says so only who reads what is kept, and the page stays a draft."""
    desk = writing_desk_for(request, pk)
    form = ReviewForm(request.POST, review=Review(desk))
    if desk.reflection is None or desk.is_finished or form.review.is_empty:
        return redirect(desk.done_url if desk.is_finished else desk.review_url)
    if not form.is_valid():
        return _review_page(request, form)
    try:
        told = _finish(desk.reflection, form, request.user)
    except Refused as error:
        messages.warning(request, str(error))
        return redirect(desk.review_url)
    if told:
        messages.success(request, told)
    return redirect("home" if form.finish == LATER else desk.done_url)


def _finish(reflection: Reflection, form: ReviewForm, by: User) -> str:
    """What to tell of it, if anything. Raises Refused."""
    shown = form.cleaned_data["shown"]
    if form.finish == LATER:
        actions.choose_readers(reflection, by=by, chosen=form.chosen, shown=shown)
        return _("Your page is as you left it.")
    what = form.cleaned_data.get("aside")
    finished = actions.submit_reflection(
        reflection,
        by=by,
        share=form.finish == SHARE,
        chosen=form.chosen,
        shown=shown,
        shown_to_go=form.cleaned_data["shown_to_go"],
        delete_aside=what in ("delete", "try"),
        small_try=form.small_try_line,
        now=clock.now(),
    )
    if not finished or what not in ("delete", "try"):
        return ""
    if what == "try":
        return _("What you set aside is one small try now, and carried forward.")
    return _("What you set aside has been deleted.")


def done(request: AuthedRequest, pk: int) -> HttpResponse:
    desk = desk_for(request, pk)
    if not desk.is_finished:
        return redirect("reflections:open", pk)
    if desk.is_of_a_rough_quarter:
        return redirect(desk.rough_url)
    now = clock.now()
    review = Review(desk)
    answered = {row.answer.question_id for row in review.rows}
    offered = telling.offers(request.user, desk.written)
    waits = who_reads.said_of_each(desk.written)
    stands = shelves(request.user, desk.written)
    return render(
        request,
        "reflections/reflection_done.html",
        {
            "desk": desk,
            "review": review,
            "rows": [
                (row, offered.get(row.answer.pk), waits[row.answer.pk], stands.get(row.answer.pk))
                for row in review.rows
            ],
            "unanswered": desk.carry_on_url if len(answered) < len(desk.questions) else "",
            "read": in_words(said_to_have_read(request.user, desk.written), now),
            "notes": notes_of_the_quarter(request.user, desk.round),
            "now": now,
        },
    )


def take_back(request: AuthedRequest, pk: int, answer_pk: int) -> HttpResponse:
    """Says who has read it, as far as they said so. It works always, whatever became of the pairing or the program."""
    desk = desk_for(request, pk)
    answer = next((answer for answer in desk.written if answer.pk == answer_pk), None)
    if answer is None or answer.is_locked:
        raise Http404
    now = clock.now()
    read = in_words(said_to_have_read(request.user, [answer]), now)
    if request.method != "POST":
        words = desk.in_words(desk.readers_of(answer))
        return render(
            request,
            "reflections/answer_take_back.html",
            {"desk": desk, "answer": answer, "words": words, "read": read},
        )
    if actions.take_back(answer, by=request.user, now=now):
        told = " ".join(read) or _("Somebody may have read it before.")
        messages.success(request, _("Taken back: only you can read it now.") + " " + told, extra_tags="kept")
    return redirect(desk.done_url if desk.is_finished else desk.review_url)


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
    data_keys.prepare(answer.reflection.person_id for answer in page)
    return render(request, "reflections/reflection_shared.html", {"round": round, "page": page})
