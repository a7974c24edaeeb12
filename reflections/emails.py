"""What the e-mails of the quarter say, made from ids when their time has come, in the reader's language and zone.

Both parts of a letter are laid out from the same sentences. Nobody's words are in it, except one's own moments, and
those only where one asked for it and had shared them with somebody.
"""

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import NamedTuple

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.clock import now
from accounts.localtime import first_valid
from accounts.mail.inbound import addresses, stripping
from accounts.mail.kinds import Letter, Unrenderable
from accounts.mail.links import absolute
from accounts.mail.models import Message
from accounts.mail.models.link import new_token
from accounts.models import User
from accounts.templatetags.best import in_words, month_day, weekday_date
from accounts.vault.errors import Unreadable
from mentoring.models import Enrollment

from . import nudge_words, rules, whom
from .models import Audience, Moment, NudgeWords, Question, Reflection, Round
from .outlook import KEEP_ASKING
from .schedule import Nudge
from .whom import WhomWords

# The three latest are enough to remember by; the page has them all.
MOMENTS = 3
MOMENT_CHARACTERS = 280
LINE = 72
# From the quarter's last day on; and what is no time to answer in.
ANSWERED_FOR = timedelta(days=15)
SHORTEST = timedelta(days=2)


@dataclass(frozen=True)
class Words:
    """The sentences of one letter."""

    heading: str
    opening: str
    hint: str
    button: str
    after: str


class Choice(NamedTuple):
    """One of the quiet choices at the foot: what it says, the page that does it, and the address that does it by
    mail."""

    words: str
    url: str
    mailto: str = ""


class Line(NamedTuple):
    """One moment: its words, shortened, and what it was, for whom and when."""

    words: str
    about: str


@dataclass(frozen=True)
class Kept:
    """A person's own moments of the quarter that may stand in a letter, and a sentence about those that may not."""

    moments: tuple[Line, ...] = ()
    rest: str = ""


def nudge(message: Message, kind: Nudge) -> Letter:
    """The letter of one nudge. Raises Unrenderable when its round is gone, or no longer asks this person anything."""
    round = Round.objects.select_related("program").filter(pk=message.subject_id).first()
    if round is None:
        raise Unrenderable("the round is gone")
    person, program = message.person, round.program
    reflection = Reflection.objects.filter(person=person, round=round).first()
    role = reflection.role if reflection else rules.role_for(person, round)
    question = Question.objects.filter(round=round).for_role(role).first()
    if question is None:
        raise Unrenderable("the round asks this person nothing")
    return laid_out(
        kind,
        person,
        round,
        question,
        said=nudge_words.of(program),
        has_draft=reflection is not None,
        kept=_kept(person, round) if kind is Nudge.ASK else Kept(),
        coffee=_coffee(person, round) if kind is Nudge.ASK else "",
        stop_url=message.stop_url,
        link_token=message.link_token,
    )


def laid_out(
    kind: Nudge,
    person: User,
    round: Round,
    question: Question,
    *,
    said: NudgeWords | None = None,
    has_draft: bool = False,
    kept: Kept = Kept(),
    coffee: str = "",
    stop_url: str = "",
    link_token: str = "",
) -> Letter:
    """The letter; `said` are the program's own words, where it has some. Previews are without draft and moments,
    and their links lead nowhere."""
    program = round.program
    subject = _("What was your best stuff this quarter?")
    if said and said.subject:
        subject = nudge_words.fill(said.subject, person, round)
    words = _words(kind, person, round, question, has_draft=has_draft)
    # Who has begun is told that their page is as they left it: what the program says is for those who have not.
    if said and not has_draft and (opening := getattr(said, kind, "")):
        words = replace(words, opening=nudge_words.fill(opening, person, round))
    url = absolute("reflections:open", round.pk or 0)
    until = answerable_until(round, now())
    context = {
        "subject": subject,
        "words": words,
        "choices": _choices(link_token or new_token(), kind),
        "coffee": coffee,
        "kept": kept,
        "program": program,
        "url": url,
        "privacy_url": absolute("privacy"),
        "stop_url": stop_url,
        "can_reply": addresses.is_on() and until is not None,
        "delimiter": stripping.delimiter(),
    }
    return Letter(
        subject=subject,
        text=wrapped(render_to_string("reflections/emails/nudge.txt", context)),
        html=render_to_string("reflections/emails/nudge.html", context),
        from_name=program.name,
        url=url,
        thread=f"reflection/{person.pk}/{round.pk}",
        list_id=f"reflections.{program.slug}",
        list_name=_("%(program)s reflections") % {"program": program.name},
        answerable_until=until,
    )


def keep_asking(message: Message) -> Letter:
    """Whether to go on, after three quarters without an answer. Raises Unrenderable when its round is gone."""
    round = Round.objects.select_related("program").filter(pk=message.subject_id).first()
    if round is None:
        raise Unrenderable("the round is gone")
    program = round.program
    subject = _("Shall we keep asking?")
    url = absolute("reflections:keep_asking", message.link_token or new_token())
    context = {
        "subject": subject,
        "paragraphs": [
            _("%(name)s, three times we asked what was good in a quarter, and it did not fit. That is fine.")
            % {"name": message.person.first_name},
            _(
                "If you would like us to go on, say so. Otherwise we leave you in peace until you write something "
                "here, or ask us to begin again in your settings. It needs no reason, and nobody is told."
            ),
        ],
        "button": _("Keep asking, or let it rest"),
        "url": url,
        "more": [(_("Write something now"), absolute("reflections:open", round.pk))],
        "why": _("You get this because you are in a pairing in %(program)s.") % {"program": program.name},
        "program": program,
        "settings_url": absolute("accounts:settings"),
        "privacy_url": absolute("privacy"),
        "stop_url": message.stop_url,
    }
    return Letter(
        subject=subject,
        text=wrapped(render_to_string("reflections/emails/aside.txt", context)),
        html=render_to_string("reflections/emails/aside.html", context),
        from_name=program.name,
        # In the weekly e-mail there is no link that works without signing in.
        url=absolute("accounts:settings"),
        thread=f"reflection/{message.person_id}/{round.pk}",
        list_id=f"reflections.{program.slug}",
        list_name=_("%(program)s reflections") % {"program": program.name},
    )


def _choices(token: str, kind: Nudge) -> list[Choice]:
    """Not this quarter; and another time, as long as there is one more e-mail to come. To stop is said besides."""
    by_mail = addresses.is_on()
    found = [
        Choice(
            _("Not this quarter"),
            absolute("reflections:not_now", token),
            addresses.address(addresses.Purpose.NOT_THIS_QUARTER, token) if by_mail else "",
        )
    ]
    if kind is not Nudge.LAST_CALL:
        found.append(
            Choice(
                _("Another time"),
                absolute("reflections:another_time", token),
                addresses.address(addresses.Purpose.ANOTHER_TIME, token) if by_mail else "",
            )
        )
    return found


def _coffee(person: User, round: Round) -> str:
    """For whoever is new and has not chosen a time: why it came now, and that it can come at another one."""
    new = Enrollment.objects.filter(
        person=person, program=round.program_id, joined_on__gte=round.quarter_start
    )
    if person.coffee_chosen_at is not None or not new.exists():
        return ""
    if Message.objects.of("coffee_time").went().filter(person=person).exists():
        return ""
    return _(
        "It came on %(day)s at %(time)s, your coffee time until you choose another one in your settings."
    ) % {
        "day": User.Weekday(person.coffee_weekday).label,
        "time": f"{person.coffee_time:%H:%M}",
    }


RENDER: Mapping[str, Callable[[Message], Letter]] = {
    **{str(kind): partial(nudge, kind=kind) for kind in Nudge},
    KEEP_ASKING: keep_asking,
}


def answerable_until(round: Round, at: datetime) -> datetime | None:
    """Until when a reply is an answer: two weeks after the quarter. None where too little of that is left."""
    until = first_valid(round.due_on + ANSWERED_FOR, time(0), round.program.zone)
    return until if until > at + SHORTEST else None


def _words(kind: Nudge, person: User, round: Round, question: Question, *, has_draft: bool) -> Words:
    names = {"name": person.first_name, "ends": _ends(round), "until": weekday_date(round.closes_on)}
    after = {
        Nudge.ASK: _("About as long as a cup of coffee. We ask until %(until)s; late is fine.") % names,
        Nudge.REMINDER: _("One more e-mail may come about this quarter, and then no other. Late is fine."),
        Nudge.LAST_CALL: _(
            "This is the last e-mail about this quarter. The page stays open, and late is fine."
        ),
    }[kind]
    if kind is Nudge.ASK:
        return Words(
            heading=question.asked,
            opening=_("%(name)s, %(ends)s. You may be thinking of what you did not get to. Most people are.")
            % names,
            hint=question.helped,
            button=_("Write my reflection"),
            after=after,
        )
    if has_draft:
        return Words(
            heading=_("Your page is as you left it."),
            opening=_("%(name)s, %(ends)s. What you began is kept. Add to it, finish it, or leave it be.")
            % names,
            hint="",
            button=_("Open my page"),
            after=after,
        )
    return Words(
        heading=question.asked,
        opening=_("%(name)s, %(ends)s. The question is still here, and a line is enough.") % names,
        hint=question.helped,
        button=_("Write my reflection"),
        after=after,
    )


def _ends(round: Round) -> str:
    names = {"quarter": round.quarter.spelled, "day": weekday_date(round.due_on)}
    if timezone.localdate(now()) <= round.due_on:
        return _("%(quarter)s ends on %(day)s") % names
    return _("%(quarter)s ended on %(day)s") % names


def _kept(person: User, round: Round) -> Kept:
    """Nothing at all unless the person asked for it; even then what they keep for themselves is only counted."""
    if not person.wants_moments_in_mail:
        return Kept()
    moments = Moment.objects.of(person).within(round.quarter)
    shared = moments.filter(
        Q(audience=Audience.PAIRING, pairing__program=round.program)
        | Q(audience=Audience.PROGRAM, program=round.program)
    )
    newest = shared.agreed_to().newest_first()[:MOMENTS]
    words = whom.of_person(person)
    shown = tuple(line for moment in newest if (line := _line(moment, words)) is not None)
    return Kept(shown, _rest(moments.filter(audience=Audience.ME).count(), is_more=bool(shown)))


def _rest(alone: int, *, is_more: bool) -> str:
    if not alone:
        return ""
    if is_more:
        return ngettext(
            "And one more, kept for you alone. We leave it out of e-mail.",
            "And %(count)s more, kept for you alone. We leave those out of e-mail.",
            alone,
        ) % {"count": in_words(alone)}
    return ngettext(
        "You kept one moment for you alone. We leave it out of e-mail; it is beside the question.",
        "You kept %(count)s moments for you alone. We leave those out of e-mail; they are beside the question.",
        alone,
    ) % {"count": in_words(alone)}


def _line(moment: Moment, words: WhomWords) -> Line | None:
    """None where its words cannot be read any more."""
    try:
        text = moment.text
    except Unreadable:
        return None
    about = [moment.get_kind_display(), words.word(moment.for_whom), month_day(moment.happened_on)]
    shortened = Truncator(" ".join(text.split())).chars(MOMENT_CHARACTERS, truncate="…")
    return Line(shortened, " · ".join(filter(None, about)))


def wrapped(text: str) -> str:
    """Lines that fit a plain window. Addresses stay whole; what follows a bullet stands under it."""
    return "\n".join(
        textwrap.fill(
            line,
            LINE,
            subsequent_indent="  " if line.startswith("* ") else "",
            break_long_words=False,
            break_on_hyphens=False,
        )
        if len(line) > LINE
        else line
        for line in text.splitlines()
    )
