"""People. A program admin sees the name and the address of those in their programs; accounts are a superuser's."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .scoped import ProgramScopedAdmin


@admin.register(User)
class PersonPage(ProgramScopedAdmin):
    program_admins_may = frozenset({"view"})
    list_display = ["__str__", "email", "is_active"]
    search_fields = ["name", "preferred_name", "email"]
    ordering = ["name", "email"]

    def get_list_display(self, request: HttpRequest) -> Any:
        return (
            ["__str__", "email", "is_active", "is_superuser"]
            if request.user.is_superuser
            else ["__str__", "email"]
        )

    def get_list_filter(self, request: HttpRequest) -> Any:
        return ["is_active", "is_superuser"] if request.user.is_superuser else []

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        person: tuple[Any, Any] = (None, {"fields": ["email", "name", "preferred_name"]})
        if not request.user.is_superuser:
            return [person]
        whereabouts = (_("Where they live"), {"fields": ["time_zone", "language"]})
        return [person, whereabouts, (_("Rights"), {"fields": ["is_active", "is_superuser"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """An address is changed by its owner, who can show that they read it."""
        return ["email"] if obj else []

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """A new person signs in by a code sent to their address; no password is made up for them."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


# Rights here are rows and one flag; groups would be a third way that nobody looks after.
admin.site.unregister(Group)
# An address is checked by a code that its owner types in, not by a tick of somebody else's.
admin.site.unregister(EmailAddress)
# Second factors and devices are their owner's business.
admin.site.unregister(Authenticator)
admin.site.unregister(UserSession)
# So are their accounts elsewhere. Which providers there are is a matter of the settings.
admin.site.unregister([SocialAccount, SocialApp, SocialToken])
