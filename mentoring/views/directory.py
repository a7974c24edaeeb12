"""The mentors of a program for whoever looks for one there, and asking one of them."""

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.paging import page_of
from mentoring import actions
from mentoring.directory import TIMES, Card, Directory, Wanted
from mentoring.forms import AskForm
from mentoring.models import PairingRequest, Program

from .programs import place_in

PER_PAGE = 20
# So many languages stand on the page; the others are folded away (templates/mentoring/directory.html).
SHOWN = 6


@require_safe
def list_(request: AuthedRequest, pk: int) -> HttpResponse:
    directory = _directory(request, pk)
    wanted = Wanted.of(request.GET)
    people, found = directory.look(wanted)
    languages = directory.languages
    page = page_of(request, people, per_page=PER_PAGE)
    context = {
        "directory": directory,
        "program": directory.program,
        "wanted": wanted,
        "found": found,
        "times": TIMES,
        "languages": languages,
        # A tick among those that are folded away is not to be hidden.
        "more_languages": any(code in wanted.languages for code, _name in languages[SHOWN:]),
        "page": page,
        "cards": [(card, _form(directory, card)) for card in directory.cards(list(page.object_list))],
        "query": request.GET.urlencode(),
    }
    return render(request, "mentoring/directory.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: AuthedRequest, pk: int, mentor_pk: int) -> HttpResponse:
    """One mentor by themselves; POST asks them. What is not right comes back beside the field, with the note as it was
    typed."""
    directory = _directory(request, pk)
    card = _card(directory, mentor_pk)
    query = request.POST.get("query", "")
    if request.method != "POST":
        return _one(request, directory, card, _form(directory, card), query)
    form = _form(directory, card, request.POST)
    if not form.is_valid():
        return _one(request, directory, card, form, query)
    note = form.cleaned_data["note"]
    try:
        asked = actions.ask_mentor(
            directory.program, card.person, by=request.user, note=note, now=clock.now()
        )
    except actions.Refused as no:
        form.add_error("note", str(no))
        return _one(request, directory, card, form, query)
    messages.success(request, _said(asked, card.person.first_name))
    return redirect(_back(pk, query))


@require_POST
def watch(request: AuthedRequest, pk: int, mentor_pk: int) -> HttpResponse:
    """Tell me when this mentor has room; with `stop` in the form, do not."""
    directory = _directory(request, pk)
    card = _card(directory, mentor_pk)
    names = {"name": card.person.first_name}
    if "stop" in request.POST:
        actions.unwatch_room(directory.program, card.person, by=request.user)
        messages.success(request, _("You get no e-mail about the room of %(name)s.") % names)
    else:
        try:
            actions.watch_room(directory.program, card.person, by=request.user, now=clock.now())
        except actions.Refused as no:
            messages.error(request, str(no))
        else:
            messages.success(request, _("You get an e-mail when %(name)s has room.") % names)
    return redirect(_back(pk, request.POST.get("query", "")))


def _directory(request: AuthedRequest, pk: int) -> Directory:
    """Raises Http404 for whoever may not look through that program's mentors."""
    now = clock.now()
    program = get_object_or_404(Program.objects.with_directory_for(request.user, now), pk=pk)
    return Directory(place_in(request.user, program), now)


def _card(directory: Directory, mentor_pk: int) -> Card:
    card = directory.card(mentor_pk)
    if card is None:
        raise Http404
    return card


def _form(directory: Directory, card: Card, data: QueryDict | None = None) -> AskForm:
    return AskForm(data, program=directory.program, name=card.person.first_name, number=card.person.pk)


def _one(request: AuthedRequest, directory: Directory, card: Card, form: AskForm, query: str) -> HttpResponse:
    context = {
        "directory": directory,
        "program": directory.program,
        "card": card,
        "form": form,
        "query": query,
        "back": _back(directory.program.pk, query),
    }
    return render(request, "mentoring/directory_one.html", context)


def _back(pk: int, query: str) -> str:
    """The directory, with what was looked for there."""
    kept = QueryDict(query[:2000], mutable=False).urlencode()
    return reverse("programs:mentors", args=[pk]) + (f"?{kept}" if kept else "")


def _said(request: PairingRequest, name: str) -> str:
    states = PairingRequest.State
    said = {
        states.WAITING: _("%(name)s comes next: the request goes out by itself once somebody has answered."),
        states.CHECKED: _("Those who run the program look at your request, and pass it on to %(name)s."),
    }.get(states(request.state), _("%(name)s is asked. You get an e-mail when there is an answer."))
    return said % {"name": name}
