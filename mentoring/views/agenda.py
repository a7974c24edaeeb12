"""What the two want to talk about, all of it; and the program's library of questions."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.http import AuthedRequest
from accounts.paging import page_of
from accounts.vault import data_keys
from mentoring import actions, rules
from mentoring.forms import TopicForm
from mentoring.models import AgendaItem, ConversationStarter, Pairing
from mentoring.room.stages import stage_of

from .rooms import back_to, pairing_with_room


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def agenda(request: AuthedRequest, pk: int) -> HttpResponse:
    pairing = pairing_with_room(request.user, pk)
    form = TopicForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.add_to_agenda(pairing, by=request.user, text=form.cleaned_data["topic"], now=clock.now())
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("It is on your list."))
            return back_to(request, pairing, _here(pairing), "agenda")
    return _page(request, pairing, form)


@require_POST
def talked(request: AuthedRequest, pk: int, item_pk: int) -> HttpResponse:
    return _done(
        request, pk, item_pk, lambda item: actions.talked_about(item, by=request.user, now=clock.now())
    )


@require_POST
def again(request: AuthedRequest, pk: int, item_pk: int) -> HttpResponse:
    return _done(request, pk, item_pk, lambda item: actions.talk_again(item, by=request.user))


@require_POST
def delete(request: AuthedRequest, pk: int, item_pk: int) -> HttpResponse:
    return _done(request, pk, item_pk, lambda item: actions.take_off_agenda(item, by=request.user))


@require_POST
def starter(request: AuthedRequest, pk: int, starter_pk: int) -> HttpResponse:
    """A question of the library is put on the list."""
    pairing = pairing_with_room(request.user, pk)
    offered = ConversationStarter.objects.offered().filter(program=pairing.program_id)
    found = get_object_or_404(offered, pk=starter_pk)
    try:
        actions.start_from(found, pairing, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("It is on your list."))
    return back_to(request, pairing, _here(pairing), "agenda")


def _done(request: AuthedRequest, pk: int, item_pk: int, act: Callable[[AgendaItem], object]) -> HttpResponse:
    pairing = pairing_with_room(request.user, pk)
    items = AgendaItem.objects.visible_to(request.user).select_related("pairing")
    try:
        act(get_object_or_404(items, pk=item_pk, pairing=pairing))
    except actions.Refused as no:
        messages.error(request, str(no))
    return back_to(request, pairing, _here(pairing), "agenda")


def _here(pairing: Pairing) -> str:
    return reverse("pairings:agenda", args=[pairing.pk])


def _page(request: AuthedRequest, pairing: Pairing, form: TopicForm) -> HttpResponse:
    user = request.user
    data_keys.prepare([pairing.mentor_id, pairing.mentee_id])
    items = AgendaItem.objects.visible_to(user).filter(pairing=pairing)
    context: dict[str, Any] = {
        "pairing": pairing,
        "partner": pairing.partner_of(user),
        "form": form,
        "may_write": rules.may_write_in_room(user, pairing),
        "items": page_of(request, items.open()),
        "talked": page_of(
            request,
            items.filter(talked_at__isnull=False).order_by("-talked_at", "-pk").select_related("meeting"),
            name="talked",
        ),
        "stage": stage_of(pairing, clock.now().astimezone(user.zone).date()),
        "starters": page_of(
            request,
            ConversationStarter.objects.offered()
            .filter(program=pairing.program_id)
            .order_by("position", "pk"),
            name="starters",
        ),
    }
    return render(request, "mentoring/room/meet_agenda_page.html", context)
