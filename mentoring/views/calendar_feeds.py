"""A person's private calendar: the page with its link, the calendar itself, and one meeting as a file."""

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.mail import links
from accounts.reauthentication import fresh
from mentoring import calendar_events, calendar_feeds
from mentoring.invites import messages as invites
from mentoring.models import CalendarFeed, Meeting, Pairing

TYPE = "text/calendar; charset=utf-8"


@require_safe
def settings(request: AuthedRequest) -> HttpResponse:
    return _page(request)


@never_cache
@require_POST
@fresh
def renew(request: AuthedRequest) -> HttpResponse:
    """A new link. Its page is the only place where it is ever shown, so it is the answer itself."""
    token = calendar_feeds.renew(request.user, clock.now())
    return _page(request, links.absolute("calendar:feed", token))


@require_POST
def stop(request: AuthedRequest) -> HttpResponse:
    """Needs no password: whoever sits here by mistake can do no harm by it."""
    if calendar_feeds.end(request.user):
        messages.success(request, _("The link opens nothing any more."))
    return redirect("calendar:settings")


def _page(request: AuthedRequest, url: str = "") -> HttpResponse:
    feed = CalendarFeed.objects.visible_to(request.user).first()
    # What opens a calendar program by itself, where there is one.
    webcal = "webcal://" + url.partition("://")[2] if url else ""
    return render(request, "mentoring/calendar_feed.html", {"feed": feed, "url": url, "webcal": webcal})


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar, for whoever has its link."""
    # Also a right token is not looked up then: otherwise guessing could go on, and only its failures would be hidden.
    if not _may_try(request, "calendar", dry_run=True):
        return _discreet(ratelimit.respond_429(request))
    found = calendar_feeds.find(token)
    if found is None:
        _may_try(request, "calendar")
        return _discreet(HttpResponse("", status=404, content_type="text/plain"))
    if not _may_try(request, "calendar_fetched", key=str(found.pk)):
        return _discreet(ratelimit.respond_429(request))
    now = clock.now()
    if request.method == "GET":
        calendar_feeds.note_fetched(found, now)
    content = calendar_events.feed(found.person, now)
    etag = invites.etag(content)
    response = HttpResponse(content, content_type=TYPE)
    response["Content-Disposition"] = 'attachment; filename="best-stuff.ics"'
    answer = get_conditional_response(request, etag=etag, response=response)
    if not isinstance(answer, HttpResponse):
        raise TypeError
    answer["ETag"] = etag
    return _discreet(answer)


@require_safe
def meeting(request: AuthedRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """One meeting to open with a calendar: for the two, as long as it is to come or has taken place."""
    rooms = Pairing.objects.visible_to(request.user).made_or_over()
    rows = Meeting.objects.planned().filter(pairing__in=rooms)
    found = get_object_or_404(
        rows.select_related("arrangement", "pairing__program", "pairing__mentor", "pairing__mentee"),
        pk=meeting_pk,
        pairing=pk,
    )
    try:
        content = calendar_events.file(found, request.user, clock.now())
    except ValueError:
        raise Http404 from None
    response = HttpResponse(content, content_type=TYPE)
    response["Content-Disposition"] = f'attachment; filename="meeting-{found.pk}.ics"'
    response["Cache-Control"] = "no-store"
    return response


def _may_try(request: HttpRequest, action: str, *, dry_run: bool = False, key: str | None = None) -> bool:
    tries = ratelimit.consume(
        request, app="allauth.account", action=action, limit_get=True, dry_run=dry_run, key=key
    )
    return tries is not None


def _discreet(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
