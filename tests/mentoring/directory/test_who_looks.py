"""Who may look through the mentors of a program, and whom they find there."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Profile, User
from mentoring import rules
from mentoring.matching.people import Pair
from mentoring.models import Enrollment, MatchingCriteria, Pairing, Program, RuledOut
from mentoring.pool import never_with, to_match
from tests.conftest import NOW, TODAY, enroll, make_person, pair, signed_in

from .conftest import Make

pytestmark = pytest.mark.django_db


def names(person: User, program: Program, **query: object) -> list[str]:
    """First names of those on the first page, in their order."""
    page = signed_in(person).get(reverse("programs:mentors", args=[program.pk]), query)
    return [card.person.first_name for card, _form in page.context["cards"]]


@pytest.mark.parametrize("directory_for", Program.DirectoryFor.values)
@pytest.mark.parametrize("role", Enrollment.Role.values)
@pytest.mark.parametrize("status", Enrollment.Status.values)
def test_the_directory_is_open_to_those_whom_the_program_lets_look(
    asking: Program, outsider: User, directory_for: str, role: str, status: str
) -> None:
    Program.objects.update(directory_for=directory_for)
    place = enroll(asking, outsider, role, status=status)
    looks = status == "active" and (directory_for == "members" or role != "mentor")
    answer = signed_in(outsider).get(reverse("programs:mentors", args=[asking.pk]))
    assert answer.status_code == (200 if looks else 404)
    place.program.refresh_from_db()
    assert rules.may_look(place, NOW) is looks
    assert Program.objects.with_directory_for(outsider, NOW).exists() is looks


@pytest.mark.parametrize(
    "fields",
    [
        {"matched_by": "admins"},
        *({"status": status} for status in ("draft", "paused", "closed", "archived")),
        {"ends_on": TODAY - timedelta(days=1)},
    ],
)
def test_there_is_no_directory_where_nobody_may_ask(
    asking: Program, mentee: User, fields: dict[str, object]
) -> None:
    Program.objects.update(**fields)
    assert signed_in(mentee).get(reverse("programs:mentors", args=[asking.pk])).status_code == 404
    place = Enrollment.objects.select_related("program").get(person=mentee)
    assert not rules.may_look(place, NOW)


def test_the_last_day_of_a_program_is_one_of_its_days(asking: Program, mentee: User) -> None:
    Program.objects.update(ends_on=TODAY)
    assert signed_in(mentee).get(reverse("programs:mentors", args=[asking.pk])).status_code == 200


def test_strangers_program_admins_and_superusers_find_no_directory(
    asking: Program, outsider: User, admin: User, superuser: User
) -> None:
    for person in (outsider, admin, superuser):
        assert signed_in(person).get(reverse("programs:mentors", args=[asking.pk])).status_code == 404


def test_only_mentors_who_are_here_now_are_listed_and_never_oneself(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    make_mentor("Here")
    both = make_mentor("Both", role="both")
    for name, fields in (("Gone", {"status": "withdrawn"}), ("Rests", {"status": "paused"})):
        Enrollment.objects.filter(person=make_mentor(name)).update(**fields)
    for name, state in (("Shut", {"is_active": False}), ("Leaves", {"erasure_due_at": NOW})):
        User.objects.filter(pk=make_mentor(name).pk).update(**state)
    assert set(names(mentee, asking)) == {"Here", "Both"}
    assert names(both, asking) == ["Here"]


def test_whoever_can_never_be_their_mentor_is_not_listed_and_not_to_be_asked(
    asking: Program, other_program: Program, make_mentor: Make, mentee: User
) -> None:
    people = {name: make_mentor(name) for name in ("Fits", "Ruled", "No", "Earlier", "Boss", "Report")}
    RuledOut.objects.create(program=other_program, mentor=people["Ruled"], mentee=mentee, because="not_a_fit")
    pair(asking, people["No"], mentee, status="declined")
    pair(other_program, people["Earlier"], mentee, status="completed", ended_on=TODAY)
    Enrollment.objects.filter(person=mentee).update(line_manager=people["Boss"].email)
    Enrollment.objects.filter(person=people["Report"]).update(line_manager=mentee.email)
    assert names(mentee, asking) == ["Fits"]
    for name, person in people.items():
        answer = signed_in(mentee).get(reverse("programs:ask", args=[asking.pk, person.pk]))
        assert answer.status_code == (200 if name == "Fits" else 404), name
    MatchingCriteria.objects.create(program=asking, not_again=False, outside_reporting_line=False)
    assert set(names(mentee, asking)) == {"Fits", "Earlier", "Boss", "Report"}


@pytest.mark.parametrize("status", Pairing.OPEN)
def test_whoever_one_has_a_pairing_with_stays_listed_when_the_other_says_it_is_no_fit(
    asking: Program, make_mentor: Make, mentee: User, status: str
) -> None:
    asking.pairings_per_mentee = 2
    asking.save()
    odile = make_mentor("Odile", capacity=3)
    theirs = pair(asking, odile, mentee, status=status)
    look = reverse("programs:mentors", args=[asking.pk])

    def card() -> tuple[Pairing | None, bool, bool]:
        ((found, _form),) = signed_in(mentee).get(look).context["cards"]
        return found.pairing, found.may_ask, found.may_watch

    before = card()
    assert before == (theirs, False, False)
    RuledOut.objects.create(program=asking, mentor=odile, mentee=mentee, because="not_a_fit")
    assert card() == before
    ended = {"ended_on": TODAY} if status in (Pairing.Status.ACTIVE, Pairing.Status.PAUSED) else {}
    Pairing.objects.filter(pk=theirs.pk).update(status="ended" if ended else "expired", **ended)
    assert names(mentee, asking) == []


def test_never_is_what_the_matching_never_does(
    asking: Program, make_mentor: Make, mentee: User, member: User
) -> None:
    """But for pairs that are open now, which a run does not make a second time and a directory shows as they stand."""
    people = [make_mentor(f"Mentor{number}") for number in range(8)]
    RuledOut.objects.create(program=asking, mentor=mentee, mentee=people[0])
    RuledOut.objects.create(program=asking, mentor=people[1], mentee=member)
    pair(asking, people[2], mentee, status="declined")
    pair(asking, people[3], mentee, status="ended", ended_on=TODAY)
    pair(asking, people[4], mentee, status="requested", mentor_accepted_at=None)
    places = Enrollment.objects.filter(program=asking)
    places.filter(person=mentee).update(line_manager=people[5].email)
    places.filter(person=people[5]).update(line_manager=people[6].email)
    shut = {each for each, _why in to_match(asking, NOW).matching.shut()}
    mentors = {person.pk for person in people}
    expected = {key for key in mentors if Pair(mentee.pk, key) in shut} - {people[4].pk}
    assert never_with(asking, mentee.pk) & mentors == expected
    assert len(expected) == 5


def test_a_photo_is_given_out_to_those_whom_the_directory_shows_it_and_the_profile_is_not(
    asking: Program, make_mentor: Make, mentee: User, outsider: User, settings: object
) -> None:
    from accounts.models import Photo

    mentor = make_mentor("Odile")
    User.objects.filter(pk=mentor.pk).update(photo_key="abcdef")
    Photo.objects.create(person=mentor, image=b"webp")
    path = reverse("people:photo", args=[mentor.pk, "abcdef"])
    listed = reverse("programs:mentors", args=[asking.pk])
    assert signed_in(mentee).get(path).status_code == 200
    assert path in signed_in(mentee).get(listed).content.decode()
    assert signed_in(outsider).get(path).status_code == 404
    assert signed_in(mentee).get(reverse("people:detail", args=[mentor.pk])).status_code == 404
    Program.objects.update(directory_shows=["headline"])
    assert signed_in(mentee).get(path).status_code == 404
    assert path not in signed_in(mentee).get(listed).content.decode()


@pytest.mark.parametrize(
    ("readers", "is_paired", "is_seen"),
    [("me", True, False), ("paired", False, False), ("paired", True, True), ("programs", False, True)],
)
def test_pronouns_are_shown_to_those_for_whom_they_are(
    asking: Program, make_mentor: Make, mentee: User, readers: str, is_paired: bool, is_seen: bool
) -> None:
    mentor = make_mentor("Odile", pronouns="siskin/siskins", pronouns_for=readers)
    if is_paired:
        pair(asking, mentor, mentee)
    page = signed_in(mentee).get(reverse("programs:mentors", args=[asking.pk])).content.decode()
    assert ("siskin/siskins" in page) is is_seen


def test_the_address_of_whoever_gave_no_name_is_not_shown(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    User.objects.filter(pk=make_mentor("Odile").pk).update(name="")
    page = signed_in(mentee).get(reverse("programs:mentors", args=[asking.pk])).content.decode()
    assert "odile@" not in page


def test_a_mentor_is_told_what_the_directory_shows_of_them(
    asking: Program, mentor: User, mentee: User
) -> None:
    Program.objects.update(directory_shows=["headline"])
    for path in (
        reverse("programs:detail", args=[asking.pk]),
        reverse("programs:edit", args=[asking.pk]),
        reverse("privacy"),
    ):
        page = signed_in(mentor).get(path).content.decode()
        assert "The mentees here can look through the mentors" in page, path
        assert "Whether they have room, Headline." in page, path
        assert "The mentees here can look" not in signed_in(mentee).get(path).content.decode(), path
    Program.objects.update(matched_by="admins")
    assert "can look through the mentors" not in signed_in(mentor).get(reverse("privacy")).content.decode()


def test_a_member_who_mentors_looks_and_asks_nobody(asking: Program, make_mentor: Make, mentor: User) -> None:
    Program.objects.update(directory_for="members")
    odile = make_mentor("Odile")
    page = signed_in(mentor).get(reverse("programs:mentors", args=[asking.pk])).content.decode()
    assert "Odile" in page
    assert "Ask Odile" not in page
    answer = signed_in(mentor).post(reverse("programs:ask", args=[asking.pk, odile.pk]), {"note": "Hello"})
    assert answer.status_code == 200
    assert "In this program you cannot ask a mentor now." in answer.content.decode()
    assert not Pairing.objects.exists()


def test_somebody_who_wrote_nothing_is_listed_all_the_same(
    asking: Program, mentor: User, mentee: User
) -> None:
    assert not Profile.objects.filter(person=mentor).exists()
    assert names(mentee, asking) == ["Noor"]


def test_the_ways_to_the_directory_are_where_somebody_looks_for_a_pair(
    asking: Program, mentor: User, mentee: User
) -> None:
    way = reverse("programs:mentors", args=[asking.pk])
    for path in ("/", reverse("pairings:list"), reverse("programs:detail", args=[asking.pk])):
        assert way in signed_in(mentee).get(path).content.decode(), path
        assert way not in signed_in(mentor).get(path).content.decode(), path
    make_person("x@harbor.example", "Xenia")
    Program.objects.update(matched_by="admins")
    for path in ("/", reverse("pairings:list"), reverse("programs:detail", args=[asking.pk])):
        assert way not in signed_in(mentee).get(path).content.decode(), path
