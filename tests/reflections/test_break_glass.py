"""Somebody's words opened in an emergency: by two superusers, with a reason, for an hour, and told to their writer."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.mail import kinds
from accounts.mail.models import Message
from accounts.models import User
from mentoring.models import Pairing
from reflections import actions
from reflections.actions import Refused
from reflections.break_glass_emails import ASKED, OPENED
from reflections.models import BreakGlass, BreakGlassReading, Moment, Reflection, Round, Thanks
from tests.accounts.conftest import lately_seen
from tests.conftest import NOW, TODAY, make_person, signed_in
from tests.mentoring.test_races import at_once
from tests.reflections.conftest import ASIDE, FIRST, write

WORDS = "CANARY-glass I cannot go on like this"
REASON = "REASON-glass Their mentor fears for them."
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _on(settings: Settings) -> None:
    settings.BREAK_GLASS = True


@pytest.fixture
def clocked() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def second(db: None) -> User:
    return make_person("two@harbor.example", "Una Second", is_superuser=True)


@pytest.fixture
def moment(mentee: User) -> Moment:
    return Moment.objects.create(person=mentee, text=WORDS, happened_on=TODAY)


@pytest.fixture
def asked(mentee: User, superuser: User, moment: Moment) -> BreakGlass:
    return actions.ask_to_open(mentee, by=superuser, reason=REASON, moment=moment, now=NOW)


def just_signed_in(person: User) -> Client:
    return lately_seen(person, signed_in(person))


# --- The rules --------------------------------------------------------------------------------------------------------


def test_it_takes_two_a_reason_and_lasts_an_hour(
    asked: BreakGlass, mentee: User, superuser: User, second: User, moment: Moment
) -> None:
    with pytest.raises(Refused, match="not open now"):
        actions.read_opened(asked, by=superuser, now=NOW)
    with pytest.raises(Refused, match="takes two"):
        actions.allow_opening(asked, by=superuser, now=NOW)
    actions.allow_opening(asked, by=second, now=NOW + HOUR)
    with pytest.raises(Refused, match="whoever asked"):
        actions.read_opened(asked, by=second, now=NOW + HOUR)
    opened = actions.read_opened(asked, by=superuser, now=NOW + HOUR)
    assert [one.text for one in opened.moments] == [WORDS]
    actions.read_opened(asked, by=superuser, now=NOW + 2 * HOUR - timedelta(seconds=1))
    with pytest.raises(Refused, match="not open now"):
        actions.read_opened(asked, by=superuser, now=NOW + 2 * HOUR)
    assert [row.read_at for row in BreakGlassReading.objects.all()] == [
        NOW + HOUR,
        NOW + 2 * HOUR - timedelta(seconds=1),
    ]


def test_a_day_is_all_the_time_there_is_to_allow_it(asked: BreakGlass, second: User) -> None:
    with pytest.raises(Refused, match="more than a day ago"):
        actions.allow_opening(asked, by=second, now=NOW + DAY)
    actions.allow_opening(asked, by=second, now=NOW + DAY - timedelta(seconds=1))


def test_it_may_be_refused_or_closed_sooner(
    asked: BreakGlass, mentee: User, superuser: User, second: User, moment: Moment
) -> None:
    actions.refuse_opening(asked, by=second, now=NOW)
    with pytest.raises(Refused, match="answered already"):
        actions.allow_opening(asked, by=second, now=NOW)
    again = actions.ask_to_open(mentee, by=superuser, reason=REASON, moment=moment, now=NOW)
    actions.allow_opening(again, by=second, now=NOW)
    actions.close_opening(again, by=second, now=NOW + timedelta(minutes=5))
    with pytest.raises(Refused, match="not open now"):
        actions.read_opened(again, by=superuser, now=NOW + timedelta(minutes=6))


def test_nobody_else_does_it_and_nobody_with_their_own_words(
    asked: BreakGlass, mentee: User, admin: User, superuser: User, second: User, moment: Moment
) -> None:
    for person in (admin, mentee):
        with pytest.raises(Refused, match="Only superusers"):
            actions.ask_to_open(mentee, by=person, reason=REASON, moment=moment, now=NOW)
        with pytest.raises(Refused, match="Only superusers"):
            actions.allow_opening(asked, by=person, now=NOW)
    own = Moment.objects.create(person=superuser, text="mine", happened_on=TODAY)
    with pytest.raises(Refused):
        actions.ask_to_open(superuser, by=superuser, reason=REASON, moment=own, now=NOW)
    with pytest.raises(Refused, match="no such thing"):
        actions.ask_to_open(mentee, by=superuser, reason=REASON, moment=own, now=NOW)
    with pytest.raises(Refused, match="Write why"):
        actions.ask_to_open(mentee, by=superuser, reason=" ", moment=moment, now=NOW)
    with pytest.raises(Refused, match="Choose one"):
        actions.ask_to_open(mentee, by=superuser, reason=REASON, now=NOW)
    # Whoever asked has to be a superuser still, when it is allowed and when it is read.
    User.objects.filter(pk=superuser.pk).update(is_superuser=False)
    with pytest.raises(Refused, match="Only superusers"):
        actions.allow_opening(asked, by=second, now=NOW)


def test_where_it_is_off_nothing_is_asked_allowed_or_read(
    asked: BreakGlass, mentee: User, superuser: User, second: User, moment: Moment, settings: Settings
) -> None:
    actions.allow_opening(asked, by=second, now=NOW)
    settings.BREAK_GLASS = False
    for act in (
        lambda: actions.ask_to_open(mentee, by=superuser, reason=REASON, moment=moment, now=NOW),
        lambda: actions.read_opened(asked, by=superuser, now=NOW),
    ):
        with pytest.raises(Refused, match="does not open"):
            act()


def test_a_quarter_is_what_was_kept_and_written_in_it(
    mentee: User, superuser: User, second: User, moment: Moment, quarter_round: Round
) -> None:
    Moment.objects.create(person=mentee, text="before it", happened_on=TODAY - timedelta(days=200))
    write(mentee, quarter_round, FIRST, "first words")
    write(mentee, quarter_round, ASIDE, "set aside")
    row = actions.ask_to_open(mentee, by=superuser, reason=REASON, round=quarter_round, now=NOW)
    actions.allow_opening(row, by=second, now=NOW)
    opened = actions.read_opened(row, by=superuser, now=NOW)
    assert [one.text for one in opened.moments] == [WORDS]
    assert [one.text for one in opened.answers] == ["first words", "set aside"]
    Moment.objects.all().delete()
    Reflection.objects.all().delete()
    opened = actions.read_opened(row, by=superuser, now=NOW)
    assert (list(opened.moments), list(opened.answers)) == ([], [])


def test_what_its_writer_deletes_is_gone_for_whoever_asked_and_the_asking_stays(
    asked: BreakGlass, superuser: User, second: User, moment: Moment, mentee: User
) -> None:
    actions.allow_opening(asked, by=second, now=NOW)
    actions.delete_moment(moment, by=mentee)
    assert actions.read_opened(asked, by=superuser, now=NOW).moments == []
    assert BreakGlass.objects.of(mentee).get().about == "moment"


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_at_once_answer_once(
    mentee: User, superuser: User, second: User, moment: Moment
) -> None:
    third = make_person("three@harbor.example", "Theo Third", is_superuser=True)
    for _round in range(4):
        row = actions.ask_to_open(mentee, by=superuser, reason=REASON, moment=moment, now=NOW)
        ends = at_once(
            [
                lambda row=row: actions.allow_opening(row, by=second, now=NOW),
                lambda row=row: actions.refuse_opening(row, by=third, now=NOW),
                lambda row=row: actions.allow_opening(row, by=superuser, now=NOW),
            ]
        )
        assert ends.count("done") == 1, ends
        row.refresh_from_db()
        assert (row.allowed_at is None) != (row.refused_at is None)
        assert Message.objects.filter(kind=OPENED, subject_id=row.pk).count() == (row.allowed_at is not None)


# --- The writer -------------------------------------------------------------------------------------------------------


def test_the_writer_is_told_at_each_step_without_a_word_or_the_reason(
    asked: BreakGlass, mentee: User, second: User
) -> None:
    actions.allow_opening(asked, by=second, now=NOW)
    for kind, said in ((ASKED, "Nobody can read it yet"), (OPENED, "Una Second allowed Sam Root to read")):
        letter = kinds.get(kind).render(Message.objects.get(kind=kind, person=mentee))
        assert said in letter.text
        for secret in ("CANARY-glass", "REASON-glass"):
            assert secret not in letter.text + letter.html + letter.subject
        assert kinds.get(kind).stream is None


@pytest.mark.usefixtures("clocked")
def test_it_stands_for_good_on_who_can_see_what_also_once_it_is_off(
    asked: BreakGlass,
    pairing: Pairing,
    mentee: User,
    mentor: User,
    superuser: User,
    second: User,
    settings: Settings,
) -> None:
    actions.allow_opening(asked, by=second, now=NOW)
    actions.read_opened(asked, by=superuser, now=NOW)
    for is_on in (True, False):
        settings.BREAK_GLASS = is_on
        page = signed_in(mentee).get(reverse("privacy")).content.decode()
        assert "REASON-glass" in page
        assert "Asked by Sam Root" in page
        assert "Allowed by Una Second" in page
        assert "It was read: Tuesday, June 23, 2026" in page
        for other in (mentor, superuser):
            assert "REASON-glass" not in signed_in(other).get(reverse("privacy")).content.decode()
    assert "In an emergency" not in signed_in(mentor).get(reverse("privacy")).content.decode()


# --- The pages --------------------------------------------------------------------------------------------------------


def urls(row: BreakGlass) -> dict[str, str]:
    return {
        "list": reverse("break_glass:list"),
        "ask": reverse("break_glass:ask", args=[row.person_id]),
        **{
            name: reverse(f"break_glass:{name}", args=[row.pk])
            for name in ("detail", "allow", "refuse", "close", "read")
        },
    }


@pytest.mark.usefixtures("clocked")
def test_two_superusers_go_through_it_by_its_pages(
    mentee: User, superuser: User, second: User, moment: Moment
) -> None:
    one, two = just_signed_in(superuser), just_signed_in(second)
    assert "Opening somebody’s words" in one.get(reverse("admin:index")).content.decode()
    unknown = one.post(reverse("break_glass:whose"), {"email": "nobody@harbor.example"}).content.decode()
    assert "Nobody has an account with this address." in unknown
    to_ask = one.post(reverse("break_glass:whose"), {"email": mentee.email.upper()})
    ask = reverse("break_glass:ask", args=[mentee.pk])
    assert to_ask.headers["Location"] == ask
    wrong = one.post(
        ask, {"which": "moment", "number": str(moment.pk + 9), "reason": REASON}
    ).content.decode()
    assert "There is no such thing" in wrong
    assert REASON in wrong
    assert "Write why it has to be read" in one.post(ask, {"which": "moment"}).content.decode()
    done = one.post(ask, {"which": "moment", "number": str(moment.pk), "reason": REASON})
    row = BreakGlass.objects.get()
    pages = urls(row)
    assert done.headers["Location"] == pages["detail"]
    assert "Allow it for an hour" not in one.get(pages["detail"]).content.decode()
    shown = two.get(pages["detail"]).content.decode()
    assert REASON in shown
    two.post(pages["allow"])
    assert "CANARY-glass" not in one.get(pages["detail"]).content.decode()
    read = one.post(pages["read"])
    assert "CANARY-glass" in read.content.decode()
    assert "no-store" in read.headers["Cache-Control"]
    assert "CANARY-glass" not in two.post(pages["read"], follow=True).content.decode()
    assert BreakGlassReading.objects.count() == 1
    one.post(pages["close"])
    assert "CANARY-glass" not in one.post(pages["read"], follow=True).content.decode()
    assert REASON not in one.get(pages["list"]).content.decode()


@pytest.mark.usefixtures("clocked")
def test_nobody_else_finds_a_page_and_nobody_at_all_where_it_is_off(
    asked: BreakGlass, mentee: User, mentor: User, admin: User, superuser: User, settings: Settings
) -> None:
    pages = urls(asked)
    for person in (mentee, mentor, admin):
        client = signed_in(person)
        for name, url in pages.items():
            method = client.get if name in {"list", "ask", "detail"} else client.post
            assert method(url).status_code == 404, (person, name)
    settings.BREAK_GLASS = False
    client = just_signed_in(superuser)
    for name, url in pages.items():
        method = client.get if name in {"list", "ask", "detail"} else client.post
        assert method(url).status_code == 404, name
    assert "Opening somebody’s words" not in client.get(reverse("admin:index")).content.decode()


@pytest.mark.usefixtures("clocked")
def test_whoever_signed_in_long_ago_shows_first_that_it_is_still_them(
    asked: BreakGlass, second: User, superuser: User
) -> None:
    client = signed_in(second)
    for name, url in urls(asked).items():
        method = client.get if name in {"list", "ask", "detail"} else client.post
        answer = method(url)
        assert answer.status_code == 302, name
        assert "reauth" in answer.headers["Location"] or "still" in answer.headers["Location"]
    asked.refresh_from_db()
    assert asked.allowed_at is None


# --- A note of thanks -------------------------------------------------------------------------------------------------


def test_one_note_of_thanks_that_they_wrote_is_opened_as_a_moment_is(
    mentee: User, mentor: User, superuser: User, second: User, clocked: None
) -> None:
    note = Thanks.objects.create(writer=mentee, recipient=mentor, text=WORDS)
    client = just_signed_in(superuser)
    asking = {"which": "note", "number": str(note.pk), "reason": REASON}
    client.post(reverse("break_glass:ask", args=[mentee.pk]), asking)
    row = BreakGlass.objects.get()
    assert (row.about, row.note, row.sealed_for) == ("note", note, mentee.pk)
    assert Message.objects.filter(person=mentee, kind=ASKED).exists()
    actions.allow_opening(row, by=second, now=NOW)
    assert WORDS in client.post(reverse("break_glass:read", args=[row.pk])).content.decode()
    note.delete()
    gone = client.post(reverse("break_glass:read", args=[row.pk])).content.decode()
    assert "There is nothing of it any more." in gone


def test_a_note_that_somebody_was_given_is_not_theirs_to_be_opened(
    mentee: User, mentor: User, superuser: User, clocked: None
) -> None:
    """It is its writer who would be told."""
    note = Thanks.objects.create(writer=mentor, recipient=mentee, text=WORDS)
    with pytest.raises(Refused, match="no such thing"):
        actions.ask_to_open(mentee, by=superuser, reason=REASON, note=note, now=NOW)
    asking = {"which": "note", "number": str(note.pk), "reason": REASON}
    page = just_signed_in(superuser).post(reverse("break_glass:ask", args=[mentee.pk]), asking)
    assert "There is no such thing of this person’s." in page.content.decode()
    assert not BreakGlass.objects.exists()


def test_notes_of_a_quarter_are_not_opened_with_it(
    mentee: User, superuser: User, second: User, quarter_round: Round
) -> None:
    Thanks.objects.create(writer=mentee, text=WORDS)
    row = actions.ask_to_open(mentee, by=superuser, reason=REASON, round=quarter_round, now=NOW)
    actions.allow_opening(row, by=second, now=NOW)
    opened = actions.read_opened(row, by=superuser, now=NOW)
    assert not opened.notes
    assert not opened.moments
