"""What stands in somebody's menu only where there is something behind it."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from mentoring.models import Enrollment, ProgramAdmin

from .models import Audience, Naming


@dataclass(frozen=True)
class Menu:
    """`opens_admin` is `mentoring.rules.may_open_admin`; `has_wall`: one of their programs has one; `has_named`: they
    were asked about something that names them, or name somebody in something that they share."""

    opens_admin: bool = False
    has_wall: bool = False
    has_named: bool = False


def menu_of(person: User) -> Menu:
    """By one query, since it is asked on each page."""
    walls = Enrollment.objects.filter(person=OuterRef("pk"), program__has_wall=True).active()
    in_moments = Naming.objects.filter(~Q(moment__audience=Audience.ME), moment__person=OuterRef("pk"))
    in_answers = Naming.objects.filter(
        ~Q(answer__audience=Audience.ME), answer__reflection__person=OuterRef("pk")
    )
    asked = Naming.objects.filter(person=OuterRef("pk"), asked_at__isnull=False)
    row = (
        User.objects.filter(pk=person.pk)
        .values_list(
            Exists(ProgramAdmin.objects.filter(person=OuterRef("pk"))),
            Exists(walls),
            Exists(asked),
            Exists(in_moments),
            Exists(in_answers),
        )
        .first()
    )
    if row is None:
        return Menu()
    administers, has_wall, *named = row
    return Menu(person.is_active and (person.is_superuser or administers), has_wall, any(named))
