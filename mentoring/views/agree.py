"""What the two of a pair agree on: the page of it, its history, and what either does there."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import User
from accounts.paging import page_of
from accounts.vault import data_keys
from mentoring import actions
from mentoring.forms import AgreementForm, WishForm
from mentoring.models import Agreement, Pairing
from mentoring.room.agree_page import AgreementPage, clauses_of

VERSIONS_PER_PAGE = 10


@require_safe
def agreement(request: AuthedRequest, pk: int) -> HttpResponse:
    """With `?change`, the form for another version."""
    return agreement_page(request, room_pairing(request.user, pk), is_changing="change" in request.GET)


@require_POST
@sensitive_post_parameters()
def propose(request: AuthedRequest, pk: int) -> HttpResponse:
    pairing = room_pairing(request.user, pk)
    page = AgreementPage(pairing, request.user)
    form = agreement_form(page, request.POST)
    if form.is_valid():
        now = clock.now()
        try:
            actions.propose_agreement(
                pairing, form.clauses, by=request.user, seen=form.cleaned_data["seen"], now=now
            )
            if "wish" in form.fields:
                actions.say_wish(pairing, form.cleaned_data["wish"], by=request.user, now=now)
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(
                request, _("%(name)s can read it now, and answer.") % {"name": page.partner.first_name}
            )
            return redirect("pairings:agreement", pk)
    return agreement_page(request, pairing, form=form)


@require_POST
@sensitive_post_parameters()
def accept(request: AuthedRequest, pk: int, version_pk: int) -> HttpResponse:
    """The yes; with it, how they would like to hear hard things, where they say so."""
    pairing, version = room_pairing(request.user, pk), _version(request.user, pk, version_pk)
    page = AgreementPage(pairing, request.user)
    form = WishForm(request.POST, wish=page.typed_wish)
    if not form.is_valid():
        return agreement_page(request, pairing, yes_form=form)
    now = clock.now()
    try:
        actions.accept_agreement(version, by=request.user, now=now)
        if "wish" in request.POST:
            actions.say_wish(pairing, form.cleaned_data["wish"], by=request.user, now=now)
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("Agreed."))
    return redirect("pairings:agreement", pk)


@require_POST
def decline(request: AuthedRequest, pk: int, version_pk: int) -> HttpResponse:
    version = _version(request.user, pk, version_pk)
    try:
        actions.decline_agreement(version, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("You said no to it. Nothing else has changed."))
    return redirect("pairings:agreement", pk)


@require_POST
def withdraw(request: AuthedRequest, pk: int, version_pk: int) -> HttpResponse:
    version = _version(request.user, pk, version_pk)
    try:
        actions.withdraw_agreement(version, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("Taken back. Nothing else has changed."))
    return redirect("pairings:agreement", pk)


@require_POST
@sensitive_post_parameters()
def wish(request: AuthedRequest, pk: int) -> HttpResponse:
    pairing = room_pairing(request.user, pk)
    form = WishForm(request.POST, wish="")
    if form.is_valid():
        try:
            actions.say_wish(pairing, form.cleaned_data["wish"], by=request.user, now=clock.now())
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("Written down."))
            return redirect("pairings:agreement", pk)
    return agreement_page(request, pairing, wish_form=form)


@require_safe
def history(request: AuthedRequest, pk: int) -> HttpResponse:
    """Every version, the newest first."""
    pairing = room_pairing(request.user, pk)
    rows = Agreement.objects.filter(pairing=pairing).select_related("proposed_by").newest_first()
    versions = page_of(request, rows, per_page=VERSIONS_PER_PAGE)
    data_keys.prepare([pairing.mentor_id, pairing.mentee_id])
    context = {
        "pairing": pairing,
        "partner": pairing.partner_of(request.user),
        "page": versions,
        "versions": [(version, clauses_of(version)) for version in versions],
    }
    return render(request, "mentoring/room/agree_history.html", context)


def room_pairing(user: User, pk: int) -> Pairing:
    """Raises Http404 for anybody but the two, and before their second yes."""
    return get_object_or_404(Pairing.objects.of(user).made_or_over().with_people(), pk=pk)


def agreement_form(page: AgreementPage, data: object = None) -> AgreementForm:
    return AgreementForm(
        data, words=page.first_words(), seen=page.seen, asks_wish=page.my_wish_row is None, wish=""
    )


def agreement_page(
    request: AuthedRequest,
    pairing: Pairing,
    *,
    is_changing: bool = False,
    form: AgreementForm | None = None,
    yes_form: WishForm | None = None,
    wish_form: WishForm | None = None,
) -> HttpResponse:
    """The page, with whichever form was sent as it stands."""
    page = AgreementPage(pairing, request.user)
    is_first = page.agreed is None and page.proposed is None
    if form is not None and form.errors:
        # Whoever was slower has read the other's words once this page is before them.
        form.data = {name: form.data.get(name, "") for name in form.fields} | {"seen": str(page.seen)}
    if form is None and page.may_write and (is_changing or is_first):
        form = agreement_form(page)
    if yes_form is None and page.waits_for_me and page.my_wish_row is None:
        yes_form = WishForm(wish="")
    context = {
        "pairing": pairing,
        "partner": page.partner,
        "room": page,
        "is_first": is_first,
        "proposal": form,
        "yes_form": yes_form,
        "wish_form": wish_form or WishForm(wish=page.typed_wish),
        # What is wrong is said once at the top, whichever form it is in.
        "form": next((one for one in (form, yes_form, wish_form) if one and one.errors), None),
    }
    return render(request, "mentoring/room/agree_page.html", context)


def _version(user: User, pk: int, version_pk: int) -> Agreement:
    rows = Agreement.objects.visible_to(user).select_related("pairing")
    return get_object_or_404(rows, pk=version_pk, pairing=pk)
