"""The page of one's own address for keeping moments by mail: to see it, to make another one, to end it."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.reauthentication import fresh
from reflections import keep_by_mail
from reflections.models import KeepAddress

View = Callable[[AuthedRequest], HttpResponse]


def where_mail_is_taken_in(view: View) -> View:
    """Elsewhere there is no such page."""

    @wraps(view)
    def answer(request: AuthedRequest) -> HttpResponse:
        if not keep_by_mail.is_on():
            raise Http404
        return view(request)

    return answer


@where_mail_is_taken_in
@never_cache
@require_safe
def settings(request: AuthedRequest) -> HttpResponse:
    found = KeepAddress.objects.of(request.user).first()
    return render(request, "reflections/keep_mail.html", {"found": found})


@where_mail_is_taken_in
@require_POST
@fresh
def renew(request: AuthedRequest) -> HttpResponse:
    keep_by_mail.renew(request.user, clock.now())
    messages.success(request, _("This is your address now."))
    return redirect("moments:mail")


@where_mail_is_taken_in
@require_POST
def stop(request: AuthedRequest) -> HttpResponse:
    """Needs no password: whoever sits here by mistake can do no harm by it."""
    if keep_by_mail.end(request.user):
        messages.success(request, _("Nothing is kept by mail any more."))
    return redirect("moments:mail")
