"""The forms of a program: from what it begins, what is said at first, and all its settings afterwards."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Protocol

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.settings import zone_choices
from accounts.forms.widgets import Rows
from accounts.media import files
from accounts.models import User
from accounts.templatetags.best import long_date
from mentoring import actions, colors, following, logos, rules
from mentoring.models import Holiday, Program
from mentoring.program_templates import ProgramTemplate, templates

from .forms import ActingForm, AnyModelForm

LAST_BEFORE_FIRST = _("The last day must not come before the first.")


# --- From what --------------------------------------------------------------------------------------------------------


class Start(Protocol):
    """What a program is made from."""

    def initial(self, by: User, today: date) -> dict[str, Any]: ...

    def make(self, said: dict[str, Any], *, by: User, now: datetime, same_admins: bool) -> Program: ...

    def in_words(self) -> str: ...


@dataclass(frozen=True)
class FromTemplate:
    template: ProgramTemplate

    def initial(self, by: User, today: date) -> dict[str, Any]:
        return following.from_template(self.template, by=by, today=today)

    def make(self, said: dict[str, Any], *, by: User, now: datetime, same_admins: bool) -> Program:
        return actions.make_from_template(self.template, said, by=by, now=now)

    def in_words(self) -> str:
        return gettext("From the template “%(name)s”.") % {"name": gettext(self.template.name)}


@dataclass(frozen=True)
class After:
    earlier: Program

    def initial(self, by: User, today: date) -> dict[str, Any]:
        return following.after(self.earlier, today=today)

    def make(self, said: dict[str, Any], *, by: User, now: datetime, same_admins: bool) -> Program:
        return actions.duplicate_program(self.earlier, said, by=by, now=now, same_admins=same_admins)

    def in_words(self) -> str:
        return gettext("After %(name)s.") % {"name": self.earlier.name}


class StartForm(forms.Form):
    """Its value is a `Start`: a template, for superusers, or a program that this person runs."""

    start = forms.ChoiceField(
        label=_("From what?"),
        error_messages={
            "required": _("Choose one of these."),
            "invalid_choice": _("Choose one of these."),
        },
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.earlier = {
            f"after:{program.pk}": program
            for program in Program.objects.administered_by(by).order_by("-starts_on", "name", "pk")
        }
        choices, hints = [], {}
        if rules.may_make_program(by):
            for key, template in templates().items():
                choices.append((f"template:{key}", gettext(template.name)))
                hints[f"template:{key}"] = gettext(template.sentence)
        for value, program in self.earlier.items():
            choices.append((value, gettext("After %(name)s") % {"name": program.name}))
            hints[value] = _of_an_earlier_one(program)
        field = self.fields["start"]
        field.widget = Rows(hints=hints)
        field.choices = choices  # type: ignore[attr-defined]

    def clean_start(self) -> Start:
        kind, _colon, key = self.cleaned_data["start"].partition(":")
        if kind == "template":
            return FromTemplate(templates()[key])
        return After(self.earlier[f"after:{key}"])


def _of_an_earlier_one(program: Program) -> str:
    days = {
        "status": program.get_status_display(),
        "first": long_date(program.starts_on),
        "last": long_date(program.ends_on) if program.ends_on else "",
    }
    if program.ends_on:
        said = gettext("Its settings, skills and questions once more. %(status)s, %(first)s to %(last)s.")
    else:
        said = gettext("Its settings, skills and questions once more. %(status)s, since %(first)s.")
    return said % days


# --- What is said at first --------------------------------------------------------------------------------------------


class DatesForm(AnyModelForm):
    """A first and a last day; where they are the wrong way round, the error stands beside the last."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", str(LAST_BEFORE_FIRST))
        return data


class HolidayForm(DatesForm):
    class Meta:
        model = Holiday
        fields = ["name", "starts_on", "ends_on"]


def _zones(form: forms.BaseForm, current: str) -> None:
    """The list of zones, without the empty one: a program lives somewhere."""
    form.fields["time_zone"].choices = zone_choices(current)[1:]  # type: ignore[attr-defined]


class NewProgramForm(ActingForm, DatesForm):
    field_order = [
        "name", "starts_on", "ends_on", "status", "time_zone", "fiscal_first_month", "join_policy", "matched_by",
        "contact_name", "contact_email", "concern_name", "concern_email",
    ]  # fmt: skip
    start: ClassVar[Start]
    instance: Program

    status = forms.ChoiceField(
        label=_("Begins as"),
        initial=Program.Status.DRAFT,
        choices=[
            (
                Program.Status.DRAFT,
                _("A draft: invite people and get everything ready; nothing goes out by itself"),
            ),
            (Program.Status.ACTIVE, _("Active at once")),
        ],
        widget=forms.RadioSelect,
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Its days and quarters are counted there.")
    )

    class Meta:
        model = Program
        fields = [
            "name", "starts_on", "ends_on", "fiscal_first_month", "join_policy", "matched_by",
            "contact_name", "contact_email", "concern_name", "concern_email",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = self.start.initial(self.by, self.now.date())
        super().__init__(*args, **kwargs | {"initial": initial | (kwargs.get("initial") or {})})
        _zones(self, str(initial.get("time_zone", "")))
        explain(self)

    def act(self) -> Program:
        said = {name: self.cleaned_data[name] for name in self.field_order if name in actions.SAID_AT_FIRST}
        same_admins = bool(self.cleaned_data.get("same_admins"))
        return self.start.make(said, by=self.by, now=self.now, same_admins=same_admins)


class NextProgramForm(NewProgramForm):
    field_order = [*NewProgramForm.field_order, "same_admins"]

    same_admins = forms.BooleanField(
        label=_("The same people run it"),
        required=False,
        initial=True,
        help_text=_("Whoever makes it runs it in any case, unless they are a superuser."),
    )


# --- All settings -----------------------------------------------------------------------------------------------------

# What the fields mean, in plain words, where their names do not say it.
MEANT = {
    "has_wall": _(
        "Off unless you want one. People may hang a moment, or an answer, where everybody who takes part here reads "
        "it; those who only run the program do not. Whoever is named in it has to agree first, and a hard call or a "
        "brave try never hangs there. Turned off, all of it is hidden at once, and stays its writers’."
    ),
    "name": _("As people know it. It signs every e-mail."),
    "purpose": _("What it is for, in a few sentences: on its page, and on that of an invitation."),
    "starts_on": _("Nobody is asked anything before."),
    "roles": _("Who people can be here."),
    "join_policy": _("How people who are not in it yet may come in. An invitation always opens the door."),
    "matched_by": _("Who says which two become a pair. Each of the two can always say no."),
    "approval": _(
        "Where those who run the program propose pairs. Whoever is asked by a mentee is always asked."
    ),
    "directory_for": _("Where mentees ask a mentor themselves."),
    "contact_name": _("The name under its e-mails, and whom people write to."),
    "contact_email": _("Shown to the people of the program."),
    "concern_email": _("Shown to the people of the program, with the name before it."),
    "accent": _(
        "For a thin line and the lines under links on the pages of this program, such as #317563. Leave empty for none."
    ),
}

# For whom a moment was: each field, and the word that stands there while it is empty.
WHOM: dict[str, Any] = {
    "whom_colleague": _("A colleague"),
    "whom_client": _("A client"),
    "whom_myself": _("Myself"),
    "whom_mentee": _("My mentee"),
    "whom_mentor": _("My mentor"),
}
WHOM_MEANT = _(
    "Whoever keeps a moment may say for whom it was: one of these five. A hospital may write “A patient” for "
    "“A client”. Leave one empty for the usual word. Somebody who is in several programs reads a word of yours only "
    "where all of them say the same."
)


def explain(form: forms.BaseForm) -> None:
    for name, words in MEANT.items():
        if name in form.fields:
            form.fields[name].help_text = words


class ProgramForm(DatesForm):
    """All that those who run a program decide about it, but for its life: that is for the actions."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Its days and quarters are counted there.")
    )
    help_url = forms.URLField(
        label=_("Where to find help"),
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField"}),
        help_text=_(
            "A page on help in hard times; a link leads there from the page of the quarter, and from Help."
        ),
    )
    # Longer than a color is, so that whoever writes "dark green" is told what to write.
    accent = forms.CharField(label=_("Accent color"), required=False, max_length=40)
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": logos.ACCEPTED}),
        help_text=_(
            "JPEG, PNG or WebP, at most 2 MB. It keeps its shape, and stands on white where it can be seen through."
        ),
        error_messages={"empty": _("This file is empty. Choose another one.")},
    )
    take_logo_away = forms.BooleanField(label=_("Take the logo away"), required=False)
    directory_shows = forms.MultipleChoiceField(
        label=_("What they see of each mentor"),
        required=False,
        choices=Program.DirectoryPart.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Besides their name, the skills that they offer, and whether they have room. What is not ticked is not "
            "found by searching either. Mentors read on the page of the program what is shown of them."
        ),
    )

    class Meta:
        model = Program
        fields: ClassVar[list[str]] = []  # The admin's fieldsets say which.
        # A sentence or two, which one line would cut off.
        widgets: ClassVar[dict[str, forms.Widget]] = {
            name: forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"})
            for name in ("mentors_are", "mentees_are")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _zones(self, self.instance.time_zone)
        explain(self)
        for name, usual in WHOM.items():
            self.fields[name].help_text = gettext("Usually “%(word)s”.") % {"word": usual}
        self.made_logo: bytes | None = None
        # Placed before anything is saved: a store that is away is said beside the field, and nothing else is changed.
        self.placed_logo: files.Placed | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        until, last = data.get("applications_until"), data.get("ends_on")
        if until and last and until > last:
            self.add_error("applications_until", gettext("That is after the last day of the program."))
        self._check_whom(data)
        if self.made_logo is not None and not self.errors:
            try:
                self.placed_logo = files.put(self.made_logo)
            except files.Away as no:
                self.add_error("logo", str(no))
        return data

    def _check_whom(self, data: dict[str, Any]) -> None:
        """Nobody could choose between two that are called the same."""
        taken: set[str] = set()
        for name, usual in WHOM.items():
            word = (data.get(name) or str(usual)).casefold()
            if word in taken:
                self.add_error(name, gettext("Another of the five is called that already."))
            taken.add(word)

    def clean_accent(self) -> str:
        color: str = self.cleaned_data["accent"].strip().lower()
        if not color:
            return ""
        if not color.startswith("#"):
            color = f"#{color}"
        if not colors.COLOR.fullmatch(color):
            raise forms.ValidationError(
                gettext("Write a color as # and six digits, such as #317563: digits are 0 to 9 and a to f.")
            )
        seen = colors.seen(color)
        if seen.is_enough:
            return color
        too_pale = gettext(
            "%(color)s is too light to be seen on our light pages: its contrast there is %(ratio)s to 1, and 3 to 1 is "
            "needed. The nearest shade that can be seen on light and dark pages is %(nearest)s."
        )
        too_deep = gettext(
            "%(color)s is too dark to be seen on our dark pages: its contrast there is %(ratio)s to 1, and 3 to 1 is "
            "needed. The nearest shade that can be seen on light and dark pages is %(nearest)s."
        )
        said = too_pale if seen.light < seen.dark else too_deep
        raise forms.ValidationError(
            said
            % {
                "color": color,
                "ratio": f"{int(min(seen.light, seen.dark) * 100) / 100:.2f}",
                "nearest": colors.nearest_that_is_seen(color),
            }
        )

    def clean_logo(self) -> Any:
        chosen = self.cleaned_data["logo"]
        if chosen:
            try:
                self.made_logo = logos.from_file(chosen)
            except logos.NotAPhoto as no:
                raise forms.ValidationError(str(no)) from no
        return chosen
