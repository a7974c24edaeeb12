"""The story in a real browser: for everybody's eyes, with long words, on a phone, and on one sheet of paper."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Literal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from mentoring.models import Pairing, Program
from reflections.actions import show_value
from reflections.models import Audience, Keepsake, Moment, Naming, OwnMentor, Thanks, Value

from . import axe
from .test_profile_pages import LONG, enter, faults

__all__ = ["enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIGHTS: tuple[tuple[Literal["light", "dark"], int, Sequence[str]], ...] = (
    ("light", 1280, axe.BEST),
    ("dark", 320, axe.LOOKS),
)


def a_full_year(person: User) -> None:
    """More than a page holds, in words that do not break by themselves."""
    now = timezone.now()
    for number in range(60):
        text = f"{LONG} asked what I was afraid of. Then they waited. {'And waited so. ' * (number % 30)}"
        moment = Moment.objects.create(
            person=person,
            text=text,
            happened_on=now.date() - timedelta(days=7 * number),
            kind=Moment.Kind.values[number % 8],
            for_whom=Moment.Whom.values[number % 5],
        )
        value = ("Patience", LONG[:60], "Candor", "iiiii", "W" * 60, "Room for others")[number % 6]
        show_value(person, value, moment=moment, quote="Then they waited.", now=now)


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 320)]
)
def test_no_page_of_a_story_keeps_anybody_out(
    scheme: str, width: int, program: Program, mentor: User, enter: Callable[..., Page]
) -> None:
    page = enter(mentor, scheme, width)
    page.goto("/story/")
    wrong = faults(page, f"story-empty-{scheme}")
    a_full_year(mentor)
    value, moment = Value.objects.earliest("pk"), Moment.objects.earliest("pk")
    for name, path in {
        "story": "/story/",
        "story-2": "/story/?page=2",
        "value": f"/story/values/{value.pk}/",
        "values": "/story/values/",
        "merge": f"/story/values/{value.pk}/merge/",
        "beside": f"/story/moments/{moment.pk}/",
        "moment": f"/moments/{moment.pk}/",
        "other-years": "/story/other-years/",
        "year": "/story/year/",
    }.items():
        page.goto(path)
        for folded in page.locator("main details").all():
            folded.locator("summary").click()
        wrong += faults(page, f"{name}-{scheme}")
    assert not wrong, "\n".join(wrong)


def test_nor_does_a_page_of_thanks_of_naming_or_of_the_wall_however_long_the_words(
    program: Program, pairing: Pairing, mentor: User, mentee: User, enter: Callable[..., Page]
) -> None:
    now = timezone.now()
    Program.objects.update(has_wall=True)
    User.objects.filter(pk=mentee.pk).update(name=LONG, preferred_name="")
    names_me, names_them = (
        Moment.objects.create(
            person=writer,
            text=" ".join([LONG] * 12),
            happened_on=timezone.localdate(),
            kind=Moment.Kind.WIN,
            audience=Audience.PROGRAM,
            program=program,
        )
        for writer in (mentee, mentor)
    )
    asked = Naming.objects.create(person=mentor, moment=names_me, asked_at=now)
    Naming.objects.create(person=mentee, moment=names_them, asked_at=now)
    own = OwnMentor.objects.create(
        person=mentor, name=LONG, kept=LONG * 5, address=f"{'a' * 60}@away.example"
    )
    draft = Thanks.objects.create(writer=mentor, mentor=own, text=LONG * 8)
    given = Thanks.objects.create(
        writer=mentee,
        recipient=mentor,
        pairing=pairing,
        program=program,
        text=f"{LONG} {LONG * 8}",
        way=Thanks.Way.HERE,
        sent_at=now,
    )
    Keepsake.objects.create(
        person=mentor,
        parts=Keepsake.Part.values,
        forms=Keepsake.Form.values,
        state=Keepsake.State.READY,
        requested_at=now,
        ready_at=now,
        expires_at=now + timedelta(days=7),
    )
    page = enter(mentor)
    wrong = []
    for name, path in {
        "named": "/named/",
        "asked": f"/named/{asked.pk}/",
        "names": f"/named/in/moments/{names_them.pk}/",
        "wall": "/wall/",
        "thanks": "/thanks/",
        "own-mentor": f"/thanks/mentors/{own.pk}/",
        "draft": f"/thanks/{draft.pk}/",
        "mail": f"/thanks/{draft.pk}/mail/",
        "print": f"/thanks/{draft.pk}/print/",
        "copy": f"/thanks/{draft.pk}/copy/",
        "received": "/thanks/received/",
        "note": f"/thanks/received/{given.pk}/",
        "report": f"/thanks/received/{given.pk}/report/",
        "keepsake": "/keepsake/",
    }.items():
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, f"{answer.status} from {path}"
        for scheme, width, rules in SIGHTS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            wrong += faults(page, f"{name}-{scheme}", rules)
    assert not wrong, "\n".join(wrong)


def test_the_year_is_printed_on_one_sheet(program: Program, mentor: User, enter: Callable[..., Page]) -> None:
    a_full_year(mentor)
    page = enter(mentor)
    page.goto("/story/year/")
    expect(page.get_by_role("button", name="Print this page")).to_be_visible()
    sheets = page.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1
    (box,) = set(re.findall(rb"/MediaBox\s*\[0 0 (\S+) (\S+)\]", sheets))
    assert float(box[0]) > float(box[1])  # on its side


def test_a_value_is_named_without_a_script(mentor: User, enter: Callable[..., Page]) -> None:
    Moment.objects.create(person=mentor, text="I asked. I waited.", happened_on=timezone.localdate())
    page = enter(mentor, java_script_enabled=False)
    page.goto("/story/")
    page.get_by_role("link", name="What does it show?").click()
    page.get_by_label("What do you care about here?").fill("Patience")
    page.get_by_label("I waited.").check()
    page.get_by_role("button", name="Keep it beside this").click()
    expect(page.get_by_text("Kept beside it.")).to_be_visible()
    page.goto("/story/")
    expect(page.locator("mark")).to_have_text("I waited.")
    page.get_by_text("Read the river as a table").click()
    expect(page.get_by_role("table")).to_contain_text("Patience")
