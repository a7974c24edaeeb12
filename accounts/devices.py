"""Where somebody is signed in: what the browser calls itself, and when it was last used."""

import hashlib

from django.core.cache import cache
from django.utils.translation import gettext as _

NOTE_EVERY = 300  # seconds
# The first that is found in the text counts: most browsers name the others too.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def in_words(user_agent: str) -> str:
    """“Firefox on Linux”; a sign that we do not know is said as it came, the beginning of it."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or user_agent[:60] or _("A browser that does not say what it is")


def is_to_be_noted(session_key: str) -> bool:
    """Once in a while for each session. The cache holds a print of the key, since the key itself opens the session."""
    return cache.add(f"device-{hashlib.sha256(session_key.encode()).hexdigest()}", 1, NOTE_EVERY)
