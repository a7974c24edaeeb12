"""Codes that are on their way to somebody who is not signed in, for signing in, making an account or a new password.

A stranger is to learn nothing of who has an account here. So an address that nobody signs in with gets the same answer
by the same path: one letter (without a code), the same pages, the same questions to the database. Making an account is
signing in for the first time: nothing is kept about an address before somebody has shown that it is theirs.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.flows.password_reset_by_code import PASSWORD_RESET_VERIFICATION_SESSION_KEY
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY, clear_login
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.account.utils import url_str_to_user_pk, user_pk_to_url_str
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac

from . import actions
from .models import User

# A key that no row has. Whoever is looked up by it is looked up like everybody else, and not found.
NOBODY = 0


class SignInCode(LoginCodeVerificationProcess):  # type: ignore[misc]
    """A code for signing in; where `name` is given, for making an account at the same time."""

    @classmethod
    def begin(cls, request: HttpRequest, *, email: str, user: User | None, name: str | None = None) -> None:
        """E-mail a code to that address, or a letter that says why there is none. Raises MailNotSent.

        With a name, `user` is whoever has that address already: their letter says so, and its code signs them in.
        """
        may_sign_in = user is not None and user.is_active
        login = Login(user=user if may_sign_in else None, email=email, signup=name is not None)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(None, email), initiated_by_user=True)
        if name is not None:
            stage.state.update(name=name, is_known=user is not None)
        process = cls(stage)
        process.send()
        process.persist()

    @classmethod
    def resume(cls, stage: LoginByCodeStage) -> "SignInCode | None":
        process: SignInCode | None = cls(stage).abort_if_invalid()
        return process

    @property
    def makes_an_account(self) -> bool:
        return "name" in self.state and not self.state["is_known"]

    @property
    def code(self) -> str:
        """What has to be typed in; nothing is right where nobody got a code."""
        return self.state["code"] if self.user or self.makes_an_account else ""

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:
        """One letter, known or unknown, the first time and when it is asked for again."""
        adapter, code = get_adapter(), self.generate_code()
        if self.makes_an_account:
            adapter.send_mail("account/email/email_confirmation_signup", email, {"code": code})
        elif "name" in self.state:
            known = {"code": code if self.user else ""}
            adapter.send_mail("account/email/account_already_exists", email, known)
        elif self.user:
            adapter.send_mail("account/email/login_code", email, {"code": code})
        else:
            adapter.send_mail("account/email/unknown_account", email, {})

    def resend(self) -> None:
        """Raises RateLimited when there were too many letters to that address."""
        ratelimit.consume(
            self.request, action="request_login_code", key=self.state["email"], raise_exception=True
        )
        super().resend()

    def finish(self, redirect_url: str | None) -> HttpResponse:
        """The code was right: whoever reads that mailbox is in, with a new account where there was none.

        Where sign-up has closed meanwhile (an invitation's link that was used up or taken back) there is none.
        """
        if self.makes_an_account:
            if not get_adapter().is_open_for_signup(self.request):
                self.abort()
                return redirect(get_adapter().get_closed_signup_url(self.request))
            self._user = self.stage.login.user = actions.open_account(
                self.state["email"], name=self.state["name"]
            )
        elif self.user:
            actions.welcome_unused(self.user, name=self.state.get("name", ""))
        response: HttpResponse = super().finish(redirect_url)
        return response


# --- Whom they are for ----------------------------------------------------------------------------------------------


class CodesMiddleware:
    """Binds each code that is on its way, and each sign-in that waits for its second step, to the account as it was.

    Once the account has another address or password, or is closed, they are as good as never sent.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _void_what_no_longer_stands(request)
        response: HttpResponse = self.get_response(request)
        _bind(request)
        return response


def _print_of(user: User | None) -> str:
    """Changes with whatever a code rests on."""
    on = f"{user.email}|{user.password}|{user.is_active}" if user else ""
    return salted_hmac("accounts.codes", on).hexdigest()


def _on_the_way(request: HttpRequest) -> dict[str, tuple[dict[str, Any], int]]:
    """What this session waits for, by its key: where its own notes are, and whose it is."""
    found = {}
    login = request.session.get(LOGIN_SESSION_KEY)
    if login is not None:
        pk = NOBODY if login["user_pk"] is None else url_str_to_user_pk(login["user_pk"])
        found[LOGIN_SESSION_KEY] = login["state"], pk
    for key in (EMAIL_VERIFICATION_CODE_SESSION_KEY, PASSWORD_RESET_VERIFICATION_SESSION_KEY):
        state = request.session.get(key)
        if state is not None:
            found[key] = state, int(state.get("user_id", NOBODY))
    return found


def _bind(request: HttpRequest) -> None:
    for key, (notes, pk) in _on_the_way(request).items():
        if pk == NOBODY:
            _give_to_nobody(request, key)
        if "bound_to" not in notes:
            notes["bound_to"] = _print_of(User.objects.filter(pk=pk).first())
            request.session.modified = True


def _void_what_no_longer_stands(request: HttpRequest) -> None:
    for key, (notes, pk) in _on_the_way(request).items():
        if notes.get("bound_to") == _print_of(User.objects.filter(pk=pk).first()):
            continue
        request.session.modified = True
        is_for_a_code = key != LOGIN_SESSION_KEY or notes["stages"]["current"] == LoginByCodeStage.key
        if is_for_a_code and key != EMAIL_VERIFICATION_CODE_SESSION_KEY:
            notes["bound_to"] = _print_of(None)
            _give_to_nobody(request, key)
        elif key == LOGIN_SESSION_KEY:
            clear_login(request)
        else:
            del request.session[key]


def _give_to_nobody(request: HttpRequest, key: str) -> None:
    """From now on it is one that was asked for with an address that nobody has: no code is right."""
    nobodys: dict[str, Any] = {"user_id": str(NOBODY), "code": "", "code_confirmed": False}
    if key == LOGIN_SESSION_KEY:
        nobodys = {"user_pk": user_pk_to_url_str(User(pk=NOBODY))}
    pending = request.session[key]
    if pending != pending | nobodys:
        pending.update(nobodys)
        request.session.modified = True
