"""After a pairing: whether the two stay in touch, and the postcards that they write each other."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import User
from accounts.paging import page_of
from accounts.vault import data_keys
from mentoring import actions, in_touch, one_tap
from mentoring.forms import PostcardForm
from mentoring.models import InTouch, Pairing, Postcard
from mentoring.models.ending import PostcardQuerySet
from mentoring.one_tap import Link

from .one_tap import by_link, is_of_another, one_of_the_two
from .pairings import visible_pairing


@require_POST
def say(request: AuthedRequest, pk: int) -> HttpResponse:
    pairing = visible_pairing(request.user, pk)
    do = request.POST.get("do")
    if do in ("yes", "no"):
        try:
            actions.say_in_touch(pairing, by=request.user, wants=do == "yes", now=clock.now())
        except actions.Refused as no:
            messages.error(request, str(no))
    return redirect("pairings:detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def postcards(request: AuthedRequest, pk: int) -> HttpResponse:
    """What the two have written each other since, and the one that waits for a few lines."""
    pairing, cards = _theirs(request.user, pk)
    waits = _waiting(pairing, cards, request.user)
    form = PostcardForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and waits is None:
        messages.error(request, _("This postcard is sent already, or its time is over."))
        return redirect("pairings:postcards", pk)
    if waits is not None and form.is_bound and form.is_valid():
        try:
            actions.send_postcard(waits, by=request.user, text=form.cleaned_data["text"], now=clock.now())
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("Sent."))
            return redirect("pairings:postcards", pk)
    data_keys.prepare([pairing.mentor_id, pairing.mentee_id])
    sent = cards.filter(sent_at__isnull=False).select_related("person").order_by("-sent_at", "-pk")
    mine = InTouch.objects.visible_to(request.user).filter(pairing=pairing, wants=True).first()
    context = {
        "pairing": pairing,
        "partner": pairing.partner_of(request.user),
        "cards": page_of(request, sent),
        "form": form if waits is not None else None,
        "mine": mine,
        "in_touch": in_touch.are_in_touch(pairing),
    }
    return render(request, "mentoring/room/in_touch_postcards.html", context)


@require_POST
def mute(request: AuthedRequest, pk: int) -> HttpResponse:
    pairing, _cards = _theirs(request.user, pk)
    is_muted = request.POST.get("do") != "unmute"
    try:
        actions.mute_postcards(pairing, by=request.user, is_muted=is_muted, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    return redirect("pairings:postcards", pk)


@by_link(one_tap.MUTE)
def stop(request: HttpRequest, link: Link) -> HttpResponse:
    pairing = Pairing.objects.with_people().filter(pk=link.subject_id, status__in=Pairing.OVER).first()
    person = one_of_the_two(pairing, link.person_id) if pairing is not None else None
    if pairing is None or person is None:
        return render(request, "mentoring/answer_shut.html", {"is_known": True}, status=410)
    mine = InTouch.objects.filter(pairing=pairing, person=person, wants=True, muted_at__isnull=True)
    if is_of_another(request, person):
        how = "other"
    elif not mine.exists():
        how = "muted"
    else:
        how = "late" if link.is_late else "open"
    if request.method == "POST" and how == "open" and request.POST.get("do") == "mute":
        actions.mute_postcards(pairing, by=person, is_muted=True, now=clock.now())
        return redirect(request.path)
    context = {
        "pairing": pairing,
        "program": pairing.program,
        "person": person,
        "partner": pairing.partner_of(person),
        "how": how,
    }
    return render(request, "mentoring/room/in_touch_stop.html", context)


def _theirs(user: User, pk: int) -> tuple[Pairing, PostcardQuerySet]:
    """The pairing with the postcards that this one of the two may read. Raises Http404 where the two are not in touch
    and never wrote each other."""
    over = Pairing.objects.visible_to(user).filter(status__in=Pairing.OVER).with_people()
    pairing = get_object_or_404(over, pk=pk)
    cards = Postcard.objects.visible_to(user).filter(pairing=pairing)
    if not in_touch.are_in_touch(pairing) and not cards.filter(sent_at__isnull=False).exists():
        raise Http404
    return pairing, cards


def _waiting(pairing: Pairing, cards: PostcardQuerySet, user: User) -> Postcard | None:
    """The last of one's own, unless it is sent."""
    last = cards.filter(person=user).order_by("-number").first()
    return last if last and last.sent_at is None and in_touch.are_in_touch(pairing) else None
