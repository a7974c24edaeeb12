"""Writing to the audit log (models/audit_entry.py), from one place.

A request is known here from its beginning (`AuditMiddleware`): who acts, and by which route. The admin writes an entry
for each row that is added, changed, deleted or acted on (mentoring/admin/auditing.py), and for whatever else has
changed rows in a request of it (`watched`). Rights are written down by the database itself, which is told who acts
(`_say_who`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import ForeignKey, Model
from django.http import HttpRequest

from .models import AuditEntry, User

Verb, Route = AuditEntry.Verb, AuditEntry.Route
Concerned = Callable[[Any], Iterable[int | None]]
Names = Callable[[Iterable[int]], Mapping[int, str]]

# What a request does on the way, whatever it is about.
BY_THE_WAY = frozenset({"django_session", "usersessions_usersession", AuditEntry._meta.db_table})
# A row without a person or a program of its own belongs to those of the first of these that it has.
LEADS_TO = ("pairing", "enrollment", "round", "run")
MOST_FIELDS = 40
ONCE_OR_MORE = ("INSERT", "UPDATE", "DELETE")


@dataclass
class Acting:
    """What is known of the request that is being answered."""

    request: HttpRequest
    route: AuditEntry.Route = Route.SITE
    entries: int = 0
    # Tables with rows that were changed, in order, and where in that order each savepoint was made.
    wrote: list[str] = field(default_factory=list)
    savepoints: dict[str, int] = field(default_factory=dict)

    @property
    def actor_id(self) -> int | None:
        user: Any = getattr(self.request, "user", None)
        pk: int | None = user.pk if user is not None and user.is_authenticated else None
        return pk


_acting: ContextVar[Acting | None] = ContextVar("acting", default=None)
_rights: dict[str, tuple[str, ...]] = {User._meta.db_table: ("is_superuser", "is_active")}
_concerned: dict[str, Concerned] = {}
_program_names: list[Names] = []
_words: dict[str, Any] = {}


def register_rights(table: str) -> None:
    """Rows of this table are rights: its trigger is told who acts. One that is there counts, whatever it says."""
    _rights[table] = ()


def register_concerned(label: str, concerned: Concerned) -> None:
    """Whom a row of the model `label` (`app.model`) concerns and who may learn of it, where `concerned_by` would say it
    wrongly: some deeds about two people are hidden from one of them."""
    _concerned[label] = concerned


def register_program_names(names: Names) -> None:
    _program_names.append(names)


def register_words(words: Mapping[str, Any]) -> None:
    """What addresses of the admin that are no actions of a list do, by the name that the log has for them."""
    _words.update(words)


def words_of_action(action: str) -> str:
    """In the reader's language; empty for an action that nobody has words for."""
    return str(_words.get(action, ""))


def names_of_programs(ids: Iterable[int]) -> dict[int, str]:
    """Of those that are there still."""
    wanted = set(ids)
    return {pk: name for names in _program_names for pk, name in names(wanted).items()} if wanted else {}


# --- Whom and which program a row is about


def concerned_by(row: Model) -> list[int]:
    """The people (by number) to whom something is done when it is done to this row.

    An account concerns its person. Other rows concern the people they point to, but for those who did something
    (`created_by` and the like); one that points to nobody concerns those of its pairing or place.
    """
    own = _concerned.get(row._meta.label_lower)
    if own is not None:
        return _without_none(own(row))
    if isinstance(row, User):
        return _without_none([row.pk])
    found = _without_none(getattr(row, name) for name in _people_of(type(row)))
    further = None if found else _next(row)
    return concerned_by(further) if further is not None else found


def program_of(row: Model) -> int | None:
    is_one = row._meta.label_lower == "mentoring.program"
    own: int | None = row.pk if is_one else getattr(row, "program_id", None)
    further = _next(row) if own is None else None
    return program_of(further) if further is not None else own


def _people_of(model: type[Model]) -> list[str]:
    return [
        each.attname
        for each in model._meta.concrete_fields
        if isinstance(each, ForeignKey) and each.related_model is User and not each.name.endswith("_by")
    ]


def _next(row: Model) -> Model | None:
    for name in LEADS_TO:
        if getattr(row, f"{name}_id", None) is not None:
            found: Model = getattr(row, name)
            return found
    return None


def _without_none(ids: Iterable[int | None]) -> list[int]:
    return sorted({pk for pk in ids if pk is not None})


# --- Writing


def record(
    verb: AuditEntry.Verb,
    row: Model | None = None,
    *,
    action: str = "",
    kind: str = "",
    pk: object = "",
    fields: Iterable[str] = (),
    number: int | None = None,
    program_id: int | None = None,
    subject_ids: Iterable[int] | None = None,
) -> None:
    """Write down what whoever is signed in did just now. Without a row, `kind` and `pk` say what it was about."""
    if row is not None:
        kind, pk = row._meta.label_lower, row.pk
        program_id = program_of(row) if program_id is None else program_id
        subject_ids = concerned_by(row) if subject_ids is None else subject_ids
    _entry(
        verb=verb,
        action=action[:80],
        object_type=kind,
        object_id="" if pk is None else str(pk)[:40],
        program_id=program_id,
        subject_ids=sorted(set(subject_ids or ())),
        fields=list(dict.fromkeys(fields))[:MOST_FIELDS],
        number=number,
    ).save()
    is_recorded()


def record_all(verb: AuditEntry.Verb, rows: Iterable[Model], *, action: str = "") -> None:
    """The same was done to each of these: an entry each, in one statement."""
    AuditEntry.objects.bulk_create(
        _entry(
            verb=verb,
            action=action[:80],
            object_type=row._meta.label_lower,
            object_id=str(row.pk),
            program_id=program_of(row),
            subject_ids=concerned_by(row),
        )
        for row in rows
    )


def _entry(**values: Any) -> AuditEntry:
    acting = _acting.get()
    return AuditEntry(
        actor_id=acting.actor_id if acting else None,
        route=acting.route if acting else Route.OTHER,
        **values,
    )


def is_recorded() -> None:
    """What this request did is on record by another hand: that of the database."""
    if (acting := _acting.get()) is not None:
        acting.entries += 1


@contextmanager
def answering(request: HttpRequest) -> Iterator[None]:
    token = _acting.set(Acting(request))
    try:
        with connection.execute_wrapper(_note):
            yield
    finally:
        _acting.reset(token)


@contextmanager
def watched() -> Iterator[Acting]:
    """In this block what is done is done in the admin; it knows afterwards whether rows were changed."""
    acting = _acting.get() or Acting(HttpRequest())
    before = acting.route, acting.entries, acting.wrote
    acting.route, acting.entries, acting.wrote = Route.ADMIN, 0, []
    try:
        yield acting
    finally:
        acting.route, acting.entries, acting.wrote = before


# --- What goes to the database


def _note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    acting = _acting.get()
    if acting is None or not isinstance(sql, str):
        return execute(sql, params, many, context)
    word, rest = (*sql.split(None, 1), "", "")[:2]
    if word == "SAVEPOINT":
        acting.savepoints[rest] = len(acting.wrote)
    elif word == "ROLLBACK":
        del acting.wrote[acting.savepoints.get(rest.removeprefix("TO SAVEPOINT "), 0) :]
    if word not in ONCE_OR_MORE:
        return execute(sql, params, many, context)
    table = rest.removeprefix("INTO ").removeprefix("FROM ").lstrip('"').partition('"')[0]
    if table in _rights and _is_about_rights(word, rest, _rights[table]):
        _say_who(acting)
    result = execute(sql, params, many, context)
    if table not in BY_THE_WAY and context["cursor"].rowcount:
        acting.wrote.append(table)
    return result


def _is_about_rights(word: str, rest: str, columns: tuple[str, ...]) -> bool:
    """An account is changed at many pages, and its rights hardly ever."""
    said = rest.partition(" WHERE ")[0]
    return word != "UPDATE" or not columns or any(f'"{name}"' in said for name in columns)


def _say_who(acting: Acting) -> None:
    """Until the transaction ends; the triggers on the tables of rights read it."""
    actor = acting.actor_id
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('best_stuff.actor', %s, true), set_config('best_stuff.route', %s, true)",
            ["" if actor is None else str(actor), acting.route.value],
        )


# --- Forgetting


def forget_old() -> int:
    """Delete entries of more than two years ago, by the one way that the database allows; it writes down how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_audit_forget()")
        gone: int = cursor.fetchone()[0]
    return gone
