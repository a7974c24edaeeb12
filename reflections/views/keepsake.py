"""The keepsake book: chosen, made, fetched by its owner alone."""

from itertools import chain

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.reauthentication import fresh
from accounts.refused import Refused
from accounts.vault.errors import Unreadable
from reflections.forms import KeepsakeForm
from reflections.keepsake import making, pdf, writing
from reflections.keepsake.book import years_of
from reflections.models import Keepsake

# Seconds; the page says so in words.
LOOKS_AGAIN = 10


@require_safe
def book(request: AuthedRequest) -> HttpResponse:
    return _page(request, None)


def _page(request: AuthedRequest, form: KeepsakeForm | None) -> HttpResponse:
    last = Keepsake.objects.visible_to(request.user).first()
    years = years_of(request.user)
    is_ready = Keepsake.objects.visible_to(request.user).fetchable(clock.now()).exists()
    context = {
        "form": form or KeepsakeForm(years=years, has_pdf=pdf.is_available()),
        "years": years,
        "has_pdf": pdf.is_available(),
        "keepsake": last,
        "is_ready": is_ready,
        "is_wanted": last is not None and last.state == Keepsake.State.WANTED,
        # Who reads slowly, or by ear, says that the page is to stay as it is.
        "stays": "stay" in request.GET,
        "files": [(value, label) for value, label in Keepsake.Form.choices if last and value in last.forms],
    }
    response = render(request, "reflections/keepsake.html", context)
    if context["is_wanted"] and not context["stays"]:
        # Without a script too, and only while it is being made; the page has a link that ends it (WCAG 2.2.1).
        response["Refresh"] = f"{LOOKS_AGAIN}; url={reverse('keepsake:book')}"
    return response


@require_POST
@fresh
def make(request: AuthedRequest) -> HttpResponse:
    form = KeepsakeForm(request.POST, years=years_of(request.user), has_pdf=pdf.is_available())
    if not form.is_valid():
        return _page(request, form)
    try:
        making.ask(
            request.user,
            parts=form.cleaned_data["parts"],
            years=form.cleaned_data["years"],
            forms=form.cleaned_data["to_get"],
            now=clock.now(),
        )
    except Refused as no:
        messages.info(request, str(no))
    else:
        messages.success(request, _("Your book is being made. We write to you when it is ready."))
    return redirect("keepsake:book")


@require_safe
@fresh
def download(request: AuthedRequest, pk: int, form: str) -> HttpResponseBase:
    """One file of the book, for its owner alone. Raises Http404 for everybody else, and once it is deleted."""
    mine = Keepsake.objects.visible_to(request.user).fetchable(clock.now())
    keepsake = get_object_or_404(mine, pk=pk)
    if form not in keepsake.forms:
        raise Http404
    content = making.content_of(keepsake, form)
    try:
        first = next(content, b"")
    except Unreadable as closed:
        messages.error(request, str(closed))
        return redirect("keepsake:book")
    made_on = timezone.localdate(keepsake.ready_at)
    response = StreamingHttpResponse(chain([first], content), content_type=writing.TYPES[form])
    name = f"best-stuff-{made_on:%Y-%m-%d}.{writing.ENDINGS[form]}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def delete(request: AuthedRequest, pk: int) -> HttpResponse:
    """Needs no password: whoever sits here by mistake can do no harm by it, since another one can be made."""
    keepsake = get_object_or_404(Keepsake.objects.visible_to(request.user), pk=pk)
    if making.delete(keepsake, by=request.user):
        messages.success(request, _("The book is deleted. What you wrote is still here."))
    return redirect("keepsake:book")
