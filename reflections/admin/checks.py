"""Nobody opens private text to the admin by accident: the start-up checks fail when somebody does."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.contrib.admin.sites import all_sites
from django.core.checks import CheckMessage, Error, Tags, register
from django.db.models import Model

from reflections.models import Answer, Moment, Reflection, SurveyAnswer, SurveySheet

PRIVATE: tuple[type[Model], ...] = (
    Reflection,
    Answer,
    Moment,
    Answer.pairings.through,
    SurveyAnswer,
    SurveySheet,
)


@register(Tags.admin)
def private_words_have_no_admin_page(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """An error for each page, or part of a page, of any admin site that is about what people write."""
    return [
        Error(
            f"{model.__name__} is on an admin page, where its owner's words could be read.",
            hint="Take the page or the inline away. Totals come from reflections.round_told.",
            obj=place,
            id="reflections.E001",
        )
        for place, model in _pages()
        if issubclass(model, PRIVATE)
    ]


def _pages() -> Iterator[tuple[object, type[Model]]]:
    for site in all_sites:
        for model, page in site._registry.items():
            yield page, model
            for inline in page.inlines:
                yield inline, inline.model
