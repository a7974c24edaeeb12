"""Days on which a program writes to nobody: a value, with no database behind it (`Holiday` has the rows)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo


@dataclass(frozen=True)
class DaysOff:
    """The holidays of one program, both ends of each included, in its zone."""

    zone: tzinfo
    spans: tuple[tuple[date, date], ...]

    def cover(self, instant: datetime, zone: tzinfo) -> bool:
        """Whether it is a holiday then, by the program's calendar or by that of somebody who lives in `zone`."""
        if not self.spans:
            return False
        days = {instant.astimezone(self.zone).date(), instant.astimezone(zone).date()}
        return any(first <= day <= last for day in days for first, last in self.spans)


NO_DAYS_OFF = DaysOff(UTC, ())
