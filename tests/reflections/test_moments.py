"""Moments: kept on the home page, listed, changed, deleted, and shared only where their owner says so."""

from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from reflections.actions import Refused, keep_moment
from reflections.actions.moments import version
from reflections.models import Audience, Moment
from reflections.readers import Readers
from tests.conftest import NOW, TODAY, enroll, in_state, make_person, pair, signed_in
from tests.reflections.conftest import queries_of

CANARY = "Tomasz rang the client himself."
pytestmark = pytest.mark.usefixtures("now")


def keep(person: User, text: str = CANARY, **values: object) -> Moment:
    values.setdefault("happened_on", TODAY)
    return Moment.objects.create(person=person, text=text, **values)


def as_shown(moment: Moment, data: dict[str, object]) -> dict[str, object]:
    """As the page sends it that shows the moment as it stands."""
    return data | {"version": version(Moment.objects.get(pk=moment.pk))}


def test_a_moment_is_kept_for_oneself_where_nothing_else_is_said(mentor: User) -> None:
    reply = signed_in(mentor).post(reverse("moments:keep"), {"text": f"  {CANARY}\r\nTwice. "}, follow=True)

    moment = Moment.objects.get()
    assert reply.redirect_chain == [(reverse("home"), 302)]
    assert "Kept. Only you can see it." in reply.content.decode()
    assert (moment.text, moment.person, moment.audience) == (f"{CANARY}\nTwice.", mentor, Audience.ME)
    assert (moment.kind, moment.for_whom, moment.happened_on) == ("", "", TODAY)


def test_a_moment_happens_on_the_day_of_its_owner(program: Program, mentor: User) -> None:
    User.objects.filter(pk=mentor.pk).update(time_zone="Pacific/Kiritimati")
    signed_in(mentor).post(reverse("moments:keep"), {"text": CANARY})

    assert Moment.objects.get().happened_on == date(2026, 6, 24)


def test_a_moment_is_shared_with_the_pairing_that_was_chosen(
    mentor: User, mentee: User, pairing: Pairing
) -> None:
    data = {"text": CANARY, "kind": "aha", "for_whom": "mentee", "seen_by": f"pairing-{pairing.pk}"}
    reply = signed_in(mentor).post(reverse("moments:keep"), data, follow=True)

    moment = Moment.objects.get()
    assert (moment.audience, moment.pairing, moment.program) == (Audience.PAIRING, pairing, None)
    assert "Kept. Tomasz can see it too." in reply.content.decode()
    page = signed_in(mentee).get(reverse("reflections:timeline", args=[pairing.pk]))
    assert CANARY in page.content.decode()


def test_a_moment_is_shared_with_a_program(mentor: User, member: User, program: Program) -> None:
    data = {"text": CANARY, "seen_by": f"program-{program.pk}"}
    reply = signed_in(mentor).post(reverse("moments:keep"), data, follow=True)

    assert Moment.objects.get().program == program
    assert "Everyone in Harbor Mentors can see it" in reply.content.decode()
    assert CANARY in signed_in(member).get(reverse("wall")).content.decode()


@pytest.mark.parametrize("text", ["", "   \r\n\t ", "\n"])
def test_a_moment_without_words_is_not_kept(mentor: User, text: str) -> None:
    reply = signed_in(mentor).post(reverse("moments:keep"), {"text": text})

    assert "Write a few words first" in reply.content.decode()
    assert "<title>Error:" in reply.content.decode()
    assert not Moment.objects.exists()


def test_what_was_typed_is_still_there_beside_the_error(mentor: User) -> None:
    words = "x" * 2001
    page = signed_in(mentor).post(reverse("moments:keep"), {"text": words, "kind": "win"}).content.decode()

    assert "This is 2,001 characters long, and 2,000 fit." in page
    assert words in page
    assert 'value="win" id="id_kind_1" checked' in page
    assert not Moment.objects.exists()


def test_the_longest_moment_fits_also_when_its_lines_end_as_a_browser_ends_them(mentor: User) -> None:
    words = "x" * 1000 + "\r\n" + "y" * 999
    signed_in(mentor).post(reverse("moments:keep"), {"text": words})

    assert len(Moment.objects.get().text) == 2000


def test_a_character_that_cannot_be_kept_is_refused_kindly(mentor: User) -> None:
    page = signed_in(mentor).post(reverse("moments:keep"), {"text": "before\x00after"}).content.decode()

    assert "One character in here cannot be kept" in page
    assert not Moment.objects.exists()


@pytest.mark.parametrize("field", ["kind", "for_whom", "seen_by", "sure"])
@pytest.mark.parametrize("value", ["nonsense", "\x00", "pairing-", "program-0", "9" * 40])
def test_nonsense_in_a_choice_is_an_error_and_never_a_crash(mentor: User, field: str, value: str) -> None:
    reply = signed_in(mentor).post(reverse("moments:keep"), {"text": CANARY, field: value})

    assert reply.status_code in (200, 302)
    assert Moment.objects.exists() == (field == "sure")


def test_a_moment_cannot_be_pushed_into_a_strange_pairing_or_program(
    program: Program, mentor: User, outsider: User, pairing: Pairing, other_program: Program
) -> None:
    for seen_by in (f"pairing-{pairing.pk}", f"program-{program.pk}", f"program-{other_program.pk}"):
        reply = signed_in(outsider).post(reverse("moments:keep"), {"text": CANARY, "seen_by": seen_by})
        assert "Select a valid choice" in reply.content.decode()
    assert not Moment.objects.exists()
    with pytest.raises(Refused):
        keep_moment(
            outsider,
            text=CANARY,
            happened_on=TODAY,
            readers=Readers(Audience.PAIRING, frozenset([pairing.pk])),
        )
    with pytest.raises(Refused):
        keep_moment(outsider, text=CANARY, happened_on=TODAY, readers=Readers("program", program=program.pk))


@pytest.mark.parametrize("status", ["proposed", "accepted", "declined", "completed", "ended"])
def test_nothing_new_is_shared_with_a_pairing_that_is_not_under_way(
    program: Program, mentor: User, mentee: User, status: str
) -> None:
    ended_on = TODAY if status in Pairing.OVER else None
    pairing = pair(program, mentor, mentee, status=status, ended_on=ended_on)
    data = {"text": CANARY, "seen_by": f"pairing-{pairing.pk}"}

    assert "Select a valid choice" in signed_in(mentor).post(reverse("moments:keep"), data).content.decode()
    assert not Moment.objects.exists()


@pytest.mark.parametrize("status", ["paused", "withdrawn", "applied"])
def test_only_an_active_member_shares_with_the_program(program: Program, member: User, status: str) -> None:
    Enrollment.objects.filter(person=member).update(**in_state(status))
    data = {"text": CANARY, "seen_by": f"program-{program.pk}"}

    assert "Select a valid choice" in signed_in(member).post(reverse("moments:keep"), data).content.decode()


def test_a_hard_call_is_shared_only_after_a_second_yes(mentor: User, pairing: Pairing) -> None:
    data = {"text": CANARY, "kind": "hard_call", "seen_by": f"pairing-{pairing.pk}"}
    client = signed_in(mentor)
    page = client.post(reverse("moments:keep"), data).content.decode()

    assert "Yes, let Tomasz read this hard call" in page
    assert 'href="#id_sure"' in page
    assert CANARY in page
    assert not Moment.objects.exists()

    client.post(reverse("moments:keep"), data | {"sure": "on"})
    assert Moment.objects.get().audience == Audience.PAIRING


def test_a_hard_call_for_oneself_needs_no_second_yes(mentor: User) -> None:
    signed_in(mentor).post(reverse("moments:keep"), {"text": CANARY, "kind": "hard_call"})

    assert Moment.objects.get().audience == Audience.ME


def test_fields_that_the_form_does_not_have_are_ignored(mentor: User, mentee: User, pairing: Pairing) -> None:
    moment = keep(mentee, "Not yours")
    data = {
        "text": CANARY,
        "person": mentee.pk,
        "person_id": mentee.pk,
        "audience": "program",
        "pairing": pairing.pk,
        "program": pairing.program_id,
        "happened_on": "2020-01-01",
        "created_at": "2020-01-01",
        "id": moment.pk,
        "pk": moment.pk,
    }
    signed_in(mentor).post(reverse("moments:keep"), data)

    kept = Moment.objects.of(mentor).get()
    assert (kept.audience, kept.pairing, kept.program, kept.happened_on) == ("me", None, None, TODAY)
    moment.refresh_from_db()
    assert moment.text == "Not yours"


def test_one_returns_to_the_page_where_the_form_stood_and_never_to_another_site(mentor: User) -> None:
    client = signed_in(mentor)
    data = {"text": CANARY, "next": reverse("moments:list")}
    assert client.post(reverse("moments:keep"), data).url == reverse("moments:list")  # type: ignore[attr-defined]
    for elsewhere in ("https://evil.test/", "//evil.test", "javascript:alert(1)", "\\\\evil.test"):
        reply = client.post(reverse("moments:keep"), {"text": CANARY, "next": elsewhere})
        assert reply.url == reverse("home")  # type: ignore[attr-defined]


def test_the_list_holds_ones_own_moments_the_newest_first(mentor: User, mentee: User) -> None:
    keep(mentor, "an older one", happened_on=date(2026, 5, 2))
    keep(mentor, "a newer one", happened_on=date(2026, 6, 2))
    keep(mentee, "somebody else’s")
    page = signed_in(mentor).get(reverse("moments:list")).content.decode()

    assert page.index("a newer one") < page.index("an older one")
    assert "somebody else’s" not in page


def test_the_list_can_be_narrowed_to_one_kind(mentor: User) -> None:
    keep(mentor, "a win it was", kind="win")
    keep(mentor, "a thank-you it was", kind="thanks")
    client = signed_in(mentor)

    page = client.get(reverse("moments:list"), {"kind": "win"}).content.decode()
    assert "a win it was" in page
    assert "a thank-you it was" not in page
    assert "a thank-you it was" in client.get(reverse("moments:list"), {"kind": "\x00"}).content.decode()
    assert "None of this kind yet" in client.get(reverse("moments:list"), {"kind": "aha"}).content.decode()


def test_an_empty_list_says_something_kind(mentor: User) -> None:
    page = signed_in(mentor).get(reverse("moments:list")).content.decode()

    assert "It will not have been nothing." in page


def test_lists_go_on_on_a_second_page(mentor: User, mentee: User, program: Program, pairing: Pairing) -> None:
    for n in range(51):
        keep(mentor, f"line {n}.", happened_on=date(2026, 4, 1), audience="pairing", pairing=pairing)
        keep(mentor, f"open {n}.", happened_on=date(2026, 4, 1), audience="program", program=program)
    reader = signed_in(mentee)

    for url, oldest in (
        (reverse("reflections:timeline", args=[pairing.pk]), "line 0."),
        (reverse("wall"), "open 0."),
    ):
        assert oldest not in reader.get(url).content.decode()
        assert oldest in reader.get(url, {"page": 2}).content.decode()
        assert oldest not in reader.get(url, {"page": "nonsense"}).content.decode()
    own = signed_in(mentor).get(reverse("moments:list"), {"page": 3}).content.decode()
    assert "line 0." in own


def test_a_moment_is_changed_by_its_owner(mentor: User, pairing: Pairing) -> None:
    moment = keep(mentor, kind="win")
    data = {
        "text": "He rang them, and I listened.",
        "kind": "",
        "for_whom": "mentee",
        "happened_on": "2026-06-01",
        "seen_by": f"pairing-{pairing.pk}",
    }
    reply = signed_in(mentor).post(reverse("moments:edit", args=[moment.pk]), as_shown(moment, data))

    moment.refresh_from_db()
    assert reply.status_code == 302
    assert moment.text == "He rang them, and I listened."
    assert (moment.kind, moment.for_whom, moment.happened_on) == ("", "mentee", date(2026, 6, 1))
    assert moment.pairing == pairing


@pytest.mark.parametrize("day", ["2026-06-24", "1066-10-14", "yesterday", ""])
def test_a_moment_cannot_lie_ahead_or_nowhere(mentor: User, day: str) -> None:
    moment = keep(mentor)
    data = {"text": "changed", "happened_on": day, "seen_by": "me"}
    reply = signed_in(mentor).post(reverse("moments:edit", args=[moment.pk]), as_shown(moment, data))

    assert 'class="error"' in reply.content.decode()
    moment.refresh_from_db()
    assert moment.text == CANARY


def test_choosing_only_me_takes_a_shared_moment_back(mentor: User, mentee: User, pairing: Pairing) -> None:
    moment = keep(mentor, audience="pairing", pairing=pairing)
    url = reverse("reflections:timeline", args=[pairing.pk])
    assert CANARY in signed_in(mentee).get(url).content.decode()

    client = signed_in(mentor)
    assert (
        "Somebody may have read it by now"
        in client.get(reverse("moments:edit", args=[moment.pk])).content.decode()
    )
    data = {"text": CANARY, "happened_on": "2026-06-23", "seen_by": "me"}
    url_of_it = reverse("moments:edit", args=[moment.pk])
    page = client.post(url_of_it, as_shown(moment, data), follow=True).content.decode()

    assert "Taken back: only you can see it now. Somebody may have read it before." in page
    assert CANARY not in signed_in(mentee).get(url).content.decode()


def test_what_was_shared_with_an_ended_pairing_can_stay_and_can_be_taken_back(
    mentor: User, mentee: User, pairing: Pairing
) -> None:
    moment = keep(mentor, audience="pairing", pairing=pairing)
    Pairing.objects.filter(pk=pairing.pk).update(status="ended", ended_on=TODAY)
    url, client = reverse("moments:edit", args=[moment.pk]), signed_in(mentor)
    data = {"text": "A calmer wording.", "happened_on": "2026-06-23", "seen_by": f"pairing-{pairing.pk}"}

    assert client.post(url, as_shown(moment, data)).status_code == 302
    page = signed_in(mentee).get(reverse("reflections:timeline", args=[pairing.pk])).content.decode()
    assert "A calmer wording." in page
    assert client.post(url, as_shown(moment, data | {"seen_by": "me"})).status_code == 302
    assert "Select a valid choice" in client.post(url, data).content.decode()


def test_what_becomes_a_hard_call_is_asked_about_though_it_was_shared_before(
    mentor: User, pairing: Pairing
) -> None:
    moment = keep(mentor, kind="win", audience="pairing", pairing=pairing)
    url, client = reverse("moments:edit", args=[moment.pk]), signed_in(mentor)
    data = {
        "text": CANARY,
        "kind": "hard_call",
        "happened_on": "2026-06-23",
        "seen_by": f"pairing-{pairing.pk}",
    }

    assert "read this hard call" in client.post(url, data).content.decode()
    assert client.post(url, as_shown(moment, data | {"sure": "on"})).status_code == 302
    assert client.post(url, data).status_code == 302  # said once is enough


def test_a_moment_is_deleted_after_one_more_question(mentor: User) -> None:
    moment = keep(mentor)
    url, client = reverse("moments:delete", args=[moment.pk]), signed_in(mentor)

    assert "Delete this moment?" in client.get(url).content.decode()
    assert Moment.objects.exists()
    assert client.post(url).url == reverse("moments:list")  # type: ignore[attr-defined]
    assert not Moment.objects.exists()
    assert client.post(url).status_code == 404


def test_somebody_elses_moment_does_not_exist(
    mentor: User, mentee: User, member: User, outsider: User, admin: User, superuser: User, pairing: Pairing
) -> None:
    moment = keep(mentor, audience="pairing", pairing=pairing)
    for person in (mentee, member, outsider, admin, superuser):
        client = signed_in(person)
        for name in ("moments:edit", "moments:delete"):
            url = reverse(name, args=[moment.pk])
            assert client.get(url).status_code == 404
            assert client.post(url, {"text": "Mine now", "happened_on": "2026-06-01"}).status_code == 404
    moment.refresh_from_db()
    assert moment.text == CANARY
    assert signed_in(mentor).get(reverse("moments:edit", args=[10**30])).status_code == 404


def test_keeping_is_a_post_and_signed_out_people_are_asked_to_sign_in(mentor: User) -> None:
    assert signed_in(mentor).get(reverse("moments:keep")).status_code == 405
    reply = signed_in(None).post(reverse("moments:keep"), {"text": CANARY})
    assert urlsplit(reply.url).path == reverse("account_login")  # type: ignore[attr-defined]
    assert parse_qs(urlsplit(reply.url).query)["next"] == ["/"]  # type: ignore[attr-defined]
    assert not Moment.objects.exists()


def test_two_people_of_one_first_name_are_told_apart(program: Program, mentor: User, now: datetime) -> None:
    for email, name in (("anna@a.example", "Anna Berg"), ("anna@b.example", "Anna Costa")):
        person = make_person(email, name)
        enroll(program, person, "mentee")
        pair(program, mentor, person)
    page = signed_in(mentor).get(reverse("home")).content.decode()

    assert "Anna Berg and me" in page
    assert "Anna Costa and me" in page
    assert now == NOW


def test_lists_of_moments_ask_as_much_for_many_as_for_few(
    mentor: User, mentee: User, program: Program, pairing: Pairing
) -> None:
    client = signed_in(mentor)
    urls = [
        reverse("moments:list"),
        reverse("wall"),
        reverse("reflections:timeline", args=[pairing.pk]),
    ]
    asked = []
    for rows in (3, 57):
        for n in range(rows):
            keep(mentor, f"mine {n}", kind="win", audience="pairing", pairing=pairing)
            keep(mentee, f"theirs {n}", audience="program", program=program)
        asked.append([queries_of(client, url) for url in urls])

    assert asked[0] == asked[1]
    assert max(asked[1]) <= 12


def test_a_button_that_is_pressed_twice_keeps_one_moment(pairing: Pairing, mentor: User) -> None:
    browser = signed_in(mentor)
    for _press in range(2):
        browser.post(reverse("moments:keep"), {"text": "Ayo found it.", "kind": "win", "seen_by": "me"})
    assert Moment.objects.count() == 1
    browser.post(reverse("moments:keep"), {"text": "Ayo found it.", "seen_by": f"pairing-{pairing.pk}"})
    assert Moment.objects.count() == 2


def test_the_same_words_on_another_occasion_are_another_moment(mentor: User) -> None:
    keep_moment(mentor, text="Slept on it.", happened_on=TODAY)
    Moment.objects.update(created_at=NOW - timedelta(days=1))
    keep_moment(mentor, text="Slept on it.", happened_on=TODAY)
    assert Moment.objects.count() == 2
