"""“Is it still you?”: asked before what changes how somebody signs in, or takes away what is theirs.

allauth asks for the password or the second step, and takes whoever has neither for fresh at any time. Those people show
it by a code e-mailed to the address they sign in with. A view asks by standing behind `fresh`.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core import ratelimit
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

from .models import User


def fresh(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """The view, for whoever has shown within the last five minutes (ACCOUNT_REAUTHENTICATION_TIMEOUT) that it is still
    them. Everybody else shows it first, and what they had sent is then done without their sending it again."""
    asking: Callable[..., HttpResponse] = reauthentication_required(view)
    return asking


def fresh_before_typing(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """As `fresh`, for a form with a password in it: what was sent is not kept for later, so it is typed once more."""
    asking = fresh(view)

    @wraps(view)
    def first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return asking(request, *args, **kwargs)
        except ReauthenticationRequired:
            methods = get_adapter().get_reauthentication_methods(request.user)
            return redirect(f"{methods[0]['url']}?{urlencode({REDIRECT_FIELD_NAME: request.path})}")

    return first


def is_by_code(user: User) -> bool:
    """Whether this person has nothing but their mailbox to show it with."""
    return not get_reauthentication_flows(user)


def count_signing_in(request: HttpRequest, user: User) -> None:
    """Whoever has only their mailbox has just shown it by the code that they signed in with.

    Marked for allauth as well, which asks anew in the middle of setting up an app, as soon as there is one to ask for.
    """
    if is_by_code(user):
        for record in get_authentication_records(request, user):
            if record["method"] == "code":
                record["reauthenticated"] = request.session.modified = True


def was_shown_by_code(request: HttpRequest, user: User) -> bool:
    """Whether a code that came to the address they have now was typed in here within the last minutes: on being asked,
    or in order to sign in, which is the same proof."""
    # allauth's own records are by this clock, which no rehearsal moves.
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    return any(
        record["method"] == "code" and record.get("email") == user.email and record["at"] > since
        for record in get_authentication_records(request, user)
    )


class CodeOnTheWay(AbstractCodeVerificationProcess):  # type: ignore[misc]
    """A code sent to show that it is still them: in this session only, for ten minutes and three tries."""

    KEY = "still_you"

    def __init__(self, request: HttpRequest, user: User, state: dict[str, Any]) -> None:
        super().__init__(
            max_attempts=app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS,
            timeout=app_settings.LOGIN_BY_CODE_TIMEOUT,
            state=state,
            user=user,
        )
        self.request = request

    @classmethod
    def begin(cls, request: HttpRequest, user: User) -> None:
        """E-mail a new code, in the place of any before. Raises RateLimited when there were too many."""
        ratelimit.consume(request, action="reauthentication_code", user=user, raise_exception=True)
        process = cls(request, user, cls.initial_state(user, user.email))
        process.send()
        process.persist()

    @classmethod
    def resume(cls, request: HttpRequest, user: User) -> "CodeOnTheWay | None":
        """The one that this session waits for; None without one, and for one sent to an address they had before."""
        state = request.session.get(cls.KEY)
        if not state or state["user_id"] != str(user.pk) or state["email"] != user.email:
            return None
        process: CodeOnTheWay | None = cls(request, user, state).abort_if_invalid()
        return process

    def send(self) -> None:
        adapter = get_adapter()
        self.state["code"] = adapter.generate_login_code()
        adapter.send_mail("account/email/reauthentication_code", self.state["email"], {"code": self.code})

    def persist(self) -> None:
        self.request.session[self.KEY] = self.state

    def abort(self) -> None:
        self.request.session.pop(self.KEY, None)

    def finish(self) -> None:
        """It is still them."""
        self.abort()
        record_authentication(
            self.request, self.user, method="code", email=self.state["email"], reauthenticated=True
        )
