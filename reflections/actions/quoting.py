"""Whether something that hangs on a program's wall may be quoted in reports, without a name: by its writer alone."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault import reading
from mentoring.actions.refused import Refused
from reflections import who_reads
from reflections.models import Answer, Audience, Moment
from reflections.naming import named_in
from reflections.who_reads import Thing

NOT_THERE = _("Only what everyone in the program can read may be quoted.")
NAMES_SOMEBODY = _(
    "It names somebody, or was found to. What names people is not quoted, also where they have agreed."
)
NAMES_YOU = _("Your own name stands in it. Take it out of the words first.")


@transaction.atomic
def let_quote(thing: Thing, *, by: User) -> None:
    """Those who run the program read it from now on, and may quote these words in reports. It holds until the words, or
    who reads them, are others. Saying it twice is saying it once.

    Raises Refused for what is not theirs or not on a wall, and where the writer or anybody else is named in it.
    """
    held = _held(thing, by)
    if held.audience != Audience.PROGRAM or not who_reads.is_for_others(held):
        raise Refused(NOT_THERE)
    if held.namings.exists():
        raise Refused(NAMES_SOMEBODY)
    if named_in(_words(held), [by]):
        raise Refused(NAMES_YOU)
    _say(held, may=True)


@transaction.atomic
def let_quote_no_more(thing: Thing, *, by: User) -> None:
    """No report that is made from now on has it. Raises Refused for what is not theirs."""
    _say(_held(thing, by), may=False)


def _held(thing: Thing, by: User) -> Thing:
    """It as it stands, behind the lock that whoever changes its words or readers takes too."""
    mine: Thing | None
    if isinstance(thing, Moment):
        moments = Moment.objects.select_for_update(of=("self",), no_key=True)
        mine = moments.with_readers().filter(pk=thing.pk, person=by).first()
    else:
        answers = Answer.objects.select_for_update(of=("reflection",)).filter(reflection__person=by)
        mine = answers.select_related("reflection__round__program", "question").filter(pk=thing.pk).first()
    if mine is None:
        raise Refused(_("Only its writer says whether it may be quoted."))
    return mine


def _say(held: Thing, *, may: bool) -> None:
    rows = type(held)._default_manager.filter(pk=held.pk)
    rows.update(may_be_quoted=may)


def _words(thing: Thing) -> str:
    names = ("text", "after") if isinstance(thing, Answer) else ("text",)
    return "\n".join(reading.words(thing, name) for name in names)
