"""A program's library: its resources in order, searched in the manner of `mentoring/search.py`, and those that suit
where a pair stands.

What is searched is what the reader is shown (`visible_to`), and nothing else. A library has a few hundred rows at most,
so no index holds its words.
"""

from django.db.models import Case, IntegerField, QuerySet, Value, When

from . import search
from .models import Resource, Stage

# What a match is worth, by where it is.
TEXTS = {"title": 4, "about": 2, "file_name": 1}
STAGES = (Stage.BEGINNING, Stage.UNDER_WAY, Stage.ENDING, Stage.ANY)
IN_STAGES = Case(
    *(When(stage=stage, then=Value(number)) for number, stage in enumerate(STAGES)),
    output_field=IntegerField(),
)


def in_order(rows: QuerySet[Resource]) -> QuerySet[Resource]:
    """By when they are of use, then as those who run the program have put them."""
    return rows.order_by(IN_STAGES, "position", "title", "pk")


def look_for(rows: QuerySet[Resource], typed: str, language: str) -> search.Found:
    """Which of `rows` say what was typed, by their keys. `language` is the reader's."""
    listed = list(rows.order_by().values_list("pk", flat=True))
    return search.found_by(typed, lambda terms: _hits(terms, listed, language), lambda: _vocabulary(listed))


def best_first(rows: QuerySet[Resource], found: search.Found) -> list[int]:
    """Keys: those that match more of what was looked for come first, and among them where it says more."""
    keys = in_order(rows.filter(pk__in=found.people)).values_list("pk", flat=True)
    return sorted(keys, key=lambda key: found.people[key], reverse=True)


def suited_to(rows: QuerySet[Resource], stage: Stage) -> QuerySet[Resource]:
    """Those for this stage first, then those for any."""
    return in_order(rows.filter(stage__in=[stage, Stage.ANY]))


def _hits(terms: list[search.Term], listed: list[int], language: str) -> search.Hits:
    """By the stems of the reader's language, and as it stands: a library may be in another one."""
    configuration = search.configuration_of(language)
    texts = " UNION ALL ".join(
        f"SELECT n, one.id, {worth} AS worth FROM words "  # noqa: S608 (names of ours)
        f"JOIN mentoring_resource one ON one.id = ANY(%(listed)s) "
        f"AND ({search.vector(configuration, f'one.{column}')} @@ query "
        f"OR (is_exact OR numnode(query) > 0) AND {search.vector('simple', f'one.{column}')} @@ as_it_stands)"
        for column, worth in TEXTS.items()
    )
    found = search.rows_of(
        f"""
        WITH {search.typed_words(configuration)}, hits AS ({texts})
        SELECT n, id, sum(worth) FROM hits GROUP BY n, id
        UNION ALL SELECT n, NULL, CASE WHEN is_exact THEN numnode(as_it_stands) ELSE numnode(query) END FROM words
        """,  # noqa: S608 (names of ours; what was typed is a parameter)
        {"listed": listed, **search.values_of(terms)},
    )
    hits: dict[int, dict[int, int]] = {number: {} for number in range(len(terms))}
    empty: set[int] = set()
    for n, key, worth in found:
        if key is not None:
            hits[n - 1][key] = int(worth)
        elif not worth:
            empty.add(n - 1)
    return hits, {number for number in empty if not hits[number]}


def _vocabulary(listed: list[int]) -> set[str]:
    """Every word of them, in lower case."""
    return {
        word
        for texts in Resource.objects.filter(pk__in=listed).values_list(*TEXTS)
        for text in texts
        for word in search.words_of(text)
    }
