"""A program as one of its people sees it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.http import AuthedRequest
from mentoring.models import Enrollment, Program
from mentoring.standing import Standing


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    program = get_object_or_404(Program.objects.visible_to(request.user), pk=pk)
    place = Enrollment.objects.visible_to(request.user).get(program=program)
    place.program, place.person = program, request.user
    return render(request, "mentoring/program_detail.html", {"standing": Standing(place, clock.now())})
