"""What is done in the admin, written down in the audit log (accounts/audit.py).

Lists and forms say themselves which rows it was about (admin/auditing.py). Whatever else changes rows in a request to
the admin, or hands out a file, gets an entry with the name of its address: so no page escapes by not thinking of it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.audit import Verb

from .models import PairingRequest, Program, ProgramAdmin, RuledOut

SAFE = ("GET", "HEAD", "OPTIONS")
FAILED = 400
# Where the number of the row stands in an address of the admin.
ROW = ("pk", "object_id")
WORDS = {
    "publish": _("pairs told"),
    "publications": _("telling again"),
    "criteria": _("what makes a good pair"),
    "next_steps_seen_to": _("seen to"),
    "confirm": _("confirmed"),
    "read_again": _("read again"),
    "mend": _("mended"),
    "leave": _("put away"),
    "lock": _("pairs changed by hand"),
    "move": _("order changed"),
    "rule_out": _("ruled out"),
    "allow_again": _("allowed again"),
    "again": _("begun again"),
    "test": _("a test to oneself"),
    "translate": _("translated"),
    "begin": _("begun"),
    "send": _("sent"),
    "copy": _("copied"),
    "accept_for": _("yes said for one of the two"),
    "log_meeting": _("meeting written down for the two"),
    "notes": _("note kept by those who run the program"),
    "note_back": _("note of those who run the program taken back"),
}


def register() -> None:
    """Called once, when the app starts."""
    audit.register_rights(ProgramAdmin._meta.db_table)
    audit.register_program_names(_names)
    # What one of two said in confidence rules them out as well, and the other one does not learn of it.
    audit.register_concerned(
        RuledOut._meta.label_lower,
        lambda row: (row.mentor_id, row.mentee_id) if row.because == RuledOut.Because.ADMINS else (),
    )
    # A request that is held back has not reached its mentor.
    audit.register_concerned(
        PairingRequest._meta.label_lower,
        lambda row: (row.mentee_id, row.mentor_id if row.asked_at else None),
    )

    audit.register_words(WORDS)


def _names(ids: Iterable[int]) -> Mapping[int, str]:
    return dict(Program.objects.filter(pk__in=ids).order_by().values_list("pk", "name"))


def on_record(
    view: Callable[..., Any],
    answer: Callable[..., HttpResponseBase],
    request: HttpRequest,
    *args: Any,
    **kwargs: Any,
) -> HttpResponseBase:
    """The answer of this view of the admin. Where it changed rows or is a file, and left no entry, one is added."""
    if request.method in SAFE:
        return answer(request, *args, **kwargs)
    with audit.watched() as acting:
        response = answer(request, *args, **kwargs)
        is_a_file = response.get("Content-Disposition", "").startswith("attachment")
        if response.status_code < FAILED and not acting.entries and (acting.wrote or is_a_file):
            page = getattr(view, "__self__", None)
            model = page.model if isinstance(page, ModelAdmin) else None
            pk = next((kwargs[name] for name in ROW if name in kwargs), "")
            row = _row(model, pk)
            audit.record(
                Verb.EXPORTED if is_a_file else Verb.ACTED,
                row,
                action=action_of(request, page),
                kind=model._meta.label_lower if model else "",
                pk=pk if str(pk).isdecimal() else "",
            )
    return response


def _row(model: type[Model] | None, pk: Any) -> Model | None:
    if model is None or not str(pk).isdecimal():
        return None
    return model._base_manager.filter(pk=pk).first()


def action_of(request: HttpRequest, page: Any = None) -> str:
    """The action of the list, if it is one that the list has; else the name of the address, without its model."""
    wanted = request.POST.get("action", "")
    if wanted and isinstance(page, ModelAdmin) and wanted in page.get_actions(request):
        return wanted
    match = request.resolver_match
    name = (match.url_name or "") if match else ""
    space = match.namespace if match else ""
    if isinstance(page, ModelAdmin):
        opts = page.opts
        name = name.removeprefix(f"{opts.app_label}_{opts.model_name}_")
    return "" if name in ("add", "change", "changelist", "delete") else _spaced(space, name)


def _spaced(space: str, name: str) -> str:
    return name if space in ("", "admin") else f"{space}:{name}"
