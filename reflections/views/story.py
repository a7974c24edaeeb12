"""One's story: kept things by quarters, what they speak of, one year on a page. Nobody else's, for nobody else."""

from datetime import date

from django.core.paginator import Page
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.paging import PER_PAGE, page_of
from mentoring.quarter import Quarter
from reflections.story import entries
from reflections.story.seasons import Story, by_quarter
from reflections.story.year import Year

CHIPS = 12
YEARS = range(1900, 3000)


@require_safe
def index(request: AuthedRequest) -> HttpResponse:
    person = request.user
    story = Story(person)
    page = page_of(request, entries.all_of(person))
    found = entries.items(person, _with_the_one_before(page), story.words)
    before = found.pop(0) if page.number > 1 and found else None
    words = story.words.all
    context = {
        "page": page,
        "seasons": story.seasons(found, before=before),
        "chips": words[:CHIPS],
        "has_more_values": len(words) > CHIPS,
        "has_river": bool(story.words.in_river),
    }
    return render(request, "reflections/story.html", context)


@require_safe
def other_years(request: AuthedRequest) -> HttpResponse:
    """The months of today's quarter as they were in other years."""
    story = Story(request.user)
    quarter = Quarter.containing(_today(request), story.first_month)
    page = page_of(request, entries.in_other_years(request.user, quarter))
    found = entries.items(request.user, page.object_list, story.words)
    context = {"page": page, "quarter": quarter, "quarters": list(by_quarter(story, found))}
    return render(request, "reflections/story_other_years.html", context)


@require_safe
def year(request: AuthedRequest, year: int | None = None, month: int | None = None) -> HttpResponse:
    """Four quarters: up to the present one, or up to the one that begins in that month."""
    story = Story(request.user)
    last = Quarter.containing(_today(request), story.first_month)
    if year is not None and month is not None:
        if year not in YEARS:
            raise Http404
        try:
            last = Quarter(date(year, month, 1), story.first_month)
        except ValueError:
            raise Http404 from None
    elif story.quarters and story.quarters[-1] > last:
        last = story.quarters[-1]
    return render(request, "reflections/story_year.html", {"year": Year(story, last)})


def _with_the_one_before(page: Page[dict[str, object]]) -> list[dict[str, object]]:
    """The rows of the page; before them the last one of the page before, by which a quarter is known to go on."""
    if page.number == 1:
        return list(page.object_list)
    start = (page.number - 1) * PER_PAGE
    rows = page.paginator.object_list
    return list(rows[start - 1 : start + PER_PAGE])


def _today(request: AuthedRequest) -> date:
    return clock.now().astimezone(request.user.zone).date()
