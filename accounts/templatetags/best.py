"""The parts that pages are built from. Load with `{% load best %}`; markup is in templates/components/.

Frame: `{% extends "base.html" %}`, blocks `title` (words before "· Best Stuff"), `head`, `main_class` (default
    "page"), `page`. `{% block masthead_class %}masthead-wide{% endblock %}` on reflection pages. A page whose
    form is not called `form` sets `{% block title_error %}` so that its title starts with "Error:" when it must.

Small parts
    {% icon "lock" %}                         one of static/icons.svg, inline, hidden from screen readers
    {% avatar person %} {% avatar person big=True %}      the initial in its ring, or their photo: the reader's own
                                              always, another's with photo=True, to be said where the reader may see
                                              that person's profile (mentoring/people.py); src="..." is another picture
    {% person who note=_("You mentor him") url=link %}    ring, first name (a link if there is a url), a note below;
                                              photo=True as above
    {% audience "me" %} {% audience "pairing" with_whom %} {% audience "program" %}
                                              who can read it, in words ("Only me", "Tomasz and me", "The program");
                                              with_whom is a person or a name; label="..." says it in other words
    {% pager page label=_("Pages of moments") %}          for a page of accounts.paging; nothing when there is only one;
                                              name="without" part="without" for the second list of a page
    {% leaf when %}                           the date as a leaf of a calendar
    {% superusers as people %}                those who run the whole installation
    {% section as here %}                     "home", "reflections", "moments", ...: the first folder of the address

Words, numbers, dates (a datetime is shown in the zone of whoever is signed in)
    {{ 9|in_words }}                          "nine"; figures past twelve
    {{ day|long_date }}                       Tuesday, June 23, 2026
    {{ day|weekday_date }}                    Tuesday, June 23
    {{ day|month_day }}                       June 23
    {{ when|clock }}                          16:00
    {{ when|in_zone:other.zone }}             the same instant where somebody else lives; chain with |clock
    {{ session|browser }}                     "Firefox on Linux": of a row of the list of devices
    {{ zone|place }}                          "Lisbon": the city of a zone, of a zone's name, or of a person

Forms: `{{ form }}` is the summary of errors and each field; `{{ form.text.as_field_group }}` is one field: label, hint,
    error, control. `{% widget field %}` is the control alone, in our class; `{% widget field rows=4 class="serif" %}`
    adds attributes. Groups: use a widget of accounts.forms.widgets (`Chips`, `Rows`, `Ticks`) in the form.
    `{% include "components/errors.html" %}` is the summary alone, for `form`.

Includes: components/empty.html (heading, text, url, action), components/notice.html (text, tone, icon),
    components/moment.html (text, kind, kind_icon, whom, on, audience, with_whom, label, url, kept).
"""

import zoneinfo
from collections.abc import Iterator
from datetime import date, datetime, time, tzinfo
from typing import Any

from allauth.usersessions.models import UserSession
from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Textarea
from django.forms.boundfield import BoundWidget
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.formats import get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import devices
from accounts.icons import svg
from accounts.models import User

register = template.Library()
# Pages that belong to the pairings, and stand at the addresses of their program or of their own.
FOR_PAIRINGS = {
    "programs:mentors", "programs:ask", "programs:watch", "programs:requests", "requests:detail",
    "requests:ask_back", "requests:reply", "requests:room", "requests:pause",
}  # fmt: skip

# Width and height of a small and of a big avatar, in pixels of the page.
SIDES = {False: (44, 44), True: (72, 72)}
NUMBERS = [
    _("no"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"),
    _("seven"), _("eight"), _("nine"), _("ten"), _("eleven"), _("twelve"),
]  # fmt: skip


# --- Small parts ---------------------------------------------------------------------------------------------------

register.simple_tag(svg, name="icon")


@register.simple_tag(takes_context=True)
def avatar(
    context: template.Context, person: User, *, big: bool = False, photo: bool = False, src: str = ""
) -> SafeString:
    """No query: the photo's name is on the person's row. Whether its view gives the picture out is decided there."""
    is_theirs = getattr(context.get("user"), "pk", None) == person.pk
    if not src and person.photo_key and person.is_active and (photo or is_theirs):
        src = reverse("people:photo", args=[person.pk, person.photo_key])
    return format_html(
        # The photo lies over the initial, which is seen where it does not come.
        '<span class="avatar {}{}" aria-hidden="true">{}{}</span>',
        person.strand,
        " avatar-big" if big else "",
        person.initial,
        format_html('<img src="{}" alt="" width="{}" height="{}">', src, *SIDES[big]) if src else "",
    )


@register.inclusion_tag("components/person.html", takes_context=True)
def person(
    context: template.Context, who: User, *, note: str = "", url: str = "", photo: bool = False
) -> dict[str, Any]:
    return {"who": who, "note": note, "url": url, "photo": photo, "user": context.get("user")}


@register.inclusion_tag("components/audience.html")
def audience(code: str, with_whom: User | str = "", *, label: str = "") -> dict[str, Any]:
    name = with_whom.first_name if isinstance(with_whom, User) else with_whom
    return {"code": code, "name": name, "label": label}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(
    context: template.Context, page: Page[Any], *, label: str = "", name: str = "page", part: str = ""
) -> dict[str, Any]:
    """The pages of a list, each link keeping what else the address asks for. `name` is the one of `page_of`; `part`,
    where the list begins on its page."""
    request: HttpRequest = context["request"]
    others = request.GET.copy()
    others.pop(name, None)
    numbers = [
        number if isinstance(number, int) else None
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "page": page,
        "numbers": numbers,
        "before": f"?{others.urlencode()}&{name}=" if others else f"?{name}=",
        "after": f"#{part}" if part else "",
        "label": label or gettext("Pages"),
    }


@register.inclusion_tag("components/leaf.html")
def leaf(when: date) -> dict[str, Any]:
    return {"when": when}


@register.simple_tag
def superusers() -> list[User]:
    return list(User.objects.active().filter(is_superuser=True))


@register.simple_tag(takes_context=True)
def section(context: template.Context) -> str:
    """The first folder of the address asked for, "home" at the root; "" for a lost page, which is nowhere. Where one
    looks for a mentor is a part of the pairings, whatever its folder."""
    request: HttpRequest | None = context.get("request")
    if request is None or request.resolver_match is None:
        return ""
    if request.resolver_match.view_name in FOR_PAIRINGS:
        return "pairings"
    return request.path_info.split("/")[1] or "home"


# --- Words, numbers, dates -----------------------------------------------------------------------------------------


@register.filter
def browser(session: UserSession) -> str:
    return devices.in_words(session.user_agent)


@register.filter
def in_words(number: int) -> str:
    return str(NUMBERS[number]) if 0 <= number < len(NUMBERS) else str(number)


def _written(value: date | time | None, name: str, otherwise: str) -> str:
    """`value` in the format `name` of accounts/formats, or `otherwise` in a language that has no such file yet."""
    if value is None:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = value if getattr(value, "convert_to_local_time", True) is False else timezone.localtime(value)
    pattern = get_format(name)
    return dateformat.format(value, get_format(otherwise) if pattern == name else pattern)


@register.filter
def long_date(day: date | None) -> str:
    return _written(day, "LONG_DATE_FORMAT", "DATE_FORMAT")


@register.filter
def weekday_date(day: date | None) -> str:
    return _written(day, "WEEKDAY_DATE_FORMAT", "MONTH_DAY_FORMAT")


@register.filter
def month_day(day: date | None) -> str:
    return _written(day, "MONTH_DAY_FORMAT", "MONTH_DAY_FORMAT")


@register.filter
def clock(when: datetime | time | None) -> str:
    return _written(when, "TIME_FORMAT", "TIME_FORMAT")


class Elsewhere(datetime):
    """An instant that is to be shown as it stands, in a zone that is not the reader's."""

    convert_to_local_time = False


@register.filter
def in_zone(when: datetime, zone: tzinfo) -> datetime:
    there = when.astimezone(zone)
    return Elsewhere.combine(there.date(), there.timetz())


@register.filter
def place(zone: tzinfo | str | User) -> str:
    """The city that names a time zone: it is how people say which clock they mean."""
    if isinstance(zone, User):
        zone = zone.zone
    name = zone.key if isinstance(zone, zoneinfo.ZoneInfo) else str(zone)
    return name.rsplit("/", 1)[-1].replace("_", " ")


# --- Forms ---------------------------------------------------------------------------------------------------------


@register.simple_tag
def widget(field: BoundField, **attributes: Any) -> SafeString:
    """The control of a field in the class that the stylesheet knows."""
    control = field.field.widget
    attributes["class"] = " ".join(
        filter(None, [_class_for(control), control.attrs.get("class"), attributes.get("class")])
    )
    return field.as_widget(
        attrs={name: value for name, value in attributes.items() if value not in ("", None)}
    )


def _class_for(control: Any) -> str:
    if isinstance(control, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        return ""
    if isinstance(control, Textarea):
        return "textarea"
    return "select" if isinstance(control, Select) else "input"


@register.filter
def shape(field: BoundField) -> str:
    """How a field is drawn: "tick" (one checkbox), "chips", "rows", "ticks", or "control"."""
    control = field.field.widget
    if isinstance(control, CheckboxInput):
        return "tick"
    if isinstance(control, RadioSelect):
        return getattr(control, "shape", "rows")
    return "control"


@register.filter
def options(field: BoundField) -> Iterator[dict[str, Any]]:
    """The choices of a group, each with the icon and the consequence that its widget knows."""
    control = field.field.widget
    icons: dict[str, str] = getattr(control, "icons", {})
    hints: dict[str, Any] = getattr(control, "hints", {})
    choice: BoundWidget
    for choice in field:
        value = str(choice.data["value"])
        yield {
            "tag": _input(choice.data),
            "label": choice.choice_label,
            "icon": icons.get(value, ""),
            "hint": hints.get(value, ""),
        }


def _input(data: dict[str, Any]) -> SafeString:
    """One radio button or checkbox: what Django's four templates for it make, at a tenth of their cost."""
    return format_html(
        '<input type="{}" name="{}" value="{}"{}>',
        data["type"],
        data["name"],
        data["value"],
        flatatt(data["attrs"]),
    )
