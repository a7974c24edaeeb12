"""One's own data: a copy of it, and how it goes."""

from itertools import chain

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import Export
from accounts.mydata import exports, leaving, registry
from accounts.reauthentication import fresh
from accounts.refused import Refused
from accounts.templatetags.best import long_date
from accounts.vault.errors import Unreadable


@require_safe
def data(request: AuthedRequest) -> HttpResponse:
    """What there is of them here, and what they can do about it."""
    now = clock.now()
    last = Export.objects.visible_to(request.user).first()
    context = {
        "export": last,
        "is_ready": Export.objects.visible_to(request.user).ready(now).exists(),
        "titles": dict.fromkeys(str(each.title) for each in registry.holdings() if each.exported),
    }
    return render(request, "accounts/data.html", context)


@require_POST
@fresh
def ask_for_export(request: AuthedRequest) -> HttpResponse:
    try:
        exports.ask(request.user, now=clock.now())
    except Refused as no:
        messages.info(request, str(no))
    else:
        messages.success(request, _("It is being made. We write to you when it is ready."))
    return redirect("accounts:data")


@require_safe
@fresh
def download(request: AuthedRequest, pk: int) -> HttpResponseBase:
    """The ZIP, for its owner alone. Raises Http404 for everybody else, and once it is deleted."""
    ready = Export.objects.visible_to(request.user).ready(clock.now())
    export = get_object_or_404(ready, pk=pk)
    content = exports.content_of(export)
    try:
        first = next(content, b"")
    except Unreadable as closed:
        messages.error(request, str(closed))
        return redirect("accounts:data")
    made_on = timezone.localdate(export.ready_at)
    response = StreamingHttpResponse(chain([first], content), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="best-stuff-{made_on:%Y-%m-%d}.zip"'
    response["Cache-Control"] = "no-store"
    return response


def leave(request: AuthedRequest) -> HttpResponse:
    """What leaving means; POST, with the box ticked, begins the grace."""
    if request.method == "POST":
        return _ask_to_leave(request)
    return _leave_page(request)


@fresh
def _ask_to_leave(request: AuthedRequest) -> HttpResponse:
    try:
        due_at = leaving.ask_to_leave(request.user, now=clock.now())
    except Refused:
        return _leave_page(request)
    messages.info(
        request,
        _("Your account will be deleted on %(day)s. Until then you can keep it.")
        % {"day": long_date(due_at)},
    )
    return redirect("accounts:leave")


def _leave_page(request: AuthedRequest) -> HttpResponse:
    context = {
        "in_the_way": registry.obstacles(request.user),
        "would_be_due_at": clock.now() + leaving.GRACE,
    }
    return render(request, "accounts/leave.html", context)


@require_POST
def stay(request: AuthedRequest) -> HttpResponse:
    """Needs no password: whoever sits here by mistake can do no harm by it."""
    if leaving.keep_account(request.user):
        messages.success(request, _("Your account stays. Nothing was deleted."))
    return redirect("accounts:data")
