"""Who of those who run a program said yes for whom, in the words of an e-mail."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.best import long_date

from .models import AcceptedFor, Pairing


def sentence(accepted: AcceptedFor, reader: User, now: datetime) -> str:
    """Who said yes for whom, to one of the two; with how it is taken back, to whoever still may."""
    program = accepted.pairing.program.name
    who = accepted.by.first_name if accepted.by else _("Somebody")
    if reader.pk != accepted.person_id:
        said = _("%(by)s, who runs %(program)s, said yes for %(name)s.")
        return said % {"by": who, "program": program, "name": accepted.person.first_name}
    said = _("%(by)s, who runs %(program)s, said yes for you, because you had told them so.")
    told = said % {"by": who, "program": program}
    until = accepted.until
    if until is not None and until <= now:
        return told
    if until is None:
        way = _(
            "If that is not so, take it back on the page of the two of you; you can do so while the question is open, "
            "and for a week once you are a pair."
        )
    else:
        way = _(
            "If that is not so, take it back on the page of the two of you; you can do so until %(day)s."
        ) % {"day": long_date(until.astimezone(reader.zone).date())}
    return f"{told} {way}"


def standing_for(pairing: Pairing) -> list[AcceptedFor]:
    rows = AcceptedFor.objects.standing().filter(pairing=pairing)
    return list(rows.select_related("person", "by", "pairing__program").order_by("pk"))
