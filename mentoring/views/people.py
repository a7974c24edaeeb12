"""The page of somebody, as the reader may see them, and their photo."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from accounts import clock, photos
from accounts.http import AuthedRequest
from accounts.media import files
from accounts.media.serving import shows_nothing_without
from accounts.models import Photo, Profile
from accounts.seen import as_seen
from mentoring.models import Pairing
from mentoring.people import people_visible_to, photos_visible_to, shows_pronouns_to

# The address changes with the photo, so a browser may keep it; not for ever, since a reader may lose the right to it.
KEPT_FOR = 7 * 24 * 3600


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(people_visible_to(request.user), pk=pk)
    profile = Profile.objects.of(person)
    profile.person = person
    seen = as_seen(
        profile,
        usual_hours=person.usual_hours.all(),
        links=person.links.all(),
        shows_pronouns=shows_pronouns_to(request.user, profile),
        reader_zone=request.user.zone,
        now=clock.now(),
    )
    pairings = Pairing.objects.visible_to(request.user).open().between(request.user, person).with_people()
    return render(request, "mentoring/person_detail.html", {"seen": seen, "pairings": pairings.open_first()})


@require_safe
@shows_nothing_without
def photo(request: AuthedRequest, pk: int, key: str) -> HttpResponseBase:
    """Always a WebP that we made, to be shown and nothing else, whatever a browser would like to see in it."""
    person = get_object_or_404(photos_visible_to(request.user, clock.now()), pk=pk, photo_key=key)
    etag = f'"{key}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = _picture(person.pk)
    response["ETag"] = etag
    response["Cache-Control"] = f"private, max-age={KEPT_FOR}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _picture(person_id: int) -> HttpResponse:
    columns = Photo.objects.filter(person=person_id).values_list("image", "stored_as").first()
    if columns is None:
        raise Http404
    return HttpResponse(files.read(*columns), content_type=photos.CONTENT_TYPE)
