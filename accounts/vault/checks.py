"""What the start refuses: sealed words without an owner or a guard in the database, or on a page of the admin."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.admin.sites import all_sites
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, Model

from accounts.models import DataKey, User

from .fields import OnlySealed, Sealed, sealed_fields


@register(Tags.models)
def sealed_words_have_owner_and_row(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    return [said for model in apps.get_models() for said in complaints(model)]


def complaints(model: type[Model]) -> Iterator[CheckMessage]:
    """What is wrong with one model."""
    fields = sealed_fields(model)
    if not fields or not model._meta.managed or model._meta.proxy:
        return
    if not issubclass(model, Sealed):
        yield Error(f"{model.__name__} has sealed words and is not Sealed.", obj=model, id="vault.E001")
        return
    if not _leads_to_a_person(model, getattr(model, "sealed_by", "")):
        yield Error(
            f"{model.__name__}.sealed_by must name the foreign keys, never empty, that lead to whose words these are.",
            obj=model,
            id="vault.E002",
        )
    guarded = [str(each.condition) for each in model._meta.constraints if isinstance(each, OnlySealed)]
    for field in fields:
        if not any(f"'{field.name}__is_sealed', True" in said for said in guarded):
            yield Error(
                f"{field} has no OnlySealed constraint, so the database would take clear text.",
                obj=model,
                id="vault.E003",
            )


def _leads_to_a_person(model: type[Model], path: str) -> bool:
    for name in path.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        if not isinstance(field, ForeignKey) or field.null:
            return False
        model = field.remote_field.model
    return model is User


@register(Tags.admin)
def sealed_words_have_no_admin_page(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    return pages_with_sealed_words(
        (place, model)
        for site in all_sites
        for model, page in site._registry.items()
        for place, model in [(page, model), *((inline, inline.model) for inline in page.inlines)]
    )


def pages_with_sealed_words(pages: Iterable[tuple[object, type[Model]]]) -> list[CheckMessage]:
    return [
        Error(f"{model.__name__} is on an admin page, and is private.", obj=place, id="vault.E004")
        for place, model in pages
        if issubclass(model, DataKey) or sealed_fields(model)
    ]
