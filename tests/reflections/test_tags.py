"""What the pair page shows of moments and reflections."""

from datetime import date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import User
from mentoring.models import Pairing, Program
from reflections.models import Moment, Reflection, Round
from reflections.wording import listed, said_when
from tests.conftest import NOW, TODAY, make_person, signed_in
from tests.reflections.conftest import AGAIN, FIRST, open_round, write

SUBMITTED = Reflection.Status.SUBMITTED
pytestmark = pytest.mark.usefixtures("now")


def rendered(tag: str, reader: User, pairing: Pairing) -> str:
    request = RequestFactory().get("/")
    request.user = reader
    template = Template("{% load reflections_tags %}{% " + tag + " pairing %}")
    return template.render(Context({"request": request, "user": reader, "pairing": pairing}))


def test_shared_moments_are_those_of_both(mentor: User, mentee: User, pairing: Pairing) -> None:
    for person, text in ((mentor, "from Noor"), (mentee, "from Tomasz")):
        Moment.objects.create(
            person=person, text=text, happened_on=TODAY, audience="pairing", pairing=pairing
        )
    Moment.objects.create(person=mentee, text="kept to himself", happened_on=TODAY)
    section = rendered("timeline", mentor, pairing)

    assert "from Noor" in section
    assert "from Tomasz" in section
    assert "kept to himself" not in section
    assert section.count("Change it") == 1


def test_shared_moments_end_after_two_with_a_way_to_the_rest(mentor: User, pairing: Pairing) -> None:
    for n in range(7):
        Moment.objects.create(
            person=mentor, text=f"no. {n}", happened_on=TODAY, audience="pairing", pairing=pairing
        )
    section = rendered("timeline", mentor, pairing)

    assert section.count("<article") == 2
    assert "no. 4" not in section
    assert f"/pairings/{pairing.pk}/timeline/" in section


def test_without_moments_the_section_says_how_one_gets_there(mentor: User, pairing: Pairing) -> None:
    assert "Tomasz and me" in rendered("timeline", mentor, pairing)


@pytest.mark.parametrize("tag", ["timeline", "facing_pages"])
def test_a_pairing_that_has_not_begun_shows_nothing(mentor: User, pairing: Pairing, tag: str) -> None:
    pairing.status = Pairing.Status.PROPOSED

    assert not rendered(tag, mentor, pairing).strip()


@pytest.mark.parametrize("tag", ["timeline", "facing_pages"])
def test_a_third_person_is_a_mistake_in_the_program(member: User, pairing: Pairing, tag: str) -> None:
    with pytest.raises(ValueError, match="Not one of the two"):
        rendered(tag, member, pairing)


def test_facing_pages_open_with_what_each_shares(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    write(
        mentor,
        quarter_round,
        FIRST,
        "Noor’s words",
        audience="pairing",
        pairings=(pairing,),
        status=SUBMITTED,
    )
    write(mentee, quarter_round, FIRST, "Tomasz’s words", audience="program", status=SUBMITTED)
    write(mentee, quarter_round, AGAIN, "not for Noor", status=SUBMITTED)
    section = rendered("facing_pages", mentor, pairing)

    assert section.index("Noor’s words") < section.index("Tomasz’s words")
    assert "Read both pages in full" in section
    assert "not for Noor" not in section
    assert "facing-shut" not in section


def test_shut_pages_say_only_what_is_ones_own(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    write(mentor, quarter_round, FIRST, "a draft", audience="pairing", pairings=(pairing,))
    section = rendered("facing_pages", mentor, pairing)

    assert "Still a draft, and still only yours." in section
    assert "What Tomasz chooses to share with you from this quarter stands here." in section
    assert "a draft<" not in section
    Reflection.objects.update(status=SUBMITTED, submitted_at=NOW)
    assert "Carry on writing" not in rendered("facing_pages", mentor, pairing)


def test_before_the_first_round_the_section_says_what_will_stand_there(
    mentor: User, pairing: Pairing
) -> None:
    assert "stands here on facing pages" in rendered("facing_pages", mentor, pairing)


def test_rounds_outside_the_life_of_the_pairing_are_left_out(
    program: Program, mentor: User, mentee: User, pairing: Pairing
) -> None:
    for start in (date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)):
        round = open_round(program, start)
        write(mentor, round, FIRST, f"of {start}", audience="pairing", pairings=(pairing,), status=SUBMITTED)
    assert "of 2026-04-01" in rendered("facing_pages", mentor, pairing)
    assert "of 2025-10-01" not in rendered("facing_pages", mentor, pairing)  # paired in January
    assert "of 2026-07-01" not in rendered("facing_pages", mentor, pairing)  # not open yet
    Pairing.objects.update(status="ended", ended_on=date(2026, 3, 15))
    pairing.refresh_from_db()
    assert "of 2026-04-01" not in rendered("facing_pages", mentor, pairing)
    assert "of 2026-01-01" in rendered("facing_pages", mentor, pairing)


def test_many_quarters_fold_into_links(
    program: Program, mentor: User, mentee: User, pairing: Pairing
) -> None:
    Pairing.objects.update(starts_on=date(2024, 1, 1))
    pairing.refresh_from_db()
    for year in (2024, 2025):
        for month in (1, 4, 7, 10):
            round = open_round(program, date(year, month, 1))
            write(
                mentor,
                round,
                FIRST,
                f"of {year}-{month}",
                audience="pairing",
                pairings=(pairing,),
                status=SUBMITTED,
            )
    section = rendered("facing_pages", mentor, pairing)

    assert section.count('class="facing') == 2
    assert "Earlier:" in section
    assert "FY24 Q4" in section


@pytest.mark.parametrize("tag", ["timeline", "facing_pages"])
def test_the_tags_ask_as_much_for_many_rows_as_for_few(
    program: Program,
    mentor: User,
    mentee: User,
    pairing: Pairing,
    tag: str,
    django_assert_max_num_queries: object,
) -> None:
    for batch, years in enumerate((range(2025, 2026), range(2011, 2025))):
        for year in years:
            for month in (1, 4, 7, 10):
                round = open_round(program, date(year, month, 1))
                for person in (mentor, mentee):
                    write(
                        person, round, FIRST, "x", audience="pairing", pairings=(pairing,), status=SUBMITTED
                    )
                    Moment.objects.create(
                        person=person, text="y", happened_on=TODAY, audience="pairing", pairing=pairing
                    )
        pairing.starts_on = date(2010, 1, 1)
        with django_assert_max_num_queries(5):  # type: ignore[operator]
            rendered(tag, mentor, pairing)
        assert batch in (0, 1)


def test_moments_name_their_owner_in_full_before_a_program_only(
    program: Program, mentor: User, member: User
) -> None:
    moment = Moment.objects.create(
        person=mentor, text="for all", happened_on=TODAY, audience="program", program=program
    )
    request = RequestFactory().get("/")
    request.user = member
    card = Template("{% load reflections_tags %}{% moment_card moment edit=True %}").render(
        Context({"request": request, "moment": moment})
    )

    assert "Noor Haddad" in card
    assert "Everyone in Harbor Mentors" in card
    assert "Change it" not in card
    nameless = make_person("secret.address@harbor.example", "")
    assert "@" not in (nameless.name or nameless.first_name)


def test_when_something_was_is_said_as_one_says_it(db: None) -> None:
    with timezone.override("Europe/Lisbon"):
        assert said_when(NOW, NOW) == "today at 13:00"
        assert said_when(NOW - timedelta(hours=14), NOW) == "yesterday at 23:00"
        assert (
            said_when(datetime(2026, 6, 16, 20, 10, tzinfo=NOW.tzinfo), NOW) == "on Tuesday, June 16 at 21:10"
        )
        assert said_when(datetime(2025, 6, 16, 20, 10, tzinfo=NOW.tzinfo), NOW) == "on June 16, 2025 at 21:10"


def test_a_moment_of_another_year_says_which(mentor: User, pairing: Pairing) -> None:
    Moment.objects.create(
        person=mentor, text="x", happened_on=date(2025, 6, 22), audience="pairing", pairing=pairing
    )
    Moment.objects.create(person=mentor, text="y", happened_on=TODAY, audience="pairing", pairing=pairing)
    section = rendered("timeline", mentor, pairing)

    assert ">June 22, 2025</time>" in section
    assert ">June 23</time>" in section


def test_names_are_listed_as_one_says_them() -> None:
    assert [listed(names) for names in ([], ["Ayo"], ["Ayo", "Greta"], ["Ayo", "Greta", "Tomasz"])] == [
        "",
        "Ayo",
        "Ayo and Greta",
        "Ayo, Greta and Tomasz",
    ]


def test_a_page_below_a_pairing_stands_under_pairings_in_the_menu(pairing: Pairing, mentee: User) -> None:
    page = signed_in(mentee).get(f"/pairings/{pairing.pk}/timeline/")

    assert '<a href="/pairings/" aria-current="true">' in page.content.decode()
    assert '<a href="/reflections/" aria-current' not in page.content.decode()


def test_pages_stand_side_by_side_and_not_among_the_moments(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    write(
        mentee, quarter_round, FIRST, "of Tomasz", audience="pairing", pairings=(pairing,), status=SUBMITTED
    )
    section = rendered("timeline", mentor, pairing)
    assert "Moments you share" in section
    assert "of Tomasz" not in section
    assert f"/pairings/{pairing.pk}/timeline/" in section
    assert "of Tomasz" in rendered("facing_pages", mentor, pairing)
