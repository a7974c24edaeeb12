"""The ZIP: everything of a person that the data map exports, to read (index.html) and for machines (data.json).

Rows are written as they come from the database, so that ten years of somebody's notebook need no more memory than one.
"""

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from typing import IO, Any, cast

from django.conf import settings
from django.db.models import ForeignKey, Model
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.best import clock, long_date
from accounts.vault.fields import Sealed, sealed_names
from accounts.vault.reading import words

from .registry import Chapter, Holding, Why, chapters, holdings

ROWS = 500
LANGUAGES = dict(settings.LANGUAGES)


def write(person: User, target: IO[bytes], *, now: datetime) -> None:
    """The whole ZIP, in this person's language and with times in their zone."""
    language = person.language if person.language in LANGUAGES else settings.LANGUAGE_CODE
    told = [holding for holding in holdings() if holding.exported]
    with (
        translation.override(language),
        timezone.override(person.zone),
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        files = _files(person, archive, now)
        _write(archive, "index.html", _page(person, told, files, now), now)
        _write(archive, "data.json", _data(person, told, now), now)
        about = {"person": person, "now": now, "told": told, "files": files, "withheld": _withheld()}
        _write(archive, "README.txt", [render_to_string("accounts/export/README.txt", about)], now)


def _withheld() -> list[tuple[str, str]]:
    """Each field that somebody could miss, and why it is left out."""
    return [
        (f"{holding.key}.{name}", str(why.value))
        for holding in holdings()
        for name, why in holding.withheld.items()
        if why not in (Why.KEY, Why.OWNER)
    ]


def _files(person: User, archive: zipfile.ZipFile, now: datetime) -> list[str]:
    names = []
    for holding in holdings():
        for name, content in holding.files(person) if holding.files else ():
            archive.writestr(_entry(name, now), content)
            names.append(name)
    return names


def _write(archive: zipfile.ZipFile, name: str, pieces: Iterable[str], now: datetime) -> None:
    with archive.open(_entry(name, now), "w", force_zip64=True) as out:
        for piece in pieces:
            out.write(piece.encode())


def _entry(name: str, now: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, timezone.localtime(now).timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


# --- For machines --------------------------------------------------------------------------------------------------


def _data(person: User, told: list[Holding], now: datetime) -> Iterator[str]:
    """{"made_at": ..., "data": {"app.model": [{field: value, ...}, ...], ...}}; times are ISO 8601, in UTC."""
    yield f'{{\n"made_at": {json.dumps(now.isoformat())},\n"data": {{'
    for number, holding in enumerate(told):
        yield f"{',' if number else ''}\n{json.dumps(holding.key)}: ["
        for position, row in enumerate(rows_of(holding, person)):
            fields = {name: plain(value_of(holding, row, name)) for name in holding.exported}
            yield f"{',' if position else ''}\n  {json.dumps(fields, ensure_ascii=False)}"
        yield "\n]"
    yield "\n}\n}\n"


def rows_of(holding: Holding, person: User) -> Iterator[Any]:
    """Oldest first, a few at a time, with the rows that their fields name."""
    named = [
        name
        for name in (*holding.exported, *holding.withheld)
        if isinstance(holding.model._meta.get_field(name), ForeignKey)
    ]
    rows = holding.of(person).order_by("pk")
    return iter((rows.select_related(*named) if named else rows).iterator(chunk_size=ROWS))


def value_of(holding: Holding, row: Model, name: str) -> object:
    """What the export says of one field; of a row that it names, the words for that row."""
    if make := holding.values.get(name):
        return make(row)
    if name in sealed_names(type(row)):
        # Words that cannot be opened any more say so, and the rest is taken along all the same.
        return words(cast("Sealed", row), name)
    value = getattr(row, name)
    if isinstance(value, User):
        # Not `str`: the address of somebody without a name is theirs to give.
        return value.name or value.first_name
    return str(value) if isinstance(value, Model) else value


def plain(value: object) -> object:
    """As JSON has it."""
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str) else str(value)


# --- To read -------------------------------------------------------------------------------------------------------


def _page(person: User, told: list[Holding], files: list[str], now: datetime) -> Iterator[str]:
    """One page: the person's words first, then what else there is, a table for each."""
    style = mark_safe(f"<style>\n{render_to_string('accounts/export/page.css')}</style>")  # noqa: S308 (our own file)
    head, rest, end = _around("page", {"person": person, "now": now, "files": files, "style": style})
    yield head
    for chapter in chapters(person):
        yield from _section(chapter.title, _entries(chapter))
    yield rest
    for holding in told:
        if not holding.reads_as_words:
            yield from _section(str(holding.title), _facts(holding, person))
    yield end


def _around(template: str, context: dict[str, Any]) -> list[str]:
    """What stands before, between and after the places where more is to come."""
    return render_to_string(f"accounts/export/{template}.html", context).split("<!--more-->")


def _section(title: str, pieces: Iterator[str]) -> Iterator[str]:
    """The pieces under their heading; nothing where there are none."""
    first = next(pieces, None)
    if first is not None:
        head, end = _around("section", {"title": title})
        yield from (head, first)
        yield from pieces
        yield end


def _entries(chapter: Chapter) -> Iterator[str]:
    return (render_to_string("accounts/export/entry.html", {"entry": entry}) for entry in chapter.entries)


def _facts(holding: Holding, person: User) -> Iterator[str]:
    for row in rows_of(holding, person):
        facts = [(capfirst(holding.label_of(name)), _said(holding, row, name)) for name in holding.exported]
        yield render_to_string("accounts/export/row.html", {"facts": [fact for fact in facts if fact[1]]})


def _said(holding: Holding, row: Model, name: str) -> str:
    """The value in words; "" where there is nothing to say."""
    display: Callable[[], object] | None = getattr(row, f"get_{name}_display", None)
    if display is not None and name not in holding.values:
        return str(display())
    value = value_of(holding, row, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{long_date(value)}, {clock(value)}"
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, time):
        return clock(value)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
