"""The list of people in the admin, and what a superuser does there."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts import access
from accounts.mail.models import Message, Suppression
from accounts.models import User
from accounts.mydata.erasing import erase
from accounts.refused import Refused
from mentoring.models import Pairing, Program
from tests.conftest import NOW, PASSWORD, enroll, make_person, signed_in

LIST = reverse("admin:accounts_user_changelist")
pytestmark = pytest.mark.django_db


def who_proved_it(person: User) -> Client:
    browser = signed_in(person)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser


def act(browser: Client, action: str, *people: User, confirmed: bool = True) -> Any:
    data: dict[str, Any] = {"action": action, "_selected_action": [person.pk for person in people]}
    return browser.post(LIST, data | ({"confirmed": "yes"} if confirmed else {}))


def names(page: Any) -> set[str]:
    return {person.email for person in page.context["cl"].result_list}


# --- The list -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted", ["q=zielinski", "q=tomasz%40harbor", "q=Tomek", "second_step=yes", "signed_in=before&q=tom"]
)
def test_a_superuser_finds_people(wanted: str, superuser: User, mentor: User, mentee: User) -> None:
    User.objects.filter(pk=mentee.pk).update(
        preferred_name="Tomek", last_login=datetime(2026, 6, 1, 9, tzinfo=UTC)
    )
    Authenticator.objects.create(user=mentee, type="totp", data={"secret": "x"})
    page = signed_in(superuser).get(f"{LIST}?{wanted}")
    assert names(page) == {"tomasz@harbor.example"}


def test_filters_say_no_too(superuser: User, mentor: User, outsider: User, program: Program) -> None:
    browser = signed_in(superuser)
    User.objects.filter(pk=outsider.pk).update(is_active=False)
    assert names(browser.get(f"{LIST}?is_active__exact=0")) == {outsider.email}
    assert names(browser.get(f"{LIST}?is_superuser__exact=1")) == {superuser.email}
    assert names(browser.get(f"{LIST}?signed_in=never")) == {mentor.email, outsider.email}
    assert names(browser.get(f"{LIST}?second_step=no")) == {mentor.email, outsider.email, superuser.email}
    assert names(browser.get(f"{LIST}?signed_in=nonsense")) == set()


def test_a_program_is_a_filter_where_there_are_several(
    superuser: User, mentor: User, program: Program, other_program: Program
) -> None:
    enroll(other_program, mentor, "mentee")
    page = signed_in(superuser).get(f"{LIST}?program={program.pk}")
    assert [person.email for person in page.context["cl"].result_list] == [mentor.email]
    assert names(signed_in(superuser).get(f"{LIST}?program=0")) == set()


def test_when_somebody_last_signed_in_is_a_date_and_a_superusers_only(
    superuser: User, admin: User, mentor: User
) -> None:
    User.objects.filter(pk=mentor.pk).update(last_login=datetime(2026, 6, 1, 9, 41, tzinfo=UTC))
    page = signed_in(superuser).get(LIST).content.decode()
    assert "June 1, 2026" in page
    assert ":41" not in page
    own = signed_in(admin)
    for address in (LIST, reverse("admin:accounts_user_change", args=[mentor.pk])):
        page = own.get(address).content.decode()
        assert "noor@harbor.example" in page
        assert "June 1, 2026" not in page
        assert "second step" not in page.lower()
    assert own.get(f"{LIST}?signed_in=never").status_code == 400, "no such filter for them"


def test_more_people_take_no_more_questions_and_come_in_pages(
    superuser: User, program: Program, django_assert_num_queries: Callable[..., Any]
) -> None:
    browser = signed_in(superuser)
    with django_assert_num_queries(20, exact=False) as few:
        browser.get(LIST)
    for number in range(60):
        enroll(program, make_person(f"p{number}@harbor.example", f"Person {number:02}"), "mentee")
    with django_assert_num_queries(len(few)):
        page = browser.get(LIST)
    assert len(names(page)) == 50
    assert len(names(browser.get(f"{LIST}?p=2"))) == 11


# --- What is done ---------------------------------------------------------------------------------------------------


def test_first_a_page_says_whom_it_concerns(superuser: User, mentor: User) -> None:
    page = act(signed_in(superuser), "disable", mentor, confirmed=False).content.decode()
    assert "Noor Haddad (noor@harbor.example)" in page
    assert "signed out everywhere" in page
    mentor.refresh_from_db()
    assert mentor.is_active


def test_it_is_asked_whether_it_is_still_the_superuser(superuser: User, mentor: User) -> None:
    """And then it is done, without their sending it again."""
    browser = signed_in(superuser)
    for action in (
        "disable",
        "send_access",
        "reset_second_step",
        "make_superuser",
        "take_superuser",
        "enable",
    ):
        asked = act(browser, action, mentor)
        assert asked.url.startswith(reverse("account_reauthenticate")), action
    mentor.refresh_from_db()
    assert mentor.is_active
    assert not mentor.is_superuser
    asked = act(browser, "make_superuser", mentor)
    browser.post(asked.url, {"password": PASSWORD, "next": LIST})
    mentor.refresh_from_db()
    assert mentor.is_superuser


def test_it_stands_in_the_log_with_who_did_it(superuser: User, mentor: User) -> None:
    Authenticator.objects.create(user=mentor, type="totp", data={"secret": "x"})
    browser = who_proved_it(superuser)
    for action in ("reset_second_step", "send_access", "disable"):
        act(browser, action, mentor)
    log = LogEntry.objects.order_by("pk")
    assert [entry.change_message for entry in log] == [
        "Reset their second step",
        "Tell these people how to sign in",
        "Disable these accounts",
    ]
    assert {(entry.user, entry.object_id) for entry in log} == {(superuser, str(mentor.pk))}
    history = browser.get(reverse("admin:accounts_user_history", args=[mentor.pk])).content.decode()
    assert "Reset their second step" in history
    assert Message.objects.filter(person=mentor).count() == 2


def test_what_is_refused_is_said_and_not_logged(superuser: User, mentor: User) -> None:
    browser = who_proved_it(superuser)
    page = browser.get(act(browser, "disable", superuser, mentor).url).content.decode()
    assert "Nobody disables their own account here." in page
    assert "1 account is changed." in page
    assert LogEntry.objects.count() == 1


def test_the_persons_page_has_a_button_for_what_makes_sense(superuser: User, mentor: User) -> None:
    def buttons(person: User) -> list[str]:
        page = signed_in(superuser).get(reverse("admin:accounts_user_change", args=[person.pk]))
        return re.findall(r'name="action" value="(\w+)"', page.content.decode())

    assert buttons(mentor) == ["disable", "send_access", "make_superuser"]
    assert buttons(superuser) == ["disable", "take_superuser"]
    Authenticator.objects.create(user=mentor, type="totp", data={"secret": "x"})
    User.objects.filter(pk=mentor.pk).update(is_active=False)
    assert buttons(mentor) == ["enable", "reset_second_step"]


def test_a_program_admin_has_none_of_it(admin: User, mentor: User) -> None:
    browser = who_proved_it(admin)
    page = browser.get(reverse("admin:accounts_user_change", args=[mentor.pk])).content.decode()
    assert 'name="action"' not in page
    act(browser, "disable", mentor)
    mentor.refresh_from_db()
    assert mentor.is_active


def test_no_superuser_is_deleted(superuser: User) -> None:
    page = reverse("admin:accounts_user_delete", args=[superuser.pk])
    assert signed_in(superuser).post(page, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=superuser.pk).exists()


def test_only_an_account_that_led_to_nothing_is_deleted(
    mentee: User, pairing: Pairing, admin: User, superuser: User
) -> None:
    """With the others would go what their partners wrote."""
    browser = signed_in(superuser)
    new = make_person("new@elsewhere.example", "New Person")
    seen = make_person("seen@elsewhere.example", "Seen Person", last_login=NOW)
    for person, status in ((mentee, 403), (admin, 403), (seen, 403), (new, 302)):
        page = reverse("admin:accounts_user_delete", args=[person.pk])
        assert browser.post(page, {"post": "yes"}).status_code == status
    assert not User.objects.filter(pk=new.pk).exists()
    pairing.refresh_from_db()


def test_whoever_left_is_on_no_list(mentee: User, pairing: Pairing, superuser: User) -> None:
    erase(mentee, now=NOW)
    browser = signed_in(superuser)
    assert "erased.invalid" not in browser.get(LIST).content.decode()
    assert browser.get(reverse("admin:accounts_user_change", args=[mentee.pk])).status_code == 404
    with pytest.raises(Refused):
        access.enable(mentee, by=superuser)


def test_nobody_becomes_somebody_else(superuser: User) -> None:
    """There is no address for it, and none that looks like it."""
    from tests.doors import addresses

    looks = ("hijack", "impersonat", "become", "switch", "login_as", "su_")
    assert [name for name in addresses() if any(word in name.lower() for word in looks)] == []


# --- An address that mail came back from ----------------------------------------------------------------------------


def suppress(person: User, reason: str = "bounced") -> None:
    Suppression.objects.put(person.pk, person.email, reason, now=NOW)


def test_admins_see_that_an_address_does_not_work_and_have_it_tried_again(
    admin: User, superuser: User, mentor: User, mentee: User
) -> None:
    for person in (admin, superuser):
        suppress(mentor)
        browser = signed_in(person)
        assert browser.get(LIST).content.decode().count("Address not working") == 1
        page = browser.get(reverse("admin:accounts_user_change", args=[mentor.pk])).content.decode()
        assert "Address not working" in page
        assert 'name="action" value="write_again"' in page
        assert (
            "Mail to them came back" in act(browser, "write_again", mentor, confirmed=False).content.decode()
        )
        assert Suppression.objects.standing().exists()
        act(browser, "write_again", mentor, mentee)
        assert not Suppression.objects.standing().exists()
        page = browser.get(reverse("admin:accounts_user_change", args=[mentor.pk])).content.decode()
        assert "write_again" not in page
    assert LogEntry.objects.count() == 2


def test_a_complaint_is_shown_to_nobody_else_and_only_its_person_lifts_it(
    admin: User, superuser: User, mentor: User
) -> None:
    suppress(mentor, "complaint")
    for person in (admin, superuser):
        browser = signed_in(person)
        assert "Address not working" not in browser.get(LIST).content.decode()
        act(browser, "write_again", mentor)
        assert Suppression.objects.standing().exists()


def test_another_programs_admin_lifts_nothing(other_admin: User, mentor: User) -> None:
    suppress(mentor)
    act(signed_in(other_admin), "write_again", mentor)
    assert Suppression.objects.standing().exists()


def test_a_filter_finds_the_addresses_that_do_not_work_and_no_complaint(
    admin: User, superuser: User, mentor: User, mentee: User, outsider: User
) -> None:
    suppress(mentor)
    suppress(mentee, "complaint")
    suppress(outsider)
    for person, expected in ((admin, {mentor}), (superuser, {mentor, outsider})):
        page = signed_in(person).get(LIST, {"mail": "dead"})
        assert set(page.context["cl"].result_list) == expected
        wrong = signed_in(person).get(LIST, {"mail": "complaint"})
        assert list(wrong.context["cl"].result_list) == []
        first = signed_in(person).get(reverse("admin:index")).content.decode()
        assert "mail=dead" in first
        assert mentor.email in first
        assert outsider.email not in first
    Suppression.objects.all().delete()
    assert "mail=dead" not in signed_in(admin).get(reverse("admin:index")).content.decode()
