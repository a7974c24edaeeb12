"""The admin site: Django's own, opened by rows instead of flags.

It is not in the package of its pages: those register with it as they are imported, so it has to be there first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.models import LogEntry
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from accounts import second_factor
from accounts.models import User
from mentoring import rules
from mentoring.deeds import on_record

StrOrPromise = str | Promise

SET_UP_FIRST = _(
    "The admin shows other people’s data, so it opens only to those who sign in by two steps. "
    "Set up the second one here."
)


class Group(StrEnum):
    """Where a list or page stands in the navigation; in this order."""

    PROGRAM = "program"
    PEOPLE = "people"
    PAIRS = "pairs"
    ROUNDS = "rounds"
    MAIL = "mail"
    REPORTS = "reports"
    HOUSE = "house"

    @property
    def label(self) -> StrOrPromise:
        return LABELS[self]


LABELS: dict[Group, StrOrPromise] = {
    Group.PROGRAM: _("Program"),
    Group.PEOPLE: _("People"),
    Group.PAIRS: _("Pairs"),
    Group.ROUNDS: _("Rounds"),
    Group.MAIL: _("Mail"),
    Group.REPORTS: _("Reports"),
    Group.HOUSE: _("House"),
}


@dataclass(frozen=True)
class DeskPage:
    """A page of the admin that is no list of rows. `view` takes a request and what `path` (after `/admin/`) holds."""

    path: str
    name: str  # As in reverse("admin:NAME").
    label: Any
    group: Group
    view: Callable[..., HttpResponseBase]
    is_for_superusers: bool = False
    is_in_navigation: bool = True


@dataclass(frozen=True)
class DeskLink:
    """A line of the navigation that leads to a page outside of the admin, for those whom `is_for` lets in."""

    name: str
    label: Any
    group: Group
    is_for: Callable[[User], bool]


class BestAdminSite(AdminSite):
    """Open to superusers and to those with a `ProgramAdmin` row; to everybody else it is not there.

    Signing in, signing out and passwords are allauth's, with its limits; this site has no door of its own.
    """

    site_title = _("Best Stuff administration")
    site_header = _("Best Stuff administration")
    index_title = _("Today")
    index_template = "admin/index.html"
    empty_value_display = "–"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.pages: list[DeskPage] = []
        self.links: list[DeskLink] = []
        # Nothing is deleted in bulk: what goes with a row is shown one row at a time, as counts.
        self.disable_action("delete_selected")

    def has_permission(self, request: HttpRequest) -> bool:
        """Asked of the database once for each request, so that a right ends with its row."""
        known: bool | None = getattr(request, "_opens_admin", None)
        if known is None:
            known = isinstance(request.user, User) and rules.may_open_admin(request.user)
            request._opens_admin = known  # type: ignore[attr-defined]
        return known

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """As Django's, except that a signed-in person without rights here finds nothing: no page, and no way in."""
        inner = super().admin_view(view, cacheable)

        def hidden_from_members(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            if self.has_permission(request) and (first := self.first_shows_who_they_are(request)):
                return first
            response: HttpResponseBase = on_record(view, inner, request, *args, **kwargs)
            return response

        return update_wrapper(hidden_from_members, inner)

    def first_shows_who_they_are(self, request: HttpRequest) -> HttpResponseBase | None:
        """The page to go to first, for somebody who has not signed in by two steps; None for whoever has."""
        if not settings.REQUIRE_ADMIN_SECOND_FACTOR or second_factor.was_used(request):
            return None
        back = request.get_full_path() if request.method == "GET" else reverse("admin:index")
        way = second_factor.way_to_show_it(request.user) if isinstance(request.user, User) else None
        if way is None:
            messages.warning(request, SET_UP_FIRST)
            return redirect("mfa_index")
        return redirect_to_login(back, way)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Without the redirect to an object's page, which would tell of rows in other programs."""
        own = [path(page.path, self.admin_view(self._guarded(page)), name=page.name) for page in self.pages]
        theirs = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        return [*own, *theirs]

    def add_page(self, page: DeskPage) -> None:
        """Called by the modules of the admin as they are imported, as `register` is for lists."""
        self.pages.append(page)

    def add_link(self, link: DeskLink) -> None:
        self.links.append(link)

    # --- The first page, and the navigation

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """What needs a hand in one program today."""
        from .admin.today import shown_to

        return super().index(request, {**shown_to(request), **(extra_context or {})})

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The lists stand in the navigation by what they are about; no page is about an app."""
        return redirect("admin:index")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The navigation: lists and pages in sections, those without anything left out. As Django's, of which it is."""
        found: dict[Group, list[dict[str, Any]]] = {group: [] for group in Group}
        for app in self._build_app_dict(request, app_label).values():
            for each in app["models"]:
                page = self._registry[each["model"]]
                found[getattr(page, "group", Group.HOUSE)].append(each)
        user = request.user
        if isinstance(user, User) and self.has_permission(request):
            for desk in self.pages:
                if desk.is_in_navigation and (user.is_superuser or not desk.is_for_superusers):
                    found[desk.group].append(_line(desk.name, desk.label, reverse(f"admin:{desk.name}")))
            for link in self.links:
                if link.is_for(user):
                    found[link.group].append(
                        _line(link.name.replace(":", "_"), link.label, reverse(link.name))
                    )
        return [
            {
                "name": group.label,
                "app_label": group.value,
                "app_url": "",
                "has_module_perms": True,
                "models": sorted(lines, key=lambda line: _place(line["object_name"])),
            }
            for group, lines in found.items()
            if lines
        ]

    def _guarded(self, page: DeskPage) -> Callable[..., HttpResponseBase]:
        """For superusers only, where it is: to others it is not there."""

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if page.is_for_superusers and not (isinstance(request.user, User) and request.user.is_superuser):
                raise Http404
            return page.view(request, *args, **kwargs)

        return update_wrapper(guarded, page.view)

    # --- Doors

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """To allauth's sign-in, and back here."""
        wanted = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
            wanted = reverse("admin:index")
        if self.has_permission(request):
            return redirect(wanted)
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(wanted, resolve_url(settings.LOGIN_URL))

    # Django's types say that these answer with a page of the admin; ours lead elsewhere.
    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return LogoutView.as_view(next_page=reverse("home"))(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")

    def autocomplete_view(self, request: HttpRequest) -> Any:
        from .admin.autocomplete import ScopedAutocompleteView

        return ScopedAutocompleteView.as_view(admin_site=self)(request)

    def get_log_entries(self, request: HttpRequest) -> QuerySet[LogEntry]:
        """One's own deeds only: another admin's are about other programs."""
        return LogEntry.objects.filter(user=request.user.pk).select_related("content_type")


# In this order, each in its own section; what is not named here comes after it, as it was registered.
ORDER = (
    "Program", "ProgramAdmin", "EnrollmentQuestion", "MatchingCriteria", "Skill", "Resource", "ConversationStarter",
    "Enrollment", "User", "Invitation", "Import",
    "Pairing", "PairingRequest", "MatchingRun", "FitCheck", "RuledOut", "Meeting",
    "Round", "Questionnaire",
    "Message", "NudgeWords", "NoteReport", "OutsideStop",
)  # fmt: skip


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _line(name: str, label: Any, url: str) -> dict[str, Any]:
    """As Django has it for a list."""
    return {
        "name": label,
        "object_name": name,
        "admin_url": url,
        "add_url": None,
        "view_only": True,
        "model": None,
        "perms": {},
    }
