"""What the people of the demo program kept and answered: moments, reflections, answers with their readers."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from accounts.models import User
from mentoring.models import Program
from reflections.models import Answer, Audience, Moment, PromptKind, Question, Reflection, RoleSet, Round

from . import words
from .calendar import DAY, PAST_QUARTERS, Times, some_day
from .pairs import Pair
from .people import Person
from .words import ANY, Deck, MomentText

POSITIONS = {"mentor": "mentor_position", "mentee": "mentee_position", "both": "both_position"}
# A round's quarter, and how likely a person was to finish, to write a little, to say not this quarter.
ENDINGS = {3: (0.62, 0.06, 0.10), 2: (0.66, 0.06, 0.08), 1: (0.64, 0.08, 0.08), 0: (0.20, 0.14, 0.04)}
TO_PROGRAM, TO_PAIRING = 0.09, 0.42
BEFORE_AFTER = re.compile(r"Before[:,] (.+?) After[:,] (.+)", re.DOTALL)


@dataclass
class Writing:
    """Everybody's material, and who has which partners."""

    program: Program
    pairs: Sequence[Pair]
    users: dict[str, User]
    times: Times
    rng: random.Random
    _decks: dict[object, Deck] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_person: dict[int, list[Pair]] = {}
        for pair in self.pairs:
            for person in (pair.mentor, pair.mentee):
                self._by_person.setdefault(id(person), []).append(pair)

    def pairs_of(self, person: Person, first: date, last: date) -> list[Pair]:
        """Those in which they were a pair with somebody at some time of that span."""
        return [pair for pair in self._by_person.get(id(person), []) if pair.overlaps(first, last)]

    # --- Moments ---

    def moments(self, people: Sequence[Person]) -> Iterator[Moment]:
        for person in people:
            if not person.key and person.joined_on is not None:
                yield from self._invented_moments(person, person.joined_on)
        yield from self._moments_of_the_cast({person.key: person for person in people if person.key})

    def _invented_moments(self, person: Person, joined_on: date) -> Iterator[Moment]:
        rng, times = self.rng, self.times
        keeps_many = rng.random() < 0.3
        for ago in range(PAST_QUARTERS, -1, -1):
            for _ in range(rng.randint(2, 5) if keeps_many else rng.randint(0, 3)):
                day = some_day(rng, max(times.quarter(ago).start, joined_on), times.last_day(ago))
                if day is not None:
                    yield from self._invented_moment(person, day)

    def _invented_moment(self, person: Person, day: date) -> Iterator[Moment]:
        rng = self.rng
        pairs = self.pairs_of(person, day, day)
        pair = rng.choice(pairs) if pairs and rng.random() < 0.45 else None
        if pair is not None:
            text = self._deal("about", "mentor" if pair.mentor is person else "mentee", "", person)
        else:
            who, chance = "mentor" if person.is_mentor else "mentee", rng.random()
            if chance < 0.15 and person.city.language:
                text = self._deal(person.area, who, person.city.language, person)
            else:
                text = self._deal(person.area if chance < 0.6 else ANY, who, "", person)
        if text is None:
            return
        moment = self._moment(person, text.text, day, text.kind, text.for_whom)
        if pair is not None:
            moment.text = text.text.replace("{name}", pair.partner_of(person).first_name)
            if text.kind not in Moment.NEEDS_CARE and rng.random() < 0.6:
                moment.audience, moment.pairing = Audience.PAIRING, pair.saved
        elif text.kind not in Moment.NEEDS_CARE and person.status == "active" and rng.random() < 0.07:
            moment.audience, moment.program = Audience.PROGRAM, self.program
        yield moment

    def _moments_of_the_cast(self, cast: dict[str, Person]) -> Iterator[Moment]:
        for one in words.cast_moments():
            person = cast[one.key]
            day = self.times.last_day(one.quarters_ago) - one.days * DAY
            moment = self._moment(person, one.text, day, one.kind, one.for_whom)
            if one.audience == "program":
                moment.audience, moment.program = Audience.PROGRAM, self.program
            elif one.audience != "me":
                moment.audience = Audience.PAIRING
                moment.pairing = self._pair_with(person, cast[one.audience]).saved
            yield moment

    def _moment(self, person: Person, text: str, day: date, kind: str, whom: str) -> Moment:
        return Moment(
            person=self.users[person.email],
            text=text,
            kind=kind,
            for_whom=whom,
            happened_on=day,
            created_at=self.times.at(day, 17, self.rng.randrange(60), zone=person.city.zone),
        )

    # --- Reflections ---

    def reflections(self, people: Sequence[Person], rounds: dict[int, Round]) -> Iterator["Page"]:
        """`rounds` by how many quarters ago theirs was. Everything comes unsaved."""
        cast = {person.key: person for person in people if person.key}
        for ago, round in sorted(rounds.items(), reverse=True):
            questions = list(round.questions.all())
            for person in people:
                pairs = self.pairs_of(person, round.quarter_start, round.due_on)
                if not pairs:
                    continue
                role = _role(person, pairs)
                asked = [
                    one
                    for one in questions
                    if getattr(one, POSITIONS[role]) is not None and one.kind != PromptKind.VALUES
                ]
                asked.sort(key=lambda one: getattr(one, POSITIONS[role]))
                page = Page(Reflection(person=self.users[person.email], round=round, role=role))
                if person.key:
                    wrote = self._page_of_the_cast(page, person, ago, asked, cast)
                else:
                    wrote = self._invented_page(page, person, ago, asked, pairs)
                if wrote:
                    yield page

    def _invented_page(
        self, page: "Page", person: Person, ago: int, asked: Sequence[Question], pairs: Sequence[Pair]
    ) -> bool:
        rng = self.rng
        finished, draft, declined = ENDINGS[ago]
        chance = rng.random()
        if chance > finished + draft + declined:
            return False
        started_at = self._some_time(page.reflection.round, person)
        if chance > finished + draft:
            page.decline(started_at)
            return True
        is_draft = chance > finished
        first, rest = asked[:1], asked[1:]
        chosen = {
            question.pk for question in rng.sample(rest, rng.randint(0, 2) if is_draft else rng.randint(3, 7))
        }
        for question in (*first, *(one for one in rest if one.pk in chosen)):
            text = self._answer_text(question, person, pairs)
            if text is not None:
                page.answers.append(self._with_readers(page, question, text, pairs, person))
        page.write(started_at, self.times.now, is_finished=not is_draft)
        return True

    def _answer_text(self, question: Question, person: Person, pairs: Sequence[Pair]) -> str | None:
        mentees = [pair for pair in pairs if pair.mentor is person]
        mentors = [pair for pair in pairs if pair.mentee is person]
        who = "mentor" if question.mentor_position is not None and mentees else "mentee"
        texts = words.answers()
        pool = (*texts.get((question.code, who), ()), *texts.get((question.code, ANY), ()))
        about = (mentees if who == "mentor" else mentors) or list(pairs)
        deck = self._decks.get((question.code, who))
        if deck is None:
            deck = self._decks[question.code, who] = Deck(pool, self.rng)
        text = deck.deal(person.told)
        if text is None:
            return None
        person.told.add(text)
        return text.replace("{name}", self.rng.choice(about).partner_of(person).first_name)

    def _with_readers(
        self, page: "Page", question: Question, text: str, pairs: Sequence[Pair], person: Person
    ) -> Answer:
        answer = _answer(question, text)
        chance = self.rng.random() * (3 if question.needs_care else 1)
        if question.is_locked or chance > TO_PROGRAM + TO_PAIRING:
            return answer
        # What names somebody goes to them: anybody else would have to wait for their yes.
        named = [pair for pair in pairs if pair.partner_of(person).first_name in text]
        if chance < TO_PROGRAM and person.status == "active" and not named:
            answer.audience = Audience.PROGRAM
        else:
            answer.audience = Audience.PAIRING
            page.shared_with[question.pk] = named[:1] or list(pairs)
        return answer

    def _page_of_the_cast(
        self, page: "Page", person: Person, ago: int, asked: Sequence[Question], cast: dict[str, Person]
    ) -> bool:
        wrote = {
            one.code: one for one in words.cast_answers() if (one.key, one.quarters_ago) == (person.key, ago)
        }
        round = page.reflection.round
        if not wrote:
            if (person.key, ago) == ("devika", 2):
                page.decline(self._some_time(round, person))
                return True
            return False
        pairs = self.pairs_of(person, round.quarter_start, round.due_on)
        for question in asked:
            one = wrote.get(question.code)
            if one is None:
                continue
            answer = _answer(question, one.text)
            if one.audience == "program":
                answer.audience = Audience.PROGRAM
            elif one.audience != "me":
                answer.audience = Audience.PAIRING
                only = None if one.audience == "pair" else cast[one.audience]
                page.shared_with[question.pk] = [
                    pair for pair in pairs if only is None or pair.partner_of(person) is only
                ]
            page.answers.append(answer)
        is_draft = (person.key, ago) == ("hanne", 0)
        began_at = self._some_time(round, person)
        if is_draft:
            yesterday = max(round.opens_on, self.times.today - DAY)
            began_at = self.times.at(yesterday, 20, 46, zone=person.city.zone)
        page.write(began_at, self.times.now, is_finished=not is_draft)
        return True

    def _some_time(self, round: Round, person: Person) -> datetime:
        """An instant by day at which the page was open, and gone by."""
        last = min(round.closes_on - 4 * DAY, self.times.today)
        day = some_day(self.rng, max(round.opens_on, last - 19 * DAY), last) or last
        return self.times.at(day, self.rng.randint(7, 21), self.rng.randrange(60), zone=person.city.zone)

    # --- Parts ---

    def _deal(self, what: str, who: str, language: str, person: Person) -> MomentText | None:
        """The next text about a partner ("about"), of that area or of any, which this person has not written yet."""
        key = (what, who, language)
        deck = self._decks.get(key)
        if deck is None:
            texts = [one.text for one in words.moments() if one.suits(what, who=who, language=language)]
            deck = self._decks[key] = Deck(texts, self.rng)
        text = deck.deal(person.told)
        if text is None:
            return None
        person.told.add(text)
        return words.moments_by_text()[text]

    def _pair_with(self, person: Person, other: Person) -> Pair:
        return next(
            pair
            for pair in self._by_person[id(person)]
            if pair.has_begun and pair.partner_of(person) is other
        )


@dataclass
class Page:
    """One reflection with its answers, and by question the pairs that may read its answer."""

    reflection: Reflection
    answers: list[Answer] = field(default_factory=list)
    shared_with: dict[int, list[Pair]] = field(default_factory=dict)

    def decline(self, at: datetime) -> None:
        self.reflection.status = Reflection.Status.DECLINED
        self.reflection.started_at = self.reflection.declined_at = at

    def write(self, started_at: datetime, now: datetime, *, is_finished: bool) -> None:
        saved_at = min(started_at + timedelta(minutes=24), now)
        self.reflection.started_at, self.reflection.saved_at = started_at, saved_at
        for answer in self.answers:
            answer.reflection, answer.saved_at = self.reflection, saved_at
        if is_finished:
            self.reflection.status = Reflection.Status.SUBMITTED
            self.reflection.submitted_at = min(saved_at + timedelta(minutes=6), now)


def _answer(question: Question, text: str) -> Answer:
    """A text that says "Before ... After ..." is put into both places of a question that has them."""
    before, after = text, ""
    if question.kind == PromptKind.BEFORE_AFTER and (parts := BEFORE_AFTER.fullmatch(text)):
        before, after = (part[:1].upper() + part[1:] for part in parts.groups())
    return Answer(question=question, text=before, after=after, is_locked=question.is_locked)


def _role(person: Person, pairs: Sequence[Pair]) -> RoleSet:
    """As reflections.rules.role_for says, from what we know already."""
    mentors = any(pair.mentor is person for pair in pairs)
    mentees = any(pair.mentee is person for pair in pairs)
    if mentors and mentees:
        return RoleSet.BOTH
    return RoleSet.MENTOR if mentors else RoleSet.MENTEE
