"""The key file, and what is wrapped by which of its versions. Days and counts; of a key nothing."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import DataKey
from accounts.vault import keyfile

from .estimates import how_many
from .findings import Finding, State


@dataclass(frozen=True)
class Version:
    """Of the key file: when it was made, whether it is the one that wraps, and how many people's keys need it."""

    number: int
    made_on: date
    wraps: bool
    people: int


@dataclass(frozen=True)
class Keys:
    """`versions`, the newest first; `findings` say what is to be done. `turned_on` is the day of the last rotation."""

    versions: list[Version]
    turned_on: date | None
    findings: list[Finding]


def look() -> Keys:
    """Without opening any."""
    try:
        found = keyfile.read(Path(settings.KEY_FILE))
    except OSError:
        return Keys([], None, [Finding(_("Key file"), _("It cannot be read."), State.BAD, "KEY_FILE")])
    except keyfile.KeyFileTrouble as trouble:
        return Keys([], None, [Finding(_("Key file"), f"KEY_FILE {trouble}", State.BAD, "KEY_FILE")])
    versions = [
        Version(
            key.version, key.made_on, key is found[0], how_many(DataKey.objects.filter(file_key=key.version))
        )
        for key in found
    ]
    turned_on = found[0].made_on if found[0].version > 1 else None
    return Keys(versions, turned_on, [_lost([key.version for key in found]), _what_next(versions)])


def _lost(versions: list[int]) -> Finding:
    """By ranges, which the index knows, and not by "none of these", for which all rows would be read."""
    begin, others = 0, Q()
    for version in sorted(versions):
        others |= Q(file_key__gt=begin, file_key__lt=version) if begin else Q(file_key__lt=version)
        begin = version
    lost = how_many(DataKey.objects.filter(others | Q(file_key__gt=begin)))
    label = _("Under a version that the file lacks")
    if not lost:
        return Finding(label, _("Nobody’s key."))
    words = _("Keys of people: %(number)s. Their private words cannot be read until that version is back.")
    return Finding(label, words % {"number": lost}, State.BAD, "manage.py keys add")


def _what_next(versions: list[Version]) -> Finding:
    label = _("What may be done")
    if len(versions) == 1:
        words = _("There is one version, and it stays. To put another one into the file:")
        return Finding(label, words, to_do="manage.py keys rotate")
    if versions[-1].people:
        words = _("The earlier version is still needed: its keys are to be wrapped anew first.")
        return Finding(label, words, State.LOOK, "manage.py keys rewrap")
    words = _("Nothing needs the earlier version any more: it may be taken out.")
    return Finding(label, words, State.LOOK, "manage.py keys retire")
