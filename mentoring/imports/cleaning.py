"""A row's texts to values, with a sentence for each that is none.

django-import-export's resources, fields and widgets do it, a batch at a time: its own import of a whole file would hold
every row and its result in memory. They clean only; what becomes of the values is decided in people.py and pairs.py.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from import_export import fields as columns_of_resources
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.widgets import Widget

from accounts.models import User
from mentoring.models import Enrollment, EnrollmentQuestion, ImportRow
from mentoring.models.enrollment import MOST_MENTEES
from mentoring.models.question import LONGEST_LONG, LONGEST_SHORT
from mentoring.skills import MOST_A_SIDE

from .columns import Columns, plain
from .fields import EXAMPLE_ADDRESS, EXAMPLE_OTHER_ADDRESS
from .reading import FAULTS, Line

LONGEST_NAME = 120
ROLES = {
    Enrollment.Role.MENTOR: ("mentor", "mentorin", "mentors", "mentoren", "mentor/in", "mentor:in"),
    Enrollment.Role.MENTEE: ("mentee", "mentees", "mentee/in", "menti", "protégé", "protege"),
    Enrollment.Role.BOTH: ("both", "beide", "beides", "mentor and mentee", "mentor und mentee", "peer"),
}
YEARS = range(1950, 2200)


@dataclass
class Row:
    """A row of the file on its way: `value` by the field's code; `errors` too, those of the whole row under none."""

    line: Line
    value: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    outcome: str = ""
    said: list[str] = field(default_factory=list)
    about: list[str] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.line.number

    @property
    def is_bad(self) -> bool:
        return bool(self.errors)

    def refuse(self, code: str, why: str | Promise) -> None:
        self.errors.setdefault(code, []).append(str(why))
        self.outcome = ImportRow.Outcome.BAD


# --- Cells ---------------------------------------------------------------------------------------------------------


class Words(Widget):  # type: ignore[misc]
    """One line of text. Raises ValueError, as all of these do, with what is wrong."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        text = " ".join(value.split())
        if len(text) > self.most:
            raise ValueError(gettext("This is longer than %(most)d letters.") % {"most": self.most})
        return text


class Address(Widget):  # type: ignore[misc]
    """As we compare it."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        if not value.strip():
            return ""
        address = User.objects.normalize_email(value)
        if address in (EXAMPLE_ADDRESS, EXAMPLE_OTHER_ADDRESS):
            raise ValueError(gettext("This is the example of the template. Delete this row."))
        try:
            validate_email(address)
        except ValidationError:
            address = ""
        # Letters beyond these have more than one form, and the database could take two for one.
        if not address or len(address) > 254 or not address.isascii():
            raise ValueError(gettext("Write one address here, such as noor@example.org."))
        return address


class Role(Widget):  # type: ignore[misc]
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        if not value.strip():
            return ""
        for role, words in ROLES.items():
            if plain(value) in (plain(str(role.label)), *map(plain, words)):
                return role.value
        raise ValueError(gettext("Write mentor, mentee or both."))


class Count(Widget):  # type: ignore[misc]
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int | None:
        text = value.strip()
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,4}", text) or int(text) > MOST_MENTEES:
            raise ValueError(gettext("Write a number from 0 to %(most)d.") % {"most": MOST_MENTEES})
        return int(text)


class Day(Widget):  # type: ignore[misc]
    """2026-01-31 or 31.1.2026; with slashes only where day and month cannot be taken for each other."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> datetime.date | None:
        text = value.strip()
        if not text:
            return None
        for day in self._readings(text):
            if day.year in YEARS:
                return day
        raise ValueError(gettext("Write a day as 2026-01-31."))

    def _readings(self, text: str) -> list[datetime.date]:
        if found := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})([T ][0-9:.]*)?", text):
            return self._days((found[1], found[2], found[3]))
        if found := re.fullmatch(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})", text):
            return self._days((found[3], found[2], found[1]))
        if found := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text):
            days = self._days((found[3], found[1], found[2]), (found[3], found[2], found[1]))
            return days if len(set(days)) == 1 else []
        return []

    def _days(self, *readings: tuple[str, str, str]) -> list[datetime.date]:
        days = []
        for year, month, day in readings:
            try:
                days.append(datetime.date(int(year), int(month), int(day)))
            except ValueError:
                continue
        return days


class Skills(Widget):  # type: ignore[misc]
    """Several names, with ; or line breaks between them, or with commas where there are none of these."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> list[str]:
        parts = re.split(r"[;\n\r]", value) if re.search(r"[;\n\r]", value.strip()) else value.split(",")
        names: dict[str, str] = {}
        for part in parts:
            name = " ".join(part.split())
            if len(name) > 80:
                raise ValueError(gettext("One of these is longer than %(most)d letters.") % {"most": 80})
            if name:
                names.setdefault(name.casefold(), name)
        if len(names) > MOST_A_SIDE:
            raise ValueError(gettext("These are more than %(most)d.") % {"most": MOST_A_SIDE})
        return list(names.values())


class Answer(Widget):  # type: ignore[misc]
    """To one of the program's questions: its text, or those of its options that are chosen."""

    def __init__(self, question: EnrollmentQuestion) -> None:
        super().__init__()
        self.question = question

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str | list[str]:
        kind = self.question.kind
        text = value.strip()
        if kind not in EnrollmentQuestion.CHOOSING:
            most = LONGEST_LONG if kind == EnrollmentQuestion.Kind.LONG else LONGEST_SHORT
            if len(text) > most:
                raise ValueError(gettext("This is longer than %(most)d letters.") % {"most": most})
            return text.replace("\r\n", "\n")
        options = {plain(option): option for option in self.question.options}
        if not text:
            return []
        if plain(text) in options:
            return [options[plain(text)]]
        parts = re.split(r"[;\n\r]", text) if re.search(r"[;\n\r]", text) else text.split(",")
        chosen = dict.fromkeys(options.get(plain(part), "") for part in parts if part.strip())
        if "" in chosen or (kind == EnrollmentQuestion.Kind.CHOICE and len(chosen) > 1):
            said = gettext("Write one of these: %(options)s.") % {"options": "; ".join(self.question.options)}
            raise ValueError(said[:500])
        return list(chosen)


def widget_of(code: str, questions: Mapping[str, EnrollmentQuestion]) -> Widget:
    if code in questions:
        return Answer(questions[code])
    known: dict[str, Widget] = {
        "email": Address(),
        "mentor": Address(),
        "mentee": Address(),
        "line_manager": Address(),
        "name": Words(LONGEST_NAME),
        "first_name": Words(LONGEST_NAME),
        "last_name": Words(LONGEST_NAME),
        "department": Words(80),
        "focus": Words(200),
        "role": Role(),
        "capacity": Count(),
        "offers": Skills(),
        "seeks": Skills(),
        "joined_on": Day(),
        "starts_on": Day(),
    }
    return known[code]


# --- Rows ----------------------------------------------------------------------------------------------------------


class Cleaner(Resource):  # type: ignore[misc]
    """The chosen columns of a file; a row of values is a namespace with an attribute for each of them."""

    class Meta:
        import_id_fields: list[str] = []
        instance_loader_class = BaseInstanceLoader
        use_transactions = False
        skip_diff = True
        store_instance = True

    def __init__(self, columns: Columns, questions: Mapping[str, EnrollmentQuestion]) -> None:
        super().__init__()
        self.columns = columns
        self.addresses = [number for number, code in columns.items() if code in ("email", "mentor", "mentee")]
        # Names of columns by their number: a code may not be the name of an attribute.
        self.fields = {
            f"c{number}": columns_of_resources.Field(
                attribute=f"c{number}", column_name=f"c{number}", widget=widget_of(code, questions)
            )
            for number, code in columns.items()
        }

    def get_or_init_instance(self, instance_loader: Any, row: Any) -> tuple[SimpleNamespace, bool]:
        return SimpleNamespace(), True

    def get_import_order(self) -> list[str]:
        return list(self.fields)

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        """Nothing is saved here."""

    def rows(self, lines: Sequence[Line]) -> list[Row]:
        """In their order, each with its values or with what is wrong."""
        dataset = tablib.Dataset(headers=list(self.fields))
        for line in lines:
            dataset.append([line.cells[number] for number in self.columns])
        result = self.import_data(dataset, raise_errors=False)
        return [self._row(line, found) for line, found in zip(lines, result.rows, strict=True)]

    def _row(self, line: Line, found: Any) -> Row:
        row = Row(line)
        for number, fault in line.faults.items():
            if not number or int(number) in self.columns:
                row.refuse(self.columns[int(number)] if number else "", FAULTS[fault])
        if found.validation_error is not None:
            for name, said in found.validation_error.message_dict.items():
                code = "" if name == NON_FIELD_ERRORS else self.columns[int(name[1:])]
                if code not in row.errors:
                    row.refuse(code, " ".join(said))
        elif found.errors:
            raise found.errors[0].error
        else:
            row.value = {code: getattr(found.instance, f"c{number}") for number, code in self.columns.items()}
        row.about = list(filter(None, (_address(line, number) for number in self.addresses)))
        return row


def _address(line: Line, number: int) -> str:
    """Whom a row is about, also when it is not possible."""
    address = User.objects.normalize_email(line.cells[number])
    return address if re.fullmatch(r"[^\s@]{1,64}@[^\s@]{1,189}", address) else ""


REQUIRED = _("Something has to stand here.")
