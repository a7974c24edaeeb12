"""This app's part of the data map: moments and reflections, which are somebody's own words."""

from collections.abc import Iterator
from itertools import groupby

from django.db.models import Prefetch, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Chapter, Entry, Holding, Why, register, register_chapters, register_nobodys
from accounts.templatetags.best import long_date
from mentoring.models import Enrollment, Pairing, Program
from mentoring.mydata import register_program_words
from mentoring.quarter import Quarter

from . import mydata_kept, who_reads, whom
from .models import Answer, Moment, Reflection, Reply, Response, ResponseNotice
from .readers import Readers
from .whom import WhomWords
from .wording import partner_names, readers_in_words, whole

ROWS = 500


def fill() -> None:
    """Called once, when the app starts."""
    register(
        Holding(
            Moment,
            _("Your moments"),
            of=lambda person: Moment.objects.of(person).with_readers().with_writers(),
            exported={
                "text": None,
                "gave": None,
                "kind": None,
                "for_whom": None,
                "happened_on": None,
                "audience": None,
                "pairing": None,
                "program": None,
                "mentoring_in": None,
                "may_be_quoted": None,
                "created_at": _("kept"),
            },
            withheld={"id": Why.KEY, "seal_id": Why.LOCK, "person": Why.OWNER},
            values={
                "pairing": lambda moment: _with(moment.pairing, moment.person),
                "mentoring_in": lambda moment: _with(moment.mentoring_in, moment.person),
            },
            reads_as_words=True,
        ),
        Holding(
            Reflection,
            _("Your reflections"),
            of=lambda person: Reflection.objects.visible_to(person).select_related("round__program"),
            exported={
                "id": _("number"),
                "round": None,
                "role": None,
                "status": None,
                "started_at": None,
                "saved_at": None,
                "submitted_at": None,
                "declined_at": None,
            },
            withheld={"person": Why.OWNER},
            values={
                "round": lambda reflection: f"{reflection.round.program} · {reflection.round.quarter.label}"
            },
        ),
        Holding(
            Answer,
            _("Your answers"),
            of=lambda person: Answer.objects.filter(reflection__person=person).select_related(
                "reflection", "question"
            ),
            exported={
                "id": _("number"),
                "reflection": _("number of the reflection"),
                "question": None,
                "piece": _("which of them"),
                "text": _("what you wrote"),
                "after": None,
                "audience": _("seen by"),
                "is_locked": _("can never be shared"),
                "may_be_quoted": None,
                "saved_at": _("last saved"),
            },
            withheld={"seal_id": Why.LOCK},
            values={
                "reflection": lambda answer: answer.reflection_id,
                "question": lambda answer: answer.question.asked,
            },
            reads_as_words=True,
        ),
        Holding(
            Answer.pairings.through,
            _("Which of your answers which pairing reads"),
            of=lambda person: Answer.pairings.through.objects.filter(
                answer__reflection__person=person
            ).select_related("pairing__mentor", "pairing__mentee", "answer__reflection__person"),
            exported={"answer": _("number of the answer"), "pairing": None},
            withheld={"id": Why.KEY},
            values={
                "answer": lambda row: row.answer_id,
                "pairing": lambda row: _with(row.pairing, row.answer.reflection.person),
            },
            reads_as_words=True,
        ),
        Holding(
            Response,
            _("What you said to what others shared with you"),
            of=lambda person: Response.objects.filter(reader=person).select_related(
                "pairing__mentor", "pairing__mentee", "reader"
            ),
            exported={
                "pairing": _("with"),
                "read_at": None,
                "thanks": None,
                "thanked_at": None,
                "question": None,
                "asked_at": None,
            },
            withheld={
                "id": Why.KEY,
                "seal_id": Why.LOCK,
                "reader": Why.OWNER,
                "moment": Why.OTHERS,
                "reflection": Why.OTHERS,
            },
            values={"pairing": lambda row: _with(row.pairing, row.reader)},
        ),
        Holding(
            Reply,
            _("What you answered when you were asked about what you shared"),
            of=lambda person: Reply.objects.filter(person=person),
            exported={"text": None, "created_at": None},
            withheld={
                "id": Why.KEY,
                "seal_id": Why.LOCK,
                "response": Why.OTHERS,
                "person": Why.OWNER,
            },
        ),
        Holding(
            ResponseNotice,
            _("E-mails to you about what was said"),
            of=lambda person: ResponseNotice.objects.filter(person=person),
            exported={"since": _("since")},
            withheld={"id": Why.KEY, "person": Why.OWNER},
        ),
    )
    register_nobodys(
        "what is asked of everybody",
        "reflections.Questionnaire",
        "reflections.Prompt",
        "reflections.PromptTranslation",
        "reflections.Edition",
        "reflections.Round",
        "reflections.Midquarter",
        "reflections.Question",
        "reflections.NudgeWords",
        "reflections.NudgeTest",
        "reflections.Survey",
        "reflections.SurveyPrompt",
        "reflections.SurveyPeriod",
        "reflections.SurveyQuestion",
    )
    register_nobodys("what a phone shared before anybody signed in", "reflections.SharedText")
    register_nobodys("what is told of a quarter: totals in steps of five", "reflections.QuarterFigure")
    register_nobodys(
        "what is told of a round: how many finished, in steps of five", "reflections.RoundFigure"
    )
    for holding in mydata_kept.holdings():
        register(holding)
    register_chapters(chapters)
    register_program_words(clear_words_of)


def _with(pairing: Pairing | None, person: User) -> str | None:
    if pairing is None:
        return None
    partner = pairing.partner_of(person)
    return partner.name or partner.first_name


def clear_words_of(person: User, program: Program) -> None:
    """What somebody wrote in one program: their reflections, and the moments they let anybody there read. A moment for
    only themselves belongs to no program."""
    Reflection.objects.filter(person=person, round__program=program).delete()
    there = Q(program=program) | Q(pairing__program=program)
    Reply.objects.filter(person=person, response__pairing__program=program).delete()
    Response.objects.filter(reader=person, pairing__program=program).delete()
    mydata_kept.clear_words(person, program)
    Moment.objects.of(person).filter(there).delete()


# --- To read -------------------------------------------------------------------------------------------------------


def chapters(person: User) -> Iterator[Chapter]:
    """Reflections by program and quarter, then the notebook of moments by quarter; the oldest first."""
    reflections = (
        Reflection.objects.visible_to(person)
        .select_related("round__program")
        .order_by("round__program__name", "round__program", "round__quarter_start")
    )
    for reflection in reflections:
        yield Chapter(
            f"{reflection.round.program}, {reflection.round.quarter.label}", _answers(person, reflection)
        )
    place = (
        Enrollment.objects.visible_to(person).select_related("program").order_by("joined_on", "pk").first()
    )
    first_month = place.program.fiscal_first_month if place else 1
    words = whom.of_person(person)
    moments = Moment.objects.of(person).with_readers().order_by("happened_on", "pk")
    by_quarter = groupby(
        moments.iterator(chunk_size=ROWS),
        key=lambda moment: Quarter.containing(moment.happened_on, first_month),
    )
    for quarter, kept in by_quarter:
        title = gettext("Moments of %(quarter)s") % {"quarter": quarter.label}
        yield Chapter(title, (_moment(person, moment, words) for moment in kept))


def _answers(person: User, reflection: Reflection) -> Iterator[Entry]:
    pairings = Prefetch("pairings", Pairing.objects.with_people())
    answers = (
        Answer.objects.filter(reflection=reflection)
        .written()
        .select_related("question", "reflection")
        .prefetch_related(pairings)
        .with_those_in_the_way()
    )
    for answer in answers.order_by("question__pk"):
        shared_with = answer.pairings.all()
        names = partner_names(person, shared_with)
        readers = readers_in_words(Readers.of_answer(answer), names, str(reflection.round.program))
        yield Entry(
            text=whole(answer),
            heading=answer.question.asked,
            notes=tuple(
                filter(None, (_seen_by(readers), who_reads.said_of(answer), long_date(answer.saved_at)))
            ),
        )


def _moment(person: User, moment: Moment, words: WhomWords) -> Entry:
    names = partner_names(person, [moment.pairing] if moment.pairing else [])
    readers = readers_in_words(Readers.of_moment(moment), names, str(moment.program or ""))
    about = (
        long_date(moment.happened_on),
        moment.get_kind_display() if moment.kind else "",
        words.said(moment.for_whom),
        _seen_by(readers),
        who_reads.said_of(moment),
    )
    gave = f"{gettext('What did it give you?')}\n{moment.gave}" if moment.gave else ""
    text = "\n\n".join(filter(None, (moment.text, gave)))
    return Entry(text=text, notes=tuple(filter(None, about)))


def _seen_by(readers: str) -> str:
    return gettext("Read by: %(readers)s") % {"readers": readers}
