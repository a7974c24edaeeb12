"""Figures of replies and of rounds for Prometheus: only what those who run a program may know of these, and when."""

from datetime import datetime, timedelta

from prometheus_client.core import GaugeMetricFamily

from accounts.monitoring.figures import Figures, Reader, figure

from .models import IncomingMail, Round, RoundFigure

ROUNDS_NAMED = 200
# Which day it is differs between programs by as much.
A_DAY = timedelta(days=1)


def replies_held(now: datetime) -> Figures:
    """As the page of the house says it."""
    number = IncomingMail.objects.held().count()
    yield figure("replies_held", "E-mails that came in and wait for their person's word.", number)


def rounds(now: datetime) -> Figures:
    """How many are open, and of those the last figure that was written down to be told (`round_told`): at most once a
    day, by steps of five, never of fewer than fourteen. What somebody writes changes nothing here."""
    today = now.date()
    current = Round.objects.unarchived().filter(opens_on__lte=today, closes_on__gte=today - A_DAY)
    numbers = list(current.order_by("-pk").values_list("pk", flat=True)[:ROUNDS_NAMED])
    yield figure("rounds_open", f"Rounds that are open, counted up to {ROUNDS_NAMED}.", len(numbers))
    asked = GaugeMetricFamily(
        "best_stuff_round_asked", "Asked, as those are told who run it.", labels=["round"]
    )
    finished = GaugeMetricFamily(
        "best_stuff_round_finished_at_least",
        "Have finished, by steps of five and at most once a day.",
        labels=["round"],
    )
    last = RoundFigure.objects.filter(round__in=numbers).order_by("round_id", "-as_of").distinct("round_id")
    for each in last:
        asked.add_metric([str(each.round_id)], each.asked)
        finished.add_metric([str(each.round_id)], each.at_least)
    yield asked
    yield finished


OURS: tuple[Reader, ...] = (replies_held, rounds)
