"""A program as one of its people sees it, and how it looks: its logo and its color."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.http import AuthedRequest
from mentoring import logos
from mentoring.models import Enrollment, Logo, Program
from mentoring.standing import Standing

# Each address means one picture, or one color, for ever.
KEPT_FOR = 365 * 24 * 3600


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    program = get_object_or_404(Program.objects.visible_to(request.user), pk=pk)
    place = Enrollment.objects.visible_to(request.user).get(program=program)
    place.program, place.person = program, request.user
    return render(request, "mentoring/program_detail.html", {"standing": Standing(place, clock.now())})


@login_not_required
@require_safe
def logo(request: HttpRequest, key: str) -> HttpResponseBase:
    """Always a WebP that we made, to be shown and nothing else.

    Whoever holds an invitation is not signed in yet, so the random name is what opens it: 128 bits, new with each logo,
    found only on pages of those who may see the program or are invited to it. And a logo is no secret of a person.
    """
    program = get_object_or_404(Program.objects.with_logo(key))
    etag = f'"{key}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        picture = get_object_or_404(Logo, program=program)
        response = HttpResponse(bytes(picture.content), content_type=logos.CONTENT_TYPE)
    response["ETag"] = etag
    response["Cache-Control"] = f"private, max-age={KEPT_FOR}, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_not_required
@require_safe
def accent(request: HttpRequest, digits: str) -> HttpResponse:
    """A stylesheet of one line, since our pages take no style from within. It says nothing of any program, so anybody
    may have it."""
    response = HttpResponse(
        f":root {{ --program-accent: #{digits}; }}\n", content_type="text/css; charset=utf-8"
    )
    response["Cache-Control"] = f"public, max-age={KEPT_FOR}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
