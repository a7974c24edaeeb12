"""An answer about what one can picture, put on the shelf of a pair."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.http import AuthedRequest
from mentoring.models import Pairing
from reflections import actions, shelf
from reflections.models import Answer


@require_POST
def put(request: AuthedRequest, pk: int, answer_pk: int, pairing_pk: int) -> HttpResponse:
    mine = Answer.objects.written().filter(reflection__person=request.user, reflection__round=pk)
    mine = mine.filter(question__code__in=shelf.PICTURED, is_locked=False)
    answer = get_object_or_404(mine.select_related("question", "reflection"), pk=answer_pk)
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user), pk=pairing_pk)
    try:
        actions.put_on_shelf(answer, pairing, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("It stands on your shelf now."))
    return redirect("reflections:done", pk)
