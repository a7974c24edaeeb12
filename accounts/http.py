"""Types for views."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class AuthedRequest(HttpRequest):
    """A request behind the login middleware: its user is a person."""

    user: User
    htmx: HtmxDetails
