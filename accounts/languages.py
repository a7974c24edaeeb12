"""The languages that people say they speak, with their names in the reader's language.

Django knows most of them, with translations; a few large ones it has no pages in are ours.
"""

from collections.abc import Collection
from functools import cache

from django.conf.locale import LANG_INFO
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

OURS: dict[str, str | Promise] = {
    "am": _("Amharic"),
    "ase": _("American Sign Language"),
    "fil": _("Filipino"),
    "gsg": _("German Sign Language"),
    "gu": _("Gujarati"),
    "ha": _("Hausa"),
    "mt": _("Maltese"),
    "ps": _("Pashto"),
    "si": _("Sinhala"),
    "so": _("Somali"),
    "yo": _("Yoruba"),
    "yue": _("Cantonese"),
    "zh": _("Chinese"),
    "zu": _("Zulu"),
}
# One spoken language in another country or script, and invented ones that share a name with nobody's mother tongue.
LEFT_OUT = {"ia", "io", "no"}
CODES = frozenset(OURS) | {
    code for code, info in LANG_INFO.items() if "-" not in code and "name" in info and code not in LEFT_OUT
}


def name_of(code: str) -> str:
    """In the language of the page; the code itself for one that was known once."""
    if code in OURS:
        return str(OURS[code])
    return gettext(LANG_INFO[code]["name"]) if code in CODES else code


def names_of(codes: Collection[str]) -> list[str]:
    return [name_of(code) for code in codes]


def choices() -> list[tuple[str, str]]:
    """Each language, in the order of their names."""
    return _choices(get_language() or "")


@cache
def _choices(_language: str) -> list[tuple[str, str]]:
    return sorted(((code, name_of(code)) for code in CODES), key=lambda choice: choice[1].casefold())
