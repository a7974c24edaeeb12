"""The quarter of a story that is told today: it began this month, so that its end is two to three months away."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mentoring.models import Program

COFFEE = time(7, 30)  # On a Tuesday, each in their own zone: what people have who chose nothing else.


@dataclass(frozen=True)
class Calendar:
    today: date

    @property
    def last_day(self) -> date:
        months = self.today.year * 12 + self.today.month + 2
        return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)

    @property
    def ask_day(self) -> date:
        """The Tuesday of the last full week before the last day."""
        monday = self.last_day - timedelta(days=self.last_day.weekday() + 7)
        return monday + timedelta(days=1)

    def coffee(self, zone: ZoneInfo, *, weeks: int = 0) -> datetime:
        """When people in this zone are asked, or so many weeks after."""
        day = self.ask_day + timedelta(weeks=weeks)
        return datetime.combine(day, COFFEE, zone).astimezone(UTC)

    def program(self) -> Program:
        """A new program that lives by this calendar."""
        return Program.objects.create(
            name="Harbor Mentors",
            slug="harbor",
            time_zone="Europe/Lisbon",
            fiscal_first_month=self.today.month,
            starts_on=self.today.replace(day=1),
            contact_name="Rosa",
            contact_email="rosa@harbor.example",
        )
