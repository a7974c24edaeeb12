"""Addresses of the pages about programs, invitations, pairings and people, and of the two that a machine asks for."""

from django.urls import include, path, re_path

from .views import (
    agenda,
    agree,
    answers,
    applications,
    calendar_feeds,
    concerns,
    directory,
    fit_checks,
    health,
    joining,
    meetings,
    met,
    notes,
    own_requests,
    pairings,
    past_meetings,
    people,
    places,
    programs,
    requests,
)

program_urls = [
    path("<int:pk>/", programs.detail, name="detail"),
    path("logo/<slug:key>/", programs.logo, name="logo"),
    re_path(r"^accent-(?P<digits>[0-9a-f]{6})\.css$", programs.accent, name="accent"),
]

pairing_urls = [
    path("", pairings.list_, name="list"),
    path("answer/<str:token>/", answers.answer, name="answer"),
    path("met/<str:token>/", met.by_link, name="met"),
    path("<int:pk>/", pairings.detail, name="detail"),
    path("<int:pk>/accept/", pairings.accept, name="accept"),
    path("<int:pk>/decline/", pairings.decline, name="decline"),
    path("<int:pk>/concern/", concerns.tell, name="concern"),
    path("<int:pk>/fit/", fit_checks.answer, name="fit"),
    path("<int:pk>/agreement/", agree.agreement, name="agreement"),
    path("<int:pk>/agreement/history/", agree.history, name="agreement_history"),
    path("<int:pk>/agreement/propose/", agree.propose, name="agreement_propose"),
    path("<int:pk>/agreement/wish/", agree.wish, name="agreement_wish"),
    path("<int:pk>/agreement/<int:version_pk>/accept/", agree.accept, name="agreement_accept"),
    path("<int:pk>/agreement/<int:version_pk>/decline/", agree.decline, name="agreement_decline"),
    path("<int:pk>/agreement/<int:version_pk>/withdraw/", agree.withdraw, name="agreement_withdraw"),
    path("<int:pk>/meetings/", meetings.add, name="meeting_add"),
    path("<int:pk>/meetings/<int:meeting_pk>/cancel/", meetings.cancel, name="meeting_cancel"),
    path("<int:pk>/meetings/<int:meeting_pk>/meeting.ics", calendar_feeds.meeting, name="meeting_file"),
    path("<int:pk>/past/", past_meetings.list_, name="past"),
    path("<int:pk>/past/<int:meeting_pk>/", past_meetings.detail, name="past_one"),
    path("<int:pk>/past/<int:meeting_pk>/met/", past_meetings.say_met, name="past_met"),
    path("<int:pk>/past/<int:meeting_pk>/kind/", past_meetings.say_kind, name="past_kind"),
    path("<int:pk>/agenda/", agenda.agenda, name="agenda"),
    path("<int:pk>/agenda/<int:item_pk>/talked/", agenda.talked, name="agenda_talked"),
    path("<int:pk>/agenda/<int:item_pk>/again/", agenda.again, name="agenda_again"),
    path("<int:pk>/agenda/<int:item_pk>/delete/", agenda.delete, name="agenda_delete"),
    path("<int:pk>/starters/<int:starter_pk>/", agenda.starter, name="agenda_starter"),
    path("<int:pk>/notes/", notes.list_, name="notes"),
    path("<int:pk>/notes/private/", notes.add, {"is_shared": False}, name="note_private"),
    path("<int:pk>/notes/shared/", notes.add, {"is_shared": True}, name="note_shared"),
    path("<int:pk>/notes/<int:note_pk>/", notes.edit, name="note"),
    path("<int:pk>/notes/<int:note_pk>/share/", notes.share, name="note_share"),
    path("<int:pk>/notes/<int:note_pk>/take-back/", notes.take_back, name="note_take_back"),
    path("<int:pk>/notes/<int:note_pk>/delete/", notes.delete, name="note_delete"),
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
calendar_urls = [
    path("account/settings/calendar/", calendar_feeds.settings, name="settings"),
    path("account/settings/calendar/renew/", calendar_feeds.renew, name="renew"),
    path("account/settings/calendar/stop/", calendar_feeds.stop, name="stop"),
    path("calendar/<str:token>.ics", calendar_feeds.feed, name="feed"),
]
concern_urls = [
    path("", concerns.list_, name="list"),
    path("<int:pk>/", concerns.detail, name="detail"),
    path("<int:pk>/read/", concerns.read, name="read"),
    path("<int:pk>/answer/", concerns.answer, name="answer"),
    path("<int:pk>/seen-to/", concerns.see_to, name="see_to"),
    path("<int:pk>/take-back/", concerns.take_back, name="take_back"),
]
join_urls = [
    path("", joining.here, name="here"),
    path("<str:token>/", joining.open_, name="open"),
]

urlpatterns = [
    path("", include((calendar_urls, "calendar"))),
    path("join/", include((join_urls, "join"))),
    path("programs/", include((program_urls, "programs"))),
    path("pairings/", include((pairing_urls, "pairings"))),
    path("requests/", include((request_urls, "requests"))),
    path("concerns/", include((concern_urls, "concerns"))),
    path("people/", include((people_urls, "people"))),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
