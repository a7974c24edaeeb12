"""What can be wrong, without a word of what it is about."""

from django.utils.translation import gettext


class Unreadable(Exception):
    """Words that cannot be opened. As text it is the sentence that a page shows; `why` is for whoever runs the site."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return gettext("These words cannot be read any more.")


class Sealed(Unreadable):
    """There is no key for them: it was deleted with its person, or the key file is not the one they need."""


class NotHere(Unreadable):
    """Their key is there, and does not open them: they were altered, or belong to another row, column or person."""
