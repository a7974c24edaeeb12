"""A keepsake book that lies ready for somebody of the demo program."""

from base64 import b64encode
from collections.abc import Mapping

from django.utils import timezone, translation

from accounts.models import User
from accounts.vault import data_keys
from reflections.keepsake import making, writing
from reflections.keepsake.book import gather
from reflections.models import Keepsake, KeepsakePart

from .calendar import DAY, Times
from .people import MENTEE_EMAIL

# What takes next to no time to make; for a PDF whoever tries the demo can ask.
FORMS = (Keepsake.Form.MARKDOWN, Keepsake.Form.JSON)
PARTS = [part for part in Keepsake.Part.values if part != Keepsake.Part.LOCKED]


def make(users: Mapping[str, User], times: Times) -> int:
    """How many there are."""
    person = users[MENTEE_EMAIL]
    made_at = times.at(times.today - DAY, 18, 40)
    with translation.override(person.language), timezone.override(person.zone), data_keys.in_hand(person.pk):
        book = gather(person, PARTS, [], now=made_at)
        keepsake = Keepsake.objects.create(
            person=person,
            parts=PARTS,
            forms=list(FORMS),
            state=Keepsake.State.READY,
            stage=Keepsake.Stage.KEEPING,
            requested_at=made_at,
            ready_at=made_at,
            expires_at=made_at + making.LIVES,
        )
        for form in FORMS:
            content = b64encode(writing.FORMS[form](book)).decode()
            KeepsakePart.objects.create(keepsake=keepsake, form=form, number=0, content=content)
    return 1
