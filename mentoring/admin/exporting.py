"""The way from a list of the admin to a file: what the list shows now, on all its pages, as CSV or XLSX.

It has the rows of the list's own gate, search, filters and order, and no column that the list's page does not name
(`get_export_columns`). Made by a POST and noted in the admin's log: who, which list, how many rows, and not what they
say.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from html import unescape
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock
from accounts.models import User
from mentoring.models import Program
from mentoring.sheets import FORMATS, Format

from .counting import exactly

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
else:
    AnyModelAdmin = admin.ModelAdmin

AT_A_TIME = 1000
WITHOUT_A_PROGRAM = "best-stuff"


class ExportedList(AnyModelAdmin):
    """A list with an "Export" beside its "Add"."""

    # What a file has besides the columns of the list: fields, or methods of this page.
    exported_besides: ClassVar[Sequence[str]] = ()

    def get_export_columns(self, request: HttpRequest) -> list[str]:
        """Those of the list and `exported_besides`. The value is said by `export_NAME(row)`, where there is one."""
        return [*cast("Sequence[str]", self.get_list_display(request)), *self.exported_besides]

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        mine = path("export/", self.admin_site.admin_view(self.export_view), name=name)
        return [mine, *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """GET says what will be in the file; POST makes it. The list's own query string says which rows."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            request.GET = cast("Any", QueryDict(request.POST.get("rows", "")))
        try:
            found = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(f"{self._list_url()}?{ERROR_FLAG}=1")
        if request.method != "POST":
            return self._page(request, found)
        kind = FORMATS.get(request.POST.get("format", ""))
        if kind is None:
            return self._page(request, found, gettext("Choose one of the two kinds of file."))
        if kind.most_rows and exactly(found) >= kind.most_rows:
            return self._page(request, found, gettext("That is more than this kind of file can hold."))
        return self._file(request, found, kind)

    def _list_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _page(self, request: HttpRequest, found: ChangeList, error: str = "") -> HttpResponse:
        number = exactly(found)
        rows = ngettext("%(number)d row", "%(number)d rows", number) % {"number": number}
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Export: %(list)s") % {"list": self.opts.verbose_name_plural},
            "number_of_rows": rows,
            "columns": self._headers(request),
            "formats": FORMATS.values(),
            "asked_for": found.get_query_string().removeprefix("?"),
            "back": f"{self._list_url()}{found.get_query_string()}",
            "error": error,
            "opts": self.opts,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/export_list.html", context)

    def _headers(self, request: HttpRequest) -> list[str]:
        names = self.get_export_columns(request)
        return [capfirst(str(label_for_field(name, self.model, self))) for name in names]

    def _file(self, request: HttpRequest, found: ChangeList, kind: Format) -> HttpResponseBase:
        """Written whole before it is sent, inside this request's transaction: one state of the rows, a true number of
        them in the log, and an error page instead of half a file. It is on the disk meanwhile, not in the memory."""
        number = 0
        columns = [self._reader(name) for name in self.get_export_columns(request)]

        def rows() -> Iterator[list[str]]:
            nonlocal number
            yield self._headers(request)
            for row in found.queryset.iterator(chunk_size=AT_A_TIME):
                number += 1
                yield [text_of(read(row)) for read in columns]

        title = str(self.opts.verbose_name_plural)
        file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
        try:
            kind.write(cast("Any", file), rows(), capfirst(title))
            file.seek(0)
            name = f"{self._name(request, title)}.{kind.suffix}"
            self._note(request, number, name)
        except BaseException:
            file.close()
            raise
        return FileResponse(file, as_attachment=True, filename=name, content_type=kind.content_type)

    def _reader(self, name: str) -> Callable[[Model], object]:
        """What a row has in that column, as the list would show it."""
        said_here = getattr(self, f"export_{name}", None)
        if said_here is not None:
            return cast("Callable[[Model], object]", said_here)

        def read(row: Model) -> object:
            field, _attribute, value = lookup_field(name, row, self)
            is_choice = field is not None and getattr(field, "flatchoices", None)
            return getattr(row, f"get_{name}_display")() if is_choice else value

        return read

    def _name(self, request: HttpRequest, title: str) -> str:
        """With the program, where it is of one, and the reader's day."""
        programs = Program.objects.administered_by(cast("User", request.user)).order_by()
        wanted = request.GET.get("program", "")
        if wanted.isdecimal():
            programs = programs.filter(pk=wanted)
        slugs = list(programs.values_list("slug", flat=True)[:2])
        program = slugs[0] if len(slugs) == 1 else WITHOUT_A_PROGRAM
        today = timezone.localtime(clock.now()).date()
        return f"{program}-{slugify(title) or self.opts.model_name}-{today.isoformat()}"

    def _note(self, request: HttpRequest, number: int, name: str) -> None:
        said = ngettext(
            "Exported %(number)d row to %(file)s.", "Exported %(number)d rows to %(file)s.", number
        )
        LogEntry.objects.create(
            user_id=cast("int", request.user.pk),
            content_type=ContentType.objects.get_for_model(self.model),
            object_repr=str(self.opts.verbose_name_plural),
            action_flag=CHANGE,
            change_message=said % {"number": number, "file": name},
        )
        program = request.GET.get("program", "")
        audit.record(
            audit.Verb.EXPORTED,
            kind=self.opts.label_lower,
            number=number,
            # The rows are those of the list's own gate, so the number is of a program of theirs, or of none.
            program_id=int(program) if program.isdecimal() and len(program) < 10 and number else None,
        )


def address_of(person: User) -> str:
    """Of somebody who left there is none any more."""
    return "" if person.erased_at else person.email


def text_of(value: object) -> str:
    """As plain text in the reader's language. Dates and times are those of ISO 8601, times in the reader's zone."""
    match value:
        case None:
            return ""
        case bool():
            return str(_("Yes") if value else _("No"))
        case datetime():
            return timezone.localtime(value).isoformat(timespec="minutes")
        case date() | time():
            return value.isoformat()
        case list() | tuple():
            return ", ".join(map(text_of, value))
        case SafeString():
            return unescape(strip_tags(value)).strip()
    return str(value)
