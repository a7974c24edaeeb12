"""The programs of the demo: the one that it is about, with its settings, and others in which people wear other hats."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from accounts.models import User
from mentoring.models import Enrollment, Holiday, Pairing, Program, ProgramAdmin

from . import people
from .calendar import DAY, Times, working_day

SLUG = "five-harbors"
HOME, OTHER_HOME = "Europe/Lisbon", "America/Halifax"
ACCENT = "#1f8a83"  # Seen on light paper and on dark, each with a contrast of more than three to one.

GROUND_RULES = """\
What is said in an hour stays between the two of you, unless you agree on something else.
Come, or say beforehand that you cannot. Twice without a word, and somebody from the program asks how you are.
A mentor is nobody's line, and writes no references.
Either of you may end it at any time, without a reason, and with a friendly word."""
AGREEMENT = """\
We meet once a month for an hour, and each of us may move a date once.
What we say stays with us. What may be told to others, we say so.
We look back together at the end of each quarter, and decide whether to go on.
When it is over we say so to each other, and thank each other for one thing."""


def settings(times: Times) -> dict[str, Any]:
    """Of the program that the demo is about. How many places there are is known once people are in it."""
    return {
        "name": "Five Harbors Mentoring",
        "slug": SLUG,
        "purpose": (
            "Pairs people who keep a harbor city running: in its hospitals, its university, its engineering firms and "
            "its city office. One hour a month, across the water. Both sides are here to learn."
        ),
        "time_zone": HOME,
        "fiscal_first_month": times.first_month,
        "starts_on": times.began_on,
        "has_wall": True,
        "help_url": "https://harbor.example/help",
        "join_policy": Program.JoinPolicy.APPROVAL,
        "matched_by": Program.MatchedBy.BOTH,
        "mentors_are": "You have done your work for five years or more, and have an hour a month for somebody.",
        "mentees_are": "You are new to your work, to your city, or to what is asked of you now.",
        "ground_rules": GROUND_RULES,
        "agreement": AGREEMENT,
        "accent": ACCENT,
        "contact_name": "Teresa",
        "contact_email": people.ADMIN_EMAIL,
        "concern_name": "Inácio Ramires",
        "concern_email": "listening@harbor.example",
        "created_at": times.at(times.began_on - 40 * DAY, 9),
    }


def holidays(program: Program, times: Times) -> None:
    """One behind us and one well ahead, whatever the day: the demo's own e-mails are to go out now."""
    last, coming = working_day(times.today - 48 * DAY), working_day(times.today + 75 * DAY)
    Holiday.objects.bulk_create(
        [
            Holiday(program=program, name="Harbor day", starts_on=last, ends_on=last),
            Holiday(program=program, name="Quiet week", starts_on=coming, ends_on=coming + 6 * DAY),
        ]
    )


def hill_school(times: Times) -> Program:
    """A program of other people, so that one can see that its admin sees nothing of the first."""
    return Program.objects.create(
        name="Hill School Mentors",
        slug="hill-school",
        purpose="Teachers in their first years, each with somebody who remembers theirs.",
        time_zone=OTHER_HOME,
        fiscal_first_month=times.first_month % 12 + 1,
        starts_on=times.today - 30 * DAY,
        contact_name="Ilse",
        contact_email=people.OTHER_ADMIN_EMAIL,
        created_at=times.at(times.today - 50 * DAY, 9),
    )


def make_more(program: Program, users: Mapping[str, User], times: Times) -> None:
    """An earlier cohort that is archived, one in which a mentor of ours is a mentee, and one that is open to all."""
    _earlier(program, users, times)
    _fresh_eyes(users, times)
    _open_water(users, times)


def _earlier(program: Program, users: Mapping[str, User], times: Times) -> None:
    first = working_day(times.began_on - 370 * DAY)
    last = times.began_on - 20 * DAY
    earlier = _made(
        times,
        admin=people.ADMIN_EMAIL,
        name=f"Harbor Mentors {last.year}",
        slug="harbor-mentors-before",
        purpose="The first round of what became Five Harbors: eight people, one city, and a kettle.",
        status=Program.Status.ARCHIVED,
        time_zone=HOME,
        fiscal_first_month=times.first_month,
        starts_on=first,
        ends_on=last,
        contact_name="Teresa",
        contact_email=people.ADMIN_EMAIL,
        users=users,
    )
    Program.objects.filter(pk=program.pk).update(follows=earlier)
    for key, role in (("hanne", "mentor"), ("ines", "mentee"), ("jonas", "mentee"), ("beatriz", "mentee")):
        _place(earlier, users[f"{key}@harbor.example"], role, Enrollment.Status.COMPLETED, times)
    for key in ("ines", "beatriz"):
        _pair(earlier, users, "hanne", key, Pairing.Status.COMPLETED, times)


def _fresh_eyes(users: Mapping[str, User], times: Times) -> None:
    """Hanne, a mentor elsewhere, is a mentee here, and Jonas, whom she mentored, is her mentor."""
    reverse = _made(
        times,
        admin=people.SUPERUSER_EMAIL,
        name="Fresh Eyes",
        slug="fresh-eyes",
        purpose="People in their first years show those with many what they see, and which tools they would use.",
        time_zone=HOME,
        fiscal_first_month=times.first_month % 12 + 1,
        starts_on=times.today - 25 * DAY,
        roles=Program.Roles.EITHER,
        mentors_are="You have been here for less than three years.",
        mentees_are="You have been here for longer than you can count.",
        contact_name="Ruth",
        contact_email=people.SUPERUSER_EMAIL,
        users=users,
    )
    _place(reverse, users["jonas@harbor.example"], "mentor", Enrollment.Status.ACTIVE, times)
    _place(reverse, users[people.MENTOR_EMAIL], "mentee", Enrollment.Status.ACTIVE, times)
    _pair(
        reverse, users, "jonas", "hanne", Pairing.Status.ACTIVE, times, focus="models that run by themselves"
    )


def _open_water(users: Mapping[str, User], times: Times) -> None:
    """Whoever wants to may join this one, at once; none of those who sign in has yet, but Callum."""
    peers = _made(
        times,
        admin=people.SUPERUSER_EMAIL,
        name="Open Water",
        slug="open-water",
        purpose="Peers who meet in twos to think aloud. No years are counted, and everybody is asked something.",
        time_zone=HOME,
        fiscal_first_month=times.first_month % 12 + 1,
        starts_on=times.today - 20 * DAY,
        roles=Program.Roles.PEERS,
        join_policy=Program.JoinPolicy.OPEN,
        matched_by=Program.MatchedBy.MENTEES,
        contact_name="Ruth",
        contact_email=people.SUPERUSER_EMAIL,
        users=users,
    )
    for key in ("callum", "ines", "laila"):
        _place(peers, users[f"{key}@harbor.example"], "both", Enrollment.Status.ACTIVE, times)


def _made(times: Times, *, admin: str, users: Mapping[str, User], **fields: Any) -> Program:
    fields["created_at"] = times.at(fields["starts_on"] - 20 * DAY, 9)
    program = Program.objects.create(**fields)
    ProgramAdmin.objects.create(program=program, person=users[admin], created_at=program.created_at)
    return program


def _place(program: Program, person: User, role: str, status: str, times: Times) -> None:
    since = times.at(program.starts_on - 2 * DAY, 10)
    Enrollment.objects.create(
        program=program,
        person=person,
        role=role,
        status=status,
        capacity=2,
        joined_on=program.starts_on,
        created_at=since,
    )
    if person.joined_at > since:
        User.objects.filter(pk=person.pk).update(joined_at=since - timedelta(hours=1))


def _pair(
    program: Program,
    users: Mapping[str, User],
    mentor: str,
    mentee: str,
    status: str,
    times: Times,
    focus: str = "",
) -> None:
    asked_at = times.at(program.starts_on, 12)
    Pairing.objects.create(
        program=program,
        mentor=users[f"{mentor}@harbor.example"],
        mentee=users[f"{mentee}@harbor.example"],
        status=status,
        focus=focus,
        mentor_accepted_at=asked_at,
        mentee_accepted_at=asked_at,
        starts_on=working_day(program.starts_on + 7 * DAY),
        ended_on=program.ends_on,
        created_at=asked_at,
    )
