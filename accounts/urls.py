"""Addresses of the accounts app. `privacy` and `help` stand outside the namespace: every page's footer names them."""

from django.urls import include, path

from .views import pages, profile, settings

account_urls = [
    path("settings/", settings.settings, name="settings"),
    path("settings/snooze/end/", settings.end_snooze, name="snooze_end"),
    path("profile/", profile.profile, name="profile"),
]

urlpatterns = [
    path("", include((account_urls, "accounts"))),
    path("privacy/", pages.privacy, name="privacy"),
    path("help/", pages.help_page, name="help"),
]
