"""A program's logo and the files of its library, where they lie in a folder: handed out, copied, and gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.media import tidying
from accounts.media.setting import FolderPlace
from accounts.models import User
from mentoring import actions
from mentoring.models import Logo, Program, Resource, ResourceFile
from mentoring.resource_files import Taken
from tests.conftest import NOW, signed_in
from tests.mentoring.admin.test_programs import errors_of, holidays, picture

from .test_library import PDF, with_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "media"
    place.mkdir()
    settings.MEDIA = FolderPlace(place)
    with time_machine.travel(NOW, tick=True):
        yield place


def inside(folder: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_file_of_the_library_is_saved_as_ever(
    folder: Path, program: Program, admin: User, mentor: User
) -> None:
    resource = with_file(program, admin)
    assert inside(folder) == [PDF]
    assert bytes(ResourceFile.objects.get().content) == b""
    response = signed_in(mentor).get(reverse("programs:resource_file", args=[program.pk, resource.pk]))
    assert response.content == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="guide.pdf"'
    assert response["Cache-Control"] == "private, no-store"
    in_admin = signed_in(admin).get(reverse("admin:mentoring_resource_file", args=[resource.pk]))
    assert in_admin.content == PDF


def test_while_the_store_is_away_the_library_shows_and_its_file_says_so(
    folder: Path, program: Program, admin: User, mentor: User
) -> None:
    resource = with_file(program, admin)
    folder.rename(folder.with_name("elsewhere"))
    assert signed_in(mentor).get(reverse("programs:resources", args=[program.pk])).status_code == 200
    for person, name, args in (
        (mentor, "programs:resource_file", [program.pk, resource.pk]),
        (admin, "admin:mentoring_resource_file", [resource.pk]),
    ):
        response = signed_in(person).get(reverse(name, args=args))
        assert response.status_code == 503
        assert "cannot be fetched now" in response.content.decode()
    with pytest.raises(actions.Refused):
        with_file(program, admin, "other.pdf")
    assert Resource.objects.count() == 1


def test_in_the_admin_that_is_said_beside_the_file_and_the_words_stay(
    folder: Path, program: Program, admin: User
) -> None:
    folder.rename(folder.with_name("elsewhere"))
    said = {"program": program.pk, "title": "On listening", "for_role": "all", "stage": "any", "position": 0}
    page = signed_in(admin).post(
        reverse("admin:mentoring_resource_add"), said | {"file": picture(), "is_offered": "on"}
    )
    text = page.content.decode()
    assert page.status_code == 200
    assert "does not answer" in text
    assert "On listening" in text
    assert not Resource.objects.exists()


@pytest.mark.parametrize("how", ["another file", "without", "admin", "program"])
def test_a_file_goes_with_whatever_lets_it_go(
    folder: Path, program: Program, admin: User, superuser: User, how: str
) -> None:
    resource = with_file(program, admin)
    if how == "another file":
        actions.keep_resource(resource, by=admin, file=_taken(b"%PDF-2"), now=NOW)
    elif how == "without":
        resource.link = "https://example.org/"
        actions.keep_resource(resource, by=admin, takes_file_away=True, now=NOW)
    elif how == "admin":
        url = reverse("admin:mentoring_resource_delete", args=[resource.pk])
        assert signed_in(admin).post(url, {"post": "yes"}).status_code == 302
    else:
        Program.objects.filter(pk=program.pk).delete()
    tidying.tidy(NOW)
    assert inside(folder) == ([b"%PDF-2"] if how == "another file" else [])


def _taken(content: bytes) -> Taken:
    return Taken("guide.pdf", "application/pdf", content)


def test_the_program_after_it_has_files_of_its_own(folder: Path, program: Program, admin: User) -> None:
    with_file(program, admin)
    actions.keep_logo(program, b"a logo", by=admin)
    said = {"name": "Next", "starts_on": program.starts_on, "time_zone": "Europe/Lisbon"}
    following = actions.duplicate_program(program, said, by=admin, now=NOW, same_admins=False)
    assert inside(folder) == sorted([PDF, PDF, b"a logo", b"a logo"])
    Program.objects.filter(pk=program.pk).update(logo_key="")
    Logo.objects.filter(program=program).delete()
    Resource.objects.filter(program=program).delete()
    tidying.tidy(NOW)
    assert inside(folder) == sorted([PDF, b"a logo"])
    assert Client().get(reverse("programs:logo", args=[following.logo_key])).content == b"a logo"


def test_a_logo_is_shown_replaced_and_taken_away(folder: Path, program: Program, admin: User) -> None:
    actions.keep_logo(program, b"one", by=admin)
    response = Client().get(reverse("programs:logo", args=[program.logo_key]))
    assert (response.content, response["Content-Type"]) == (b"one", "image/webp")
    actions.keep_logo(program, b"two", by=admin)
    tidying.tidy(NOW)
    assert inside(folder) == [b"two"]
    actions.take_logo_away(program, by=admin)
    tidying.tidy(NOW)
    assert inside(folder) == []


def test_a_logo_that_cannot_be_kept_is_said_beside_it_and_nothing_else_changes(
    folder: Path, program: Program, admin: User
) -> None:
    folder.rename(folder.with_name("elsewhere"))
    url, browser = reverse("admin:mentoring_program_change", args=[program.pk]), signed_in(admin)
    form = browser.get(url).context["adminform"].form
    said = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    page = browser.post(url, said | holidays() | {"name": "Other", "logo": picture()})
    assert "does not answer" in str(errors_of(page)["logo"])
    program.refresh_from_db()
    assert program.name != "Other"
    assert not Logo.objects.exists()
