"""That pairs meet: dates and lengths. Where they meet is theirs."""

from django.contrib import admin

from mentoring.admin_site import Group
from mentoring.models import Meeting

from .scoped import ProgramScopedAdmin, filter_by_program


@admin.register(Meeting)
class MeetingPage(ProgramScopedAdmin):
    group = Group.PAIRS
    program_admins_may = superusers_may = frozenset({"view"})
    list_display = ["pairing", "starts_at", "minutes", "cancelled_at"]
    list_filter = [filter_by_program("pairing__program")]
    list_select_related = ["pairing__mentor", "pairing__mentee"]
    search_fields = ["pairing__mentor__name", "pairing__mentee__name"]
    fields = ["pairing", "starts_at", "minutes", "cancelled_at", "logged_by"]
    readonly_fields = ["logged_by"]
