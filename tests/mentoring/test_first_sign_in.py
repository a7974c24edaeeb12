"""Somebody whom an admin enrolled comes for the first time."""

import re

from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring import actions
from mentoring.models import Program
from tests.conftest import NOW


def test_an_enrolled_person_signs_in_by_a_code_sent_to_their_address(program: Program, admin: User) -> None:
    actions.enroll_by_email(program, "zoe@new.example", "Zoe Park", "mentee", by=admin, now=NOW)
    browser = Client()
    browser.post(reverse("account_request_login_code"), {"email": "zoe@new.example"})
    (letter,) = mail.outbox
    assert letter.to == ["zoe@new.example"]
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", letter.body, re.MULTILINE)
    assert code, letter.body
    response = browser.post(reverse("account_confirm_login_code"), {"code": code[1]}, follow=True)
    assert response.status_code == 200
    assert response.context["user"].email == "zoe@new.example"
    assert browser.get(reverse("pairings:list")).status_code == 200
