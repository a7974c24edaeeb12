"""The quarter's e-mails as they would look, for whoever runs the program: on a page, or as a test to themselves."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.mail.kinds import Always, Kind, Letter, Unrenderable, register
from accounts.mail.letters import INLINER
from accounts.mail.models import Message
from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program

from . import editions, emails, rounds
from .models import NudgeTest, NudgeWords, Question, Questionnaire, RoleSet, Round
from .schedule import Nudge

TEST = "template_test"


def register_kinds() -> None:
    always = Always(
        _("Tests of e-mails, if you run a program"), _("You have just sent one to yourself, to see it.")
    )
    register(Kind(TEST, None, _("A test of an e-mail"), test, always=always))


class Preview(NamedTuple):
    """One e-mail as this person would get it, but for what is theirs alone. `html` is a whole page."""

    person: User
    role: RoleSet
    subject: str
    text: str
    html: str


def previews(words: NudgeWords, nudge: Nudge, now: datetime) -> list[Preview]:
    """One for each role that somebody has who is asked, in the language of these words."""
    found = []
    for role in RoleSet:
        person = _somebody(words.program, role)
        if person is None:
            continue
        letter = _letter(words, nudge, role, person, now)
        if letter is not None:
            found.append(Preview(person, role, letter.subject, letter.text, INLINER.inline(letter.html)))
    return found


def test(message: Message) -> Letter:
    """To whoever runs the program, as if they were asked. Raises Unrenderable once the words are gone."""
    row = NudgeTest.objects.select_related("words__program").filter(pk=message.subject_id).first()
    if row is None or row.nudge not in list(Nudge):
        raise Unrenderable("the words are gone")
    letter = _letter(row.words, Nudge(row.nudge), RoleSet(row.role), message.person, message.due_at)
    if letter is None:
        raise Unrenderable("the round asks nobody anything")
    return letter


def _letter(words: NudgeWords, nudge: Nudge, role: RoleSet, person: User, now: datetime) -> Letter | None:
    """Without anything of the person's own: no draft of theirs, and none of their moments."""
    program = words.program
    round = _round(program, now)
    with translation.override(words.language), timezone.override(person.zone):
        question = _first_question(round, role)
        if question is None:
            return None
        return emails.laid_out(nudge, person, round, question, said=words)


def _round(program: Program, now: datetime) -> Round:
    """The one that is asked about now, or is asked about next."""
    today = program.today(now)
    latest = Round.objects.filter(program=program, closes_on__gte=today).order_by("quarter_start").first()
    round = latest or rounds.round_of(program, program.quarter_on(max(today, program.starts_on)))
    round.program = program
    return round


def _first_question(round: Round, role: RoleSet) -> Question | None:
    if round.pk:
        return Question.objects.filter(round=round).for_role(role).first()
    prompts = editions.prompts_of(Questionnaire.objects.for_program(round.program))
    asked: Sequence[Question] = rounds.in_order(rounds.questions_of(round, prompts), role)
    return asked[0] if asked else None


def _somebody(program: Program, role: RoleSet) -> User | None:
    """Somebody who is in a pair and would be asked in that role: the first by name, so that a second look shows the
    same."""
    active = Pairing.objects.active().filter(program=program)
    mentors, mentees = (
        set(active.values_list("mentor", flat=True)),
        set(active.values_list("mentee", flat=True)),
    )
    pks = {
        RoleSet.MENTOR: mentors - mentees,
        RoleSet.MENTEE: mentees - mentors,
        RoleSet.BOTH: mentors & mentees,
    }[role]
    here = Enrollment.objects.active().filter(program=program).values("person")
    people: QuerySet[User] = User.objects.active().filter(pk__in=pks).filter(pk__in=here)
    return people.order_by("name", "pk").first()
