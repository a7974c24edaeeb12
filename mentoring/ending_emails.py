"""The e-mails about a pairing that rests, goes on, and ends. They name people and days; why, and what somebody wrote,
is in none of them."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Least
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links
from accounts.mail.kinds import Kind, Letter, Unrenderable, register
from accounts.mail.models import Message

from .emails import NOT_RUNNING, PAIRINGS, written
from .models import Extension, Farewell, Pairing, Program, Step
from .room.left import pages_left

OVER = "pairing_over"
NOT_BEGUN = "pairing_not_begun"
ENDS_SOON = "pairing_ends_soon"
PAUSED = "pairing_paused"
RESUMED = "pairing_resumed"
LONGER_ASKED = "pairing_longer_asked"
LONGER_ANSWERED = "pairing_longer_answered"
FAREWELL_SAID = "farewell_said"
# What each is about (`Message.subject_id`), for whoever owes them again (actions/programs.py).
OF_PAIRINGS = (OVER, NOT_BEGUN)
OF_STEPS = (PAUSED, RESUMED)
OF_EXTENSIONS = (LONGER_ASKED, LONGER_ANSWERED)
OF_FAREWELLS = (ENDS_SOON, FAREWELL_SAID)
KINDS = (*OF_PAIRINGS, *OF_STEPS, *OF_EXTENSIONS, *OF_FAREWELLS)
# That a program closes is the end of its pairs, and what one of the two then says to the other comes from a person: a
# closed program lets both go out.
WRITES_OF_ENDS = (Program.Status.ACTIVE, Program.Status.CLOSED)
ACTIVE_ONLY = (Program.Status.ACTIVE,)


def register_kinds() -> None:
    pairing, step = _about(Pairing), _about(Step)
    longer, farewell = _about(Extension), _about(Farewell)
    later = Step.objects.filter(
        pairing=OuterRef("pairing"), kind=Step.Kind.PAUSE, created_at__gt=OuterRef("created_at")
    )
    last_pause = step.filter(~Exists(later), kind=Step.Kind.PAUSE)
    planned = Farewell.objects.alias(
        end=Least(F("pairing__runs_until"), F("pairing__program__ends_on")),
    )
    asked = planned.filter(
        pk=OuterRef("subject_id"),
        person=OuterRef("person_id"),
        answered_at__isnull=True,
        pairing__status__in=Pairing.UNDER_WAY,
        end__lte=OuterRef("expires_at"),
    )
    state = Extension.State
    for name, label, letter, rows, wanted, to_program, statuses in (
        (OVER, gettext_lazy("Your pairing is over"), pairing_over,
         pairing, pairing.filter(status__in=Pairing.OVER), "program", WRITES_OF_ENDS),
        (NOT_BEGUN, gettext_lazy("A pairing does not come about"), pairing_not_begun,
         pairing, pairing.filter(status=Pairing.Status.EXPIRED), "program", WRITES_OF_ENDS),
        (ENDS_SOON, gettext_lazy("Your pairing ends soon"), pairing_ends_soon,
         farewell, asked, "pairing__program", ACTIVE_ONLY),
        (PAUSED, gettext_lazy("Your pairing is paused"), pairing_paused,
         step, last_pause.filter(pairing__status=Pairing.Status.PAUSED), "pairing__program", ACTIVE_ONLY),
        (RESUMED, gettext_lazy("Your pairing goes on"), pairing_resumed,
         step, last_pause.filter(pairing__status=Pairing.Status.ACTIVE), "pairing__program", ACTIVE_ONLY),
        (LONGER_ASKED, gettext_lazy("Would you like to go on for longer?"), longer_asked,
         longer, longer.filter(state=state.PROPOSED), "pairing__program", ACTIVE_ONLY),
        (LONGER_ANSWERED, gettext_lazy("Whether you go on for longer"), longer_answered,
         longer,
         longer.filter(state__in=[state.AGREED, state.DECLINED], pairing__status__in=Pairing.UNDER_WAY),
         "pairing__program", ACTIVE_ONLY),
        (FAREWELL_SAID, gettext_lazy("Words at the end of a pairing"), farewell_said,
         farewell, farewell.filter(sent_at__isnull=False, hear__is_empty=False),
         "pairing__program", WRITES_OF_ENDS),
    ):  # fmt: skip
        runs = rows.filter(**{f"{to_program}__status__in": statuses})
        conditions = (("it is otherwise by now", Q(Exists(wanted))), (NOT_RUNNING, Q(Exists(runs))))
        register(Kind(name, PAIRINGS, label, letter, conditions=conditions))


def _about(model: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.filter(pk=OuterRef("subject_id"))
    return rows


def pairing_over(message: Message) -> Letter:
    pairing = _pairing(message, message.subject_id)
    other, program = pairing.partner_of(message.person), pairing.program
    lines = [
        _("Your pairing with %(other)s in %(program)s came to its end on %(day)s.")
        % {"other": other.first_name, "program": program.name, "day": _day(pairing.ended_on)},
        _(
            "What the two of you shared stays readable to both. Meetings that were still to come are canceled."
        ),
    ]
    if other.erased_at is None:
        lines.append(
            _("If you like, write down what you will keep of it, and what %(other)s should hear from you.")
            % {"other": other.first_name}
        )
    else:
        lines.append(_("If you like, write down what you will keep of it."))
    return _letter(
        message,
        pairing,
        _("%(name)s, your pairing with %(other)s is over"),
        lines,
        label=_("What you will keep"),
        url=links.absolute("pairings:farewell", pairing.pk),
    )


def pairing_not_begun(message: Message) -> Letter:
    pairing = _pairing(message, message.subject_id)
    names = {"other": pairing.partner_of(message.person).first_name, "program": pairing.program.name}
    lines = [
        _(
            "Your pairing with %(other)s in %(program)s ends before it has begun. No reason is asked, or given."
        )
        % names,
        _("You need not do anything. Those who run %(program)s see it, and may propose somebody else.")
        % names,
    ]
    subject, label, url = _("%(name)s, the pairing with %(other)s does not come about"), "", ""
    if pages_left(pairing, message.person):
        lines.append(_("What the two of you have written already stays readable to both."))
        label, url = _("What you wrote"), links.absolute("pairings:detail", pairing.pk)
    return _letter(message, pairing, subject, lines, label=label, url=url)


def pairing_ends_soon(message: Message) -> Letter:
    farewell = _found(Farewell, message)
    if farewell.person_id != message.person_id:
        raise Unrenderable("the farewell is somebody else’s")
    pairing = farewell.pairing
    ends_on = _ends_on(pairing)
    other = {"other": pairing.partner_of(message.person).first_name}
    lines = [
        _("There is time to meet once more, and to say what you have not said yet."),
        _("Two questions to take along: what will you keep of it, and what should %(other)s hear from you?")
        % other,
    ]
    program_end = pairing.program.ends_on
    if program_end is None or ends_on < program_end:
        lines.append(
            _(
                "If both of you would like to go on for longer, one proposes a later day and the other says yes."
            )
        )
    return _letter(
        message,
        pairing,
        _("%(name)s, your pairing with %(other)s ends on %(day)s"),
        lines,
        label=_("What you will keep"),
        url=links.absolute("pairings:farewell", pairing.pk),
        day=_day(ends_on),
    )


def pairing_paused(message: Message) -> Letter:
    pairing = _found(Step, message).pairing
    if pairing.paused_until is None:
        raise Unrenderable("the pause has no last day any more")
    lines = [
        _("It goes on by itself on %(day)s. You need not do anything until then.")
        % {"day": _day(pairing.paused_until)},
        _("Meetings before that day are canceled. No reason is asked, or given."),
    ]
    return _letter(
        message,
        pairing,
        _("%(name)s, your pairing with %(other)s rests for a while"),
        lines,
        label=_("To the page of the two of you"),
        url=links.absolute("pairings:detail", pairing.pk),
    )


def pairing_resumed(message: Message) -> Letter:
    pairing = _found(Step, message).pairing
    return _letter(
        message,
        pairing,
        _("%(name)s, your pairing with %(other)s goes on"),
        [_("Its pause is over. This would be a good moment to plan your next meeting.")],
        label=_("To the page of the two of you"),
        url=links.absolute("pairings:detail", pairing.pk),
    )


def longer_asked(message: Message) -> Letter:
    found = _found(Extension, message)
    pairing, ends_on = found.pairing, _ends_on(found.pairing, or_none=True)
    lines = [
        _("%(other)s proposes that your pairing runs until %(day)s.")
        % {"other": pairing.partner_of(message.person).first_name, "day": _day(found.until)},
        _("As it is planned now, it ends on %(day)s.") % {"day": _day(ends_on)}
        if ends_on
        else _("Until now it has no last day."),
        _("It takes a yes of both. Either answer is a good one."),
    ]
    return _letter(
        message,
        pairing,
        _("%(name)s, how long would you like to go on with %(other)s?"),
        lines,
        label=_("Answer"),
        url=links.absolute("pairings:extend", pairing.pk),
    )


def longer_answered(message: Message) -> Letter:
    found = _found(Extension, message)
    pairing, ends_on = found.pairing, _ends_on(found.pairing, or_none=True)
    names = {"other": pairing.partner_of(message.person).first_name, "day": _day(found.until)}
    if found.state == Extension.State.AGREED:
        subject = _("%(name)s, you and %(other)s go on")
        lines = [_("%(other)s said yes: your pairing runs until %(day)s.") % names]
    else:
        subject = _("%(name)s, your pairing with %(other)s stays as it was planned")
        lines = [_("%(other)s would rather not change its last day.") % names]
        if ends_on:
            lines.append(_("It ends on %(day)s.") % {"day": _day(ends_on)})
    return _letter(
        message,
        pairing,
        subject,
        lines,
        label=_("To the page of the two of you"),
        url=links.absolute("pairings:detail", pairing.pk),
    )


def farewell_said(message: Message) -> Letter:
    pairing = _found(Farewell, message).pairing
    names = {"other": pairing.partner_of(message.person).first_name, "program": pairing.program.name}
    return _letter(
        message,
        pairing,
        _("%(name)s, %(other)s left you a few words"),
        [
            _("They are about your time together in %(program)s. Nobody but the two of you can read them.")
            % names
        ],
        label=_("Read them"),
        url=links.absolute("pairings:farewell", pairing.pk),
    )


def _found(model: Any, message: Message) -> Any:
    rows = model.objects.select_related("pairing__program", "pairing__mentor", "pairing__mentee")
    found = rows.filter(pk=message.subject_id).first()
    if found is None or message.person_id not in (found.pairing.mentor_id, found.pairing.mentee_id):
        raise Unrenderable("what it is about is gone")
    return found


def _pairing(message: Message, pk: int) -> Pairing:
    pairing = Pairing.objects.with_people().filter(pk=pk).first()
    if pairing is None or message.person_id not in (pairing.mentor_id, pairing.mentee_id):
        raise Unrenderable("the pairing is gone")
    return pairing


def _ends_on(pairing: Pairing, *, or_none: bool = False) -> Any:
    days = [day for day in (pairing.runs_until, pairing.program.ends_on) if day is not None]
    if not days and not or_none:
        raise Unrenderable("the pairing has no last day any more")
    return min(days, default=None)


def _day(day: date | None) -> str:
    return formats.date_format(day, "DATE_FORMAT") if day else ""


def _letter(
    message: Message,
    pairing: Pairing,
    subject: str,
    lines: list[str],
    *,
    label: str = "",
    url: str = "",
    day: str = "",
) -> Letter:
    other = pairing.partner_of(message.person)
    return written(
        message,
        "pairing_ending",
        subject % {"name": message.person.first_name, "other": other.first_name, "day": day},
        {"lines": lines, "label": label, "url": url, "pairing": pairing, "partner": other},
        program=pairing.program,
        thread=f"pairing/{pairing.pk}/{message.person_id}",
        list_="pairings",
    )
