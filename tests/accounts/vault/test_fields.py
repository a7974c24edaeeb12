"""A sealed field: words for whoever asks the row, bytes for all others, and no way for clear text into the table."""

import json
import pickle
import uuid
from typing import Any

import pytest
from django import forms
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, Upper
from django.forms.models import model_to_dict

from accounts.models import DataKey, User
from accounts.vault import data_keys, reading
from accounts.vault.errors import NotHere, Sealed, Unreadable
from accounts.vault.sealing import SealedBytes

from .notebook import Line, Note, raw

pytestmark = pytest.mark.django_db
CANARY = "curlew in the reeds, ä"


@pytest.fixture
def note(ana: User) -> Note:
    return Note.objects.get(pk=Note.objects.create(writer=ana, text=CANARY).pk)


def test_words_come_back_and_only_bytes_lie_in_the_table(note: Note, ana: User) -> None:
    assert note.text == CANARY
    assert b"curlew" not in raw(note)
    assert raw(note)[0] == 1


def test_nothing_written_stays_nothing(ana: User) -> None:
    note = Note.objects.create(writer=ana, text="")
    assert (note.text, note.aside) == ("", None)
    again = Note.objects.get(pk=note.pk)
    assert (again.text, again.aside) == ("", None)
    assert raw(note) == b""
    assert not DataKey.objects.exists()
    assert Note(writer=ana).text == ""


def test_an_owner_by_way_of_another_row(note: Note, ana: User, ben: User) -> None:
    line = Line.objects.create(note=note, text=CANARY)
    assert Line.objects.select_related("note").get(pk=line.pk).text == CANARY
    assert Line.objects.get(pk=line.pk).sealed_for == ana.pk


def test_words_that_were_just_typed_are_there_before_they_are_saved(ana: User) -> None:
    note = Note(writer=ana, text=CANARY)
    assert note.text == CANARY
    note.save()
    assert note.text == CANARY
    note.text = "changed"
    note.save(update_fields=["text"])
    assert Note.objects.get(pk=note.pk).text == "changed"


def test_a_row_saved_for_another_reason_keeps_its_bytes_and_needs_no_key(note: Note) -> None:
    before = raw(note)
    DataKey.objects.all().delete()
    note.color = "blue"
    note.save()
    assert raw(note) == before


def test_words_without_an_owner_are_not_sealed() -> None:
    with pytest.raises(ValueError, match="whose words"):
        Note(text=CANARY).save()


@pytest.mark.parametrize(
    "value", [b"curlew", bytearray(b"curlew"), memoryview(b"curlew"), 7, Value("curlew"), F("id")]
)
def test_a_row_takes_text_only(value: object, ana: User) -> None:
    with pytest.raises(TypeError) as caught:
        Note(writer=ana, text=value)
    assert "curlew" not in str(caught.value)


# --- Every other way in --------------------------------------------------------------------------------------------


def test_many_rows_at_once_are_sealed(ana: User, ben: User) -> None:
    notes = [Note(writer=writer, text=f"{CANARY} {writer.pk}") for writer in (ana, ben, ana)]
    made = Note.objects.bulk_create(notes)
    assert [Note.objects.get(pk=note.pk).text for note in made] == [note.text for note in notes]
    assert all(b"curlew" not in raw(note) for note in made)


def test_many_rows_of_one_person_ask_for_their_key_once(ana: User, django_assert_num_queries: Any) -> None:
    Note.objects.create(writer=ana, text="first")
    notes = [Note(writer=ana, text=CANARY) for _ in range(20)]
    with data_keys.in_hand(ana.pk), django_assert_num_queries(1):
        Note.objects.bulk_create(notes)
    assert {note.text for note in Note.objects.filter(color="").exclude(pk=1)} >= {CANARY}


@pytest.mark.parametrize(
    "value",
    [
        "curlew",
        b"curlew",
        memoryview(b"curlew"),
        Value("curlew"),
        Value(b"curlew"),
        Cast(Value("curlew"), models.BinaryField()),
        Concat(Value("cur"), Value("lew")),
        F("color"),
        Upper("color"),
        7,
    ],
)
def test_update_never_stores_what_was_not_sealed(value: object, note: Note) -> None:
    before = raw(note)
    with pytest.raises(TypeError) as caught, transaction.atomic():
        Note.objects.filter(pk=note.pk).update(text=value)
    assert "curlew" not in str(caught.value)
    assert raw(note) == before


def test_update_may_empty_it(note: Note) -> None:
    Note.objects.filter(pk=note.pk).update(text="", aside=None)
    assert raw(note) == b""


def test_bulk_update_is_refused(note: Note) -> None:
    note.text = "curlew again"
    with pytest.raises(TypeError), transaction.atomic():
        Note.objects.bulk_update([note], ["text"])
    assert Note.objects.get(pk=note.pk).text == CANARY


def test_the_database_itself_takes_no_clear_text(note: Note) -> None:
    for clear in (b"curlew", b"\x01" + b"curlew", CANARY.encode() * 5):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE notebook_note SET text = %s", [clear])


def test_words_may_be_made_or_changed_in_one_call(ana: User) -> None:
    note, made = Note.objects.update_or_create(color="blue", defaults={"writer": ana, "text": CANARY})
    assert made
    _, made = Note.objects.update_or_create(color="blue", defaults={"text": "changed"})
    assert not made
    assert Note.objects.get(pk=note.pk).text == "changed"
    with pytest.raises(FieldError):
        Note.objects.get_or_create(text=CANARY, defaults={"writer": ana})


def test_a_copied_row_is_refused_unless_its_words_are_written_anew(note: Note) -> None:
    twin = Note.objects.get(pk=note.pk)
    twin.pk, twin.seal_id, twin._state.adding = None, uuid.uuid4(), True
    with pytest.raises(TypeError, match="copy of a row"), transaction.atomic():
        twin.save()
    twin.text = note.text
    twin.save()
    assert Note.objects.get(pk=twin.pk).text == CANARY


def test_a_save_that_was_rolled_back_with_the_first_key_can_be_repeated(ana: User) -> None:
    note = Note(writer=ana, text=CANARY)
    with transaction.atomic():
        note.save()
        transaction.set_rollback(True)
    assert not DataKey.objects.exists()
    note.pk, note._state.adding = None, True
    note.save()
    assert Note.objects.get(pk=note.pk).text == CANARY


# --- Swapped -------------------------------------------------------------------------------------------------------


def test_bytes_moved_to_another_row_column_or_owner_do_not_open(note: Note, ana: User, ben: User) -> None:
    other = Note.objects.create(writer=ana, text="another", aside="beside it")
    bens = Note.objects.create(writer=ben, text="Ben’s")
    with connection.cursor() as cursor:
        moves = "UPDATE notebook_note SET {} = (SELECT {} FROM notebook_note WHERE id = %s) WHERE id = %s"
        cursor.execute(moves.format("text", "text"), [note.pk, other.pk])
        cursor.execute(moves.format("aside", "text"), [note.pk, note.pk])
        cursor.execute(moves.format("text", "text"), [note.pk, bens.pk])
    with pytest.raises(NotHere):
        _ = Note.objects.get(pk=other.pk).text
    with pytest.raises(NotHere):
        _ = Note.objects.get(pk=note.pk).aside
    with pytest.raises(Sealed):  # Ben's key has another number.
        _ = Note.objects.get(pk=bens.pk).text
    assert Note.objects.get(pk=note.pk).text == CANARY
    Note.objects.filter(pk=note.pk).update(writer=ben)
    with pytest.raises(Unreadable):
        _ = Note.objects.get(pk=note.pk).text


# --- Bytes, never text ---------------------------------------------------------------------------------------------


def test_values_are_bytes(note: Note) -> None:
    [found] = Note.objects.values("text")
    assert isinstance(found["text"], SealedBytes)
    assert bytes(found["text"]) == raw(note)
    [annotated] = Note.objects.annotate(other=F("text")).values_list("other", flat=True)
    assert isinstance(annotated, SealedBytes)


def test_a_deferred_field_is_loaded_when_it_is_asked_for(note: Note, django_assert_num_queries: Any) -> None:
    for rows in (Note.objects.only("color"), Note.objects.defer("text")):
        found = rows.get(pk=note.pk)
        assert "text" not in found.__dict__
        assert found.text == CANARY
        assert isinstance(found.__dict__["text"], SealedBytes)


def test_refreshing_a_row_brings_what_is_there_and_opens_nothing(note: Note) -> None:
    stale = Note.objects.get(pk=note.pk)
    note.text, note.color = "changed", "blue"
    note.save()
    for fields in (None, ["text"], ["text", "color"], ["color"]):
        stale.refresh_from_db(fields=fields)
        assert not isinstance(stale.__dict__.get("text"), str)
    assert (stale.text, stale.color) == ("changed", "blue")
    DataKey.objects.all().delete()
    stale.refresh_from_db()
    with pytest.raises(Sealed):
        _ = stale.text


@pytest.mark.parametrize(
    "asked",
    [
        {"text": CANARY},
        {"text__exact": CANARY},
        {"text__in": [CANARY]},
        {"text__contains": "curlew"},
        {"text__icontains": "curlew"},
        {"text__startswith": "curlew"},
        {"text__regex": "curlew"},
        {"text__gt": ""},
        {"text__length": 3},
        {"text": b""},
        {"lines__text": CANARY},
        {"text__is_empty": CANARY},
    ],
)
def test_nobody_filters_by_words(asked: dict[str, object], note: Note) -> None:
    with pytest.raises(FieldError) as caught:
        list(Note.objects.filter(**asked))
    assert "curlew" not in str(caught.value)


def test_what_may_be_asked_is_whether_there_is_something(note: Note, ana: User) -> None:
    empty = Note.objects.create(writer=ana, text="", aside=CANARY)
    assert Note.objects.get(text__is_empty=True) == empty
    assert Note.objects.get(text__is_empty=False) == note
    assert Note.objects.get(~Q(text__is_empty=True)) == note
    assert Note.objects.get(aside__isnull=True) == note
    assert Note.objects.filter(text__is_sealed=True).count() == 2
    assert not Note.objects.filter(text__is_sealed=False).exists()


def test_forms_and_checks_of_a_row_leave_it_alone(note: Note, ana: User) -> None:
    class Form(forms.ModelForm):  # type: ignore[type-arg]
        class Meta:
            model = Note
            fields = "__all__"  # noqa: DJ007 (that is the question)

    assert set(Form().fields) == {"writer", "color"}
    assert "text" not in model_to_dict(note)
    form = Form({"writer": ana.pk, "color": "blue"}, instance=note)
    assert form.save().text == CANARY
    note.full_clean()
    assert note.text == CANARY
    note.text = "x" * 2001
    with pytest.raises(ValidationError, match="2000"):
        note.full_clean()


def test_no_serializer_repr_pickle_or_copy_has_the_words(note: Note, ana: User) -> None:
    written = serializers.serialize("json", [note])
    assert "curlew" not in written
    assert json.loads(written)[0]["fields"]["text"]
    with pytest.raises(TypeError), transaction.atomic():
        note.save_base(raw=True)  # As loaddata does.
    assert b"curlew" not in pickle.dumps(note)
    typed = Note(writer=ana, text=CANARY)
    assert "curlew" not in repr(typed) + str(typed) + repr(vars(typed)) + repr(note) + str(note) + repr(
        vars(note)
    )
    with pytest.raises(TypeError) as caught:
        pickle.dumps(typed)
    assert "curlew" not in str(caught.value)
    with pytest.raises(TypeError):
        serializers.serialize("json", [typed])


# --- Pages and searches --------------------------------------------------------------------------------------------


def test_a_page_says_calmly_that_words_cannot_be_read(note: Note) -> None:
    assert reading.words(note, "text") == CANARY
    DataKey.objects.all().delete()
    assert reading.words(note, "text") == "These words cannot be read any more."


def test_searching_reads_every_row_by_one_question_and_one_key(
    note: Note, ana: User, django_assert_num_queries: Any
) -> None:
    empty = Note.objects.create(writer=ana, text="")
    lines = Line.objects.bulk_create(Line(note=note, text=f"line {number}") for number in range(30))
    with django_assert_num_queries(2):
        assert dict(reading.each(Note.objects.all(), "text")) == {note.pk: CANARY, empty.pk: ""}
    with django_assert_num_queries(1):
        found = dict(reading.each(Line.objects.filter(note=note), "text"))
    assert found == {line.pk: line.text for line in lines}
    DataKey.objects.all().delete()
    assert dict(reading.each(Note.objects.all(), "text")) == {note.pk: None, empty.pk: ""}
    with pytest.raises(TypeError):
        list(reading.each(Note.objects.all(), "color"))


def test_a_list_of_many_peoples_words_asks_for_their_keys_once(
    note: Note, ben: User, django_assert_num_queries: Any
) -> None:
    Note.objects.create(writer=ben, text="Ben’s")
    with django_assert_num_queries(2):
        notes = list(Note.objects.order_by("pk"))
        data_keys.prepare(each.writer_id for each in notes)
        assert [each.text for each in notes] == [CANARY, "Ben’s"]
