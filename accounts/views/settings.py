"""The settings page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions, second_factor
from accounts.clock import now
from accounts.forms import SettingsForm
from accounts.http import AuthedRequest
from accounts.mail import kinds
from accounts.mail.models import Stopped
from accounts.models import User


def settings(request: AuthedRequest) -> HttpResponse:
    # A row of our own: what does not validate must not show up as the name in the page's menu.
    person = User.objects.get(pk=request.user.pk)
    snoozed_until = person.snoozed_until if person.is_snoozed(now()) else None
    stopped = Stopped.objects.names_of(person.pk)
    form = SettingsForm(request.POST or None, instance=person, stopped=stopped, now=now())
    if request.method == "POST" and form.is_valid():
        # Whoever keeps this page has seen when their coffee time is.
        person.coffee_chosen_at = person.coffee_chosen_at or now()
        actions.keep_settings(person, [*form.Meta.fields, "coffee_chosen_at"])
        actions.choose_mail(person, [*form.cleaned_data["streams"], *form.not_shown])
        actions.look_at_mail_again(person)
        with translation.override(person.language or translation.get_language()):
            messages.success(request, _("Your settings are kept."))
        return redirect("accounts:settings")
    values = {
        "form": form,
        "now": now(),
        "snoozed_until": snoozed_until,
        "always": kinds.always(),
        "letters": [(stream.label, kinds.labels_of(stream.name)) for stream in form.shown],
        "second_steps": second_factor.types_of(person),
    }
    return render(request, "accounts/settings.html", values)


@require_POST
def end_snooze(request: AuthedRequest) -> HttpResponse:
    actions.end_snooze(request.user)
    messages.success(request, _("We write to you again."))
    return redirect("accounts:settings")
