"""The e-mails that programs and pairings owe."""


def register_kinds() -> None:
    """Tell the outbox of every kind of message that this app owes."""
