"""Who is named in something that is shared: asked, and answered; and whom one names oneself."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.paging import page_of
from accounts.vault import data_keys
from reflections import actions, who_reads
from reflections.forms.named import NameForm
from reflections.models import Answer, Moment, Naming
from reflections.naming import can_be_named
from reflections.timeline import MOMENT
from reflections.who_reads import Thing

ANSWERS = "answers"
WITH_THINGS = (
    "moment__person",
    "moment__program",
    "answer__question",
    "answer__reflection__person",
    "answer__reflection__round__program",
)


@require_safe
def index(request: AuthedRequest) -> HttpResponse:
    """What names whoever is signed in, and whom they name: the newest of each first."""
    person = request.user
    asked = who_reads.asked_about(person).select_related(*WITH_THINGS).order_by("-asked_at", "-pk")
    names = who_reads.names_in(person).select_related("person", *WITH_THINGS).order_by("-created_at", "-pk")
    page = page_of(request, asked)
    mine = page_of(request, names, name="mine")
    data_keys.prepare({person.pk, *(_thing(row).sealed_for for row in page)})
    context = {
        "page": page,
        "rows": [{"naming": row, "thing": _thing(row), "writer": _writer(_thing(row))} for row in page],
        "mine": mine,
        "named": [{"naming": row, "thing": _thing(row), "what": _what(_thing(row))} for row in mine],
    }
    return render(request, "reflections/named_list.html", context)


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """The one thing, for whoever is named in it."""
    return _detail(request, _asked_or_404(request, pk))


def _detail(request: AuthedRequest, row: Naming) -> HttpResponse:
    thing = _thing(row)
    context = {"naming": row, "thing": thing, "writer": _writer(thing), "question": _question(thing)}
    return render(request, "reflections/named_detail.html", context)


@require_POST
def agree(request: AuthedRequest, pk: int) -> HttpResponse:
    return _answered(
        request, pk, actions.agree, _("You have agreed. You can take that back here at any time.")
    )


@require_POST
def decline(request: AuthedRequest, pk: int) -> HttpResponse:
    return _answered(
        request, pk, actions.decline, _("Nobody else reads it. Its writer learns no more than that.")
    )


def _answered(request: AuthedRequest, pk: int, act: Callable[..., None], said: str) -> HttpResponse:
    row = _asked_or_404(request, pk)
    try:
        act(row, by=request.user, asked_at=_shown_at(request), now=clock.now())
    except actions.Refused as no:
        messages.warning(request, str(no))
    else:
        messages.success(request, said)
    return redirect("named:detail", pk)


def thing(request: AuthedRequest, what: str, thing: int) -> HttpResponse:
    """Whom something of one's own names; with a form to name one more."""
    mine = _mine_or_404(request, what, thing)
    namings = mine.namings.select_related("person").order_by("pk")
    named = {row.person_id for row in namings}
    form = NameForm(
        request.POST if request.method == "POST" else None,
        people=[person for person in can_be_named(request.user, mine) if person.pk not in named],
    )
    if form.is_valid():
        try:
            actions.name_by_hand(mine, form.person, by=request.user, now=clock.now())
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("%(name)s is named in it.") % {"name": form.person.first_name})
            return redirect("named:thing", what, thing)
    context = {
        "thing": mine,
        "what": what,
        "question": _question(mine),
        "namings": namings,
        "is_for_others": who_reads.is_for_others(mine),
        "said": who_reads.said_of(mine),
        "form": form,
    }
    return render(request, "reflections/named_thing.html", context)


@require_POST
def ask(request: AuthedRequest, pk: int) -> HttpResponse:
    row = _named_or_404(request, pk)
    return _said(
        request,
        row,
        lambda: actions.ask_named(row, by=request.user, now=clock.now()),
        _("%(name)s can read it now, and is asked.") % {"name": row.person.first_name},
    )


@require_POST
def somebody_else(request: AuthedRequest, pk: int) -> HttpResponse:
    row = _named_or_404(request, pk)
    return _said(
        request,
        row,
        lambda: actions.say_somebody_else(row, by=request.user),
        _("Then it does not wait for %(name)s.") % {"name": row.person.first_name},
    )


@require_POST
def meant(request: AuthedRequest, pk: int) -> HttpResponse:
    row = _named_or_404(request, pk)
    return _said(
        request,
        row,
        lambda: actions.say_meant(row, by=request.user),
        _("%(name)s is named in it.") % {"name": row.person.first_name},
    )


def _said(request: AuthedRequest, row: Naming, act: Callable[[], None], said: str) -> HttpResponseRedirect:
    try:
        act()
    except actions.Refused as no:
        messages.warning(request, str(no))
    else:
        messages.success(request, said)
    about = _thing(row)
    return redirect("named:thing", _what(about), about.pk)


def _asked_or_404(request: AuthedRequest, pk: int) -> Naming:
    return get_object_or_404(who_reads.asked_about(request.user).select_related(*WITH_THINGS), pk=pk)


def _named_or_404(request: AuthedRequest, pk: int) -> Naming:
    rows = Naming.objects.of_writer(request.user).select_related("person", *WITH_THINGS)
    return get_object_or_404(rows, pk=pk)


def _mine_or_404(request: AuthedRequest, what: str, thing: int) -> Thing:
    if what == MOMENT:
        return get_object_or_404(Moment.objects.of(request.user).with_readers(), pk=thing)
    if what == ANSWERS:
        mine = Answer.objects.filter(reflection__person=request.user, is_locked=False)
        return get_object_or_404(mine.select_related("question", "reflection__round__program"), pk=thing)
    raise Http404


def _thing(row: Naming) -> Thing:
    about = row.moment or row.answer
    if about is None:
        raise Http404
    return about


def _writer(thing: Thing) -> object:
    return thing.reflection.person if isinstance(thing, Answer) else thing.person


def _what(thing: Thing) -> str:
    return ANSWERS if isinstance(thing, Answer) else MOMENT


def _question(thing: Thing) -> str:
    return thing.question.asked if isinstance(thing, Answer) else ""


def _shown_at(request: AuthedRequest) -> datetime:
    """When the words on the page from which this was sent had been asked about."""
    try:
        shown = parse_datetime(request.POST.get("asked_at", ""))
    except ValueError:
        shown = None
    return shown or datetime.min.replace(tzinfo=clock.now().tzinfo)
