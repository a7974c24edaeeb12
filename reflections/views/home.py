"""The home page: where one stands, and the place to catch a moment."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import clock
from accounts.models import User
from accounts.views.welcome import welcome
from reflections import whom
from reflections.forms import MomentForm
from reflections.home import Home


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    if not isinstance(request.user, User):
        return welcome(request)
    person = request.user
    desk = Home(person, clock.now())
    words = whom.of_places(desk.places)
    whom.remember(request, words)
    form = MomentForm(
        person=person,
        pairings=desk.pairings_to_share_with,
        programs=desk.programs_to_share_with,
        whom_words=words,
    )
    return render(request, "reflections/home.html", {"home": desk, "form": form})
