"""Translations without gettext's programs: `python -m dev.messages extract|check|compile`.

extract   brings locale/<language>/LC_MESSAGES/django.po up to what code and templates say now
check     fails where a text lacks its translation, or a translation its placeholders
compile   writes the .mo files that Django reads (they are not committed)
"""

import ast
import io
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from dev.processes import ROOT

LOCALE = ROOT / "locale"
SOURCES = ("accounts", "mentoring", "reflections", "templates")
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
COMMENT = "Translators"
# Of files with data: the keys whose values are said to people, alone or in lists (mentoring/program_templates).
SAID = frozenset(
    {"name", "sentence", "purpose", "mentors_are", "mentees_are", "ground_rules", "agreement"}
    | {"skills", "text", "help", "options"}
)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|(?<!%)(?:%%)*%[sd]")
HEADER = """\
# {name} for Best Stuff. `python -m dev.messages extract` keeps it up to date; only translations are written by hand.
msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def languages() -> list[str]:
    """The languages that are shipped besides the English of the texts themselves, as settings name them."""
    for node in ast.walk(ast.parse((ROOT / "mentoring" / "settings.py").read_text())):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "LANGUAGES":
            codes = [
                ast.literal_eval(pair.elts[0]) for pair in ast.walk(node.value) if isinstance(pair, ast.Tuple)
            ]
            return [code for code in codes if not code.startswith("en")]
    raise LookupError("mentoring/settings.py has no LANGUAGES")


def po_file(language: str) -> Path:
    code, _, region = language.partition("-")
    return LOCALE / (f"{code}_{region.upper()}" if region else code) / "LC_MESSAGES" / "django.po"


def texts() -> Catalog:
    """Every text that code and templates want translated, with the files that it stands in."""
    catalog = Catalog(fuzzy=False)
    for path in source_files():
        place = path.relative_to(ROOT).as_posix()
        for _, message, comments, context in extracted(path):
            catalog.add(message, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalog


def source_files() -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt", ".toml"} and "migrations" not in path.parts:
                yield path


def extracted(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    source = path.read_text()
    if path.suffix == ".toml":
        yield from ((0, text, [], None) for text in said_in(tomllib.loads(source)) if text)
        return
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        # What templatize makes is Python only in its calls; brackets around it make lines and indents meaningless.
        source = f"({templatize(source, origin=str(path))}\n)"
    yield from extract("python", io.BytesIO(source.encode()), KEYWORDS, (COMMENT,), strip_comment_tags=True)  # type: ignore[arg-type]


def said_in(data: dict[str, Any]) -> Iterator[str]:
    """The texts of a file with data, in their order."""
    for key, value in data.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from said_in(one)
            elif key in SAID:
                yield one


def read(language: str) -> Catalog:
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language.replace("-", "_"), fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=language.replace("-", "_"))


def extract_all() -> None:
    """Bring every language's file up to date; a translation of a text that changed must be written anew."""
    wanted = texts()
    for language in languages():
        catalog = read(language)
        catalog.update(wanted, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        for message in catalog:
            message.flags.discard("fuzzy")
        out = io.BytesIO()
        write_po(out, catalog, omit_header=True, include_lineno=False, sort_by_file=True, width=100)
        head = HEADER.format(name=catalog.locale.english_name, code=language, plurals=catalog.plural_forms)
        path = po_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(head + out.getvalue().decode().lstrip("\n"))
        print(
            f"{path.relative_to(ROOT)}: {len(untranslated(catalog))} of {len(catalog)} texts lack their translation"
        )


def check_all() -> int:
    """How many texts of how many languages are amiss; each is printed."""
    wanted = texts()
    amiss = 0
    for language in languages():
        catalog = read(language)
        place = po_file(language).relative_to(ROOT)
        there, said = keys(catalog), keys(wanted)
        problems = [f"not there: {one.id!r}" for one in wanted if one.id and key(one) not in there]
        problems += [
            f"said nowhere any more: {one.id!r}" for one in catalog if one.id and key(one) not in said
        ]
        problems += [f"not translated: {one.id!r}" for one in untranslated(catalog)]
        problems += [f"unsure (fuzzy): {one.id!r}" for one in catalog if one.id and one.fuzzy]
        problems += [
            f"other placeholders: {one.id!r}" for one in catalog if one.id and placeholders_are_amiss(one)
        ]
        for problem in problems:
            print(f"{place}: {problem}")
        amiss += len(problems)
    if amiss:
        print("`python -m dev.messages extract` brings the files up to date; then write what is missing.")
    return amiss


def compile_all() -> None:
    """Write each .mo file whose .po file is newer."""
    for language in languages():
        source = po_file(language)
        target = source.with_suffix(".mo")
        if source.exists() and not (
            target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns
        ):
            unfinished = target.with_suffix(".part")
            with unfinished.open("wb") as out:
                write_mo(out, read(language))
            unfinished.replace(target)


def key(message: Message) -> tuple[object, object]:
    return message.context, message.id


def keys(catalog: Catalog) -> set[tuple[object, object]]:
    return {key(message) for message in catalog}


def untranslated(catalog: Catalog) -> list[Message]:
    def is_whole(message: Message) -> bool:
        given = forms(message.string)
        return len(given) == (catalog.num_plurals if message.pluralizable else 1) and all(given)

    return [message for message in catalog if message.id and not is_whole(message)]


def placeholders_are_amiss(message: Message) -> bool:
    """Whether a translation names what the text does not (which fails on the page), or leaves out what it names.

    One form of a plural may leave something out: "One moment" needs no number.
    """
    if not any(forms(message.string)):
        return False
    wanted = {name for text in forms(message.id) for name in PLACEHOLDER.findall(text)}
    given = [set(PLACEHOLDER.findall(text)) for text in forms(message.string)]
    return any(names - wanted for names in given) or not any(names == wanted for names in given)


def forms(text: object) -> list[str]:
    """The forms of a text: two or more of a plural, else one."""
    return [str(form or "") for form in (text if isinstance(text, (list, tuple)) else [text])]


def main() -> int:
    todo = {"extract": extract_all, "check": check_all, "compile": compile_all}
    if len(sys.argv) != 2 or sys.argv[1] not in todo:
        print(__doc__, file=sys.stderr)
        return 2
    return 1 if todo[sys.argv[1]]() else 0


if __name__ == "__main__":
    sys.exit(main())
