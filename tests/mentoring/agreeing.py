"""Words for agreements in tests, found nowhere else, and the short way to a version."""

from accounts.models import User
from mentoring import actions
from mentoring.models import Agreement, Pairing

from ..conftest import NOW

OFTEN = "every-third-thursday"
QUIET = "names-of-clients-above-all"
RARELY = "once-in-a-blue-moon"


def suggest(pairing: Pairing, by: User, *, cadence: str = OFTEN, **clauses: str) -> Agreement:
    """After whatever is the newest now."""
    newest = Agreement.objects.filter(pairing=pairing).newest_first().first()
    words = {"cadence": cadence, "confidentiality": QUIET} | clauses
    seen = newest.number if newest else 0
    return actions.propose_agreement(pairing, words, by=by, seen=seen, now=NOW)


def agreed(pairing: Pairing, *, by: User, cadence: str = OFTEN) -> Agreement:
    """Suggested by `by`, and agreed to by the other one."""
    version = suggest(pairing, by, cadence=cadence)
    actions.accept_agreement(version, by=pairing.partner_of(by), now=NOW)
    version.refresh_from_db()
    return version
