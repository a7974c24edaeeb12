"""The form of one's own profile: columns of one row, and a few short lists beside it."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from accounts import photos
from accounts.models import Link, Profile, User, UsualHours
from accounts.models.profile import LONGEST_VALUE, MOST_LINKS, MOST_VALUES

from .sign_in import WHICH_NAME
from .week import Row, WeekFields
from .widgets import Rows

# A beginning for those who have none in mind; the field takes any other word as well.
VALUES = (
    _("Honesty"), _("Patience"), _("Curiosity"), _("Kindness"), _("Courage"), _("Fairness"), _("Craft"),
    _("Family"), _("Freedom"), _("Humor"), _("Learning"), _("Loyalty"), _("Calm"), _("Generosity"),
    _("Nature"), _("Responsibility"), _("Trust"), _("Play"),
)  # fmt: skip
PRONOUNS = (_("she/her"), _("he/him"), _("they/them"))

HTTPS = _("Write a web address that begins with https://")
is_https = URLValidator(schemes=["https"], message=HTTPS)


class ProfileForm(WeekFields, forms.ModelForm):  # type: ignore[type-arg]
    """When it is valid, `instance` is as typed and `person` has the names; `usual_hours` and `links` are rows not saved
    yet, `photo` is the picture that was chosen now, or in the preview before."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=User._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": WHICH_NAME},
    )
    preferred_name = forms.CharField(
        label=_("What people call you"),
        max_length=User._meta.get_field("preferred_name").max_length,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        help_text=_("If it is not your first name."),
    )
    chosen_photo = forms.FileField(
        label=_("A photo of you"),
        required=False,
        widget=forms.FileInput(attrs={"accept": photos.ACCEPTED}),
        help_text=_(
            "JPEG, PNG or WebP, at most 2 MB. We cut it square, make it small, and drop where and when it was taken."
        ),
        error_messages={"empty": _("This file is empty. Choose another one.")},
    )

    class Meta:
        model = Profile
        fields = ["pronouns", "pronouns_for", "headline", "about", "help_with"]
        labels = {
            "pronouns": _("Pronouns"),
            "pronouns_for": _("Who sees your pronouns"),
            "headline": _("In one line"),
            "about": _("About you"),
            "help_with": _("What you can help with"),
        }
        help_texts = {
            "pronouns": _("In your own words, like she/her."),
            "headline": _("What you do, or what you are good for."),
            "about": _("Where you come from, what you care about, what you are like on a good day."),
            "help_with": _("What somebody may ask you, from a first tax return to a hard talk."),
        }
        widgets = {
            "pronouns": forms.TextInput(attrs={"list": "some-pronouns", "autocomplete": "off"}),
            "pronouns_for": Rows,
            "about": forms.Textarea(attrs={"rows": 6}),
            "help_with": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(
        self,
        *args: Any,
        person: User,
        usual_hours: Iterable[UsualHours],
        links: Iterable[Link],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.usual_hours = list(usual_hours)
        self.links = list(links)
        self.photo: bytes | None = None
        self.initial.update(name=person.name, preferred_name=person.preferred_name)
        pronouns: Any = self.fields["pronouns_for"]
        pronouns.choices = Profile.PronounsFor.choices
        self.add_languages(self.instance.languages)
        self.add_hours(self.usual_hours)
        self._add_links()
        self._add_values()

    # --- The lists, as fields of their own ---------------------------------------------------------------------------

    def _add_values(self) -> None:
        for number in range(1, MOST_VALUES + 1):
            self.fields[f"value_{number}"] = forms.CharField(
                label=_("Value %(number)s") % {"number": number},
                required=False,
                max_length=LONGEST_VALUE,
                widget=forms.TextInput(attrs={"list": "some-values", "autocomplete": "off"}),
            )
        self.begin_with("value_{}", self.instance.core_values)

    def _add_links(self) -> None:
        for number in range(1, MOST_LINKS + 1):
            self.fields[f"link_{number}"] = forms.CharField(
                label=_("Address %(number)s") % {"number": number},
                required=False,
                max_length=Link._meta.get_field("url").max_length,
                widget=forms.TextInput(
                    attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}
                ),
            )
            self.fields[f"label_{number}"] = forms.CharField(
                label=_("What you call it"),
                required=False,
                max_length=Link._meta.get_field("label").max_length,
            )
        self.begin_with("link_{}", [link.url for link in self.links])
        self.begin_with("label_{}", [link.label for link in self.links])

    def value_fields(self) -> list[BoundField]:
        return [self[f"value_{number}"] for number in range(1, MOST_VALUES + 1)]

    def link_rows(self) -> list[Row]:
        return [
            Row(number, self[f"link_{number}"], self[f"label_{number}"])
            for number in range(1, MOST_LINKS + 1)
        ]

    # --- What was typed ----------------------------------------------------------------------------------------------

    def clean_chosen_photo(self) -> None:
        chosen, kept = self.cleaned_data["chosen_photo"], self.data.get("kept_photo", "")
        try:
            if chosen:
                self.photo = photos.from_file(chosen)
            elif kept:
                self.photo = photos.unsealed(kept, self.person.pk)
        except photos.NotAPhoto as no:
            raise ValidationError(str(no)) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.usual_hours = list(self.checked_hours(data))
        self.links = list(self._clean_links(data))
        self.instance.languages = self.chosen_languages(data)
        self.instance.core_values = list(self._clean_values(data))
        self.person.name = data.get("name", "")
        self.person.preferred_name = data.get("preferred_name", "")
        return data

    def _clean_links(self, data: dict[str, Any]) -> Iterator[Link]:
        for number in range(1, MOST_LINKS + 1):
            name = f"link_{number}"
            url, label = data.get(name) or "", data.get(f"label_{number}") or ""
            if name in self.errors or not (url or label):
                continue
            try:
                url = _https(url)
            except ValidationError as no:
                self.add_error(name, no)
            else:
                yield Link(position=number, url=url, label=label)

    def _clean_values(self, data: dict[str, Any]) -> Iterator[str]:
        taken: set[str] = set()
        for number in range(1, MOST_VALUES + 1):
            value = " ".join((data.get(f"value_{number}") or "").split())
            if value.casefold() in taken:
                self.add_error(f"value_{number}", _("You have this one already."))
            elif value:
                taken.add(value.casefold())
                yield value


def _https(url: str) -> str:
    """The address, with its scheme where that was left out. Raises ValidationError."""
    url = url if "://" in url or not url else f"https://{url}"
    is_https(url)
    parts = urlsplit(url)
    # What stands before an @ looks like the host to whoever reads the link, and is not.
    if parts.username is not None or len(url) > (Link._meta.get_field("url").max_length or 0):
        raise ValidationError(HTTPS)
    return parts._replace(scheme="https").geturl()
