"""Addresses of the accounts app. `privacy` and `help` stand outside the namespace: every page's footer names them."""

from django.urls import include, path

from .views import pages, settings

urlpatterns = [
    path("settings/", include(([path("", settings.settings, name="settings")], "accounts"))),
    path("privacy/", pages.privacy, name="privacy"),
    path("help/", pages.help_page, name="help"),
]
