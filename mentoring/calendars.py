"""What stands in people's calendars changes: a new version of an arrangement, and the e-mails that carry it."""

from datetime import datetime

from .models import Arrangement, ArrangementVersion


def tell(
    arrangement: Arrangement,
    now: datetime,
    *,
    asks_again: bool,
    is_cancelled: bool = False,
    occurrence: datetime | None = None,
) -> None:
    """Everybody who comes gets this arrangement as it is now, the first time or as the next version.

    Called behind a lock on its row, after everything else of it was written, in the same transaction. `asks_again`:
    what was answered before says nothing about the new time. `occurrence`: of a series, the one meeting that alone is
    changed or cancelled, by its original start; answers to the others go on counting.
    """
    is_first = not arrangement.versions.exists()
    if not is_first:
        arrangement.sequence += 1
    if is_first or (asks_again and occurrence is None):
        arrangement.asked_in = arrangement.sequence
    arrangement.changed_at = now
    arrangement.save(update_fields=["sequence", "asked_in", "changed_at"])
    ArrangementVersion.objects.create(
        arrangement=arrangement,
        sequence=arrangement.sequence,
        occurrence=occurrence,
        is_cancelled=is_cancelled,
        created_at=now,
    )
