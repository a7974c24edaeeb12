"""Given to `manage.py shell` in the tree of debian_drill.py: a program whose quarter began this month, and a pair.

It prints by how many seconds the clock has to be moved for both to be asked: to five past their coffee time, in the
last full week of that quarter.
"""

from datetime import UTC, date, datetime, time, timedelta

from django.contrib.auth.hashers import make_password

from accounts.clock import now
from accounts.models import User
from mentoring.actions.pairings import create_pairing
from mentoring.models import Enrollment, Program

today = now().date()
months = today.year * 12 + today.month + 2
last_day = date(months // 12, months % 12 + 1, 1) - timedelta(days=1)
asked_on = last_day - timedelta(days=last_day.weekday() + 6)  # A Tuesday
program = Program.objects.create(
    name="Harbor Mentors",
    slug="harbor",
    time_zone="UTC",
    fiscal_first_month=today.month,
    starts_on=today.replace(day=1),
    contact_name="Rosa",
    contact_email="rosa@example.org",
)
noor, tomasz = (
    User.objects.create(
        email=f"{name.lower()}@example.org",
        name=name,
        time_zone="UTC",
        language="en-us",
        password=make_password(None),
    )
    for name in ("Noor", "Tomasz")
)
for person, role in ((noor, Enrollment.Role.MENTOR), (tomasz, Enrollment.Role.MENTEE)):
    Enrollment.objects.create(
        program=program,
        person=person,
        role=role,
        status=Enrollment.Status.ACTIVE,
        joined_on=program.starts_on,
    )
create_pairing(
    program,
    noor,
    tomasz,
    by=User.objects.get(is_superuser=True),
    starts_on=program.starts_on,
    approval=Program.Approval.ADMINS,
    now=now(),
)
asked_at = datetime.combine(asked_on, time(7, 35), UTC)
print("OFFSET", int((asked_at - now()).total_seconds()))
