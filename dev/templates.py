"""What can be said of every template without rendering it: `python -m dev.templates`.

Each compiles; each static file it names is there; and none of the pages holds what the content security policy would
stop in the browser: inline styles, scripts and handlers (e-mails need inline styles and are excepted).
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from dev.processes import ROOT

STATIC = re.compile(r"""{%\s*static\s+["']([^"']+)["']""")
STOPPED = {
    "an inline style": re.compile(r"<[a-z][^>]*\sstyle\s*=|<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "an inline handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"""["']\s*javascript:""", re.IGNORECASE),
}


def template_files() -> Iterator[tuple[str, Path]]:
    """Each template's name, as a view would ask for it, and its file."""
    for folder in [ROOT / "templates", *ROOT.glob("*/templates"), *ROOT.glob("*/*/templates")]:
        if "node_modules" in folder.parts or ".venv" in folder.parts:
            continue
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in {".html", ".txt", ".xml"}:
                yield path.relative_to(folder).as_posix(), path


def troubles() -> Iterator[str]:
    from django.contrib.staticfiles import finders
    from django.template import TemplateDoesNotExist, TemplateSyntaxError
    from django.template.loader import get_template

    for name, path in template_files():
        place = path.relative_to(ROOT)
        try:
            get_template(name)
        except (TemplateSyntaxError, TemplateDoesNotExist) as error:
            yield f"{place}: {error}"
        source = path.read_text()
        for file in STATIC.findall(source):
            if finders.find(file) is None:
                yield f"{place}: there is no static file {file}"
        if path.suffix == ".html" and "emails" not in path.parts:
            for what, pattern in STOPPED.items():
                for found in pattern.finditer(source):
                    line = source.count("\n", 0, found.start()) + 1
                    yield f"{place}:{line}: {what}, which the content security policy stops"


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
    import django

    django.setup()
    found = list(troubles())
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
