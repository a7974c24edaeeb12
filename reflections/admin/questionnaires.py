"""The questions. A round copies them when it opens, so an edit changes what is asked next, not what was answered."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Field
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.admin.scoped import ProgramScopedAdmin, ScopedInline, filter_by_program
from reflections.models import Prompt, Questionnaire


class PromptInline(ScopedInline):
    model = Prompt
    fieldsets = [
        (None, {"fields": [("code", "step"), "text", "help_text", "examples"]}),
        (_("Who is asked, and how"), {
            "classes": ["collapse"],
            "fields": [
                ("mentor_position", "mentee_position", "both_position"),
                "is_active", "is_short", "is_rotating", "is_yearly", "needs_care", "is_locked",
            ],
            "description": _("Leave a place empty, and that set does not have this question."),
        }),
    ]  # fmt: skip
    ordering = ["mentor_position", "mentee_position", "both_position", "pk"]


@admin.register(Questionnaire)
class QuestionnairePage(ProgramScopedAdmin):
    list_display = ["name", "program"]
    list_filter = [filter_by_program("program")]
    list_select_related = ["program"]
    search_fields = ["name", "program__name"]
    fields = ["name", "program"]
    inlines = [PromptInline]

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """The questionnaire of every program without its own is a superuser's."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "program" and not cast("User", request.user).is_superuser:
            field.required = True
            field.help_text = ""
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["program"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not the default one: programs without their own would have nothing to ask."""
        return super().has_delete_permission(request, obj) and not (
            obj is not None and obj.program_id is None
        )
