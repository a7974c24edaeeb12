"""Whom a round asks. What is told of how it goes: `round_told`."""

from django.db.models import Q, QuerySet

from accounts.models import User
from mentoring.models import Pairing

from .models import Round


def asked_in(round: Round) -> QuerySet[User]:
    """Who was in a pair in that quarter: that is in the lists anyway, and nothing that they write changes it."""
    pairs = (
        Pairing.objects.begun()
        .filter(program=round.program_id, starts_on__lte=round.due_on)
        .exclude(ended_on__lt=round.quarter_start)
        .order_by()
    )
    people: QuerySet[User] = User.objects.filter(
        Q(pk__in=pairs.values("mentor")) | Q(pk__in=pairs.values("mentee"))
    )
    return people.order_by()
