"""Which hats somebody wears: in each program they are a mentor, a mentee, or both."""

from collections.abc import Iterable

from accounts.models import User

from .models import Enrollment


def are_several(places: Iterable[Enrollment]) -> bool:
    """Whether there could be a doubt which hat a page is about: pages then say the program and the role."""
    worn = [place for place in places if place.status in Enrollment.IN]
    return len(worn) > 1 or any(place.role == Enrollment.Role.BOTH for place in worn)


def wears_several(person: User) -> bool:
    """The same, by one query."""
    return are_several(Enrollment.objects.visible_to(person).only("status", "role"))
