"""Addresses of the pages about programs, invitations, pairings and people, and of the two that a machine asks for."""

from django.urls import include, path, re_path

from .views import health, joining, meetings, pairings, people, programs

program_urls = [
    path("<int:pk>/", programs.detail, name="detail"),
    path("logo/<slug:key>/", programs.logo, name="logo"),
    re_path(r"^accent-(?P<digits>[0-9a-f]{6})\.css$", programs.accent, name="accent"),
]

pairing_urls = [
    path("", pairings.list_, name="list"),
    path("<int:pk>/", pairings.detail, name="detail"),
    path("<int:pk>/accept/", pairings.accept, name="accept"),
    path("<int:pk>/decline/", pairings.decline, name="decline"),
    path("<int:pk>/meetings/", meetings.add, name="meeting_add"),
    path("<int:pk>/meetings/<int:meeting_pk>/cancel/", meetings.cancel, name="meeting_cancel"),
]

people_urls = [
    path("<int:pk>/", people.detail, name="detail"),
    path("<int:pk>/photo/<slug:key>/", people.photo, name="photo"),
]
join_urls = [
    path("", joining.here, name="here"),
    path("<str:token>/", joining.open_, name="open"),
]

urlpatterns = [
    path("join/", include((join_urls, "join"))),
    path("programs/", include((program_urls, "programs"))),
    path("pairings/", include((pairing_urls, "pairings"))),
    path("people/", include((people_urls, "people"))),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
