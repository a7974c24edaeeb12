"""Command of the house: for superusers, whether all of it runs. Nothing here is of anybody."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.house import health, keys, seen, version
from accounts.house.findings import Finding, State
from mentoring.admin_site import BestAdminSite, DeskPage, Group
from reflections import house
from reflections.models import IncomingMail


@require_safe
def command(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    wellbeing = [*health.findings(now), _held()]
    running = version.findings()
    key_file = keys.look()
    of_keys = key_file.findings
    context = {
        **admin.site.each_context(request),
        "title": gettext("Command of the house"),
        "now": now,
        "unwell": sum(each.state is State.BAD for each in [*wellbeing, *running, *of_keys]),
        "health": wellbeing,
        "tables": health.largest_tables(),
        "failed": health.failed_lately(),
        "version": running,
        "settings": seen.parts(),
        "warnings": version.warnings(),
        "runs": house.runs(now),
        "ahead": house.ahead(now),
        "keys": key_file,
    }
    return TemplateResponse(request, "admin/house.html", context)


def _held() -> Finding:
    label = _("Replies held")
    number = IncomingMail.objects.held().count()
    if not number:
        return Finding(label, gettext("No e-mail that came in waits for its person’s word."))
    words = ngettext(
        "One e-mail that came in waits for its person’s word. It is deleted after a week.",
        "%(number)d e-mails that came in wait for their people’s word. They are deleted after a week.",
        number,
    )
    return Finding(label, words % {"number": number})


site = admin.site
if isinstance(site, BestAdminSite):
    site.add_page(DeskPage("house/", "house", _("The house"), Group.HOUSE, command, is_for_superusers=True))
