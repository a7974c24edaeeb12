"""What runs here."""

from pathlib import Path

import pytest

from accounts.house import version
from accounts.house.findings import State

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def git(folder: Path, **files: str) -> None:
    for name, content in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def test_the_commit_of_a_checkout_is_known_without_git(tmp_path: Path) -> None:
    git(tmp_path / ".git", HEAD="ref: refs/heads/main\n", refs__heads__main=f"{COMMIT}\n")
    assert version.commit_here(tmp_path) == COMMIT


def test_so_is_a_detached_or_a_packed_one(tmp_path: Path) -> None:
    git(tmp_path / "one" / ".git", HEAD=f"{COMMIT}\n")
    packed = {"packed-refs": f"# pack-refs\n{COMMIT} refs/heads/main\n"}
    git(tmp_path / "two" / ".git", HEAD="ref: refs/heads/main\n", **packed)
    assert version.commit_here(tmp_path / "one") == version.commit_here(tmp_path / "two") == COMMIT


def test_so_is_that_of_a_worktree(tmp_path: Path) -> None:
    whole, tree = tmp_path / "whole" / ".git", tmp_path / "tree"
    git(whole, refs__heads__side=f"{COMMIT}\n", worktrees__tree__HEAD="ref: refs/heads/side\n")
    git(whole, worktrees__tree__commondir="../..\n")
    git(tree, **{".git": f"gitdir: {whole}/worktrees/tree\n"})
    assert version.commit_here(tree) == COMMIT


def test_without_a_checkout_there_is_none(tmp_path: Path) -> None:
    assert version.commit_here(tmp_path) == ""


@pytest.mark.django_db
def test_all_migrations_are_applied_here() -> None:
    assert version.findings()[-1].state is State.GOOD
