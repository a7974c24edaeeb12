"""The page on which somebody without a password and without a second step shows that it is still them."""

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.views import BaseReauthenticateView
from allauth.core.exceptions import RateLimited
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property

from accounts.forms import ConfirmReauthenticationCodeForm
from accounts.models import User
from accounts.reauthentication import CodeOnTheWay


class ByCode(BaseReauthenticateView):  # type: ignore[misc]
    """Looking at it sends nothing; its first button does. allauth's base counts the tries and goes on afterwards."""

    template_name = "account/reauthenticate_by_code.html"
    request: HttpRequest

    @cached_property
    def on_the_way(self) -> CodeOnTheWay | None:
        return CodeOnTheWay.resume(self.request, cast("User", self.request.user))

    @property
    def asks_for_one(self) -> bool:
        return self.request.POST.get("action") == "send" or self.on_the_way is None

    def get_form_class(self) -> type[Form]:
        return Form if self.asks_for_one else ConfirmReauthenticationCodeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        if not self.asks_for_one and self.on_the_way:
            kwargs["code"] = self.on_the_way.code
        return kwargs

    def form_valid(self, form: Form) -> HttpResponse:
        if self.asks_for_one or self.on_the_way is None:
            return self._send()
        self.on_the_way.finish()
        response: HttpResponse = super().form_valid(form)
        return response

    def form_invalid(self, form: Form) -> HttpResponse:
        if self.on_the_way is not None and self.on_the_way.record_invalid_attempt():
            response: HttpResponse = super().form_invalid(form)
            return response
        messages.error(self.request, get_adapter().error_messages["too_many_login_attempts"])
        return self._here_again()

    def _send(self) -> HttpResponse:
        try:
            CodeOnTheWay.begin(self.request, cast("User", self.request.user))
        except RateLimited:
            messages.error(self.request, get_adapter().error_messages["rate_limited"])
        return self._here_again()

    def _here_again(self) -> HttpResponse:
        return redirect(self.passthrough_next_url(self.request.path))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"is_on_the_way": self.on_the_way is not None, "email": self.request.user.email}  # type: ignore[union-attr]


by_code = ByCode.as_view()
