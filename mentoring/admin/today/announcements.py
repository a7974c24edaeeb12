"""What was to be written to people, and was not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.templatetags.best import in_words
from mentoring import announcing
from mentoring.models import Announcement, Program

from .needs import MOST_ROWS, Link, Need, Row, Section, list_url, page_url

# A program's day may be another one than ours.
DAY = timedelta(days=1)
DRAFT = Announcement.State.DRAFT


class Overdue(Section):
    """Drafts whose hour has gone by. What waited for its hour and could not go out is one again."""

    key = "announcements"

    def _rows(self, programs: Sequence[Program], now: datetime) -> list[Announcement]:
        rows = Announcement.objects.filter(
            program__in=programs,
            program__status=Program.Status.ACTIVE,
            state=DRAFT,
            send_on__lte=now.date() + DAY,
        )
        found = rows.select_related("program", "author").order_by("send_on", "send_at", "pk")
        return [row for row in found if announcing.is_overdue(row, now)]

    def counts(self, programs: Sequence[Program], now: datetime) -> Mapping[int, int]:
        return Counter(row.program_id for row in self._rows(programs, now))

    def said(self, number: int) -> str:
        return ngettext(
            "%(words)s announcement did not go out at its hour",
            "%(words)s announcements did not go out at their hour",
            number,
        ) % {"words": in_words(number)}

    def need(self, program: Program, total: int, user: User, now: datetime) -> Need:
        rows = self._rows([program], now)[:MOST_ROWS]
        return Need(
            self.key,
            _("Announcements that did not go out"),
            self.said(total),
            total,
            [
                Row(
                    str(row),
                    [announcing.why_it_came_back(row, now)],
                    page_url("mentoring_announcement", row.pk),
                    about=row,
                )
                for row in rows
            ],
            Link(
                list_url("mentoring_announcement", program, state__exact=DRAFT),
                gettext_lazy("Drafts in the list"),
            ),
            _("On its page it gets another day, is sent at once, or is deleted."),
        )
