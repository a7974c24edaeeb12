"""Addresses of the accounts app. `privacy` and `help` stand outside the namespace: every page's footer names them."""

from django.urls import include, path

from .views import mydata, pages, settings

settings_urls = [
    path("", settings.settings, name="settings"),
    path("data/", mydata.data, name="data"),
    path("data/export/", mydata.ask_for_export, name="export"),
    path("data/export/<int:pk>/", mydata.download, name="export_download"),
    path("leave/", mydata.leave, name="leave"),
    path("leave/stay/", mydata.stay, name="stay"),
]

urlpatterns = [
    path("settings/", include((settings_urls, "accounts"))),
    path("privacy/", pages.privacy, name="privacy"),
    path("help/", pages.help_page, name="help"),
]
