"""What came in by e-mail and waits for its person's word: was this you? And what was left out, to be put back."""

from django.contrib import messages
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.mail.models import MailLink
from accounts.paging import page_of
from accounts.templatetags.best import in_words
from reflections import actions, reply_by_mail
from reflections.actions import Refused
from reflections.models import IncomingMail


@never_cache
@require_safe
def index(request: AuthedRequest) -> HttpResponse:
    """What is held comes first."""
    held_first = Case(
        When(state=IncomingMail.State.HELD, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    rows = (
        IncomingMail.objects.of(request.user)
        .to_look_at()
        .select_related("answer__question", "answer__reflection__round")
        .order_by(held_first, "-came_at", "-pk")
    )
    living = MailLink.objects.filter(
        person=request.user,
        purpose=MailLink.Purpose.REPLY,
        revoked_at__isnull=True,
        expires_at__gt=clock.now(),
    )
    return render(
        request, "reflections/incoming.html", {"page": page_of(request, rows), "has_links": living.exists()}
    )


@require_POST
def accept(request: AuthedRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    place = reply_by_mail.place_of(row.link, request.user)
    try:
        taken = actions.accept_held(row, by=request.user, place=place, now=clock.now())
    except Refused as error:
        messages.warning(request, str(error))
        return redirect("incoming:list")
    messages.success(request, _where(taken))
    return redirect("incoming:list")


@require_POST
def refuse(request: AuthedRequest, pk: int) -> HttpResponse:
    try:
        actions.refuse_held(_row(request, pk), by=request.user, now=clock.now())
    except Refused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Deleted. Nobody is told."))
    return redirect("incoming:list")


@require_POST
def put_back(request: AuthedRequest, pk: int) -> HttpResponse:
    try:
        row = actions.put_back(_row(request, pk), by=request.user, now=clock.now())
    except Refused as error:
        messages.warning(request, str(error))
        return redirect("incoming:list")
    messages.success(request, _where(row))
    return redirect("incoming:list")


@require_POST
def cancel(request: AuthedRequest) -> HttpResponse:
    """Needs no password: whoever sits here by mistake can do no harm by it."""
    count = MailLink.objects.revoke(request.user.pk, now=clock.now())
    told = ngettext(
        "%(count)s link in our e-mails has ended.", "%(count)s links in our e-mails have ended.", count
    ) % {"count": in_words(count)}
    messages.success(request, told[:1].upper() + told[1:] if count else _("There was none left."))
    return redirect("incoming:list")


def _row(request: AuthedRequest, pk: int) -> IncomingMail:
    rows = IncomingMail.objects.of(request.user).select_related("link__message", "answer__reflection__round")
    return get_object_or_404(rows, pk=pk)


def _where(row: IncomingMail) -> str:
    if row.answer is not None and row.moment is None:
        return _("It stands in your draft now. Nobody else can read it.")
    return _("It is a moment in your notebook now. Nobody else can read it.")
