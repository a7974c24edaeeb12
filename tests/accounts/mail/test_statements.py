"""What a sender asks for each message is made into SQL once, and asks what it would ask without that."""

import pytest
from django.db import connection
from django.db.models import BigIntegerField, CharField, F, Q
from django.test.utils import CaptureQueriesContext

from accounts.mail import claims, kinds
from accounts.mail.kinds import Kind
from accounts.mail.models import Message
from accounts.mail.statements import Given, Statement, Statements
from accounts.models import User

from .conftest import TEA, owed, write

PERSON = Given("person", BigIntegerField())


def test_a_statement_asks_for_what_it_is_given_each_time(member: User, outsider: User) -> None:
    found = Statement.select(User.objects.filter(pk=PERSON).values_list("email"))
    for person in (member, outsider, member):
        assert found.rows(person=person.pk) == [(person.email,)]
    there = Statement.exists(User.objects.filter(Q(pk=PERSON), name__startswith="100 % "))
    assert not there.finds(person=member.pk)
    User.objects.filter(pk=member.pk).update(name="100 % 'Otto'")
    assert there.finds(person=member.pk)


def test_a_statement_changes_what_it_is_given_and_says_how_many(member: User, outsider: User) -> None:
    longer = Statement.update(User.objects.filter(pk=PERSON), coffee_weekday=F("coffee_weekday") + 1)
    before = outsider.coffee_weekday
    assert longer.changes(person=member.pk) == 1
    assert longer.changes(person=0) == 0
    member.refresh_from_db()
    outsider.refresh_from_db()
    assert (member.coffee_weekday, outsider.coffee_weekday) == (before + 1, before)


def test_a_value_that_is_not_given_is_an_error_and_no_row(member: User) -> None:
    with pytest.raises(KeyError):
        Statement.exists(User.objects.filter(pk=PERSON)).finds(message=member.pk)


def test_what_is_given_never_becomes_a_part_of_the_statement(member: User) -> None:
    named = Statement.exists(User.objects.filter(name=Given("name", CharField())))
    assert not named.finds(name="x' OR '1'='1")
    assert not named.finds(name="%s")
    assert named.finds(name=member.name)


def test_it_is_told_to_each_connection_once(member: User) -> None:
    there = Statement.exists(User.objects.filter(pk=PERSON, name="told once"))
    with CaptureQueriesContext(connection) as asked:
        there.finds(person=member.pk)
        there.finds(person=member.pk)
    assert [one["sql"].split()[0] for one in asked.captured_queries] == ["PREPARE", "EXECUTE", "EXECUTE"]


def test_a_question_that_can_find_nothing_is_one_that_finds_nothing(member: User) -> None:
    nobody = User.objects.filter(pk=PERSON, name__in=[])
    assert not Statement.exists(nobody).finds(person=member.pk)
    assert Statement.select(nobody.values_list("pk")).rows(person=member.pk) == []
    assert Statement.update(nobody, coffee_weekday=1).changes(person=member.pk) == 0


def test_one_name_means_one_statement_in_every_process(member: User) -> None:
    """So that a pooler that hands one session to two senders can never run the one's for the other's."""
    rows = User.objects.filter(pk=PERSON)
    assert Statement.exists(rows).name == Statement.exists(rows).name
    others = (rows.filter(name="1"), rows.filter(name="2"), rows.filter(coffee_weekday=1), User.objects.all())
    assert len({Statement.exists(each).name for each in (rows, *others)}) == 5


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_is_told_it_anew(member: User) -> None:
    there = Statement.exists(User.objects.filter(pk=PERSON))
    assert there.finds(person=member.pk)
    connection.close()
    assert there.finds(person=member.pk)


def test_statements_are_made_once_for_as_long_as_what_they_are_made_of_stays() -> None:
    made: list[int] = []

    def make() -> Statement:
        made.append(1)
        return Statement("SELECT 1", [])

    some = Statements()
    first = some.get("one", (1,), make)
    assert some.get("one", (1,), make) is first
    assert some.get("one", (2,), make) is not first
    assert some.get("two", (2,), make) is not first
    assert len(made) == 3


def test_a_kind_whose_conditions_change_is_asked_by_the_new_ones(
    outsider: User, registry: dict[str, Kind]
) -> None:
    kinds.register(Kind("asking", TEA, "A question", write, (("answered", Q(person__name__gt="")),)))
    message = owed(outsider, kind="asking")
    assert claims.why_not(message) is None
    del registry["asking"]
    kinds.register(Kind("asking", TEA, "A question", write, (("answered", Q(person__name="nobody")),)))
    ending = claims.why_not(Message.objects.get(pk=message.pk))
    assert ending is not None
    assert ending.reason == "answered"
