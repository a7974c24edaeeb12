"""The Django admin: what superusers and program admins see of programs and their people."""

from . import (
    enrollments,
    imports,
    invitations,
    meetings,
    pairings,
    people,
    programs,
    questions,
    requests,
    runs,
    skills,
)

__all__ = [
    "enrollments",
    "imports",
    "invitations",
    "meetings",
    "pairings",
    "people",
    "programs",
    "questions",
    "requests",
    "runs",
    "skills",
]
