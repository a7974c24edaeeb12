"""The parts that pages are built from: icons, dates, words, pages of a list, fields."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.paginator import Paginator
from django.forms.renderers import DjangoTemplates
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation
from pytest_django.asserts import assertHTMLEqual

from accounts.forms.widgets import Chips, Rows, Ticks
from accounts.models import User
from accounts.templatetags import best

WHEN = datetime(2026, 6, 23, 15, 5, tzinfo=UTC)


def drawn(template: str, **context: object) -> str:
    return Template("{% load best %}" + template).render(Context(context))


def test_an_icon_is_inline_and_silent() -> None:
    icon = drawn('{% icon "lock" %}')
    assert icon.startswith('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><rect ')
    assert "&" not in icon


def test_an_icon_that_is_not_there_is_a_mistake_and_says_so() -> None:
    with pytest.raises(KeyError):
        drawn('{% icon "nonesuch" %}')


def test_dates_are_written_as_each_language_writes_them() -> None:
    day = date(2026, 6, 23)
    with translation.override("en-us"):
        assert best.long_date(day) == "Tuesday, June 23, 2026"
        assert best.weekday_date(day) == "Tuesday, June 23"
        assert best.month_day(day) == "June 23"
        assert drawn("{{ day|date }}", day=day) == "June 23, 2026"
    with translation.override("de"):
        assert best.long_date(day) == "Dienstag, 23. Juni 2026"
        assert best.month_day(day) == "23. Juni"


def test_a_language_without_formats_of_ours_still_gets_a_date() -> None:
    with translation.override("fr"):
        assert best.long_date(date(2026, 6, 23)) == "23 juin 2026"


def test_times_are_24_hour_in_the_readers_zone_or_in_the_one_asked_for() -> None:
    with translation.override("en-us"), timezone.override("Europe/Lisbon"):
        assert best.clock(WHEN) == "16:05"
        assert best.clock(time(7, 30)) == "07:30"
        assert drawn("{{ when|in_zone:zone|clock }}", when=WHEN, zone=ZoneInfo("Europe/Warsaw")) == "17:05"
        assert drawn("{{ when|in_zone:zone|date:'H:i' }}", when=WHEN, zone=ZoneInfo("Asia/Tokyo")) == "00:05"


def test_a_day_is_the_readers_own_day() -> None:
    late = datetime(2026, 6, 23, 23, 30, tzinfo=UTC)
    with translation.override("en-us"), timezone.override("Europe/Warsaw"):
        assert best.month_day(late) == "June 24"


def test_a_zone_is_called_by_its_city() -> None:
    assert best.place(ZoneInfo("America/Argentina/Buenos_Aires")) == "Buenos Aires"
    assert best.place(User(email="a@example.org", time_zone="Europe/Lisbon")) == "Lisbon"
    assert best.place("UTC") == "UTC"


@pytest.mark.parametrize(
    ("number", "words"), [(0, "no"), (9, "nine"), (12, "twelve"), (13, "13"), (-1, "-1")]
)
def test_numbers_are_words_up_to_twelve(number: int, words: str) -> None:
    with translation.override("en-us"):
        assert best.in_words(number) == words


@pytest.mark.parametrize(
    ("tag", "says"),
    [
        ('{% audience "me" %}', "Only me"),
        ('{% audience "pairing" "Tomasz" %}', "Tomasz and me"),
        ('{% audience "program" %}', "The program"),
        ('{% audience "unheard of" %}', "Only me"),
        ('{% audience "pairing" label="Tomasz, Ayo and me" %}', "Tomasz, Ayo and me"),
    ],
)
def test_who_can_read_it_is_said_in_words(tag: str, says: str) -> None:
    with translation.override("en-us"):
        assert says in drawn(tag)


def test_a_person_is_a_ring_and_a_first_name() -> None:
    ayo = User(pk=4, email="ayo@example.org", name="Ayo <i>Bello")
    person = drawn('{% person who note="You mentor her." url="/pairings/1/" %}', who=ayo)
    assert '<span class="avatar s5" aria-hidden="true">A</span>' in person
    assert '<a href="/pairings/1/"><b>Ayo</b></a>' in person


def test_a_moment_keeps_its_lines_and_escapes_them() -> None:
    moment = drawn(
        '{% include "components/moment.html" with text=text audience="me" on=on %}',
        text="One <line>\nand two",
        on=date(2026, 6, 18),
    )
    assert "One &lt;line&gt;<br>and two" in moment
    assert 'datetime="2026-06-18"' in moment


def test_pages_of_a_list_keep_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/moments/?kind=win&page=3")
    page = Paginator(range(500), 50).get_page(3)
    pager = drawn('{% pager page label="Pages of moments" %}', page=page, request=request)
    assert 'href="?kind=win&amp;page=2" rel="prev"' in pager
    assert 'aria-current="page"' in pager
    assert 'aria-label="Pages of moments"' in pager
    assert "…" in pager


def test_a_list_of_one_page_has_no_pager() -> None:
    page = Paginator(range(5), 50).get_page(1)
    assert drawn("{% pager page %}", page=page, request=RequestFactory().get("/")).strip() == ""


class Capture(forms.Form):
    text = forms.CharField(
        label="What did you notice?", help_text="A sentence is plenty.", widget=forms.Textarea
    )
    kind = forms.ChoiceField(
        label="What was it?", choices=[("aha", "Aha!"), ("win", "A win")], widget=Chips(icons={"win": "sun"})
    )
    seen = forms.ChoiceField(
        label="Seen by",
        choices=[("me", "Only me")],
        widget=Rows(hints={"me": "Nobody else."}),
        required=False,
    )
    sure = forms.BooleanField(label="I am sure", required=False)


def test_a_field_is_label_hint_error_control_in_that_order() -> None:
    with translation.override("en-us"):
        field = Capture({"text": ""})["text"].as_field_group()
    order = [
        field.index(part)
        for part in ("<label", "A sentence is plenty.", "This field is required.", "<textarea")
    ]
    assert order == sorted(order)
    assert 'aria-describedby="id_text_helptext id_text_error"' in field
    assert 'aria-invalid="true"' in field
    assert 'class="textarea"' in field


def test_a_group_is_a_fieldset_with_its_legend_icons_and_consequences() -> None:
    form = Capture({"kind": "nonsense"})
    chips, rows = form["kind"].as_field_group(), form["seen"].as_field_group()
    assert '<fieldset class="field field-error" aria-describedby="id_kind_error">' in chips
    assert "<legend>What was it?</legend>" in chips
    assert chips.count("<svg") == 1
    assert "<small>Nobody else.</small>" in rows


def test_a_choice_is_the_button_that_django_would_draw() -> None:
    class Colors(forms.Form):
        color = forms.ChoiceField(choices=[("", "None"), ('"<b>', "A quote"), (7, "Seven")], widget=Chips)
        colors = forms.MultipleChoiceField(choices=[("red", "Red"), ("blue", "Blue")], widget=Ticks)

    form = Colors({"color": "7", "colors": ["blue"]})
    drawn = [option["tag"] for name in ("color", "colors") for option in best.options(form[name])]
    theirs = [choice.tag() for name in ("color", "colors") for choice in form[name]]

    assert len(drawn) == 5
    for ours, django in zip(drawn, theirs, strict=True):
        assertHTMLEqual(ours, django)


def test_a_list_to_choose_from_is_the_one_that_django_would_draw() -> None:
    choices = [("", "Not said"), ('"<b>', "A quote"), ("Europe", [("lis", "Lisbon"), ("waw", "Warsaw")])]
    control = forms.Select(choices=choices, attrs={"required": True, "aria-describedby": "hint"})

    for chosen in ("lis", '"<b>', None):
        django = control.render("zone", chosen, renderer=DjangoTemplates())
        assert django.count("<option") == 4
        assertHTMLEqual(control.render("zone", chosen), django)


def test_a_whole_form_begins_with_a_summary_that_leads_to_each_field() -> None:
    with translation.override("en-us"):
        page = str(Capture({}))
    assert "Two things need another look" in page
    assert 'href="#id_text"' in page
    assert 'href="#id_kind_0"' in page
    assert str(Capture()).count('role="alert"') == 0


def test_a_control_alone_takes_further_attributes() -> None:
    control = drawn('{% widget field rows=4 class="serif" %}', field=Capture()["text"])
    assert 'rows="4"' in control
    assert 'class="textarea serif"' in control
