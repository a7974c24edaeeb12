"""Addresses of the home page, of moments, and of reflections."""

from django.urls import include, path

from .views import answers, home, moments, pairings, reflections, story, timeline, values

moment_urls = [
    path("", moments.index, name="list"),
    path("keep/", moments.keep, name="keep"),
    path("shared/", moments.shared, name="shared"),
    path("<int:pk>/", moments.edit, name="edit"),
    path("<int:pk>/delete/", moments.delete, name="delete"),
]

story_urls = [
    path("", story.index, name="index"),
    path("other-years/", story.other_years, name="other_years"),
    path("year/", story.year, name="year"),
    path("year/<int:year>/<int:month>/", story.year, name="year_until"),
    path("values/", values.index, name="values"),
    path("values/<int:pk>/", values.detail, name="value"),
    path("values/<int:pk>/merge/", values.merge, name="merge"),
    path("values/<int:pk>/let-go/", values.let_go, name="let_go"),
    path("moments/<int:pk>/", values.of_moment, name="moment_values"),
    path("answers/<int:pk>/", values.of_answer, name="answer_values"),
    path("shown/<int:pk>/hide/", values.hide, name="hide"),
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

urlpatterns = [
    path("", home.home, name="home"),
    path("moments/", include((moment_urls, "moments"))),
    path("story/", include((story_urls, "story"))),
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
