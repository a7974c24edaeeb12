"""What makes a good pair of one program, as a form: must-haves, weights, and how its questions count."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Chips
from mentoring.actions import Counts
from mentoring.actions.criteria import TOLD_BY, that_can_count, that_tell
from mentoring.models import EnrollmentQuestion, MatchingCriteria, MatchingQuestion, Program
from mentoring.models.criteria import MOST_STEPS, Likeness, Weight

HOURS_OF_A_WEEK = 168
# Clocks are never further apart than this, the short way round.
FARTHEST = 12
HALVES = _("Write whole or half hours, such as 1.5.")
NEEDS_A_QUESTION = _("Choose the question that tells it, or choose Off.")


class HoursField(forms.DecimalField):
    """Where people write 1,5, that is what they mean."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


def _hours(label: Any, help_text: Any, most: int, *, least: str = "0", required: Any = None) -> HoursField:
    """Whole or half hours. They may be empty where `required` does not say what is missing then."""
    return HoursField(
        label=label,
        help_text=help_text,
        required=required is not None,
        min_value=Decimal(least),
        max_value=most,
        widget=forms.NumberInput(attrs={"step": "0.5", "class": "figure", "inputmode": "decimal"}),
        error_messages={"invalid": HALVES, "required": required},
    )


def _weight(label: Any, help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=help_text, choices=Weight.choices, widget=Chips)


def _told_by(label: Any, help_text: Any, none: Any) -> Any:
    return forms.ModelChoiceField(
        label=label,
        help_text=help_text,
        queryset=EnrollmentQuestion.objects.none(),
        required=False,
        empty_label=str(none),
    )


class CriteriaForm(forms.Form):
    """Its data are `values` and `counting` of `actions.set_criteria`."""

    language_in_common = forms.BooleanField(
        label=_("They speak a language in common"),
        required=False,
        help_text=_("Whoever has not said which languages they speak is then matched with nobody."),
    )
    hours_shared = _hours(
        _("Hours in common in a week, at least"),
        _(
            "Of the hours in which both say they can usually be met, each by their own clock. Empty: none need be "
            "shared. Whoever has not said when they can be met is otherwise matched with nobody."
        ),
        HOURS_OF_A_WEEK,
    )
    zone_gap = _hours(
        _("Hours between their clocks, at most"),
        _("Twelve is as far apart as clocks can be. Empty: any distance."),
        FARTHEST,
    )
    outside_reporting_line = forms.BooleanField(
        label=_("Neither reports to the other"),
        required=False,
        help_text=_(
            "Directly or through others, by the address of the line manager that people give. Nobody is ever shown "
            "who reports to whom, you neither."
        ),
    )
    other_department = forms.BooleanField(
        label=_("They work in different departments"),
        required=False,
        help_text=_("Whoever has said no department can be with anybody."),
    )
    not_again = forms.BooleanField(
        label=_("They were no pair before"),
        required=False,
        help_text=_("In this program or in another one."),
    )

    skills = _weight(_("Skills"), _("The more of what a mentee seeks the mentor offers, the better."))
    languages = _weight(_("Languages"), _("Better with a language in common."))
    hours = _weight(_("Hours"), _("The more hours of a week both keep free, the better, up to those below."))
    hours_wanted = _hours(
        _("Hours in common that are enough"),
        _("More than these make a pair no better."),
        HOURS_OF_A_WEEK,
        least="0.5",
        required=_("Say how many hours are enough."),
    )
    interests = _weight(_("Interests"), _("The more of a mentee’s interests the mentor shares, the better."))
    interests_from = _told_by(
        _("Which question tells interests?"),
        _("One with answers to choose from, of which people are told that their pairing reads the answer."),
        _("None"),
    )
    seniority = _weight(_("Seniority"), _("The nearer the mentor is to so many steps ahead, the better."))
    seniority_from = _told_by(
        _("Which question tells seniority?"),
        _(
            "One of which one answer is chosen, and of which people are told that their pairing reads it. Its answers "
            "are the steps, so they stand in order, from junior to senior."
        ),
        _("None"),
    )
    seniority_gap = forms.IntegerField(
        label=_("Steps that the mentor is ahead at best"),
        help_text=_("0 for people at the same step. Below 0, the mentee is ahead."),
        error_messages={"required": _("Say how many steps, or 0.")},
        min_value=-MOST_STEPS,
        max_value=MOST_STEPS,
        widget=forms.NumberInput(attrs={"class": "figure"}),
    )
    department = _weight(_("Department"), _("Whether it is better for them to work in the same department."))
    department_wanted = forms.ChoiceField(
        label=_("At best they work in"),
        choices=[
            (Likeness.DIFFERENT, _("Different departments")),
            (Likeness.SAME, _("The same department")),
        ],
        widget=Chips,
    )

    MUSTS = (
        "language_in_common", "hours_shared", "zone_gap", "outside_reporting_line", "other_department", "not_again",
    )  # fmt: skip
    # The weight first, then what it looks for.
    PARTS = (
        ("skills",),
        ("languages",),
        ("hours", "hours_wanted"),
        ("interests", "interests_from"),
        ("seniority", "seniority_from", "seniority_gap"),
        ("department", "department_wanted"),
    )

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        row = MatchingCriteria.objects.of(program)
        self.questions = list(that_can_count(program))
        counting = MatchingQuestion.objects.in_bulk([question.pk for question in self.questions])
        kwargs["initial"] = _initial(row) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        for question in self.questions:
            self._add(question, counting.get(question.pk) or MatchingQuestion(question=question))
        for name in TOLD_BY:
            field: Any = self.fields[name]
            field.queryset = that_tell(program, name)
            # Where no question can tell it, there is nothing to weigh.
            if not field.queryset.exists():
                part = next(part for part in self.PARTS if name in part)
                for each in part:
                    del self.fields[each]

    def _add(self, question: EnrollmentQuestion, how: MatchingQuestion) -> None:
        nothing: list[tuple[str, str | Promise]] = [("", _("Does not matter"))]
        self.fields[f"must_{question.pk}"] = forms.ChoiceField(
            label=_("The answers of the two must be"),
            choices=[*nothing, *Likeness.choices],
            widget=Chips,
            required=False,
            initial=how.must,
        )
        self.fields[f"weight_{question.pk}"] = forms.ChoiceField(
            label=_("Weight"), choices=Weight.choices, widget=Chips, initial=how.weight
        )
        self.fields[f"wanted_{question.pk}"] = forms.ChoiceField(
            label=_("At best they are"), choices=Likeness.choices, widget=Chips, initial=how.wanted
        )

    # --- For the page

    @property
    def musts(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MUSTS]

    @property
    def parts(self) -> list[list[forms.BoundField]]:
        """One for each thing that is weighed; one that no question tells is left out."""
        return [[self[name] for name in part] for part in self.PARTS if part[0] in self.fields]

    @property
    def not_told(self) -> list[str]:
        """What is not weighed because no question tells it, and what it would take."""
        said = {
            "interests": gettext(
                "Interests: no question of this program tells them. It takes one with answers to choose from, of which "
                "people are told that their pairing reads the answer, because reasons name it."
            ),
            "seniority": gettext(
                "Seniority: no question of this program tells it. It takes one of which one answer is chosen, the "
                "answers in order from junior to senior, and of which people are told that their pairing reads the "
                "answer, because reasons name the steps between the two."
            ),
        }
        return [text for name, text in said.items() if name not in self.fields]

    @property
    def answers(self) -> Iterator[tuple[EnrollmentQuestion, list[forms.BoundField]]]:
        for question in self.questions:
            yield question, [self[f"{name}_{question.pk}"] for name in ("must", "weight", "wanted")]

    # --- What was said

    def clean_hours_shared(self) -> int:
        return _half_hours(self.cleaned_data["hours_shared"] or Decimal(0))

    def clean_hours_wanted(self) -> int:
        return _half_hours(self.cleaned_data["hours_wanted"])

    def clean_zone_gap(self) -> int | None:
        said: Decimal | None = self.cleaned_data["zone_gap"]
        return None if said is None else 30 * _half_hours(said)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for weight, told_by in (("interests", "interests_from"), ("seniority", "seniority_from")):
            if data.get(weight, Weight.OFF) != Weight.OFF and told_by in data and data[told_by] is None:
                self.add_error(told_by, str(NEEDS_A_QUESTION))
        return data

    @property
    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        said = {
            "half_hours_shared": data.pop("hours_shared"),
            "half_hours_wanted": data.pop("hours_wanted"),
        }
        columns = {field.name for field in MatchingCriteria._meta.concrete_fields}
        return said | {name: value for name, value in data.items() if name in columns}

    @property
    def counting(self) -> dict[int, Counts]:
        data = self.cleaned_data
        return {
            question.pk: Counts(
                must=data[f"must_{question.pk}"],
                weight=data[f"weight_{question.pk}"],
                wanted=data[f"wanted_{question.pk}"],
            )
            for question in self.questions
        }


def _initial(row: MatchingCriteria) -> dict[str, Any]:
    names = (*CriteriaForm.MUSTS, *(name for part in CriteriaForm.PARTS for name in part))
    asked = {name: getattr(row, name) for name in names if hasattr(row, name)}
    return asked | {
        "hours_shared": _as_hours(row.half_hours_shared) if row.half_hours_shared else None,
        "hours_wanted": _as_hours(row.half_hours_wanted),
        "zone_gap": None if row.zone_gap is None else _as_hours(row.zone_gap // 30),
        "interests_from": row.interests_from_id,
        "seniority_from": row.seniority_from_id,
    }


def _as_hours(half_hours: int) -> Decimal | int:
    whole, half = divmod(half_hours, 2)
    return Decimal(half_hours) / 2 if half else whole


def _half_hours(hours: Decimal) -> int:
    if hours * 2 % 1:
        raise forms.ValidationError(str(HALVES))
    return int(hours * 2)
