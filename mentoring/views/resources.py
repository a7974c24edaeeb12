"""A program's library, for its people: looked through, searched, and its files saved."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.http import AuthedRequest
from accounts.media.serving import unless_away
from accounts.paging import page_of
from mentoring import library, search
from mentoring.models import Enrollment, Program, Resource, Stage
from mentoring.resource_files import to_be_saved


@require_safe
def list_(request: AuthedRequest, pk: int) -> HttpResponse:
    """With `?stage=`, what is for that stage or for any; with `?q=`, what says that, the best first."""
    places = Enrollment.objects.visible_to(request.user).active()
    program = get_object_or_404(Program.objects.filter(pk__in=places.values("program")), pk=pk)
    theirs = Resource.objects.visible_to(request.user).filter(program=program)
    stage = request.GET.get("stage", "")
    rows = library.suited_to(theirs, Stage(stage)) if stage in Stage.values else library.in_order(theirs)
    typed = " ".join(request.GET.get("q", "").replace("\0", " ").split())[: search.LONGEST]
    found = library.look_for(rows, typed, get_language() or "") if typed else None
    page = page_of(request, library.best_first(rows, found)) if found else page_of(request, rows)
    if found:
        by_key = Resource.objects.in_bulk(list(page.object_list))
        resources = [by_key[key] for key in page.object_list]
    else:
        resources = list(page.object_list)
    context = {
        "program": program,
        "page": page,
        "resources": resources,
        "found": found,
        "typed": typed,
        "stage": stage if stage in Stage.values else "",
        "stages": library.STAGES,
        "is_empty": not resources and not typed and not stage,
    }
    return render(request, "mentoring/resource_list.html", context)


@require_safe
@unless_away
def file(request: AuthedRequest, pk: int, resource_pk: int) -> HttpResponse:
    rows = Resource.objects.visible_to(request.user).filter(program=pk)
    return to_be_saved(get_object_or_404(rows, pk=resource_pk))
