"""What this app adds to what the audit log knows (accounts/audit.py)."""

from django.utils.translation import gettext_lazy as _

from accounts import audit

from .models import NoteReport


def register() -> None:
    """Called once, when the app starts."""
    # Whose note was reported does not learn of it, and by whom it was least of all.
    audit.register_concerned(NoteReport._meta.label_lower, lambda row: ())
    audit.register_words(
        {
            "break_glass:ask": _("asked to read what was written"),
            "break_glass:allow": _("reading allowed"),
            "break_glass:refuse": _("reading not allowed"),
            "break_glass:close": _("reading ended"),
            "break_glass:read": _("read"),
            "report": _("report made"),
        }
    )
