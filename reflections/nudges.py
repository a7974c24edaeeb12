"""The e-mails of the quarter's calendar."""


def register_kinds() -> None:
    """Tell the outbox of every kind of message that this app owes."""
