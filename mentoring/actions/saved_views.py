"""Lists of the admin under a name, each person's own."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import rules
from mentoring.models import SavedView

from .refused import Refused

MOST_VIEWS = 30  # Of one list.
LONGEST_QUERY = 2000
TAKEN = _("You have a view of this name already.")
NO_NAME = _("Give it a name.")


@transaction.atomic
def save_view(of_list: str, *, name: str, query: str, by: User, now: datetime) -> SavedView:
    """The list `of_list` (`app.model`) as its address has it. Raises Refused without a name, for one that is taken, and
    where there are as many as anybody finds again."""
    if not rules.may_open_admin(by):
        raise Refused(_("Only those who run a program save views."))
    name = _checked(name)
    if len(query) > LONGEST_QUERY:
        raise Refused(_("These filters are too many to keep."))
    # Two clicks at one moment come one after the other.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    theirs = SavedView.objects.visible_to(by).filter(of_list=of_list)
    if theirs.filter(name=name).exists():
        raise Refused(TAKEN)
    if theirs.count() >= MOST_VIEWS:
        raise Refused(_("You have %(most)d views of this list. Delete one first.") % {"most": MOST_VIEWS})
    return SavedView.objects.create(owner=by, of_list=of_list, name=name, query=query, created_at=now)


@transaction.atomic
def rename_view(view: SavedView, *, name: str, by: User) -> None:
    """Raises Refused without a name, and for one that is taken."""
    name = _checked(name)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    theirs = SavedView.objects.visible_to(by).filter(of_list=view.of_list)
    if theirs.filter(name=name).exclude(pk=view.pk).exists():
        raise Refused(TAKEN)
    theirs.filter(pk=view.pk).update(name=name)


def delete_view(view: SavedView, *, by: User) -> None:
    SavedView.objects.visible_to(by).filter(pk=view.pk).delete()


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused(NO_NAME)
    if len(name) > SavedView._meta.get_field("name").max_length:  # type: ignore[operator]
        raise Refused(_("A shorter name, please: at most %(most)d letters.") % {"most": 60})
    return name
