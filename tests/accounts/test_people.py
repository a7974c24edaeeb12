"""Who a person is: one address whatever its case, a first name, a zone."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from tests.conftest import make_person

pytestmark = pytest.mark.django_db


def test_the_manager_stores_an_address_in_lower_case() -> None:
    assert User.objects.create_user("  Noor@Harbor.EXAMPLE ").email == "noor@harbor.example"


def test_the_database_refuses_an_address_with_capitals() -> None:
    with pytest.raises(IntegrityError, match="user_email_is_lower_case"), transaction.atomic():
        User.objects.create(email="Noor@harbor.example")


def test_the_database_refuses_a_second_person_with_the_same_address_whatever_its_case() -> None:
    noor = make_person("noor@harbor.example", "Noor Haddad")
    other = make_person("otto@harbor.example", "Otto Berg")
    with pytest.raises(IntegrityError, match="user_email_"), transaction.atomic():
        User.objects.filter(pk=other.pk).update(email="NOOR@harbor.example")
    with pytest.raises(IntegrityError, match="user_email_unique"), transaction.atomic():
        User.objects.filter(pk=other.pk).update(email=noor.email)


def test_a_form_says_that_an_address_is_taken_whatever_its_case() -> None:
    make_person("noor@harbor.example", "Noor Haddad")
    second = User(email="NOOR@Harbor.example", name="Another Noor")
    second.set_unusable_password()
    with pytest.raises(ValidationError, match="already signs in with this address"):
        second.full_clean()
    assert second.email == "noor@harbor.example"


def test_somebody_is_found_by_an_address_in_any_case() -> None:
    noor = make_person("noor@harbor.example", "Noor Haddad")
    assert User.objects.get_by_natural_key("Noor@HARBOR.example") == noor


@pytest.mark.parametrize(
    ("fields", "called"),
    [
        ({"name": "Noor Haddad"}, "Noor"),
        ({"name": "Noor Haddad", "preferred_name": "Nono"}, "Nono"),
        ({"name": ""}, "noor"),
    ],
)
def test_a_person_is_called_by_the_name_they_prefer(fields: dict[str, str], called: str) -> None:
    assert User(email="noor@harbor.example", **fields).first_name == called


def test_a_person_whose_zone_is_not_known_lives_in_utc() -> None:
    assert User(email="noor@harbor.example").zone.key == "UTC"


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValidationError, match="such as Europe/Lisbon"):
        User(email="noor@harbor.example", name="Noor", time_zone="Mars/Olympus").full_clean(
            exclude=["password"]
        )
