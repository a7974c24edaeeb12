"""Entries of the audit log as sentences, in the language of whoever reads them, for a page of them at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import audit
from .audit import Route, Verb
from .models import AuditEntry, User


@dataclass(frozen=True)
class Told:
    """One entry in words. `who` is empty where nobody was signed in."""

    entry: AuditEntry
    deed: str
    fields: str
    who: str
    people: tuple[tuple[int, str], ...]
    program: str


def told(entries: Iterable[AuditEntry]) -> list[Told]:
    """Asks for the names of people once, and for those of programs once. Whoever left, or whose account was deleted,
    is "somebody who left"."""
    rows = list(entries)
    ids = {pk for row in rows for pk in (row.actor_id, *row.subject_ids) if pk is not None}
    people = {person.pk: str(person) for person in User.objects.filter(pk__in=ids).order_by()} if ids else {}
    programs = audit.names_of_programs(row.program_id for row in rows if row.program_id)

    def name(pk: int) -> str:
        return people.get(pk) or _("Somebody who left")

    return [
        Told(
            row,
            deed=deed_of(row),
            fields=", ".join(_fields(row)),
            who="" if row.actor_id is None else name(row.actor_id),
            people=tuple((pk, name(pk)) for pk in row.subject_ids),
            program=programs.get(row.program_id or 0, ""),
        )
        for row in rows
    ]


def deed_of(entry: AuditEntry) -> str:
    """As “Pairing: “Pause”” or “Place: changed”."""
    match entry.verb:
        case Verb.RUNS:
            return _("The right to run the program: given")
        case Verb.RUNS_NO_MORE:
            return _("The right to run the program: taken away")
        case Verb.SUPERUSER:
            return _("The rights of a superuser: given")
        case Verb.SUPERUSER_NO_MORE:
            return _("The rights of a superuser: taken away")
        case Verb.DISABLED:
            return _("Account: disabled")
        case Verb.ENABLED:
            return _("Account: enabled")
        case Verb.FORGOTTEN:
            return _("Audit entries of more than two years ago: deleted")
        case Verb.EXPORTED if entry.number is not None:
            rows = ngettext("%(number)d row exported", "%(number)d rows exported", entry.number)
            done = rows % {"number": entry.number}
        case Verb.ACTED:
            done = _action(entry)
        case _:
            done = str(Verb(entry.verb).label)
    what = _kind(entry)
    return _("%(what)s: %(deed)s") % {"what": what, "deed": done} if what else capfirst(done)


def route_of(entry: AuditEntry) -> str:
    return str(Route(entry.route).label)


def _model(label: str) -> type[Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _kind(entry: AuditEntry) -> str:
    model = _model(entry.object_type)
    if model is None:
        return ""
    several = entry.verb == Verb.EXPORTED
    return capfirst(str(model._meta.verbose_name_plural if several else model._meta.verbose_name))


def _action(entry: AuditEntry) -> str:
    """What the list calls its action, or the page itself; where neither says it, that something was done."""
    model = _model(entry.object_type)
    page: Any = admin.site._registry.get(model) if model else None
    act: Any = getattr(page, entry.action, None)
    said = getattr(act, "short_description", "")
    pages = {each.name: each.label for each in getattr(admin.site, "pages", ())}
    if said:
        # What is written on its button bids and does not tell, so it is quoted.
        return _("“%(action)s”") % {"action": said}
    return str(audit.words_of_action(entry.action) or pages.get(entry.action, "") or Verb.ACTED.label)


def _fields(entry: AuditEntry) -> Iterator[str]:
    model = _model(entry.object_type)
    for name in entry.fields:
        try:
            field: Any = model._meta.get_field(name) if model else None
        except FieldDoesNotExist:
            continue
        # What points here from another row has none.
        if hasattr(field, "verbose_name"):
            yield str(field.verbose_name)
