"""What the e-mails of the calendar say that are not about a round's page: names, days and links, and nobody's words."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import now
from accounts.localtime import first_valid
from accounts.mail import links
from accounts.mail.inbound import addresses, stripping
from accounts.mail.kinds import Kind, Letter, Stream, Text, Unrenderable, register
from accounts.mail.models import Message
from accounts.models import User
from mentoring.emails import NOT_RUNNING
from mentoring.models import Enrollment, Program

from .asides import CAPTURED, DRAFT_AFTER, RANK, Aside
from .emails import SHORTEST, wrapped
from .models import Answer, IncomingMail, Midquarter, Moment, Reflection, Round, Thanks
from .nudges import REFLECTIONS

LINES = Stream(
    "lines",
    gettext_lazy("A line for later"),
    gettext_lazy(
        "In the middle of a quarter, where nothing was kept for three weeks: one line, if there is one."
    ),
)
DRAFTS = Stream(
    "drafts",
    gettext_lazy("Thank-yous in your drafts"),
    gettext_lazy("A week after you saved a note and did not send it; once for each note."),
)
QUARTER_WORDS = Stream(
    "quarter_words",
    gettext_lazy("Your quarter, in your words"),
    gettext_lazy(
        "Three weeks after a quarter that you finished: a link to what you wrote. None of it is in the e-mail."
    ),
)


def register_kinds() -> None:
    person, subject = OuterRef("person_id"), OuterRef("subject_id")
    here = Enrollment.objects.active().filter(person=person, program__status=Program.Status.ACTIVE)
    place = Enrollment.objects.active().filter(pk=subject, person=person)
    runs = Program.objects.filter(status=Program.Status.ACTIVE)
    drafts = Thanks.objects.drafts().filter(pk=subject, writer=person, text__is_empty=False)
    drafts = drafts.filter(Q(recipient__isnull=False) | Q(mentor__isnull=False))
    rested = drafts.filter(saved_at__lte=OuterRef("next_attempt_at") - DRAFT_AFTER + timedelta(hours=1))
    written = Answer.objects.written().filter(reflection=OuterRef("pk"))
    finished = Reflection.objects.filter(person=person, round=subject, status=Reflection.Status.SUBMITTED)
    since = OuterRef("next_attempt_at") - CAPTURED
    moments = Moment.objects.filter(person=person, created_at__gt=since)
    pages = Reflection.objects.filter(Q(started_at__gt=since) | Q(saved_at__gt=since), person=person)
    middle = Midquarter.objects.filter(pk=subject)
    in_middle = Enrollment.objects.active().filter(person=person, program__midquarters=subject)
    in_round = Enrollment.objects.active().filter(person=person, program__rounds=subject)
    replied = IncomingMail.objects.taken().filter(
        person=person, link__message__kind=Aside.LINE, link__message__subject_id=subject
    )
    twice = User.objects.filter(pk=person, wants_line_twice=True)
    unchosen = User.objects.filter(pk=person, coffee_chosen_at__isnull=True)
    line = (
        (NOT_RUNNING, Q(Exists(runs.filter(midquarters=subject)))),
        ("not in the program now", Q(Exists(in_middle))),
        ("they wrote something", ~Q(Exists(moments)) & ~Q(Exists(pages))),
        ("the quarter is gone", Q(Exists(middle))),
    )
    conditions: Mapping[Aside, tuple[tuple[str, Q], ...]] = {
        Aside.QUARTER: (
            (NOT_RUNNING, Q(Exists(runs.filter(rounds=subject)))),
            ("not in the program now", Q(Exists(in_round))),
            ("nothing was written", Q(Exists(finished.filter(Exists(written))))),
        ),
        Aside.LINE: line,
        Aside.LINE_AGAIN: (
            *line,
            ("once is enough for them", Q(Exists(twice))),
            ("replied to the first", ~Q(Exists(replied))),
        ),
        Aside.DRAFT: (
            ("sent, or not there any more", Q(Exists(drafts))),
            ("they wrote on it since", Q(Exists(rested))),
            (NOT_RUNNING, Q(Exists(here))),
        ),
        Aside.COFFEE: (
            (NOT_RUNNING, Q(Exists(place.filter(program__status=Program.Status.ACTIVE)))),
            ("not in the program now", Q(Exists(place))),
            ("they chose their coffee time", Q(Exists(unchosen))),
        ),
    }
    paused = User.objects.filter(pk=person, nudges_paused_at__isnull=False)
    not_paused = ("not asked until they come back", ~Q(Exists(paused)))
    for kind, (stream, label, render) in KINDS.items():
        register(
            Kind(
                str(kind), stream, label, render, conditions=(*conditions[kind], not_paused), rank=RANK[kind]
            )
        )


def coffee_time(message: Message) -> Letter:
    place = (
        Enrollment.objects.filter(pk=message.subject_id, person=message.person)
        .select_related("program")
        .first()
    )
    if place is None:
        raise Unrenderable("the place is gone")
    return aside(
        message,
        place.program,
        subject=_("When is your coffee time?"),
        paragraphs=[
            _(
                "%(name)s, when a quarter ends, its question comes to you at a quiet time that you choose. Until you "
                "do, that is %(day)s at %(time)s, by your own clock."
            )
            % {
                "name": message.person.first_name,
                "day": User.Weekday(message.person.coffee_weekday).label,
                "time": f"{message.person.coffee_time:%H:%M}",
            },
        ],
        button=_("Choose my coffee time"),
        url=links.absolute("accounts:settings"),
        why=_("You get this once, because you are new in %(program)s."),
        list_="reflections",
    )


def line(message: Message) -> Letter:
    middle = Midquarter.objects.filter(pk=message.subject_id).select_related("program").first()
    if middle is None:
        raise Unrenderable("the quarter is gone")
    return aside(
        message,
        middle.program,
        subject=_("One line for later?"),
        paragraphs=[
            _(
                "%(name)s, was there something in the last weeks that you would like to remember when the quarter ends?"
            )
            % {"name": message.person.first_name},
            _("One line is enough: who, or what, or where. Nobody else reads it, unless you say so."),
        ],
        button=_("Keep a line"),
        url=links.absolute("moments:new"),
        why=_("You get this because you are in %(program)s, and nothing was kept for three weeks."),
        list_="lines",
        answerable_until=line_answerable_until(middle, now()),
    )


def line_answerable_until(middle: Midquarter, at: datetime) -> datetime | None:
    """Until when a reply to it is a line kept: as long as its quarter lasts, on its program's calendar; then its page
    asks. None where too little of that is left."""
    program = middle.program
    after = program.quarter_on(middle.quarter_start).end + timedelta(days=1)
    until = first_valid(after, time(0), program.zone)
    return until if until > at + SHORTEST else None


def thanks_draft(message: Message) -> Letter:
    note = Thanks.objects.drafts().filter(pk=message.subject_id, writer=message.person).first()
    place = (
        Enrollment.objects.active()
        .filter(person=message.person, program__status=Program.Status.ACTIVE)
        .select_related("program")
        .order_by("program")
        .first()
    )
    if note is None or place is None:
        raise Unrenderable("the note is gone")
    return aside(
        message,
        place.program,
        subject=_("A thank-you is still in your drafts"),
        paragraphs=[
            _(
                "%(name)s, you wrote a note a week ago and kept it. It is as you left it, and only you can read it."
            )
            % {"name": message.person.first_name},
            _("Send it, change it, or leave it be: we do not ask about it again."),
        ],
        button=_("Open my note"),
        url=links.absolute("thanks:note", note.pk),
        why=_("You get this once for each note, because you have a place in %(program)s."),
        list_="drafts",
    )


def quarter_words(message: Message) -> Letter:
    round = Round.objects.select_related("program").filter(pk=message.subject_id).first()
    if round is None:
        raise Unrenderable("the round is gone")
    return aside(
        message,
        round.program,
        subject=_("Your quarter, in your words"),
        paragraphs=[
            _("%(name)s, three weeks ago %(quarter)s ended, and you had written down what was good in it.")
            % {"name": message.person.first_name, "quarter": round.quarter.spelled},
            _(
                "It reads differently with a little distance. None of it is in this e-mail; it is on your page."
            ),
        ],
        button=_("Read what I wrote"),
        url=links.absolute("reflections:open", round.pk),
        more=[(_("Your story"), links.absolute("story:index"))],
        why=_("You get this once a quarter, because you finished yours in %(program)s."),
        list_="quarter-words",
    )


def aside(
    message: Message,
    program: Program,
    *,
    subject: str,
    paragraphs: list[str],
    button: str,
    url: str,
    why: str,
    list_: str,
    more: list[tuple[str, str]] | None = None,
    answerable_until: datetime | None = None,
) -> Letter:
    """A short letter in a program's name: a few sentences and a button. `more`: further links, below it.
    `answerable_until`: until then a reply is enough, where replies are taken in."""
    context = {
        "subject": subject,
        "paragraphs": paragraphs,
        "button": button,
        "url": url,
        "more": more or [],
        "can_reply": addresses.is_on() and answerable_until is not None,
        "delimiter": stripping.delimiter(),
        "why": why % {"program": program.name},
        "program": program,
        "settings_url": links.absolute("accounts:settings"),
        "privacy_url": links.absolute("privacy"),
        "stop_url": message.stop_url,
    }
    return Letter(
        subject=subject,
        text=wrapped(render_to_string("reflections/emails/aside.txt", context)),
        html=render_to_string("reflections/emails/aside.html", context),
        from_name=program.name,
        thread=f"aside/{message.kind}/{message.person_id}",
        url=url,
        list_id=f"{list_}.{program.slug}",
        list_name=program.name,
        answerable_until=answerable_until,
    )


KINDS: Mapping[Aside, tuple[Stream, Text, Callable[[Message], Letter]]] = {
    Aside.QUARTER: (QUARTER_WORDS, gettext_lazy("Your quarter, in your words"), quarter_words),
    Aside.LINE: (LINES, gettext_lazy("One line for later?"), line),
    Aside.LINE_AGAIN: (LINES, gettext_lazy("One line for later? A second time"), line),
    Aside.DRAFT: (DRAFTS, gettext_lazy("A thank-you is still in your drafts"), thanks_draft),
    Aside.COFFEE: (REFLECTIONS, gettext_lazy("When is your coffee time?"), coffee_time),
}
