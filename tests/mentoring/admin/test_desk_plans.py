"""What the desk asks for is found without reading everybody there is: by PostgreSQL's own plan."""

from django.db import connection

from accounts.clock import now
from accounts.mail.models import Suppression
from accounts.models import User
from mentoring.admin.today.people import Addresses
from mentoring.models import Program


def test_addresses_that_do_not_work_are_found_without_reading_everybody(program: Program) -> None:
    people = User.objects.bulk_create(
        User(email=f"p{number}@harbor.example", name=f"Person {number}", password="!")
        for number in range(5000)
    )
    for person in people[:5]:
        Suppression.objects.put(person.pk, person.email, Suppression.Reason.BOUNCED, now=now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    plan = Addresses()._rows([program]).explain()
    assert "accounts_user" in plan
    assert "Seq Scan on accounts_user" not in plan, plan
