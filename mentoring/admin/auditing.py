"""What the lists and forms of the admin write into the audit log, at the places where Django writes its own history."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from accounts import audit
from accounts.audit import Verb
from accounts.models import AuditEntry
from mentoring.deeds import action_of

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
else:
    AnyModelAdmin = admin.ModelAdmin

# The database writes these down itself, and would be there twice.
RIGHTS = {
    ("mentoring.programadmin", Verb.ADDED, ""),
    ("mentoring.programadmin", Verb.DELETED, ""),
    *(
        ("accounts.user", Verb.ACTED, action)
        for action in ("make_superuser", "take_superuser", "disable", "enable")
    ),
}


class OnRecord(AnyModelAdmin):
    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Remembers which fields were changed, until the row of it is written down."""
        names = list(_names_of(form))
        for formset in formsets or []:
            for each in formset.forms:
                names += [f"{formset.model._meta.model_name}.{name}" for name in _names_of(each)]
        request._changed_fields = names  # type: ignore[attr-defined]
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        request._changed_fields = None  # type: ignore[attr-defined]
        self._write_down(request, Verb.ADDED, obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        fields = getattr(request, "_changed_fields", None)
        request._changed_fields = None  # type: ignore[attr-defined]
        action = "" if fields is not None else action_of(request, self)
        self._write_down(request, Verb.ACTED if action else Verb.CHANGED, obj, action, fields or ())
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for row in queryset:
            self._write_down(request, Verb.DELETED, row)
        return super().log_deletions(request, queryset)

    def _write_down(
        self, request: HttpRequest, verb: AuditEntry.Verb, row: Any, action: str = "", fields: Any = ()
    ) -> None:
        if (row._meta.label_lower, verb, action) in RIGHTS:
            audit.is_recorded()
        else:
            audit.record(verb, row, action=action, fields=fields)


def _names_of(form: Any) -> list[str]:
    """Of the fields that were changed and that the form has for everybody. One that is made from a row may be called
    after what somebody wrote."""
    return [name for name in form.changed_data if name in form.base_fields]
