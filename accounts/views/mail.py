"""The page of the e-mails that we sent somebody, and why: their own, of the last year."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.clock import now
from accounts.http import AuthedRequest
from accounts.mail import told
from accounts.mail.models import Stopped
from accounts.paging import page_of


@never_cache
@require_safe
def sent(request: AuthedRequest) -> HttpResponse:
    page = page_of(request, told.rows_of(request.user, now()))
    context = {
        "page": page,
        "rows": [told.tell(message) for message in page],
        "stopped": Stopped.objects.names_of(request.user.pk),
    }
    return render(request, "accounts/mail.html", context)
