"""What was told of a matching run: by whom, when, with which words, and what has become of it."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from .models import MatchingRun, Pairing, Publication

SHOWN_BESIDE = 5


def publications_of(run: MatchingRun) -> QuerySet[Publication]:
    """The newest first, with numbers of pairs: `told`, of which `paired`, `asked`, and come to `nothing`."""
    status = Pairing.Status
    found = run.publications.select_related("created_by").annotate(
        told=Count("pairs"),
        paired=Count("pairs", filter=Q(pairs__pairing__status__in=[*Pairing.BEGUN, status.ACCEPTED])),
        asked=Count("pairs", filter=Q(pairs__pairing__status__in=Pairing.ASKED)),
        nothing=Count("pairs", filter=Q(pairs__pairing__status__in=Pairing.CAME_TO_NOTHING)),
    )
    return found.order_by("-created_at", "-pk")


def beside(run: MatchingRun) -> dict[str, Any]:
    """The context of admin/mentoring/matchingrun/publications.html: the newest few, and whether there are more."""
    found = list(publications_of(run)[: SHOWN_BESIDE + 1])
    return {"publications": found[:SHOWN_BESIDE], "has_more_publications": len(found) > SHOWN_BESIDE}
