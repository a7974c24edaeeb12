"""Cells of spreadsheets: what would run as a formula is made plain text on the way out, and only that mark is taken
off on the way in (OWASP, "CSV injection")."""

# Spreadsheets also read the full-width forms, and what stands behind a tab or a line break, as the start of a formula.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
GUARD = "'"


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    return GUARD + text if _is_to_be_guarded(text) else text


def unguarded(text: str) -> str:
    """What `guarded` made of it, taken back; anything else stays as it is."""
    return text[1:] if text.startswith(GUARD) and _is_to_be_guarded(text[1:]) else text


def _is_to_be_guarded(text: str) -> bool:
    """Also one that looks as if it were guarded already: else its own mark would be taken off on the way in."""
    return text.lstrip(GUARD).startswith(STARTS_A_FORMULA)
