"""The forms of an import: the file, its columns, and the rows that were mended."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Rows
from accounts.models import User
from mentoring.imports.columns import Columns, code_of, proposed
from mentoring.imports.fields import all_fields
from mentoring.imports.reading import SEPARATORS
from mentoring.models import Import, Program

from .invitation_forms import WEEK, days

FILES = forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"})
ENCODINGS = [
    ("utf-8-sig", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("utf-16-le", "UTF-16 LE"),
    ("utf-16-be", "UTF-16 BE"),
    ("cp1252", gettext_lazy("Windows, Western Europe (1252)")),
    ("cp1250", gettext_lazy("Windows, Central Europe (1250)")),
    ("cp1251", gettext_lazy("Windows, Cyrillic (1251)")),
    ("mac_roman", gettext_lazy("Mac, Western Europe")),
    ("cp850", gettext_lazy("DOS, Western Europe (850)")),
    ("latin-1", "Latin-1"),
]
SIGNS: dict[str, str | Promise] = {
    ",": _("comma ,"),
    ";": _("semicolon ;"),
    "\t": _("tab"),
    "|": _("bar |"),
}
SEPARATOR_NAMES = [(sign, SIGNS[sign]) for sign in SEPARATORS]


class FileForm(forms.Form):
    program = forms.ModelChoiceField(label=_("Program"), queryset=Program.objects.none(), empty_label=None)
    kind = forms.ChoiceField(
        label=_("What the file holds"),
        choices=Import.Kind.choices,
        initial=Import.Kind.PEOPLE,
        widget=Rows(
            hints={
                Import.Kind.MENTORS: _("Everybody in it is a mentor."),
                Import.Kind.MENTEES: _("Everybody in it is a mentee."),
                Import.Kind.PAIRS: _("By their e-mail addresses. Both are in the program already."),
            }
        ),
    )
    file = forms.FileField(
        label=_("File"),
        widget=FILES,
        help_text=_("CSV or XLSX, with headings in the first row. Up to 5 megabytes and 10,000 rows."),
        error_messages={"empty": _("This file is empty.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programs = Program.objects.administered_by(user).exclude(status__in=Program.OVER)
        self.fields["program"].queryset = programs  # type: ignore[attr-defined]


class ColumnsForm(forms.Form):
    """A choice for each column of the file (`column_0`, ...), and what to do with its rows."""

    how = forms.ChoiceField(
        label=_("How people come in"),
        choices=Import.How.choices,
        initial=Import.How.INVITE,
        widget=Rows(
            hints={
                Import.How.INVITE: _(
                    "Each gets an e-mail with a link of their own, and is in once they say yes. What the file says of "
                    "them waits for them there; their first day is the day on which they say yes."
                ),
                Import.How.ENROLL: _(
                    "Whoever has a place in a program that you run, or runs it with you, is in this one at once, from "
                    "the first day in the file or from today. Use it for people who have agreed to that already. "
                    "Everybody else is invited by e-mail, as above."
                ),
            }
        ),
    )
    days = forms.TypedChoiceField(
        label=_("May answer for"), coerce=int, choices=lambda: days(7, 14, 30), initial=WEEK
    )
    ask_first = forms.TypedChoiceField(
        label=_("How they become pairs"),
        coerce=lambda value: value == "yes",
        choices=[("yes", _("Ask both first")), ("no", _("Make them pairs at once"))],
        initial="yes",
        widget=Rows(
            hints={
                "yes": _("Both are asked by e-mail, and are a pair once both have said yes."),
                "no": _("They are pairs from the first day on, and both are told by e-mail."),
            }
        ),
    )

    def __init__(self, *args: Any, source: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        for name in ("how", "days") if source.is_of_pairs else ("ask_first",):
            del self.fields[name]
        choices = [("", _("Leave it out"))] + [
            (code, field.label) for code, field in all_fields(source.program, source.kind).items()
        ]
        was_chosen = code_of(source) or proposed(source)
        for number, heading in enumerate(source.headings):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=heading or gettext("Column %(number)d") % {"number": number + 1},
                choices=choices,
                required=False,
                initial=was_chosen.get(number, ""),
            )

    @property
    def options(self) -> list[forms.BoundField]:
        return [self[name] for name in ("how", "days", "ask_first") if name in self.fields]

    @property
    def rows(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Each column with what stands in it first."""
        return [
            (
                self[f"column_{number}"],
                [row[number] for row in self.source.samples if number < len(row) and row[number].strip()],
            )
            for number in range(len(self.source.headings))
        ]

    @property
    def columns(self) -> Columns:
        data = self.cleaned_data
        names = {number: data[f"column_{number}"] for number in range(len(self.source.headings))}
        return {number: code for number, code in names.items() if code}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first: dict[str, str] = {}
        for number in range(len(self.source.headings)):
            name = f"column_{number}"
            code = data.get(name)
            if code and code in first:
                said = gettext("“%(other)s” is that already. Leave one of the two out.")
                self.add_error(name, said % {"other": self.fields[first[code]].label})
            elif code:
                first[code] = name
        return data


class ReadingForm(forms.Form):
    """How a CSV file is to be read, where the guess was wrong."""

    encoding = forms.ChoiceField(label=_("Letters are written in"), choices=ENCODINGS)
    separator = forms.ChoiceField(label=_("Columns are separated by"), choices=SEPARATOR_NAMES)


class MendedForm(forms.Form):
    mended = forms.FileField(
        label=_("The file with the rows, mended"),
        widget=FILES,
        help_text=_(
            "The numbers in its first column say which rows they are. A row that you empty but for its number is "
            "taken out."
        ),
        error_messages={"empty": _("This file is empty.")},
    )
