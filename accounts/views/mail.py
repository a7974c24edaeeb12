"""The page of the e-mails that we sent somebody, and why: their own, of the last year."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.clock import now
from accounts.http import AuthedRequest
from accounts.mail import kinds, told
from accounts.mail.models import Stopped
from accounts.paging import page_of


@never_cache
@require_safe
def sent(request: AuthedRequest) -> HttpResponse:
    page = page_of(request, told.rows_of(request.user, now()))
    context = {
        "page": page,
        "rows": [told.tell(message) for message in page],
        "stopped": Stopped.objects.names_of(request.user.pk),
    }
    return render(request, "accounts/mail.html", context)


@require_POST
def stop(request: AuthedRequest) -> HttpResponse:
    """Stop the stream of one of them, or have it again; back to where it stands, with the button that undoes it."""
    stream = {each.name: each for each in kinds.streams()}.get(request.POST.get("stream", ""))
    if stream is None:
        raise Http404
    names = {"kind": stream.label}
    if request.POST.get("again"):
        actions.start_stream(request.user, stream.name)
        messages.success(request, _("You get these again: “%(kind)s”.") % names)
    else:
        actions.stop_stream(request.user, stream.name)
        messages.success(
            request, _("You get no more of these: “%(kind)s”. The same button takes it back.") % names
        )
    page, row = request.POST.get("page", ""), request.POST.get("row", "")
    url = reverse("accounts:mail")
    if page.isdecimal() and page.isascii() and page != "1":
        url += f"?page={page[:9]}"
    if row.isdecimal() and row.isascii():
        url += f"#mail-{row[:19]}"
    return redirect(url)
