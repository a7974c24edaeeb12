"""Which message of ours a provider speaks of, where it gives each e-mail an id of its own and knows ours no more.

The e-mail is handed over by SMTP with a header that the provider takes out and gives back in what it tells; in it is
the first half of the Message-ID, and nothing else. Brevo, Mailgun and SendGrid tell the Message-ID itself.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from accounts.mail.models import Message

KEY = "message"
# The first half of a Message-ID, as `letters.id_for` makes it.
MARK = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def headers(message_id: str, providers: Iterable[str]) -> dict[str, str]:
    """What to put into the e-mail for those of the providers that need it."""
    mark = message_id.partition("@")[0]
    if not MARK.fullmatch(mark):
        return {}
    said = {
        "postmark": {f"X-PM-Metadata-{KEY}": mark},
        "mailjet": {"X-MJ-EventPayload": json.dumps({KEY: mark})},
        "sparkpost": {"X-MSYS-API": json.dumps({"metadata": {KEY: mark}})},
    }
    return {name: value for provider in providers for name, value in said.get(provider, {}).items()}


def find(metadata: Mapping[str, Any] | None) -> Message | None:
    """The message whose mark a provider gives back; None where there is none, or it is nobody's."""
    for name, value in (metadata or {}).items():
        if str(name).lower() == KEY and isinstance(value, str) and MARK.fullmatch(value):
            return Message.objects.filter(message_id__startswith=f"{value}@").first()
    return None
