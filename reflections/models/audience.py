"""Who may read a thing. Private unless shared, item by item: the default is always `ME`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    ME = "me", _("Only me")
    PAIRING = "pairing", _("My pairing")
    PROGRAM = "program", _("The program")
