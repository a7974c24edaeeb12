"""Addresses of the home page, of moments, and of reflections."""

from django.urls import include, path

from .views import answers, home, moments, note_mail, notes, pairings, reflections, thanks, timeline

moment_urls = [
    path("", moments.index, name="list"),
    path("keep/", moments.keep, name="keep"),
    path("shared/", moments.shared, name="shared"),
    path("<int:pk>/", moments.edit, name="edit"),
    path("<int:pk>/delete/", moments.delete, name="delete"),
]

reflection_urls = [
    path("", reflections.index, name="list"),
    path("<int:pk>/", reflections.door, name="open"),
    path("<int:pk>/decline/", reflections.decline, name="decline"),
    path("<int:pk>/questions/<str:code>/", answers.question, name="question"),
    path("<int:pk>/questions/<str:code>/save/", answers.save, name="save"),
    path("<int:pk>/questions/<str:code>/take-back/", answers.take_back, name="take_back"),
    path("<int:pk>/review/", reflections.review, name="review"),
    path("<int:pk>/submit/", reflections.submit, name="submit"),
    path("<int:pk>/done/", reflections.done, name="done"),
    path("<int:pk>/shared/", reflections.shared, name="shared"),
]

# What the two of a pairing share stands below their pairing's own address, which is mentoring's.
pairing_urls = [
    path("<int:pk>/timeline/", timeline.index, name="timeline"),
    path("<int:pk>/timeline/<str:what>/<int:thing>/", timeline.detail, name="shared_thing"),
    path("<int:pk>/timeline/<str:what>/<int:thing>/read/", timeline.read, name="read"),
    path("<int:pk>/timeline/<str:what>/<int:thing>/thanks/", timeline.thanks, name="thanks"),
    path("<int:pk>/timeline/<str:what>/<int:thing>/question/", timeline.ask, name="ask"),
    path("<int:pk>/timeline/<str:what>/<int:thing>/answer/", timeline.answer, name="answer"),
    path("<int:pk>/timeline/<str:what>/<int:thing>/take-back/", timeline.take_back, name="unsay"),
    path("<int:pk>/reflections/<int:round_pk>/", pairings.facing, name="pair_round"),
]

thanks_urls = [
    path("", thanks.index, name="index"),
    path("mentors/add/", thanks.add_mentor, name="mentor_add"),
    path("mentors/<int:pk>/", thanks.change_mentor, name="mentor"),
    path("mentors/<int:pk>/remove/", thanks.remove_mentor, name="mentor_remove"),
    path("begin/", thanks.begin, name="begin"),
    path("<int:pk>/", thanks.note, name="note"),
    path("<int:pk>/save/", thanks.save, name="save"),
    path("<int:pk>/whom/", thanks.whom, name="whom"),
    path("<int:pk>/mail/", note_mail.mail, name="mail"),
    path("<int:pk>/print/", thanks.print_note, name="print"),
    path("<int:pk>/copy/", thanks.copy_note, name="copy"),
    path("<int:pk>/given/", thanks.given, name="given"),
    path("<int:pk>/take-back/", thanks.take_back, name="take_back"),
    path("<int:pk>/delete/", thanks.delete, name="delete"),
    path("received/", notes.index, name="received"),
    path("received/<int:pk>/", notes.detail, name="received_note"),
    path("received/<int:pk>/read/", notes.read, name="read"),
    path("received/<int:pk>/reply/", notes.reply, name="reply"),
    path("received/<int:pk>/mute/", notes.mute, name="mute"),
    path("received/<int:pk>/report/", notes.report, name="report"),
    path("never/<str:token>/", note_mail.never, name="never"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("thanks/", include((thanks_urls, "thanks"))),
    path("moments/", include((moment_urls, "moments"))),
    path(
        "",
        include(
            (
                [path("reflections/", include(reflection_urls)), path("pairings/", include(pairing_urls))],
                "reflections",
            )
        ),
    ),
]
