"""The questions of a survey until those who run the program ask others. They speak of the pairing, not of people."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from .models import Survey, SurveyKind, SurveyPrompt


@dataclass(frozen=True)
class DefaultQuestion:
    code: str
    text: str
    options: tuple[str, ...] = ()
    kind: str = SurveyKind.CHOICE
    help_text: str = ""

    def row(self, position: int) -> dict[str, Any]:
        return {
            "code": self.code,
            "text": self.text,
            "options": "\n".join(self.options),
            "kind": self.kind,
            "help_text": self.help_text,
            "position": position,
        }


WORDS = _("A sentence is enough. Leave out names, yours too.")
QUESTIONS: dict[str, tuple[DefaultQuestion, ...]] = {
    Survey.Stage.START: (
        DefaultQuestion(
            "wish",
            _("Do you know what you would like from this pairing?"),
            (_("Yes"), _("In part"), _("Not yet")),
        ),
        DefaultQuestion(
            "agreed",
            _("Have the two of you said how often you want to meet?"),
            (_("Yes"), _("Not yet"), _("We would rather leave it open")),
        ),
        DefaultQuestion(
            "hopes",
            _("What do you hope for most?"),
            (
                _("Somebody to think aloud with"),
                _("Skills in my work"),
                _("To get to know other parts of the house"),
                _("To pass something on"),
                _("Something else"),
            ),
            SurveyKind.SEVERAL,
        ),
        DefaultQuestion(
            "lacking", _("Is there anything that would help you begin?"), (), SurveyKind.WORDS, WORDS
        ),
    ),
    Survey.Stage.MIDDLE: (
        DefaultQuestion(
            "often",
            _("Do you meet as often as you agreed?"),
            (
                _("Yes"),
                _("Less often, and that is fine"),
                _("Less often than we would like"),
                _("We agreed on nothing"),
            ),
        ),
        DefaultQuestion(
            "speaks",
            _("Do your meetings speak of what matters to you?"),
            (_("Mostly"), _("Now and then"), _("Hardly")),
        ),
        DefaultQuestion(
            "helps",
            _("What would help the two of you?"),
            (
                _("More time"),
                _("Ideas for what to talk about"),
                _("A word from those who run the program"),
                _("Nothing, it goes well"),
            ),
            SurveyKind.SEVERAL,
        ),
        DefaultQuestion(
            "change", _("What should we do otherwise in this program?"), (), SurveyKind.WORDS, WORDS
        ),
    ),
    Survey.Stage.END: (
        DefaultQuestion(
            "found",
            _("Did you find what you were looking for?"),
            (_("Yes"), _("In part"), _("No"), _("Something else that was worth it")),
        ),
        DefaultQuestion(
            "again",
            _("Would you take part again?"),
            (_("Yes"), _("Perhaps, later"), _("No")),
        ),
        DefaultQuestion(
            "stays",
            _("What stays with you?"),
            (
                _("Somebody I can turn to"),
                _("Another view of my work"),
                _("Something I can do now"),
                _("Having been of use to somebody"),
                _("Not much"),
            ),
            SurveyKind.SEVERAL,
        ),
        DefaultQuestion(
            "next", _("What would you tell those who take part next?"), (), SurveyKind.WORDS, WORDS
        ),
    ),
}


def prompts_for(survey: Survey) -> list[SurveyPrompt]:
    """Ours for its stage, not stored."""
    return [
        SurveyPrompt(survey=survey, **question.row((place + 1) * 10))
        for place, question in enumerate(QUESTIONS[survey.stage])
    ]
