"""In the place of allauth's, which finds them here by the provider's `package`."""

from allauth.socialaccount.providers.saml.views import metadata
from django.urls import include, path

from . import views

urlpatterns = [
    path(
        "saml/<slug:organization_slug>/",
        include(
            [
                path("login/", views.login, name="saml_login"),
                path("acs/", views.acs, name="saml_acs"),
                path("acs/finish/", views.finish_acs, name="saml_finish_acs"),
                path("sls/", views.sls, name="saml_sls"),
                path("metadata/", metadata, name="saml_metadata"),
            ]
        ),
    )
]
