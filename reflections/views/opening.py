"""Around the page of the quarter: the end of a rough one, and the coffee time as a file for a calendar."""

from uuid import NAMESPACE_URL, uuid5

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.mail import links
from mentoring.calendar_events import organizer
from mentoring.invites import messages as invites
from mentoring.invites.meeting import Meeting
from mentoring.models import Holiday
from reflections import actions
from reflections.desk import Desk, Door
from reflections.models import Reflection
from reflections.schedule import Slot

from .reflections import writing_desk_for

# As long as a cup of coffee; nothing on the page counts them.
COFFEE_MINUTES = 30


def rough(request: AuthedRequest, pk: int) -> HttpResponse:
    """After the three questions of a rough quarter: nothing to read over, and nothing more is asked."""
    desk = writing_desk_for(request, pk).through(Door.ROUGH)
    if request.method == "POST":
        actions.finish_rough_quarter(request.user, desk.round, now=clock.now())
        return redirect(desk.rough_url)
    if desk.is_finished and not desk.is_of_a_rough_quarter:
        return redirect(desk.done_url)
    if not desk.questions:
        return redirect("reflections:open", pk)
    return render(request, "reflections/reflection_rough.html", {"desk": desk, "is_over": _is_over(desk)})


def _is_over(desk: Desk) -> bool:
    return desk.reflection is not None and desk.reflection.status != Reflection.Status.DRAFT


@require_safe
def coffee(request: AuthedRequest, pk: int) -> HttpResponse:
    """Their next coffee time, to open with a calendar: where the program rests then, on the next day on which it does
    not, as with the e-mails of the quarter. It says that it is theirs, and what page it is about."""
    desk = writing_desk_for(request, pk)
    now, person = clock.now(), request.user
    slot = Slot(person.zone, person.coffee_weekday, person.coffee_time)
    program = desk.round.program
    off = Holiday.objects.days_off([program], now)[program.pk]
    page = links.absolute("reflections:open", desk.round.pk)
    event = Meeting(
        uid=str(uuid5(NAMESPACE_URL, f"{page}coffee/{person.pk}")),
        sequence=0,
        starts=slot.first_from(now, off),
        minutes=COFFEE_MINUTES,
        zone=person.zone.key,
        summary=_("Coffee, and a look back"),
        organizer=organizer(program.name),
        attendees=(),
        created=now,
        changed=now,
        page=page,
        description=(_("A look back at the quarter, for yourself: %(page)s") % {"page": page},),
    )
    response = HttpResponse(invites.download(event), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="coffee.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
