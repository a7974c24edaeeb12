"""The page of one's own address for keeping moments by mail: to see it, to make another one, to end it."""

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


@never_cache
@require_safe
def settings(request: AuthedRequest) -> HttpResponse:
    """Nothing is here where no mail is taken in."""
    _is_there()
    found = KeepAddress.objects.of(request.user).first()
    return render(request, "reflections/keep_mail.html", {"found": found})


@require_POST
@fresh
def renew(request: AuthedRequest) -> HttpResponse:
    _is_there()
    keep_by_mail.renew(request.user, clock.now())
    messages.success(request, _("This is your address now."))
    return redirect("moments:mail")


@require_POST
def stop(request: AuthedRequest) -> HttpResponse:
    """Needs no password: whoever sits here by mistake can do no harm by it."""
    _is_there()
    if keep_by_mail.end(request.user):
        messages.success(request, _("Nothing is kept by mail any more."))
    return redirect("moments:mail")


def _is_there() -> None:
    if not keep_by_mail.is_on():
        raise Http404
