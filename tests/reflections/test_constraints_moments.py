"""What the database itself refuses about keeping by mail."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from reflections.keep_by_mail import renew
from reflections.models import KeepAddress, KeptMail
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def test_everybody_has_one_address_and_no_two_have_the_same(mentor: User, mentee: User) -> None:
    first = renew(mentor, NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeepAddress.objects.create(person=mentor, token_hash=b"1")
    with pytest.raises(IntegrityError), transaction.atomic():
        KeepAddress.objects.create(person=mentee, token_hash=first.token_hash)


def test_one_mail_of_somebody_is_kept_once(mentor: User, mentee: User) -> None:
    KeptMail.objects.create(person=mentor, message_hash=b"1")
    KeptMail.objects.create(person=mentee, message_hash=b"1")
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptMail.objects.create(person=mentor, message_hash=b"1")
