"""Moments: kept from any page, told more of, undone, deleted; and those that others share with a whole program."""

from typing import cast
from urllib.parse import urlsplit

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import User
from accounts.vault.errors import Unreadable
from mentoring.actions.refused import Refused
from reflections import actions, rules, shared_texts, swapping, who_reads, whom
from reflections.forms import EditMomentForm, MomentForm
from reflections.models import Moment
from reflections.models.moment import LONGEST_MOMENT
from reflections.readers import Readers

# A message of this tag is about a moment that was kept just now: it offers to undo it, or to say more.
KEPT = "kept moment-%d"


@require_safe
def new(request: AuthedRequest) -> HttpResponse:
    """The form on a page of its own: where the links lead without script, and an app's shortcut. What was shared from
    here while they were signed out stands in it."""
    text = shared_texts.text_for(request.user, request, now=clock.now())
    if not text:
        return _form_page(request, _form(request), _came_from(request))
    page = _form_page(request, _form(request, initial={"text": text}), "", is_shared=True)
    shared_texts.hand_to(page, request.user, request)
    return page


@login_not_required
@never_cache
@csrf_exempt
@require_POST
@sensitive_post_parameters()
def share(request: HttpRequest) -> HttpResponse:
    """What a phone shares with the app, in the form: nothing is kept before somebody presses the button. The phone
    knows no token, and none is needed for a page that changes nothing.

    Whoever is signed out signs in first, and finds it then. Another site's form is given nothing to be found later.
    """
    text = _shared(request)
    if isinstance(request.user, User):
        return _form_page(
            cast("AuthedRequest", request), _form(cast("AuthedRequest", request), initial={"text": text}), ""
        )
    to_sign_in = redirect_to_login(reverse("moments:new"))
    is_ours = request.headers.get("Sec-Fetch-Site") not in ("cross-site", "same-site")
    if text and is_ours and ratelimit.consume(request, action="shared_text"):
        shared_texts.hand_out(to_sign_in, shared_texts.put(request, text, now=clock.now()))
    return to_sign_in


def _shared(request: HttpRequest) -> str:
    parts = [request.POST.get(name, "").strip() for name in ("title", "text", "url")]
    told: list[str] = []
    for part in parts:
        if part and not any(part in each for each in told):
            told.append(part)
    return "\n".join(told).replace("\x00", "")[: 2 * LONGEST_MOMENT]


@require_POST
@sensitive_post_parameters()
def keep(request: AuthedRequest) -> HttpResponse:
    person = request.user
    form = _form(request, request.POST)
    if not form.is_valid():
        return _form_page(request, form, request.POST.get("next", ""), is_shared="shared" in request.POST)
    moment = actions.keep_moment(
        person,
        text=form.cleaned_data["text"],
        kind=form.cleaned_data["kind"],
        for_whom=form.cleaned_data["for_whom"],
        happened_on=clock.now().astimezone(person.zone).date(),
        readers=form.readers,
    )
    messages.success(request, _kept(moment, request), extra_tags=KEPT % moment.pk)
    kept = redirect(_where_they_were(request.POST.get("next", "")))
    if "shared" in request.POST:
        shared_texts.drop(request)
        shared_texts.take_back(kept)
    return kept


@require_POST
def undo(request: AuthedRequest, pk: int) -> HttpResponse:
    """Not kept after all; what was kept long ago is asked about first."""
    moment = get_object_or_404(Moment.objects.of(request.user), pk=pk)
    if not actions.undo_moment(moment, by=request.user, now=clock.now()):
        return redirect("moments:delete", moment.pk)
    messages.success(request, _("Undone. It is not kept."), extra_tags="undone")
    return redirect(_where_they_were(request.POST.get("next", "")))


@sensitive_post_parameters()
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    """All that can be said of a moment. It may well be said years later."""
    moment = moment_of(request, pk)
    back = request.POST.get("next", "") if request.method == "POST" else _came_from(request)
    try:
        form = _edit_form(request, moment, request.POST if request.method == "POST" else None)
    except Unreadable as closed:
        messages.error(request, str(closed))
        return redirect("moments:delete", moment.pk)
    try:
        if not form.is_valid() or not _change(request, moment, form):
            picked = [row for row in swapping.picked_by(request.user) if row.moment_id == moment.pk]
            data = {
                "form": form,
                "moment": moment,
                "picked": [swapping.picked_in_words(row, request.user) for row in picked],
                "next": _safe(back),
            }
            return render(request, "reflections/moment_form.html", data)
    except actions.MomentOvertaken:
        return _overtaken_page(request, pk, back)
    return redirect(_safe(back) or "moments:list")


def delete(request: AuthedRequest, pk: int) -> HttpResponse:
    moment = moment_of(request, pk)
    if request.method != "POST":
        return render(request, "reflections/moment_delete.html", {"moment": moment})
    actions.delete_moment(moment, by=request.user)
    messages.success(request, _("Deleted."))
    return redirect("moments:list")


def moment_of(request: AuthedRequest, pk: int) -> Moment:
    return get_object_or_404(Moment.objects.of(request.user).with_readers(), pk=pk)


def _edit_form(request: AuthedRequest, moment: Moment, data: object) -> EditMomentForm:
    person = request.user
    return EditMomentForm(
        data,
        moment=moment,
        mentoring=list(rules.pairings_that_were(person)),
        today=clock.now().astimezone(person.zone).date(),
        person=person,
        pairings=list(rules.pairings_to_share_with(person)),
        programs=list(rules.programs_to_share_with(person)),
        whom_words=whom.of_reader(request),
    )


def _overtaken_page(request: AuthedRequest, pk: int, back: str) -> HttpResponse:
    """Their words are in the form, the other ones beside it; the next save replaces what they have now seen. Who reads
    it is as it stands: what was taken back is shared anew by a choice alone."""
    moment = moment_of(request, pk)
    now_there = _edit_form(request, moment, None)
    data = request.POST.copy()
    data["version"], data["seen_by"] = now_there.initial["version"], now_there.seen_by_now
    context = {
        "form": _edit_form(request, moment, data),
        "moment": moment,
        "next": _safe(back),
        "other": "\n\n".join(filter(None, (moment.text, moment.gave))),
        "other_words": _(
            "This moment was also changed elsewhere. Nothing is lost: the other text is below. Seen by: %(readers)s."
        )
        % {"readers": now_there.seen_by_now_in_words},
    }
    return render(request, "reflections/moment_form.html", context, status=409)


def _form(request: AuthedRequest, data: object = None, **options: object) -> MomentForm:
    person = request.user
    return MomentForm(
        data,
        person=person,
        pairings=list(rules.pairings_to_share_with(person)),
        programs=list(rules.programs_to_share_with(person)),
        whom_words=whom.of_reader(request),
        **options,
    )


def _form_page(
    request: AuthedRequest, form: MomentForm, back: str, *, is_shared: bool = False
) -> HttpResponse:
    context = {"form": form, "next": _safe(back), "is_shared": is_shared}
    return render(request, "reflections/moment_new.html", context)


def _change(request: AuthedRequest, moment: Moment, form: EditMomentForm) -> bool:
    """Whether it was changed; where it was not, the form says why."""
    before, data = Readers.of_moment(moment), form.cleaned_data
    try:
        actions.change_moment(
            moment,
            by=request.user,
            text=data["text"],
            gave=data["gave"],
            kind=data["kind"],
            for_whom=data["for_whom"],
            mentoring_in=form.was_mentoring_in,
            happened_on=data["happened_on"],
            readers=form.readers,
            based_on=data["version"],
        )
    except Refused as refused:
        form.add_error("seen_by", str(refused))
        return False
    if form.readers.is_only_me and not before.is_only_me:
        told = _("Taken back: only you can see it now. Somebody may have read it before.")
    else:
        told = f"{_('Changed.')} {who_reads.said_of(moment_of(request, moment.pk))}".strip()
    messages.success(request, told, extra_tags="kept")
    return True


def _kept(moment: Moment, request: AuthedRequest) -> str:
    if waits := who_reads.said_of(moment):
        return _("Kept. %(waits)s") % {"waits": waits}
    if moment.pairing is not None:
        partner = moment.pairing.partner_of(request.user)
        return _("Kept. %(name)s can see it too.") % {"name": partner.first_name}
    if moment.program is not None:
        return _("Kept. Everyone in %(program)s can see it.") % {"program": moment.program}
    return _("Kept. Only you can see it.")


def _came_from(request: AuthedRequest) -> str:
    """The page of ours that they came from, as the browser says: addresses of pages may hold secrets, so no link of
    ours carries one along. Pages that answer to a form alone are none to go back to."""
    came = urlsplit(request.META.get("HTTP_REFERER", ""))
    if came.netloc != request.get_host() or came.path == request.path or came.path in _forms_only():
        return ""
    return _safe(f"{came.path}?{came.query}" if came.query else came.path)


def _forms_only() -> tuple[str, ...]:
    return tuple(reverse(f"moments:{name}") for name in ("keep", "share", "search", "new"))


def _where_they_were(url: str) -> str:
    """The page that the form stood on, if it is one of ours."""
    return _safe(url) or "home"


def _safe(url: str) -> str:
    is_ours = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return url if is_ours else ""
