"""Where signing up and in meets an invitation: allauth asks here, and here the accounts app is asked first."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.adapter import AccountAdapter
from accounts.clock import now
from accounts.models import User

from . import joining


class JoiningAdapter(AccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """An open invitation by link lets people sign up where nobody else may."""
        return super().is_open_for_signup(request) or joining.lets_sign_up(request, now())

    def get_closed_signup_url(self, request: HttpRequest) -> str:
        return reverse("join:here") if joining.remembered(request) else super().get_closed_signup_url(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Back to the invitation that somebody was about to answer, unless they asked for another page."""
        if joining.remembered(request):
            return reverse("join:here")
        url: str = super().get_login_redirect_url(request)
        return url

    def logout(self, request: HttpRequest) -> None:
        """Who only turns back from typing in a code was never in, and is still about to answer."""
        kept = None if request.user.is_authenticated else joining.remembered(request)
        as_email = request.session[joining.KEY]["as"] if kept else ""
        super().logout(request)
        if kept:
            joining.remember(request, kept, as_email=as_email)

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        response = super().post_login(request, user, **details)
        place = joining.finish(request, user, now())
        if place is None:
            return response
        messages.success(request, joining.WELCOME)
        return redirect("programs:detail", place.program_id)
