"""A program's library: who sees what of it, what a search finds, and how files come in and go out."""

import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from mentoring import actions, library
from mentoring.models import Enrollment, Pairing, Program, ProgramAdmin, Resource, ResourceFile, Stage
from mentoring.resource_files import KINDS, MOST_BYTES, NotAFile, clean_name, from_file
from tests.conftest import NOW, TODAY, enroll, make_person, signed_in

PDF = b"%PDF-1.7 of a guide"


@pytest.fixture(autouse=True)
def _on_that_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def offer(program: Program, title: str, **fields: Any) -> Resource:
    return Resource.objects.create(
        program=program, title=title, **({"link": "https://example.org/a"} | fields)
    )


def with_file(program: Program, admin: User, name: str = "guide.pdf", content: bytes = PDF) -> Resource:
    taken = from_file(BytesIO(content), name)
    return actions.keep_resource(Resource(program=program, title="A guide"), by=admin, file=taken, now=NOW)


def shelf(program: Program) -> str:
    return reverse("programs:resources", args=[program.pk])


def page(person: User, url: str) -> str:
    response = signed_in(person).get(url)
    assert response.status_code == 200
    return response.content.decode()


# --- Who sees what


def test_each_role_sees_what_is_meant_for_it(
    program: Program, other_program: Program, mentor: User, mentee: User, outsider: User, admin: User,
    superuser: User,
) -> None:  # fmt: skip
    offer(program, "For all of you")
    offer(program, "For mentors", for_role="mentors")
    offer(program, "For mentees", for_role="mentees")
    offer(program, "Put away", is_offered=False)
    offer(other_program, "Of another program")
    both = make_person("both@harbor.example", "Bo Both")
    enroll(program, both, Enrollment.Role.BOTH)
    for person, titles in (
        (mentor, {"For all of you", "For mentors"}),
        (mentee, {"For all of you", "For mentees"}),
        (both, {"For all of you", "For mentors", "For mentees"}),
    ):
        html = page(person, shelf(program))
        shown = {resource.title for resource in Resource.objects.all() if resource.title in html}
        assert shown == titles
    for person in (outsider, admin, superuser):
        assert signed_in(person).get(shelf(program)).status_code == 404
    assert signed_in(mentor).get(shelf(other_program)).status_code == 404


@pytest.mark.parametrize("status", ["invited", "applied", "paused", "withdrawn", "declined", "completed"])
def test_who_is_not_in_it_now_sees_nothing_of_it(program: Program, outsider: User, status: str) -> None:
    enroll(program, outsider, Enrollment.Role.MENTEE, status=status)
    offer(program, "For all of you")
    assert signed_in(outsider).get(shelf(program)).status_code == 404


def test_the_program_and_the_pair_lead_to_it_where_there_is_something(
    program: Program, pairing: Pairing, mentor: User
) -> None:
    of_program = reverse("programs:detail", args=[program.pk])
    of_pair = reverse("pairings:detail", args=[pairing.pk])
    for url in (of_program, of_pair):
        assert shelf(program) not in page(mentor, url)
    assert "Nothing here yet." in page(mentor, shelf(program))
    offer(program, "For mentees", for_role="mentees")
    for url in (of_program, of_pair):
        assert shelf(program) not in page(mentor, url)
    offer(program, "For all of you")
    for url in (of_program, of_pair):
        assert shelf(program) in page(mentor, url)
    Pairing.objects.filter(pk=pairing.pk).update(status="ended", ended_on=TODAY)
    assert shelf(program) not in page(mentor, of_pair)


def test_a_pair_sees_first_what_suits_where_it_stands(
    program: Program, pairing: Pairing, mentor: User
) -> None:
    for stage in Stage:
        offer(program, f"Read {stage.value}", stage=stage)
    url = reverse("pairings:detail", args=[pairing.pk])
    for begun, runs_until, there, not_there in (
        (TODAY, None, "beginning", "under_way"),
        (TODAY - timedelta(days=100), None, "under_way", "ending"),
        (TODAY - timedelta(days=100), TODAY + timedelta(days=20), "ending", "beginning"),
    ):
        Pairing.objects.filter(pk=pairing.pk).update(starts_on=begun, runs_until=runs_until)
        html = page(mentor, url)
        assert f"Read {there}" in html
        assert f"Read {not_there}" not in html
        assert html.index(f"Read {there}") < html.index("Read any")


def test_it_is_ordered_by_stage_and_then_as_it_was_put(program: Program, mentor: User) -> None:
    offer(program, "Second", stage="beginning", position=2)
    offer(program, "First", stage="beginning", position=1)
    offer(program, "Last", stage="any")
    offer(program, "Third", stage="ending")
    html = page(mentor, shelf(program))
    assert sorted(("First", "Second", "Third", "Last"), key=html.index) == [
        "First",
        "Second",
        "Third",
        "Last",
    ]
    only = page(mentor, f"{shelf(program)}?stage=ending")
    assert "Third" in only
    assert "Last" in only
    assert "Second" not in only
    assert "Second" in page(mentor, f"{shelf(program)}?stage=nonsense")


def test_it_has_a_page_for_each_fifty_and_asks_as_often_for_many(
    program: Program, mentor: User, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(120):
        offer(program, f"Guide {number:03}.")
    assert "Guide 049." in page(mentor, shelf(program))
    assert "Guide 050." not in page(mentor, shelf(program))
    assert "Guide 119." in page(mentor, f"{shelf(program)}?page=3")
    client = signed_in(mentor)
    client.get(shelf(program))
    for query in ("", "?q=guide", "?q=guide&stage=any&page=2"):
        with django_assert_max_num_queries(12):
            assert client.get(shelf(program) + query).status_code == 200


# --- Searching


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("feedback", ["Giving feedback", "Listening"]),
        ("listen", ["Listening"]),
        ("LISTENED", ["Listening"]),
        ("feedback -listening", ["Giving feedback"]),
        ('"hard conversation"', ["Listening"]),
        ("worksheet", ["A sheet"]),
        ("giv", ["Giving feedback", "Listening"]),
        ("feedbakc", ["Giving feedback", "Listening"]),
        ("the", []),
        ("zzzz", []),
        ("Zuhören", ["Auf Deutsch"]),
        ("'; DROP TABLE", []),
        ("100% & | ! :* \\", []),
    ],
)
def test_a_search_finds_by_stems_beginnings_and_quotes_the_best_first(
    program: Program, mentor: User, typed: str, titles: list[str]
) -> None:
    offer(program, "Listening", about="Before a hard conversation, and before giving feedback.")
    offer(program, "Giving feedback", about="How.")
    offer(program, "A sheet", link="", file_name="worksheet.pdf")
    offer(program, "Auf Deutsch", about="Gut zuhören.")
    offer(program, "Feedback for mentees alone", for_role="mentees")
    rows = Resource.objects.visible_to(mentor)
    found = library.look_for(rows, typed, "en-us")
    assert [Resource.objects.get(pk=key).title for key in library.best_first(rows, found)] == titles
    html = signed_in(mentor).get(shelf(program), {"q": typed}).content.decode()
    for title in titles:
        assert title in html
    assert "Feedback for mentees alone" not in html


def test_a_misspelled_word_is_said_and_what_it_was_taken_for(program: Program, mentor: User) -> None:
    offer(program, "Giving feedback")
    html = signed_in(mentor).get(shelf(program), {"q": "feedbakc xylophone"}).content.decode()
    assert "Nothing says “feedbakc”; this is for “feedback”." in html
    assert "Nothing says “xylophone”." in html
    html = signed_in(mentor).get(shelf(program), {"q": "xylophone\0"}).content.decode()
    assert "Nothing that matches all of this." in html


# --- Files


def zipped(**names: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return out.getvalue()


def office(folder: str, *more: str) -> bytes:
    return zipped(
        **{"[Content_Types].xml": b"<x/>", f"{folder}/document.xml": b"<x/>", **dict.fromkeys(more, b"")}
    )


def open_document(kind: str, *more: str) -> bytes:
    said = f"application/vnd.oasis.opendocument.{kind}".encode()
    return zipped(**{"mimetype": said, "content.xml": b"<x/>", **dict.fromkeys(more, b"")})


GOOD = {
    "pdf": PDF,
    "docx": office("word"),
    "xlsx": office("xl"),
    "pptx": office("ppt"),
    "odt": open_document("text"),
    "ods": open_document("spreadsheet"),
    "odp": open_document("presentation"),
    "txt": "Grüße".encode(),
    "md": b"# A guide",
    "csv": b"a,b",
    "png": b"\x89PNG\r\n\x1a\n...",
    "jpg": b"\xff\xd8\xff...",
    "jpeg": b"\xff\xd8\xff...",
    "webp": b"RIFF0000WEBP",
}


@pytest.mark.parametrize("ending", list(KINDS))
def test_each_kind_of_file_is_taken_and_handed_out_under_its_own_type(
    program: Program, admin: User, mentor: User, ending: str
) -> None:
    resource = with_file(program, admin, f"Über uns.{ending.upper()}", GOOD[ending])
    url = reverse("programs:resource_file", args=[program.pk, resource.pk])
    response = signed_in(mentor).get(url)
    assert response.content == GOOD[ending]
    assert response["Content-Type"] == KINDS[ending].content_type
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%C3%9Cber%20uns.")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Length"] == str(len(GOOD[ending]))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("picture.svg", b"<svg onload='alert(1)'/>"),
        ("tool.exe", b"MZ"),
        ("no-ending", PDF),
        (".pdf", PDF),
        ("", PDF),
        ("guide.pdf", b"<html><script>alert(1)</script>"),
        ("guide.docx", b"PK not a zip"),
        ("guide.docx", office("xl")),
        ("guide.docx", office("word", "word/vbaProject.bin")),
        ("guide.docm", office("word")),
        ("guide.odt", open_document("spreadsheet")),
        ("guide.odt", open_document("text", "Basic/Standard/Module1.xml")),
        ("guide.odt", office("word")),
        ("guide.txt", b"\xff\xfe\x00"),
        ("guide.txt", b"a\0b"),
        ("guide.png", b"GIF89a"),
        ("guide.webp", b"RIFF"),
        # What would turn the name round for the eye.
        ("guide\u202efdp.exe", PDF),
    ],
)
def test_what_is_no_such_file_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(NotAFile):
        from_file(BytesIO(content), name)


def test_five_megabytes_are_taken_and_no_byte_more() -> None:
    from_file(BytesIO(b"x" * MOST_BYTES), "long.txt")
    with pytest.raises(NotAFile, match="larger than 5 MB"):
        from_file(BytesIO(b"x" * (MOST_BYTES + 1)), "long.txt")


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/guide.pdf", "guide.pdf"),
        ("C:\\Users\\me\\guide.pdf", "guide.pdf"),
        ('gui"de\r\nX: y.pdf', 'gui"deX: y.pdf'),
        ("  a   guide .pdf ", "a guide.pdf"),
        ("g\u202euide.pdf", "guide.pdf"),
        ("...pdf", "pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_is_made_fit_to_be_shown_and_saved(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_a_file_is_only_for_those_who_see_its_resource(
    program: Program, other_program: Program, admin: User, mentor: User, mentee: User, outsider: User,
    superuser: User,
) -> None:  # fmt: skip
    resource = with_file(program, admin)
    Resource.objects.filter(pk=resource.pk).update(for_role="mentors")
    url = reverse("programs:resource_file", args=[program.pk, resource.pk])
    assert signed_in(mentor).get(url).status_code == 200
    for person in (mentee, outsider, admin, superuser):
        assert signed_in(person).get(url).status_code == 404
    elsewhere = reverse("programs:resource_file", args=[other_program.pk, resource.pk])
    assert signed_in(mentor).get(elsewhere).status_code == 404
    Resource.objects.filter(pk=resource.pk).update(is_offered=False)
    assert signed_in(mentor).get(url).status_code == 404
    link = offer(program, "Only a link")
    assert (
        signed_in(mentor).get(reverse("programs:resource_file", args=[program.pk, link.pk])).status_code
        == 404
    )


# --- What those who run it do


def test_only_those_who_run_the_program_keep_one(
    program: Program, other_admin: User, mentor: User, superuser: User, admin: User
) -> None:
    for person in (other_admin, mentor):
        with pytest.raises(actions.Refused):
            actions.keep_resource(
                Resource(program=program, title="x", link="https://a.example"), by=person, now=NOW
            )
    for person in (superuser, admin):
        row = actions.keep_resource(
            Resource(program=program, title="x", link="https://a.example"), by=person, now=NOW
        )
        assert row.added_by == person


def test_without_a_link_and_a_file_it_is_nothing(program: Program, admin: User) -> None:
    with pytest.raises(actions.Refused, match="a link or a file"):
        actions.keep_resource(Resource(program=program, title="x"), by=admin, now=NOW)
    resource = with_file(program, admin)
    with pytest.raises(actions.Refused, match="a link or a file"):
        actions.keep_resource(resource, by=admin, takes_file_away=True, now=NOW)
    resource = Resource.objects.get()
    resource.link = "https://a.example"
    actions.keep_resource(resource, by=admin, takes_file_away=True, now=NOW)
    assert not ResourceFile.objects.exists()
    assert Resource.objects.get().file_name == ""


def test_a_file_that_was_put_there_meanwhile_is_kept(program: Program, admin: User) -> None:
    first = offer(program, "A guide")
    stale = Resource.objects.get(pk=first.pk)
    actions.keep_resource(first, by=admin, file=from_file(BytesIO(PDF), "new.pdf"), now=NOW)
    stale.about = "Other words"
    actions.keep_resource(stale, by=admin, now=NOW)
    row = Resource.objects.get()
    assert (row.file_name, row.about, row.added_by) == ("new.pdf", "Other words", None)
    assert bytes(row.file.content) == PDF


def test_the_next_program_has_the_library_too(program: Program, admin: User) -> None:
    with_file(program, admin)
    offer(program, "Put away", is_offered=False)
    said = {"name": "Next", "starts_on": TODAY + timedelta(days=30), "ends_on": None}
    new = actions.duplicate_program(program, said, by=admin, now=NOW, same_admins=True)
    (resource,) = new.resources.all()
    assert resource.title == "A guide"
    assert bytes(resource.file.content) == PDF
    assert program.resources.count() == 2


ADD = reverse("admin:mentoring_resource_add")


def sent(program: Program, **more: Any) -> dict[str, Any]:
    return {
        "program": program.pk,
        "title": "A guide",
        "for_role": "all",
        "stage": "any",
        "position": "0",
    } | more


def uploaded(content: bytes = PDF, name: str = "guide.pdf") -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


def test_the_admin_page_keeps_changes_and_takes_away(program: Program, admin: User) -> None:
    client = signed_in(admin)
    assert client.post(ADD, sent(program, file=uploaded(), is_offered="on")).status_code == 302
    resource = Resource.objects.get()
    assert (resource.file_name, resource.added_by, resource.is_offered) == ("guide.pdf", admin, True)
    assert resource.changed_at == NOW or resource.changed_at > NOW
    change = reverse("admin:mentoring_resource_change", args=[resource.pk])
    assert "guide.pdf" in client.get(change).content.decode()
    assert client.get(reverse("admin:mentoring_resource_file", args=[resource.pk])).content == PDF
    client.post(change, sent(program, title="Other words", link="https://a.example/", take_file_away="on"))
    resource.refresh_from_db()
    assert (resource.title, resource.file_name, resource.is_offered) == ("Other words", "", False)
    assert not ResourceFile.objects.exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "Give it a link or a file."),
        ({"link": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"link": "ftp://a.example/x"}, "begins with https://"),
        ({"file": (b"<html>", "page.html")}, "This kind of file is not taken here."),
        ({"file": (b"<html>", "page.pdf")}, "is something else or has macros in it"),
        ({"file": (b"", "page.pdf")}, "This file is empty."),
    ],
)
def test_the_admin_page_says_what_is_wrong(
    program: Program, admin: User, more: dict[str, Any], said: str
) -> None:
    more = {name: uploaded(*value) if isinstance(value, tuple) else value for name, value in more.items()}
    response = signed_in(admin).post(ADD, sent(program, **more))
    html = response.content.decode()
    assert response.status_code == 200
    assert said in html
    assert 'value="A guide"' in html
    assert not Resource.objects.exists()


def test_a_line_of_the_list_changes_only_its_place(program: Program, admin: User) -> None:
    resource = with_file(program, admin)
    url = reverse("admin:mentoring_resource_changelist")
    data = {
        "form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": resource.pk, "form-0-position": 7, "_save": "Save",
    }  # fmt: skip
    assert signed_in(admin).post(url, data).status_code == 302
    resource.refresh_from_db()
    assert (resource.position, resource.is_offered, resource.file_name) == (7, False, "guide.pdf")
    assert bytes(resource.file.content) == PDF


def test_nobody_puts_something_into_the_library_of_another_program(
    program: Program, other_program: Program, admin: User, other_admin: User
) -> None:
    response = signed_in(admin).post(ADD, sent(other_program, link="https://a.example/"))
    assert response.status_code == 200
    assert not Resource.objects.exists()
    resource = with_file(program, admin)
    for name in ("change", "file", "delete"):
        url = reverse(f"admin:mentoring_resource_{name}", args=[resource.pk])
        assert signed_in(other_admin).get(url).status_code == 404
    assert ProgramAdmin.objects.filter(person=other_admin).exists()


def test_whoever_added_it_may_go_and_it_stays(program: Program, admin: User) -> None:
    from accounts.mydata import registry

    resource = with_file(program, admin)
    holding = next(each for each in registry.holdings() if each.model is Resource)
    holding.erasure.act(admin, NOW)  # type: ignore[union-attr]
    resource.refresh_from_db()
    assert resource.added_by is None
    assert bytes(resource.file.content) == PDF
