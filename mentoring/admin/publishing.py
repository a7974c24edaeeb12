"""Publishing: which pairs of a run are told, by which letters, and who says yes."""

from django.urls import URLPattern

from .scoped import ProgramScopedAdmin


class PublishesPairs(ProgramScopedAdmin):
    def urls_of_publishing(self) -> list[URLPattern]:
        return []
