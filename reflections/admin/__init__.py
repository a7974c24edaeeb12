"""The Django admin's pages about questions, rounds and e-mails. What people write has none (see `checks`)."""

from . import checks, messages, questionnaires, rounds

__all__ = ["checks", "messages", "questionnaires", "rounds"]
