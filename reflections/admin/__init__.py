"""The Django admin's pages about questions, rounds and e-mails. What people write has none (see `checks`)."""

from . import checks, messages, notes, nudge_words, questionnaires, rounds, today

__all__ = ["checks", "messages", "notes", "nudge_words", "questionnaires", "rounds", "today"]
