"""One's own notebook: the list of moments, the quarter by days, and the search in one's own words."""

from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.paging import PER_PAGE, page_of
from reflections import notebook, whom
from reflections import search as searching
from reflections.forms.moment import KIND_ICONS
from reflections.forms.search import SearchForm
from reflections.models import Moment
from reflections.notebook import Narrowed


@require_safe
def index(request: AuthedRequest) -> HttpResponse:
    person = request.user
    narrowed = Narrowed.by(request.GET)
    moments = narrowed.of(Moment.objects.of(person).with_readers().newest_first())
    others = request.GET.copy()
    for name in ("kind", "page"):
        others.pop(name, None)
    data = {
        "page": page_of(request, moments),
        "narrowed": narrowed,
        "when": narrowed.when(_today(request)),
        "kinds": [(value, label, KIND_ICONS[value]) for value, label in Moment.Kind.choices],
        "besides": others.urlencode(),
        "whoms": whom.of_reader(request).choices,
        "months": notebook.months_of(person),
        "values": notebook.values_of(person),
    }
    return render(request, "reflections/moment_list.html", data)


@require_safe
def days(request: AuthedRequest, day: str = "") -> HttpResponse:
    """The quarter that the day lies in, this one where none is said."""
    person, today = request.user, _today(request)
    quarter = notebook.quarter_for(person, _read(day) if day else today, clock.now())
    before, after = notebook.around(quarter, person, today)
    data = {
        "quarter": quarter,
        "before": before,
        "after": after,
        "months": notebook.months_in(quarter, person, today),
        "weekdays": notebook.weekdays(),
    }
    return render(request, "reflections/moment_days.html", data)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables("query", "form")
def search(request: AuthedRequest) -> HttpResponse:
    """By POST, so that what somebody looks for stands in no address, no log and no history."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "reflections/moment_search.html", {"form": form})
    query = form.cleaned_data["query"]
    page = Paginator(searching.search(request.user, query), PER_PAGE).get_page(request.POST.get("page"))
    data = {
        "form": form,
        "query": query,
        "page": page,
        "hits": searching.hits(request.user, list(page), query),
    }
    return render(request, "reflections/moment_search.html", data)


def _today(request: AuthedRequest) -> date:
    return clock.now().astimezone(request.user.zone).date()


def _read(day: str) -> date:
    try:
        found = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    if not 1900 <= found.year <= 2100:
        raise Http404
    return found
