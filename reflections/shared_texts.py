"""A text that a phone shares while nobody is signed in there, kept over the sign-in and no longer.

The row is in the database, its key in a cookie of that browser alone: neither can be read without the other, and after
a quarter of an hour both are gone. Looking at the text changes no row; keeping it as a moment drops it. An account sees
it only if it was the last one on that device, or the first that signs in there, and once it did no other does.
"""

import os
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import last_here
from accounts.models import User

from .models import SharedText

KEPT_FOR = timedelta(minutes=15)
COOKIE = "__Host-shared" if settings.SESSION_COOKIE_SECURE else "shared"
NONCE = 12


@dataclass(frozen=True)
class Ticket:
    """What the browser holds: the secret, and the mark of the account that has seen the text, if one has."""

    secret: str
    account: str = ""

    @property
    def found_by(self) -> str:
        return sha256(f"found {self.secret}".encode()).hexdigest()

    @property
    def cipher(self) -> AESGCM:
        return AESGCM(sha256(f"opened {self.secret}".encode()).digest())


def put(request: HttpRequest, text: str, *, now: datetime) -> Ticket:
    """Raises nothing: a text of any length that a request may have is taken."""
    ticket = Ticket(urlsafe_b64encode(os.urandom(32)).decode())
    nonce = os.urandom(NONCE)
    SharedText.objects.create(
        found_by=ticket.found_by,
        sealed=nonce + ticket.cipher.encrypt(nonce, text.encode(), ticket.found_by.encode()),
        account=last_here.mark_in(request),
        expires_at=now + KEPT_FOR,
    )
    return ticket


def text_for(person: User, request: HttpRequest, *, now: datetime) -> str:
    """The text that waits in this browser for this account; empty where there is none."""
    ticket = _ticket(request)
    row = SharedText.objects.filter(found_by=ticket.found_by, expires_at__gt=now).first() if ticket else None
    if ticket is None or row is None:
        return ""
    if not all(last_here.is_of(mark, person) for mark in (row.account, ticket.account) if mark):
        return ""
    sealed = bytes(row.sealed)
    try:
        return ticket.cipher.decrypt(sealed[:NONCE], sealed[NONCE:], row.found_by.encode()).decode()
    except InvalidTag:
        return ""


def drop(request: HttpRequest) -> None:
    """It is used. Doing it twice is doing it once."""
    if ticket := _ticket(request):
        SharedText.objects.filter(found_by=ticket.found_by).delete()


def forget_old(now: datetime) -> int:
    """Those whose quarter of an hour is over: how many."""
    return SharedText.objects.filter(expires_at__lte=now).delete()[0]


def hand_out(response: HttpResponse, ticket: Ticket) -> None:
    response.set_cookie(
        COOKIE,
        ".".join(filter(None, (ticket.secret, ticket.account))),
        max_age=int(KEPT_FOR.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def hand_to(response: HttpResponse, person: User, request: HttpRequest) -> None:
    """Who has seen it is the only one who does, on this device."""
    if ticket := _ticket(request):
        hand_out(response, Ticket(ticket.secret, last_here.mark_of(person)))


def take_back(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")
    if settings.SESSION_COOKIE_SECURE:
        response.cookies[COOKIE]["secure"] = True


def _ticket(request: HttpRequest) -> Ticket | None:
    secret, _dot, account = request.COOKIES.get(COOKIE, "").partition(".")
    return Ticket(secret, account) if 0 < len(secret) <= 64 and len(account) <= 32 else None
