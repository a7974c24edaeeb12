"""Matching runs: made here, reviewed on the board (board.py), told by publishing (publishing.py)."""

from django.contrib import admin
from django.urls import URLPattern

from mentoring.models import MatchingRun

from .board import ReviewsPairs
from .publishing import PublishesPairs
from .scoped import filter_by_program


@admin.register(MatchingRun)
class MatchingRunPage(ReviewsPairs, PublishesPairs):
    """Kept, whatever becomes of them: never changed by a form, and never deleted."""

    program_admins_may = superusers_may = frozenset({"view", "add"})
    list_display = ["__str__", "state", "matched", "mentees", "created_by", "created_at", "program"]
    list_filter = [filter_by_program("program"), "state"]
    list_select_related = ["program", "created_by"]

    def get_urls(self) -> list[URLPattern]:
        return [*self.urls_of_board(), *self.urls_of_publishing(), *super().get_urls()]
