"""What a search field of a form may find."""

from typing import Any

from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest

from accounts.models import User

from .scoped import ProgramScopedAdmin


class ScopedAutocompleteView(AutocompleteJsonView):
    """Rows of one's own programs, for fields of forms that one may use.

    The rows come from the other model's admin, which shows each person their own; the form's admin narrows them further
    (`ProgramScopedAdmin.choices`). A form that this person may not use finds nothing.
    """

    admin_site: AdminSite
    source_field: "Field[Any, Any]"
    source_admin: ProgramScopedAdmin

    def process_request(self, request: HttpRequest) -> tuple[str, Any, Any, str]:
        found: tuple[str, Any, Any, str] = super().process_request(request)  # type: ignore[misc]
        source = apps.get_model(request.GET["app_label"], request.GET["model_name"])
        source_admin = self.admin_site._registry.get(source)
        if not isinstance(source_admin, ProgramScopedAdmin):
            raise PermissionDenied
        if request.GET["field_name"] not in source_admin.get_autocomplete_fields(request):
            raise PermissionDenied
        if not source_admin.has_add_permission(request) and not source_admin.has_change_permission(request):
            raise PermissionDenied
        self.source_admin = source_admin
        return found

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        """With the address, for two people of one name."""
        found: dict[str, str] = super().serialize_result(obj, to_field_name)  # type: ignore[misc]
        if isinstance(obj, User):
            found["text"] = f"{obj} ({obj.email})"
        return found

    def get_queryset(self) -> QuerySet[Model]:
        rows: QuerySet[Model] = super().get_queryset()
        return self.source_admin.choices(self.request, self.source_field.name, rows)
