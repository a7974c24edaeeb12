"""A note on its way to somebody outside; and the page on which they say that they want no more of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.http import AuthedRequest
from mentoring.actions.refused import Refused
from reflections import actions, outside, rules
from reflections.forms.thanks import MailForm
from reflections.models import Thanks


@sensitive_post_parameters()
def mail(request: AuthedRequest, pk: int) -> HttpResponse:
    """Where to; then the address and the note once more; and only then it goes."""
    note = get_object_or_404(Thanks.objects.written_by(request.user).with_people(), pk=pk)
    if note.sent_at is not None:
        return redirect("thanks:note", pk)
    programs = list(rules.programs_to_write_from(request.user))
    form = MailForm(
        request.POST if request.method == "POST" else None,
        writer=request.user,
        programs=programs,
        address=note.mentor.address if note.mentor else "",
    )
    context = {"note": note, "form": form, "programs": programs}
    if not programs or not note.text.strip() or not form.is_valid():
        return render(request, "reflections/thanks/mail.html", context)
    data = form.cleaned_data
    # What was confirmed is the address that stood on the page, letter by letter.
    if request.POST.get("confirmed") != data["address"] or "change" in request.POST:
        name = "mail" if "change" in request.POST else "mail_confirm"
        return render(request, f"reflections/thanks/{name}.html", context | {"program": form.in_name_of})
    try:
        actions.send_by_mail(
            note,
            data["address"],
            by=request.user,
            program=form.in_name_of,
            tells_address=data["tells_address"],
            now=clock.now(),
        )
    except Refused as no:
        form.add_error(None, str(no))
        return render(request, "reflections/thanks/mail.html", context)
    messages.success(request, _("It goes out in ten minutes. Until then you can take it back."))
    return redirect("thanks:note", pk)


# The token in the address is the right to do this one thing, as in accounts/mail/views.py: mail programs send the POST
# by themselves (RFC 8058), without cookies, so there is nothing that a forged one could use.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def never(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows buttons; POST stops all notes to this address, lets them come again, or says that one was wrong."""
    reader = outside.read(token)
    if reader is None:
        return _discreet(render(request, "mail/stop_unknown.html", status=404))
    done = ""
    if request.method == "POST":
        now = clock.now()
        if request.POST.get("report"):
            actions.report_from_outside(reader, now=now)
            actions.leave_in_peace(reader, now=now)
            done = "report"
        elif request.POST.get("again"):
            actions.write_again(reader)
            done = "again"
        else:
            actions.leave_in_peace(reader, now=now)
            done = "never"
    context = {"is_stopped": actions.is_left_in_peace(reader), "done": done}
    return _discreet(render(request, "reflections/thanks/never.html", context))


def _discreet(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
