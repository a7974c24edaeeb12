"""A value of one's own on one's profile: by one's own press, a copy of the word, for whoever reads the profile."""

import pytest
from django.urls import reverse

from accounts.models import Profile, User
from mentoring.models import Pairing, Program
from mentoring.people import people_visible_to, readers_of_profile
from reflections.actions import Refused, let_go, name_value, put_on_profile, rename_value, take_off_profile
from reflections.models import Value
from tests.conftest import NOW, TODAY, pair, signed_in

pytestmark = pytest.mark.usefixtures("now")
WORD = "Lighthouse calm"


@pytest.fixture
def value(mentor: User) -> Value:
    return name_value(mentor, WORD, now=NOW)


def profile_of(person: User, reader: User) -> str:
    return signed_in(reader).get(reverse("people:detail", args=[person.pk])).content.decode()


def test_a_value_is_for_its_owner_alone_until_they_put_it_on_their_profile(
    mentor: User, mentee: User, value: Value, pairing: Pairing
) -> None:
    Pairing.objects.filter(pk=pairing.pk).update(status=Pairing.Status.ACTIVE)
    assert WORD not in profile_of(mentor, mentee)
    client = signed_in(mentor)
    page = client.get(reverse("story:value", args=[value.pk])).content.decode()
    assert "Put it on my profile" in page
    assert f"<li>{mentee}</li>" in page
    client.post(reverse("story:on_profile", args=[value.pk]))
    assert WORD in profile_of(mentor, mentee)
    client.post(reverse("story:off_profile", args=[value.pk]))
    assert WORD not in profile_of(mentor, mentee)


def test_what_becomes_of_the_private_word_changes_nothing_that_others_read(
    mentor: User, value: Value
) -> None:
    put_on_profile(value, by=mentor, now=NOW)
    rename_value(value, "Something raw", by=mentor)
    assert Profile.objects.of(mentor).core_values == [WORD]
    rename_value(value, WORD.upper(), by=mentor)
    asked = signed_in(mentor).get(reverse("story:let_go", args=[value.pk])).content.decode()
    assert "It stands on your profile too" in asked
    let_go(value, by=mentor)
    assert Profile.objects.of(mentor).core_values == [WORD]


def test_twice_is_once_and_the_rest_of_a_profile_stays(mentor: User, value: Value) -> None:
    Profile.objects.create(person=mentor, headline="Sails.", core_values=["Humor"])
    put_on_profile(value, by=mentor, now=NOW)
    put_on_profile(value, by=mentor, now=NOW)
    profile = Profile.objects.of(mentor)
    assert (profile.core_values, profile.headline) == (["Humor", WORD], "Sails.")
    take_off_profile(value, by=mentor, now=NOW)
    take_off_profile(value, by=mentor, now=NOW)
    profile = Profile.objects.of(mentor)
    assert (profile.core_values, profile.headline) == (["Humor"], "Sails.")


def test_a_sixth_value_and_one_that_is_too_long_are_refused_on_the_page(mentor: User, value: Value) -> None:
    Profile.objects.create(person=mentor, core_values=["a", "b", "c", "d", "e"])
    client = signed_in(mentor)
    page = client.post(reverse("story:on_profile", args=[value.pk]), follow=True).content.decode()
    assert "no more fit" in page
    Profile.objects.filter(person=mentor).update(core_values=[])
    long = name_value(mentor, "w" * 41, now=NOW)
    page = client.post(reverse("story:on_profile", args=[long.pk]), follow=True).content.decode()
    assert "longer than a value on a profile" in page
    assert Profile.objects.of(mentor).core_values == []


def test_nobody_puts_the_value_of_another_on_a_profile(mentor: User, mentee: User, value: Value) -> None:
    with pytest.raises(Refused):
        put_on_profile(value, by=mentee, now=NOW)
    assert signed_in(mentee).post(reverse("story:on_profile", args=[value.pk])).status_code == 404
    assert not Profile.objects.filter(person=mentee).exists()


@pytest.mark.parametrize("status", Pairing.Status.values)
def test_those_whom_the_page_names_are_those_who_read_the_profile(
    program: Program,
    mentor: User,
    mentee: User,
    member: User,
    admin: User,
    other_admin: User,
    outsider: User,
    status: str,
) -> None:
    over = {"ended_on": TODAY} if status in (Pairing.Status.COMPLETED, Pairing.Status.ENDED) else {}
    pair(program, mentor, mentee, status=status, **over)
    everybody = [mentor, mentee, member, admin, other_admin, outsider]
    for person in (mentor, mentee, member, outsider):
        reading = {each for each in everybody if each != person and person in people_visible_to(each)}
        assert set(readers_of_profile(person)) == reading
