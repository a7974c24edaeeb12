"""The order in which a mentee's next choices are asked."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import places
from mentoring.models import PairingRequest

from .refused import Refused


@transaction.atomic
def ask_sooner(request: PairingRequest, *, by: User) -> bool:
    """This next choice changes places with the one before it; False for the first one. Raises Refused for anybody but
    whoever asked, and once it is no next choice any more."""
    if by.pk != request.mentee_id:
        raise Refused(_("Only whoever asked does this."))
    # Behind the lock under which new ones take their place in line.
    program = places.locked(request.program)
    line = list(PairingRequest.objects.waiting().filter(program=program, mentee=by))
    order = [each.pk for each in line]
    if request.pk not in order:
        raise Refused(_("This request does not wait in line any more."))
    at = order.index(request.pk)
    if at == 0:
        return False
    order[at - 1], order[at] = order[at], order[at - 1]
    for position, pk in enumerate(order, 1):
        PairingRequest.objects.filter(pk=pk, state=PairingRequest.State.WAITING).update(position=position)
    return True
