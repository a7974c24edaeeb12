"""What is told in confidence: by one of a pair, to one person; and the pages of the two about it.

Words are shown to whoever hears them by a POST only, since each time is written down.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import User
from accounts.paging import page_of
from accounts.vault import reading
from mentoring import actions, rules
from mentoring.concern_contacts import contacts_for
from mentoring.forms import ConcernForm, ConcernReplyForm
from mentoring.models import Concern
from mentoring.models.concern import ConcernQuerySet

from .pairings import visible_pairing


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def tell(request: AuthedRequest, pk: int) -> HttpResponse:
    """Who hears it and who does not, and then the page to write on."""
    pairing = visible_pairing(request.user, pk)
    contacts = contacts_for(pairing)
    form = ConcernForm(request.POST if request.method == "POST" else None, contacts=contacts)
    if form.is_bound and form.is_for_somebody_else:
        form = ConcernForm.once_more(request.POST, contacts=contacts)
    elif form.is_bound and contacts and form.is_valid():
        try:
            told = actions.tell_concern(pairing, by=request.user, now=clock.now(), **form.cleaned_data)
        except actions.SomebodyElse:
            contacts = contacts_for(visible_pairing(request.user, pk))
            form = ConcernForm.once_more(request.POST, contacts=contacts)
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("It is told. Nobody else hears of it from us."))
            return redirect("concerns:detail", told.pk)
    context = {
        "pairing": pairing,
        "partner": pairing.partner_of(request.user),
        "program": pairing.program,
        "contacts": contacts,
        "only": contacts[0] if len(contacts) == 1 else None,
        "told_before": Concern.objects.visible_to(request.user).filter(pairing=pairing).exists(),
        "form": form,
    }
    return render(request, "mentoring/concern_tell.html", context)


@require_safe
def list_(request: AuthedRequest) -> HttpResponse:
    """What was told to them, what waits first; and what they told themselves."""
    people = ("program", "person", "contact", "pairing__mentor", "pairing__mentee")
    heard = Concern.objects.for_contact(request.user).waiting_first().select_related(*people)
    told = Concern.objects.visible_to(request.user).with_first_reading().select_related(*people)
    context = {
        "heard": page_of(request, heard.with_first_reading(), name="heard"),
        "told": page_of(request, told),
    }
    return render(request, "mentoring/concern_list.html", context)


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """For whoever told it, all of it; for whoever hears it, what it is about, and a button to read it."""
    concern = _concern_of(request.user, pk)
    if concern.person_id != request.user.pk:
        return _contacts_page(request, concern)
    context = {
        "concern": concern,
        "partner": concern.pairing.partner_of(request.user) if concern.pairing else None,
        "text": reading.words(concern, "text"),
        "reply": reading.words(concern, "reply"),
        "readings": page_of(request, concern.readings.select_related("reader")),
        "may_take_back": rules.may_take_back_concern(request.user, concern),
    }
    return render(request, "mentoring/concern_told.html", context)


@require_POST
def read(request: AuthedRequest, pk: int) -> HttpResponse:
    """The words, for whoever hears them."""
    return _opened_page(request, _heard_by(request.user, pk), ConcernReplyForm())


@require_POST
@sensitive_post_parameters()
def answer(request: AuthedRequest, pk: int) -> HttpResponse:
    concern = _heard_by(request.user, pk)
    form = ConcernReplyForm(request.POST)
    if form.is_valid():
        try:
            actions.answer_concern(concern, by=request.user, text=form.cleaned_data["words"], now=clock.now())
        except actions.Refused as no:
            messages.error(request, str(no))
        else:
            said = _("Sent. %(name)s gets an e-mail that an answer is there.")
            messages.success(request, said % {"name": concern.person.first_name})
        return redirect("concerns:detail", pk)
    return _opened_page(request, concern, form)


@require_POST
def see_to(request: AuthedRequest, pk: int) -> HttpResponse:
    concern = _heard_by(request.user, pk)
    try:
        actions.see_to_concern(concern, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
        return redirect("concerns:detail", pk)
    messages.success(request, _("Noted: it is seen to."))
    return redirect("concerns:list")


@require_POST
def take_back(request: AuthedRequest, pk: int) -> HttpResponse:
    concern = get_object_or_404(Concern.objects.visible_to(request.user), pk=pk)
    try:
        actions.take_back_concern(concern, by=request.user)
    except actions.Refused as no:
        messages.error(request, str(no))
        return redirect("concerns:detail", pk)
    messages.success(request, _("Taken back and deleted. Nobody had read it."))
    return redirect("concerns:list")


def _concern_of(user: User, pk: int) -> Concern:
    """Raises Http404 for anybody but whoever told it and whoever was named to hear it."""
    return get_object_or_404(_with_people(Concern.objects.of(user)), pk=pk)


def _heard_by(user: User, pk: int) -> Concern:
    return get_object_or_404(_with_people(Concern.objects.for_contact(user)), pk=pk)


def _with_people(rows: ConcernQuerySet) -> ConcernQuerySet:
    return rows.select_related("program", "person", "contact", "pairing__mentor", "pairing__mentee")


def _opened_page(request: AuthedRequest, concern: Concern, form: ConcernReplyForm) -> HttpResponse:
    """Written down before a word of it is shown, whatever led here."""
    try:
        concern = actions.read_concern(concern, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
        return redirect("concerns:list")
    more = {
        "text": reading.words(concern, "text"),
        "reply": reading.words(concern, "reply"),
        "form": form,
        "may_answer": rules.may_answer_concern(request.user, concern),
    }
    return _contacts_page(request, concern, more)


def _contacts_page(
    request: HttpRequest, concern: Concern, more: dict[str, object] | None = None
) -> HttpResponse:
    context = {
        "concern": concern,
        "partner": concern.pairing.partner_of(concern.person) if concern.pairing else None,
        "readings": page_of(request, concern.readings.select_related("reader")),
    }
    return render(request, "mentoring/concern_heard.html", context | (more or {}))
