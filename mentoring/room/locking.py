"""The row of a pairing, held while something of its room changes."""

from mentoring import open_requests
from mentoring.models import Pairing


def locked(pairing: Pairing) -> Pairing:
    """Its row as it is now, ours until the end of the transaction, and with it that nobody of the two is erased."""
    open_requests.keep_people([pairing.mentor_id, pairing.mentee_id])
    return Pairing.objects.select_for_update(no_key=True, of=("self",)).with_people().get(pk=pairing.pk)
