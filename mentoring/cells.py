"""Cells of spreadsheets: what would run as a formula is made plain text on the way out, and only that mark is taken
off on the way in (OWASP, "CSV injection")."""

# Spreadsheets also read the full-width forms, and what stands behind a tab or a line break, as the start of a formula.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
GUARD = "'"


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    return GUARD + text if text.startswith(STARTS_A_FORMULA) else text


def unguarded(text: str) -> str:
    """What `guarded` made of it, taken back; anything else stays as it is."""
    is_guarded = text.startswith(GUARD) and text[1:].startswith(STARTS_A_FORMULA)
    return text[1:] if is_guarded else text
