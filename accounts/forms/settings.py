"""The settings page's form."""

from django import forms

from accounts.models import User


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = [
            "name",
            "preferred_name",
            "time_zone",
            "language",
            "coffee_weekday",
            "coffee_time",
            "wants_moments_in_mail",
        ]
