"""Reasons in words: for those who run the program, and for each of the two.

The texts are English and go through whatever translates them: Django's `django.utils.translation` is a Translator,
and so is what Python's own gettext makes.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from gettext import NullTranslations
from types import MappingProxyType
from typing import Protocol

from .criteria import Likeness
from .fit import Must
from .people import Key
from .reasons import Kind, Reason
from .unmatched import Cause, Change, Unmatched


class Reader(Enum):
    ADMIN = "admin"
    MENTEE = "mentee"
    MENTOR = "mentor"


class Translator(Protocol):
    # By position only: Django and Python call them differently.
    def gettext(self, message: str, /) -> str: ...

    def ngettext(self, singular: str, plural: str, number: int, /) -> str: ...


def _as_it_is(code: str) -> str:
    return code


@dataclass(frozen=True)
class Words:
    """`languages` makes a language's name of its code; `questions` are the texts of the questions by code."""

    translator: Translator = field(default_factory=NullTranslations)
    languages: Callable[[str], str] = _as_it_is
    questions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def of_pair(self, reasons: Sequence[Reason], reader: Reader, mentee: str, mentor: str) -> str:
        """Sentences, one after the other. `mentee` and `mentor` are what the two are called."""
        told = (self.of_reason(reason, reader, mentee, mentor) for reason in reasons)
        return " ".join(said for each in told for _speaks_for, said in each)

    def of_reason(self, reason: Reason, reader: Reader, mentee: str, mentor: str) -> list[tuple[bool, str]]:
        """Its sentences, each with whether it speaks for the pair: that some of what is sought is not offered does not,
        though the rest is."""
        said = self._sentences(reason, reader, {"mentee": mentee, "mentor": mentor})
        return [(reason.speaks_for and not number, _begun(each)) for number, each in enumerate(said)]

    def of_unmatched(self, why: Unmatched, name: str, called: Callable[[Key], str]) -> str:
        """Why somebody has no match and what would help, for those who run the program. `called` names the others."""
        said = (self.of_cause(why, name, called), self.of_change(why, name, called))
        return " ".join(filter(None, said))

    def of_cause(self, why: Unmatched, name: str, called: Callable[[Key], str]) -> str:
        """The first of the two alone: why."""
        return _begun(self._cause(why, name, called))

    def of_change(self, why: Unmatched, name: str, called: Callable[[Key], str]) -> str:
        """The second alone: what would help; empty where nothing is known to."""
        return _begun(self._change(why.change, name, called(why.change.mentor))) if why.change else ""

    def listed(self, names: Sequence[str]) -> str:
        """`a`, `a and b`, `a, b and c`."""
        _ = self.translator.gettext
        if len(names) < 2:
            return "".join(names)
        return _("%(several)s and %(last)s") % {"several": ", ".join(names[:-1]), "last": names[-1]}

    def counted(self, number: int) -> str:
        """As a word from two up to twelve, else in digits."""
        _ = self.translator.gettext
        # fmt: off
        words = [
            _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"),
            _("eight"), _("nine"), _("ten"), _("eleven"), _("twelve"),
        ]
        # fmt: on
        return words[number - 2] if 2 <= number <= 12 else str(number)

    def must(self, must: Must) -> str:
        """What a must-have asks for."""
        _ = self.translator.gettext
        texts = {
            "blocked": _("no pair that is ruled out"),
            "self": _("somebody else"),
            "earlier": _("somebody new"),
            # Who reports to whom is told to nobody, nor who was no fit for whom.
            "never": _("no pair that is ruled out"),
            "line": _("no pair that is ruled out"),
            "language": _("a language in common"),
            "hours": _("enough hours in common"),
            "zone": _("time zones that are near enough"),
            "department": _("another department"),
        }
        if must.kind in texts:
            return texts[must.kind]
        if must.code in self.questions:
            return _("the answer to “%(question)s”") % {"question": self.questions[must.code]}
        return _("an answer that the program asks for")

    def _sentences(self, reason: Reason, reader: Reader, names: Mapping[str, str]) -> list[str]:
        say = {
            Kind.SKILLS: self._skills,
            Kind.LANGUAGES: self._languages,
            Kind.HOURS: self._hours,
            Kind.INTERESTS: self._interests,
            Kind.SENIORITY: self._seniority,
            Kind.DEPARTMENT: self._department,
            Kind.ANSWER: self._answer,
            Kind.LOCKED: self._locked,
        }[reason.kind]
        return [text % names for text in say(reason, reader)]

    def _skills(self, reason: Reason, reader: Reader) -> list[str]:
        _ = self.translator.gettext
        sought, missing = self.listed(reason.names), self.listed(reason.missing)
        if not reason.names:
            text = {
                Reader.ADMIN: _(
                    "%(mentee)s asked for help with %(skills)s, which %(mentor)s does not offer."
                ),
                Reader.MENTEE: _("You asked for help with %(skills)s, which %(mentor)s does not offer."),
                Reader.MENTOR: _("%(mentee)s asked for help with %(skills)s, which you do not offer."),
            }[reader]
            return [_with(text, skills=missing)]
        if reason.missing:
            first = {
                Reader.ADMIN: _("Of what %(mentee)s asked for, %(mentor)s offers %(skills)s."),
                Reader.MENTEE: _("Of what you asked for, %(mentor)s offers %(skills)s."),
                Reader.MENTOR: _("Of what %(mentee)s asked for, you offer %(skills)s."),
            }[reader]
            second = {
                Reader.MENTOR: _("You do not offer %(skills)s."),
            }.get(reader, _("%(mentor)s does not offer %(skills)s."))
            return [_with(first, skills=sought), _with(second, skills=missing)]
        several = min(len(reason.names), 3)
        text = {
            (Reader.ADMIN, 1): _("%(mentee)s asked for help with %(skills)s; %(mentor)s offers it."),
            (Reader.ADMIN, 2): _("%(mentee)s asked for help with %(skills)s; %(mentor)s offers both."),
            (Reader.ADMIN, 3): _("%(mentee)s asked for help with %(skills)s; %(mentor)s offers all of it."),
            (Reader.MENTEE, 1): _("You asked for help with %(skills)s; %(mentor)s offers it."),
            (Reader.MENTEE, 2): _("You asked for help with %(skills)s; %(mentor)s offers both."),
            (Reader.MENTEE, 3): _("You asked for help with %(skills)s; %(mentor)s offers all of it."),
            (Reader.MENTOR, 1): _("%(mentee)s asked for help with %(skills)s; you offer it."),
            (Reader.MENTOR, 2): _("%(mentee)s asked for help with %(skills)s; you offer both."),
            (Reader.MENTOR, 3): _("%(mentee)s asked for help with %(skills)s; you offer all of it."),
        }[reader, several]
        return [_with(text, skills=sought)]

    def _languages(self, reason: Reason, reader: Reader) -> list[str]:
        _ = self.translator.gettext
        if not reason.names:
            return [_("They differ on language.") if reader is Reader.ADMIN else _("You differ on language.")]
        text = (
            _("Both speak %(languages)s.") if reader is Reader.ADMIN else _("You both speak %(languages)s.")
        )
        return [_with(text, languages=self.listed([self.languages(code) for code in reason.names]))]

    def _hours(self, reason: Reason, reader: Reader) -> list[str]:
        _, ngettext = self.translator.gettext, self.translator.ngettext
        whole, half = divmod(reason.number, 2)
        if not reason.number:
            return [_("No shared hours.")]
        if not whole:
            return [_("Half a shared hour a week.")]
        text = (
            ngettext("More than one shared hour a week.", "More than %(hours)s shared hours a week.", whole)
            if half
            else ngettext("One shared hour a week.", "%(hours)s shared hours a week.", whole)
        )
        return [_with(text, hours=self.counted(whole))]

    def _interests(self, reason: Reason, reader: Reader) -> list[str]:
        _ = self.translator.gettext
        text = (
            _("Both are interested in %(interests)s.")
            if reader is Reader.ADMIN
            else _("You are both interested in %(interests)s.")
        )
        return [_with(text, interests=self.listed(reason.names))]

    def _seniority(self, reason: Reason, reader: Reader) -> list[str]:
        ngettext = self.translator.ngettext
        if reason.number < 1:
            return []  # That a mentor is not ahead is nothing to tell anybody.
        text = {
            Reader.ADMIN: ngettext(
                "%(mentor)s is one step ahead of %(mentee)s.",
                "%(mentor)s is %(steps)s steps ahead of %(mentee)s.",
                reason.number,
            ),
            Reader.MENTEE: ngettext(
                "%(mentor)s is one step ahead of you.",
                "%(mentor)s is %(steps)s steps ahead of you.",
                reason.number,
            ),
            Reader.MENTOR: ngettext(
                "You are one step ahead of %(mentee)s.",
                "You are %(steps)s steps ahead of %(mentee)s.",
                reason.number,
            ),
        }[reader]
        return [_with(text, steps=self.counted(reason.number))]

    def _department(self, reason: Reason, reader: Reader) -> list[str]:
        _ = self.translator.gettext
        if reason.likeness is Likeness.SAME:
            same = reader is Reader.ADMIN
            return [_("They work in the same department.") if same else _("You work in the same department.")]
        if reader is Reader.ADMIN:
            return [_("They work in different departments.")]
        return [_("You work in different departments.")]

    def _answer(self, reason: Reason, reader: Reader) -> list[str]:
        _ = self.translator.gettext
        question = self.questions.get(reason.code)
        if question is None:
            return []
        if reason.likeness is Likeness.SAME:
            text = (
                _("Both answered “%(question)s” with: %(answers)s.")
                if reader is Reader.ADMIN
                else _("You both answered “%(question)s” with: %(answers)s.")
            )
            return [_with(text, question=question, answers=self.listed(reason.names))]
        text = (
            _("They answered “%(question)s” differently.")
            if reader is Reader.ADMIN
            else _("You answered “%(question)s” differently.")
        )
        return [_with(text, question=question)]

    def _locked(self, reason: Reason, reader: Reader) -> list[str]:
        _ = self.translator.gettext
        return [_("You locked this pair.")] if reader is Reader.ADMIN else []

    def _cause(self, why: Unmatched, name: str, called: Callable[[Key], str]) -> str:
        _ = self.translator.gettext
        others = self.listed([called(key) for key in why.could_be_with])
        if why.emptied_by:
            return self._emptied(why.emptied_by) % {"name": name}
        text = {
            Cause.NOBODY_THERE: _("There is nobody to match %(name)s with."),
            Cause.FULL: _("Whoever %(name)s could be with has no room left: %(others)s."),
            Cause.NO_ROOM: _("%(name)s has room for nobody."),
            Cause.NOT_NEEDED: _("Those whom %(name)s could be with are with others: %(others)s."),
        }[why.cause]
        return text % {"name": name, "others": others}

    def _emptied(self, must: Must) -> str:
        """That it left nobody."""
        _ = self.translator.gettext
        texts = {
            "earlier": _("Everybody who is left has been with %(name)s before."),
            "language": _("Nobody who is left speaks a language that %(name)s speaks."),
            "hours": _("Everybody who is left has too few hours in common with %(name)s."),
            "zone": _("Everybody who is left is too many time zones away from %(name)s."),
            "department": _("Everybody who is left works in the department of %(name)s."),
        }
        if must.kind in texts:
            return texts[must.kind]
        if must.kind != "question":
            # Who reports to whom is told to nobody, nor that somebody is ruled out.
            return _("%(name)s can be no pair with anybody who is left.")
        if must.code in self.questions:
            said = _("Nobody who is left has an answer to “%(question)s” that fits the one of %(name)s.")
            return _with(said, question=self.questions[must.code])
        return _("Nobody who is left has the answer that the program asks for.")

    def _change(self, change: Change, name: str, mentor: str) -> str:
        _ = self.translator.gettext
        waived = self.listed([self._matter(must) for must in change.waives])
        if change.waives and change.adds_place:
            text = _(
                "If %(musts)s did not matter for these two, and %(mentor)s had one more place, "
                "%(mentor)s would fit."
            )
        elif change.waives:
            text = _("If %(musts)s did not matter for these two, %(mentor)s would fit.")
        else:
            text = _("One more place with %(mentor)s would do.")
        return text % {"name": name, "mentor": mentor, "musts": waived}

    def _matter(self, must: Must) -> str:
        """What it is about, as something that may matter or not."""
        _ = self.translator.gettext
        texts = {
            "language": _("languages"),
            "hours": _("hours in common"),
            "zone": _("time zones"),
            "department": _("departments"),
        }
        if must.kind in texts:
            return texts[must.kind]
        if must.code in self.questions:
            return _("the answers to “%(question)s”") % {"question": self.questions[must.code]}
        return _("the answers that the program asks for")


def _with(text: str, **said: str) -> str:
    """Fill in what is known here, and leave the names of the two; what people wrote may hold a percent sign."""
    return re.sub(
        r"%\((\w+)\)s",
        lambda found: said[found[1]].replace("%", "%%") if found[1] in said else found[0],
        text,
    )


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
