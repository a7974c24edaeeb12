"""The project's addresses, and /hello/."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from mentoring.urls import handler400, handler403, handler404, handler500
from mentoring.urls import urlpatterns as addresses_of_the_site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@transaction.non_atomic_requests
def hello(_request: HttpRequest) -> HttpResponse:
    """As little as Django can do: no database, no template."""
    return HttpResponse("hello")


urlpatterns = [path("hello/", hello), *addresses_of_the_site]
