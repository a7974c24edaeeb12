"""What runs here, and whether the tables fit it."""

import platform
import re
import tomllib
from functools import cache
from pathlib import Path

import django
from django.conf import settings
from django.core import checks
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .findings import Finding, State
from .health import postgres_version

HASH = re.compile(r"[0-9a-f]{40,64}")


def findings() -> list[Finding]:
    return [_ours(), *_theirs(), _tables()]


def _ours() -> Finding:
    commit = commit_here()
    words = _("Version %(version)s") % {"version": version_here()}
    return Finding("Best Stuff", f"{words}, {commit[:12]}" if commit else words)


def _theirs() -> list[Finding]:
    return [
        Finding("Python", platform.python_version()),
        Finding("Django", django.get_version()),
        Finding("PostgreSQL", postgres_version()),
    ]


@cache
def version_here() -> str:
    """As the files said when this process first asked."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    return str(project["version"])


@cache
def commit_here(folder: Path | None = None) -> str:
    """Of a checkout, without git; empty where this is none."""
    try:
        git = (folder or settings.BASE_DIR) / ".git"
        if git.is_file():  # A worktree's says where its own folder is.
            git = (git.parent / git.read_text().removeprefix("gitdir:").strip()).resolve()
        head = (git / "HEAD").read_text().strip()
        if not head.startswith("ref:"):
            return head if HASH.fullmatch(head) else ""
        name = head.removeprefix("ref:").strip()
        common = git / "commondir"
        shared = (git / common.read_text().strip()).resolve() if common.is_file() else git
        if (shared / name).is_file():
            return (shared / name).read_text().strip()
        packed = (shared / "packed-refs").read_text().splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {name}")), "")
    except (OSError, UnicodeDecodeError):
        return ""


def _tables() -> Finding:
    """As `/readyz` asks it."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    label = _("Migrations")
    if not waiting:
        return Finding(
            label, _("All of %(number)d are applied.") % {"number": len(executor.loader.graph.nodes)}
        )
    said = ngettext("One is not applied: %(names)s", "%(number)d are not applied: %(names)s", len(waiting))
    names = ", ".join(f"{migration.app_label} {migration.name}" for migration, _back in waiting[:5])
    return Finding(label, said % {"number": len(waiting), "names": names}, State.BAD, "manage.py migrate")


@cache
def warnings() -> tuple[str, ...]:
    """What `manage.py check --deploy` says of the settings of this process, which stay as they are: so it is asked
    once. In Django's own words."""
    found = checks.run_checks(include_deployment_checks=True, databases=None)
    return tuple(
        f"{each.id}: {each.msg}"
        for each in found
        if each.is_serious(checks.WARNING) and not each.is_silenced()
    )
