"""From a list of people, or of pairs, to an announcement to those that are ticked."""

from collections.abc import Iterable
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import clock
from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import Announcement, Enrollment

from .asking import AsksFirst


class WritesTo(AsksFirst):
    """A list from which one writes to those that are ticked."""

    def write_to_places(self, request: HttpRequest, places: Iterable[Enrollment]) -> HttpResponse | None:
        """A draft to them, and its page. No page asks first: nobody has it before it is sent."""
        page = self.admin_site._registry[Announcement]
        try:
            made = actions.write_to(places, by=cast("User", request.user), now=clock.now())
        except Refused as no:
            messages.warning(request, str(no))
            return None
        page.log_addition(request, made, [{"added": {}}])
        return redirect("admin:mentoring_announcement_change", made.pk)
