"""The questions that every program asks until it has its own.

An edition that was released never changes: a migration put it into the database, rounds copied it, and what people
answered stands beside these very words, whose translations are found by them. Better wording is a new edition, with a
migration that brings it in; the old one stays here for those who read an old page.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

NAME = _("Best Stuff: the quarter")


@dataclass(frozen=True)
class DefaultPrompt:
    """A row of `Prompt`, and the places that it has among a mentor's, a mentee's and a both's questions."""

    code: str
    step: str
    text: str
    help_text: str = ""
    mentor: int | None = None
    mentee: int | None = None
    both: int | None = None
    is_locked: bool = False
    is_short: bool = False
    needs_care: bool = False
    is_rotating: bool = False
    kind: str = "words"
    examples: tuple[str, ...] = ()
    is_yearly: bool = False

    def row(self) -> dict[str, object]:
        """Its fields by the names that the model had when the first edition was released."""
        return {
            "code": self.code,
            "step": self.step,
            "text": self.text,
            "help_text": self.help_text,
            "mentor_position": self.mentor,
            "mentee_position": self.mentee,
            "both_position": self.both,
            "is_locked": self.is_locked,
            "is_short": self.is_short,
            "needs_care": self.needs_care,
            "is_rotating": self.is_rotating,
        }

    def row_of_second_edition(self) -> dict[str, object]:
        """As `row`, with what a prompt has had since: its kind, examples, and whether it is asked once a year."""
        return self.row() | {
            "kind": self.kind,
            "examples": "\n".join(self.examples),
            "is_yearly": self.is_yearly,
        }


# The order is the point: a first answer, then the shortfalls set down, then a second look; values only after stories.
# Somebody who is both is asked nothing twice. The order of `FIRST_EDITION` is that of the steps.
FIRST_EDITION = (
    DefaultPrompt(
        code="M1",
        step="first",
        text=_("What was your best stuff?"),
        help_text=_("First thoughts, in any shape. One thing is plenty."),
        mentor=10,
        both=10,
        is_short=True,
    ),
    DefaultPrompt(
        code="E1",
        step="first",
        text=_("What was your best stuff?"),
        help_text=_("First thoughts. Big or small, finished or not."),
        mentee=10,
        is_short=True,
    ),
    DefaultPrompt(
        code="M2",
        step="aside",
        text=_("Is something unfinished still tugging at you? Leave it here for now."),
        help_text=_(
            "It stays here, and nobody else can ever read it. You decide at the end what becomes of it."
        ),
        mentor=20,
        mentee=20,
        both=20,
        is_locked=True,
    ),
    DefaultPrompt(
        code="M3",
        step="again",
        text=_("Now look a second time. Whose day, week or choice went better with you around?"),
        help_text=_(
            "Take one cue: the middle month, then the first, then the last; somebody you work with, somebody you "
            "serve, somebody you mentor; yourself. Remembering is slow. That is the task, and says nothing about "
            "your quarter."
        ),
        mentor=30,
        both=30,
        is_short=True,
    ),
    DefaultPrompt(
        code="E3",
        step="again",
        text=_(
            "Look again: what did you try, ask, say or decide that you would have walked past three months ago?"
        ),
        help_text=_(
            "Take one cue: the middle month, then the first, then the last; at work; for somebody else; with your "
            "mentor."
        ),
        mentee=30,
        is_short=True,
    ),
    DefaultPrompt(
        code="M4",
        step="again",
        text=_("What was it like before, and what is it like now?"),
        help_text=_("One sentence for each. A small shift counts."),
        mentor=40,
        mentee=40,
        both=40,
    ),
    DefaultPrompt(
        code="M5",
        step="again",
        text=_("Whose good news made you glad to have been near it? What did they do to earn it?"),
        help_text=_("Start with what they did. Your part can be small, or none."),
        mentor=50,
        both=50,
        is_short=True,
    ),
    DefaultPrompt(
        code="E5",
        step="again",
        text=_("Who is a little better off because of something you did?"),
        help_text=_("You give as well as receive. An answer to a question or an hour of patience is enough."),
        mentee=50,
        is_short=True,
    ),
    DefaultPrompt(
        code="M6",
        step="hard",
        text=_("Where did you take the harder road: honest, patient, or out of your way?"),
        help_text=_(
            "If it is about somebody else, think twice about who may read it. Only you, unless you say so."
        ),
        mentor=60,
        both=60,
        needs_care=True,
    ),
    DefaultPrompt(
        code="E6",
        step="hard",
        text=_("What did you watch somebody do well that no guide would have taught you?"),
        help_text=_("They may not know that you were watching."),
        mentee=60,
        both=80,
    ),
    DefaultPrompt(
        code="E7",
        step="hard",
        text=_("Which frank remark did you let in, and what did you do with it?"),
        help_text=_("It is fine if it stung first."),
        mentee=70,
        both=90,
    ),
    DefaultPrompt(
        code="E8",
        step="hard",
        text=_("What did you risk that did not come off, and what did it open?"),
        help_text=_("A brave try is a kind of success. Only you can read this, unless you say so."),
        mentee=80,
        both=100,
        needs_care=True,
    ),
    DefaultPrompt(
        code="M7",
        step="hard",
        text=_("When did something click, for them or for you?"),
        help_text=_("The moment itself: where you were, what was said."),
        mentor=70,
        mentee=90,
        both=70,
    ),
    DefaultPrompt(
        code="M8",
        step="both_ways",
        text=_("What do you see differently because of somebody you were meant to be helping?"),
        help_text=_("It works both ways, and they may not know. You can tell them by sharing this."),
        mentor=110,
        both=110,
        is_short=True,
    ),
    DefaultPrompt(
        code="M9",
        step="both_ways",
        text=_("Which old, familiar problem turned out to be a new one? What gave it away?"),
        help_text=_("The same situation is never quite the same."),
        mentor=120,
        is_rotating=True,
    ),
    DefaultPrompt(
        code="M10",
        step="both_ways",
        text=_("What have you been calling “only lending a hand”?"),
        help_text=_("Say what it was without the word “only”."),
        mentor=130,
        is_rotating=True,
    ),
    DefaultPrompt(
        code="M11",
        step="both_ways",
        text=_("Who did you let see you work something difficult out?"),
        help_text=_("Thinking aloud in front of somebody is teaching too."),
        mentor=140,
        is_rotating=True,
    ),
    DefaultPrompt(
        code="E10",
        step="both_ways",
        text=_("What have you started to picture for yourself that you had not said aloud before?"),
        help_text=_("It needs no date and no plan."),
        mentee=120,
        is_rotating=True,
    ),
    DefaultPrompt(
        code="E11",
        step="both_ways",
        text=_("What might your mentor have gained from you?"),
        help_text=_("You can ask them."),
        mentee=130,
        is_rotating=True,
    ),
    DefaultPrompt(
        code="M12",
        step="values",
        text=_("Reading your moments back, what do you care about that keeps showing up?"),
        help_text=_("Two or three words of your own, each beside the moment that shows it."),
        mentor=150,
        mentee=150,
        both=150,
    ),
    DefaultPrompt(
        code="E13",
        step="thanks",
        text=_("What did your mentor do that mattered more than they may realize?"),
        help_text=_("A sentence is plenty. You can share it with them."),
        mentee=160,
        both=160,
        is_short=True,
    ),
    DefaultPrompt(
        code="M13",
        step="thanks",
        text=_("What would you trust the person you mentor with next? Do they know?"),
        help_text=_("If they do not know yet, you can share this with them."),
        mentor=170,
        both=170,
    ),
    DefaultPrompt(
        code="M14",
        step="thanks",
        text=_("Who stood behind you, lately or years ago, and what did you keep from it?"),
        help_text=_("Inside the program or far outside it."),
        mentor=180,
        both=180,
        is_short=True,
    ),
    DefaultPrompt(
        code="E14",
        step="thanks",
        text=_("Who else stood behind you, lately or years ago, and what did you keep from it?"),
        help_text=_("Anyone, not only your mentor."),
        mentee=180,
    ),
    DefaultPrompt(
        code="M15",
        step="close",
        text=_("Suppose a colleague had had this quarter instead of you. What would you say to them?"),
        help_text=_("You are your own harshest colleague. Nobody else can ever read this."),
        mentor=190,
        mentee=190,
        both=190,
        is_locked=True,
    ),
    DefaultPrompt(
        code="M16",
        step="close",
        text=_("Is there one thing to carry forward?"),
        help_text=_(
            "None is an answer. And what you set aside earlier: keep it, turn it into one small try, or delete it."
        ),
        mentor=200,
        mentee=200,
        both=200,
    ),
)
