"""Values: what shows each, and what its owner makes of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import Profile
from accounts.paging import page_of
from accounts.vault.errors import Unreadable
from mentoring.people import readers_of_profile
from reflections import actions
from reflections.forms.value import MergeForm, RenameForm, ShowForm
from reflections.models import Answer, Moment, Value, ValueShown
from reflections.story import entries
from reflections.story.seasons import Story, by_quarter


@require_safe
def index(request: AuthedRequest) -> HttpResponse:
    page = page_of(request, Story(request.user).words.all)
    return render(request, "reflections/value_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """What shows it, the newest first; a POST calls it something else."""
    value = _value_or_404(request, pk)
    story = Story(request.user)
    word = story.words.by_pk[value.pk]
    form = RenameForm(request.POST if request.method == "POST" else None, initial={"name": word.name})
    if form.is_valid() and _done(
        form, lambda: actions.rename_value(value, form.cleaned_data["name"], by=request.user)
    ):
        messages.success(request, _("Changed."))
        return redirect("story:value", pk)
    page = page_of(request, entries.showing(value))
    found = entries.items(request.user, page.object_list, story.words)
    for entry in found:
        entry.shown = [shown for shown in entry.shown if shown.word.pk == value.pk]
    context = {
        "is_on_profile": _is_on_profile(request, word.name),
        "readers": readers_of_profile(request.user).order_by("name", "email"),
        "word": word,
        "page": page,
        "quarters": list(by_quarter(story, found)),
        "form": form,
        "has_others": len(story.words.all) > 1,
    }
    return render(request, "reflections/value.html", context)


@require_POST
def on_profile(request: AuthedRequest, pk: int) -> HttpResponse:
    """For whoever reads their profile, by this one press; no value goes there by itself."""
    value = _value_or_404(request, pk)
    try:
        actions.put_on_profile(value, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("It stands on your profile now."))
    return redirect("story:value", pk)


@require_POST
def off_profile(request: AuthedRequest, pk: int) -> HttpResponse:
    value = _value_or_404(request, pk)
    try:
        actions.take_off_profile(value, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("Taken off your profile. Somebody may have read it before."))
    return redirect("story:value", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: AuthedRequest, pk: int) -> HttpResponse:
    value = _value_or_404(request, pk)
    words = Story(request.user).words.by_pk
    others = [word for word in words.values() if word.pk != value.pk]
    form = MergeForm(request.POST if request.method == "POST" else None, words=others)
    if form.is_valid():
        stays = words[form.cleaned_data["into"]]
        if _done(form, lambda: actions.merge_values(value, stays.value, by=request.user)):
            # Without its name: a message waits in a cookie until it is shown.
            messages.success(request, _("Put together."))
            return redirect("story:value", stays.pk)
    return render(request, "reflections/value_merge.html", {"word": words[value.pk], "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def let_go(request: AuthedRequest, pk: int) -> HttpResponse:
    value = _value_or_404(request, pk)
    if request.method != "POST":
        word = Story(request.user).words.by_pk[value.pk]
        context = {"word": word, "is_on_profile": _is_on_profile(request, word.name)}
        return render(request, "reflections/value_let_go.html", context)
    actions.let_go(value, by=request.user)
    messages.success(request, _("Let go. What showed it is still here."))
    return redirect("story:index")


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def of_moment(request: AuthedRequest, pk: int) -> HttpResponse:
    moment = get_object_or_404(Moment.objects.of(request.user), pk=pk)
    return _beside(request, moment, {"moment": moment})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def of_answer(request: AuthedRequest, pk: int) -> HttpResponse:
    mine = entries.answers_of(request.user).select_related("reflection__round__program", "question")
    answer = get_object_or_404(mine, pk=pk)
    return _beside(request, answer, {"answer": answer, "reflection": answer.reflection})


@require_POST
def hide(request: AuthedRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(
        ValueShown.objects.of(request.user).select_related(
            "value", "moment", "answer__question", "answer__reflection__round__program"
        ),
        pk=pk,
    )
    actions.hide_value(shown, by=request.user)
    messages.success(request, _("Taken away. The words are as they were."))
    if request.POST.get("from") == "value":
        return redirect("story:value", shown.value_id)
    entry = entries.Entry(clock.now().date(), shown.moment or shown.answer)
    return redirect(entry.url if request.POST.get("from") == "moment" else entry.values_url)


def _beside(request: AuthedRequest, thing: Moment | Answer, what: dict[str, Any]) -> HttpResponse:
    """The values of one thing, and a form for another one."""
    story = Story(request.user)
    text = _open(thing)
    form = ShowForm(request.POST if request.method == "POST" else None, text=text or "")
    if (
        text is not None
        and form.is_valid()
        and _done(
            form,
            lambda: actions.show_value(
                request.user, form.cleaned_data["name"], quote=form.said, now=clock.now(), **_by_name(what)
            ),
        )
    ):
        messages.success(request, _("Kept beside it. Only you can see it."), extra_tags="kept")
        entry = entries.Entry(clock.now().date(), thing)
        return redirect(entry.url if request.POST.get("from") == "moment" else entry.values_url)
    context = {
        "entry": entries.entry_of(request.user, thing, story.words),
        "form": form,
        "is_open": text is not None,
        "words": story.words.all,
    }
    return render(request, "reflections/values_beside.html", context)


def _by_name(what: dict[str, Any]) -> dict[str, Any]:
    return {name: what[name] for name in ("moment", "answer", "reflection") if name in what}


def _open(thing: Moment | Answer) -> str | None:
    """Its words, to choose from; None where they cannot be read any more."""
    try:
        return str(thing.text)
    except Unreadable:
        return None


def _done(form: Any, act: Callable[[], Any]) -> bool:
    """False where the action refused, which the form says then."""
    try:
        act()
    except actions.Refused as no:
        form.add_error(next(iter(form.fields)), str(no))
        return False
    return True


def _is_on_profile(request: AuthedRequest, name: str) -> bool:
    return name.casefold() in map(str.casefold, Profile.objects.of(request.user).core_values)


def _value_or_404(request: AuthedRequest, pk: int) -> Value:
    return get_object_or_404(Value.objects.of(request.user), pk=pk)
