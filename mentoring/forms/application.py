"""What somebody says of themselves when they ask for a place, and later as long as they have one."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.forms.week import WeekFields
from accounts.forms.widgets import Rows, Ticks
from accounts.models import Profile, User
from mentoring import places, rules, skills
from mentoring.actions import Application, Said
from mentoring.earlier import field_of, said_in, shown
from mentoring.models import Enrollment, EnrollmentAnswer, EnrollmentQuestion, EnrollmentSkill, Program, Skill
from mentoring.models.enrollment import MOST_MENTEES
from mentoring.models.question import LONGEST_LONG, LONGEST_SHORT

LONGEST_SKILL = Skill._meta.get_field("name").max_length or 0

Kind = EnrollmentQuestion.Kind
Readers = EnrollmentQuestion.Audience
# Who reads it, in the words and with the sign that pages have for it everywhere.
SAID_TO: dict[str, tuple[str, str | Promise]] = {
    Readers.ADMINS: ("me", _("Only those who run the program")),
    Readers.PAIRING: ("pairing", _("Shown to my pairing, and to those who run the program")),
    "directory": (
        "program",
        _("Shown to those who look for a mentor here, to my pairing, and to those who run the program"),
    ),
    "nobody": ("me", _("Never shown to anybody")),
}


def said_to(readers: str, hint: str | Promise = "") -> SafeString:
    """A hint that ends with who reads what is typed below it, so that it is read before one types, aloud too."""
    code, label = SAID_TO[readers]
    tag = render_to_string("components/audience.html", {"code": code, "label": label})
    return format_html("{}<br>{}", hint, tag) if hint else format_html("{}", tag)


class SkillsField(forms.CharField):
    """Names on lines, or with commas between them: a list."""

    widget = forms.Textarea(attrs={"rows": 2, "data-skills": "", "autocomplete": "off"})
    whole: frozenset[str] = frozenset()

    def prepare_value(self, value: Any) -> Any:
        # Each on a line that ends: so even one alone is told from a list with commas.
        return "".join(f"{name}\n" for name in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        names = skills.names_in(super().clean(value), self.whole)
        if len(names) > skills.MOST_A_SIDE:
            raise ValidationError(_("Choose %(number)d at most.") % {"number": skills.MOST_A_SIDE})
        for name in names:
            if len(name) > LONGEST_SKILL:
                raise ValidationError(
                    _("“%(begin)s…” is too long. Say it in a few words, and put commas between several.")
                    % {"begin": name[:30]}
                )
        return names


class ApplicationForm(WeekFields, forms.Form):
    """`place`: the one that is changed; None, somebody asks for one. `begin`: what stands in it at first, by field;
    `draft`: what was typed into each field, as `typed` gives it.

    Questions for one role only are in the form as long as the role can be chosen; what is typed into those of the
    other role is not looked at. When it is valid, `application()` is what was said.
    """

    use_required_attribute = False
    most_skills = skills.MOST_A_SIDE

    role = forms.ChoiceField(
        label=_("What would you like to be?"),
        widget=Rows,
        error_messages={"required": _("Choose what you would like to be.")},
    )
    offers = SkillsField(label=_("What you can help with"), required=False, max_length=2000)
    seeks = SkillsField(label=_("What you would like to learn"), required=False, max_length=2000)
    capacity = forms.IntegerField(
        label=_("How many mentees you have room for"),
        min_value=0,
        max_value=MOST_MENTEES,
        error_messages={
            "required": _("Say for how many you have room, such as 1."),
            "invalid": _("Write a number, such as 1."),
        },
    )
    department = forms.CharField(
        label=_("Your department or team"),
        required=False,
        max_length=Enrollment._meta.get_field("department").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    line_manager = forms.EmailField(
        label=_("E-mail of your line manager"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"invalid": _("Write an e-mail address, like noor@example.org.")},
    )
    agreed = forms.BooleanField(
        label=_("I agree to these ground rules."),
        error_messages={"required": _("Read the ground rules, and say that you agree to them.")},
    )
    dropped = forms.MultipleChoiceField(label=_("Delete these answers"), required=False, widget=Ticks)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        program: Program,
        person: User,
        place: Enrollment | None = None,
        begin: Mapping[str, Any] | None = None,
        draft: Mapping[str, list[str]] | None = None,
    ) -> None:
        super().__init__(data)
        self.program, self.person, self.place = program, person, place
        self.roles = places.roles_in(program)
        self._fix_role()
        questions = program.enrollment_questions.asked()
        self.questions = list(questions.for_role(self.fixed_role) if self.fixed_role else questions)
        self._add_hints()
        # As they stand in the profile, whatever is typed here.
        self.usual_hours = list(person.usual_hours.all())
        self.spoken = Profile.objects.of(person).languages
        self.add_hours(self.usual_hours)
        self.add_languages(self.spoken)
        for question in self.questions:
            self.fields[field_of(question)] = _field_for(question)
        self.answers = {} if place is None else {each.code: each for each in place.answers.all()}
        self._look_back(begin or {}, draft or {})
        self._leave_out_the_other_role()
        # As they stand on the page, so that the list of errors is in the order in which one comes by them.
        week = [name for name in self.fields if name.startswith(("from_", "until_", "language_"))]
        about = ["role", "offers", "seeks", "capacity", *week, "department", "line_manager"]
        self.order_fields([*about, *map(field_of, self.questions), "dropped", "agreed"])

    def typed(self) -> dict[str, list[str]]:
        """What stands in its fields, for a draft. A yes to the rules is said when it is sent, and not before."""
        names = [name for name in self.fields if name not in ("agreed", "dropped")]
        data: Any = self.data
        return {name: data.getlist(name) for name in names if name in data}

    # --- What is asked -----------------------------------------------------------------------------------------------

    def _fix_role(self) -> None:
        """The role that is not to be chosen here: there is one only, or it stands since they are in."""
        self.fixed_role = ""
        if self.place is not None and not rules.may_change_role(self.place):
            self.fixed_role = self.place.role
        elif len(self.roles) == 1:
            self.fixed_role = self.roles[0]
        if self.fixed_role:
            del self.fields["role"]
            if self.fixed_role == Enrollment.Role.MENTEE:
                del self.fields["capacity"]
            return
        role: Any = self.fields["role"]
        means = {
            Enrollment.Role.MENTOR: self.program.mentors_are
            or _("A mentor makes time for one person or a few, listens, and shares what they have learned."),
            Enrollment.Role.MENTEE: self.program.mentees_are
            or _("A mentee brings what they would like to learn, and a mentor makes time for it."),
            Enrollment.Role.BOTH: _(
                "You make time for somebody who would like to learn from you, and somebody makes time for you."
            ),
        }
        labels = dict(Enrollment.Role.choices) | {Enrollment.Role.BOTH: _("Both, a mentor and a mentee")}
        role.choices = [(value, labels[Enrollment.Role(value)]) for value in self.roles]
        role.widget.hints = {str(value): means[Enrollment.Role(value)] for value in self.roles}

    def _add_hints(self) -> None:
        for name, hint in (
            ("offers", _("Such as a first tax return, or a hard talk. A few words for each.")),
            ("seeks", _("What you would bring to a first conversation.")),
        ):
            self.fields[name].help_text = said_to(self._readers(name), hint)
        self.fields["department"].help_text = said_to(self._readers("department"))
        self.fields["line_manager"].help_text = said_to(
            "nobody", _("It keeps you from being paired with them, and is for nothing else.")
        )
        if not (self.program.ground_rules and self.asks_to_agree):
            del self.fields["agreed"]

    def _readers(self, name: str) -> str:
        """Who reads what is typed there: the directory of a program may show it of whoever is a mentor."""
        shown = {"offers", *self.program.directory_shows}
        may_be_listed = self.place is None or self.place.role != Enrollment.Role.MENTEE
        in_directory = self.program.takes_requests and may_be_listed and name in shown
        return "directory" if in_directory else Readers.PAIRING

    @property
    def asks_to_agree(self) -> bool:
        """Whoever has agreed to the rules as they read now need not do so again."""
        return self.place is None or self.place.agreed_to != self.program.ground_rules

    def _look_back(self, begin: Mapping[str, Any], draft: Mapping[str, list[str]]) -> None:
        if self.place is not None:
            self.initial.update(said_in(self.place, self.questions))
        self.initial.setdefault("capacity", 1)
        self.initial.update(begin)
        for name, values in draft.items():
            # As it was typed, whatever the field has become since.
            several = isinstance(self.fields.get(name), forms.MultipleChoiceField)
            self.initial[name] = values if several else "".join(values[:1])
        asked = {question.code for question in self.questions}
        self.retired = [each for each in self.answers.values() if each.code not in asked]
        dropped: Any = self.fields["dropped"]
        dropped.choices = [(str(each.pk), each.asked) for each in self.retired]
        dropped.widget.hints = {str(each.pk): each.text or ", ".join(each.chosen) for each in self.retired}
        if not self.retired:
            del self.fields["dropped"]

    def _leave_out_the_other_role(self) -> None:
        """What is not asked in the role that was chosen is not looked at; it stays, should the role change again."""
        role = self.fixed_role or (self.data.get("role", "") if self.is_bound else "")
        self.left_out: set[str] = set()
        if self.is_bound and role in Enrollment.Role.values:
            asked = {each.pk for each in self.questions if _is_asked_of(each, role)}
            self.left_out = {field_of(each) for each in self.questions if each.pk not in asked}
            if role == Enrollment.Role.MENTEE and "capacity" in self.fields:
                self.left_out.add("capacity")
        for name in self.left_out:
            self.fields[name].required = False

    @property
    def as_shown(self) -> str:
        """A print of what is asked and of the rules: sent back with the form, it tells whether they have changed."""
        asked = [
            [each.code, each.text, each.help_text, each.kind, each.options, each.audience, each.asked_of]
            for each in self.questions
        ]
        whole = json.dumps([asked, self.program.ground_rules if "agreed" in self.fields else ""])
        return hashlib.sha256(whole.encode()).hexdigest()[:20]

    # --- How it is shown ---------------------------------------------------------------------------------------------

    def asked(self) -> Iterator[dict[str, Any]]:
        """Each question: its field, of which role it is asked where one can still choose, and how it was asked when it
        was answered, where that reads otherwise now."""
        for question in self.questions:
            answer = self.answers.get(question.code)
            yield {
                "field": self[field_of(question)],
                "only": "" if self.fixed_role else question.asked_of,
                "before": answer if answer and _reads_otherwise(answer, question) else None,
            }

    @property
    def week_has_errors(self) -> bool:
        return any(name.startswith(("from_", "until_", "language_")) for name in self.errors)

    def new_skills(self) -> dict[str, list[str]]:
        """What is typed and not on the program's list, by side."""
        typed = {side: self[side].value() or "" for side in EnrollmentSkill.Side.values}
        names = {
            side: value if isinstance(value, list) else skills.names_in(str(value), self.whole)
            for side, value in typed.items()
        }
        both = [
            name
            for side in names.values()
            for name in side
            if len(name) <= LONGEST_SKILL and "\0" not in name
        ]
        new = set(skills.unknown(self.program, both)) if both else set()
        return {side: [name for name in listed if name in new] for side, listed in names.items()}

    @cached_property
    def whole(self) -> frozenset[str]:
        return frozenset(skills.with_commas(self.program))

    # --- What was typed ----------------------------------------------------------------------------------------------

    def full_clean(self) -> None:
        if self.is_bound:
            for side in EnrollmentSkill.Side.values:
                field: Any = self.fields[side]
                field.whole = self.whole
        super().full_clean()

    def clean_line_manager(self) -> str:
        address = User.objects.normalize_email(self.cleaned_data["line_manager"])
        if address and address == self.person.email:
            raise ValidationError(_("This is your own address. Leave it empty if you have no line manager."))
        return address

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in self.left_out:
            self.errors.pop(name, None)
            data.pop(name, None)
        if self.place is None and data.get("capacity") == 0:
            self.add_error("capacity", _("A mentor has room for one person at least."))
        self.hours = list(self.checked_hours(data))
        if self.data.get("as_shown") != self.as_shown:
            self.add_error(
                None,
                _(
                    "What is asked here has changed since you opened this page. Look it over, and send it once more."
                ),
            )
        return data

    def application(self) -> Application:
        data = self.cleaned_data
        return Application(
            role=self.fixed_role or data["role"],
            capacity=data.get("capacity", self.place.capacity if self.place else 1),
            offers=data["offers"],
            seeks=data["seeks"],
            hours=self.hours,
            languages=self.chosen_languages(data),
            department=data["department"],
            line_manager=data["line_manager"],
            answers=list(self._said()),
            agreed_to=self.program.ground_rules if "agreed" in self.fields else None,
            dropped=[int(number) for number in data.get("dropped", [])],
        )

    def _said(self) -> Iterator[Said]:
        """The answers; of a place that is changed, those that read otherwise now than when the page was made."""
        for question in self.questions:
            name = field_of(question)
            if name not in self.cleaned_data:
                continue
            value, answer = self.cleaned_data[name], self.answers.get(question.code)
            stood: Any = [] if question.kind == Kind.CHOICES else ""
            if answer is not None and answer.kind == question.kind:
                stood = shown(question, answer)
            if self.place is not None and value == stood:
                continue
            if question.kind in EnrollmentQuestion.CHOOSING:
                yield Said(question, chosen=[value] if isinstance(value, str) and value else list(value))
            else:
                yield Said(question, text=value)


def _field_for(question: EnrollmentQuestion) -> forms.Field:
    """A control for an answer, with the readers that it will have."""
    rest: dict[str, Any] = {
        "label": question.text,
        "required": question.is_required,
        "help_text": said_to(question.audience, question.help_text),
        # In the list above the form too, where the question does not stand beside it.
        "error_messages": {"required": _("“%(question)s” has no answer yet.") % {"question": question.text}},
    }
    options = [(option, option) for option in question.options]
    match question.kind:
        case Kind.CHOICES:
            return forms.MultipleChoiceField(choices=options, widget=Ticks, **rest)
        case Kind.CHOICE:
            open_ = [] if question.is_required else [("", _("I leave this open"))]
            return forms.ChoiceField(choices=[*options, *open_], widget=Rows, **rest)
        case Kind.LONG:
            box = forms.Textarea(attrs={"rows": 4})
            return forms.CharField(max_length=LONGEST_LONG, widget=box, **rest)
        case _:
            return forms.CharField(max_length=LONGEST_SHORT, **rest)


def _is_asked_of(question: EnrollmentQuestion, role: str) -> bool:
    """As `EnrollmentQuestionQuerySet.for_role` says it."""
    side = {Enrollment.Role.MENTOR: "mentors", Enrollment.Role.MENTEE: "mentees"}.get(Enrollment.Role(role))
    return side is None or question.asked_of in ("everyone", side)


def _reads_otherwise(answer: EnrollmentAnswer, question: EnrollmentQuestion) -> bool:
    return (answer.asked, answer.audience, answer.kind) != (question.text, question.audience, question.kind)
