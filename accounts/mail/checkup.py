"""Whether our e-mail can arrive, as far as that can be tried from here: the mail server, the addresses, what DNS says.

Nothing is sent. Each finding is a plain sentence that says what is missing and where it belongs.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from enum import StrEnum
from ipaddress import ip_address
from typing import Any

import dns.exception
import dns.resolver
from django.conf import settings

from .smtp import BROKEN

DNS_SECONDS = 3.0
CERTIFICATE_DAYS = 14
LONGEST_SPF = 10  # Look-ups, RFC 7208 4.6.4.
LOOKS_UP = re.compile(r"[+~?-]?(?:include:.+|exists:.+|(?:a|mx|ptr)(?:[:/].*)?)|redirect=.+")


class Level(StrEnum):
    GOOD = "good"
    LOOK = "look"  # It works, and could be better; or nobody here can tell.
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    level: Level
    words: str


def good(words: str) -> Finding:
    return Finding(Level.GOOD, words)


def look(words: str) -> Finding:
    return Finding(Level.LOOK, words)


def bad(words: str) -> Finding:
    return Finding(Level.BAD, words)


class CouldNotAsk(Exception):
    """No resolver, or none that answers: DNS says neither yes nor no."""


class Names:
    """DNS, asked with a short wait. `server` and `port` name a resolver other than this machine's own."""

    def __init__(self, server: str = "", port: int = 53) -> None:
        self._resolver: dns.resolver.Resolver | None = None
        try:
            self._resolver = dns.resolver.Resolver(configure=not server)
        except dns.exception.DNSException:
            return
        if server:
            self._resolver.nameservers, self._resolver.port = [server], port
        self._resolver.lifetime = self._resolver.timeout = DNS_SECONDS

    def texts(self, name: str) -> list[str]:
        """Its TXT records, each as one string."""
        return [b"".join(each.strings).decode("utf-8", "replace") for each in self._ask(name, "TXT")]

    def mail_servers(self, name: str) -> list[str]:
        """Where mail to that domain goes, the first choice first; "." alone says that it takes none (RFC 7505)."""
        found = sorted(self._ask(name, "MX"), key=lambda each: each.preference)
        return [str(each.exchange) for each in found]

    def has_address(self, name: str) -> bool:
        return any(self._ask(name, kind) for kind in ("A", "AAAA"))

    def _ask(self, name: str, kind: str) -> list[Any]:
        if self._resolver is None:
            raise CouldNotAsk
        try:
            return list(self._resolver.resolve(name, kind, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, ValueError) as problem:
            raise CouldNotAsk from problem


def check(names: Names, *, now: datetime) -> Iterator[Finding]:
    """Everything, in the order in which one would put it right."""
    yield from check_server(now)
    yield from check_senders(names)
    yield from check_inbound(names)


# --- The mail server -----------------------------------------------------------------------------------------------


def check_server(now: datetime) -> Iterator[Finding]:
    """Connecting, TLS and signing in, as a sender of the outbox does it."""
    host, port = settings.EMAIL_HOST, settings.EMAIL_PORT
    where = f"{host}:{port}"
    try:
        smtp = _connected()
    except ssl.SSLCertVerificationError as problem:
        yield bad(f"The certificate of {where} is not to be trusted: {problem.verify_message}.")
        return
    except BROKEN as problem:
        yield bad(
            f"No mail server answers at {where} ({type(problem).__name__}). EMAIL_HOST and EMAIL_PORT name it."
        )
        return
    try:
        yield good(f"A mail server answers at {where}.")
        yield from _check_privacy(smtp, where, now)
        yield from _check_sign_in(smtp, where)
    except BROKEN as problem:
        yield bad(f"{where} broke off ({type(problem).__name__}).")
    finally:
        smtp.close()


def _connected() -> smtplib.SMTP:
    where = (settings.EMAIL_HOST, settings.EMAIL_PORT, settings.PUBLIC_HOST)
    seconds = min(settings.EMAIL_TIMEOUT, 20)
    smtp: smtplib.SMTP
    if settings.EMAIL_USE_SSL:
        smtp = smtplib.SMTP_SSL(*where, timeout=seconds, context=ssl.create_default_context())
    else:
        smtp = smtplib.SMTP(*where, timeout=seconds)
    try:
        smtp.ehlo_or_helo_if_needed()
    except BROKEN:
        smtp.close()
        raise
    return smtp


def _check_privacy(smtp: smtplib.SMTP, where: str, now: datetime) -> Iterator[Finding]:
    if settings.EMAIL_USE_TLS:
        if not smtp.has_extn("starttls"):
            yield bad(f"{where} offers no STARTTLS, which EMAIL_USE_TLS asks for.")
            return
        try:
            smtp.starttls(context=ssl.create_default_context())
        except ssl.SSLCertVerificationError as problem:
            yield bad(f"The certificate of {where} is not to be trusted: {problem.verify_message}.")
            return
        smtp.ehlo_or_helo_if_needed()
    if settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL:
        yield _certificate(smtp, where, now)
    elif _is_here(settings.EMAIL_HOST):
        yield good("The way to it stays on this machine, so it needs no TLS.")
    elif settings.EMAIL_HOST_USER:
        yield bad(f"The password goes to {where} in the clear. Set EMAIL_USE_TLS, or EMAIL_USE_SSL.")
    else:
        yield look(f"What goes to {where} can be read on the way. Set EMAIL_USE_TLS, or EMAIL_USE_SSL.")


def _certificate(smtp: smtplib.SMTP, where: str, now: datetime) -> Finding:
    certificate = smtp.sock.getpeercert() if isinstance(smtp.sock, ssl.SSLSocket) else None
    if not certificate:
        return bad(f"{where} showed no certificate.")
    ends_at = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    if (days := (ends_at - now).days) < CERTIFICATE_DAYS:
        return look(f"The certificate of {where} ends in {days} days.")
    return good(f"{where} shows a certificate that is good for {days} days.")


def _check_sign_in(smtp: smtplib.SMTP, where: str) -> Iterator[Finding]:
    if not settings.EMAIL_HOST_USER:
        return
    is_private = isinstance(smtp.sock, ssl.SSLSocket) or _is_here(settings.EMAIL_HOST)
    if not is_private:
        return  # Said above; we do not send the password in the clear to find out.
    try:
        smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except smtplib.SMTPAuthenticationError as refusal:
        yield bad(
            f"{where} does not let us sign in ({refusal.smtp_code}). Look at EMAIL_HOST_USER and EMAIL_HOST_PASSWORD."
        )
    except smtplib.SMTPNotSupportedError:
        yield bad(
            f"{where} takes no sign-in. Leave EMAIL_HOST_USER out, or use the port for clients (587 or 465)."
        )
    else:
        yield good(f"{where} lets us sign in.")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


# --- Whom it is from -----------------------------------------------------------------------------------------------


def domain_of(address: str) -> str:
    """In lower case and ASCII; "" where there is none."""
    domain = parseaddr(address)[1].rpartition("@")[2].lower().strip(".")
    try:
        return domain.encode("idna").decode("ascii") if domain else ""
    except UnicodeError:
        return ""


def check_senders(names: Names) -> Iterator[Finding]:
    """The domains that our mail is from: that they exist, belong together, and say who may send for them."""
    senders = {
        "MAIL_FROM_ADDRESS": settings.MAIL_FROM_ADDRESS,
        "DEFAULT_FROM_EMAIL": settings.DEFAULT_FROM_EMAIL,
        "CALENDAR_ADDRESS": settings.CALENDAR_ADDRESS,
    }
    domains: list[str] = []
    for name, address in senders.items():
        domain = domain_of(address)
        if "." not in domain:
            yield bad(
                f"{name} is {address}: mail from there is taken by nobody. Give it an address of your domain."
            )
        elif domain not in domains:
            domains.append(domain)
    for other in domains[1:]:
        if not belong_together(domains[0], other):
            yield look(
                f"Mail comes from two domains, {domains[0]} and {other}. Each needs its own SPF, DKIM and DMARC; "
                f"one domain for all is easier to trust."
            )
    if len(domains) == 1:
        yield good(f"All our mail is from {domains[0]}.")
    for domain in domains:
        try:
            yield from _check_domain(names, domain)
        except CouldNotAsk:
            yield look(
                f"Could not ask DNS about {domain}: no resolver answered. Nothing is known of SPF, DKIM and DMARC."
            )


def belong_together(one: str, other: str) -> bool:
    """Whether DMARC aligns them: the same, or one below the other."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _check_domain(names: Names, domain: str) -> Iterator[Finding]:
    servers = names.mail_servers(domain)
    if servers == ["."]:
        yield bad(f"{domain} says that it takes no mail (a null MX), so many servers take none from it.")
    elif not servers and not names.has_address(domain):
        yield bad(
            f"{domain} has neither MX nor A record: bounces go nowhere, and many servers refuse its mail."
        )
    yield _spf(names.texts(domain), domain)
    yield from _dkim(names, domain)
    yield _dmarc(names, domain)


def _spf(texts: Sequence[str], domain: str) -> Finding:
    records = [text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]
    if not records:
        return bad(
            f"{domain} has no SPF record. Add a TXT record that names the servers which send for it, such as "
            f"“v=spf1 include:… -all”; your mail provider says what to put there."
        )
    if len(records) > 1:
        return bad(
            f"{domain} has {len(records)} SPF records. One is allowed, and two count as none: join them."
        )
    terms = records[0].lower().split()[1:]
    if terms and terms[-1] in ("+all", "all", "?all"):
        return bad(
            f"The SPF record of {domain} ends with “{terms[-1]}”: it allows everybody. End it with “-all”."
        )
    lookups = sum(LOOKS_UP.fullmatch(term) is not None for term in terms)
    if lookups > LONGEST_SPF:
        return bad(f"The SPF record of {domain} asks for {lookups} look-ups. More than ten count as none.")
    if not terms or not (terms[-1] in ("-all", "~all") or terms[-1].startswith("redirect=")):
        return look(f"The SPF record of {domain} does not say what holds for all others. End it with “-all”.")
    return good(
        f"{domain} has an SPF record. Whether it names the server that sends for you, its owner must know."
    )


def _dkim(names: Names, domain: str) -> Iterator[Finding]:
    selector = settings.MAIL_DKIM_SELECTOR
    if not selector:
        yield look(
            "Whether our mail is signed (DKIM) is not known here. Name the selector that your mail server signs with "
            "in MAIL_DKIM_SELECTOR, and its key is looked up."
        )
        return
    name = f"{selector}._domainkey.{domain}"
    records = [tags for text in names.texts(name) if "p" in (tags := _tags(text))]
    if not records:
        yield bad(
            f"There is no DKIM key at {name}. Put the TXT record there that your mail server or provider gives you."
        )
    elif not records[0]["p"]:
        yield bad(f"The DKIM key at {name} has been withdrawn (“p=” is empty).")
    else:
        yield good(f"There is a DKIM key at {name}.")


def _dmarc(names: Names, domain: str) -> Finding:
    labels = domain.split(".")
    # Without one of its own, that of the domain above holds (RFC 7489 6.6.3; we have no list of public suffixes).
    for above in (".".join(labels[at:]) for at in range(len(labels) - 1)):
        records = [
            text
            for text in names.texts(f"_dmarc.{above}")
            if text.lower().replace(" ", "").startswith("v=dmarc1")
        ]
        if len(records) > 1:
            return bad(
                f"There are {len(records)} DMARC records at _dmarc.{above}. Two count as none: leave one."
            )
        if records:
            policy = _tags(records[0]).get("p", "").lower()
            if policy not in ("none", "quarantine", "reject"):
                return bad(f"The DMARC record at _dmarc.{above} has no policy. Add “p=none” at least.")
            if policy == "none":
                return look(
                    f"DMARC of {above} only watches (“p=none”). When its reports are clean, let it say “p=quarantine”."
                )
            return good(f"DMARC of {above} says “p={policy}”.")
    return bad(
        f"{domain} has no DMARC record. Add a TXT record at _dmarc.{domain}: “v=DMARC1; p=none; rua=mailto:…”."
    )


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip().lower(): "".join(value.split()) for name, _equals, value in pairs}


# --- What is mailed in ---------------------------------------------------------------------------------------------


def check_inbound(names: Names) -> Iterator[Finding]:
    address = settings.INBOUND_ADDRESS
    if not address:
        yield look("INBOUND_ADDRESS is not set, so nobody can answer our e-mails by a reply.")
        return
    if not settings.INBOUND_AUTHSERV_ID:
        yield bad(
            "INBOUND_ADDRESS is set and INBOUND_AUTHSERV_ID is not, so replies are not taken: nobody could tell whom "
            "they are from. Set it to the name that your mail server puts into Authentication-Results."
        )
    domain, sender = domain_of(address), domain_of(settings.MAIL_FROM_ADDRESS)
    if "." not in domain:
        yield bad(f"INBOUND_ADDRESS is {address}: no mail gets there.")
        return
    if not belong_together(domain, sender):
        yield look(f"Replies go to {domain}, and mail is from {sender}: some mailboxes warn of such replies.")
    try:
        servers = names.mail_servers(domain)
        if servers == ["."] or not (servers or names.has_address(domain)):
            yield bad(
                f"{domain} has no MX record, so replies go nowhere. Point one to the server that takes them in."
            )
        elif servers:
            yield good(f"Mail to {domain} goes to {servers[0].rstrip('.')}.")
        else:
            yield look(f"{domain} has no MX record; mail goes to its A record, which not every server tries.")
    except CouldNotAsk:
        yield look(f"Could not ask DNS where mail to {domain} goes: no resolver answered.")
