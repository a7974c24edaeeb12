"""What the app above adds to the first page of the admin: e-mails that need a hand. Rounds come by a template tag."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.mail.models import Message
from accounts.models import User
from accounts.templatetags.best import in_words, month_day
from mentoring.admin.today import Deed, Link, Need, Row, Section, register
from mentoring.admin.today.needs import MOST_ROWS, list_url, page_url
from mentoring.models import Program

from .messages import IN_NEED, NEEDS, messages_about
from .subjects import numbers_by_program

# What was refused longer ago is nothing that anybody would still send.
LATELY = timedelta(days=30)
# Where more than so many came back at once it is the mail server that needs a hand, and its page says so.
MOST_LOOKED_AT = 2000


class Mails(Section):
    key = "mails"

    def _rows(self, programs: Sequence[Program], now: datetime) -> Any:
        rows = messages_about(Program.objects.filter(pk__in=[program.pk for program in programs]))
        return rows.filter(IN_NEED, due_at__gt=now - LATELY, due_at__lte=now)

    def counts(self, programs: Sequence[Program], now: datetime) -> Mapping[int, int]:
        rows = self._rows(programs, now).order_by("-due_at")
        return numbers_by_program(rows.values_list("kind", "subject_id")[:MOST_LOOKED_AT])

    def said(self, number: int) -> str:
        return ngettext(
            "%(words)s e-mail did not arrive, or may not have",
            "%(words)s e-mails did not arrive, or may not have",
            number,
        ) % {"words": in_words(number)}

    def need(self, program: Program, total: int, user: User, now: datetime) -> Need:
        page: Any = admin.site.get_model_admin(Message)
        rows = self._rows([program], now).select_related("person").order_by("-due_at", "-pk")[:MOST_ROWS]
        url = reverse("admin:mail_message_changelist")
        return Need(
            self.key,
            _("E-mails that did not arrive"),
            self.said(total),
            total,
            [
                Row(
                    page.to_whom(message),
                    [
                        message.kind_label,
                        f"{page.outcome(message)}, {month_day(message.due_at)}",
                    ],
                    page_url("mail_message", message.pk),
                    message.pk,
                    about=message.person,
                )
                for message in rows
            ],
            Link(
                list_url("mail_message", program, outcome=NEEDS, days=str(LATELY.days)),
                _("These e-mails in the list"),
            ),
            deed=Deed(url, "again", _("Send again"), _("Send those again that are ticked")),
        )


register(Mails(), 80)
