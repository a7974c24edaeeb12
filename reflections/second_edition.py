"""The second edition of the default questions: looking again with cues, a before and an after, values beside what shows
them, three questions for a rough quarter, one's own way of mentoring once a year, and examples for an empty page.

Like the first, it never changes once it is released (default_questions.py says why).
"""

from dataclasses import replace

from django.utils.translation import gettext_noop as _

from .default_questions import FIRST_EDITION, DefaultPrompt

# Nobody wrote these. They are plain on purpose: an example is there to make an answer look small enough to begin.
EXAMPLES = {
    "M1": (
        _("I sat through a long call and said one useful thing, near the end."),
        _("The new colleague asks questions out loud now. I like to think I had a hand in it."),
    ),
    "E1": (
        _("I wrote the first page before I knew how the rest would go."),
        _("I asked for help on a Tuesday and not, as I used to, on the Friday after."),
    ),
    "M3": (
        _("Jo was late with the drawings. I moved my own date instead of hers, and told nobody why."),
        _(
            "I went for a walk with somebody who had a letter to answer, and we did not talk about the letter."
        ),
    ),
    "E3": (
        _("I said “I do not follow” in a room in which everybody nodded."),
        _("I rang the supplier myself. It took four minutes."),
    ),
    "M4": (
        _("Before, he brought me every draft. Now he brings me the one that he is unsure of."),
        _("Before, nobody said the date would slip. Now somebody says so on the Monday."),
    ),
    "M5": (
        _("Sam passed the exam at the third try, and had got up at five for it since March."),
        _("A neighbor opened her shop. She had asked forty people what they would buy."),
    ),
    "E5": (
        _("The trainee after me has a list of the words that I did not know."),
        _("I stayed ten minutes, and a colleague did not have to close up alone."),
    ),
    "M6": (
        _("I told a friend that her plan had a hole in it, before she had spent the money."),
        _("I let the easy order go, because we could not have kept the promise."),
    ),
    "E6": (
        _("She let the client be angry until he was done, and only then opened the folder."),
        _("He said “I was wrong about this” in the first minute, and the meeting got shorter."),
    ),
    "E7": (
        _("That I explain when I should ask. I have counted to three ever since."),
        _("That nobody reads my long e-mails. It stung, and the next one had five lines."),
    ),
    "E8": (
        _("I applied and was not taken. Now I know two people there, and what they look for."),
        _("My talk fell flat. Afterwards somebody told me why, and that was worth the talk."),
    ),
    "M7": (
        _("At the whiteboard, when she took the pen out of my hand."),
        _("On the train home: he had not been asking for an answer at all."),
    ),
    "M8": (
        _("I used to think that she was slow. She reads everything twice, and finds what I miss."),
        _("His questions about my job made me ask why I do half of it."),
    ),
    "M9": (
        _("It looked like a quarrel about money again. It was about who had been asked."),
        _("I thought he needed a plan, like the one before him. He needed somebody to say no to."),
    ),
    "M10": (
        _("Reading every application of a colleague’s son. It was four evenings."),
        _("I carry the keys, and so I am the one who waits with whoever is last."),
    ),
    "M11": (
        _("I did the sums on the board, mistake and all, with two apprentices watching."),
        _("She sat in while I wrote a hard reply, and saw the three that I did not send."),
    ),
    "W1": (
        _("I ask one question more than is comfortable, and then I make tea."),
        _("I show how I would do it badly, so that they can do it better."),
    ),
    "E10": (
        _("A workshop of my own, with a window to the street."),
        _("Leading the meeting instead of writing the minutes."),
    ),
    "E11": (
        _("She learned how the people on my floor really use the form."),
        _("Perhaps the pleasure of seeing an old trick work once more."),
    ),
    "E13": (
        _("You wrote my name on the slide. I still have a picture of it."),
        _("That you waited on the phone while I looked for the words."),
    ),
    "M13": (
        _("The call with the town hall, from beginning to end. I have not told her."),
        _("My own apprentice, for a week."),
    ),
    "M14": (
        _("A teacher who read aloud as if every word had cost something. I still read that way."),
        _("My first foreman: look twice, cut once, and do not shout."),
    ),
    "E14": (
        _("My aunt, who never asked what it was good for."),
        _("Somebody on the night bus who said “go back and ask again”."),
    ),
    "M15": (
        _("You kept three people afloat and one plant. Go to bed."),
        _("Nobody would have done it faster. You would have said so to anybody else."),
    ),
    "M16": (
        _("Ask before I answer, on Mondays at least."),
        _("Have lunch with the person whom I trained."),
    ),
}

# What is asked, and how, where it differs from the first edition.
CHANGED = {
    "M3": {
        "kind": "again",
        "help_text": _(
            "Take the cue, or leave it: there is another way in. Remembering is slow. That is the task, and says "
            "nothing about your quarter."
        ),
    },
    "E3": {
        "kind": "again",
        "help_text": _(
            "Take the cue, or leave it: there is another way in. Remembering is slow, for everybody."
        ),
    },
    "M4": {"kind": "before"},
    "M12": {"kind": "values"},
    "M16": {"kind": "carry"},
}

NEW = (
    DefaultPrompt(
        code="W1",
        step="values",
        text=_("What is your way of mentoring, as somebody would see it who sat in?"),
        help_text=_("A few sentences, once a year. What you kept this year lies beside it."),
        mentor=155,
        both=155,
        is_yearly=True,
    ),
    DefaultPrompt(
        code="R1",
        step="rough",
        text=_("What kept you going?"),
        help_text=_("Large or very small."),
        mentor=310,
        mentee=310,
        both=310,
        is_locked=True,
    ),
    DefaultPrompt(
        code="R2",
        step="rough",
        text=_("Who was there?"),
        help_text=_("Somebody near, somebody far away, somebody who did not know."),
        mentor=320,
        mentee=320,
        both=320,
        is_locked=True,
    ),
    DefaultPrompt(
        code="R3",
        step="rough",
        text=_("What can wait?"),
        help_text=_("Write it down here, and it may wait."),
        mentor=330,
        mentee=330,
        both=330,
        is_locked=True,
    ),
)

SECOND_EDITION = tuple(
    replace(prompt, examples=EXAMPLES.get(prompt.code, ()), **CHANGED.get(prompt.code, {}))  # type: ignore[arg-type]
    for prompt in (*FIRST_EDITION, *NEW)
)
