"""What others did that concerns somebody: theirs to read."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.audit_words import told
from accounts.http import AuthedRequest
from accounts.models import AuditEntry
from accounts.paging import page_of


@require_safe
def concerning(request: AuthedRequest) -> HttpResponse:
    page = page_of(request, AuditEntry.objects.visible_to(request.user))
    return render(request, "accounts/audit.html", {"page": page, "rows": told(page)})
