"""The review board: a run's pairs, looked at and changed before anybody is told."""

from typing import Any

from django.urls import URLPattern

from .scoped import ProgramScopedAdmin


class ReviewsPairs(ProgramScopedAdmin):
    def urls_of_board(self) -> list[URLPattern]:
        return []

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        return super().change_view(request, object_id, form_url, extra_context)
