"""The Django admin: what superusers and program admins see of programs and their people."""

from . import (
    announcements,
    enrollments,
    fit_checks,
    imports,
    invitations,
    meetings,
    pairings,
    people,
    programs,
    questions,
    requests,
    resources,
    ruled_out,
    runs,
    skills,
    starters,
)

__all__ = [
    "announcements",
    "enrollments",
    "fit_checks",
    "imports",
    "invitations",
    "meetings",
    "pairings",
    "people",
    "programs",
    "questions",
    "requests",
    "resources",
    "ruled_out",
    "runs",
    "skills",
    "starters",
]
