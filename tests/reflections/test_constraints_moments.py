"""What the database itself refuses about keeping by mail."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.vault.sealing import SealedBytes
from reflections.keep_by_mail import renew
from reflections.models import IncomingMail, KeepAddress
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def test_everybody_has_one_address_and_no_two_have_the_same(mentor: User, mentee: User) -> None:
    first = renew(mentor, NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeepAddress.objects.create(person=mentor, token_hash=b"1")
    with pytest.raises(IntegrityError), transaction.atomic():
        KeepAddress.objects.create(person=mentee, token_hash=first.token_hash)


def came(person: User, **values: object) -> IncomingMail:
    row = IncomingMail(person=person, message_hash=b"1", **{"way": "keep", "state": "taken", **values})
    row.save()
    return row


def test_one_mail_of_somebody_is_kept_once_for_each_address_it_came_to(mentor: User, mentee: User) -> None:
    came(mentor)
    came(mentee)
    came(mentor, token_hash="a" * 64, way="reply")
    with pytest.raises(IntegrityError), transaction.atomic():
        came(mentor)


@pytest.mark.parametrize(
    "values",
    [
        {"way": "letter"},
        {"state": "read"},
        {"text": "words of what is taken"},
        {"sender": "somebody"},
        {"state": "refused", "left_out": "words"},
        {"state": "unread", "left_out": "words"},
    ],
)
def test_words_of_a_mail_are_there_only_while_it_is_held(mentor: User, values: dict[str, object]) -> None:
    came(mentor, state="held", because="late", text="words", sender="somebody", left_out="more")
    with pytest.raises(IntegrityError), transaction.atomic():
        came(mentor, token_hash="b" * 64, **values)


def test_a_word_of_a_mail_stands_in_the_database_sealed(mentor: User) -> None:
    row = came(mentor, state="held", because="late", text="words", sender="somebody", left_out="more")
    for name in ("text", "sender", "left_out"):
        with pytest.raises(IntegrityError), transaction.atomic():
            IncomingMail.objects.filter(pk=row.pk).update(**{name: SealedBytes(b"clear words")})
