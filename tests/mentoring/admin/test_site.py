"""Who gets into the admin at all, and by which door."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from mentoring.models import Enrollment, FitCheck, MatchingRun, Program, ProgramAdmin, RuledOut
from reflections.models import NoteReport, OutsideStop
from tests.conftest import NOW, signed_in

from .conftest import World


def admin_addresses() -> list[str]:
    """An address for every pattern of the admin, with 1 wherever it wants to know of which row."""
    root = next(
        each
        for each in get_resolver().url_patterns
        if isinstance(each, URLResolver) and each.namespace == "admin"
    )

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> list[str]:
        found: list[str] = []
        for each in patterns:
            path = prefix + str(each.pattern)
            if isinstance(each, URLResolver):
                found += walk(each.url_patterns, path)
            else:
                found.append(path.replace("<path:object_id>", "1").replace("<id>", "1"))
        return found

    return ["/" + path for path in walk(root.url_patterns, "admin/") if not any(c in path for c in "(?^$")]


def test_there_are_pages_to_test() -> None:
    assert len(admin_addresses()) > 40


def test_to_a_member_the_admin_is_not_there(own: World, mentor: User, outsider: User) -> None:
    for person in (mentor, outsider):
        client = signed_in(person)
        for address in admin_addresses():
            assert client.get(address).status_code == 404, address
            assert client.post(address).status_code == 404, address


def test_a_visitor_is_sent_to_the_one_sign_in_and_back(db: None, client: object) -> None:
    visitor = signed_in(None)
    for address in admin_addresses():
        response = visitor.get(address)
        assert response.status_code == 302, address
        assert response["Location"].startswith(("/admin/login/", reverse("account_login"))), address
    response = visitor.get("/admin/login/?next=/admin/mentoring/pairing/")
    assert response["Location"] == reverse("account_login") + "?next=/admin/mentoring/pairing/"
    assert visitor.post("/admin/login/", {"username": "a", "password": "b"}).status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_door_leads_nowhere_else(db: None, target: str, admin: User) -> None:
    response = signed_in(None).get("/admin/login/", {"next": target})
    assert "evil" not in response["Location"]
    assert "javascript" not in response["Location"]
    assert signed_in(admin).get("/admin/login/", {"next": target})["Location"] == "/admin/"


def test_a_right_ends_with_its_row(program: Program, admin: User) -> None:
    client = signed_in(admin)
    assert client.get("/admin/").status_code == 200
    ProgramAdmin.objects.filter(person=admin).delete()
    assert client.get("/admin/").status_code == 404


def test_a_deactivated_admin_is_out(program: Program, admin: User, superuser: User) -> None:
    clients = [signed_in(admin), signed_in(superuser)]
    User.objects.update(is_active=False)
    for client in clients:
        assert client.get("/admin/").status_code in (302, 404)


def test_passwords_are_changed_in_ones_own_settings(admin: User) -> None:
    for name in ("admin:password_change", "admin:password_change_done"):
        assert signed_in(admin).get(reverse(name))["Location"] == reverse("account_change_password")


def test_signing_out_takes_a_post_and_leads_home(admin: User) -> None:
    client = signed_in(admin)
    assert client.get(reverse("admin:logout")).status_code == 405
    assert client.post(reverse("admin:logout"))["Location"] == reverse("home")
    assert client.get("/admin/").status_code == 302


def test_there_is_no_redirect_that_tells_of_rows(own: World, superuser: User) -> None:
    assert signed_in(superuser).get(f"/admin/r/1/{own.pairing.pk}/").status_code == 404


def test_the_admin_costs_the_same_however_many_rows_there_are(
    own: World, admin: User, django_assert_num_queries: object
) -> None:
    from tests.conftest import enroll, make_person, pair

    client = signed_in(admin)
    lists = [
        reverse(f"admin:{name}_changelist")
        for name in (
            "mentoring_pairing", "mentoring_enrollment", "mentoring_meeting", "mentoring_programadmin",
            "mentoring_skill", "mentoring_enrollmentquestion", "mentoring_matchingrun", "accounts_user",
            "reflections_round", "mail_message", "mentoring_fitcheck", "mentoring_ruledout",
            "reflections_notereport", "reflections_outsidestop",
        )
    ]  # fmt: skip
    costs = []
    for address in lists:
        with django_assert_num_queries(25, exact=False) as few:  # type: ignore[operator]
            client.get(address)
        costs.append(len(few))
    Enrollment.objects.filter(program=own.program, person=own.mentor).update(capacity=20)
    for number in range(12):
        person = make_person(f"p{number}@harbor.example", f"Person {number}")
        enroll(own.program, person, "mentee")
        ProgramAdmin.objects.create(program=own.program, person=person)
        pairing = pair(own.program, own.mentor, person)
        FitCheck.objects.create(pairing=pairing, person=person, answer="good", answered_at=NOW)
        RuledOut.objects.create(program=own.program, mentor=own.mentor, mentee=person)
        NoteReport.objects.create(program=own.program, writer=person, why="limit", way="mail")
        OutsideStop.objects.create(program=own.program, person=person, created_by=person)
        MatchingRun.objects.create(program=own.program, created_by=person)
    for address, cost in zip(lists, costs, strict=True):
        with django_assert_num_queries(cost):  # type: ignore[operator]
            client.get(address)
