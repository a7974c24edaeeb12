"""Saved views: one's own, opened as they were, and honest about what is no longer there."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import Program, SavedView
from tests.conftest import NOW, signed_in

from .conftest import World

LIST = "/admin/mentoring/enrollment/"
PLACES = "mentoring.enrollment"


def save(client: Client, name: str, rows: str = "", of_list: str = PLACES) -> str:
    form = {"list": of_list, "rows": rows, "name": name}
    return client.post(reverse("admin:saved_views_save"), form, follow=True).content.decode()


def url(name: str, view: SavedView) -> str:
    return reverse(f"admin:saved_view{name}", args=[view.pk])


def test_a_view_opens_the_same_rows(own: World, admin: User) -> None:
    client = signed_in(admin)
    rows = f"program={own.program.pk}&role__exact=mentor&q=noor&o=-1&p=1"
    assert "The view is saved." in save(client, "  Mentors   called Noor ", rows)
    view = SavedView.objects.get()
    assert (view.owner, view.name) == (admin, "Mentors called Noor")
    answer = client.get(url("", view))
    assert answer.status_code == 302
    before = client.get(f"{LIST}?{rows.removesuffix('&p=1')}").context["cl"]
    after = client.get(answer["Location"]).context["cl"]
    assert [row.pk for row in after.result_list] == [row.pk for row in before.result_list]
    assert after.params == before.params
    assert f'href="{url("", view)}"' in client.get(LIST).content.decode()


def test_a_view_of_one_list_stands_above_that_list_alone(own: World, admin: User) -> None:
    client = signed_in(admin)
    save(client, "My mentors")
    assert "My mentors" in client.get(LIST).content.decode()
    assert "My mentors" not in client.get("/admin/mentoring/pairing/").content.decode()
    assert "My mentors" in client.get(reverse("admin:saved_views")).content.decode()


def test_nobody_else_finds_it(own: World, admin: User, superuser: User, other_admin: User) -> None:
    save(signed_in(admin), "My mentors")
    view = SavedView.objects.get()
    for person in (superuser, other_admin):
        client = signed_in(person)
        assert client.get(url("", view)).status_code == 404
        assert client.post(url("_rename", view), {"name": "Mine"}).status_code == 404
        assert client.post(url("_delete", view)).status_code == 404
        assert "My mentors" not in client.get(LIST).content.decode()
    view.refresh_from_db()
    assert view.name == "My mentors"


def test_a_filter_that_is_no_longer_there_is_left_out_and_said(own: World, admin: User) -> None:
    client = signed_in(admin)
    for query, said in (
        ("mood=calm&q=noor", "mood"),
        ("status=furious&q=noor", "status"),
        ("program=987654&q=noor", "program"),
        ("person__password__startswith=a&q=noor", "person__password__startswith"),
    ):
        view = actions.save_view(PLACES, name=said, query=query, by=admin, now=NOW)
        answer = client.get(url("", view), follow=True)
        page = answer.content.decode()
        assert f"“{said}”, which is no longer there." in page, query
        assert answer.redirect_chain[-1][0] == f"{LIST}?q=noor"
        assert len(answer.context["cl"].result_list) == 1


def test_a_list_that_is_no_longer_there_is_said(own: World, admin: User) -> None:
    view = actions.save_view("mentoring.gone", name="Gone", query="", by=admin, now=NOW)
    client = signed_in(admin)
    page = client.get(url("", view), follow=True).content.decode()
    assert "The list of this view is no longer there." in page
    assert "Its list is no longer there." in page


def test_it_is_renamed_and_deleted(own: World, admin: User) -> None:
    client = signed_in(admin)
    save(client, "One")
    save(client, "Two")
    one = SavedView.objects.get(name="One")
    refused = client.post(url("_rename", one), {"name": "Two"}).content.decode()
    assert "You have a view of this name already." in refused
    assert 'value="Two" aria-invalid="true"' in refused
    client.post(url("_rename", one), {"name": "Three"})
    one.refresh_from_db()
    assert one.name == "Three"
    client.post(url("_delete", one))
    assert list(SavedView.objects.values_list("name", flat=True)) == ["Two"]


@pytest.mark.parametrize(
    ("name", "said"), [("", "Give it a name."), ("  ", "Give it a name."), ("x" * 61, "A shorter name")]
)
def test_a_name_that_cannot_be_is_said_beside_the_field(
    own: World, admin: User, name: str, said: str
) -> None:
    page = save(signed_in(admin), name, "q=noor")
    assert said in page
    assert f'value="{name}"' in page
    assert 'name="rows" value="q=noor"' in page
    assert not SavedView.objects.exists()


def test_there_are_at_most_thirty_of_a_list(own: World, admin: User) -> None:
    for number in range(30):
        actions.save_view(PLACES, name=f"View {number}", query="", by=admin, now=NOW)
    with pytest.raises(Refused, match="30"):
        actions.save_view(PLACES, name="One more", query="", by=admin, now=NOW)
    actions.save_view("mentoring.pairing", name="One more", query="", by=admin, now=NOW)


def test_only_lists_that_one_sees_are_saved(own: World, admin: User, member: User) -> None:
    client = signed_in(admin)
    for label in ("", "auth.permission", "mentoring.nothing", "reflections.answer"):
        form = {"list": label, "rows": "", "name": "X"}
        assert client.post(reverse("admin:saved_views_save"), form).status_code == 404
    assert signed_in(member).post(reverse("admin:saved_views_save"), {"list": PLACES}).status_code == 404
    with pytest.raises(Refused):
        actions.save_view(PLACES, name="X", query="", by=member, now=NOW)


def test_looking_changes_nothing(own: World, admin: User) -> None:
    client = signed_in(admin)
    save(client, "One")
    view = SavedView.objects.get()
    for name in ("_rename", "_delete"):
        assert client.get(url(name, view)).status_code == 405
    assert client.get(reverse("admin:saved_views_save")).status_code == 405


def test_a_view_goes_with_its_account_and_many_are_paged(own: World, admin: User, program: Program) -> None:
    SavedView.objects.bulk_create(
        SavedView(owner=admin, of_list=f"mentoring.list{number // 20}", name=f"View {number:03}")
        for number in range(60)
    )
    page = signed_in(admin).get(reverse("admin:saved_views")).content.decode()
    assert "View 000" in page
    assert "View 059" not in page
    assert "View 059" in signed_in(admin).get(reverse("admin:saved_views") + "?page=2").content.decode()
