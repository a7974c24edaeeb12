"""A file of people or pairs on its way in: how it is to be read, what its rows say, and what came of them."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .program import Program


class ImportQuerySet(models.QuerySet["Import"]):
    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))

    def under_way(self) -> Self:
        """A worker is at it, or is to come to it."""
        return self.filter(state__in=Import.UNDER_WAY)

    def unclaimed(self, now: datetime) -> Self:
        """Those to be worked on, which nobody works on: their worker's time is over where there was one."""
        return self.under_way().filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=now))


class Import(models.Model):
    class Kind(models.TextChoices):
        MENTORS = "mentors", _("Mentors: a list of people")
        MENTEES = "mentees", _("Mentees: a list of people")
        PEOPLE = "people", _("People, with a column that says their role")
        PAIRS = "pairs", _("Pairs: who is whose mentor")

    class State(models.TextChoices):
        COLUMNS = "columns", _("waits for its columns")
        CHECKING = "checking", _("being looked through")
        CHECKED = "checked", _("looked through, not imported")
        IMPORTING = "importing", _("being imported")
        DONE = "done", _("imported")
        FAILED = "failed", _("could not be read")
        LEFT = "left", _("left, nothing imported")

    class How(models.TextChoices):
        INVITE = "invite", _("Invite them by e-mail")
        ENROLL = "enroll", _("Put in those you know, invite the others")

    UNDER_WAY = (State.CHECKING, State.IMPORTING)
    # Nothing happens to it any more, and its rows are gone.
    OVER = (State.DONE, State.FAILED, State.LEFT)

    program = models.ForeignKey(Program, models.CASCADE, related_name="imports", verbose_name=_("program"))
    kind = models.CharField(_("what it holds"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.COLUMNS)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="imports",
        verbose_name=_("sent by"),
    )
    # In whose name a worker acts: whoever chose the columns, or pressed the button, last.
    acting = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)

    # The file. The print changes with the columns, and when rows are mended: what is confirmed is what was shown.
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64, editable=False)
    format = models.CharField(max_length=4, editable=False)
    encoding = models.CharField(max_length=20, blank=True, editable=False)
    separator = models.CharField(max_length=1, blank=True, editable=False)
    # As they stand in the file, with its first rows; emptied when it is over.
    headings = models.JSONField(default=list, editable=False)
    samples = models.JSONField(default=list, editable=False)
    # A hash of the headings, by which the columns that were chosen for them last are proposed again.
    headings_print = models.CharField(max_length=64, editable=False)

    # What is to be done with it: {number of the column: name of the field}.
    columns = models.JSONField(default=dict, editable=False)
    how = models.CharField(_("how they come in"), max_length=10, choices=How.choices, default=How.INVITE)
    days = models.PositiveSmallIntegerField(_("may answer for"), default=7)
    ask_first = models.BooleanField(_("ask them first"), default=True)

    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows looked at"), default=0)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    bad = models.PositiveIntegerField(_("not possible"), default=0)
    problem = models.CharField(_("what was wrong"), max_length=300, blank=True, editable=False)

    # Whoever works on it holds it by a token for some minutes; whoever comes back later finds that it is not theirs.
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)

    objects = models.Manager.from_queryset(ImportQuerySet)()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["mentors", "mentees", "people", "pairs"]), name="import_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["columns", "checking", "checked", "importing", "done", "failed", "left"]
                ),
                name="import_state_is_known",
            ),
            models.CheckConstraint(condition=Q(how__in=["invite", "enroll"]), name="import_how_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed", "left"], finished_at__isnull=False)
                | (~Q(state__in=["done", "failed", "left"]) & Q(finished_at__isnull=True)),
                name="import_over_since_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(bad=0), name="import_done_is_all_or_nothing"
            ),
            models.CheckConstraint(
                condition=Q(claim__isnull=True) | Q(state__in=["checking", "importing"]),
                name="import_is_claimed_while_worked_on",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Import #%(number)d") % {"number": self.pk or 0})

    @property
    def is_of_pairs(self) -> bool:
        return self.kind == self.Kind.PAIRS

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER


class ImportPart(models.Model):
    """A piece of the file, a megabyte or less; they go once its rows are kept."""

    source = models.ForeignKey(Import, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    objects = models.Manager()

    class Meta:
        verbose_name = _("part of an import")
        verbose_name_plural = _("parts of imports")
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="import_part_once")]

    def __str__(self) -> str:
        return f"Part #{self.pk}"


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def bad(self) -> Self:
        return self.filter(outcome=ImportRow.Outcome.BAD)


class ImportRow(models.Model):
    """A row of the file, as it was sent and as it was found when it was tried; gone when the import is over."""

    class Outcome(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        UNCHANGED = "unchanged", _("unchanged")
        BAD = "bad", _("not possible")

    source = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    # As a spreadsheet counts them: the headings are row 1.
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    cells = models.JSONField(default=list)
    # What could not even be read: {number of the column: which fault}.
    faults = models.JSONField(default=dict)
    # {number of the column, or nothing for the whole row: [what is wrong, ...]}
    errors = models.JSONField(default=dict)
    # What becomes of it, in a few words each.
    said = models.JSONField(default=list)
    # The addresses of those it is about.
    about = ArrayField(models.EmailField(max_length=254), default=list)

    objects = models.Manager.from_queryset(ImportRowQuerySet)()

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["source", "number"]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="import_row_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["new", "changed", "unchanged", "bad"]),
                name="import_row_outcome_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"Row #{self.pk}"
