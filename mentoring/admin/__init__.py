"""The Django admin: what superusers and program admins see of programs and their people."""

from . import (
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
    saved_views,
    skills,
    starters,
)

__all__ = [
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
    "saved_views",
    "skills",
    "starters",
]
