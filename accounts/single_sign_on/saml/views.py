"""allauth's pages for SAML, where what goes wrong on the other side ends on a page that says so."""

import binascii

from allauth.core import ratelimit
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.saml import views as allauth
from allauth.socialaccount.providers.saml.utils import get_app_or_404
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from lxml.etree import LxmlError
from onelogin.saml2.errors import OneLogin_Saml2_Error

from .provider import NotUnderstood

UNREADABLE = (LxmlError, OneLogin_Saml2_Error, UnicodeDecodeError, binascii.Error)


@login_not_required
def login(request: HttpRequest, organization_slug: str) -> HttpResponse:
    limited: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
    return limited or allauth.login(request, organization_slug=organization_slug)


@csrf_exempt  # It is the identity provider that sends the form; its signature is the token.
@require_POST
@login_not_required
def acs(request: HttpRequest, organization_slug: str) -> HttpResponse:
    get_app_or_404(request, organization_slug)
    response: HttpResponse = allauth.acs(request, organization_slug)
    return response


@login_not_required
def finish_acs(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """A response to a question that we did not ask, or that was answered before, is turned away (PermissionDenied)."""
    app = get_app_or_404(request, organization_slug)
    response: HttpResponse
    try:
        response = allauth.finish_acs(request, organization_slug)
    except (NotUnderstood, PermissionDenied, *UNREADABLE) as error:
        response = render_authentication_error(request, app.get_provider(request), exception=error)
    return response


@login_not_required
def sls(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Signing out over there signs out here, if it is signed; else any page of the web could do it."""
    if request.method != "GET" or "Signature" not in request.GET:
        raise Http404
    response: HttpResponse
    try:
        response = allauth.sls(request, organization_slug)
    except UNREADABLE as error:
        raise BadRequest from error
    return response
