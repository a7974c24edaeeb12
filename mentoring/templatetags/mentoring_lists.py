"""What stands above the lists of the admin. Load with `{% load mentoring_lists %}`; for pages with a `cl`.

{% saved_views %}      one's own views of this list as links, and the form that saves another
{% shown_programs %}   of which programs the list shows rows, in a sentence
"""

from typing import Any

from django import template
from django.http import HttpRequest

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
