"""How an action says no."""

from django.utils.functional import Promise


class Refused(Exception):
    """Nothing was changed. `reason` is a sentence for the person who asked, shown beside the form."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason)
