"""What the two of a pairing share, in one line of time, and what the reader says to each thing."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.paging import page_of
from mentoring.models import Pairing
from reflections import actions, rules, swapping, timeline
from reflections.forms.response import SayForm
from reflections.timeline import Shared

from .pairings import pairing_or_404


@require_safe
def index(request: AuthedRequest, pk: int) -> HttpResponse:
    pairing = pairing_or_404(request, pk)
    page = page_of(request, timeline.shared_in(pairing, request.user))
    context = {
        "pairing": pairing,
        "partner": pairing.partner_of(request.user),
        "page": page,
        "items": timeline.items(pairing, request.user, page.object_list),
        "may_respond": rules.may_respond(request.user, pairing),
        "swaps": swapping.open_ones(pairing, request.user),
    }
    return render(request, "reflections/timeline.html", context)


@require_safe
def detail(request: AuthedRequest, pk: int, what: str, thing: int) -> HttpResponse:
    """One thing, whole, and what can be said to it."""
    pairing = pairing_or_404(request, pk)
    return _page(request, pairing, _item_or_404(request, pairing, what, thing))


@require_POST
def read(request: AuthedRequest, pk: int, what: str, thing: int) -> HttpResponse:
    pairing = pairing_or_404(request, pk)
    item = _item_or_404(request, pairing, what, thing)
    try:
        actions.mark_read(pairing, what, thing, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(
            request, _("%(name)s sees that you have read it.") % {"name": item.writer.first_name}
        )
    return _back(request, pairing)


@require_POST
@sensitive_post_parameters()
def thanks(request: AuthedRequest, pk: int, what: str, thing: int) -> HttpResponse:
    return _say(request, pk, what, thing, "thanks", _thanks_form, actions.say_thanks)


@require_POST
@sensitive_post_parameters()
def ask(request: AuthedRequest, pk: int, what: str, thing: int) -> HttpResponse:
    return _say(request, pk, what, thing, "ask", _ask_form, actions.ask_question)


@require_POST
@sensitive_post_parameters()
def answer(request: AuthedRequest, pk: int, what: str, thing: int) -> HttpResponse:
    return _say(request, pk, what, thing, "answer", _answer_form, actions.answer_question)


@require_POST
def take_back(request: AuthedRequest, pk: int, what: str, thing: int) -> HttpResponse:
    pairing = pairing_or_404(request, pk)
    _item_or_404(request, pairing, what, thing)
    try:
        actions.take_back_response(pairing, what, thing, by=request.user)
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("Taken back. It may have been read before."))
    return redirect("reflections:shared_thing", pk, what, thing)


def _say(
    request: AuthedRequest,
    pk: int,
    what: str,
    thing: int,
    name: str,
    make: Callable[[Shared, Any], SayForm],
    act: Callable[..., None],
) -> HttpResponse:
    """The words go to the other one; where something is wrong with them, they are still on the page."""
    pairing = pairing_or_404(request, pk)
    item = _item_or_404(request, pairing, what, thing)
    form = make(item, request.POST)
    if form.is_valid():
        try:
            act(pairing, what, thing, by=request.user, words=form.cleaned_data["words"], now=clock.now())
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            said = _("Sent. Only %(name)s and you can read it.")
            messages.success(request, said % {"name": pairing.partner_of(request.user).first_name})
            return redirect("reflections:shared_thing", pk, what, thing)
    return _page(request, pairing, item, name, form)


def _page(
    request: AuthedRequest, pairing: Pairing, item: Shared, name: str = "", form: SayForm | None = None
) -> HttpResponse:
    forms = {"thanks": _thanks_form(item), "ask": _ask_form(item), "answer": _answer_form(item)}
    context = {
        "pairing": pairing,
        "partner": pairing.partner_of(request.user),
        "item": item,
        "may_respond": rules.may_respond(request.user, pairing),
        "forms": forms | ({name: form} if form else {}),
        "form": form,
    }
    return render(request, "reflections/shared_thing.html", context)


def _thanks_form(item: Shared, data: Any = None) -> SayForm:
    return SayForm(
        data,
        label=_("Thank %(name)s for one thing in it") % {"name": item.writer.first_name},
        hint=_("Say which, if you like. A thank-you without words is one, too."),
        is_needed=False,
        said=item.said.thanks if item.said else "",
        prefix="thanks",
    )


def _ask_form(item: Shared, data: Any = None) -> SayForm:
    return SayForm(
        data,
        label=_("Ask one open question"),
        hint=_(
            "One that you do not know the answer to. What, how, or when; advice only if you were asked for it."
        ),
        said=item.said.question if item.said else "",
        prefix="ask",
    )


def _answer_form(item: Shared, data: Any = None) -> SayForm:
    return SayForm(
        data,
        label=_("Your answer"),
        hint=_("A sentence is enough; or say that you would rather talk about it."),
        prefix="answer",
    )


def _item_or_404(request: AuthedRequest, pairing: Pairing, what: str, thing: int) -> Shared:
    item = timeline.item(pairing, request.user, what, thing)
    if item is None:
        raise Http404
    return item


def _back(request: AuthedRequest, pairing: Pairing) -> HttpResponseRedirect:
    """To the page of the two that the button stood on."""
    if request.POST.get("from") == "pair":
        return HttpResponseRedirect(reverse("pairings:detail", args=[pairing.pk]) + "#shared")
    return redirect("reflections:timeline", pairing.pk)
