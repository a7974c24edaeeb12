"""People's places in programs."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mentoring.models import Enrollment, Pairing

from .exporting import address_of
from .forms import ActingAdmin, EnrollmentAddForm, EnrollmentForm, waits_for_an_answer
from .scoped import filter_by_program


@admin.register(Enrollment)
class EnrollmentPage(ActingAdmin):
    form = EnrollmentForm
    add_form = EnrollmentAddForm
    list_display = ["known_as", "program", "role", "status", "capacity", "joined_on"]
    list_filter = [filter_by_program("program"), "role", "status"]
    list_select_related = ["person", "program"]
    exported_besides = ["address"]
    found_by_address = Q(status__in=Enrollment.NOT_IN)
    search_fields = ["person__name", "person__email", "department"]
    fields = [
        "program",
        "known_as",
        "role",
        "status",
        "capacity",
        "joined_on",
        "department",
    ]
    readonly_fields = ["program", "known_as"]

    @admin.display(description=_("person"), ordering="person__name")
    def known_as(self, place: Enrollment) -> str:
        return place.known_as

    @admin.display(description=_("e-mail address"))
    def address(self, place: Enrollment) -> str:
        """In the file only, where two people of one name have to be told apart."""
        return address_of(place.person)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a place that led to nothing; everybody else is withdrawn, and their pairings stay on record.

        Nor one that an invitation could bring back: that is taken back first, and the place goes with it.
        """
        if obj is not None:
            person, program = obj.person, obj.program_id
            if Pairing.objects.filter(program=program).of(person).exists() or waits_for_an_answer(obj):
                return False
        return super().has_delete_permission(request, obj)
