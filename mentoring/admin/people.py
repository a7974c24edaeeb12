"""People. A program admin sees the name and the address of those in their programs; accounts are a superuser's.

When somebody last signed in is a date, for superusers, who must know which accounts are dead. Program admins see
nothing of it: their people are not to be watched.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import access, clock, second_factor
from accounts.mail import suppression
from accounts.models import User
from mentoring.admin_site import Group as Desk
from mentoring.models import Enrollment, Pairing, Program, ProgramAdmin
from mentoring.people import people_visible_to

from .asking import AsksFirst
from .scoped import ALL, ARCHIVE, OneChoiceFilter, ProgramFilter

NEVER = "never"
# What those who run a program may do, too; accounts are a superuser's.
ALL_MAY = ("write_again",)
Deed = Callable[[User, User], None]


class SecondStepFilter(OneChoiceFilter):
    title = cast("str", _("second step"))
    parameter_name = "second_step"
    choices_in_words = {"yes": _("Set up"), "no": _("Not set up")}

    def found(self, people: QuerySet[User], wanted: str) -> QuerySet[User]:
        return people.filter(Q(has_second_step=wanted == "yes"))


class SignedInFilter(OneChoiceFilter):
    title = cast("str", _("signed in"))
    parameter_name = "signed_in"
    choices_in_words = {NEVER: _("Never"), "before": _("At some time")}

    def found(self, people: QuerySet[User], wanted: str) -> QuerySet[User]:
        return people.filter(last_login__isnull=wanted == NEVER)


class AddressFilter(OneChoiceFilter):
    """What was called unwanted is left out, as in the column."""

    title = cast("str", _("mail"))
    parameter_name = "mail"
    choices_in_words = {"dead": _("Not working")}

    def found(self, people: QuerySet[User], wanted: str) -> QuerySet[User]:
        return people.filter(suppression.of_dead_addresses())


class InProgramFilter(ProgramFilter):
    """Accounts are not of a program: without a choice all are shown, also those of people who have no place now."""

    starts_with_running = False

    def said(self) -> str:
        return super().said() if self.value() is not None else ""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those with a place there; each once, whatever else they are."""
        wanted = self.value()
        if wanted in (None, ALL):
            return queryset
        if wanted not in {choice for choice, _name in self.lookup_choices}:
            return queryset.none()
        if wanted == ARCHIVE:
            own = Program.objects.administered_by(cast("User", request.user))
            places = Enrollment.objects.filter(
                program__in=own.filter(status=Program.Status.ARCHIVED)
            ).order_by()
        else:
            places = Enrollment.objects.filter(program=int(wanted)).order_by()
        return queryset.filter(pk__in=places.values("person"))


def _has_a_past(person: User) -> bool:
    return (
        Enrollment.objects.filter(person=person).exists()
        or Pairing.objects.of(person).exists()
        or ProgramAdmin.objects.filter(person=person).exists()
    )


@admin.register(User)
class PersonPage(AsksFirst):
    group = Desk.PEOPLE
    program_admins_may = frozenset({"view"})
    search_fields = ["name", "preferred_name", "email"]
    ordering = ["name", "email"]
    actions = [
        "write_again",
        "disable",
        "enable",
        "send_access",
        "reset_second_step",
        "make_superuser",
        "take_superuser",
    ]

    # --- What is seen

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        ways = Authenticator.objects.filter(user=OuterRef("pk"), type__in=second_factor.WAYS)
        people = super().get_queryset(request).filter(erased_at=None)
        found: QuerySet[Any] = people.annotate(
            has_second_step=Exists(ways), has_dead_address=suppression.of_dead_addresses()
        )
        return found

    def get_list_display(self, request: HttpRequest) -> Any:
        if not request.user.is_superuser:
            return ["__str__", "email", "mail"]
        return ["__str__", "email", "mail", "state", "second_step", "signed_in_on"]

    def get_list_filter(self, request: HttpRequest) -> Any:
        if not request.user.is_superuser:
            return [AddressFilter, InProgramFilter]
        return ["is_active", "is_superuser", AddressFilter, SecondStepFilter, SignedInFilter, InProgramFilter]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = ["email", "name", "preferred_name"]
        if obj and obj.has_dead_address:
            fields.insert(1, "mail")
        if obj and people_visible_to(cast("User", request.user)).filter(pk=obj.pk).exists():
            fields.append("profile_page")
        person: tuple[Any, Any] = (None, {"fields": fields})
        if not request.user.is_superuser:
            return [person]
        whereabouts = (_("Where they live"), {"fields": ["time_zone", "language"]})
        if obj is None:
            return [person, whereabouts]
        access = ["is_active", "is_superuser", "second_step", "signed_in_on"]
        return [person, whereabouts, (_("Access"), {"fields": access})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """An address is changed by its owner, who can show that they read it; access by the actions."""
        return (
            ["email", "mail", "profile_page", "is_active", "is_superuser", "second_step", "signed_in_on"]
            if obj
            else []
        )

    @admin.display(description=_("state"), ordering="is_active")
    def state(self, person: User) -> str:
        """In a word, and nothing where there is nothing to say: a list of crosses would alarm without a reason."""
        if not person.is_active:
            return gettext("Disabled")
        if person.erasure_due_at:
            return gettext("About to leave")
        return gettext("Superuser") if person.is_superuser else ""

    @admin.display(description=_("mail"), ordering="has_dead_address")
    def mail(self, person: User) -> str:
        """Why it does not work, and since when, is theirs to know."""
        return gettext("Address not working") if person.has_dead_address else ""  # type: ignore[attr-defined]

    @admin.display(description=_("second step"), ordering="has_second_step")
    def second_step(self, person: User) -> str:
        return gettext("Set up") if person.has_second_step else ""  # type: ignore[attr-defined]

    @admin.display(description=_("last signed in"), ordering="last_login")
    def signed_in_on(self, person: User) -> str | None:
        """The day, and no more."""
        return date_format(timezone.localtime(person.last_login)) if person.last_login else None

    def export_signed_in_on(self, person: User) -> date | None:
        return timezone.localtime(person.last_login).date() if person.last_login else None

    @admin.display(description=_("profile"))
    def profile_page(self, person: User) -> str:
        """What they say of themselves is on a page of theirs, not in the admin."""
        url = reverse("people:detail", args=[person.pk])
        return format_html('<a href="{}">{}</a>', url, person)

    # --- What is done

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """A new person signs in by a code sent to their address; no password is made up for them."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only an account that led to nothing. With any other would go what its partners wrote and what was agreed:
        people leave by themselves, or are disabled."""
        if obj is not None and (obj.is_superuser or obj.last_login or _has_a_past(obj)):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> Any:
        found = super().get_actions(request)
        return (
            found if request.user.is_superuser else {name: found[name] for name in ALL_MAY if name in found}
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With a button for each action that makes sense for this person now."""
        person = self.get_object(request, object_id)
        deeds = [
            (name, words)
            for _act, name, words in self.get_actions(request).values()
            if person is not None and self._makes_sense(name, person)
        ]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "deeds": deeds})

    def _makes_sense(self, action: str, person: Any) -> bool:
        fitting: dict[str, bool] = {
            "write_again": person.has_dead_address,
            "disable": person.is_active,
            "enable": not person.is_active,
            "send_access": person.is_active and person.last_login is None,
            "reset_second_step": person.has_second_step,
            "make_superuser": person.is_active and not person.is_superuser,
            "take_superuser": person.is_superuser,
        }
        return fitting[action]

    def described(self, row: User) -> str:
        return f"{row} ({row.email})"

    def said_of(self, done: int) -> str:
        words = ngettext("%(number)d account is changed.", "%(number)d accounts are changed.", done)
        return words % {"number": done}

    def _ask(
        self,
        request: HttpRequest,
        people: QuerySet[User],
        name: str,
        title: str | Promise,
        consequence: str | Promise,
        act: Deed,
    ) -> HttpResponse | None:
        """As everywhere in the admin, and before it is done: is it still you?"""
        if "confirmed" in request.POST:
            raise_if_reauthentication_required(request, app="mentoring")
        return self.ask_then(request, list(people), name, title, consequence, act, logged=str(title))

    @admin.action(description=_("Write to this address again"))
    def write_again(self, request: HttpRequest, people: QuerySet[User]) -> HttpResponse | None:
        title = _("Write to these addresses again")
        words = _(
            "Mail to them came back. Do this once they have told you that their address works. If mail comes back "
            "again, it ends again."
        )

        def act(person: User, by: User) -> None:
            suppression.lift(person, now=clock.now(), reasons=[suppression.Reason.BOUNCED])

        rows = list(people.filter(suppression.of_dead_addresses()))
        return self.ask_then(request, rows, "write_again", title, words, act, logged=str(title))

    @admin.action(description=_("Disable"))
    def disable(self, request: HttpRequest, people: QuerySet[User]) -> HttpResponse | None:
        words = _(
            "They are signed out everywhere at once, cannot sign in, and get no e-mail. What they wrote stays theirs."
        )

        def act(person: User, by: User) -> None:
            access.disable(person, by=by, now=clock.now())

        return self._ask(request, people, "disable", _("Disable these accounts"), words, act)

    @admin.action(description=_("Enable"))
    def enable(self, request: HttpRequest, people: QuerySet[User]) -> HttpResponse | None:
        words = _("They can sign in again, as they did before.")

        def act(person: User, by: User) -> None:
            access.enable(person, by=by)

        return self._ask(request, people, "enable", _("Enable these accounts"), words, act)

    @admin.action(description=_("Tell them how to sign in"))
    def send_access(self, request: HttpRequest, people: QuerySet[User]) -> HttpResponse | None:
        words = _(
            "Whoever has never signed in gets an e-mail that says that they have an account, and how to get in."
        )

        def act(person: User, by: User) -> None:
            access.send_access(person, by=by, now=clock.now())

        return self._ask(request, people, "send_access", _("Tell these people how to sign in"), words, act)

    @admin.action(description=_("Reset the second step"))
    def reset_second_step(self, request: HttpRequest, people: QuerySet[User]) -> HttpResponse | None:
        words = _(
            "Their app, passkeys and recovery codes are gone, and they are signed out everywhere. They are told by "
            "e-mail. Make sure first that it is them who asked, and not by e-mail."
        )

        def act(person: User, by: User) -> None:
            access.reset_second_step(person, by=by, now=clock.now())

        return self._ask(request, people, "reset_second_step", _("Reset their second step"), words, act)

    @admin.action(description=_("Make a superuser"))
    def make_superuser(self, request: HttpRequest, people: QuerySet[User]) -> HttpResponse | None:
        words = _("They see and change every program in the admin, and look after everybody’s access.")

        def act(person: User, by: User) -> None:
            access.make_superuser(person, by=by)

        return self._ask(request, people, "make_superuser", _("Make these people superusers"), words, act)

    @admin.action(description=_("Take the superuser’s rights away"))
    def take_superuser(self, request: HttpRequest, people: QuerySet[User]) -> HttpResponse | None:
        words = _("They keep their account, and the programs that they run by a row of their own.")

        def act(person: User, by: User) -> None:
            access.take_superuser_away(person, by=by)

        title = _("Take these people’s rights as superusers away")
        return self._ask(request, people, "take_superuser", title, words, act)


# Rights here are rows and one flag; groups would be a third way that nobody looks after.
admin.site.unregister(Group)
# An address is checked by a code that its owner types in, not by a tick of somebody else's.
admin.site.unregister(EmailAddress)
# Second factors and devices are their owner's business.
admin.site.unregister(Authenticator)
admin.site.unregister(UserSession)
# So are their accounts elsewhere. Which providers there are is a matter of the settings.
admin.site.unregister([SocialAccount, SocialApp, SocialToken])
