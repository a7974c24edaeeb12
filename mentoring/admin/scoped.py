"""The base of every page of the admin: a program admin sees and changes only their own programs' rows, everywhere.

There is one gate, `get_queryset`: lists, search, autocomplete, history, actions and the single pages all fetch through
it, and what it does not hold does not exist. Choices of foreign keys go through `administered` too.
"""

from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import NestedObjects
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import router
from django.db.models import Field, Model, Q, QuerySet
from django.db.models.fields.related import RelatedField
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.models import Program
from mentoring.people import people_administered_by

from .auditing import OnRecord
from .counting import CountedList, CountedPaginator
from .exporting import ExportedList
from .searching import SearchedByWords

if TYPE_CHECKING:
    AnyAdmin = BaseModelAdmin[Any]
    AnyModelAdmin = admin.ModelAdmin[Any]
    AnyInline = admin.StackedInline[Any, Any]
else:
    AnyAdmin, AnyModelAdmin, AnyInline = BaseModelAdmin, admin.ModelAdmin, admin.StackedInline

M = TypeVar("M", bound=Model)


def administered(rows: QuerySet[M], user: User) -> QuerySet[M]:
    """Those of `rows` that this person may administer. A model without a rule of its own has no page here."""
    if rows.model is User:
        return rows.filter(pk__in=people_administered_by(user).order_by().values("pk"))
    return cast("QuerySet[M]", cast("Any", rows).administered_by(user))


class ScopedChoices(AnyAdmin):
    """Foreign keys offer rows of one's own programs, and accept no others."""

    def get_field_queryset(
        self,
        db: str | None,
        db_field: "RelatedField[Any, Any]",
        request: HttpRequest,
    ) -> QuerySet[Any]:
        rows = super().get_field_queryset(db, db_field, request)
        if rows is None:
            rows = cast("type[Model]", db_field.related_model)._default_manager.all()
        found = administered(rows, cast("User", request.user))
        # An archived program is no choice: nothing new is made in it.
        return found.exclude(status=Program.Status.ARCHIVED) if found.model is Program else found

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Without the pop-up windows that add or change a row of another kind on the way."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class ProgramScopedAdmin(OnRecord, ExportedList, SearchedByWords, ScopedChoices, AnyModelAdmin):
    program_admins_may: ClassVar[frozenset[str]] = frozenset({"view", "add", "change", "delete"})
    superusers_may: ClassVar[frozenset[str]] = frozenset({"view", "add", "change", "delete"})
    view_on_site = False
    list_per_page = 50
    list_max_show_all = 200
    # No list counts all of its rows, and no filter how many it would find (counting.py).
    paginator = CountedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    delete_confirmation_template = "admin/delete_counts.html"
    # Rows about somebody who has not said yes: found by the whole of the address that was written down, never by a name
    # that only their account knows.
    found_by_address: ClassVar[Q | None] = None

    # --- The gate

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return administered(super().get_queryset(request), cast("User", request.user))

    def choices(self, request: HttpRequest, field_name: str, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What the field `field_name` of this form offers and accepts, out of the rows that this person may see."""
        return rows

    def get_field_queryset(
        self, db: str | None, db_field: "RelatedField[Any, Any]", request: HttpRequest
    ) -> QuerySet[Any]:
        return self.choices(request, db_field.name, super().get_field_queryset(db, db_field, request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may("view", request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may("add", request, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may("change", request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may("delete", request, obj)

    def _may(self, verb: str, request: HttpRequest, obj: Any) -> bool:
        if not self.admin_site.has_permission(request):
            return False
        user = cast("User", request.user)
        if verb not in (self.superusers_may if user.is_superuser else self.program_admins_may):
            return False
        return obj is None or self.get_queryset(request).filter(pk=obj.pk).exists()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CountedList]:
        return CountedList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Under the name of what is listed, rather than of one thing that might be done with it."""
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: object, object_id: str
    ) -> HttpResponse:
        """Rows that are not there and rows of somebody else's program look the same: not found."""
        raise Http404

    # --- What may be asked of the database

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only the filters beside the list: an address may not ask about a column that no page shows."""
        # PostgreSQL keeps no NUL in a text, so it cannot be asked for one.
        if request is None or "\0" in value:
            return False
        allowed: set[str | None] = set()
        for item in self.get_list_filter(request):
            if isinstance(item, str):
                allowed |= {f"{item}__exact", f"{item}__isnull"}
            elif isinstance(item, type) and issubclass(item, admin.SimpleListFilter):
                allowed.add(item.parameter_name)
        return lookup in allowed

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        if search_term and self.found_by_address is not None:
            found = found.filter(~self.found_by_address | Q(person__email__iexact=search_term.strip()))
        if (
            may_have_duplicates
        ):  # Looked for by their numbers, so that nothing that is shown of them is compared.
            return queryset.filter(pk__in=found.order_by().values("pk")), False
        return found, False

    # --- Deleting says how much goes, never what it says

    def get_deleted_objects(  # type: ignore[override]
        self, objs: "list[Any] | QuerySet[Any]", request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        rows: Any = objs
        collector = NestedObjects(using=router.db_for_write(self.model), origin=rows)
        collector.collect(rows)
        lacking = {
            str(self.opts.verbose_name) for row in rows if not self.has_delete_permission(request, row)
        }
        going = {model: len(found) for model, found in cast("Any", collector).model_objs.items()}
        staying = Counter(type(row) for row in cast("set[Any]", collector.protected))
        counts = {str(model._meta.verbose_name_plural): number for model, number in going.items()}
        kept = [f"{capfirst(model._meta.verbose_name_plural)}: {n}" for model, n in staying.items()]
        return [], counts, lacking, sorted(kept)


def without_the_only_program(request: HttpRequest, columns: Any) -> list[Any]:
    """For somebody who runs one program, a column that says the same in each line is only in the way."""
    programs = Program.objects.administered_by(cast("User", request.user)).order_by()
    # The archive holds rows of any number of them.
    rows = programs if request.GET.get(ProgramFilter.parameter_name) == ARCHIVE else programs.unarchived()
    several = rows.values("pk")[:2]
    return columns if len(several) > 1 else [name for name in columns if name != "program"]


class ScopedInline(ScopedChoices, AnyInline):
    """Rows that belong to the row of the page: who may change that one may change these."""

    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)


ARCHIVE, ALL = "archive", "all"


class OneChoiceFilter(admin.SimpleListFilter):
    """One of `choices_in_words`; any other value of the address finds nobody."""

    choices_in_words: dict[str, Any]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.choices_in_words.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self.value()
        if wanted is None:
            return queryset
        return self.found(queryset, wanted) if wanted in self.choices_in_words else queryset.none()

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        raise NotImplementedError


class ProgramFilter(admin.SimpleListFilter):
    """By program, one's own; not shown to somebody who has only one. `path` leads from the row to its program.

    Without a choice, whoever runs several sees the rows of those that run now; where none does, those of all that are
    not archived. Each program, "All" and "Archive" are choices. Rows that somebody has ticked are theirs whatever is
    chosen: the button on a row's own page does not say where it is listed.
    """

    title = cast("str", _("program"))
    parameter_name = "program"
    path = "program"
    template = "admin/filter_by_program.html"
    # More links than this would push the other filters off the page: they become one field.
    MOST_LINKS = 12
    starts_with_running = True

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        self.running: dict[str, str] = {}
        self.is_about_ticked = (
            request.method == "POST"
            and ACTION_CHECKBOX_NAME in request.POST
            and request.POST.get("select_across") != "1"
        )
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        programs = Program.objects.administered_by(cast("User", request.user))
        rows = [(str(pk), *more) for pk, *more in programs.values_list("pk", "name", "status")]
        archived = {pk for pk, _name, status in rows if status == Program.Status.ARCHIVED}
        active = {pk: name for pk, name, status in rows if status == Program.Status.ACTIVE}
        # Where all of them run, there is nothing to leave out.
        if self.starts_with_running and 0 < len(active) < len(rows) - len(archived):
            self.running = active
        # The one that an address asks for is there in any case.
        shown = [(pk, name) for pk, name, _status in rows if pk not in archived or pk == self.value()]
        return [*shown, (ARCHIVE, _("Archive"))] if archived and len(rows) > 1 else shown

    def value(self) -> str | None:
        """A field that was left as it was sends nothing, which is no choice."""
        return super().value() or None

    def has_output(self) -> bool:
        return len(self.lookup_choices) > 1

    def choices(self, changelist: Any) -> Any:
        """What is shown without a choice, "All" where that is more, and each program; with the parts of the address
        that the field keeps, where there are too many for links."""
        wanted, name = self.value(), self.parameter_name
        known = [pk for pk, _name in self.lookup_choices]
        first = [(None, _("Running"), {"remove": [name]})] if self.running else []
        every: tuple[Any, Any, dict[str, Any]] = (
            (ALL, _("All"), {"new_params": {name: ALL}})
            if self.running
            else (None, _("All"), {"remove": [name]})
        )
        rest = [(pk, label, {"new_params": {name: pk}}) for pk, label in self.lookup_choices]
        is_field = len(known) > self.MOST_LINKS
        for value, label, change in [*first, every, *rest]:
            yield {
                "selected": wanted == value,
                "query_string": changelist.get_query_string(**change),
                "display": label,
                "value": value or "",
                "is_field": is_field,
                "name": name,
                "kept": [(key, one) for key, one in changelist.params.items() if key not in (name, "p")],
            }

    def said(self) -> str:
        """Which programs the list shows, in a sentence. Empty where there is no question about it."""
        wanted = self.value()
        if wanted is None and self.running:
            names = list(self.running.values())
            if len(names) == 1:
                return gettext("Shown: %(program)s, the program that is running.") % {"program": names[0]}
            said = ngettext(
                "Shown: the %(number)d program that is running.",
                "Shown: the %(number)d programs that are running.",
                len(names),
            )
            return said % {"number": len(names)}
        if wanted == ARCHIVE:
            return gettext("Shown: the archive.")
        if wanted in (None, ALL):
            return gettext("Shown: all programs but the archive.")
        found = next((label for pk, label in self.lookup_choices if pk == wanted), None)
        return gettext("Shown: %(program)s.") % {"program": found} if found else ""

    @property
    def leaves_some_out(self) -> bool:
        return self.value() is None and bool(self.running)

    def queryset(self, request: HttpRequest, queryset: QuerySet[M]) -> QuerySet[M]:
        wanted = self.value()
        if wanted is None and self.running and not self.is_about_ticked:
            # Not a filter for those that run: rows of no program are everybody's.
            others = [status for status in Program.Status.values if status != Program.Status.ACTIVE]
            return queryset.exclude(**{f"{self.path}__status__in": others})
        if wanted is None and self.is_about_ticked:
            return queryset
        if wanted in (None, ALL):
            return queryset.exclude(**{f"{self.path}__status": Program.Status.ARCHIVED})
        if wanted not in {choice for choice, _name in self.lookup_choices}:
            return queryset.none()
        if wanted == ARCHIVE:
            return queryset.filter(**{f"{self.path}__status": Program.Status.ARCHIVED})
        return queryset.filter(**{self.path: wanted})


def filter_by_program(path_to: str) -> type[ProgramFilter]:
    return type("ProgramFilter", (ProgramFilter,), {"path": path_to})
