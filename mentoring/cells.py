"""Cells of spreadsheets: what would run as a formula is made plain text on the way out, and only that mark is taken
off on the way in (OWASP, "CSV injection")."""

# Spreadsheets also read the full-width forms, and what stands behind a tab or a line break, as the start of a formula.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
GUARD = "'"


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet runs. One that looks guarded already is guarded too, or it would lose its
    own apostrophe on the way back."""
    return GUARD + text if _needs_a_guard(text) else text


def unguarded(text: str) -> str:
    """What `guarded` made of it, taken back; anything else stays as it is."""
    return text[1:] if text.startswith(GUARD) and _needs_a_guard(text) else text


def _needs_a_guard(text: str) -> bool:
    return text.lstrip(GUARD).startswith(STARTS_A_FORMULA)
