"""The first page of the admin: what needs a hand in one program, and how its round goes (docs/program-admins.md)."""

from . import announcements, pairs, people
from .needs import Deed, Link, Need, Row, Section, register
from .page import shown_to

__all__ = ["Deed", "Link", "Need", "Row", "Section", "register", "shown_to"]

for _place, _section in enumerate(
    [
        people.Applications(),
        people.Unmatched(),
        pairs.Requests(),
        pairs.Quiet(),
        people.Addresses(),
        pairs.Rematch(),
        pairs.AskedFor(),
    ]
):
    register(_section, 10 * _place)
register(announcements.Overdue(), 85)
register(pairs.Runs(), 90)
