"""What no line of ours may do, and the few that do it with a reason: read from the source, without running it.

Ruff's own rules of security (S) run with `make check`; these are those that need to know what Best Stuff is.
"""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APPS = ("accounts", "mentoring", "reflections")

# Our own style sheets, and text that `linebreaks` has escaped.
MAY_MARK_SAFE = {
    "accounts/mydata/archive.py::_page",
    "mentoring/admin/requests.py::what_they_wrote",
    "reflections/keepsake/writing.py::_page",
    "mentoring/templatetags/mentoring_lists.py::cells",
    "reflections/reports/files.py::as_pdf",
}
# Forms that come from elsewhere: each shows by a signature, a secret or a token of its own who sends it, or (what a
# phone shares) only fills in a page that is still to be saved.
MAY_BE_EXEMPT = {
    "accounts/mail/inbound/webhooks.py",
    "accounts/mail/views.py",
    "accounts/single_sign_on/saml/views.py",
    "reflections/views/moments.py",
    "reflections/views/note_mail.py",
}
# The names of tables and statements, never a value.
MAY_WRITE_SQL = {
    "accounts/backup/prints.py",
    "accounts/house/records.py",
    "accounts/mail/home.py",
    "accounts/mail/statements.py",
    "accounts/vault/data_keys.py",
    "accounts/pooling.py",
    "accounts/vault/rotation.py",
}
# One's own row.
MAY_GET = {"accounts/views/profile.py", "accounts/views/settings.py"}
RUN_SQL = {"execute", "executemany", "raw", "extra", "RawSQL", "RunSQL"}


@cache
def sources() -> dict[str, ast.Module]:
    """Every module of the apps by its path, migrations excepted: they have run."""
    files = (path for app in APPS for path in sorted((ROOT / app).rglob("*.py")))
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text())
        for path in files
        if "migrations" not in path.parts
    }


def calls(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, ast.Call]]:
    """Each call, and the function in which it stands."""
    for node in ast.iter_child_nodes(tree):
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        where = node.name if named else inside  # type: ignore[attr-defined]
        if isinstance(node, ast.Call):
            yield where, node
        yield from calls(node, where)


def name_of(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def places(name: str) -> set[str]:
    """Where something of this name is called, as `path::function`."""
    return {
        f"{path}::{inside}"
        for path, tree in sources().items()
        for inside, call in calls(tree)
        if name_of(call) == name
    }


def test_html_is_called_safe_in_these_places_alone() -> None:
    assert places("mark_safe") == MAY_MARK_SAFE


def test_no_template_takes_text_for_html() -> None:
    """Escaping is off in plain text alone: the text parts and the subjects of e-mails."""
    wrong = []
    for folder in (ROOT / "templates", *ROOT.glob("*/templates"), *ROOT.glob("*/*/templates")):
        for path in folder.rglob("*.html"):
            if re.search(r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off", path.read_text()):
                wrong.append(path.relative_to(ROOT).as_posix())
    assert wrong == []


def test_forms_from_elsewhere_are_taken_by_these_alone() -> None:
    found = {
        path
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.alias) and node.name == "csrf_exempt"
    }
    assert found == MAY_BE_EXEMPT


def test_sql_is_put_together_from_text_in_these_places_alone() -> None:
    found = {
        path
        for path, tree in sources().items()
        for _, call in calls(tree)
        if name_of(call) in RUN_SQL and call.args and is_put_together(call.args[0])
    }
    assert found == MAY_WRITE_SQL


def is_put_together(argument: ast.expr) -> bool:
    """Whether it is an f-string with values, `+`, `%`, or `.format()`."""
    match argument:
        case ast.JoinedStr(values=values):
            return any(isinstance(one, ast.FormattedValue) for one in values)
        case ast.BinOp(op=ast.Add() | ast.Mod()):
            return True
        case ast.Call(func=ast.Attribute(attr="format" | "join")):
            return True
    return False


def test_no_page_takes_a_row_without_asking_whose_it_is() -> None:
    """Views and the admin ask a queryset that knows who may see it: `objects.get(pk=...)` and `get_object_or_404(Model,
    pk=...)` would give anybody any row. (A row that another one, which was asked for so, leads to is no `pk`.)"""
    wrong = {
        f"{path}:{call.lineno}"
        for path, tree in sources().items()
        if is_a_page(path) and path not in MAY_GET
        for _, call in calls(tree)
        if takes_any_row(call)
    }
    assert wrong == set()


def is_a_page(path: str) -> bool:
    return "/views/" in path or "/admin/" in path or path.endswith("/views.py")


def takes_any_row(call: ast.Call) -> bool:
    by_number = any(word.arg in {"pk", "id"} for word in call.keywords)
    match call.func:
        case ast.Attribute(value=ast.Attribute(attr="objects" | "_default_manager"), attr="get"):
            return True
        case ast.Name(id="get_object_or_404"):
            return by_number and isinstance(call.args[0], ast.Name) and call.args[0].id[:1].isupper()
    return False


def test_nobody_is_sent_where_the_request_says() -> None:
    """What a request holds goes through `url_has_allowed_host_and_scheme` first, never straight into a redirect."""
    wrong = {
        f"{path}:{call.lineno}"
        for path, tree in sources().items()
        for _, call in calls(tree)
        if name_of(call) in {"redirect", "HttpResponseRedirect"} and call.args
        if is_of_the_request(call.args[0])
    }
    assert wrong == set()


def is_of_the_request(value: ast.expr) -> bool:
    """`request.GET["next"]`, `request.POST.get("next", "/")`, `request.headers["Referer"]`, and no function around."""
    match value:
        case ast.Subscript(value=ast.Attribute(attr="GET" | "POST" | "META" | "COOKIES" | "headers")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr=of), attr="get")):
            return of in {"GET", "POST", "META", "COOKIES", "headers"}
    return False


def test_no_script_makes_html_of_text() -> None:
    """One takes a part of a page from us, as it is."""
    found = {
        path.name: len(
            re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)
        )
        for path in sorted((ROOT / "static" / "js").glob("*.js"))
        if (text := path.read_text())
    }
    assert {name: count for name, count in found.items() if count} == {"import.js": 1}


# What a key, a token or a password looks like where somebody has left one.
SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{60}"),
    "a key of a cloud": re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[A-Za-z0-9_-]{35}\b"),
    "a token": re.compile(
        r"\b(gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20}|xox[abpr]-[A-Za-z0-9-]{10,})"
    ),
    "a key of a service": re.compile(
        r"\b(sk|rk)_live_[A-Za-z0-9]{16,}|\bSG\.[\w-]{20,}\.[\w-]{20,}|\bkey-[0-9a-f]{32}\b"
    ),
    "a password in an address": re.compile(
        r"\b[a-z]+://[^\s:/@\"'<>{}$]+:(?!password|secret|pw\b)[A-Za-z0-9]{12,}@"
    ),
    "a Sentry": re.compile(r"https://[0-9a-f]{32}@"),
}


def test_no_secret_is_left_in_the_project() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    wrong = []
    for name in filter(None, listed.decode().split("\0")):
        path = ROOT / name
        if path.suffix in {".png", ".woff2", ".mo", ".jpg", ".webp"} or not path.is_file():
            continue
        text = path.read_text(errors="replace")
        wrong += [f"{name}: {what}" for what, pattern in SECRETS.items() if pattern.search(text)]
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ('cursor.execute(f"SELECT {name}")', lambda call: is_put_together(call.args[0])),
        ('rows.raw("SELECT " + name)', lambda call: is_put_together(call.args[0])),
        ('rows.raw("SELECT %s" % name)', lambda call: is_put_together(call.args[0])),
        ('rows.raw("SELECT {}".format(name))', lambda call: is_put_together(call.args[0])),
        ('redirect(request.POST.get("next", "/"))', lambda call: is_of_the_request(call.args[0])),
        ('redirect(request.headers["Referer"])', lambda call: is_of_the_request(call.args[0])),
        ("Moment.objects.get(pk=pk)", takes_any_row),
        ("get_object_or_404(Moment, pk=pk)", takes_any_row),
    ],
)
def test_the_rules_find_what_they_are_for(code: str, rule: object) -> None:
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    assert rule(call)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("what", "left"),
    [
        ("a key of a cloud", "AKIA" + "ABCDEFGHIJKLMNOP"),
        ("a token", "ghp_" + "a" * 36),
        ("a password in an address", "postgres://best:" + "Xk29dmWq81Lz" + "@db.example.org"),
        ("a Sentry", "https://" + "0f" * 16 + "@errors.example.org/1"),
    ],
)
def test_the_search_for_secrets_finds_them(what: str, left: str) -> None:
    assert SECRETS[what].search(left)
