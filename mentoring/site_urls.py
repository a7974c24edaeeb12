"""Addresses of the pages about programs, invitations, pairings and people, and of the two that a machine asks for."""

from django.urls import include, path, re_path

from .views import (
    answers,
    applications,
    directory,
    fit_checks,
    health,
    in_touch,
    joining,
    meetings,
    own_requests,
    pairings,
    people,
    places,
    programs,
    requests,
    silences,
)

program_urls = [
    path("<int:pk>/", programs.detail, name="detail"),
    path("logo/<slug:key>/", programs.logo, name="logo"),
    re_path(r"^accent-(?P<digits>[0-9a-f]{6})\.css$", programs.accent, name="accent"),
]

pairing_urls = [
    path("", pairings.list_, name="list"),
    path("answer/<str:token>/", answers.answer, name="answer"),
    path("<int:pk>/", pairings.detail, name="detail"),
    path("<int:pk>/accept/", pairings.accept, name="accept"),
    path("<int:pk>/decline/", pairings.decline, name="decline"),
    path("silence/<str:token>/", silences.answer, name="silence_answer"),
    path("postcards/<str:token>/", in_touch.stop, name="postcards_stop"),
    path("<int:pk>/silence/", silences.page, name="silence"),
    path("<int:pk>/in-touch/", in_touch.say, name="in_touch"),
    path("<int:pk>/postcards/", in_touch.postcards, name="postcards"),
    path("<int:pk>/postcards/mute/", in_touch.mute, name="postcards_mute"),
    path("<int:pk>/fit/", fit_checks.answer, name="fit"),
    path("<int:pk>/meetings/", meetings.add, name="meeting_add"),
    path("<int:pk>/meetings/<int:meeting_pk>/cancel/", meetings.cancel, name="meeting_cancel"),
]

people_urls = [
    path("<int:pk>/", people.detail, name="detail"),
    path("<int:pk>/photo/<slug:key>/", people.photo, name="photo"),
]
program_urls = [
    path("", programs.list_, name="list"),
    path("<int:pk>/", programs.detail, name="detail"),
    path("<int:pk>/apply/", applications.apply, name="apply"),
    path("<int:pk>/apply/draft/", applications.draft, name="draft"),
    path("<int:pk>/apply/draft/delete/", applications.draft_delete, name="draft_delete"),
    path("<int:pk>/about-you/", applications.edit, name="edit"),
    path("<int:pk>/skills/", applications.suggest, name="skills"),
    path("<int:pk>/accept/", places.accept, name="accept"),
    path("<int:pk>/pass/", places.pass_, name="pass"),
    path("<int:pk>/pause/", places.pause, name="pause"),
    path("<int:pk>/come-back/", places.come_back, name="come_back"),
    path("<int:pk>/withdraw/", places.withdraw, name="withdraw"),
    path("<int:pk>/mentors/", directory.list_, name="mentors"),
    path("<int:pk>/mentors/<int:mentor_pk>/", directory.ask, name="ask"),
    path("<int:pk>/mentors/<int:mentor_pk>/room/", directory.watch, name="watch"),
    path("<int:pk>/requests/", own_requests.list_, name="requests"),
    path("<int:pk>/requests/<int:request_pk>/sooner/", own_requests.sooner, name="request_sooner"),
    path("<int:pk>/requests/<int:request_pk>/take-back/", own_requests.take_back, name="request_take_back"),
    path("logo/<slug:key>/", programs.logo, name="logo"),
    re_path(r"^accent-(?P<digits>[0-9a-f]{6})\.css$", programs.accent, name="accent"),
]
request_urls = [
    path("<int:pk>/", requests.detail, name="detail"),
    path("<int:pk>/ask-back/", requests.ask_back, name="ask_back"),
    path("<int:pk>/reply/", requests.reply, name="reply"),
    path("<int:pk>/take-back/", requests.take_back, name="take_back"),
    path("<int:pk>/room/", requests.room, name="room"),
    path("<int:pk>/pause/", requests.pause, name="pause"),
]
join_urls = [
    path("", joining.here, name="here"),
    path("<str:token>/", joining.open_, name="open"),
]

urlpatterns = [
    path("join/", include((join_urls, "join"))),
    path("programs/", include((program_urls, "programs"))),
    path("pairings/", include((pairing_urls, "pairings"))),
    path("requests/", include((request_urls, "requests"))),
    path("people/", include((people_urls, "people"))),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
