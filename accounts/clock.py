"""What time it is: read here, at the edge, and passed in everywhere else."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, Func, Value
from django.db.models.expressions import Combinable
from django.utils import timezone


def now() -> datetime:
    """This instant (UTC, aware), moved by the rehearsal's offset where one is set."""
    return timezone.now() + settings.REHEARSAL_OFFSET


class ClockTimestamp(Func):
    """PostgreSQL's own clock, which goes on inside a transaction."""

    function = "clock_timestamp"
    arity = 0
    output_field: Any = DateTimeField()


def database_now() -> Combinable:
    """`now()` by the database's clock, which all workers share: leases and due times are compared with nothing else."""
    return ExpressionWrapper(
        ClockTimestamp() + Value(settings.REHEARSAL_OFFSET, output_field=DurationField()),
        output_field=DateTimeField(),
    )


__all__ = ["ClockTimestamp", "database_now", "now"]
