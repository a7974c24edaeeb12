"""What those who run a program wrote, for those to whom they wrote it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.paging import page_of
from mentoring.announcing import as_read_by
from mentoring.models import Announcement, Program

ON_A_PAGE = 10


@require_safe
def list_(request: AuthedRequest, pk: int) -> HttpResponse:
    """All that was written to this person in that program, whole, the newest first."""
    program = get_object_or_404(Program.objects.visible_to(request.user), pk=pk)
    theirs = Announcement.objects.visible_to(request.user, clock.now()).filter(program=program)
    page = page_of(request, theirs.select_related("program", "author"), per_page=ON_A_PAGE)
    context = {"program": program, "page": page, "announcements": as_read_by(request.user, page.object_list)}
    return render(request, "mentoring/announcement_list.html", context)
