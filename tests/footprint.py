"""What the database holds of one program: a print of all rows that belong to it, to see whether one has changed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, Model

from accounts.models import User
from mentoring.models import Program

Ids = Mapping[type[Model], set[int]]


def belonging_to(program: Program, people: Iterable[User]) -> Ids:
    """The numbers of all rows that lead to this program or to one of these people by foreign keys, however far."""
    found: dict[type[Model], set[int]] = defaultdict(set)
    found[Program] = {program.pk}
    found[User] = {person.pk for person in people}
    grew = True
    while grew:
        grew = False
        for model in _models():
            for field in _ways(model):
                wanted = found.get(field.related_model)
                if not wanted:
                    continue
                rows = model._base_manager.filter(**{f"{field.name}__in": wanted}).values_list(
                    "pk", flat=True
                )
                new = set(rows) - found[model]
                grew, found[model] = grew or bool(new), found[model] | new
    return found


def print_of(ids: Ids) -> dict[str, str]:
    """By table: those rows, and whatever points to one of them by now. One question to the database."""
    asked = []
    for model in _models():
        conditions = (
            [f"t.{_quoted(model._meta.pk.column)} IN ({_listed(ids[model])})"] if ids.get(model) else []
        )
        conditions += [
            f"t.{_quoted(field.column)} IN ({_listed(ids[field.related_model])})"
            for field in _ways(model)
            if ids.get(field.related_model)
        ]
        if conditions:
            table = model._meta.db_table
            asked.append(
                f"SELECT '{table}', md5(string_agg(t::text, chr(10) ORDER BY t::text))"  # noqa: S608
                f" FROM {_quoted(table)} t WHERE {' OR '.join(conditions)}"
            )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return {table: rows or "" for table, rows in cursor.fetchall()}


def print_of_all(*without: str) -> dict[str, str]:
    """By table: all rows there are. One question to the database."""
    tables = sorted({model._meta.db_table for model in _models()} - set(without))
    asked = [
        f"SELECT '{table}', md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {_quoted(table)} t"  # noqa: S608
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return {table: rows or "" for table, rows in cursor.fetchall()}


def _models() -> list[type[Model]]:
    return list(apps.get_models(include_auto_created=True))


def _ways(model: type[Model]) -> Iterator["ForeignKey[Model, Model]"]:
    """Not those that say who did something: what somebody did to others is not theirs."""
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey) and not field.name.endswith("_by"):
            yield field


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _listed(ids: Iterable[object]) -> str:
    return ", ".join(f"'{pk}'" for pk in sorted(ids, key=str))
