"""Programs, and who runs them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mentoring.models import Program, ProgramAdmin

from .forms import ActingAdmin, ProgramAdminAddForm
from .scoped import ProgramScopedAdmin, filter_by_program


@admin.register(Program)
class ProgramPage(ProgramScopedAdmin):
    program_admins_may = frozenset({"view", "change"})
    list_display = ["name", "status", "starts_on", "ends_on", "contact_name"]
    list_filter = ["status"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug", "purpose", "status"]}),
        (_("Its calendar"), {"fields": ["time_zone", "fiscal_first_month", "starts_on", "ends_on"]}),
        (_("Who signs its e-mails"), {"fields": ["contact_name", "contact_email"]}),
        (_("How long words are kept"), {"fields": ["retention_months"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Quarters that were counted cannot be counted anew, and mail headers keep their name."""
        return ["slug", "fiscal_first_month"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"slug": ["name"]}


@admin.register(ProgramAdmin)
class ProgramAdminPage(ActingAdmin):
    program_admins_may = superusers_may = frozenset({"view", "add", "delete"})
    add_form = ProgramAdminAddForm
    list_display = ["person", "program", "created_at"]
    list_filter = [filter_by_program("program")]
    list_select_related = ["person", "program"]
    search_fields = ["person__name", "person__email", "program__name"]
    fields = ["program", "person", "created_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not one's own row: somebody would have to let one in again."""
        if obj is not None and obj.person_id == request.user.pk and not request.user.is_superuser:
            return False
        return super().has_delete_permission(request, obj)
