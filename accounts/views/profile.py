"""The page on which one writes one's own profile, and sees it as others will before it is kept."""

import base64

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import actions, photos
from accounts.clock import now
from accounts.forms import ProfileForm
from accounts.forms.profile import PRONOUNS, VALUES
from accounts.http import AuthedRequest
from accounts.models import Profile, User
from accounts.refused import Refused
from accounts.seen import Seen, as_seen


def profile(request: AuthedRequest) -> HttpResponse:
    # A row of our own: what is only typed must not show up as the name in the page's menu.
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(
        request.POST or None,
        request.FILES or None,
        instance=Profile.objects.of(person),
        person=person,
        usual_hours=person.usual_hours.all(),
        links=person.links.all(),
    )
    form.instance.person = person
    if "remove_photo" in request.POST:
        actions.remove_photo(person)
        request.user.photo_key = ""
        messages.success(request, _("Your photo is removed. What you typed is still here, and not kept yet."))
        form.photo = None
        return render(request, "accounts/profile.html", _context(form))
    if not (form.is_bound and form.is_valid()):
        return render(request, "accounts/profile.html", _context(form))
    if "preview" in request.POST:
        page = render(request, "accounts/profile.html", _context(form) | {"seen": _preview(form)})
        # A photo that is not kept yet has no address: the preview holds it in itself, and only that one page may.
        # (It is what csp.decorators.csp_update sets, which knows views only.)
        setattr(page, "_csp_update", {"img-src": ["data:"]} if form.photo else None)  # noqa: B010
        return page
    try:
        actions.keep_profile(
            form.instance, hours=form.usual_hours, links=form.links, photo=form.photo, now=now()
        )
    except Refused as no:
        form.add_error("chosen_photo", str(no))
        return render(request, "accounts/profile.html", _context(form))
    messages.success(request, _("Your profile is kept."))
    return redirect("accounts:profile")


def _preview(form: ProfileForm) -> Seen:
    """As somebody sees it who is paired with them and lives by the same clock."""
    return as_seen(
        form.instance,
        usual_hours=form.usual_hours,
        links=form.links,
        shows_pronouns=form.instance.pronouns_for != Profile.PronounsFor.ME,
        reader_zone=form.person.zone,
        now=now(),
        photo=_in_itself(form.photo) if form.photo else "",
    )


def _in_itself(photo: bytes) -> str:
    return f"data:{photos.CONTENT_TYPE};base64,{base64.b64encode(photo).decode()}"


def _context(form: ProfileForm) -> dict[str, object]:
    return {
        "form": form,
        "kept_photo": photos.sealed(form.photo, form.person.pk) if form.photo else "",
        "some_pronouns": PRONOUNS,
        "some_values": VALUES,
        "now": now(),
    }
