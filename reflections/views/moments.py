"""Moments: one's own, and those that others share with a whole program."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.http import AuthedRequest
from accounts.paging import page_of
from reflections import actions, rules, who_reads
from reflections.forms import EditMomentForm, MomentForm
from reflections.models import Moment
from reflections.readers import Readers

from .home import home_page


def index(request: AuthedRequest) -> HttpResponse:
    moments = Moment.objects.of(request.user).with_readers().newest_first()
    kind = request.GET.get("kind", "")
    if kind in Moment.Kind.values:
        moments = moments.filter(kind=kind)
    page = page_of(request, moments)
    return render(
        request, "reflections/moment_list.html", {"page": page, "kinds": Moment.Kind.choices, "kind": kind}
    )


@require_POST
@sensitive_post_parameters()
def keep(request: AuthedRequest) -> HttpResponse:
    person = request.user
    form = MomentForm(
        request.POST,
        person=person,
        pairings=list(rules.pairings_to_share_with(person)),
        programs=list(rules.programs_to_share_with(person)),
    )
    if not form.is_valid():
        return home_page(request, person, form)
    moment = actions.keep_moment(
        person,
        text=form.cleaned_data["text"],
        kind=form.cleaned_data["kind"],
        for_whom=form.cleaned_data["for_whom"],
        happened_on=clock.now().astimezone(person.zone).date(),
        readers=form.readers,
    )
    messages.success(request, _kept(moment, request), extra_tags="kept")
    return redirect(_where_they_were(request))


@sensitive_post_parameters()
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    moment = moment_of(request, pk)
    form = EditMomentForm(
        request.POST if request.method == "POST" else None,
        moment=moment,
        today=clock.now().astimezone(request.user.zone).date(),
        person=request.user,
        pairings=list(rules.pairings_to_share_with(request.user)),
        programs=list(rules.programs_to_share_with(request.user)),
    )
    if not form.is_valid():
        return render(request, "reflections/moment_form.html", {"form": form, "moment": moment})
    before = Readers.of_moment(moment)
    data = form.cleaned_data
    actions.change_moment(
        moment,
        by=request.user,
        text=data["text"],
        kind=data["kind"],
        for_whom=data["for_whom"],
        happened_on=data["happened_on"],
        readers=form.readers,
    )
    if form.readers.is_only_me and not before.is_only_me:
        told = _("Taken back: only you can see it now. Somebody may have read it before.")
    else:
        told = f"{_('Changed.')} {who_reads.said_of(moment_of(request, pk))}".strip()
    messages.success(request, told, extra_tags="kept")
    return redirect("moments:list")


def delete(request: AuthedRequest, pk: int) -> HttpResponse:
    moment = moment_of(request, pk)
    if request.method != "POST":
        return render(request, "reflections/moment_delete.html", {"moment": moment})
    actions.delete_moment(moment, by=request.user)
    messages.success(request, _("Deleted."))
    return redirect("moments:list")


def moment_of(request: AuthedRequest, pk: int) -> Moment:
    return get_object_or_404(Moment.objects.of(request.user).with_readers(), pk=pk)


def _kept(moment: Moment, request: AuthedRequest) -> str:
    if waits := who_reads.said_of(moment):
        return _("Kept. %(waits)s") % {"waits": waits}
    if moment.pairing is not None:
        partner = moment.pairing.partner_of(request.user)
        return _("Kept. %(name)s can see it too.") % {"name": partner.first_name}
    if moment.program is not None:
        return _("Kept. Everyone in %(program)s can see it.") % {"program": moment.program}
    return _("Kept. Only you can see it.")


def _where_they_were(request: AuthedRequest) -> str:
    """The page that the form stood on, if it is one of ours."""
    url = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return url
    return "home"
