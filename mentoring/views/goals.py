"""What two people work towards: the page with all of it, and one goal, one step, one possibility at a time.

The pair's page has the forms too; what is wrong with one is said on the page with all of it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import User
from accounts.paging import page_of
from accounts.vault.errors import Unreadable
from mentoring import actions, rules
from mentoring.forms import ActionForm, GoalForm, MoveForm, PossibilityForm
from mentoring.models import Action, Goal, Pairing, Possibility
from mentoring.room import goals as room

from .rooms import key_in

SHOWN = ["GET", "HEAD", "POST"]
Row = TypeVar("Row", Goal, Action, Possibility)


@require_safe
def list_(request: AuthedRequest, pk: int) -> HttpResponse:
    return whole_page(request, room_of(request.user, pk))


# --- Goals


@require_http_methods(SHOWN)
@sensitive_post_parameters()
def add(request: AuthedRequest, pk: int) -> HttpResponse:
    pairing = room_of(request.user, pk)
    if request.method != "POST":
        return _whole_page_of(request, pk)
    form = GoalForm(request.POST, pairing=pairing, user=request.user)

    def act() -> None:
        actions.add_goal(pairing, by=request.user, now=clock.now(), **form.cleaned_data)

    if _done(form, act):
        messages.success(request, _("Written down. It may change whenever one of you sees it differently."))
        return _back(request, pairing, "goals")
    return whole_page(request, pairing, goal_form=form)


@require_http_methods(SHOWN)
@sensitive_post_parameters()
def detail(request: AuthedRequest, pk: int, goal_pk: int) -> HttpResponse:
    """One goal with its steps. What is sent is other words for it, by whoever wrote it."""
    pairing, user = room_of(request.user, pk), request.user
    goal = _row(Goal.objects.visible_to(user), pairing, goal_pk)
    said = _words_to_change(goal, user, "text", "why")
    form = None
    if said is not None and rules.may_write_in_room(user, pairing):
        form = GoalForm(
            _posted(request), pairing=pairing, user=request.user, initial={"owner": goal.owner, **said}
        )
    if request.method == "POST":
        if form is None:
            return _refused(request, pairing)
        filled_in = form
        if _done(form, lambda: actions.change_goal(goal, by=user, **filled_in.cleaned_data)):
            messages.success(request, _("Changed."))
            return redirect("pairings:goal", pk, goal_pk)
    now = clock.now()
    steps = page_of(request, room.first_first(goal.actions.filter(pairing=pairing).select_related("goal")))
    context = {
        **_two(pairing, user),
        "goal": room.shown_goals([goal], pairing, user)[0],
        "form": form,
        "page": steps,
        "steps": room.shown_actions(steps, pairing, user, now),
        "here": request.path,
    }
    if context["may_write"] and goal.state == Goal.State.OPEN:
        context["action_form"] = ActionForm(
            pairing=pairing, user=user, now=now, initial={"owner": goal.owner, "goal": goal.pk}, keep=goal
        )
    return render(request, "mentoring/room/goals_one.html", context)


@require_POST
def move(request: AuthedRequest, pk: int, goal_pk: int) -> HttpResponse:
    """Reached, moved on, let go, or taken up again: by either of the two."""
    pairing = room_of(request.user, pk)
    goal = _row(Goal.objects.visible_to(request.user), pairing, goal_pk)
    form = MoveForm(request.POST)
    if form.is_valid():
        try:
            actions.move_goal(goal, by=request.user, state=form.cleaned_data["state"], now=clock.now())
        except actions.Refused as no:
            messages.error(request, str(no))
    return redirect("pairings:goal", pk, goal_pk)


@require_POST
def delete(request: AuthedRequest, pk: int, goal_pk: int) -> HttpResponse:
    pairing = room_of(request.user, pk)
    goal = _row(Goal.objects.visible_to(request.user), pairing, goal_pk)
    return _deleted(request, pairing, "goals", lambda: actions.delete_goal(goal, by=request.user))


# --- Small next actions


@require_http_methods(SHOWN)
@sensitive_post_parameters()
def action_add(request: AuthedRequest, pk: int) -> HttpResponse:
    pairing, now = room_of(request.user, pk), clock.now()
    if request.method != "POST":
        return _whole_page_of(request, pk)
    form = ActionForm(request.POST, pairing=pairing, user=request.user, now=now)

    def act() -> None:
        actions.add_action(pairing, by=request.user, now=now, **_with_goal(form, pairing))

    if _done(form, act):
        messages.success(request, _("Written down."))
        return _back(request, pairing, "actions")
    return whole_page(request, pairing, action_form=form)


@require_POST
def actions_done(request: AuthedRequest, pk: int) -> HttpResponse:
    """What is ticked now and was not when the page was shown, and the other way round. The rest stays as it is by now:
    the other one may have ticked it meanwhile."""
    pairing = room_of(request.user, pk)
    ticked, was_open, was_done = (_keys(request, name) for name in ("done", "open", "was_done"))
    try:
        actions.tick_actions(
            pairing, by=request.user, done=was_open & ticked, not_done=was_done - ticked, now=clock.now()
        )
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("Saved."))
    return _back(request, pairing, "actions")


@require_http_methods(SHOWN)
@sensitive_post_parameters()
def action(request: AuthedRequest, pk: int, action_pk: int) -> HttpResponse:
    """A step: its words are changed by whoever wrote it; whose it is, by when and towards what, by either."""
    pairing, user, now = room_of(request.user, pk), request.user, clock.now()
    row = _row(Action.objects.visible_to(user).select_related("goal"), pairing, action_pk)
    if not rules.may_write_in_room(user, pairing):
        return _refused(request, pairing)
    said = _words_to_change(row, user, "text")
    form = ActionForm(
        _posted(request),
        pairing=pairing,
        user=user,
        now=now,
        initial={"owner": row.owner, "by_on": row.by_on, "goal": row.goal_id, **(said or {})},
        keep=row.goal,
        may_word=said is not None,
    )

    def act() -> None:
        actions.change_action(row, by=user, **{"text": None, **_with_goal(form, pairing)})

    if request.method == "POST" and _done(form, act):
        messages.success(request, _("Changed."))
        return _back(request, pairing, "actions")
    (shown,) = room.shown_actions([row], pairing, user, now)
    context = {**_two(pairing, user), "shown": shown, "form": form, "has_words": said is not None}
    return render(request, "mentoring/room/goals_action.html", context)


@require_POST
def action_delete(request: AuthedRequest, pk: int, action_pk: int) -> HttpResponse:
    pairing = room_of(request.user, pk)
    row = _row(Action.objects.visible_to(request.user), pairing, action_pk)
    return _deleted(request, pairing, "actions", lambda: actions.delete_action(row, by=request.user))


# --- The shelf


@require_http_methods(SHOWN)
@sensitive_post_parameters()
def possibility_add(request: AuthedRequest, pk: int) -> HttpResponse:
    pairing = room_of(request.user, pk)
    if request.method != "POST":
        return _whole_page_of(request, pk)
    form = PossibilityForm(request.POST)

    def act() -> None:
        actions.add_possibility(pairing, by=request.user, now=clock.now(), **form.cleaned_data)

    if _done(form, act):
        messages.success(request, _("It is on the shelf."))
        return _back(request, pairing, "possibilities")
    return whole_page(request, pairing, possibility_form=form)


@require_http_methods(SHOWN)
@sensitive_post_parameters()
def possibility(request: AuthedRequest, pk: int, possibility_pk: int) -> HttpResponse:
    """Other words for it, by whoever wrote it."""
    pairing, user = room_of(request.user, pk), request.user
    row = _row(Possibility.objects.visible_to(user), pairing, possibility_pk)
    if row.author_id != user.pk or not rules.may_write_in_room(user, pairing):
        return _refused(request, pairing)
    said = _words_to_change(row, user, "text")
    form = PossibilityForm(_posted(request), initial=said) if said is not None else None
    if request.method == "POST" and form is not None:
        filled_in = form
        if _done(form, lambda: actions.change_possibility(row, by=user, **filled_in.cleaned_data)):
            messages.success(request, _("Changed."))
            return _back(request, pairing, "possibilities")
    context = {**_two(pairing, user), "row": row, "form": form}
    return render(request, "mentoring/room/goals_possibility.html", context)


@require_POST
def possibility_delete(request: AuthedRequest, pk: int, possibility_pk: int) -> HttpResponse:
    pairing = room_of(request.user, pk)
    row = _row(Possibility.objects.visible_to(request.user), pairing, possibility_pk)
    return _deleted(
        request, pairing, "possibilities", lambda: actions.delete_possibility(row, by=request.user)
    )


# --- What they share


def room_of(user: User, pk: int) -> Pairing:
    """A pairing whose two have, or had, a room of their own. Raises Http404 for anybody but the two."""
    return get_object_or_404(Pairing.objects.of(user).made_or_over().with_people(), pk=pk)


def whole_page(
    request: AuthedRequest,
    pairing: Pairing,
    *,
    goal_form: GoalForm | None = None,
    action_form: ActionForm | None = None,
    possibility_form: PossibilityForm | None = None,
) -> HttpResponse:
    """All of it, four lists with pages of their own, with the forms as they stand."""
    user, now = request.user, clock.now()
    goals = room.with_next_step(Goal.objects.visible_to(user).filter(pairing=pairing))
    steps = room.first_first(Action.objects.visible_to(user).filter(pairing=pairing).select_related("goal"))
    going = page_of(request, goals.filter(state=Goal.State.OPEN))
    over = page_of(request, goals.exclude(state=Goal.State.OPEN).order_by("-closed_at", "-pk"), name="over")
    doing = page_of(request, steps, name="steps")
    possibilities = Possibility.objects.visible_to(user).with_withdrawn().filter(pairing=pairing)
    shelf = page_of(request, possibilities, name="shelf")
    context = {
        **_two(pairing, user),
        "going": going,
        "goals": room.shown_goals(going, pairing, user),
        "over": over,
        "past_goals": room.shown_goals(over, pairing, user),
        "doing": doing,
        "steps": room.shown_actions(doing, pairing, user, now),
        "shelf": shelf,
        "possibilities": room.shown_possibilities(shelf, pairing, user),
        "goal_form": goal_form or GoalForm(pairing=pairing, user=request.user),
        "action_form": action_form or ActionForm(pairing=pairing, user=user, now=now),
        "possibility_form": possibility_form or PossibilityForm(),
        "here": request.get_full_path()
        if request.method != "POST"
        else reverse("pairings:goals", args=[pairing.pk]),
        # The one that was sent: the page begins with what is wrong with it.
        "form": goal_form or action_form or possibility_form,
    }
    return render(request, "mentoring/room/goals_list.html", context)


def _whole_page_of(request: AuthedRequest, pk: int) -> HttpResponse:
    """Where the links of a page lead that was shown at the address of a form: to the same page of the same list."""
    url = reverse("pairings:goals", args=[pk])
    return redirect(f"{url}?{request.GET.urlencode()}" if request.GET else url)


def _two(pairing: Pairing, user: User) -> dict[str, Any]:
    return {
        "pairing": pairing,
        "partner": pairing.partner_of(user),
        "may_write": rules.may_write_in_room(user, pairing),
    }


def _row(rows: QuerySet[Row], pairing: Pairing, pk: int) -> Row:
    row = get_object_or_404(rows, pairing=pairing, pk=pk)
    row.pairing = pairing
    return row


def _words_to_change(row: Row, user: User, *names: str) -> dict[str, str] | None:
    """For a form's fields; None for whoever did not write them, and where they cannot be read any more: what stands in
    a field is saved again."""
    if row.author_id != user.pk:
        return None
    try:
        return {name: getattr(row, name) for name in names}
    except Unreadable:
        return None


def _posted(request: AuthedRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the form was good and the action went through; if not, the form says why."""
    if not form.is_valid():
        return False
    try:
        act()
    except actions.Refused as no:
        form.add_error(None, str(no))
        return False
    return True


def _with_goal(form: ActionForm, pairing: Pairing) -> dict[str, Any]:
    """What was filled in, with the goal's row in place of its key."""
    data = dict(form.cleaned_data)
    key = data.pop("goal", None)
    return {**data, "goal": Goal.objects.filter(pairing=pairing, pk=key).first() if key else None}


def _keys(request: AuthedRequest, name: str) -> set[int]:
    """Keys of rows that were sent; what is no number is nobody's."""
    return {key_in(each) for each in request.POST.getlist(name)}


def _deleted(
    request: AuthedRequest, pairing: Pairing, part: str, delete: Callable[[], object]
) -> HttpResponse:
    try:
        delete()
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("Deleted."))
    return redirect(f"{reverse('pairings:goals', args=[pairing.pk])}#{part}")


def _refused(request: AuthedRequest, pairing: Pairing) -> HttpResponse:
    messages.error(request, _("This can no longer be changed, or not by you."))
    return redirect("pairings:goals", pairing.pk)


def _back(request: AuthedRequest, pairing: Pairing, part: str) -> HttpResponse:
    """To the page that the form stood on, if it is one of ours, at that part of it."""
    url = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        url = reverse("pairings:goals", args=[pairing.pk])
    return redirect(f"{url}#{part}")
