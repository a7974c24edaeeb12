"""Who sees whose profile. Views get people, and their photos, by this one queryset only.

One's own; the other one of a pairing, from the question until it is over (of a mentor who was asked, from their yes on:
nobody opens another's profile by asking); and for those who run a program, the people
who have or asked for a place in it. A superuser has no special way, and a right is asked for at each request. What a
directory shows of a mentor is not their profile, but the parts that the program chose (mentoring/directory.py).
"""

from datetime import datetime

from django.db.models import Q

from accounts.models import Profile, User, UserQuerySet

from .models import Enrollment, Pairing, Program, ProgramAdmin

# Not who was only named by somebody else, said no, or has left.
HAS_A_PLACE = (
    Enrollment.Status.APPLIED,
    Enrollment.Status.WAITLISTED,
    Enrollment.Status.ACTIVE,
    Enrollment.Status.PAUSED,
)


def people_visible_to(user: User) -> UserQuerySet:
    """Those whose profile this person may read now."""
    paired = Pairing.objects.opening_profiles_to(user)
    places = Enrollment.objects.filter(status__in=HAS_A_PLACE, program__admins__person=user)
    people: UserQuerySet = User.objects.active()
    return people.filter(
        Q(pk=user.pk)
        | Q(pk__in=paired.values("mentor"))
        | Q(pk__in=paired.values("mentee"))
        | Q(pk__in=places.values("person"))
    )


def readers_of_profile(person: User) -> UserQuerySet:
    """Who may read this person's profile now, besides themselves: `people_visible_to`, from the other side.

    A mentor who was asked reads it of the mentee who asks, but not the other way round.
    """
    pairs = Pairing.objects.open().of(person).exclude(status=Pairing.Status.REQUESTED, mentor=person)
    places = Enrollment.objects.filter(person=person, status__in=HAS_A_PLACE)
    people: UserQuerySet = User.objects.active()
    return people.exclude(pk=person.pk).filter(
        Q(pk__in=pairs.values("mentor"))
        | Q(pk__in=pairs.values("mentee"))
        | Q(pk__in=ProgramAdmin.objects.filter(program__in=places.values("program")).values("person"))
    )


def photos_visible_to(user: User, now: datetime) -> UserQuerySet:
    """Those whose photo this person may see now: of whoever's profile they may read, and of the mentors whom the
    directory of a program shows them with it (mentoring/directory.py)."""
    photo = [Program.DirectoryPart.PHOTO]
    programs = Program.objects.with_directory_for(user, now).filter(directory_shows__contains=photo)
    mentors = Enrollment.objects.active().mentors().filter(program__in=programs)
    people: UserQuerySet = User.objects.active()
    return people.filter(
        Q(pk__in=people_visible_to(user).values("pk"))
        | Q(pk__in=mentors.values("person"), erasure_due_at__isnull=True)
    )


def people_administered_by(user: User) -> UserQuerySet:
    """The people of the programs that somebody runs, whom the admin shows by name: those with a place there, and those
    who run them. A superuser's are all.

    Not those who are only invited: their account is no business of a program that they have not said yes to.
    """
    people: UserQuerySet = User.objects.all()
    if not user.is_active:
        return people.none()
    if user.is_superuser:
        return people
    places = Enrollment.objects.administered_by(user).exclude(status__in=Enrollment.NOT_IN)
    enrolled = places.order_by().values("person")
    admins = ProgramAdmin.objects.administered_by(user).order_by().values("person")
    return people.filter(pk__in=enrolled.union(admins))


def shows_pronouns_to(reader: User, profile: Profile) -> bool:
    """Whether somebody who may read this profile may read the pronouns in it."""
    if reader.pk == profile.person_id or profile.pronouns_for == Profile.PronounsFor.PROGRAMS:
        return True
    if profile.pronouns_for == Profile.PronounsFor.ME:
        return False
    return Pairing.objects.opening_profiles_to(reader).between(reader, profile.person).exists()


def pronouns_in_directory(profile: Profile, *, are_paired: bool) -> str:
    """`shows_pronouns_to`, for a list that knows already with whom its reader is paired."""
    readers = Profile.PronounsFor
    is_shown = profile.pronouns_for == readers.PROGRAMS or (
        are_paired and profile.pronouns_for == readers.PAIRED
    )
    return profile.pronouns if is_shown else ""
