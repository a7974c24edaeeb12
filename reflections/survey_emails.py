"""The e-mails about a survey: that it is there, and once more. They say who asks and until when, and no question."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links
from accounts.mail.kinds import Kind, Letter, Stream, Unrenderable, register
from accounts.mail.models import Message
from accounts.models import User
from accounts.templatetags.best import weekday_date
from mentoring.emails import NOT_RUNNING
from mentoring.models import Program

from .aside_emails import aside
from .asides import RANK, Aside
from .models import Survey, SurveySheet

SURVEYS = Stream(
    "surveys",
    gettext_lazy("Questions of those who run a program"),
    gettext_lazy(
        "At the start, on the way and at the end, where a program asks: one e-mail and one reminder."
    ),
    concerns=lambda person: SurveySheet.objects.filter(person=person).exists(),
)
LABELS = {
    Aside.SURVEY: gettext_lazy("A few questions about the program"),
    Aside.SURVEY_AGAIN: gettext_lazy("A few questions about the program: a reminder"),
}


def register_kinds() -> None:
    sheet = SurveySheet.objects.filter(pk=OuterRef("subject_id"), person=OuterRef("person_id"))
    open_still = sheet.waiting().filter(
        closes_at__gt=OuterRef("next_attempt_at"), period__told_at__isnull=True, survey__is_on=True
    )
    runs = sheet.filter(survey__program__status=Program.Status.ACTIVE)
    paused = User.objects.filter(pk=OuterRef("person_id"), nudges_paused_at__isnull=False)
    for kind, label in LABELS.items():
        register(
            Kind(
                str(kind),
                SURVEYS,
                label,
                letter,
                conditions=(
                    ("it is answered, put aside, closed or switched off", Q(Exists(open_still))),
                    (NOT_RUNNING, Q(Exists(runs))),
                    ("not asked until they come back", ~Q(Exists(paused))),
                ),
                rank=RANK[kind],
            )
        )


def letter(message: Message) -> Letter:
    """Raises Unrenderable when it is gone."""
    sheets = SurveySheet.objects.select_related("survey__program")
    sheet = sheets.filter(pk=message.subject_id, person=message.person).first()
    if sheet is None:
        raise Unrenderable("the survey is gone")
    program = sheet.survey.program
    names = {"name": message.person.first_name, "program": program.name}
    return aside(
        message,
        program,
        subject=_("A few questions from %(program)s") % names,
        paragraphs=[
            _opening(sheet.survey.stage) % names,
            _(
                "Your answers are read as totals of five people or more, and your own words without your name. You "
                "need not answer: “Not now” is enough, and nobody is told."
            ),
            _("The questions are open until %(day)s.") % {"day": weekday_date(sheet.closes_at)},
        ],
        button=_("Look at the questions"),
        url=links.absolute("surveys:answer", sheet.pk),
        why=_("You get this, and one reminder, because you have or had a pairing in %(program)s."),
        list_="surveys",
    )


def _opening(stage: str) -> str:
    if stage == Survey.Stage.START:
        return _(
            "%(name)s, your pairing has begun, and those who run %(program)s would like to know how it begins."
        )
    if stage == Survey.Stage.MIDDLE:
        return _("%(name)s, you are half-way, and those who run %(program)s would like to know how it goes.")
    return _("%(name)s, your pairing is over, and those who run %(program)s would like to know how it was.")
