"""What is written in an announcement, to whom it goes, and when."""

from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.localtime import first_valid
from accounts.templatetags.best import clock as in_clock
from mentoring import actions, announcing
from mentoring.actions.announcements import FURTHEST
from mentoring.models import Announcement, Holiday, Pairing, Program

from .forms import ActingForm

Segment = Announcement.Segment
NOW, LATER = "now", "later"
HOURS = range(announcing.OPENS.hour, announcing.SHUTS.hour)


def hours() -> list[tuple[str, str]]:
    return [("", "–"), *((f"{hour:02}:00", in_clock(time(hour))) for hour in HOURS)]


class AnnouncementForm(ActingForm):
    """Keeps a draft; a copy of what goes later is changed as it is, but for to whom it goes."""

    instance: Announcement
    field_order = ["program", "segment", "subject", "body", "when", "send_on", "send_at"]

    segment = forms.ChoiceField(
        label=_("To whom"),
        choices=[(each.value, each.label) for each in Announcement.NAMED],
        help_text=_(
            "It goes to those who are in that group when it is sent. Without a pairing is whoever is in none, and in "
            "none that is proposed. Whoever pauses is left alone."
        ),
    )
    subject = forms.CharField(
        label=_("Subject"),
        max_length=Announcement._meta.get_field("subject").max_length,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=Announcement._meta.get_field("body").max_length,
        widget=forms.Textarea(attrs={"rows": 14, "class": "vLargeTextField"}),
        help_text=_(
            "Plain text; an empty line begins a paragraph, and addresses of pages become links. It goes out in the "
            "language in which you write it, with your name under it. Answers go to your own address, which is visible "
            "to whoever gets it."
        ),
    )
    when = forms.ChoiceField(
        label=_("When"),
        choices=[
            (NOW, _("As soon as you send it; where it is night, the next morning at seven")),
            (LATER, _("On a day, at an hour, by each person’s own clock")),
        ],
        widget=forms.RadioSelect(attrs={"class": "radiolist"}),
        initial=NOW,
    )
    send_on = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    send_at = forms.TypedChoiceField(
        label=_("Hour"), required=False, choices=hours, coerce=time.fromisoformat, empty_value=None
    )

    class Meta:
        model = Announcement
        fields = ["program"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        if row.send_on is not None and row.send_at is not None:
            self.initial.update(when=LATER, send_at=f"{row.send_at:%H:%M}", send_on=row.send_on)
        elif row.pk:
            self.initial["when"] = NOW
        if row.pk:
            self.initial.update(segment=row.segment, subject=row.subject, body=row.body)
        if row.pk and (row.segment not in Announcement.NAMED or row.state != Announcement.State.DRAFT):
            # To whom it goes stands in the page, and stays.
            self.fields.pop("segment", None)
        if row.state == Announcement.State.SCHEDULED:
            # It would go out with the next tick of the clock, and nobody would have said so.
            self.fields.pop("when", None)

    @property
    def program(self) -> Program | None:
        return cast("Program | None", self.cleaned_data.get("program")) or (
            self.instance.program if self.instance.program_id else None
        )

    def clean_subject(self) -> str:
        words = " ".join(self.cleaned_data["subject"].split())
        if problem := announcing.problem_in(words):
            raise forms.ValidationError(problem)
        return words

    def clean_body(self) -> str:
        words: str = self.cleaned_data["body"].replace("\r\n", "\n").strip()
        if problem := announcing.problem_in(words):
            raise forms.ValidationError(problem)
        return words

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        segment = said.get("segment", self.instance.segment)
        if segment in Announcement.WITHOUT_PARTNER:
            for name in ("subject", "body"):
                if announcing.PARTNER in said.get(name, ""):
                    self.add_error(name, _("Nobody in this group has a partner: leave {partner} out."))
        if said.get("when", LATER) == NOW:
            said["send_on"] = said["send_at"] = None
        elif not {"send_on", "send_at"} & set(self.errors):
            self._check_time(said.get("send_on"), said.get("send_at"))
        return said

    def _check_time(self, day: date | None, at: time | None) -> None:
        if day is None:
            self.add_error("send_on", _("Choose a day."))
        if at is None:
            self.add_error("send_at", _("Choose an hour."))
        if day is None or at is None or (program := self.program) is None:
            return
        today = program.today(self.now)
        if not today <= day <= today + FURTHEST:
            said = gettext("Choose a day from today on, up to %(days)d days ahead.")
            self.add_error("send_on", said % {"days": FURTHEST.days})
        elif first_valid(day, at, program.zone) <= self.now:
            self.add_error("send_at", _("That hour has gone by. Choose a later one."))
        elif _is_holiday(program, day, self.now):
            self.add_error("send_on", _("That is a holiday of the program. Choose another day."))

    def act(self) -> Announcement:
        data, row = self.cleaned_data, self.instance
        for name in ("segment", "subject", "body", "send_on", "send_at"):
            if name in data:
                setattr(row, name, data[name])
        return actions.keep_announcement(row, by=self.by, now=self.now)


class PairForm(AnnouncementForm):
    """To the two of one pair, whose page led here."""

    field_order = ["subject", "body", "when", "send_on", "send_at"]
    pairing: Pairing

    segment = None  # type: ignore[assignment]

    class Meta:
        model = Announcement
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        row.program, row.pairing, row.segment = self.pairing.program, self.pairing, Segment.PAIR


def _is_holiday(program: Program, day: date, now: datetime) -> bool:
    return Holiday.objects.filter(program=program, starts_on__lte=day, ends_on__gte=day).exists()
