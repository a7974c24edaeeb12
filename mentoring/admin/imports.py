"""Imports: a file, its columns, a preview with the reason beside each bad cell, and one button for all of it."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.models import User
from accounts.paging import page_of
from mentoring.actions import Refused
from mentoring.admin_site import Group
from mentoring.imports import files, queue, requests
from mentoring.imports.columns import code_of
from mentoring.models import Import, Program

from .import_forms import ColumnsForm, FileForm, MendedForm, ReadingForm
from .scoped import ProgramScopedAdmin, filter_by_program

State = Import.State


@admin.register(Import)
class ImportPage(ProgramScopedAdmin):
    """Added and looked at; never changed by a form, and never deleted: it says what came in by which file, and when."""

    group = Group.PEOPLE
    program_admins_may = superusers_may = frozenset({"view", "add"})
    list_display = ["__str__", "kind", "state", "rows_total", "created_by", "created_at", "program"]
    list_filter = [filter_by_program("program"), "kind", "state"]
    search_fields = ["file_name"]
    list_select_related = ["program", "created_by"]

    def get_urls(self) -> list[URLPattern]:
        def of(view: Callable[..., HttpResponseBase], at: str, name: str) -> URLPattern:
            return path(at, self.admin_site.admin_view(view), name=f"mentoring_import_{name}")

        return [
            of(self.template, "template/<int:program>/<str:kind>.<str:format>", "template"),
            of(self.columns, "<int:pk>/columns/", "columns"),
            of(self.read_again, "<int:pk>/read-again/", "read_again"),
            of(self.progress, "<int:pk>/progress/", "progress"),
            of(self.confirm, "<int:pk>/confirm/", "confirm"),
            of(self.mend, "<int:pk>/mend/", "mend"),
            of(self.leave, "<int:pk>/leave/", "leave"),
            of(self.not_possible, "<int:pk>/not-possible.<str:format>", "not_possible"),
            *super().get_urls(),
        ]

    def source_of(self, request: HttpRequest, pk: object) -> Import:
        """Of one's own programs; anything else is not there."""
        found = self.get_queryset(request).select_related("program", "created_by")
        source: Import | None = found.filter(pk=pk).first() if _is_number(str(pk)) else None
        if source is None:
            raise Http404
        return source

    def page(self, request: HttpRequest, template: str, title: Any, **context: Any) -> TemplateResponse:
        found = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": title,
            **context,
        }
        return TemplateResponse(request, f"admin/mentoring/{template}.html", found)

    # --- The file

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        user = cast("User", request.user)
        form = FileForm(request.POST or None, request.FILES or None, user=user, initial=_asked(request))
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            try:
                source = requests.take_file(
                    data["program"],
                    data["kind"],
                    _opened(data["file"]),
                    data["file"].name,
                    by=user,
                    now=clock.now(),
                )
            except Refused as no:
                form.add_error("file", str(no))
            else:
                self.log_addition(request, source, [{"added": {}}])
                return redirect("admin:mentoring_import_columns", source.pk)
        programs = cast("Any", form.fields["program"]).queryset
        chosen = _chosen(form, programs)
        return self.page(
            request,
            "import_add",
            _("Import people or pairs"),
            form=form,
            errors=form.errors,
            templates=[
                (label, [(format, self.template_url(chosen, kind, format)) for format in files.FORMATS])
                for kind, label in Import.Kind.choices
            ]
            if chosen
            else [],
        )

    def template_url(self, program: Program, kind: str, format: str) -> str:
        return reverse("admin:mentoring_import_template", args=[program.pk, kind, format])

    @method_decorator(require_safe)
    def template(self, request: HttpRequest, program: int, kind: str, format: str) -> FileResponse:
        found = Program.objects.administered_by(cast("User", request.user)).filter(pk=program).first()
        if found is None or kind not in Import.Kind.values or format not in files.FORMATS:
            raise Http404
        return _download(files.template(found, kind, format), f"{kind}.{format}", format)

    # --- Its columns

    def columns(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = self.source_of(request, pk)
        if source.state not in (State.COLUMNS, State.CHECKED):
            return self.back_to(source)
        form = ColumnsForm(request.POST or None, source=source)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            try:
                requests.choose_columns(
                    source,
                    form.columns,
                    how=data.get("how", source.how),
                    days=data.get("days", source.days),
                    ask_first=data.get("ask_first", source.ask_first),
                    by=cast("User", request.user),
                    now=clock.now(),
                )
            except Refused as no:
                form.add_error(None, str(no))
            else:
                return self.worked_on(source)
        may_read_again = source.format == "csv" and source.state == State.COLUMNS
        reading = ReadingForm(initial={"encoding": source.encoding, "separator": source.separator})
        return self.page(
            request,
            "import_columns",
            _("Which column is which?"),
            source=source,
            form=form,
            errors=form.errors,
            reading=reading if may_read_again else None,
        )

    @method_decorator(require_POST)
    def read_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = self.source_of(request, pk)
        form = ReadingForm(request.POST)
        if form.is_valid():
            try:
                requests.read_again(
                    source, **form.cleaned_data, by=cast("User", request.user), now=clock.now()
                )
            except Refused as no:
                messages.error(request, str(no))
        return redirect("admin:mentoring_import_columns", source.pk)

    def worked_on(self, source: Import) -> HttpResponse:
        """A short one while the page waits; a long one by a worker, who is called once this request is over."""
        if source.rows_total <= queue.AT_ONCE:
            queue.work(source.pk, now=clock.now())
        return self.back_to(source)

    def back_to(self, source: Import) -> HttpResponse:
        return redirect("admin:mentoring_import_change", source.pk)

    # --- Where it stands

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        source = self.source_of(request, object_id)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        if source.state == State.COLUMNS:
            return redirect("admin:mentoring_import_columns", source.pk)
        return self.shown(request, source)

    def shown(self, request: HttpRequest, source: Import, mended: Form | None = None) -> HttpResponse:
        if source.is_under_way:
            checks = source.state == State.CHECKING
            title = _("The rows are being looked through") if checks else _("The rows are being imported")
            return self.page(request, "import_progress", title, source=source)
        if source.is_over:
            titles = {
                State.DONE: _("Imported"),
                State.FAILED: _("Not imported"),
                State.LEFT: _("Not imported"),
            }
            return self.page(request, "import_over", titles[State(source.state)], source=source)
        only_bad = request.GET.get("only") == "bad"
        rows = source.rows.bad() if only_bad else source.rows.all()
        page = page_of(request, rows.order_by("number"))
        chosen = sorted(code_of(source))
        return self.page(
            request,
            "import_preview",
            _preview_title(source),
            source=source,
            page=page,
            only_bad=only_bad,
            headings=[source.headings[number] for number in chosen],
            rows=[
                (
                    row,
                    [(row.cells[number], row.errors.get(str(number), ())) for number in chosen],
                    row.errors.get("", ()),
                    [source.headings[number] for number in chosen if str(number) in row.errors],
                )
                for row in page
            ],
            form=mended or MendedForm(),
            errors=mended.errors if mended else None,
            formats=files.FORMATS,
        )

    @method_decorator(require_safe)
    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The part of the page that says how far it is; 204 once it has come to an end."""
        source = self.source_of(request, pk)
        if not source.is_under_way:
            return HttpResponse(status=204)
        return TemplateResponse(request, "admin/mentoring/import_rows_done.html", {"source": source})

    # --- What is done with it

    @method_decorator(require_POST)
    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = self.source_of(request, pk)
        try:
            requests.confirm(
                source, request.POST.get("fingerprint", ""), by=cast("User", request.user), now=clock.now()
            )
        except Refused as no:
            messages.warning(request, str(no))
            return self.back_to(source)
        self.log_change(request, source, [{"changed": {"fields": [str(_("state"))]}}])
        return self.worked_on(source)

    @method_decorator(require_POST)
    def mend(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = self.source_of(request, pk)
        form = MendedForm(request.POST, request.FILES)
        if source.state != State.CHECKED:
            return self.back_to(source)
        if form.is_valid():
            try:
                rows = files.mended(source, _opened(form.cleaned_data["mended"]))
                number = requests.mend(source, rows, by=cast("User", request.user), now=clock.now())
            except Refused as no:
                form.add_error("mended", str(no))
            else:
                said = ngettext("%(number)d row is replaced.", "%(number)d rows are replaced.", number)
                messages.success(request, said % {"number": number})
                return self.worked_on(source)
        return self.shown(request, source, form)

    @method_decorator(require_POST)
    def leave(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = self.source_of(request, pk)
        try:
            requests.leave(source, by=cast("User", request.user), now=clock.now())
        except Refused as no:
            messages.warning(request, str(no))
            return self.back_to(source)
        messages.success(request, gettext("Nothing of it was imported, and its rows are deleted."))
        return redirect("admin:mentoring_import_changelist")

    @method_decorator(require_safe)
    def not_possible(self, request: HttpRequest, pk: int, format: str) -> FileResponse:
        source = self.source_of(request, pk)
        if source.state != State.CHECKED or format not in files.FORMATS:
            raise Http404
        return _download(files.not_possible(source, format), f"not-possible-{source.pk}.{format}", format)


def _asked(request: HttpRequest) -> dict[str, str]:
    """The program that a link to this page named."""
    asked = request.GET.get("program", "")
    return {"program": asked} if _is_number(asked) else {}


def _is_number(text: str) -> bool:
    """One that the database takes for the key of a row; ² is a digit too, and no number."""
    return text.isascii() and text.isdecimal() and len(text) < 18


def _chosen(form: FileForm, programs: Any) -> Program | None:
    asked = str(form["program"].value() or "")
    found: Program | None = programs.filter(pk=asked).first() if _is_number(asked) else None
    return found or programs.first()


def _opened(upload: UploadedFile) -> Any:
    """What was sent, as a plain file."""
    return upload.file


def _download(content: Any, name: str, format: str) -> FileResponse:
    answer = FileResponse(content, as_attachment=True, filename=name, content_type=files.TYPES[format])
    add_never_cache_headers(answer)
    return answer


def _preview_title(source: Import) -> str:
    if source.bad:
        said = ngettext(
            "Something is wrong with %(number)d row",
            "Something is wrong with %(number)d rows",
            source.bad,
        )
        return said % {"number": source.bad}
    if not source.new and not source.changed:
        return gettext("Nothing would change")
    return gettext("Everything can be imported")
