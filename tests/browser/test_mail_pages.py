"""The pages about e-mail in a real browser: for everybody's eyes, with long words, by day and in the dark, on a phone.

Those of a person, those behind the links of the quarter's e-mails, and those of whoever runs the program.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django import Settings

from accounts.mail import outbox
from accounts.mail.models import MailLink, Message, Suppression
from accounts.models import User
from mentoring.models import Pairing, Program
from reflections.actions import ask_to_open
from reflections.models import IncomingMail, Moment, NudgeWords, Question, Round
from tests.conftest import PASSWORD, make_person

from . import axe
from .pictures import picture
from .test_profile_pages import LONG, enter, faults_in_each_sight

__all__ = ["enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

State = Message.State


@pytest.fixture
def asked(program: Program) -> Round:
    """A round that asks on whatever day the test runs."""
    quarter = program.quarter_on(timezone.localdate())
    made = Round.objects.create(
        program=program,
        quarter_start=quarter.start,
        opens_on=quarter.start,
        due_on=quarter.end,
        closes_on=quarter.end + timedelta(days=21),
    )
    Question.objects.create(
        round=made,
        code="M1",
        step="first",
        text="What was your best stuff?",
        mentor_position=1,
        mentee_position=1,
    )
    return made


def owed(person: User, kind: str, subject: int) -> Message:
    now = timezone.now()
    outbox.owe(kind, person.pk, subject, due_at=now - timedelta(hours=1), expires_at=now + timedelta(days=7))
    return Message.objects.get(person=person, kind=kind, subject_id=subject)


def become(message: Message, state: Message.State, **changes: str) -> None:
    has_gone = state in (State.SENT, State.BOUNCED)
    Message.objects.filter(pk=message.pk).update(
        state=state, sending_at=message.due_at, sent_at=message.due_at if has_gone else None, **changes
    )


def link(person: User, message: Message, purpose: MailLink.Purpose) -> str:
    return MailLink.objects.issue(person.pk, purpose, now=timezone.now(), message_id=message.pk)


def came_in(person: User, state: str, **words: str) -> None:
    row = IncomingMail(
        person=person,
        way="reply",
        state=state,
        because="another" if state == "held" else "",
        came_at=timezone.now(),
        message_hash=state.encode(),
    )
    for name, text in words.items():
        setattr(row, name, text)
    row.save()


def wrong_in(page: Page, paths: dict[str, str]) -> list[str]:
    wrong = []
    for name, path in paths.items():
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, f"{answer.status} from {path}"
        wrong += faults_in_each_sight(page, f"mail-{name}")
    return wrong


def test_a_persons_pages_about_e_mail_keep_nobody_out(
    pairing: Pairing, mentee: User, asked: Round, enter: Callable[..., Page], settings: Settings
) -> None:
    settings.INBOUND_ADDRESS, settings.INBOUND_AUTHSERV_ID = "post@in.harbor.example", "mx.harbor.example"
    page = enter(mentee)
    wrong = wrong_in(page, {"nothing-sent": "/settings/mail/", "nothing-came": "/by-mail/"})
    for number, state in enumerate(State):
        if state not in (
            State.CLAIMED,
            State.SENDING,
        ):  # That one is in somebody's hands shows like one that is sent.
            become(owed(mentee, "pairing_made", pairing.pk + number), state)
    came_in(mentee, "held", text=" ".join([LONG] * 6), sender=f"{'a' * 60}@elsewhere.example")
    came_in(mentee, "taken", left_out=" ".join([LONG] * 6))
    User.objects.filter(pk=mentee.pk).update(
        nudges_paused_at=timezone.now(),
        snoozed_until=timezone.localdate() + timedelta(days=9),
    )
    Suppression.objects.create(
        person=mentee, address=mentee.email, reason=Suppression.Reason.BOUNCED, suppressed_at=timezone.now()
    )
    wrong += wrong_in(
        page,
        {"settings": "/settings/", "sent": "/settings/mail/", "came": "/by-mail/", "privacy": "/privacy/"},
    )
    assert not wrong, "\n".join(wrong)


def test_nor_do_those_behind_the_links_of_the_quarters_e_mails(
    pairing: Pairing, mentee: User, asked: Round, enter: Callable[..., Page]
) -> None:
    User.objects.filter(pk=mentee.pk).update(name=LONG, preferred_name="")
    token = link(mentee, owed(mentee, "ask", asked.pk), MailLink.Purpose.NUDGE)
    stop = link(mentee, Message.objects.get(kind="ask"), MailLink.Purpose.STOP)
    page = enter(mentee)
    keep = link(mentee, owed(mentee, "keep_asking", asked.pk), MailLink.Purpose.NUDGE)
    links = {name: reverse(f"reflections:{name}", args=[token]) for name in ("not_now", "another_time")}
    links["keep_asking"] = reverse("reflections:keep_asking", args=[keep])
    wrong = wrong_in(page, {**links, "stop": reverse("mail:stop", args=[stop])})
    for name, button in (
        ("keep_asking", "Let it rest"),
        ("another_time", None),
        ("not_now", "Not this quarter"),
    ):
        page.goto(links[name])
        main = page.get_by_role("main")
        (main.get_by_role("button", name=button) if button else main.get_by_role("button").first).click()
        wrong += faults_in_each_sight(page, f"mail-{name}-said")
    assert not wrong, "\n".join(wrong)


def test_nor_do_those_of_whoever_runs_the_program(
    pairing: Pairing, mentee: User, mentor: User, admin: User, asked: Round, enter: Callable[..., Page]
) -> None:
    for person, state in ((mentee, State.SENT), (mentor, State.FAILED)):
        become(owed(person, "ask", asked.pk), state, last_error="550 5.1.1 No such user")
    Suppression.objects.create(
        person=mentor, address=mentor.email, reason=Suppression.Reason.BOUNCED, suppressed_at=timezone.now()
    )
    said = NudgeWords.objects.create(
        program=asked.program, language="en-us", subject=f"{LONG} {{quarter}}", ask="{name}, what was good?"
    )
    page = enter(admin)
    failed = Message.objects.get(state=State.FAILED).pk
    wrong = []
    for name, path in {
        "index": "/admin/",
        "messages": reverse("admin:mail_message_changelist"),
        "message": reverse("admin:mail_message_change", args=[failed]),
        "rounds": reverse("admin:reflections_round_changelist"),
        "round": reverse("admin:reflections_round_change", args=[asked.pk]),
        "coming": f"{reverse('admin:reflections_round_coming')}?program={asked.program_id}&on={timezone.localdate()}",
        "words": reverse("admin:reflections_nudgewords_change", args=[said.pk]),
        "words-shown": reverse("admin:reflections_nudgewords_preview", args=[said.pk]),
        "questionnaires": reverse("admin:reflections_questionnaire_changelist"),
        "people": reverse("admin:accounts_user_changelist"),
    }.items():
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, f"{answer.status} from {path}"
        wrong += in_the_admin(page, f"mail-admin-{name}")
    assert not wrong, "\n".join(wrong)


def test_nor_do_those_on_which_words_are_opened_in_an_emergency(
    pairing: Pairing, mentee: User, superuser: User, enter: Callable[..., Page], settings: Settings
) -> None:
    settings.BREAK_GLASS = True
    second = make_person("two@harbor.example", "Una Second", is_superuser=True)
    moment = Moment.objects.create(person=mentee, text=LONG, happened_on=timezone.localdate())
    glass = ask_to_open(
        mentee, by=second, reason=f"{LONG} fears for them.", moment=moment, now=timezone.now()
    )
    page = enter(superuser)
    page.goto(reverse("break_glass:list"))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    wrong = []
    for name, path in {
        "list": reverse("break_glass:list"),
        "ask": reverse("break_glass:ask", args=[mentee.pk]),
        "detail": reverse("break_glass:detail", args=[glass.pk]),
    }.items():
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, f"{answer.status} from {path}"
        assert page.url.endswith(path)
        wrong += in_the_admin(page, f"glass-{name}")
    assert not wrong, "\n".join(wrong)


def in_the_admin(page: Page, name: str) -> list[str]:
    """Of Django's own frame WCAG is asked, and no best practices."""
    wrong = []
    for scheme, width, rules in (
        ("light", 1280, axe.AA),
        ("dark", 1280, axe.LOOKS),
        ("dark", 390, axe.LOOKS),
    ):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        picture(page, "profiles", f"{name}-{scheme}-{width}")
        wrong += [f"{name}: {said}" for said in axe.faults(page, rules)]
    return wrong
