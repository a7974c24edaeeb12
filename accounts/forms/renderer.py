"""Forms drawn with the components of the design."""

from pathlib import Path

import django.forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates
from django.template.backends.django import DjangoTemplates as Engine
from django.utils.functional import cached_property


class BestFormRenderer(DjangoTemplates):
    """`{{ form }}` and `{{ form.name.as_field_group }}` in our markup; widgets stay Django's own."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    @cached_property
    def engine(self) -> Engine:
        return self.backend(
            {
                "NAME": "forms",
                "DIRS": [settings.BASE_DIR / "templates", Path(django.forms.__file__).parent / "templates"],
                "APP_DIRS": True,
                "OPTIONS": {},
            }
        )
