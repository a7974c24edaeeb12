"""The wall: what members of a program let everyone there read."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.paging import page_of
from accounts.vault import data_keys
from mentoring.models import Enrollment
from reflections.models import Answer, Moment, Round


@require_safe
def index(request: AuthedRequest) -> HttpResponse:
    """Moments of one program, or of all of one's own that have a wall; and the quarters of which answers hang there."""
    person = request.user
    places = Enrollment.objects.visible_to(person).active().filter(program__has_wall=True)
    programs = [
        place.program for place in places.select_related("program").order_by("program__name", "program")
    ]
    asked = request.GET.get("program", "")
    chosen = next((program for program in programs if str(program.pk) == asked), None)
    moments, rounds = Moment.objects.on_the_wall(person), Round.objects.visible_to(person)
    if chosen is not None:
        moments, rounds = moments.filter(program=chosen), rounds.filter(program=chosen)
    page = page_of(request, moments.with_writers().with_readers().newest_first())
    data_keys.prepare(moment.person_id for moment in page)
    hung = Answer.objects.on_the_wall(person).order_by().values("reflection__round")
    context = {
        "page": page,
        "programs": programs,
        "chosen": chosen,
        "rounds": rounds.filter(pk__in=hung, program__in=programs)
        .select_related("program")
        .order_by("-quarter_start", "program__name")[:8],
        "now": clock.now(),
    }
    return render(request, "reflections/wall.html", context)
