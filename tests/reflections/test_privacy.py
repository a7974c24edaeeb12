"""Who reads what: each audience, each member of the cast, each page. The canary is the words themselves."""

from collections.abc import Iterable, Sequence

import pytest
from django.urls import reverse

from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from reflections.models import Answer, Moment, Reflection, Round
from tests.conftest import NOW, TODAY, in_state, make_person, pair, signed_in
from tests.reflections.conftest import AGAIN, ASIDE, FIRST, HARD, write

CANARY = "CANARY-7f3a rang the client himself"
CAST = ["mentor", "mentee", "member", "outsider", "admin", "other_admin", "superuser", "signed_out"]
DRAFT, SUBMITTED, DECLINED = Reflection.Status.DRAFT, Reflection.Status.SUBMITTED, Reflection.Status.DECLINED
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def cast(
    mentor: User, mentee: User, member: User, outsider: User, admin: User, other_admin: User, superuser: User
) -> dict[str, User | None]:
    people = [mentor, mentee, member, outsider, admin, other_admin, superuser, None]
    return dict(zip(CAST, people, strict=True))


def pages(
    round: Round, pairing: Pairing, *moments: Moment, codes: Iterable[str] = (FIRST, ASIDE, HARD)
) -> list[str]:
    """Every page of ours that shows anybody's words."""
    urls = [
        reverse("home"),
        reverse("moments:list"),
        reverse("wall"),
        reverse("reflections:list"),
        *(reverse(f"reflections:{name}", args=[round.pk]) for name in ("open", "review", "done", "shared")),
        *(reverse("reflections:question", args=[round.pk, code]) for code in codes),
        *(
            reverse("reflections:take_back", args=[round.pk, answer.pk])
            for answer in Answer.objects.filter(reflection__round=round)
        ),
        *(
            address
            for answer in Answer.objects.filter(reflection__round=round)
            for address in (
                reverse("reflections:take_back", args=[round.pk, answer.pk]),
                reverse("reflections:tell", args=["answers", answer.pk]),
            )
        ),
        reverse("reflections:timeline", args=[pairing.pk]),
        reverse("reflections:pair_round", args=[pairing.pk, round.pk]),
        reverse("reflections:swap", args=[pairing.pk, round.pk]),
        reverse("pairings:detail", args=[pairing.pk]),
        reverse("pairings:list"),
        reverse("admin:index"),
    ]
    for moment in moments:
        urls += [reverse(f"moments:{name}", args=[moment.pk]) for name in ("edit", "delete")]
        urls.append(reverse("reflections:tell", args=["moments", moment.pk]))
    return urls


def readers(cast: dict[str, User | None], urls: Iterable[str]) -> set[str]:
    """Who finds the words on any of the pages."""
    return readers_of_each([CANARY], cast, urls)[CANARY]


def readers_of_each(
    words: Sequence[str], cast: dict[str, User | None], urls: Iterable[str]
) -> dict[str, set[str]]:
    """Who finds which of these on any of the pages, each of which everybody reads once."""
    found: dict[str, set[str]] = {each: set() for each in words}
    for name, person in cast.items():
        client = signed_in(person)
        for url in urls:
            reply = client.get(url)
            assert reply.status_code < 500, url
            page = reply.content.decode()
            for each in words:
                if each in page:
                    found[each].add(name)
    return found


WRITER = {"mentee"}
PAIR = {"mentee", "mentor"}
PROGRAM = {"mentee", "mentor", "member"}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (
            DRAFT,
            {
                (FIRST, "pairing"): WRITER,
                (AGAIN, "program"): WRITER,
                (HARD, "me"): WRITER,
                (ASIDE, "me"): WRITER,
            },
        ),
        (DECLINED, {(FIRST, "program"): WRITER, (AGAIN, "pairing"): WRITER}),
        (
            SUBMITTED,
            {
                (FIRST, "program"): PROGRAM,
                (AGAIN, "me"): WRITER,
                (HARD, "pairing"): PAIR,
                (ASIDE, "me"): WRITER,
            },
        ),
        (SUBMITTED, {(FIRST, "pairing"): PAIR, (AGAIN, "program"): PROGRAM}),
        (SUBMITTED, {(FIRST, "me"): WRITER, (AGAIN, "pairing"): PAIR}),
    ],
)
def test_an_answer_is_read_by_those_it_is_for(
    cast: dict[str, User | None],
    mentee: User,
    pairing: Pairing,
    quarter_round: Round,
    status: Reflection.Status,
    expected: dict[tuple[str, str], set[str]],
) -> None:
    """Several at a time, as in a reflection: what is chosen for one is not what becomes of another."""
    words = {code: f"{CANARY} {code}." for code, _audience in expected}
    for code, audience in expected:
        pairings = (pairing,) if audience == "pairing" else ()
        write(mentee, quarter_round, code, words[code], audience=audience, pairings=pairings, status=status)

    found = readers_of_each(list(words.values()), cast, pages(quarter_round, pairing, codes=words))
    assert found == {words[code]: who for (code, _audience), who in expected.items()}


def test_a_moment_is_read_by_those_it_is_for(
    cast: dict[str, User | None], mentee: User, pairing: Pairing, program: Program, quarter_round: Round
) -> None:
    expected = {"me": WRITER, "pairing": PAIR, "program": PROGRAM}
    words = {audience: f"{CANARY} for {audience}." for audience in expected}
    moments = [
        Moment.objects.create(
            person=mentee,
            text=words[audience],
            happened_on=TODAY,
            audience=audience,
            pairing=pairing if audience == "pairing" else None,
            program=program if audience == "program" else None,
        )
        for audience in expected
    ]
    urls = pages(quarter_round, pairing, *moments)
    assert readers_of_each(list(words.values()), cast, urls) == {
        words[audience]: who for audience, who in expected.items()
    }

    Moment.objects.update(audience="me", pairing=None, program=None)
    assert readers_of_each(list(words.values()), cast, urls) == dict.fromkeys(words.values(), WRITER)


def test_what_is_taken_back_is_gone_for_everybody_else(
    cast: dict[str, User | None], mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    words = {FIRST: f"{CANARY} first.", AGAIN: f"{CANARY} again."}
    write(
        mentee, quarter_round, FIRST, words[FIRST], audience="pairing", pairings=(pairing,), status=SUBMITTED
    )
    write(mentee, quarter_round, AGAIN, words[AGAIN], audience="program", status=SUBMITTED)
    for answer in Answer.objects.all():
        signed_in(mentee).post(reverse("reflections:take_back", args=[quarter_round.pk, answer.pk]))

    urls = pages(quarter_round, pairing, codes=words)
    assert readers_of_each(list(words.values()), cast, urls) == dict.fromkeys(words.values(), WRITER)


def test_the_other_pairing_of_the_same_mentor_reads_nothing(
    program: Program, mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    ayo = make_person("ayo@harbor.example", "Ayo Bello")
    other = pair(program, mentor, ayo)
    write(mentor, quarter_round, FIRST, CANARY, audience="pairing", pairings=(pairing,), status=SUBMITTED)
    Moment.objects.create(person=mentor, text=CANARY, happened_on=TODAY, audience="pairing", pairing=pairing)

    assert readers({"ayo": ayo}, pages(quarter_round, other) + pages(quarter_round, pairing)) == set()
    # Nor does the mentor see one pairing's words on the other pairing's pages.
    for name, args in (("timeline", [other.pk]), ("pair_round", [other.pk, quarter_round.pk])):
        assert CANARY not in signed_in(mentor).get(reverse(f"reflections:{name}", args=args)).content.decode()
    assert (
        CANARY in signed_in(mentee).get(reverse("reflections:timeline", args=[pairing.pk])).content.decode()
    )


@pytest.mark.parametrize("status", ["completed", "ended"])
def test_what_was_shared_with_a_pairing_stays_readable_when_it_is_over(
    cast: dict[str, User | None], mentee: User, pairing: Pairing, quarter_round: Round, status: str
) -> None:
    write(mentee, quarter_round, FIRST, CANARY, audience="pairing", pairings=(pairing,), status=SUBMITTED)
    Pairing.objects.update(status=status, ended_on=TODAY)

    assert readers(cast, pages(quarter_round, pairing)) == PAIR


@pytest.mark.parametrize("status", ["proposed", "requested", "accepted", "declined", "expired"])
def test_a_pairing_that_has_not_begun_shows_nobodys_words(
    cast: dict[str, User | None], mentee: User, pairing: Pairing, quarter_round: Round, status: str
) -> None:
    write(mentee, quarter_round, FIRST, CANARY, audience="pairing", pairings=(pairing,), status=SUBMITTED)
    Moment.objects.create(person=mentee, text=CANARY, happened_on=TODAY, audience="pairing", pairing=pairing)
    Pairing.objects.update(status=status)

    assert readers(cast, pages(quarter_round, pairing)) == WRITER
    client = signed_in(cast["mentor"])
    assert client.get(reverse("reflections:timeline", args=[pairing.pk])).status_code == 404
    assert (
        client.get(reverse("reflections:pair_round", args=[pairing.pk, quarter_round.pk])).status_code == 404
    )


@pytest.mark.parametrize("status", ["paused", "withdrawn", "completed", "applied"])
def test_who_is_not_active_in_the_program_reads_nothing_of_what_it_shares(
    member: User, mentee: User, program: Program, pairing: Pairing, quarter_round: Round, status: str
) -> None:
    write(mentee, quarter_round, FIRST, CANARY, audience="program", status=SUBMITTED)
    Moment.objects.create(person=mentee, text=CANARY, happened_on=TODAY, audience="program", program=program)
    Enrollment.objects.filter(person=member).update(**in_state(status))

    assert readers({"member": member}, pages(quarter_round, pairing)) == set()


def test_a_finished_reflection_with_a_later_answer_shares_only_what_was_chosen(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    write(
        mentee,
        quarter_round,
        FIRST,
        "Shared words",
        audience="pairing",
        pairings=(pairing,),
        status=SUBMITTED,
    )
    write(mentee, quarter_round, HARD, CANARY, status=SUBMITTED)
    page = (
        signed_in(mentor)
        .get(reverse("reflections:pair_round", args=[pairing.pk, quarter_round.pk]))
        .content.decode()
    )

    assert "Shared words" in page
    assert CANARY not in page


@pytest.mark.parametrize(
    "state", ["silent", "draft", "declined", "shares nothing", "finished for the program only"]
)
def test_the_partners_page_looks_the_same_whatever_kept_it_shut(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round, state: str
) -> None:
    client = signed_in(mentor)
    urls = [
        reverse("reflections:pair_round", args=[pairing.pk, quarter_round.pk]),
        reverse("pairings:detail", args=[pairing.pk]),
        reverse("reflections:open", args=[quarter_round.pk]),
        reverse("home"),
    ]
    silent = [client.get(url).content.decode().split("<main")[1] for url in urls]
    status = {"draft": DRAFT, "declined": DECLINED}.get(state, SUBMITTED)
    if state != "silent":
        write(mentee, quarter_round, FIRST, CANARY, audience="me", status=status)
    now = [client.get(url).content.decode().split("<main")[1] for url in urls]

    def without_token(page: str) -> str:
        return "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)

    assert [without_token(page) for page in now] == [without_token(page) for page in silent]


def test_foreign_and_missing_look_the_same(
    outsider: User, member: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    write(mentee, quarter_round, FIRST, CANARY, audience="pairing", pairings=(pairing,), status=SUBMITTED)
    client = signed_in(outsider)
    for name in ("open", "review", "done", "shared"):
        foreign = client.get(reverse(f"reflections:{name}", args=[quarter_round.pk]))
        missing = client.get(reverse(f"reflections:{name}", args=[quarter_round.pk + 999]))
        assert (foreign.status_code, missing.status_code) == (404, 404)
        assert len(foreign.content) == len(missing.content)
    client = signed_in(member)
    for name, args in (("timeline", [pairing.pk]), ("pair_round", [pairing.pk, quarter_round.pk])):
        assert client.get(reverse(f"reflections:{name}", args=args)).status_code == 404


def test_a_round_of_another_program_has_no_page_in_this_pairing(
    other_program: Program, mentor: User, pairing: Pairing
) -> None:
    from tests.reflections.conftest import open_round

    foreign = open_round(other_program)
    assert (
        signed_in(mentor).get(reverse("reflections:pair_round", args=[pairing.pk, foreign.pk])).status_code
        == 404
    )


def test_words_stand_in_no_title_and_no_address(mentee: User, pairing: Pairing, quarter_round: Round) -> None:
    write(mentee, quarter_round, FIRST, CANARY, audience="pairing", pairings=(pairing,), status=SUBMITTED)
    moment = Moment.objects.create(person=mentee, text=CANARY, happened_on=TODAY)
    client = signed_in(mentee)
    for url in pages(quarter_round, pairing, moment):
        page = client.get(url, follow=True).content.decode()
        title = page.split("<title>")[1].split("</title>")[0]
        assert "CANARY" not in title
        assert not [part for part in page.split('"') if part.startswith("/") and "CANARY" in part]


def test_no_browser_keeps_a_copy_of_a_page_with_words(
    mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    client = signed_in(mentee)
    for url in pages(quarter_round, pairing):
        assert "no-store" in client.get(url, follow=True).headers["Cache-Control"], url


def test_rows_do_not_tell_their_words(mentee: User, pairing: Pairing, quarter_round: Round) -> None:
    answer = write(mentee, quarter_round, FIRST, CANARY)
    moment = Moment.objects.create(person=mentee, text=CANARY, happened_on=TODAY)

    assert "CANARY" not in f"{answer} {answer!r} {moment} {moment!r} {answer.reflection!r}"
    assert Answer.objects.get().saved_at < NOW
