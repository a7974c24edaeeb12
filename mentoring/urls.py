"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("reflections.urls")),
    path("", include("mentoring.site_urls")),
    path("", include("accounts.urls")),
    path("account/", include("allauth.urls")),
    path("mail/", include("accounts.mail.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "accounts.views.errors.bad_request"
handler403 = "accounts.views.errors.forbidden"
handler404 = "accounts.views.errors.not_found"
handler500 = "accounts.views.errors.server_error"
