"""Every list that is registered takes the same queries for few rows and for many: opened, searched, filtered."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from django.contrib import admin as django_admin
from django.contrib.admin.views.main import ChangeList
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.house import estimates
from accounts.models import User
from mentoring.admin.counting import CountedList, CountedPaginator, exactly
from mentoring.admin.scoped import ProgramScopedAdmin
from mentoring.models import Enrollment, EnrollmentSkill, Program, Skill
from tests.conftest import enroll, make_person, signed_in

from .conftest import World
from .test_scope import MODELS
from .worlds import *  # noqa: F403 (fixtures, which stand in for those of the same names)

LISTS = sorted(django_admin.site._registry, key=lambda model: model._meta.label)
per_list = pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)


def address_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def ways_to_ask(client: Client, model: type[Model]) -> Iterator[str]:
    """The list as it opens, its search, and what each choice of its filters leads to."""
    yield ""
    page = client.get(address_of(model))
    found: ChangeList = page.context["cl"]
    if found.search_fields:
        yield "?q=e"
    for spec in found.filter_specs:
        for choice in list(spec.choices(found)):
            query = urlencode(parse_qsl(choice["query_string"].removeprefix("?"), keep_blank_values=True))
            if query:
                yield f"?{query}"


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        page = client.get(address)
    assert page.status_code == 200, address
    return len(captured)


@pytest.fixture
def many(own: World, admin: User) -> Any:
    """Makes more of everything in the program of `own`, when it is called."""

    def make() -> None:
        for number in range(3):
            people = []
            for role in ("mentor", "mentee"):
                person = make_person(f"{role}{number}@harbor.example", f"Eve {role} {number}")
                enroll(own.program, person, role, capacity=2)
                people.append(person)
            more_of(own.program, people[0], people[1], admin, number)

    return make


def more_of(program: Program, mentor: User, mentee: User, admin: User, number: int) -> None:
    """A copy of each row of `fill` for these two, in the same program; what may be there once only stays alone."""
    for model in MODELS:
        row: Any = model._default_manager.order_by("pk").first()
        if row is None or model in (User, Enrollment, Program):
            continue
        row.pk = None
        row._state.adding = True
        for name, value in (("mentor", mentor), ("mentee", mentee), ("person", mentee), ("writer", mentee)):
            if name in {field.name for field in model._meta.fields}:
                setattr(row, name, value)
        for field in model._meta.fields:
            if field.unique and not field.primary_key and field.get_internal_type() == "CharField":
                setattr(row, field.attname, f"{number}-{model.__name__}-{mentee.pk}"[: field.max_length])
            elif field.get_internal_type() == "CharField" and field.name in ("name", "code", "slug"):
                setattr(row, field.attname, f"{getattr(row, field.attname)} {number}")
            elif field.get_internal_type() == "OneToOneField":
                setattr(row, field.name, None) if field.null else None
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            continue


@per_list
def test_a_list_takes_the_same_queries_for_few_rows_and_for_many(
    own: World, admin: User, superuser: User, many: Any, model: type[Model]
) -> None:
    clients = [signed_in(person) for person in (superuser, admin)]
    ways = [list(ways_to_ask(client, model)) for client in clients]
    few = [
        {way: queries(client, address_of(model) + way) for way in asked}
        for client, asked in zip(clients, ways, strict=True)
    ]
    many()
    for client, before in zip(clients, few, strict=True):
        for way, number in before.items():
            assert queries(client, address_of(model) + way) == number, way


def test_there_was_more_of_nearly_everything(own: World, many: Any) -> None:
    before = {model: model._default_manager.count() for model in MODELS}
    many()
    grown = {model for model in MODELS if model._default_manager.count() > before[model]}
    assert len(grown) >= len(MODELS) * 2 / 3, set(MODELS) - grown


@per_list
def test_no_list_counts_all_of_its_rows(model: type[Model]) -> None:
    page = django_admin.site._registry[model]
    assert isinstance(page, ProgramScopedAdmin)
    assert issubclass(page.paginator, CountedPaginator)
    assert page.show_full_result_count is False
    assert page.show_facets is django_admin.ShowFacets.NEVER
    assert page.date_hierarchy is None
    assert issubclass(page.get_changelist(RequestFactory().get("/")), CountedList)


# --- Lists whose rows are not counted ------------------------------------------------------------------------------


@pytest.fixture
def crowd(own: World, monkeypatch: pytest.MonkeyPatch) -> int:
    """A list of people of which only three are counted, two to a page: how many there are."""
    monkeypatch.setattr(estimates, "COUNTED_TO", 3)
    monkeypatch.setattr(django_admin.site._registry[User], "list_per_page", 2)
    for number in range(9):
        enroll(own.program, make_person(f"crowd{number}@harbor.example", f"Crowd {number}"), "mentee")
    return User.objects.filter(erased_at=None).count()


def shown(superuser: User, page: int, query: str = "") -> ChangeList:
    answer = signed_in(superuser).get(f"{address_of(User)}?p={page}{query}")
    assert answer.status_code == 200
    found: ChangeList = answer.context["cl"]
    return found


def test_a_number_that_was_guessed_says_so(crowd: int, superuser: User) -> None:
    page = signed_in(superuser).get(address_of(User))
    assert "about " in page.content.decode()
    assert page.context["cl"].full_result_count is None


def test_one_can_turn_the_pages_to_the_end_whatever_was_guessed(
    crowd: int, superuser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = User.objects.filter(erased_at=None).count()
    monkeypatch.setattr(estimates, "guessed", lambda rows: 4)
    seen: list[int] = []
    for page in range(1, 30):
        found = shown(superuser, page)
        assert found.page_num == page
        seen += [row.pk for row in found.result_list]
        if page == found.paginator.num_pages:
            break
    assert len(seen) == len(set(seen)) == crowd


def test_whoever_goes_further_than_there_are_rows_is_shown_the_last_page(
    crowd: int, superuser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = User.objects.filter(erased_at=None).count()
    monkeypatch.setattr(estimates, "guessed", lambda rows: 4000)
    found = shown(superuser, 1999)
    assert found.page_num == found.paginator.num_pages == -(-crowd // 2)
    assert found.result_count == crowd
    assert len(list(found.result_list)) == 2 - crowd % 2


def test_a_search_that_finds_nobody_says_nought(crowd: int, superuser: User) -> None:
    assert shown(superuser, 1, "&q=nobody-is-called-that").result_count == 0


def test_a_file_of_a_list_holds_a_counted_number_of_rows(crowd: int, superuser: User) -> None:
    found = shown(superuser, 1)
    assert isinstance(found.result_count, estimates.About)
    assert exactly(found) == User.objects.filter(erased_at=None).count()
    page = signed_in(superuser).get(reverse("admin:accounts_user_export"))
    assert f"{exactly(found)} rows" in page.content.decode()


def test_somebody_with_several_skills_is_found_once(own: World, superuser: User) -> None:
    place = Enrollment.objects.get(program=own.program, person=own.mentee)
    for name in ("Sailing", "Sailmaking"):
        skill = Skill.objects.create(program=own.program, name=name)
        EnrollmentSkill.objects.create(enrollment=place, side="seeks", skill=skill)
    page = signed_in(superuser).get(f"{address_of(Enrollment)}?q=sail")
    assert [row.pk for row in page.context["cl"].result_list] == [place.pk]
