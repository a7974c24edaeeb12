"""The people one is paired with, and the page that the two have together."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import Profile, User
from accounts.paging import page_of
from mentoring import actions, rules, why
from mentoring.matching.words import Reader
from mentoring.models import (
    AcceptedFor,
    Enrollment,
    EnrollmentAnswer,
    EnrollmentQuestion,
    FitCheck,
    Meeting,
    Pairing,
    PairingRequest,
    Program,
)
from mentoring.people import shows_pronouns_to
from mentoring.room.due import first_due
from mentoring.room.left import not_come_about, pages_left, rooms_left_to
from mentoring.said_for import standing_for

MEETINGS_PER_PAGE = 10
MOST_LEFT = 50


@require_safe
def list_(request: AuthedRequest) -> HttpResponse:
    """Those of archived programs with `?archive=1` only; a link leads there where there are any."""
    mine = Pairing.objects.visible_to(request.user).with_people()
    is_archive = "archive" in request.GET
    rows = page_of(request, (mine.archived() if is_archive else mine.unarchived()).for_list_of(request.user))
    has_archive = is_archive or mine.archived().exists()
    _say_what_was_said_for(request.user, rows.object_list)
    context = {"pairings": rows, "is_archive": is_archive, "has_archive": has_archive}
    if not is_archive:
        left = list(rooms_left_to(request.user).with_people()[:MOST_LEFT])
        told = not_come_about(request.user, clock.now()).with_people().order_by("-pk")[:MOST_LEFT]
        context |= {"left": left, "told": [pairing for pairing in told if pairing not in left]}
    if not rows.object_list:
        # Where they can ask somebody themselves: nobody else may be about to pair them.
        asking = Program.objects.with_directory_for(request.user, clock.now())
        mentees = request.user.enrollments.mentees()
        context["asking"] = asking.filter(pk__in=mentees.values("program")).order_by("name", "pk")
    return render(request, "mentoring/pairing_list.html", context)


def _say_what_was_said_for(user: User, pairings: Iterable[Pairing]) -> None:
    """The yes that those who run a program said for this person, at each of these that has one: `said_for_me`."""
    rows = AcceptedFor.objects.standing().filter(person=user, pairing__in=[each.pk for each in pairings])
    said = {row.pairing_id: row for row in rows.select_related("by")}
    for each in pairings:
        each.said_for_me = said.get(each.pk) if each.is_open else None  # type: ignore[attr-defined]


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """Of a pairing that never began, only what the two had written there."""
    never_began = Pairing.objects.of(request.user).never_began().with_people().filter(pk=pk).first()
    if never_began is not None and (pages := pages_left(never_began, request.user)):
        context = {
            "pairing": never_began,
            "partner": never_began.partner_of(request.user),
            "pages": pages,
        }
        return render(request, "mentoring/room/left_page.html", context)
    pairing = visible_pairing(request.user, pk)
    if pairing.status == Pairing.Status.REQUESTED:
        asked = PairingRequest.objects.visible_to(request.user).filter(pairing=pairing).first()
        if asked is not None:
            return redirect("requests:detail", asked.pk)
    return pairing_page(request, pairing)


@require_POST
def accept(request: AuthedRequest, pk: int) -> HttpResponse:
    pairing = visible_pairing(request.user, pk)
    try:
        actions.accept_pairing(pairing, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        pairing.refresh_from_db(fields=["status"])
        both = pairing.status not in Pairing.ASKED
        messages.success(request, _("You are a pair now.") if both else _("Your yes is noted."))
    return redirect("pairings:detail", pk)


@require_POST
def decline(request: AuthedRequest, pk: int) -> HttpResponse:
    pairing = visible_pairing(request.user, pk)
    try:
        actions.decline_pairing(pairing, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
        return redirect("pairings:detail", pk)
    messages.success(request, _("You said no. That is all it takes."))
    return redirect("pairings:list")


@require_POST
def take_back_yes(request: AuthedRequest, pk: int) -> HttpResponse:
    """A yes that those who run the program had said for this one of the two."""
    pairing = visible_pairing(request.user, pk)
    rows = AcceptedFor.objects.standing().filter(pairing=pairing, person=request.user)
    accepted = get_object_or_404(rows.select_related("pairing"))
    try:
        actions.take_back_yes(accepted, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
        return redirect("pairings:detail", pk)
    pairing.refresh_from_db(fields=["status"])
    if pairing.status in Pairing.ASKED:
        messages.success(request, _("It is taken back. The question is yours again: answer it or not."))
        return redirect("pairings:detail", pk)
    messages.success(request, _("It is taken back, and you are no pair. Nobody asks for a reason."))
    return redirect("pairings:list")


def visible_pairing(user: User, pk: int) -> Pairing:
    """Raises Http404 for anybody but the two."""
    return get_object_or_404(Pairing.objects.visible_to(user).with_people(), pk=pk)


def pairing_page(request: AuthedRequest, pairing: Pairing) -> HttpResponse:
    """The pair's page; when they meet is a section of its own (templatetags/room_times.py)."""
    user, now = request.user, clock.now()
    partner = pairing.partner_of(user)
    meetings = Meeting.objects.filter(pairing=pairing)
    may_read = rules.may_read_partner(user, pairing)
    profile = Profile.objects.filter(person=partner).first() if may_read else None
    theirs = Enrollment.objects.filter(program=pairing.program_id, person=partner).first()
    past = page_of(request, meetings.past(now), per_page=MEETINGS_PER_PAGE)
    # Whoever asked a mentor sees no more of them here than where they found them.
    is_whole = may_read or not pairing.is_open
    context = {
        "pairing": pairing,
        "partner": partner,
        "partner_profile": profile,
        "partner_pronouns": profile.pronouns if profile and shows_pronouns_to(user, profile) else "",
        "partner_place": theirs if is_whole else None,
        "partner_skills": theirs.skills.by_side() if theirs and is_whole else [],
        "partner_answers": EnrollmentAnswer.objects.visible_to(user).filter(enrollment=theirs)
        if theirs
        else [],
        "fit_check": FitCheck.objects.visible_to(user).open().filter(pairing=pairing).first(),
        "is_mentor": pairing.is_mentor(user),
        "past": past,
        # What the two know of each other themselves needs no reasons.
        "reasons": [] if past.paginator.count or not pairing.is_open else why_the_two(pairing, user),
        "now": now,
        "may_write": rules.may_write_to_partner(user, pairing),
        "may_accept": rules.may_accept(user, pairing),
        "may_decline": rules.may_decline(user, pairing),
        "is_asked": pairing.asks(user),
        "partner_is_asked": pairing.asks(partner),
        "may_plan_meeting": rules.may_plan_meeting(user, pairing),
        "due": first_due(pairing, user, now),
        "said_for": _said_for(pairing, user, now),
    }
    return render(request, "mentoring/pairing_detail.html", context)


def _said_for(pairing: Pairing, user: User, now: datetime) -> list[tuple[AcceptedFor, bool]]:
    """Each yes that was said for one of the two, while they are asked or a pair, and whether this reader may take it
    back."""
    if not pairing.is_open:
        return []
    found = standing_for(pairing)
    return [(each, rules.may_take_back_yes(user, each, now)) for each in found]


def why_the_two(pairing: Pairing, user: User) -> list[tuple[bool, str]]:
    """What speaks for the two and what does not, as far as whoever reads it may know by now, in their words and their
    language. Each with whether it speaks for the two."""
    found = why.told_to(user, pairing, why.read(pairing.reasons))
    if not found:
        return []
    reader = Reader.MENTOR if pairing.is_mentor(user) else Reader.MENTEE
    asked = EnrollmentQuestion.objects.filter(program=pairing.program_id).values_list("code", "text")
    said = why.sentences(found, reader, pairing.mentee.first_name, pairing.mentor.first_name, dict(asked))
    # Of some facts there is nothing to say to this reader.
    return [(speaks_for, words) for speaks_for, words in said if words]
