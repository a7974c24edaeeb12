"""Prices, and a first proposal, by auction: mentees bid for places until nobody without one can afford another.

D. P. Bertsekas, "A distributed algorithm for the assignment problem" (1979), with all who have no place bidding at
once. A mentee bids what the best place is worth to them above their second best, and `step` more, so the outcome is
at most `step` a mentee below the best there is on these lists. It is near, and quick; what is exact comes after.
"""

from dataclasses import dataclass

import numpy as np

from .scores import Ints

FAR = np.int64(2**40)


@dataclass(frozen=True)
class Lists:
    """The candidates of each mentee, best first: columns and fits, -1 where a list is shorter."""

    columns: Ints
    fits: Ints


@dataclass(frozen=True)
class Outcome:
    """The mentor of each mentee, or -1; the price of each mentor's cheapest place; what each mentee gains."""

    mentor_of: Ints
    prices: Ints
    gains: Ints


def auction(lists: Lists, capacity: Ints, step: int) -> Outcome:
    """Every mentor has room. Whoever would have to pay more than the fit for every candidate goes without."""
    mentees, long = lists.fits.shape
    most = int(capacity.max(initial=0))
    if not mentees or not long or not most:
        nothing = np.zeros(mentees, dtype=np.int64)
        return Outcome(nothing - 1, np.zeros(len(capacity), dtype=np.int64), nothing)
    # The places of a mentor, dearest first; those that are not there cost more than anybody has.
    asked = np.where(np.arange(most) < (most - capacity)[:, None], FAR, np.int64(0))
    holder = np.full(asked.shape, -1, dtype=np.int64)
    prices = np.zeros(len(capacity), dtype=np.int64)
    bidders = np.arange(mentees)
    while True:
        bidders, mentors, bids = _bids(lists, bidders, prices, step)
        if not len(bidders):
            break
        order = np.lexsort((bidders, -bids, mentors))
        sorted_mentors = mentors[order]
        first = np.flatnonzero(np.diff(sorted_mentors, prepend=-1))
        sizes = np.diff(first, append=len(order))
        rank = np.arange(len(order)) - np.repeat(first, sizes)
        here = sorted_mentors[first]
        # The best bids for each mentor beside the places as they are held; the dearest stay.
        heard = rank < most
        offered = np.full((len(here), most), np.int64(-1))
        by = np.full((len(here), most), np.int64(-1))
        at = np.repeat(np.arange(len(here)), sizes)[heard], rank[heard]
        offered[at] = bids[order][heard]
        by[at] = bidders[order][heard]
        both, who = np.hstack([asked[here], offered]), np.hstack([holder[here], by])
        dearest = np.argsort(-both, axis=1, kind="stable")
        both, who = np.take_along_axis(both, dearest, 1), np.take_along_axis(who, dearest, 1)
        asked[here], holder[here] = both[:, :most], who[:, :most]
        prices[here] = both[:, most - 1]
        out = who[:, most:]
        bidders = np.sort(np.concatenate([bidders[order][~heard], out[out >= 0]]))
    held = np.nonzero(holder >= 0)
    mentor_of = np.full(mentees, -1, dtype=np.int64)
    mentor_of[holder[held]] = held[0]
    left = np.where(lists.fits >= 0, lists.fits - prices[lists.columns], -1)
    return Outcome(mentor_of, prices, np.maximum(left.max(axis=1), 0))


def _bids(lists: Lists, bidders: Ints, prices: Ints, step: int) -> tuple[Ints, Ints, Ints]:
    """Who still bids, for whom, and how much."""
    fits, columns = lists.fits[bidders], lists.columns[bidders]
    left = np.where(fits >= 0, fits - prices[columns], -2 * FAR)
    each = np.arange(len(bidders))
    best = left.argmax(axis=1)
    gain = left[each, best]
    left[each, best] = -2 * FAR
    # To go without is the second best at worst.
    second = np.maximum(left.max(axis=1), -step)
    bids = gain >= 0
    mentors = columns[each, best][bids]
    return bidders[bids], mentors, prices[mentors] + (gain - second)[bids] + step
