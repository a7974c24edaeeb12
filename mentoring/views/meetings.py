"""Planning a meeting, and calling it off. Both are asked for on the pair's page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.http import AuthedRequest
from mentoring import actions
from mentoring.models import Meeting

from .pairings import meeting_form, pairing_page, visible_pairing


@require_POST
def add(request: AuthedRequest, pk: int) -> HttpResponse:
    pairing = visible_pairing(request.user, pk)
    form = meeting_form(request.user, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.plan_meeting(
                pairing,
                by=request.user,
                starts_at=data["starts_at"],
                minutes=data["minutes"],
                place=data["place"],
                now=clock.now(),
            )
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            other = pairing.partner_of(request.user)
            messages.success(request, _("Planned. %(name)s sees it here too.") % {"name": other.first_name})
            return redirect("pairings:detail", pk)
    return pairing_page(request, pairing, form)


@require_POST
def cancel(request: AuthedRequest, pk: int, meeting_pk: int) -> HttpResponse:
    meetings = Meeting.objects.visible_to(request.user).select_related("pairing")
    meeting = get_object_or_404(meetings, pk=meeting_pk, pairing=pk)
    try:
        actions.cancel_meeting(meeting, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("The meeting is canceled."))
    return redirect("pairings:detail", pk)
