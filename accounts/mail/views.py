"""The page behind the link that stops a kind of e-mail (RFC 8058), which knows nobody's name and signs nobody in; and
what somebody who is signed in says to an address that mail came back from."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.clock import now
from accounts.http import AuthedRequest

from . import kinds, suppression
from .kinds import Stream
from .models import MailLink, Stopped


# The token in the address is the right to do this one thing. Mail programs send the POST by themselves, without
# cookies, so there is nothing that a forged request could ride on.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button; POST stops the stream, or starts it again. Either is right any number of times."""
    link = MailLink.objects.find(token, MailLink.Purpose.STOP, now=now())
    stream = _stream_of(link)
    if link is None or stream is None:
        return _page(request, "mail/stop_unknown.html", status=404)
    person_id = link.person_id
    if request.method == "POST":
        if request.POST.get("again"):
            Stopped.objects.start(person_id, stream.name)
        else:
            Stopped.objects.stop(person_id, stream.name)
    is_stopped = stream.name in Stopped.objects.names_of(person_id)
    context = {"stream": stream, "is_stopped": is_stopped, "is_done": request.method == "POST"}
    return _page(request, "mail/stop.html", context)


@require_POST
def try_again(request: AuthedRequest) -> HttpResponse:
    """Mail goes to their address again; should it come back once more, the banner comes back as well."""
    if suppression.lift(request.user, now=now()):
        messages.success(request, _("We write to you again."))
    return redirect("home")


def _stream_of(link: MailLink | None) -> Stream | None:
    return kinds.stream_of(link.message.kind) if link is not None and link.message is not None else None


def _page(
    request: HttpRequest, template: str, context: dict[str, object] | None = None, *, status: int = 200
) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
