"""The agreement of a pair as its pages show it: what holds, what was suggested, and what each says of hard feedback.
Three questions to the database."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from accounts.models import User
from accounts.vault import data_keys, reading
from accounts.vault.errors import Unreadable
from mentoring import rules
from mentoring.models import Agreement, FeedbackWish, Pairing

from .agree_words import HEADINGS, suggested

State = Agreement.State


@dataclass(frozen=True)
class Clause:
    """`was` is what it said in the version that holds, where a suggestion would change it."""

    name: str
    heading: str
    text: str
    was: str = ""
    is_changed: bool = False


class AgreementPage:
    """For one of the two. `newest` is the last version of all, whatever became of it; `proposed` waits for an answer;
    `agreed` is what holds."""

    def __init__(self, pairing: Pairing, reader: User) -> None:
        self.pairing, self.reader, self.partner = pairing, reader, pairing.partner_of(reader)
        versions = list(_that_count(pairing))
        self.proposed = next((one for one in versions if one.state == State.PROPOSED), None)
        self.agreed = next((one for one in versions if one.state == State.AGREED), None)
        self.newest = versions[0] if versions else None
        wishes = list(FeedbackWish.objects.visible_to(reader).filter(pairing=pairing))
        self.my_wish_row = next((one for one in wishes if one.person_id == reader.pk), None)
        self.their_wish_row = next((one for one in wishes if one.person_id != reader.pk), None)
        if versions or wishes:
            data_keys.prepare([pairing.mentor_id, pairing.mentee_id])

    @property
    def may_write(self) -> bool:
        return rules.may_write_in_room(self.reader, self.pairing)

    @property
    def is_mine(self) -> bool:
        """Whether what was suggested is the reader's own."""
        return self.proposed is not None and self.proposed.proposed_by_id == self.reader.pk

    @property
    def waits_for_me(self) -> bool:
        return self.may_write and self.proposed is not None and not self.is_mine

    @property
    def was_declined(self) -> bool:
        """The reader's own last suggestion, to which the other one said no."""
        return (
            self.newest is not None
            and self.newest.state == State.DECLINED
            and self.newest.proposed_by_id == self.reader.pk
        )

    @property
    def seen(self) -> int:
        """What a form of this page answers to: the number of the newest version, 0 for none."""
        return self.newest.number if self.newest else 0

    @cached_property
    def agreed_clauses(self) -> list[Clause]:
        return clauses_of(self.agreed) if self.agreed else []

    @cached_property
    def proposed_clauses(self) -> list[Clause]:
        return clauses_of(self.proposed, before=self.agreed) if self.proposed else []

    @property
    def my_wish(self) -> str:
        return reading.words(self.my_wish_row, "text") if self.my_wish_row else ""

    @property
    def their_wish(self) -> str:
        return reading.words(self.their_wish_row, "text") if self.their_wish_row else ""

    @property
    def typed_wish(self) -> str:
        """For a field: nothing where the words cannot be read, or the sentence about that would be saved as theirs."""
        return _typed(self.my_wish_row, "text") if self.my_wish_row else ""

    def first_words(self) -> dict[str, str]:
        """What stands in the form for a suggestion: what was suggested last, what holds, or what the reader suggested
        before in vain; where there is nothing of it, words to begin with."""
        version = self.proposed or self.agreed
        if version is None and self.newest and self.newest.proposed_by_id == self.reader.pk:
            version = self.newest
        if version is None:
            return suggested(self.pairing.program)
        return {name: _typed(version, name) for name in Agreement.CLAUSES}


def clauses_of(version: Agreement, *, before: Agreement | None = None) -> list[Clause]:
    """Those that say something, in their order; with `before`, also those that would say nothing any more."""
    found = []
    for name in Agreement.CLAUSES:
        text = reading.words(version, name)
        was = reading.words(before, name) if before else ""
        if text or was:
            is_changed = before is not None and text != was
            found.append(Clause(name, str(HEADINGS[name]), text, was if is_changed else "", is_changed))
    return found


def _that_count(pairing: Pairing) -> list[Agreement]:
    """The version that holds, the one that waits, and the newest of all: three rows at most, the newest first."""
    rows = Agreement.objects.filter(pairing=pairing).newest_first()
    those = Q(state__in=[State.PROPOSED, State.AGREED]) | Q(pk__in=rows.values("pk")[:1])
    return list(rows.filter(those))


def _typed(row: Agreement | FeedbackWish, name: str) -> str:
    try:
        return str(getattr(row, name))
    except Unreadable:
        return ""
