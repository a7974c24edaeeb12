"""The audit log: who did what, to whom and when. Rows are added and never changed; the database itself refuses that
(accounts/migrations/0041_audit_log_is_append_only.py).

People, programs and rows are plain numbers, and no name, address or text is written down. So nobody has to be taken out
of it when they leave: their number leads to an account of which only "somebody who left" remains.
"""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .user import User


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def visible_to(self, person: User) -> Self:
        """What others did that concerns this person, newest first. What they did themselves they know."""
        return self.filter(subject_ids__contains=[person.pk]).exclude(actor_id=person.pk).order_by("-pk")

    def with_person(self, pk: int) -> Self:
        """What this person did, and what was done that concerns them."""
        return self.filter(Q(actor_id=pk) | Q(subject_ids__contains=[pk]))


class AuditEntry(models.Model):
    class Verb(models.TextChoices):
        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        DELETED = "deleted", _("deleted")
        ACTED = "acted", _("done")
        EXPORTED = "exported", _("exported")
        # Rights: written by the database itself, whatever way they were changed.
        RUNS = "runs", _("may run a program")
        RUNS_NO_MORE = "runs_no_more", _("runs a program no more")
        SUPERUSER = "superuser", _("is a superuser")
        SUPERUSER_NO_MORE = "superuser_no_more", _("is no superuser any more")
        DISABLED = "disabled", _("account disabled")
        ENABLED = "enabled", _("account enabled")
        # The one way by which entries go, once they are old enough.
        FORGOTTEN = "forgotten", _("old entries deleted")

    class Route(models.TextChoices):
        ADMIN = "admin", _("the admin")
        SITE = "site", _("a page of the site")
        # A command, the clock, a worker, or somebody at the database.
        OTHER = "other", _("no page")

    # By the clock of the database, also in a rehearsal.
    at = models.DateTimeField(_("when"), db_default=Now(), editable=False)
    # Of an account; none where nobody was signed in.
    actor_id = models.BigIntegerField(_("who"), null=True)
    route = models.CharField(_("by way of"), max_length=8, choices=Route)
    verb = models.CharField(_("what"), max_length=20, choices=Verb)
    # The name that an action of a list or an address of the admin has in the code.
    action = models.CharField(_("action"), max_length=80, blank=True)
    object_type = models.CharField(_("kind of row"), max_length=80, blank=True)
    object_id = models.CharField(_("row"), max_length=40, blank=True)
    program_id = models.BigIntegerField(_("program"), null=True)
    subject_ids = ArrayField(models.BigIntegerField(), verbose_name=_("to whom"), default=list)
    # Names of fields, and never what they hold.
    fields = ArrayField(models.CharField(max_length=80), verbose_name=_("fields"), default=list)
    number = models.PositiveIntegerField(_("how many rows"), null=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-pk"]
        indexes = [
            GinIndex(fields=["subject_ids"], name="audit_subjects"),
            models.Index(fields=["actor_id", "-id"], name="audit_actor"),
            models.Index(fields=["program_id", "-id"], name="audit_program"),
            models.Index(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_id}".strip()
