"""The doors: allauth's views, where ours do the same for an address that is known and for one that is not."""

from typing import Any

from allauth.account import views as allauth
from allauth.account.internal.decorators import login_stage_required
from allauth.account.stages import LoginByCodeStage
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts.codes import SignInCode


class SignUp(allauth.SignupView):  # type: ignore[misc]
    def form_valid(self, form: Form) -> HttpResponse:
        email, name = form.cleaned_data["email"], form.cleaned_data["name"]
        SignInCode.begin(self.request, email=email, user=form.user, name=name)  # type: ignore[attr-defined]
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))


class RequestCode(allauth.RequestLoginCodeView):  # type: ignore[misc]
    def form_valid(self, form: Form) -> HttpResponse:
        SignInCode.begin(self.request, email=form.cleaned_data["email"], user=form.user)  # type: ignore[attr-defined]
        return redirect(self.get_success_url())


@method_decorator(never_cache, name="dispatch")
@method_decorator(
    login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_request_login_code"),
    name="dispatch",
)
class ConfirmCode(allauth.ConfirmLoginCodeView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.stage = request._login_stage  # type: ignore[attr-defined]
        self._process = SignInCode.resume(self.stage)
        if not self._process:
            return redirect("account_request_login_code")
        response: HttpResponseBase = super(allauth.ConfirmLoginCodeView, self).dispatch(
            request, *args, **kwargs
        )
        return response

    def form_invalid(self, form: Form) -> HttpResponse:
        """A code that was not looked at, since too many came from this address, is none of its three tries."""
        if form.has_error("code", "too_many_login_attempts"):
            return self.render_to_response(self.get_context_data(form=form))  # type: ignore[no-any-return]
        response: HttpResponse = super().form_invalid(form)
        return response


sign_up = SignUp.as_view()
request_code = RequestCode.as_view()
confirm_code = ConfirmCode.as_view()
