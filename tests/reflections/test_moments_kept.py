"""One line from any page, undone or told more of; kinds that are asked about; values and mentoring said afterwards."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import DataKey, User
from accounts.vault import remembered
from mentoring.models import Pairing, Program
from reflections import actions
from reflections.actions import MomentOvertaken, Refused, keep_moment
from reflections.actions.moments import version
from reflections.models import Moment, ValueShown
from reflections.readers import Readers
from tests.conftest import NOW, TODAY, pair, signed_in

LINE = "Tomasz rang the client himself."
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def keep(person: User, text: str = LINE, **values: object) -> Moment:
    values.setdefault("happened_on", TODAY)
    return Moment.objects.create(person=person, text=text, created_at=NOW, **values)


def edited(moment: Moment, **values: object) -> dict[str, object]:
    """As the page sends it that shows the moment as it stands."""
    data = {"text": moment.text, "kind": "", "for_whom": "", "happened_on": "2026-06-23", "seen_by": "me"}
    return data | {"version": version(Moment.objects.get(pk=moment.pk))} | values


# --- One line ---


@pytest.mark.parametrize("name", ["home", "moments:list", "pairings:list", "help", "accounts:settings"])
def test_each_page_has_the_line_and_a_link_for_those_without_script(mentor: User, name: str) -> None:
    page = signed_in(mentor).get(reverse(name)).content.decode()

    assert 'id="keep-line-text"' in page
    assert f'name="next" value="{reverse(name)}"' in page
    assert f'href="{reverse("moments:new")}" data-keep-line' in page


def test_who_is_signed_out_has_no_line() -> None:
    assert "keep-line" not in signed_in(None).get(reverse("help")).content.decode()


def test_what_was_kept_is_told_on_the_same_page_with_undo_and_more(mentor: User) -> None:
    data = {"text": LINE, "next": reverse("help")}
    reply = signed_in(mentor).post(reverse("moments:keep"), data, follow=True)
    page, moment = reply.content.decode(), Moment.objects.get()

    assert reply.redirect_chain == [(reverse("help"), 302)]
    assert "Kept. Only you can see it." in page
    assert reverse("moments:undo", args=[moment.pk]) in page
    assert reverse("moments:edit", args=[moment.pk]) in page


def test_undo_takes_it_back_at_once_and_says_so_on_the_same_page(mentor: User) -> None:
    moment = keep(mentor)
    url, client = reverse("moments:undo", args=[moment.pk]), signed_in(mentor)

    assert client.get(url).status_code == 405
    reply = client.post(url, {"next": reverse("help")}, follow=True)
    assert reply.redirect_chain == [(reverse("help"), 302)]
    assert "Undone. It is not kept." in reply.content.decode()
    assert not Moment.objects.exists()
    assert client.post(url).status_code == 404


def test_what_was_kept_long_ago_is_asked_about_before_it_goes(mentor: User) -> None:
    moment = keep(mentor)
    Moment.objects.update(created_at=NOW - timedelta(hours=2))
    reply = signed_in(mentor).post(reverse("moments:undo", args=[moment.pk]))

    assert reply["Location"] == reverse("moments:delete", args=[moment.pk])
    assert Moment.objects.exists()


def test_nobody_undoes_what_somebody_else_kept(mentor: User, mentee: User, pairing: Pairing) -> None:
    moment = keep(mentor, audience="pairing", pairing=pairing)

    assert signed_in(mentee).post(reverse("moments:undo", args=[moment.pk])).status_code == 404
    assert Moment.objects.exists()


def test_without_script_one_comes_back_to_the_page_one_came_from(mentor: User) -> None:
    client, home = signed_in(mentor), reverse("help")
    page = client.get(reverse("moments:new"), headers={"Referer": f"http://testserver{home}?a=1"})

    assert f'name="next" value="{home}?a=1"' in page.content.decode()
    for referer in ("http://evil.test/help/", f"http://testserver{reverse('moments:keep')}", "nonsense"):
        page = client.get(reverse("moments:new"), headers={"Referer": referer})
        assert "evil.test" not in page.content.decode()
        assert f'value="{reverse("moments:keep")}"' not in page.content.decode()


def test_where_one_comes_back_to_is_kept_with_what_was_typed(mentor: User) -> None:
    data = {"text": " ", "next": reverse("help")}
    page = signed_in(mentor).post(reverse("moments:keep"), data).content.decode()

    assert "Write a few words first" in page
    assert f'name="next" value="{reverse("help")}"' in page


@pytest.mark.parametrize("url", ["nonsense", "home", "moments:list", "\x00", "//evil.test"])
def test_nonsense_for_a_page_to_come_back_to_leads_home(mentor: User, url: str) -> None:
    reply = signed_in(mentor).post(reverse("moments:keep"), {"text": LINE, "next": url})

    assert reply["Location"] == reverse("home")


def test_keys_of_pages_stand_in_no_link_to_the_form(mentor: User) -> None:
    page = signed_in(mentor).get(f"{reverse('help')}?token=canary").content.decode()

    links = [part.split('"')[0] for part in page.split('href="')[1:]]
    assert not any("canary" in link for link in links)


# --- Kinds that are asked about ---


@pytest.mark.parametrize(("kind", "said"), [("hard_call", "hard call"), ("brave_try", "brave try")])
def test_what_is_easily_regretted_is_asked_about_and_goes_on_no_wall(
    mentor: User, pairing: Pairing, program: Program, kind: str, said: str
) -> None:
    client, url = signed_in(mentor), reverse("moments:keep")
    data = {"text": LINE, "kind": kind, "seen_by": f"pairing-{pairing.pk}"}

    assert f"Yes, let Tomasz read this {said}" in client.post(url, data).content.decode()
    on_the_wall = data | {"seen_by": f"program-{program.pk}", "sure": "on"}
    assert "is not shared with everyone" in client.post(url, on_the_wall).content.decode()
    assert not Moment.objects.exists()
    assert client.post(url, data | {"sure": "on"}).status_code == 302
    assert Moment.objects.get().pairing == pairing


@pytest.mark.parametrize("kind", Moment.NEEDS_CARE)
def test_the_action_keeps_hard_calls_and_brave_tries_off_the_wall(
    mentor: User, program: Program, kind: str
) -> None:
    wall = Readers("program", program=program.pk)
    with pytest.raises(Refused):
        keep_moment(mentor, text=LINE, happened_on=TODAY, kind=kind, readers=wall)
    moment = keep_moment(mentor, text=LINE, happened_on=TODAY, kind="win", readers=wall)
    with pytest.raises(Refused):
        actions.change_moment(moment, by=mentor, text=LINE, happened_on=TODAY, kind=kind, readers=wall)
    moment.refresh_from_db()
    assert moment.kind == "win"


@pytest.mark.parametrize("kind", ["quiet_help", "good_news", "learned"])
def test_the_other_new_kinds_are_shared_like_any(mentor: User, pairing: Pairing, kind: str) -> None:
    data = {"text": LINE, "kind": kind, "seen_by": f"pairing-{pairing.pk}"}

    assert signed_in(mentor).post(reverse("moments:keep"), data).status_code == 302
    assert Moment.objects.get().kind == kind


# --- More, later ---


def test_what_it_gave_and_that_it_was_mentoring_are_said_afterwards(mentor: User, pairing: Pairing) -> None:
    moment = keep(mentor)
    data = edited(moment, gave="A quiet evening.", mentoring_in=str(pairing.pk))
    assert signed_in(mentor).post(reverse("moments:edit", args=[moment.pk]), data).status_code == 302

    moment.refresh_from_db()
    assert (moment.gave, moment.mentoring_in) == ("A quiet evening.", pairing)
    assert moment.audience == "me"


def test_mentoring_in_a_pairing_that_is_over_may_be_said_too(
    program: Program, mentor: User, mentee: User
) -> None:
    over = pair(program, mentor, mentee, status="ended", ended_on=TODAY)
    moment = keep(mentor)
    signed_in(mentor).post(
        reverse("moments:edit", args=[moment.pk]), edited(moment, mentoring_in=str(over.pk))
    )

    moment.refresh_from_db()
    assert moment.mentoring_in == over


def test_a_strangers_pairing_is_no_answer_to_whether_it_was_mentoring(
    outsider: User, pairing: Pairing
) -> None:
    moment = keep(outsider)
    url = reverse("moments:edit", args=[moment.pk])
    page = signed_in(outsider).post(url, edited(moment, mentoring_in=str(pairing.pk)))

    assert page.status_code == 200
    with pytest.raises(Refused):
        actions.change_moment(moment, by=outsider, text=LINE, happened_on=TODAY, mentoring_in=pairing)


def test_saying_that_it_was_mentoring_lets_nobody_read_it(
    mentor: User, mentee: User, pairing: Pairing
) -> None:
    moment = keep(mentor, mentoring_in=pairing)

    assert not Moment.objects.visible_to(mentee).filter(pk=moment.pk).exists()
    page = signed_in(mentee).get(reverse("reflections:timeline", args=[pairing.pk])).content.decode()
    assert LINE not in page


def test_what_it_shows_stands_in_one_section_and_in_no_field_of_the_form(mentor: User) -> None:
    moment = keep(mentor)
    actions.show_value(mentor, "patience", moment=moment, quote="rang the client", now=NOW)
    page = signed_in(mentor).get(reverse("moments:edit", args=[moment.pk])).content.decode()

    assert page.count("What it shows") == 1
    assert 'name="values"' not in page


def test_a_page_from_before_a_value_was_said_takes_neither_it_nor_its_quote_away(mentor: User) -> None:
    moment = keep(mentor)
    before = edited(moment, gave="A quiet evening.")
    actions.show_value(mentor, "patience", moment=moment, quote="rang the client", now=NOW)
    signed_in(mentor).post(reverse("moments:edit", args=[moment.pk]), before)

    moment.refresh_from_db()
    assert moment.gave == "A quiet evening."
    assert [(each.value.name, each.quote) for each in moment.shows.all()] == [("patience", "rang the client")]


def test_a_page_from_before_a_change_shows_both_texts_and_replaces_nothing(mentor: User) -> None:
    moment = keep(mentor, LINE)
    url, client = reverse("moments:edit", args=[moment.pk]), signed_in(mentor)
    before = edited(moment, text="Words of the old window.")
    client.post(url, edited(moment, text="Newer words."))
    reply = client.post(url, before)
    page = reply.content.decode()

    assert reply.status_code == 409
    assert "This moment was also changed elsewhere." in page
    assert "Newer words." in page
    assert "Words of the old window." in page
    moment.refresh_from_db()
    assert moment.text == "Newer words."
    # The page knows of both now: kept once more, it replaces them.
    seen = before | {"version": version(Moment.objects.get(pk=moment.pk))}
    assert f'value="{seen["version"]}"' in page
    assert client.post(url, seen).status_code == 302
    moment.refresh_from_db()
    assert moment.text == "Words of the old window."


def test_a_page_from_before_it_was_taken_back_does_not_share_it_again(mentor: User, pairing: Pairing) -> None:
    moment = keep(mentor, audience="pairing", pairing=pairing)
    url, client = reverse("moments:edit", args=[moment.pk]), signed_in(mentor)
    before = edited(moment, seen_by=f"pairing-{pairing.pk}", gave="More.")
    client.post(url, edited(moment, seen_by="me"))
    page = client.post(url, before).content.decode()

    moment.refresh_from_db()
    assert (moment.audience, moment.gave) == ("me", "")
    assert "Seen by: Only me." in page
    assert '<option value="me" selected>' in page


def test_a_button_pressed_twice_changes_once_and_does_not_ask(mentor: User) -> None:
    moment = keep(mentor)
    data = edited(moment, text="Newer words.")
    url, client = reverse("moments:edit", args=[moment.pk]), signed_in(mentor)

    assert [client.post(url, data).status_code for _ in range(2)] == [302, 302]
    with pytest.raises(MomentOvertaken):
        actions.change_moment(moment, by=mentor, text="x", happened_on=TODAY, based_on=str(data["version"]))


def test_a_quote_goes_when_its_words_are_written_otherwise(mentor: User) -> None:
    moment = keep(mentor)
    actions.show_value(mentor, "patience", moment=moment, quote="rang the client", now=NOW)
    data = edited(moment, text="He wrote to them.")
    signed_in(mentor).post(reverse("moments:edit", args=[moment.pk]), data)

    assert [each.quote for each in ValueShown.objects.filter(moment=moment)] == [""]


def test_words_that_cannot_be_read_any_more_are_said_so_and_can_be_deleted(mentor: User) -> None:
    moment = keep(mentor)
    DataKey.objects.filter(person=mentor).delete()
    remembered.forget()
    client = signed_in(mentor)

    page = client.get(reverse("moments:list")).content.decode()
    assert LINE not in page
    reply = client.get(reverse("moments:edit", args=[moment.pk]))
    assert reply["Location"] == reverse("moments:delete", args=[moment.pk])
    assert client.post(reverse("moments:delete", args=[moment.pk])).status_code == 302
