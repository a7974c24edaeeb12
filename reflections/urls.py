"""Addresses of the home page, of moments, and of reflections."""

from django.urls import include, path
from django.views.generic import RedirectView

from .admin import break_glass
from .views import (
    answers,
    app,
    asking,
    home,
    incoming,
    keep_mail,
    keepsake,
    metrics,
    moments,
    named,
    note_mail,
    notebook,
    notes,
    opening,
    pairings,
    quoting,
    reflections,
    shelf,
    story,
    surveys,
    swaps,
    tell,
    thanks,
    timeline,
    values,
    wall,
)

moment_urls = [
    path("", notebook.index, name="list"),
    path("new/", moments.new, name="new"),
    path("share/", moments.share, name="share"),
    path("keep/", moments.keep, name="keep"),
    # Where the wall was before.
    path("shared/", RedirectView.as_view(pattern_name="wall"), name="shared"),
    path("days/", notebook.days, name="days"),
    path("days/<str:day>/", notebook.days, name="days_of"),
    path("search/", notebook.search, name="search"),
    path("by-mail/", keep_mail.settings, name="mail"),
    path("by-mail/renew/", keep_mail.renew, name="mail_renew"),
    path("by-mail/stop/", keep_mail.stop, name="mail_stop"),
    path("<int:pk>/", moments.edit, name="edit"),
    path("<int:pk>/undo/", moments.undo, name="undo"),
    path("<int:pk>/delete/", moments.delete, name="delete"),
]

story_urls = [
    path("", story.index, name="index"),
    path("other-years/", story.other_years, name="other_years"),
    path("year/", story.year, name="year"),
    path("year/<int:year>/<int:month>/", story.year, name="year_until"),
    path("values/", values.index, name="values"),
    path("values/<int:pk>/", values.detail, name="value"),
    path("values/<int:pk>/on-profile/", values.on_profile, name="on_profile"),
    path("values/<int:pk>/off-profile/", values.off_profile, name="off_profile"),
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
    path("<int:pk>/questions/<str:code>/<str:piece>/", answers.question, name="question"),
    path("<int:pk>/questions/<str:code>/<str:piece>/save/", answers.save, name="save"),
    path("<int:pk>/rough/", opening.rough, name="rough"),
    path("<int:pk>/coffee.ics", opening.coffee, name="coffee"),
    path("<int:pk>/answers/<int:answer_pk>/take-back/", reflections.take_back, name="take_back"),
    path("<int:pk>/answers/<int:answer_pk>/shelf/<int:pairing_pk>/", shelf.put, name="shelf"),
    path("<int:pk>/review/", reflections.review, name="review"),
    path("<int:pk>/submit/", reflections.submit, name="submit"),
    path("<int:pk>/done/", reflections.done, name="done"),
    path("<int:pk>/shared/", reflections.shared, name="shared"),
    path("tell/<str:what>/<int:thing>/", tell.tell, name="tell"),
    path("tell/<str:what>/<int:thing>/keep/", tell.keep, name="tell_keep"),
]

# Behind links of the calendar's e-mails, which need no sign-in, and a button in the settings.
asking_urls = [
    path("not-now/<str:token>/", asking.not_now, name="not_now"),
    path("another-time/<str:token>/", asking.another_time, name="another_time"),
    path("keep-asking/<str:token>/", asking.keep_asking, name="keep_asking"),
    path("ask-again/", asking.ask_again, name="ask_again"),
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
    path("<int:pk>/swaps/<int:round_pk>/", swaps.page, name="swap"),
    path("<int:pk>/swaps/<int:round_pk>/suggest/", swaps.suggest, name="swap_suggest"),
    path("<int:pk>/swaps/<int:round_pk>/agree/", swaps.agree, name="swap_agree"),
    path("<int:pk>/swaps/<int:round_pk>/pick/", swaps.pick, name="swap_pick"),
    path("<int:pk>/swaps/<int:round_pk>/call-off/", swaps.call_off, name="swap_call_off"),
    path("<int:pk>/reflections/<int:round_pk>/", pairings.facing, name="pair_round"),
]

# Who is named in something: for them, and for its writer.
named_urls = [
    path("", named.index, name="list"),
    path("<int:pk>/", named.detail, name="detail"),
    path("<int:pk>/agree/", named.agree, name="agree"),
    path("<int:pk>/decline/", named.decline, name="decline"),
    path("<int:pk>/ask/", named.ask, name="ask"),
    path("<int:pk>/somebody-else/", named.somebody_else, name="somebody_else"),
    path("<int:pk>/meant/", named.meant, name="meant"),
    path("in/<str:what>/<int:thing>/", named.thing, name="thing"),
]

# Opening somebody's words in an emergency stands among the admin's pages, and is none of a model's.
break_glass_urls = [
    path("", break_glass.index, name="list"),
    path("whose/", break_glass.whose, name="whose"),
    path("ask/<int:person_pk>/", break_glass.ask, name="ask"),
    path("<int:pk>/", break_glass.detail, name="detail"),
    path("<int:pk>/allow/", break_glass.allow, name="allow"),
    path("<int:pk>/refuse/", break_glass.refuse, name="refuse"),
    path("<int:pk>/close/", break_glass.close, name="close"),
    path("<int:pk>/read/", break_glass.read, name="read"),
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

# What came in by e-mail.
incoming_urls = [
    path("", incoming.index, name="list"),
    path("cancel/", incoming.cancel, name="cancel"),
    path("<int:pk>/accept/", incoming.accept, name="accept"),
    path("<int:pk>/refuse/", incoming.refuse, name="refuse"),
    path("<int:pk>/put-back/", incoming.put_back, name="put_back"),
]

# What those who run a program ask of its people.
survey_urls = [
    path("<int:pk>/", surveys.answer, name="answer"),
    path("<int:pk>/not-now/", surveys.not_now, name="not_now"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("app.webmanifest", app.manifest, name="manifest"),
    path("metrics", metrics.metrics, name="metrics"),
    path("thanks/", include((thanks_urls, "thanks"))),
    path("moments/", include((moment_urls, "moments"))),
    path("by-mail/", include((incoming_urls, "incoming"))),
    path("surveys/", include((survey_urls, "surveys"))),
    path("named/", include((named_urls, "named"))),
    path("wall/", wall.index, name="wall"),
    path("quoted/<str:what>/<int:thing>/", quoting.thing, name="quoting"),
    path("admin/break-glass/", include((break_glass_urls, "break_glass"))),
    path("story/", include((story_urls, "story"))),
    path("keepsake/", include((keepsake_urls, "keepsake"))),
    path(
        "",
        include(
            (
                [
                    path("reflections/", include(reflection_urls)),
                    path("pairings/", include(pairing_urls)),
                    path("mail/", include(asking_urls)),
                ],
                "reflections",
            )
        ),
    ),
]
