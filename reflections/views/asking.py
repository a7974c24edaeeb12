"""Behind the quiet choices at the foot of the calendar's e-mails: one button, without signing in. Looking changes
nothing.

Whoever has such a link may say this one thing in its person's name. It opens no session, and shows their name and what
is asked, and nothing that anybody wrote.
"""

from collections.abc import Callable
from functools import wraps
from typing import NamedTuple

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.http import AuthedRequest
from accounts.mail.models import MailLink, Message
from accounts.models import User
from mentoring.actions.refused import Refused
from mentoring.views.answers import discreet, may_try
from reflections import actions
from reflections.actions.asking import NEXT, may_be_asked, other_times
from reflections.models import AnotherTime, Reflection, Round
from reflections.outlook import ABOUT_A_ROUND, KEEP_ASKING


class Found(NamedTuple):
    message: Message
    person: User
    round: Round


Page = Callable[[HttpRequest, Found], HttpResponse]


def by_link(page: Page) -> Callable[[HttpRequest, str], HttpResponse]:
    """The view of a link of purpose NUDGE. Only tokens that we did not make are counted against whoever asks, and
    then a right one is not looked up either; of one token so many POSTs are taken in an hour."""

    @login_not_required
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(page)
    def view(request: HttpRequest, token: str) -> HttpResponse:
        if not may_try(request, dry_run=True):
            return discreet(ratelimit.respond_429(request))
        found = find(token)
        if found is None:
            may_try(request)
            return discreet(render(request, "reflections/asking_shut.html", status=404))
        if request.user.is_authenticated and request.user.pk != found.person.pk:
            return discreet(
                render(request, "reflections/asking.html", {"how": "other", "person": found.person})
            )
        if request.method == "POST" and not _may_post(request, token):
            return discreet(ratelimit.respond_429(request))
        with timezone.override(found.person.zone):
            return discreet(page(request, found))

    return view


def find(token: str) -> Found | None:
    """What a link is about, while it lives and its person may be asked at all."""
    link = MailLink.objects.find(token, MailLink.Purpose.NUDGE, now=clock.now())
    if link is None or link.message is None or link.message.kind not in ABOUT_A_ROUND:
        return None
    message = link.message
    round = Round.objects.select_related("program").filter(pk=message.subject_id).first()
    person = User.objects.active().filter(pk=message.person_id).first()
    if round is None or person is None:
        return None
    message.person = person
    return Found(message, person, round)


def _may_post(request: HttpRequest, token: str) -> bool:
    used = ratelimit.consume(request, app="allauth.account", action="nudge", key=token, limit_get=True)
    return used is not None


@by_link
def not_now(request: HttpRequest, found: Found) -> HttpResponse:
    if request.method == "POST" and may_be_asked(found.person, found.round, clock.now()):
        actions.decline_reflection(found.person, found.round, now=clock.now())
        return redirect(request.path)
    return _page(request, found, "not_now", _standing(request, found))


@by_link
def another_time(request: HttpRequest, found: Found) -> HttpResponse:
    now = clock.now()
    times = other_times(found.message, found.round, now=now)
    problem = ""
    if request.method == "POST":
        try:
            actions.say_another_time(
                found.message, found.round, choice=_number(request.POST.get("which", "0")), now=now
            )
        except Refused as no:
            problem = str(no)
        else:
            return redirect(request.path)
    said = AnotherTime.objects.filter(
        person=found.person, round=found.round, nudge=NEXT.get(found.message.kind, "")
    ).first()
    how = _standing(request, found)
    if how == "open":
        how = "said" if said else "open" if times else "none"
    return _page(request, found, "another_time", how, times=times, said=said, problem=problem)


@by_link
def keep_asking(request: HttpRequest, found: Found) -> HttpResponse:
    """On, or let it rest. Either may be said again. Only the e-mail that asks has this link: another one's shows
    nobody whether it rests."""
    if found.message.kind != KEEP_ASKING:
        return render(request, "reflections/asking_shut.html", status=404)
    said = request.POST.get("do", "")
    if request.method == "POST" and said in ("go_on", "rest"):
        if said == "go_on":
            actions.ask_again(found.person, now=clock.now())
        else:
            actions.rest_from_asking(found.person, now=clock.now())
        return redirect(request.path)
    person = found.person
    how = "rests" if person.nudges_paused_at else "open"
    if (
        person.nudges_wanted_at
        and found.message.sending_at
        and person.nudges_wanted_at > found.message.sending_at
    ):
        how = "rests" if person.nudges_paused_at else "goes_on"
    return _page(request, found, "keep_asking", how)


@require_POST
def ask_again(request: AuthedRequest) -> HttpResponse:
    """The button in the settings."""
    actions.ask_again(request.user, now=clock.now())
    with translation.override(request.user.language or translation.get_language()):
        messages.success(request, _("We ask you again when a quarter ends."))
    return redirect("accounts:settings")


def _standing(request: HttpRequest, found: Found) -> str:
    """How things stand: "finished", "declined", "closed", or "open" for a question that waits for an answer.

    An e-mail may be passed on, so that only who is signed in reads which of the three it is: the others, "closed".
    """
    reflection = Reflection.objects.answered().filter(person=found.person, round=found.round).first()
    if reflection is not None and not request.user.is_authenticated:
        return "closed"
    if reflection is not None:
        return "finished" if reflection.is_submitted else "declined"
    return "open" if may_be_asked(found.person, found.round, clock.now()) else "closed"


def _page(request: HttpRequest, found: Found, what: str, how: str, **more: object) -> HttpResponse:
    context = {"what": what, "how": how, "person": found.person, "round": found.round, **more}
    return render(request, "reflections/asking.html", context)


def _number(said: str) -> int:
    return int(said) if said.isdecimal() and len(said) < 3 else 0
