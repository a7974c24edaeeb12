"""The Django admin's pages about questions, rounds and e-mails. What people write has none (see `checks`)."""

from . import checks, house, messages, notes, nudge_words, questionnaires, reports, rounds, surveys, today

__all__ = [
    "checks",
    "house",
    "messages",
    "notes",
    "nudge_words",
    "questionnaires",
    "reports",
    "rounds",
    "surveys",
    "today",
]
