"""Erased is erased: not a word, name or address of somebody who left is anywhere, and the others keep theirs."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
import time_machine
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.mail.models import Stopped
from accounts.models import Export, Photo, User
from accounts.mydata import archive, exports
from accounts.mydata.erasing import erase
from mentoring.actions import Guest, invite_by_email
from mentoring.models import (
    ApplicationDraft,
    Enrollment,
    EnrollmentAnswer,
    EnrollmentQuestion,
    Invitation,
    Meeting,
    Notice,
    Pairing,
    Program,
    ProgramAdmin,
)
from reflections import actions
from reflections.models import Audience, Moment, Question, Reflection, Round
from reflections.readers import Readers
from tests import tables
from tests.conftest import NOW, TODAY, make_person, signed_in
from tests.markup import Markup
from tests.world import (
    ABOUT,
    CAUGHT,
    DRAFTED,
    LOCKED,
    NOT_SENT,
    ONLY_MINE,
    PRONOUNS,
    SHARED,
    SHOWN,
    STOOD_BEHIND,
    THANKED,
    things_of_the_pair,
)

pytestmark = pytest.mark.django_db
SAID_OF_ONESELF = (
    "sandpiper-offer",
    "plover-wish",
    "avocet-department",
    "godwit-device",
    "turnstone-passkey",
    "dotterel-uid",
    ABOUT,
    PRONOUNS,
)
BESIDE = ("knot-focus", "ruff-place")
IDENTITY = ("Tomasz", "Zielinski", "Tomek", "tomasz@harbor.example", "curlew@elsewhere.example")
DRAFT, MANAGER = "knot-in-the-application", "bittern@harbor.example"
GONE = (
    DRAFT,
    MANAGER,
    CAUGHT,
    DRAFTED,
    LOCKED,
    ONLY_MINE,
    SHARED,
    SHOWN,
    NOT_SENT,
    STOOD_BEHIND,
    THANKED,
    *SAID_OF_ONESELF,
    *BESIDE,
    *IDENTITY,
)
MENTORS_MOMENT, MENTORS_ANSWER = "merlin-of-the-mentor", "hobby-of-the-mentor"


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world(pairing: Pairing, mentor: User, mentee: User, admin: User) -> dict[str, Any]:
    """Whatever an installation can hold of the mentee, and the mentor's own words beside it."""
    User.objects.filter(pk=mentee.pk).update(preferred_name="Tomek")
    mentee.refresh_from_db()
    place = Enrollment.objects.get(person=mentee)
    Enrollment.objects.filter(pk=place.pk).update(
        department=SAID_OF_ONESELF[2], line_manager=MANAGER, decision_note=SAID_OF_ONESELF[0]
    )
    question = EnrollmentQuestion.objects.create(program=place.program, code="why", text="Why?")
    EnrollmentAnswer.objects.create(
        enrollment=place,
        question=question,
        code="why",
        asked="Why?",
        kind="short",
        audience="pairing",
        text=SAID_OF_ONESELF[1],
    )
    Notice.objects.create(enrollment=place, kind="approved", note=SAID_OF_ONESELF[0])
    ApplicationDraft.objects.create(program=place.program, person=mentee, typed={"answer_why": [DRAFT]})
    Pairing.objects.update(focus=BESIDE[0])
    world = things_of_the_pair(pairing, mentee, admin)
    Meeting.objects.create(pairing=pairing, starts_at=NOW - timedelta(days=9), place=BESIDE[1])
    address = EmailAddress.objects.create(user=mentee, email=mentee.email, verified=True, primary=True)
    EmailConfirmation.create(address)
    EmailAddress.objects.create(user=mentee, email="curlew@elsewhere.example")
    Authenticator.objects.create(user=mentee, type="webauthn", data={"name": SAID_OF_ONESELF[4]})
    SocialAccount.objects.create(
        user=mentee, provider="work", uid=SAID_OF_ONESELF[5], extra_data={"name": "Tomek"}
    )
    Stopped.objects.stop(mentee.pk, "pairings")
    mentee.groups.add(Group.objects.create(name="Cooks"))
    browser = Client(headers={"user-agent": SAID_OF_ONESELF[3]})
    browser.force_login(mentee)
    browser.get(reverse("home"))
    browser.post(reverse("moments:keep"), {"text": CAUGHT, "audience": "me"})
    for row in (mentee, pairing, ProgramAdmin.objects.get(), Enrollment.objects.get(person=mentee)):
        LogEntry.objects.create(
            user=admin,
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=f"{mentee} and more",
            action_flag=CHANGE,
            change_message=f'[{{"changed": {{"object": "{mentee.email}"}}}}]',
        )
    export = Export.objects.get()
    assert exports.make(_wanted(export).pk, now=NOW)
    _mentor_writes(mentor, pairing)
    return world


def _wanted(export: Export) -> Export:
    export.parts.all().delete()  # type: ignore[attr-defined]
    Export.objects.filter(pk=export.pk).update(state=Export.State.WANTED, ready_at=None, expires_at=None)
    return export


def _mentor_writes(mentor: User, pairing: Pairing) -> None:
    with_the_pair = Readers(Audience.PAIRING, frozenset([pairing.pk]))
    actions.keep_moment(mentor, text=MENTORS_MOMENT, happened_on=TODAY, readers=with_the_pair)
    past = Round.objects.earliest("quarter_start")
    question = Question.objects.get(round=past, code="M1")
    actions.save_answer(
        mentor, past, question, text=MENTORS_ANSWER, readers=with_the_pair, based_on="", now=NOW
    )
    actions.submit_reflection(
        Reflection.objects.get(person=mentor, round=past), by=mentor, share=True, now=NOW
    )


def everything() -> str:
    """Each table with all its rows as text, what lies in it as bytes, sealed or in a session's wrapping included; and
    Redis."""
    said = [rows for _table, rows in tables.contents()]
    said += tables.opened()
    said += [json.dumps(session.get_decoded(), default=str) for session in Session.objects.all()]
    client = redis.Redis.from_url(settings.REDIS_URL)
    for key in client.scan_iter("*"):
        said += [key.decode(errors="replace"), repr(client.dump(key))]
    client.close()
    return "\n".join(said)


def found_in(text: str, words: tuple[str, ...]) -> set[str]:
    """Those that are in it, as they are or as a column of bytes shows them."""
    return {word for word in words if word in text or word.encode().hex() in text}


def test_before_it_all_of_that_is_there(world: dict[str, Any]) -> None:
    """Else the next test would find nothing because it looks wrongly."""
    assert found_in(everything(), GONE) == set(GONE)


def test_not_a_word_name_or_address_is_left_in_any_table(world: dict[str, Any], mentee: User) -> None:
    erase(mentee, now=NOW)
    assert found_in(everything(), GONE) == set()


def test_a_session_that_waits_for_a_code_goes_too_whatever_letters_its_address_has(mentee: User) -> None:
    User.objects.filter(pk=mentee.pk).update(email="tomasz@bücher.example")
    mentee.refresh_from_db()
    browser = Client()
    session = browser.session
    session["waits_for"] = {"email": mentee.email}
    session.save()
    erase(mentee, now=NOW)
    assert not Session.objects.filter(pk=session.session_key).exists()


def test_the_other_one_keeps_their_own_words(world: dict[str, Any], mentor: User, mentee: User) -> None:
    erase(mentee, now=NOW)
    assert found_in(everything(), (MENTORS_MOMENT, MENTORS_ANSWER)) == {MENTORS_MOMENT, MENTORS_ANSWER}
    assert Moment.objects.of(mentor).get().text == MENTORS_MOMENT


def test_the_other_ones_pages_stand_beside_a_stub(
    world: dict[str, Any], mentor: User, mentee: User, pairing: Pairing
) -> None:
    erase(mentee, now=NOW)
    past = world["past"]
    browser = signed_in(mentor)
    paths = {
        reverse("home"): "",
        reverse("pairings:list"): "You mentored Somebody who left",
        reverse("pairings:detail", args=[pairing.pk]): MENTORS_MOMENT,
        reverse("reflections:timeline", args=[pairing.pk]): MENTORS_MOMENT,
        reverse("reflections:pair_round", args=[pairing.pk, past]): MENTORS_ANSWER,
        reverse("reflections:done", args=[past]): MENTORS_ANSWER,
        reverse("moments:list"): MENTORS_MOMENT,
        reverse("privacy"): "Somebody who left",
        reverse("accounts:data"): "",
    }
    for path, words in paths.items():
        answer = browser.get(path)
        assert answer.status_code == 200, path
        page = answer.content.decode()
        assert words in " ".join(Markup(page).texts) or words in page, path
        assert found_in(page, GONE) == set(), path


def test_the_other_ones_page_does_not_wait_for_somebody_who_left(
    world: dict[str, Any], mentor: User, mentee: User, pairing: Pairing
) -> None:
    erase(mentee, now=NOW)
    page = signed_in(mentor).get(reverse("reflections:pair_round", args=[pairing.pk, world["past"]]))
    said = " ".join(Markup(page.content.decode()).texts)
    assert "What they had shared went with them." in said
    assert "chooses to share" not in said
    assert "left’s" not in said


def test_a_photo_goes_and_invitations_stay_with_those_who_came_by_them(
    world: dict[str, Any], mentee: User, admin: User, program: Program
) -> None:
    guests = [Guest(mentee.email), Guest("else@new.example")]
    Enrollment.objects.filter(person=mentee).update(status=Enrollment.Status.WITHDRAWN)
    Pairing.objects.active().update(status=Pairing.Status.COMPLETED, ended_on=TODAY)
    Pairing.objects.open().update(status=Pairing.Status.EXPIRED)
    invite_by_email(program, "mentee", guests, by=admin, now=NOW, lives=timedelta(days=7))
    before = set(Invitation.objects.exclude(person=mentee).values_list("pk", flat=True))
    erase(mentee, now=NOW)
    assert not Photo.objects.filter(person=mentee).exists()
    mentee.refresh_from_db()
    assert mentee.photo_key == ""
    assert set(Invitation.objects.values_list("pk", flat=True)) == before
    erase(admin, now=NOW)
    assert set(Invitation.objects.values_list("pk", "created_by")) == {(pk, None) for pk in before}


def test_what_was_under_way_has_ended_and_what_was_asked_comes_to_nothing(
    world: dict[str, Any], mentor: User, mentee: User, pairing: Pairing
) -> None:
    erase(mentee, now=NOW)
    pairing.refresh_from_db()
    assert (pairing.status, pairing.ended_on) == (Pairing.Status.ENDED, TODAY)
    assert Pairing.objects.get(pk=world["asked"]).status == Pairing.Status.EXPIRED
    assert Enrollment.objects.get(person=mentee).status == Enrollment.Status.WITHDRAWN
    assert list(Meeting.objects.coming(NOW)) == []
    assert Meeting.objects.past(NOW).count() == 2
    assert not Pairing.objects.visible_to(mentor).open().exists()


def test_a_pairing_that_ended_before_keeps_its_last_day(pairing: Pairing, mentee: User) -> None:
    Pairing.objects.update(status=Pairing.Status.COMPLETED, ended_on=TODAY - timedelta(days=40))
    erase(mentee, now=NOW)
    pairing.refresh_from_db()
    assert (pairing.status, pairing.ended_on) == (Pairing.Status.COMPLETED, TODAY - timedelta(days=40))


def test_the_history_of_the_admin_keeps_what_was_done_without_the_name(
    world: dict[str, Any], admin: User, mentee: User
) -> None:
    erase(mentee, now=NOW)
    assert LogEntry.objects.filter(user=admin).count() == 4
    assert set(LogEntry.objects.values_list("object_repr", "change_message")) == {("", "")}


def test_nobody_takes_the_record_of_others_along_by_being_called_like_them(
    world: dict[str, Any], mentor: User, mentee: User, superuser: User
) -> None:
    about = {"content_type": ContentType.objects.get_for_model(User), "action_flag": CHANGE}
    theirs = LogEntry.objects.create(
        user=superuser, object_id=str(mentor.pk), object_repr=mentor.name, change_message="Disable", **about
    )
    gone = LogEntry.objects.create(user=superuser, object_id="0", object_repr="Noor Haddad · Harbor", **about)
    for name in ("a", "Noor", "Disable"):
        other = make_person(f"{name.lower()}@elsewhere.example", name)
        erase(other, now=NOW)
    theirs.refresh_from_db()
    assert (theirs.object_repr, theirs.change_message) == (mentor.name, "Disable")
    User.objects.filter(pk=mentee.pk).update(name=mentor.name)
    mentee.refresh_from_db()
    erase(mentee, now=NOW)
    theirs.refresh_from_db()
    gone.refresh_from_db()
    assert (theirs.object_repr, gone.object_repr) == (mentor.name, "")


def test_the_other_ones_copy_says_somebody_who_left(
    world: dict[str, Any], mentor: User, mentee: User
) -> None:
    erase(mentee, now=NOW)
    content = io.BytesIO()
    archive.write(mentor, content, now=NOW)
    with zipfile.ZipFile(content) as theirs:
        said = "\n".join(theirs.read(name).decode() for name in theirs.namelist())
    assert MENTORS_ANSWER in said
    assert "Somebody who left" in said
    assert found_in(said, GONE) == set()


def test_a_superuser_finds_a_stub_in_the_admin_and_breaks_nothing(
    world: dict[str, Any], superuser: User, mentee: User
) -> None:
    erase(mentee, now=NOW)
    browser = signed_in(superuser)
    for name in (
        "accounts_user",
        "mentoring_enrollment",
        "mentoring_pairing",
        "reflections_round",
        "mail_message",
    ):
        page = browser.get(reverse(f"admin:{name}_changelist"))
        assert page.status_code == 200
        assert found_in(page.content.decode(), GONE) == set()
    page = browser.get(reverse("admin:accounts_user_change", args=[mentee.pk]))
    assert page.status_code == 404
