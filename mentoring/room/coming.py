"""Meetings that are to come, and times that wait for an answer, as one of the two sees them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from mentoring import rules
from mentoring.models import Attendance, Meeting, MeetingProposal, Pairing, ProposedTime
from mentoring.models.meeting import MeetingQuerySet

Answer = Attendance.Answer
# On the page of the two, the next one as a whole; all of them have a page of their own.
SHOWN = 3


@dataclass(frozen=True)
class Coming:
    """`mine` and `theirs` are values of `Attendance.Answer`, empty for a meeting that stands in no calendar. `others`
    is how many mentees besides this one it is for."""

    meeting: Meeting
    may_move: bool
    may_cancel: bool
    may_answer: bool
    mine: str = ""
    theirs: str = ""
    others: int = 0

    @property
    def in_series(self) -> bool:
        arrangement = self.meeting.arrangement
        return arrangement is not None and arrangement.is_series

    @property
    def waits_for_me(self) -> bool:
        return self.may_answer and self.mine == Answer.NEEDS_ACTION

    @property
    def cannot_come(self) -> bool:
        """Whether the other one has said so."""
        return self.theirs == Answer.DECLINED

    @property
    def said_no(self) -> bool:
        return self.mine == Answer.DECLINED


def rows(pairing: Pairing, now: datetime) -> MeetingQuerySet:
    """Those to come of this pairing, the next first, each with the number `company` of pairings that it is for."""
    together = (
        Meeting.objects.planned()
        .filter(arrangement=OuterRef("arrangement"), original_at=OuterRef("original_at"))
        .order_by()
        .values("arrangement")
        .annotate(number=Count("pairing", distinct=True))
        .values("number")
    )
    found = Meeting.objects.filter(pairing=pairing).coming(now).select_related("arrangement")
    return found.annotate(company=Coalesce(Subquery(together, output_field=IntegerField()), 1)).order_by(
        "starts_at", "pk"
    )


def seen_by(user: User, pairing: Pairing, meetings: Iterable[Meeting], now: datetime) -> list[Coming]:
    """Of `rows`; one query more, however many they are."""
    listed = list(meetings)
    said: dict[tuple[int, int | None, int], str] = {}
    arrangements = {each.arrangement_id for each in listed if each.arrangement_id is not None}
    if arrangements:
        answers = Attendance.objects.filter(
            arrangement__in=arrangements, person__in=[pairing.mentor_id, pairing.mentee_id]
        )
        for of, one, person, answer in answers.values_list("arrangement", "meeting", "person", "answer"):
            said[of, one, person] = answer

    def answer_of(person_id: int, meeting: Meeting) -> str:
        if meeting.arrangement_id is None:
            return ""
        to_this = said.get((meeting.arrangement_id, meeting.pk, person_id))
        return to_this or said.get((meeting.arrangement_id, None, person_id), "")

    found = []
    for meeting in listed:
        meeting.pairing = pairing
        company: int = getattr(meeting, "company", 1)
        found.append(
            Coming(
                meeting,
                may_move=rules.may_move_meeting(user, meeting, now, is_for_several=company > 1),
                may_cancel=rules.may_cancel_meeting(user, meeting, now),
                may_answer=meeting.arrangement_id is not None
                and rules.may_answer_meeting(user, meeting, now),
                mine=answer_of(user.pk, meeting),
                theirs=answer_of(pairing.partner_key(user), meeting),
                others=company - 1,
            )
        )
    return found


@dataclass(frozen=True)
class Waiting:
    """A proposal that waits for an answer, with those of its times that are still to come."""

    proposal: MeetingProposal
    is_mine: bool
    times: list[ProposedTime] = field(default_factory=list)


def waiting(pairing: Pairing, user: User, now: datetime) -> Waiting | None:
    """The one that is open, if there is one with times to come."""
    times = list(
        ProposedTime.objects.filter(
            proposal__pairing=pairing, proposal__state=MeetingProposal.State.OPEN, starts_at__gt=now
        )
        .select_related("proposal__moves", "proposal__proposed_by")
        .order_by("starts_at")
    )
    if not times or not rules.may_plan_meeting(user, pairing):
        return None
    proposal = times[0].proposal
    proposal.pairing = pairing
    return Waiting(proposal, is_mine=proposal.proposed_by_id == user.pk, times=times)
