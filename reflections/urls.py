"""Addresses of the home page, of moments, and of reflections."""

from django.urls import include, path

from .views import answers, home, keepsake, moments, pairings, reflections, timeline

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

keepsake_urls = [
    path("", keepsake.book, name="book"),
    path("make/", keepsake.make, name="make"),
    path("<int:pk>/delete/", keepsake.delete, name="delete"),
    path("<int:pk>/<str:form>/", keepsake.download, name="download"),
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

urlpatterns = [
    path("", home.home, name="home"),
    path("moments/", include((moment_urls, "moments"))),
    path("keepsake/", include((keepsake_urls, "keepsake"))),
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
