"""What is wrong with the data map: each field of each model that leads to a person, and what nobody has said of it."""

from collections.abc import Iterable, Iterator, Mapping

from django.apps import apps
from django.db.models import Field, ForeignKey, Model

from accounts.models import User
from accounts.mydata import Holding, Kept
from accounts.mydata import registry as datamap
from accounts.vault.fields import SealedText


def complaints(
    models: Iterable[type[Model]] | None = None,
    holdings: Iterable[Holding] | None = None,
    nobodys: Mapping[str, str] | None = None,
) -> list[str]:
    """One line for each thing that the map does not say, or says of something that is not there."""
    all_models = apps.get_models(include_auto_created=True) if models is None else models
    by_model = {holding.model: holding for holding in (datamap.holdings() if holdings is None else holdings)}
    unconcerned = datamap.nobodys() if nobodys is None else nobodys
    return [said for model in all_models for said in _of_model(model, by_model.get(model), unconcerned)]


def leads_to_a_person(model: type[Model], on_the_way: frozenset[type[Model]] = frozenset()) -> bool:
    """Whether a row of it belongs to somebody, by whatever chain of foreign keys."""
    if model is User:
        return True
    further = on_the_way | {model}
    return any(
        leads_to_a_person(field.related_model, further)
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model not in further
    )


def _of_model(model: type[Model], holding: Holding | None, nobodys: Mapping[str, str]) -> Iterator[str]:
    label = model._meta.label
    if holding is None:
        if leads_to_a_person(model):
            yield f"{label} leads to a person and is not in the data map"
        elif label not in nobodys:
            yield f"{label} is neither in the data map nor named as nobody's"
        return
    if label in nobodys:
        yield f"{label} is in the data map and named as nobody's"
    fields = {field.name for field in model._meta.concrete_fields}
    yield from _of_fields(label, "the export or the reasons", fields, [*holding.exported, *holding.withheld])
    if isinstance(holding.erasure, Kept):
        said = [*holding.erasure.replaced, *holding.erasure.stays]
        yield from _of_fields(label, "what erasing does", fields, said)
        for name in holding.erasure.stays:
            is_known = name in WORDS_OF_OTHERS.get(label, ()) or name not in holding.exported
            if not is_known and _may_hold_words(model._meta.get_field(name)):
                yield f"{label}.{name} holds words and would stay"


# Texts of rows that erasing leaves: what the program is called is not the words of its contact.
WORDS_OF_OTHERS: Mapping[str, tuple[str, ...]] = {
    "mentoring.Program": ("name",),
    # By then others may offer or seek it.
    "mentoring.Skill": ("name",),
    # What a program offers its people, whoever put it there.
    "mentoring.Resource": ("title", "about", "link", "file_name"),
    # What was written to many stays with those who have it, and they know who wrote it.
    "mentoring.Announcement": ("subject", "body"),
    # Letters and digits drawn at random, by which whoever told it finds it again.
    "mentoring.Concern": ("receipt",),
    "admin.LogEntry": ("object_repr",),
    # Names that things have in the code.
    "accounts.AuditEntry": ("action", "object_type"),
}


def _may_hold_words(field: object) -> bool:
    """A text that is no choice out of a list."""
    if isinstance(field, SealedText):
        return True
    is_text = isinstance(field, Field) and field.get_internal_type() in (
        "CharField",
        "TextField",
        "EmailField",
    )
    return is_text and not field.choices  # type: ignore[union-attr]


def _of_fields(label: str, where: str, fields: set[str], said: list[str]) -> Iterator[str]:
    for name in sorted(fields - set(said)):
        yield f"{label}.{name} is not in {where}"
    for name in sorted(set(said) - fields):
        yield f"{label}.{name} is in {where} and is no field"
    for name in sorted({name for name in said if said.count(name) > 1}):
        yield f"{label}.{name} is in {where} twice"
