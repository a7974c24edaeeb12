"""The page behind the link of “Did you meet?” in an e-mail: yes or no, without signing in. Looking changes nothing."""

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.models import User
from mentoring import actions, met_links, rules
from mentoring.met_emails import names_at
from mentoring.met_links import Asked
from mentoring.models import Meeting

from .answers import discreet, may_try


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    if not may_try(request, dry_run=True):
        return discreet(ratelimit.respond_429(request))
    asked = met_links.read(token)
    if asked is None:
        may_try(request)
        return discreet(render(request, "mentoring/answer_shut.html", status=404))
    return discreet(_answered(request, asked))


def _answered(request: HttpRequest, asked: Asked) -> HttpResponse:
    rows = Meeting.objects.select_related("pairing__program", "pairing__mentor", "pairing__mentee")
    meeting = rows.filter(pk=asked.meeting_id).first()
    person = _who(meeting, asked.person_id)
    if meeting is None or person is None:
        return render(request, "mentoring/answer_shut.html", {"is_known": True}, status=410)
    how = _standing(request, meeting, person, asked)
    said = {"yes": True, "no": False}.get(request.POST.get("do", ""))
    if request.method != "POST" or how in ("other", "late", "closed") or said is None:
        return _page(request, meeting, person, how)
    try:
        actions.say_whether_met(meeting, by=person, met=said, now=clock.now())
    except actions.Refused as no:
        meeting = rows.get(pk=meeting.pk)
        return _page(request, meeting, person, _standing(request, meeting, person, asked), problem=str(no))
    # To the same page, which says how things stand now.
    return redirect(request.path)


def _who(meeting: Meeting | None, person_id: int) -> User | None:
    """Whose link it is, of the two; nobody, once their account is closed."""
    if meeting is None:
        return None
    two: dict[int, User] = {each.pk: each for each in (meeting.pairing.mentor, meeting.pairing.mentee)}
    person = two.get(person_id)
    return person if person is not None and person.is_active else None


def _standing(request: HttpRequest, meeting: Meeting, person: User, asked: Asked) -> str:
    """What the page is about: "other" (somebody else is signed in), "open", "met", "not_met", "late" or "closed"."""
    if request.user.is_authenticated and request.user.pk != person.pk:
        return "other"
    if not rules.may_say_whether_met(person, meeting, clock.now()):
        return "closed"
    if asked.is_late:
        return "late"
    if meeting.took_place is None:
        return "open"
    return "met" if meeting.took_place else "not_met"


def _page(
    request: HttpRequest, meeting: Meeting, person: User, how: str, *, problem: str = ""
) -> HttpResponse:
    """Nothing that the e-mail itself does not say."""
    context = {
        "meeting": meeting,
        "pairing": meeting.pairing,
        "program": meeting.pairing.program,
        "person": person,
        "partner": meeting.pairing.partner_of(person),
        "names": names_at(meeting, person) if how in ("open", "met", "not_met") else "",
        "how": how,
        "problem": problem,
    }
    return render(request, "mentoring/room/meet_by_link.html", context)
