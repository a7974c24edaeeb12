"""Who of those who run a program said yes for whom, in the words of an e-mail."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.best import long_date

from .models import AcceptedFor, Pairing


def sentence(accepted: AcceptedFor, reader: User) -> str:
    """Who said yes for whom, to one of the two; with how it is taken back, to whoever may."""
    program = accepted.pairing.program.name
    who = accepted.by.first_name if accepted.by else _("Somebody")
    if reader.pk != accepted.person_id:
        said = _("%(by)s, who runs %(program)s, said yes for %(name)s.")
        return said % {"by": who, "program": program, "name": accepted.person.first_name}
    said = _(
        "%(by)s, who runs %(program)s, said yes for you, because you had told them so. If that is not so, take it back "
        "on the page of the two of you; you can do so until %(day)s."
    )
    return said % {
        "by": who,
        "program": program,
        "day": long_date(accepted.until.astimezone(reader.zone).date()),
    }


def standing_for(pairing: Pairing) -> list[AcceptedFor]:
    rows = AcceptedFor.objects.standing().filter(pairing=pairing)
    return list(rows.select_related("person", "by", "pairing__program").order_by("pk"))
