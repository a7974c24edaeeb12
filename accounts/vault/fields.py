"""Sealed words as fields of a model.

    class Note(Sealed):
        writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
        text = SealedText(_("what you noticed"), max_length=2000)
        sealed_by = "writer"        # or a path: "reflection__person"

        class Meta:
            constraints = [OnlySealed(condition=Q(text__is_sealed=True), name="note_text_is_sealed")]

`note.text` is a str; it is opened each time it is asked for, and raises Unreadable where it cannot be. What the row
itself holds is bytes, so its pickle, `values()` and the database's answers hold bytes. In queries only `is_empty`,
`is_sealed`, `sealed_with` and `isnull` can be asked of it.
"""

import uuid
from base64 import b64encode
from collections.abc import Collection
from typing import Any, ClassVar, NoReturn

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import IsNull
from django.db.models.query_utils import DeferredAttribute

from .data_keys import open_, seal
from .sealing import FORMAT, SHORTEST, Place, SealedBytes


class Sealed(models.Model):
    """A row with sealed words: whose they are, and the random number by which they are bound to it."""

    sealed_by: ClassVar[str]

    seal_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

    @property
    def sealed_for(self) -> int:
        """The primary key of whoever's words these are. Raises ValueError while that is not said."""
        *way, last = self.sealed_by.split("__")
        row: models.Model = self
        for step in way:
            row = getattr(row, step)
        person: int | None = getattr(row, row._meta.get_field(last).attname)  # type: ignore[union-attr]
        if person is None:
            raise ValueError(f"{self._meta.label}: whose words these are must be said before they are sealed")
        return person

    def refresh_from_db(
        self, using: str | None = None, fields: Any = None, from_queryset: Any = None
    ) -> None:
        """Django would read words from the fresh row and write them into this one: they are asked for later instead."""
        names = None if fields is None else list(fields)
        for name in sealed_names(type(self)):
            if names is None or name in names:
                self.__dict__.pop(name, None)
        if names is not None:
            names = [name for name in names if name not in sealed_names(type(self))]
        if names is None or names:
            super().refresh_from_db(using, names, from_queryset)


class Typed:
    """Words on their way into the database: shown by nothing, put away by nothing."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return "<words>"

    def __reduce__(self) -> str:
        raise TypeError("a row with words that were just written is not put away; fetch it anew")


class Words(DeferredAttribute):
    """What stands for the field on a row. A row holds None, empty bytes, sealed bytes, or words just typed."""

    field: "SealedText"

    def held_by(self, row: models.Model) -> Any:
        name = self.field.attname
        if name not in row.__dict__:
            rows = type(row)._base_manager.using(row._state.db).filter(pk=row.pk)
            row.__dict__[name] = rows.values_list(name, flat=True).get()
        return row.__dict__[name]

    def __get__(self, row: Any, cls: Any = None) -> Any:
        if row is None:
            return self
        held = self.held_by(row)
        if isinstance(held, Typed):
            return held.text
        if not held:
            return held if held is None else ""
        return open_(held, person=row.sealed_for, place=self.field.place_in(row))

    def __set__(self, row: Any, value: object) -> None:
        if isinstance(value, str):
            row.__dict__[self.field.attname] = Typed(str(value)) if value else b""
        elif value is None or value == b"" or isinstance(value, SealedBytes):
            row.__dict__[self.field.attname] = value
        else:
            raise TypeError(f"{self.field} takes text, not {type(value).__name__}")


class SealedText(models.BinaryField):  # type: ignore[type-arg]
    """Text that is sealed on its way into the database (bytea)."""

    description = "Sealed text"
    descriptor_class = Words
    _pyi_private_set_type: str | bytes | None
    _pyi_private_get_type: str  # type: ignore[assignment]

    def place_in(self, row: Any) -> Place:
        return Place(self.model._meta.db_table, self.column, row.seal_id)

    # --- Into the database -----------------------------------------------------------------------------------------

    def pre_save(self, row: Any, add: bool) -> Any:
        """Words that were typed are sealed each time the row is saved: the save before may have been rolled back, and
        the key with it. Bytes that were read go back as they are, but into no other row, where they would not open."""
        held = self.held_by(row)
        if isinstance(held, Typed):
            return seal(held.text, person=row.sealed_for, place=self.place_in(row))
        if held and row._state.adding:
            raise TypeError(f"{self}: a copy of a row needs the words themselves, to seal them anew")
        return held

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, SealedBytes):
            return value
        if value in ("", b""):
            return b""
        raise TypeError(f"{self}: words go through a row and save(), which seal them")

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        if hasattr(value, "as_sql"):
            raise TypeError(f"{self}: the database cannot make sealed words")
        return "%s"

    # --- Out of it -------------------------------------------------------------------------------------------------

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        return SealedBytes(value) if value else value if value is None else b""

    def get_lookup(self, lookup_name: str) -> Any:
        return LOOKUPS.get(lookup_name) or self._refuse()

    def get_transform(self, lookup_name: str) -> NoReturn:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise FieldError(
            f"{self} is sealed: the database cannot look into it (accounts/vault/reading.py can)"
        )

    # --- Where Django would show it, or take a str for base64 ------------------------------------------------------

    def to_python(self, value: Any) -> Any:
        return value

    def held_by(self, row: Any) -> Any:
        descriptor: Words = getattr(type(row), self.attname)
        return descriptor.held_by(row)

    def value_from_object(self, row: Any) -> Any:
        held = self.held_by(row)
        if isinstance(held, Typed):
            raise TypeError(f"{self} is shown to nobody; fetch the row anew for its sealed bytes")
        return held

    def value_to_string(self, row: Any) -> str:
        return b64encode(self.value_from_object(row) or b"").decode()

    def formfield(self, **kwargs: Any) -> None:  # type: ignore[override]
        """None: a form has a field of its own, whose text the action gives to the row."""


def sealed_fields(model: type[models.Model]) -> list[SealedText]:
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedText)]


def sealed_names(model: type[models.Model]) -> Collection[str]:
    return {field.attname for field in sealed_fields(model)}


# --- What can be asked of it in a query ----------------------------------------------------------------------------


class _Asked(models.Lookup):  # type: ignore[type-arg]
    """A question about the bytes. The right side is a bool, or a number; never words."""

    prepare_rhs = False
    said: ClassVar[str]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, params = self.process_lhs(compiler, connection)
        if not isinstance(self.rhs, bool):
            raise FieldError(f"{self.lookup_name} is true or false")
        is_so = self.said.format(column=column)
        return (is_so if self.rhs else f"NOT ({is_so})"), [*params] * self.said.count("{column}")


class IsEmpty(_Asked):
    """Nothing was written."""

    lookup_name = "is_empty"
    said = "octet_length({column}) = 0"


class IsSealed(_Asked):
    """Empty, or of the form of sealed words: what a constraint can ask."""

    lookup_name = "is_sealed"
    said = (
        f"(octet_length({{column}}) = 0 OR (octet_length({{column}}) >= {SHORTEST}"
        f" AND get_byte({{column}}, 0) = {FORMAT}))"
    )


class SealedWith(models.Lookup):  # type: ignore[type-arg]
    """Sealed by the data key of that number."""

    lookup_name = "sealed_with"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, params = self.process_lhs(compiler, connection)
        number = int(self.rhs).to_bytes(4, "big")
        return f"substring({column} FROM 2 FOR 4) = %s", [*params, connection.Database.Binary(number)]


LOOKUPS = {each.lookup_name: each for each in (IsEmpty, IsSealed, SealedWith, IsNull)}


class OnlySealed(models.CheckConstraint):
    """The database's own word that the column holds no clear text. Nothing for forms to ask: no row offers any."""

    def validate(self, *args: Any, **kwargs: Any) -> None:
        return
