"""What the tests of the whole admin stand on: people of every kind, two programs with things of every kind, and what
there is to be tried, taken from the registry of the admin itself (test_admin_matrix.py, test_admin_on_record.py)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib import admin as django_admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, reverse
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from accounts import audit
from accounts.mail.models import Message, Suppression
from accounts.models import AuditEntry, User
from mentoring import actions
from mentoring.admin_site import BestAdminSite
from mentoring.models import Enrollment, Invitation, Pairing, PairingRequest, Program, ProgramAdmin, Skill
from mentoring.rules.programs import MOVES
from reflections.models import QuarterFigure, Round

from . import conftest as cast_of
from .conftest import NOW, PASSWORD, enroll, make_person, pair, signed_in
from .footprint import Ids, belonging_to, print_of
from .world import things_of_strangers, things_of_the_pair

# --- What the registry cannot say by itself ------------------------------------------------------------------------

# What stands in an address besides the number of the row: a word of tests/world.py, with `hill_` before it for the
# other program, or a word that stands for itself.
PARAMETERS = {
    "program": "program",
    "mentee": "person",
    "step_pk": "step",
    "period_pk": "told",
    "program_pk": "program",
}
# Where the same word of an address means another thing.
OF_ONE_PAGE = {
    "mentoring_enrollment_note_back": {"note_pk": "place_note"},
    "mentoring_pairing_note_back": {"note_pk": "pair_note"},
    "saved_view": {"pk": "saved_view"},
    "saved_view_delete": {"pk": "saved_view"},
    "saved_view_rename": {"pk": "saved_view"},
}
WORDS = {
    "kind": "people",
    "format": "csv",
    "role": "both",
    "code": "no-such",
    "language": "de",
    "side": "mentor",
}
# Rows that lead to no program by themselves.
ROWS: Mapping[type[Model], str] = {User: "person", Message: "message"}
# Pages that are not there even for those who may open them, as the things in this world stand.
NOT_THERE = {
    "reflections_questionnaire_preview_question": "no question of that code",
    "reflections_questionnaire_begin": "needs a program",
    "reflections_nudgewords_html": "shown for a role that the address names",
    "mentoring_announcement_preview_html": "shown for a person that the address names",
}
# Actions that do nothing here when nothing but a yes is sent, to any row of this world.
DOES_NOTHING = {
    ("mentoring.skill", "merge"): "asks which one stays",
    ("mentoring.fitcheck", "end_for_another"): "asks for a mentor",
}


# Rows that a list shows only where somebody asks for them.
QUERIES = {("mentoring.program", "restore"): "?status=archived"}


def _set(model: type[Model], **values: object) -> Callable[[Program, list[int]], object]:
    return lambda program, rows: model._base_manager.filter(pk__in=rows).update(**values)


def _dead_addresses(program: Program, rows: list[int]) -> None:
    for person in User.objects.filter(pk__in=rows):
        Suppression.objects.put(person.pk, person.email, "bounced", now=NOW)


# What the rows of a program have to be like before an action can do anything to them, where this world has none such.
BEFORE: Mapping[tuple[str, str], Callable[[Program, list[int]], object]] = {
    **{("mentoring.program", name): _set(Program, status=move.before[0]) for name, move in MOVES.items()},
    ("mentoring.invitation", "remind"): lambda program, rows: Invitation.objects.filter(
        program=program, person__isnull=False
    ).update(mailed_at=NOW - timedelta(days=4)),
    ("mentoring.pairingrequest", "pass_on"): lambda program, rows: Program.objects.filter(
        pk=program.pk
    ).update(matched_by=Program.MatchedBy.BOTH),
    ("mentoring.skill", "put_on_list"): _set(Skill, state=Skill.State.PROPOSED),
    ("accounts.user", "write_again"): _dead_addresses,
    ("accounts.user", "enable"): _set(User, is_active=False),
    ("accounts.user", "take_superuser"): _set(User, is_superuser=True),
    ("mail.message", "again"): _set(Message, state=Message.State.FAILED),
    ("reflections.round", "release"): _set(Round, held_at=NOW),
}


@dataclass(frozen=True)
class World:
    people: Mapping[str, User | None]
    things: Mapping[str, Any]
    program: Program
    other: Program
    # All that belongs to the other program.
    foreign: Ids

    def browser(self, who: str) -> Client:
        return signed_in(self.people[who])


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once, in a transaction that is never committed; each test has a savepoint in it."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(NOW, tick=False), translation.override(settings.LANGUAGE_CODE):
            world = make_world()
        yield world
        transaction.set_rollback(True)


def make_world() -> World:
    program, other = cast_of.make_program(), cast_of.make_other_program()
    mentor, mentee = cast_of.make_mentor(program), cast_of.make_mentee(program)
    admin, other_admin = cast_of.make_admin(program), cast_of.make_other_admin(other)
    both, former = make_person("both@harbor.example", "Bo"), make_person("former@harbor.example", "Fo")
    for each in (program, other):
        ProgramAdmin.objects.create(program=each, person=both)
        ProgramAdmin.objects.create(program=each, person=former).delete()
    pairing = pair(program, mentor, mentee)
    things = things_of_the_pair(pairing, mentee, admin) | things_of_strangers_with_two_admins(other, both)
    for each, place in ((program, "own"), (other, "hill")):
        in_all_states(each, place)
        QuarterFigure.objects.create(
            program=each, quarter_start=date(2026, 1, 1), measure=QuarterFigure.Measure.MET, at_least=10
        )
    superuser = cast_of.make_superuser()
    theirs = User.objects.filter(enrollments__program=other).exclude(enrollments__program=program)
    return World(
        people={
            "nobody": None,
            "outsider": make_person("outsider@far.example", "Oda"),
            "participant": mentee,
            "admin": admin,
            "other admin": other_admin,
            "both": both,
            "former admin": former,
            "superuser": superuser,
            "admin without a second factor": admin,
            "superuser without a second factor": superuser,
        },
        things=things,
        program=program,
        other=other,
        foreign=belonging_to(other, [*theirs.distinct(), other_admin]),
    )


def things_of_strangers_with_two_admins(program: Program, second: User) -> dict[str, Any]:
    """tests/world.py knows programs with one who runs them."""
    ProgramAdmin.objects.filter(program=program, person=second).delete()
    things = things_of_strangers(program)
    ProgramAdmin.objects.create(program=program, person=second)
    return things


def in_all_states(program: Program, at: str) -> None:
    """Places, pairings and requests to which the actions can do something."""
    people = [make_person(f"{at}{number}@x.example", f"{at} {number}") for number in range(12)]
    states = (
        Enrollment.Status.APPLIED,
        Enrollment.Status.WAITLISTED,
        Enrollment.Status.PAUSED,
        Enrollment.Status.ACTIVE,
    )
    for person, status in zip(people, states, strict=False):
        enroll(program, person, Enrollment.Role.MENTEE, status=status)
    for number, status in ((4, Pairing.Status.PAUSED), (6, Pairing.Status.PROPOSED)):
        mentor, mentee = people[number : number + 2]
        enroll(program, mentor, Enrollment.Role.MENTOR)
        enroll(program, mentee, Enrollment.Role.MENTEE)
        pair(program, mentor, mentee, status=status)
    mentor, mentee = people[8:10]
    enroll(program, mentor, Enrollment.Role.MENTOR)
    enroll(program, mentee, Enrollment.Role.MENTEE)
    guest = actions.Guest(f"guest-{at}@x.example", "Guest")
    actions.invite_by_email(
        program, "mentee", [guest], by=program.admins.earliest("pk").person, now=NOW, lives=timedelta(days=9)
    )
    PairingRequest.objects.create(
        program=program,
        mentor=mentor,
        mentee=mentee,
        note="",
        state="checked",
        created_at=NOW,
        is_read_by_admins=True,
    )


# --- What there is -------------------------------------------------------------------------------------------------

AnyPage = Any  # A ModelAdmin of any model.
SITE: BestAdminSite = django_admin.site  # type: ignore[assignment]
PAGES: list[AnyPage] = list(SITE._registry.values())
per_list = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.opts.label_lower)


def rows_of(page: AnyPage, world: World, is_own: bool) -> list[int]:
    """Numbers of rows of that program, found without the gate that is tried."""
    model, program = page.model, world.program if is_own else world.other
    if model in ROWS:
        return [world.things[ROWS[model] if is_own else f"hill_{ROWS[model]}"]]
    rows = [row.pk for row in model._base_manager.all() if audit.program_of(row) == program.pk]
    assert rows, f"tests/world.py has no {model.__name__} of each program to try its pages with"
    return sorted(rows)


def addresses_of(page: AnyPage) -> list[URLPattern]:
    return [each for each in page.get_urls() if isinstance(each, URLPattern) and each.name]


def path_of(name: str, parameters: Iterable[str], world: World, is_own: bool, pk: int | None = None) -> str:
    """Raises AssertionError for one that needs something nobody has put down above."""
    filled: dict[str, Any] = {}
    known = PARAMETERS | OF_ONE_PAGE.get(name, {})
    for each in parameters:
        if each in ("pk", "object_id") and pk is not None:
            filled[each] = pk
        elif each in known:
            filled[each] = world.things[known[each] if is_own else f"hill_{known[each]}"]
        else:
            assert each in WORDS, f"say in PARAMETERS or WORDS what {each} is in the address {name}"
            filled[each] = WORDS[each]
    return reverse(f"admin:{name}", kwargs=filled)


def is_about_a_thing(parameters: Iterable[str]) -> bool:
    return any(each in (*PARAMETERS, "note_pk", "pk", "object_id") for each in parameters)


def actions_of(page: AnyPage, person: User) -> list[str]:
    request = RequestFactory().get("/")
    request.user = person
    return list(page.get_actions(request))


def act(
    client: Client, page: AnyPage, action: str, rows: Iterable[int], *, confirmed: bool, **besides: str
) -> HttpResponse:
    path = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
    path += QUERIES.get((page.opts.label_lower, action), "")
    said = {"action": action, ACTION_CHECKBOX_NAME: [str(pk) for pk in rows], **besides}
    return client.post(path, said | ({"confirmed": "yes"} if confirmed else {}))  # type: ignore[return-value]


def made_ready(page: AnyPage, action: str, world: World, rows: list[int]) -> dict[str, str]:
    """The print of the other program, once the action could do something to these rows of it."""
    BEFORE.get((page.opts.label_lower, action), lambda program, rows: None)(world.other, rows)
    return print_of(world.foreign)


def shown_again(client: Client) -> Client:
    """Has just shown that it is still them, which what is done to accounts asks for."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def by_two_steps(client: Client, person: User | None) -> Client:
    """Signed in by an app as well."""
    assert person is not None
    TOTP.activate(person, generate_totp_secret())
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    client.post(reverse("mfa_reauthenticate"), {"code": code, "next": "/admin/"})
    return client


def last_entry() -> int:
    row = AuditEntry.objects.first()
    return row.pk if row else 0


def all_of(entries: Iterable[AuditEntry]) -> str:
    return repr([list(vars(entry).values()) for entry in entries])
