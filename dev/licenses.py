"""`make licenses`: writes docs/licenses.md, the license of every package that an installation is made of.

Each package says it about itself (SPDX expressions, or what older ones have instead). A license that is not among those
under which all of this may be given away together stops it.
"""

import re
import sys
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import cast

from dev.locked import SHIPPED, canonical, packages
from dev.processes import ROOT

PAGE = ROOT / "docs" / "licenses.md"
ROW = re.compile(r"^\| ([a-z0-9.-]+) \| ([^|]+) \|$", re.MULTILINE)
# https://spdx.org/licenses/: all of them let whoever gets it use and pass on the whole. Of the weaker copyleft ones
# (LGPL, MPL) we change nothing, and each package is one that anybody may replace.
ALLOWED = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "LGPL-2.1-or-later"),
    *("LGPL-3.0-or-later", "MIT", "MIT-0", "MIT-CMU", "MPL-1.1", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Zlib"),
}
# What their own words leave open, and those that are for other systems or Pythons: read in their license files.
READ = {
    "async-timeout": "Apache-2.0",
    "brotlicffi": "MIT",
    "colorama": "BSD-3-Clause",
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "psycopg2-binary": "LGPL-3.0-or-later",
    "pyphen": "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1",
    "python-dateutil": "Apache-2.0 AND BSD-3-Clause",
    "qrcode": "BSD-3-Clause",
}
IN_OLD_WORDS = {
    "Apache": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
HEAD = """# The licenses of what we ship

`make licenses` writes this page. Each package is named with the license that it gives itself, as an
[SPDX expression](https://spdx.org/licenses/). All may be used, changed and passed on together; of the LGPL and MPL ones
we change nothing. A package under any other license stops `make licenses`, and the tests.

## Packages

What `requirements.txt`, `requirements-saml.txt` and `requirements-s3.txt` install.

| package | license |
|---|---|
"""
TAIL = """
## In `static/`

| what | license | its words |
|---|---|---|
| Literata, the typeface of headings | OFL-1.1 | `static/fonts/LICENSE-literata.txt` |
| Public Sans, the typeface of everything else | OFL-1.1 | `static/fonts/LICENSE-public-sans.txt` |
| Lucide, the icons | ISC | `static/LICENSE-lucide.txt` |

## Scripts within packages

| what | comes with | license |
|---|---|---|
| htmx | django-htmx | 0BSD |
| webauthn-json | django-allauth | MIT |
| jQuery, Select2, XRegExp | Django, for the admin | MIT |
"""


def main() -> int:
    found = {name: license_of(name) for name in shipped()}
    for name, expression in found.items():
        if not is_allowed(expression):
            print(f"{name}: {expression or 'its license is not understood; write it into dev/licenses.py'}")
    if not all(map(is_allowed, found.values())):
        return 1
    PAGE.write_text(page(found))
    print(f"{len(found)} packages, in docs/licenses.md")
    return 0


def shipped() -> list[str]:
    return sorted({canonical(one.name) for lock in SHIPPED for one in packages(ROOT / lock)})


def written() -> dict[str, str]:
    """What docs/licenses.md says of each package."""
    _, _, rows = PAGE.read_text().partition("|---|---|\n")
    return dict(ROW.findall(rows.partition("\n\n")[0]))


def page(found: dict[str, str]) -> str:
    return HEAD + "".join(f"| {name} | {found[name]} |\n" for name in sorted(found)) + TAIL


def is_allowed(expression: str) -> bool:
    """Whether one may choose, where there is a choice, so that all that apply are allowed. Knows no parentheses."""
    choices = expression.split(" OR ")
    return any(all(part in ALLOWED for part in choice.split(" AND ")) for choice in choices)


def license_of(name: str) -> str:
    """An SPDX expression; "" where we understand none."""
    if name in READ:
        return READ[name]
    try:
        package = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return ""
    # The stubs know less of it than Python 3.11 does.
    said = cast("Message", package.metadata)
    if expression := said.get("License-Expression"):
        return str(expression)
    words = str(said.get("License") or "")
    kinds = [one.rpartition(" :: ")[2] for one in said.get_all("Classifier", []) if one.startswith("License")]
    for one in (words, *kinds):
        if one in ALLOWED:
            return one
        if one in IN_OLD_WORDS:
            return IN_OLD_WORDS[one]
    return _which_bsd(package) if "BSD License" in kinds else ""


def _which_bsd(package: metadata.Distribution) -> str:
    """By its third clause, in the file that lies beside the package."""
    for file in package.files or []:
        if re.search(r"licen[cs]e|copying", file.name, re.IGNORECASE) and file.suffix in {
            "",
            ".txt",
            ".rst",
            ".md",
        }:
            words = " ".join(Path(str(file.locate())).read_text(errors="replace").split())
            if "Redistributions in binary form" in words:
                has_third = re.search(r"Neither the name|names? of .{0,80}may not be used", words)
                return "BSD-3-Clause" if has_third else "BSD-2-Clause"
    return ""


if __name__ == "__main__":
    sys.exit(main())
