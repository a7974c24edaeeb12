"""What stands above the lists of the admin. Load with `{% load mentoring_lists %}`; for pages with a `cl`.

{% saved_views %}      one's own views of this list as links, and the form that saves another
{% shown_programs %}   of which programs the list shows rows, in a sentence
{% section_of opts %}  the section of the navigation in which a list stands; on any page of its rows
{% cells result result_headers %}  the cells of a row, each with the heading of its column, for narrow screens
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from accounts.models import User
from mentoring.models import SavedView

register = template.Library()


@register.inclusion_tag("admin/saved_views_links.html", takes_context=True)
def saved_views(context: template.Context) -> dict[str, Any]:
    request: HttpRequest = context["request"]
    label = context["cl"].opts.label_lower
    if not isinstance(request.user, User):
        raise TypeError("The admin shows nothing to somebody who is not signed in.")
    return {
        "views": list(SavedView.objects.visible_to(request.user).filter(of_list=label)),
        "label": label,
        "rows": request.GET.urlencode(),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("admin/shown_programs.html", takes_context=True)
def shown_programs(context: template.Context) -> dict[str, Any]:
    cl = context["cl"]
    for spec in cl.filter_specs:
        if hasattr(spec, "leaves_some_out"):
            every = cl.get_query_string({spec.parameter_name: "all"}) if spec.leaves_some_out else ""
            return {"said": spec.said(), "every": every}
    return {"said": "", "every": ""}


@register.simple_tag
def section_of(opts: Any) -> str:
    """Empty for what stands in none."""
    page = admin.site._registry.get(opts.model)
    group = getattr(page, "group", None)
    return str(group.label) if group is not None else ""


@register.simple_tag
def cells(result: Iterable[str], headers: Iterable[Mapping[str, Any]]) -> SafeString:
    """As Django made them. Its box for ticking has no heading, and what comes after the last column has none either."""
    titles = [str(header["text"]) for header in headers]
    found = []
    for number, cell in enumerate(result):
        title = titles[number] if number < len(titles) and "<" not in titles[number] else ""
        labelled = format_html('<td data-label="{}"', capfirst(title)) if title else "<td"
        found.append(str(cell).replace("<td", labelled, 1) if str(cell).startswith("<td") else str(cell))
    return mark_safe("".join(found))  # noqa: S308 (Django's own cells, and a heading that is escaped)
