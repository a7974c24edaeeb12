"""The site's addresses with those of SAML, which are there once SAML is set up."""

from django.urls import include, path

from mentoring import urls
from mentoring.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]

urlpatterns = [path("account/", include("accounts.single_sign_on.saml.urls")), *urls.urlpatterns]
