"""What mentors offer and say of themselves, searched by PostgreSQL's full text: the parts that a directory shows, and
no other. A part that is not asked for is not read, so nobody learns by searching what they may not see.

Each term is looked for by itself: `websearch_to_tsquery` wants all of them in one text, where people who ask for two
things would rather see first who knows both, and then who knows one. The indexes are in migration 0045.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from .models import Program
from .spelling import nearest

Part = Program.DirectoryPart
# What a match is worth, by where it is: whoever says that they offer it comes before whoever mentions it.
SKILL = 8
TEXTS = {Part.HELP_WITH: 4, Part.HEADLINE: 3, Part.ABOUT: 1}
LONGEST = 200  # characters
MOST_TERMS = 8
# A shorter beginning of a word is the beginning of too many.
SHORTEST_BEGINNING = 3
# PostgreSQL's stemmers by language, as far as it has them; a word of another language is looked for as it stands.
CONFIGURATIONS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali",
    "nl": "dutch", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish",
}  # fmt: skip
QUOTES = str.maketrans("“”„«»‟", '""""""')


class Term(NamedTuple):
    """Words that stand in a row. `begins`: the last thing typed, which may be the beginning of a word."""

    text: str
    is_unwanted: bool = False
    begins: bool = False
    # In quotes, or behind a minus: no word of it is left out for being in every text.
    is_exact: bool = False

    @property
    def is_one_word(self) -> bool:
        return " " not in self.text


@dataclass(frozen=True)
class Found:
    """By person (in a library, by resource), how many terms they match and what the matches are worth. `meant` is what
    was looked for in place of words that nobody wrote; `unknown` are such words that are like none that are there."""

    people: Mapping[int, tuple[int, int]]
    meant: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    # Whether anything was looked for: "how to" is nothing but words that every text has.
    is_about_something: bool = True


def terms_of(typed: str) -> list[Term]:
    """Words, and rows of words in quotes; a minus before one is for "not". Anything at all may be typed."""
    found: dict[str, Term] = {}
    chunks = list(re.finditer(r'(?<!\S)(-?)(?:"([^"]*)"?|(\S+))', typed[:LONGEST].translate(QUOTES)))
    for number, chunk in enumerate(chunks, 1):
        minus, quoted, bare = chunk.groups()
        words = re.findall(r"\w+", quoted if quoted is not None else bare)
        is_last = number == len(chunks) and quoted is None and not minus and not typed[-1:].isspace()
        is_exact = quoted is not None or bool(minus)
        rows = [words] if is_exact else [[word] for word in words]
        for row in filter(None, rows):
            text = " ".join(row).lower()
            found.setdefault(text, Term(text, bool(minus), is_last and row is rows[-1], is_exact))
    return list(found.values())[:MOST_TERMS]


def search(
    program: Program, typed: str, parts: Collection[str], listed: Collection[int], language: str
) -> Found:
    """Who of `listed` (people's keys) offers or says what was typed, in the parts that are given; a word that finds
    nobody is looked for once more as the nearest one that somebody wrote. `language` is the reader's."""
    people = set(listed)
    return found_by(
        typed,
        lambda terms: _hits(program, terms, parts, people, language),
        lambda: vocabulary(program, parts, people),
    )


Hits = tuple[dict[int, dict[int, int]], set[int]]


def found_by(
    typed: str, hits_of: Callable[[list[Term]], Hits], words_there_are: Callable[[], set[str]]
) -> Found:
    """What `hits_of` finds: by the number of the term, what each key's match is worth, and which terms hold nothing to
    look for. A word that finds nothing is looked for once more as the nearest of `words_there_are`."""
    terms = terms_of(typed)
    if not terms:
        return Found({}, is_about_something=False)
    hits, empty = hits_of(terms)
    lost = [
        number
        for number, term in enumerate(terms)
        if not hits[number] and number not in empty and not term.is_unwanted
    ]
    meant: list[tuple[str, str]] = []
    unknown: list[str] = []
    if lost:
        words = words_there_are()
        for number in lost:
            term = terms[number]
            other = nearest(term.text, words) if term.is_one_word else ""
            if other:
                meant.append((term.text, other))
                terms[number] = replace_text(term, other)
            else:
                unknown.append(term.text)
        if meant:
            hits, empty = hits_of(terms)
    return Found(
        ranked(terms, hits),
        tuple(meant),
        tuple(unknown),
        is_about_something=len(empty) < len(terms),
    )


def replace_text(term: Term, text: str) -> Term:
    return term._replace(text=text, begins=False)


def vocabulary(program: Program, parts: Collection[str], people: Collection[int]) -> set[str]:
    """Every word of what these people offer, and of what they say in these parts, in lower case."""
    columns = "".join(f", profile.{part}" for part in TEXTS if part in parts)
    rows = rows_of(
        f"""
        SELECT person_id, concat_ws(' ', ''{columns}) FROM ({PLACES}) places
        JOIN accounts_profile profile USING (person_id)
        UNION ALL SELECT person_id, skill.name FROM ({PLACES}) places
        JOIN mentoring_enrollmentskill use ON use.enrollment_id = places.id AND use.side = 'offers'
        JOIN mentoring_skill skill ON skill.id = use.skill_id
        """,  # noqa: S608 (names of ours)
        {"program": program.pk},
    )
    wanted = set(people)
    said = {text for person, text in rows if person in wanted}
    return {word for text in said for word in words_of(text)}


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


PLACES = "SELECT id, person_id FROM mentoring_enrollment WHERE program_id = %(program)s AND status = 'active'"


def ranked(terms: list[Term], hits: Mapping[int, Mapping[int, int]]) -> dict[int, tuple[int, int]]:
    """Of each that is hit and not unwanted, how many terms it matches and what that is worth."""
    matched: defaultdict[int, int] = defaultdict(int)
    worth: defaultdict[int, int] = defaultdict(int)
    unwanted: set[int] = set()
    for number, term in enumerate(terms):
        if term.is_unwanted:
            unwanted |= hits[number].keys()
            continue
        for person, weight in hits[number].items():
            matched[person] += 1
            worth[person] += weight
    return {person: (matched[person], worth[person]) for person in matched if person not in unwanted}


def _hits(
    program: Program, terms: list[Term], parts: Collection[str], people: set[int], language: str
) -> tuple[dict[int, dict[int, int]], set[int]]:
    """By the number of the term, who matches it and what that is worth; and which terms hold nothing to look for.

    A language's configuration drops the words that every text has ("no"). So what is exact is looked for as it stands,
    and by the stems of the language only where none of its words is dropped; and a word that is dropped still finds
    the skill whose whole name it is ("IT").
    """
    configuration = configuration_of(language)
    said = [(part, worth) for part, worth in TEXTS.items() if part in parts]
    texts = [
        f"UNION ALL SELECT n, person_id, {worth} FROM words "  # noqa: S608 (names of ours)
        f"JOIN accounts_profile profile ON {vector(configuration, f'profile.{part}')} @@ query"
        for part, worth in said
    ]
    if any(term.is_exact for term in terms):
        # No index has these: of the places alone, and of what the language has not found.
        texts += [
            f"UNION ALL SELECT n, person_id, {worth} FROM words CROSS JOIN places "  # noqa: S608 (names of ours)
            f"JOIN accounts_profile profile USING (person_id) WHERE is_exact "
            f"AND {vector('simple', f'profile.{part}')} @@ as_it_stands "
            f"AND NOT {vector(configuration, f'profile.{part}')} @@ query"
            for part, worth in said
        ]
    rows = rows_of(
        f"""
        WITH {typed_words(configuration)}, found AS (
            SELECT n, coalesce(skill.merged_into_id, skill.id) AS skill_id FROM words
            JOIN mentoring_skill skill
                ON skill.program_id = %(program)s AND (
                    {vector(configuration, "skill.name")} @@ query
                    OR {vector("simple", "skill.name")} @@ as_it_stands
                    AND (is_exact OR length({vector("simple", "skill.name")}) = 1)
                )
        ), places AS ({PLACES}), hits AS (
            SELECT n, person_id, {SKILL} AS worth FROM found
            JOIN mentoring_enrollmentskill use ON use.skill_id = found.skill_id AND use.side = 'offers'
            JOIN places ON places.id = use.enrollment_id
            {" ".join(texts)}
        )
        SELECT n, person_id, sum(worth) FROM hits GROUP BY n, person_id
        UNION ALL SELECT n, NULL, CASE WHEN is_exact THEN numnode(as_it_stands) ELSE numnode(query) END FROM words
        """,  # noqa: S608 (names of ours; what was typed is a parameter)
        {"program": program.pk, **values_of(terms)},
    )
    hits: dict[int, dict[int, int]] = {number: {} for number in range(len(terms))}
    empty: set[int] = set()
    for n, person, worth in rows:
        if person is None and not worth:
            empty.add(n - 1)
        elif person in people:
            hits[n - 1][person] = int(worth)
    return hits, {number for number in empty if not hits[number]}


def typed_words(configuration: str) -> str:
    """The terms as a table `words` of a query that is given `values_of`: the number of each, `n`, and what is looked
    for, by the stems of a language (`query`) and `as_it_stands`."""
    return f"""words AS MATERIALIZED (
            SELECT n, is_exact, phraseto_tsquery('simple', word) AS as_it_stands, CASE
                WHEN is_exact AND numnode(phraseto_tsquery('{configuration}', word))
                    < numnode(phraseto_tsquery('simple', word)) THEN ''::tsquery
                WHEN beginning = '' THEN phraseto_tsquery('{configuration}', word)
                ELSE phraseto_tsquery('{configuration}', word) || to_tsquery('{configuration}', beginning || ':*')
            END AS query
            FROM unnest(%(words)s::text[], %(beginnings)s::text[], %(exact)s::boolean[])
                WITH ORDINALITY AS typed (word, beginning, is_exact, n)
        )"""  # noqa: S608 (names of ours)


def values_of(terms: Sequence[Term]) -> dict[str, Any]:
    return {
        "words": [term.text for term in terms],
        "beginnings": [
            term.text if term.begins and len(term.text) >= SHORTEST_BEGINNING else "" for term in terms
        ],
        "exact": [term.is_exact for term in terms],
    }


def configuration_of(language: str) -> str:
    return CONFIGURATIONS.get(language.split("-", 1)[0], "simple")


def vector(configuration: str, column: str) -> str:
    """As the indexes have it, to the letter. Without these signs, "UX/UI" would be the name of a file."""
    return f"to_tsvector('{configuration}', translate({column}, '/.@', '   '))"


def rows_of(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
